"""Entities: which names of the corpus name one thing, and what kind of thing it is."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from corpus.annotate.lists import words
from corpus.annotate.names import coarse, key, normal
from corpus.columns import LABELS
from corpus.sections import Annotate
from corpus.tables import TABLES
from corpus.working import NAMED

Group = tuple[str, str]
"""A key of names and a coarse type."""
JOINT = "\x1f"


@dataclass(frozen=True)
class Resolved:
    """`entities`: the published table, by entity_id; `named`: working.NAMED, by article, label and name."""

    entities: pa.Table
    named: pa.Table


@dataclass(frozen=True)
class Form:
    """A name under one label with one surface, and in how many articles."""

    label: str
    name: str
    surface: str
    n_articles: int


def resolve(names: pa.Table, settings: Annotate) -> Resolved:
    """Decide which names name one entity: by normalised name and coarse type, over the whole corpus.

    A name's type is the label that most articles give it, ties by the labels' order; a coarse type that only few of its
    articles give (words.toml, `minor`) is taken for a slip and joins. A bare surname or acronym joins the full name
    that it stands for in most articles (`dominant`).

    Args:
        names: rows of working.NAMES; several of one article and name are allowed.
        settings: of the section; nothing of it changes the result.

    Returns:
        Entities with counts of articles and mentions and the earliest publication, and the entity of each name.
    """
    del settings
    names = names.filter(pc.is_valid(names["name"]))
    if not names.num_rows:
        return Resolved(TABLES["entities"].schema.empty_table(), NAMED.empty_table())
    forms = _forms(names)
    votes = _votes(names)
    groups = _grouped(votes)
    groups = _made_full(forms, votes, groups)
    return _tables(names, forms, votes, groups)


def _forms(names: pa.Table) -> list[Form]:
    table = names.group_by(["label", "name", "surface"]).aggregate([("article_id", "count_distinct")])
    columns = (table[name].to_pylist() for name in ("label", "name", "surface", "article_id_count_distinct"))
    return sorted((Form(*row) for row in zip(*columns, strict=True)), key=lambda f: (f.label, f.name, f.surface))


def _votes(names: pa.Table) -> dict[tuple[str, str], int]:
    """(label, name) -> in how many articles."""
    table = names.group_by(["label", "name"]).aggregate([("article_id", "count_distinct")])
    columns = (table[name].to_pylist() for name in ("label", "name", "article_id_count_distinct"))
    return {(label, name): n for label, name, n in sorted(zip(*columns, strict=True))}


def _rank(count: Counter[str]) -> list[str]:
    """Labels by count, ties by the labels' order."""
    return sorted(count, key=lambda label: (-count[label], LABELS.index(label)))


def _grouped(votes: dict[tuple[str, str], int]) -> dict[Group, Group]:
    """Each (key, coarse type) -> the group that it belongs to: its own, or the name's main type where it is a slip."""
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for (label, name), n in votes.items():
        by_key[key(name)][label] += n
    found: dict[Group, Group] = {}
    for name_key, count in by_key.items():
        by_type: Counter[str] = Counter()
        for label in sorted(count, key=LABELS.index):
            by_type[coarse(label)] += count[label]
        main = max(
            by_type, key=lambda kind: by_type[kind]
        )  # the first of equals: they were put in by the labels' order
        total = by_type.total()
        for kind, n in by_type.items():
            is_slip = kind != main and round(n / total, 4) < words().minor_share
            found[name_key, kind] = (name_key, main if is_slip else kind)
    return found


