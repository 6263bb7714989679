"""Masking: personal data replaced by a token in a text, its paragraphs and links, and in what a record says of itself.

An edit like any other: spans into the text move along, and a paragraph's bytes in the payload are still those that it
came from. Nothing that is published keeps what was masked, addresses included.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.clean.document import Anchor, Body, Facts
from corpus.clean.personal import DOMAIN, Find, find_ips, find_personal
from corpus.sections import Privacy

DIALLED = re.compile(r"^(?:tel|sms|callto|whatsapp|fax):(.+)$", re.I)
WHATSAPP = re.compile(r"(?<=//wa\.me/)\+?\d{7,15}|(?<=[?&]phone=)(?:\+|%2B)?[\d%+.-]{7,24}", re.I)
IN_ADDRESS = re.compile(rf"[\w.+-]{{1,64}}(?:@|%40){DOMAIN}", re.I)
HOST = re.compile(r"(?<=//)\[[0-9a-f:]{3,45}\]", re.I)
BETWEEN = r"(?:[\s().\-/]|%20|%2B|\+){0,3}"  # what may stand between a number's figures in an address


@dataclass(frozen=True)
class Masked:
    """A text after masking, with a way to move offsets into it."""

    text: str
    ends: tuple[int, ...]  # of the spans that were replaced, in the text before
    starts: tuple[int, ...]
    new_starts: tuple[int, ...]
    new_ends: tuple[int, ...]

    def start(self, at: int) -> int:
        """Where a span that began at `at` begins now: inside a masked piece, with its token."""
        return self._moved(at, self.new_starts)

    def end(self, at: int) -> int:
        """Where a span that ended at `at` ends now: inside a masked piece, with its token."""
        return self._moved(at, self.new_ends)

    def _moved(self, at: int, inside: tuple[int, ...]) -> int:
        place = bisect_right(self.ends, at)  # spans that end before
        if place < len(self.starts) and self.starts[place] < at:
            return inside[place]
        return at + (self.new_ends[place - 1] - self.ends[place - 1] if place else 0)


class Masker:
    """What masks one record: the kinds and tokens of the settings, and the pieces found so far, which are masked in its
    addresses too."""

    def __init__(self, settings: Privacy, language: str | None) -> None:
        self._tokens: dict[str, str] = {kind: settings.token(kind) for kind in settings.mask}
        self._language = language
        self._digits: set[str] = set()
        self._ips: set[str] = set()

    def masked(self, text: str, finds: Sequence[Find]) -> Masked:
        """The text with those of the finds replaced that the settings name."""
        parts: list[str] = []
        starts, ends, new_starts, new_ends = [], [], [], []
        at = length = 0
        for find in finds:
            if find.kind not in self._tokens:
                continue
            token = self._tokens[find.kind]
            if find.kind == "phone":
                self._digits.add("".join(filter(str.isdigit, text[find.start : find.end])))
            elif find.kind == "ip":
                self._ips.add(text[find.start : find.end])
            parts += [text[at : find.start], token]
            length += find.start - at
            starts.append(find.start)
            ends.append(find.end)
            new_starts.append(length)
            length += len(token)
            new_ends.append(length)
            at = find.end
        text = "".join([*parts, text[at:]])
        return Masked(text, tuple(ends), tuple(starts), tuple(new_starts), tuple(new_ends))

    def value(self, text: str | None) -> str | None:
        """A title, a name or another value."""
        return self.masked(text, find_personal(text, self._language)).text if text and self._tokens else text

    def address(self, url: str | None) -> str | None:
        """An address: e-mails and IP addresses in it, a number that it dials or that the text had."""
        if not url or not self._tokens:
            return url
        if "email" in self._tokens:
            url = IN_ADDRESS.sub(self._token("email"), url)
        if "ip" in self._tokens:
            url = HOST.sub(self._token("ip"), self.masked(url, list(find_ips(url))).text)
            for piece in sorted(self._ips):
                url = url.replace(piece, self._tokens["ip"])
        if "phone" in self._tokens:
            url = WHATSAPP.sub(self._token("phone"), url)
            if dialled := DIALLED.match(url):
                url = url[: dialled.start(1)] + self._tokens["phone"]
            for digits in sorted(self._digits):
                if all(map(url.__contains__, digits)):
                    url = re.sub(rf"(?:\+|%2B)?{BETWEEN.join(digits)}", self._token("phone"), url)
        return url

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens that stand for what was masked."""
        return tuple(self._tokens.values())

    def _token(self, kind: str) -> str:
        return self._tokens[kind].replace("\\", r"\\")


def masked(
    body: Body, facts: Facts, finds: list[Find], settings: Privacy, language: str | None
) -> tuple[Body, Facts, list[Find]]:
    """A record's body, whose personal data was found before, and its facts, masked as the settings say; and where in
    the text that data, or what stands for it, is now."""
    if not settings.mask:
        return body, facts, finds
    masker = Masker(settings, language)
    now = masker.masked(body.text, finds)  # its numbers are known before addresses and facts are masked
    facts = mask_facts(facts, masker)
    moved = [Find(now.start(find.start), now.end(find.end), find.kind) for find in finds]
    return mask_body(body, finds, masker), facts, moved


def mask_body(body: Body, finds: Sequence[Find], masker: Masker) -> Body:
    """The body with those finds masked: its text, paragraphs (whose bytes stay), links and correction."""
    now = masker.masked(body.text, finds)
    paragraphs = tuple(
        replace(p, start_char=now.start(p.start_char), end_char=now.end(p.end_char)) for p in body.paragraphs
    )
    return replace(
        body,
        text=now.text,
        paragraphs=paragraphs,
        anchors=tuple(_anchor(anchor, now, masker) for anchor in body.anchors),
        correction=masker.value(body.correction),
    )


def _anchor(anchor: Anchor, now: Masked, masker: Masker) -> Anchor:
    url = masker.address(anchor.url) or ""
    if anchor.start_char is None or anchor.end_char is None:
        return replace(anchor, url=url, anchor_text=masker.value(anchor.anchor_text))
    start, end = now.start(anchor.start_char), now.end(anchor.end_char)
    return Anchor(start, end, now.text[start:end], url, anchor.section, anchor.method)


def mask_facts(facts: Facts, masker: Masker) -> Facts:
    """What the record says of itself, masked; an author that was nothing but such data is left out."""
    tokens = set(masker.tokens)

    def several(values: Sequence[str]) -> tuple[str, ...]:
        return tuple(value for given in values if (value := masker.value(given)) and value not in tokens)

    return replace(
        facts,
        title=masker.value(facts.title),
        authors=several(facts.authors),
        url=masker.address(facts.url),
        canonical_url=masker.address(facts.canonical_url),
        section=masker.value(facts.section),
        keywords=several(facts.keywords),
        description=masker.value(facts.description),
        site_name=masker.value(facts.site_name),
        rights=tuple(replace(r, value=masker.address(masker.value(r.value)) or "") for r in facts.rights),
    )


def mask_words(text: str, settings: Privacy, language: str | None = None) -> str:
    """Any words that are shown to people, masked as the settings say."""
    masker = Masker(settings, language)
    return masker.address(masker.value(text)) or ""
