"""Content keys: every change of what a notebook could read is seen, and nothing else is.

Each test works on a small project of its own (tests/tiny_book.py).
"""

from __future__ import annotations

import os
import platform
import shutil

import pytest
from tiny_book import PUBLISHED, keys_of, make_project

from bookpress import pairs
from bookpress.build import BuildError
from bookpress.imports import Modules
from bookpress.paths import Project


@pytest.fixture
def project(tmp_path):
    """A project of two notebooks and one page; only the second notebook imports from its package."""
    return make_project(tmp_path / "project")


def all_keys(project: Project, **parameters: object) -> dict[str, str]:
    """Return the key of every notebook and of the whole book."""
    now = keys_of(project, **parameters)
    return {
        "book": now.site,
        "state": now.state,
        "downloads": now.downloads,
        **{source.stem: now.notebook(source) for source in pairs.sources(project)},
    }


def changed(project: Project, place: str) -> set[str]:
    """Return whose keys change when a line is added to a file."""
    before = all_keys(project)
    with (project.root / place).open("a", encoding="utf-8") as stream:
        stream.write("# x\n")
    after = all_keys(project)
    return {name for name in before if before[name] != after[name]}


EVERYTHING = {"book", "state", "downloads", "00-landing", "01-other"}


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("notebooks/01-other.py", {"book", "01-other"}),
        ("data/published/numbers.csv", EVERYTHING),
        ("requirements.lock", EVERYTHING),
        ("src/tiny/table.json", EVERYTHING),
        ("src/tiny/words.toml", EVERYTHING),
        ("src/tiny/LICENCE", EVERYTHING),
        ("src/tiny/used.py", {"book", "state", "01-other"}),
        ("src/tiny/deep.py", {"book", "state", "01-other"}),
        ("src/tiny/__init__.py", EVERYTHING),  # above tiny.hooks, which prepares for all
        ("src/tiny/hooks.py", EVERYTHING),
        ("src/tiny/unused.py", {"book", "state"}),
        ("book/page.md", {"book"}),
        ("book/_static/second-look.css", {"book"}),
        ("_config.yml", {"book"}),
        ("_toc.yml", {"book"}),
    ],
)
def test_a_change_is_seen_where_it_counts(project, place, expected):
    assert changed(project, place) == expected


def test_a_parameter_changes_every_key(project):
    assert not set(all_keys(project).values()) & set(all_keys(project, alpha=0.01).values())


@pytest.mark.parametrize("name", ["records.csv", "beside.csv"])
def test_a_file_outside_counts_by_content_and_so_does_what_is_read_beside_it(project, tmp_path, name):
    (tmp_path / "records.csv").write_text("patient\nA\n", encoding="utf-8")
    before = all_keys(project, cohort=str(tmp_path / "records.csv"))
    (tmp_path / name).write_text("patient\nB\n", encoding="utf-8")
    after = all_keys(project, cohort=str(tmp_path / "records.csv"))
    assert not set(before.values()) & set(after.values())


def test_another_python_has_other_keys(project, monkeypatch):
    before = all_keys(project)
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    assert not set(before.values()) & set(all_keys(project).values())


def test_time_stamps_place_and_by_products_change_no_key(project, tmp_path):
    before = all_keys(project)
    os.utime(project.notebooks / "01-other.py", (0, 0))
    (project.book / "__pycache__").mkdir()
    (project.book / "__pycache__" / "x.pyc").write_text("", encoding="utf-8")
    (project.book / ".page.md.swp").write_text("", encoding="utf-8")
    assert all_keys(project) == before
    assert all_keys(Project(shutil.copytree(project.root, tmp_path / "elsewhere"))) == before


def test_a_renamed_file_changes_the_key(project):
    before = all_keys(project)
    (project.root / PUBLISHED / "numbers.csv").rename(project.root / PUBLISHED / "other.csv")
    assert not set(before.values()) & set(all_keys(project).values())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda place: os.mkfifo(place / "pipe"), "pipe: is no plain file"),
        (lambda place: (place / "zero").symlink_to("/dev/zero"), "zero: is a link"),
        (lambda place: (place / "self").symlink_to(place), "self: is a link"),
        (lambda place: (place / "usr").symlink_to("/usr"), "usr: is a link"),
        (lambda place: (place / "nowhere").symlink_to("nowhere"), "nowhere: is a link"),
        (lambda place: place.joinpath(*"abcdefghijklmnopqrstuvwxyz").mkdir(parents=True), "more than 20 folders deep"),
    ],
    ids=["pipe", "device", "itself", "elsewhere", "nowhere", "deep"],
)
@pytest.mark.parametrize("folder", [PUBLISHED, "book", "src/tiny"])
def test_what_is_no_plain_file_is_refused_by_name_and_neither_opened_nor_followed(project, folder, make, said):
    make(project.root / folder)
    with pytest.raises(BuildError, match=said):
        _ = keys_of(project).site


def test_a_file_that_is_too_large_is_refused_unread(project):
    with (project.root / PUBLISHED / "large.csv").open("wb") as stream:
        stream.truncate(2**40)  # a hole: it takes no room
    with pytest.raises(BuildError, match=r"large\.csv: 1,099,511,627,776 bytes; at most 67,108,864 are read"):
        _ = keys_of(project).site


# --- what code imports ------------------------------------------------------------------------------------------------


@pytest.fixture
def modules(tmp_path):
    """Modules that import each other in various ways."""
    texts = {
        "pkg/__init__.py": "",
        "pkg/a.py": "from . import b\n",
        "pkg/b.py": "def later():\n    from pkg.sub.c import x\n",
        "pkg/sub/__init__.py": "",
        "pkg/sub/c.py": "from ..d import y\n",
        "pkg/d.py": "from importlib.resources import files\n",
        "pkg/e.py": "",
        "alone.py": "import importlib\nimportlib.import_module('pkg.e')\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Modules([tmp_path])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy", set()),
        ("from pkg import e", {"pkg", "pkg.e"}),
        ("import pkg.e as other", {"pkg", "pkg.e"}),
        ("if 1:\n    from pkg.e import (\n        x,\n    )", {"pkg", "pkg.e"}),
        ("import pkg.a", {"pkg", "pkg.a", "pkg.b", "pkg.sub", "pkg.sub.c", "pkg.d"}),
        ("from pkg.a import *", {"pkg", "pkg.a", "pkg.b", "pkg.sub", "pkg.sub.c", "pkg.d"}),
        ("from pkg.sub import c", {"pkg", "pkg.sub", "pkg.sub.c", "pkg.d"}),
    ],
)
def test_what_code_can_come_to_import(modules, code, expected):
    assert modules.closure(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "import alone",
        "__import__('pkg.' + 'e')",
        "exec(text)",
        "import runpy",
        "from importlib import import_module",
        "import subprocess",
        "%run other.py",
        "!python -m pkg.e",
    ],
)
def test_where_it_cannot_be_told_everything_counts(modules, code):
    assert modules.closure(code) == set(modules.paths)
