"""JSON-LD of a page: the node that is the article, with the fields that the metadata need."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

ARTICLE_ENDS = ("article", "posting", "newsarticle", "reportage", "blogpost", "review", "report")
ARTICLE_NAMES = frozenset({"liveblogposting", "analysisnewsarticle", "recipe", "howto", "creativework", "claimreview"})
PAGE_NAMES = frozenset({"webpage", "itempage", "videoobject", "medicalwebpage", "newsmediaorganization"})
LISTS = frozenset(
    {
        "itemlistelement",
        "haspart",
        "mentions",
        "relatedlink",
        "significantlink",
        "comment",
        "review",
        "citation",
        "isbasedon",
    }
)
RIGHTS = (
    "copyrightHolder", "copyrightYear", "copyrightNotice", "acquireLicensePage", "usageInfo", "conditionsOfAccess",
    "creditText",
)  # fmt: skip
MAX_BYTES = 4 * 1024 * 1024  # of one script
MAX_DEPTH, MAX_NODES = 12, 2000
KEPT_NODES = 100  # article and page nodes of one page that are read
TEXT_CHARS = 10_000  # code points of a text; an article's body may have all of its script
PEOPLE, NESTED = 100, 10  # names in one list that are read, and in a list inside it

Json = dict[str, object]


@dataclass(frozen=True)
class Node:
    """An article (or page) node: strings as written, names in order."""

    types: tuple[str, ...]
    article: bool
    headline: str | None
    name: str | None
    authors: tuple[str, ...]
    published: str | None
    modified: str | None
    language: str | None
    section: str | None
    keywords: tuple[str, ...]
    description: str | None
    publisher: str | None
    url: str | None
    license: str | None
    free: str | None
    rights: tuple[tuple[str, str], ...] = ()  # names of RIGHTS and their values
    body: str | None = None  # articleBody


@dataclass(frozen=True)
class LinkedData:
    """A page's JSON-LD: article nodes in order, then page nodes; the names that WebSite nodes give the publication;
    the types of all nodes, in lower case."""

    nodes: tuple[Node, ...] = ()
    site_names: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()


def read_json_ld(scripts: list[str]) -> LinkedData:
    """What a page's JSON-LD scripts say; what isn't JSON, or is over the limits, is passed over."""
    found: list[Json] = []
    for script in scripts:
        if len(script) <= MAX_BYTES:
            found += list(islice(_walk(_loads(script), 0), MAX_NODES))
    by_id = {str(node["@id"]): node for node in found if "@id" in node and len(node) > 2}
    nodes = list(islice((node for raw in found if (node := _node(raw, by_id))), KEPT_NODES))
    sites = [_text(raw.get("name")) for raw in found if "website" in _types(raw)][:KEPT_NODES]
    return LinkedData(
        tuple(sorted(nodes, key=lambda node: not node.article)),
        tuple(name for name in sites if name),
        frozenset(kind for raw in found for kind in _types(raw)),
    )


def _loads(script: str) -> object:
    text = script.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(value: object, depth: int) -> Iterator[Json]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key, item in value.items():
            if key.lower() not in LISTS and isinstance(item, dict | list):
                yield from _walk(item, depth + 1)


def _types(node: Json) -> tuple[str, ...]:
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return tuple(item.rpartition("/")[2].lower() for item in values if isinstance(item, str))


def _node(raw: Json, by_id: dict[str, Json]) -> Node | None:
    types = _types(raw)
    article = any(kind.endswith(ARTICLE_ENDS) or kind in ARTICLE_NAMES for kind in types)
    if not article and not any(kind in PAGE_NAMES or kind.endswith("page") for kind in types):
        return None
    return Node(
        types=types,
        article=article,
        headline=_text(raw.get("headline")),
        name=_text(raw.get("name")),
        authors=_people(raw.get("author"), by_id) or _people(raw.get("creator"), by_id),
        published=_text(raw.get("datePublished")) or _text(raw.get("uploadDate")) or _text(raw.get("dateCreated")),
        modified=_text(raw.get("dateModified")),
        language=_text(raw.get("inLanguage")) or _name(raw.get("inLanguage"), by_id),
        section=_first(raw.get("articleSection")),
        keywords=_keywords(raw.get("keywords")),
        description=_text(raw.get("description")),
        publisher=_name(raw.get("publisher"), by_id),
        url=_text(raw.get("url")) or _address(raw.get("mainEntityOfPage")),
        license=_address(raw.get("license")),
        free=_flag(raw.get("isAccessibleForFree")),
        rights=tuple((name, value) for name in RIGHTS if (value := _stated(raw.get(name), by_id))),
        body=_text(raw.get("articleBody"), MAX_BYTES),
    )


def _text(value: object, most: int = TEXT_CHARS) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    # sites put entities into JSON, where they mean nothing: "D&amp;D"
    return html.unescape(value[:most]).strip() or None if isinstance(value, str) else None


def _first(value: object) -> str | None:
    return _text(value)


def _flag(value: object) -> str | None:
    return str(value).lower() if isinstance(value, bool | str) else None


def _stated(value: object, by_id: dict[str, Json]) -> str | None:
    """A property's words: a text, a year, a holder's name, an address."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value) or _name(value, by_id) or _address(value)


def _name(value: object, by_id: dict[str, Json]) -> str | None:
    names = _people(value, by_id)
    return names[0] if names else None


def _address(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() or None if isinstance(value, str) else None


def _people(value: object, by_id: dict[str, Json], depth: int = 0) -> tuple[str, ...]:
    """Names of persons or organisations: strings, nodes, or references to nodes."""
    if depth > 3:
        return ()
    if isinstance(value, list):
        return tuple(name for item in value[: NESTED if depth else PEOPLE] for name in _people(item, by_id, depth + 1))
    if isinstance(value, dict):
        if "name" not in value and str(value.get("@id")) in by_id and by_id[str(value["@id"])] is not value:
            return _people(by_id[str(value["@id"])], by_id, depth + 1)
        listed = value.get("name") or value.get("@list")
        return _people(listed, by_id, depth + 1) if listed else _parts_of_name(value)
    name = html.unescape(value[:TEXT_CHARS]).strip() if isinstance(value, str) else ""
    return (name,) if name and "://" not in name else ()


def _parts_of_name(person: Json) -> tuple[str, ...]:
    parts = [part for key in ("givenName", "familyName") if (part := _text(person.get(key)))]
    return (" ".join(parts),) if parts else ()


def _keywords(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(item.strip() for item in value if isinstance(item, str) and item.strip()))
