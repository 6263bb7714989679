"""What the HTTP headers of a stored response say of its page: rights, and when it was changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from corpus.clean.dates import parse_time
from corpus.clean.document import Facts, Right, When
from corpus.clean.rights import AI_SIGNALS, TDM, VALUE_CHARS, spdx

LICENSE_LINK = re.compile(r"<(?P<address>[^<>]{1,500})>\s{0,8};\s{0,8}rel\s{0,8}=\s{0,8}\"?license\b", re.I)
"""A licence of a Link header (RFC 8288), where `rel` comes first, as servers write it."""
ON_REQUEST = timedelta(minutes=1)  # between Last-Modified and the capture: such a page was made when it was asked for


def with_headers(facts: Facts, headers: Sequence[str]) -> Facts:
    """Facts with what "name: value" lines add: X-Robots-Tag, TDMRep's headers, licence links, Last-Modified.

    Last-Modified (RFC 9110 8.8.2) is the last candidate for `modified_at`.
    """
    said = [(name, value.strip()) for name, colon, value in (line.partition(":") for line in headers) if colon]
    licenses = [link["address"] for name, value in said if name == "link" for link in LICENSE_LINK.finditer(value)]
    rights = [right for name, value in said for right in _rights(name, value)]
    rights += [Right("license", address[:VALUE_CHARS], "http link") for address in licenses]
    return replace(
        facts,
        rights=tuple(dict.fromkeys([*facts.rights, *rights])),
        license=_license(facts, licenses),
        modified=facts.modified or _changed(facts, said),
    )


def _rights(name: str, value: str) -> list[Right]:
    where = f"http {name}"
    if name in TDM:
        return [Right(name, value[:VALUE_CHARS], where)]
    if name != "x-robots-tag":
        return []
    # "googlebot: noindex, noai": a crawler's name may stand before its rules
    words = {word.rpartition(":")[2].strip() for word in value.lower().split(",")}
    signals = [Right(signal, "true", where) for signal in sorted(words & AI_SIGNALS)]
    return [Right("robots", value[:VALUE_CHARS], where), *signals]


def _license(facts: Facts, links: Sequence[str]) -> str | None:
    """The page's licence, else the headers'; none where they are several."""
    known = {spdx(address) for address in links}
    if not known:
        return facts.license
    if facts.license is None and any(right.signal == "license" for right in facts.rights):
        return None
    known |= {facts.license} - {None}
    return known.pop() if len(known) == 1 else None


def _changed(facts: Facts, said: Sequence[tuple[str, str]]) -> When | None:
    when = next((parse_time(value, "http") for name, value in said if name == "last-modified"), None)
    if when is None or (facts.retrieved_at is not None and abs(facts.retrieved_at - when.at) <= ON_REQUEST):
        return None
    return when if facts.published is None or when.at >= facts.published.at else None
