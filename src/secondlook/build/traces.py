"""Which results can serve again although something has changed: those whose notebooks would read the same.

Beside each result lies a record of what its notebook read (:mod:`secondlook.reads`). A result serves again when its
notebook, the modules that it can import, the parameters and the names of all data files are the same (its *fixed* key),
and everything in the record is as it was: a verifying trace, after Mokhov, Mitchell & Peyton Jones, "Build systems à la
carte", Proc ACM Program Lang 2018;2(ICFP):79. What was not recorded cannot be verified, and the notebook runs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from secondlook import reads
from secondlook.build import keys
from secondlook.build.imports import Modules
from secondlook.paths import Project

SUFFIX = ".reads"
#: What executes notebooks counts for each of them.
EXECUTION = {
    f"secondlook.{name}" for name in ("build.execute", "build.fork", "build.fork_server", "build.pairs", "reads")
}
PACKAGE, LOCK = "0:", "2:"  # how names of such files begin in the shared part of a key


def fixed_keys(project: Project, sources: Iterable[Path], shared: Mapping[str, object]) -> dict[str, str]:
    """Return, by notebook, the key of all that it depends on other than by reading it while it runs."""
    modules = Modules(project.package)
    files: Mapping[str, str] = shared["files"]
    code = {name: digest for name, digest in files.items() if name.startswith(PACKAGE) and name.endswith(".py")}
    common = {
        "python": shared["python"],
        "parameters": shared["parameters"],
        "names": sorted(set(files) - set(code)),
        "beside code": {n: d for n, d in files.items() if n.startswith((PACKAGE, LOCK)) and n not in code},
    }
    found = {}
    for source in sources:
        names = modules.closure(source.read_text(encoding="utf-8")) | (EXECUTION & set(modules.paths))
        paths = (modules.paths[name].relative_to(project.package).as_posix() for name in names)
        own = {path: code.get(PACKAGE + path) for path in paths}
        found[source.stem] = keys.combine(
            {"notebook": source.name, "source": keys.file_digest(source), "code": own, **common}
        )
    return found


def record_path(project: Project, fixed: str, key: str) -> Path:
    """Return where the record of a result lies or will lie."""
    return project.cache / f"{fixed[:20]}.{key}{SUFFIX}"


def file_record(project: Project, job, log: Path) -> None:
    """Keep what a notebook read beside its result: what it said it read, files with their present digests."""
    if not (job.fixed and log.is_file()):
        return
    states, entries = State(project, job.parameters), []
    for line in log.read_text(encoding="utf-8").splitlines():
        kind, *rest = json.loads(line)
        if kind in ("file", "folder"):
            name = states.name(rest[0])
            rest = [name, states.digest(kind, name)] if name else None
        if rest:
            entries.append([kind, *rest])
    target = record_path(project, job.fixed, job.key)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    part.replace(target)


def records(project: Project, key: str) -> list[Path]:
    """Return the records of a result."""
    return sorted(project.cache.glob(f"*.{key}{SUFFIX}"))


def reuse(project: Project, jobs: Iterable, shared: Mapping[str, object]) -> list:
    """Return the jobs: those without a result of their own with the key of one that serves them, or to be run."""
    found = list(jobs)
    missing = [number for number, job in enumerate(found) if not (project.cache / f"{job.key}.ipynb").is_file()]
    if missing:
        fixed = fixed_keys(project, [found[number].source for number in missing], shared)
        state = State(project, found[0].parameters)
    for number in missing:
        job = replace(found[number], fixed=fixed[found[number].name])
        found[number] = replace(job, key=_serving(project, job, state) or job.key)
    return found


def _serving(project: Project, job, state: State) -> str | None:
    records = project.cache.glob(f"{job.fixed[:20]}.*{SUFFIX}") if job.fixed else ()
    for record in sorted(records, key=lambda path: -path.stat().st_mtime):
        key = record.name.removesuffix(SUFFIX).rpartition(".")[2]
        there = (project.cache / f"{key}.ipynb").is_file()
        if there and all(state.holds(*entry) for entry in json.loads(record.read_text(encoding="utf-8"))):
            return key
    return None


class State:
    """What notebooks would read now."""

    def __init__(self, project: Project, parameters: Mapping[str, object]) -> None:
        self.project, self.parameters = project, parameters
        self.digests: dict[tuple[str, str], str] = {}

    def name(self, path: str) -> str | None:
        """Return a path as a record names it, from the project's root; None for what is no input of a notebook."""
        given, root = Path(path), self.project.root
        if any(given.is_relative_to(place) for place in (*_both(self.project.output), Path(sys.prefix))):
            return None
        for place in _both(root):
            if given.is_relative_to(place):
                return given.relative_to(place).as_posix()
        outside = [root / str(self.parameters[n]) for n in ("published", "cohort") if self.parameters.get(n)]
        known = any(given.is_relative_to(base) for place in (*outside, self.project.package) for base in _both(place))
        return str(given) if known else None

    def digest(self, kind: str, name: str) -> str:
        """Return the digest of a file or of the names in a folder; nothing for what is not there."""
        if (kind, name) not in self.digests:
            path = self.project.root / name
            if kind == "folder":
                names = sorted(entry for entry in os.listdir(path)) if path.is_dir() else []  # noqa: PTH208
                found = reads.digest([n for n in names if not n.startswith((".", "_"))])
            else:
                found = keys.file_digest(path) if path.is_file() else ""
            self.digests[kind, name] = found
        return self.digests[kind, name]

    def holds(self, kind: str, *rest: str) -> bool:
        """Say whether an entry of a record would be written again."""
        if kind in ("file", "folder"):
            return self.digest(kind, rest[0]) == rest[1]
        if kind not in ("value", "check", "ids") or self.paper is None:
            return False
        registry, checks = self.paper
        if kind == "ids":
            return rest[1] == reads.ids_digest(registry.values if rest[0] == "values" else checks)
        thing = (registry.values if kind == "value" else checks).get(rest[0])
        return thing is not None and reads.digest(getattr(thing, rest[1])) == rest[2]

    @cached_property
    def paper(self):
        """The registry and the checks by id, as a notebook would find them now; None when the data are refused."""
        from secondlook import audit
        from secondlook.reading import DataError
        from secondlook.registry import load

        try:
            registry = load(self.project.root / str(self.parameters["published"]))
        except DataError:
            return None
        return registry, {check.check_id: check for check in audit.audit(registry).checks}


def _both(place: Path) -> tuple[Path, Path]:
    """Return a path as it is given and as the system spells it: a kernel hears the one or the other."""
    return place.absolute(), place.resolve()