def _made_full(forms: list[Form], votes: dict[tuple[str, str], int], groups: dict[Group, Group]) -> dict[Group, Group]:
    """The groups, with each bare surname and acronym in the group of the full name that it stands for."""
    stands_for: dict[Group, Counter[Group]] = defaultdict(Counter)
    for (label, name), n in votes.items():
        full = groups[key(name), coarse(label)]
        if label == "PERSON" and full[1] == "PERSON" and " " in full[0]:
            stands_for[full[0].rsplit(" ", 1)[1], "PERSON"][full] += n
    for form in forms:
        short = key(normal(form.surface, form.label))
        full = groups[key(form.name), coarse(form.label)]
        if form.label != "PERSON" and short != full[0]:
            stands_for[short, full[1]][full] += form.n_articles
    target: dict[Group, Group] = {}
    for short_group, count in stands_for.items():
        full, n = min(count.items(), key=lambda item: (-item[1], item[0]))
        is_longer = len(full[0]) > len(short_group[0])  # so that no chain comes back to itself
        if is_longer and round(n / count.total(), 4) >= words().dominant_share:
            target[short_group] = full
    return {group: _last(found, target) for group, found in groups.items()}


def _last(group: Group, target: dict[Group, Group]) -> Group:
    while group in target:
        group = target[group]
    return group


def entity_id(kind: str, name_key: str) -> str:
    """The id of an entity from its type (a label) and the key of its canonical name."""
    return "e_" + hashlib.blake2b(f"{kind}{JOINT}{name_key}".encode(), digest_size=16).hexdigest()


def _tables(
    names: pa.Table, forms: list[Form], votes: dict[tuple[str, str], int], groups: dict[Group, Group]
) -> Resolved:
    labels: dict[Group, Counter[str]] = defaultdict(Counter)
    spellings: dict[Group, Counter[str]] = defaultdict(Counter)
    aliases: dict[Group, set[str]] = defaultdict(set)
    for (label, name), n in votes.items():
        group = groups[key(name), coarse(label)]
        if key(name) == group[0]:
            spellings[group][name] += n
            if coarse(label) == group[1]:
                labels[group][label] += n
    for form in forms:
        aliases[groups[key(form.name), coarse(form.label)]] |= {form.name, normal(form.surface, form.label)}
    ids = {group: entity_id(_rank(count)[0], group[0]) for group, count in labels.items()}
    of_name = {(label, name): ids[groups[key(name), coarse(label)]] for label, name in votes}
    counts = _counted(names, of_name)
    rows = []
    for group, name_id in sorted(ids.items(), key=lambda item: item[1]):
        name = min(spellings[group], key=lambda x: (-spellings[group][x], x))
        n_articles, n_mentions, first = counts[name_id]
        rows.append(
            {
                "entity_id": name_id,
                "name": name,
                "type": _rank(labels[group])[0],
                "aliases": sorted(aliases[group] - {name}),
                "n_articles": n_articles,
                "n_mentions": n_mentions,
                "first_published_at": first,
            }
        )
    return Resolved(pa.Table.from_pylist(rows, TABLES["entities"].schema), _named(names, of_name))


def _joint(table: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(table["label"], table["name"], JOINT)


def _ids(table: pa.Table, of_name: dict[tuple[str, str], str]) -> pa.Array:
    """The entity of each row's label and name."""
    known = pa.array([f"{label}{JOINT}{name}" for label, name in of_name], pa.string())
    return pa.array(list(of_name.values()), pa.string()).take(pc.index_in(_joint(table), value_set=known))


def _counted(names: pa.Table, of_name: dict[tuple[str, str], str]) -> dict[str, tuple[int, int, object]]:
    """Entity -> its articles, its mentions, its earliest publication."""
    table = names.append_column("entity_id", _ids(names, of_name))
    wanted = [("article_id", "count_distinct"), ("n", "sum"), ("published_at", "min")]
    counted = table.select(["entity_id", "article_id", "n", "published_at"]).group_by("entity_id").aggregate(wanted)
    columns = ("entity_id", "article_id_count_distinct", "n_sum", "published_at_min")
    return {
        row[0]: (row[1], row[2], row[3]) for row in zip(*(counted[name].to_pylist() for name in columns), strict=True)
    }


def _named(names: pa.Table, of_name: dict[tuple[str, str], str]) -> pa.Table:
    distinct = names.select(["article_id", "label", "name"]).group_by(["article_id", "label", "name"]).aggregate([])
    found = distinct.append_column("entity_id", _ids(distinct, of_name))
    return found.sort_by([(name, "ascending") for name in ("article_id", "label", "name")]).cast(NAMED)
