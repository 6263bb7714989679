"""Records and pages for this room's tests."""

from __future__ import annotations

import pyarrow as pa

from corpus.clean import extract
from corpus.sections import Clean, Privacy
from corpus.working import READ

PROSE = (
    "The council of Selwick voted on Monday to mend the roof of the library, which has leaked since March. "
    "Nine members were for it and two against. The work will cost 84,000 pounds and begin in June."
)
MORE = (
    "The librarian, Odette Lunn, said the buckets had become part of the furniture. "
    "She will keep one of them in the reading room, she said, as a memorial to the winter."
)


def record(payload: bytes = b"", media_type: str = "text/plain", **columns: object) -> dict[str, object]:
    """A row of READ as a dict."""
    return {"record_id": "r1", "source": "s", "media_type": media_type, "payload": payload, **columns}


def documents(
    *rows: dict[str, object],
    settings: Clean | None = None,
    sources: dict | None = None,
    privacy: Privacy | None = None,
) -> list[dict]:
    """What extract makes of rows."""
    batch = pa.RecordBatch.from_pylist(list(rows), schema=READ)
    return extract(batch, settings or Clean(), sources or {}, privacy).to_pylist()


def document(
    payload: bytes | str, media_type: str = "text/plain", privacy: Privacy | None = None, **columns: object
) -> dict:
    """What extract makes of one payload."""
    raw = payload.encode() if isinstance(payload, str) else payload
    return documents(record(raw, media_type, **columns), privacy=privacy)[0]


def page(body: str, head: str = "", title: str = "Library roof to be mended | Selwick Courier") -> str:
    """A whole page around an article's HTML."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        '<header><a href="/">Selwick Courier</a><nav><a href="/news">News</a> <a href="/sport">Sport</a></nav></header>'
        f"<main><article><h1>Library roof to be mended</h1>{body}</article></main>"
        "<footer><p>Contact us</p><p>Privacy</p></footer></body></html>"
    )


def paragraphs(doc: dict) -> list[str]:
    """The words of each paragraph."""
    return [doc["text"][p["start_char"] : p["end_char"]] for p in doc["paragraphs"]]


def holds(doc: dict) -> None:
    """The promises of every document that goes on."""
    text = doc["text"]
    assert text == "\n\n".join(paragraphs(doc))
    assert doc["n_chars"] == len(text)
    for anchor in doc["anchors"]:
        if anchor["start_char"] is not None:
            assert text[anchor["start_char"] : anchor["end_char"]] == anchor["anchor_text"] != ""
