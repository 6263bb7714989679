"""Written times to points in UTC with their precision. Nothing here asks a clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corpus.clean.document import When
from corpus.clean.phrases import phrases

YEARS = (1700, 2100)  # fixed bounds: outside them it is no date of publication
CHARS = 100  # code points of a value in which a time is looked for
CLOCK = (
    r"(?:[T\s,|·@-]{1,4}(?:at\s|um\s|à\s|kl\.?\s)?\s?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s?(?P<half>[ap]\.?m\b\.?)?\s?(?P<zone>Z\b|[+-]\d{2}:?\d{2}\b|[+-]\d{2}\b|[A-Za-z]{2,4}\b)?)?"
)
NAME = r"(?P<name>[^\W\d_](?:[^\W\d_]|[\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963]){2,14})"
ISO = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.]\s?(?P<month>\d{1,2})[-/.]\s?(?P<day>\d{1,2})(?!\d)\.?" + CLOCK)
CJK = re.compile(
    r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일](?:\s?[(（].[)）])?"
    r"(?:\s*(?P<hour>\d{1,2})[:時时시]\s?(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
)
VIETNAMESE = re.compile(r"(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:,|\s+năm)?\s+(?P<year>\d{4})", re.I)
SLASHED = re.compile(
    r"(?<![\d/-])(?P<first>\d{1,2})(?P<mark>[/-])(?P<then>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)" + CLOCK
)
BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z|[+-]\d{4})?)?$"
)
MONTH_FIRST = re.compile(r"" + NAME + r"\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<year>\d{4})(?!\d)" + CLOCK)
DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|\.|º)?[\s-](?:de\s)?"
    + NAME
    + r"\.?,?[\s-](?:de\s)?(?P<year>\d{4})(?!\d)"
    + CLOCK
)
DOTTED = re.compile(r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)" + CLOCK)
SHORT_YEAR = re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<short>\d{2})(?!\.?\d)")
"""13.4.21, where the language writes the day first; a year of two digits is of this century."""
DAY_LEAD = re.compile(
    r"(?:^|[\s,|·•–—-]+)(?:(?:last\s)?(?:published|posted|updated|created)|on|am|vom|le|el|il|em|[^\W\d_]{3,9}day)"
    r"[\s:,]*$",
    re.I,
)
SHAPES = (ISO, BASIC, MONTH_FIRST, DAY_FIRST, DOTTED, CJK, VIETNAMESE, SLASHED)
EPOCH = re.compile(r"(\d{10})(?:\d{3})?$")
MONTH = re.compile(r"(\d{4})[-/](\d{2})$")
WRITTEN_OFFSET = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?([+-]\d{2}:?\d{2})\s*$")
OFFSET = re.compile(r"\s?(?:Z|[+-]\d{2}:?\d{2})$")
YEAR = re.compile(r"(\d{4})$")
LINE_START = re.compile(
    r"^\W*(?:(?:first\s)?(?:published|posted|updated|date|veröffentlicht|publié le|stand)\s?(?:on|am)?\s?:?\s+)?", re.I
)
LINE_REST = re.compile(r"^[\s|·,.()a-zA-Z]{0,12}$")
WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?,?\s+(?=\S{1,12}\s?\d|\d)")


@dataclass(frozen=True)
class Reading:
    """How a page's dates are read: the zone (IANA name or offset) of times without one; what goes first, if known."""

    zone: str = "UTC"
    day_first: bool = False
    month_first: bool = False

    def time(self, value: str | None, source: str) -> When | None:
        """`parse_time` in this way; what the head writes for machines follows no language."""
        if source in {"json_ld", "meta"}:
            return parse_time(value, source, self.zone)
        return parse_time(value, source, self.zone, day_first=self.day_first, month_first=self.month_first)

    def beside(self, written: Iterable[str]) -> Reading:
        """This reading in the one offset from UTC that other times of the same page are written with, if it is one.

        "Z" is none: systems write it behind local times too.
        """
        offsets = {match[1].replace(":", "") for value in written if (match := WRITTEN_OFFSET.search(value[:CHARS]))}
        local = {offset for offset in offsets if int(offset)}
        return replace(self, zone=local.pop()) if len(local) == 1 else self


def reading_of(language: str | None, zone: str, locale: str | None = None) -> Reading:
    """How dates are read on a page that calls itself of this language (BCP 47); `locale` may add the country."""
    tag, wider = (_tag(written) for written in (language, locale))
    if not tag or ("-" not in tag and wider.startswith(f"{tag}-")):
        tag = wider
    known = phrases().day_first
    american = tag.endswith("-us")
    day_first = tag in known or (tag.partition("-")[0] in known and not american)
    return Reading(zone, day_first, month_first=american and tag.startswith("en-"))


def _tag(written: str | None) -> str:
    return (written or "").strip().partition(".")[0].replace("_", "-").lower()


