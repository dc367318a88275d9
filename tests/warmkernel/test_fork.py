"""Forked kernels: what they print is what plain kernels print, and they stop when told to.

Authority: plain kernels, started by jupyter_client as everywhere; the two are compared output by output.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from bookpress import build as steps
from bookpress import execute, pairs
from bookpress.paths import Project
from warmkernel import manager as fork

REAL = Project(Path(__file__).resolve().parents[2])
PARAMETERS = '# %% tags=["parameters", "remove-cell"]\npublished = "data/published"\nalpha = 0.05\ncohort = ""\n'
STATE = f"""\
{PARAMETERS}
# %%
import os, sys, threading
import matplotlib, numpy as np, pandas as pd
import matplotlib.pyplot as plt
print({{k: v for k, v in sorted(os.environ.items()) if k not in {{"JPY_PARENT_PID", "IPYTHONDIR", "JUPYTER_CONFIG_DIR",
       "JUPYTER_RUNTIME_DIR", "JPY_SESSION_NAME"}}}})
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

pytestmark = pytest.mark.skipif(not fork.possible(), reason="kernels are forked on Linux only")


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


def job(project: Project, name: str) -> execute.Job:
    """Return the job of a notebook."""
    return execute.Job(
        project.notebooks / f"{name}.py", steps.DEFAULTS, steps.all_keys(project, steps.DEFAULTS)[0][name]
    )


def outputs(project: Project, *jobs: execute.Job, plain: bool = False) -> list[str]:
    """Execute anew; return the texts of the results."""
    shutil.rmtree(project.cache, ignore_errors=True)
    execute.execute_all(project, list(jobs), workers=1, say=lambda _: None, plain=plain)
    return [execute.result_path(project, one).read_text(encoding="utf-8") for one in jobs]


def test_a_forked_kernel_prints_what_a_plain_one_prints_and_inherits_nothing(project):
    """The notebook prints environment, path, options, figures; a notebook that soiled its own kernel ran before it."""
    _, forked = outputs(project, job(project, "02-dirty"), job(project, "01-state"))
    (plain,) = outputs(project, job(project, "01-state"), plain=True)
    assert forked == plain
    assert "image/svg+xml" in forked
    assert "said aloud" in forked


def test_a_figure_of_the_book_is_drawn_as_what_is_shown_and_not_as_pixels_before(project):
    """pyplot's own hook draws each figure at the end of a cell; the inline backend draws what is sent."""
    (project.notebooks / "03-drawn.py").write_text(DRAWN, encoding="utf-8")
    (forked,) = outputs(project, job(project, "03-drawn"))
    (plain,) = outputs(project, job(project, "03-drawn"), plain=True)
    assert forked == plain
    assert "image/svg+xml" in forked
    assert "drawn by {'MixedModeRenderer'}" in forked


@pytest.mark.slow
def test_two_notebooks_of_the_book_are_the_same_bytes_from_both_kinds_of_kernel(tmp_path):
    project = Project(tmp_path / "project")
    for place in (REAL.notebooks, REAL.data):
        shutil.copytree(place, project.root / place.name, ignore=shutil.ignore_patterns("*.ipynb"))
    names = ("24-introduction", "30-subsequent-treatment")
    forked = outputs(project, *(job(project, name) for name in names))
    plain = outputs(project, *(job(project, name) for name in names), plain=True)
    assert forked == plain


def test_a_kernel_is_ready_as_soon_as_it_is_idle_and_what_others_asked_is_let_pass():
    """An answer to somebody else, and the busy before the idle, are no answer."""
    assert fork.ForkedKernelManager().client_factory is fork.PromptClient
    said = [("other", "status", "idle"), ("mine", "status", "busy"), ("mine", "stream", ""), ("mine", "status", "idle")]
    waiting = [
        {"parent_header": {"msg_id": asked}, "msg_type": kind, "content": {"execution_state": state}}
        for asked, kind, state in said
    ]

    async def receive(timeout: float) -> dict:
        return waiting.pop(0)

    answer = fork.PromptClient()._answer(receive, "mine", "status", 1, execution_state="idle")
    assert asyncio.run(answer)["content"] == {"execution_state": "idle"}
    assert waiting == []


# --- the process itself -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A warm process with nothing but the kernel's own modules imported, and the environment that it has."""
    project = Project(tmp_path_factory.mktemp("warm"))
    environment = {**os.environ, **execute.kernel_environment(project, project.root)}
    with fork.warm_process([], environment, project.root) as address:
        yield address, environment, project.root


def start(server, code: str) -> fork.ForkedProcess:
    """Fork a kernel that runs `code` before it serves anybody."""
    address, environment, folder = server
    argv = ["-f", str(folder / "connection.json"), "--log-level=CRITICAL", f"--IPKernelApp.exec_lines={code}"]
    return fork.ForkedProcess(address, argv, environment, str(folder))


def wait_for(file: Path, seconds: float = 20) -> None:
    """Wait until a file is there."""
    start = time.monotonic()
    while not file.exists():
        assert time.monotonic() - start < seconds, f"{file.name} never came"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Say whether a process exists and is not just waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_exit_code_comes_back(server):
    assert start(server, "import os; os._exit(3)").wait(20) == 3


