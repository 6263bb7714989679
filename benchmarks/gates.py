"""What the gates cost, beside Great Expectations on pandas in the same run; and how often they refuse healthy releases.

    python -m benchmarks.gates [--rows 1000000] [--no-pandas] [--healthy 10]

The table has 20 columns (ids, words, counts, shares, dates, nulls) and the suite 25 expectations, the same for both:
`duckdb` is `corpus check` on the Parquet file, `pandas` reads it and runs the suite with Great Expectations' own pandas
engine. Each runs in a process of its own; printed are processor seconds and peak memory of the whole process and, in
brackets, without starting Python and importing. `--healthy N`: N archives of 50 simulated healthy releases each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

RELEASES = 50


@dataclass(frozen=True)
class Cost:
    """Of one engine: expectations that held, processor seconds in all and of the work alone, peak memory in MiB."""

    engine: str
    held: int
    seconds: float
    work: float
    mebibytes: float

    def __str__(self) -> str:
        return (
            f"{self.engine:<7} {self.held} expectations hold  {self.seconds:6.1f} CPU-s ({self.work:.1f} the work)  "
            f"{self.mebibytes:7.0f} MiB"
        )


def write_table(file: Path, rows: int) -> None:
    """The table, seeded."""
    random = np.random.default_rng(6)
    columns: dict[str, Any] = {"id": pa.array([f"{n:024x}" for n in range(rows)])}
    columns |= {f"count{n}": random.integers(0, 1000, rows) for n in range(6)}
    columns |= {f"share{n}": random.random(rows).round(4) for n in range(6)}
    columns |= {f"word{n}": pa.array(np.array(["en", "de", "es", "fr"])[random.integers(0, 4, rows)]) for n in range(4)}
    columns |= {f"part{n}": pa.array(random.integers(0, 9, rows), mask=random.random(rows) < 0.3) for n in range(3)}
    pq.write_table(pa.table(columns), file, compression="zstd")


def suite(name: str) -> dict[str, Any]:
    """25 expectations that hold."""

    def of(type_: str, column: str, **kwargs: object) -> dict[str, Any]:
        gate = f"{column}.{type_.removeprefix('expect_column_values_to_')}"
        return {"type": type_, "kwargs": {"column": column, **kwargs}, "meta": {"gate": gate}}

    between, null = "expect_column_values_to_be_between", "expect_column_values_to_not_be_null"
    found = [of("expect_column_values_to_be_unique", "id"), of(null, "id")]
    found += [of(between, f"count{n}", min_value=0, max_value=1000) for n in range(6)]
    found += [of(between, f"share{n}", min_value=0, max_value=1) for n in range(6)]
    found += [of("expect_column_values_to_be_in_set", f"word{n}", value_set=["en", "de", "es", "fr"]) for n in range(4)]
    found += [of(null, f"part{n}", mostly=0.6) for n in range(3)]
    found += [of("expect_column_mean_to_be_between", f"share{n}", min_value=0.4, max_value=0.6) for n in range(4)]
    return {"name": name, "meta": {}, "expectations": found}


def run_duckdb(folder: Path) -> int:
    """Ask the suite of the file as `corpus check` does; expectations that held."""
    from corpus.validate.checking import check

    gates = check(folder / "bench.parquet", folder / "bench.json").verdict.gates
    return sum(gate.passed for gate in gates if gate.kind == "expectation")


def run_pandas(folder: Path) -> int:
    """Ask the same suite of the file with Great Expectations on pandas; expectations that held."""
    import great_expectations as gx
    import pandas

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    frame = pandas.read_parquet(folder / "bench.parquet")
    asset = context.data_sources.add_pandas("files").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    asked = gx.ExpectationSuite(**json.loads((folder / "bench.json").read_text()))
    results = batch.validate(asked, result_format="BASIC").results
    return sum(bool(result.success) for result in results)


ENGINES = {"duckdb": run_duckdb, "pandas": run_pandas}
_MEASURED = """
import json, resource, sys, time
from pathlib import Path
import great_expectations, corpus.validate.checking
from benchmarks.gates import ENGINES
started = time.process_time()
held = ENGINES[sys.argv[1]](Path(sys.argv[2]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([held, used.ru_utime + used.ru_stime, time.process_time() - started, used.ru_maxrss / 1024]))
"""


def measure(engine: str, folder: Path) -> Cost:
    """Run one engine in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, engine, str(folder)], capture_output=True, text=True, check=True
    )
    held, seconds, work, mebibytes = json.loads(done.stdout.splitlines()[-1])
    return Cost(engine, held, seconds, work, mebibytes)


def costs(rows: int, engines: tuple[str, ...] = tuple(ENGINES)) -> list[Cost]:
    """What each engine costs on a table of so many rows."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_table(folder / "bench.parquet", rows)
        (folder / "bench.json").write_text(json.dumps(suite("bench")))
        return [measure(engine, folder) for engine in engines]


def healthy(seeds: int) -> list[int]:
    """Of each archive, how many of 50 healthy releases are refused."""
    from tests.validate.simulation import run_healthy

    refused = []
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as place:
            refused.append(len(run_healthy(seed, RELEASES, Path(place))[1]))
    return refused


def main() -> None:
    """Print the costs, the ratio, and the refusals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--no-pandas", action="store_true")
    parser.add_argument("--healthy", type=int, default=0, metavar="ARCHIVES")
    asked = parser.parse_args()
    engines = ("duckdb",) if asked.no_pandas else tuple(ENGINES)
    found = costs(asked.rows, engines)
    sys.stdout.write(f"{asked.rows:,} rows, 20 columns, {len(suite('')['expectations'])} expectations\n")
    for cost in found:
        sys.stdout.write(f"{cost}\n")
    if len(found) == 2:
        ours, theirs = found
        memory = theirs.mebibytes / ours.mebibytes
        sys.stdout.write(f"pandas takes {theirs.work / ours.work:.1f} × the time, {memory:.1f} × the memory\n")
    if asked.healthy:
        refused = healthy(asked.healthy)
        sys.stdout.write(f"healthy releases refused, of {RELEASES} in each of {asked.healthy} archives: {refused}\n")


if __name__ == "__main__":
    main()
