"""Bylines to names: without "By", roles, degrees, agencies, handles and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice

from corpus.clean.phrases import phrases
from corpus.clean.repair import squeeze

AND = r"and|und|et|y|e|og|och|en|ve|with|mit"
LIST = re.compile(r"\s*[,;|/•·、，；\n\u2028]\s*|\s+[–—-]\s+|\s*＆\s*")
LEADING_AND = re.compile(rf"^(?:{AND})\s+")  # "A, B, and C"
JOINED = re.compile(rf"\s+(?:{AND})\s+|\s+&\s+", re.I)
DASHED = re.compile(r"\s[–—-]\s")
CLOSING = re.compile(r"\s*[(\[（【][^)\]）】]{0,120}[)\]）】]\s*(?=$|[,;|/&]|and\b|und\b)")
ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]+|https?://\S+|www\.\S+")  # parts as long as RFC 5321 has them
HANDLE = re.compile(r"(?<!\w)@\w+")
CREDENTIAL = re.compile(
    r"(?:[A-Z]{2,6}|(?:[A-Z][A-Za-z]{0,2}\.\s?){2,}[A-Z]*|Ph\.?D\.?|M\.?Sc\.?|M\.?Ed\.?|Psy\.?D\.?|Esq\.?|[BM]Sc?N?)[®™]?$"
)
DEGREE = re.compile(r"\s+(?:MA|MS|MD|PhD|MBA|RDN?|LDN?|CPA|JD|DVM|MPH|DO|RN|LCSW|CFP|CFA|DPT|CPT|PharmD|DDS)\.?$")
TAIL = re.compile(
    r"\s+(?:(?:is|was)\s+an?\s.*|for\s+[A-Z].*|in\s+[A-Z]\w+$|on\s+\w+,?\s+\w*\s*\d.*|on\s+behalf\s+of\b.*"
    r"|(?:updated|published|posted|last\s+updated)\b.*|as\s+told\s+to\s.*|기자.*|記者$|记者$)$",
    re.I,
)
TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}|\b(?:19|20)\d\d\b")
DOMAIN = re.compile(r"^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}$", re.I)
EDGES = ' ,:;|•·-–—"“”*_}{<>=、'
LAST_FIRST = re.compile(r"(?P<last>[^\W\d_]+(?:['’-][^\W\d_]+)*), (?P<first>[^\W\d_]+(?:['’-][^\W\d_]+)*)")
"""Two words with a comma between them: "Lee, Ann"."""
LAST_AND_FIRST = 2  # parts of such a name
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
# fmt: off
PARTICLES = frozenset(
    {
        "de", "van", "von", "der", "la", "bin", "al", "del", "da", "dos", "di", "le", "den", "ten", "af", "ibn", "el",
        "zu", "du", "och", "ter", "vom", "zum",
    }
)  # of names, in lower case
# fmt: on
NAME_CHARS, NAME_WORDS = 60, 7
VALUES, VALUE_CHARS = 100, 1000  # bylines of one list that are read, and code points of each
FIRST_AND_AGENCY = 2  # names in a byline of one person and an agency
BYLINE_CHARS, BYLINE_WORDS = 120, 14
WORD = re.compile(r"\w")


@cache
def _prefix() -> re.Pattern[str]:
    """A byline's first words; a colon or a space must follow them."""
    alternatives = "|".join(re.escape(phrase) for phrase in phrases().bylines)
    return re.compile(
        rf"^\W*(?:(?:{alternatives})(?:\s*[:：]\s*|\s+)|(?:文|作者|記者|记者|取材|기자|글)\s*[:：・/／=]\s*)(?=\S)",
        re.I,
    )


@cache
def _agency_behind() -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in sorted(phrases().agencies, key=len, reverse=True))
    return re.compile(rf"\s+(?:the\s+)?(?:{alternatives})$", re.I)


def is_byline(line: str) -> bool:
    """Whether a line is nothing but a byline: "By Ann Lee", "Von Ann Lee und Bo Ek"."""
    match = _prefix().match(line)
    if not match or len(line) > BYLINE_CHARS or len(line.split()) > BYLINE_WORDS:
        return False
    if line.rstrip().endswith((".", "?", "!", "。")) and not re.search(r"\b[A-Z]\.$|[JS]r\.$", line.rstrip()):
        return False
    names = authors_of_byline(line)
    return bool(names) and all(_like_name(name) for name in names)


def authors_of_byline(line: str) -> tuple[str, ...]:
    """The names in one byline, in order, each once."""
    return split_authors([line])


def split_authors(values: Iterable[str | None], *, not_names: Iterable[str] = ()) -> tuple[str, ...]:
    """Names out of bylines or lists of them, in order, each once: "By A. Lee, MD and Bo Ek" -> A. Lee, Bo Ek.

    `not_names`: the site's own names. They and other organisations are no authors beside a person; an agency is one
    where it stands by itself in the list, or behind several persons: behind one it is whom that person works for.
    """
    found: dict[str, str] = {}
    by_itself: set[str] = set()
    own = {other.casefold() for other in not_names}
    for value in islice(values, VALUES):
        names = _names_or_whole((value or "")[:VALUE_CHARS], own)
        if len(names) != FIRST_AND_AGENCY:
            by_itself |= {name.casefold() for name in names} & phrases().agencies
        for name in names:
            found.setdefault(name.casefold(), name)
    people = {key for key in found if key not in own and not is_organisation(found[key])}
    kept = people | (by_itself - own)
    return tuple(name for key, name in found.items() if key in kept or not people)


