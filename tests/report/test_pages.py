from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.report.blocks import Chart, Grid, Side
from corpus.report.charts import columns, lines
from corpus.report.counting import listed, over_time, spreads, words_by_class
from corpus.report.material import open_material
from corpus.report.pages import PAGES
from corpus.report.passages import Span, pieces_of
from corpus.tables import TABLES
from corpus.validate.history import figure_lines, gate_lines, history_rows
from corpus.validate.verdict import Measure

from .conftest import HOSTILE, ROWS, row, write_tables
from .reader import Reader
from .test_page import PASSED, REFUSING, WARNING, all_text, facts, pages

PUBLISHED = {page.file for page in PAGES} - {"withheld.html"}


def article(n, **values):
    made = {
        "article_id": f"art-{n:05}", "record_id": f"rec-{n:05}", "source": "s", "host": "one.example", "n_words": 100,
        "n_chars": 5, "n_duplicates": 0, "text": "Five.", "raw_path": f"s/{n}.txt",
    }  # fmt: skip
    return row("articles", **{**made, **values})


def grids(blocks):
    for block in blocks:
        if isinstance(block, Side):
            yield from grids(block.blocks)
        elif isinstance(block, Chart):
            yield block.grid
        elif isinstance(block, Grid):
            yield block


def built(folder, name, **others):
    """The tables of a page by their captions."""
    page = next(page for page in PAGES if page.name == name)
    with open_material(facts(folder, **others)) as material:
        sections = page.build(material)
    found = [grid for s in sections for grid in grids((*s.blocks, *(b for p in s.parts for b in p.blocks)))]
    return {grid.caption: grid for grid in found}


def test_no_table_with_a_row_breaks_no_page(tmp_path):
    found = pages(write_tables(tmp_path, {}))
    assert found.keys() == PUBLISHED - {"samples.html"}
    assert "annotation was off" in all_text(found)


def test_one_row_breaks_no_page(tmp_path):
    quality = [row("quality", article_id="art-00001")]
    records = [row("records", record_id="rec-00001", raw_path="1", fate="published", article_id="art-00001")]
    rows = {"articles": [article(1)], "quality": quality, "records": records}
    assert pages(write_tables(tmp_path, rows)).keys() == PUBLISHED


def test_a_release_without_a_table_leaves_its_page_out(tmp_path):
    folder = write_tables(tmp_path, ROWS)
    for name in ("mentions", "entities", "links"):
        (folder / name / "train-00000.parquet").unlink()
    found = pages(folder)
    assert "entities.html" not in found
    assert "derivations" in found["provenance.html"].ids
    assert "links" not in found["provenance.html"].ids


def test_a_column_from_after_the_release_counts_as_empty(tmp_path):
    import pyarrow.parquet as pq

    folder = write_tables(tmp_path, ROWS)
    file = folder / "quality" / "train-00000.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["link_density"]), file)
    captions = built(folder, "content")
    signals = next(grid for name, grid in captions.items() if name.startswith("Signals"))
    assert "link_density" not in {getattr(r[0], "words", "") for r in signals.rows}
    assert "n_sentences" in {getattr(r[0], "words", "") for r in signals.rows}


def test_every_signal_of_the_registry_is_shown(staged):
    text = pages(staged)["content.html"].text
    for column in TABLES["quality"].columns[1:]:
        if column.required:
            assert column.name in text


def test_ten_thousand_hosts_fit_and_the_sums_stay(tmp_path):
    rows = [article(n, host=f"h{n}.example" if n else HOSTILE, n_duplicates=n % 3) for n in range(10_000)]
    records = [row("records", record_id=f"rec-{n:05}", raw_path=f"f{n}/{n}", fate="rejected") for n in range(10_000)]
    folder = write_tables(tmp_path, {"articles": rows, "records": records})
    hosts = built(folder, "sources")["Published articles by host"].rows
    assert len(hosts) == 51
    assert sum(line[1] for line in hosts) == 10_000
    assert hosts[-1][0] == "9,950 others"
    folders = built(folder, "sources")["Raw records by the first folder below raw/, and what became of them"].rows
    assert sum(line[1] for line in folders) == 10_000


def test_lines_that_recur_over_a_host_are_listed_on_the_page_of_sources(tmp_path):
    articles = [article(n, text="Prose.\n\nFollow us.") for n in range(3)]
    paragraphs = [
        row("paragraphs", article_id=f"art-{n:05}", paragraph_index=1, start_char=8, end_char=18, repeated=True)
        for n in range(3)
    ]
    folder = write_tables(tmp_path, {"articles": articles, "paragraphs": paragraphs})
    assert built(folder, "sources")["The most frequent, 50 at most"].rows == (("one.example", 3, "Follow us."),)


@pytest.mark.parametrize(
    ("days", "unit", "classes"), [(0, "day", 1), (59, "day", 60), (400, "month", 14), (365 * 9, "year", 9)]
)
def test_empty_days_months_and_years_are_there(tmp_path, days, unit, classes):
    first = datetime(2021, 1, 1, 12, tzinfo=UTC)
    rows = [article(1, published_at=first), article(2, published_at=first + timedelta(days)), article(3)]
    with open_material(facts(write_tables(tmp_path, {"articles": rows}))) as material:
        found, counts = over_time(material, "articles", "published_at")
    assert (found, len(counts)) == (unit, classes)
    assert sum(count for _, count in counts) == 2


def test_a_thousand_years_fit(tmp_path):
    rows = [article(n, published_at=datetime(1000 + n * 10, 6, 1, tzinfo=UTC)) for n in range(100)]
    with open_material(facts(write_tables(tmp_path, {"articles": rows}))) as material:
        _, counts = over_time(material, "articles", "published_at")
        assert words_by_class(material)[-1] == ("100–199", 100)
        (spread,) = spreads(material, "articles", ["n_words"])
    assert len(counts) == 60
    assert sum(count for _, count in counts) == 100
    assert (spread.rows, spread.median, spread.above) == (100, 100, 100)


