"""What a mention is called: the name that resolution groups by.

A name is normalised by itself (no article, honorific, legal form), then within its article: a bare surname takes the
full name of the one person there that ends with it, and an acronym in brackets the name that it stands behind
(Schwartz and Hearst 2003).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from corpus.annotate.lists import Known, known_names, words
from corpus.annotate.spans import ARTICLE, KEEPS_ARTICLE, POSSESSIVE, QUOTES, Span
from corpus.columns import VALUE_LABELS

COARSE = {"GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
"""Labels that a model mixes up for one and the same place; any other label is a type of its own."""
ALIKE = str.maketrans(
    {**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
)
ACRONYM = re.compile(r"\s?\(\s?([A-Z][A-Za-z&.-]*[A-Z]\.?)\s?\)")


def coarse(label: str) -> str:
    """The coarse type that a label belongs to."""
    return COARSE.get(label, label)


def normal(surface: str, label: str) -> str:
    """A surface as a name: without quotes, article, possessive, honorific (PERSON), legal form (ORG)."""
    name = " ".join(surface.split()).strip(QUOTES)
    if label not in KEEPS_ARTICLE and (article := ARTICLE.match(name)):
        name = name[article.end() :]
    name = POSSESSIVE.sub("", name)
    if label == "PERSON":
        name = _without_honorifics(name)
    elif label == "ORG":
        name = _without_legal_forms(name)
    return name or " ".join(surface.split())


def _bare(word: str) -> str:
    return word.replace(".", "").strip(",").casefold()


def _without_honorifics(name: str) -> str:
    parts = name.split()
    while len(parts) > 1:
        if len(parts) > 2 and f"{_bare(parts[0])} {_bare(parts[1])}" in words().honorifics:
            parts = parts[2:]
        elif _bare(parts[0]) in words().honorifics:
            parts = parts[1:]
        else:
            break
    return " ".join(parts)


def _without_legal_forms(name: str) -> str:
    parts = name.split()
    while len(parts) > 1 and _bare(parts[-1]) in words().legal_forms:
        parts = parts[:-1]
        parts[-1] = parts[-1].rstrip(",")
    return " ".join(parts)


def key(name: str) -> str:
    """What two spellings of one name share: without case, accents, full stops and the shape of marks."""
    plain = unicodedata.normalize("NFKD", name.translate(ALIKE)).casefold()
    kept = plain.replace(".", "")
    if not kept.isascii():  # no mark is ASCII
        kept = "".join(char for char in kept if unicodedata.category(char) not in ("Mn", "Cf"))
    return " ".join(kept.split()) or name


@cache
def _canonical() -> dict[tuple[str, str], str]:
    """(key, coarse type) of each listed form -> the canonical name of its row."""
    found: dict[tuple[str, str], str] = {}
    for known in known_names():
        for form in forms(known):
            found.setdefault((key(form), coarse(known.label)), known.name)
    return found


def forms(known: Known) -> tuple[str, ...]:
    """All that a listed name is called, normalised too."""
    written = (known.name, *known.aliases)
    return (*written, *(normal(form, known.label) for form in written))


def acronyms_of(text: str, spans: Iterable[Span]) -> dict[str, Span]:
    """Acronyms that stand in brackets behind the name that they shorten -> that name's span; the first one counts."""
    found: dict[str, Span] = {}
    for span in spans:
        if span.label in VALUE_LABELS or text[span.end : span.end + 2].lstrip()[:1] != "(":
            continue
        match = ACRONYM.match(text, span.end, span.end + words().max_acronym + 4)
        if match and _shortens(match.group(1), text[span.start : span.end]):
            found.setdefault(match.group(1), span)
    return found


def _shortens(acronym: str, name: str) -> bool:
    """Whether the acronym's letters are the initials of the name's words, small words skipped or not."""
    letters = [char for char in acronym.casefold() if char.isalnum()]
    parts = [part for part in re.split(r"[\s-]+", name.casefold()) if part]
    strong = [part[0] for part in parts if part not in words().small_words]
    return len(letters) >= 2 and letters in (strong, [part[0] for part in parts])


def names_of(text: str, spans: Sequence[Span], short: dict[str, Span]) -> list[str | None]:
    """The name of each span, in order; None for values. `short` are the article's acronyms."""
    named = [None if s.label in VALUE_LABELS else normal(text[s.start : s.end], s.label) for s in spans]
    full = _by_surname(name for name, span in zip(named, spans, strict=True) if name and span.label == "PERSON")
    long_form = {key(acronym): normal(text[s.start : s.end], s.label) for acronym, s in short.items()}
    found: list[str | None] = []
    for name, span in zip(named, spans, strict=True):
        if name is None:
            found.append(None)
            continue
        if span.label == "PERSON" and " " not in name:
            name = full.get(key(name), name)  # noqa: PLW2901 - the same name, made full
        elif span.label not in ("PERSON", "NORP"):
            name = long_form.get(key(name), name)  # noqa: PLW2901
        found.append(_canonical().get((key(name), coarse(span.label)), name))
    return found


def _by_surname(names: Iterable[str]) -> dict[str, str]:
    """The key of a surname -> the full name of the one person that has it; surnames of several people are left out."""
    by_surname: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        if " " in name:
            by_surname[key(name.rsplit(" ", 1)[1])].setdefault(key(name), name)
    return {surname: next(iter(full.values())) for surname, full in by_surname.items() if len(full) == 1}
