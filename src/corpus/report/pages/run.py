"""The run: what each stage cost, what it was made with, and the settings in force."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from corpus.report.blocks import Bar, Cell, Code, Column, Figures, Grid, Section
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import duration, share, size

SECRET = re.compile(r"token|secret|passw|credential|api_?key|private_?key|salt", re.IGNORECASE)
"""Names of settings whose values are nobody's business."""
USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")
HIDDEN = "not shown"


def build(material: Material) -> tuple[Section, ...]:
    """Stages, versions, settings."""
    return (*_stages(material), *_versions(material), _settings(material))


def _stages(material: Material) -> tuple[Section, ...]:
    stages = material.facts.figures
    if not stages:
        return ()
    columns = (
        Column("Stage"), Column("In", numeric=True), Column("Out", numeric=True), Column("Reused", numeric=True),
        Column("Time", numeric=True), Column("Processor", numeric=True), Column("Its share"),
        Column("Peak memory", numeric=True),
    )  # fmt: skip
    cpu = sum(stage.cpu_seconds for stage in stages)
    rows: list[tuple[Cell, ...]] = [
        (
            stage.name, stage.rows_in, stage.rows_out, stage.reused, duration(stage.seconds),
            duration(stage.cpu_seconds), Bar(0, round(100 * stage.cpu_seconds / cpu, 2) if cpu else 0),
            size(stage.peak_bytes),
        )
        for stage in stages
    ]  # fmt: skip
    known = sum(stage.reused for stage in stages)
    looked_up = sum(stage.rows_in for stage in stages if stage.reused) or sum(stage.rows_in for stage in stages)
    figures = Figures(
        (
            ("Time", duration(sum(stage.seconds for stage in stages))),
            ("Processor time", duration(cpu)),
            ("Peak memory", size(max(stage.peak_bytes for stage in stages))),
            ("Remembered", share(known, looked_up)),
        )
    )
    grid = Grid("What each stage took; reused records were remembered from an earlier run", columns, tuple(rows))
    return (Section("run", "Stages", (figures, grid)),)


def _versions(material: Material) -> tuple[Section, ...]:
    rows = tuple((Code(name), Code(value)) for name, value in sorted(material.facts.versions.items()))
    grid = Grid("Libraries, models, and the fingerprints of the code", (Column("What"), Column("Version")), rows)
    return (Section("versions", "Made with", (grid,)),) if rows else ()


def _settings(material: Material) -> Section:
    rows = tuple((Code(name), Code(value)) for name, value in flatten(material.facts.settings))
    caption = f"All {len(rows)} settings and thresholds in force"
    grid = Grid(caption, (Column("Setting of corpus.toml"), Column("Value")), rows, hidden=True)
    return Section("settings", "Settings", (grid,))


def flatten(settings: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Settings as `section.key` and their value as JSON, in their order; what looks like a secret is not shown."""
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{name}.")
        elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
            for at, item in enumerate(value):
                yield from flatten(item if isinstance(item, Mapping) else {"": item}, f"{name}[{at}].")
        else:
            said = json.dumps(value, ensure_ascii=False)
            yield name, HIDDEN if value and SECRET.search(key) else USER_IN_URL.sub("", said)


PAGE = Page("run", "Run and settings", 90, build)
