"""From a folder of raw articles to a published, versioned dataset.

Reading a release needs no more than this: `load`, `verify`, `versions`, `diff`. Each is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.publish.difference import diff
    from corpus.publish.loading import load
    from corpus.publish.releases import versions
    from corpus.publish.verification import verify

    __version__: str

__all__ = ["__version__", "diff", "load", "verify", "versions"]

_HOME_OF = {"diff": "difference", "load": "loading", "verify": "verification", "versions": "releases"}
"""Public name -> its module in corpus.publish."""


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("corpus")
        except PackageNotFoundError:  # the source tree, not installed
            return "0+unknown"
    if name in _HOME_OF:
        from importlib import import_module

        return getattr(import_module(f"corpus.publish.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
