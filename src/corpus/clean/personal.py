"""Personal data in a text: e-mail addresses, phone numbers and IP addresses, with their spans.

An address is what RFC 5322 allows without quotes, with a domain that ends in letters, or one disguised by (at); an IP
address is one of RFC 791 or RFC 4291 that belongs to a machine on a network; a phone number is what libphonenumber
holds for valid where the text is written (ITU-T E.164), told from other figures by its shape or a word before it.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = "clean/data/personal.toml"
"""Package data that decides results, relative to the package's folder."""
KINDS = ("email", "phone", "ip")
DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}"
EMAIL = re.compile(rf"(?<![\w.@+%-])[\w+%-](?:[\w.+%'-]{{0,62}}[\w+-])?[@＠]{DOMAIN}(?![\w@-])")
AT, DOT = r"\s?[\[({]\s?at\s?[\])}]\s?", r"(?:\.|\s?[\[({]\s?(?:dot|punkt|point|punto)\s?[\])}]\s?)"
DISGUISED = re.compile(
    rf"(?<![\w.@+-])[\w+-][\w.+-]{{0,62}}{AT}[\w-]{{1,63}}(?:{DOT}[\w-]{{1,63}}){{1,4}}(?![\w@-])", re.I
)
DISGUISE = re.compile(r"[\[({]\s?at\s?[\])}]", re.I)
IPV4 = re.compile(r"(?<![\w.,:+-])(?<!\w/)(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d|,\d)")
DOTTED = re.compile(r"\d\.\d{1,3}\.\d")
"""What each IPv4 address has in it: found by its first figure, much faster than an address by what is before it."""
IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.I)
GROUP = re.compile(r":[0-9A-Fa-f]{1,4}:")
IPV6_GROUPS = 3  # groups of figures, at least; fewer are times, ratios or names of code
NUMBER = re.compile(r"(?<![\w@#/\\.,:=&?%$€£¥+-])(?:\+ ?|\(\+?|00 ?)?\(?\d[\d ()+.\-/‐‑–]{4,120}\d(?![\w%]|[.,]\d)")
FIGURES = re.compile(r"\d[\d ()+.\-/‐‑–]{5}")
"""What each number has in it."""
MIN_DIGITS = 7  # of a phone number; E.164 allows 15
BEFORE = 24  # code points before figures in which a word may say what they are
NORTH_AMERICAN = re.compile(r"(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}")
THOUSANDS = re.compile(r"\+ ?\d{1,3}(?:[ .]\d{3})+$")
"""A change, not a number: +10 000 000."""
TRUNK = re.compile(r"\(?0\d{1,5}\)?[ /–-]\d[\d ./–-]{3}")
INTERNATIONAL = re.compile(r"(?:\+|00) ?\(?\d[\d ().\-/‐‑–]{5}")
"""How a number that no word announces is written at home and abroad; libphonenumber says whether it is one."""
WORD = re.compile(r"[^\s\d:;,()]+")


@dataclass(frozen=True, order=True)
class Find:
    """A piece of personal data: span in the text (code points) and kind (of KINDS)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Lists:
    """The data file: countries by language, words before a number."""

    regions: dict[str, tuple[str, ...]]
    phone: frozenset[str]
    not_phone: frozenset[str]
    not_ip: frozenset[str]


@cache
def lists() -> Lists:
    """The lists of this version."""
    data = tomllib.loads((Path(__file__).parents[1] / FILE).read_text(encoding="utf-8"))
    cues = {name: frozenset(words) for name, words in data["cues"].items()}
    return Lists({code: tuple(regions) for code, regions in data["regions"].items()}, **cues)


def find_personal(text: str, language: str | None) -> list[Find]:
    """Personal data in a text, in order and without overlap; `language` (ISO 639-1) says where numbers are dialled."""
    found = sorted([*_emails(text), *find_ips(text), *_phones(text, language)])
    kept: list[Find] = []
    for find in found:
        if not kept or find.start >= kept[-1].end:
            kept.append(find)
    return kept


def _emails(text: str) -> Iterator[Find]:
    if "@" in text or "＠" in text:
        yield from (Find(*match.span(), "email") for match in EMAIL.finditer(text))
    if DISGUISE.search(text):
        yield from (Find(*match.span(), "email") for match in DISGUISED.finditer(text))


def find_ips(text: str) -> Iterator[Find]:
    """The IP addresses in a text or in another address."""
    for match in IPV4.finditer(text) if DOTTED.search(text) else ():
        if _is_address(match[0]) and not _cued(text, match.start(), lists().not_ip):
            yield Find(*match.span(), "ip")
    if GROUP.search(text):
        for match in IPV6.finditer(text):
            groups = [group for group in match[0].split(":") if group]
            if len(groups) >= IPV6_GROUPS and any(map(str.isdigit, "".join(groups))) and _is_address(match[0]):
                yield Find(*match.span(), "ip")


def _is_address(words: str) -> bool:
    """Whether it is an address of a machine on a network, not of one's own."""
    try:
        address = ipaddress.ip_address(words)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _phones(text: str, language: str | None) -> Iterator[Find]:
    for match in NUMBER.finditer(text) if FIGURES.search(text) else ():
        written = match[0]
        if sum(map(str.isdigit, written)) < MIN_DIGITS or _cued(text, match.start(), lists().not_phone):
            continue
        cued = _cued(text, match.start(), lists().phone)
        yield from (Find(match.start() + a, match.start() + b, "phone") for a, b in _dialled(written, language, cued))


def _dialled(written: str, language: str | None, cued: bool) -> list[tuple[int, int]]:
    """The phone numbers in a run of figures, as spans in it."""
    # a library's data is read when it is first asked for
    from phonenumbers import Leniency, PhoneNumberMatcher

    found: list[tuple[int, int]] = []
    if INTERNATIONAL.search(written):
        number = f" +{written[2:]}" if written.startswith("00") else written
        sure = Leniency.VALID if THOUSANDS.match(written) and not cued else Leniency.POSSIBLE
        spans = [(match.start, match.end) for match in PhoneNumberMatcher(number, None, leniency=sure)]
        found = [(0, end) if number is not written and start == 1 else (start, end) for start, end in spans]
    shapely = cued or NORTH_AMERICAN.search(written) or TRUNK.search(written)
    regions = lists().regions.get(language or "", ()) if shapely else ()
    for region in regions:
        matches = PhoneNumberMatcher(written, region, leniency=Leniency.VALID if cued else Leniency.STRICT_GROUPING)
        shaped = [
            (match.start, match.end)
            for match in matches
            if cued or NORTH_AMERICAN.fullmatch(match.raw_string) or TRUNK.match(match.raw_string)
        ]
        if shaped:
            return sorted({*found, *shaped})
    if not found and cued and any(_is_possible(written, region) for region in regions):
        return [(0, len(written))]
    return found


def _is_possible(written: str, region: str) -> bool:
    """Whether figures that are said to be a phone number have a length that one may have there."""
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False


def _cued(text: str, start: int, words: frozenset[str]) -> bool:
    """Whether one of the last three words before a place is among `words`."""
    before = WORD.findall(text[max(0, start - BEFORE) : start].rpartition("\n")[2].lower())[-3:]
    return any(word in words or word.rstrip(".") in words for word in before)
