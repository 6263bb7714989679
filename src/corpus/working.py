"""The working tables that stages hand to one another, once. None of them is published as it stands.

`run` stores them; stages read and write them as Arrow batches. Timestamps are UTC microseconds, digests lower-case hex.
"""

from __future__ import annotations

import pyarrow as pa

from corpus.columns import REASONS, STRINGS, UTC
from corpus.signals import OF_CORPUS
from corpus.tables import TABLES

S, I, F, B = pa.string(), pa.int64(), pa.float64(), pa.bool_()

FIELDS = pa.struct(
    [
        ("url", S), ("title", S), ("authors", STRINGS), ("published_at", S), ("modified_at", S), ("retrieved_at", S),
        ("site_name", S), ("language", S), ("section", S), ("description", S), ("keywords", STRINGS),
        ("headers", STRINGS),  # "name: value" of the HTTP headers that formats.toml lists
    ]
)  # fmt: skip
"""What a structured record (a JSONL row, a feed entry) says of itself, as written; all null for plain files."""

INPUTS = pa.schema(
    [
        ("raw_path", S),  # below raw/, with / ; a member of an archive adds !/ and its name
        ("entry", I),  # place among the file's records, from 0: for order of reading only, never in an id
        ("record_id", S),
        ("source", S),
        ("own_id", S),  # the record's own id: mapped id, feed guid, WARC-Record-ID; null where it has none
        ("byte_start", I), ("byte_end", I), ("sha256", S),  # of the payload
        ("media_type", S), ("charset", S),  # charset: as the transport declares it (HTTP header), else null
        ("structured", S),  # origin of `fields`: mapped | feed | http (a page with what its transport says); else null
        ("fields", FIELDS),
        ("fate", S),  # null: goes on; rejected or quarantined: ends here
        ("reasons", REASONS), ("detail", S),
    ]
)  # fmt: skip
"""One row per raw record that ingest found: the first half of the ledger."""

PAYLOAD = [
    pa.field("payload", pa.large_binary()),  # the record's bytes; null where its fate is set
    pa.field("content", pa.large_string()),  # the article itself where the record is structured (row's text field)
    pa.field("content_type", S),  # what `content` is: text/plain, text/markdown or text/html
]
READ = pa.schema([*INPUTS, *PAYLOAD])
"""What `ingest` yields: INPUTS and the payload. `run` keeps the payload only until `clean` has read it."""

PARAGRAPH = pa.struct(
    [("start_char", I), ("end_char", I), ("raw_start_byte", I), ("raw_end_byte", I), ("role", S), ("sentence", B)]
)
"""A paragraph as published, and whether it ends as sentences do."""
ANCHOR = pa.struct([("start_char", I), ("end_char", I), ("anchor_text", S), ("url", S), ("section", S), ("method", S)])
"""A link that extraction saw in the markup: span in text (null when not inline), words, address as written."""
SIGNALS = pa.struct(
    [pa.field(c.name, c.type) for c in TABLES["quality"].columns if c.name not in ("article_id", *OF_CORPUS)]
)

_FROM_ARTICLES = (
    "title", "authors", "published_at", "modified_at", "retrieved_at", "published_at_precision", "published_at_source",
    "modified_at_precision", "modified_at_source",
    "url", "canonical_url", "host", "language", "language_score", "section", "keywords", "text", "text_sha256",
    "n_words", "n_chars", "description", "site_name", "license", "rights",
    "personal_data", "truncated", "correction",
)  # fmt: skip
DOCUMENTS = pa.schema(
    [
        ("record_id", S),
        *((name, TABLES["articles"].column(name).type) for name in _FROM_ARTICLES),
        ("canonical_counts", B),  # the canonical URL identifies the article (contract: more than /, on its own host)
        ("paragraphs", pa.list_(PARAGRAPH)),
        ("anchors", pa.list_(ANCHOR)),
        ("signals", SIGNALS),
        ("fate", S),  # null: goes on
        ("reasons", REASONS),
        ("detail", S),
    ]
)
"""One row per record that `clean` read: the article's text and what its page says, or the fate that it met there."""

JUDGED = pa.schema([("record_id", S), ("fate", S), ("reasons", REASONS), ("detail", S)])
"""`clean`'s verdict on a document; fate null: goes on."""

SIGNATURES = pa.schema(
    [
        ("record_id", S),
        ("words_sha256", S),  # digest of the normalised words: equal text
        ("n_shingles", I),
        ("minhash", pa.binary()),  # n_perm little-endian uint32
        ("samples", pa.binary()),  # sorted distinct little-endian uint64: winnowed 5-grams, for contained articles
        ("paragraphs", pa.binary()),  # little-endian uint64 each: hash of its normalised words; 0 where it has none
        ("paragraph_words", pa.binary()),  # little-endian uint16 each: how many words
        ("shingles", pa.binary()),  # sorted distinct little-endian uint64 hashes of word 5-grams (wide: read per pair)
    ]
)
"""One row per document that goes on: what `dedup` remembers of a text."""

REFERENCE = pa.schema(
    [
        ("row_id", S),  # its id column, else the file's name and the row's number
        ("entries", pa.binary()),  # sorted distinct little-endian uint64: samples, or all shingles of a short row
        ("shingles", pa.binary()),
        ("ngrams", pa.binary()),  # the same of longer runs of words, where the settings ask for them
    ]
)
"""One row per row of a corpus that records are held against."""

