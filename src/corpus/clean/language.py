"""Which language a text is in: py3langid, with the record's own word where a text is too short to tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SAMPLE = 1000  # code points from the text's start; more changes nothing and costs time
START, MIDDLE = 60, 140  # code points of a longer text that are read first: they decide for nearly all
CLEAR = 0.99  # probability from which they do; below it the sample is read
SURE = 0.8  # probability below which the record's own word counts for more
PLACES = 4
CODE = re.compile(r"^\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]{1,20})?\s*$")
NAMES = {
    "english": "en",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "dutch": "nl",
    "portuguese": "pt",
}


@dataclass(frozen=True)
class Language:
    """An ISO 639-1 code and the classifier's probability for it, rounded to 4 places."""

    code: str | None
    score: float | None


def code_of(written: str | None) -> str | None:
    """The ISO 639-1 code of a written language tag (BCP 47): `en-GB` -> `en`."""
    if not written:
        return None
    match = CODE.match(written.split(",")[0])
    return match[1].lower() if match else NAMES.get(written.strip().lower())


def identify(text: str, title: str | None, said: str | None) -> Language:
    """The language of a text (code points), with `said`, a language tag, as a hint where the text doesn't decide."""
    hint = code_of(said)
    if len(text) > SAMPLE:
        middle = len(text) // 2
        code, score = _identifier().classify(f"{text[:START]}\n{text[middle : middle + MIDDLE]}")
        if score >= CLEAR:
            return Language(code, round(float(score), PLACES))
    sample = f"{title}\n{text}"[:SAMPLE] if title and len(text) < SAMPLE // 4 else text[:SAMPLE]
    return _likeliest(sample, hint)


def _likeliest(sample: str, hint: str | None = None) -> Language:
    """The language with the highest probability, or the hint where none is high."""
    if not any(char.isalpha() for char in sample):
        return Language(hint, None)
    ranked = {code: round(float(score), PLACES) for code, score in _identifier().rank(sample)}
    best = max(ranked, key=lambda code: (ranked[code], code))
    if ranked[best] < SURE and hint in ranked:
        best = hint
    return Language(best, ranked[best])


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
