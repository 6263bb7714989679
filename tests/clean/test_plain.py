import pytest

from tests.clean.making import MORE, PROSE, document, holds, paragraphs

BODY = f"{PROSE}\n\n{MORE}\n"


def test_the_title_and_byline_above_a_text_are_not_text():
    doc = document(f"Library roof to be mended\n\nBy Gil Farrow\n\nSELWICK, April 13 (Northwire) - {BODY}")
    assert (doc["title"], doc["authors"]) == ("Library roof to be mended", ["Gil Farrow"])
    assert doc["text"].startswith("SELWICK, April 13 (Northwire) - The council")
    holds(doc)


def test_a_title_directly_above_its_text_is_the_title():
    doc = document(f"Why the roof leaks\n{PROSE}\nWhat comes next\n{MORE}")
    assert doc["title"] == "Why the roof leaks"
    assert [p["role"] for p in doc["paragraphs"]] == ["paragraph", "heading", "paragraph"]


@pytest.mark.parametrize(
    "first", [PROSE, "It rained.", "🔍 Executive Summary", "- A first point about the roof", "https://a.example/x"]
)
def test_a_first_block_that_is_no_headline_is_text(first):
    doc = document(f"{first}\n\n{BODY}")
    assert doc["title"] is None
    assert first.lstrip("- ")[:20] in doc["text"]


def test_a_headline_with_a_full_stop_is_one_if_a_byline_follows():
    assert document(f"Roof of Lunn & Co. Inc.\n\nBy Ann Lee\n\n{BODY}")["title"] == "Roof of Lunn & Co. Inc."


def test_a_line_that_is_a_date_is_the_day_of_publication():
    doc = document(f"Library roof to be mended\nBy Gil Farrow\n19 May 2026\n\n{BODY}")
    assert str(doc["published_at"]) == "2026-05-19 00:00:00+00:00"
    assert (doc["published_at_precision"], doc["published_at_source"]) == ("day", "text")
    assert "2026" not in doc["text"]


def test_lines_broken_at_a_fixed_width_are_joined():
    wrapped = (
        "The council of Selwick voted on Monday to mend the roof of\n"
        "the library, which has leaked since March. Nine members\n"
        "were for it and two against. The work will cost 84,000\n"
        "pounds and begin in June, if the weather allows it at all.\n"
    )
    doc = document(f"Library roof\n\n{wrapped}\n{wrapped}")
    assert len(doc["paragraphs"]) == 2
    assert "roof of the library" in doc["text"]


def test_bullets_are_cut_and_numbers_stay():
    doc = document(
        f"Title of it\n\n{PROSE}\n\n- first thing\n* second thing\n1) third thing\n2) fourth thing\n\n{MORE}"
    )
    items = [words for words, p in zip(paragraphs(doc), doc["paragraphs"], strict=True) if p["role"] == "list_item"]
    assert items == ["first thing", "second thing", "1) third thing", "2) fourth thing"]


def test_bare_addresses_are_links_and_a_source_list_keeps_its_text():
    doc = document(
        f"Title of it\n\n{PROSE} See https://a.example/x(1), please.\n\nSources\n- https://b.example/y\n- https://c.example/z."
    )
    assert [(a["anchor_text"], a["section"]) for a in doc["anchors"]] == [
        ("https://a.example/x(1)", "inline"),
        ("https://b.example/y", "source_list"),
        ("https://c.example/z", "source_list"),
    ]
    assert "https://b.example/y" in doc["text"]
    holds(doc)


def test_credentials_are_cut_from_the_text_before_offsets_and_kept_in_the_working_link():
    doc = document(f"Title of it\n\n{PROSE} Log in at https://ann:secret@a.example/x today.\n")
    assert "secret" not in doc["text"]
    (anchor,) = doc["anchors"]
    assert (anchor["anchor_text"], anchor["url"]) == ("https://a.example/x", "https://ann:secret@a.example/x")
    holds(doc)


@pytest.mark.parametrize(
    "note", ["(This version corrects a figure in paragraph 3.)", "Correction, April 20: It was 1.8 kilograms."]
)
def test_a_correction_note_moves_to_its_column(note):
    doc = document(f"Title of it\n\n{BODY}\n{note}\n")
    assert doc["correction"] == note
    assert note not in doc["text"]


def test_headings_with_nothing_below_are_counted():
    doc = document(f"Title of it\n\n{PROSE}\n\nThe first heading\n\nThe second heading\n\n{MORE}\n")
    assert doc["signals"]["empty_sections"] == 1
