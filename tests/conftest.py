"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")


@pytest.fixture(scope="session", autouse=True)
def _own_caches(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test leaves anything in, or is served anything from, the user's caches."""
    os.environ["HF_DATASETS_CACHE"] = str(tmp_path_factory.mktemp("datasets"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory):
    """The repository's sample, published once by the plain function: (project, outcome)."""
    from corpus.run import publish
    from tests.projects import sample_project

    project = sample_project(tmp_path_factory.mktemp("sample") / "project")
    return project, publish(project)


@pytest.fixture(scope="session")
def release(sample) -> Path:
    """The folder of the sample's release."""
    return sample[1].folder
