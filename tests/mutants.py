"""Do the tests bite? Every small change of a module is made in turn, and its tests must notice.

Cosmic Ray makes the changes (an operator, a comparison, a number, a decorator, a loop, …) in copies of the project,
one copy for each worker, and runs the tests of that module on each. Annotations are left alone: they are never executed.
``make mutants`` stores the counts and the survivors in data/simulated/mutants.json; a survivor is either killed by a
better test or explained in data/simulated/mutants-explained.toml, by the line that it makes. ``make mutants ARGS=--again`` tries only what
survived last time, for tests that have only been added to.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "data" / "simulated" / "mutants.json"
EXPLAINED = RESULT.with_name("mutants-explained.toml")
#: What is mutated, and the tests that must notice: those that state what the module promises.
MODULES = {
    "secondlook/numbers/printed": ("numbers/test_printed.py",),
    "secondlook/checks/verdicts": ("checks/test_verdicts.py", "audit/test_audit.py"),
    "secondlook/audit": ("audit/test_audit.py",),
}
NEEDED = ("src", "tests", "data", "pyproject.toml", "_config.yml")
TIMEOUT = 120.0  # seconds until a change that makes the tests hang counts as noticed


def config(module: str, urls: list[str]) -> str:
    """Return Cosmic Ray's configuration for one module."""
    tests = " ".join(f"tests/{name}" for name in MODULES[module])
    command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider --hypothesis-seed=0 {tests}"
    return (
        f'[cosmic-ray]\nmodule-path = "src/{module}.py"\ntimeout = {TIMEOUT}\nexcluded-modules = []\n'
        f'test-command = "{command}"\n[cosmic-ray.distributor]\nname = "http"\n'
        f"[cosmic-ray.distributor.http]\nworker-urls = {json.dumps(urls)}\n"
    )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def workers(folder: Path, number: int) -> Iterator[list[str]]:
    """Start workers, each in a copy of the project, and yield their addresses."""
    running, urls = [], []
    try:
        for k in range(number):
            copy = folder / f"copy-{k}"
            copy.mkdir()
            for name in NEEDED:
                place = ROOT / name
                if place.is_dir():
                    shutil.copytree(place, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
                else:
                    shutil.copy(place, copy)
            environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
            port = free_port()
            command = [tool("cosmic-ray"), "http-worker", "--port", str(port)]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            running.append(subprocess.Popen(command, cwd=copy, env=environment, **quiet))
            urls.append(f"http://localhost:{port}")
        time.sleep(3)
        yield urls
    finally:
        for process in running:
            process.terminate()
            process.wait()


def tool(name: str) -> str:
    """Return the path of a program of this environment."""
    return str(Path(sys.executable).with_name(name))


def annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where annotations begin and end, as lines and columns: with postponed evaluation nothing executes them."""
    tree = ast.parse(source)
    assert "from __future__ import annotations" in source
    nodes = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in nodes if n is not None]


def left_alone(mutation, spans, only: set[tuple[str, int]] | None) -> bool:
    """Say whether a change is not to be tried: in an annotation, or not among the only ones that are asked for."""
    if only is not None and (short(mutation.operator_name), mutation.occurrence) not in only:
        return True
    return any(begin <= tuple(mutation.start_pos) < end for begin, end in spans)


def short(operator: str) -> str:
    """Return the name of a kind of change."""
    return operator.removeprefix("core/")


def mutate(module: str, folder: Path, urls: list[str], only: set[tuple[str, int]] | None = None) -> list[dict]:
    """Try every change of one module, or some only; return one entry for each, with what came of it."""
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    settings, session = (folder / f"{Path(module).name}.{suffix}" for suffix in ("toml", "sqlite"))
    settings.write_text(config(module, urls), encoding="utf-8")
    spans = annotations(source_of(module).read_text(encoding="utf-8"))
    subprocess.run([tool("cosmic-ray"), "init", str(settings), str(session)], cwd=folder / "copy-0", check=True)
    with use_db(session) as database:
        for item in list(database.pending_work_items):
            if left_alone(item.mutations[0], spans, only):
                database.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
    subprocess.run([tool("cosmic-ray"), "exec", str(settings), str(session)], cwd=folder / "copy-0", check=True)
    with use_db(session) as database:
        tried = [pair for pair in database.completed_work_items if pair[1].worker_outcome != WorkerOutcome.SKIPPED]
    return [entry(item.mutations[0], result) for item, result in tried]


def entry(mutation, result) -> dict:
    """Return what matters of one change: its kind, where it is, the line before and after, and whether it was noticed."""
    diff = (result.diff or "").splitlines()
    was, now = ([line[1:].strip() for line in diff if line[:1] == mark and line[:3] != mark * 3] for mark in "-+")
    outcome = result.test_outcome or result.worker_outcome
    return {
        "definition": mutation.definition_name or "",
        "operator": short(mutation.operator_name),
        "occurrence": mutation.occurrence,
        "was": " ⏎ ".join(was),
        "now": " ⏎ ".join(now),
        "outcome": outcome.value if outcome else "none",
    }


def source_of(module: str) -> Path:
    """Return the file of a module."""
    return ROOT / "src" / f"{module}.py"


def digest(module: str) -> str:
    """Return the SHA-256 of a module's source."""
    return hashlib.sha256(source_of(module).read_bytes()).hexdigest()


def explanations() -> list[dict]:
    """Return the survivors that tests/mutants.toml explains."""
    if not EXPLAINED.is_file():
        return []
    return tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])


def summary(module: str, entries: list[dict], before: dict | None = None) -> dict:
    """Return what is stored of a module; `before` is what was, when only its survivors were tried again."""
    outcomes = Counter(each["outcome"] for each in entries)
    if other := set(outcomes) - {"killed", "survived"}:
        raise SystemExit(f"{module}: neither killed nor survived: {sorted(other)}")
    survivors = [each for each in entries if each.pop("outcome") == "survived"]
    return {
        "tests": list(MODULES[module]),
        "source": digest(module),
        "mutants": before["mutants"] if before else len(entries),
        "killed": (before["killed"] if before else 0) + outcomes["killed"],
        "survivors": sorted(survivors, key=lambda each: tuple(each.values())),
    }


def main() -> None:
    """Mutate the modules that are named, or all, and store what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}; all, when none is named")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--again", action="store_true", help="try only what survived the last time")
    options = parser.parse_args()
    stored = json.loads(RESULT.read_text(encoding="utf-8"))["modules"] if RESULT.is_file() else {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, workers(Path(folder), options.workers) as urls:
        for module in options.modules or MODULES:
            start, before, only = time.monotonic(), None, None
            if options.again:
                before = stored[module]
                if before["source"] != digest(module):
                    raise SystemExit(f"{module} has changed since: try all of it")
                only = {(each["operator"], each["occurrence"]) for each in before["survivors"]}
            stored[module] = summary(module, mutate(module, Path(folder), urls, only), before)
            counts = f"{stored[module]['mutants']} changes, {len(stored[module]['survivors'])} survive"
            print(f"{module}: {counts} ({time.monotonic() - start:.0f} s)")
            made = {
                "tool": f"cosmic-ray {version('cosmic-ray')}",
                "modules": {m: stored[m] for m in MODULES if m in stored},
            }
            RESULT.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
