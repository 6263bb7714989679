"""Exports of known tools and a news crawl, each in the shape that its tool writes, come out as published articles."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import brotli
import pytest

from corpus.run import publish
from tests.ingest.archives import by_record, response, warc_record
from tests.projects import article, new_project, rows

pytestmark = pytest.mark.slow
HOST = "https://news.example"


def text(n: int) -> str:
    """The paragraphs of a made article, without its title."""
    return article(n).split("\n\n", 1)[1].strip()


def page(n: int) -> bytes:
    body = "".join(f"<p>{part}</p>" for part in text(n).split("\n\n"))
    head = (
        f'<title>Report {n}</title><link rel="canonical" href="{HOST}/{n}"><meta name="author" content="Ada Lunn">'
        '<meta property="article:published_time" content="2026-03-02T08:00:00Z">'
    )
    main = f"<article><h1>Report {n}</h1>{body}</article>"
    return f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{main}</body></html>".encode()


def datatrove(n: int) -> dict[str, object]:
    meta = {"url": f"{HOST}/{n}", "date": "2026-03-04T05:06:07Z", "dump": "CC-MAIN-2026-10", "language": "en"}
    return {"text": text(n), "id": f"<urn:uuid:{n:08}>", "metadata": {**meta, "language_score": 0.98}}


def datatrove_flat(n: int) -> dict[str, object]:
    return {
        "text": text(n), "id": f"<urn:uuid:{n:08}>", "dump": "CC-MAIN-2026-10", "url": f"{HOST}/{n}",
        "date": "2026-03-04T05:06:07Z", "file_path": f"s3://crawl/{n}.warc.gz", "language": "en", "token_count": 90,
    }  # fmt: skip


def dolma(n: int) -> dict[str, object]:
    return {
        "id": f"d-{n}", "text": text(n), "source": "common-crawl", "version": "v0", "added": "2026-03-04T05:06:07.000Z",
        "created": "2026-03-02T08:00:00.000Z", "metadata": {"url": f"{HOST}/{n}", "title": f"Report {n}", "length": 9},
    }  # fmt: skip


def fundus(n: int) -> dict[str, object]:
    parts = text(n).split("\n\n")
    body = {
        "summary": [],
        "sections": [{"headline": [], "paragraphs": parts[:2]}, {"headline": ["Later"], "paragraphs": parts[2:]}],
    }
    return {
        "title": f"Report {n}", "body": body, "authors": ["Ada Lunn"], "publishing_date": "2026-03-02 08:00:00+00:00",
        "topics": ["harbour"], "free_access": True, "html": {
            "requested_url": f"{HOST}/{n}", "responded_url": f"{HOST}/{n}", "content": "<html></html>",
            "crawl_date": "2026-03-04 05:06:07", "source_info": {"publisher": "Courier", "type": "WebSource"},
        },
    }  # fmt: skip


def news_please(n: int) -> dict[str, object]:
    return {
        "authors": ["Ada Lunn"], "date_download": "2026-03-04 05:06:07", "date_modify": "None",
        "date_publish": "2026-03-02 08:00:00", "description": "In short.", "filename": f"{n}.json",
        "image_url": f"{HOST}/{n}.jpg", "language": "en", "localpath": None, "title": f"Report {n}", "title_page": None,
        "title_rss": None, "source_domain": "news.example", "maintext": text(n).replace("\n\n", "\n"),
        "url": f"{HOST}/{n}",
    }  # fmt: skip


def news_crawl() -> bytes:
    """A WARC as Common Crawl's news crawler writes it: what it is, then request, response and metadata of each page."""
    info = b"isPartOf: CC-NEWS\r\ndescription: News crawl\r\nformat: WARC File Format 1.0\r\nsoftware: StormCrawler\r\n"
    about = {"Content_Type": "application/warc-fields"}
    records = [warc_record(info, 1, "warcinfo", WARC_Target_URI="", WARC_Filename="n.warc.gz", **about)]
    shapes = [
        ({"X-Crawler-Content-Encoding": "gzip", "X-Crawler-Transfer-Encoding": "chunked"}, lambda body: body, "200 OK"),
        ({"Content-Encoding": "gzip"}, gzip.compress, "200 OK"),
        ({"Content-Encoding": "br", "Transfer-Encoding": "chunked"}, br_chunked, "200 "),
        ({"content-encoding": "br", "content-type": "text/html; charset=UTF-8"}, lambda body: body, "200 OK"),
        ({}, lambda body: body, "301 Moved Permanently"),
    ]  # fmt: skip
    for n, (headers, code, status) in enumerate(shapes):
        at = {"WARC_Target_URI": f"{HOST}/{70 + n}", "WARC_Date": f"2026-03-04T05:06:0{n}Z"}
        request = f"GET /{70 + n} HTTP/1.1\r\nUser-Agent: CCBot/3.1\r\nHost: news.example\r\n\r\n".encode()
        records.append(warc_record(request, 100 + n, "request", Content_Type="application/http; msgtype=request", **at))
        answer = response(code(page(70 + n)), headers, status)
        if n == 3:
            answer = answer.replace(b"HTTP/1.1 200 OK", b"HTTP/2 200", 1)
        digest = {"WARC_Payload_Digest": "sha1:AAAA", "WARC_IP_Address": "192.0.2.1", "WARC_Protocol": "h2"}
        records.append(warc_record(answer, 200 + n, "response", **at, **digest))
        records.append(warc_record(b"fetchTimeMs: 9\r\ncharset-detected: x\r\n", 300 + n, "metadata", **about, **at))
    return by_record(records)


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def br_chunked(body: bytes) -> bytes:
    return chunked(brotli.compress(body))


