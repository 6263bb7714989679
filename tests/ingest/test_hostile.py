"""Input that is made to hurt: each pattern and scanner is given what it would take quadratic time or memory for.

None of these is timed. What is quadratic takes hours at this size, and the tests' own time limit ends it.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import pytest

from corpus.ingest.feed_entry import too_many_people
from corpus.ingest.origin import BytesOrigin
from corpus.ingest.reading import records_of
from corpus.ingest.record import Record
from corpus.ingest.stream import Stream
from corpus.sections import Ingest, Source
from tests.ingest.archives import response, warc_record
from tests.ingest.conftest import read_all, rule

N = 400_000


def item(inner: bytes) -> bytes:
    head = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item>'
    return head + inner + b"</item></channel></rss>"


def entities(levels: int) -> bytes:
    """A document whose last entity stands for 4 ** levels times the first (a billion laughs)."""
    made = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 4) for n in range(1, levels))
    start = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "' + b"x" * 1000 + b'">' + made + b"]><rss><channel>"
    return start + b"<item><description>&a%d;</description></item></channel></rss>" % (levels - 1)


def read(name: str, data: bytes) -> list[Record]:
    limits = Ingest()
    return list(records_of(Stream(BytesOrigin(data), limits), name, Source(path="**", name="x"), limits))


HOSTILE = {
    "an attribute of a megabyte": ("a.rss", item(b'<description x="' + b"a" * N * 3 + b'">t</description>')),
    "white space": ("a.rss", item(b"<description>" + b" \n" * (N // 4) + b"x</description>")),
    "markup in a title": ("a.rss", item(b"<title>" + b"&lt;a " * (N // 6) + b"</title><description>x</description>")),
    "declarations in a text": ("a.rss", item(b"<description>" + b"<!" * (N // 8) + b"</description>")),
    "a date of digits": ("a.rss", item(b"<pubDate>" + b"1 " * N + b"</pubDate><description>x</description>")),
    "an author without end": ("a.rss", item(b"<author>" + b"a" * N + b"</author><description>x</description>")),
    "line feeds before the first entry": ("a.rss", b"<rss><channel>" + b"\n" * 60_000 + item(b"")[68:]),
    "declarations of XML": ("a.rss", b"<rss>" + b"<?xml " * 10_000 + b"</rss>"),
    "entities of entities": ("a.rss", entities(30)),
    "an entry without end": ("a.rss", item(b"<description>" + b"x" * N * 3)[:-30]),
    "white space in keywords": ("a.json", json.dumps({"text": "x", "keywords": "a" + " " * N + "b"}).encode()),
    "backslashes": ("a.json", b'[{"text": "' + b"\\\\" * N + b'"}]'),
    "quotes that are escaped in no string": ("a.jsonl", b'{"a":' + b"[" * 300 + b'"b",' + b'\\"' * N + b"}"),
    "the same in a document": ("a.json", b'{"a": [], ' + b'\\"' * N + b"}"),
    "nesting": ("a.json", b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]"),
    "nesting in a line": ("a.jsonl", b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b'}\n{"text": "x"}'),
    "a key without end": ("a.json", b'{"' + b"k" * N * 3 + b'": ["x"'),
    "quotes": ("a.csv", b"id,text\n1," + b'"' * N + b"\n"),
    "comments": ("a.html", b"<!--" * N),
    "versions without a header": ("a.warc", b"WARC/1.0\r\n" * (N // 10)),
    "headers without a length": ("a.warc", b"WARC/1.0\r\nX: y\r\n\r\n" * (N // 80)),
    "continued lines": ("a.warc", b"WARC/1.0\r\nX: " + b"\r\n y" * (N // 4) + b"\r\n\r\n"),
    "charsets": (
        "a.warc",
        warc_record(b"HTTP/1.1 200 OK\r\nContent-Type: " + b"charset = " * (N // 10) + b"\r\n\r\nx"),
    ),
    "chunks of a byte": ("a.warc", warc_record(response(b"1\r\nx\r\n" * (N // 6), {"Transfer-Encoding": "chunked"}))),
    "boundaries": (
        "a.mhtml",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n" + b"--b\n" * (N // 8),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_as_records(name: str) -> None:
    records = read(*HOSTILE[name])
    assert records
    assert all(len(record.content or "") <= 8 * N for record in records)


def test_an_element_of_people_is_measured_to_its_end() -> None:
    assert too_many_people(b"<author><name>Ada</name></author><dc:creator>Bob</dc:creator>") is None
    assert too_many_people(b"<dc:creator><![CDATA[</" + b"a" * 9000 + b"]]></dc:creator>") == 9015
    assert too_many_people(b"<author>" + b"a" * 9000) == 9001


def test_nulls_surrogates_and_controls_are_no_end() -> None:
    (record,) = read("a.jsonl", b'{"text": "a\\u0000b \\ud800 c", "title": "\\udfff"}')
    assert record.content == "a\0b \ufffd c"
    assert record.fields is not None and record.fields.title == "\ufffd"


def test_members_of_a_zip_that_lie_within_one_another_are_not_unpacked(raw: Path) -> None:
    name, data = b"a.txt", b"The council met. " * 1000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    sizes = (zlib.crc32(data), len(packed), len(data), len(name), 0)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, *sizes) + name + packed
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, *sizes, 0, 0, 0, 0, 0) + name
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 50, 50, 50 * len(entry), len(local), 0)
    (raw / "all.zip").write_bytes(local + 50 * entry + end)
    assert [rule(row) for row in read_all(raw)] == [None] + ["corrupt_archive"] * 49
