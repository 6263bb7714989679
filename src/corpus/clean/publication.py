"""The publication's own name, and titles without it: "… - The Citizen", "… | citizen.example"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

SEPARATORS = re.compile(
    r"\s+[|–—\-•·»«:~/]+\s+|\s*[|｜ㅣ»«]\s*|\s*::\s*|\s*--+\s*|\s+-(?=\S)|(?<=\S)-(?=\S)|(?<=\S):\s+|(?<=\S)[–—](?=\S)"
)
STRONG = re.compile(r"\s*[|｜ㅣ»«•·]\s*|\s+[–—\-~]+\s+|\s*::\s*|\s*--+\s*")
"""Separators that set a name apart; a hyphen inside a word, a colon or a slash are the title's own too."""
IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff]"
IDEOGRAPHS = re.compile(IDEOGRAPH)
CHAINED = re.compile(rf" ?_{{1,2}} ?(?=《|{IDEOGRAPH})")
"""What Chinese sites set title, section and site apart with; no title has it."""
NET = re.compile(rf" ?[-–—_|]{{1,3}} ?{IDEOGRAPH}{{2,12}}网站?$")
"""A Chinese site's name behind a title: it ends with the word for “net”, as others' end with ".com"."""
WORD = re.compile(r"\w+")
DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}$", re.I)
PART_OF_NAME = 0.5  # of a longer name's letters, from which a part of it stands for the whole
PARTS = 20  # of a title that are looked at: each is compared with every name
NAME_WORDS = 6  # of a part behind a separator that may be a form of the publication's name
NAMES, NAME_CHARS = 40, 300  # names of one publication that are kept, and code points of each
SHORT_NAME = 4  # letters below which a form of a name must be the name itself


def key(words: str) -> str:
    """Letters and numbers alone, in lower case: what is compared where spelling does not matter."""
    return "".join(WORD.findall(words.casefold())).replace("_", "")


@dataclass(frozen=True)
class Publication:
    """Names that a page's metadata give its publication, and the host that it lies on."""

    names: tuple[str, ...]
    host: str | None

    def is_named(self, words: str) -> bool:
        """Whether words are the publication's name: as the page writes it, or as its host spells it."""
        said = key(words)
        if not said:
            return False
        label = self._label()
        return (
            any(said == key(name) for name in self.names)
            or said == key(self.host or "")
            or bool(label and (said in {label, "the" + label} or "the" + said == label))
        )

    def resembles(self, words: str) -> bool:
        """Whether words set apart by a separator are a form of the name: its start, its initials, a domain."""
        said = key(words)
        if len(WORD.findall(words)) > NAME_WORDS or not said:
            return False
        if DOMAIN.match(words) or (len(said) > 2 and any(words == _initials(name) for name in self.names)):
            return True
        return any(_part(said, known) for known in (*map(key, self.names), self._label()))

    def without(self, title: str) -> str:
        """The title without the publication's name at its end or start, as often as it stands there."""
        title = _less_chain(title)
        while (cut := self._cut(title)) != title:
            title = cut
        return title

    def _cut(self, title: str) -> str:
        for front, rest, strong in reversed(list(parts(title))):
            if self.is_named(rest) or (strong and self.resembles(rest)):
                return front
        for front, rest, _ in parts(title):
            return rest if self.is_named(front) else title
        return title

    def _label(self) -> str:
        """The host's own label: `citizen` of news.citizen.co.uk."""
        labels = (self.host or "").split(".")
        if len(labels) < 2:
            return ""
        short = len(labels) > 2 and len(labels[-2]) <= 3
        return key(labels[-3] if short else labels[-2])


def parts(title: str) -> Iterator[tuple[str, str, bool]]:
    """What stands before and after each separator of a title, and whether the separator sets names apart."""
    for match in islice(SEPARATORS.finditer(title), PARTS):
        front, rest = title[: match.start()].strip(), title[match.end() :].strip()
        if front and rest:
            yield front, rest, bool(STRONG.fullmatch(match[0]))


def _less_chain(title: str) -> str:
    """A Chinese title without section and site: "title_section_site", "title-site's name and the word for net"."""
    chain = next((at for at in CHAINED.finditer(title) if IDEOGRAPHS.search(title, 0, at.start())), None)
    return NET.sub("", title[: chain.start()] if chain else title) or title


def publication(names: Iterable[str | None], host: str | None) -> Publication:
    """The publication of these names, each once."""
    return Publication(tuple(dict.fromkeys(name[:NAME_CHARS] for name in islice(filter(None, names), NAMES))), host)


def _part(said: str, known: str) -> bool:
    short, long = sorted((said, known), key=len)
    return len(short) >= SHORT_NAME and long.startswith(short) and len(short) >= PART_OF_NAME * len(long)


def _initials(name: str) -> str:
    return "".join(word[0] for word in WORD.findall(name) if word[0].isupper())
