"""Which of a page's candidates is the article's title, and the title without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from corpus.clean.page import Page
from corpus.clean.repair import squeeze

SEPARATORS = re.compile(r"\s+[|–—\-•·»«:~/]+\s+|\s*[|｜ㅣ»«]\s*|\s*::\s*|\s+-(?=\S)|(?<=\S)-(?=\S)|(?<=\S):\s+")
BAR = re.compile(r"\s*[|｜ㅣ]\s*")
WORD = re.compile(r"\w+")
ALIKE = 0.75  # of two titles' words, from which they are one title in two forms
HEADING_WORDS = 3  # of a page's only heading, from which it is the title whatever the metadata say
SECTION_WORDS = 3  # of a last part behind a bar, up to which it is a section's name and not the title's
KICKER_WORDS = 4  # of what may stand above the title in its heading: "Politics | …"


def choose_title(page: Page, site_names: Iterable[str], host: str | None) -> str | None:
    """The page's first heading that its metadata confirm, else what they say, less the site's name."""
    sites = [name for name in site_names if name]
    article = next((node for node in page.data.nodes if node.article), None)
    said = [
        article.headline if article else None, page.meta("og:title"), page.meta("twitter:title"), page.title,
        article.name if article else None,
        page.meta("parsely-title", "dc.title", "sailthru.title", "headline", "title"),
    ]  # fmt: skip
    candidates = [cut for value in said if (cut := _less_section(without_site(squeeze(value), sites, host)))]
    candidates = [candidate for candidate in candidates if not _is_site(candidate, sites, host)]
    headings = [
        heading for value in page.headings if (heading := squeeze(value)) and not _is_site(heading, sites, host)
    ]
    heading = next((h for h in headings if any(_alike(h, candidate) for candidate in candidates)), None)
    if heading is None and len(headings) == 1 and _names_page(headings[0], candidates):
        heading = headings[0]
    if heading is not None:
        return _less_kicker(without_site(heading, sites, host) or heading, candidates)
    return candidates[0] if candidates else (headings[0] if headings else None)


def _names_page(heading: str, candidates: Sequence[str]) -> bool:
    """Whether a page's only heading is its title: a phrase, or what one of the metadata's titles begins with."""
    if len(WORD.findall(heading)) >= HEADING_WORDS or not candidates:
        return True
    return any(_key(candidate).startswith(_key(heading)) for candidate in candidates)


def _less_kicker(heading: str, candidates: Sequence[str]) -> str:
    """The heading without a section's name that stands above the title inside it, and not in capitals throughout."""
    if heading.isupper():
        return next((c for c in candidates if same_title(c, heading) and not c.isupper()), heading)
    for candidate in candidates:
        before = heading[: -len(candidate)]
        if not heading.endswith(candidate) or not before.strip() or before[-1].isalnum():
            continue
        if len(WORD.findall(before)) <= min(KICKER_WORDS, len(WORD.findall(candidate)) - 1):
            return candidate
    return heading


def _less_section(title: str | None) -> str | None:
    """The title without a short last part behind a bar: "… | District"."""
    parts = [match.span() for match in BAR.finditer(title or "")]
    if not title or not parts:
        return title
    front, last = title[: parts[-1][0]].strip(), title[parts[-1][1] :]
    return front if len(WORD.findall(last)) <= SECTION_WORDS < len(WORD.findall(front)) else title


def without_site(title: str | None, sites: Sequence[str], host: str | None) -> str | None:
    """The title without the publication's name at its end or start: "… - The Citizen", "… | Name"."""
    if not title:
        return None
    while True:
        cut = _cut_once(title, sites, host)
        if cut == title:
            return title
        title = cut


def _cut_once(title: str, sites: Sequence[str], host: str | None) -> str:
    places = [match.span() for match in SEPARATORS.finditer(title)]
    for start, end in reversed(places):
        rest = title[end:].strip()
        if rest and title[:start].strip() and _is_site(rest, sites, host):
            return title[:start].strip()
    for start, end in places[:1]:
        front = title[:start].strip()
        if front and title[end:].strip() and _is_site(front, sites, host):
            return title[end:].strip()
    return title


def _is_site(words: str, sites: Sequence[str], host: str | None) -> bool:
    """Whether words are the publication's name: as the page writes it, or as its host spells it."""
    key = _key(words)
    if not key:
        return False
    if any(key == _key(site) for site in sites):
        return True
    label = _label(host)
    return bool(label) and (key in {label, "the" + label} or "the" + key == label or key == _key(host or ""))


def _label(host: str | None) -> str:
    parts = (host or "").split(".")
    if len(parts) < 2:
        return ""
    short = len(parts) > 2 and len(parts[-2]) <= 3
    return _key(parts[-3] if short else parts[-2])


def _key(words: str) -> str:
    return "".join(WORD.findall(words.casefold())).replace("_", "")


def _alike(a: str, b: str) -> bool:
    one, two = WORD.findall(a.casefold()), WORD.findall(b.casefold())
    if not one or not two:
        return False
    if "".join(one) == "".join(two):
        return True
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE


def same_title(a: str, b: str) -> bool:
    """Whether two lines are one title, quotation marks and case aside."""
    return _key(a) == _key(b) != ""
