"""Whether the suites ask all that they must: what the registry generates, and what the contract promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus.tables import TABLES
from corpus.validate.generated import BASELINE, Entry, generated
from corpus.validate.suites import RELATIONS, Rule, Suite, rule_fault
from corpus.validate.verdict import GateResult

CONTRACT = {
    "articles": (
        "articles.text.not_blank", "articles.text_sha256.matches", "articles.n_chars.matches",
        "articles.n_words.counted", "articles.published_at.known_how", "articles.modified_at.known_how",
    ),
    "records": ("records.bytes.range",),
    "paragraphs": ("paragraphs.raw_bytes.range",),
    "mentions": ("mentions.entity_id.null_for_values", "mentions.span.overlap"),
    "links": ("links.url.no_credentials", "links.span.whole"),
    "derivations": ("derivations.source.named", "derivations.span.whole"),
    RELATIONS: (
        "relations.articles_record", "relations.articles_quality", "relations.articles_paragraphs",
        "relations.paragraphs_inside", "relations.paragraphs_order", "relations.paragraphs_gaps",
        "relations.mentions_inside", "relations.mentions_surface", "relations.entities_counts",
        "relations.links_inside", "relations.links_anchor", "relations.derivations_inside",
        "relations.derivations_from_inside", "relations.duplicates_derived", "relations.removals_gone",
        "relations.annotated",
    ),
}  # fmt: skip
"""Reviewed rules without which a release is not what DATASET.md promises; their SQL stands in the suites."""

RENEW = "`python -m corpus.validate.baseline` writes it"


def missing_gates(suites: Mapping[str, Suite]) -> Iterator[GateResult]:
    """A failed gate, by its own name, for each expectation that a suite must have and has not, or has otherwise.

    A suite that could not be read at all has failed already, and is passed over.
    """
    for name in (*TABLES, RELATIONS):
        rules = {rule.gate: rule for rule in suites[name].rules}
        faulty = {fault.name for fault in suites[name].faults}
        if f"{name}.suite" in faulty:
            continue
        for entry in generated(name):
            gate = entry["meta"]["gate"]
            if gate in rules and _stale(rules[gate], entry):
                yield rule_fault(gate, name, "it is not what the registry generates", f"{RENEW}, or origin `reviewed`")
            elif gate not in rules and gate not in faulty:
                yield rule_fault(gate, name, "it is missing", f"a generated expectation of that name: {RENEW}")
        for gate in CONTRACT.get(name, ()):
            if gate not in rules and gate not in faulty:
                yield rule_fault(gate, name, "it is missing", "the rule of that name, which the contract promises")


def _stale(rule: Rule, entry: Entry) -> bool:
    return rule.origin == BASELINE and (rule.type, rule.kwargs) != (entry["type"], entry["kwargs"])
