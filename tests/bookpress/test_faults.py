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
import threading
import time
from pathlib import Path

import faults
import pytest

from bookpress import build as steps
from bookpress import execute, site
from bookpress.build import BuildError
from bookpress.paths import Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")
BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> faults.Book:
    """A small project, both of whose versions have been built once, with a stand-in for Jupyter Book."""
    folder = tmp_path_factory.mktemp("faults")
    book = faults.small_book(folder / "project")
    book.path = faults.stand_in(folder / "stand-in")
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


@pytest.mark.slow
def test_a_build_that_is_killed_anywhere(book):
    assert faults.killed(book, 3, seed=20)["kills"] == 3


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_data_file_goes_while_notebooks_run(book):
    old, new = next_version(book)
    with faults.read_throughout(book):
        process = book.start()
        until(process, "notebooks: ")
        (book.project.published / "numbers.csv").unlink()
        said = faults.ended(process, 1)
        assert "numbers.csv" in said or "files changed" in said
        assert book.shown() == old
        recovers(book, new)


@pytest.mark.slow
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


@pytest.mark.slow
def test_two_builds_at_once(book):
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
    job = execute.Job(source, steps.DEFAULTS, steps.all_keys(project, steps.DEFAULTS)[0]["00-landing"])
    with pytest.raises(BuildError, match="a process that executes notebooks was killed"):
        execute.execute_all(project, [job], say=lambda _: None, plain=True)


def test_a_jupyter_book_that_dies_early_says_of_what(tmp_path, monkeypatch):
    project = faults.small_book(tmp_path / "project").project
    monkeypatch.setattr(site, "START", "raise SystemExit('a module is missing')")
    with site.jupyter_book(project) as pages:
        time.sleep(0.5)  # most likely dead by now: writing to it fails
        with pytest.raises(BuildError, match="a module is missing"):
            pages.finish()


# --- moments that a random kill seldom meets --------------------------------------------------------------------------


def folder_of(place: Path, text: str) -> Path:
    """Make a folder that holds one page."""
    place.mkdir(parents=True)
    (place / "index.html").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of one file, its last book and its stamp."""
    project = Project(tmp_path / "project", tmp_path / "package")
    project.notebooks.mkdir(parents=True)
    (project.notebooks / "00-only.py").write_text("# %%\n", encoding="utf-8")
    folder_of(project.html, "old")
    steps.stamp(project).write_text(steps.all_keys(project, steps.DEFAULTS)[1], encoding="utf-8")
    return project


@pytest.mark.skipif(sys.platform != "linux", reason="folders are exchanged in one step on Linux only")
def test_a_reader_never_meets_a_gap(project):
    missed, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                (project.html / "index.html").read_bytes()
            except OSError as problem:
                missed.append(problem)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(200):
        site.swap(folder_of(project.output / "fresh", str(number)), project.html)
    done.set()
    reader.join()
    assert not missed
    assert (project.html / "index.html").read_text(encoding="utf-8") == "199"


def test_a_kill_between_two_renames_is_mended_by_the_next_build(project):
    project.html.rename(site.set_aside(project.html))
    steps.tidy_up(project)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "old"


def test_where_folders_cannot_be_exchanged_two_renames_do_and_a_failure_puts_the_old_back(project, monkeypatch):
    monkeypatch.setattr(site, "exchange", lambda *_: False)
    site.swap(folder_of(project.output / "fresh", "new"), project.html)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "new"
    with pytest.raises(OSError, match="fresh"):
        site.swap(project.output / "fresh", project.html)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "new"


def test_a_kill_after_the_exchange_does_not_pass_the_new_book_off_as_the_old(project, monkeypatch):
    """The stamp of the old book must be gone before the new one is there: else old sources, put back, show it."""
    old_key = steps.all_keys(project, steps.DEFAULTS)[1]
    assert steps.is_current(project, old_key)
    monkeypatch.setattr(steps, "write_whole", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        steps.publish(project, folder_of(project.output / "fresh", "new"), steps.DEFAULTS, old_key)
    assert (project.html / "index.html").read_text(encoding="utf-8") == "new"
    assert not steps.is_current(project, old_key)


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
    shutil.rmtree(project.output / Path(place).name if "/" in place else project.output, ignore_errors=True)
    (project.root / place).write_text("in the way", encoding="utf-8")
    environment = {**os.environ, "SECONDLOOK_ROOT": str(project.root)}
    done = subprocess.run(
        [sys.executable, "-m", "bookpress.build", "build"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")
    assert (project.root / place).read_text(encoding="utf-8") == "in the way"
