"""What is known to fall short in a release, as sentences for its card: each rests on what the release itself holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from corpus.publish.glance import Glance


class Rows(Protocol):
    """A table as it was written or counted: its rows, and in how many of them each column is filled."""

    @property
    def rows(self) -> int:
        """How many rows it has."""

    @property
    def filled(self) -> Mapping[str, int]:
        """In how many of them each column has a value."""


def limits(tables: Mapping[str, Rows], seen: Glance, models: Mapping[str, str], text: str) -> tuple[str, ...]:
    """The limits of a release with these tables; `models` are those that annotated it, `text` how texts are published.

    Every figure is one that the release's tables give, so that a reader can count it anew.
    """
    return tuple(_limits(tables, seen, models, text))


def _limits(
    tables: Mapping[str, Rows], seen: Glance, models: Mapping[str, str], text: str
) -> Iterator[str]:  # fmt: skip
    yield (
        "Articles are found by rules and a general extractor: boilerplate may stay and a paragraph may be lost. "
        "`quality` has the signals by which such articles can be found."
    )
    if undated := seen.articles - seen.dated:
        yield f"{undated} of {seen.articles} articles have no date of publication."
    if seen.truncated:
        yield f"{seen.truncated} of {seen.articles} articles break off in mid-sentence (`truncated`)."
    yield from _exact(tables)
    yield from _named(tables, models)
    if text == "excerpt":
        yield "Texts are cut: what lies beyond the cut is not in this release, and annotations that copy it are null."
    if text == "standoff":
        yield "Texts are not in this release, nor are columns that copy from them: `corpus rehydrate` puts them back."


def _exact(tables: Mapping[str, Rows]) -> Iterator[str]:
    paragraphs = tables.get("paragraphs")
    if paragraphs is not None and (lost := paragraphs.rows - paragraphs.filled.get("raw_start_byte", 0)):
        yield (
            f"{lost} of {paragraphs.rows} paragraphs have no raw byte range (`raw_start_byte`): it is given where it "
            "is exact, else null."
        )


def _named(tables: Mapping[str, Rows], models: Mapping[str, str]) -> Iterator[str]:
    mentions, entities = tables.get("mentions"), tables.get("entities")
    if mentions is None or not mentions.rows:
        yield "No article is annotated: `mentions` and `entities` have no row."
        return
    made = f" ({', '.join(f'{name} {version}' for name, version in sorted(models.items()))})" if models else ""
    scored = mentions.filled.get("score", 0)
    calibrated = "none has a calibrated score" if not scored else f"{scored} of them have a calibrated score"
    yield (f"The {mentions.rows} mentions are made by programs{made}: {calibrated}, and `method` says what found each.")
    if entities is not None and entities.rows:
        linked = entities.filled.get("wikidata_id", 0)
        yield (
            f"{entities.rows - linked} of {entities.rows} entities are not linked to Wikidata; among those, two "
            "things of one type and name may be one entity."
        )
