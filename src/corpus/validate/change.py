"""Change against the last release: what an unmounted disk or a truncated file takes away is not published as news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.validate.failing import Failing, Kept
from corpus.validate.verdict import GateContext, GateResult
from corpus.validate.views import Database

PREVIOUS = "previous_records"
_WAS = f"(SELECT raw_path, record_id FROM {PREVIOUS} WHERE fate <> 'retracted')"
_GONE_PATHS = (
    f"SELECT DISTINCT raw_path FROM {_WAS} p WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.raw_path = p.raw_path)"
    " AND NOT EXISTS (SELECT 1 FROM retracted_files t WHERE t.raw_path = split_part(p.raw_path, '!/', 1))"
)
# The one record of a file is the file, whatever its bytes are now; among several, each is known by its own id.
_GONE_KEYS = (
    f"SELECT p.record_id, p.raw_path FROM (SELECT *, count(*) OVER (PARTITION BY raw_path) AS n FROM {_WAS}) p"
    " WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.record_id = p.record_id AND r.raw_path = p.raw_path)"
    f" AND (p.n > 1 OR p.raw_path IN ({_GONE_PATHS}))"
)


@dataclass(frozen=True)
class _Loss:
    """One way to count what is gone: all that was there, what of it is gone, what retractions explain."""

    name: str
    what: str
    total: str
    gone: str
    explained: str


_LOSSES = (
    _Loss("change.raw_paths", "raw paths", f"SELECT count(DISTINCT raw_path) FROM {_WAS}", _GONE_PATHS, "SELECT 0"),
    _Loss(
        "change.raw_records", "records", f"SELECT count(*) FROM {_WAS}", _GONE_KEYS,
        "SELECT greatest(0, (SELECT count(*) FROM records WHERE fate = 'retracted')"
        f" - (SELECT count(*) FROM {PREVIOUS} WHERE fate = 'retracted'))",
    ),
)  # fmt: skip


def change_gates(context: GateContext, database: Database, failing: Failing) -> Iterator[GateResult]:
    """`change.raw_paths` and `change.raw_records`: refused where more of the last release's than the settings allow, in
    share and in number, are gone, retracted ones aside."""
    import duckdb

    limits = context.settings
    allowed = f"at most {limits.max_vanished_share:.4g} of them, or fewer than {limits.min_vanished}"
    for loss in _LOSSES:
        if context.previous is None:
            yield GateResult(loss.name, "records", "change", "critical", True, 0, "no release before", allowed)
            continue
        try:
            database.view(PREVIOUS, sorted((context.previous / "records").glob("*.parquet")))
            total, explained = int(database.value(loss.total)), int(database.value(loss.explained))
            gone = max(0, int(database.value(f"SELECT count(*) FROM ({loss.gone})")) - explained)
            passed = gone < limits.min_vanished or gone <= limits.max_vanished_share * total
            kept = Kept(0) if passed else failing.keep(loss.name, loss.gone)
        except duckdb.Error as error:
            yield GateResult(
                loss.name, "records", "change", "critical", False, 0, "not evaluated", allowed,
                cause=f"the last release can't be compared with: {str(error).splitlines()[0]}",
                mend="`corpus verify` says what is wrong with it",
            )  # fmt: skip
            continue
        yield GateResult(
            loss.name, "records", "change", "critical", passed, total, f"{gone} of {total} {loss.what} gone", allowed,
            failing_rows=gone, examples=kept.examples,
            cause="" if passed else f"{loss.what} of the last release are gone (a disk not mounted, a folder moved, a "
            "file cut short, or rewritten: a record without an id of its own is known by its bytes)",
            mend="" if passed else "bring them back; if they are to go, raise max_vanished_share in [validate] of "
            f"corpus.toml for this release; all of them: {kept.place}",
        )  # fmt: skip
