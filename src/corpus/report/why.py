"""`corpus why`: from a raw path, an id, a digest or an address to the whole life of each record that it names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from corpus.errors import CorpusError, ProjectError
from corpus.report.difference import Difference, difference
from corpus.report.funnel import read_batches
from corpus.report.life import Article, Derivation, Life, Reason, RecordLife, SharedParagraph, render
from corpus.report.raw import Mask, Piece, pieces
from corpus.tables import TABLES

__all__ = ["Life", "render", "why"]

SHOWN = 20
"""Records whose life is shown; a feed's path may name thousands."""
SUGGESTED = 5
COMPARED = 50_000
"""Raw paths that a mistyped one is compared with, letter by letter."""
SHORTEST_PREFIX = 8
"""Characters from which the beginning of an id or digest names a record."""
_HEX = re.compile(r"[0-9a-f]+")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_ANNOTATIONS = tuple(
    name
    for name, table in TABLES.items()
    if name not in {"articles", "quality", "records", "derivations", "removals"}
    and any(column.name == "article_id" for column in table.columns)
)


TextOf = Callable[[str, str], str | None]
"""`text_of(record_id, sha256)`: the text of a record as this machine remembers it, None where it does not."""


def why(
    release: Path, selector: str, raw: Path | None = None, text_of: TextOf | None = None, mask: Mask | None = None
) -> Life:
    """The life of each record of a release that `selector` names: a raw path (with or without `raw/`), a record id,
    an article id, the beginning of a sha256, or the URL of an article. With `raw`, the folder of raw files, it says
    whether each record's bytes are still there. With `text_of`, in how far a folded record's text differs from that of
    the article kept: for the project's own machine only, for such texts are published nowhere. `mask` masks what is
    shown of the bytes; without it they are shown as they are.

    Raises ProjectError, with the nearest raw paths, where no record fits.
    """
    found = _find(release, selector, raw)
    if found.num_rows == 0:
        near = _nearest(release, selector, raw)
        raise ProjectError(
            f"no record of {release.name} fits {selector!r}",
            mend="did you mean " + " or ".join(f"raw/{path}" for path in near) + "?"
            if near
            else "give a raw path, a record id, an article id, the beginning of a sha256, or an article's URL",
        )
    rows = found.sort_by([("raw_path", "ascending"), ("byte_start", "ascending"), ("record_id", "ascending")])
    shown = rows.slice(0, SHOWN).to_pylist()
    return Life(
        release.name,
        selector,
        tuple(_life(release, row, raw, text_of, mask) for row in shown),
        rows.num_rows - len(shown),
    )


def _table(release: Path, name: str) -> ds.Dataset | None:
    files = [str(path) for path in sorted((release / name).glob("*.parquet"))]
    return ds.dataset(files, format="parquet") if files else None


def _rows(release: Path, name: str, where: ds.Expression) -> list[dict[str, object]]:
    table = _table(release, name)
    return list(table.to_table(filter=where).to_pylist()) if table is not None else []


def _find(release: Path, selector: str, raw: Path | None) -> pa.Table:
    records = _table(release, "records")
    if records is None:
        raise ProjectError("holds no table records", where=str(release), mend="name the folder of a release")
    path = _below_raw(selector, raw)
    exact = (
        (ds.field("record_id") == selector)
        | (ds.field("article_id") == selector)
        | (ds.field("raw_path") == path)
        | pc.starts_with(ds.field("raw_path"), f"{path}!/")  # the members of an archive
    )
    if _ADDRESS.match(selector):
        exact = exact | ds.field("article_id").isin(_articles_at(release, selector))
    found = records.to_table(filter=exact)
    if found.num_rows or len(selector) < SHORTEST_PREFIX:
        return found
    beginning = pc.starts_with(ds.field("record_id"), selector) | pc.starts_with(ds.field("article_id"), selector)
    if _HEX.fullmatch(selector.lower()):
        beginning = beginning | pc.starts_with(ds.field("sha256"), selector.lower())
    return records.to_table(filter=beginning)


