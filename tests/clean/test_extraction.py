import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.clean import STEPS, extract
from corpus.sections import Clean, Source
from corpus.working import DOCUMENTS, READ
from tests.clean.making import MORE, PROSE, document, documents, holds, page, record

ROWS = [
    record(f"Title one\n\nBy Ann Lee\n\n{PROSE}\n".encode(), record_id="a"),
    record(page(f"<p>{PROSE}</p><p>{MORE}</p>").encode(), "text/html", record_id="b"),
    record(page(f"<p>{MORE}</p><p>{PROSE} Again.</p>", title="Other").encode(), "text/html", record_id="c"),
    record(f"# Head\n\n{MORE}\n\n{PROSE}\n".encode(), "text/markdown", record_id="d"),
    record(b"\x00\x01\x02" * 900, record_id="e"),
    record(b"<html><body>" + b"<div>" * 3000, "text/html", record_id="f"),
]


def test_rows_come_out_in_order_with_the_declared_schema():
    batch = extract(pa.RecordBatch.from_pylist(ROWS, schema=READ), Clean(), {})
    assert batch.schema == DOCUMENTS
    assert batch["record_id"].to_pylist() == list("abcdef")


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(len(ROWS))), st.integers(1, len(ROWS)))
def test_a_record_gives_its_row_whatever_stands_beside_it(order, size):
    alone = {row["record_id"]: documents(row)[0] for row in ROWS}
    shuffled = [ROWS[i] for i in order]
    together = [doc for at in range(0, len(ROWS), size) for doc in documents(*shuffled[at : at + size])]
    assert together == [alone[row["record_id"]] for row in shuffled]


def test_repeated_pages_are_extracted_alike_every_time():
    first, *others = documents(*[ROWS[1]] * 6)
    assert others == [first] * 5


@pytest.mark.parametrize(
    ("payload", "media_type", "rule"),
    [
        (b"<html><body>" + b"<div>" * 90_000 + b"x", "text/html", "nesting_limit"),
        (b"<b>" * 150_000, "text/html", "node_limit"),
        (b"", "text/html", "no_markup"),
        (b"[" * 30_000, "text/markdown", "node_limit"),
        (bytes(range(256)) * 9, "text/plain", "unknown_encoding"),
    ],
)
def test_what_is_over_a_limit_is_quarantined_with_its_value_and_threshold(payload, media_type, rule):
    doc = document(payload, media_type)
    assert (doc["fate"], doc["reasons"][0]["rule"]) == ("quarantined", rule)
    assert doc["reasons"][0]["threshold"]
    assert "/" not in doc["detail"]


@pytest.mark.parametrize(
    "payload",
    [
        page(f"<p>{PROSE}</p>").replace("council", "coun\x00cil"),
        page(f"<p data-x='{'a' * 2_000_000}'>{PROSE}</p>"),
        page(f"<p>{PROSE}</p>", head=f"<script type='application/ld+json'>{'[' * 100_000}</script>"),
        page(f"<p>{PROSE}</p>" + "<script>" * 5000),
        page(f"<p>{PROSE}</p>" + "<!--" * 20_000),
        page("&" * 50_000 + f"<p>{PROSE}</p>"),
        page(f"<p>{PROSE}</p>" + "<a href='x" * 5000),
        "<" * 50_000,
        " " * 500_000,
        "http://" * 20_000,
        "https://a.example/" + ")" * 50_000,
        page("", head='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>') + "&b;",
    ],
)
@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
def test_hostile_input_is_read_or_fated_but_never_raises(payload, media_type):
    doc = document(payload.encode("utf-8", "surrogatepass"), media_type)
    if doc["fate"] is None:
        holds(doc)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="<>/pdiv ah1&;=\"'#*[]()\n-`é\ud83d 1", max_size=300).map(
            lambda s: s.encode("utf-8", "surrogatepass")
        ),
    ),
    st.sampled_from(["text/html", "text/plain", "text/markdown", "application/xhtml+xml"]),
)
def test_any_bytes_keep_the_promises(payload, media_type):
    doc = document(payload, media_type)
    assert (doc["fate"] is None) == (doc["reasons"] == [])
    if doc["fate"] is None:
        holds(doc)
        doc["text"].encode()


def test_a_librarys_failure_costs_the_record_and_names_only_its_class(monkeypatch):
    def fail(*_, **__):
        raise RecursionError("/somewhere/in/a/path at 0x7f00")

    monkeypatch.setattr("corpus.clean.extraction.read_web", fail)
    bad, good = documents(ROWS[1], ROWS[0])
    assert bad["reasons"] == [{"rule": "extraction_failed", "value": "RecursionError", "threshold": ""}]
    assert "/" not in bad["detail"]
    assert good["fate"] is None


def test_the_source_fills_what_the_record_does_not_say():
    source = Source(
        path="*", name="s", publisher="Selwick Courier", license="CC-BY-4.0", language="en", timezone="America/New_York"
    )
    html = page(f"<p>{PROSE}</p><p>{MORE}</p>", head='<meta name="date" content="2021-04-13 08:30:00">')
    (doc,) = documents(record(html.encode(), "text/html"), sources={"s": source})
    assert str(doc["published_at"]) == "2021-04-13 12:30:00+00:00"
    assert (doc["license"], doc["site_name"]) == ("CC-BY-4.0", "Selwick Courier")


def test_no_date_is_filled_in_from_a_clock():
    for words in ("2019 May 10:30", "2019 12:30", "2019, Tuesday 10:30", "May 4", "Updated 2 hours ago", "10:45 am"):
        dated = f"<h1>Roof story of the town</h1><div class='date'>{words}</div>"
        html = f"<html><body>{dated}<p>{PROSE}</p><p>{MORE}</p></body></html>"
        assert document(html, "text/html")["published_at"] is None


def test_importing_the_room_loads_no_heavy_library():
    heavy = ("trafilatura", "lxml", "py3langid", "ftfy", "htmldate")
    code = f"import sys, corpus.clean; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_steps_read_columns_that_exist():
    assert [step.name for step in STEPS] == ["clean.extract", "clean.judge"]
    assert set(STEPS[1].reads["documents"]) <= set(DOCUMENTS.names)
