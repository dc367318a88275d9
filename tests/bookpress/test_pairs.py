"""Pairs of notebooks: written from the sources, one way, compared by content; and what they declare."""

from __future__ import annotations

import os
import shutil
import subprocess

import nbformat
import pytest
from tiny_book import OTHER, REAL, make_project, rewrite, silent

from bookpress import build as steps
from bookpress import pairs, parameters
from bookpress.build import BuildError
from bookpress.paths import Project


@pytest.fixture
def project(tmp_path):
    """A project of two notebooks and one page."""
    return make_project(tmp_path / "project")


def test_pairs_are_written_once_and_then_agree(project):
    assert pairs.write(project, say=silent) == 2
    first = {path.name: path.read_bytes() for path in project.notebooks.glob("*.ipynb")}
    assert pairs.write(project, say=silent) == 0
    pairs.check(project)
    for path in project.notebooks.glob("*.ipynb"):
        path.unlink()
    pairs.write(project, say=silent)
    assert first == {path.name: path.read_bytes() for path in project.notebooks.glob("*.ipynb")}


def test_pairs_are_valid_notebooks_without_outputs_or_traces(project):
    pairs.write(project, say=silent)
    for path in project.notebooks.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert not any(cell.get("outputs") for cell in notebook.cells)
        assert "jupytext" not in notebook.metadata
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def damage_source(project: Project) -> None:
    rewrite(project.notebooks / "01-other.py", "# # Other", "# # Another")


def damage_tags(project: Project) -> None:
    rewrite(project.notebooks / "01-other.py", "hide-input", "remove-input")


def damage_output(project: Project) -> None:
    path = project.notebooks / "01-other.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="seen")]
    nbformat.write(notebook, path)


def damage_by_loss(project: Project) -> None:
    (project.notebooks / "01-other.ipynb").unlink()


def damage_by_rubbish(project: Project) -> None:
    (project.notebooks / "01-other.ipynb").write_text("{}", encoding="utf-8")


def damage_by_orphan(project: Project) -> None:
    (project.notebooks / "01-other.py").rename(project.notebooks / "02-other.py")


@pytest.mark.parametrize(
    "damage",
    [damage_source, damage_tags, damage_output, damage_by_loss, damage_by_rubbish, damage_by_orphan],
)
def test_a_pair_that_has_drifted_is_named(project, damage):
    pairs.write(project, say=silent)
    damage(project)
    with pytest.raises(BuildError, match=r"01-other|02-other"):
        pairs.check(project)


def test_pairs_are_compared_by_content_and_not_by_time(project):
    pairs.write(project, say=silent)
    for path in project.notebooks.glob("*.py"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
    pairs.check(project)


def test_the_committed_pairs_agree():
    pairs.check(REAL)


def test_every_committed_notebook_declares_the_three_parameters():
    for source in pairs.sources(REAL):
        assert parameters.declared(source.name, pairs.load(source)) == REAL.settings.parameters, source.name


# --- parameters -------------------------------------------------------------------------------------------------------


def test_an_unknown_parameter_is_refused_by_name(project):
    notebook = pairs.load(project.notebooks / "01-other.py")
    with pytest.raises(BuildError, match=r"01-other: unknown parameter cohrot; the notebook declares published, alpha"):
        parameters.changed("01-other", notebook, {"cohrot": "x.csv"})


def test_a_build_refuses_a_notebook_that_does_not_declare_a_parameter(project):
    rewrite(project.notebooks / "01-other.py", 'cohort = ""\n', "")
    with pytest.raises(BuildError, match="01-other: unknown parameter cohort"):
        steps.build(project, say=silent)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"cohort": "nowhere.csv"}, r"nowhere\.csv: no such cohort file"),
        ({"apha": 0.01}, "unknown parameter apha"),
    ],
)
def test_impossible_parameters_are_refused_before_anything_runs(project, given, message):
    with pytest.raises(BuildError, match=message):
        steps.build(project, given, say=silent)
    assert not project.cache.exists()


def test_a_notebook_outside_the_table_of_contents_and_a_page_that_is_missing_are_named(project):
    (project.notebooks / "02-forgotten.py").write_text(OTHER, encoding="utf-8")
    (project.book / "page.md").unlink()
    with pytest.raises(BuildError, match=r"notebooks/02-forgotten is not in it; book/page is in it and there is no"):
        steps.build(project, say=silent)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_refuses_a_misspelt_variable():
    done = subprocess.run(
        ["make", "-n", "book", "COHROT=x"], cwd=REAL.root, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "unknown parameter COHROT" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.bookpress]\nparameter = {}\n", "parameter is not known"),
        ("[tool.bookpress]\nwarm = 'numpy'\n", "warm must be a list"),
        ("[tool.bookpress]\npaths = { cohort = [] }\n", "cohort is in paths and no parameter"),
        ("[tool.bookpress\n", "pyproject.toml: "),
        ("[tool.bookpress]\ncheck = 'nowhere_at_all:check'\n", "nowhere_at_all:check, named in .*No module"),
        ("[tool.bookpress]\ncheck = 'tiny.hooks:chek'\n", "tiny.hooks:chek, named in "),
    ],
)
def test_a_malformed_configuration_is_refused_by_name(project, text, said):
    (project.root / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=said):
        steps.build(project, say=silent)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("name", ["a:b", "a$b", "$HOME", "plain", "with space"])
def test_make_refuses_a_path_that_nothing_survives_first_and_says_why(tmp_path, name):
    (tmp_path / name).mkdir()
    shutil.copy(REAL.root / "Makefile", tmp_path / name)
    done = subprocess.run(["make", "-n", "help"], cwd=tmp_path / name, capture_output=True, text=True, check=False)
    bad = ":" in name or "$" in name
    assert (done.returncode != 0) is bad, done.stderr
    assert ("the path of this folder holds a ':' or a '$'" in done.stderr) is bad
