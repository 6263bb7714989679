"""Gates on Parquet files that are no release of ours, with a suite that their owner wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.errors import ProjectError
from corpus.validate.expecting import expectation_gates
from corpus.validate.failing import Failing
from corpus.validate.suites import RELATIONS, Suite, read_suite
from corpus.validate.verdict import GateResult, Verdict
from corpus.validate.views import Database, database


def read_own_suites(place: Path) -> dict[str, Suite]:
    """The suite in a file, or all in a folder, by name. ProjectError where there is none."""
    files = sorted(place.glob("*.json")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        raise ProjectError(
            "there is no suite here", where=str(place), mend="name a suite file (JSON) or a folder of them"
        )
    tables = [file.stem for file in files if file.stem != RELATIONS]
    return {file.stem: read_suite(file, file.stem, tables) for file in files}


def table_files(data: Path, name: str, alone: bool) -> list[Path]:
    """The Parquet files of a table: in a folder of its name, or named after it; `alone`: the only table, so all."""
    if data.is_file():
        return [data] if alone else []
    found = [*data.glob(f"{name}/**/*.parquet"), *data.glob(f"{name}.parquet"), *data.glob(f"{name}-*.parquet")]
    if not found and alone:
        found = [*data.rglob("*.parquet")]
    return sorted(set(found))


def check_foreign(data: Path, suites: Mapping[str, Suite], failing: Path | None, scratch: Path) -> Verdict:
    """Ask the suites' expectations of Parquet files, each suite of the table that it is named after."""
    with database(scratch) as opened:
        return Verdict(tuple(_gates(data, suites, opened, Failing(failing, opened))))


def _gates(data: Path, suites: Mapping[str, Suite], opened: Database, failing: Failing) -> Iterator[GateResult]:
    tables = [name for name in suites if name != RELATIONS]
    for name in tables:
        yield _files(name, table_files(data, name, len(tables) == 1), data, opened)
    for suite in suites.values():
        yield from suite.faults
    for name in tables:
        yield from _rows(suites[name], opened)
    yield from expectation_gates([rule for s in suites.values() for rule in s.rules], opened, failing, lambda _: False)


def _files(name: str, files: list[Path], data: Path, opened: Database) -> GateResult:
    """`<table>.files`: there are files, each readable and of one schema."""
    import duckdb

    faults, schemas = [], []
    for file in files:
        try:
            schemas.append(pq.read_schema(file).remove_metadata())
        except (OSError, pa.ArrowInvalid) as error:
            faults.append(f"{file.name} can't be read: {str(error).splitlines()[0]}")
        else:
            if not schemas[-1].equals(schemas[0]):
                faults.append(f"{file.name} has other columns than {files[0].name}")
    if not files:
        faults.append(f"no Parquet file of the table {name} (in a folder {name}/, or named {name}.parquet)")
    elif not faults:
        try:
            opened.view(name, files)
        except duckdb.Error as error:
            faults.append(str(error).splitlines()[0])
    shown = [fault.replace(str(data), "<data>") for fault in faults]
    return GateResult(
        f"{name}.files", name, "files", "critical", not faults, len(files),
        shown[0] if shown else f"{len(files)} files", "at least one file, all of one schema",
        failing_rows=len(faults), examples=tuple(shown[:5]), cause="; ".join(shown[:5]),
        mend="copy the dataset anew, or name the suite after its table" if faults else "",
    )  # fmt: skip


def _rows(suite: Suite, opened: Database) -> Iterator[GateResult]:
    """`<table>.rows`: rows, unless the suite says that there need not be any."""
    import duckdb

    if not opened.columns(suite.name):
        return  # its files gate has failed
    problem, found, needed = "", 0, True
    try:
        found = opened.count(suite.name)
        needed = suite.rows == "required" or (suite.rows != "optional" and bool(opened.value(suite.rows)))
    except duckdb.Error as error:
        problem = f"whether rows are expected can't be told: {str(error).splitlines()[0]}"
    passed = not problem and (found > 0 or not needed)
    yield GateResult(
        f"{suite.name}.rows", suite.name, "rows", "critical", passed, found, f"{found} rows",
        "at least 1 row" if needed else "any number of rows",
        cause="" if passed else problem or f"{suite.name} has no rows, so its expectations have nothing to judge",
        mend="" if passed else "where none are right, say so in meta.rows of the suite",
    )  # fmt: skip
