"""Where a system has less than Linux: no fcntl, no fork, no Unix sockets, no links, no groups of processes, no /tmp.

Authority: Python's own documentation of what Windows lacks (each module's and function's "Availability"). It is hidden
here from every process; the same bytes must come of it. What cannot be had here is a Windows or a macOS itself: there
the workflow runs these tests and those of the audit.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import faults
import pytest
from tiny_book import REAL

from bookpress import environment, systems
from bookpress.files import digests

pytestmark = pytest.mark.weekly
HIDE = """
import os, socket, subprocess, sys, types
for name in ("fcntl", "pwd", "grp", "resource", "termios"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "killpg", "setsid", "getpgrp", "mkfifo"):
    vars(os).pop(name, None)
pair, family = socket.socketpair, socket.AF_UNIX
socket.socketpair = lambda *_, **__: pair(family)  # Windows makes such pairs otherwise
for name in ("AF_UNIX", "send_fds", "recv_fds"):
    vars(socket).pop(name, None)
def symlink(*_, **__):
    raise OSError(1314, "A required privilege is not held by the client")
os.symlink = symlink
sys.modules["msvcrt"] = types.SimpleNamespace(LK_NBLCK=2, locking=lambda *_: None)
"""
IMPORT_ALL = """
import importlib, pkgutil
for name in ("secondlook", "bookpress", "warmkernel"):
    package = importlib.import_module(name)
    for each in pkgutil.walk_packages(package.__path__, f"{name}."):
        if not each.name.endswith("__main__"):
            importlib.import_module(each.name)
try:
    import fcntl
except ImportError:
    print("hidden")
"""


@pytest.fixture
def hidden(tmp_path) -> dict[str, str]:
    """An environment in which Python finds nothing that Windows lacks."""
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "sitecustomize.py").write_text(HIDE, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "hide"), str(REAL.root / "src")])
    return {**os.environ, "PYTHONPATH": path}


def run(variables: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, env=variables, cwd=REAL.root, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_can_be_imported(hidden):
    assert run(hidden, "-c", IMPORT_ALL) == "hidden\n"


def test_the_ledger_is_the_same(hidden, tmp_path):
    for name, variables in {"here": dict(os.environ), "there": hidden}.items():
        run(variables, "-m", "secondlook", "audit", "--out", str(tmp_path / f"{name}.csv"))
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="compares with what Linux alone has")
def test_a_book_built_without_make_is_the_same_in_every_byte(hidden, tmp_path):
    """Workers, kernels and the pages' process all find a ``sitecustomize``: the last two in the project's own `src`."""
    book = faults.small_book(tmp_path / "project")
    faults.stand_in(book.project)
    book.lay(0)
    faults.ended(book.start())
    good = digests(book.project.html)
    book.forget_results()
    (book.project.output / "last-build").unlink()
    (book.project.root / "src" / "sitecustomize.py").write_text(HIDE, encoding="utf-8")
    said = faults.ended(book.start("--plain-kernels", PYTHONPATH=hidden["PYTHONPATH"]))
    assert "of which 0 unchanged" in said
    assert digests(book.project.html) == good


def test_a_second_build_waits_for_the_first_by_windows_locks_too(tmp_path, monkeypatch):
    """Authority: Python's documentation of ``msvcrt.locking``: LK_NBLCK raises OSError where the bytes are locked."""
    tried = []

    def locking(descriptor: int, mode: int, count: int) -> None:
        tried.append((mode, count))
        if len(tried) in (1, 2):
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(systems, "fcntl", None)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(LK_NBLCK=2, locking=locking))
    with (tmp_path / "lock").open("a") as file:
        assert systems.lock(file) is False
        assert systems.lock(file, wait=True) is True
    assert tried == [(2, 1)] * 3


@pytest.mark.skipif(systems.fcntl is None, reason="fcntl's locks are not Windows'")
def test_a_lock_is_held_until_its_file_is_closed(tmp_path):
    with (tmp_path / "lock").open("a") as one, (tmp_path / "lock").open("a") as other:
        assert systems.lock(one)
        assert not systems.lock(other)
        one.close()
        assert systems.lock(other, wait=True)


@pytest.mark.skipif(not systems.GROUPS, reason="Windows tells a process of nothing")
def test_without_the_signal_of_linux_a_process_still_ends_with_whoever_started_it():
    code = "from bookpress import systems; systems.fcntl = None; systems.end_with(0); import time; time.sleep(600)"
    options = {"stdin": subprocess.PIPE, "start_new_session": True}
    with subprocess.Popen([sys.executable, "-c", code], **options) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.stdin.close()
        assert process.wait(60) < 0


def test_a_long_path_of_temporary_files_will_do_where_no_socket_lies_in_it(tmp_path, monkeypatch):
    place = tmp_path / ("long" * 20)
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setattr(systems, "UNIX_SOCKETS", False)
    assert Path(environment._short_folder()).parent == place
