"""The pages of the report, one module each: whatever module of this package has a `PAGE` is a page."""

from __future__ import annotations

import importlib
import pkgutil

from corpus.report.page import Page

__all__ = ["PAGES", "Page"]

PAGES: tuple[Page, ...] = tuple(
    sorted(
        (importlib.import_module(f"{__name__}.{module.name}").PAGE for module in pkgutil.iter_modules(__path__)),
        key=lambda page: page.order,
    )
)
