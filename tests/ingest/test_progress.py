"""A step that killed the process is passed over when the file is read again, and costs one record.

Nothing dies here: every step of a file is taken for one that did, each once.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.ingest import Progress, lost_record
from corpus.ingest.origin import BytesOrigin
from corpus.ingest.own import readers_of
from corpus.ingest.reading import records_of
from corpus.ingest.record import Record
from corpus.ingest.registry import READERS
from corpus.ingest.sniffing import Readers
from corpus.ingest.stream import Stream
from corpus.sections import Ingest, Source
from tests.ingest.archives import by_record, response, tarred, warc_record, zipped

LIMITS = Ingest()
LOST = lost_record("worker_died", LIMITS.max_cpu_seconds)
ROWS = [{"id": str(n), "text": f"The ferry number {n} left."} for n in range(5)]
LINES = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)


def table() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), sink, row_group_size=2)
    return sink.getvalue()


def feed() -> bytes:
    items = "".join(f"<item><guid>{r['id']}</guid><description>{r['text']}</description></item>" for r in ROWS)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def pages() -> list[bytes]:
    return [f"<html><body><p>{row['text']}</p></body></html>".encode() for row in ROWS]


FILES = {
    "a.jsonl": LINES,
    "a.jsonl.gz": gzip.compress(LINES),
    "wide.jsonl": LINES.decode().encode("utf-16"),
    "a.json": json.dumps(ROWS).encode(),
    "a.csv": b"id,text\n" + b"".join(f'{r["id"]},"{r["text"]}\nAnd more."\n'.encode() for r in ROWS),
    "a.rss": feed(),
    "a.parquet": table(),
    "a.warc.gz": by_record([warc_record(response(page), n) for n, page in enumerate(pages())]),
    "a.zip": zipped({f"{n}.html": page for n, page in enumerate(pages())}),
    "a.tar": tarred({f"{n}.html": page for n, page in enumerate(pages())}),
    "rows.tar": tarred({"a.html": pages()[0], "rows.jsonl": LINES, "z.html": pages()[1]}),
    "a.html": pages()[0],
}
BY_ROW = ("a.jsonl", "a.jsonl.gz", "wide.jsonl", "a.json", "a.csv", "a.rss", "a.warc.gz")
"""Formats of which each record has its bytes."""


def read(name: str, progress: Progress, readers: Readers = READERS) -> list[Record]:
    stream = Stream(BytesOrigin(FILES[name]), LIMITS)
    return list(records_of(stream, name, Source(path="**", name="x"), LIMITS, readers, progress=progress))


def steps_of(name: str) -> int:
    told: list[int] = []
    read(name, Progress(tell=told.append))
    assert told == list(range(1, len(told) + 1))
    return len(told)


def known(record: Record) -> tuple[object, ...]:
    return record.member, record.byte_start, record.byte_end, record.sha256, record.own_id


@pytest.mark.parametrize("name", FILES)
def test_a_step_that_killed_costs_its_record_or_what_is_left_of_its_file(name: str) -> None:
    whole = [known(record) for record in read(name, Progress())]
    costs = []
    for step in range(1, steps_of(name) + 1):
        records = read(name, Progress({step: LOST}))
        lost = [record for record in records if record.fault is not None]
        assert len(lost) == 1 or len(records) == len(whole)  # it was looking behind the last one
        assert all(one.fault == LOST or one.payload is None for one in lost)
        kept = [known(record) for record in records if record.fault is None]
        assert [place for place in whole if place in set(kept)] == kept
        costs.append(len(whole) - len(kept))
        assert records == read(name, Progress({step: LOST}))
    assert costs.count(1) >= len(whole)  # at least the steps in which a record is taken apart


@pytest.mark.parametrize("name", BY_ROW)
def test_what_is_passed_over_keeps_its_place_and_no_byte_is_without_a_record(name: str) -> None:
    whole = [known(record)[1:3] for record in read(name, Progress())]
    size = Stream(BytesOrigin(FILES[name]), LIMITS).skip(sys.maxsize)
    alone = 0
    for step in range(2, steps_of(name)):
        records = read(name, Progress({step: LOST}))
        for lost in (record for record in records if record.fault is not None):
            place = (lost.byte_start, lost.byte_end)
            end = max((record.byte_end or 0 for record in records[:-1]), default=0)
            alone += place in whole
            heads = [(place[0], end + 4) for _, end in whole]  # of a WARC: with its header and the lines behind it
            assert place in (*whole, *heads, (end, size), (None, None))
    assert alone >= len(whole)


def test_members_behind_one_that_killed_are_read() -> None:
    runs = [read("rows.tar", Progress({step: LOST})) for step in range(1, steps_of("rows.tar") + 1)]
    dead = [records for records in runs if [one.member for one in records if one.fault] == ["rows.jsonl"]]
    assert len(dead) > len(ROWS)
    assert all(records[-1].member == "z.html" and records[-1].fault is None for records in dead)


@pytest.mark.parametrize("name", FILES)
def test_behind_the_last_restart_the_rest_is_fated_and_nothing_disappears(name: str) -> None:
    steps = steps_of(name)
    whole = read(name, Progress())
    for last in range(2, steps):
        records = read(name, Progress({2: LOST, last: LOST}, limit=2 if last > 2 else 1))
        good = [record for record in records if record.fault is None]
        assert [known(r) for r in whole if known(r) in set(map(known, good))] == list(map(known, good))
        assert any(r.fault is not None for r in records)
        members = {record.member for record in records}
        if name.endswith((".zip", ".tar")) and None not in members:
            assert members == {record.member for record in whole}


OWN = """
class Words:
    suffixes = {{'.words': 'text/x-words'}}

    def recognise(self, head):
        return None

    def read(self, stream, task):
        from corpus.ingest.reader import whole, Record
        import hashlib
        file = whole(stream, 'text/plain', task.settings)
        at = 0
        for word in file.payload.split(b' '):
            place = (at, at + len(word), hashlib.sha256(word).hexdigest(), 'text/plain')
            at += len(word) + 1
            {body}

READER = Words()
"""
ASKS = """if (lost := task.begin()) is not None:
                yield Record(*place, fault=lost)
                continue
            yield Record(*place, payload=word)"""


@pytest.mark.parametrize(("body", "asked"), [("yield Record(*place, payload=word)", 1), (ASKS, 1 + 4)])
def test_a_reader_of_a_project_may_say_itself_where_a_record_begins(tmp_path: Path, body: str, asked: int) -> None:
    (tmp_path / "words.py").write_text(OWN.format(body=body))
    readers = readers_of(tmp_path)
    FILES["a.words"] = b"one two three four"
    try:
        steps = steps_of_own(readers)
        kept = [
            [r.payload for r in read("a.words", Progress({step: LOST}), readers) if r.fault is None] for step in steps
        ]
    finally:
        del FILES["a.words"]
    assert sum(len(words) == 3 for words in kept) == asked
    assert [b"one", b"two"] in kept


def steps_of_own(readers: Readers) -> range:
    told: list[int] = []
    read("a.words", Progress(tell=told.append), readers)
    return range(1, len(told) + 1)
