"""The benchmark of encodings makes what it says, and the pipeline reads it."""

import pytest

from benchmarks.encodings import LEGACY, cases, ours

WORDS = {
    "de": "Der Bürgermeister sagte, das Dach der Bücherei werde für 84.000 Pfund repariert, „endlich“. ",
    "ru": "Городской совет проголосовал за ремонт крыши библиотеки, которая протекает с марта. ",
    "ja": "市議会は月曜日、三月から雨漏りが続いていた図書館の屋根を修理することを決めた。",
    "ar": "صوت مجلس المدينة لصالح إصلاح سقف المكتبة الذي يتسرب منه الماء منذ مارس. ",
}


@pytest.mark.parametrize("language", WORDS)
def test_a_text_is_read_rightly_in_every_encoding_of_its_language(language):
    text = WORDS[language] * 4
    page = f'<html lang="{language}"><head><title>x</title></head><body><p>{text}</p></body></html>'
    made = list(cases(page, text))
    assert {case.kind for case in made} > {"text", "page, not declared", "page, declared", "page, HTTP"}
    assert len(made) >= 3 * len(LEGACY[language])
    wrong = [(case.kind, case.payload[:20]) for case in made if ours(case.payload, case.http) != case.text]
    assert wrong == []


def test_a_payload_that_any_reader_gets_right_is_no_case():
    assert {case.kind for case in cases('<html lang="de"><p>all ascii</p></html>', "all ascii")} == {
        f"text, {name}" for name in ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be")
    }
