"""Change against the last release: what vanished, and what drifted further than chance and the past explain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.validate.compared import PREVIOUS, compare, view_previous
from corpus.validate.drift import DRIFTS, Drift
from corpus.validate.failing import Failing, Kept
from corpus.validate.limits import Past
from corpus.validate.verdict import GateContext, GateResult, Measure
from corpus.validate.views import Database, quoted

_RECORDS = f"{PREVIOUS}records"
_WAS = f"(SELECT raw_path, record_id FROM {_RECORDS} WHERE fate <> 'retracted')"
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
SHOWN = 3
"""Scopes over their limit that a gate names; all are in the history and, with ids, among the failing rows."""


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
        f" - (SELECT count(*) FROM {_RECORDS} WHERE fate = 'retracted'))",
    ),
)  # fmt: skip
CHANGE_GATES = (*(loss.name for loss in _LOSSES), *(drift.name for drift in DRIFTS))
"""The names of the gates on change."""


def change_gates(context: GateContext, database: Database, failing: Failing) -> Iterator[GateResult]:
    """Every gate on change; without a last release they have nothing to compare and pass, and one that can't be read
    fails each of them."""
    faults = {"last": "", "pairs": ""}
    if context.previous is not None:
        previous = context.previous
        faults["last"] = _fault(lambda: view_previous(previous, database))
        faults["pairs"] = faults["last"] or _fault(lambda: compare(database))
    past = Past.of(context.history)
    for loss in _LOSSES:
        found = _not_compared(loss.name, "records", context, faults["last"])
        yield found or _vanished(loss, context, database, failing)
    for drift in DRIFTS:
        found = _not_compared(drift.name, drift.table, context, faults["pairs"])
        yield found or _drifted(drift, context, past, database, failing)


def _fault(asked: Callable[[], None]) -> str:
    """What stopped a query, in a line; empty where nothing did."""
    import duckdb

    try:
        asked()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return ""


def _not_compared(name: str, table: str, context: GateContext, fault: str) -> GateResult | None:
    """The result where there is nothing to compare with, or it can't be read."""
    if context.previous is None:
        return GateResult(name, table, "change", "critical", True, 0, "no release before", "none to compare with")
    return _unread(name, table, fault) if fault else None


def _unread(name: str, table: str, fault: str) -> GateResult:
    return GateResult(
        name, table, "change", "critical", False, 0, "not evaluated", "evaluated",
        cause=f"the last release can't be compared with: {fault}", mend="`corpus verify` says what is wrong with it",
    )  # fmt: skip


def _vanished(loss: _Loss, context: GateContext, database: Database, failing: Failing) -> GateResult:
    """Refused where more of the last release's than the settings allow, in share and in number, are gone, retracted
    ones aside."""
    import duckdb

    limits = context.settings
    try:
        total, explained = int(database.value(loss.total)), int(database.value(loss.explained))
        gone = max(0, int(database.value(f"SELECT count(*) FROM ({loss.gone})")) - explained)
        passed = gone < limits.min_vanished or gone <= limits.max_vanished_share * total
        kept = Kept(0) if passed else failing.keep(loss.name, loss.gone)
    except duckdb.Error as error:
        return _unread(loss.name, "records", str(error).splitlines()[0])
    share = round(gone / total, 4) if total else 0.0
    return GateResult(
        loss.name, "records", "change", "critical", passed, total, f"{gone} of {total} {loss.what} gone",
        f"at most {limits.max_vanished_share:.4g} of them, or fewer than {limits.min_vanished}",
        failing_rows=gone, examples=kept.examples, acceptable=True,
        measures=(Measure(None, share, max(limits.max_vanished_share, share if passed else 0.0), total),),
        cause="" if passed else f"{loss.what} of the last release are gone (a disk not mounted, a folder moved, a "
        "file cut short, or rewritten: a record without an id of its own is known by its bytes)",
        mend="" if passed else "bring them back" + _all(kept),
    )  # fmt: skip


def _drifted(drift: Drift, context: GateContext, past: Past, database: Database, failing: Failing) -> GateResult:
    """Refused where one scope changed by more than its limit."""
    import duckdb

    settings, prior = context.settings, drift.limit(context.settings)
    numbers = {"min_compared": settings.min_compared, "min_vanished": settings.min_vanished}
    try:
        found = database.rows(drift.measured.format(**numbers))
        measures = tuple(
            sorted(
                (Measure(scope, round(float(value), 4), past.limit(drift.name, scope, prior), int(rows))
                 for scope, rows, value in found),
                key=lambda m: (m.limit - m.value, m.scope or ""),
            )
        )  # fmt: skip
        over = [measure for measure in measures if measure.value > measure.limit]
        kept = failing.keep(drift.name, " UNION ".join(_ids(drift, m.scope) for m in over)) if over else Kept(0)
    except duckdb.Error as error:
        return _unread(drift.name, drift.table, str(error).splitlines()[0])
    return GateResult(
        drift.name, drift.table, "change", drift.severity, not over, sum(m.rows for m in measures),
        _observed(drift, measures, over), _threshold(drift, measures, past, prior),
        failing_rows=kept.rows, examples=kept.examples, acceptable=True, measures=measures,
        cause=drift.cause if over else "", mend=_look(kept) if over else "",
    )  # fmt: skip


def _ids(drift: Drift, scope: str | None) -> str:
    return f"({drift.failing.format(scope=quoted(scope) if scope is not None else 'NULL::VARCHAR')})"


def _observed(drift: Drift, measures: tuple[Measure, ...], over: list[Measure]) -> str:
    """The scopes over their limit, else the one closest to it."""
    if not measures:
        return "too few rows to compare"
    shown = over[:SHOWN] or measures[:1]
    said = "; ".join(f"{_percent(m.value)} {drift.alert.format(scope=m.scope or 'the whole')}" for m in shown)
    more = f"; {len(over) - SHOWN} more" if len(over) > SHOWN else ""
    return said + more


def _threshold(drift: Drift, measures: tuple[Measure, ...], past: Past, prior: float) -> str:
    if not measures:
        return f"at most {_percent(prior)}"
    worst = measures[0]
    releases = past.releases(drift.name, worst.scope)
    learned = f", as {releases} releases taught" if releases else ""
    return f"at most {_percent(worst.limit)}{learned}"


def _look(kept: Kept) -> str:
    return f"`corpus why {next(iter(kept.examples), 'ID')}`, `corpus report --local`{_all(kept)}"


def _all(kept: Kept) -> str:
    return f"; all rows: {kept.place}" if kept.place else ""


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
