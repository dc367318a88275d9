"""Shared fixtures: the paper's registry and ledger, made once, and the invented paper."""

import json
import os
import statistics
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Tests import their helpers (tests/invented.py) by name; import-mode=importlib leaves the path alone.
sys.path.insert(0, str(Path(__file__).parent))

import fitted
import reader

from secondlook.audit import audit
from secondlook.cohort import programs
from secondlook.paper.registry import load

# A first example pays for imports; time is measured by the benchmark, never by a test. At a desk examples are drawn anew
# in each run; a change that is judged by CI is judged by examples that do not change under it.
settings.register_profile("second-look", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("second-look")

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "data" / "published"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let two processes end together, and one of them compile the search: Numba takes a minute for it in a new checkout."""
    for item in items:
        if "lookalike" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("lookalike"))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def paper():
    """The registry of the paper."""
    return load(PUBLISHED)


@pytest.fixture(scope="session")
def ledger(paper):
    """The ledger of the paper."""
    return audit(paper)


@pytest.fixture(scope="session", autouse=True)
def _fits_once():
    """Tests of patients hold the same few files against other papers: what lifelines says of them is made once."""
    with pytest.MonkeyPatch.context() as patch:
        for name, remembered in fitted.once().items():
            patch.setattr(programs, name, remembered)
        yield


@pytest.fixture(scope="module")
def browser():
    """A Chromium of this machine, to read the built book with."""
    if not (reader.HTML / "index.html").is_file():
        reader.needed("no book in _build/html: make book")
    with reader.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server():
    """The address of a server of the built book."""
    with reader.served() as address:
        yield address


def pytest_terminal_summary(terminalreporter):
    """Report what the pages weigh and how soon they are at rest (tests of pages record it, whichever process ran them)."""
    done = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    said = [json.loads(value) for report in done for name, value in report.user_properties if name == "page"]
    if not said:
        return
    terminalreporter.section("pages: weight without shared files, time until loaded and at rest")
    for key, unit, scale in (("bytes", "kB", 1000), ("ms", "ms", 1)):
        ordered = sorted(said, key=lambda page: -page[key])
        middle = statistics.median(page[key] for page in said) / scale
        most = ", ".join(f"{page['name']} {page[key] / scale:.0f}" for page in ordered[:3])
        terminalreporter.line(f"{unit}: median {middle:.0f}; most: {most}")
