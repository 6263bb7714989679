"""What metadata cost on hostile pages grows no faster than the page: steps and characters are counted, not seconds."""

import json
import re
import sys

import pytest

from corpus.clean import authors, bylines, datelines, publication, rights, surroundings, times, titles
from corpus.clean.metadata import page_facts
from corpus.clean.page import parse, prepared, read_page

SIZES = (4_000, 8_000)
LONGEST = 2_100  # code points that one expression is given at most: half of what the smaller page holds
TWICE = 2.3  # what twice the input may cost, in the worst case that was seen with room to spare
MODULES = (authors, bylines, datelines, publication, rights, surroundings, times, titles)


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" name="{name}" content="{value}">'


HOSTILE = {
    "spaces in a title": lambda n: f"<title>Roof {' ' * n} mended</title><h1>{' ' * n}Roof</h1>",
    "brackets in a title": lambda n: meta("og:title", "&lt;" * n) + "<h1>Roof</h1>",
    "separators in a title": lambda n: (
        meta("og:title", "a - " * n) + f"<title>{'a | ' * n}</title><h1>{'a: ' * n}</h1>"
    ),
    "dashes in a title": lambda n: meta("og:title", " " + "-" * n) + "<h1>Roof</h1>",
    "one word in a title": lambda n: meta("og:title", "roof " * n) + f"<h1>{'roof ' * n}x</h1>",
    "underscores in a title": lambda n: meta("og:title", "屋" + "_" * n) + f"<title>{'屋根_' * n}</title><h1>屋</h1>",
    "elements in a heading": lambda n: "<h1>" + '<a href="#x">¶</a><i>屋</i><br>' * n + "</h1>",
    "headings": lambda n: meta("og:title", "Roof") + "<h1>Roof is mended</h1>" * n,
    "at signs in a byline": lambda n: linked({"@type": "NewsArticle", "author": "@" * n + "a" * n}),
    "spaces in a byline": lambda n: linked({"@type": "NewsArticle", "author": "By" + " " * n + "(" * n}),
    "names in a byline": lambda n: meta("author", "Ann Lee, " * n) + f'<p class="author">{"Bo Ek and " * n}</p>',
    "authors": lambda n: linked({"@type": "NewsArticle", "author": [{"name": f"Ann Lee {i}"} for i in range(n)]}),
    "references to one list": lambda n: linked(
        [{"@id": "#a", "name": ["Ann Lee"] * n, "x": 1}, *[{"@type": "Article", "author": {"@id": "#a"}}] * (n // 10)]
    ),
    "metas of one name": lambda n: meta("author", "Ann Lee") * n + meta("robots", "noai") * n,
    "site names": lambda n: (
        linked([{"@type": "WebSite", "name": f"Courier {i}"} for i in range(n)]) + meta("og:title", "Roof - x") * 20
    ),
    "digits in a date": lambda n: meta("article:published_time", "1" * n) + f"<h1>Roof</h1><p>{'12.' * n}</p>",
    "dates": lambda n: "<h1>Roof</h1>" + "<p>13 April 2021</p>" * n + "<p>14 April 2021</p>",
    "dates of comments": lambda n: (
        f'<h1>Roof</h1><div class="comments {"x " * 200}">' + '<time itemprop="datePublished">2021-04-13</time>' * n
    ),
    "dates called published": lambda n: "<h1>Roof</h1>" + "<p>Published 13 April 2021</p>" * n,
    "a long class around dates": lambda n: f'<h1>Roof</h1><div class="{"x " * n}">' + "<b>13.4.2021</b>" * (n // 4),
    "a long text around dates": lambda n: f"<h1>Roof</h1><div>{'x ' * n}" + "<b>13 April 2021</b>" * (n // 4),
    "classes of bylines": lambda n: f'<div class="{"author-" * n}">' + '<p class="byline">x</p>' * (n // 4),
    "slashes in a link": lambda n: f'<a href="/by{"/" * n}">Ann Lee</a>',
    "an address": lambda n: meta("og:url", "https://a.example/" + "2021/" * n),
}


class Counted:
    """A pattern that adds up the characters that it is given."""

    def __init__(self, pattern: re.Pattern[str], given: list[int]) -> None:
        self.pattern, self.given = pattern, given

    def __getattr__(self, name):
        if name not in {"search", "match", "fullmatch", "finditer", "findall", "split", "sub"}:
            return getattr(self.pattern, name)

        def counted(*args, **options):
            self.given.append(len(args[1] if name == "sub" else args[0]))
            return getattr(self.pattern, name)(*args, **options)

        return counted


def cost(page: str, monkeypatch) -> tuple[int, int, int]:
    """Calls, characters given to expressions, and the most that one was given at once."""
    given: list[int] = []
    calls = 0

    def count(frame, event, arg):
        nonlocal calls
        calls += event in {"call", "c_call"}

    tree = parse(prepared(f"<html><body>{page}</body></html>"), max_nodes=10**6, max_chars=10**8)
    with monkeypatch.context() as patched:
        for module in MODULES:
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    patched.setattr(module, name, Counted(value, given))
        sys.setprofile(count)
        try:
            page_facts(read_page(tree), zone="UTC", publisher="Selwick Courier")
        finally:
            sys.setprofile(None)
    return calls, sum(given), max(given, default=0)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_hostile_page_costs_grows_no_faster_than_the_page(name, monkeypatch):
    page_facts(read_page(parse("<h1>x</h1>", max_nodes=10, max_chars=99)), zone="UTC", publisher=None)  # fills caches
    (calls, given, _), (calls_twice, given_twice, longest) = (cost(HOSTILE[name](n), monkeypatch) for n in SIZES)
    assert longest <= LONGEST
    assert calls_twice <= TWICE * calls + 500
    assert given_twice <= TWICE * given + 10_000
