"""The first page: whether it was published, the funnel with its steps, and the records that left at each."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.report.blocks import (
    Bar,
    Block,
    Cell,
    Code,
    Column,
    Figures,
    Grid,
    Lines,
    Link,
    Notice,
    Part,
    Section,
    Text,
)  # fmt: skip
from corpus.report.contents import Example, Left, count_tables, examples_of
from corpus.report.funnel import Funnel, Step
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import anchor, number, plural, size


@dataclass(frozen=True)
class Tread:
    """One line of the waterfall: where its bar begins and how long it is, in hundredths of the raw records."""

    label: str
    kind: str
    records: int
    left: int
    start: float
    length: float
    anchor: str | None


def build(material: Material) -> tuple[Section, ...]:
    """Verdict, funnel, what was left out, and the tables."""
    gates = () if material.facts.version else (refusals(material),)
    return (*gates, _funnel(material), _left_out(material), _tables(material))


def refusals(material: Material) -> Section:
    """The gates that refused, with what they saw."""
    notices = tuple(
        Notice(
            "bad", f"Refused: {gate.name}",
            f"Found {gate.observed}, expected {gate.threshold}. {gate.cause} {gate.mend}", gate.examples,
        )
        for gate in material.facts.verdict.failures
    )  # fmt: skip
    more = Text("What every gate looked at, saw and allows is on the page about gates.")
    return Section("refused", "What refused it", (*notices, more))


def waterfall(funnel: Funnel) -> list[Tread]:
    """The funnel's lines from raw records to published ones."""

    def part(records: int) -> float:
        return round(100 * records / funnel.inputs, 3) if funnel.inputs else 0.0

    treads = [Tread("Raw records", "total", funnel.inputs, funnel.inputs, 0, part(funnel.inputs), None)]
    for step, left in zip(funnel.steps, funnel.remaining(), strict=True):
        treads.append(Tread(step.label, step.fate, -step.records, left, part(left), part(step.records), place_of(step)))
    published = funnel.published
    return [*treads, Tread("Published", "published", published, published, 0, part(published), None)]


def place_of(step: Step) -> str:
    """The id of a step's place in the page."""
    return anchor(step.fate, step.rule or "no-rule")


def _funnel(material: Material) -> Section:
    funnel = material.funnel
    figures = [
        ("Raw records", funnel.inputs),
        ("Published" if material.facts.version else "Would be published", funnel.published),
        ("Duplicates", funnel.of("duplicate")),
        ("Rejected", funnel.of("rejected")),
        ("Quarantined", funnel.of("quarantined")),
        *([("Retracted", funnel.of("retracted"))] if funnel.of("retracted") else []),
    ]
    rows: list[tuple[Cell, ...]] = [
        (
            Link(tread.label, f"#{tread.anchor}") if tread.anchor else tread.label,
            Bar(tread.start, tread.length, tread.kind), tread.records, tread.left,
        )
        for tread in waterfall(funnel)
    ]  # fmt: skip
    grid = Grid(
        "From raw records to published articles",
        (Column("Step"), Column(""), Column("Records", numeric=True), Column("Left", numeric=True)),
        tuple(rows),
    )
    told = Text(
        "Every raw record has exactly one fate. One that several rules spoke against is counted under the first of "
        "them, so the steps sum exactly. Each step leads to the records that left there."
    )
    return Section("funnel", "Funnel", (Figures(tuple((name, number(n)) for name, n in figures)), told, grid))


def _left_out(material: Material) -> Section:
    groups = examples_of(material.facts.tables, material.funnel.steps)
    if not groups:
        return Section("left-out", "Left out", (Text("Every raw record is published."),))
    told = Text(
        "Up to ten records for each rule, by raw path; the table records has all of them. No text of a record that "
        "is not published is shown here."
    )
    return Section("left-out", "Left out", (told,), tuple(_group(material, group) for group in groups))


def _group(material: Material, group: Left) -> Part:
    life = "Its whole life" if material.facts.version else "Record"
    columns = (Column("Raw path"), Column("Found"), Column("Threshold"), Column("Other reasons"), Column(life))
    rows = tuple(_example(material, example) for example in group.examples)
    grid: Block = Grid(f"Records that left at {group.step.label}", columns, rows, stacked=True, quiet=True)
    return Part(place_of(group.step), group.step.label, (grid,), plural(group.step.records, "record"))


def _example(material: Material, example: Example) -> tuple[Cell, ...]:
    path: Cell = example.raw_path
    if example.kept_article_id:
        path = Lines((path, Lines(("folded into", Code(example.kept_article_id)))))
    others = ", ".join(example.other_rules)
    command = material.why(example.record_id)
    return (path, example.value, example.threshold, others, Code(command or example.record_id))


def _tables(material: Material) -> Section:
    columns = (
        Column("Table"), Column("Rows", numeric=True), Column("Files", numeric=True), Column("Size", numeric=True),
        Column("What a row is"),
    )  # fmt: skip
    rows = tuple(
        (Code(table.name), table.rows, table.files, size(table.size), table.meaning)
        for table in count_tables(material.facts.tables)
    )
    return Section("tables", "Tables", (Grid("Rows of each table", columns, rows),))


PAGE = Page("index", "Verdict and funnel", 0, build)
