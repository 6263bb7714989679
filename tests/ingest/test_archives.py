"""Archives are folders: each member is a file in them, and none leads out."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ProjectError
from corpus.ingest import payload_of
from corpus.sections import Ingest
from tests.ingest.archives import PAGE, tarred, zipped
from tests.ingest.conftest import rule
from tests.ingest.test_stream import zstd

TEXT = b"The bridge over the Aller was closed on Monday.\n"
MEMBERS = {
    "a.html": PAGE,
    "sub/b.txt": TEXT,
    "rows.jsonl": b'{"text": "one"}\n{"text": "two"}\n',
    "c.png": b"\x89PNG\r\n\x1a\n",
}
PACK = {".zip": zipped, ".tar": tarred}
COMPRESS = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd}


def rows_of(raw: Path, name: str, data: bytes, settings: Ingest | None = None) -> list[dict]:
    from tests.ingest.conftest import read_all

    (raw / name).write_bytes(data)
    return [row for row in read_all(raw, settings) if row["raw_path"].split("!/")[0] == name]


@pytest.mark.parametrize("kind", [".zip", *(".tar" + packed for packed in COMPRESS)])
def test_each_member_is_read_as_the_file_that_it_is(raw: Path, kind: str) -> None:
    data = zipped(MEMBERS) if kind == ".zip" else COMPRESS[kind[4:]](tarred(MEMBERS))
    for name in (f"news{kind}", "unnamed"):
        rows = rows_of(raw, name, data)
        assert [row["raw_path"].removeprefix(f"{name}!/") for row in rows] == [
            "a.html", "sub/b.txt", "rows.jsonl", "rows.jsonl", "c.png",
        ]  # fmt: skip
        assert [row["media_type"] for row in rows] == [
            "text/html", "text/plain", "application/json", "application/json", "image/png",
        ]  # fmt: skip
        assert rows[0]["payload"] == PAGE
        assert (rows[1]["byte_start"], rows[1]["byte_end"]) == (0, len(TEXT))
        assert rows[3]["content"] == "two"
        assert [rule(row) for row in rows] == [None, None, None, None, "binary"]
        assert len({row["record_id"] for row in rows}) == len(rows)
        assert [row["entry"] for row in rows] == list(range(5))


@pytest.mark.parametrize("kind", PACK)
def test_the_payload_of_a_member_is_found_again(raw: Path, kind: str) -> None:
    members = {"in.zip": zipped(MEMBERS), "p.html.gz": gzip.compress(PAGE), **MEMBERS}
    rows = rows_of(raw, f"a{kind}", PACK[kind](members))
    assert len(rows) == 11
    for row in rows:
        if row["fate"] is None:
            assert payload_of(raw, row) == row["payload"]
    (raw / f"a{kind}").write_bytes(PACK[kind]({"a.html": TEXT}))
    with pytest.raises(ProjectError, match="not those that were read"):
        payload_of(raw, next(row for row in rows if row["raw_path"] == f"a{kind}!/a.html"))


def test_archives_inside_archives_are_read_to_a_limit(raw: Path) -> None:
    data = TEXT
    for level in range(5):
        data = tarred({f"{level}.tar" if level else "a.txt": data})
    (row,) = rows_of(raw, "x.tar", data, Ingest(max_nesting=5))
    assert row["raw_path"] == "x.tar!/4.tar!/3.tar!/2.tar!/1.tar!/a.txt"
    (row,) = rows_of(raw, "x.tar", data, Ingest(max_nesting=3))
    assert (row["raw_path"], rule(row)) == ("x.tar!/4.tar!/3.tar!/2.tar", "nesting_limit")
    assert row["sha256"] is not None


@pytest.mark.parametrize("name", ["../out.txt", "/etc/passwd", "a/../../b", "C:\\x.txt", "..\\x.txt"])
@pytest.mark.parametrize("kind", PACK)
def test_a_member_that_points_outside_is_fated(raw: Path, kind: str, name: str) -> None:
    evil, good = rows_of(raw, f"a{kind}", PACK[kind]({name: TEXT, "good.txt": TEXT}))
    assert (evil["fate"], rule(evil), evil["payload"]) == ("quarantined", "member_outside", None)
    assert good["payload"] == TEXT


def test_links_and_devices_in_a_tar_are_fated_and_not_followed(raw: Path) -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"member{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    rows = rows_of(raw, "a.tar", sink.getvalue())
    assert [rule(row) for row in rows] == ["member_not_a_file"] * 4
    assert [row["reasons"][0]["value"] for row in rows] == [
        "symbolic link", "hard link", "character device", "named pipe",
    ]  # fmt: skip


def test_a_link_in_a_zip_is_fated(raw: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    (row,) = rows_of(raw, "a.zip", sink.getvalue())
    assert rule(row) == "member_not_a_file"


def test_a_zip_bomb_is_stopped_by_its_ratio(raw: Path) -> None:
    bomb = zipped({"a.txt": b"a" * 5_000_000, "good.txt": TEXT})
    evil, good = rows_of(raw, "a.zip", bomb, Ingest(max_record_bytes=1 << 24))
    assert (rule(evil), evil["fate"], evil["byte_end"]) == ("expansion_limit", "quarantined", 1 << 20)
    assert good["payload"] == TEXT


def test_all_layers_of_a_file_share_one_limit_on_expansion(raw: Path) -> None:
    limits = Ingest(max_expanded_bytes=3_000_000)
    members = {f"{n}.txt": os.urandom(400_000).hex().encode() for n in range(10)}
    for data in (zipped(members), gzip.compress(tarred(members)), zipped({"in.zip": zipped(members)})):
        rows = rows_of(raw, "a", data, limits)
        assert sum((row["byte_end"] or 0) for row in rows) <= 3_100_000
        assert "expansion_limit" in {rule(row) for row in rows}


@pytest.mark.parametrize("kind", PACK)
def test_more_members_than_allowed_are_not_read(raw: Path, kind: str) -> None:
    data = PACK[kind]({f"{n}.txt": TEXT for n in range(50)})
    rows = rows_of(raw, f"a{kind}", data, Ingest(max_members=20))
    assert rule(rows[-1]) == "member_limit"
    assert len(rows) == (1 if kind == ".zip" else 21)


def test_many_small_members_are_each_a_record(raw: Path) -> None:
    rows = rows_of(raw, "a.tar.gz", gzip.compress(tarred({f"{n}": b"x" for n in range(3000)}, tarfile.USTAR_FORMAT)))
    assert len({row["record_id"] for row in rows}) == 3000


@pytest.mark.parametrize("cut", [1000, 513, 2000])
def test_of_a_torn_tar_the_whole_members_are_read_and_the_tail_is_quarantined(raw: Path, cut: int) -> None:
    data = tarred({"a.txt": TEXT, "b.txt": b"x" * 5000}, tarfile.USTAR_FORMAT)[:cut]
    rows = rows_of(raw, "a.tar", data)
    assert [row["fate"] for row in rows].count("quarantined") == 1
    assert rows[-1]["fate"] == "quarantined"
    if cut > 1024:
        assert rows[0]["payload"] == TEXT


def test_a_tar_whose_header_lies_does_not_hold_the_reader(raw: Path) -> None:
    lying = bytearray(tarred({"a.txt": TEXT}, tarfile.USTAR_FORMAT))
    lying[124:136] = b"77777777777\0"  # 8 GiB
    lying[148:156] = b"        "
    lying[148:156] = b"%06o\0 " % sum(lying[:512])
    (row,) = rows_of(raw, "a.tar", bytes(lying))
    assert (row["fate"], rule(row)) == ("quarantined", "truncated_archive")


def test_a_tar_header_without_end_is_refused(raw: Path) -> None:
    info = tarfile.TarInfo("x" * 3_000_000)
    data = info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape") + bytes(1024)
    (row,) = rows_of(raw, "a.tar", data)
    assert rule(row) == "header_limit"
    assert row["byte_end"] == len(data)


@pytest.mark.parametrize("kind", PACK)
def test_a_broken_directory_quarantines_the_archive_with_its_digest(raw: Path, kind: str) -> None:
    data = bytearray(PACK[kind](MEMBERS))
    data[-40:] = os.urandom(40) if kind == ".zip" else data[-40:]
    if kind == ".tar":
        data[:8] = b"\xff" * 8
    rows = rows_of(raw, f"a{kind}", bytes(data))
    assert rule(rows[0]) == "corrupt_archive"
    assert rows[0]["sha256"] == hashlib.sha256(data).hexdigest()


def test_an_encrypted_member_says_so(raw: Path) -> None:
    data = bytearray(zipped({"a.txt": TEXT}))
    for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    (row,) = rows_of(raw, "a.zip", bytes(data))
    assert rule(row) == "encrypted_member"


def test_a_document_in_a_zip_is_no_folder(raw: Path) -> None:
    (row,) = rows_of(raw, "a.bin", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert (row["fate"], rule(row)) == ("rejected", "unsupported_format")
    (row,) = rows_of(raw, "b.epub", zipped({"a": b"x"}))
    assert row["reasons"][0]["value"] == "application/epub+zip"


def test_an_archive_without_members_is_empty(raw: Path) -> None:
    for data in (zipped({}), tarred({})[:512] or b"", tarred({"x/": b""})):
        rows = rows_of(raw, "a", data)
        assert len(rows) == 1
        assert rows[0]["fate"] == "rejected"


def test_members_of_one_name_are_records_of_their_own(raw: Path) -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for data in (TEXT, TEXT, PAGE):
            info = tarfile.TarInfo("same")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    rows = rows_of(raw, "a.tar", sink.getvalue())
    assert len({row["record_id"] for row in rows}) == 3


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..") and not (len(name) == 2 and name[1] == ":")
)


@pytest.mark.parametrize("kind", PACK)
@settings(max_examples=40, deadline=None)
@given(members=st.dictionaries(NAMES, st.binary(max_size=600), min_size=1, max_size=6))
def test_every_member_ends_as_at_least_one_record(
    tmp_path_factory: pytest.TempPathFactory, kind: str, members: dict[str, bytes]
) -> None:
    raw = tmp_path_factory.mktemp("raw")
    rows = rows_of(raw, f"a{kind}", PACK[kind](members))
    assert len(rows) >= len(members)
    assert len({row["raw_path"] for row in rows}) == len(members)
    for row in rows:
        if row["payload"] is not None:
            assert payload_of(raw, row) == row["payload"]
