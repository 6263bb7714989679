"""Every published table and column, once.

Arrow schemas, the card's data dictionary, Croissant, the docs and the baseline expectations come from `TABLES`. A
column's `term` names the PROV-O, schema.org, W3C or other standard term that it answers to, where there is one.
Spans count Unicode code points of `articles.text`, half open; raw offsets count bytes of the record's payload.
"""

from __future__ import annotations

from corpus.columns import (
    ARTICLE,
    DATE_SOURCES,
    DERIVATION_KINDS,
    FATES,
    HOST_CLASSES,
    LABELS,
    LINK_FLAGS,
    LINK_SECTIONS,
    OF_ARTICLE,
    PERSONAL,
    PRECISIONS,
    REASONS,
    RIGHTS,
    ROLES,
    STRINGS,
    UTC,
    VALUE_LABELS,
    B,
    Column,
    F,
    I,
    Reference,
    S,
    Table,
)  # fmt: skip
from corpus.signals import QUALITY

SCHEMA_VERSION = 1


def _span(prefix: str = "", *, what: str, required: bool = True) -> tuple[Column, Column]:
    return (
        Column(f"{prefix}start_char", I, f"Start of {what} in articles.text.", "code points", "oa:start", required),
        Column(
            f"{prefix}end_char", I, f"End of {what} in articles.text, exclusive.", "code points", "oa:end", required
        ),
    )


ARTICLES = Table(
    "articles",
    "One published article: its text, where it is from and what its page says of it.",
    (
        ARTICLE,
        Column("record_id", S, "The raw record that it was published from.", term="prov:wasDerivedFrom", required=True),
        Column("source", S, "Name of the source: the last [[source]] that matches, else the first folder below raw/.", required=True),
        Column("url", S, "Address that the record came from or names as its own.", term="schema:url"),
        Column("canonical_url", S, "Canonical address that the page declares, normalised.", term="schema:url"),
        Column("host", S, "Host of the article's URL, lower case, without www."),
        Column("title", S, "Headline; null where the record names none. It is not part of text.", term="schema:headline"),
        Column("authors", STRINGS, "Names of the authors, in the page's order, without roles.", term="schema:author"),
        Column("published_at", UTC, "Time of first publication.", "UTC", "schema:datePublished"),
        Column("modified_at", UTC, "Time of the last change that the record states.", "UTC", "schema:dateModified"),
        Column("retrieved_at", UTC, "When the record was fetched, as the record says; never a file time.", "UTC", "prov:generatedAtTime"),
        Column("published_at_precision", S, "How precisely published_at is known.", allowed=PRECISIONS),
        Column("published_at_source", S, "Where published_at was found.", allowed=DATE_SOURCES),
        Column("modified_at_precision", S, "How precisely modified_at is known.", allowed=PRECISIONS),
        Column("modified_at_source", S, "Where modified_at was found.", allowed=DATE_SOURCES),
        Column("language", S, "Language of the text, ISO 639-1.", term="schema:inLanguage"),
        Column("language_score", F, "Confidence of the language identification.", "0 to 1"),
        Column("section", S, "Section of the publication.", term="schema:articleSection"),
        Column("keywords", STRINGS, "Keywords that the record states.", term="schema:keywords"),
        Column("text", S, "The article's text: paragraphs separated by an empty line, without the title.", term="schema:articleBody"),
        Column("text_sha256", S, "SHA-256 of the full text in UTF-8.", "hexadecimal", "spdx:checksumValue", required=True),
        Column("n_words", I, "Word segments of the full text (UAX #29).", "words", "schema:wordCount", required=True),
        Column("n_chars", I, "Length of the full text.", "code points", required=True),
        Column("description", S, "Summary that the record states.", term="schema:description", copies=""),
        Column("site_name", S, "Name of the publication.", term="schema:publisher"),
        Column("license", S, "SPDX id of the licence, null where unknown.", term="schema:license"),
        Column("rights", RIGHTS, "Rights signals found: noai, TDMRep, robots, licence links, with value and place."),
        Column("personal_data", PERSONAL, "Personal data in text: email, phone or ip, and its span; masked, its token's."),
        Column("truncated", B, "The text breaks off in mid-sentence.", required=True),
        Column("correction", S, "A correction note taken out of the text.", term="schema:correction", copies=""),
        Column("n_duplicates", I, "Records folded into this article.", "records", required=True),
        Column("story_id", S, "The event that the article belongs to.", filled=False),
        Column("raw_path", S, "Path of the record's file below raw/.", term="prov:hadPrimarySource", required=True),
        Column("raw_sha256", S, "SHA-256 of the record's payload.", "hexadecimal", "spdx:checksumValue", required=True),
        Column("media_type", S, "Media type of the payload (RFC 6838).", term="schema:encodingFormat", required=True),
        Column("first_version", S, "The release in which this article first appeared.", digested=False, required=True),
    ),
    key=("article_id",),
    references=(Reference("record_id", "records", "record_id"),),
    never_empty=True,
)  # fmt: skip

