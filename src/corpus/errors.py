"""What can go wrong, and how to mend it.

Each error says where (file and position), what was found, what was expected and the next action; its class decides
the exit code of the command line (see the contract: 1 fault found, 2 usage or environment, 3 refused, 4 held, 70 ours).
"""

from __future__ import annotations


class CorpusError(Exception):
    """Base of every error that corpus raises on purpose.

    `message` says what was found and expected, `mend` the next action, `where` the file and position (or None).
    """

    exit_code = 70

    def __init__(self, message: str, *, mend: str = "", where: str | None = None) -> None:
        self.message, self.mend, self.where = message, mend, where
        super().__init__(message)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}" + (f"\n  To mend it: {self.mend}" if self.mend else "")


class SettingsError(CorpusError):
    """corpus.toml is missing, can't be parsed, or holds an unknown key or a wrong value."""

    exit_code = 2


class ProjectError(CorpusError):
    """The project's folder is not as it must be: raw/ missing or empty, no permission, no such release."""

    exit_code = 2


class EnvironmentFaultError(CorpusError):
    """The machine refused: full disk, no permission, a library of the pipeline not installed."""

    exit_code = 2


class FaultFoundError(CorpusError):
    """`verify` or `check` found a fault in a release."""

    exit_code = 1


class RefusedError(CorpusError):
    """A gate refused the release; the last release stays as it was."""

    exit_code = 3


class HeldError(CorpusError):
    """Another run holds the project's lock."""

    exit_code = 4


class WiringError(CorpusError):
    """A stage reads a table or column that no stage before it writes: a fault of ours."""

    exit_code = 70


class LedgerError(CorpusError):
    """The ledger does not balance: a record has no fate, or more than one. Nothing is published."""

    exit_code = 3
