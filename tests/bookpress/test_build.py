"""The build: keys that see every change, errors that name their place, and the last good book kept.

Each test works on a project of its own in a temporary folder, made of two small notebooks and the real configuration.
"""

from __future__ import annotations

import filecmp
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from bookpress import build as steps
from bookpress import execute, pairs, site, stage, tables
from bookpress.build import BuildError
from bookpress.command import build as build_command
from bookpress.paths import ROOT_VARIABLE, Project, find_root
from secondlook.cli.main import main as cli

REAL = Project(Path(__file__).resolve().parents[2])
PARAMETERS = """\
# %% tags=["parameters", "remove-cell"]
published = "data/published"
alpha = 0.05
cohort = ""
"""
LANDING = f"""\
# %% [markdown]
# # Landing
#
# See [the other page](/notebooks/01-other.ipynb) and {{download}}`the data <data/published/numbers.csv>`.

{PARAMETERS}
# %%
print("alpha is", alpha)
"""
OTHER = f"""\
# %% [markdown]
# # Other

{PARAMETERS}
# %% tags=["hide-input"]
from pathlib import Path
print(Path("data/published/numbers.csv").resolve())
"""
TOC = "format: jb-book\nroot: index\nchapters:\n  - file: notebooks/01-other\n  - file: book/page\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of two notebooks and one page."""
    return make_project(tmp_path / "project")


def make_project(root: Path) -> Project:
    """Lay a small project; configuration, extension and style are the real ones."""
    project = Project(root, root / "package")
    for folder in (project.notebooks, project.published, project.book, project.package / "deep" / "er"):
        folder.mkdir(parents=True)
    for place in (project.package / "module.py", project.package / "deep" / "er" / "module.py"):
        place.write_text("a = 1\n", encoding="utf-8")
    (project.notebooks / "00-landing.py").write_text(LANDING, encoding="utf-8")
    (project.notebooks / "01-other.py").write_text(OTHER, encoding="utf-8")
    (project.published / "numbers.csv").write_text("id,printed\na,1.0\n", encoding="utf-8")
    (project.book / "page.md").write_text("# Page\n\nMath: $x^2$.\n", encoding="utf-8")
    (project.book / "references.bib").write_text("", encoding="utf-8")
    project.toc.write_text(TOC, encoding="utf-8")
    project.lock.write_text("click==1\n", encoding="utf-8")
    shutil.copy(REAL.config, project.config)
    for name in ("_ext", "_static", "root"):
        shutil.copytree(REAL.book / name, project.book / name, ignore=shutil.ignore_patterns("__pycache__"))
    return project


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace a text in a file that must hold it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def silent(_: str) -> None:
    """Say nothing."""


# --- content keys -----------------------------------------------------------------------------------------------------


def all_keys(project: Project, **parameters: object) -> tuple[dict[str, str], str]:
    """Return the keys of every notebook, and that of the whole book."""
    return steps.all_keys(project, {**steps.DEFAULTS, **parameters})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("notebooks/01-other.py", id="notebook"),
        pytest.param("data/published/numbers.csv", id="data"),
        pytest.param("requirements.lock", id="lock"),
        pytest.param("requirements.txt", id="requirements"),
        pytest.param("package/module.py", id="package"),
        pytest.param("package/deep/er/module.py", id="subpackage"),
    ],
)
def test_a_change_of_any_input_changes_the_notebooks_key(project, change):
    before, book_before = all_keys(project)
    with (project.root / change).open("a", encoding="utf-8") as stream:
        stream.write("# x\n")
    after, book_after = all_keys(project)
    assert before["01-other"] != after["01-other"]
    assert book_before != book_after


@pytest.mark.parametrize("change", ["book/page.md", "book/_static/second-look.css", "_config.yml", "_toc.yml"])
def test_a_change_of_a_page_changes_the_books_key_alone(project, change):
    before, book_before = all_keys(project)
    with (project.root / change).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    after, book_after = all_keys(project)
    assert before == after
    assert book_before != book_after


