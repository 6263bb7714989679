"""What each public collection holds: pages, with the text or the segments that people said are theirs."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml.html import document_fromstring

from benchmarks.training.repositories import Repository

FRONT_MATTER = re.compile(r"^```json.*?```", re.DOTALL)
IMAGE, LINK = re.compile(r"!\[[^\]]*\]\([^)]*\)"), re.compile(r"\[([^\]]*)\]\([^)]*\)")
OTHER_TYPES = frozenset({"documentation", "service"})  # of WCXB: pages of prose that are no articles
LIST_TYPES = frozenset({"collection", "listing"})  # of WCXB: lists of articles, goods, places


@dataclass(frozen=True)
class Found:
    """A page: its set and name there; `gold`, its text; `wanted` and `unwanted`, pieces that must (not) be in it."""

    set: str
    name: str
    html: bytes
    url: str | None = None
    gold: str | None = None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


def found(repositories: Mapping[str, Repository]) -> Iterator[Found]:
    """The pages of all collections, in a fixed order."""
    for name, reader in READERS.items():
        yield from reader(repositories[name])


def _trafilatura(files: Repository) -> Iterator[Found]:
    for url, entry in json.loads(files.read("tests/evaldata.json")).items():
        for folder in ("tests/cache/", "tests/eval/"):
            path = folder + entry["file"]
            if path in files.blobs:
                wanted, unwanted = tuple(entry.get("with") or ()), tuple(entry.get("without") or ())
                yield Found("trafilatura", entry["file"], files.read(path), url, None, wanted, unwanted)
                break


def _wcxb(files: Repository) -> Iterator[Found]:
    for split in ("dev", "test"):
        for path in files.paths(f"{split}/ground-truth/", ".json"):
            said = json.loads(files.read(path))
            kind = said["_internal"]["page_type"]["primary"]
            name = "other" if kind in OTHER_TYPES else "list" if kind in LIST_TYPES else kind
            page = next(iter(files.paths(f"{split}/html/{PurePosixPath(path).stem}.html")), None)
            if page is None or not (name in {"other", "list", "product"} or (kind == "article" and split == "test")):
                continue
            html = files.read(page)
            html = gzip.decompress(html) if page.endswith(".gz") else html
            gold = said["ground_truth"].get("main_content")
            yield Found(f"wcxb_{name}", f"{split}{PurePosixPath(path).stem}", html, said["url"], gold)


def _htmldate(files: Repository) -> Iterator[Found]:
    for folder in ("tests/eval/", "tests/cache/", "tests/test_set/"):
        for path in files.paths(folder):
            yield Found("htmldate", PurePosixPath(path).name, files.read(path))


def _scrapinghub(files: Repository) -> Iterator[Found]:
    for name, entry in json.loads(files.read("ground-truth.json")).items():
        html = gzip.decompress(files.read(f"html/{name}.html.gz"))
        yield Found("scrapinghub", name, html, entry["url"], entry["articleBody"])


def _magic_html(files: Repository) -> Iterator[Found]:
    home = "benchmark/data/article/"
    for name, entry in json.loads(files.read(f"{home}base.json")).items():
        if (path := f"{home}htmls/{name}.html") in files.blobs:
            yield Found("magic_html", name, files.read(path), entry["url"], entry["content"])


def _defuddle(files: Repository) -> Iterator[Found]:
    for path in files.paths("tests/fixtures/", ".html"):
        name = PurePosixPath(path).stem
        if (expected := f"tests/expected/{name}.md") in files.blobs:
            words = FRONT_MATTER.sub("", files.read(expected).decode())
            yield Found("defuddle", name, files.read(path), None, LINK.sub(r"\1", IMAGE.sub("", words)))


def _postlight(files: Repository) -> Iterator[Found]:
    for path in files.paths("fixtures/", ".html"):
        name = PurePosixPath(path).stem
        yield Found("postlight", name, files.read(path), f"https://{name.partition('--')[0]}/")


def _newspaper(files: Repository) -> Iterator[Found]:
    for path in files.paths("tests/data/html/", ".html"):
        name = PurePosixPath(path).stem
        yield Found("newspaper", name, files.read(path), f"https://{name.rstrip('0123456789')}/")


def _newspaper4k(files: Repository) -> Iterator[Found]:
    for path in files.paths("tests/data/html/", ".html"):
        yield Found("newspaper", f"4k-{PurePosixPath(path).stem}", files.read(path))


def _readability(files: Repository) -> Iterator[Found]:
    for path in files.paths("test/test-pages/", "/source.html"):
        expected = files.read(path.replace("source.html", "expected.html"))
        tree = document_fromstring(b"<meta charset=utf-8>" + expected)
        for element in tree.iter("script", "style"):
            element.text = ""
        gold = "\n".join(words for words in map(str, tree.itertext()) if words.strip())
        yield Found("readability", path.split("/")[2], files.read(path), None, gold)


def _gne(files: Repository) -> Iterator[Found]:
    for path in files.paths("tests/", ".html"):
        if path.count("/") == 2:
            yield Found("gne", path.removeprefix("tests/"), files.read(path))


def _goose3(files: Repository) -> Iterator[Found]:
    for path in files.paths("tests/data/content/", ".html"):
        if (about := path.removesuffix("html") + "json") in files.blobs:
            yield Found("goose3", PurePosixPath(path).stem, files.read(path), json.loads(files.read(about)).get("url"))


READERS: dict[str, Callable[[Repository], Iterator[Found]]] = {
    "trafilatura": _trafilatura, "wcxb": _wcxb, "htmldate": _htmldate, "scrapinghub": _scrapinghub,
    "magic_html": _magic_html, "defuddle": _defuddle, "postlight": _postlight, "newspaper": _newspaper,
    "newspaper4k": _newspaper4k, "readability": _readability, "gne": _gne, "goose3": _goose3,
}  # fmt: skip
