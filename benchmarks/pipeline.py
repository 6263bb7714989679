"""Records per second and peak memory of each stage, and what orchestration adds.

    python -m benchmarks.pipeline [--limit N] [--raw DIR] [--no-annotate] [--flow]

Runs the whole way on the news of text/ (or on the files of DIR, as make_corpus.py writes them) in a temporary project,
through the plain function. Beside it, in the same run, `copy` is the least that any pipeline does with the same files:
read the JSON lines and write one Parquet file with pyarrow. Then the same again with nothing changed, with one new file
and, with --flow, with one more through Prefect.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from benchmarks.data import write_news
from corpus.run import Project, publish
from corpus.template import init_project


def processor_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(what: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall seconds, processor seconds and result of a call."""
    wall, processor = time.perf_counter(), processor_seconds()
    result = what()
    return time.perf_counter() - wall, processor_seconds() - processor, result


def copy(raw: Path, target: Path) -> int:
    """The yardstick: JSON lines in, Parquet out, nothing else (other files: their bytes as one column)."""
    files = [path for path in sorted(raw.rglob("*")) if path.is_file()]
    lines = [path for path in files if path.suffix == ".jsonl"]
    tables = [pj.read_json(path) for path in lines]
    rest = [path.read_bytes() for path in files if path.suffix != ".jsonl"]
    tables += [pa.table({"text": pa.array([data.decode("utf-8", "replace") for data in rest])})] if rest else []
    whole = pa.concat_tables(tables, promote_options="permissive")
    pq.write_table(whole, target, compression="zstd")
    return int(whole.num_rows)


def stages_of(folder: Path) -> list[dict[str, Any]]:
    """The stages of a release's run.json."""
    stages: list[dict[str, Any]] = json.loads((folder / "run.json").read_text())["stages"]
    return stages


def show(folder: Path, records: int, seconds: float, processor: float) -> None:
    """Each stage of a run: time, records per second, memory."""
    print(f"{'stage':<10}{'rows in':>10}{'rows out':>10}{'seconds':>9}{'CPU-s':>8}{'rec/s':>9}{'peak MB':>9}")
    for s in stages_of(folder):
        rate = records / s["seconds"] if s["seconds"] else 0
        print(
            f"{s['name']:<10}{s['rows_in']:>10,}{s['rows_out']:>10,}{s['seconds']:>9.1f}{s['cpu_seconds']:>8.1f}"
            f"{rate:>9,.0f}{s['peak_bytes'] / 1e6:>9,.0f}"
        )
    print(f"{'whole':<10}{records:>10,}{'':>10}{seconds:>9.1f}{processor:>8.1f}{records / seconds:>9,.0f}")


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--limit", type=int, help="articles of each file of text/")
    parser.add_argument("--raw", type=Path, help="a folder of raw files instead")
    parser.add_argument("--no-annotate", action="store_true")
    parser.add_argument("--flow", action="store_true", help="run through Prefect too")
    parser.add_argument("--keep", type=Path, help="keep the project here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = arguments.keep or Path(temporary) / "project"
        (root / "raw").mkdir(parents=True)
        init_project(root, "benchmark")
        if arguments.no_annotate:
            toml = root / "corpus.toml"
            toml.write_text(toml.read_text().replace("enabled = true", "enabled = false"))
        if arguments.raw:
            shutil.copytree(arguments.raw, root / "raw", dirs_exist_ok=True)
        else:
            write_news(root / "raw", arguments.limit)
        yard_seconds, yard_processor, _ = timed(lambda: copy(root / "raw", root / "copy.parquet"))
        project = Project.find(root)
        seconds, processor, outcome = timed(lambda: publish(project))
        records = outcome.funnel.inputs
        show(outcome.folder, records, seconds, processor)
        times = processor / yard_processor
        print(f"copy      {yard_seconds:.2f} s, {yard_processor:.2f} CPU-s: the run costs {times:.0f} times that")
        again, _, same = timed(lambda: publish(project))
        print(f"nothing changed: {again:.2f} s, {same.kind}")
        add_article(root / "raw", 1)
        more, more_processor, _ = timed(lambda: publish(project))
        share = more_processor / processor
        print(f"one new file: {more:.1f} s, {more_processor:.1f} CPU-s, {share:.1%} of the full run")
        if arguments.flow:
            add_article(root / "raw", 2)
            spec = importlib.util.spec_from_file_location("flow", root / "flows" / "publish.py")
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            flow_seconds, _, _ = timed(lambda: module.run_flow(root))
            added = flow_seconds - more
            print(
                f"one more through Prefect: {flow_seconds:.1f} s: orchestration adds {added:.1f} s, "
                f"{added / (seconds + added):.0%} of a full run"
            )


def add_article(raw: Path, number: int) -> None:
    """One new file, for what a small change costs."""
    text = f"It says in its part {number} something that no other article of this corpus says anywhere. "
    (raw / f"new{number}.txt").write_text(f"New article {number}\n\n" + text * 12)


if __name__ == "__main__":
    main()