def test_a_kill_ends_the_kernel_and_says_so(server):
    process = start(server, "import time; time.sleep(60)")
    assert process.poll() is None
    process.kill()
    assert process.wait(20) == -signal.SIGKILL
    process.kill()  # a second one does no harm


def test_waiting_has_a_limit(server):
    process = start(server, "import time; time.sleep(60)")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.1)
    process.kill()
    process.wait(20)


def test_a_kernel_that_nobody_waits_for_any_more_is_killed(server, tmp_path):
    process = start(server, f"open('{tmp_path}/up', 'w').close(); import time; time.sleep(60)")
    wait_for(tmp_path / "up")
    process.connection.close()
    limit = time.monotonic() + 20
    while alive(process.pid):
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_the_end_of_the_build_leaves_no_kernel_behind(tmp_path):
    project = Project(tmp_path)
    environment = {**os.environ, **execute.kernel_environment(project, tmp_path)}
    with fork.warm_process([], environment, tmp_path) as address:
        process = start(
            (address, environment, tmp_path), f"open('{tmp_path}/up', 'w').close(); import time; time.sleep(60)"
        )
        wait_for(tmp_path / "up")
        folder = Path(address).parent
    assert process.wait(20) == -signal.SIGKILL
    assert not alive(process.pid)
    assert not folder.exists()


def until_it_has_ended(address: str) -> None:
    """Wait until nobody holds the socket any more, and a little longer, until the process is gone too."""
    with contextlib.suppress(ConnectionRefusedError):
        for _ in range(600):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.connect(address)
            time.sleep(0.1)
    time.sleep(1)


@pytest.mark.parametrize(
    "body",
    [
        "raise ImportError('broken')",
        "print('loud')",
        "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    ],
)
def test_a_process_that_is_no_good_to_fork_from_answers_nobody(tmp_path, body):
    (tmp_path / "bad.py").write_text(body, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    said = []
    with fork.warm_process(["bad"], environment, tmp_path, said.append) as address:
        with pytest.raises((OSError, ValueError)):
            fork.ForkedProcess(address, [], environment, str(tmp_path))
        until_it_has_ended(address)
    assert len(said) == 1
    assert said[0].startswith("kernels were not forked: ")
    assert any(word in said[0] for word in ("broken", "says something", "threads"))


@pytest.mark.slow
def test_all_that_the_books_notebooks_import_can_be_imported_before_forking():
    """Otherwise every kernel of the book would start plainly, rightly but slowly, and nobody would notice."""
    jobs = [execute.Job(source, steps.DEFAULTS, "") for source in pairs.sources(REAL)]
    with execute.warm_process(REAL, jobs) as address:
        folder = Path(address).parent
        environment = {**os.environ, **execute.kernel_environment(REAL, folder)}
        assert start((address, environment, folder), "import os; os._exit(3)").wait(60) == 3


# --- what a build sees ------------------------------------------------------------------------------------------------


def test_without_a_warm_process_kernels_start_plainly(project, monkeypatch):
    monkeypatch.setattr(execute.tempfile, "tempdir", str(project.root))
    _, failure = execute.execute_one(project, job(project, "02-dirty"), server=str(project.root / "nowhere"))
    assert failure is None


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("while True: pass", r"02-dirty: .*limit 1 s"),
        ("import os; os._exit(3)", "02-dirty: the kernel died"),
        ("1 / 0", "(?s)02-dirty: cell 2 of 2 failed.*ZeroDivisionError: division by zero"),
        ("import warnings; warnings.warn('old habit')", "(?s)02-dirty: cell 2 wrote to standard error.*old habit"),
    ],
)
def test_every_way_to_fail_is_told_as_with_plain_kernels(project, server, cell, message):
    (project.notebooks / "02-dirty.py").write_text(f"{PARAMETERS}\n# %%\n{cell}\n", encoding="utf-8")
    _, failure = execute.execute_one(project, job(project, "02-dirty"), timeout=1, server=server[0])
    assert re.search(message, failure)


def test_an_interrupt_reaches_the_cell_and_the_kernel_lives_on(server):
    """Authority: jupyter_client's own managers, whose interrupt raises KeyboardInterrupt in the cell that runs."""
    address, environment, folder = server
    manager = fork.ForkedKernelManager(kernel_name="python3", transport="ipc", ip=str(folder / "k"), server=address)

    async def answer(client, asked: str) -> dict:
        """Return the answer to what was asked: a slow start leaves answers to other questions."""
        while (message := await client.get_shell_msg(timeout=30))["parent_header"].get("msg_id") != asked:
            pass
        return message

    async def interrupted() -> tuple[str, str]:
        await manager.start_kernel(env=environment, cwd=str(folder), extra_arguments=execute.KERNEL_OPTIONS)
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=30)
            # The cell says when it runs: an interrupt that comes between its announcement and its first line is lost.
            asked = client.execute("import time; print('on', flush=True); time.sleep(60)", stop_on_error=False)
            while (await client.get_iopub_msg(timeout=30))["msg_type"] != "stream":
                pass
            await manager.interrupt_kernel()
            first = await answer(client, asked)
            second = await answer(client, client.execute("1"))
        finally:
            client.stop_channels()
            await manager.shutdown_kernel()
        return first["content"].get("ename"), second["content"]["status"]

    assert asyncio.run(interrupted()) == ("KeyboardInterrupt", "ok")
    assert isinstance(manager.provisioner, fork.ForkProvisioner)
