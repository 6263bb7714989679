"""Which of a page's candidates is the article's title, and the title without the site's name.

Candidates are the first-level headings, the second-level ones where they repeat a candidate, and what the head says:
JSON-LD `headline` and `name`, `og:title`, `twitter:title`, `<title>`, other metas. What a reader sees goes before what
is written for search engines and social media, where the two are different wordings; so the head's part is to say which
heading is the title, to spell it, and to stand in for it where there is none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from corpus.clean.page import TITLE_CHARS, Heading, Page
from corpus.clean.publication import NAME_WORDS, Publication, key, parts
from corpus.clean.repair import squeeze
from corpus.clean.words import words as words_of

BAR = re.compile(r"\s*[|｜ㅣ]\s*")
WORD = re.compile(r"\w+")
CUT_OFF = re.compile(r"\s*(?:…|\.{3})$")
ALIKE = 0.75  # of two titles' words, from which they are one title in two forms
HEADING_WORDS = 3  # of a page's only heading, from which it is the title whatever the metadata say
SECTION_WORDS = 3  # of a part set apart by a bar, up to which it is a section's name and not the title's
KICKER_WORDS = 5  # of what may stand above the title: "Politics | …"
COMPARED = 80  # words of two titles that are compared: the cost is the product of their numbers
TITLE_WORDS = 40  # of a heading; a longer one is a paragraph
PROSE_BEFORE = 600  # code points of paragraphs above a heading, and the share of the page's,
SHARE_BEFORE = 0.4  # over both of which it is a heading inside the article
DESCRIPTIONS = ("description", "og:description", "twitter:description")
TELLING = 4  # letters of a word that two wordings of one article's title share at least one of
AGREEING = 3  # sources in the head that must have a kicker for it to belong to the title


def choose_title(page: Page, publication: Publication) -> str | None:
    """The page's first heading that its metadata confirm, else what they say, less the publication's name."""
    said = _said(page, publication)
    named = [(shown, heading) for heading in page.headings if (shown := _named(heading, publication, said))]
    confirmed = _confirmed([shown for shown, _ in named], said)
    chosen = confirmed or _unconfirmed(named, said, page.prose)
    if chosen and (headline := _headline_beside(chosen, page, publication, said, sure=confirmed is not None)):
        return headline
    if chosen and confirmed is None and (shown := _below(chosen, said, page)):
        return shown
    if chosen is None:
        return next((_as_subheading(title, page) or title for title in said), None) or _like_name(page)
    parted = any(shown == chosen and heading.parts > 1 for shown, heading in named)
    social = _cut(page.meta("og:title"), publication)
    if social and not _is_stated(chosen, page, publication) and _is_kicker_right(chosen, social, said, publication):
        return social
    return _finished(chosen, said, parted=parted)


def _said(page: Page, publication: Publication) -> list[str]:
    """The head's titles in their order of trust, without section and publication; a title may be there repeatedly."""
    node = next((node for node in page.data.nodes if node.article), None)
    values = [
        node.headline if node else None, page.meta("og:title"), page.meta("twitter:title"), page.title,
        node.name if node else None, page.meta("parsely-title", "dc.title", "sailthru.title", "headline", "title"),
        page.meta("itemprop:headline"),
    ]  # fmt: skip
    cut = [_cut(value, publication) for value in values]
    return [value for value in cut if value and not publication.is_named(value)]


def _like_name(page: Page) -> str | None:
    """The first of a page's headings and titles that is too long for a name, where the page calls its site so too."""
    written = (*(heading.words for heading in page.headings), page.meta("og:title"), page.title)
    return next((squeeze(title) for title in written if title and _n_words(title) > NAME_WORDS), None)


def _headline_beside(
    heading: str, page: Page, publication: Publication, said: Sequence[str], *, sure: bool
) -> str | None:
    """The headline of a page whose first-level heading is a wording for search engines; None where it is none.

    Such pages show the headline as a second-level heading, word for word as JSON-LD or og:title have it (as any source
    has it, where none has the heading); or their heading repeats `<title>` where JSON-LD has a `headline` of its own.
    """
    node = next((node for node in page.data.nodes if node.article), None)
    stated = [_cut(node.headline if node else None, publication), _cut(page.meta("og:title"), publication)]
    among = [title for title in (stated if sure else said) if title and title in said]
    rivals = [title for title in among if not same_title(title, heading)]
    shown = next((title for title in rivals if _is_shown(title, heading, page.subheadings)), None)
    headline = stated[0]
    if shown or headline not in rivals or not headline or _is_description(headline, page):
        return shown
    searched = _cut(page.title, publication)
    if not searched or not same_title(searched, heading) or _is_begun(headline, heading):
        return None
    return headline if _long_words(headline) & _long_words(heading) else None