def test_a_text_of_markup_is_shown_and_not_run(tmp_path):
    text = f"{HOSTILE}\n\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) \u202ebackwards"
    rows = {
        **ROWS,
        "articles": [article(1, text=text, n_chars=len(text), title="javascript:alert(1)", host="<b>")],
        "mentions": [row("mentions", article_id="art-00001", start_char=0, end_char=8, surface=text[:8], label="ORG")],
    }
    page = pages(write_tables(tmp_path, rows))["samples.html"]
    assert not {"script", "img", "b"} & set(page.tags)
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "\\u202ebackwards" in page.text
    assert all(href.startswith("#") or href.endswith(".html") for href in page.hrefs)


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from("ab"))))
def test_pieces_put_together_are_the_text_and_marked_where_the_spans_are(text, spans):
    pieces = pieces_of(text, [Span(*span) for span in spans])
    assert "".join(piece.words for piece in pieces) == text
    at = 0
    for piece in pieces:
        for place in range(at, at + len(piece.words)):
            assert set(piece.labels) == {label for start, end, label in spans if start <= place < end}
        at += len(piece.words)


@given(st.lists(st.tuples(st.text("ab", max_size=3), st.integers(0, 9))), st.integers(1, 5))
def test_listing_the_first_keeps_the_sum(pairs, limit):
    shown = listed(pairs, limit)
    assert sum(count for _, count in shown) == sum(count for _, count in pairs)
    assert len(shown) <= limit + 1


def test_a_chart_is_drawn_in_the_pages_colours_with_its_table_behind():
    chart = columns("By <b>", "what", [("one & two", 3), ("one & two", 0), ("three", 5)])
    assert Reader(str(chart.drawing)).tags[0] == "svg"
    assert 'aria-label="By &lt;b&gt;"' in chart.drawing
    assert "var(--series-1)" in chart.drawing
    assert not {" style=", "<style", "#f9f9f9", "Monaco"} & set(str(chart.drawing).split(">"))
    assert chart.grid.rows == (("one & two", 3), ("one & two", 0), ("three", 5))
    assert chart.drawing == columns("By <b>", "what", [("one & two", 3), ("one & two", 0), ("three", 5)]).drawing
    assert columns("None", "what", [("a", 0)]).drawing is None
    assert lines("None", "what", ["a"], [("x", [1])]).drawing is None
    assert "var(--series-2)" in lines("Two", "what", ["a", "b"], [("x", [1, 2]), ("y", [None, 0.5])]).drawing


def history(*runs):
    tables = []
    for at, (version, articles, gates) in enumerate(runs):
        found = [
            *figure_lines({"articles": articles, "records": articles + 1}, {"rejected": 1}, {}),
            *gate_lines(gates),
        ]
        tables.append(history_rows(version, f"2026-01-{at + 1:02}T00:00:00+00:00", found))
    return pa.concat_tables(tables)


def test_the_trend_of_figures_and_failed_gates_is_drawn(staged):
    past = history(("0.1.0", 5, [PASSED]), (None, 3, [PASSED, REFUSING]), ("0.2.0", 9, [PASSED, WARNING]))
    captions = built(staged, "gates", history=past)
    assert [line[:3] for line in captions["Rows of articles, records"].rows] == [
        ("0.1.0", 5.0, 6.0), ("refused 1", 3.0, 4.0), ("0.2.0", 9.0, 10.0),
    ]  # fmt: skip
    failed = next(grid for name, grid in captions.items() if name.startswith("Gates that did not pass"))
    assert [line[0] for line in failed.rows] == ["articles.language", "articles.text.not_empty"]
    assert "no trend yet" in pages(staged, history=past.slice(0, 3))["gates.html"].text


def test_measures_of_change_stand_with_their_limits(staged):
    from dataclasses import replace

    gate = replace(WARNING, measures=(Measure("de", 0.5, 0.1, 20), Measure(None, 0.01, 0.1, 40)))
    with open_material(facts(staged, gate)) as material:
        sections = next(page for page in PAGES if page.name == "gates").build(material)
    rows = next(s for s in sections if s.id == "change").blocks[0].rows
    assert [line[1:] for line in rows] == [("de", 20, 0.5, 0.1), ("the whole release", 40, 0.01, 0.1)]


def test_change_is_told_article_by_article(staged, tmp_path):
    gone = row("records", record_id="rec-00007", raw_path="7", fate="published")
    articles = [*ROWS["articles"][:1], article(7, title="withdrawn words")]
    before = {**ROWS, "articles": articles, "records": [*ROWS["records"], gone]}
    before["articles"][0] = {**before["articles"][0], "title": "Another title"}
    parent = write_tables(tmp_path / "harbour-v0.0.9", before)
    captions = built(staged, "change", parent=parent)
    assert [line[1] for line in captions["Articles added"].rows] == [None]
    assert captions["Why articles are gone"].rows[0][:2] == ("raw bytes gone", 1)
    assert captions["What changed in articles"].rows[0][0] == "title"
    assert "withdrawn words" not in pages(staged, parent=parent)["change.html"].text
    assert "first release" in pages(staged)["change.html"].text


def test_no_page_shows_a_text_that_is_not_published(tmp_path):
    rows = {**ROWS, "articles": [{**r, "text": None} for r in ROWS["articles"]], "mentions": []}
    found = all_text(pages(write_tables(tmp_path, rows)))
    assert "harbour was closed" not in found
    assert "not published" in found
