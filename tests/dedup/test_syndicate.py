"""A canonical URL on another host says where an article was taken from."""

import pytest

from tests.dedup.articles import Article, edited, folded, prose

ORIGIN = "https://wire.example/story"


def syndicated(canonical: str | None = ORIGIN, counts: bool = False) -> Article:
    return Article("taken", prose(1), host="paper.example", canonical=canonical, counts=counts)


def test_an_article_of_another_host_that_the_corpus_lacks_has_no_source() -> None:
    (row,) = folded([syndicated()]).derived
    assert (row["kind"], row["from_article_id"], row["from_record_id"]) == ("syndicates", None, None)
    assert row["evidence"] == {"canonical_url": ORIGIN}


@pytest.mark.parametrize("address", [{"url": ORIGIN}, {"canonical": ORIGIN, "counts": True}])
def test_an_article_of_another_host_that_the_corpus_holds_is_its_source(address: dict) -> None:
    made = folded([syndicated(), Article("wire", prose(2), host="wire.example", **address)])
    assert made.kinds("syndicates") == [("taken", "wire")]


def test_an_article_is_not_syndicated_from_what_was_folded_into_it() -> None:
    made = folded([syndicated(), Article("wire", edited(prose(1), 118, 119), url=ORIGIN, day=None)])
    assert made.published == {"taken"}
    assert not made.kinds("syndicates")


@pytest.mark.parametrize(
    "article",
    [
        syndicated(None),
        syndicated(counts=True),
        syndicated("https://wire.example/"),
        syndicated("https://www.paper.example/x"),
        syndicated("https://[broken"),
    ],
    ids=["none", "its own", "a home page", "its own host", "no address"],
)
def test_nothing_else_is_syndication(article: Article) -> None:
    assert not folded([article]).derived