def test_a_parameter_changes_every_key(project):
    assert not set(all_keys(project)[0].values()) & set(all_keys(project, alpha=0.01)[0].values())


def test_a_cohort_outside_the_project_counts_by_content(project, tmp_path):
    cohort = tmp_path / "records.csv"
    cohort.write_text("patient\nA\n", encoding="utf-8")
    before = all_keys(project, cohort=str(cohort))
    cohort.write_text("patient\nB\n", encoding="utf-8")
    assert before != all_keys(project, cohort=str(cohort))


def test_time_stamps_place_and_by_products_change_no_key(project, tmp_path):
    before = all_keys(project)
    os.utime(project.notebooks / "01-other.py", (0, 0))
    (project.book / "__pycache__").mkdir()
    (project.book / "__pycache__" / "x.pyc").write_text("", encoding="utf-8")
    (project.book / ".page.md.swp").write_text("", encoding="utf-8")
    assert all_keys(project) == before
    copy = shutil.copytree(project.root, tmp_path / "elsewhere")
    assert all_keys(Project(copy, copy / "package")) == before


def test_a_renamed_file_changes_the_key(project):
    before = all_keys(project)
    (project.published / "numbers.csv").rename(project.published / "other.csv")
    assert all_keys(project) != before


# --- pairs ------------------------------------------------------------------------------------------------------------


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
        assert execute.declared_parameters(pairs.load(source)) == steps.DEFAULTS, source.name


# --- parameters -------------------------------------------------------------------------------------------------------


def test_an_unknown_parameter_is_refused_by_name(project):
    notebook = pairs.load(project.notebooks / "01-other.py")
    with pytest.raises(BuildError, match=r"01-other: unknown parameter cohrot; the notebook declares published, alpha"):
        execute.check_parameters("01-other", notebook, {"cohrot": "x.csv"})


def test_a_build_refuses_a_notebook_that_does_not_declare_a_parameter(project):
    rewrite(project.notebooks / "01-other.py", 'cohort = ""\n', "")
    with pytest.raises(BuildError, match="01-other: unknown parameter cohort"):
        steps.build(project, say=silent)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cohort": "nowhere.csv"}, r"nowhere\.csv: no such cohort file"),
        ({"published": "nowhere"}, "nowhere: no such folder"),
        ({"alpha": 5}, "alpha is 5; it must lie between 0 and 1"),
        ({"apha": 0.01}, "unknown parameter apha"),
    ],
)
def test_impossible_parameters_are_refused_before_anything_runs(project, parameters, message):
    with pytest.raises(BuildError, match=message):
        steps.build(project, parameters, say=silent)
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


# --- execution --------------------------------------------------------------------------------------------------------


def run_one(project: Project, name: str, timeout: int = 60, **parameters: object):
    """Execute one notebook; return what it became, or raise what it failed with."""
    source = steps.find_source(project, name)
    job = execute.Job(source, {**steps.DEFAULTS, **parameters}, all_keys(project, **parameters)[0][source.stem])
    _, failure = execute.execute_one(project, job, timeout)
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


def test_a_failing_notebook_is_named_with_its_error_and_the_last_book_stays(project):
    project.html.mkdir(parents=True)
    (project.html / "index.html").write_text("the last good book", encoding="utf-8")
    rewrite(project.notebooks / "01-other.py", "print(", "1 / 0\nprint(")
    rewrite(project.notebooks / "00-landing.py", "print(", "undefined_name\nprint(")
    with pytest.raises(BuildError) as failure:
        steps.build(project, say=silent)
    message = str(failure.value)
    assert "01-other: cell 3 of 3 failed" in message
    assert "ZeroDivisionError: division by zero" in message
    assert "00-landing: cell 3 of 3 failed" in message
    assert "NameError" in message
    assert (project.html / "index.html").read_text(encoding="utf-8") == "the last good book"


