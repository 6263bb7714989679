"""The fingerprints of a project's steps as they stand now: code and settings, its readers, its references' content."""

from __future__ import annotations

from corpus.run.fingerprint import digest
from corpus.run.project import Project
from corpus.run.references import contents_digest
from corpus.run.steps import fingerprints


def marks_of(project: Project) -> dict[str, str]:
    """The fingerprint of each step, by `stage.verb`."""
    marks = fingerprints(project.settings, project.readers)
    marks["dedup.match"] = digest(marks["dedup.match"], contents_digest(project))
    return marks
