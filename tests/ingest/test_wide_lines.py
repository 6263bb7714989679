"""Rows in UTF-16 and UTF-32: as Windows programs export them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.ingest import payload_of
from corpus.ingest.origin import BytesOrigin
from corpus.ingest.reading import records_of
from corpus.ingest.stream import Stream
from corpus.sections import Ingest, Source
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
    row = data[found[1]["byte_start"] : found[1]["byte_end"]]
    assert row.decode(codec_of(encoding)).startswith("1" + comma)


DOCUMENTS = {
    "an array": (lambda rows: rows, {}),
    "an array below a key": (lambda rows: {"größte": {"articles": rows}, "n": 2}, {"records": "größte.articles"}),
    "an object": (lambda rows: {"a": rows[:1], "b": rows[1:]}, {}),
    "a feed": (
        lambda rows: {
            "version": "https://jsonfeed.org/version/1.1", "title": "Größe",
            "items": [{"id": row["id"], "content_text": row["text"]} for row in rows],
        },
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("shape", DOCUMENTS)
@pytest.mark.parametrize("indent", [None, 1])
def test_documents_of_json(raw: Path, encoding: str, shape: str, indent: int | None) -> None:
    wrap, source = DOCUMENTS[shape]
    rows = [{"id": str(n), "text": text} for n, text in enumerate(TEXTS)]
    data = (json.dumps(wrap(rows), ensure_ascii=False, indent=indent) + "\n").encode(encoding)
    found = read_bytes(raw, "a.json", data, **source)
    assert [(row["content"], row["own_id"]) for row in found] == list(zip(TEXTS, "01", strict=True))
    for row in found:
        assert data[row["byte_start"] : row["byte_end"]] == row["payload"] == payload_of(raw, row)
        assert row["fields"]["site_name"] == ("Größe" if shape == "a feed" else None)
        assert row["detail"] == (f"read as {codec_of(encoding)}" if "utf-8" not in encoding else None)


def codec_of(encoding: str) -> str:
    """The encoding of what stands behind the mark."""
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)


TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), st.sampled_from(ENCODINGS), st.booleans(), st.integers(1, 50))
@example(["\U00014600"], "utf-16-le", False, 1)  # D811 DE00: a NUL where Latin letters have theirs
def test_rows_of_a_document_are_those_of_the_same_in_utf_8(
    texts: list[str], encoding: str, ascii_only: bool, piece: int
) -> None:
    data = json.dumps([{"text": "a"}, *({"text": text} for text in texts)], ensure_ascii=ascii_only).encode(encoding)
    limits = Ingest()
    found = list(records_of(Stream(Pieces(data, piece), limits), "a.json", Source(path="**", name="x"), limits))
    assert [record.content for record in found] == ["a", *texts]
    assert [data[record.byte_start : record.byte_end] for record in found] == [record.payload for record in found]


class Pieces(BytesOrigin):
    """Bytes that come a few at a time."""

    def __init__(self, data: bytes, piece: int) -> None:
        super().__init__(data)
        self._piece = piece

    def read1(self, size: int) -> bytes:
        return super().read1(min(size, self._piece))


@pytest.mark.parametrize("tail", ['{"text": "' + "word " * 60_000, '{"text": "' + "word " * 60_000 + '"}]'])
def test_a_wide_document_that_breaks_off_or_holds_a_row_over_the_limit(raw: Path, tail: str) -> None:
    data = ('[{"text": "One."}, ' + tail).encode("utf-16")
    rows = read_bytes(raw, "a.json", data + b"\0", Ingest(max_record_bytes=100_000))
    assert [rule(row) for row in rows] == [None, "oversized_record" if tail.endswith("]") else "malformed_line"]
    assert rows[1]["byte_end"] == (len(data) - 2 if tail.endswith("]") else len(data) + 1)


def test_units_that_are_no_characters_are_replaced_and_told(raw: Path) -> None:
    data = '[{"text": "One."}, {"text": "T?o."}]'.encode("utf-16").replace("?".encode("utf-16-le"), b"\x00\xd8")
    one, two = read_bytes(raw, "a.json", data)
    assert (one["content"], two["content"]) == ("One.", "T\ufffdo.")
    assert two["detail"] == "read as utf-16-le; 1 invalid units replaced by U+FFFD"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", ["The council of Selwick met. It mended the größte roof.", "市長は月曜日に発表した。"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.rss"])
def test_paragraphs_go_back_to_their_bytes(raw: Path, encoding: str, text: str, name: str) -> None:
    text = text * 8 + "\n\n" + text[::-1] * 8
    written = {
        "a.jsonl": '{"text": "%s"}\n', "a.json": '[{"text": "%s"}]',
        "a.rss": "<rss><channel><item><description>%s</description></item></channel></rss>",
    }[name] % text.replace("\n", "\n" if name == "a.rss" else "\\n")  # fmt: skip
    (row,) = read_bytes(raw, name, written.encode(encoding))
    (doc,) = documents(row)
    places = [(p["raw_start_byte"], p["raw_end_byte"]) for p in doc["paragraphs"]]
    assert [row["payload"][a:b].decode(codec_of(encoding)) for a, b in places] == doc["text"].split("\n\n")


def test_a_line_without_end_is_one_record_over_the_limit(raw: Path) -> None:
    data = ('{"text": "One."}\n{"text": "Two."}\n{"text": "' + "word " * 60_000).encode("utf-16")
    rows = read_bytes(raw, "a.jsonl", data, Ingest(max_record_bytes=100_000))
    assert [rule(row) for row in rows] == [None, None, "oversized_record"]
    assert rows[2]["byte_end"] == len(data) and rows[2]["byte_start"] == rows[1]["byte_end"] + 2
