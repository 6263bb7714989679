"""Quality signals of a text, as columns of `quality`. They are measured here and judge nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import not_

from corpus.clean.document import Body
from corpus.clean.hidden import Hidden, count_invisible
from corpus.clean.letters import count_letters
from corpus.clean.lines import count_lines, count_sentences
from corpus.clean.personal import KINDS, Find
from corpus.clean.repetition import DUPLICATE, TOP, duplicates, repeated_grams
from corpus.clean.suspicious import count_injections
from corpus.clean.words import words

GOPHER_STOP_WORDS = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})  # Rae et al. 2021, table A1
ELLIPSIS = ("…", "...")
PLACES = 4
MANY = 100_000  # words of a text that is long

Values = dict[str, int | float | bool | str | None]


@dataclass(frozen=True)
class Source:
    """What a body was read from: bytes of the payload, how it was decoded, what its page hides, its text as read, the
    personal data found in it."""

    payload_bytes: int = 0
    encoding: str | None = None
    evidence: str | None = None
    hidden: Hidden = field(default_factory=Hidden)
    as_read: str = ""
    personal: Sequence[Find] = ()


def measure(body: Body, source: Source) -> tuple[Values, int]:
    """The signals of a body by column of `quality`, and its number of words.

    A word is a segment of UAX #29 with a letter or number; a line is one of the text that is not empty; list items
    count as lines that begin with a bullet, as they do where the bullet is written.
    """
    text = body.text
    found = words(text)
    if len(found) > MANY:  # most of them many times: held once, they take a tenth of the memory
        once: dict[str, str] = {}
        found = list(map(once.setdefault, found, found))
    lines = [line for line in text.split("\n") if line]
    letters = count_letters(text)
    hidden = source.hidden
    values: Values = _gopher(body, found, lines) | _repetition(text, found, lines) | _by_line(text, lines, len(found))
    values |= {
        "n_sentences": count_sentences(text),
        "letter_ratio": _ratio(letters.spelling, letters.solid),
        "uppercase_ratio": min(_ratio(letters.capitals, letters.letters), 1.0),
        "damage_ratio": _ratio(body.damage, len(text)),
        "repaired": body.repaired,
        "encoding": source.encoding,
        "encoding_evidence": source.evidence,
        "empty_sections": body.empty_sections,
        "text_to_payload_ratio": min(_ratio(len(text.encode()), source.payload_bytes), 1.0),
        "link_density": min(_ratio(body.linked_chars, len(text)), 1.0),
        "injection_phrases": count_injections(text),
        "hidden_injection_phrases": count_injections(hidden.words) if hidden.passages else 0,
        "hidden_page_chars": hidden.chars,
        "hidden_text_chars": hidden.chars_in(text),
        **{f"personal_data_{kind}s": sum(find.kind == kind for find in source.personal) for kind in KINDS},
        "invisible_chars": count_invisible(source.as_read),
    }
    return values, len(found)


def _gopher(body: Body, found: Sequence[str], lines: Sequence[str]) -> Values:
    text, n_words = body.text, len(found)
    items = sum(1 for paragraph in body.paragraphs if paragraph.role == "list_item")
    plain = list(map(str.isalpha, found))  # almost all words; only the rest is looked at letter by letter
    mixed = sum(1 for word in compress(found, map(not_, plain)) if any(map(str.isalpha, word)))
    symbols = max(text.count("#"), sum(map(text.count, ELLIPSIS)))
    return {
        "mean_word_length": _ratio(sum(map(len, found)), n_words),
        "symbol_to_word_ratio": _ratio(symbols, n_words),
        "bullet_line_ratio": min(_ratio(items, len(lines)), 1.0),
        "ellipsis_line_ratio": _ratio(sum(line.endswith(ELLIPSIS) for line in lines), len(lines)),
        "alpha_word_ratio": _ratio(sum(plain) + mixed, n_words),
        "stop_words": len(GOPHER_STOP_WORDS.intersection(found)),
    }


def _repetition(text: str, found: Sequence[str], lines: Sequence[str]) -> Values:
    paragraphs = text.split("\n\n") if text else []
    paragraph_count, paragraph_chars = duplicates(paragraphs)
    line_count, line_chars = duplicates(lines)
    grams = repeated_grams(found)
    return {
        "duplicate_line_ratio": _ratio(line_count, len(lines)),
        "duplicate_paragraph_ratio": _ratio(paragraph_count, len(paragraphs)),
        "duplicate_line_char_ratio": _ratio(line_chars, len(text)),
        "duplicate_paragraph_char_ratio": _ratio(paragraph_chars, len(text)),
        "duplicated_char_ratio": _ratio(line_chars, len(text) - text.count("\n")),
        **{f"top_{n}_gram_char_ratio": _ratio(grams[n], len(text)) for n in TOP},
        **{f"duplicate_{n}_gram_char_ratio": _ratio(grams[n], len(text)) for n in DUPLICATE},
    }


def _by_line(text: str, lines: Sequence[str], n_words: int) -> Values:
    counts = count_lines(lines)
    return {
        "terminal_line_ratio": _ratio(counts.terminal, counts.lines),
        "c4_line_ratio": _ratio(counts.kept, counts.lines),
        "c4_sentences": counts.sentences,
        "javascript_lines": counts.javascript,
        "policy_lines": counts.policy,
        "lorem_ipsum": text.lower().count("lorem ipsum"),
        "curly_brackets": text.count("{"),
        "punctuated_line_ratio": _ratio(counts.punctuated, counts.lines),
        "short_line_ratio": _ratio(counts.short, counts.lines),
        "list_ratio": _ratio(max(counts.lines - 1, 0), n_words),
    }


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, PLACES) if whole else 0.0