def _names_or_whole(value: str, own: set[str]) -> list[str]:
    """The names of a byline; one alone where it is the site's ("RT en Español") or written the other way round."""
    whole = value.strip()
    if whole.casefold() in own and JOINED.search(whole) and not LIST.search(whole) and not ADDRESS.search(whole):
        return [whole]
    names = _names(value)
    turned = LAST_FIRST.fullmatch(whole)
    if turned and len(names) == LAST_AND_FIRST and not any(map(_is_of_organisation, turned.groups())):
        return [f"{turned['first']} {turned['last']}"]
    return names


def _is_of_organisation(word: str) -> bool:
    """Whether a word is no part of a person's name: a desk's, an agency's letters, one without a capital and others."""
    low = word.lower()
    known = low in phrases().organisation_words or low in phrases().role_words or low in phrases().agencies
    return known or not word[0].isupper() or word[1:].upper() == word[1:]


def _names(value: str) -> list[str]:
    value = HANDLE.sub(" ", ADDRESS.sub(" ", CLOSING.sub(" ", value)))
    value = _cut_prefix(squeeze(value.replace("\n", ", ")) or "")
    names: list[str] = []
    for part in _parts(value):
        written = _cut_prefix(LEADING_AND.sub("", part.strip(EDGES)))
        name = TAIL.sub("", written.rstrip("." if written[-3:-2] != " " else "")).strip()
        if names and name.lower().rstrip(".") in SUFFIXES:
            names[-1] = f"{names[-1]} {name}"
        elif names and (is_role(name) or (" " in names[-1] and CREDENTIAL.match(written))):
            continue
        elif names and is_organisation(names[-1]) and " " not in name and not is_organisation(name):
            continue  # a place behind an agency or publication: "AFP, Manila"
        elif name and not _credited(written) and _is_name(name := _bare(name)):
            names.append(_cased(name))
    return names


def _parts(value: str) -> list[str]:
    """A list's parts; what "and" joins is one name where it is one organisation's: "Telegram & Gazette"."""
    found: list[str] = []
    for part in LIST.split(value) if not _is_dashed_name(value) else [value]:
        joined = [piece for piece in JOINED.split(part or "") if piece.strip()]
        whole = len(joined) == 2 and (
            is_organisation(part) or (" & " in part and len(min(joined, key=len).split()) < 2)
        )
        found += [part] if whole else joined
    return found


def _is_dashed_name(value: str) -> bool:
    """ "Marino - Brad Lynch" is how an account calls itself: two parts that are not both a name or a role."""
    parts = DASHED.split(value)
    return (
        len(parts) == 2 and "," not in value and min(len(part.split()) for part in parts) < 2 and not is_role(parts[1])
    )


def _cut_prefix(value: str) -> str:
    """Without "By" in front, as often as it is there; the same where nothing else is left."""
    for _ in range(3):
        cut = _prefix().sub("", value, count=1)
        if cut == value or not cut:
            break
        value = cut
    return value


def _bare(name: str) -> str:
    """A name without the degree or the agency that is written behind it."""
    for behind in (DEGREE, _agency_behind()):
        cut = behind.sub("", name)
        if len(cut.split()) > 1:
            name = cut
    return name


def _credited(part: str) -> bool:
    """Whether a part names someone for something else than the text: "Photo by …", "Reviewed by …"."""
    return part.lower().startswith(phrases().credits)


def _is_name(name: str) -> bool:
    low = name.lower()
    if low in phrases().accounts or low in phrases().roles or not WORD.search(name):
        return False
    return (
        len(name) <= NAME_CHARS
        and len(name.split()) <= NAME_WORDS
        and not name.isdigit()
        and not TIME_OF_DAY.search(name)
    )


def is_role(part: str) -> bool:
    """After a name: "Chief Technology Officer", "Head of Reality Labs", "political editor"."""
    return any(word.strip(".,").lower() in phrases().role_words for word in part.split())


def is_organisation(name: str) -> bool:
    """Whether a name is an agency's, a publication's or a desk's by its words: "The Selwick Press", "Courier Staff"."""
    low = name.lower().removeprefix("the ")
    if DOMAIN.match(name) or low in phrases().agencies:
        return True
    words = low.replace("-", " ").split()
    return len(words) > 1 and any(word.strip(".,'’") in phrases().organisation_words for word in words)


def is_person(name: str) -> bool:
    """Whether words taken from a page's markup look like a person's name: two to five words that have capitals."""
    return (
        (len(name.split()) > 1 or not name[:1].isascii())
        and _like_name(name)
        and not is_role(name)
        and not is_organisation(name)
        and not any(char.isdigit() for char in name)
    )


def _like_name(name: str) -> bool:
    """For a line of text, where much begins with "By": each word of a name has a capital, or no case at all."""
    words = [word for word in name.split() if word.lower() not in PARTICLES]
    return bool(words) and len(words) <= 5 and all(not word[0].islower() and not word[0].isdigit() for word in words)


def _cased(name: str) -> str:
    """ANN LEE -> Ann Lee: a byline in capitals is a matter of style; a single word may be an agency's letters."""
    words = name.split()
    if len(words) < 2 or not name.isupper() or not all(len(word.strip(".")) > 1 for word in words[-1:]):
        return name
    if any(len(word) < 3 and "." not in word for word in words):
        return name
    return " ".join("-".join(part.capitalize() for part in word.split("-")) for word in words)
