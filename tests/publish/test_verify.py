import json
import shutil
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from rich.console import Console

import corpus
from corpus.errors import ProjectError
from corpus.publish.releases import read_releases
from corpus.publish.verify import show_verification, verify
from tests.publish.made import NAME, make_tables, publish, text_of


@pytest.fixture
def release(published, tmp_path):
    """A copy of the whole release, with its list beside it, to break."""
    shutil.copytree(published.parent, tmp_path / NAME)
    return tmp_path / NAME / published.name


def faults(release, **said):
    return [str(fault) for fault in verify(release, **said).faults]


def test_a_whole_release_has_no_fault(release):
    found = verify(release)
    assert found.whole and found.faults == () and found.version == "0.1.0"
    assert found.checks[:3] == ("manifest", "files", "rows") and len(found.checks) == 10
    assert verify(release, quick=True).checks == ("manifest", "files", "rows")


def test_needs_nothing_but_the_folder(release, tmp_path):
    alone = tmp_path / "elsewhere" / "downloaded"
    shutil.copytree(release, alone)
    assert verify(alone).whole
    with pytest.raises(ProjectError, match="no release|neither"):
        verify(tmp_path / "nowhere")


@pytest.mark.parametrize("quick", [True, False])
def test_one_changed_byte_in_any_file_is_found_and_the_file_named(release, quick):
    (release.parent / "releases.json").unlink()  # with the folder alone
    files = sorted(path for path in release.rglob("*") if path.is_file())
    assert len(files) == 14
    for path in files:
        whole = path.read_bytes()
        for place in {0, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            found = faults(release, quick=quick)
            assert any(path.relative_to(release).as_posix() in line or line.startswith(path.stem) for line in found)
        path.write_bytes(whole)


def test_a_changed_setting_in_the_manifest_is_found_by_the_folder_alone(release):
    """No file tells what the settings were: the manifest's digest of itself does."""
    (release.parent / "releases.json").unlink()
    path = release / "manifest.json"
    path.write_text(path.read_text().replace('"min_words": 25', '"min_words": 26'))
    assert faults(release) == ["manifest: it is not as it was written: its digest of itself differs"]


def test_missing_extra_and_linked_files_are_named(release):
    (release / "run.json").unlink()
    (release / "articles" / "train-00001.parquet").write_bytes((release / "links" / "train-00000.parquet").read_bytes())
    (release / "notes.txt").symlink_to(release / "README.md")
    (release / "more").symlink_to(release / "links", target_is_directory=True)
    found = faults(release, quick=True)
    for line in (
        "run.json is missing",
        "articles/train-00001.parquet is not in the manifest",
        "notes.txt is a symbolic link",
        "more is a symbolic link",
        "articles has 18 rows, the manifest says 6",
    ):
        assert any(line in one for one in found), line


def test_a_release_that_is_not_the_one_listed_is_found(release):
    index = release.parent / "releases.json"
    listed = read_releases(release.parent)
    wrong = replace(listed.releases[0], manifest_sha256="0" * 64, digest="1" * 64, counts={"articles": 1})
    index.write_text(replace(listed, releases=(wrong,)).text())
    assert [line.split(" ")[1:3] for line in faults(release, quick=True)] == [
        ["its", "sha256"], ["its", "digest"], ["its", "tables"]
    ]  # fmt: skip


def rehash(release):
    """What someone does who changes a release and hides it: the manifest made anew around the change."""
    import hashlib

    from corpus.publish.disk import as_json, sha256_of

    said = json.loads((release / "manifest.json").read_text())
    for name in said["files"]:
        said["files"][name] |= {"sha256": sha256_of(release / name), "bytes": (release / name).stat().st_size}
    said["own_sha256"] = ""
    said["own_sha256"] = hashlib.sha256(as_json(said).encode()).hexdigest()
    (release / "manifest.json").write_text(as_json(said))
    (release.parent / "releases.json").unlink(missing_ok=True)


def test_a_number_changed_in_the_card_is_found_even_where_the_manifest_was_made_to_agree(release):
    card = release / "README.md"
    card.write_text(card.read_text().replace("| `mentions` | 12 |", "| `mentions` | 13 |"))
    rehash(release)
    assert faults(release, quick=True) == []
    assert faults(release) == ["numbers: README.md: rows of mentions in Tables is 13, but the files hold 12"]


def test_a_cell_changed_in_the_files_is_found_even_where_the_manifest_was_made_to_agree(release):
    import pyarrow.parquet as pq

    path = release / "entities" / "train-00000.parquet"
    table = pq.read_table(path)
    at = table.schema.get_field_index("name")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(["Ana Ortis"])), path)
    rehash(release)
    found = faults(release)
    for document in ("manifest.json: digest is", "manifest.json: entities digest is", "README.md: digest is",
                     "README.md: entities digest is", "croissant.json: entities digest is"):  # fmt: skip
        assert any(document in line for line in found), document


