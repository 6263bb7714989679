"""One corruption for each sort of generated rule, done to every column that has such a rule at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.tables import TABLES
from corpus.validate.generated import generated
from corpus.validate.suites import RELATIONS
from tests.validate.release import Release


@dataclass(frozen=True)
class Sort:
    """What is done, and the generated gates that must say so, by what their names end with (foreign keys: all)."""

    what: str
    ending: str
    bend: Callable[[Release], None] = lambda _: None
    spoil: Callable[[Path], None] = lambda _: None

    @property
    def gates(self) -> list[str]:
        """Names of its gates."""
        return [gate for gate in generated_gates() if self.owns(gate)]

    def owns(self, gate: str) -> bool:
        """Whether a gate is of this sort."""
        return gate.startswith("relations.") if self.ending == RELATIONS else gate.endswith(f".{self.ending}")


def generated_gates() -> Iterator[str]:
    """Every gate that the registry generates."""
    for name in (*TABLES, RELATIONS):
        for entry in generated(name):
            yield entry["meta"]["gate"]


def _columns(ending: str) -> Iterator[tuple[str, str]]:
    """Tables and columns that have a rule of that sort."""
    for name in TABLES:
        for entry in generated(name):
            gate = entry["meta"]["gate"]
            if gate.endswith(f".{ending}"):
                yield name, gate.split(".")[1]


def _set(ending: str, value: Callable[[pa.DataType], object]) -> Callable[[Release], None]:
    def bend(release: Release) -> None:
        for table, column in _columns(ending):
            for row in release.rows[table]:
                row[column] = value(TABLES[table].schema.field(column).type)

    return bend


def _filled(type_: pa.DataType) -> object:
    if pa.types.is_list(type_):
        return []
    return {"string": "x", "bool": True}.get(str(type_), 1)


def _repeat(release: Release) -> None:
    for name in TABLES:
        release.rows[name] += [dict(row) for row in release.rows[name]]


def _nowhere(release: Release) -> None:
    for table in TABLES.values():
        for reference in table.references:
            for row in release.rows[table.name]:
                row[reference.column] = "nowhere"


def _each_shard(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    def spoil(staged: Path) -> None:
        for file in sorted(staged.rglob("*.parquet")):
            pq.write_table(change(pq.read_table(file)), file)

    return spoil


def _odd(type_: pa.DataType) -> object:
    return ["odd"] if pa.types.is_list(type_) else "odd"


def _below(type_: pa.DataType) -> object:
    return -1 if type_ == pa.int64() else -0.5


def _more(table: pa.Table) -> pa.Table:
    return table.append_column("more", pa.nulls(len(table), pa.string()))


def _retyped(table: pa.Table) -> pa.Table:
    return table.set_column(0, table.column_names[0], pa.array(range(len(table)), pa.int32()))


SORTS = [
    Sort("null in a required column", "not_null", _set("not_null", lambda _: None)),
    Sort("a value where this version fills none", "always_null", _set("always_null", _filled)),
    Sort("a value outside the closed vocabulary", "in_set", _set("in_set", _odd)),
    Sort("a share or a count below 0", "in_range", _set("in_range", _below)),
    Sort("a digest that is none", "hexadecimal", _set("hexadecimal", lambda _: "z" * 64)),
    Sort("every row twice", "unique", _repeat),
    Sort("a key that leads nowhere", RELATIONS, _nowhere),
    Sort("a column more", "columns", spoil=_each_shard(_more)),
    Sort("a column of another type", "types", spoil=_each_shard(_retyped)),
]
