"""Pages whose kind is known and whose text is not: lists, shops and front pages, and recipes, which are articles."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from subprocess import CalledProcessError
from urllib.parse import urlsplit

from benchmarks.training.found import Found
from benchmarks.training.repositories import Repository

LISTS = frozenset(
    {"wcxb_list", "wcxb_product", "formasaurus_front", "formasaurus_shop", "autopager_front", "autopager_list"}
)
"""Sets of pages that are no articles: lists of articles, goods or places, pages of goods, front pages."""
KINDS_ONLY = LISTS | {"recipe"}
"""Sets that tell what a page is; the body's forests, which find an article's text, do not learn from them."""
ORDER = "b"  # Formasaurus' letter for a form that orders goods
THREADS = re.compile(
    r"thread|forum|discussion|/t\d|review|recens|hotel|newid=|/20\d\d/\d\d/\d\d/|-p2/|most-expensive|/news/2016"
    r"|#more|comic/20|player|pollinate|jeux-zelda|information",
    re.IGNORECASE,
)
"""In an address of autopager's pages: threads, reviews and articles of several pages, which have text of their own."""


def _formasaurus(files: Repository) -> Iterator[Found]:
    for path, about in json.loads(files.read("formasaurus/data/index.json")).items():
        url = urlsplit(about["url"])
        front = url.path.strip("/") == "" and not url.query
        if front or ORDER in about["forms"]:
            name = "front" if front else "shop"
            yield Found(f"formasaurus_{name}", path, files.read(f"formasaurus/data/{path}"), about["url"])


def _autopager(files: Repository) -> Iterator[Found]:
    for row in csv.DictReader(io.StringIO(files.read("autopager/data/data.csv").decode())):
        url = urlsplit(row["Page URL"])
        front = url.path.strip("/") == "" and not url.query
        paged = any(row[name].strip() for name in ("PREV", "PAGE", "NEXT", "LAST"))
        path = f"autopager/data/html/{row['File Name']}.html"
        if (front or paged) and not THREADS.search(row["Page URL"]) and path in files.blobs:
            yield Found(
                f"autopager_{'front' if front else 'list'}", row["File Name"], files.read(path), row["Page URL"]
            )


def _recipes(files: Repository) -> Iterator[Found]:
    seen: set[str] = set()
    for path in files.paths("tests/test_data/", ".testhtml"):
        host = path.split("/")[2]
        if host in seen:
            continue
        try:
            html = files.read(path)
        except CalledProcessError:  # a snapshot may lack its largest pages
            continue
        seen.add(host)
        yield Found("recipe", PurePosixPath(path).stem, html, f"https://{host}/")


def kinds(repositories: Mapping[str, Repository]) -> Iterator[Found]:
    """The pages of these collections, in a fixed order."""
    for name, reader in READERS.items():
        yield from reader(repositories[name])


READERS: dict[str, Callable[[Repository], Iterator[Found]]] = {
    "formasaurus": _formasaurus, "autopager": _autopager, "recipe_scrapers": _recipes,
}  # fmt: skip
