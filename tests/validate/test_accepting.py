"""Gates that a person lets through: once, until a day, never those that the dataset's promise rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.cli import run
from corpus.errors import ProjectError, SettingsError
from corpus.validate.accepting import (
    acceptable_gates,
    in_force,
    new_acceptance,
    read_acceptances,
    with_acceptances,
    write_acceptance,
)
from corpus.validate.complete import CONTRACT
from corpus.validate.generated import generated
from corpus.validate.suites import read_suites
from corpus.validate.verdict import Acceptance, GateResult, Verdict
from tests.validate.release import SUITES

DRIFTED = GateResult("change.text", "articles", "change", "critical", False, 9, "50 %", "25 %", acceptable=True)
BROKEN = GateResult("ledger.inputs", "records", "ledger", "critical", False, 9, "8", "9")
ALLOWED = acceptable_gates(read_suites(SUITES))


def accepted(gate: str, after: str | None = "0.1.0", until: str = "2030-01-31") -> Acceptance:
    return Acceptance(gate, "the site was redesigned", until, after)


def test_an_accepted_gate_refuses_no_longer_and_says_why():
    verdict = Verdict(tuple(with_acceptances([DRIFTED], [accepted("change.text")])))
    assert not verdict.refused
    (gate,) = verdict.accepted
    assert not gate.passed
    assert gate.accepted == "the site was redesigned (until 2030-01-31)"


def test_what_is_not_accepted_says_how_it_could_be():
    (gate,) = with_acceptances([DRIFTED], [accepted("change.fates")])
    assert "`corpus accept change.text --reason WHY --until DATE`" in gate.mend
    assert Verdict((gate,)).refused


def test_conservation_is_never_let_through_whatever_the_file_says():
    (gate,) = with_acceptances([BROKEN], [accepted("ledger.inputs")])
    assert gate == BROKEN


def test_it_holds_for_one_release_and_until_its_day():
    one = accepted("change.text", after="0.1.0")
    assert in_force([one], "0.1.0", "2030-01-31") == (one,)
    assert in_force([one], "0.1.0", "2030-02-01") == ()
    assert in_force([one], "0.2.0", "2030-01-01") == ()
    assert in_force([accepted("change.text", after=None)], None, "2030-01-01") != ()


def test_only_change_and_own_expectations_can_be_accepted():
    assert {"change.text", "change.raw_paths", "derivations.source.other"} <= ALLOWED
    promised = {gate for names in CONTRACT.values() for gate in names}
    baseline = {entry["meta"]["gate"] for name in CONTRACT for entry in generated(name)}
    assert ALLOWED & (promised | baseline) == set()
    assert not [gate for gate in ALLOWED if gate.startswith(("relations.", "ledger."))]
    assert "change.rejections" not in ALLOWED  # a warning refuses nothing


@pytest.mark.parametrize(
    ("gate", "reason", "until", "said"),
    [
        ("relations.mentions_surface", "why", "2030-01-01", "can't be accepted"),
        ("change.txt", "why", "2030-01-01", "did you mean change.text"),
        ("change.text", "  ", "2030-01-01", "reason is empty"),
        ("change.text", "why", "tomorrow", "no date"),
        ("change.text", "why", "2030-02-30", "no date"),
        ("change.text", "why", "2029-12-31", "gone by"),
    ],
)
def test_what_cannot_be_accepted_says_so(gate: str, reason: str, until: str, said: str):
    with pytest.raises(ProjectError, match=said):
        new_acceptance(gate, reason, until, after=None, today="2030-01-01", allowed=ALLOWED)


def test_a_file_is_read_as_it_was_written(tmp_path: Path):
    file = tmp_path / "acceptances.jsonl"
    assert read_acceptances(file) == ()
    written = [accepted("change.text"), Acceptance("change.rows", "zwei\u2028Zeilen", "2031-01-01", None)]
    for one in written:
        write_acceptance(file, one)
    assert read_acceptances(file) == tuple(written)


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", '{"gate": "change.text"}', '{"gate": 1, "reason": "a", "until": "2030-01-01", "after": null}',
        '{"gate": "a", "reason": "a", "until": "soon", "after": null}',
        '{"gate": "a", "reason": "a", "until": "2030-01-01", "after": 2}',
    ],
)  # fmt: skip
def test_a_broken_line_is_named(line: str, tmp_path: Path):
    file = tmp_path / "acceptances.jsonl"
    write_acceptance(file, accepted("change.text"))
    file.write_text(file.read_text() + line + "\n")
    with pytest.raises(SettingsError, match="acceptances.jsonl: line 2"):
        read_acceptances(file)


def test_the_command_writes_a_line_for_the_next_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from tests.projects import new_project

    project = new_project(tmp_path / "p", {"a.txt": "x"})
    base = ["accept", "change.text", "--project", str(project.root), "--until", "2999-01-01"]
    assert run([*base, "--reason", "a new\ndesign"]) == 0
    (line,) = (project.root / "acceptances.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "gate": "change.text", "reason": "a new design", "until": "2999-01-01", "after": None,
    }  # fmt: skip
    assert run(["accept", "ledger.inputs", *base[2:], "--reason", "no"]) == 2
    assert "can't be accepted" in capsys.readouterr().err
