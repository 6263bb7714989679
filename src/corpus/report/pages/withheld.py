"""Only in the report that stays on the machine: texts of records that were not published, and how copies differ."""

from __future__ import annotations

from corpus.report.blocks import Block, Cell, Code, Passage, Piece, Section, Text
from corpus.report.contents import Example, Left, examples_of
from corpus.report.difference import difference
from corpus.report.facts import Withheld
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import anchor, number, plural
from corpus.validate.views import quoted

SHOWN_CHARS = 4_000
EACH = 5
"""Records shown for each rule."""
COLUMNS = ("record_id", "raw_path", "byte_start", "byte_end", "sha256")
GONE, NEW = "only in the folded record", "only in the article"


def build(material: Material) -> tuple[Section, ...]:
    """A section for each rule; nothing in a report that is published."""
    if material.facts.withheld is None:
        return ()
    steps = [step for step in material.funnel.steps if step.fate != "retracted"]
    told = Text("This copy of the report stays on this machine: it holds texts that are not published.")
    groups = examples_of(material.facts.tables, steps)
    return (Section("local", "Not published", (told,)), *(_section(material, group) for group in groups))


def _section(material: Material, group: Left) -> Section:
    label = group.step.label
    told = Text(f"{plural(group.step.records, 'record')}; the first {EACH} by raw path.")
    passages = tuple(_passage(material, example) for example in group.examples[:EACH])
    return Section(anchor("texts", label), label, (told, *passages))


def _passage(material: Material, example: Example) -> Block:
    assert material.facts.withheld is not None
    row = material.database.rows(
        f"SELECT {', '.join(COLUMNS)} FROM records WHERE record_id = {quoted(example.record_id)}"
    )[0]
    found = material.facts.withheld(
        dict(zip(("record_id", "raw_path", "byte_start", "byte_end", "sha256"), row, strict=True))
    )
    facts: list[tuple[str, Cell]] = [
        ("found", example.value), ("threshold", example.threshold), ("shown", found.what),
        ("whole life", Code(material.why(example.record_id) or example.record_id)),
    ]  # fmt: skip
    pieces, more = _pieces(material, example, found)
    return Passage(anchor("record", example.record_id), example.raw_path, tuple(facts), pieces, more, folded=True)


def _pieces(material: Material, example: Example, found: Withheld) -> tuple[tuple[Piece, ...], int]:
    """The text; of a folded record the places where it differs from the article that was kept."""
    kept = _text_of(material, example.kept_article_id)
    if not kept or not found.text:
        return (Piece(found.text[:SHOWN_CHARS]),), max(0, len(found.text) - SHOWN_CHARS)
    compared = difference(found.text, kept)
    if not compared.places:
        return (Piece("The same words as the article that was kept."),), 0
    pieces: list[Piece] = []
    for place in compared.places:
        pieces += [Piece(f"… {place.before} ")]
        pieces += [Piece(place.removed, (GONE,)), Piece(" ")] if place.removed else []
        pieces += [Piece(place.kept, (NEW,)), Piece(" ")] if place.kept else []
        pieces += [Piece(f"{place.after} …\n")]
    if compared.more or compared.cut:
        more = f"{number(compared.more)} more places" if compared.more else "the texts go on"
        pieces.append(Piece(f"… and {more}."))
    return tuple(pieces), 0


def _text_of(material: Material, article_id: str) -> str:
    if not article_id:
        return ""
    rows = material.database.rows(f"SELECT text FROM articles WHERE article_id = {quoted(article_id)}")
    return str(rows[0][0] or "") if rows else ""


PAGE = Page("withheld", "Not published", 85, build, ("records", "articles"))
