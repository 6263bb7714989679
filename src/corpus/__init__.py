"""From a folder of raw articles to a published, versioned dataset.

Reading a release needs no more than this: `load`, `verify`, `versions`, `diff`. Each is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.publish.diff import diff
    from corpus.publish.load import load
    from corpus.publish.verify import verify
    from corpus.publish.versions import versions

    __version__: str

__all__ = ["__version__", "diff", "load", "verify", "versions"]

_VERBS = ("diff", "load", "verify", "versions")
"""Each lies in the module of its name in corpus.publish."""


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("corpus")
        except PackageNotFoundError:  # the source tree, not installed
            return "0+unknown"
    if name in _VERBS:
        from importlib import import_module

        return getattr(import_module(f"corpus.publish.{name}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
