"""The quality signals: one flat column of `quality` each, with the definition and the paper that it comes from.

A word is a segment of UAX #29 with a letter or number, a line one that holds something, a paragraph what stands between
empty lines. `FILTERABLE` are those that a `[[filter]]` of corpus.toml may ask for.
"""

from __future__ import annotations

import pyarrow as pa

from corpus.columns import ARTICLE, OF_ARTICLE, B, Column, F, I, S, Table

GOPHER = "Gopher, Rae et al. 2021, table A1"
C4 = "C4, Raffel et al. 2020, section 2.2"
FINEWEB = "FineWeb, Penedo et al. 2024, section 3.6"


def _ratio(name: str, meaning: str) -> Column:
    return Column(name, F, meaning, "0 to 1", required=True)


def _count(name: str, meaning: str, unit: str) -> Column:
    return Column(name, I, meaning, unit, required=True)


_GOPHER = (
    Column("mean_word_length", F, f"Mean length of a word ({GOPHER}).", "code points", required=True),
    Column("symbol_to_word_ratio", F, f"Number signs or ellipses, whichever are more, per word ({GOPHER}).", "per word", required=True),
    _ratio("bullet_line_ratio", f"Lines that begin with a bullet, list items among them ({GOPHER})."),
    _ratio("ellipsis_line_ratio", f"Lines that end with an ellipsis ({GOPHER})."),
    _ratio("alpha_word_ratio", f"Words with at least one letter ({GOPHER})."),
    _count("stop_words", f"Distinct words among the, be, to, of, and, that, have, with, in lower case ({GOPHER}).", "words"),
    _ratio("duplicate_line_ratio", f"Lines that stand before in the same text ({GOPHER})."),
    _ratio("duplicate_paragraph_ratio", f"Paragraphs that stand before in the same text ({GOPHER})."),
    _ratio("duplicate_line_char_ratio", f"Characters of lines that stand before, of the text's ({GOPHER})."),
    _ratio("duplicate_paragraph_char_ratio", f"Characters of paragraphs that stand before, of the text's ({GOPHER})."),
    *(
        Column(f"top_{n}_gram_char_ratio", F, f"Characters of the most frequent {n} words in a row, all its occurrences, per character of the text ({GOPHER}).", "per code point", required=True)
        for n in (2, 3, 4)
    ),
    *(
        _ratio(f"duplicate_{n}_gram_char_ratio", f"Characters of {n} words in a row that stand before, overlaps counted once, of the text's ({GOPHER}).")
        for n in range(5, 11)
    ),
)  # fmt: skip
_C4 = (
    _ratio("terminal_line_ratio", f"Lines that end with a full stop, exclamation or question mark or quotation mark, and not with an ellipsis ({C4})."),
    _ratio("c4_line_ratio", f"Lines that C4 keeps: such an end, five words, none over 1,000 characters, no Javascript, no policy phrase ({C4})."),
    _count("c4_sentences", f"Sentences in the lines that C4 keeps ({C4}).", "sentences"),
    _count("javascript_lines", f"Lines that name Javascript ({C4}).", "lines"),
    _count("policy_lines", f"Lines that speak of cookies, terms of use or a privacy policy ({C4}, its code).", "lines"),
    _count("lorem_ipsum", f"Occurrences of lorem ipsum ({C4}).", "occurrences"),
    _count("curly_brackets", f"Opening curly brackets ({C4}).", "characters"),
)  # fmt: skip
_FINEWEB = (
    _ratio("punctuated_line_ratio", f"Lines that end with a mark that ends sentences in any script ({FINEWEB})."),
    _ratio("short_line_ratio", f"Lines of at most 30 characters ({FINEWEB})."),
    _ratio("duplicated_char_ratio", f"Characters of lines that stand before, of those that are no line break ({FINEWEB})."),
    Column("list_ratio", F, f"Line breaks per word; an empty line is none ({FINEWEB}, its code).", "per word", required=True),
)  # fmt: skip
_OWN = (
    _count("n_sentences", "Sentences, by end marks.", "sentences"),
    _ratio("letter_ratio", "Letters, with the vowel signs of Indic and Thai script, among characters that are no space."),
    _ratio("uppercase_ratio", "Upper-case letters among letters."),
    Column("damage_ratio", F, "Replacement characters and mojibake left in the text.", "per code point", required=True),
    Column("repaired", B, "Mojibake was repaired in the text.", required=True),
    Column("encoding", S, "Character encoding that the payload was decoded with."),
    Column("encoding_evidence", S, "Why: bom, http, meta, utf8, detected.", allowed=("bom", "http", "meta", "utf8", "detected", "structured")),
    _count("empty_sections", "Headings with nothing below them.", "headings"),
    _ratio("text_to_payload_ratio", "Bytes of text per byte of payload."),
    _ratio("link_density", "Characters of text inside links."),
    _count("injection_phrases", "Phrases that tell a language model what to do, in the text (clean/data/injection.toml).", "phrases"),
    _count("hidden_injection_phrases", "Such phrases in what the page hides.", "phrases"),
    _count("hidden_page_chars", "Characters that the page hides from readers by style, the hidden attribute or aria-hidden.", "code points"),
    _count("hidden_text_chars", "Characters of the text that the page hides from readers.", "code points"),
    _count("personal_data_emails", "E-mail addresses in the text, masked or not.", "occurrences"),
    _count("personal_data_phones", "Phone numbers in the text, masked or not.", "occurrences"),
    _count("personal_data_ips", "IP addresses in the text, masked or not.", "occurrences"),
    _count("invisible_chars", "Characters without width in runs of three or more, and tag characters.", "code points"),
)  # fmt: skip

_CORPUS = (
    _ratio("boilerplate_ratio", "Characters in lines that recur over the host's articles (paragraphs.repeated)."),
    Column("duplicate_paragraph_share", F, "Words in paragraphs that an earlier article of the corpus holds too.", "0 to 1", required=True),
)  # fmt: skip
QUALITY = Table(
    "quality",
    "Quality signals of an article, one row an article. They are measured, not filters, unless a rule says so.",
    (ARTICLE, *_GOPHER, *_C4, *_FINEWEB, *_OWN, *_CORPUS),
    key=("article_id",),
    references=(OF_ARTICLE,),
    never_empty=True,
)
OF_CORPUS = tuple(c.name for c in _CORPUS)
"""Signals that a global step measures; all others depend on the record alone, and only those can be filtered by."""
OF_ARTICLES = ("n_words", "n_chars", "truncated")
"""Columns of `articles` that a filter may ask for too."""
FILTERABLE = (
    *OF_ARTICLES,
    *(c.name for c in QUALITY.columns if c.filled and c.name not in OF_CORPUS and not pa.types.is_string(c.type)),
)
