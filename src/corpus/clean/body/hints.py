"""What a page's head says that helps to find its body: titles, description, the article's text in JSON-LD."""

from __future__ import annotations

import html
import re

from corpus.clean.body.measures import Hints, bare
from corpus.clean.page import Page

TITLES = ("og:title", "twitter:title", "dc.title", "title", "headline")
DESCRIPTIONS = ("og:description", "description", "twitter:description")
TAG = re.compile(r"<[^<>]{1,500}>")
BODY_CHARS = 500  # of an `articleBody`; a shorter one is a teaser


def hints_of(page: Page) -> Hints:
    """The hints that a page's metadata give."""
    titles = [value for name in TITLES for value in page.metas.get(name, ())]
    titles += [
        page.title or "",
        *(heading.words for heading in page.headings[:1]),
        *(node.headline or "" for node in page.data.nodes),
    ]
    bodies = [node.body for node in page.data.nodes if node.body and len(node.body) >= BODY_CHARS]
    return Hints(
        titles=frozenset(key for title in titles if len(key := bare(title)) >= 4),
        description=" ".join(bare(page.meta(name) or "") for name in DESCRIPTIONS).strip(),
        body=bare(TAG.sub("", html.unescape(bodies[0]))) if bodies else "",
    )
