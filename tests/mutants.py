"""Do the tests bite? Every small change of a module is made in turn, and its tests must notice.

Cosmic Ray makes the changes (an operator, a comparison, a number, a decorator, a loop, …) in copies of the project,
one copy for each worker, and runs the tests of that module on each. ``make mutants`` stores the counts and the
survivors in data/simulated/mutants.json; a survivor is either killed by a better test or explained in
tests/mutants.toml, by the line that it makes.
"""

from __future__ import annotations

import argparse
import contextlib
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
EXPLAINED = ROOT / "tests" / "mutants.toml"
#: What is mutated, and the tests that must notice: those that state what the module promises.
MODULES = {
    "printed": ("test_printed.py",),
    "verdicts": ("test_verdicts.py", "test_audit.py"),
    "audit": ("test_audit.py",),
}
NEEDED = ("src", "tests", "data", "pyproject.toml", "_config.yml")
TIMEOUT = 120.0  # seconds until a change that makes the tests hang counts as noticed


def config(module: str, urls: list[str]) -> str:
    """Return Cosmic Ray's configuration for one module."""
    tests = " ".join(f"tests/{name}" for name in MODULES[module])
    command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider --hypothesis-seed=0 {tests}"
    return (
        f'[cosmic-ray]\nmodule-path = "src/secondlook/{module}.py"\ntimeout = {TIMEOUT}\nexcluded-modules = []\n'
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


def mutate(module: str, folder: Path, urls: list[str]) -> list[dict]:
    """Try every change of one module; return one entry for each, with what came of it."""
    settings, session = folder / f"{module}.toml", folder / f"{module}.sqlite"
    settings.write_text(config(module, urls), encoding="utf-8")
    for step in ("init", "exec"):
        subprocess.run([tool("cosmic-ray"), step, str(settings), str(session)], cwd=folder / "copy-0", check=True)
    lines = subprocess.run(
        [tool("cosmic-ray"), "dump", str(session)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [entry(*json.loads(line)) for line in lines]


def entry(work: dict, result: dict) -> dict:
    """Return what matters of one change: its kind, where it is, the line before and after, and whether it was noticed."""
    (mutation,) = work["mutations"]
    diff = (result.get("diff") or "").splitlines()
    was, now = ([line[1:].strip() for line in diff if line[:1] == mark and line[:3] != mark * 3] for mark in "-+")
    return {
        "operator": mutation["operator_name"].removeprefix("core/"),
        "definition": mutation.get("definition_name") or "",
        "was": " ⏎ ".join(was),
        "now": " ⏎ ".join(now),
        "outcome": result.get("test_outcome") or result.get("worker_outcome"),
    }


def explanations() -> list[dict]:
    """Return the survivors that tests/mutants.toml explains."""
    if not EXPLAINED.is_file():
        return []
    return tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])


def summary(found: dict[str, list[dict]]) -> dict:
    """Return what is stored: counts and survivors by module, and the tool's version."""
    modules = {}
    for module, entries in found.items():
        outcomes = Counter(e["outcome"] for e in entries)
        survivors = [
            {k: e[k] for k in ("definition", "operator", "was", "now")} for e in entries if e["outcome"] == "survived"
        ]
        modules[module] = {
            "tests": list(MODULES[module]),
            "mutants": len(entries),
            "killed": outcomes["killed"],
            "survivors": sorted(survivors, key=lambda e: tuple(e.values())),
        }
        other = set(outcomes) - {"killed", "survived"}
        if other:
            raise SystemExit(f"{module}: neither killed nor survived: {sorted(map(str, other))}")
    return {"tool": f"cosmic-ray {version('cosmic-ray')}", "modules": modules}


def main() -> None:
    """Mutate the modules that are named, or all, and store what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}; all, when none is named")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()
    stored = json.loads(RESULT.read_text(encoding="utf-8"))["modules"] if RESULT.is_file() else {}
    found = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, workers(Path(folder), options.workers) as urls:
        for module in options.modules or MODULES:
            start = time.monotonic()
            found[module] = mutate(module, Path(folder), urls)
            survived = sum(e["outcome"] == "survived" for e in found[module])
            print(f"{module}: {len(found[module])} changes, {survived} survived ({time.monotonic() - start:.0f} s)")
    made = summary(found)
    made["modules"] = {name: (stored | made["modules"])[name] for name in MODULES if name in stored | made["modules"]}
    RESULT.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
