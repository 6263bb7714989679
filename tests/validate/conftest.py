"""The good release, and how a test asks the gates of a bent one without waiting for tables that it does not touch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.validate import Verdict, gates, validate
from tests.validate.release import Release, good_release

Ask = Callable[..., Verdict]


@pytest.fixture
def release() -> Release:
    return good_release()


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`ask(release, *names, spoil=None)`: the verdict, with those expectations only (by gate or table; none: all).

    `spoil` changes the staged files. Files, suites, rows, ledger and change are asked of everything.
    """
    rules_of = gates._rules

    def asked(release: Release, *names: str, spoil: Callable[[Path], object] | None = None) -> Verdict:
        chosen = lambda rule: not names or rule.gate in names or rule.table in names  # noqa: E731
        monkeypatch.setattr(gates, "_rules", lambda suites: [rule for rule in rules_of(suites) if chosen(rule)])
        staged = release.stage(tmp_path / "staged")
        if spoil:
            spoil(staged)
        return validate(staged, release.context(tmp_path))

    return asked
