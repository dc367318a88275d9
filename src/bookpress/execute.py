"""Execution: each notebook runs once per content, by papermill, in a kernel of its own.

Kernels run from the project's root, in an environment that is the same everywhere (:mod:`bookpress.environment`), and
talk over sockets in a private folder (shared folders cross wires between parallel kernels), where a system has such.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from bookpress import environment, pairs, parameters, results, systems
from bookpress.errors import BuildError, told
from bookpress.files import digest, write_whole
from bookpress.keys import Keys
from bookpress.paths import Project

TIMEOUT = 900
START_TIMEOUT = 120
LONGEST = 1 << 20  # bytes of what a dying kernel says that are read
ERROR = re.compile(r"^\w+Error: .+", re.MULTILINE)
# A kernel that is told to stop says so as if it were an error.
KERNEL_OPTIONS = ["--log-level=CRITICAL"]


@dataclass(frozen=True)
class Job:
    """One notebook to execute: its source and the digest of that, its parameters and the key of its result."""

    source: Path
    digest: str
    parameters: Mapping[str, object]
    key: str

    @property
    def name(self) -> str:
        """The notebook's name without suffix, as users say it."""
        return self.source.stem


@dataclass(frozen=True)
class Run:
    """What the jobs of one run have in common.

    ``folder`` is private to the build; ``state`` is the key of what notebooks read, which must not change meanwhile;
    ``server`` is the address of the process from which kernels are forked, or empty for plain kernels.
    """

    project: Project
    folder: Path
    state: str
    timeout: int = TIMEOUT
    server: str = ""


def result_path(project: Project, job: Job) -> Path:
    """Return where the executed notebook of this content lies or will lie."""
    return project.cache / f"{job.key}.ipynb"


def execute_all(
    project: Project,
    jobs: list[Job],
    keys: Keys,
    folder: Path,
    workers: int = 2,
    timeout: int = TIMEOUT,
    say: Callable[[str], None] = print,
    plain: bool = False,
) -> None:
    """Execute every job whose result is not in the cache, in parallel, and report each as it ends.

    All notebooks are given their chance; then one error names all that failed. ``plain`` starts every kernel as a
    new process instead of forking it from a warm one; ``folder`` is private to this build.
    """
    todo = [job for job in jobs if not result_path(project, job).is_file()]
    todo.sort(key=lambda job: -job.source.stat().st_size)  # long ones first, so that none is left over at the end
    say(f"notebooks: {len(jobs)}, of which {len(jobs) - len(todo)} unchanged")
    if not todo:
        return
    for job in todo:  # before any of them runs
        parameters.changed(job.name, pairs.load(job.source), job.parameters)
    with warm_process(project, todo, keys, folder, plain, say) as server:
        failures = _run_pool(Run(project, folder, keys.state, timeout, server), todo, workers, say)
    if failures:
        raise BuildError("\n\n".join(failures))


@contextlib.contextmanager
def warm_process(
    project: Project, jobs: list[Job], keys: Keys, folder: Path, plain: bool = False, say: Callable[[str], None] = print
) -> Iterator[str]:
    """Start the process from which these jobs' kernels are forked; yield its address, empty for plain kernels."""
    from warmkernel import manager

    if plain or not manager.possible():
        yield ""
        return
    settings, own = project.settings, folder / "warm"
    own.mkdir()
    named = {name for job in jobs for name in keys.modules.named(job.source.read_text(encoding="utf-8"))}
    modules = dict.fromkeys((*settings.warm, *sorted(named)))
    variables = environment.variables(project, folder, own)
    argument = dict(jobs[0].parameters)
    with manager.warm_process(modules, variables, project.root, say, settings.prepare, argument, folder) as server:
        yield server


def _run_pool(run: Run, todo: list[Job], workers: int, say: Callable[[str], None]) -> list[str]:
    failures, spawn = [], multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max(1, min(workers, len(todo))), spawn, end_with_parent) as pool:
        running = {pool.submit(execute_one, run, job): job for job in todo}
        try:
            for number, future in enumerate(as_completed(running), start=1):
                job, (seconds, failure) = running[future], future.result()
                word = "FAILED after" if failure else "executed in"
                say(f"[{number}/{len(todo)}] {job.name}: {word} {seconds:.1f} s")
                failures += [failure] if failure else []
        except BrokenProcessPool:
            killed = "a process that executes notebooks was killed, perhaps by the system for want of memory"
            raise BuildError(f"{killed}: build again, or with fewer workers") from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return failures


