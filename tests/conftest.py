"""Shared fixtures: the paper's registry and ledger, made once, and the invented paper."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Tests import their helpers (tests/invented.py) by name; import-mode=importlib leaves the path alone.
sys.path.insert(0, str(Path(__file__).parent))

from secondlook.audit import audit
from secondlook.registry import load

# A first example pays for imports; time is measured by the benchmark, never by a test.
settings.register_profile("second-look", deadline=None)
settings.load_profile("second-look")

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "data" / "published"


@pytest.fixture(scope="session")
def paper():
    """The registry of the paper."""
    return load(PUBLISHED)


@pytest.fixture(scope="session")
def ledger(paper):
    """The ledger of the paper."""
    return audit(paper)
