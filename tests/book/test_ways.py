"""A chapter in other hands: every way to run one, from nothing, as somebody does who has just come by it.

Authority: what the same chapter told when the book was built. ``make lab-test`` runs these; they install packages from
the index, as those who follow the README do.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import lab
import nbformat
import pytest
import reader
from tiny_book import REAL, rewrite

from bookpress import copies, edition, pairs
from bookpress.repository import Repository

pytestmark = pytest.mark.lab
CHAPTER = "28-patients"


@pytest.fixture
def home(tmp_path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def run(command: list, folder: Path, home: Path, code: int = 0) -> str:
    """Run a command in a folder, with nothing of this user's Jupyter; return what it said."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=lab.clean_environment(home, MPLBACKEND="agg"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def plain_venv(folder: Path, home: Path, *packages: object) -> Path:
    """Make an environment by Python and pip alone; return its Python."""
    run([sys.executable, "-m", "venv", folder], folder.parent, home)
    python = folder / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], folder.parent, home)
    return python


def executed(python: Path | str, notebook: Path, home: Path, **parameters: str) -> nbformat.NotebookNode:
    """Run a notebook by papermill from its own folder; return what came of it."""
    given = [word for name, value in parameters.items() for word in ("-p", name, value)]
    run([python, "-m", "papermill", "--no-progress-bar", notebook.name, "out.ipynb", *given], notebook.parent, home)
    return nbformat.read(notebook.with_name("out.ipynb"), as_version=4)


def test_a_lone_download_fetches_what_it_needs_into_an_empty_folder(tmp_path, home):
    """Its address is here that of this checkout, as last committed."""
    expected = lab.in_the_book(CHAPTER)
    git = ["git", "-C", str(REAL.root), "rev-parse", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    alone = tmp_path / "empty" / "download.ipynb"
    alone.parent.mkdir()
    source = REAL.notebooks / f"{CHAPTER}.py"
    made = pairs.made_from(source, edition.Book.of(REAL))
    notebook = pairs.assembled(made, copies.first_cell(REAL, Repository(str(REAL.root), "", commit)))
    nbformat.write(notebook, alone)
    python = plain_venv(tmp_path / "venv", home, "papermill", "ipykernel")
    assert lab.told(executed(python, alone, home)) == expected
    assert {path.name for path in alone.parent.iterdir()} == {alone.name, "out.ipynb", REAL.root.name}


def test_a_plain_environment_as_the_readme_makes_it_runs_a_chapter_in_jupyterlab(tmp_path, home):
    expected = lab.in_the_book(CHAPTER)
    line = "plain/bin/pip install -r requirements.txt jupyterlab"
    assert line in (REAL.root / "README.md").read_text(encoding="utf-8")
    python = plain_venv(tmp_path / "plain", home, "-r", REAL.root / "requirements.txt", "jupyterlab")
    root = lab.checkout(tmp_path / "checkout")
    with (
        reader.chromium() as browser,
        lab.server(root, home, python) as address,
        lab.Chapter(browser, address, f"notebooks/{CHAPTER}.ipynb") as chapter,
    ):
        chapter.run_all()
        assert chapter.errors() == []
        assert lab.told(nbformat.from_dict(chapter.notebook())) == expected


@pytest.mark.parametrize("source", pairs.sources(REAL), ids=lambda path: path.stem)
def test_a_chapters_source_runs_from_its_own_folder(source, tmp_path, home):
    root = lab.checkout(tmp_path / "checkout")
    run([sys.executable, "-W", "error", source.name], root / "notebooks", home)


@pytest.mark.parametrize("folder", ["notebooks", "."])
def test_papermill_runs_a_pair_with_paths_from_where_one_stands(folder, tmp_path, home):
    root = lab.checkout(tmp_path / "checkout")
    notebook = root / folder / f"{CHAPTER}.ipynb"
    if folder == ".":
        shutil.copy(root / "notebooks" / notebook.name, notebook)
    plain = lab.in_the_book(CHAPTER)
    assert lab.told(executed(sys.executable, notebook, home)) == plain
    shutil.copytree(REAL.root / "data" / "published", root / "edited")
    rewrite(root / "edited" / "text.csv", ",60.1,", ",61.1,")
    away = "../" if folder == "notebooks" else ""
    paths = {"published": f"{away}edited", "cohort": f"{away}data/cohort/synthetic.csv"}
    edited = lab.told(executed(sys.executable, notebook, home, **paths))
    assert {name for name in plain if plain[name] != edited[name]} == {"complement"}
    assert float(ast.literal_eval(plain["complement"])) - float(
        ast.literal_eval(edited["complement"])
    ) == pytest.approx(1)
