"""Where entries begin and end does not depend on the pieces that a feed comes in."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.ingest.feed_scan import BrokenXmlError, Span, TagScanner, XmlScanner
from corpus.sections import Ingest
from tests.ingest.conftest import read_bytes
from tests.ingest.test_feed import check_places, item, rss

PIECES = st.sampled_from(
    [
        "<item>",
        "</item>",
        "<item/>",
        "<item a='>'>",
        "<title>x</title>",
        "text",
        "<!-- <item> -->",
        "<![CDATA[</item>]]>",
        "&nbsp;",
        "é",
        "<b>",
        "&",
    ]
)


def spans_in_pieces(scanner: XmlScanner | TagScanner, data: bytes, size: int) -> list[Span | str]:
    found: list[Span | str] = []
    try:
        for start in range(0, len(data), size):
            needed = scanner.needed
            new = scanner.feed(data[start : start + size])
            assert all(span.start >= needed for span in new)
            found += new
        found += scanner.feed(b"")
    except BrokenXmlError as error:
        found += [*error.spans, "broken"]
    return found


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(PIECES, max_size=14), size=st.integers(1, 40), xml=st.booleans())
def test_entries_are_the_same_in_whatever_pieces_a_feed_comes(pieces: list[str], size: int, xml: bool) -> None:
    data = rss(*pieces)
    scanners = [XmlScanner(0) if xml else TagScanner(0) for _ in range(2)]
    whole = spans_in_pieces(scanners[0], data, len(data))
    assert spans_in_pieces(scanners[1], data, size) == whole
    for span in whole:
        if isinstance(span, Span):
            assert data[span.start :].startswith(b"<item")
            assert not span.closed or data[: span.end].endswith((b"</item>", b"<item/>"))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pieces=st.lists(PIECES | st.just(item(4)), max_size=8), cut=st.integers(0, 200), limit=st.sampled_from([50, 10**6])
)
def test_whatever_a_feed_holds_its_records_have_their_bytes(raw: Path, pieces: list[str], cut: int, limit: int) -> None:
    data = rss(*pieces)
    data = data[: len(data) - cut]
    rows = read_bytes(raw, "f.xml", data, Ingest(max_record_bytes=limit))
    assert rows
    placed = [row for row in rows if row["byte_end"] is not None]
    check_places(raw, data, placed)
    assert all(one["byte_end"] <= two["byte_start"] for one, two in pairwise(placed))
