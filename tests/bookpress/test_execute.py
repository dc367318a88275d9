"""Execution of notebooks: what comes back carries no trace of the machine, and every way to fail is told by name."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from tiny_book import job_of, keys_of, make_project, rewrite, silent

from bookpress import build as steps
from bookpress import environment, execute, results
from bookpress.build import BuildError
from bookpress.paths import Project

pytestmark = pytest.mark.slow  # kernels are started


@pytest.fixture
def project(tmp_path):
    """A project of two notebooks and one page."""
    return make_project(tmp_path / "project")


def run_one(project: Project, name: str, timeout: int = 60, **parameters: object):
    """Execute one notebook; return what it became, or raise what it failed with."""
    job = job_of(project, name, **parameters)
    with environment.private(project) as folder:
        run = execute.Run(project, folder, keys_of(project, **parameters).state, timeout)
        _, failure = execute.execute_one(run, job)
    if failure:
        raise BuildError(failure)
    return nbformat.read(execute.result_path(project, job), as_version=4)


def test_the_result_carries_no_trace_of_machine_or_hour(project):
    notebook = run_one(project, "01-other")
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.cells[-1].outputs[0].text == "./data/published/numbers.csv\n"
    assert str(project.root) not in nbformat.writes(notebook)
    assert not any({"papermill", "execution"} & set(cell.metadata) for cell in notebook.cells)


def test_an_injected_parameter_is_shown_without_its_folder(project, tmp_path):
    cohort = tmp_path / "records.csv"
    cohort.write_text("patient\nA\n", encoding="utf-8")
    notebook = run_one(project, "00-landing", alpha=0.01, cohort=str(cohort))
    injected = next(cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", ()))
    assert 'cohort = "records.csv"' in injected.source
    assert "remove-cell" in injected.metadata["tags"]  # no box above the title
    assert "alpha is 0.01" in notebook.cells[-1].outputs[0].text
    assert str(tmp_path) not in nbformat.writes(notebook)


def test_the_address_of_an_object_is_no_output(project):
    rewrite(project.notebooks / "01-other.py", "print(", "print('kept')\nobject()\n#")
    notebook = run_one(project, "01-other")
    assert [output.text for output in notebook.cells[-1].outputs] == ["kept\n"]


def test_a_cell_that_takes_too_long_is_named(project):
    rewrite(project.notebooks / "01-other.py", "print(", "import time; time.sleep(30)\nprint(")
    with pytest.raises(BuildError, match=r"(?s)01-other: .*limit 1 s"):
        run_one(project, "01-other", timeout=1)


def test_a_kernel_that_dies_is_named(project):
    rewrite(project.notebooks / "01-other.py", "print(", "import os; os._exit(3)\nprint(")
    with pytest.raises(BuildError, match="01-other: the kernel died"):
        run_one(project, "01-other")


def test_a_warning_fails_the_notebook_unless_its_cell_allows_it(project):
    source = project.notebooks / "01-other.py"
    rewrite(source, "print(", "import warnings; warnings.warn('old habit')\nprint(")
    with pytest.raises(BuildError, match=r"(?s)01-other: cell 3 wrote to standard error.*old habit"):
        run_one(project, "01-other")
    rewrite(source, '"hide-input"', '"hide-input", "allow-stderr"')
    run_one(project, "01-other")


def test_a_result_of_files_that_changed_meanwhile_is_not_filed(project):
    """Else a build from the old files, put back, would show what was computed from the new ones."""
    rewrite(project.notebooks / "01-other.py", "print(", "Path('data/published/numbers.csv').write_text('new')\nprint(")
    with pytest.raises(BuildError, match="01-other: files changed while it was executed: build again"):
        run_one(project, "01-other")
    assert not project.cache.exists()


def test_a_module_that_changed_without_its_time_and_size_runs_as_it_is(project):
    """A clock that was put back, or two edits in one second: Python itself would take the old bytecode."""
    module = project.root / "src" / "tiny" / "deep.py"
    rewrite(project.notebooks / "01-other.py", "print(", "print('deep', tiny.used.deep.a)\nprint(")
    assert "deep 1" in steps.build_notebook(project, "01-other", say=silent).read_text(encoding="utf-8")
    then = module.stat()
    rewrite(module, "a = 1", "a = 2")
    os.utime(module, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert "deep 2" in steps.build_notebook(project, "01-other", say=silent).read_text(encoding="utf-8")


def test_a_stream_that_came_in_pieces_is_one_output():
    """Two prints with a slow step between them come in one message or in two: the book must not show which."""
    from nbformat.v4 import new_output

    pieces = [
        new_output("stream", name="stdout", text="a\n"),
        new_output("stream", name="stdout", text="b\n"),
        new_output("stream", name="stderr", text="c\n"),
        new_output("display_data", data={"text/plain": "d"}),
        new_output("stream", name="stdout", text="e\n"),
    ]
    found = results.joined(pieces)
    assert [output.get("text") for output in found] == ["a\nb\n", "c\n", None, "e\n"]


def test_a_styled_table_is_the_same_in_every_run():
    """Python names an object by its place in memory, pandas its tables by lot: two builds give the same bytes."""
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    def cleaned(address, name):
        data = {"text/plain": f"<pandas.io.formats.style.Styler at {address}>", "text/html": f'<table id="T_{name}">'}
        cell = new_code_cell("table.style", outputs=[new_output("execute_result", data=data)])
        return results.clean("x", new_notebook(cells=[cell]), Path("/somewhere/book")).cells[0].outputs[0].data

    first, second = cleaned("0x7f2591ab9410", "1a2b3"), cleaned("0x7fd784486150", "c4d5e")
    assert first == second
    assert first == {"text/plain": "<pandas.io.formats.style.Styler>", "text/html": '<table id="T_1">'}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1", "declares a figure and shows none"),
        ("print('<svg>')", "declares a figure and shows none"),
        ("import matplotlib.pyplot as plt; plt.plot([1, 2]);", ""),
    ],
)
@pytest.mark.parametrize("backend", ["", "agg"])
def test_a_declared_figure_is_shown_or_the_build_fails(project, monkeypatch, cell, said, backend):
    """Also for a user who has told matplotlib to draw elsewhere."""
    monkeypatch.setenv("MPLBACKEND", backend) if backend else monkeypatch.delenv("MPLBACKEND", raising=False)
    declared = 'mystnb={"figure": {"name": "fig-x", "caption": "x"}, "image": {"alt": "x"}}'
    with (project.notebooks / "01-other.py").open("a", encoding="utf-8") as stream:
        stream.write(f"\n# %% {declared}\n{cell}\n")
    if said:
        with pytest.raises(BuildError, match=f"01-other: cell 4 {said}"):
            run_one(project, "01-other")
    else:
        assert any("image/png" in output.get("data", {}) for output in run_one(project, "01-other").cells[-1].outputs)


@pytest.mark.parametrize(
    ("root", "text", "expected"),
    [
        ("/code", "<code>a</code> '/code/data' /code, /codes /code-2 /x/code /code.bak", "<code>a</code> './data' ., /codes /code-2 /x/code /code.bak"),
        ("/code", "in /code. https://example.org/code/x", "in .. https://example.org/code/x"),
        ("/home/a/book", "file:///home/a/book/data\n/home/a/book", "file://./data\n."),
        ("/home/a/book", '<a href="/home/a/book/x">', '<a href="./x">'),
        ("/a b/c", "('/a b/c/d',)", "('./d',)"),
    ],
)  # fmt: skip
def test_the_folder_of_the_project_is_replaced_where_it_is_a_path_only(root, text, expected):
    assert results.without_root("x", text, Path(root)) == expected


@pytest.mark.parametrize("text", ["x/home/a/book/data", "/home/a/book-2/data", "~/home/a/book"])
def test_what_cannot_be_replaced_safely_is_refused(text):
    with pytest.raises(BuildError, match="x: an output shows the folder of the project"):
        results.without_root("x", text, Path("/home/a/book"))


def test_styled_tables_are_numbered(project):
    """Pandas draws an id for each styled table; two runs of one notebook must be the same bytes."""
    code = "import pandas as pd\n[display(pd.DataFrame([n]).style) for n in (1, 2)]\nprint("
    rewrite(project.notebooks / "01-other.py", "print(", code)
    notebook = run_one(project, "01-other")
    tables = [output.data["text/html"] for output in notebook.cells[-1].outputs if "data" in output]
    assert ['<table id="T_1">' in table for table in tables] == [True, False]
    assert '<table id="T_2">' in tables[1]
    assert 'id="T_2_row0_col0"' in tables[1]
