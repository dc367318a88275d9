"""The build, end to end: keys → execution → stage → site. Each step is a small module; this one puts them in order."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bookpress import bytecode, environment, keys, pairs, repository, settings, systems
from bookpress import parameters as declared
from bookpress.errors import BuildError, shown
from bookpress.files import digests, write_whole
from bookpress.paths import Project
from bookpress.repository import Repository

STAMP = "last-build"
DOWNLOADS = ".downloads"
ROOM = 64 * 2**20  # bytes: less than the results and the pages of a book take

__all__ = ["BuildError", "build", "build_notebook"]


def build(
    project: Project,
    parameters: Mapping[str, object] | None = None,
    workers: int = 2,
    say: Callable[[str], None] = print,
    force: bool = False,
    plain: bool = False,
    timeout: int | None = None,
    at: Repository | None = None,
) -> bool:
    """Build the book; return whether there was anything to do.

    ``parameters`` override the notebooks' defaults. ``force`` forgets every cached result first; ``plain`` starts
    kernels as new processes instead of forking them; ``timeout`` limits each cell, in seconds; ``at`` says where the
    repository lies, by default what the run and the settings say. Raises :class:`BuildError` with a message for the
    user, and then leaves the last good book as it was.
    """
    bytecode.refresh(project.packages)
    parameters, at = accepted(project, parameters), at or repository.of(project)
    pairs.refuse_edits(project)
    with only_one(project, say), environment.private(project) as folder:
        tidy_up(project)
        environment.refuse_full(project.output, ROOM)
        if force:
            shutil.rmtree(project.cache, ignore_errors=True)
            stamp(project).unlink(missing_ok=True)
        now = keys.Keys(project, parameters, at)
        if is_current(project, now.site):
            say(f"nothing changed: {shown(project.html / 'index.html')} is up to date")
            return False
        options = {"workers": workers, "say": say, "plain": plain, **({"timeout": timeout} if timeout else {})}
        make(project, now, folder, **options)
        say(f"the book: {shown(project.html / 'index.html')}")
    return True


def make(project: Project, now: keys.Keys, folder: Path, say: Callable[[str], None], **options) -> None:
    """Execute what changed, stage it, build the pages and publish them. Afterwards forget results of old."""
    from bookpress import copies, execute, site, stage

    start = time.monotonic()
    if project.html.exists() and not project.html.is_dir():
        raise BuildError(f"{shown(project.html)}: no folder, and in the way of the book")
    sources = pairs.sources(project)
    stage.check_contents(project, sources)
    jobs = [job_of(source, now) for source in sources]
    offered = downloads(project, now, folder)
    execute.execute_all(project, jobs, now, folder, say=say, **options)
    stage.build_stage(project, jobs, offered, now.repository)
    say("pages: Jupyter Book, warnings as errors")
    try:
        html = site.make(project, folder)
        copies.offer(project, jobs, html, now)
        publish(project, html, now)
    finally:
        shutil.rmtree(project.output / "site", ignore_errors=True)
    say(f"built in {time.monotonic() - start:.0f} s")
    kept = [execute.result_path(project, job) for job in jobs]
    prune(project, {path.name for path in (*kept, *([offered] if offered else []))})


def job_of(source: Path, now: keys.Keys):
    """Return the job of executing a notebook as it is now."""
    from bookpress import execute

    return execute.Job(source, keys.digest(source), now.parameters, now.notebook(source))


def accepted(project: Project, parameters: Mapping[str, object] | None) -> dict[str, object]:
    """Return all parameters of a build, unless the project's check refuses them."""
    complete = declared.complete(project.settings.parameters, parameters)
    if project.settings.check:
        try:
            settings.hook(project.settings.check, project.packages)(project.root, complete)
        except ValueError as problem:
            raise BuildError(str(problem)) from problem
    return complete


def downloads(project: Project, now: keys.Keys, folder: Path) -> Path | None:
    """Return the folder that the project lays over the staged book, made once per content; None without one."""
    from bookpress import child

    if not project.settings.downloads:
        return None
    target = project.cache / f"{now.downloads}{DOWNLOADS}"
    if target.is_dir():
        os.utime(target)  # the newest results are the last to be forgotten
        return target
    part = project.cache / "downloads.part"
    part.mkdir(parents=True)
    own = environment.variables(project, folder)
    arguments = (str(project.root), dict(now.parameters), str(part))
    code, said = child.call(project.settings.downloads, *arguments, env=own, cwd=project.root)
    if code:
        raise BuildError(f"downloads: {said.strip()}")
    if keys.Keys(project, now.parameters).state != now.state:
        raise BuildError("downloads: files changed while they were made: build again")
    part.rename(target)
    return target