def _below_raw(selector: str, raw: Path | None) -> str:
    """The selector as the ledger writes paths: below raw/, with slashes."""
    path = Path(selector)
    if raw is not None and path.is_absolute() and path.is_relative_to(raw.resolve()):
        return path.relative_to(raw.resolve()).as_posix()
    return selector.removeprefix("./").removeprefix("raw/")


def _articles_at(release: Path, address: str) -> pa.Array:
    articles = _table(release, "articles")
    if articles is None:
        return pa.array([], pa.string())
    same = pa.array([address, address.rstrip("/"), f"{address.rstrip('/')}/"])
    here = ds.field("url").isin(same) | ds.field("canonical_url").isin(same)
    return articles.to_table(columns=["article_id"], filter=here)["article_id"].combine_chunks()


def _nearest(release: Path, selector: str, raw: Path | None) -> list[str]:
    """Raw paths that the selector may have meant: first those that hold its file name, then those that look like it."""
    wanted = _below_raw(selector, raw)
    name = PurePosixPath(wanted).name
    holding: list[str] = []
    others: list[str] = []
    for batch in read_batches(release, "records", ["raw_path"]):
        paths = batch["raw_path"]
        same = pc.match_substring(paths, name, ignore_case=True) if name else pa.array([False] * len(paths))
        holding += paths.filter(same).unique().to_pylist()[:SUGGESTED]
        others += paths.to_pylist()[: max(0, COMPARED - len(others))]
    alike = difflib.get_close_matches(wanted, others, n=SUGGESTED, cutoff=0.6)
    return list(dict.fromkeys([*holding, *alike]))[:SUGGESTED]


def _life(
    release: Path, row: Mapping[str, object], raw: Path | None, text_of: TextOf | None, mask: Mask | None
) -> RecordLife:
    bytes_now, payload = _bytes_now(row, raw)
    record_id, article_id, kept_id = str(row["record_id"]), row["article_id"], row["kept_article_id"]
    reasons = row["reasons"] if isinstance(row["reasons"], list) else []
    return RecordLife(
        record_id=record_id,
        raw_path=str(row["raw_path"]),
        byte_start=_int(row["byte_start"]),
        byte_end=_int(row["byte_end"]),
        sha256=_text(row["sha256"]) or None,
        media_type=_text(row["media_type"]) or None,
        bytes_now=bytes_now,
        fate=str(row["fate"]),
        reasons=tuple(Reason(r["rule"] or "", r["value"] or "", r["threshold"] or "") for r in reasons),
        detail=_text(row["detail"]),
        pieces=_pieces(release, row, payload, mask) if payload is not None else (),
        article=_article(release, str(article_id)) if article_id else None,
        kept=_article(release, str(kept_id)) if kept_id else None,
        derivations=_derivations(release, record_id, _text(article_id)),
        difference=_difference(release, row, text_of) if kept_id and text_of is not None else None,
    )


def _difference(release: Path, row: Mapping[str, object], text_of: TextOf) -> Difference | None:
    """How a folded record's text differs from the kept article's; None where either is not at hand."""
    removed = text_of(str(row["record_id"]), _text(row["sha256"]))
    columns = ["text", "record_id", "raw_sha256"]
    articles = _table(release, "articles")
    if removed is None or articles is None:
        return None
    found = articles.to_table(columns=columns, filter=ds.field("article_id") == row["kept_article_id"]).to_pylist()
    kept = found[0]["text"] or text_of(found[0]["record_id"], found[0]["raw_sha256"]) if found else None
    return difference(removed, kept) if kept is not None else None


def _bytes_now(row: Mapping[str, object], raw: Path | None) -> tuple[str, bytes | None]:
    """Whether the record's bytes are still those that were read, and these; nothing where that can't be told."""
    if raw is None or row["sha256"] is None:
        return "", None
    try:
        from corpus.ingest.payload import payload_in
    except ImportError:
        return "not compared: the pipeline is not installed", None
    try:
        payload = payload_in(raw.parent, row)
    except CorpusError as error:
        return error.message, None
    return "unchanged: these bytes are still there", payload


