"""The data-quality report: one static page that works offline, from a file, in light and dark, on a phone.

It holds no text of any record; raw paths, ids and titles are hostile input, so every value is escaped.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.report.contents import count_articles, count_tables, examples_of
from corpus.report.funnel import Funnel, Step, read_funnel

if TYPE_CHECKING:
    from markupsafe import Markup

    from corpus.run.figures import StageFigures
    from corpus.validate.verdict import Verdict

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "index.html"
BINARY_UNITS = ("KiB", "MiB", "GiB", "TiB")


@dataclass(frozen=True)
class ReportFacts:
    """What a report is made from: the staged tables, the verdict on them, and what the run says of itself.

    `version` is None where the gates refused; `tables` is the folder of staged tables; `settings` is corpus.toml as it
    was in force, section by section.
    """

    name: str
    title: str
    version: str | None
    tables: Path
    verdict: Verdict
    figures: tuple[StageFigures, ...]
    settings: Mapping[str, object]


@dataclass(frozen=True)
class Bar:
    """One line of the waterfall: where its bar begins and how long it is, in hundredths of the raw records."""

    label: str
    kind: str
    records: int
    left: int
    start: float
    length: float
    anchor: str | None


def write_report(folder: Path, facts: ReportFacts) -> None:
    """Write the report of a release, or of a refused run, as `index.html` into `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_text(render_page(facts), encoding="utf-8")


def render_page(facts: ReportFacts) -> str:
    """The report as HTML. Raises LedgerError where the ledger doesn't balance."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {
        "number": number, "size": size, "share": share, "duration": duration, "breakable": breakable,
    }  # fmt: skip
    funnel = read_funnel(facts.tables)
    return environment.get_template("index.html.j2").render(
        facts=facts,
        verdict=facts.verdict,
        failures=facts.verdict.failures,
        warnings=facts.verdict.warnings,
        funnel=funnel,
        bars=waterfall(funnel),
        left=[(anchor(left.step), left) for left in examples_of(facts.tables, funnel.steps)],
        tables=count_tables(facts.tables),
        articles=count_articles(facts.tables),
        settings=dict(flatten(facts.settings)),
        why=lambda record_id: why_line(record_id, facts.version),
    )


def waterfall(funnel: Funnel) -> list[Bar]:
    """The funnel's lines from raw records to published ones."""

    def part(records: int) -> float:
        return round(100 * records / funnel.inputs, 3) if funnel.inputs else 0.0

    bars = [Bar("Raw records", "total", funnel.inputs, funnel.inputs, 0, part(funnel.inputs), None)]
    for step, left in zip(funnel.steps, funnel.remaining(), strict=True):
        bars.append(Bar(step.label, step.fate, -step.records, left, part(left), part(step.records), anchor(step)))
    published = funnel.published
    return [*bars, Bar("Published", "published", published, published, 0, part(published), None)]


def anchor(step: Step) -> str:
    """The id of a step's place in the page, made of letters, digits and hyphens alone."""
    name = f"{step.fate}-{step.rule or 'no-rule'}"
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name)


def why_line(record_id: str, version: str | None) -> str | None:
    """The command that shows a record's whole life; None where no release has it."""
    return f"corpus why {shlex.quote(record_id)} --version {version}" if version else None


def flatten(settings: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Settings as `section.key` and their value as JSON, in their order."""
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{name}.")
        else:
            yield name, json.dumps(value, ensure_ascii=False)


def breakable(name: str) -> Markup:
    """A name that may break after its underscores, full stops and colons, escaped."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"([_.:])(?=\w)", r"\1<wbr>", str(escape(name))))


def number(value: float) -> str:
    """1234567 as 1,234,567; a loss with a true minus sign."""
    return f"{value:,}".replace("-", "−")


def size(value: float) -> str:
    """Bytes in binary units."""
    if value < 1024:
        return f"{value:,.0f} B"
    for unit in BINARY_UNITS:
        value /= 1024
        if value < 1024 or unit == BINARY_UNITS[-1]:
            break
    return f"{value:,.1f} {unit}"


def share(part: float, whole: float) -> str:
    """A part of a whole in per cent; an en dash where there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def duration(seconds: float) -> str:
    """Seconds, as minutes and hours where they are many."""
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"
