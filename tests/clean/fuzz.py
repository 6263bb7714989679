"""Coverage-guided fuzzing of decoding and extraction with atheris: `python -m tests.clean.fuzz`.

Arguments are libFuzzer's (see tests.ingest.fuzz). The first byte of an input chooses media type and charset, the rest
is the payload; a violated promise ends the process with a traceback.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

from corpus.clean.body import choose  # noqa: F401 - its kernels are compiled, and can't be instrumented

with atheris.instrument_imports(include=["corpus.clean"]):
    from corpus.clean import extraction  # noqa: F401 - the verb imports it at its first call, out of sight
    from corpus.clean.byte_map import ByteMap
    from corpus.clean.decode import decode
    from corpus.clean.document import Quarantined
    from tests.clean.making import PROSE, document, page

TYPES = ("text/html", "text/plain", "text/markdown")
CHARSETS = (None, "utf-8", "utf-16", "windows-1252", "shift_jis", "euc-kr", "gbk", "iso-2022-jp", "no-such")


def seeds() -> list[bytes]:
    """A first byte and a payload of each kind."""
    html, japanese = (
        page(f"<p>Caf&eacute; &#8220;{PROSE}&#8221;</p><ul><li>one</li></ul>"),
        "市長は月曜日に発表した。" * 4,
    )
    plain = [html.encode(), f"Head\n\n{PROSE}".encode("utf-16"), f"# Head\n\n* {PROSE}".encode(), html.encode("utf-32")]
    return [
        bytes([at]) + data for at, data in enumerate([*plain, japanese.encode("iso2022_jp"), japanese.encode("cp932")])
    ]


def one_input(data: bytes) -> None:
    """What holds for every payload: no exception, a fate or a text, and places that lie inside and in order."""
    if not data:
        return
    kind, charset = TYPES[data[0] % len(TYPES)], CHARSETS[data[0] // len(TYPES) % len(CHARSETS)]
    payload = data[1:]
    doc = document(payload, kind, charset=charset)
    assert (doc["text"] is None) == (doc["fate"] == "quarantined"), doc["fate"]
    assert all(reason["rule"] != "extraction_failed" for reason in doc["reasons"]), doc["detail"]
    at = 0
    for paragraph in doc["paragraphs"] or ():
        assert at <= paragraph["start_char"] < paragraph["end_char"] <= len(doc["text"])
        at = paragraph["end_char"]
        start, end = paragraph["raw_start_byte"], paragraph["raw_end_byte"]
        assert (start is None) == (end is None)
        assert start is None or 0 <= start < end <= len(payload)
    try:
        decoded = decode(payload, charset)
    except Quarantined:
        return
    place = ByteMap(payload, decoded).bytes_of(0, len(decoded.text))
    assert place is None or place == (decoded.offset, len(payload))


def main() -> None:
    """Write the seeds into the folder that is named, and fuzz."""
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for number, data in enumerate(seeds()):
        for folder in folders[:1]:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / str(number)).write_bytes(data)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
