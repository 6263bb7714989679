import pytest

from tests.clean.making import MORE, PROSE, document, holds, page, paragraphs

BODY = f"<p>{PROSE}</p><p>{MORE}</p><p>{PROSE} Twice.</p>"


def read(body=BODY, head="", **columns):
    doc = document(page(body, head), "text/html", **columns)
    if doc["fate"] is None:
        holds(doc)
    return doc


def test_the_article_is_kept_and_navigation_and_foot_are_not():
    doc = read()
    assert paragraphs(doc) == [PROSE, MORE, f"{PROSE} Twice."]
    assert (doc["title"], doc["language"]) == ("Library roof to be mended", "en")


def test_headings_lists_and_quotes_keep_their_roles():
    doc = read(
        f"{BODY}<h2>Costs</h2><ul><li>one item of it</li><li>two items of it</li></ul>"
        f"<blockquote><p>{MORE} So.</p></blockquote>"
    )
    roles = [p["role"] for p in doc["paragraphs"]]
    assert roles[3:] == ["heading", "list_item", "list_item", "quote"]


def test_white_space_around_links_is_what_the_page_has():
    doc = read(
        f'{BODY}<p>The plan (<a href="https://plan.example/a">in full</a>), '
        f"“<a href='/q'>quoted</a>”, is long. {MORE}</p>"
    )
    assert "The plan (in full), “quoted”, is long." in doc["text"]
    assert [(a["anchor_text"], a["url"]) for a in doc["anchors"]] == [
        ("in full", "https://plan.example/a"),
        ("quoted", "/q"),
    ]


def test_a_link_without_words_has_no_place_in_the_text_and_white_space_of_one_with_words_is_no_second():
    doc = read(
        f'{BODY}<p>The plan <a href="https://plan.example/mark"> </a> is drawn by '
        f'<a href="https://plan.example/b">the office</a><a href="https://plan.example/b"> </a>. {MORE}</p>'
    )
    found = [(a["anchor_text"], a["url"], a["section"], a["start_char"] is None) for a in doc["anchors"]]
    assert sorted(found, key=str) == [
        ("the office", "https://plan.example/b", "inline", False),
        (None, "https://plan.example/mark", "embed", True),
    ]


def test_a_link_keeps_its_place_where_letters_are_joined_across_the_border_of_another():
    doc = read(f'{BODY}<p>The caf<a href="/cafe">e</a>\u0301 has <a href="/plan">a plan</a> and coffee. {MORE}</p>')
    assert "The caf\u00e9 has a plan" in doc["text"]
    assert [a["anchor_text"] for a in doc["anchors"]] == ["\u00e9", "a plan"]
    assert all(doc["text"][a["start_char"] : a["end_char"]] == a["anchor_text"] for a in doc["anchors"])


def test_a_page_with_private_characters_of_its_own_keeps_them_and_its_links():
    doc = read(f'<p>{PROSE} \U000f0001 <a href="https://a.example/x">here</a>.</p><p>{MORE}</p>')
    assert "\U000f0001" in doc["text"]
    assert [anchor["anchor_text"] for anchor in doc["anchors"]] == ["here"]


def test_a_correction_banner_moves_to_its_column():
    doc = read(f"{BODY}<p><em>Correction: An earlier version gave the cost as 48,000 pounds.</em></p>")
    assert doc["correction"] == "Correction: An earlier version gave the cost as 48,000 pounds."
    assert "48,000" not in doc["text"]


