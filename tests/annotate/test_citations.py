"""Links that point at articles of the corpus."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotate import cite
from corpus.working import DERIVED, TARGETS
from tests.annotate.made import addresses, citing

ADDRESSES = addresses(
    ("a_1", "https://alpha.org/1?utm_source=x", None),
    ("a_2", "http://beta.org/2", "https://www.beta.org/two/"),
    ("a_3", None, None),
)


def test_a_link_to_an_article_has_its_target_and_a_derivation() -> None:
    cited = cite(citing(("a_2", "https://alpha.org/1", 5), ("a_2", "https://other.org/", 1)), ADDRESSES)
    assert cited.targets.schema == TARGETS
    assert cited.targets.to_pylist() == [{"canonical_url": "https://alpha.org/1", "article_id": "a_1"}]
    assert cited.derived.schema == DERIVED
    (row,) = cited.derived.to_pylist()
    assert (row["article_id"], row["from_article_id"], row["kind"]) == ("a_2", "a_1", "cites")
    assert (row["start_char"], row["end_char"]) == (5, 15)
    assert json.loads(row["evidence"]) == {"url": "https://alpha.org/1", "section": "inline"}


def test_both_addresses_of_an_article_are_its_own_whatever_scheme_www_and_slash() -> None:
    cited = cite(citing(("a_1", "https://beta.org/2", 1), ("a_3", "http://beta.org/two", 1)), ADDRESSES)
    assert set(cited.targets["article_id"].to_pylist()) == {"a_2"}
    assert cited.derived.num_rows == 2


def test_an_article_that_links_to_itself_cites_nothing() -> None:
    cited = cite(citing(("a_1", "https://alpha.org/1", 1)), ADDRESSES)
    assert cited.targets.num_rows == 1
    assert cited.derived.num_rows == 0


def test_of_several_links_the_first_in_the_text_is_the_evidence() -> None:
    links = citing(
        ("a_3", "https://alpha.org/1", None), ("a_3", "http://alpha.org/1", 40), ("a_3", "https://alpha.org/1", 7)
    )
    (row,) = cite(links, ADDRESSES).derived.to_pylist()
    assert row["start_char"] == 7


def test_an_address_that_two_articles_claim_is_that_of_the_smaller_id() -> None:
    claimed = addresses(("a_9", "https://alpha.org/x", None), ("a_8", "https://alpha.org/x", None))
    assert cite(citing(("a_1", "https://alpha.org/x", 1)), claimed).targets["article_id"].to_pylist() == ["a_8"]


def test_nothing_gives_nothing() -> None:
    cited = cite(citing(), addresses())
    assert (cited.targets.num_rows, cited.derived.num_rows) == (0, 0)


@settings(deadline=None)
@given(st.permutations(range(5)), st.permutations(range(3)))
def test_the_order_of_rows_does_not_matter(links_order: list[int], address_order: list[int]) -> None:
    links = citing(
        ("a_2", "https://alpha.org/1", 5),
        ("a_2", "https://alpha.org/1", 3),
        ("a_3", "https://beta.org/2", None),
        ("a_3", "https://beta.org/two", None),
        ("a_1", "https://beta.org/2", 9),
    )
    plain, mixed = cite(links, ADDRESSES), cite(links.take(links_order), ADDRESSES.take(address_order))
    assert plain.targets.equals(mixed.targets)
    assert plain.derived.equals(mixed.derived)
