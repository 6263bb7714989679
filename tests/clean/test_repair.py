import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.repair import DROPPED, SPACES, Repaired, damage, repair

WORDS = "She said “don’t – ever” to the Café’s owner, naïvely: “soufflé”."


def mend(text):
    return repair(text, mojibake=True).text


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_mojibake_is_mended(wrong):
    broken = WORDS.replace("”", '"').encode().decode(wrong)
    found = repair(broken, mojibake=True)
    assert found.text == WORDS.replace("”", '"')
    assert found.repaired


def test_a_mending_that_makes_it_no_better_is_not_taken(monkeypatch):
    broken = "Café".encode().decode("latin-1")
    monkeypatch.setattr("ftfy.fix_encoding", lambda text, config: text + text)
    assert repair(broken, mojibake=True) == Repaired(broken, False)


def test_mojibake_stays_where_the_setting_says_so():
    broken = "Café".encode().decode("latin-1")
    assert repair(broken, mojibake=False).text == broken


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "ÆØÅ er bogstaver",
        "Привет, мир",
        "Ünïcödé ÀÉ",
        "ﬁne ligature",
        "ＦＵＬＬ width",
        "„Größe“",
        "Tiếng Việt",
        "αβγ ΑΒΓ",
        "कानून",
        "می‌خواهم",
    ],
)
def test_right_text_is_left_as_it_is(text):
    assert mend(text) == text


def test_invisible_characters_go_and_joiners_stay():
    assert mend("Don\u00ade\u200bu\ufeff x\x07y") == "Doneu xy"
    assert mend("می\u200cخواهم \U0001f469\u200d\U0001f52c") == "می\u200cخواهم \U0001f469\u200d\U0001f52c"


def test_no_break_spaces_become_spaces():
    assert mend("84\u00a0000\u202fpounds") == "84 000 pounds"


@given(st.text())
def test_repair_is_nfc_idempotent_and_never_leaves_a_surrogate_or_control_character(text):
    once = repair(text, mojibake=False).text
    assert repair(once, mojibake=False).text == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) in {"Cs", "Cc"} for char in once)


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_ascii_words_are_never_lost(text):
    kept = [char for char in text if char.isascii() and char.isalnum()]
    assert [char for char in repair(text, mojibake=False).text if char.isascii() and char.isalnum()][
        : len(kept)
    ] or not kept


def test_single_surrogates_count_as_damage_and_pairs_become_their_character():
    assert mend("a\ud800b") == "a\ufffdb"
    assert mend("\ud83d\ude00") == "\U0001f600"
    assert damage(mend("a\ud800b")) == 1
    assert damage("All is well – quite “well”.") == 0


@given(st.text(alphabet="ab é\u0301\u00ad\u00a0\t\n市\u200d\u2028", max_size=20))
def test_text_with_nothing_to_mend_is_only_normalised(text):
    whole = unicodedata.normalize("NFC", SPACES.sub(" ", DROPPED.sub("", text)))
    assert repair(text, mojibake=True) == Repaired(whole, False)
