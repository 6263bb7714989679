"""A raw folder as people have them, with everything that goes wrong in one: each record has one fate, and why."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import unicodedata

import pytest
import zstandard

from corpus.ingest.names import system_path
from corpus.run import publish
from tests.ingest.archives import by_record, response, tarred, warc_record, zipped
from tests.ingest.test_mhtml import mhtml
from tests.projects import article, new_project, rows

pytestmark = pytest.mark.slow
ANY = ("published", None)


def no(rule: str) -> tuple[str, str]:
    return "rejected", rule


def stop(rule: str) -> tuple[str, str]:
    return "quarantined", rule


def page(n: int, charset: str = "utf-8") -> bytes:
    body = "".join(f"<p>{part}</p>" for part in article(n).split("\n\n"))
    return f"<html><head><meta charset={charset}><title>Report {n}</title></head><body>{body}</body></html>".encode(
        charset
    )


def lines(*numbers: int) -> bytes:
    return b"".join(json.dumps({"id": f"i{n}", "text": article(n)}).encode() + b"\n" for n in numbers)


def table(*numbers: int, delimiter: str = ",") -> str:
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter).writerows([["id", "text"], *([f"i{n}", article(n)] for n in numbers)])
    return sink.getvalue()


def feed(*numbers: int) -> str:
    items = "".join(f"<item><guid>g{n}</guid><description>{article(n)}</description></item>" for n in numbers)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


def crawl(*numbers: int) -> list[bytes]:
    return [warc_record(response(page(n)), n) for n in numbers]


NFD = unicodedata.normalize("NFD", "Größe é.txt")
FILES: dict[str, tuple[bytes, list[tuple[str, str | None]]]] = {
    # names that say something else than the content
    "page.txt": (page(1), [ANY]),
    "text.html": (article(2).encode(), [ANY]),
    "rows.csv": (lines(3, 4), [ANY] * 2),
    "table.json": (table(5).encode(), [ANY]),
    "feed.html": (feed(6).encode(), [ANY]),
    "page.jsonl": (page(7), [ANY]),
    "noname": (page(8), [ANY]),
    "crawl.html": (b"".join(crawl(9)), [ANY]),
    "saved.txt": (mhtml(page(10), "base64"), [ANY]),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(99), [no("binary")]),
    "book.pdf": (b"%PDF-1.7\n" + b"x" * 99, [no("unsupported_format")]),
    "paper.txt": (b"%PDF-1.7\n" + b"x" * 99, [no("unsupported_format")]),
    "letter.docx": (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), [no("unsupported_format")]),
    "mail.eml": (b"From: a@example.com\nSubject: x\n\nHello.", [no("unsupported_format")]),
    # compression around compression, and lies about it
    "a.txt.gz": (gzip.compress(article(11).encode()), [ANY]),
    "a.txt.bz2": (bz2.compress(article(12).encode()), [ANY]),
    "a.txt.xz": (lzma.compress(article(13).encode()), [ANY]),
    "a.txt.zst": (zstandard.compress(article(14).encode()), [ANY]),
    "plain.gz": (article(15).encode(), [ANY]),
    "zst.gz": (zstandard.compress(article(16).encode()), [ANY]),
    "twice.gz": (gzip.compress(zstandard.compress(article(17).encode())), [no("binary")]),
    "cut.txt.gz": (gzip.compress(os.urandom(999) + article(18).encode())[:-40], [stop("truncated_compression")]),
    "spoilt.xz": (lzma.compress(article(18).encode())[:60] + b"\0" * 99, [stop("corrupt_compression")]),
    # archives
    "two.zip": (zipped({"a.html": page(19), "b/c.txt": article(20).encode()}), [ANY] * 2),
    "nest.zip": (
        zipped({"in.zip": zipped({"deep.tar.gz": gzip.compress(tarred({"x.txt": article(21).encode()}))})}),
        [ANY],
    ),
    "deep.zip": (
        zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"4.txt": b"x"})})})}),
        [stop("nesting_limit")],
    ),
    "empty.zip": (zipped({}), [no("empty_file")]),
    "torn.zip": (zipped({"a.txt": b"x" * 99})[:60], [stop("corrupt_archive")]),
    "out.tar": (tarred({"../out.txt": b"x", "in.txt": article(22).encode()}), [stop("member_outside"), ANY]),
    "torn.tar": (
        tarred({"a.txt": article(23).encode(), "b.txt": b"y" * 5000})[:5000],
        [ANY, stop("truncated_archive")],
    ),
    "zip.tar": (zipped({"a.txt": article(24).encode()}), [ANY]),
    "bomb.gz": (gzip.compress(bytes(9_000_000)), [stop("expansion_limit")]),
    # nothing, or next to nothing
    "empty.txt": (b"", [no("empty_file")]),
    "empty.gz": (gzip.compress(b""), [no("empty_file")]),
    "empty.jsonl": (b"\n\n", [no("empty_file")]),
    "header.csv": (b"id,text\n", [no("empty_file")]),
    "space.txt": (b" \n\t\n", [no("no_article")]),
    "short.txt": (b"Roof mended.", [no("too_short")]),
    ".DS_Store": (b"\0\0\0\1Bud1" + bytes(50), [no("binary")]),
    "Thumbs.db": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), [no("unsupported_format")]),
    # rows of which some are broken
    "mixed.jsonl": (
        lines(25) + b"{broken\n[1]\n" + lines(26) + b'{"x": 1}\n{"text": ""}',
        [ANY, no("malformed_line"), no("malformed_line"), ANY, no("no_text_field"), no("empty_text")],
    ),
    "notext.csv": (b"id,name\n1,x\n", [no("no_text_field")]),
    "list.json": (json.dumps([1, 2]).encode(), [no("malformed_line")] * 2),
    "cut.json": (
        json.dumps([{"text": article(27)}, {"text": article(28)}]).encode()[:-90],
        [ANY, no("malformed_line")],
    ),
    "cut.rss": (feed(29, 30).encode()[:-200], [ANY, stop("malformed_feed")]),
    "torn.warc.gz": (by_record(crawl(31, 32))[:-30], [ANY, stop("truncated_compression")]),
    "fake.parquet": (b"PAR1" + bytes(40) + b"PAR1", [stop("corrupt_table")]),
    "no.mhtml": (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n",
        [stop("malformed_mhtml")],
    ),
    # encodings
    "wide.json": (json.dumps([{"text": article(33)}]).encode("utf-16"), [ANY]),
    "wide.csv": (table(34).encode("utf-16"), [ANY]),
    "wide.txt": (article(35).encode("utf-32"), [ANY]),
    "wide.rss": (feed(36).encode("utf-16"), [ANY]),
    "latin.html": (page(37, "cp1252"), [ANY]),
    "bom.jsonl": (b"\xef\xbb\xbf" + lines(38), [ANY]),
    "nul.txt": (article(39).replace("harbour", "har\0bour").encode(), [ANY]),
    # names
    NFD: (article(40).encode(), [ANY]),
    "new\nline.txt": (article(41).encode(), [ANY]),
    "l" * 250 + ".txt": (article(42).encode(), [ANY]),
    "deep/" * 60 + "a.txt": (article(43).encode(), [ANY]),
    "!/a.txt": (article(44).encode(), [ANY]),
    "back\\slash.txt": (article(45).encode(), [ANY]),
    "UPPER.HTML.GZ": (gzip.compress(page(46)), [ANY]),
    "  spaces .txt": (article(47).encode(), [ANY]),
    "-rf": (article(48).encode(), [ANY]),
    # markup that never ends
    "nested.html": (b"<div>" * 100_000 + b"x", [stop("nesting_limit")]),
    "tags.html": (b"<b>" + b"<br>" * 100_001, [stop("node_limit")]),
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    folder = tmp_path_factory.mktemp("messy") / "p"
    project = new_project(folder, {}, enabled="false", isolate="true")
    raw = folder / "raw"
    for name, (data, _) in FILES.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (raw / os.fsdecode(b"b\xffd.txt")).write_text(article(50))
    (raw / "again.txt").symlink_to("a.txt.gz")
    (raw / "round").symlink_to("round")
    (raw / "up").symlink_to("..")
    (raw / "gone.txt").symlink_to("nowhere")
    (raw / "passwd").symlink_to("/etc/passwd")
    os.mkfifo(raw / "pipe.txt")
    outcome = publish(project)
    assert outcome.folder is not None
    return rows(outcome.folder, "records")


def test_every_file_has_its_records_and_each_record_one_fate_and_its_reason(ledger: list[dict[str, object]]) -> None:
    found: dict[str, list[tuple[str, str | None]]] = {}
    for row in ledger:
        rule = row["reasons"][0]["rule"] if row["reasons"] else None
        name = system_path(str(row["raw_path"]))
        found.setdefault(name, []).append((str(row["fate"]), rule))
    different = {
        name: (fates, found.get(name))
        for name, (_, fates) in FILES.items()
        if sorted(found.get(name, []), key=str) != sorted(fates, key=str)
    }
    assert not different
    links = {name: [rule for _, rule in fates] for name, fates in found.items() if name not in FILES}
    assert links == {
        "again.txt": ["exact_duplicate"], "round": ["symlink_broken"], "up": ["symlink_outside_raw"],
        "gone.txt": ["symlink_broken"], "passwd": ["symlink_outside_raw"], "pipe.txt": ["not_a_regular_file"],
        os.fsdecode(b"b\xffd.txt"): [None],
    }  # fmt: skip


def test_no_reason_is_without_what_was_found_and_what_was_expected(ledger: list[dict[str, object]]) -> None:
    assert len({row["record_id"] for row in ledger}) == len(ledger)
    for row in ledger:
        assert bool(row["reasons"]) == (row["fate"] != "published"), row
        assert all(reason["value"] and reason["threshold"] for reason in row["reasons"]), row
        assert "/" not in str(row["detail"]), row
