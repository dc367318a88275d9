"""Execution: each notebook runs once per content, by papermill, in a kernel of its own.

Kernels run from the project's root, see no configuration of whoever runs them, and talk over sockets in a private
folder (shared folders cross wires between parallel kernels). What comes back carries no trace of machine or hour.
"""

from __future__ import annotations

import ast
import contextlib
import multiprocessing
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from bookpress import keys, pairs
from bookpress.errors import BuildError
from bookpress.paths import ROOT_VARIABLE, Project

TIMEOUT = 900
START_TIMEOUT = 120
MAY_WARN = "allow-stderr"
PARAMETERS_TAG = "parameters"
ADDRESS = re.compile(r"<[\w.]+( object)? at 0x[0-9a-f]+>")
# A kernel that is told to stop says so as if it were an error.
KERNEL_OPTIONS = ["--log-level=CRITICAL"]
INJECTED_TAG = "injected-parameters"
COLOUR = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True)
class Job:
    """One notebook to execute: its source, its parameters and the key of its result."""

    source: Path
    parameters: Mapping[str, object]
    key: str

    @property
    def name(self) -> str:
        """The notebook's name without suffix, as users say it."""
        return self.source.stem


def result_path(project: Project, job: Job) -> Path:
    """Return where the executed notebook of this content lies or will lie."""
    return project.cache / f"{job.key}.ipynb"


def declared_parameters(notebook) -> dict[str, object]:
    """Return the names and default values that the cell tagged ``parameters`` assigns."""
    for cell in notebook.cells:
        if PARAMETERS_TAG in cell.metadata.get("tags", ()):
            return dict(_assignments(cell.source))
    return {}


def _assignments(code: str) -> Iterable[tuple[str, object]]:
    for node in ast.parse(code).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and getattr(node, "value", None) is not None:
                yield target.id, ast.literal_eval(node.value)


def check_parameters(name: str, notebook, parameters: Mapping[str, object]) -> dict[str, object]:
    """Refuse parameters that the notebook does not declare; return those that differ from its defaults.

    Papermill itself only prints a message for a name it does not know, and the run goes on without it.
    """
    declared = declared_parameters(notebook)
    unknown = sorted(set(parameters) - set(declared))
    if unknown:
        known = ", ".join(declared) or "none (it has no cell tagged parameters)"
        raise BuildError(f"{name}: unknown parameter {', '.join(unknown)}; the notebook declares {known}")
    return {key: value for key, value in parameters.items() if declared[key] != value}


def long_first(jobs: Iterable[Job]) -> list[Job]:
    """Return jobs in the order in which they are executed: long ones first, so that none is left over at the end."""
    return sorted(jobs, key=lambda job: -job.source.stat().st_size)


def execute_all(
    project: Project,
    jobs: list[Job],
    workers: int = 2,
    timeout: int = TIMEOUT,
    say: Callable[[str], None] = print,
    plain: bool = False,
    ended: Callable[[Job], None] = lambda _: None,
) -> None:
    """Execute every job whose result is not in the cache, in parallel, and report each as it ends.

    All notebooks are given their chance; then one error names all that failed. ``plain`` starts every kernel as a
    new process instead of forking it from a warm one. ``ended`` is called with each job that has succeeded.
    """
    todo = long_first(job for job in jobs if not result_path(project, job).is_file())
    say(f"notebooks: {len(jobs)}, of which {len(jobs) - len(todo)} unchanged")
    if not todo:
        return
    with warm_process(project, todo, plain, say) as server:
        for job in todo:  # before any of them runs, and while the warm process imports
            check_parameters(job.name, pairs.load(job.source), job.parameters)
        failures = _run_pool(project, todo, workers, timeout, say, server, ended)
    if failures:
        raise BuildError("\n\n".join(failures))


