import json
import re
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from datasets import Features

from corpus.errors import CorpusError
from corpus.publish.card import card_text, check_card, size_category, write_card
from corpus.publish.count import Counted, count_files
from corpus.publish.croissant import write_croissant
from corpus.publish.facts import Changes, GateLine, TableChange
from corpus.publish.glance import Glance
from corpus.publish.limits import limits
from corpus.publish.manifest import write_manifest
from corpus.tables import TABLES
from tests.publish.made import make_tables, stage


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staged")
    facts = stage(folder, make_tables())
    return folder, facts


@pytest.fixture
def whole(staged, tmp_path):
    """Card, Croissant and manifest written; put back after the test."""
    folder, facts = staged
    write_card(folder, facts)
    write_croissant(folder, facts)
    write_manifest(folder, facts)
    return folder, facts


def front(facts):
    return yaml.safe_load(card_text(facts).split("---\n", 2)[1])


def test_the_front_matter_has_what_the_contract_names(staged):
    _, facts = staged
    said = front(facts)
    assert (said["version"], said["digest"], said["license"], said["language"]) == (
        "0.1.0",
        facts.digest,
        "cc-by-4.0",
        ["en"],
    )
    assert said["size_categories"] == ["n<1K"] and said["pretty_name"] == "Harbour | News"
    assert [config["config_name"] for config in said["configs"]] == list(TABLES)
    assert [config["config_name"] for config in said["configs"] if config.get("default")] == ["articles"]
    for config, info in zip(said["configs"], said["dataset_info"], strict=True):
        name = config["config_name"]
        table = facts.tables[name]
        assert config["data_files"] == [{"split": "train", "path": f"{name}/*.parquet"}]
        assert info["config_name"] == name and info["description"].endswith(table.digest)
        assert info["splits"] == [{"name": "train", "num_bytes": table.num_bytes, "num_examples": table.rows}]
        assert (info["dataset_size"], info["download_size"]) == (table.num_bytes, table.bytes)
        features = Features.from_arrow_schema(TABLES[name].schema)
        assert Features._from_yaml_list(info["features"]) == features


def test_no_word_of_an_article_is_in_it(staged):
    text = card_text(staged[1])
    assert not re.search("Ortiz|Köln|opens|rec0|art0|example.org/0", text)


def test_what_a_person_wrote_stays_one_line_of_text(staged):
    facts = replace(staged[1], title="A\n# B\n---\n<script>x</script>", description="| a | b |\n|---|---|\n# C")
    text = card_text(facts)
    assert text.count("\n---\n") == 1 and "<script" not in text.split("---\n", 2)[2]
    assert "\n# B" not in text and "\n# C" not in text and "\n| a |" not in text
    assert front(facts)["pretty_name"] == "A # B — <script>x</script>"
    assert len(text.split("---\n", 2)[1]) > 1000


def test_names_tables_without_rows_and_columns_not_filled_yet(staged):
    text = card_text(staged[1])
    assert "No rows in this release: `removals`." in text
    assert "`articles.story_id`" in text and "Not filled by this version: always null." in text


@pytest.mark.parametrize(
    ("license_id", "said"), [("ODbL-1.0", "odbl"), ("CC-BY-SA-4.0", "cc-by-sa-4.0"), ("GPL-3.0-only", "gpl-3.0")]
)
def test_a_licence_is_written_as_the_hub_writes_it(staged, license_id, said):
    assert front(replace(staged[1], license=license_id))["license"] == said


def test_the_hubs_client_takes_the_front_matter(staged):
    """What a card's loader checks without a network; the size categories are its own list."""
    from datasets.utils import resources
    from huggingface_hub import DatasetCard

    card = DatasetCard(card_text(staged[1]))
    assert card.data.license == "cc-by-4.0" and card.data.version == "0.1.0"
    known = json.loads(Path(resources.__file__).with_name("size_categories.json").read_text())
    assert set(card.data.size_categories) <= set(known)
    languages = json.loads(Path(resources.__file__).with_name("languages.json").read_text())
    assert set(card.data.language) <= set(languages)