def publish(project: Project, fresh: Path, then: keys.Keys) -> None:
    """Put a finished book in the last one's place, unless what it was made from has changed meanwhile.

    The stamp goes first and comes last: killed in between, the next build trusts neither book and builds again.
    """
    from bookpress import site

    if keys.Keys(project, then.parameters, then.repository).site != then.site:
        raise BuildError("files changed during the build: build again")
    stamp(project).unlink(missing_ok=True)
    made = digests(fresh)
    site.swap(fresh, project.html)
    write_whole(stamp(project), json.dumps({"key": then.site, "files": made}) + "\n")


def tidy_up(project: Project) -> None:
    """Mend what a build that was killed has left: a book set aside, half-written results, a lock of matplotlib's."""
    from bookpress import site

    site.recover(project.html)
    half = (
        *project.cache.glob("*.part"),
        *project.cache.glob(".*"),
        *project.output.glob("matplotlib/*.matplotlib-lock"),
    )
    for left in half:
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def build_notebook(
    project: Project,
    name: str,
    parameters: Mapping[str, object] | None = None,
    say: Callable[[str], None] = print,
    plain: bool = False,
    timeout: int | None = None,
    at: Repository | None = None,
) -> Path:
    """Execute one notebook (``28-patients``, or any beginning of it that is unique); return the executed copy."""
    from bookpress import copies, execute

    bytecode.refresh(project.packages)
    parameters, at = accepted(project, parameters), at or repository.of(project)
    source = find_source(project, name)
    with only_one(project, say), environment.private(project) as folder:
        tidy_up(project)
        now = keys.Keys(project, parameters, at)
        job = job_of(source, now)
        options = {"plain": plain, "timeout": timeout or execute.TIMEOUT}
        execute.execute_all(project, [job], now, folder, workers=1, say=say, **options)
        copy = project.output / "executed" / f"{job.name}.ipynb"
        write_whole(copy, copies.executed(project, job, copies.book_of(project, now), at))
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


def stamp(project: Project) -> Path:
    """Return the file that holds the key of the last good book, and the digests of its files."""
    return project.output / STAMP


def amend(project: Project, page: str, change: Callable[[str], str], say: Callable[[str], None] = print) -> None:
    """Change a page of the last good book; it counts as built as before, unless it lay there otherwise already.

    Parameters
    ----------
    project : Project
    page : str
        The page's file, from the book's folder on; where it is not there nothing is done.
    change : function
        Of the page's text.
    say : function
        Told when another build has to be waited for.
    """
    file, last = project.html / page, stamp(project)
    with only_one(project, say):
        if not file.is_file():
            return
        known = json.loads(last.read_text(encoding="utf-8")) if last.is_file() else {}
        was_current = known.get("files") == digests(project.html)
        write_whole(file, change(file.read_text(encoding="utf-8")))
        if was_current:
            write_whole(last, json.dumps({**known, "files": digests(project.html)}) + "\n")


def is_current(project: Project, key: str) -> bool:
    """Say whether the last good book is the one that ``key`` asks for, and lies there as it was made."""
    try:
        last = json.loads(stamp(project).read_text(encoding="utf-8"))
        return last["key"] == key and last["files"] == digests(project.html)
    except (OSError, ValueError, KeyError, TypeError):  # no stamp, or not one of ours
        return False


def prune(project: Project, needed: set[str], keep: int = 120) -> None:
    """Forget old results beyond the newest ``keep``; those of this build always stay."""
    others = [path for path in project.cache.glob("*") if path.name not in needed]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[keep:]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


@contextlib.contextmanager
def only_one(project: Project, say: Callable[[str], None]) -> Iterator[None]:
    """Let one build at a time write to a project; a second one waits, and says so."""
    project.output.mkdir(parents=True, exist_ok=True)
    with (project.output / ".lock").open("a") as handle:
        if not systems.lock(handle):
            say("another build is running: waiting for it")
            systems.lock(handle, wait=True)
        yield
