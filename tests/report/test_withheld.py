from corpus.report.facts import Withheld

from .conftest import HOSTILE, TEXT
from .test_page import all_text, pages


def texts(row):
    said = {"rec-3": TEXT, "rec-4": TEXT.replace("Friday", f"Sunday {HOSTILE}"), "rec-5": "secret words"}
    text = said.get(row["record_id"])
    return Withheld("extracted text", text) if text else Withheld("no text: gone", "")


def test_a_published_report_has_no_page_of_texts_that_are_not(staged):
    found = pages(staged)
    assert "withheld.html" not in found
    assert "secret words" not in all_text(found)


def test_the_local_copy_shows_texts_and_differences(staged):
    page = pages(staged, withheld=texts)["withheld.html"]
    said = " ".join(page.text.split())
    assert "secret words" in said
    assert "The same words as the article that was kept." in said
    assert f"Sunday {HOSTILE}".split(" <")[0] in said and "Friday only in the article" in said
    assert "no text: gone" in said
    assert not {"script", "b"} & set(page.tags)
    assert len(page.ids) == len(set(page.ids))
