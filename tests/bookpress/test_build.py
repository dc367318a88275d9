"""The build as a whole: the last good book kept, nothing done twice, the same bytes elsewhere.

Each test works on a small project of its own (tests/tiny_book.py).
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny_book import PUBLISHED, REAL, keys_of, make_project, rewrite, silent

from bookpress import build as steps
from bookpress import environment, pairs, site
from bookpress.build import BuildError
from bookpress.command import build as build_command
from bookpress.paths import ROOT_VARIABLE, Project, find_root


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of two notebooks and one page."""
    return make_project(tmp_path / "project")


def test_a_failing_notebook_is_named_with_its_error_and_the_last_book_stays(project):
    project.html.mkdir(parents=True)
    (project.html / "index.html").write_text("the last good book", encoding="utf-8")
    rewrite(project.notebooks / "01-other.py", "print(", "\n" * 30 + "1 / 0\nprint(")
    rewrite(project.notebooks / "00-landing.py", "print(", "undefined_name\nprint(")
    with pytest.raises(BuildError) as failure:
        steps.build(project, say=silent)
    message = str(failure.value)
    assert "01-other: cell 3 of 3 failed" in message
    assert "\n  → 1 / 0\n    print(" in message
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


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Project, list[str]]:
    """A project that has been built once, with what the build said."""
    project, said = make_project(tmp_path_factory.mktemp("built") / "project"), []
    steps.build(project, say=said.append)
    return project, said


@pytest.mark.slow
def test_the_landing_page_is_the_index_itself(built):
    project, said = built
    text = (project.html / "index.html").read_text(encoding="utf-8")
    assert "alpha is 0.05" in text
    assert 'http-equiv="refresh"' not in text.lower()
    assert any("[2/2]" in line for line in said), "each notebook has its line of progress"
    assert (project.html / "notebooks" / "01-other.html").is_file()
    assert any(path.name == "numbers.csv" for path in (project.html / "_downloads").rglob("*"))


@pytest.mark.slow
def test_a_second_build_does_nothing_and_does_it_fast(built):
    project, said = built
    start = time.monotonic()
    assert steps.build(project, say=said.append) is False
    assert time.monotonic() - start < 1
    assert "nothing changed" in said[-1]


@pytest.mark.slow
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
    then = keys_of(project)
    assert then.site
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (project.book / "page.md").write_text("# Edited\n", encoding="utf-8")
    with pytest.raises(BuildError, match="files changed during the build: build again"):
        steps.publish(project, fresh, then)
    assert not project.html.exists()
    assert not steps.stamp(project).exists()


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


@pytest.mark.weekly
def test_a_book_built_elsewhere_by_one_worker_and_plain_kernels_is_the_same_bytes(built, tmp_path):
    """Authority: design, section 7: two clean builds are byte-identical. The first one had two workers and forked.

    `make repeat` does the same with the whole book, every week.
    """
    root = shutil.copytree(built[0].root, tmp_path / "else where", ignore=shutil.ignore_patterns("_build"))
    other = Project(root)
    steps.build(other, workers=1, plain=True, say=silent)
    assert differences(built[0].html, other.html) == []


def differences(one: Path, other: Path) -> list[str]:
    """Return the names of files that two folders do not share byte for byte."""
    names = {path.relative_to(base).as_posix() for base in (one, other) for path in base.rglob("*") if path.is_file()}
    _, differing, missing = filecmp.cmpfiles(one, other, sorted(names), shallow=False)
    return differing + missing


def test_the_root_is_found_from_any_folder_below(project, monkeypatch):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    assert find_root(project.root / PUBLISHED) == project.root.resolve()
    monkeypatch.setenv(ROOT_VARIABLE, str(project.book))
    assert find_root(project.root / PUBLISHED) == project.book.resolve()


# --- up to date means: as it was made ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        lambda html: (html / "notebooks" / "01-other.html").unlink(),
        lambda html: rewrite(html / "book" / "page.html", "Math", "Moth"),
        lambda html: (html / "_static" / "second-look.css").write_text("", encoding="utf-8"),
        lambda html: (html / "more.html").write_text("", encoding="utf-8"),
        lambda html: (html.parent / steps.STAMP).write_text("{", encoding="utf-8"),
        lambda html: (html.parent / steps.STAMP).write_text("[]", encoding="utf-8"),
    ],
    ids=["page gone", "page altered", "style emptied", "page added", "stamp cut off", "stamp of another kind"],
)
def test_a_book_that_is_not_as_it_was_made_is_not_up_to_date(built, tmp_path, damage):
    project = Project(shutil.copytree(built[0].root, tmp_path / "project"))
    assert steps.is_current(project, keys_of(project).site)
    damage(project.html)
    assert not steps.is_current(project, keys_of(project).site)


# --- a project without settings ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_book_without_any_hook_or_parameter_is_built_and_its_paths_are_its_own(tmp_path):
    project = Project(tmp_path / "plain")
    project.notebooks.mkdir(parents=True)
    project.config.write_text(
        "title: Plain\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: 'off'\n", "utf-8"
    )
    project.toc.write_text("format: jb-book\nroot: index\nchapters:\n  - file: notebooks/01-next\n", "utf-8")
    for name, text in (("00-first", "print(6 * 7)"), ("01-next", "import mine\nmine.answer")):
        (project.notebooks / f"{name}.py").write_text(f"# %% [markdown]\n# # {name}\n\n# %%\n{text}\n", "utf-8")
    (project.root / "src").mkdir()
    (project.root / "src" / "mine.py").write_text("answer = 'of a module of its own'\n", "utf-8")
    assert pairs.write(project, say=silent) == 2
    assert steps.build(project, say=silent)
    assert "42" in (project.html / "index.html").read_text(encoding="utf-8")
    assert "of a module of its own" in (project.html / "notebooks" / "01-next.html").read_text(encoding="utf-8")
    assert steps.build(project, say=silent) is False


def test_what_builds_books_knows_no_paper():
    """Nor does what forks kernels; neither imports the package that does."""
    for package in ("bookpress", "warmkernel"):
        for path in sorted((REAL.root / "src" / package).rglob("*.py")):
            assert not re.search(
                r"secondlook|second look|\bpapers?\b|cohort|ledger|lifelines", path.read_text(encoding="utf-8").lower()
            ), path


@pytest.mark.slow
def test_downloads_are_made_once_per_content_and_what_the_project_refuses_is_told(built, tmp_path):
    project = Project(shutil.copytree(built[0].root, tmp_path / "project"))
    with environment.private(project) as folder:
        first = steps.downloads(project, keys_of(project), folder)
        before = {path: path.stat().st_mtime_ns for path in first.rglob("*")}
        assert steps.downloads(project, keys_of(project), folder) == first
        assert before == {path: path.stat().st_mtime_ns for path in first.rglob("*")}
        (project.root / PUBLISHED / "numbers.csv").write_text("refused", encoding="utf-8")
        with pytest.raises(BuildError, match=r"^downloads: numbers\.csv: refused$"):
            steps.downloads(project, keys_of(project), folder)