def _is_stated(heading: str, page: Page, publication: Publication) -> bool:
    """Whether JSON-LD's headline is the heading, word for word."""
    node = next((node for node in page.data.nodes if node.article), None)
    stated = _cut(node.headline if node else None, publication)
    return stated is not None and same_title(stated, heading)


def _is_shown(title: str, heading: str, subheadings: Sequence[str]) -> bool:
    """Whether a second-level heading is this title: alone, or behind a kicker unless the heading begins with it."""
    return any(
        same_title(title, words)
        or any(same_title(title, rest) for _, rest, strong in parts(words) if strong)
        or (_is_below_kicker(title, words) and not _is_begun(title, heading))
        for words in subheadings
    )


def _is_below_kicker(title: str, words: str) -> bool:
    """Whether a heading ends with the title, behind a few words that nothing but a space sets apart."""
    front, rest = words[: -len(title)], words[-len(title) :]
    return front.endswith(" ") and len(front.split()) <= KICKER_WORDS and same_title(title, rest)


def _is_description(title: str, page: Page) -> bool:
    return any(same_title(title, words) for name in DESCRIPTIONS for words in page.metas.get(name, ()))


def _long_words(title: str) -> set[str]:
    return {word for word in WORD.findall(title.casefold()) if len(word) >= TELLING or not word.isascii()}


def _is_begun(short: str, long: str) -> bool:
    return key(long).startswith(key(CUT_OFF.sub("", short)))


def _cut(value: str | None, publication: Publication) -> str | None:
    value = value[:TITLE_CHARS] if value else value
    title = squeeze(html.unescape(value) if value and "&" in value else value)
    return _less_section(publication.without(title)) if title else None


def _named(heading: Heading, publication: Publication, said: Sequence[str]) -> str | None:
    """A heading's words less the publication's, None where it is no title: the site's logo, a paragraph."""
    shown = _cut(heading.words, publication)
    if not shown or publication.is_named(shown) or len(shown.split()) > TITLE_WORDS:
        return None
    if heading.home and not any(same_title(shown, title) for title in said):
        return None
    return shown


def _confirmed(headings: Sequence[str], said: Sequence[str]) -> str | None:
    """The heading that the head says too: word for word, or the front part of what it says, or nearly."""
    for heading in headings:
        if any(same_title(heading, title) for title in said):
            return heading
    for heading in headings:
        if any(_is_front(heading, title) for title in said):
            return heading
    return next((heading for heading in headings if any(alike(heading, title) for title in said)), None)


def _is_front(heading: str, title: str) -> bool:
    return len(heading.split()) > 1 and any(same_title(heading, front) for front, _, strong in parts(title) if strong)


def _unconfirmed(named: Sequence[tuple[str, Heading]], said: Sequence[str], prose: int) -> str | None:
    """A heading that no other source has: the page's only one, or the only one inside or above its article."""
    early = [(words, at) for words, at in named if at.prose_before <= max(PROSE_BEFORE, prose * SHARE_BEFORE)]
    for among in (named, [(words, at) for words, at in named if at.inside], early if prose else []):
        if len({words for words, _ in among}) == 1:
            words, _ = among[0]
            return words if (among[0] in early or not said) and _names_page(words, said) else None
    return None


def _names_page(heading: str, said: Sequence[str]) -> bool:
    """Whether a page's only heading is its title: a phrase, or what one of the head's titles begins with."""
    words = len(WORD.findall(heading))
    if not said:
        return True
    if any(key(title).startswith(key(heading)) for title in said):
        return True
    shouted = heading.isupper() and not any(title.isupper() for title in said)
    return words >= HEADING_WORDS and not (shouted and _is_agreed(said))


def _is_agreed(said: Sequence[str]) -> bool:
    return len(said) > 1 and len({key(title) for title in said}) == 1


