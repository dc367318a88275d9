"""What runs again when something changes: only what read it, and nothing stale is shown.

Authority: Mokhov, Mitchell & Peyton Jones, "Build systems à la carte" (2018): a verifying trace serves again exactly when
all that was read is as it was. Each claim is held against executing everything from scratch.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from secondlook import build as steps
from secondlook.build import execute, keys, pairs, traces
from secondlook.build.imports import Modules
from secondlook.paths import Project
from secondlook.registry import load

REAL = Project(Path(__file__).resolve().parents[1])
HEAD = """\
# %% tags=["parameters", "remove-cell"]
published = "data/published"
alpha = 0.05
cohort = ""

# %%
"""
START = "from secondlook.notebook import start\nlook = start(published, alpha, cohort)\n"
NOTEBOOKS = {
    "00-one": f'{START}print(look.printed("t1.age.p"), look.count("t3.orr.recist.lp.n"))\n',
    "01-section": f'{START}print(look.numbers("toxicities"), [v.printed for v in look.registry.cells("t2")])\n',
    "02-totals": f"{START}print(look.ledger.totals())\n",
    "03-file": 'print(open("data/companion/text.csv").read()[:200])\n',
    "04-everything": f"{START}print(list(look.registry), look.registry.layout.paper, look.ledger.checks)\n",
    "05-nothing": "print(alpha)\n",
    "06-process": 'import subprocess\nprint(subprocess.check_output(["echo", "1"]))\n',
}


def make_project(root: Path) -> Project:
    """Lay a project of small notebooks and the real data."""
    project = Project(root)
    shutil.copytree(REAL.data, project.data, ignore=shutil.ignore_patterns("cohort"))
    project.notebooks.mkdir()
    for name, code in NOTEBOOKS.items():
        (project.notebooks / f"{name}.py").write_text(HEAD + code, encoding="utf-8")
    return project


def jobs_of(project: Project) -> list[execute.Job]:
    """Return the jobs of a build as it stands, those that need not run with the results that serve them."""
    shared = keys.shared_part(project, steps.DEFAULTS)
    sources = pairs.sources(project)
    jobs = [execute.Job(source, steps.DEFAULTS, keys.notebook_key(source, shared)) for source in sources]
    return traces.reuse(project, jobs, shared)


def run(project: Project) -> list[str]:
    """Execute what has to run; return its names."""
    jobs = jobs_of(project)
    ran = [job.name for job in jobs if not execute.result_path(project, job).is_file()]
    execute.execute_all(project, jobs, say=lambda _: None)
    return ran


def results(project: Project) -> dict[str, bytes]:
    """Return what each notebook became."""
    return {job.name: execute.result_path(project, job).read_bytes() for job in jobs_of(project)}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    """A project whose notebooks have all run."""
    project = make_project(tmp_path_factory.mktemp("traces") / "project")
    assert run(project) == sorted(NOTEBOOKS)
    return project


@pytest.fixture
def project(built, tmp_path) -> Project:
    """A copy of that project, to be changed; its paths differ, which must not matter."""
    return Project(shutil.copytree(built.root, tmp_path / "copy"))


def waiting(project: Project) -> set[str]:
    """Return the notebooks that a build would run."""
    return {job.name for job in jobs_of(project) if not execute.result_path(project, job).is_file()}


def edit(project: Project, file: str, old: str, new: str) -> None:
    """Replace the first such text in a data file that holds it."""
    path = project.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_nothing_runs_when_nothing_changed(project):
    assert waiting(project) == set()


def cell_edit(project: Project, value) -> None:
    """Change the last digit of a table's cell."""
    table = load(project.published).layout.tables[value.table]
    path = project.published / table.file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if line.startswith(f"{value.row},"))
    digit = str((int(value.printed[-1]) + 1) % 10)
    before, found, after = lines[place].rpartition(value.printed)
    assert found
    lines[place] = before + value.printed[:-1] + digit + after
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize("seed", range(2))
def test_a_touched_cell_leaves_nothing_stale(project, tmp_path, seed):
    """What runs is executed, the rest taken from the cache: all is as if executed from scratch, byte for byte."""
    cells = [v for v in load(project.published) if v.table and v.printed[-1:].isdigit()]
    cell_edit(project, random.Random(seed).choice(cells))
    ran = run(project)
    assert "04-everything" in ran
    assert not {"03-file", "05-nothing"} & set(ran)
    fresh = Project(shutil.copytree(project.root, tmp_path / "fresh", ignore=shutil.ignore_patterns("_build")))
    run(fresh)
    assert results(project) == results(fresh)


def test_a_cell_concerns_those_who_read_it(project):
    edit(project, "data/published/table-1.csv", load(project.published)["t1.age.p"].printed, "0.999")
    assert {"00-one", "04-everything"} <= waiting(project)
    assert not {"01-section", "03-file", "05-nothing"} & waiting(project)


def test_a_file_concerns_those_who_opened_it(project):
    edit(project, "data/companion/text.csv", "a", "b")
    assert waiting(project) == {"03-file", "06-process"}


def test_what_cannot_be_followed_concerns_everybody(project):
    (project.data / "companion" / "new.csv").write_text("a\n", encoding="utf-8")
    assert waiting(project) == set(NOTEBOOKS)


def test_the_layout_is_followed_as_a_file(project):
    edit(project, "data/published/layout.toml", "\n", "\n# a remark\n")
    assert waiting(project) == {"04-everything", "01-section", "06-process"}


def test_a_refused_data_folder_serves_nobody_who_read_it(project):
    edit(project, "data/published/table-1.csv", ",", ";")
    assert {"00-one", "01-section", "02-totals", "04-everything"} <= waiting(project)


def test_imports_are_followed_through_the_package(tmp_path):
    package = tmp_path / "pack"
    (package / "deep").mkdir(parents=True)
    texts = {
        "__init__.py": "",
        "a.py": "def late():\n    from pack.deep import b\n",
        "deep/__init__.py": "",
        "deep/b.py": "from . import c\n",
        "deep/c.py": "",
        "d.py": "import numpy\n",
        "anything.py": "import importlib\n",
    }
    for name, text in texts.items():
        (package / name).write_text(text, encoding="utf-8")
    modules = Modules(package)
    assert modules.closure("from pack import a\n") == {"pack", "pack.a", "pack.deep", "pack.deep.b", "pack.deep.c"}
    assert modules.closure("import pack.d as d\n") == {"pack", "pack.d"}
    assert modules.closure("from pack.anything import x\n") == set(modules.paths)
    assert modules.closure("this is no Python\n") == set(modules.paths)


def test_a_module_concerns_those_who_can_import_it():
    modules = Modules(REAL.package)
    start = modules.closure(START)
    assert {"secondlook.audit", "secondlook.checks.times", "secondlook.wald"} <= start
    assert "secondlook.teaching.penalised" not in start
    assert not any(name.startswith("secondlook.build") for name in start)
    assert set(modules.paths) >= traces.EXECUTION
