"""Records of one article id: the newest version stands, unlike ones part, as the contract says under Identity."""

import pytest

from tests.dedup.articles import Article, edited, folded, prose

STORY = prose(1, 100)
UPDATED = edited(STORY, 10, 30, 31, 55)
CANONICAL = {"canonical": "https://x.example/story", "counts": True}


@pytest.mark.parametrize("identity", [{"own_id": "7"}, CANONICAL], ids=["id within the source", "canonical URL"])
def test_the_newest_version_is_published_and_says_what_changed(identity: dict) -> None:
    made = folded([Article("new", UPDATED, day=1, **identity), Article("old", STORY, day=0, **identity)])
    assert made.published == {"new"}
    assert made.rule("old") == "revision"
    assert made.kept("old") == "new"
    row = made.derivation("old")
    assert (row["kind"], row["from_article_id"], row["method"]) == ("revises", None, "article_id")
    assert {"after": "edited10", "before": STORY.split()[10]} in row["evidence"]["changes"]


def test_an_id_counts_within_its_source_only() -> None:
    made = folded([Article("a", STORY, own_id="7", source="x"), Article("b", UPDATED, own_id="7", source="y")])
    assert len(made.published) == 2


def test_a_canonical_url_that_does_not_count_joins_nothing() -> None:
    made = folded(
        [Article("a", STORY, canonical="https://x.example/"), Article("b", UPDATED, canonical="https://x.example/")]
    )
    assert len(made.published) == 2


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({"modified": 5, "day": 0}, {"modified": 4, "day": 1, "retrieved": 9}),
        ({"day": 5}, {"day": 4, "retrieved": 9}),
        ({"retrieved": 5}, {"retrieved": 4}),
        ({"day": 0}, {}),
        ({"text": f"{UPDATED} more"}, {}),
        ({"record": "a"}, {"record": "b"}),
    ],
    ids=["modified", "published", "retrieved", "any time", "longer", "id"],
)
def test_newest_is_by_stated_times_then_length_then_id(newer: dict, older: dict) -> None:
    first = Article(**({"record": "y", "text": UPDATED, "own_id": "7"} | newer))
    second = Article(**({"record": "x", "text": STORY, "own_id": "7"} | older))
    assert folded([first, second]).published == {first.record}


def test_equal_text_is_an_exact_duplicate_not_a_revision() -> None:
    made = folded([Article("a", STORY, day=0, own_id="7"), Article("b", STORY, day=1, own_id="7")])
    assert made.published == {"b"}
    assert made.rule("a") == "exact_duplicate"


def test_a_truncated_version_never_replaces_a_whole_one() -> None:
    cut = Article("cut", UPDATED, day=2, own_id="7", truncated=True)
    made = folded([Article("whole", STORY, day=1, own_id="7"), cut])
    assert made.published == {"whole"}
    assert made.rule("cut") == "shorter_version"


def test_a_truncated_version_is_replaced_by_a_whole_one() -> None:
    cut = Article("cut", STORY, day=1, own_id="7", truncated=True)
    made = folded([cut, Article("whole", UPDATED, day=2, own_id="7")])
    assert made.published == {"whole"}
    assert made.rule("cut") == "revision"


def test_a_lead_held_by_an_older_version_never_replaces_it() -> None:
    lead = " ".join(STORY.split()[:60])
    made = folded([Article("whole", STORY, day=1, own_id="7"), Article("lead", lead, day=2, own_id="7")])
    assert made.published == {"whole"}
    assert made.rows["lead"]["reasons"] == [{"rule": "shorter_version", "value": "1.0", "threshold": "0.8"}]
    row = made.derivation("lead")
    assert (row["kind"], row["similarity"]) == ("contains", 1.0)
    assert STORY[row["start_char"] : row["end_char"]] == lead[row["from_start_char"] : row["from_end_char"]]


def test_a_version_that_is_hardly_shorter_replaces_it() -> None:
    lead = " ".join(STORY.split()[:70])
    made = folded([Article("whole", STORY, day=1, own_id="7"), Article("lead", lead, day=2, own_id="7")])
    assert made.published == {"lead"}
    assert made.rule("whole") == "revision"


def test_versions_are_alike_transitively() -> None:
    middle, last = edited(STORY, 10, 30, 50), edited(STORY, 10, 30, 50, 20, 40, 60, 70, 80, 90)
    texts = [STORY, middle, last]
    made = folded([Article(f"v{i}", text, day=i, own_id="7") for i, text in enumerate(texts)])
    assert made.published == {"v2"}


def test_of_unlike_records_the_largest_group_keeps_the_id() -> None:
    alone = folded([Article("m", STORY, day=0, own_id="7")])
    made = folded(
        [
            Article("a", prose(5), day=9, own_id="7"),
            Article("m", STORY, day=0, own_id="7"),
            Article("n", UPDATED, day=1, own_id="7"),
        ]
    )
    assert made.published == {"a", "n"}
    assert made.article("n") == alone.article("m")
    assert made.rule("a") == "id_shared"
    assert made.article("a") == folded([Article("a", prose(5))]).article("a"), "its own payload's"


def test_of_equal_groups_the_smallest_record_id_keeps_it() -> None:
    made = folded([Article("b", STORY, own_id="7"), Article("a", prose(5), own_id="7")])
    assert made.article("a") == folded([Article("z", prose(6), own_id="7")]).article("z")
    assert made.rows["b"]["reasons"] == [{"rule": "id_shared", "value": "0.0", "threshold": "0.5"}]


def test_copies_of_one_payload_count_for_the_size_of_a_group() -> None:
    twice = [Article(name, STORY, own_id="7", payload="the same") for name in ("y", "z")]
    made = folded([Article("a", prose(5), own_id="7"), *twice])
    assert made.rule("a") == "id_shared"


def test_the_same_bytes_elsewhere_are_folded_whatever_their_ids() -> None:
    made = folded([Article("a", STORY, own_id="1", payload="p"), Article("b", STORY, own_id="2", payload="p")])
    assert made.published == {"a"}
    assert made.derivation("b")["method"] == "sha256"


def test_the_same_bytes_fetched_again_are_the_newest_version_again() -> None:
    again = {"own_id": "7", "payload": "first"}
    made = folded(
        [
            Article("a", STORY, retrieved=1, **again),
            Article("b", UPDATED, retrieved=2, own_id="7"),
            Article("c", STORY, retrieved=3, **again),
        ]
    )
    assert made.published == {"c"}


def test_a_copy_of_an_earlier_version_belongs_to_its_article() -> None:
    rewritten = edited(STORY, 20, 50)
    made = folded(
        [
            Article("old", STORY, day=0, own_id="7"),
            Article("new", f"{rewritten} {prose(9, 20)}", day=1, own_id="7"),
            Article("copy", edited(STORY, 99), day=1, source="other"),
        ]
    )
    assert made.published == {"new"}
    assert made.rule("copy") == "near_duplicate"


def test_many_unlike_records_under_one_id_are_all_published() -> None:
    made = folded([Article(f"r{i:03}", prose(i, 40), own_id="7") for i in range(300)])
    assert len(made.published) == 300