def parse_time(
    value: str | None, source: str, zone: str = "UTC", *, day_first: bool = False, month_first: bool = False
) -> When | None:
    """The time that a string holds, in UTC, or None.

    A time without a zone is taken to be in `zone` (IANA name or offset). A day alone, or midnight sharp, has the
    precision `day` and stays that day whatever the zone. Reads ISO 8601, RFC 822, Unix seconds and milliseconds, and
    days with month names in twenty languages; one like 03/04/2023, which can mean two days, only if it is said what
    goes first, and 13.4.21 only if `day_first`.
    """
    if not value:
        return None
    text = " ".join(value.split())[:CHARS]
    if epoch := EPOCH.match(text):
        return _within(datetime.fromtimestamp(int(epoch[1]), UTC), "second", source)
    for shape in (*SHAPES, SHORT_YEAR) if day_first else SHAPES:
        for match in shape.finditer(text):
            if when := _from_match(match, source, zone, day_first=day_first, month_first=month_first):
                return when
    if month := MONTH.match(text):
        return _at(int(month[1]), int(month[2]), 1, "month", source)
    if year := YEAR.match(text):
        return _at(int(year[1]), 1, 1, "year", source)
    return None


def wall_clock(value: str) -> datetime | None:
    """What the clock showed where a time was written, if it is written with its offset from UTC."""
    text = value.strip()[:CHARS]
    at = parse_time(OFFSET.sub("", text), "") if OFFSET.search(text) else None
    return at.at if at is not None and at.precision in {"second", "minute"} else None


def day_line(line: str) -> When | None:
    """The date of a line that holds nothing else, like "19 May 2026" or "Published on May 19, 2026"."""
    if len(line) > CHARS:
        return None
    text = WEEKDAY.sub("", LINE_START.sub("", " ".join(line.split())))
    for shape in (ISO, MONTH_FIRST, DAY_FIRST, DOTTED):
        match = shape.match(text)
        if match and LINE_REST.match(text[match.end() :]):
            return _from_match(match, "text", "UTC")
    return None


def without_day(line: str) -> str:
    """A line without a date, its clock time and what only leads to them: "By Ann Lee, May 19, 2026" -> "By Ann Lee"."""
    if not re.search(r"\d", line) or len(line) > 2 * CHARS:
        return line
    for shape in (MONTH_FIRST, DAY_FIRST, ISO, DOTTED, SLASHED):
        if match := shape.search(line):
            front, rest = line[: match.start()], line[match.end() :]
            return f"{DAY_LEAD.sub('', front)} {rest}".strip(" ,|·•–—-:")
    return line


def _from_match(
    match: re.Match[str], source: str, zone: str, *, day_first: bool = False, month_first: bool = False
) -> When | None:
    parts = match.groupdict()
    if parts.get("short"):
        parts["year"] = f"20{parts['short']}"
    if parts.get("first"):  # 13/04/2021 or 04/13/2021; 03/04/2021 can mean two days
        first, then = int(parts["first"]), int(parts["then"])
        if first <= 12 and then <= 12 and first != then and not (day_first or month_first):
            return None
        leads = first > 12 or (day_first and then <= 12)
        parts["day"], parts["month"] = (str(first), str(then)) if leads else (str(then), str(first))
    month = int(parts["month"]) if parts.get("month") else phrases().months.get((parts.get("name") or "").lower(), 0)
    year, day = int(parts["year"]), int(parts["day"])
    if not month or parts.get("hour") is None:
        return _at(year, month, day, "day", source)
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts.get("second") or 0)
    half = (parts.get("half") or "")[:1].lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if not hour and not minute and not second:
        return _at(year, month, day, "day", source)
    offset = _zone(parts.get("zone"), zone)
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=offset).astimezone(UTC)
    except (ValueError, OverflowError):
        return _at(year, month, day, "day", source)
    return _within(at, "second" if parts.get("second") else "minute", source)


def _at(year: int, month: int, day: int, precision: str, source: str) -> When | None:
    try:
        return _within(datetime(year, month, day, tzinfo=UTC), precision, source)
    except ValueError:
        return None


def _within(at: datetime, precision: str, source: str) -> When | None:
    return When(at, precision, source) if YEARS[0] <= at.year < YEARS[1] else None


def _zone(written: str | None, default: str) -> tzinfo:
    if written:
        minutes = phrases().zones.get(written.lower())
        if minutes is not None:
            return timezone(timedelta(minutes=minutes))
        if written[0] in "+-" and (offset := _offset(written)):
            return offset
    return _named_zone(default)


def _offset(written: str) -> tzinfo | None:
    digits = written[1:].replace(":", "").ljust(4, "0")
    total = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-total if written[0] == "-" else total)) if total < 24 * 60 else None


@cache
def _named_zone(name: str) -> tzinfo:
    if name[:1] in {"+", "-"}:
        return _offset(name) or UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # settings check the name; a record's own is not trusted
        return UTC
