"""The build, end to end: keys → execution → stage → site. Each step is a small module; this one puts them in order."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bookpress import keys, pairs
from bookpress.errors import BuildError
from bookpress.paths import Project
from secondlook.writing import write_whole

DEFAULTS: dict[str, object] = {"published": "data/published", "alpha": 0.05, "cohort": ""}
STAMP = "last-build"

__all__ = ["DEFAULTS", "BuildError", "build", "build_notebook"]


def build(
    project: Project,
    parameters: Mapping[str, object] | None = None,
    workers: int = 2,
    say: Callable[[str], None] = print,
    force: bool = False,
    plain: bool = False,
    timeout: int | None = None,
) -> bool:
    """Build the book; return whether there was anything to do.

    ``parameters`` override the notebooks' defaults. ``force`` forgets every cached result first; ``plain`` starts
    kernels as new processes instead of forking them; ``timeout`` limits each cell, in seconds. Raises
    :class:`BuildError` with a message for the user, and then leaves the last good book as it was.
    """
    parameters = {**DEFAULTS, **(parameters or {})}
    check_paths(project, parameters)
    with only_one(project, say):
        tidy_up(project)
        if force:
            for folder in (project.cache, project.output / "pages"):
                shutil.rmtree(folder, ignore_errors=True)
            stamp(project).unlink(missing_ok=True)
        shared = keys.shared_part(project, parameters)
        notebook_keys, whole = all_keys(project, parameters, shared)
        if is_current(project, whole):
            say(f"nothing changed: {shown(project.html / 'index.html')} is up to date")
            return False
        options = {"workers": workers, "say": say, "plain": plain, **({"timeout": timeout} if timeout else {})}
        with made(project, parameters, notebook_keys, shared, **options) as fresh:
            publish(project, fresh, parameters, whole)
            say(f"the book: {shown(project.html / 'index.html')}")
    return True


def all_keys(project: Project, parameters: Mapping[str, object], shared=None) -> tuple[dict[str, str], str]:
    """Return the content key of each notebook by name, and that of the whole book."""
    shared = shared or keys.shared_part(project, parameters)
    notebook_keys = {source.stem: keys.notebook_key(source, shared) for source in pairs.sources(project)}
    return notebook_keys, keys.site_key(project, notebook_keys, shared)


def publish(project: Project, fresh: Path, parameters: Mapping[str, object], whole: str) -> None:
    """Put a finished book in the last one's place, unless what it was made from has changed meanwhile.

    The stamp goes first and comes last: killed in between, the next build trusts neither book and builds again.
    """
    from bookpress import site

    if all_keys(project, parameters)[1] != whole:
        raise BuildError("files changed during the build: build again")
    stamp(project).unlink(missing_ok=True)
    site.swap(fresh, project.html)
    write_whole(stamp(project), whole)


def tidy_up(project: Project) -> None:
    """Mend what a build that was killed has left: a book set aside, half-written results, a lock of matplotlib's."""
    from bookpress import site

    site.recover(project.html)
    for left in (*project.cache.glob("*.part"), *project.output.glob("matplotlib/*.matplotlib-lock")):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


@contextlib.contextmanager
def made(project: Project, parameters, notebook_keys: Mapping[str, str], shared, say, **options) -> Iterator[Path]:
    """Execute what changed, stage it and build the pages; yield their folder. Afterwards forget results of old."""
    from bookpress import execute, site, stage, tables

    start = time.monotonic()
    sources = pairs.sources(project)
    stage.check_contents(project, sources)
    jobs = [execute.Job(source, parameters, notebook_keys[source.stem]) for source in sources]
    with site.jupyter_book(project) as pages, tables.in_background(project, parameters) as offered:

        def begin_pages() -> None:
            """Let Jupyter Book read what is there, while notebooks are still being executed."""
            if not pages.started:
                stage.add_tables(project, offered.finished())
                pages.start()

        def ended(job: execute.Job) -> None:
            stage.add_notebook(project, job)
            if offered.ready():
                begin_pages()

        stage.build_stage(project, execute.long_first(jobs), parameters)
        if offered.ready():
            begin_pages()
        execute.execute_all(project, jobs, say=say, ended=ended, **options)
        begin_pages()
        say("pages: Jupyter Book, warnings as errors")
        fresh = pages.finish()
        say(f"built in {time.monotonic() - start:.0f} s")
        yield fresh
    kept = [execute.result_path(project, job) for job in jobs]
    prune(project, {path.name for path in (*kept, tables.folder(project, parameters))})


