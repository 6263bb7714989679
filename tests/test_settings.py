"""corpus.toml: what is accepted, and what an error says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from corpus.errors import SettingsError
from corpus.sections import Against, Filter, Source
from corpus.settings import Settings, load_settings
from corpus.template import settings_text


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "corpus.toml"
    path.write_text(text)
    return path


def test_defaults_need_only_a_name(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, 'name = "x"')).clean.min_words == 25


def test_an_unknown_key_names_its_line_and_the_nearest_right_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"line 3: unknown key `clean.min_word`; did you mean `min_words`\?"):
        load_settings(written(tmp_path, 'name = "x"\n[clean]\nmin_word = 3\n'))


def test_an_unknown_key_of_a_later_source_names_that_sources_line(tmp_path: Path) -> None:
    text = 'name = "x"\n[[source]]\npath = "a/**"\nname = "a"\n[[source]]\npath = "b/**"\nname = "b"\nlicence = "MIT"\n'
    with pytest.raises(SettingsError, match="line 8: unknown key `source.licence`; did you mean `license`"):
        load_settings(written(tmp_path, text))


def test_a_wrong_value_names_its_line_what_was_found_and_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2: `schedule.interval` is 'often': expected a number and s, m, h"):
        load_settings(written(tmp_path, '[schedule]\ninterval = "often"\n'))


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, 'name = "x"\nfoo = 1\n[dedup]\nnear_jaccard = 7\n'))
    assert "line 2" in str(caught.value)
    assert "line 4" in str(caught.value)


def test_broken_toml_and_a_missing_file_are_settings_errors(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read as TOML"):
        load_settings(written(tmp_path, "name = \n"))
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "nowhere.toml")


def test_interval_and_cron_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="either interval or cron"):
        load_settings(written(tmp_path, 'name = "x"\n[schedule]\ninterval = "1h"\ncron = "0 6 * * *"\n'))


def test_no_environment_variable_changes_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "other")
    monkeypatch.setenv("LICENSE", "MIT")
    assert load_settings(written(tmp_path, 'name = "x"')).license == "other"


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, 'name = "x"'))
    with pytest.raises(ValueError, match="frozen"):
        settings.clean.min_words = 1  # type: ignore[misc]


OPTIONAL = {"source", "dedup.against", "filter", "schedule.interval", "schedule.cron"}


def every_key(model: type[BaseModel], prefix: str = "") -> set[str]:
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            keys |= every_key(inner, f"{key}.")
        else:
            keys.add(key)
    return keys


@pytest.mark.parametrize("where", ["template", "repository"])
def test_the_written_settings_are_complete_and_hold_the_defaults(where: str) -> None:
    text = settings_text("x") if where == "template" else Path("corpus.toml").read_text()
    values = tomllib.loads(text)
    given = {k for k, v in values.items() if not isinstance(v, dict)} | {
        f"{k}.{inner}" for k, v in values.items() if isinstance(v, dict) for inner in v
    }
    assert every_key(Settings) - OPTIONAL == given
    for name in (f for f in Source.model_fields):
        assert f"# {name} = " in text, f"the commented [[source]] does not show {name}"
    for name in Against.model_fields:
        assert f"# {name} = " in text.split("# [[dedup.against]]")[1], f"[[dedup.against]] does not show {name}"
    for name in Filter.model_fields:
        assert f"# {name} = " in text, f"the commented [[filter]] does not show {name}"
    defaults = Settings(name="x")
    if where == "template":
        assert Settings(**values) == defaults


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            'signal = "stop_word"\nmin = 2',
            "line 3: `filter.signal` is 'stop_word': unknown signal; did you mean `stop_words`",
        ),
        ('signal = "encoding"\nmin = 2', "unknown signal"),
        ('signal = "stop_words"', "expected min or max"),
        ('preset = "gofer"', "'gopher', 'c4' or 'fineweb'"),
        ('preset = "c4"\nmin = 2', "brings its own"),
        ("min = 2", "either a signal or a preset"),
    ],
)
def test_a_filter_that_can_not_be_is_told(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load_settings(written(tmp_path, f'name = "x"\n[[filter]]\n{table}\n'))


def test_a_way_of_publishing_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"`publish\.text` is 'none': Input should be 'full', 'excerpt' or"):
        load_settings(written(tmp_path, 'name = "x"\n[publish]\ntext = "none"\n'))
