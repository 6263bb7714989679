"""The quality signals: one flat column of `quality` each, with the definition and the paper that it comes from."""

from __future__ import annotations

from corpus.columns import ARTICLE, OF_ARTICLE, B, Column, F, I, S, Table

QUALITY = Table(
    "quality",
    "Quality signals of an article, one row an article. They are measured, not filters, unless a rule says so.",
    (
        ARTICLE,
        Column("n_sentences", I, "Sentences, by end marks.", "sentences", required=True),
        Column("mean_word_length", F, "Mean length of a word (Gopher, Rae et al. 2021).", "code points", required=True),
        Column("symbol_to_word_ratio", F, "Number signs and ellipses per word (Gopher).", "per word", required=True),
        Column("bullet_line_ratio", F, "Lines that begin with a bullet (Gopher).", "0 to 1", required=True),
        Column("ellipsis_line_ratio", F, "Lines that end with an ellipsis (Gopher).", "0 to 1", required=True),
        Column("alpha_word_ratio", F, "Words with at least one letter (Gopher).", "0 to 1", required=True),
        Column("stop_words", I, "Distinct words among the eight of Gopher: the, be, to, of, and, that, have, with.", "words", required=True),
        Column("punctuated_line_ratio", F, "Lines that end with a terminal mark (C4, Raffel et al. 2020).", "0 to 1", required=True),
        Column("duplicate_line_ratio", F, "Lines that occur before in the same text (Gopher).", "0 to 1", required=True),
        Column("uppercase_ratio", F, "Upper-case letters among letters.", "0 to 1", required=True),
        Column("damage_ratio", F, "Replacement characters and mojibake left in the text.", "per code point", required=True),
        Column("repaired", B, "Mojibake was repaired in the text.", required=True),
        Column("encoding", S, "Character encoding that the payload was decoded with."),
        Column("encoding_evidence", S, "Why: bom, http, meta, utf8, detected.", allowed=("bom", "http", "meta", "utf8", "detected", "structured")),
        Column("empty_sections", I, "Headings with nothing below them.", "headings", required=True),
        Column("text_to_payload_ratio", F, "Bytes of text per byte of payload.", "0 to 1", required=True),
        Column("link_density", F, "Characters of text inside links.", "0 to 1", required=True),
    ),
    key=("article_id",),
    references=(OF_ARTICLE,),
    never_empty=True,
)  # fmt: skip
