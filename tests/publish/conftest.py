import os
import sys
from pathlib import Path

import pytest

from tests.publish.made import publish


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """No test reads or fills the user's own cache, and none asks the network."""
    cache = tmp_path_factory.mktemp("hf")
    os.environ |= {"HF_HOME": str(cache), "HF_DATASETS_CACHE": str(cache / "datasets"), "HF_HUB_OFFLINE": "1"}
    if "datasets" in sys.modules:  # imported by another room's tests: it has read the environment already
        sys.modules["datasets"].config.HF_DATASETS_CACHE = cache / "datasets"


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """The folder of one whole release, for reading only."""
    return publish(tmp_path_factory.mktemp("project"))
