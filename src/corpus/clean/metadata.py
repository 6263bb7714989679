"""What a page says of its article, besides its text."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.clean.addresses import absolute, canonical, host_of
from corpus.clean.authors import is_organisation, split_authors
from corpus.clean.bylines import labelled_author, visible_authors
from corpus.clean.dates import reading_of
from corpus.clean.document import Facts
from corpus.clean.json_ld import Node
from corpus.clean.page import Page
from corpus.clean.publication import Publication, publication
from corpus.clean.repair import squeeze
from corpus.clean.rights import rights_of
from corpus.clean.times import modified_at, published_at, written_times
from corpus.clean.titles import choose_title

AUTHORS = (
    "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.contributor",
    "article:author_name", "byl", "citation_author", "article:author", "og:article:author", "cxenseparse:author",
    "article_author", "articleauthor", "dcsext.author", "itemprop:author", "rnews:author",
)  # fmt: skip
SITE = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "publisher",
    "twitter:app:name:iphone",
)
SECTION = ("article:section", "parsely-section", "section", "og:section", "category")
KEYWORDS = ("news_keywords", "keywords", "parsely-tags", "sailthru.tags")
DESCRIPTION = ("og:description", "description", "twitter:description", "dc.description")
NAME_CHARS = 300  # a meta author longer than this is a text


def page_facts(page: Page, *, zone: str, publisher: str | None) -> Facts:
    """Title, authors, times, addresses, rights and the rest, as the page states them.

    `zone`: IANA zone of times written without one; `publisher`: the source's, whose name is cut from titles.
    """
    node = next((node for node in page.data.nodes if node.article), None)
    declared = next(iter(page.rels.get("canonical", ())), None)
    url = absolute(page.meta("og:url"), None) or absolute(declared, None) or absolute(node.url if node else None, None)
    canonical_url = canonical(declared, url) or canonical(page.meta("og:url"))
    host = host_of(canonical_url or url)
    site = _site_name(page, node)
    names = [name for name in (site, publisher, node.publisher if node else None, *page.data.site_names) if name]
    rights, license_ = rights_of(page)
    reading = reading_of(_language(page, node), zone, page.meta("og:locale")).beside(written_times(page))
    modified = modified_at(page, reading)
    outlet = publication([*names, *_app_names(page)], host)
    title = choose_title(page, outlet)
    return Facts(
        title=title,
        authors=_authors(page, node, [*names, host or ""], outlet),
        published=published_at(page, reading, url=url or canonical_url, modified=modified, title=title),
        modified=modified,
        url=url or canonical_url,
        canonical_url=canonical_url,
        language=_language(page, node),
        section=squeeze((node.section if node else None) or page.meta(*SECTION)),
        keywords=_keywords(page, node),
        description=squeeze(page.meta(*DESCRIPTION) or (node.description if node else None)),
        site_name=site,
        license=license_,
        rights=rights,
    )


def _site_name(page: Page, node: Node | None) -> str | None:
    for value in (page.meta("og:site_name"), node.publisher if node else None, *page.data.site_names, page.meta(*SITE)):
        if value and "://" not in value and (name := squeeze(value)):
            return name
    return None


def _app_names(page: Page) -> list[str]:
    return [value for name in SITE for value in page.metas.get(name, ()) if "://" not in value]


def _authors(page: Page, node: Node | None, names: Iterable[str], publication: Publication) -> tuple[str, ...]:
    """The first of JSON-LD, meta and visible byline that names people; an organisation only where none does.

    A later list of the head that holds all of the first's names and more is the fuller one, and any goes before one of
    accounts' handles. Of organisations another than the publication goes first: whose article it took over.
    """
    not_names = [name for name in names if name]
    said = [split_authors(node.authors, not_names=not_names)] if node and node.authors else []
    for name in AUTHORS:
        values = [value for value in page.metas.get(name, ()) if len(value) < NAME_CHARS and "://" not in value]
        if name == "citation_author":
            values = [" ".join(reversed(value.split(", "))) if value.count(",") == 1 else value for value in values]
        said.append(split_authors(values, not_names=not_names))
    said.append(split_authors([labelled_author(page.metas)], not_names=not_names))
    people = [found for found in said if any(_may_be_person(name, publication) for name in found)]
    if not people:
        named = [found for found in said if found]
        others = [found for found in named if not all(map(publication.is_named, found))]
        return visible_authors(page.tree, not_names) or next(iter(others or named), ())
    first = next((found for found in people if not all(map(_is_handle, found))), people[0])
    fuller = [found for found in people if set(first) < set(found)]
    return max(fuller, key=len) if fuller else first


def _is_handle(name: str) -> bool:
    """Whether a name is an account's and not how its holder is called: "annlee"."""
    return name.isascii() and name.islower() and " " not in name


def _may_be_person(name: str, publication: Publication) -> bool:
    """Whether a name that the head gives as the author's may be a person's, if only an account's."""
    return not is_organisation(name) and not publication.is_named(name) and not publication.resembles(name)


def _language(page: Page, node: Node | None) -> str | None:
    return next(
        (
            v
            for v in (
                page.language,
                page.meta("og:locale", "content-language", "dc.language"),
                node.language if node else None,
            )
            if v
        ),
        None,
    )


def _keywords(page: Page, node: Node | None) -> tuple[str, ...]:
    tags = page.metas.get("article:tag", ())
    said = (node.keywords if node else ()) or tags or tuple((page.meta(*KEYWORDS) or "").split(","))
    return tuple(dict.fromkeys(word for value in said if (word := squeeze(value))))
