"""The verb `extract`: payloads to documents, record by record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from lxml import etree

from corpus.clean.addresses import has_path, host_of
from corpus.clean.assemble import Locate, assemble, nowhere
from corpus.clean.byte_map import ByteMap
from corpus.clean.decode import Decoded, decode, decode_row
from corpus.clean.document import Block, Body, Facts, Quarantined, Read
from corpus.clean.fields import Fields, field_facts, fields_of, merged
from corpus.clean.inside import inside
from corpus.clean.language import identify
from corpus.clean.lines import ends_sentence
from corpus.clean.markdown import read_markdown
from corpus.clean.masking import masked
from corpus.clean.page import prepared
from corpus.clean.personal import Find, find_personal, lists
from corpus.clean.phrases import phrases
from corpus.clean.plain import read_plain
from corpus.clean.provenance import Stream
from corpus.clean.signals import Source as SignalSource
from corpus.clean.signals import Values, measure
from corpus.clean.suspicious import suspicious
from corpus.clean.transport import with_headers
from corpus.clean.truncation import breaks_off
from corpus.clean.web import read_fragment, read_web
from corpus.sections import Clean, Privacy, Source
from corpus.tables import TABLES
from corpus.working import DOCUMENTS

HTML = frozenset({"text/html", "application/xhtml+xml"})
MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})
FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    AssertionError,
    LookupError,
    etree.LxmlError,
    MemoryError,
)
"""What libraries raise on input that they did not foresee. Each costs its record, never the run."""
NO_SIGNALS = {column.name: None for column in TABLES["quality"].columns if column.name != "article_id"}

Row = dict[str, object]


@dataclass(frozen=True)
class Record:
    """A row of READ as this room uses it."""

    record_id: str
    source: str
    media_type: str
    charset: str | None
    structured: str | None
    fields: Fields
    payload: bytes
    content: str | None
    content_type: str | None


@dataclass(frozen=True)
class _Text:
    """What was read, with what it was read from."""

    read: Read
    locate: Locate
    encoding: str | None
    evidence: str | None


def extract(
    batch: pa.RecordBatch, settings: Clean, sources: Mapping[str, Source], privacy: Privacy | None = None
) -> pa.RecordBatch:
    """The article of each record, as rows of DOCUMENTS in the same order.

    Args: `batch`, rows of READ whose fate is null; `sources`, [[source]] tables by name, which may lack a row's own.
    `privacy` says which personal data is masked. A record that can't be processed has the fate `quarantined` and a
    reason; no input raises.
    """
    phrases(), suspicious(), lists()  # a fault in our own data is no fault of a record
    rows = [_document(_record(row), settings, sources, privacy or Privacy()) for row in batch.to_pylist()]
    return pa.RecordBatch.from_pylist(rows, schema=DOCUMENTS)


def _record(row: Mapping[str, object]) -> Record:
    def string(name: str) -> str | None:
        value = row[name]
        return value if isinstance(value, str) else None

    payload = row["payload"]
    return Record(
        record_id=string("record_id") or "",
        source=string("source") or "",
        media_type=(string("media_type") or "").partition(";")[0].strip().lower(),
        charset=string("charset"),
        structured=string("structured"),
        fields=fields_of(row["fields"]),
        payload=payload if isinstance(payload, bytes) else b"",
        content=string("content"),
        content_type=string("content_type"),
    )


def _document(record: Record, settings: Clean, sources: Mapping[str, Source], privacy: Privacy) -> Row:
    source = sources.get(record.source)
    try:
        return _article(record, settings, source, privacy)
    except Quarantined as stop:
        return _quarantined(record, stop)
    except FAULTS as fault:
        name = type(fault).__name__
        return _quarantined(record, Quarantined("extraction_failed", name, "", f"extraction ended with {name}"))


def _article(record: Record, settings: Clean, source: Source | None, privacy: Privacy) -> Row:
    zone = source.timezone if source else "UTC"
    text = _read(record, settings, zone, source.publisher if source else None)
    own = field_facts(record.fields, record.structured, zone)
    facts = with_headers(merged(own, text.read.facts), record.fields.headers)
    body = assemble(text.read.blocks, text.locate, mojibake=settings.repair_mojibake)
    language = identify(body.text, facts.title, facts.language or (source.language if source else None))
    facts = replace(
        facts,
        site_name=facts.site_name or (source.publisher if source else None),
        license=facts.license or (source.license if source else None),
    )
    finds = find_personal(body.text, language.code)
    body, facts, finds = masked(body, facts, finds, privacy, language.code)
    signals, n_words = measure(body, _measured_from(record, text, finds))
    row = _row(record, facts, body, signals, n_words) | {"language": language.code, "language_score": language.score}
    row["personal_data"] = [{"kind": f.kind, "start_char": f.start, "end_char": f.end} for f in finds]
    row["detail"] = f"decoded as {text.encoding}: {text.evidence}" if text.encoding else None
    kind = text.read.kind
    if kind is not None and kind.rule in settings.page_kinds:
        row |= {"fate": "rejected", "reasons": [vars(kind)]}
    return row


def _measured_from(record: Record, text: _Text, finds: Sequence[Find]) -> SignalSource:
    as_read = "".join(run.text for block in text.read.blocks for run in block.runs)
    return SignalSource(len(record.payload), text.encoding, text.evidence, text.read.hidden, as_read, finds)


def _read(record: Record, settings: Clean, zone: str, publisher: str | None) -> _Text:
    title = record.fields.title
    if record.content is not None:
        kind = (record.content_type or "text/plain").partition(";")[0].strip().lower()
        if kind in HTML:
            read = read_fragment(record.content, settings, title=title)
        elif kind in MARKDOWN:
            read = read_markdown(record.content, zone=zone, titled=title is None)
        else:
            read = read_plain(record.content, titled=False)
        return _Text(read, _content_places(record, read.lines, is_markup=kind in HTML), None, "structured")
    if record.structured not in (None, "http"):  # a page that came with its HTTP headers is a page
        return _Text(Read(()), nowhere, None, "structured")
    decoded = decode(record.payload, record.charset)
    if record.media_type in HTML:
        written = decoded.written(record.payload)
        read = read_web(decoded.text, settings, zone=zone, publisher=publisher, written=written)
        return _Text(read, _markup_places(record.payload, decoded, read), decoded.encoding, decoded.evidence)
    read = read_markdown(decoded.text, zone=zone) if record.media_type in MARKDOWN else read_plain(decoded.text)
    return _Text(read, _source_places(record.payload, decoded), decoded.encoding, decoded.evidence)


def _source_places(payload: bytes, decoded: Decoded) -> Locate:
    """Blocks know their place in the decoded text: it is only to be turned into bytes."""

    def locate(blocks: Sequence[Block]) -> list[tuple[int, int] | None]:
        places = ByteMap(payload, decoded)
        return [places.bytes_of(*block.source) if block.source else None for block in blocks]

    return locate


def _markup_places(payload: bytes, decoded: Decoded, read: Read) -> Locate:
    """Blocks are looked for in what the markup spells out."""

    def locate(blocks: Sequence[Block]) -> list[tuple[int, int] | None]:
        spans = Stream(read.source).locate(blocks, read.lines)
        places = ByteMap(payload, decoded)
        return [places.bytes_of(*span) if span else None for span in spans]

    return locate


def _content_places(record: Record, lines: Sequence[str], *, is_markup: bool) -> Locate:
    """Blocks are found in the content that a reader took out of its payload, and that in the payload."""

    def locate(blocks: Sequence[Block]) -> list[tuple[int, int] | None]:
        content = record.content or ""
        try:
            decoded = decode_row(record.payload, record.charset)
        except Quarantined:
            return nowhere(blocks)
        places, way = ByteMap(record.payload, decoded), inside(decoded.text, content)
        spans = [block.source for block in blocks]
        if way is None and is_markup:  # a feed whose content is markup itself (Atom's type="xhtml")
            spans = Stream(prepared(decoded.text)).locate(blocks, lines)
            return [places.bytes_of(*span) if span else None for span in spans]
        if way is None:
            return nowhere(blocks)
        if is_markup:
            spans = Stream(prepared(content)).locate(blocks, lines)
        there = [way.span(*span) if span else None for span in spans]
        return [places.bytes_of(*span) if span else None for span in there]

    return locate


def _row(record: Record, facts: Facts, body: Body, signals: Values, n_words: int) -> Row:
    canonical_url = facts.canonical_url
    address = facts.url or canonical_url
    return {
        "record_id": record.record_id,
        "title": facts.title,
        "authors": list(facts.authors),
        "published_at": facts.published.at if facts.published else None,
        "published_at_precision": facts.published.precision if facts.published else None,
        "published_at_source": facts.published.source if facts.published else None,
        "modified_at": facts.modified.at if facts.modified else None,
        "modified_at_precision": facts.modified.precision if facts.modified else None,
        "modified_at_source": facts.modified.source if facts.modified else None,
        "retrieved_at": facts.retrieved_at,
        "url": facts.url,
        "canonical_url": canonical_url,
        "host": host_of(address),
        "section": facts.section,
        "keywords": list(facts.keywords),
        "text": body.text,
        "text_sha256": hashlib.sha256(body.text.encode()).hexdigest(),
        "n_words": n_words,
        "n_chars": len(body.text),
        "description": facts.description,
        "site_name": facts.site_name,
        "license": facts.license,
        "rights": [vars(right) for right in facts.rights],
        "truncated": breaks_off(body.text, body.paragraphs, body.anchors),
        "correction": body.correction,
        "canonical_counts": _counts(canonical_url, facts.url),
        "paragraphs": [
            vars(p) | {"sentence": ends_sentence(body.text[p.start_char : p.end_char])} for p in body.paragraphs
        ],
        "anchors": [vars(anchor) for anchor in body.anchors],
        "signals": signals,
        "fate": None,
        "reasons": [],
        "detail": None,
    }


def _counts(canonical_url: str | None, url: str | None) -> bool:
    """Whether the canonical URL identifies the article: it says more than `/`, and lies on the record's own host."""
    if canonical_url is None or not has_path(canonical_url):
        return False
    return host_of(canonical_url) == host_of(url or canonical_url)


def _quarantined(record: Record, stop: Quarantined) -> Row:
    row: Row = dict.fromkeys(DOCUMENTS.names)
    return row | {
        "record_id": record.record_id,
        "fate": "quarantined",
        "reasons": [{"rule": stop.rule, "value": stop.value, "threshold": stop.threshold}],
        "detail": stop.detail,
    }
