"""`acceptances.jsonl`: gates that a person lets through, once, with a reason; an input of the project like retractions.

One JSON object a line: {"gate", "reason", "until", "after"}. It holds for the one release made upon the version `after`
(null: the first), if that is made on the day `until` (UTC) at the latest. The day is given to whoever asks, never read
from a clock here, and no acceptance enters a digest. Lines that no longer hold stay, as the record of what was decided.
"""

from __future__ import annotations

import dataclasses
import datetime
import difflib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from corpus.errors import ProjectError, SettingsError
from corpus.validate.change import CHANGE_GATES
from corpus.validate.complete import CONTRACT
from corpus.validate.drift import DRIFTS
from corpus.validate.suites import Rule, Suite
from corpus.validate.verdict import Acceptance, GateResult

FILE = "acceptances.jsonl"
_KEYS = {"gate", "reason", "until", "after"}
_PROMISED = frozenset(name for names in CONTRACT.values() for name in names)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def may_be_accepted(rule: Rule) -> bool:
    """Whether an expectation judges what is usual: not what the registry or the contract promises, nor relations."""
    return rule.origin == "reviewed" and not rule.relation and rule.gate not in _PROMISED


def acceptable_gates(suites: Mapping[str, Suite]) -> frozenset[str]:
    """Names of the critical gates that may be let through."""
    rules = (rule for suite in suites.values() for rule in suite.rules)
    chosen = {rule.gate for rule in rules if may_be_accepted(rule) and rule.severity == "critical"}
    return frozenset(chosen.union(CHANGE_GATES) - {d.name for d in DRIFTS if d.severity == "warning"})


def read_acceptances(path: Path) -> tuple[Acceptance, ...]:
    """Every line of the file, none where there is no file. SettingsError names a line that is not of the form."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"can't be read: {error}", where=str(path), mend="restore it, or take it away") from error
    numbered = enumerate(text.split("\n"), 1)
    return tuple(_acceptance(line, f"{path}: line {number}") for number, line in numbered if line.strip())


def write_acceptance(path: Path, acceptance: Acceptance) -> None:
    """Append one line."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(dataclasses.asdict(acceptance), ensure_ascii=False) + "\n")


def new_acceptance(
    gate: str, reason: str, until: str, *, after: str | None, today: str, allowed: Collection[str]
) -> Acceptance:
    """An acceptance as asked for. ProjectError where the gate is not one that may be let through, the reason is empty,
    or the date is none or gone by."""
    if gate not in allowed:
        near = difflib.get_close_matches(gate, sorted(allowed), n=3)
        raise ProjectError(
            f"{gate!r} can't be accepted: it is no critical gate on change, nor an expectation of yours",
            mend=f"did you mean {' or '.join(near)}?" if near else f"one of: {', '.join(sorted(allowed))}. Keys,"
            " offsets, digests and conservation are never let through: mend what they found",
        )  # fmt: skip
    reason = " ".join(reason.split())
    if not reason:
        raise ProjectError(
            "the reason is empty", mend='say why, for the card states it: --reason "the site was redesigned"'
        )
    if not _is_day(until):
        raise ProjectError(f"--until is {until!r}, which is no date", mend="a date like 2031-05-01")
    if until < today:
        raise ProjectError(f"--until is {until}, which is gone by (today is {today}, UTC)", mend="a day to come")
    return Acceptance(gate, reason, until, after)


def in_force(acceptances: Iterable[Acceptance], parent: str | None, day: str) -> tuple[Acceptance, ...]:
    """Those that hold for a release upon `parent` that is made on `day`."""
    return tuple(one for one in acceptances if one.holds(parent, day))


def with_acceptances(gates: Iterable[GateResult], acceptances: Iterable[Acceptance]) -> Iterator[GateResult]:
    """The gates, with failed ones let through that a person accepted; of others that could be, how."""
    accepted = {one.gate: one for one in acceptances}
    for gate in gates:
        if gate.passed or not gate.acceptable or gate.severity != "critical":
            yield gate
        elif one := accepted.get(gate.name):
            yield dataclasses.replace(gate, accepted=f"{one.reason} (until {one.until})")
        else:
            how = f"to let it through once: `corpus accept {gate.name} --reason WHY --until DATE`"
            yield dataclasses.replace(gate, mend="; ".join(part for part in (gate.mend, how) if part))


def _acceptance(line: str, where: str) -> Acceptance:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise SettingsError(f"is no JSON: {error}", where=where, mend="correct the line, or delete it") from error
    problem = ""
    if not isinstance(said, dict) or set(said) != _KEYS:
        problem = f"expected an object with {', '.join(sorted(_KEYS))}"
    elif not all(isinstance(said[key], str) and said[key] for key in ("gate", "reason", "until")):
        problem = "gate, reason and until must be strings"
    elif not _is_day(said["until"]):
        problem = f"until is {said['until']!r}, expected a date like 2031-05-01"
    elif not isinstance(said["after"], str | None):
        problem = "after must be a version or null"
    if problem:
        raise SettingsError(problem, where=where, mend="correct the line; `corpus accept` writes them")
    return Acceptance(said["gate"], said["reason"], said["until"], said["after"])


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
