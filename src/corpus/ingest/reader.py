"""What a project's own reader is written with; docs/readers.md shows one."""

from corpus.ingest.document import whole
from corpus.ingest.faults import Fault
from corpus.ingest.mapping import row_of
from corpus.ingest.presets import plan_for
from corpus.ingest.record import Fields, Head, Reader, Record, Row, Task, rest, structured
from corpus.ingest.stream import Stream

__all__ = [
    "Fault", "Fields", "Head", "Reader", "Record", "Row", "Stream", "Task", "plan_for", "rest", "row_of", "structured",
    "whole",
]  # fmt: skip
