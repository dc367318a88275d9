"""Pairs of notebooks: written from the sources, one way, compared by content; and what they declare."""

from __future__ import annotations

import os
import shutil
import subprocess

import nbformat
import pytest
from tiny_book import OTHER, REAL, make_project, rewrite, silent

from bookpress import build as steps
from bookpress import pairs, parameters, takeover
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


# --- edits ------------------------------------------------------------------------------------------------------------

TEXT = """\
# %% [markdown]
# # Edited
#
# A plain line.
#
# A {term}`word` that is rendered.

# %% tags=["parameters", "remove-cell"]
published, alpha, cohort = "data/published", 0.05, ""

# %%
print("one")
"""


@pytest.fixture
def pair(project):
    """The pair of a source with a text, its parameters and a line of code."""
    (project.notebooks / "01-other.py").write_text(TEXT, encoding="utf-8")
    pairs.write(project, say=silent)
    return project.notebooks / "01-other.ipynb"


def edit(pair, number: int, old: str, new: str) -> None:
    """Change a cell as JupyterLab does: its id stays."""
    notebook = nbformat.read(pair, as_version=4)
    assert old in notebook.cells[number].source
    notebook.cells[number].source = notebook.cells[number].source.replace(old, new)
    nbformat.write(notebook, pair)


def add(pair) -> None:
    notebook = nbformat.read(pair, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("added = 1"))
    nbformat.write(notebook, pair)


def remove(pair) -> None:
    notebook = nbformat.read(pair, as_version=4)
    del notebook.cells[-1]
    nbformat.write(notebook, pair)


def move(pair) -> None:
    notebook = nbformat.read(pair, as_version=4)
    notebook.cells.reverse()
    nbformat.write(notebook, pair)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda pair: edit(pair, 2, "one", "two"), r"01-other\.ipynb: cell 3 was changed \('print\("),
        (lambda pair: edit(pair, 0, "plain", "plainer"), r"cell 1 was changed \('# Edited'"),
        (add, r"cell 4 was added \('added = 1'"),
        (remove, "1 of its cells was removed"),
        (move, "its cells were moved"),
        (lambda pair: pair.write_text("{}", encoding="utf-8"), "is no notebook"),
    ],
)
def test_an_edited_pair_is_neither_written_over_nor_left_out_of_a_book(project, pair, change, said):
    change(pair)
    rewrite(project.notebooks / "00-landing.py", "# Landing", "# Landed")
    before = {path.name: path.read_bytes() for path in project.notebooks.glob("*.ipynb")}
    with pytest.raises(BuildError, match=said):
        pairs.write(project, say=silent)
    with pytest.raises(BuildError, match=said):
        steps.build(project, say=silent)
    assert before == {path.name: path.read_bytes() for path in project.notebooks.glob("*.ipynb")}


def test_a_pair_that_was_only_run_is_no_edit(project, pair):
    damage_output(project)
    rewrite(project.notebooks / "01-other.py", "plain", "plainer")
    assert pairs.write(project, say=silent) == 1
    assert not nbformat.read(pair, as_version=4).cells[-1].outputs


def test_a_pair_of_before_that_nobody_edited_is_written_anew(project, pair):
    notebook = nbformat.read(pair, as_version=4)
    del notebook.metadata["bookpress"]
    nbformat.write(notebook, pair)
    assert pairs.write(project, say=silent) == 1
    assert pairs.written(nbformat.read(pair, as_version=4))


def test_an_edit_that_the_source_says_by_now_is_no_loss(project, pair):
    edit(pair, 2, "one", "two")
    rewrite(project.notebooks / "01-other.py", '"one"', '"two"')
    assert pairs.write(project, say=silent) == 1


def test_edits_are_taken_over_into_the_source(project, pair):
    edit(pair, 2, 'print("one")', 'print("two")\n\nprint("three")')
    edit(pair, 0, "A plain line.", "A better line.\nAnd one more.")
    source = project.notebooks / "01-other.py"
    assert takeover.take(project, source, say=silent) == 2
    expected = TEXT.replace('print("one")', 'print("two")\n\nprint("three")')
    expected = expected.replace("# A plain line.", "# A better line.\n# And one more.")
    assert source.read_text(encoding="utf-8") == expected
    pairs.check(project)


def test_lines_are_put_in_and_taken_out_of_a_text_beside_rendered_ones(project, pair):
    edit(pair, 0, "A plain line.\n\n", "")
    edit(pair, 0, "that is rendered.", "that is rendered.\n\nThe end.")
    source = project.notebooks / "01-other.py"
    takeover.take(project, source, say=silent)
    expected = TEXT.replace("# A plain line.\n#\n", "").replace("is rendered.\n", "is rendered.\n#\n# The end.\n")
    assert source.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda pair: edit(pair, 0, "A word", "The word"),
            r"cell 1: this line holds what the build put in.*A word that",
        ),
        (add, "cell 4 was added"),
        (remove, "1 of its cells was removed"),
    ],
)
def test_what_cannot_be_taken_over_is_named_and_nothing_is_written(project, pair, change, said):
    edit(pair, 2, "one", "two")
    change(pair)
    before = pair.read_bytes()
    with pytest.raises(BuildError, match=said):
        takeover.take(project, project.notebooks / "01-other.py", say=silent)
    assert (project.notebooks / "01-other.py").read_text(encoding="utf-8") == TEXT
    assert pair.read_bytes() == before


def test_a_cell_that_was_edited_on_both_sides_is_left_to_its_author(project, pair):
    edit(pair, 2, "one", "two")
    rewrite(project.notebooks / "01-other.py", '"one"', '"three"')
    with pytest.raises(BuildError, match=r"cell 3: .*its source has changed as well"):
        takeover.take(project, project.notebooks / "01-other.py", say=silent)


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
