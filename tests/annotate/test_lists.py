"""The data files of this room."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from importlib.util import find_spec

import corpus.annotate
from corpus.annotate.cues import cues, places
from corpus.annotate.lists import DATA, known_names, words
from corpus.annotate.names import forms, key
from corpus.columns import LABELS, VALUE_LABELS


def test_listed_names_have_labels_of_things_and_each_form_is_listed_once() -> None:
    assert {known.label for known in known_names()} <= set(LABELS) - set(VALUE_LABELS)
    written = Counter(form for known in known_names() for form in (known.name, *known.aliases))
    assert [form for form, n in written.items() if n > 1] == []


def test_no_two_listed_names_of_one_label_share_a_key() -> None:
    owner: dict[tuple[str, str], str] = {}
    for known in known_names():
        for form in forms(known):
            assert owner.setdefault((known.label, key(form)), known.name) == known.name


def test_cues_name_labels_that_there_are() -> None:
    found = cues()
    labels = {*found.mixed_up, *found.place_like, *found.last_words.values(), *found.first_words.values()}
    assert labels | words().propagated | words().lower_case <= set(LABELS) - set(VALUE_LABELS)


def test_lists_are_in_lower_case_where_they_are_compared_so() -> None:
    for found in (words().honorifics, words().legal_forms, words().dotted, words().small_words):
        assert all(one == one.casefold() for one in found)


def test_places_and_census_names_are_there() -> None:
    assert "Bulawayo" in places()
    assert "Maria" in cues().given_names
    assert "Miller" in cues().surnames


def test_every_data_file_says_its_source_and_counts_in_the_fingerprint() -> None:
    declared = {name for step in corpus.annotate.STEPS for name in step.data_files}
    assert declared == {f"annotate/data/{path.name}" for path in DATA.iterdir()}
    for path in DATA.iterdir():
        head = path.read_text(encoding="utf-8")[:600].lower()
        assert "source" in head or "made from" in head


def test_every_step_starts_at_a_module_and_has_its_verb() -> None:
    for step in corpus.annotate.STEPS:
        assert find_spec(step.module) is not None
        assert callable(getattr(corpus.annotate, step.verb))


def test_importing_the_room_loads_no_model_library() -> None:
    code = "import sys, corpus.annotate; sys.exit(bool({'spacy', 'ahocorasick_rs', 'idna'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
