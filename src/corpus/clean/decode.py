"""Bytes to characters: which encoding, and on what evidence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import numpy as np

from corpus.clean.document import Quarantined
from corpus.clean.guess import escaped, guess
from corpus.wide import unmarked

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
WIDE = frozenset({"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
LABELS = {  # what the WHATWG Encoding Standard takes a label for, where Python differs
    "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932", "big5": "big5hkscs", "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman", "iso-8859-8-i": "iso-8859-8", "windows-874": "cp874", "utf8": "utf-8",
    "unicode": "utf-16",
}  # fmt: skip
META = re.compile(rb"<meta[^>]{0,512}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9_:.-]{2,40})", re.I)
XML = re.compile(rb"^\s{0,64}<\?xml[^>]{0,256}?encoding\s{0,8}=\s{0,8}[\"']([A-Za-z0-9_:.-]{2,40})", re.I)
HEAD_BYTES = 16 * 1024  # where a declaration is looked for; the HTML standard asks for 1024, pages don't keep to it
DAMAGED_SHARE = 0.01  # invalid sequences per multi-byte one, up to which a text still is broken UTF-8
CONTROL_SHARE = 0.02  # control characters, above which a decoding is not a text's
SAMPLE = 4096  # bytes on which UTF-16 and UTF-32 without a mark are told by their zero bytes
ZERO_SHARE = 0.4  # zero bytes in the half of the sample that they must fill
SPACE, DELETE = 0x20, b"\x7f"  # bytes below the first and the second one are controls, but for
WHITE = list(b"\t\n\v\f\r\x1b")  # these, the last of which shifts
SECOND_BLOCK, BEYOND = 0xC2, 0xA0  # first byte of U+0080 to U+00BF in UTF-8, of which those from U+00A0 are no controls


@dataclass(frozen=True)
class Decoded:
    """A payload as text; `offset` is the byte at which the text begins, `broken` the byte ranges that became U+FFFD."""

    text: str
    encoding: str
    evidence: str  # bom | http | meta | utf8 | detected
    offset: int = 0
    broken: tuple[tuple[int, int], ...] = ()

    def written(self, payload: bytes) -> bytes | None:
        """The text in UTF-8, where that is the payload."""
        return payload if self.encoding == "utf-8" and not self.offset and not self.broken else None


def decode(payload: bytes, charset: str | None) -> Decoded:
    """The payload's text.

    Order: byte order mark, zero bytes of UTF-16 and UTF-32, escapes of ISO-2022-JP, strict UTF-8, the HTTP header's
    `charset`, the page's own declaration, slightly broken UTF-8, detection (see `guess`). Raises Quarantined
    `unknown_encoding` where none of them gives a text.
    """
    for mark, encoding in BOMS:
        if payload.startswith(mark):
            text, broken = _lenient(payload, encoding, len(mark))
            return _checked(Decoded(text, encoding, "bom", len(mark), broken))
    if wide := _wide(payload[:SAMPLE]) or unmarked(payload[:SAMPLE]):
        text, broken = _lenient(payload, wide, 0)
        return _checked(Decoded(text, wide, "detected", 0, broken))
    if (japanese := escaped(payload)) is not None:
        return _checked(Decoded(payload.decode(japanese), japanese, "detected"))
    if b"\x1b" not in payload and (text_ := _strict(payload, "utf-8")) is not None:
        found = Decoded(text_, "utf-8", "utf8")
        return found if _controls(payload) <= CONTROL_SHARE * max(len(text_), 1) else _checked(found)
    declared = _declared(payload, charset)
    broken_utf8 = _broken_utf8(payload)
    if broken_utf8 is not None and (not declared or declared[0][0] == "utf-8"):
        return _checked(broken_utf8)
    for encoding, evidence in declared:
        if (text_ := _strict(payload, encoding)) is not None and _clean(text_):
            return Decoded(text_, encoding, evidence)
    return _checked(broken_utf8 or _detected(payload))


def decode_row(payload: bytes, charset: str | None) -> Decoded:
    """The text of a row or an entry: its reader knows UTF-16 and UTF-32 by the whole file. Raises as `decode`."""
    if charset not in WIDE:
        return decode(payload, charset)
    text, broken = _lenient(payload, charset, 0)
    return Decoded(text, charset, "detected", 0, broken)


def _declared(payload: bytes, charset: str | None) -> list[tuple[str, str]]:
    """(Python codec, evidence) of each declaration that names a known text encoding, HTTP's first."""
    head = payload[:HEAD_BYTES]
    found = [(charset, "http")] if charset else []
    found += [(match[1].decode("ascii"), "meta") for match in (XML.search(head), META.search(head)) if match]
    codecs_ = [(_codec(label), evidence) for label, evidence in found]
    return [(codec, evidence) for codec, evidence in codecs_ if codec]


