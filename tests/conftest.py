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


#: What takes longest comes first, so that two processes end together. Whole files, for what their tests share is made
#: once; the search is one, for Numba compiles it for a minute.
LONGEST = (
    "tests/book/test_pages.py", "tests/lookalike/", "tests/book/test_pages_used.py", "tests/book/test_student.py",
    "tests/cohort/test_verify.py", "tests/book/test_paste.py", "tests/bookpress/test_build.py",
    "tests/warmkernel/test_manager.py", "tests/bookpress/test_environment.py", "tests/bookpress/test_execute.py",
    "tests/audit/test_recorded.py", "tests/checks/test_events.py", "tests/paper/test_hostile.py",
    "tests/stats/test_readings_table.py", "tests/checks/test_times.py", "tests/bookpress/test_faults.py",
)  # fmt: skip


def share_of(nodeid: str) -> str:
    """Return the beginning of a test's name that it has in common with all that run in the same process."""
    return next((name for name in LONGEST if nodeid.startswith(name)), nodeid.partition("::")[0])


def pytest_collection_modifyitems(items):
    """Put what takes long first."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(share_of(item.nodeid), len(places)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give whole shares to processes, in the order of the tests.

    The mark `xdist_group` of pytest-xdist 3.8 has no effect with pytest 9.2, whose tests have no `_nodeid`.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return share_of(nodeid)

    config.option.loadscopereorder = False
    return Shares(config, log)


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
