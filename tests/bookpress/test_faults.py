"""Faults: a build that is killed, locked out or robbed leaves a readable book, and the next one is as if nothing was.

Authority: the bytes of the same two versions, built without any disturbance; see tests/faults.py. Permissions do not
bind root, so there the build runs without root's right to pass them over.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import faults
import pytest
from tiny_book import PUBLISHED, executed, job_of, keys_of

from bookpress import build as steps
from bookpress import site
from bookpress.build import BuildError
from bookpress.paths import ROOT_VARIABLE, Project

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them"),
]
BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> faults.Book:
    """A small project, both of whose versions have been built once, with a stand-in for Jupyter Book."""
    folder = tmp_path_factory.mktemp("faults")
    book = faults.small_book(folder / "project")
    faults.stand_in(book.project)
    book.prepare()
    return book


def until(process: subprocess.Popen, beginning: str) -> None:
    """Wait until a build says a line that begins so."""
    for line in process.stdout:
        if line.startswith(beginning):
            return
    raise AssertionError(f"the build ended before it said {beginning!r}")


def recovers(book: faults.Book, version: int) -> None:
    """Build what lies there now; the book must show it to the byte, and no process be left."""
    book.lay(version)
    faults.ended(book.start())
    assert book.shown() == version
    faults.wait_until_alone(book.project)


def next_version(book: faults.Book) -> tuple[int, int]:
    """Lay the version that the book does not show, without results; return the one that it shows and that one."""
    old = book.shown()
    book.forget_results()
    book.lay(1 - old)
    return old, 1 - old


# --- a real build is disturbed ----------------------------------------------------------------------------------------


@pytest.mark.weekly
def test_a_build_that_is_killed_anywhere(book):
    assert faults.killed(book, 3, seed=20)["kills"] == 3


@pytest.mark.weekly
def test_the_output_cannot_be_written_to_any_more(book):
    old, new = next_version(book)
    bound = BOUND if os.geteuid() == 0 else ()
    if bound and (shutil.which(bound[0]) is None or subprocess.run([*bound, "true"], check=False).returncode):
        pytest.skip("root, and no way to give up its right to write everywhere")
    book.prefix = bound
    with faults.read_throughout(book):
        process = book.start()
        until(process, "notebooks: ")
        folders = [book.project.output, *(place for place in book.project.output.rglob("*") if place.is_dir())]
        try:
            for folder in folders:
                folder.chmod(0o555)
            said = faults.ended(process, 1)
            again = faults.ended(book.start(), 1)
        finally:
            for folder in folders:
                if folder.exists():
                    folder.chmod(0o755)
            book.prefix = ()
        assert "Permission denied" in said
        assert "Permission denied" in again
        assert again.count("error: ") == 1
        assert book.shown() == old
        recovers(book, new)


@pytest.mark.weekly
def test_a_data_file_goes_while_notebooks_run(book):
    old, new = next_version(book)
    with faults.read_throughout(book):
        process = book.start()
        until(process, "notebooks: ")
        (book.project.root / PUBLISHED / "numbers.csv").unlink()
        said = faults.ended(process, 1)
        assert "numbers.csv" in said or "files changed" in said
        assert book.shown() == old
        recovers(book, new)


@pytest.mark.weekly
def test_a_notebook_that_never_ends(book):
    old, new = next_version(book)
    source = book.project.notebooks / "00-landing.py"
    good = source.read_text(encoding="utf-8")
    with faults.read_throughout(book):
        source.write_text(f"{good}\n# %%\nwhile True:\n    pass\n", encoding="utf-8")
        said = faults.ended(book.start("--timeout", "1"), 1)
        assert "00-landing: " in said
        assert "(limit 1 s a cell)" in said
        assert book.shown() == old
        source.write_text(good, encoding="utf-8")
        recovers(book, new)


@pytest.mark.weekly
def test_two_builds_at_once(book):
    """That the second waits, and does nothing where nothing changed, is seen in every run by tests/bookpress/test_build.py."""
    _, new = next_version(book)
    with faults.read_throughout(book):
        first = book.start()
        until(first, "notebooks: ")
        second = book.start("--jobs", "1")
        assert "built in" in faults.ended(first)
        assert "another build is running: waiting for it\nnothing changed" in faults.ended(second)
        assert book.shown() == new


@pytest.mark.parametrize("name", ["small", "whole"])
def test_the_stored_run_killed_ten_builds_and_found_nothing(name):
    stored = json.loads(faults.RESULT.read_text(encoding="utf-8"))
    if name not in stored:
        pytest.skip(f"no stored run of this book: make faults ARGS={name}")
    assert stored[name]["kills"] == faults.KILLS == 10
    assert stored[name]["bad readings"] == 0 < stored[name]["readings"]


def test_a_worker_that_is_killed_is_told_in_one_message(tmp_path):
    """As the system does when memory runs out; here a notebook kills the process that executes it."""
    project = faults.small_book(tmp_path / "project").project
    source = project.notebooks / "00-landing.py"
    source.write_text(
        source.read_text(encoding="utf-8") + "\n# %%\nimport os\nos.kill(os.getppid(), 9)\n", encoding="utf-8"
    )
    with pytest.raises(BuildError, match="a process that executes notebooks was killed"):
        executed(project, job_of(project, "00-landing"), plain=True)


def test_a_jupyter_book_that_dies_says_of_what(tmp_path):
    project = faults.small_book(tmp_path / "project").project
    faults.stand_in(project)
    main = project.root / "src" / "jupyter_book" / "cli" / "main.py"
    main.write_text("def main(_):\n    raise SystemExit('a module is missing')\n", encoding="utf-8")
    project.stage.mkdir(parents=True)
    with pytest.raises(BuildError, match="a module is missing"):
        site.make(project, tmp_path)


# --- moments that a random kill seldom meets --------------------------------------------------------------------------


def folder_of(place: Path, text: str) -> Path:
    """Make a folder that holds one page."""
    place.mkdir(parents=True)
    (place / "index.html").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of one file, its last book and its stamp."""
    project = Project(tmp_path / "project")
    project.notebooks.mkdir(parents=True)
    (project.notebooks / "00-only.py").write_text("# %%\n", encoding="utf-8")
    steps.publish(project, folder_of(project.output / "fresh", "old"), keys_of(project))
    return project