@contextlib.contextmanager
def warm_process(
    project: Project, jobs: Collection[Job], plain: bool = False, say: Callable[[str], None] = print
) -> Iterator[str | None]:
    """Start the process from which these jobs' kernels are forked; yield its address, or None for plain kernels."""
    if plain or not hasattr(os, "fork"):
        yield None
        return
    from warmkernel import manager as fork

    if not fork.possible():
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="sl-"))
    try:
        environment = {**os.environ, **kernel_environment(project, folder)}
        stack = fork.STACK if len(jobs) > 1 else ()  # for a single kernel no more than it imports itself
        modules = dict.fromkeys((*stack, *imported(jobs)))
        paper = str(next(iter(jobs)).parameters.get("published", ""))
        with fork.warm_process(modules, environment, project.root, say, paper) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def imported(jobs: Iterable[Job]) -> list[str]:
    """Return the modules of this package that the notebooks import."""
    found = set()
    for job in jobs:
        with contextlib.suppress(SyntaxError, UnicodeDecodeError):  # the kernel will say so, and where
            for node in ast.walk(ast.parse(job.source.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return sorted(name for name in found if _is_module(name))


def _is_module(name: str) -> bool:
    """Say whether a dotted name is a module of this package, importing nothing."""
    package = Path(__file__).parents[1]
    top, *rest = name.split(".")
    place = package.joinpath(*rest)
    return top == package.name and (place.with_suffix(".py").is_file() or (place / "__init__.py").is_file())


def _run_pool(project: Project, todo: list[Job], workers: int, timeout: int, say, server, ended) -> list[str]:
    failures, spawn = [], multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max(1, min(workers, len(todo))), spawn, end_with_parent) as pool:
        running = {pool.submit(execute_one, project, job, timeout, server): job for job in todo}
        try:
            for number, future in enumerate(as_completed(running), start=1):
                job, (seconds, failure) = running[future], future.result()
                say(
                    f"[{number}/{len(todo)}] {job.name}: {'FAILED after' if failure else 'executed in'} {seconds:.1f} s"
                )
                if failure:
                    failures.append(failure)
                else:
                    ended(job)
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


def execute_one(
    project: Project, job: Job, timeout: int = TIMEOUT, server: str | None = None
) -> tuple[float, str | None]:
    """Execute one notebook and file its result; return the seconds it took and what went wrong, if anything.

    What may have been computed from files that are no longer those of its key is not filed.
    """
    start, failure = time.monotonic(), None
    try:
        notebook = _run(project, job, timeout, server)
        if keys.notebook_key(job.source, keys.shared_part(project, job.parameters)) != job.key:
            raise BuildError(f"{job.name}: files changed while it was executed: build again")
        _file(notebook, result_path(project, job))
    except BuildError as problem:
        failure = str(problem)
    except OSError as problem:
        failure = f"{job.name}: {problem}"
    return time.monotonic() - start, failure


def _run(project: Project, job: Job, timeout: int, server: str | None):
    """Run a notebook in a fresh kernel; every way to fail comes out as a BuildError that names notebook and cell."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    notebook = pairs.load(job.source)
    changed = check_parameters(job.name, notebook, job.parameters)
    with private_kernel(project, server) as config:
        try:
            executed = papermill.execute_notebook(
                notebook,
                None,
                parameters=changed or None,
                kernel_name="python3",
                progress_bar=False,
                cwd=str(project.root),
                start_timeout=START_TIMEOUT,
                execution_timeout=timeout,
                config=config,
                extra_arguments=KERNEL_OPTIONS,
            )
        except PapermillExecutionError as error:
            raise BuildError(describe(job.name, notebook, error)) from None
        except CellTimeoutError as error:
            raise BuildError(f"{job.name}: {_first_line(error)} (limit {timeout} s a cell)") from None
        except (DeadKernelError, RuntimeError, OSError) as error:
            raise BuildError(f"{job.name}: the kernel died or did not start: {_first_line(error)}") from None
    refuse_warnings(job.name, executed)
    return clean(executed, project)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def describe(name: str, notebook, error) -> str:
    """Say which cell of which notebook failed, with the cell's text and the error."""
    ordinal = next((i for i, cell in enumerate(notebook.cells, start=1) if cell.source == error.source), None)
    where = f"cell {ordinal} of {len(notebook.cells)}" if ordinal else f"In [{error.exec_count}]"
    source = "\n".join(f"    {line}" for line in error.source.splitlines()[:12])
    trace = COLOUR.sub("", error.traceback[-1]) if error.traceback else ""
    last = trace.strip().splitlines()[-1] if trace.strip() else f"{error.ename}: {error.evalue}"
    message = last if error.ename in last else f"{error.ename}: {error.evalue}"
    return f"{name}: {where} failed\n{source}\n  {message}"


def refuse_warnings(name: str, notebook) -> None:
    """Refuse what a cell wrote to standard error: a warning is to be dealt with, not published."""
    for ordinal, cell in enumerate(notebook.cells, start=1):
        if MAY_WARN in cell.metadata.get("tags", ()):
            continue
        text = "".join(out.text for out in cell.get("outputs", ()) if out.get("name") == "stderr")
        if text:
            raise BuildError(f"{name}: cell {ordinal} wrote to standard error\n    {text.strip()[:800]}")


def clean(notebook, project: Project):
    """Strip what names the run: papermill's and the kernel's metadata, machine paths, random cell ids."""
    notebook.metadata = type(notebook.metadata)(kernelspec=dict(pairs.KERNEL), language_info={"name": "python"})
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        tags = cell.metadata.get("tags", [])
        if INJECTED_TAG in tags:
            cell.metadata["tags"] = [*tags, "remove-cell"]  # no box above the title
            cell.source = _without_folders(cell.source)
        elif not tags:
            cell.metadata.pop("tags", None)
        if "outputs" in cell:
            drawn = "figure" in cell.metadata.get("mystnb", {})
            cell.outputs = joined([output for output in cell.outputs if not _is_echo(output, drawn)])
        for output in cell.get("outputs", ()):
            _scrub(output, str(project.root))
    pairs.fix_cell_ids(notebook)
    return notebook


def joined(outputs: Iterable) -> list:
    """Return the outputs with pieces of one stream put together: where a kernel cuts it depends on how fast it runs."""
    found: list = []
    for output in outputs:
        if found and output.output_type == found[-1].output_type == "stream" and output.name == found[-1].name:
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def _is_echo(output, drawn: bool) -> bool:
    """Say whether an output is but what a plotting call returned: a text beside a figure, or an object's address."""
    data = output.get("data", {})
    return set(data) == {"text/plain"} and (drawn or ADDRESS.search(data["text/plain"]) is not None)


def _without_folders(source: str) -> str:
    """Keep of an absolute path in an injected parameter only its name: where a file lay is nobody's business."""
    lines = []
    for line in source.splitlines():
        name, equals, value = line.partition(" = ")
        if equals and value[:2] in {'"/', "'/"}:
            value = f'"{Path(ast.literal_eval(value)).name}"'
        lines.append(name + equals + value)
    return "\n".join(lines)


def _scrub(output, root: str) -> None:
    """Replace the project's folder by a dot wherever an output shows it."""
    if "text" in output:
        output["text"] = output["text"].replace(root, ".")
    for kind, value in output.get("data", {}).items():
        if isinstance(value, str) and kind.startswith("text/"):
            output["data"][kind] = value.replace(root, ".")
    output.pop("execution_count", None) if output.get("output_type") != "execute_result" else None


def _file(notebook, target: Path) -> None:
    """Write the result under another name first: a cache entry is whole or absent."""
    import nbformat

    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.stem}.{os.getpid()}.part")
    part.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    part.replace(target)


