"""What a page of the report is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from corpus.report.blocks import Section
from corpus.report.material import Material


@dataclass(frozen=True)
class Page:
    """One page: its file's stem, its title, its place in the order, how it is built, and the tables that it needs.

    It is left out where a table that it needs has no file, or where it has no section to show.
    """

    name: str
    title: str
    order: int
    build: Callable[[Material], tuple[Section, ...]]
    needs: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Its file in the report's folder."""
        return f"{self.name}.html"