def _codec(label: str) -> str | None:
    name = label.strip().strip("\"'").lower()
    name = LABELS.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # utf-16 is written in ASCII here, so it can't be UTF-16 (HTML standard: take it for UTF-8)
    if not getattr(info, "_is_text_encoding", True) or info.name in {"utf-7", "idna", "punycode", "unicode_escape"}:
        return None
    return "utf-8" if info.name.startswith(("utf-16", "utf-32")) else LABELS.get(info.name, info.name)


def _strict(payload: bytes, encoding: str, errors: str = "strict") -> str | None:
    try:
        return payload.decode(encoding, errors)
    except (UnicodeDecodeError, ValueError):
        return None


def _lenient(payload: bytes, encoding: str, offset: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Text from `offset` on, with one U+FFFD for each invalid sequence, and where those were."""
    parts: list[str] = []
    broken: list[tuple[int, int]] = []
    view, at = memoryview(payload), offset
    decoder = codecs.getdecoder(encoding)
    while at < len(payload):
        try:
            parts.append(decoder(view[at:], "strict")[0])
            break
        except UnicodeDecodeError as error:
            if error.start:
                parts.append(decoder(view[at : at + error.start], "strict")[0])
            broken.append((at + error.start, at + error.end))
            parts.append("\ufffd")
            at += error.end
            if len(broken) > 64 and len(broken) > DAMAGED_SHARE * at:
                raise Quarantined(
                    "unknown_encoding", f"{len(broken)} invalid sequences", f"{DAMAGED_SHARE} of bytes",
                    f"not {encoding}, though it begins like it",
                ) from error  # fmt: skip
    return "".join(parts), tuple(broken)


def _broken_utf8(payload: bytes) -> Decoded | None:
    """UTF-8 with a few invalid sequences, or None where it has too many to be that."""
    try:
        text, broken = _lenient(payload, "utf-8", 0)
    except Quarantined:
        return None
    if broken and _strict(payload, "utf-8", "surrogatepass") is not None:
        return Decoded(text, "utf-8", "utf8", 0, broken)  # UTF-8 of a program that lets single surrogates through
    multibyte = sum(1 for char in text if char > "\x7f") - len(broken)
    if not multibyte or len(broken) > max(1, DAMAGED_SHARE * multibyte):
        return None
    return Decoded(text, "utf-8", "utf8", 0, broken) if multibyte > len(broken) else None


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, told by where its zero bytes stand."""
    if sample.count(0) < ZERO_SHARE / 2 * len(sample) or len(sample) < 8:
        return None
    by_four = [sample[i::4].count(0) for i in range(4)]
    quarter, half = len(sample) / 4, len(sample) / 2
    if by_four[1] + by_four[2] + by_four[3] > 3 * ZERO_SHARE * 2 * quarter:
        return "utf-32-le"
    if by_four[0] + by_four[1] + by_four[2] > 3 * ZERO_SHARE * 2 * quarter:
        return "utf-32-be"
    even, odd = by_four[0] + by_four[2], by_four[1] + by_four[3]
    if odd > ZERO_SHARE * half > even:
        return "utf-16-le"
    return "utf-16-be" if even > ZERO_SHARE * half > odd else None


def _detected(payload: bytes) -> Decoded:
    encoding = _codec(guess(payload)) or "cp1252"
    text = _strict(payload, encoding)
    if text is None:
        try:
            text, broken = _lenient(payload, encoding, 0)
        except Quarantined:
            return Decoded(payload.decode("latin-1"), "latin-1", "detected")
        return Decoded(text, encoding, "detected", 0, broken)
    return Decoded(text, encoding, "detected")


def _clean(text: str) -> bool:
    return _controls(text.encode("utf-8", "surrogatepass")) <= CONTROL_SHARE * max(len(text), 1)


def _controls(written: bytes) -> int:
    """How many control characters; counted in bytes of UTF-8, which is many times faster than in characters."""
    found = np.frombuffer(written, np.uint8)
    low = np.bincount(found[found < SPACE], minlength=SPACE)
    count = int(low.sum() - low[WHITE].sum()) + (written.count(DELETE) if DELETE in written else 0)
    if written.isascii():
        return count
    second = np.flatnonzero(found == SECOND_BLOCK) + 1  # there always is one more byte
    return count + int(np.count_nonzero(found[second] < BEYOND))


def _checked(decoded: Decoded) -> Decoded:
    """The same, if it looks like text; `unknown_encoding` where it is full of control characters."""
    if _clean(decoded.text):
        return decoded
    share = _controls(decoded.text.encode("utf-8", "surrogatepass")) / len(decoded.text)
    raise Quarantined(
        "unknown_encoding", f"{share:.4f} control characters", str(CONTROL_SHARE),
        f"no encoding gives a text; {decoded.encoding} came nearest",
    )  # fmt: skip