@contextlib.contextmanager
def private_kernel(project: Project, server: str | None = None) -> Iterator:
    """Give a kernel a socket folder of its own and an environment that is the same on every machine.

    ``server`` is the address of the process to fork it from; without one it is a new process.
    IPC sockets silence ipykernel's warning about TCP. Paths of sockets are short by law (about 100 bytes), hence
    the short prefix; the folder is removed with everything in it when the kernel has gone.
    """
    from traitlets.config import Config

    folder, before = Path(tempfile.mkdtemp(prefix="sl-")), dict(os.environ)
    config = Config()
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = str(folder / "kernel")
    config.NotebookClient.shutdown_kernel = "immediate"  # all that it said has arrived; it has nothing left to do
    if server:
        config.NotebookClient.kernel_manager_class = "warmkernel.manager.ForkedKernelManager"
        config.ForkedKernelManager.server = server
    os.environ.update(kernel_environment(project, folder))
    try:
        yield config
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)


def kernel_environment(project: Project, private: Path) -> dict[str, str]:
    """Return the variables that make a kernel run alike everywhere."""
    figures = project.output / "matplotlib"
    figures.mkdir(parents=True, exist_ok=True)
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        ROOT_VARIABLE: str(project.root),
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_RUNTIME_DIR": str(private),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MPLCONFIGDIR": str(figures),
        "COLUMNS": "100",
        **one_thread,
    }
