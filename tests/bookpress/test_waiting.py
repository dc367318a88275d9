"""Pages that are read while notebooks are still being executed: which come last, that each is waited for, and that the
book is the same as when all notebooks were there.

Authority: the same build with every result in the cache, compared byte by byte.
"""

from __future__ import annotations

import importlib.util
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from faults import digests
from test_build import make_project, silent

from bookpress import build as steps
from bookpress import execute, site, stage
from bookpress.paths import Project

REAL = Project(Path(__file__).resolve().parents[2])


@pytest.fixture(scope="module")
def waiting():
    """The local Sphinx extension, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("secondlook_waiting", REAL.book / "_ext" / "secondlook_waiting.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_still_to_come_are_read_last_in_the_order_in_which_they_come(waiting, tmp_path):
    app, names = SimpleNamespace(srcdir=tmp_path), ["a", "b", "c", "d"]
    waiting.waited_for_last(app, None, names)
    assert names == ["a", "b", "c", "d"], "without a list nothing is different"
    (tmp_path / stage.WAITING).write_text("c\na\n", encoding="utf-8")
    waiting.waited_for_last(app, None, names)
    assert names == ["b", "d", "c", "a"]


def test_a_page_is_waited_for_until_it_is_there(waiting, tmp_path):
    (tmp_path / stage.WAITING).write_text("late\n", encoding="utf-8")
    for name in ("late", "empty"):
        (tmp_path / name).touch()
    app, env = SimpleNamespace(srcdir=tmp_path), SimpleNamespace(doc2path=lambda name: tmp_path / name)
    waiting.wait(app, env, "empty")  # an empty page that nobody is working on is not waited for
    reader = threading.Thread(target=waiting.wait, args=(app, env, "late"))
    reader.start()
    time.sleep(5 * waiting.PAUSE)
    assert reader.is_alive()
    (tmp_path / "late").write_text("there", encoding="utf-8")
    reader.join(timeout=30)
    assert not reader.is_alive()


def test_a_book_read_meanwhile_is_the_book_read_afterwards(tmp_path, monkeypatch):
    project, moments = make_project(tmp_path / "project"), []
    monkeypatch.setattr(site.Pages, "start", noted("pages begin", site.Pages.start, moments))
    monkeypatch.setattr(execute, "_run_pool", noted("notebooks begin", execute._run_pool, moments))
    steps.build(project, say=silent)
    assert moments[:2] == ["pages begin", "notebooks begin"]
    meanwhile = digests(project.html)
    steps.stamp(project).unlink()
    steps.build(project, say=silent)
    assert moments.count("notebooks begin") == 1, "the second time all results are there"
    assert digests(project.html) == meanwhile


def noted(word: str, function, moments: list[str]):
    """Return a function that leaves a word before it does its work."""

    def call(*arguments):
        moments.append(word)
        return function(*arguments)

    return call
