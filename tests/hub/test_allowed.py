"""What may be pushed: nothing broken, nothing changed, no full text whose licence is unknown or not on the list."""

import pytest

from corpus.errors import FaultFoundError, RefusedError
from corpus.hub.allowed import check_licences, check_whole
from corpus.publish.manifest import read_manifest
from tests.hub.test_push import licensed
from tests.publish.made import publish

OPEN = ("CC-BY-4.0", "CC0-1.0")


@pytest.mark.parametrize(("licence", "said"), [(None, r"unknown \(6\)"), ("CC-BY-NC-4.0", r"CC-BY-NC-4.0 \(6\)")])
def test_full_texts_of_unknown_or_unlisted_licence_are_refused_and_withheld_ones_are_not(tmp_path, licence, said):
    full = publish(tmp_path / "full", licensed(licence=licence))
    with pytest.raises(RefusedError, match=said):
        check_licences(full, read_manifest(full), OPEN)
    bare = publish(tmp_path / "bare", licensed(licence=licence), text="standoff")
    check_licences(bare, read_manifest(bare), OPEN)


def test_full_texts_under_a_listed_licence_may_go_whatever_the_case_of_its_name(tmp_path):
    full = publish(tmp_path, licensed(licence="cc-by-4.0"))
    check_licences(full, read_manifest(full), OPEN)


def test_a_release_that_is_not_as_it_was_published_is_refused(tmp_path):
    folder = publish(tmp_path, licensed())
    manifest = read_manifest(folder)
    check_whole(folder, manifest)
    with (folder / "links/train-00000.parquet").open("r+b") as file:
        file.seek(50)
        file.write(b"\0\1")
    with pytest.raises(FaultFoundError, match="links/train-00000.parquet"):
        check_whole(folder, manifest)
    (folder / "manifest.json").write_text((folder / "manifest.json").read_text() + "\n")
    with pytest.raises(RefusedError, match="as releases.json lists it"):
        check_whole(folder, manifest)
