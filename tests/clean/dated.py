"""Pages with dates, and what is read from them."""

import json

from corpus.clean.metadata import page_facts
from corpus.clean.page import parse, prepared, read_page

PROSE = "<p>" + "The council voted on Monday to mend the roof of the library, as it had in 2019. " * 4 + "</p>"


def tree(body: str, head: str = ""):
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return parse(prepared(page), max_nodes=100_000, max_chars=1_000_000)


def day(when) -> str | None:
    return when.at.date().isoformat() if when else None


def published(body: str, head: str = "") -> tuple[str | None, str | None, str | None]:
    when = page_facts(read_page(tree(body, head)), zone="UTC", publisher=None).published
    return (day(when), when.precision, when.source) if when else (None, None, None)


def linked(**fields: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'
