"""Rows in UTF-16 and UTF-32: as Windows programs export them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.ingest import payload_of
from corpus.sections import Ingest
from tests.clean.making import documents
from tests.ingest.conftest import read_bytes, rule

TEXTS = ["The mayor of Größe 上 Ċ ਅ一ਅ said that the roof leaks 一つ.", "The second text, said to be shorter."]
ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_of_json(raw: Path, encoding: str, end: str) -> None:
    rows = [json.dumps({"id": str(n), "text": text}, ensure_ascii=False) for n, text in enumerate(TEXTS)]
    data = (end.join([*rows, ""]) + end).encode(encoding)
    found = read_bytes(raw, "a.jsonl", data)
    assert [(row["content"], row["own_id"]) for row in found] == list(zip(TEXTS, "01", strict=True))
    for row in found:
        assert data[row["byte_start"] : row["byte_end"]] == row["payload"] == payload_of(raw, row)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt"])
def test_rows_of_tables(raw: Path, encoding: str, name: str) -> None:
    comma = "\t" if name == "a.tsv" else ","
    cells = [["id", "title", "text"], *([str(n), "T", f'"{text}\r\nEnd."'] for n, text in enumerate(TEXTS))]
    data = "".join(comma.join(row) + "\r\n" for row in cells).encode(encoding)
    found = read_bytes(raw, name, data)
    assert [row["content"] for row in found] == [f"{text}\r\nEnd." for text in TEXTS]
    codec = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    assert data[found[1]["byte_start"] : found[1]["byte_end"]].decode(codec).startswith("1" + comma)


def test_paragraphs_go_back_to_bytes_of_utf_16(raw: Path) -> None:
    text = "The council of Selwick met. " * 8 + "\n\n" + "It mended the größte roof. " * 8
    (row,) = read_bytes(raw, "a.jsonl", (json.dumps({"text": text}, ensure_ascii=False) + "\n").encode("utf-16"))
    (doc,) = documents(row)
    places = [(p["raw_start_byte"], p["raw_end_byte"]) for p in doc["paragraphs"]]
    assert [row["payload"][a:b].decode("utf-16-le") for a, b in places] == doc["text"].split("\n\n")


def test_a_line_without_end_is_one_record_over_the_limit(raw: Path) -> None:
    data = ('{"text": "One."}\n{"text": "Two."}\n{"text": "' + "word " * 60_000).encode("utf-16")
    rows = read_bytes(raw, "a.jsonl", data, Ingest(max_record_bytes=100_000))
    assert [rule(row) for row in rows] == [None, None, "oversized_record"]
    assert rows[2]["byte_end"] == len(data) and rows[2]["byte_start"] == rows[1]["byte_end"] + 2