def end_with_parent() -> None:
    """Let this worker end at once when the build is killed: it would wait for work for ever."""

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def execute_one(run: Run, job: Job) -> tuple[float, str | None]:
    """Execute one notebook and file its result; return the seconds it took and what went wrong, if anything.

    What may have been computed from files that are no longer those of its key is not filed.
    """
    import nbformat

    start, failure = time.monotonic(), None
    try:
        notebook = _run(run, job)
        if digest(job.source) != job.digest or Keys(run.project, job.parameters).state != run.state:
            raise BuildError(f"{job.name}: files changed while it was executed: build again")
        write_whole(result_path(run.project, job), nbformat.writes(notebook) + "\n")
    except BuildError as problem:
        failure = str(problem)
    except OSError as problem:
        failure = f"{job.name}: {told(problem)}"
    return time.monotonic() - start, failure


def _run(run: Run, job: Job):
    """Run a notebook in a fresh kernel; every way to fail comes out as a BuildError that names notebook and cell."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    notebook = pairs.load(job.source)
    changed = parameters.changed(job.name, notebook, job.parameters)
    with private_kernel(run) as config, overheard() as last_error:
        try:
            executed = papermill.execute_notebook(
                notebook,
                None,
                parameters=changed or None,
                kernel_name="python3",
                progress_bar=False,
                cwd=str(run.project.root),
                start_timeout=START_TIMEOUT,
                execution_timeout=run.timeout,
                config=config,
                extra_arguments=KERNEL_OPTIONS,
            )
        except PapermillExecutionError as error:
            raise BuildError(results.describe(job.name, notebook, error)) from None
        except CellTimeoutError as error:
            raise BuildError(f"{job.name}: {_first_line(error)} (limit {run.timeout} s a cell)") from None
        except (DeadKernelError, RuntimeError, OSError) as error:
            reason = last_error() or _first_line(error)
            raise BuildError(f"{job.name}: the kernel died or did not start: {reason}") from None
    results.check(job.name, executed)
    return results.clean(job.name, executed, run.project.root)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


@contextlib.contextmanager
def overheard() -> Iterator[Callable[[], str]]:
    """Hear what a kernel that dies writes to standard error, a traceback most often, instead of showing it.

    Yields a function that returns the line of the last error in it. Nothing of it is on a disk, which may be full.
    """
    memory = os.memfd_create("kernel") if hasattr(os, "memfd_create") else os.open(os.devnull, os.O_RDWR)
    with open(memory, "r+b", buffering=0) as said:  # noqa: PTH123
        before = os.dup(2)
        os.dup2(said.fileno(), 2)
        try:
            yield lambda: (ERROR.findall(os.pread(said.fileno(), LONGEST, 0).decode(errors="replace")) or [""])[-1]
        finally:
            os.dup2(before, 2)
            os.close(before)


@contextlib.contextmanager
def private_kernel(run: Run) -> Iterator:
    """Give a kernel a folder and an environment of its own, the same everywhere; yield its configuration.

    IPC sockets silence ipykernel's warning about TCP. The folder is removed with everything in it when the kernel has
    gone.
    """
    from traitlets.config import Config

    config = Config()
    config.NotebookClient.shutdown_kernel = "immediate"  # all that it said has arrived; it has nothing left to do
    if run.server:
        config.NotebookClient.kernel_manager_class = "warmkernel.manager.ForkedKernelManager"
        config.ForkedKernelManager.server = run.server
    with tempfile.TemporaryDirectory(prefix="k", dir=run.folder, ignore_cleanup_errors=True) as folder:
        if systems.UNIX_SOCKETS:
            config.KernelManager.transport, config.KernelManager.ip = "ipc", str(Path(folder, "kernel"))
        with environment.in_place(environment.variables(run.project, run.folder, Path(folder))):
            yield config
