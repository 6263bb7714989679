"""The readers that there are, one per format: the first that recognises the content wins, then the name's suffix."""

from __future__ import annotations

from corpus.ingest.columnar import ParquetReader
from corpus.ingest.delimited import CsvReader
from corpus.ingest.document import HtmlReader
from corpus.ingest.feed import FeedReader
from corpus.ingest.json_document import JsonReader
from corpus.ingest.jsonl import JsonlReader
from corpus.ingest.mhtml import MhtmlReader
from corpus.ingest.sniffing import TEXT, Readers
from corpus.ingest.tar import TarReader
from corpus.ingest.warc import WarcReader
from corpus.ingest.zip import ZipReader

READERS = Readers(
    own=(),
    binary=(WarcReader(), ZipReader(), TarReader(), ParquetReader(), MhtmlReader()),
    text=(FeedReader(), HtmlReader(), JsonReader(), JsonlReader(), CsvReader(), TEXT),
)
