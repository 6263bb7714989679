"""Licences and rights signals that a record states."""

from __future__ import annotations

import re

from corpus.clean.document import Right
from corpus.clean.page import Page
from corpus.clean.phrases import phrases

CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>\d\.\d)|publicdomain/(?P<free>zero|mark)/1\.0)",
    re.I,
)
ROBOTS = (
    "robots", "googlebot", "bingbot", "googlebot-news", "x-robots-tag",
    # crawlers for language models, by their own names
    "gptbot", "chatgpt-user", "ccbot", "google-extended", "anthropic-ai", "claudebot", "perplexitybot",
    "applebot-extended", "meta-externalagent", "bytespider",
)  # fmt: skip
AI_SIGNALS = frozenset({"noai", "noimageai"})
TDM = ("tdm-reservation", "tdm-policy")
VALUE_CHARS = 500


def spdx(address: str | None) -> str | None:
    """The SPDX id of a licence's address, None where it is not known: the SPDX list has no id for most."""
    if not address:
        return None
    if match := CREATIVE_COMMONS.search(address):
        if match["free"]:
            return "CC0-1.0" if match["free"].lower() == "zero" else "CC-PDM-1.0"
        return f"CC-{match['kind'].upper()}-{match['version']}"
    bare = re.sub(r"^https?://(?:www\.)?", "", address.strip().lower()).rstrip("/")
    return phrases().licenses.get(bare)


def rights_of(page: Page) -> tuple[tuple[Right, ...], str | None]:
    """The page's rights signals, each with value and place, and its licence's SPDX id."""
    found: list[Right] = []
    for name in ROBOTS:
        for value in page.metas.get(name, ()):
            found.append(Right("robots", value[:VALUE_CHARS], f"meta {name}"))
            words = {word.strip() for word in value.lower().split(",")}
            found += [Right(signal, "true", f"meta {name}") for signal in sorted(words & AI_SIGNALS)]
    for name in TDM:
        found += [Right(name, value[:VALUE_CHARS], f"meta {name}") for value in page.metas.get(name, ())]
    for name in ("rights", "dc.rights", "dcterms.rights", "dcterms.license", "copyright"):
        found += [Right("rights", value[:VALUE_CHARS], f"meta {name}") for value in page.metas.get(name, ())]
    node = next((node for node in page.data.nodes if node.article), None)
    if node and node.free is not None:
        found.append(Right("isAccessibleForFree", node.free, "json_ld"))
    if node:
        found += [Right(name, value[:VALUE_CHARS], "json_ld") for name, value in node.rights]
    licenses = [(address, "link license") for address in page.rels.get("license", ())]
    if node and node.license:
        licenses.append((node.license, "json_ld license"))
    found += [Right("license", address[:VALUE_CHARS], where) for address, where in licenses]
    known = [spdx_id for address, _ in licenses if (spdx_id := spdx(address))]
    # links to several licences: one of them is for something else on the page, so none is claimed
    return tuple(dict.fromkeys(found)), known[0] if len(set(known)) == 1 else None
