"""Property: whatever lies in raw/, each record has exactly one fate, and nothing but content decides it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.run import Publication
from corpus.run.assembling import ledger_rows
from tests.projects import article, new_project

texts = st.integers(0, 6).map(article)
damage = st.sampled_from(["", "\x00\x01\x02", "\ufeff", "\u200b", "\r\n", " " * 40, "Ã©tÃ©", "\U0001f680"])
plain = st.tuples(texts, damage).map(lambda pair: (pair[1] + pair[0]).encode())
lines = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 3), texts).map(lambda p: json.dumps({"id": p[0], "text": p[1]})),
        texts.map(lambda t: json.dumps({"text": t})),
        st.sampled_from(['{"id": 9}', "{broken", "[1]", "", '{"text": ""}', '{"text": 5}']),
    ),
    max_size=6,
).map(lambda rows: "\n".join(rows).encode())
page = texts.map(lambda t: f"<html><body><article><p>{t}</p></article></body></html>".encode())
noise = st.binary(max_size=80)
files = st.dictionaries(
    st.sampled_from(
        [f"{folder}/{name}" for folder in ("a", "b") for name in ("x.txt", "y.jsonl", "z.html", "w.bin", "v.md")]
    ),
    st.one_of(plain, lines, page, noise),
    min_size=1,
)


def ledger(contents: dict[str, bytes], workers: str, batch: str) -> pa.Table:
    with tempfile.TemporaryDirectory() as folder:
        project = new_project(Path(folder) / "p", contents, workers=workers, batch_records=batch)
        with Publication(project) as run:
            for stage in ("ingest", "clean", "dedup"):
                run.do(stage)
            state = run._state
            assert state is not None
            return ledger_rows(state.inputs, state.judged, state.folds)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files)
def test_every_record_has_one_fate_and_every_file_a_record(contents: dict[str, bytes]) -> None:
    rows = ledger(contents, "1", "512").to_pylist()
    assert {row["raw_path"] for row in rows} == set(contents)
    assert len({row["record_id"] for row in rows}) == len(rows)
    published = {row["article_id"] for row in rows if row["fate"] == "published"}
    assert len(published) == sum(row["fate"] == "published" for row in rows)
    for row in rows:
        assert row["fate"] in ("published", "duplicate", "rejected", "quarantined")
        assert row["reasons"] or row["fate"] == "published"
        assert (row["article_id"] is not None) == (row["fate"] == "published")
        assert (row["kept_article_id"] is not None) == (row["fate"] == "duplicate")
        assert row["kept_article_id"] is None or row["kept_article_id"] in published


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files, st.integers(1, 3))
def test_batches_and_the_order_of_writing_decide_nothing(contents: dict[str, bytes], batch: int) -> None:
    backwards = dict(reversed(list(contents.items())))
    assert ledger(contents, "1", "512").equals(ledger(backwards, "1", str(batch)))