RECORDS = Table(
    "records",
    "The ledger: one row per raw record, without exception, with its one fate and all its reasons.",
    (
        Column("record_id", S, "The raw record: a file, a JSONL line, a feed entry.", term="prov:Entity", required=True),
        Column("raw_path", S, "Path below raw/; a record in an archive adds !/ and its name.", term="prov:atLocation", required=True),
        Column("byte_start", I, "Start of the payload in the decompressed file.", "bytes"),
        Column("byte_end", I, "End of the payload in the decompressed file, exclusive.", "bytes"),
        Column("sha256", S, "SHA-256 of the payload.", "hexadecimal", "spdx:checksumValue"),
        Column("media_type", S, "Media type of the payload.", term="schema:encodingFormat"),
        Column("fate", S, "What became of it.", required=True, allowed=FATES),
        Column("reasons", REASONS, "Every rule that spoke, with its value and threshold.", required=True),
        Column("article_id", S, "The article that it was published as."),
        Column("kept_article_id", S, "The article that it was folded into."),
        Column("detail", S, "What was found, in words."),
    ),
    key=("record_id",),
    references=(OF_ARTICLE, Reference("kept_article_id", "articles", "article_id")),
    never_empty=True,
)  # fmt: skip

PARAGRAPHS = Table(
    "paragraphs",
    "The paragraphs of a text, in order, and the raw bytes that each came from.",
    (
        ARTICLE,
        Column("paragraph_index", I, "Position in the article, from 0.", required=True),
        *_span(what="the paragraph"),
        Column("raw_start_byte", I, "Start in the payload; null where not exact.", "bytes"),
        Column("raw_end_byte", I, "End in the payload, exclusive; null where not exact.", "bytes"),
        Column("role", S, "What it is in the article.", required=True, allowed=ROLES),
        Column("duplicate_of_article_id", S, "The earliest article that holds a paragraph with the same words; null where this one is the first, or too short to count.", term="prov:wasQuotedFrom"),
        Column("duplicate_of_paragraph_index", I, "That paragraph's position in that article."),
        Column("repeated", B, "The line recurs over its host's articles and is no part of their prose.", required=True),
    ),
    key=("article_id", "paragraph_index"),
    references=(OF_ARTICLE, Reference("duplicate_of_article_id", "articles", "article_id")),
    never_empty=True,
)  # fmt: skip

MENTIONS = Table(
    "mentions",
    "A stretch of text that names a thing or a value; labels are those of OntoNotes 5.",
    (
        ARTICLE,
        *_span(what="the mention"),
        Column("surface", S, "The words, equal to text[start_char:end_char].", term="oa:exact", copies="end_char"),
        Column("label", S, "OntoNotes 5 label.", required=True, allowed=LABELS),
        Column("entity_id", S, "The entity named; null for values (DATE to CARDINAL)."),
        Column("value", S, "Normalised value: ISO date or plain number.", filled=False, copies="end_char"),
        Column("unit", S, "Unit of the value.", filled=False),
        Column("anchor", S, "What a relative date counts from.", filled=False),
        Column("method", S, "What found it.", term="prov:wasGeneratedBy", required=True),
        Column("score", F, "Calibrated probability; null unless calibrated.", "0 to 1", filled=False),
    ),
    key=("article_id", "start_char", "end_char", "label"),
    references=(OF_ARTICLE, Reference("entity_id", "entities", "entity_id")),
)

