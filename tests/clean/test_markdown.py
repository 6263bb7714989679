from tests.clean.making import MORE, PROSE, document, holds, paragraphs

TEXT = f"""---
title: "Library roof to be mended"
author: [Gil Farrow, Odette Lunn]
date: 2021-04-13T08:30:00+01:00
url: https://www.selwick.example/roof?utm_source=x
tags: roof, library
license: https://creativecommons.org/licenses/by/4.0/
---

# Library roof to be mended

{PROSE} It *really* has a [plan](https://plan.example/a "t"), `code` and <https://auto.example/b>.

## Costs

- one **bold** item
- two

> A quoted line.

| a | b |
|---|---|
| 1 | 2 |

{MORE}

## Sources

- [The minutes](https://minutes.example/1)
"""


def read(text=TEXT):
    doc = document(text, "text/markdown")
    holds(doc)
    return doc


def test_front_matter_fills_the_metadata():
    doc = read()
    assert (doc["title"], doc["authors"]) == ("Library roof to be mended", ["Gil Farrow", "Odette Lunn"])
    assert str(doc["published_at"]) == "2021-04-13 07:30:00+00:00"
    assert doc["canonical_url"] == "https://www.selwick.example/roof"
    assert (doc["host"], doc["keywords"], doc["license"]) == ("selwick.example", ["roof", "library"], "CC-BY-4.0")


def test_text_is_without_markup_and_without_the_title():
    doc = read()
    assert [p["role"] for p in doc["paragraphs"]] == [
        "paragraph",
        "heading",
        "list_item",
        "list_item",
        "quote",
        "table",
        "paragraph",
        "heading",
        "list_item",
    ]
    assert "It really has a plan, code and https://auto.example/b." in doc["text"]
    assert paragraphs(doc)[5] == "a | b\n1 | 2"
    assert "Library roof to be mended" not in doc["text"]


def test_links_keep_their_place_and_section():
    assert [(a["anchor_text"], a["url"], a["section"]) for a in read()["anchors"]] == [
        ("plan", "https://plan.example/a", "inline"),
        ("https://auto.example/b", "https://auto.example/b", "inline"),
        ("The minutes", "https://minutes.example/1", "source_list"),
    ]


def test_without_front_matter_the_first_heading_is_the_title_and_a_byline_names_the_author():
    doc = read(f"# The price of a hop\n\nBy Ann Lee\n\n{PROSE}\n\n{MORE}\n")
    assert (doc["title"], doc["authors"], paragraphs(doc)[0]) == ("The price of a hop", ["Ann Lee"], PROSE)


def test_front_matter_that_is_no_yaml_mapping_is_text():
    doc = read(f"---\n: [\n---\n\n{PROSE}\n")
    assert PROSE in doc["text"]


def test_a_heading_of_the_second_level_is_no_title():
    assert read(f"## Costs\n\n{PROSE}\n")["title"] is None
