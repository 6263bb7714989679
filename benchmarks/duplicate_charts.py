"""The charts of docs/duplicates.md, drawn by leather from what the benchmarks of duplicates keep as JSON.

    python -m benchmarks.duplicate_charts OUT [--peers P.json] [--growth G.json] [--increments I.json]

P.json is written by `benchmarks.duplicate_peers`, G.json by `benchmarks.duplicates`, I.json by
`benchmarks.duplicate_increments` (each with `--json`). A chart whose figures are not given is left as it is.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import leather

WIDTH, HEIGHT = 560, 260
Row = dict[str, float | int | str]


def rows_of(path: Path) -> list[Row]:
    """The figures that a benchmark kept."""
    rows: list[Row] = json.loads(path.read_text())
    return rows


def bars(out: Path, title: str, pairs: Sequence[tuple[float, str]]) -> None:
    """A bar for each (value, label), from the top down."""
    chart = leather.Chart(title)
    chart.add_bars(pairs)
    chart.to_svg(str(out), width=WIDTH, height=HEIGHT)


def line(out: Path, title: str, points: Sequence[tuple[float, float]], across: str, up: str) -> None:
    """Values over the number of documents."""
    chart = leather.Chart(title)
    chart.add_line(points)
    chart.add_dots(points)
    chart.add_x_axis(name=across)
    chart.add_y_scale(0, max(value for _, value in points) or 1)
    chart.add_y_axis(name=up)
    chart.to_svg(str(out), width=WIDTH, height=HEIGHT)


def peers(out: Path, rows: list[Row]) -> None:
    """F1 and documents per CPU-second of every finder, on the largest corpus that all of them saw."""
    most = max(int(row["documents"]) for row in rows)
    last = [row for row in rows if row["documents"] == most]
    scores = []
    for row in last:
        precision, recall = float(row["precision"]), float(row["recall"])
        scores.append((round(2 * precision * recall / max(1e-9, precision + recall), 4), str(row["finder"])))
    rates = [(round(most / float(row["clustered_seconds"])), str(row["finder"])) for row in last]
    bars(out / "duplicates-f1.svg", f"Pairwise F1, {most:,} documents", scores)
    bars(out / "duplicates-speed.svg", f"Documents per CPU-second, {most:,} documents", rates)


def growth(out: Path, rows: list[Row]) -> None:
    """CPU-seconds and peak memory over the number of documents."""
    seconds = [(int(row["documents"]), float(row["sign_seconds"]) + float(row["fold_seconds"])) for row in rows]
    memory = [(int(row["documents"]), float(row["peak_bytes"]) / 1e9) for row in rows]
    line(out / "duplicates-growth.svg", "CPU time", seconds, "documents", "CPU-seconds")
    line(out / "duplicates-memory.svg", "Peak memory", memory, "documents", "GB")


def increments(out: Path, rows: list[dict[str, dict[str, float]]]) -> None:
    """What a change costs, in per cent of the full run up to the fates."""
    full = sum(rows[0]["cpu_seconds"].values())
    shares = [(round(100 * sum(row["cpu_seconds"].values()) / full, 1), str(row["change"])) for row in rows]
    bars(out / "duplicates-increment.svg", "CPU of a change, per cent of the full run up to the fates", shares)


def main() -> None:
    """Draw what is given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    for name in ("peers", "growth", "increments"):
        parser.add_argument(f"--{name}", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.peers:
        peers(given.out, rows_of(given.peers))
    if given.growth:
        growth(given.out, rows_of(given.growth))
    if given.increments:
        increments(given.out, json.loads(given.increments.read_text()))


if __name__ == "__main__":
    main()
