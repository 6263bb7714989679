"""The fates that a record can meet while it is read, and the errors that its file can meet."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from corpus.ingest.formats import TRANSIENT_ERRORS

REJECTED, QUARANTINED = "rejected", "quarantined"
TIME_LIMIT = "time_limit"

FATES = {
    # read, and a rule keeps it out
    "empty_file": REJECTED,
    "binary": REJECTED,
    "unsupported_format": REJECTED,
    "malformed_line": REJECTED,
    "no_text_field": REJECTED,
    "empty_text": REJECTED,
    "http_status": REJECTED,
    "revisit": REJECTED,
    "archive_metadata": REJECTED,
    # could not be processed
    "unreadable": QUARANTINED,
    "not_a_regular_file": QUARANTINED,
    "symlink_outside_raw": QUARANTINED,
    "symlink_broken": QUARANTINED,
    "symlink_to_folder": QUARANTINED,
    "oversized_file": QUARANTINED,
    "oversized_record": QUARANTINED,
    "expansion_limit": QUARANTINED,
    "truncated_compression": QUARANTINED,
    "corrupt_compression": QUARANTINED,
    "changed_while_read": QUARANTINED,
    "malformed_feed": QUARANTINED,
    "oversized_field": QUARANTINED,
    "malformed_warc": QUARANTINED,
    "truncated_record": QUARANTINED,
    "segmented_record": QUARANTINED,
    "corrupt_archive": QUARANTINED,
    "corrupt_table": QUARANTINED,
    "malformed_mhtml": QUARANTINED,
    "truncated_archive": QUARANTINED,
    "encrypted_member": QUARANTINED,
    "member_outside": QUARANTINED,
    "member_not_a_file": QUARANTINED,
    "member_limit": QUARANTINED,
    "nesting_limit": QUARANTINED,
    "header_limit": QUARANTINED,
    "reader_failed": QUARANTINED,
    "worker_died": QUARANTINED,
    TIME_LIMIT: QUARANTINED,
}
"""Every rule of reading, and the fate that it decides."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that ended a record, what was found, and what the rule allows; `detail` says it in words."""

    rule: str
    value: str
    threshold: str
    detail: str | None = None

    @property
    def fate(self) -> str:
        """rejected or quarantined."""
        return FATES.get(self.rule, REJECTED)  # a project's own reader may have rules of its own


class ReaderFailedError(Exception):
    """A reader of the project raised something while it looked at a file; says which and what."""


class TransientReadError(OSError):
    """The system could not read just now (EIO, ESTALE, too many open files …): the same call may work later."""


def lost_worker(rule: str, cpu_seconds: int, *, doing: str, did: str, what: str = "record") -> Fault:
    """The fault of what a worker was lost at: it died (`worker_died`), or was ended after so much processor time.

    `doing`, `did`, `what`: what it did to what, in words ("Reading", "read", "record").
    """
    if rule == TIME_LIMIT:
        words = f"{doing} this {what} was ended."
        return Fault(rule, f"more than {cpu_seconds}", f"{cpu_seconds} CPU-seconds", words)
    return Fault(rule, "1", "0", f"The process that {did} this {what} died.")


def lost_record(rule: str, cpu_seconds: int) -> Fault:
    """The fault of a record whose reading the worker was lost at (see `lost_worker`)."""
    return lost_worker(rule, cpu_seconds, doing="Reading", did="read")


def unreadable(error: OSError) -> Fault:
    """The fault of a file that the system won't give; raises TransientReadError where trying again may help.

    The value is errno's name: the system's own words depend on the locale and hold paths.
    """
    number = error.errno or 0
    if number in TRANSIENT_ERRORS:
        raise TransientReadError(number, error.strerror or "") from error
    return Fault("unreadable", errno.errorcode.get(number, "error"), "readable")
