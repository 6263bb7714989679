"""Which encoding undeclared bytes are in: chardetng's guess, and what it can't know set right by the text itself.

chardetng (the detector of Firefox) weighs frequencies of letters. Where a text has only a few letters beyond ASCII, its
language says more than they do: https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
names the encoding of each language.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from chardetng_py import EncodingDetector

from corpus.clean.language import identify

WESTERN, LATIN_9 = "cp1252", "iso8859-15"
CENTRAL = frozenset({"bs", "cs", "hr", "hu", "pl", "ro", "sh", "sk", "sl", "sq", "sr"})
TURKISH, BALTIC = frozenset({"az", "eo", "ku", "mt", "tr"}), frozenset({"et", "lt", "lv", "se"})
LANGUAGES = {
    **dict.fromkeys(("cp1250", "iso8859-2", "iso8859-16"), CENTRAL),
    **dict.fromkeys(("cp1254", "iso8859-3", "iso8859-9"), TURKISH),
    **dict.fromkeys(("cp1257", "iso8859-4", "iso8859-10", "iso8859-13"), BALTIC),
    "cp1258": frozenset({"vi"}), "iso8859-14": frozenset({"br", "cy", "ga", "gd"}),
    "gb18030": frozenset({"zh"}), "big5hkscs": frozenset({"zh"}), "cp932": frozenset({"ja"}),
    "euc_jp": frozenset({"ja"}), "cp949": frozenset({"ko"}), "cp866": frozenset({"be", "bg", "ru", "uk"}),
}  # fmt: skip
"""The languages that an encoding was made for, of those that are guessed from a few bytes; texts in another language
are in Windows-1252 then."""
LABELS = {  # of chardetng, where Python's codec has another name or a smaller reach
    "windows-874": "cp874", "x-mac-cyrillic": "mac-cyrillic", "shift_jis": "cp932", "euc-kr": "cp949",
    "big5": "big5hkscs", "gbk": "gb18030",
}  # fmt: skip
MANY = 0.05  # characters beyond ASCII for each letter of the words, from which their frequencies say enough
SURE = 0.9  # probability of a language, from which it counts more than what the page says
LOOKED, SAMPLE = 200_000, 4000  # code points of a page, and of its words, by which a language is told
LANGUAGE = re.compile(r"<html\b[^<>]{0,5000}?\slang\s*=\s*[\"']?\s*([a-z]{2})\b", re.I)
ENTITY = re.compile(r"&[#\w]{1,12};")
BEYOND = re.compile(r"[^\x00-\x7f]")
BETWEEN_LETTERS = frozenset("’‘·–—…\xad")
"""Signs that stand between two letters in Windows-1252; any other there is none: Wa³êsa."""
LATIN_9_ONLY = re.compile("[¦¨¸¼½¾](?=[a-zß-ÿ])|(?<=[a-zß-ÿ])[¦¨¸½](?=[a-zß-ÿ])")
"""Š, š, ž, Œ, œ and Ÿ of ISO 8859-15 as Windows-1252 reads them, at letters where those are no signs."""
C1 = re.compile(rb"[\x80-\x9f]")
ISO_2022_JP = re.compile(rb"\x1b\$[@B]")


def guess(payload: bytes) -> str:
    """The Python codec that the bytes are likely in; windows-1252 where nothing speaks for another."""
    detector = EncodingDetector()
    detector.feed(payload, last=True)
    label = detector.guess(tld=None, allow_utf8=False)
    encoding = codecs.lookup(LABELS.get(label.lower(), label)).name
    western, text = _strict(payload, WESTERN), _strict(payload, encoding)
    if western is None:
        return encoding
    if encoding != WESTERN and (text is None or not _is_priced(text, western)):
        return WESTERN if text is not None and _is_foreign(encoding, western) else encoding
    return LATIN_9 if _is_latin_9(payload, western) else WESTERN


def escaped(payload: bytes) -> str | None:
    """ISO-2022-JP, which is told by its escapes whatever is declared: its bytes are all ASCII."""
    if b"\x1b" not in payload or not payload.isascii() or not ISO_2022_JP.search(payload):
        return None
    return "iso2022_jp" if _strict(payload, "iso2022_jp") is not None else None


def _strict(payload: bytes, encoding: str) -> str | None:
    try:
        return payload.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        return None


def _is_priced(text: str, western: str) -> bool:
    """Whether a letter before a figure is a currency sign in Windows-1252, as in £412, which detection by letter
    frequencies reads as Ł412 (Windows-1250). Both are single-byte encodings, or they don't line up."""
    if len(text) != len(western):
        return False
    return any(
        seen.isalpha() and unicodedata.category(western[at]) == "Sc" and western[at + 1].isdigit()
        for at, seen in enumerate(text[:-1])
        if seen > "\x7f"
    )


def _is_foreign(encoding: str, western: str) -> bool:
    """Whether a text with few letters beyond ASCII is in a language that its guessed encoding was not made for."""
    languages = LANGUAGES.get(encoding)
    if languages is not None and not any(match[0].isalpha() for match in BEYOND.finditer(western)):
        return not _is_torn(western)  # signs alone, as in « », which ISO 8859-2 has letters for
    words = _words(western[:LOOKED])
    beyond = sum(char > "\x7f" for char in words)
    if languages is None or beyond > MANY * sum(map(str.isalpha, words)) or _is_torn(words):
        return False
    found, said = identify(words[:SAMPLE], None, None), LANGUAGE.search(western[:LOOKED])
    if found.code in languages:
        return False
    return (found.score or 0) >= SURE or (said is not None and said[1].lower() not in languages)


def _is_torn(text: str) -> bool:
    """Whether a sign stands between two letters as hardly any language writes it."""
    return any(
        not match[0].isalpha()
        and match[0] not in BETWEEN_LETTERS
        and text[match.start() - 1 : match.start()].isalpha()
        and text[match.end() : match.end() + 1].isalpha()
        for match in BEYOND.finditer(text)
    )


def _words(text: str) -> str:
    """What is to be read of a page, of a text all of it; linear whatever the markup."""
    if "<" not in text:
        return text
    first, *parts = text.split("<")
    kept, skipped = [first], ""
    for part in parts:
        name = part[:7].lower()
        if skipped:
            skipped = "" if name.startswith(skipped) else skipped
        elif name.startswith(("script", "style")):
            skipped = "/script" if name.startswith("script") else "/style"
        if not skipped:
            kept.append(part.partition(">")[2])
    return ENTITY.sub(" ", " ".join(kept))


def _is_latin_9(payload: bytes, western: str) -> bool:
    """Whether a text that Windows-1252 can read is ISO 8859-15: a currency sign is its €."""
    if C1.search(payload):
        return False
    return "¤" in western or LATIN_9_ONLY.search(western) is not None
