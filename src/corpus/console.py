"""What a person sees at the terminal: progress, the funnel, releases. Plain lines where it is not a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

if TYPE_CHECKING:
    from corpus.report.funnel import Funnel
    from corpus.run import Outcome, StageFigures

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


class Bars:
    """A progress bar for each stage at a terminal, a line for each stage elsewhere; as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"), console=console,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        """Show the bars."""
        if self._live:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the bars as they are."""
        if self._live:
            self._progress.stop()

    def started(self, stage: str, total: int | None) -> None:
        """A bar for the stage; one without an end where the total is not known."""
        if not self._live:
            return
        if stage in self._tasks:
            self._progress.update(self._tasks[stage], total=total, completed=0)
        else:
            self._tasks[stage] = self._progress.add_task(stage, total=total, note="")

    def advanced(self, stage: str, done: int) -> None:
        """Move the stage's bar."""
        if stage in self._tasks:
            self._progress.advance(self._tasks[stage], done)

    def finished(self, figures: StageFigures) -> None:
        """Fill the bar, or print the stage's line."""
        note = f"{figures.seconds:.1f} s" + (f", {figures.reused:,} reused" if figures.reused else "")
        if not self._live:
            self._console.print(f"{figures.name:<9} {figures.rows_in:,} in, {figures.rows_out:,} out, {note}")
        elif figures.name in self._tasks:
            total = max(figures.rows_in, 1)
            self._progress.update(self._tasks[figures.name], total=total, completed=total, note=note)
        else:
            self._tasks[figures.name] = self._progress.add_task(figures.name, total=1, completed=1, note=note)


def show_funnel(funnel: Funnel, console: Console) -> None:
    """The funnel: what came in, what left at each rule, what is published. The steps sum exactly."""
    grid = Grid(box=None, show_header=False, pad_edge=False)
    grid.add_column()
    grid.add_column(justify="right")
    grid.add_row("raw records", f"{funnel.inputs:,}")
    for step in funnel.steps:
        grid.add_row(f"[dim]  − {step.label}[/dim]", f"[dim]{step.records:,}[/dim]")
    grid.add_row("[bold]published articles[/bold]", f"[bold]{funnel.published:,}[/bold]")
    console.print(grid)


def show_outcome(outcome: Outcome, console: Console) -> None:
    """The funnel, the version, where the report is, and the line that loads the release."""
    show_funnel(outcome.funnel, console)
    name = outcome.folder.parent.name
    if outcome.kind == "unchanged":
        console.print(f"Nothing has changed since {name} {outcome.version}: no new version.")
    else:
        console.print(f"[green]Published[/green] {name} {outcome.version} in {outcome.folder}")
    console.print(f"Report: {outcome.report}")
    console.print(f'Load it: datasets.load_dataset("{outcome.folder}")', markup=False)
