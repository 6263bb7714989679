"""What a page says of its article: JSON-LD, then meta, then `<time>`, then htmldate."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import dateutil.parser

from corpus.clean.addresses import absolute, canonical, host_of
from corpus.clean.authors import is_organisation, split_authors
from corpus.clean.bylines import labelled_author, visible_authors
from corpus.clean.datelines import address_date, only_date, shown_dates
from corpus.clean.dates import parse_time
from corpus.clean.document import Facts, When
from corpus.clean.json_ld import Node
from corpus.clean.page import Page
from corpus.clean.publication import Publication, publication
from corpus.clean.repair import squeeze
from corpus.clean.rights import rights_of
from corpus.clean.titles import choose_title

PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date.published",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date",
    "dc.date.created", "rnews:datepublished", "iso-8601-publish-date",
    "citation_publication_date", "publication_date", "publish-date", "publish_date", "published_time", "pubdate",
    "pub_date",     "article.published", "displaydate", "date", "cxenseparse:recs:publishtime",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified",
    "article.updated", "lastmod", "revision_date",
)  # fmt: skip
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
EARLIEST, LATEST = "1995-01-01", "2099-12-31"  # htmldate's bounds: fixed, so that no clock enters a result
ANY_DAYS = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # what fills a date's gaps, to see whether it has any
ONE_DAY = timedelta(days=1)  # by which a day written without a zone may differ
NAME_CHARS = 300  # a meta author longer than this is a text

logging.getLogger("htmldate").setLevel(logging.CRITICAL)


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
    modified = _first_time(page, [(n.modified, "json_ld") for n in page.data.nodes], MODIFIED, "modif", zone)
    outlet = publication([*names, *_app_names(page)], host)
    return Facts(
        title=choose_title(page, outlet),
        authors=_authors(page, node, [*names, host or ""], outlet),
        published=_published(page, zone, url or canonical_url, modified),
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

    A later list of the head that holds all of the first's names and more is the fuller one.
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
        return visible_authors(page.tree, not_names) or next((found for found in said if found), ())
    fuller = [found for found in people if set(people[0]) < set(found)]
    return max(fuller, key=len) if fuller else people[0]


def _may_be_person(name: str, publication: Publication) -> bool:
    """Whether a name that the head gives as the author's may be a person's, if only an account's."""
    return not is_organisation(name) and not publication.is_named(name) and not publication.resembles(name)


def _published(page: Page, zone: str, url: str | None, modified: When | None) -> When | None:
    """The time of publication: JSON-LD, meta, a marked element, what stands near the heading, the address, htmldate."""
    said = [(node.published, "json_ld") for node in page.data.nodes if node.article]
    when = _first_time(page, said, PUBLISHED, "publish", zone)
    if when is None:
        when = _first_time(page, [(node.published, "json_ld") for node in page.data.nodes], (), "", zone)
    if when is not None and (modified is None or modified.at.date() != when.at.date()):
        return when
    shown = shown_dates(page.tree, zone)
    if when is None:
        near = shown.published or shown.bare or address_date(url) or shown.updated
        return near or only_date(page.tree, zone) or _by_htmldate(page)
    # said to be published when it was last changed, and shown as older: the head's is the time of the change
    older = shown.published or shown.bare
    return older if older is not None and older.at.date() < when.at.date() - ONE_DAY else when


def _first_time(
    page: Page, said: list[tuple[str | None, str]], metas: tuple[str, ...], called: str, zone: str
) -> When | None:
    for value, source in said:
        if when := parse_time(value, source, zone):
            return when
    for name in metas:
        for value in page.metas.get(name, ()):
            if when := parse_time(value, "meta", zone):
                return when
    for time in page.times:
        if called and called in time.called and (when := parse_time(time.value or time.words, "time_element", zone)):
            return when
    return None


def _by_htmldate(page: Page) -> When | None:
    """The day that htmldate reads from the page's markup.

    Not its extensive search: of the dates that it finds in the text of pages without any other, most are not theirs.
    """
    import htmldate.extractors

    # htmldate lets dateutil fill what a date lacks with today's: "2019 May 10:30" would be the 21st on a 21st
    htmldate.extractors.dateutil_parse = _whole_date
    found = htmldate.find_date(
        page.tree, extensive_search=False, original_date=True, min_date=EARLIEST, max_date=LATEST,
        deferred_url_extractor=True,
    )  # fmt: skip
    return parse_time(found, "text") if found else None


def _whole_date(text: str, *, fuzzy: bool = False) -> datetime:
    """A date that is whole as written; ValueError where year, month or day would be filled in."""
    first, second = (dateutil.parser.parse(text, fuzzy=fuzzy, default=default) for default in ANY_DAYS)
    if first.date() != second.date():
        raise ValueError("not a whole date")
    return first


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