def wrong(tmp_path, table, change):
    """What is found in a release that was published with wrong rows: every number agrees, the rows don't."""
    tables = make_tables()
    tables[table] = change(tables[table])
    return faults(publish(tmp_path, tables))


def setting(column, row, value):
    def change(table):
        at = table.schema.get_field_index(column)
        values = table[column].to_pylist()
        values[row] = value
        return table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))

    return change


def span(column, outside, other, place):
    counts = f"{outside} of 12 spans are not in the text, {other} hold other words"
    return f"texts: {column}: {counts}, first in article {place}"


MANY = [
    "ledger: 5 records are published, but there are 6 articles",
    "ledger: 1 records are not published, without a reason",
    "ledger: 1 records name an article that does not suit their fate, or none",
]
NOBODY = "references: mentions.entity_id: 1 of its values are not in entities.entity_id, 'nobody' first"


@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        ("articles", setting("n_chars", 0, 5), ["texts: articles.n_chars: 1 are not their text's length"]),
        ("articles", setting("n_duplicates", 0, 3), ["ledger: 2 records are duplicates, but articles count 4"]),
        ("mentions", setting("surface", 3, "Today"), [span("mentions.start_char", 0, 1, "art1 at 36:41")]),
        ("mentions", setting("end_char", 3, 4), [span("mentions.start_char", 1, 0, "art1 at 36:4")]),
        ("links", setting("end_char", 0, None), [span("links.start_char", 1, 0, "art0 at 29:-1")]),
        ("paragraphs", setting("end_char", 1, 1000), [span("paragraphs.start_char", 1, 0, "art0 at 44:1000")]),
        ("mentions", setting("entity_id", 0, "nobody"), [NOBODY]),
        ("mentions", setting("label", 0, "CAT"), ["vocabularies: mentions.label: 'CAT' is none of its values"]),
        ("links", setting("flags", 0, ["odd"]), ["vocabularies: links.flags: 'odd' is none of its values"]),
        (
            "quality",
            setting("article_id", 0, "art1"),
            ["keys: quality: 1 rows have a key (article_id) that another row has"],
        ),
        ("records", setting("fate", 0, "rejected"), MANY),
    ],
)
def test_rows_that_do_not_agree_with_one_another_are_found(tmp_path, table, change, found):
    assert wrong(tmp_path, table, change) == found


def test_a_text_that_is_not_the_one_hashed_is_found(tmp_path):
    found = wrong(tmp_path, "articles", setting("text", 0, text_of(0) + "!"))
    assert found == ["texts: articles.text: 1 of 6 texts don't have their text_sha256"]


def test_spans_speak_of_the_full_text_where_it_is_not_published(tmp_path):
    tables = make_tables()
    for name, column in (("articles", "text"), ("mentions", "surface"), ("links", "anchor_text")):
        at, rows = tables[name].schema.get_field_index(column), tables[name]
        tables[name] = rows.set_column(at, rows.schema.field(at), pa.nulls(rows.num_rows, pa.string()))
    assert faults(publish(tmp_path, tables, text="standoff")) == []


def test_rows_in_another_order_are_checked_just_the_same(tmp_path):
    tables = {name: table.take(pc.sort_indices(pa.array(range(table.num_rows)), sort_keys=[("", "descending")]))
              for name, table in make_tables(20).items()}  # fmt: skip
    tables["mentions"] = setting("surface", 7, "x")(tables["mentions"])
    found = faults(publish(tmp_path, tables))
    assert len(found) == 1 and "1 hold other words" in found[0]


def test_a_file_that_is_no_parquet_is_a_fault_and_no_crash(release):
    (release / "links" / "train-00000.parquet").write_bytes(b"nothing")
    found = faults(release)
    assert any("links/train-00000.parquet can't be read" in line for line in found)
    assert "rows: the other checks were left out: not every table can be read" in found


def test_prints_each_check_and_its_faults(release, capsys):
    out = Console(width=200)
    show_verification(corpus.verify(release), out)
    assert "ledger: holds" in capsys.readouterr().out
    (release / "run.json").unlink()
    found = corpus.verify(release, quick=True)
    show_verification(found, out)
    text = capsys.readouterr().out
    assert "    run.json is missing" in text and "has 1 faults (checksums and counts only)" in text
    assert found.to_json()["faults"] == [{"check": "files", "what": "run.json is missing"}]
