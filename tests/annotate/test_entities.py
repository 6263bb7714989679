"""Which names are one entity, and what kind of thing it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotate import resolve
from corpus.annotate.entities import Resolved, entity_id
from corpus.sections import Annotate
from corpus.tables import TABLES
from corpus.working import NAMED
from tests.annotate.made import names

ROWS = (
    ("a_1", "PERSON", "Ana Quellmo", "Ana Quellmo"),
    ("a_1", "PERSON", "Ana Quellmo", "Quellmo"),
    ("a_2", "PERSON", "Quellmo", "Quellmo"),
    ("a_2", "GPE", "United Kingdom", "UK"),
    ("a_3", "GPE", "United Kingdom", "United Kingdom"),
    ("a_3", "ORG", "Zorbix", "Zorbix"),
    ("a_4", "ORG", "Zorbix", "Zorbix"),
    ("a_5", "ORG", "ZORBIX", "ZORBIX"),
    ("a_5", "PERSON", "Zorbix", "Zorbix"),
    ("a_6", "ORG", "Harbour Workers Delta", "HWD"),
    ("a_7", "ORG", "HWD", "HWD"),
)


def resolved(*rows: tuple[str, str, str, str]) -> Resolved:
    return resolve(names(*rows), Annotate())


def entities(*rows: tuple[str, str, str, str]) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in resolved(*rows).entities.to_pylist()}


def test_the_tables_have_their_schemas_and_order() -> None:
    found = resolved(*ROWS)
    assert found.entities.schema.equals(TABLES["entities"].schema)
    assert found.named.schema.equals(NAMED)
    ids = found.entities["entity_id"].to_pylist()
    assert ids == sorted(set(ids))
    assert set(found.named["entity_id"].to_pylist()) == set(ids)


def test_every_name_of_every_article_has_its_entity() -> None:
    found = resolved(*ROWS).named.to_pylist()
    assert {(r["article_id"], r["label"], r["name"]) for r in found} == {row[:3] for row in ROWS}


def test_a_bare_surname_elsewhere_is_the_only_person_who_has_it() -> None:
    person = entities(*ROWS)["Ana Quellmo"]
    assert (person["n_articles"], person["n_mentions"], person["aliases"]) == (2, 3, ["Quellmo"])


def test_a_surname_of_several_people_is_none_of_them() -> None:
    found = entities(
        ("a_1", "PERSON", "Ana Quellmo", "Ana Quellmo"),
        ("a_2", "PERSON", "Luis Quellmo", "Luis Quellmo"),
        ("a_3", "PERSON", "Quellmo", "Quellmo"),
    )
    assert set(found) == {"Ana Quellmo", "Luis Quellmo", "Quellmo"}


def test_an_acronym_elsewhere_is_what_it_stands_for() -> None:
    found = entities(*ROWS)["Harbour Workers Delta"]
    assert (found["n_articles"], found["aliases"]) == (2, ["HWD"])


def test_surfaces_are_aliases() -> None:
    assert entities(*ROWS)["United Kingdom"]["aliases"] == ["UK"]


def test_a_label_that_few_articles_give_is_a_slip() -> None:
    found = entities(*ROWS)
    assert found["Zorbix"]["type"] == "ORG"
    assert found["Zorbix"]["n_articles"] == 3
    assert found["Zorbix"]["aliases"] == ["ZORBIX"]


def test_namesakes_of_two_kinds_are_kept_apart() -> None:
    found = resolved(
        ("a_1", "PERSON", "Jordan", "Jordan"),
        ("a_2", "PERSON", "Jordan", "Jordan"),
        ("a_3", "GPE", "Jordan", "Jordan"),
        ("a_4", "GPE", "Jordan", "Jordan"),
    ).entities.to_pylist()
    assert sorted(row["type"] for row in found) == ["GPE", "PERSON"]


def test_labels_of_places_are_one_kind_and_the_majority_decides() -> None:
    found = entities(
        ("a_1", "LOC", "Delta", "Delta"), ("a_2", "GPE", "Delta", "Delta"), ("a_3", "LOC", "Delta", "Delta")
    )
    assert found["Delta"]["type"] == "LOC"
    assert entities(("a_1", "FAC", "Delta", "Delta"), ("a_2", "GPE", "Delta", "Delta"))["Delta"]["type"] == "GPE"


def test_the_earliest_publication_counts_and_may_be_unknown() -> None:
    assert entities(*ROWS)["United Kingdom"]["first_published_at"] == datetime(2020, 1, 3, tzinfo=UTC)
    undated = names(*ROWS[:1]).set_column(5, "published_at", pa.nulls(1, pa.timestamp("us", tz="UTC")))
    assert resolve(undated, Annotate()).entities["first_published_at"].to_pylist() == [None]


def test_ids_come_from_type_and_name_alone() -> None:
    assert entities(*ROWS)["Zorbix"]["entity_id"] == entity_id("ORG", "zorbix")
    assert len(entity_id("ORG", "zorbix")) == 34
    before = entities(*ROWS)
    after = entities(*ROWS, ("a_8", "ORG", "Unrelated", "Unrelated"))
    assert {e["entity_id"] for e in after.values()} - {e["entity_id"] for e in before.values()} == {
        after["Unrelated"]["entity_id"]
    }


def test_a_change_of_majority_renames_that_entity_alone() -> None:
    more = [(f"b_{i}", "PERSON", "Zorbix", "Zorbix") for i in range(1, 10)]
    before, after = entities(*ROWS), entities(*ROWS, *more)
    assert {n for n in before if before[n]["entity_id"] != after[n]["entity_id"]} == {"Zorbix"}


def test_nothing_gives_nothing() -> None:
    found = resolved()
    assert (found.entities.num_rows, found.named.num_rows) == (0, 0)


@settings(deadline=None)
@given(st.permutations(ROWS), st.integers(0, len(ROWS)))
def test_neither_the_order_of_rows_nor_how_they_are_chunked_matters(
    rows: list[tuple[str, str, str, str]], cut: int
) -> None:
    plain = resolved(*ROWS)
    mixed = resolve(pa.concat_tables([names(*rows[:cut]), names(*rows[cut:])]), Annotate())
    assert plain.entities.equals(mixed.entities)
    assert plain.named.equals(mixed.named)


label = st.sampled_from(["PERSON", "ORG", "GPE", "LOC", "NORP"])
name = st.sampled_from(
    ["Ana Ruiz", "Ruiz", "Luis Ruiz", "RUIZ", "Delta", "Delta Works", "DW", "ﬁ", "·", "Élan", "Elan"]
)
row = st.tuples(st.sampled_from(["a_1", "a_2", "a_3"]), label, name, name)


@settings(deadline=None)
@given(st.lists(row, max_size=12, unique=True))
def test_counts_add_up_and_ids_are_unique(rows: list[tuple[str, str, str, str]]) -> None:
    found = resolved(*rows)
    ids = found.entities["entity_id"].to_pylist()
    assert len(ids) == len(set(ids))
    assert sum(found.entities["n_mentions"].to_pylist()) == len(rows)
    assert found.named.num_rows == len({r[:3] for r in rows})
    assert set(found.named["entity_id"].to_pylist()) == set(ids)
