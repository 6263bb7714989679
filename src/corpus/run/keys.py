"""Keys of remembered rows: digests of all that a row depends on besides its step's fingerprint."""

from __future__ import annotations

import hashlib

import orjson

from corpus.sections import Source

FACTS = ("publisher", "license", "language", "timezone", "fields", "preset", "records")
"""What a [[source]] says that readers and `clean` use."""


def key_of(*parts: object) -> bytes:
    """A 16-byte key: the digest of the parts as canonical JSON."""
    data = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z, default=str)
    return hashlib.blake2b(data, digest_size=16).digest()


def source_facts(source: Source) -> dict[str, object]:
    """The part of a [[source]] that a record's content depends on."""
    return source.model_dump(mode="json", include=set(FACTS))
