"""The same book from any environment: what is the user's own changes no byte of it, and nothing of a build stays behind.

Authority: the bytes of the same project, built without any disturbance. The pages of this small project are the staged
files themselves (tests/faults.py), so that every output of every notebook is compared.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import faults
import pytest
from tiny_book import REAL, rewrite

from bookpress import environment
from bookpress.errors import BuildError
from bookpress.files import digests

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them"),
]
SOURCES = Path(environment.__file__).parents[1]
SAYS = """
# %%
import getpass, os, sys, tempfile
assert Path.home().is_dir(), "home"
try:
    assert False
except AssertionError:
    print("assertions hold")
print(sorted(name for name in os.environ if not name.startswith(("JUPYTER", "JPY"))), os.environ["LC_ALL"], os.environ["TZ"])
print(sys.flags.optimize, sys.flags.no_user_site, sys.stdout.encoding, len(tempfile.gettempdir()) < 80)
print("socket", len(os.environ["JUPYTER_RUNTIME_DIR"]) < 100)
"""
NOBODY = """
import pwd
def nobody(uid):
    raise KeyError(f"getpwuid(): uid not found: {uid}")
pwd.getpwuid = nobody
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> faults.Book:
    """A small project, built once, whose notebook says what it finds around it."""
    book = faults.small_book(tmp_path_factory.mktemp("environment") / "project")
    faults.stand_in(book.project)
    landing = book.project.notebooks / "00-landing.py"
    landing.write_text(
        landing.read_text(encoding="utf-8") + SAYS.replace("Path", "__import__('pathlib').Path"), "utf-8"
    )
    book.lay(0)
    faults.ended(book.start())
    book.good.append(digests(book.project.html))
    return book


@pytest.fixture
def short():
    """A folder with a short path, for temporary files."""
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def heard():
    """Let what is started hear Ctrl-C, which whoever runs these tests in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def kernelspec(folder: Path) -> Path:
    """Lay another kernel by the name of python3, which dies at once."""
    place = folder / "kernels" / "python3"
    place.mkdir(parents=True)
    other = {"argv": ["/bin/false", "{connection_file}"], "display_name": "other", "language": "python"}
    (place / "kernel.json").write_text(json.dumps(other), encoding="utf-8")
    return folder


def long_folder(folder: Path) -> Path:
    """Make a folder whose path is longer than a socket's may be."""
    place = folder / ("long" * 20) / ("and longer" * 5)
    place.mkdir(parents=True)
    return place


def nobody(folder: Path) -> Path:
    """Lay what makes Python find no user of this number, as in a container."""
    (folder / "sitecustomize.py").write_text(NOBODY, encoding="utf-8")
    return folder