def lines(*values: dict[str, object]) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


FILES: dict[str, str | bytes] = {
    "datatrove/00000.jsonl.gz": gzip.compress(lines(datatrove(11), datatrove(12))),
    "fineweb/000.jsonl": lines(datatrove_flat(21), datatrove_flat(22)),
    "dolma/cc-0000.json.gz": gzip.compress(lines(dolma(31), dolma(32))),
    "fundus/run.json": json.dumps({"Courier": [fundus(41)], "Herald": [fundus(42)]}, indent=4).encode(),
    "please/news.example/51.json": json.dumps(news_please(51)).encode(),
    "please/news.example/52.json": json.dumps(news_please(52), indent=1).encode(),
    "ccnews/CC-NEWS-20260304050607-00001.warc.gz": news_crawl(),
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports") / "p"
    outcome = publish(new_project(folder, FILES, enabled="false"))
    assert outcome.folder is not None
    return outcome.folder


@pytest.mark.parametrize(
    ("folder", "numbers", "titled", "dated"),
    [
        ("datatrove", (11, 12), False, None), ("fineweb", (21, 22), False, None), ("dolma", (31, 32), True, "mapped"),
        ("fundus", (41, 42), True, "mapped"), ("please", (51, 52), True, "mapped"),
        ("ccnews", (70, 71, 72, 73), True, "meta"),
    ],
)  # fmt: skip
def test_every_article_of_an_export_is_published_with_what_it_says(
    release: Path, folder: str, numbers: tuple[int, ...], titled: bool, dated: str | None
) -> None:
    found = {row["url"]: row for row in rows(release, "articles") if str(row["raw_path"]).startswith(folder + "/")}
    assert sorted(found) == [f"{HOST}/{n}" for n in numbers]
    for n in numbers:
        row = found[f"{HOST}/{n}"]
        words = str(row["text"]).replace("Later\n\n", "").split()
        assert words == text(n).split()
        assert (row["title"], row["host"]) == (f"Report {n}" if titled else None, "news.example")
        assert (row["published_at_source"], str(row["published_at"])[:10]) == (dated, "2026-03-02" if dated else "None")
        assert row["retrieved_at"].isoformat().startswith("2026-03-04T05:06:0")
        assert row["authors"] == (["Ada Lunn"] if folder in {"fundus", "please", "ccnews"} else [])


def test_every_record_of_the_exports_has_one_fate_and_none_is_of_a_request(release: Path) -> None:
    ledger = rows(release, "records")
    fates = [row["fate"] for row in ledger if not str(row["raw_path"]).startswith("ccnews/")]
    assert fates == ["published"] * 10
    crawl = [row for row in ledger if str(row["raw_path"]).startswith("ccnews/")]
    assert sorted((row["fate"], *(reason["rule"] for reason in row["reasons"])) for row in crawl) == [
        *[("published",)] * 4, ("rejected", "http_status"),
    ]  # fmt: skip