def test_a_kill_between_two_renames_is_mended_by_the_next_build(project):
    project.html.rename(site.set_aside(project.html))
    steps.tidy_up(project)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "old"


def test_a_swap_that_fails_puts_the_old_back(project):
    site.swap(folder_of(project.output / "fresh", "new"), project.html)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "new"
    with pytest.raises(OSError, match="fresh"):
        site.swap(project.output / "fresh", project.html)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "new"


def test_a_kill_after_the_swap_does_not_pass_the_new_book_off_as_the_old(project, monkeypatch):
    """The stamp of the old book must be gone before the new one is there: else old sources, put back, show it."""
    then = keys_of(project)
    assert steps.is_current(project, then.site)
    monkeypatch.setattr(steps, "write_whole", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        steps.publish(project, folder_of(project.output / "fresh", "new"), then)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "new"
    assert not steps.stamp(project).exists()


def test_what_a_killed_build_left_half_written_is_no_obstacle(project):
    project.cache.mkdir()
    (project.cache / "key.1.part").write_text("half", encoding="utf-8")
    folder_of(project.cache / "key.2.part", "half")
    folder_of(project.output / "matplotlib", "").joinpath("fontlist.json.matplotlib-lock").touch()
    steps.tidy_up(project)
    assert list(project.cache.iterdir()) == []
    assert [path.name for path in (project.output / "matplotlib").iterdir()] == ["index.html"]


@pytest.mark.parametrize("place", ["_build", "_build/html", "_build/cache"])
def test_a_file_where_the_output_should_be_is_named(project, place):
    """Holds for root too, whom no permission stops."""
    steps.stamp(project).unlink()
    project.toc.write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    shutil.rmtree(project.output / Path(place).name if "/" in place else project.output, ignore_errors=True)
    (project.root / place).write_text("in the way", encoding="utf-8")
    variables = {**os.environ, ROOT_VARIABLE: str(project.root)}
    done = subprocess.run(
        [sys.executable, "-m", "bookpress", "build"],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")
    assert place in done.stderr
    assert (project.root / place).read_text(encoding="utf-8") == "in the way"
