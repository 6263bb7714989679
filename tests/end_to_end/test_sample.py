"""The sample of the repository, from raw files to a release: what docs/sample.md promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.projects import ROOT, eval_data, rows, table

FATES = {
    "archive/quay-waltz.txt.gz": ("quarantined", "truncated_compression"),
    "lantern-post/front-page.html": ("rejected", "front_page"),
    "skyline-today/page-not-found.html": ("rejected", "soft_404"),
    "scrape/empty.txt": ("rejected", "empty_file"),
    "scrape/desk-note.txt": ("rejected", "too_short"),
    "scrape/shadow-photo.txt": ("rejected", "binary"),
    "scrape/press-kit.pdf": ("rejected", "unsupported_format"),
    "scrape/muslin-reprint.txt": ("duplicate", "near_duplicate"),
    "redplanet-herald/ingenuity-by-the-numbers.html": ("duplicate", "revision"),
    "mesa-dispatch/thin-air-20210421.html": ("duplicate", "shorter_version"),
}


@pytest.fixture(scope="module")
def ledger(release: Path) -> list[dict]:
    return rows(release, "records")


@pytest.fixture(scope="module")
def articles(release: Path) -> dict[str, dict]:
    return {row["raw_path"]: row for row in rows(release, "articles")}


def test_every_record_has_one_fate_and_the_sums_are_those_of_the_docs(ledger: list[dict]) -> None:
    fates = Counter(row["fate"] for row in ledger)
    assert len(ledger) == 45
    assert fates["published"] == 27
    assert fates["duplicate"] == 7
    assert fates["rejected"] + fates["quarantined"] == 11


def test_every_file_is_in_the_ledger(sample, ledger: list[dict]) -> None:
    project, _ = sample
    files = {p.relative_to(project.raw).as_posix() for p in project.raw.rglob("*") if p.is_file()}
    assert {row["raw_path"].split("!/")[0] for row in ledger} == files


@pytest.mark.parametrize("path", FATES)
def test_a_file_meets_its_fate_for_its_reason(ledger: list[dict], path: str) -> None:
    (row,) = (row for row in ledger if row["raw_path"] == path)
    fate, rule = FATES[path]
    assert row["fate"] == fate
    assert rule in [reason["rule"] for reason in row["reasons"]]


def test_copies_of_the_wire_story_are_one_article(ledger: list[dict]) -> None:
    pair = [
        r
        for r in ledger
        if r["raw_path"] in ("wire/2021-04-19-ingenuity-first-flight.txt", "archive/wire-20210419-0415.txt")
    ]
    assert {r["fate"] for r in pair} == {"published", "duplicate"}
    assert {r["article_id"] or r["kept_article_id"] for r in pair} == {
        next(r["article_id"] for r in pair if r["article_id"])
    }


def test_the_wire_story_is_contained_in_two_longer_articles(release: Path, articles: dict, ledger: list[dict]) -> None:
    wire = next(r["article_id"] or r["kept_article_id"] for r in ledger if r["raw_path"].startswith("wire/"))
    holders = {
        r["article_id"]
        for r in rows(release, "derivations")
        if r["kind"] == "contains" and r["from_article_id"] == wire
    }
    expected = ("redplanet-herald/ingenuity-lifts-off.html", "harbour-gazette/selwick-watches-mars-flight.md")
    assert holders == {articles[path]["article_id"] for path in expected}


def test_a_shared_canonical_link_does_not_merge_two_articles(articles: dict, ledger: list[dict]) -> None:
    assert {"selwick-courier/library-roof.html", "selwick-courier/early-ferry.html"} <= set(articles)
    signals = [r["rule"] for row in ledger if row["raw_path"].startswith("selwick-courier/") for r in row["reasons"]]
    assert "id_shared" in signals


def test_damage_is_repaired_and_a_wrong_declaration_seen_through(articles: dict) -> None:
    assert "Café René" in articles["selwick-courier/cafe-rene.html"]["text"]
    assert "Pépin" in articles["scrape/seeds-behind-the-wall.txt"]["text"]
    assert "£412" in articles["selwick-courier/harbour-dues.txt"]["text"]
    assert articles["diario-del-valle/ingenuity-primer-vuelo.txt"]["language"] == "es"
    assert articles["sternblatt/ingenuity-erstflug.html"]["language"] == "de"


def test_signals_of_truncation_rights_and_correction(articles: dict) -> None:
    assert articles["scrape/rival-rotor.txt"]["truncated"]
    assert not articles["lantern-post/the-shadow.html"]["truncated"]
    assert articles["openair-review/one-bump.html"]["license"] == "CC-BY-4.0"
    assert {"noai"} <= {r["signal"] for r in articles["openair-review/one-bump.html"]["rights"]}
    assert articles["redplanet-herald/ingenuity-by-the-numbers-20210420.html"]["correction"]


def test_no_secret_of_a_link_reaches_the_release(release: Path) -> None:
    for name in ("articles", "links", "derivations", "records"):
        said = json.dumps(rows(release, name), default=str)
        assert "opensesame" not in said
        assert "hunter2" not in said


def test_links_are_flagged_and_lead_to_articles_of_the_sample(release: Path, articles: dict) -> None:
    links = rows(release, "links")
    flags = {flag for link in links for flag in link["flags"]}
    assert flags >= {
        "placeholder",
        "malformed",
        "shortener",
        "tracking_removed",
        "credentials_removed",
        "duplicate",
        "self",
    }
    cited = {r["from_article_id"] for r in rows(release, "derivations") if r["kind"] == "cites"}
    assert articles["redplanet-herald/ingenuity-lifts-off.html"]["article_id"] in cited


def test_surfaces_are_what_the_text_says_there(release: Path) -> None:
    texts = {row["article_id"]: row["text"] for row in rows(release, "articles")}
    mentions = rows(release, "mentions")
    assert len(mentions) > 200
    for row in mentions:
        assert texts[row["article_id"]][row["start_char"] : row["end_char"]] == row["surface"]


def test_a_plain_text_paragraph_leads_back_to_its_bytes(sample, release: Path, articles: dict) -> None:
    project, _ = sample
    row = (
        articles["wire/2021-04-19-ingenuity-first-flight.txt"]
        if "wire/2021-04-19-ingenuity-first-flight.txt" in articles
        else articles["archive/wire-20210419-0415.txt"]
    )
    payload = (project.raw / row["raw_path"]).read_bytes()
    found = [p for p in rows(release, "paragraphs") if p["article_id"] == row["article_id"]]
    assert found
    for p in found:
        assert payload[p["raw_start_byte"] : p["raw_end_byte"]].decode() == row["text"][p["start_char"] : p["end_char"]]


LOADS = """
import sys
from datasets import load_dataset
folder = sys.argv[1]
import corpus
for name in sys.argv[2:]:
    streamed = sum(1 for _ in load_dataset(folder, name, split="train", streaming=True))
    mapped = corpus.load(folder, table=name)
    plain = load_dataset(folder, name, split="train") if streamed else []
    assert streamed == len(mapped) and (not streamed or len(plain) == streamed), name
    print(name, streamed)
