"""Charts as static SVG, drawn by leather; colours are the page's own variables, so that light and dark both fit.

A chart is for the eye: every one has the table of its numbers behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.report.blocks import Cell, Chart, Column, Grid
from corpus.report.wording import number

if TYPE_CHECKING:
    from types import ModuleType

    from leather import Chart as Drawable
    from markupsafe import Markup

WIDTH, HEIGHT = 520, 240
LABELS = 7
"""Labels below an axis; more run into each other."""
COLOURS = ("var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)")
_THEME = {
    "background_color": "none", "margin": 0.02, "axis_title_color": "var(--soft)", "axis_title_font_family": "inherit",
    "axis_title_font_size": 13, "axis_title_gap": 6, "tick_color": "var(--line)", "zero_color": "var(--soft)",
    "label_color": "var(--soft)", "tick_font_family": "inherit", "tick_font_size": 13, "tick_font_char_width": 7,
    "legend_color": "var(--ink)", "legend_font_family": "inherit", "legend_font_size": 13, "legend_font_char_width": 7,
}  # fmt: skip
_LONG = re.compile(r"-?\d+\.\d{3,}")


def columns(title: str, what: str, pairs: Sequence[tuple[str, int]], unit: str = "articles") -> Chart:
    """Counts by class, in the order given: `pairs` of label and count, `what` the classes are, `unit` of the counts."""
    grid = Grid(title, (Column(what), Column(unit, numeric=True)), tuple(pairs))
    if not any(count for _, count in pairs):
        return Chart(title, None, grid)
    leather = _themed()
    chart = leather.Chart()
    places = [str(at) for at in range(len(pairs))]
    chart.add_columns([(place, count) for place, (_, count) in zip(places, pairs, strict=True)], fill_color=COLOURS[0])
    step = -(-len(pairs) // LABELS)
    chart.add_x_axis(ticks=places[::step], tick_formatter=lambda value, _at, _n: pairs[int(value)][0], name=what)
    chart.add_y_axis(tick_formatter=_tick)
    return Chart(title, _drawn(chart, title), grid)


def lines(title: str, what: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Chart:
    """One line for each of at most four `series` (name, a value or None for each of `labels`), in the order given."""
    rows: list[tuple[Cell, ...]] = [(label, *(values[at] for _, values in series)) for at, label in enumerate(labels)]
    grid = Grid(title, (Column(what), *(Column(name, numeric=True) for name, _ in series)), tuple(rows))
    drawable = [[value for value in values if value is not None] for _, values in series]
    if len(labels) < 2 or not any(drawable) or len(series) > len(COLOURS):
        return Chart(title, None, grid)
    leather = _themed()
    chart = leather.Chart()
    for colour, (name, values) in zip(COLOURS, series, strict=False):
        points = [(at, value) for at, value in enumerate(values) if value is not None]
        if points:
            chart.add_line(points, name=name if len(series) > 1 else None, stroke_color=colour)
    step = -(-len(labels) // LABELS)
    chart.add_x_scale(0, len(labels) - 1)
    chart.add_x_axis(
        ticks=list(range(0, len(labels), step)), tick_formatter=lambda at, _i, _n: labels[int(at)], name=what
    )
    top = max(value for values in drawable for value in values)
    chart.add_y_scale(min(0.0, *(value for values in drawable for value in values)), top or 1)
    chart.add_y_axis(tick_formatter=_tick)
    return Chart(title, _drawn(chart, title), grid)


def _themed() -> ModuleType:
    """The library in our colours: its theme is a module of settings, meant to be set."""
    import leather

    library: ModuleType = leather
    for name, value in _THEME.items():
        setattr(library.theme, name, value)
    return library


def _tick(value: float, _at: int, _count: int) -> str:
    value = float(value)
    return number(int(value)) if value.is_integer() else number(round(value, 4))


def _drawn(chart: Drawable, title: str) -> Markup:
    """The chart as SVG that fits its place; numbers with two places, which is a hundredth of a pixel."""
    from markupsafe import Markup, escape

    drawn = _LONG.sub(lambda found: f"{float(found[0]):.2f}", chart.to_svg(width=WIDTH, height=HEIGHT))
    drawn = drawn.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    head = f'<svg class="chart" role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {HEIGHT}" '
    return Markup(re.sub(r'^<svg width="\d+" height="\d+" ', head, drawn, count=1))
