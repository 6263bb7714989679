"""Exports of known tools are read without a mapping."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import get_args

import pytest
import zstandard

from corpus.ingest.formats import USUAL_FIELDS
from corpus.ingest.presets import presets
from corpus.sections import Export
from tests.ingest.conftest import read_bytes

TEXT = "The bridge over the Aller was closed on Monday."
URL = "https://news.example/1"
NOW, THEN = "2026-01-02T00:00:00Z", "2026-01-01 10:00:00"
BODY = {
    "summary": ["In short."],
    "sections": [
        {"headline": ["Closed"], "paragraphs": [TEXT, "For a year."]},
        {"headline": [], "paragraphs": ["End."]},
    ],
}
ROWS: dict[str, dict[str, object]] = {
    "datatrove": {"text": TEXT, "id": "<urn:uuid:1>", "metadata": {"url": URL, "date": NOW, "language": "en"}},
    "datatrove-flat": {
        "text": TEXT, "id": "u1", "dump": "CC-MAIN-2026-05", "url": URL, "date": NOW, "file_path": "s3://x",
    },
    "dolma-warc": {
        "id": "u1", "text": TEXT, "source": "crawl", "version": "v0", "added": "2026-02-02", "created": NOW,
        "metadata": {"url": "news.example/1", "warc_url": URL, "warc_date": NOW, "content_type": ""},
        "attributes": {},
    },
    "dolma": {
        "id": "u1", "text": TEXT, "source": "crawl", "added": NOW, "created": "2026-01-01", "metadata": {"url": URL},
    },
    "news-please": {
        "authors": ["Ada"], "date_download": "2026-01-02 00:00:00", "date_modify": "None", "date_publish": THEN,
        "description": "Short", "filename": "x.json", "image_url": None, "language": "en", "localpath": None,
        "maintext": TEXT, "source_domain": "news.example", "text": None, "title": "Bridge", "title_page": None,
        "title_rss": None, "url": URL,
    },
    "fundus": {
        "title": "Bridge", "authors": ["Ada"], "publishing_date": "2026-01-01 10:00:00+01:00", "topics": ["Aller"],
        "free_access": True, "body": BODY,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("named", [False, True])
def test_an_export_is_told_by_its_fields_or_named(raw: Path, name: str, named: bool) -> None:
    source = {"preset": name} if named else {}
    rows = read_bytes(raw, "a.jsonl", b"\n".join(json.dumps(ROWS[name]).encode() for _ in range(2)), **source)
    fields = rows[0]["fields"]
    if name == "fundus":
        assert rows[0]["content"] == f"In short.\n\nClosed\n\n{TEXT}\n\nFor a year.\n\nEnd."
        assert (fields["published_at"], fields["keywords"]) == ("2026-01-01 10:00:00+01:00", ["Aller"])
        return
    assert (rows[0]["content"], fields["url"]) == (TEXT, URL)
    assert fields["retrieved_at"] in ("2026-01-02T00:00:00Z", "2026-01-02 00:00:00")
    assert fields["published_at"] == {"dolma": "2026-01-01", "news-please": "2026-01-01 10:00:00"}.get(name)
    assert rows[0]["own_id"] == ROWS[name].get("id")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": "1", "text": TEXT, "source": "x", "created": NOW}, (NOW, None)),  # what is optional is left out
        ({"id": "1", "text": TEXT, "source": "x", "metadata": {"url": URL}, "added": None}, (None, None)),
        ({"id": "1", "text": TEXT, "date": NOW, "file_path": "a.warc.gz", "media": []}, (None, NOW)),
        ({"text": TEXT, "id": "1", "metadata": {"date": NOW, "tags": {"a": [1, {"b": None}]}}}, (None, NOW)),
        ({"plaintext": TEXT, "publishing_date": NOW, "body": None}, (NOW, None)),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_an_export_with_less_or_more_is_told_too(raw: Path, row: dict[str, object], expected: tuple, pack) -> None:
    data = b"\n".join(json.dumps(row).encode() for _ in range(2))
    found, _ = read_bytes(raw, "shard", pack(data))
    assert found["content"] == TEXT
    assert (found["fields"]["published_at"], found["fields"]["retrieved_at"]) == expected


def test_an_article_of_fundus_without_a_body_is_empty(raw: Path) -> None:
    (row,) = read_bytes(raw, "a.json", json.dumps({**ROWS["fundus"], "body": None}).encode())
    assert row["reasons"][0]["rule"] == "empty_text"


def test_a_fundus_file_is_articles_by_publisher(raw: Path) -> None:
    data = json.dumps({"The Courier": [ROWS["fundus"]] * 2, "Herald": [ROWS["fundus"]]}, indent=4).encode()
    rows = read_bytes(raw, "export.json", data)
    assert [row["fields"]["title"] for row in rows] == ["Bridge"] * 3


def test_a_news_please_file_is_one_article(raw: Path) -> None:
    (row,) = read_bytes(raw, "export.json", json.dumps(ROWS["news-please"]).encode())
    assert (row["content"], row["fields"]["modified_at"]) == (TEXT, "None")


def test_a_mapping_in_corpus_toml_goes_before_a_presets(raw: Path) -> None:
    row = {**ROWS["dolma"], "body": "Another text."}
    for source in ({"fields": {"text": "body"}}, {"fields": {"text": "body"}, "preset": "dolma"}):
        (found,) = read_bytes(raw, "a.jsonl", json.dumps(row).encode(), **source)
        assert found["content"] == "Another text."
        assert found["fields"]["published_at"] == ("2026-01-01" if "preset" in source else None)


def test_the_settings_know_every_preset_and_presets_know_every_field() -> None:
    assert set(get_args(Export)) == set(presets())
    for preset in presets().values():
        assert set(preset.names) <= set(USUAL_FIELDS)