print(len(load_dataset(folder, split="train")))
"""


def test_every_table_loads_both_ways_in_a_clean_process_from_another_folder(release: Path, tmp_path: Path) -> None:
    names = sorted(p.name for p in release.iterdir() if p.is_dir() and p.name != "report")
    done = subprocess.run(
        [sys.executable, "-c", LOADS, str(release), *names], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "HF_DATASETS_CACHE": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    counts = dict(line.split() for line in done.stdout.splitlines()[:-1])
    assert counts == {name: str(table(release, name).num_rows) for name in names}
    assert done.stdout.splitlines()[-1] == counts["articles"]


def test_the_release_keeps_the_contract_as_an_outside_scorer_reads_it(release: Path) -> None:
    scorer = eval_data().parent / "score" / "contract.py"
    if not scorer.is_file():
        pytest.skip(f"the contract's scorer is not at hand: {scorer} (set CORPUS_EVAL_DATA)")
    done = subprocess.run([sys.executable, str(scorer), str(release)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_seeds_publish_too(tmp_path: Path) -> None:
    seeds = eval_data() / "seeds"
    if not seeds.is_dir():
        pytest.skip(f"the seed articles are not at hand: {seeds} (set CORPUS_EVAL_DATA)")
    from corpus.run import publish
    from tests.projects import new_project

    files = {path.name: path.read_bytes() for path in sorted(seeds.iterdir())}
    outcome = publish(new_project(tmp_path / "seeds", files))
    assert outcome.funnel.published == len(files) == 5
    articles = rows(outcome.folder, "articles")
    assert sum(row["truncated"] for row in articles) >= 1
    placeholders = [link for link in rows(outcome.folder, "links") if "placeholder" in link["flags"]]
    assert len(placeholders) == 3
    assert ROOT not in outcome.folder.parents