MATCHES = pa.schema(
    [
        ("record_id", S),
        (
            "matches",  # one for each reference that the record matches: its best row
            pa.list_(pa.struct([("reference", S), ("row_id", S), ("measure", S), ("value", F), ("threshold", F)])),
        ),
    ]
)
"""One row per document that goes on: the rows of other corpora that it matches."""

KEYS = pa.schema(
    [
        ("record_id", S), ("source", S), ("own_id", S), ("sha256", S), ("text_sha256", S), ("raw_path", S),
        ("url", S), ("canonical_url", S), ("canonical_counts", B), ("host", S), ("title", S), ("truncated", B),
        ("published_at", UTC), ("modified_at", UTC), ("retrieved_at", UTC), ("n_words", I), ("n_chars", I),
        ("language", S), ("on_duplicate", S),
    ]
)  # fmt: skip
"""The narrow columns of the documents that go on, on which `dedup` decides."""

TAKEN_OVER = pa.struct(
    [
        ("title", S), ("authors", STRINGS), ("published_at", UTC), ("published_at_precision", S), ("modified_at", UTC),
        ("modified_at_precision", S), ("section", S), ("site_name", S), ("description", S), ("url", S),
        ("canonical_url", S),
    ]
)  # fmt: skip
"""Metadata that the survivor lacked and a folded copy had (null: nothing taken over)."""

REPEATED = pa.schema([("record_id", S), ("repeated", pa.list_(I)), ("boilerplate_ratio", F)])
"""The places of a record's paragraphs that are its host's repeated lines, and their share of its characters."""

FOLDS = pa.schema(
    [
        ("record_id", S),
        ("fate", S),  # published | duplicate | rejected
        ("article_id", S),  # set when published
        ("kept_article_id", S),  # set when folded
        ("reasons", REASONS),
        ("detail", S),
        (
            "below",
            S,
        ),  # the published record that it is a copy or earlier version of, published itself or not
        ("n_duplicates", I),  # of a published record: records folded into it
        ("taken_over", TAKEN_OVER),
    ]
)
"""One row per document that goes on: what `dedup` decided."""

COPIED = pa.struct([("paragraph_index", I), ("duplicate_of_article_id", S), ("duplicate_of_paragraph_index", I)])
"""A paragraph and the one with equal words in the earliest article that holds it."""

POINTED = pa.schema([("record_id", S), ("copied", pa.list_(COPIED)), ("duplicate_paragraph_share", F)])
"""One row per published record: its paragraphs that an earlier article holds, and their share of its words."""

DERIVED = TABLES["derivations"].schema

ARTICLE_INPUT = pa.schema(
    [
        ("record_id", S), ("title", S), ("text", S), ("language", S), ("url", S), ("canonical_url", S),
        ("anchors", pa.list_(ANCHOR)), ("paragraphs", pa.list_(PARAGRAPH)),
    ]
)  # fmt: skip
"""What annotating an article by itself sees."""

MENTION = pa.struct(
    [
        ("start_char", I), ("end_char", I), ("surface", S), ("label", S),
        ("name", S),  # normalised name that resolution groups by; null for values
        ("value", S), ("unit", S), ("anchor", S), ("method", S), ("score", F),
    ]
)  # fmt: skip
LINK = pa.struct(
    [
        ("start_char", I), ("end_char", I), ("anchor_text", S), ("url", S), ("canonical_url", S), ("host", S),
        ("host_class", S), ("section", S), ("flags", STRINGS), ("method", S),
    ]
)  # fmt: skip
ANNOTATIONS = pa.schema([("record_id", S), ("mentions", pa.list_(MENTION)), ("links", pa.list_(LINK))])
"""One row per article: what annotating it by itself found."""

NAMES = pa.schema([("article_id", S), ("label", S), ("name", S), ("surface", S), ("n", I), ("published_at", UTC)])
"""The narrow rows that entity resolution sees: each distinct (label, name, surface) of an article, with its count."""

NAMED = pa.schema([("article_id", S), ("label", S), ("name", S), ("entity_id", S)])
"""What resolution decided: the entity of each (label, name) of an article."""

CITING = pa.schema([("article_id", S), ("canonical_url", S), ("start_char", I), ("end_char", I), ("section", S)])
"""The narrow rows of links on which citations are found."""
ADDRESSES = pa.schema([("article_id", S), ("url", S), ("canonical_url", S)])
"""Each published article's own addresses."""
TARGETS = pa.schema([("canonical_url", S), ("article_id", S)])
"""Link address -> the article of the corpus that has it."""

WORKING: dict[str, pa.Schema] = {
    "read": READ, "inputs": INPUTS, "documents": DOCUMENTS, "judged": JUDGED, "signatures": SIGNATURES,
    "matches": MATCHES, "keys": KEYS, "folds": FOLDS, "repeated": REPEATED, "derived": DERIVED, "pointed": POINTED,
    "article_input": ARTICLE_INPUT, "annotations": ANNOTATIONS, "names": NAMES, "named": NAMED,
    "citing": CITING, "addresses": ADDRESSES, "targets": TARGETS,
}  # fmt: skip
"""Every working table by name, for the wiring check and for fingerprints."""
