"""Run one extractor of others on pages, in the environment of extraction.lock.

    python extraction_run.py EXTRACTOR PAGES.parquet OUT.json

PAGES has the column `html` (bytes). OUT.json gets {"seconds", "peak_bytes", "pages": [{text, title, authors, date}]};
a page on which it fails has an empty text. Each is called as its documentation says, on the page's bytes.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Found = dict[str, Any]
WARM = 3  # pages before the clock starts
BLOCK = re.compile(r"</(?:p|h[1-6]|li|div|blockquote|tr|pre)>|<br\s*/?>", re.I)


def trafilatura(html: bytes, **options: Any) -> Found:
    """bare_extraction, with metadata."""
    from trafilatura import bare_extraction

    found = bare_extraction(html, with_metadata=True, **options)
    if found is None:
        return {}
    authors = (found.author or "").split("; ") if found.author else []
    return {"text": found.text, "title": found.title, "authors": authors, "date": found.date}


def trafilatura_text(html: bytes, **options: Any) -> Found:
    """extract: text only."""
    from trafilatura import extract

    return {"text": extract(html, **options)}


def readability(html: bytes) -> Found:
    """summary, its blocks on lines of their own; short_title."""
    from lxml.html import document_fromstring
    from readability import Document

    page = Document(html.decode("utf-8", "replace").replace("\x00", ""))
    summary = BLOCK.sub(lambda tag: tag[0] + "\n", page.summary())
    return {"text": document_fromstring(summary).text_content(), "title": page.short_title()}


def newspaper4k(html: bytes) -> Found:
    """Article.parse on the given HTML."""
    from newspaper import Article

    article = Article("https://example.com/", fetch_images=False)
    article.download(input_html=html.decode("utf-8", "replace"))
    article.parse()
    date = article.publish_date.date().isoformat() if article.publish_date else None
    return {"text": article.text, "title": article.title, "authors": list(article.authors), "date": date}


def resiliparse(html: bytes) -> Found:
    """extract_plain_text of the main content."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(html, detect_encoding(html))
    text = extract_plain_text(tree, main_content=True, comments=False, links=False, alt_texts=False)
    return {"text": text, "title": tree.title}


EXTRACTORS: dict[str, Callable[[bytes], Found]] = {
    "trafilatura": trafilatura_text,
    "trafilatura fast": lambda html: trafilatura_text(html, fast=True),
    "trafilatura without comments": lambda html: trafilatura_text(html, include_comments=False),
    "trafilatura with metadata": lambda html: trafilatura(html, include_comments=False),
    "readability-lxml": readability,
    "newspaper4k": newspaper4k,
    "resiliparse": resiliparse,
}


def run(name: str, pages: list[bytes]) -> dict[str, Any]:
    """CPU-seconds, peak bytes, and what was found on each page."""
    extractor = EXTRACTORS[name]
    found: list[Found] = []
    for html in pages[:WARM]:
        attempt(extractor, html)
    before = time.process_time()
    found = [attempt(extractor, html) for html in pages]
    seconds = time.process_time() - before
    return {"seconds": seconds, "peak_bytes": peak_bytes(), "pages": found}


def peak_bytes() -> int:
    """This process's peak memory; Linux keeps what a parent had in `getrusage`, not in VmHWM."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def attempt(extractor: Callable[[bytes], Found], html: bytes) -> Found:
    """What the extractor finds; nothing where it raises, whatever it raises: it is not ours to mend."""
    try:
        return extractor(html)
    except Exception as fault:  # noqa: BLE001
        print(f"{type(fault).__name__}: {fault}"[:200], file=sys.stderr)
        return {}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    name, source, out = sys.argv[1:4]
    html = [value.as_py() for value in pq.read_table(source, columns=["html"])["html"]]
    Path(out).write_text(json.dumps(run(name, html)))
