"""What was folded together: sizes of clusters, how alike their members are, and the largest of them."""

from __future__ import annotations

from corpus.report import charts
from corpus.report.blocks import Block, Cell, Chart, Code, Column, Figures, Grid, Part, Section, Text
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import anchor, clipped, number, plural, share

CLUSTERS = 15
MEMBERS = 8
SIZES = ((0, "1"), (1, "2"), (2, "3"), (4, "4–5"), (9, "6–10"), (19, "11–20"), (49, "21–50"))
"""Classes of clusters: the most records folded into the article, and how many records that makes."""


def build(material: Material) -> tuple[Section, ...]:
    """Sizes, and the largest clusters with their members."""
    folded, clusters, largest = material.database.rows(
        "SELECT coalesce(sum(n_duplicates), 0), count(*) FILTER (n_duplicates > 0), max(n_duplicates) FROM articles"
    )[0]
    records = material.funnel.inputs
    figures = Figures(
        (
            ("Records folded", number(int(folded))), ("Share of all records", share(int(folded), records)),
            ("Articles with copies", number(clusters)), ("Largest cluster", plural((largest or 0) + 1, "record")),
        )
    )  # fmt: skip
    return (
        Section("duplicates", "Duplicates", (figures, _sizes(material), _reasons(material))),
        _largest(material),
    )


def _sizes(material: Material) -> Chart:
    cases = " ".join(f"WHEN n_duplicates <= {most} THEN {at}" for at, (most, _) in enumerate(SIZES))
    rows = dict(
        material.database.rows(
            f"SELECT CASE {cases} ELSE {len(SIZES)} END AS class, count(*) FROM articles WHERE n_duplicates > 0 "
            "GROUP BY class"
        )
    )
    names = [name for _, name in SIZES] + [f"{SIZES[-1][0] + 2}+"]
    pairs = [(name, int(rows.get(at, 0))) for at, name in enumerate(names)][1:]
    return charts.columns("Articles with copies, by records in the cluster", "records in the cluster", pairs)


def _reasons(material: Material) -> Grid:
    rows = material.database.rows(
        "SELECT reasons[1].rule AS rule, count(*) AS n, count(DISTINCT kept_article_id) FROM records "
        "WHERE fate = 'duplicate' GROUP BY rule ORDER BY n DESC, rule"
    )
    cells = tuple((rule or "unknown", n, articles) for rule, n, articles in rows)
    columns = (Column("Rule"), Column("Records", numeric=True), Column("Into articles", numeric=True))
    return Grid("Why records were folded, by the rule that decided", columns, cells)


def _largest(material: Material) -> Section:
    rows = material.database.rows(
        "SELECT article_id, title, host, n_duplicates FROM articles WHERE n_duplicates > 0 "
        f"ORDER BY n_duplicates DESC, article_id LIMIT {CLUSTERS}"
    )
    told = Text(
        "The texts of folded records are not published, and not shown here. The command beside each of them shows its "
        "whole life."
        if rows
        else "No record was folded."
    )
    return Section("largest", "Largest clusters", (told,), tuple(_cluster(material, *row) for row in rows))


def _cluster(material: Material, article_id: str, title: str | None, host: str | None, folded: int) -> Part:
    rows = material.database.rows(
        "SELECT r.record_id, r.raw_path, r.reasons[1].rule, r.reasons[1].value FROM records r "
        f"WHERE r.kept_article_id = '{_quoted(article_id)}' ORDER BY r.raw_path, r.record_id LIMIT {MEMBERS}"
    )
    cells: list[tuple[Cell, ...]] = [
        (path, rule, value, Code(material.why(record) or record)) for record, path, rule, value in rows
    ]
    columns = (Column("Folded record"), Column("Rule"), Column("Found"), Column("Its whole life"))
    more = f"The first {MEMBERS} by raw path of {plural(folded, 'folded record')}." if folded > MEMBERS else ""
    grid = Grid(f"Folded into {article_id}", columns, tuple(cells), stacked=True, quiet=True)
    blocks: tuple[Block, ...] = (grid, Text(more)) if more else (grid,)
    heading = clipped(title, 160) if title else article_id
    return Part(anchor("cluster", article_id), heading, blocks, f"{host or 'no host'}, {plural(folded + 1, 'record')}")


def _quoted(text: str) -> str:
    return text.replace("'", "''")


PAGE = Page("duplicates", "Duplicates", 30, build, ("articles", "records"))