ENTITIES = Table(
    "entities",
    "A person, organisation, place or other thing that articles name.",
    (
        Column("entity_id", S, "The entity.", term="schema:identifier", required=True),
        Column("name", S, "Canonical name.", term="schema:name"),
        Column("type", S, "OntoNotes 5 label.", required=True, allowed=tuple(x for x in LABELS if x not in VALUE_LABELS)),
        Column("aliases", STRINGS, "Other names it goes by in the corpus.", term="schema:alternateName"),
        Column("wikidata_id", S, "Wikidata item.", term="schema:sameAs", filled=False),
        Column("wikipedia_url", S, "Wikipedia page.", term="schema:sameAs", filled=False),
        Column("geonames_id", S, "GeoNames id.", term="schema:sameAs", filled=False),
        Column("link_evidence", S, "Why it was linked, as JSON.", filled=False),
        Column("link_score", F, "Confidence of the link.", "0 to 1", filled=False),
        Column("n_articles", I, "Articles that name it.", "articles", required=True),
        Column("n_mentions", I, "Mentions of it.", "mentions", required=True),
        Column("first_published_at", UTC, "Earliest publication that names it.", "UTC"),
    ),
    key=("entity_id",),
)  # fmt: skip

LINKS = Table(
    "links",
    "What an article cites: every link in it, inline or listed, with what it points at.",
    (
        ARTICLE,
        *_span(what="the linked words", required=False),
        Column("anchor_text", S, "The linked words.", term="schema:name", copies="end_char"),
        Column("url", S, "The link as written, without user name and password.", term="schema:url"),
        Column("canonical_url", S, "The link made absolute and normalised; null where malformed."),
        Column("host", S, "Host, lower case, without www."),
        Column("host_class", S, "What kind of host it is.", required=True, allowed=HOST_CLASSES),
        Column("section", S, "Where in the article it stands.", required=True, allowed=LINK_SECTIONS),
        Column("target_article_id", S, "The article that it points at, when the corpus holds it.", term="schema:citation"),
        Column("flags", STRINGS, "What is notable about it.", required=True, allowed=LINK_FLAGS),
        Column("method", S, "What found it.", term="prov:wasGeneratedBy", required=True),
    ),
    references=(OF_ARTICLE, Reference("target_article_id", "articles", "article_id")),
)  # fmt: skip

DERIVATIONS = Table(
    "derivations",
    "What comes from what: copies, revisions, contained articles, citations (PROV-O derivations).",
    (
        ARTICLE,
        Column("from_article_id", S, "The article it comes from; null where that is a folded record.", term="prov:wasDerivedFrom"),
        Column("from_record_id", S, "The record it comes from.", term="prov:wasDerivedFrom"),
        Column("kind", S, "How it comes from it.", required=True, allowed=DERIVATION_KINDS),
        Column("similarity", F, "Jaccard similarity of word 5-grams; at contains, the share contained.", "0 to 1"),
        *_span(what="the derived passage", required=False),
        Column("from_start_char", I, "Start of the passage in the source's text.", "code points"),
        Column("from_end_char", I, "End of the passage in the source's text, exclusive.", "code points"),
        Column("evidence", S, "What the derivation rests on, as JSON.", copies=""),
        Column("method", S, "What found it.", term="prov:wasGeneratedBy", required=True),
    ),
    references=(
        OF_ARTICLE,
        Reference("from_article_id", "articles", "article_id"),
        Reference("from_record_id", "records", "record_id"),
    ),
)  # fmt: skip

REMOVALS = Table(
    "removals",
    "Append-only tombstones of retracted articles.",
    (
        ARTICLE,
        Column(
            "salted_content_hash", S, "Salted hash that blocks re-entry; the salt is never published.", required=True
        ),
        Column("reason", S, "Why it was retracted.", required=True),
        Column("effective_version", S, "The first release without it.", required=True),
    ),
    key=("article_id",),
    in_digest=False,
)

TABLES: dict[str, Table] = {
    t.name: t for t in (ARTICLES, QUALITY, RECORDS, PARAGRAPHS, MENTIONS, ENTITIES, LINKS, DERIVATIONS, REMOVALS)
}
"""The published tables, in the order of the card; `articles` is the default config."""
