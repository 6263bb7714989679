"""From what came in to what is published: every record leaves at one step, so that the steps sum exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.columns import FATES
from corpus.errors import LedgerError

LEAVING = ("quarantined", "rejected", "retracted", "duplicate")
"""The fates of records that are not published, in the order of the way."""
BATCH_ROWS = 64 * 1024


@dataclass(frozen=True)
class Step:
    """The records of one fate that one rule decided; `rule` is None where the ledger names none."""

    fate: str
    rule: str | None
    records: int

    @property
    def label(self) -> str:
        """`fate: rule`, as tables say it."""
        return f"{self.fate}: {self.rule}" if self.rule else self.fate


@dataclass(frozen=True)
class Funnel:
    """`inputs` raw records, less each of `steps` (records), are the `published` ones.

    A record that several rules spoke against is counted once, under the first of its reasons.
    """

    inputs: int
    published: int
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        left = self.inputs - sum(step.records for step in self.steps)
        if left != self.published:
            raise LedgerError(
                f"the funnel doesn't balance: {self.inputs} records less its steps are {left}, "
                f"but {self.published} are published",
                mend="this is a fault of ours: report it with the table `records`",
            )

    def of(self, fate: str) -> int:
        """Records with that fate."""
        return self.published if fate == "published" else sum(s.records for s in self.steps if s.fate == fate)

    def remaining(self) -> list[int]:
        """Records left after each step."""
        return list(accumulate((-step.records for step in self.steps), initial=self.inputs))[1:]

    def rows(self) -> list[dict[str, str | int]]:
        """As a table: `step`, `records` (negative where they leave) and how many are `left` after it."""
        rows: list[dict[str, str | int]] = [{"step": "raw records", "records": self.inputs, "left": self.inputs}]
        for step, left in zip(self.steps, self.remaining(), strict=True):
            rows.append({"step": step.label, "records": -step.records, "left": left})
        return [*rows, {"step": "published", "records": self.published, "left": self.published}]


def funnel_of(batches: Iterable[pa.RecordBatch | pa.Table]) -> Funnel:
    """The funnel of a ledger, given as batches with the columns `fate` and `reasons` of `records`.

    Raises LedgerError where a fate is none of the contract's.
    """
    counts: Counter[tuple[str, str | None]] = Counter()
    for batch in batches:
        rows = pa.table({"fate": batch["fate"], "rule": deciding_rules(batch["reasons"])})
        for row in rows.group_by(["fate", "rule"]).aggregate([([], "count_all")]).to_pylist():
            counts[row["fate"], row["rule"]] += row["count_all"]
    if strange := sorted({str(fate) for fate, _ in counts} - set(FATES)):
        raise LedgerError(f"found the fate {strange[0]!r}, expected one of {', '.join(FATES)}")
    steps = [Step(fate, rule, n) for (fate, rule), n in counts.items() if fate != "published"]
    steps.sort(key=lambda step: (LEAVING.index(step.fate), -step.records, step.rule or ""))
    published = sum(n for (fate, _), n in counts.items() if fate == "published")
    return Funnel(sum(counts.values()), published, tuple(steps))


def read_funnel(folder: Path) -> Funnel:
    """The funnel of the release, or of the staged tables, in `folder`."""
    return funnel_of(read_batches(folder, "records", ["fate", "reasons"]))


def read_batches(folder: Path, table: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a published table, batch by batch, in the order of its files."""
    for path in sorted((folder / table).glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=BATCH_ROWS, columns=columns)


def deciding_rules(reasons: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """The rule that decided each record: the first of its reasons, null where there is none."""
    chunks = reasons.chunks if isinstance(reasons, pa.ChunkedArray) else [reasons]
    return pa.chunked_array([_first_rules(chunk) for chunk in chunks], pa.string())


def _first_rules(reasons: pa.ListArray) -> pa.Array:
    rules = pc.struct_field(reasons.values, "rule")
    lengths = pc.fill_null(pc.list_value_length(reasons), 0)
    starts = reasons.offsets[: len(reasons)]
    return rules.take(pc.if_else(pc.greater(lengths, 0), starts, pa.scalar(None, pa.int32())))
