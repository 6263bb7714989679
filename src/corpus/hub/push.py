"""`corpus push`: a release to a Hugging Face-compatible hub, as one commit, then its tag, then read back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import EnvironmentFaultError, FaultFoundError, HeldError
from corpus.hub.allowed import check_licences, check_whole
from corpus.hub.retrying import use_retrying_client
from corpus.hub.there import HUBS_OWN, REPO_TYPE, differences, files_of, same_files
from corpus.publish.manifest import Manifest, read_manifest

if TYPE_CHECKING:
    from huggingface_hub import HfApi

SHOWN = 5
PARENT_MOVED = (409, 412)
"""How a hub answers to a commit whose parent is not the newest one any more."""


@dataclass(frozen=True)
class Pushed:
    """A release on a hub: the repository, its tag, the commit; `new`: this push made the commit or the tag."""

    repo_id: str
    tag: str
    commit: str
    new: bool


def push(folder: Path, repo_id: str, *, licences: Collection[str], private: bool = False) -> Pushed:
    """Push a release folder to the dataset repository `repo_id`, which is made where it is not there yet.

    The hub is that of HF_ENDPOINT, the token that of HF_TOKEN or `hf auth login`. What fails for a while is tried again
    (`retrying`); what a push that was cut short has uploaded is not uploaded again; one that is done changes nothing.
    Raises RefusedError where the release may not be pushed (`allowed`), FaultFoundError where the hub gives back other
    bytes, HeldError where the tag stands for another release, EnvironmentFaultError where the hub refuses or is out of
    reach.
    """
    manifest = read_manifest(folder)
    check_licences(folder, manifest, licences)
    check_whole(folder, manifest)
    from huggingface_hub import HfApi

    tag = f"v{manifest.version}"
    with _told(repo_id):
        use_retrying_client()
        api = HfApi(library_name="corpus")
        api.create_repo(repo_id, repo_type=REPO_TYPE, private=private, exist_ok=True)
        tagged = _tagged(api, repo_id, tag)
        if tagged is None:
            commit = _commit(api, repo_id, folder, manifest)
            api.create_tag(repo_id, tag=tag, revision=commit, repo_type=REPO_TYPE, exist_ok=True)
            if _tagged(api, repo_id, tag) != commit:  # made by another push meanwhile
                raise _held(repo_id, tag)
        elif same_files(api, repo_id, tag, folder, manifest):
            commit = tagged
        else:
            raise _held(repo_id, tag)
        wrong = list(differences(api, repo_id, tag, folder, manifest))
    if wrong:
        raise FaultFoundError(
            f"{repo_id} at {tag} is not what was pushed:\n  " + "\n  ".join(wrong[:SHOWN]),
            mend="take the tag and the commit away on the hub, and push again",
        )
    return Pushed(repo_id, tag, commit, tagged is None)


def _held(repo_id: str, tag: str) -> HeldError:
    return HeldError(
        f"the tag {tag} of {repo_id} stands for other files: a version is never pushed twice",
        mend="publish a new version, or take the tag away on the hub if it was a mistake",
    )


def _tagged(api: HfApi, repo_id: str, tag: str) -> str | None:
    refs = api.list_repo_refs(repo_id, repo_type=REPO_TYPE)
    return next((one.target_commit for one in refs.tags if one.name == tag), None)


def _commit(api: HfApi, repo_id: str, folder: Path, manifest: Manifest) -> str:
    """One commit that makes the repository hold exactly the release: the newest one there, where it does already."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete
    from huggingface_hub.errors import HfHubHTTPError

    wanted = files_of(folder, manifest)
    head = api.repo_info(repo_id, repo_type=REPO_TYPE).sha
    there = set(api.list_repo_files(repo_id, repo_type=REPO_TYPE)) - HUBS_OWN
    operations: list[CommitOperationAdd | CommitOperationDelete] = [
        CommitOperationAdd(path_in_repo=name, path_or_fileobj=str(path)) for name, path in sorted(wanted.items())
    ]
    operations += [CommitOperationDelete(path_in_repo=name) for name in sorted(there - wanted.keys())]
    try:
        done = api.create_commit(
            repo_id, operations, repo_type=REPO_TYPE, parent_commit=head,
            commit_message=f"{manifest.name} {manifest.version}", commit_description=f"Digest {manifest.digest}",
        )  # fmt: skip
    except HfHubHTTPError as error:
        now = api.repo_info(repo_id, repo_type=REPO_TYPE).sha
        moved = error.response.status_code in PARENT_MOVED and now is not None and now != head
        if moved and now and same_files(api, repo_id, now, folder, manifest):
            return str(now)  # made, and the answer was lost on its way
        raise
    return str(done.oid)


@contextmanager
def _told(repo_id: str) -> Iterator[None]:
    """What a hub or the way to it refuses as an EnvironmentFaultError, without address, header or token."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled

    try:
        yield
    except HfHubHTTPError as error:
        code = error.response.status_code
        wait = error.response.headers.get("Retry-After")
        later = f", try after {wait} s" if wait else ""
        raise EnvironmentFaultError(
            f"the hub answered {code} {error.response.reason_phrase}{later}",
            where=repo_id,
            mend="log in with `hf auth login` or set HF_TOKEN to a token that may write there"
            if code in (401, 403)
            else "push again: what was uploaded is kept",
        ) from None
    except LocalTokenNotFoundError:
        raise EnvironmentFaultError("no token", where=repo_id, mend="`hf auth login`, or set HF_TOKEN") from None
    except OfflineModeIsEnabled:
        raise EnvironmentFaultError("HF_HUB_OFFLINE is set", where=repo_id, mend="unset it") from None
    except (httpx2.HTTPError, ConnectionError) as error:
        raise EnvironmentFaultError(
            f"the hub is out of reach or broke off ({type(error).__name__})",
            where=repo_id,
            mend="push again: what was uploaded is kept",
        ) from None