def _as_subheading(title: str, page: Page) -> str | None:
    """The part of a title that a second-level heading repeats: what is behind or before it is the publication's."""
    pieces = {key(front): front for front, _, _ in parts(title) if len(front.split()) > 1}
    pieces |= {key(rest): rest for _, rest, strong in parts(title) if strong and _n_words(rest) >= HEADING_WORDS}
    return next((pieces[said] for words in page.subheadings if (said := key(words)) in pieces), None)


def _below(heading: str, said: Sequence[str], page: Page) -> str | None:
    """The title below a heading that names the whole which it is a part of: <title> has both, "Roofs - The Manual"."""
    for title in said:
        for front, rest, strong in parts(title):
            if strong and same_title(rest, heading) and any(same_title(front, words) for words in page.subheadings):
                return front
    return None


def _finished(heading: str, said: Sequence[str], *, parted: bool) -> str:
    """The heading in its best spelling, whole, and without what stands around the title inside it."""
    same = [title for title in said if same_title(title, heading)]
    if heading.isupper():
        return next((title for title in same if not title.isupper()), heading)
    if parted and same and heading not in same:
        return max(same, key=len)  # made of several elements, whose edges the head spells out: ": " or " - "
    if same:
        spaced = [title for title in same if _letters(title) == _letters(heading)]
        return max((heading, *spaced), key=lambda title: (_n_words(title), title == heading))
    return _whole(heading, said) or _less_label(heading, said, parted=parted)


def _letters(title: str) -> str:
    return "".join(title.split())


def _n_words(title: str) -> int:
    return sum(1 for word in title.split() if WORD.search(word))


def _is_kicker_right(heading: str, social: str, said: Sequence[str], publication: Publication) -> bool:
    """Whether heading and og:title differ by a few words and a colon in front, and og:title is to be followed.

    A kicker in the heading that og:title lacks is no part of the title; one that the heading lacks is, where another of
    the head's sources has it too, unless it only names the publication.
    """
    if same_title(social, heading):
        return False
    if _has_kicker(heading, social, publication):
        return True
    return _has_kicker(social, heading, publication) and sum(same_title(social, title) for title in said) >= AGREEING


def _has_kicker(long: str, short: str, publication: Publication) -> bool:
    return any(
        same_title(rest, short) and len(front.split()) <= KICKER_WORDS and not publication.resembles(front)
        for front, rest, _ in parts(long)
    )


def _whole(heading: str, said: Sequence[str]) -> str | None:
    """The full title where the heading is cut off: "The roof of the lib…"."""
    if not CUT_OFF.search(heading):
        return None
    begun = key(CUT_OFF.sub("", heading))
    return next((title for title in said if key(title).startswith(begun) and not CUT_OFF.search(title)), None)


def _less_label(heading: str, said: Sequence[str], *, parted: bool) -> str:
    """The heading without what is set above or behind the title inside it: a section, a date, a count of comments."""
    for title in said:
        before, after = heading[: -len(title)], heading[len(title) :]
        above = heading.endswith(title) and before.strip() and (parted or not before[-1].isalnum())
        if above and len(WORD.findall(before)) <= min(KICKER_WORDS - 1, len(WORD.findall(title)) - 1):
            return title
        if parted and heading.startswith(title) and after[:1] == " " and sum(map(title.__eq__, said)) > 1:
            return title
    return heading


def _less_section(title: str) -> str:
    """The title without a short first or last part set apart by a bar: "Opinion | …", "… | District"."""
    bars = [match.span() for match in BAR.finditer(title)]
    if not bars:
        return title
    front, last = title[: bars[-1][0]].strip(), title[bars[-1][1] :].strip()
    if len(WORD.findall(last)) <= SECTION_WORDS < len(WORD.findall(front)):
        return _less_section(front)
    first, rest = title[: bars[0][0]].strip(), title[bars[0][1] :].strip()
    if len(WORD.findall(first)) < SECTION_WORDS < len(WORD.findall(rest)):
        return rest
    return title


def alike(a: str, b: str) -> bool:
    """Whether two titles are one title in two forms."""
    one, two = words_of(a.casefold())[:COMPARED], words_of(b.casefold())[:COMPARED]
    if not one or not two:
        return False
    if "".join(one) == "".join(two):
        return True
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE


def same_title(a: str, b: str) -> bool:
    """Whether two lines are one title, quotation marks and case aside."""
    return key(a) == key(b) != ""
