"""The lock: everything that is installed has its version and its hashes, and the installer must require them.

Authority: pip's hash-checking mode, in which a requirement without a version pinned by == or without a hash is an error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-lab.lock", "requirements-kit.lock")


def entries(name: str) -> list[tuple[Requirement, list[str]]]:
    """Return what a lock lists: each requirement with its hashes."""
    lines = [
        line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
    ]
    found = []
    for statement in "\n".join(lines).replace("\\\n", " ").splitlines():
        if statement.strip():
            requirement, *options = re.split(r"\s+--", statement.strip())
            assert all(option.startswith("hash=sha256:") for option in options), statement
            found.append((Requirement(requirement), [option.removeprefix("hash=sha256:") for option in options]))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_is_one_version_with_hashes(name):
    listed = entries(name)
    assert listed
    for requirement, hashes in listed:
        assert [each.operator for each in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert all(re.fullmatch("[0-9a-f]{64}", each) for each in hashes), requirement
        assert requirement.url is None


@pytest.mark.parametrize("name", LOCKS)
def test_what_we_ask_for_is_in_the_lock_in_that_version(name):
    locked = {str(requirement).partition(";")[0].strip() for requirement, _ in entries(name)}
    lines = (ROOT / name).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-c"))]
    assert wanted
    assert {line.partition(" #")[0].strip() for line in wanted} <= locked


def installing_lines() -> list[str]:
    """Return every command of ours that installs Python packages."""
    places = [ROOT / "Makefile", *sorted((ROOT / ".ci").iterdir()), *sorted((ROOT / ".github").rglob("*.yml"))]
    text = "\n".join(place.read_text(encoding="utf-8") for place in places).replace("\\\n", " ")
    text = "\n".join(re.sub(r"^INSTALL = .*$", "", text, flags=re.MULTILINE).split("&&")).replace(
        "$(INSTALL)", "pip install"
    )
    return [
        line.strip()
        for line in text.splitlines()
        if re.search(r"\bpip install\b|\buv (sync|tool|run)\b|\bpipx\b", line)
    ]


def test_nothing_is_installed_without_its_hash():
    """Beside the locks only the package itself, without dependencies, and uv when there is no lock yet to take it from."""
    lines = installing_lines()
    free = [line for line in lines if "--require-hashes" not in line]
    assert len(lines) - len(free) >= 3
    for line in free:
        ours = "--no-deps --no-build-isolation --editable ." in line
        first = "$(grep '^uv==' requirements.txt)" in line
        assert ours or first, line


def test_what_the_book_needs_comes_as_wheels_and_what_is_built_is_built_with_what_the_lock_lists():
    """Else an installer would fetch the newest setuptools, which no lock names, and run what it finds."""
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", ".binder/postBuild"))
    lines = [line for line in text.splitlines() if re.search(r"-r requirements(-dev|-lab)?\.lock", line)]
    assert len(lines) == 4
    for line in lines:
        assert ("--no-build-isolation " if "-dev.lock" in line else "--no-build ") in line
    assert "setuptools" in {requirement.name for requirement, _ in entries("requirements.lock")}


@pytest.mark.slow
def test_every_package_of_the_book_has_a_wheel(tmp_path):
    """Authority: uv itself, which is to find one for each entry of the lock and install nothing."""
    uv, fresh = Path(sys.executable).with_name("uv"), tmp_path / "venv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, fresh], check=True)
    options = ["--dry-run", "--no-build", "--require-hashes", "--python", fresh / "bin" / "python"]
    command = [uv, "pip", "install", *options, "-r", ROOT / "requirements.lock"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Would install" in done.stderr


def test_this_environment_is_the_locks():
    """Nothing is installed that no lock lists, and all in its version."""
    applies = [
        requirement
        for name in LOCKS
        for requirement, _ in entries(name)
        if requirement.marker is None or requirement.marker.evaluate()
    ]
    locked = {canonicalize_name(requirement.name): requirement.specifier for requirement in applies}
    for each in distributions():
        name = canonicalize_name(each.metadata["Name"])
        if name not in {"pip", "secondlook"}:  # pip comes with Python and fetches uv alone
            assert name in locked, f"{name} is in no lock: make setup-dev in a fresh .venv"
            assert locked[name].contains(each.version), f"{name} {each.version} is installed, not {locked[name]}"


@pytest.mark.skipif(shutil.which("flock") is None, reason="needs flock of util-linux")
def test_two_makes_at_once_set_up_once(tmp_path):
    (tmp_path / "lock").touch()
    (tmp_path / "venv").mkdir()
    step = ["bash", ROOT / ".ci" / "once", "venv/.stamp", "lock", "--", "sh", "-c", "sleep 0.5; echo done >>said"]
    both = [subprocess.Popen(step, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = sorted(process.communicate()[1] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert errors == ["", "another make is setting up: waiting for it\n"]
    assert (tmp_path / "said").read_text(encoding="utf-8") == "done\n"
    os.utime(tmp_path / "lock", (2_000_000_000, 2_000_000_000))
    assert subprocess.run(step, cwd=tmp_path, check=False).returncode == 0
    assert (tmp_path / "said").read_text(encoding="utf-8") == "done\ndone\n"


def test_a_set_up_that_fails_is_not_taken_for_done(tmp_path):
    (tmp_path / "venv").mkdir()
    once = ["bash", ROOT / ".ci" / "once", "venv/.stamp", "Makefile", "--"]
    (tmp_path / "Makefile").touch()
    assert subprocess.run([*once, "false"], cwd=tmp_path, check=False).returncode == 1
    assert not (tmp_path / "venv" / ".stamp").exists()


def test_after_a_set_up_that_was_killed_everything_is_laid_anew(tmp_path):
    """Authority: tried by hand; a uv that is killed while it lays packages takes half of one for installed ever after."""
    once = ["bash", ROOT / ".ci" / "once", "venv/.stamp", "Makefile", "--", "sh", "-c"]
    (tmp_path / "Makefile").touch()
    (tmp_path / "venv").mkdir()
    assert subprocess.run([*once, "kill -9 $PPID"], cwd=tmp_path, check=False).returncode == -9
    for expected in ("--reinstall\n", ""):
        said = subprocess.run([*once, 'echo "$REINSTALL"'], cwd=tmp_path, check=True, capture_output=True, text=True)
        assert said.stdout == expected  # the second time there is nothing left to do
    assert [path.name for path in (tmp_path / "venv").iterdir()] == [".stamp"]


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_place_for_no_environment_is_blamed_and_not_python(tmp_path, kind):
    place, other = tmp_path / "venv", tmp_path / "other"
    other.mkdir()
    place.symlink_to(other, target_is_directory=True) if kind == "link" else place.touch()
    made = ["bash", ROOT / ".ci" / "venv", sys.executable, place, "lock"]
    done = subprocess.run(made, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "cannot make a virtual environment" in done.stderr
    assert str(place) in done.stderr
    assert "installing" not in done.stderr
