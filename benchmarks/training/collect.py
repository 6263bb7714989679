"""Collect the pages that the forests are learnt from.

    python -m benchmarks.training.collect REPOSITORIES PAGES.parquet

REPOSITORIES is a folder for the Git repositories of sources.toml; what is not there yet is fetched. PAGES gets a row
for each page, as README.md says. Left out are pages whose registered domain occurs in the sets that
benchmarks/extraction.py judges on (below CORPUS_EVAL_DATA, see benchmarks/data.py), and copies of one page.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
from lxml.etree import LxmlError
from lxml.html import document_fromstring

from benchmarks.data import eval_data
from benchmarks.extraction import SETS
from benchmarks.training.found import Found, found
from benchmarks.training.kinds import KINDS_ONLY, kinds
from benchmarks.training.repositories import repositories

SCHEMA = pa.schema(
    [
        ("set", pa.string()), ("name", pa.string()), ("host", pa.string()), ("html", pa.large_binary()),
        ("gold", pa.string()), ("candidates", pa.list_(pa.string())), ("with_", pa.list_(pa.string())),
        ("without", pa.list_(pa.string())),
    ]
)  # fmt: skip
BYTES = (1500, 4_000_000)  # of a page
LINKS = re.compile(
    rb"<link[^>]{0,300}rel=[\"']?canonical[\"']?[^>]{0,1000}>|<meta[^>]{0,300}og:url[\"'][^>]{0,1000}>", re.I
)
ADDRESS = re.compile(rb"https?://[^\s\"'<>]+")
SECOND_LEVEL = frozenset({"co", "com", "org", "gov", "ac", "net", "gob", "edu", "ne", "or", "go"})
SETTINGS = (
    {"fast": False},
    {"fast": True},
    {"fast": True, "favor_precision": True},
    {"fast": True, "favor_recall": True},
)
ROWS = 64  # pages of one write


def domain_of(url: str) -> str:
    """The registered domain of an address: two labels, three where the last but one is a usual second level."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    labels = host.split(".")
    second = len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2
    return ".".join(labels[-3 if second else -2 :])


def domains_of(html: bytes, url: str | None) -> set[str]:
    """The domains that a page's address, canonical link and og:url name."""
    said = [address.decode("utf-8", "replace") for link in LINKS.findall(html) for address in ADDRESS.findall(link)]
    return {domain for address in (*said, url or "") if (domain := domain_of(address))}


def judged_domains() -> set[str]:
    """The domains of the sets that are judged on."""
    judged: set[str] = set()
    for name in SETS:
        for batch in pq.ParquetFile(eval_data() / "extraction" / f"{name}.parquet").iter_batches(
            ROWS, columns=["url", "html"]
        ):
            for row in batch.to_pylist():
                judged |= domains_of(row["html"], row["url"])
    return judged


def candidates(html: bytes) -> list[str]:
    """What trafilatura, in four settings, and its readability make of a page."""
    from trafilatura import extract
    from trafilatura.readability_lxml import Document

    texts = [extract(html, include_comments=False, **options) or "" for options in SETTINGS]
    try:
        summary = Document(document_fromstring(html.decode("utf-8", "replace").replace("\0", ""))).summary()
        texts.append("\n".join(words for words in map(str, document_fromstring(summary).itertext()) if words.strip()))
    except (LxmlError, ValueError, TypeError, AttributeError, IndexError):
        texts.append("")
    return texts


def rows(pages: Iterable[Found], judged: set[str], count: Counter[str]) -> Iterator[dict[str, object]]:
    """A row for each page that is neither judged on nor seen before; `count` gets how many of each set."""
    seen: set[str] = set()
    for page in pages:
        domains = domains_of(page.html, page.url)
        digest = hashlib.sha256(page.html).hexdigest()
        if domains & judged:
            count["judged on"] += 1
        elif digest not in seen and BYTES[0] <= len(page.html) <= BYTES[1]:
            seen.add(digest)
            count[page.set] += 1
            yield {
                "set": page.set,
                "name": page.name,
                "host": domain_of(page.url or "") or min(domains, default=page.name),
                "html": page.html,
                "gold": page.gold,
                "candidates": None if page.gold or page.set in KINDS_ONLY else candidates(page.html),
                "with_": page.wanted,
                "without": page.unwanted,
            }


def main() -> None:
    """Collect, write, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repositories", type=Path)
    parser.add_argument("pages", type=Path)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    count: Counter[str] = Counter()
    waiting: list[dict[str, object]] = []
    files = repositories(options.repositories)
    with pq.ParquetWriter(options.pages, SCHEMA, compression="zstd") as sink:
        for row in rows(chain(found(files), kinds(files)), judged_domains(), count):
            waiting.append(row)
            if len(waiting) == ROWS:
                sink.write_table(pa.Table.from_pylist(waiting, schema=SCHEMA))
                waiting.clear()
        sink.write_table(pa.Table.from_pylist(waiting, schema=SCHEMA))
    print(", ".join(f"{name} {number}" for name, number in sorted(count.items())))


if __name__ == "__main__":
    main()