def _pieces(release: Path, row: Mapping[str, object], payload: bytes, mask: Mask | None) -> tuple[Piece, ...]:
    """The record's bytes by the paragraphs that they became, where it was published."""
    own = _rows(release, "paragraphs", ds.field("article_id") == row["article_id"]) if row["article_id"] else []
    own.sort(key=lambda paragraph: _int(paragraph["paragraph_index"]) or 0)
    return tuple(pieces(payload, own, _text(row["detail"]), mask))


def _article(release: Path, article_id: str) -> Article | None:
    names = ["title", "url", "source", "published_at", "first_version"]
    here = ds.field("article_id") == article_id
    articles = _table(release, "articles")
    for fragment in articles.get_fragments(filter=here) if articles is not None else ():
        for row in fragment.to_table(columns=names, filter=here).to_pylist():
            return _told(release, article_id, row, f"articles/{Path(fragment.path).name}")
    return None


def _told(release: Path, article_id: str, row: Mapping[str, object], file: str) -> Article:
    counts = []
    for name in _ANNOTATIONS:
        table = _table(release, name)
        if table is not None and (count := table.count_rows(filter=ds.field("article_id") == article_id)):
            counts.append((name, count))
    published_at = row["published_at"]
    return Article(
        article_id=article_id,
        title=_text(row["title"]),
        url=_text(row["url"]),
        source=_text(row["source"]),
        published_at=f"{published_at:%Y-%m-%d %H:%M} UTC" if isinstance(published_at, datetime) else "",
        first_version=_text(row["first_version"]),
        file=file,
        annotations=tuple(counts),
        shared=_shared(release, article_id),
    )


def _shared(release: Path, article_id: str) -> tuple[SharedParagraph, ...]:
    """The article's paragraphs that an earlier article holds too, in order."""
    where = (ds.field("article_id") == article_id) & ds.field("duplicate_of_article_id").is_valid()
    found = (
        SharedParagraph(int(str(row["paragraph_index"])), _text(row["duplicate_of_article_id"]), int(str(place)))
        for row in _rows(release, "paragraphs", where)
        if (place := row["duplicate_of_paragraph_index"]) is not None
    )
    return tuple(sorted(found, key=lambda one: one.index))


def _derivations(release: Path, record_id: str, article_id: str) -> tuple[Derivation, ...]:
    """Derivations into and out of the record's article, and those of the record itself where it was folded."""
    where = ds.field("from_record_id") == record_id
    if article_id:
        where = where | (ds.field("article_id") == article_id) | (ds.field("from_article_id") == article_id)
    rows = _rows(release, "derivations", where)
    ids = pa.array([str(row["from_record_id"]) for row in rows if row["from_record_id"]], pa.string())
    paths = {r["record_id"]: str(r["raw_path"]) for r in _rows(release, "records", ds.field("record_id").isin(ids))}
    found = []
    for row in rows:
        inward = bool(article_id) and row["article_id"] == article_id
        source = _text(row["from_article_id"]) or _text(row["from_record_id"])
        similarity = row["similarity"]
        found.append(
            Derivation(
                kind=_text(row["kind"]),
                inward=inward,
                other=source if inward else _text(row["article_id"]),
                raw_path=paths.get(row["from_record_id"], "") if inward else "",
                similarity=similarity if isinstance(similarity, float) else None,
                span=_span(row, "" if inward else "from_"),
            )
        )
    return tuple(sorted(found, key=lambda d: (not d.inward, d.kind, d.other)))


def _span(row: Mapping[str, object], side: str) -> tuple[int, int] | None:
    start, end = _int(row[f"{side}start_char"]), _int(row[f"{side}end_char"])
    return None if start is None or end is None else (start, end)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None
