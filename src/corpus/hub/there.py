"""What lies on a hub under one revision, read back and compared with the release."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.publish.disk import sha256_of
from corpus.publish.manifest import Manifest
from corpus.publish.releases import MANIFEST

if TYPE_CHECKING:
    from huggingface_hub import HfApi

REPO_TYPE = "dataset"
HUBS_OWN = frozenset({".gitattributes"})
"""Files that a hub puts into a repository by itself."""


def files_of(folder: Path, manifest: Manifest) -> dict[str, Path]:
    """Every file of a release by its path in it."""
    return {name: folder / name for name in (*manifest.files, MANIFEST)}


def differences(api: HfApi, repo_id: str, revision: str, folder: Path, manifest: Manifest) -> Iterator[str]:
    """What differs between a revision and a release: each file is listed, downloaded, and its SHA-256 compared."""
    wanted = files_of(folder, manifest)
    listed = set(api.list_repo_files(repo_id, revision=revision, repo_type=REPO_TYPE)) - HUBS_OWN
    yield from (f"{name} is missing" for name in sorted(wanted.keys() - listed))
    yield from (f"{name} is no file of the release" for name in sorted(listed - wanted.keys()))
    with tempfile.TemporaryDirectory(prefix="corpus-read-back-") as scratch:
        for name in sorted(wanted.keys() & listed):
            got = Path(api.hf_hub_download(
                repo_id, name, repo_type=REPO_TYPE, revision=revision, local_dir=scratch, force_download=True
            ))  # fmt: skip
            found, right = sha256_of(got), sha256_of(wanted[name])
            if found != right:
                yield f"{name}: its sha256 is {found} there, but {right} here"
            got.unlink()


def same_files(api: HfApi, repo_id: str, revision: str, folder: Path, manifest: Manifest) -> bool:
    """Whether a revision lists exactly the release's files, by the hashes that the hub states."""
    wanted = files_of(folder, manifest)
    listed = {
        file.path: file
        for file in api.list_repo_tree(repo_id, revision=revision, repo_type=REPO_TYPE, recursive=True)
        if hasattr(file, "blob_id") and file.path not in HUBS_OWN
    }
    if listed.keys() != wanted.keys():
        return False
    return all(
        (file.lfs.sha256 == sha256_of(wanted[name])) if file.lfs else (file.blob_id == git_oid(wanted[name]))
        for name, file in listed.items()
    )


def git_oid(path: Path) -> str:
    """The name of a file as a blob of git (SHA-1)."""
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