def test_the_command_fails_with_one_message_and_no_traceback(project, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(project.root))
    result = CliRunner().invoke(build_command, ["--cohort", "nowhere.csv"])
    assert result.exit_code == 1
    assert result.output.startswith("error: ")
    assert "Traceback" not in result.output


def test_one_notebook_is_found_by_the_beginning_of_its_name(project):
    assert steps.find_source(project, "01").stem == "01-other"
    assert steps.find_source(project, "notebooks/01-other.ipynb").stem == "01-other"
    with pytest.raises(BuildError, match="no such notebook; there are 00-landing, 01-other"):
        steps.find_source(project, "99")
    with pytest.raises(BuildError, match="several notebooks"):
        steps.find_source(project, "0")


# --- the whole way ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Project, list[str]]:
    """A project that has been built once, with what the build said."""
    project, said = make_project(tmp_path_factory.mktemp("built") / "project"), []
    steps.build(project, say=said.append)
    return project, said


@pytest.mark.xdist_group("built")
def test_the_landing_page_is_the_index_itself(built):
    project, said = built
    text = (project.html / "index.html").read_text(encoding="utf-8")
    assert "alpha is 0.05" in text
    assert 'http-equiv="refresh"' not in text.lower()
    assert any("[2/2]" in line for line in said), "each notebook has its line of progress"
    assert (project.html / "notebooks" / "01-other.html").is_file()
    assert any(path.name == "numbers.csv" for path in (project.html / "_downloads").rglob("*"))


@pytest.mark.xdist_group("built")
def test_a_second_build_does_nothing_and_does_it_fast(built):
    project, said = built
    start = time.monotonic()
    assert steps.build(project, say=said.append) is False
    assert time.monotonic() - start < 1
    assert "nothing changed" in said[-1]


@pytest.mark.xdist_group("built")
def test_a_bad_page_is_named_and_the_last_book_stays(built, tmp_path):
    project = Project(shutil.copytree(built[0].root, tmp_path / "project"))
    before = (project.html / "book" / "page.html").read_bytes()
    (project.book / "page.md").write_text("# Page\n\n{ref}`nowhere`\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"(?s)book/page\.md:3: WARNING: .*nowhere"):
        steps.build(project, say=silent)
    assert (project.html / "book" / "page.html").read_bytes() == before
    assert not (project.output / "site").exists()


def test_a_second_build_at_the_same_time_waits(project):
    said, order = [], []

    def other() -> None:
        with steps.only_one(project, said.append):
            order.append("second")

    with steps.only_one(project, silent):
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(timeout=5)
    assert order == ["first", "second"]
    assert said == ["another build is running: waiting for it"]


def test_a_book_of_files_that_changed_meanwhile_is_not_published(project, tmp_path):
    whole = all_keys(project)[1]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (project.book / "page.md").write_text("# Edited\n", encoding="utf-8")
    with pytest.raises(BuildError, match="files changed during the build: build again"):
        steps.publish(project, fresh, steps.DEFAULTS, whole)
    assert not project.html.exists()
    assert not steps.stamp(project).exists()


def test_a_result_of_files_that_changed_meanwhile_is_not_filed(project):
    """Else a build from the old files, put back, would show what was computed from the new ones."""
    rewrite(project.notebooks / "01-other.py", "print(", "Path('data/published/numbers.csv').write_text('new')\nprint(")
    with pytest.raises(BuildError, match="01-other: files changed while it was executed: build again"):
        run_one(project, "01-other")
    assert not project.cache.exists()


def test_old_results_are_forgotten_and_needed_ones_kept(project):
    project.cache.mkdir(parents=True)
    for number in range(5):
        (project.cache / f"{number}.ipynb").write_text("", encoding="utf-8")
        os.utime(project.cache / f"{number}.ipynb", (number, number))
    steps.prune(project, {"0.ipynb"}, keep=2)
    assert sorted(path.name for path in project.cache.iterdir()) == ["0.ipynb", "3.ipynb", "4.ipynb"]


def test_a_swap_leaves_nothing_behind(tmp_path):
    for name in ("fresh", "html"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name, encoding="utf-8")
    site.swap(tmp_path / "fresh", tmp_path / "html")
    assert (tmp_path / "html" / "index.html").read_text(encoding="utf-8") == "fresh"
    assert [path.name for path in tmp_path.iterdir()] == ["html"]


def test_the_tables_for_download_are_what_the_command_line_prints(tmp_path):
    tables.write(REAL.published, tmp_path)
    for name, command in [("values.csv", ["values"]), ("ledger.csv", ["audit"]), ("corrections.csv", ["corrections"])]:
        printed = CliRunner().invoke(cli, [*command, "--published", str(REAL.published)])
        assert (tmp_path / name).read_bytes() == printed.stdout_bytes
    rows = json.loads((tmp_path / "values.json").read_text(encoding="utf-8"))
    assert len(rows) == (tmp_path / "values.csv").read_text(encoding="utf-8").count("\n") - 1


def test_tables_are_computed_once_per_content_and_a_refused_folder_is_named(project):
    for place in REAL.published.iterdir():
        shutil.copy(place, project.published)
    with tables.in_background(project, steps.DEFAULTS) as made:
        first = made.finished()
    before = {path: path.stat().st_mtime_ns for path in first.iterdir()}
    with tables.in_background(project, steps.DEFAULTS) as made:
        assert made.ready()
        assert made.finished() == first
    assert before == {path: path.stat().st_mtime_ns for path in first.iterdir()}
    table = project.published / "table-1.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    with (
        tables.in_background(project, steps.DEFAULTS) as made,
        pytest.raises(BuildError, match=r"tables of published: .*table-1\.csv"),
    ):
        made.finished()
    assert [path.name for path in project.cache.iterdir()] == [first.name]