def build_notebook(
    project: Project,
    name: str,
    parameters: Mapping[str, object] | None = None,
    say: Callable[[str], None] = print,
    plain: bool = False,
    timeout: int | None = None,
) -> Path:
    """Execute one notebook (``28-patients``, or any beginning of it that is unique); return the executed copy."""
    from bookpress import execute

    parameters = {**DEFAULTS, **(parameters or {})}
    check_paths(project, parameters)
    source = find_source(project, name)
    with only_one(project, say):
        tidy_up(project)
        shared = keys.shared_part(project, parameters)
        job = execute.Job(source, parameters, keys.notebook_key(source, shared))
        execute.execute_all(project, [job], workers=1, say=say, plain=plain, timeout=timeout or execute.TIMEOUT)
        copy = project.output / "executed" / f"{job.name}.ipynb"
        write_whole(copy, execute.result_path(project, job).read_bytes())
    say(f"executed: {shown(copy)}")
    return copy


def find_source(project: Project, name: str) -> Path:
    """Return the source that a user's name for a notebook means."""
    wanted = Path(name).stem
    sources = pairs.sources(project)
    exact = [source for source in sources if source.stem == wanted]
    found = exact or [source for source in sources if source.stem.startswith(wanted)]
    if len(found) != 1:
        known = ", ".join(source.stem for source in found or sources)
        raise BuildError(f"{name}: {'several notebooks' if found else 'no such notebook'}; there are {known}")
    return found[0]


def check_paths(project: Project, parameters: Mapping[str, object]) -> None:
    """Refuse a data folder that is not there, and a cohort that is not there or malformed, before anything runs."""
    unknown = sorted(set(parameters) - set(DEFAULTS))
    if unknown:
        raise BuildError(f"unknown parameter {', '.join(unknown)}; a build takes {', '.join(DEFAULTS)}")
    published, cohort = str(parameters["published"]), str(parameters["cohort"])
    if published != DEFAULTS["published"] and not (project.root / published).is_dir():
        raise BuildError(f"{published}: no such folder of published tables")
    if cohort and not (project.root / cohort).is_file():
        raise BuildError(f"{cohort}: no such cohort file")
    if not 0 < float(parameters["alpha"]) < 1:
        raise BuildError(f"alpha is {parameters['alpha']}; it must lie between 0 and 1")
    # Without a layout there is nothing to hold the patients against; the first notebook says that it is missing.
    if cohort and (project.root / published / "layout.toml").is_file():
        check_cohort(project.root / cohort, project.root / published)


def check_cohort(cohort: Path, published: Path) -> None:
    """Refuse a file of patients that does not have the shape that the data folder describes."""
    from secondlook.cohort.records import load
    from secondlook.paper.reading import DataError

    try:
        load(cohort, published)
    except DataError as error:
        raise BuildError(str(error)) from error


def stamp(project: Project) -> Path:
    """Return the file that holds the key of the last good book."""
    return project.output / STAMP


def is_current(project: Project, key: str) -> bool:
    """Say whether the last good book is the one that ``key`` asks for."""
    last = stamp(project)
    built = (project.html / "index.html").is_file()
    return built and last.is_file() and last.read_text(encoding="utf-8") == key


def prune(project: Project, needed: set[str], keep: int = 120) -> None:
    """Forget old results beyond the newest ``keep``; those of this build always stay."""
    others = [path for path in project.cache.glob("*") if path.name not in needed]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[keep:]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def shown(path: Path) -> str:
    """Return a path as a user standing in the working directory would write it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@contextlib.contextmanager
def only_one(project: Project, say: Callable[[str], None]) -> Iterator[None]:
    """Let one build at a time write to a project; a second one waits, and says so."""
    import fcntl

    project.output.mkdir(parents=True, exist_ok=True)
    with (project.output / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build is running: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
