"""What a column, a foreign key and a table are, and the closed vocabularies of the published columns.

A column's `term` names the PROV-O, schema.org, W3C or other standard term that it answers to, where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

UTC = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
REASONS = pa.list_(pa.struct([("rule", pa.string()), ("value", pa.string()), ("threshold", pa.string())]))
PERSONAL = pa.list_(pa.struct([("kind", pa.string()), ("start_char", pa.int64()), ("end_char", pa.int64())]))
RIGHTS = pa.list_(pa.struct([("signal", pa.string()), ("value", pa.string()), ("where", pa.string())]))

FATES = ("published", "duplicate", "rejected", "quarantined", "retracted")
LABELS = (
    "PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE",
    "DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL",
)  # fmt: skip
VALUE_LABELS = ("DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL")
"""Labels of values, not of things: their mentions have no entity."""
ROLES = ("heading", "paragraph", "list_item", "quote", "caption", "table")
PRECISIONS = ("year", "month", "day", "hour", "minute", "second")
DATE_SOURCES = ("json_ld", "meta", "time_element", "url", "text", "feed", "mapped", "http", "copy")
HOST_CLASSES = ("reference", "social", "wire", "primary", "media", "commercial", "tracker", "other")
LINK_SECTIONS = ("inline", "source_list", "embed", "metadata")
LINK_FLAGS = (
    "placeholder", "malformed", "shortener", "tracking_removed", "self", "duplicate", "credentials_removed",
)  # fmt: skip
DERIVATION_KINDS = ("exact_duplicate", "near_duplicate", "contains", "quotes", "cites", "syndicates", "revises")

LATER = "Not filled by this version: always null."


@dataclass(frozen=True)
class Column:
    """One column: Arrow type, meaning, unit and standard term; `allowed` closes the vocabulary (of list items too)."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str | None = None
    term: str | None = None
    required: bool = False
    allowed: tuple[str, ...] | None = None
    filled: bool = True
    digested: bool = True
    copies: str | None = None
    """It repeats words of the text: the column with the end of their place in it, "" where their place is not given."""

    @property
    def description(self) -> str:
        """Meaning, unit and whether this version fills the column, as the card and Croissant print it."""
        unit = f" Unit: {self.unit}." if self.unit else ""
        return f"{self.meaning}{unit}{'' if self.filled else ' ' + LATER}"


@dataclass(frozen=True)
class Reference:
    """A foreign key: `column` of this table, where not null, is found in `table.key`."""

    column: str
    table: str
    key: str


@dataclass(frozen=True)
class Table:
    """One published table: what a row is, its columns in order, its key, the order of its rows, its foreign keys."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    never_empty: bool = False
    in_digest: bool = True

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the published Parquet files."""
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in self.columns])

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


S, I, F, B = pa.string(), pa.int64(), pa.float64(), pa.bool_()
ARTICLE = Column("article_id", S, "The article.", term="schema:identifier", required=True)
OF_ARTICLE = Reference("article_id", "articles", "article_id")
