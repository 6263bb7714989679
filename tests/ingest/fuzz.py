"""Coverage-guided fuzzing of every reader's entry with atheris, libFuzzer for Python: `python -m tests.ingest.fuzz`.

Arguments are libFuzzer's: a folder of found inputs, then -runs=20000, -max_total_time=60, -seed=1 and so on. The first
byte of an input chooses the file's name, the rest is its content; a violated promise ends the process with a traceback.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["corpus.ingest", "warcio", "tarfile", "zipfile", "email", "csv"]):
    from corpus.ingest.identity import identify
    from corpus.ingest.origin import BytesOrigin
    from corpus.ingest.reading import records_of
    from corpus.ingest.rows import batch_of
    from corpus.ingest.stream import Stream

import pyarrow as pa

from corpus.sections import Ingest, Source
from corpus.working import INPUTS
from tests.ingest.archives import PAGE, by_record, response, tarred, warc_record, zipped
from tests.ingest.test_mhtml import mhtml

LIMITS = Ingest(
    max_record_bytes=20_000, max_expanded_bytes=300_000, expansion_floor_bytes=50_000, max_members=50, max_nesting=2,
    max_header_bytes=4096,
)  # fmt: skip
SOURCE = Source(path="**", name="fuzz")
ROWS = b'{"id": "1", "text": "One \\u00e9 text"}\n{"id": "1", "text": ["a", "b"], "url": "https://x.example/"}\n'
RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><guid>1</guid><title>A</title>'
    b"<description>Text &amp; more</description></item><item><title>B</title></item></channel></rss>"
)
FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "content_text": "One"}]}


def seeds() -> dict[str, bytes]:
    """A small file of each format, by its name."""
    warc = [warc_record(response(PAGE), 1), warc_record(response(gzip.compress(PAGE), {"Content-Encoding": "gzip"}), 2)]
    return {
        "a.html": PAGE, "a.txt": "Größe\n".encode("latin-1"), "a.md": b"# Head\n", "a.jsonl": ROWS, "a.rss": RSS,
        "a.atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content>x</content></entry></feed>',
        "a.json": json.dumps([{"text": "a"}, {"k": [1, {"text": "}"}]}], indent=1).encode(),
        "feed.json": json.dumps(FEED).encode(), "a.csv": b'id,title,text\n1,"a ""b""","x\ny"\n2,,z\n',
        "a.tsv": b"id\ttext\n1\tone\n", "a.warc": b"".join(warc), "a.warc.gz": by_record(warc),
        "a.zip": zipped({"a.html": PAGE, "b/c.jsonl": ROWS, "d.zip": zipped({"e.txt": b"x"})}),
        "a.tar": tarred({"a.html": PAGE, "é" * 60: b"x"}), "a.tar.gz": gzip.compress(tarred({"a.txt": b"text"})),
        "wide.json": json.dumps([{"text": "größer"}, {"k": [1]}]).encode("utf-16"),
        "wide.rss": RSS.decode().encode("utf-16-be"),
        "wide.jsonl": ROWS.decode().encode("utf-32"), "a.gz": gzip.compress(ROWS),
        "a.mhtml": mhtml(PAGE, "quoted-printable"),
    }  # fmt: skip


NAMES = tuple(seeds())


def one_input(data: bytes) -> None:
    """What holds for every file: no exception, a record at least, and each whole in itself."""
    if not data:
        return
    name, content = NAMES[data[0] % len(NAMES)], data[1:]
    records = list(records_of(Stream(BytesOrigin(content), LIMITS), name, SOURCE, LIMITS))
    assert records, "no record"
    for record in records:
        assert (record.payload is None) == (record.fault is not None), record
        assert (record.byte_start is None) == (record.byte_end is None), record
        if record.byte_start is not None and record.byte_end is not None:
            assert 0 <= record.byte_start <= record.byte_end <= LIMITS.max_expanded_bytes, record
        if record.payload is not None:
            assert len(record.payload) <= LIMITS.max_record_bytes, record
            assert hashlib.sha256(record.payload).hexdigest() == record.sha256, record
    batch = batch_of(records, name, "fuzz", 0)
    batch.validate(full=True)
    ids = identify(pa.Table.from_batches([batch]).select(INPUTS.names)).to_pylist()
    assert len(set(ids)) == len(ids), "two records of one id"


def main() -> None:
    """Write the seeds into the folder that is named, and fuzz."""
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for number, (name, data) in enumerate(seeds().items()):
        for folder in folders[:1]:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(bytes([number]) + data)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
