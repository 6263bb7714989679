"""`corpus retract`: write the standing rule, forget what is remembered, scrub where asked, and leave a receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from corpus.errors import ProjectError
from corpus.publish.commit import recover
from corpus.publish.releases import read_releases
from corpus.removal.finding import InRelease, find_everywhere
from corpus.removal.forgetting import forget_records, forget_reports
from corpus.removal.matching import content_hashes
from corpus.removal.receipts import Receipt, keep_receipt
from corpus.removal.rules import Rule, Selector, add_rule, parse_selector
from corpus.removal.salt import Salt, need_salt


@dataclass(frozen=True)
class Place:
    """Where a project lies: its root, its releases (`dist/<name>`) and `.corpus`."""

    root: Path
    dist: Path
    work: Path


@dataclass(frozen=True)
class Wish:
    """What is asked: `standing` writes the rule also where no release has anything of it."""

    selector: str
    reason: str
    dry_run: bool = False
    scrub: bool = False
    standing: bool = False


def retract(place: Place, wish: Wish) -> tuple[Receipt, tuple[InRelease, ...]]:
    """Carry out a retraction; the receipt, and what each release held. The caller holds the project's lock.

    Raises ProjectError where nothing fits the selector.
    """
    selector = parse_selector(wish.selector)
    if not wish.dry_run:
        recover(place.dist, place.work)
    found = find_everywhere(place.dist, read_releases(place.dist), selector)
    if not found and not wish.standing:
        raise ProjectError(
            f"no release holds anything by {selector}",
            mend="look it up with `corpus why`, say what it is (url:…, host:…, author:…), or give --standing to write "
            "the rule all the same, for what may come",
        )
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    receipt = _receipt(selector, wish, found, now)
    if wish.dry_run:
        return receipt, found
    salt = need_salt(place.root)
    add_rule(place.root, _rule(selector, wish, found, salt, now))
    records = {one.record_id for release in found for one in release.records}
    rows = forget_records(place.work / "cache", records, receipt.raw_paths)
    receipt = replace(receipt, forgotten_rows=rows, forgotten_folders=forget_reports(place.work))
    if wish.scrub:
        receipt = _scrubbed(place, receipt, found, salt, now)
    keep_receipt(place.work, receipt)
    return receipt, found


def _scrubbed(place: Place, receipt: Receipt, found: tuple[InRelease, ...], salt: Salt, now: str) -> Receipt:
    from corpus.removal.scrubbing import scrub

    for one in found:
        release = read_releases(place.dist).find(one.version)
        assert release is not None
        scrub(one, release, dist=place.dist, work=place.work, salt=salt, at=now)
    return replace(receipt, left={}, scrubbed=tuple(one.version for one in found))


def _receipt(selector: Selector, wish: Wish, found: tuple[InRelease, ...], now: str) -> Receipt:
    articles = sorted({one.article_id for release in found for one in release.articles})
    paths = sorted({one.raw_path for release in found for one in release.records})
    left = {release.version: len(release.articles) for release in found if release.articles}
    return Receipt(str(selector), wish.reason, now, wish.dry_run, tuple(articles), tuple(paths), left)


def _rule(selector: Selector, wish: Wish, found: tuple[InRelease, ...], salt: Salt, now: str) -> Rule:
    articles = [one for release in found for one in release.articles]
    payloads = {one.sha256 for release in found for one in release.records if one.sha256}
    payloads |= {one.raw_sha256 for one in articles}
    texts = sorted({one.text for one in articles if one.text is not None})
    hashes = content_hashes(salt, payloads=payloads, texts={one.text_sha256 for one in articles}, words=_words(texts))
    held = {one.article_id: salt.hash("text", one.text_sha256) for one in articles}
    return Rule(selector, wish.reason, now, dict(sorted(held.items())), tuple(sorted(hashes)))


def _words(texts: list[str]) -> list[str]:
    """The digests of the words of texts, as the search for duplicates takes them."""
    if not texts:
        return []
    from corpus.dedup import sign
    from corpus.sections import Dedup

    names = [str(number) for number in range(len(texts))]
    batch = pa.record_batch([pa.array(names), pa.array(texts, pa.large_string())], names=["record_id", "text"])
    words: list[str] = sign(batch, Dedup()).column("words_sha256").to_pylist()
    return words