HOSTILE = "--- \n# <script>alert(1)</script> | `x` } \\end{x} $(rm) [a](javascript:alert(1)) 'q' \"p\": {a: [b]}"


def test_what_a_person_wrote_breaks_neither_yaml_nor_markdown_nor_bibtex(staged):
    facts = replace(
        staged[1], title=HOSTILE, description=HOSTILE, maintainer=HOSTILE, homepage=HOSTILE, license=HOSTILE
    )
    text = card_text(facts)
    _, head, body = text.split("---\n", 2)
    assert yaml.safe_load(head)["license"] == "other"
    shown = "".join(body.split("```")[::2])
    assert "<script>" not in shown and "\n# &lt;script" not in shown and "[a](" not in shown
    entry = body.split("```bibtex\n")[1].split("```")[0]
    assert entry.count("{") == entry.count("}") and "`" not in entry
    assert body.count("\n# ") == card_text(staged[1]).count("\n# ")


def test_a_licence_in_an_article_breaks_no_table(staged, tmp_path):
    tables = make_tables()
    articles = tables["articles"].to_pylist()
    articles[0]["license"] = "a | b\n## Tables <b>"
    folder = tmp_path / "staged"
    facts = stage(folder, tables | {"articles": pa.Table.from_pylist(articles, TABLES["articles"].schema)})
    write_card(folder, facts)
    write_croissant(folder, facts)
    write_manifest(folder, facts)
    check_card(folder)


def test_sentences_stand_where_they_are_true(staged):
    _, facts = staged
    text = card_text(facts)
    assert "Write to the maintainer: The Harbour, https://example.org." in text
    assert "names no maintainer" in card_text(replace(facts, maintainer="", homepage=""))
    gate = GateLine("records.rows", False, "critical", 5, accepted="a new source, until 2030-01-01")
    assert "accepted: a new source, until 2030-01-01 |" in card_text(replace(facts, gates=(gate,)))
    assert "text[start_char:end_char] == surface" not in card_text(replace(facts, text="standoff"))


def test_limits_are_measured():
    seen = Glance(10, 900, 2, 1, {}, {}, {}, 7, None, None, 2)
    tables = {"paragraphs": Counted(40, 0, "", {"raw_start_byte": 30}), "mentions": Counted(5, 0, "", {"score": 0}),
              "entities": Counted(4, 0, "", {"wikidata_id": 1})}  # fmt: skip
    said = " ".join(limits(tables, seen, {"sm": "3.8"}, "excerpt"))
    for sentence in (
        "3 of 10 articles have no date", "2 of 10 articles break off", "10 of 40 paragraphs have no raw byte",
        "5 mentions are made by programs (sm 3.8): none has", "3 of 4 entities", "Texts are cut",
    ):  # fmt: skip
        assert sentence in said
    nothing = limits({"mentions": Counted(0, 0, "", {})}, replace(seen, dated=10, truncated=0), {}, "full")
    assert len(nothing) == 2 and "No article is annotated" in nothing[1]


@pytest.mark.parametrize("license_id", ["other", "https://example.org/terms", "CC BY 4.0"])
def test_a_licence_that_is_no_spdx_id_is_other_for_the_hub(staged, license_id):
    said = front(replace(staged[1], license=license_id))
    assert said["license"] == "other" and said["license_name"] == license_id


def test_says_what_changed_and_holds_no_time(staged):
    tables = (TableChange("articles", 5, 6, False), TableChange("links", 2, 2, True))
    changes = Changes(1, 2, 3, tables, (("removed, retracted: retracted", 2), ("changed in text", 3)))
    text = card_text(replace(staged[1], parent="0.0.9", changes=changes))
    assert "Since 0.0.9: 1 articles added, 2 removed, 3 changed." in text and "| links | 2 | 2 | the same |" in text
    assert "- removed, retracted: retracted: 2\n- changed in text: 3\n" in text
    days = set(re.findall(r"20\d\d-\d\d-\d\d", text))
    assert days <= {staged[1].glance.first, staged[1].glance.last}  # of the articles, not of the run
    assert card_text(staged[1]) == card_text(staged[1])


