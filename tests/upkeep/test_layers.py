"""The rooms of the house: no import runs upward, no two modules or classes share a name, every package says what it is."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(p for p in (ROOT / "src").rglob("*.py") if p.name not in ("__init__.py", "__main__.py"))
PACKAGES = sorted((ROOT / "src").rglob("__init__.py"))
#: Names that a convention gives to one module in each package.
CONVENTIONAL = {"errors", "paths"}


def test_no_import_runs_upward():
    """The contracts of pyproject.toml, by import-linter."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-500:]
    assert "0 broken" in done.stdout


def test_no_two_modules_have_one_name():
    names = Counter(path.stem for path in MODULES)
    assert {name: n for name, n in names.items() if n > 1 and name not in CONVENTIONAL} == {}


def test_no_two_classes_have_one_name():
    found = Counter(
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name: n for name, n in found.items() if n > 1} == {}


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.parent.name)
def test_every_package_says_what_it_is_what_comes_in_and_what_goes_out(path):
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert "In:" in said or path.parent.name == "secondlook"
    assert 2 <= len(said.splitlines()) <= 7
