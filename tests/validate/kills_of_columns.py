"""More corruptions of the good release: of what a column may hold, and of files that a run lost or doubled."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from tests.validate.kills import A3, REJECTED, Kill, rewrite, set_all, set_row
from tests.validate.release import Release, sha256


def halve_texts(release: Release) -> None:
    """Texts cut and hashed anew, as a broken extraction would: offsets and paragraphs are those of the whole ones."""
    for row in release.rows["articles"]:
        text = str(row["text"])[: len(str(row["text"])) // 2]
        row.update(text=text, text_sha256=sha256(text), n_chars=len(text), n_words=len(text.split()))


def damage(release: Release) -> None:
    """An encoding broken before the digest: every letter beyond ASCII is a replacement character."""
    for row in release.rows["articles"]:
        text = "".join(c if c.isascii() else "\ufffd" for c in str(row["text"]))
        row.update(text=text, text_sha256=sha256(text))


def control(release: Release) -> None:
    row = release.row("articles", **A3)
    row["text"] = f"\x00{str(row['text'])[1:]}"


def into_the_future(release: Release) -> None:
    for row in release.rows["articles"]:
        row["published_at"] = row["retrieved_at"] + timedelta(days=900)  # type: ignore[operator]  # datetimes


def double_shard(staged: Path) -> None:
    shutil.copy(staged / "links" / "train-00000.parquet", staged / "links" / "train-00001.parquet")


def swap_roles(release: Release) -> None:
    """Each paragraph's role and text of another: ranges of one article exchanged."""
    one = release.row("paragraphs", article_id="a2", paragraph_index=0)
    other = release.row("paragraphs", article_id="a2", paragraph_index=2)
    for key in ("start_char", "end_char"):
        one[key], other[key] = other[key], one[key]


KILLS_OF_COLUMNS = [
    Kill("rows lost at the end of the last shard", "links.files",
         spoil=rewrite("links/train-00000.parquet", lambda t: t[:1])),
    Kill("a shard twice", "links.files", spoil=double_shard),
    Kill("texts cut in half", "relations.paragraphs_inside", halve_texts),
    Kill("texts cut in half, and mentions in what is gone", "relations.mentions_inside", halve_texts),
    Kill("paragraphs exchanged", "relations.paragraphs_order", swap_roles),
    Kill("many dates in the future", "articles.published_at.future_share", into_the_future),
    Kill("one date far in the future", "articles.published_at.not_in_future", into_the_future),
    Kill("an encoding broken before the digest", "articles.text.undamaged", damage),
    Kill("control characters", "articles.text.no_control_characters", control),
    Kill("a blank title", "articles.title.not_blank", set_row("articles", A3, title=" ")),
    Kill("an author without a name", "articles.authors.not_blank", set_row("articles", A3, authors=["A. Writer", ""])),
    Kill("titles in place of addresses", "articles.url.form", set_all("articles", url="Note")),
    Kill("addresses in place of hosts", "articles.host.form", set_all("articles", host="https://example.org/a")),
    Kill("a language by its name", "articles.language.form", set_row("articles", A3, language="English")),
    Kill("a path of the machine", "articles.raw_path.form", set_row("articles", A3, raw_path="/home/me/a3.txt")),
    Kill("a folded record without its digest", "records.sha256.of_published",
         set_row("records", {"record_id": "r5"}, sha256=None)),
    Kill("a mention without its words", "mentions.surface.not_null", set_row("mentions", A3, surface=None)),
    Kill("an entity without a name", "entities.name.not_blank", set_row("entities", {"entity_id": "e1"}, name=" ")),
    Kill("a link without its address", "links.url.not_null", set_row("links", A3, url=None)),
    Kill("an article from itself", "derivations.source.other",
         set_row("derivations", {"kind": "cites"}, from_article_id="a3")),
    Kill("a fate of another's", "ledger.inputs", set_row("records", REJECTED, fate="lost")),
]  # fmt: skip
"""Of warnings: the gate reports, and does not refuse."""
