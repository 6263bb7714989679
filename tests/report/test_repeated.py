"""Repeated lines for the report: of published texts, most frequent first."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.report.repeated import RepeatedLine, repeated_lines


def tables(folder: Path, texts: dict[str, str | None]) -> Path:
    """A release of articles whose last line is repeated."""
    for name in ("articles", "paragraphs"):
        (folder / name).mkdir(parents=True)
    hosts = ["a.example" if name < "c" else "b.example" for name in texts]
    articles = {"article_id": list(texts), "host": hosts, "text": pa.array(texts.values(), pa.string())}
    pq.write_table(pa.table(articles), folder / "articles" / "train-00000.parquet")
    spans = [
        {"article_id": name, "start_char": 0 if n else 7, "end_char": 5 if n else 17, "repeated": not n}
        for name in texts
        for n in (0, 1)
    ]
    pq.write_table(pa.Table.from_pylist(spans), folder / "paragraphs" / "train-00000.parquet")
    return folder


def test_lines_are_counted_by_host(tmp_path: Path) -> None:
    folder = tables(tmp_path, dict.fromkeys("abc", "Prose\n\nFollow us."))
    assert repeated_lines(folder) == (
        RepeatedLine("a.example", 2, "Follow us."),
        RepeatedLine("b.example", 1, "Follow us."),
    )
    assert len(repeated_lines(folder, shown=1)) == 1


def test_a_release_without_texts_or_tables_shows_none(tmp_path: Path) -> None:
    assert repeated_lines(tables(tmp_path / "standoff", dict.fromkeys("abc"))) == ()
    assert repeated_lines(tmp_path) == ()
