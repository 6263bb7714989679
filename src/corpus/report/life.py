"""The life of a record as data, and as lines at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from corpus.report.difference import WORDS_COMPARED, Difference
from corpus.report.raw import Piece

FATE_STYLES = {
    "published": "bold green", "duplicate": "bold blue", "rejected": "bold yellow", "quarantined": "bold red",
    "retracted": "bold magenta",
}  # fmt: skip
OUTWARD = {"contains": "is contained in", "revises": "is revised by"}
"""What a kind of derivation is called from the side of what went into the other; else by its own name."""
PARAGRAPHS_SHOWN = 5


@dataclass(frozen=True)
class Reason:
    """A rule that spoke, with the value that it found and its threshold, as the ledger has them."""

    rule: str
    value: str
    threshold: str


@dataclass(frozen=True)
class Derivation:
    """One row of `derivations` that the record or its article is part of.

    `inward`: the other one went into this; else this went into the other. `other` is an article id, or the id of a
    record that was folded; `raw_path` is the other's, where the ledger has it. `span`: where the passage that they
    share is in the record's own article, in code points.
    """

    kind: str
    inward: bool
    other: str
    raw_path: str
    similarity: float | None
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class SharedParagraph:
    """A paragraph (`index`, from 0) whose words an earlier article holds too, as its paragraph `other_index`."""

    index: int
    other: str
    other_index: int


@dataclass(frozen=True)
class Article:
    """A published article: what identifies it, the Parquet file it is in, and how many annotations it has by table."""

    article_id: str
    title: str
    url: str
    source: str
    published_at: str
    first_version: str
    file: str
    annotations: tuple[tuple[str, int], ...]
    shared: tuple[SharedParagraph, ...] = ()


@dataclass(frozen=True)
class RecordLife:
    """One raw record: where its bytes lie and whether they still do (`bytes_now`), its fate with every reason, the
    article that it became (`article`) or was folded into (`kept`), its derivations, and how its text differs from the
    kept article's, where both are at hand; some of its bytes as they are shown."""

    record_id: str
    raw_path: str
    byte_start: int | None
    byte_end: int | None
    sha256: str | None
    media_type: str | None
    bytes_now: str
    fate: str
    reasons: tuple[Reason, ...]
    detail: str
    article: Article | None
    kept: Article | None
    derivations: tuple[Derivation, ...]
    difference: Difference | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Life:
    """The records of `release` that `selector` names: those of them that are shown, and how many `more` there are."""

    release: str
    selector: str
    records: tuple[RecordLife, ...]
    more: int


def render(life: Life, console: Console) -> None:
    """Print the life of each record that was found."""
    for number, record in enumerate(life.records):
        if number:
            console.print()
        _render_record(record, life.release, console)
    if life.more:
        console.print(f"\n… and {life.more:,} more records: name one of them by its record id", markup=False)


def plain(text: str) -> str:
    """Text without what would command a terminal: raw paths and titles are hostile input."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _render_record(record: RecordLife, release: str, console: Console) -> None:
    console.print(Text(plain(record.raw_path), style="bold"))
    console.print(_grid(_about(record)))
    for reason in record.reasons:
        threshold = f", threshold {reason.threshold}" if reason.threshold else ""
        found = f": found {reason.value}" if reason.value else ""
        console.print(Text(f"  • {plain(reason.rule + found + threshold)}"))
    if record.article:
        console.print(_grid([("published in", f"{release}/{record.article.file}"), *_of_article(record.article)]))
        for line in _of_shared(record.article.shared):
            console.print(Text(f"  {line}"))  # whole, however wide the terminal: ids are to be copied
    if record.kept:
        console.print(_grid([("folded into", record.kept.article_id), *_of_kept(record.kept)]))
    for derivation in record.derivations:
        console.print(Text(f"  {plain(_sentence(derivation))}"))
    if record.difference:
        _render_difference(record.difference, console)
    if record.pieces:
        console.print(_grid([(_place(piece), piece.text) for piece in record.pieces]))


def _render_difference(found: Difference, console: Console) -> None:
    """The places where the removed text (red, struck out) and the kept one (green) differ."""
    if not found.places:
        console.print("  its text is that of the article kept, word for word")
    else:
        console.print("  its text differs from the kept article's: [-removed-] {+kept+}", markup=False)
    for place in found.places:
        line = Text(f"    … {plain(place.before)} ")
        if place.removed:
            line.append(f"[-{plain(place.removed)}-]", "red strike").append(" ")
        if place.kept:
            line.append(f"{{+{plain(place.kept)}+}}", "green").append(" ")
        line.append(f"{plain(place.after)} …")
        console.print(line)
    if found.more:
        console.print(f"    … and {found.more:,} more places")
    if found.cut:
        console.print(f"    only the first {WORDS_COMPARED:,} words of each were compared")


def _about(record: RecordLife) -> Iterator[tuple[str, str]]:
    yield "record", record.record_id
    if record.byte_start is not None and record.byte_end is not None:
        yield "bytes", f"{record.byte_start:,} to {record.byte_end:,} ({record.media_type or 'unknown type'})"
    if record.sha256:
        yield "sha256", record.sha256
    if record.bytes_now:
        yield "raw file", record.bytes_now
    yield "fate", record.fate
    if record.detail:
        yield "detail", record.detail


def _of_article(article: Article) -> Iterator[tuple[str, str]]:
    yield "article", article.article_id
    for name, value in (("title", article.title), ("url", article.url), ("source", article.source)):
        if value:
            yield name, value
    if article.published_at:
        yield "published at", article.published_at
    yield "first in", article.first_version
    if article.annotations:
        yield "annotations", ", ".join(f"{table} {count:,}" for table, count in article.annotations)


def _of_kept(article: Article) -> Iterator[tuple[str, str]]:
    """What the kept article is; so named that none of it is taken for the removed record's own."""
    rows = [row for row in _of_article(article) if row[0] in ("title", "url", "source", "published at")]
    yield from ((f"kept {name}", value) for name, value in rows)


def _of_shared(shared: tuple[SharedParagraph, ...]) -> Iterator[str]:
    for one in shared[:PARAGRAPHS_SHOWN]:
        yield f"= paragraph {one.index} has the words of paragraph {one.other_index} of {plain(one.other)}"
    if len(shared) > PARAGRAPHS_SHOWN:
        yield f"= and {len(shared) - PARAGRAPHS_SHOWN:,} more paragraphs are those of earlier articles"


def _sentence(derivation: Derivation) -> str:
    arrow = "←" if derivation.inward else "→"
    kind = derivation.kind if derivation.inward else OUTWARD.get(derivation.kind, derivation.kind)
    path = f" ({derivation.raw_path})" if derivation.raw_path else ""
    similarity = f", similarity {derivation.similarity:g}" if derivation.similarity is not None else ""
    span = f", here in characters {derivation.span[0]:,} to {derivation.span[1]:,}" if derivation.span else ""
    return f"{arrow} {kind} {derivation.other}{path}{similarity}{span}"


def _place(piece: Piece) -> str:
    of = "begins" if piece.paragraph is None else f"paragraph {piece.paragraph}"
    return f"{of}, bytes {piece.start:,} to {piece.end:,}"


def _grid(rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Padding:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True, min_width=12)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(name, Text(plain(value), style=FATE_STYLES.get(value, "") if name == "fate" else ""))
    return Padding(grid, (0, 0, 0, 2), expand=False)