def test_somebodys_records_are_not_offered_for_download(project, tmp_path):
    (project.stage).mkdir(parents=True)
    cohort = tmp_path / "records.csv"
    cohort.write_text("patient\nA\n", encoding="utf-8")
    stage.stage_data(project, {"published": "data/published", "cohort": str(cohort)})
    assert not list(project.stage.rglob("records.csv"))


@pytest.mark.slow
def test_the_book_built_elsewhere_is_the_same_bytes(tmp_path):
    """Authority: design, section 7: two clean builds are byte-identical; the second one lies in another folder.

    The first one had two workers, unless somebody asked for another number; this one has one.
    """
    if not steps.stamp(REAL).is_file():
        pytest.skip("no book built yet: make book")
    copy = Project(tmp_path / "elsewhere")
    copy.root.mkdir()
    for place in (REAL.config, REAL.toc, REAL.lock, REAL.requirements):
        shutil.copy(place, copy.root)
    for place in (REAL.book, REAL.notebooks, REAL.data, REAL.benchmark.parent):
        shutil.copytree(place, copy.root / place.name, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    if all_keys(REAL)[1] != steps.stamp(REAL).read_text(encoding="utf-8"):
        pytest.skip("the book is not of the present sources: make book")
    environment = {**os.environ, ROOT_VARIABLE: str(copy.root), "PYTHONHASHSEED": "random"}
    command = [sys.executable, "-m", "bookpress.build", "build", "--jobs", "1"]
    done = subprocess.run(command, cwd=copy.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert differences(REAL.html, copy.html) == []


def differences(one: Path, other: Path) -> list[str]:
    """Return the names of files that two folders do not share byte for byte."""
    names = {path.relative_to(base).as_posix() for base in (one, other) for path in base.rglob("*") if path.is_file()}
    _, differing, missing = filecmp.cmpfiles(one, other, sorted(names), shallow=False)
    return differing + missing


# --- roots ------------------------------------------------------------------------------------------------------------


def test_the_root_is_found_from_any_folder_below(project, monkeypatch):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    assert find_root(project.published) == project.root.resolve()
    monkeypatch.setenv(ROOT_VARIABLE, str(project.book))
    assert find_root(project.published) == project.book.resolve()


# --- repairs of finished pages ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def extension():
    """The local Sphinx extension, which is no part of the package."""
    sys.path.insert(0, str(REAL.book / "_ext"))
    spec = importlib.util.spec_from_file_location("secondlook_pages", REAL.book / "_ext" / "secondlook_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<button aria-label="Search"><b>Search</b></button>', "<button><b>Search</b></button>"),
        ('<button title="Menu"></button>', '<button aria-label="Menu" title="Menu"></button>'),
        ("<table><thead><tr><th></th></tr></thead></table>", "<table><thead><tr><td></td></tr></thead></table>"),
        (
            "<table><tbody><tr><th>a</th></tr></tbody></table>",
            '<table><tbody><tr><th scope="row">a</th></tr></tbody></table>',
        ),
        ('<div class="citation" role="doc-biblioentry">1</div>', '<div class="citation">1</div>'),
        ('<script src="_static/sphinx-thebe.js"></script>', ""),
        (
            '<pre>x <span class="p">}</span>  <span class="c1"># fmt: skip</span></pre>',
            '<pre>x <span class="p">}</span></pre>',
        ),
        (
            '<div class="solution"><p class="admonition-title">Solution to<a href="#x"> Exercise 1</a></p></div>',
            '<div class="solution"><p class="admonition-title">Solution to <a href="#x">Exercise 1</a></p></div>',
        ),
        (
            "<article><b>12.5</b> % and 3 % of it</article>",
            "<article><b>12.5</b>\N{NO-BREAK SPACE}% and 3\N{NO-BREAK SPACE}% of it</article>",
        ),
        ("<article>Table 4 (%)</article>", "<article>Table\N{NO-BREAK SPACE}4 (%)</article>"),
        ("<article><pre>a = 5 % 3</pre></article>", "<article><pre>a = 5 % 3</pre></article>"),
        (
            "<article><code>short.name</code> <code>abstract.accrual.start</code></article>",
            "<article><code>short.name</code> <code>abstract.<wbr>accrual.<wbr>start</code></article>",
        ),
    ],
    ids=[
        "named twice",
        "named by title",
        "empty head",
        "scope",
        "citation",
        "thebe",
        "told the formatter",
        "solution",
        "per cent",
        "table",
        "code",
        "name",
    ],
)
def test_a_repair_fires(extension, before, after):
    assert extension.repair(before) == after


@pytest.mark.parametrize(
    "page",
    ['<button aria-label="Search"></button>', "<p>a &lt; b &amp; c</p>", "<pre>  two\n   lines</pre>", "<br>"],
)
def test_a_repair_leaves_alone_what_is_right(extension, page):
    assert extension.repair(page) == page


@pytest.mark.parametrize(
    ("cells", "numeric"),
    [
        (["1", "22"], True),
        (["0.05", "<0.001"], True),
        (["41 (60.3)", "27 (39.7%)"], True),
        (["1.62 (0.95–2.77)", "–"], True),
        (["−0.5", "NR"], True),
        (["5.3 months", "1"], False),
        (["A", "B"], False),
        (["–", ""], False),
    ],
)
def test_columns_of_numbers_are_known(extension, cells, numeric):
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
    page = extension.repair(f"<table><thead><tr><th>x</th></tr></thead><tbody>{rows}</tbody></table>")
    assert ("sl-num" in page) is numeric


def test_a_figure_has_its_size_and_a_container_that_scrolls(extension, tmp_path):
    (tmp_path / "a.svg").write_text('<svg width="72pt" height="36.3pt" viewBox="0 0 72 36">', encoding="utf-8")
    page = extension.BeautifulSoup(
        '<article><div class="cell_output"><img alt="A line" src="a.svg"></div></article>', "html.parser"
    )
    for _ in range(2):
        extension.frame_figures(page, tmp_path)
    [frame] = page.select(".sl-scroll")
    assert (frame["aria-label"], frame["style"]) == ("Figure: A line", "--sl-width: 96px")
    assert (frame.img["width"], frame.img["height"]) == ("96", "48")


def test_a_long_line_of_code_is_a_block_and_the_text_stays_the_same(extension):
    long = '    <span class="n">name</span> <span class="o">=</span> "a line that is too long for a narrow view"\n'
    page = f'<article><div class="highlight"><pre><span></span>short\n\n{long}short\n</pre></div></article>'
    mended = extension.repair(page)
    assert mended == page.replace(long, f'<span class="sl-line" style="--sl-in: 4">{long}</span>')
    assert extension.repair(mended) == mended


def test_code_in_which_a_tag_goes_over_lines_is_left_alone(extension):
    page = f'<article><div class="highlight"><pre><span>one\n{"two " * 20}</span></pre></div></article>'
    assert extension.repair(page) == page


def test_a_figure_is_lighter_and_no_coordinate_moves_by_more_than_a_hundredth(extension):
    weights = sys.modules["secondlook_weights"]
    svg = '<metadata>\nx\n</metadata>\n<path d="M 1.23456 0.0123456 \nL -2.5 300.000001\n"/>\n  <!-- 0.25 -->\n <g/>\n'
    light = weights.lighter(svg)
    assert light == '<path d="M 1.23 0.01235 L -2.5 300 "/><g/>'
    assert weights.lighter(light) == light


def test_weights_count_a_pages_own_pictures_and_what_all_share_once(extension, tmp_path):
    (tmp_path / "a.svg").write_bytes(b"x" * 5000)
    (tmp_path / "s.css").write_bytes(b"x" * 7000)
    head = '<link rel="stylesheet" href="s.css?v=1">'
    (tmp_path / "a.html").write_text(f'{head}<p class="sl-weights">-</p><img alt="" src="a.svg">', encoding="utf-8")
    (tmp_path / "b.html").write_text(head, encoding="utf-8")
    pages = {name: extension.Found(name, {"": {"title": name[0].upper()}}) for name in ("a.html", "b.html")}
    extension.fill(tmp_path, pages)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "The 2 pages weigh 3 kB in the middle; the heaviest are A (5 kB), B (0 kB)" in text
    assert "loaded once, weighs 7 kB" in text


def test_tables_scroll_in_containers_with_different_names(extension):
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    page = extension.repair(f"<article><h2>Arms<a>#</a></h2>{table}{table}</article>")
    assert 'aria-label="Table: Arms"' in page
    assert 'aria-label="Table: Arms, 2"' in page
    assert extension.repair(page) == page


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
    found = execute.joined(pieces)
    assert [output.get("text") for output in found] == ["a\nb\n", "c\n", None, "e\n"]


def test_a_page_that_was_repaired_is_kept_by_content(extension, tmp_path, monkeypatch):
    monkeypatch.setenv(extension.STORE, str(tmp_path / "store"))
    page, asked, real = tmp_path / "page.html", [], extension.repaired
    monkeypatch.setattr(extension, "repaired", lambda path, *rest: asked.append(path.read_text()) or real(path, *rest))
    for text, known in [("<th></th>", {}), ("<th></th>", {}), ("<th>a</th>", {}), ("<th>a</th>", {"term": "id"})]:
        page.write_text(text, encoding="utf-8")
        expected = real(page, "page.html", known)
        found = extension.repair_file(page, "page.html", known)
        assert (page.read_text(encoding="utf-8"), found) == expected
    assert asked == ["<th></th>", "<th>a</th>", "<th>a</th>"]
