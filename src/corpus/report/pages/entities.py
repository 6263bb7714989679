"""What the articles name: mentions by label, entities by type, the most frequent ones."""

from __future__ import annotations

from corpus.report import charts
from corpus.report.blocks import Cell, Chart, Code, Column, Figures, Grid, Section, Side, Text
from corpus.report.counting import counted, value_counts
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import number, share
from corpus.tables import TABLES

SHOWN = 40
ALIASES = 5
CLASSES = ((0, "0"), (10, "1–10"), (25, "11–25"), (50, "26–50"), (100, "51–100"), (200, "101–200"))
"""Classes of mentions in an article: the most that each holds, and its name."""

_KNOWN = (
    "CASE WHEN n_articles = 1 THEN 'one' WHEN n_articles < 5 THEN 'two to four' "
    "WHEN n_articles < 20 THEN 'five to nineteen' ELSE 'twenty or more' END"
)


def build(material: Material) -> tuple[Section, ...]:
    """Mentions and entities; a sentence where annotation is off."""
    mentions = material.database.count("mentions")
    entities = material.database.count("entities")
    linked, named = material.database.rows(
        "SELECT count(*) FILTER (wikidata_id IS NOT NULL), count(*) FILTER (n_articles > 1) FROM entities"
    )[0]
    without = material.database.value(
        "SELECT count(*) FROM articles a WHERE NOT EXISTS (SELECT 1 FROM mentions m WHERE m.article_id = a.article_id)"
    )
    figures = Figures(
        (
            ("Mentions", number(mentions)), ("Entities", number(entities)),
            ("Named by several articles", share(named, entities)), ("Linked to Wikidata", share(linked, entities)),
            ("Articles without a mention", share(without, material.articles)),
        )
    )  # fmt: skip
    if not mentions and not entities:
        told = Text("No article has a mention: annotation was off, or found nothing in these languages.")
        return (Section("entities", "Entities", (figures, told)),)
    return (
        Section("entities", "Entities", (figures, _largest(material), _types(material))),
        Section("mentions", "Mentions", (_per_article(material), _labels(material))),
    )


def _largest(material: Material) -> Grid:
    rows = material.database.rows(
        "SELECT name, type, n_articles, n_mentions, aliases, entity_id FROM entities "
        f"ORDER BY n_articles DESC, n_mentions DESC, entity_id LIMIT {SHOWN}"
    )
    cells: list[tuple[Cell, ...]] = [
        (name or Code(entity_id), kind, articles, mentions, ", ".join((aliases or [])[:ALIASES]))
        for name, kind, articles, mentions, aliases, entity_id in rows
    ]
    columns = (
        Column("Name"), Column("Type"), Column("Articles", numeric=True), Column("Mentions", numeric=True),
        Column("Also called"),
    )  # fmt: skip
    return Grid(f"The {SHOWN} entities that most articles name", columns, tuple(cells), stacked=True)


def _types(material: Material) -> Side:
    types = value_counts(material, "entities", "type")
    labels = value_counts(material, "entities", _KNOWN)
    return Side(
        (
            counted("Entities by type", "Type", types, "Entities"),
            counted("Entities by how many articles name them", "Articles", labels, "Entities"),
        )
    )


def _per_article(material: Material) -> Chart:
    cases = " ".join(f"WHEN n <= {most} THEN {at}" for at, (most, _) in enumerate(CLASSES))
    rows = dict(
        material.database.rows(
            f"SELECT CASE {cases} ELSE {len(CLASSES)} END AS class, count(*) FROM (SELECT count(m.article_id) AS n "
            "FROM articles a LEFT JOIN mentions m USING (article_id) GROUP BY a.article_id) GROUP BY class"
        )
    )
    names = [name for _, name in CLASSES] + [f"{CLASSES[-1][0] + 1}+"]
    pairs = [(name, int(rows.get(at, 0))) for at, name in enumerate(names)]
    return charts.columns("Articles by mentions in them", "mentions", pairs)


def _labels(material: Material) -> Side:
    grids = [counted("Mentions by label", "Label", value_counts(material, "mentions", "label"), "Mentions")]
    grids.append(
        counted("Mentions by what found them", "Method", value_counts(material, "mentions", "method"), "Mentions")
    )
    for name in ("value", "entity_id"):
        if TABLES["mentions"].column(name).filled:
            filled = value_counts(material, "mentions", f"CASE WHEN {name} IS NULL THEN 'without' ELSE 'with' END")
            grids.append(counted(f"Mentions with {name}", name, filled, "Mentions"))
    return Side(tuple(grids))


PAGE = Page("entities", "Entities", 40, build, ("articles", "mentions", "entities"))
