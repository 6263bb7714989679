"""What comes from what: links out of the articles, and derivations between articles and records."""

from __future__ import annotations

from corpus.report import charts
from corpus.report.blocks import Cell, Code, Column, Figures, Grid, Section, Side
from corpus.report.counting import counted, value_counts
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import number, share

SHOWN = 20


def build(material: Material) -> tuple[Section, ...]:
    """Links and derivations."""
    return (*_links(material), *_derivations(material))


def _links(material: Material) -> tuple[Section, ...]:
    if not material.has("links"):
        return ()
    total, inside, hosts, articles = material.database.rows(
        "SELECT count(*), count(target_article_id), count(DISTINCT host), count(DISTINCT article_id) FROM links"
    )[0]
    figures = Figures(
        (
            ("Links", number(total)), ("Linked hosts", number(hosts)),
            ("Articles with a link", share(articles, material.articles)),
            ("Point at an article of the corpus", share(inside, total)),
        )
    )  # fmt: skip
    flags = material.database.rows(
        "SELECT flag, count(*) AS n FROM (SELECT unnest(flags) AS flag FROM links) GROUP BY flag ORDER BY n DESC, flag"
    )
    return (
        Section(
            "links",
            "Links",
            (
                figures,
                Side(
                    (
                        counted(
                            "Links by the kind of host", "Host", value_counts(material, "links", "host_class"), "Links"
                        ),
                        counted(
                            "Links by where they stand", "Place", value_counts(material, "links", "section"), "Links"
                        ),
                        counted("The hosts linked most", "Host", value_counts(material, "links", "host"), "Links"),
                        counted("What is notable about links", "Flag", flags, "Links", total),
                    )
                ),
                _cited(material),
            ),
        ),
    )


def _cited(material: Material) -> Grid:
    rows = material.database.rows(
        "SELECT a.title, a.host, count(DISTINCT l.article_id) AS n, a.article_id FROM links l JOIN articles a ON "
        "a.article_id = l.target_article_id WHERE l.article_id <> a.article_id GROUP BY ALL "
        f"ORDER BY n DESC, a.article_id LIMIT {SHOWN}"
    )
    cells: list[tuple[Cell, ...]] = [(title or "", host, n, Code(article)) for title, host, n, article in rows]
    columns = (Column("Title"), Column("Host"), Column("Citing articles", numeric=True), Column("Article"))
    return Grid("Articles of the corpus that others link to most", columns, tuple(cells), stacked=True)


def _derivations(material: Material) -> tuple[Section, ...]:
    if not material.has("derivations"):
        return ()
    rows = material.database.rows(
        "SELECT kind, count(*) AS n, count(from_article_id), count(DISTINCT article_id), "
        "quantile_disc(similarity, 0.05), quantile_disc(similarity, 0.5) FROM derivations "
        "GROUP BY kind ORDER BY n DESC, kind"
    )
    columns = (
        Column("Kind"), Column("Rows", numeric=True), Column("From an article", numeric=True),
        Column("Articles derived", numeric=True), Column("Similarity, 5 %", numeric=True),
        Column("Similarity, median", numeric=True),
    )  # fmt: skip
    grid = Grid("Derivations by kind", columns, tuple(rows))
    shares = [f"{at / 20:.2f}" for at in range(20)]
    found = dict(
        material.database.rows(
            "SELECT least(floor(similarity * 20), 19)::INT AS class, count(*) FROM derivations "
            "WHERE similarity IS NOT NULL GROUP BY class"
        )
    )
    pairs = [(name, int(found.get(at, 0))) for at, name in enumerate(shares)]
    chart = charts.columns("Derivations by similarity", "similarity from", pairs, "derivations")
    methods = counted(
        "Derivations by what found them", "Method", value_counts(material, "derivations", "method"), "Rows"
    )
    return (Section("derivations", "Derivations", (grid, chart, methods)),)


PAGE = Page("provenance", "Provenance", 50, build, ("articles",))
