"""Forked kernels: what they print is what plain kernels print, and they stop when told to.

Authority: plain kernels, started by jupyter_client as everywhere; the two are compared output by output.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tiny_book import REAL, executed, job_of, keys_of

from bookpress import build as steps
from bookpress import environment, execute, pairs
from bookpress.paths import Project
from warmkernel import manager

PARAMETERS = '# %% tags=["parameters", "remove-cell"]\npublished = "data/published"\nalpha = 0.05\ncohort = ""\n'
STATE = f"""\
{PARAMETERS}
# %%
import os, sys, threading
import matplotlib, numpy as np, pandas as pd
import matplotlib.pyplot as plt
print({{k: v for k, v in sorted(os.environ.items()) if k not in {{"JPY_PARENT_PID", "IPYTHONDIR", "JUPYTER_CONFIG_DIR",
       "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "HOME", "USERPROFILE", "TMPDIR", "JPY_SESSION_NAME"}}}})
print(os.getcwd(), sys.path, sys.argv[0], __name__, hash("x"), os.getsid(0) == os.getpid(), sys.stdin.closed)

# %%
from pandas._config.config import _registered_options
print({{name: (pd.get_option(name, silent=True), option.defval) for name, option in sorted(_registered_options.items())}})
print(sorted((k, str(v)) for k, v in matplotlib.rcParams.items()), matplotlib.get_backend(), plt.isinteractive())
print(sorted(t.name.rstrip("0123456789") for t in threading.enumerate()))

# %%
pd.DataFrame(np.arange(600).reshape(10, 60) / 7)

# %%
print(pd.DataFrame(np.arange(600).reshape(10, 60) / 7))

# %% tags=["allow-stderr"]
print("said aloud", file=sys.stderr)
1 / 3

# %%
plt.rcParams["svg.hashsalt"] = "x"
from matplotlib_inline.backend_inline import set_matplotlib_formats
set_matplotlib_formats("svg", metadata={{"Date": None}})
plt.plot([1, 2], [3, 4]);

# %%
import secondlook.stats.wald, lifelines
[name for name in ("rossi", "x") if name in vars(lifelines)], set("abcdefgh")
"""
DIRTY = f"""\
{PARAMETERS}
# %%
import os, pandas as pd, matplotlib.pyplot as plt, numpy as np, random
pd.set_option("display.max_columns", 3)
plt.rcParams["lines.linewidth"] = 7
os.environ["LEFT_BEHIND"] = "1"
os.chdir("/")
print(np.random.random(), random.random())
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not manager.possible(), reason="kernels are forked on Linux only"),
]


DRAWN = f"""\
{PARAMETERS}
# %%
import matplotlib.figure
import matplotlib.pyplot as plt
from secondlook.pages import figures
figures.set_theme()
drawn, draw = [], matplotlib.figure.Figure.draw
def noted(figure, renderer):
    drawn.append(type(renderer).__name__)
    return draw(figure, renderer)
matplotlib.figure.Figure.draw = noted

# %%
plt.plot([1, 2], [3, 4]);

# %%
print("drawn by", set(drawn))
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that holds two notebooks and nothing else."""
    project = Project(tmp_path / "project")
    project.notebooks.mkdir(parents=True)
    (project.notebooks / "01-state.py").write_text(STATE, encoding="utf-8")
    (project.notebooks / "02-dirty.py").write_text(DIRTY, encoding="utf-8")
    return project


def test_a_forked_kernel_prints_what_a_plain_one_prints_and_inherits_nothing(project):
    """The notebook prints environment, path, options, figures; a notebook that soiled its own kernel ran before it.

    A figure of the book is drawn as what is shown and not as pixels before: pyplot's own hook draws each figure at the
    end of a cell; the inline backend draws what is sent.
    """
    (project.notebooks / "03-drawn.py").write_text(DRAWN, encoding="utf-8")
    compared = [job_of(project, name) for name in ("01-state", "03-drawn")]
    _, *forked = executed(project, job_of(project, "02-dirty"), *compared)
    assert forked == executed(project, *compared, plain=True)
    assert all("image/svg+xml" in text for text in forked)
    assert "said aloud" in forked[0]
    assert "drawn by {'MixedModeRenderer'}" in forked[1]


def test_all_that_the_books_notebooks_import_can_be_imported_before_forking(tmp_path):
    """Otherwise every kernel of the book would start plainly, rightly but slowly, and nobody would notice."""
    now, said = keys_of(REAL), []
    jobs = [steps.job_of(source, now) for source in pairs.sources(REAL)]
    with execute.warm_process(REAL, jobs, now, tmp_path, say=said.append) as address:
        variables = environment.variables(REAL, tmp_path)
        argv = ["-f", str(tmp_path / "c.json"), "--IPKernelApp.exec_lines=import os; os._exit(3)"]
        assert manager.ForkedProcess(address, argv, variables, str(tmp_path)).wait(60) == 3
    assert said == []


def test_without_a_warm_process_kernels_start_plainly(project):
    assert run_one(project, "02-dirty", server="/nowhere/at/all") is None


def run_one(project: Project, name: str, server: str, timeout: int = 60) -> str | None:
    """Execute one notebook with kernels of a server; return what went wrong, if anything."""
    with environment.private(project) as folder:
        run = execute.Run(project, folder, keys_of(project).state, timeout, server)
        return execute.execute_one(run, job_of(project, name))[1]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("while True: pass", r"02-dirty: .*limit 1 s"),
        ("import os; os._exit(3)", "02-dirty: the kernel died"),
        (
            "\n".join([*(f"x = {n}" for n in range(20)), "1 / 0", "x = 21"]),
            r"(?s)02-dirty: cell 2 of 2 failed at its line 21\n    x = 15\n.*\n  → 1 / 0\n    x = 21\n"
            ".*ZeroDivisionError: division by zero",
        ),
        ("1 +", r"(?s)02-dirty: cell 2 of 2 failed at its line 1\n  → 1 \+\n.*SyntaxError"),
        ("import warnings; warnings.warn('old habit')", "(?s)02-dirty: cell 2 wrote to standard error.*old habit"),
    ],
)
def test_every_way_to_fail_is_told_as_with_plain_kernels(project, cell, message):
    (project.notebooks / "02-dirty.py").write_text(f"{PARAMETERS}\n# %%\n{cell}\n", encoding="utf-8")
    with (
        environment.private(project) as folder,
        manager.warm_process([], environment.variables(project, folder), project.root, folder=folder) as server,
    ):
        run = execute.Run(project, folder, keys_of(project).state, 1, server)
        _, failure = execute.execute_one(run, job_of(project, "02-dirty"))
    assert re.search(message, failure)
