import pyarrow as pa
import pytest

from corpus.clean import STEPS, judge
from corpus.clean.filters import FILE, preset, rules_of
from corpus.sections import Clean, Filter
from corpus.signals import FILTERABLE
from corpus.working import DOCUMENTS, JUDGED
from tests.clean.making import PROSE, documents, record


def judged(*payloads, settings=None, filters=()):
    rows = documents(*(record(payload if isinstance(payload, bytes) else payload.encode()) for payload in payloads))
    verdict = judge(pa.RecordBatch.from_pylist(rows, schema=DOCUMENTS), settings or Clean(), filters)
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


def test_a_filter_rejects_under_the_name_of_its_signal():
    few = Filter(signal="n_sentences", min=4)
    (verdict,) = judged(PROSE, filters=(few,))
    assert verdict["fate"] == "rejected"
    assert verdict["reasons"] == [{"rule": "n_sentences", "value": "3", "threshold": "4"}]
    assert judged(PROSE, filters=(Filter(signal="n_sentences", min=3, max=3),))[0]["fate"] is None
    assert rules(judged(PROSE, filters=(Filter(signal="n_words", max=10),))[0]) == ["n_words"]


def test_a_filter_of_other_languages_does_not_count():
    rule = Filter(signal="n_sentences", min=4, languages=("de",))
    assert judged(PROSE, filters=(rule,))[0]["fate"] is None


def test_truth_values_can_be_filtered():
    assert rules(judged(PROSE, filters=(Filter(signal="truncated", max=0),))[0]) == []
    assert rules(judged(PROSE, filters=(Filter(signal="repaired", min=1),))[0]) == ["repaired"]


def test_a_preset_stands_for_its_rules():
    verdict = judged("Lorem ipsum { dolor } sit amet. " * 9, filters=(Filter(preset="c4"),))[0]
    assert rules(verdict) == ["lorem_ipsum", "curly_brackets"]
    assert rules_of((Filter(preset="c4"), Filter(signal="lorem_ipsum", max=0))) == preset("c4")


@pytest.mark.parametrize("name", ["gopher", "c4", "fineweb"])
def test_every_rule_of_a_preset_is_a_filter(name):
    assert preset(name)
    assert FILE in [name for step in STEPS for name in step.data_files]


@pytest.mark.parametrize("signal", FILTERABLE)
def test_every_signal_can_be_asked_for(signal):
    assert judged(PROSE, "", filters=(Filter(signal=signal, min=-1.0, max=1e9),))[0]["fate"] is None


def test_a_document_without_signals_is_beyond_no_filter():
    (verdict,) = judged(bytes(range(256)) * 30, filters=(Filter(signal="n_sentences", min=4),))
    assert rules(verdict) == ["unknown_encoding"]