def test_says_what_was_left_out_and_why(staged):
    text = card_text(replace(staged[1], text="standoff"))
    assert "No text is in this release" in text and "`mentions.surface`" in text and "unknown never means yes" in text
    assert "left" not in card_text(staged[1]).split("## Licence")[1].split("## How")[0]


@pytest.mark.parametrize(
    ("rows", "category"), [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (2_000_000, "1M<n<10M")]
)
def test_the_size_category_is_the_hubs(rows, category):
    assert size_category(rows) == category


def test_a_card_that_is_true_passes(whole):
    check_card(whole[0])


NUMBER = re.compile(r"(?<![\w.-])\d+(?![\w.-])")


def test_any_number_changed_in_front_matter_or_tables_is_named(whole):
    """Each number of the card that stands by itself, one after the other, plus one."""
    folder, facts = whole
    counted = {name: count_files(folder, name) for name in facts.tables}
    card = folder / "README.md"
    true = card.read_text()
    end = true.index("## Columns")  # the dictionary's words have numbers of their own; its counts are tested below
    places = [
        found for found in NUMBER.finditer(true, 0, end) if facts.digest not in true[found.start() - 5 : found.end()]
    ]
    assert len(places) > 60
    for found in places:
        card.write_text(f"{true[: found.start()]}{int(found[0]) + 1}{true[found.end() :]}")
        with pytest.raises(CorpusError, match=r"README\.md: "):
            check_card(folder, counted)
    card.write_text(true)


@pytest.mark.parametrize(
    ("document", "old", "new", "named"),
    [
        ("README.md", "version: 0.1.0", "version: 0.3.0", "README.md: version is 0.3.0, but the files hold 0.1.0"),
        ("README.md", "| `title` | string | 6 |", "| `title` | string | 7 |", "rows filled of articles.title is 7"),
        ("README.md", "| `min_words` | 1 |", "| `min_words` | 2 |", "min_words in Rules that spoke is 2"),
        ("README.md", "- config_name: links\n  data_files", "- config_name: lynx\n  data_files", "configs is"),
        ("README.md", "## Tables", "## Things", "README.md: the whole is unreadable"),
        ("croissant.json", "6 rows. Logical", "7 rows. Logical", "croissant.json: articles rows is 7"),
        ("croissant.json", '"version": "0.1.0"', '"version": "0.1.1"', "croissant.json: version is 0.1.1"),
        ("manifest.json", '"rows": 12', '"rows": 13', "manifest.json: paragraphs rows is 13"),
        ("manifest.json", '"published": 6', '"published": 5', "manifest.json: fate published is 5"),
    ],
)  # fmt: skip
def test_a_changed_number_is_named(whole, document, old, new, named):
    path = whole[0] / document
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(CorpusError) as caught:
        check_card(whole[0])
    assert named in str(caught.value)


def test_counted_tables_are_not_counted_again(whole):
    folder, facts = whole
    counted = {name: count_files(folder, name) for name in facts.tables}
    check_card(folder, counted)
    wrong = counted | {"links": replace(counted["links"], rows=1)}
    with pytest.raises(CorpusError, match="links rows is 12, but the files hold 1"):
        check_card(folder, wrong)


def test_columns_of_every_type_have_a_yaml_form(staged):
    from corpus.publish.card import _feature

    schema = pa.schema(
        [
            ("a", pa.list_(pa.struct([("b", pa.bool_())]))),
            ("c", pa.struct([("d", pa.float32())])),
            ("e", pa.list_(pa.int64())),
        ]
    )
    assert [_feature(field.name, field.type) for field in schema] == Features.from_arrow_schema(schema)._to_yaml_list()