def test_metadata_come_from_json_ld_then_meta():
    head = """<link rel="canonical" href="https://www.Selwick.example:443/roof?utm_source=a&id=7#top">
    <meta property="og:url" content="https://www.selwick.example/roof?id=7">
    <meta property="og:site_name" content="Selwick Courier">
    <meta property="article:published_time" content="2001-01-01"><meta name="robots" content="noai, noindex">
    <meta name="tdm-reservation" content="1"><link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/deed.en">
    <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Library roof to be mended",
    "author": [{"@id": "#p"}, {"@type": "Person", "name": "By Odette Lunn, political editor"}],
    "datePublished": "2021-04-13T08:30:00+01:00", "articleSection": "News", "isAccessibleForFree": false},
    {"@id": "#p", "@type": "Person", "name": "Gil Farrow", "url": "x"}]}</script>"""
    doc = read(head=head)
    assert doc["authors"] == ["Gil Farrow", "Odette Lunn"]
    assert (str(doc["published_at"]), doc["published_at_source"]) == ("2021-04-13 07:30:00+00:00", "json_ld")
    assert (doc["canonical_url"], doc["host"]) == (
        "https://selwick.example/roof?id=7".replace("//", "//www."),
        "selwick.example",
    )
    assert (doc["license"], doc["section"], doc["site_name"]) == ("CC-BY-SA-4.0", "News", "Selwick Courier")
    signals = {(r["signal"], r["value"]) for r in doc["rights"]}
    assert {("noai", "true"), ("tdm-reservation", "1"), ("isAccessibleForFree", "false")} <= signals
    assert doc["canonical_counts"] is True


@pytest.mark.parametrize(
    ("head", "counts"),
    [
        (
            '<link rel="canonical" href="https://a.example/"><meta property="og:url" content="https://a.example/">',
            False,
        ),
        (
            '<link rel="canonical" href="https://a.example/x"><meta property="og:url" content="https://b.example/x">',
            False,
        ),
        (
            '<link rel="canonical" href="https://a.example/x"><meta property="og:url" content="https://www.a.example/y">',
            True,
        ),
        ("", False),
    ],
)
def test_a_canonical_address_counts_on_its_own_host_and_below_the_root(head, counts):
    assert read(head=head)["canonical_counts"] is counts


def test_a_visible_byline_names_the_author_where_the_head_does_not():
    doc = read(f'<p class="byline">By <span>Gil Farrow</span> and Odette Lunn</p>{BODY}')
    assert doc["authors"] == ["Gil Farrow", "Odette Lunn"]
    assert "Gil Farrow" not in doc["text"]


def test_a_page_of_links_is_no_article():
    links = "".join(f'<li><a href="/n/{i}">Headline number {i} about the town</a></li>' for i in range(40))
    html = f"<html><head><title>Town news</title></head><body><ul>{links}</ul></body></html>"
    assert document(html, "text/html")["text"] == ""


def test_a_feeds_html_is_article_throughout():
    content = f'<p>{PROSE}</p><ul><li>A point</li></ul><p>More at <a href="https://a.example/x">this page</a>.</p>'
    fields = {
        "title": "Library roof",
        "authors": ["By Gil Farrow"],
        "published_at": "Tue, 13 Apr 2021 08:30:00 GMT",
        "url": "https://selwick.example/roof",
    }
    doc = document(
        b"<item/>", "application/rss+xml", structured="feed", fields=fields, content=content, content_type="text/html"
    )
    assert paragraphs(doc) == [PROSE, "A point", "More at this page."]
    assert (doc["title"], doc["authors"], doc["published_at_source"]) == ("Library roof", ["Gil Farrow"], "feed")
    assert (doc["anchors"][0]["anchor_text"], doc["signals"]["encoding_evidence"]) == ("this page", "structured")
    assert doc["paragraphs"][0]["raw_start_byte"] is None
    holds(doc)


def test_a_mapped_rows_text_has_no_title_taken_out_of_it():
    fields = {"title": None, "published_at": "2021-04-13"}
    doc = document(
        b"{}",
        "application/json",
        structured="mapped",
        fields=fields,
        content=f"A short line\n\n{PROSE}",
        content_type="text/plain",
    )
    assert (doc["title"], doc["published_at_source"], doc["published_at_precision"]) == (None, "mapped", "day")
    assert doc["text"].startswith("A short line")
