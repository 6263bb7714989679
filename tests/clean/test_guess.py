import pytest

from corpus.clean.decode import decode
from corpus.wide import unmarked

RUSSIAN = (
    "Городской совет проголосовал в понедельник за ремонт крыши библиотеки, которая протекает с марта 2024 года.\n"
)
KOREAN = "시의회는 월요일 3월부터 물이 새던 도서관 지붕을 수리하기로 의결했다. 의원 아홉 명이 찬성했다.\n"
JAPANESE = "市議会は月曜日、三月から雨漏りが続いていた図書館の屋根を修理することを決めた。\n費用は八万四千円。\n"
HINDI = "नगर परिषद ने सोमवार को पुस्तकालय की छत की मरम्मत के पक्ष में मतदान किया।\n"
ENGLISH = "The council voted on Monday to mend the roof of the library, which has leaked since March. "


@pytest.mark.parametrize("text", [RUSSIAN, KOREAN, JAPANESE, HINDI])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("times", [1, 200])
def test_utf_16_without_a_mark_is_told_in_any_script(text, encoding, times):
    found = decode((text * times).encode(encoding), None)
    assert (found.text, found.encoding) == (text * times, encoding)


@pytest.mark.parametrize("payload", [b"", b"\0", b"plain text with one\0 NUL in it. " * 40, bytes(range(256)) * 16])
def test_what_is_no_utf_16_is_not_taken_for_it(payload):
    assert unmarked(payload) is None


def test_escapes_of_iso_2022_jp_go_before_a_wrong_declaration():
    page = f'<html lang="ja"><meta charset="utf-8"><p>{JAPANESE}</p>'
    assert decode(page.encode("iso2022_jp"), "utf-8").text == page
    assert decode(b"\x1b[31mred\x1b[0m and \x1b$ more", None).text == "\x1b[31mred\x1b[0m and \x1b$ more"


@pytest.mark.parametrize("word", ["Oekraïne", "Alaïa", "© 2020 Selwick Courier", "Irã"])
@pytest.mark.parametrize(
    "markup", ["{}", '<html lang="en"><script>if (a<b) f("x")</script><p class="a=b">{}</p></html>']
)
def test_few_letters_beyond_ascii_are_read_as_the_language_is_written(word, markup):
    text = markup.format(ENGLISH * 3 + f"It named {word} in its report, and went home. " + ENGLISH)
    assert decode(text.encode("cp1252"), None).text == text


@pytest.mark.parametrize("signs", ["National Post » Feed", "only 99¢ a day", "so « ceci » it was", "and then… well…"])
def test_signs_alone_are_no_letters(signs):
    text = f"<html><title>x</title><p>{signs}</p></html>"
    assert decode(text.encode("cp1252"), None).text == text


def test_a_polish_name_in_an_english_text_stays_polish():
    text = ENGLISH * 3 + "Lech Wałęsa spoke in Gdańsk on Monday, said Bolesław Prus of Łódź."
    assert decode(text.encode("cp1250"), None).text == text


@pytest.mark.parametrize("word", ["60 € in cash", "le cœur de la ville", "un bœuf"])
def test_iso_8859_15_is_told_by_what_windows_1252_has_no_use_for(word):
    text = "Le conseil a voté lundi la réparation du toit de la bibliothèque, qui fuit depuis mars. " * 3 + word + "."
    assert decode(text.encode("iso-8859-15"), None).text == text


def test_a_half_and_an_accent_stay_what_they_are():
    text = "Das Dach kostet 5½ Millionen, sagt der Bürgermeister; es ist schon 1¼ Jahre undicht. Größe: 3¾ m."
    assert decode(text.encode("cp1252"), None).text == text
