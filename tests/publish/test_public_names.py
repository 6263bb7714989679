"""What `import corpus` costs and gives to someone who only reads releases."""

import json
import subprocess
import sys

import pytest

import corpus

PIPELINE = {"pydantic", "pydantic_settings", "jinja2", "prefect", "spacy", "duckdb", "great_expectations", "numba"}
ASK = """
import json, sys
before = set(sys.modules)
{code}
print(json.dumps(sorted(name for name in set(sys.modules) - before if "." not in name)))
"""


def imported_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(code=code)], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_corpus_imports_nothing_else():
    assert imported_by("import corpus") - sys.stdlib_module_names == {"corpus"}


@pytest.mark.parametrize("module", ["load", "verify", "versions", "diff", "releases"])
def test_reading_a_release_imports_nothing_of_the_pipeline(module):
    found = imported_by(f"import corpus.publish.{module}")
    assert not found & PIPELINE
    assert "datasets" not in found  # it takes seconds, and only load() needs it


def test_every_public_name_is_there():
    assert set(corpus.__all__) <= set(dir(corpus))
    for name in ("load", "verify", "versions", "diff"):
        assert callable(getattr(corpus, name))
    assert isinstance(corpus.__version__, str)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        corpus.nothing  # noqa: B018


def test_the_stage_declares_its_step():
    from corpus.publish import STEPS

    assert [step.name for step in STEPS] == ["publish.publish"]
