"""How often bytes are read with the right characters, beside charset-normalizer and chardetng on their own.

    python -m benchmarks.encodings PAGES.parquet …

Pages of many languages (columns `html`, `gold_text`, in UTF-8) are written again in the encodings that their language
was published in, as a page and as plain text: declared rightly, not at all, wrongly, or by HTTP alone. A payload counts
as right where the text is what the codec gives, character for character. One line a class: how many payloads, and the
share that each reads rightly; at the end the mean over languages of their means, and over all payloads.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import pyarrow.parquet as pq
from chardetng_py import EncodingDetector
from charset_normalizer import from_bytes

from corpus.clean.decode import decode
from corpus.clean.document import Quarantined

WEST, CENTRAL = ("windows-1252", "iso-8859-15"), ("windows-1250", "iso-8859-2")
LEGACY = {
    **dict.fromkeys(("en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "no", "nb", "is", "fi", "sq"), WEST),
    **dict.fromkeys(("pl", "cs", "hu", "bs", "sh", "hr", "sl", "sk", "ro"), CENTRAL),
    "ru": ("windows-1251", "koi8-r"), "uk": ("windows-1251", "koi8-u"), "bg": ("windows-1251",),
    "tr": ("windows-1254",), "el": ("windows-1253", "iso-8859-7"), "ar": ("windows-1256", "iso-8859-6"),
    "fa": ("windows-1256",), "he": ("windows-1255",), "lt": ("windows-1257",), "lv": ("windows-1257",),
    "ja": ("shift_jis", "euc-jp", "iso-2022-jp"), "ko": ("euc-kr",), "zh": ("gbk", "gb18030", "big5"),
    "th": ("windows-874",),
}  # fmt: skip
"""What pages in a language were written in before UTF-8 (W3Techs; labels of the WHATWG Encoding Standard)."""
CODECS = {"windows-874": "cp874", "shift_jis": "cp932", "euc-kr": "cp949", "big5": "big5hkscs", "gbk": "gbk"}
KEPT = 0.95  # of a text's characters that an encoding must have
PAGE_CHARS = 50_000  # of a page, with which its encoding is told
UNICODE = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be")
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*[\w-]+|<\?xml[^>]*\?>", re.I)
LANGUAGE = re.compile(r"<html[^>]*?\slang\s*=\s*[\"']?([a-z]{2})", re.I)
HEAD = re.compile(r"<head\b[^>]*>", re.I)

Read = Callable[[bytes, str | None], str | None]


class Case(NamedTuple):
    """A payload, its transport's charset, what it says, and the class that it counts in."""

    payload: bytes
    http: str | None
    text: str
    language: str
    kind: str


def ours(payload: bytes, http: str | None) -> str | None:
    """The pipeline's own decoding."""
    try:
        return decode(payload, http).text
    except Quarantined:
        return None


def charset_normalizer(payload: bytes, http: str | None) -> str | None:  # noqa: ARG001 - what each reader is told
    """charset-normalizer's best guess."""
    best = from_bytes(payload).best()
    return str(best) if best is not None else None


def chardetng(payload: bytes, http: str | None) -> str | None:  # noqa: ARG001
    """chardetng's guess, UTF-8 among them; it knows no UTF-16."""
    detector = EncodingDetector()
    detector.feed(payload, last=True)
    return payload.decode(CODECS.get(label := detector.guess(tld=None, allow_utf8=True).lower(), label), "replace")


READERS: dict[str, Read] = {"ours": ours, "charset-normalizer": charset_normalizer, "chardetng": chardetng}


def cases(html: str, text: str) -> Iterator[Case]:
    """A page and its text in every encoding of its language."""
    found = LANGUAGE.search(html)
    language = found[1].lower() if found else "en"
    bare = CHARSET.sub("", html)
    for label in LEGACY.get(language, ()):
        codec = CODECS.get(label, label)
        written = text.encode(codec, "ignore")
        if not _is_plain(written) and len(written) >= KEPT * len(text.encode(codec, "replace")):
            yield Case(written, None, written.decode(codec), language, "text")
        page = bare.encode(codec, "xmlcharrefreplace")
        if _is_plain(page):
            continue
        yield Case(page, None, page.decode(codec), language, "page, not declared")
        yield Case(page, label, page.decode(codec), language, "page, HTTP")
        for said, kind in ((label, "page, declared"), ("utf-8", "page, declared as UTF-8")):
            told = HEAD.sub(rf'\g<0><meta charset="{said}">', bare, count=1)
            payload = told.encode(codec, "xmlcharrefreplace")
            yield Case(payload, None, payload.decode(codec), language, kind)
    for codec in UNICODE:
        yield Case(text.encode(codec), None, text, language, f"text, {codec}")


def _is_plain(payload: bytes) -> bool:
    """Whether the bytes say nothing: all ASCII, or UTF-8 by chance (mojibake written out)."""
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return b"\x1b" not in payload


def main(paths: Sequence[Path], limit: int, slow: int) -> None:
    """Print the table. `limit`: characters of a text; `slow`: every how many payloads the others read too."""
    seen: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    by_language: dict[str, list[bool]] = defaultdict(list)
    number = 0
    for path in paths:
        for row in pq.read_table(path, columns=["html", "gold_text"]).to_pylist():
            html = row["html"].decode("utf-8", "replace")[:PAGE_CHARS]
            for case in cases(html, (row["gold_text"] or html)[:limit]):
                for name, read in READERS.items():
                    if name != "charset-normalizer" or number % slow == 0:
                        seen[case.kind][name].append(read(case.payload, case.http) == case.text)
                by_language[case.language].append(seen[case.kind]["ours"][-1])
                number += 1
    print(f"{'':<28}{'payloads':>9}" + "".join(f"{name:>20}" for name in READERS))
    for kind, results in sorted(seen.items()):
        _line(kind, results)
    _line("all", {name: [one for results in seen.values() for one in results[name]] for name in READERS})
    print("ours by language: " + ", ".join(f"{code} {fmean(right):.4f}" for code, right in sorted(by_language.items())))
    print(f"mean over {len(by_language)} languages: {fmean(map(fmean, by_language.values())):.4f}")


def _line(kind: str, results: dict[str, list[bool]]) -> None:
    shares = "".join(f"{fmean(results[name]):>20.4f}" for name in READERS if results[name])
    print(f"{kind:<28}{len(results['ours']):>9,}{shares}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=3000, help="characters of a text")
    parser.add_argument("--slow", type=int, default=50, help="charset-normalizer reads one payload of so many")
    arguments = parser.parse_args()
    main(arguments.pages, arguments.limit, arguments.slow)
