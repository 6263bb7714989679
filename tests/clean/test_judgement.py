import pyarrow as pa
import pytest

from corpus.clean import judge
from corpus.sections import Clean
from corpus.working import DOCUMENTS, JUDGED
from tests.clean.making import PROSE, documents, record


def judged(*payloads, settings=None):
    rows = documents(*(record(payload if isinstance(payload, bytes) else payload.encode()) for payload in payloads))
    verdict = judge(pa.RecordBatch.from_pylist(rows, schema=DOCUMENTS), settings or Clean())
    assert verdict.schema == JUDGED
    return verdict.to_pylist()


def rules(verdict):
    return [reason["rule"] for reason in verdict["reasons"]]


def test_an_article_goes_on():
    (verdict,) = judged(PROSE)
    assert (verdict["fate"], verdict["reasons"]) == (None, [])


def test_every_rule_that_speaks_is_listed_with_value_and_threshold():
    empty, numbers = judged("", "1 2 3\n\n4 5 6")
    assert (empty["fate"], rules(empty)) == ("rejected", ["no_article", "too_short"])
    assert rules(numbers) == ["too_short", "not_prose"]
    assert numbers["reasons"][0] == {"rule": "too_short", "value": "6", "threshold": "25"}


@pytest.mark.parametrize(
    "text",
    [
        "図書館の屋根は来月修理されることになったと市長が月曜日に発表した。",
        "นายกเทศมนตรีประกาศเมื่อวันจันทร์ว่าหลังคาห้องสมุดจะได้รับการซ่อมแซม",
        "परिषद ने सोमवार को पुस्तकालय की छत की मरम्मत करने का निर्णय लिया " * 3,
        "أعلن المجلس يوم الاثنين إصلاح سقف المكتبة " * 5,
    ],
)
def test_no_script_is_short_or_without_letters_by_itself(text):
    assert judged(text)[0]["fate"] is None


def test_a_list_of_links_is_no_article():
    (verdict,) = judged("\n".join(f"https://a.example/some-long-path/number-{i}" for i in range(40)))
    assert "no_article" in rules(verdict)


def test_thresholds_are_settings():
    assert rules(judged(PROSE, settings=Clean(min_words=1000))[0]) == ["too_short"]


def test_a_fate_met_in_extraction_is_handed_on():
    (verdict,) = judged(bytes(range(256)) * 30)
    assert (verdict["fate"], rules(verdict)) == ("quarantined", ["unknown_encoding"])
