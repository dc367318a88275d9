"""A project of its own in a folder: two small notebooks and a page; configuration, extensions and style are the real ones."""

from __future__ import annotations

import shutil
from pathlib import Path

from bookpress import build as steps
from bookpress import environment, execute
from bookpress.keys import Keys
from bookpress.paths import Project

REAL = Project(Path(__file__).resolve().parents[1])
PUBLISHED = "data/published"
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
import tiny.used
print(Path("data/published/numbers.csv").resolve())
"""
TOC = "format: jb-book\nroot: index\nchapters:\n  - file: notebooks/01-other\n  - file: book/page\n"
SETTINGS = """\
[tool.bookpress]
parameters = { published = "data/published", alpha = 0.05, cohort = "" }
paths = { published = [], cohort = ["beside.csv"] }
inputs = ["data", "requirements.lock"]
check = "tiny.hooks:check"
downloads = "tiny.hooks:lay"
prepare = "tiny.hooks:prepare"
"""
HOOKS = '''\
"""What the small project adds to its build."""
import shutil
from pathlib import Path

prepared = []


def prepare(parameters):
    prepared.append(parameters["alpha"])


def check(root, parameters):
    if parameters["cohort"] and not (root / parameters["cohort"]).is_file():
        raise ValueError(f"{parameters['cohort']}: no such cohort file")


def lay(root, parameters, folder):
    published = Path(root, parameters["published"])
    if "refused" in (published / "numbers.csv").read_text():
        raise ValueError("numbers.csv: refused")
    shutil.copytree(published, Path(folder, "data", "published"))
'''


def make_project(root: Path) -> Project:
    """Lay the project."""
    project, package = Project(root), root / "src" / "tiny"
    for folder in (project.notebooks, root / PUBLISHED, project.book, package):
        folder.mkdir(parents=True)
    files = {"__init__": "", "hooks": HOOKS, "used": "from tiny import deep\n", "deep": "a = 1\n", "unused": "a = 1\n"}
    for name, text in files.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    (package / "table.json").write_text("{}\n", encoding="utf-8")
    (root / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (project.notebooks / "00-landing.py").write_text(LANDING, encoding="utf-8")
    (project.notebooks / "01-other.py").write_text(OTHER, encoding="utf-8")
    (root / PUBLISHED / "numbers.csv").write_text("id,printed\na,1.0\n", encoding="utf-8")
    (project.book / "page.md").write_text("# Page\n\nMath: $x^2$.\n", encoding="utf-8")
    (project.book / "references.bib").write_text("", encoding="utf-8")
    project.toc.write_text(TOC, encoding="utf-8")
    (root / "requirements.lock").write_text("click==1\n", encoding="utf-8")
    shutil.copy(REAL.config, project.config)
    for name in ("_ext", "_static", "root"):
        shutil.copytree(REAL.book / name, project.book / name, ignore=shutil.ignore_patterns("__pycache__"))
    return project


def copy_real(root: Path) -> Project:
    """Copy all that a build of this book reads to another folder."""
    root.mkdir()
    for name in ("_config.yml", "_toc.yml", "pyproject.toml", "requirements.lock", "requirements.txt"):
        shutil.copy(REAL.root / name, root)
    for name in (".binder", "book", "notebooks", "data", "bench", "src"):
        shutil.copytree(REAL.root / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    return Project(root)


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace a text in a file that must hold it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def silent(_: str) -> None:
    """Say nothing."""


def keys_of(project: Project, **parameters: object) -> Keys:
    """Return the keys of a project as it is now."""
    return Keys(project, {**project.settings.parameters, **parameters})


def job_of(project: Project, name: str, **parameters: object) -> execute.Job:
    """Return the job of one notebook."""
    return steps.job_of(steps.find_source(project, name), keys_of(project, **parameters))


def executed(project: Project, *jobs: execute.Job, plain: bool = False) -> list[str]:
    """Execute anew; return the texts of the results."""
    shutil.rmtree(project.cache, ignore_errors=True)
    now = keys_of(project, **jobs[0].parameters)
    with environment.private(project) as folder:
        execute.execute_all(project, list(jobs), now, folder, workers=1, say=silent, plain=plain)
    return [execute.result_path(project, job).read_text(encoding="utf-8") for job in jobs]
