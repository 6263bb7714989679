"""Names in headings."""

from __future__ import annotations

import re

from corpus.annotate.headings import headings_of
from corpus.annotate.spans import Span

BODY = "Ana Quellmo joined the firm in May."


def kept(text: str, *spans: tuple[str, str], marked: tuple[int, ...] = (), sure: tuple[str, ...] = ()) -> list[str]:
    def every(surface: str, label: str = "ORG") -> list[Span]:
        return [Span(m.start(), m.end(), label, "m") for m in re.finditer(re.escape(surface), text)]

    blocks, at = [], 0
    for part in text.split("\n\n"):
        blocks.append((at, at + len(part)))
        at += len(part) + 2
    found = headings_of(text, blocks, marked)
    left = found.without_doubtful(text, sorted(s for one in spans for s in every(*one)), [every(s)[0] for s in sure])
    return [text[s.start : s.end] for s in left]


def test_words_in_title_case_are_no_names_unless_the_body_has_them() -> None:
    text = f"What the Talent Pool Means for Safety Research\n\n{BODY}"
    assert kept(text, ("Talent Pool", "ORG"), ("Ana Quellmo", "PERSON")) == ["Ana Quellmo"]


def test_a_known_heading_counts_whatever_its_words() -> None:
    text = f"Talent pool\n\n{BODY}"
    assert kept(text, ("Talent pool", "ORG")) == ["Talent pool"]
    assert kept(text, ("Talent pool", "ORG"), marked=(0,)) == []


def test_a_guess_around_a_sure_name_gives_way() -> None:
    text = f"Why OpenAI Loses Its Very Best People\n\n{BODY}"
    assert kept(text, ("OpenAI Loses", "ORG"), sure=("OpenAI",)) == []
    both = f"{text} The phrase OpenAI Loses caught on."
    assert kept(both, ("OpenAI Loses", "ORG")) == ["OpenAI Loses"] * 2
    assert kept(both, ("OpenAI Loses", "ORG"), sure=("OpenAI",)) == ["OpenAI Loses"]


def test_a_sentence_is_no_heading() -> None:
    text = f"President Ana Quellmo Met Zorbix Chairman Luis Peña.\n\n{BODY}"
    assert kept(text, ("Zorbix", "ORG")) == ["Zorbix"]


def test_values_in_headings_stay() -> None:
    text = f"What the Talent Pool Means in Early 2026\n\n{BODY}"
    assert kept(text, ("2026", "DATE")) == ["2026"]