HOSTILE = {
    "optimized": lambda _: {"PYTHONOPTIMIZE": "2"},
    "imports timed": lambda _: {"PYTHONPROFILEIMPORTTIME": "1"},
    "another kernel": lambda folder: {"JUPYTER_PATH": str(kernelspec(folder))},
    "long TMPDIR": lambda folder: {"TMPDIR": str(long_folder(folder))},
    "no home, no user": lambda folder: {"HOME": "/nonexistent", "PYTHONPATH": f"{nobody(folder)}:{SOURCES}"},
    "another place and tongue": lambda _: {"TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "COLUMNS": "40"},
    "another Python's habits": lambda _: {
        "PYTHONWARNINGS": "ignore",
        "PYTHONHASHSEED": "7",
        "PYTHONIOENCODING": "ascii",
    },
}


@pytest.mark.parametrize("option", ["--jobs=1", pytest.param("--plain-kernels", marks=pytest.mark.weekly)])
def test_the_same_bytes_from_a_hostile_environment(book, tmp_path, option):
    """All of it at once: one build of each kind of kernel tells as much as one for each variable."""
    variables = {name: value for make in HOSTILE.values() for name, value in make(tmp_path).items()}
    book.forget_results()
    (book.project.output / "last-build").unlink(missing_ok=True)
    said = faults.ended(book.start(option, **variables))
    assert "of which 0 unchanged" in said
    assert digests(book.project.html) == book.good[0]


@pytest.mark.weekly
def test_without_any_home(book):
    book.forget_results()
    (book.project.output / "last-build").unlink(missing_ok=True)
    faults.ended(book.start(without=("HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_ALL")))
    assert digests(book.project.html) == book.good[0]


def test_what_a_notebook_found_is_what_the_build_set(book):
    """Else the comparison above would compare nothing."""
    text = (book.project.html / "index.html").read_text(encoding="utf-8")
    assert "assertions hold" in text
    assert "C.UTF-8 UTC" in text
    assert "0 1 UTF-8 True" in text or "0 1 utf-8 True" in text
    assert "socket True" in text


@pytest.mark.parametrize(
    "end",
    [signal.SIGKILL, *(pytest.param(end, marks=pytest.mark.weekly) for end in (signal.SIGTERM, signal.SIGINT))],
)
def test_whatever_ends_a_build_no_process_lives_on_and_the_next_build_tidies_up(book, short, heard, end):
    landing = book.project.notebooks / "00-landing.py"
    good = landing.read_text(encoding="utf-8")
    running = short / "running"
    try:
        landing.write_text(
            f"{good}\n# %%\nopen({str(running)!r}, 'w').close()\nimport time; time.sleep(600)\n", "utf-8"
        )
        process = book.start(TMPDIR=str(short))
        limit = time.monotonic() + 120
        while not running.exists():
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < limit
            time.sleep(0.05)
        assert left(short), "the build has a private folder while it runs"
        os.kill(process.pid, end)
        process.communicate(timeout=60)
        faults.wait_until_alone(book.project)
        assert bool(left(short)) is (end == signal.SIGKILL)
    finally:
        landing.write_text(good, encoding="utf-8")
    faults.ended(book.start(TMPDIR=str(short)))
    assert left(short) == []
    assert digests(book.project.html) == book.good[0]


def left(folder: Path) -> list[str]:
    """Return the private folders of builds that lie in a folder."""
    return [path.name for path in folder.iterdir() if path.name.startswith(environment.PREFIX)]


# --- no room ----------------------------------------------------------------------------------------------------------


def small(place: Path, size: str) -> tuple[str, ...]:
    """Return what starts a command that sees a small disk at a place."""
    enter = ("unshare", "--user", "--map-root-user", "--mount")
    if shutil.which(enter[0]) is None or subprocess.run([*enter, "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs a name space of its own to mount a small disk")
    return (*enter, "sh", "-c", f'mount -t tmpfs -o size={size} tmpfs "{place}" && exec "$@"', "sh")


@pytest.mark.parametrize("size", ["4k", "1m"])
def test_a_full_disk_is_told_in_one_message(book, size):
    book.prefix = small(book.project.output, size)
    try:
        said = faults.ended(book.start(), 1)
    finally:
        book.prefix = ()
    assert said.startswith("error: _build: no space left, ")
    assert len(said.splitlines()) == 1


@pytest.mark.weekly
def test_where_temporary_files_have_no_room_another_folder_serves(book, short):
    book.forget_results()
    book.prefix = small(short, "16k")
    (book.project.output / "last-build").unlink(missing_ok=True)
    try:
        faults.ended(book.start(TMPDIR=str(short)))
    finally:
        book.prefix = ()
    assert digests(book.project.html) == book.good[0]


@pytest.mark.weekly
def test_a_disk_that_fills_up_while_a_kernel_starts_is_told_without_the_kernels_traceback(book, short, tmp_path):
    """Authority: a disk of one page, which the folder of the kernel fills; the check for room is switched off."""
    (tmp_path / "sitecustomize.py").write_text("import bookpress.environment as e; e.ROOM = 0\n", encoding="utf-8")
    book.forget_results()
    (book.project.output / "last-build").unlink(missing_ok=True)
    book.prefix = small(short, "4k")
    try:
        said = faults.ended(book.start(TMPDIR=str(short), PYTHONPATH=f"{tmp_path}:{SOURCES}"), 1)
    finally:
        book.prefix = ()
    assert said.splitlines()[-1].startswith("error: 00-landing: the kernel died or did not start: OSError: [Errno 28]")


def test_nowhere_any_room_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "ROOM", 2**60)
    with pytest.raises(BuildError, match="no folder for temporary files that can be written to"):
        environment._short_folder()


def test_a_disk_that_fills_up_while_downloads_are_laid_is_told_in_one_line(tmp_path):
    """Authority: /dev/full, which refuses every byte as a full disk does."""
    book = faults.small_book(tmp_path / "project")
    rewrite(
        book.project.root / "src" / "tiny" / "hooks.py",
        "    shutil.copytree",
        "    Path('/dev/full').write_text('x')\n    shutil.copytree",
    )
    said = faults.ended(book.start(), 1)
    assert said == "error: downloads: [Errno 28] No space left on device\n"


# --- paths ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a:b", "a$b"])
def test_a_path_that_make_cannot_take_is_refused_first_and_says_why(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(REAL.root / "Makefile", folder)
    done = subprocess.run(["make", "book"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "the path of this folder holds a ':' or a '$'" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["Makefile"]


@pytest.mark.weekly
def test_a_project_in_a_folder_of_any_other_name_gives_the_same_bytes(book, tmp_path):
    for name in ("wei rd 'é\"#%&;", "code"):
        root = tmp_path / name
        shutil.copytree(book.project.root, root, ignore=shutil.ignore_patterns("_build"))
        other = faults.Book(type(book.project)(root), lambda _: None, ())
        faults.ended(other.start())
        assert digests(other.project.html) == book.good[0], name
