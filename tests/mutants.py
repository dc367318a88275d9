"""Do the tests bite? Small changes of the modules that decide are made one at a time, and their tests must notice.

Cosmic Ray makes the changes (an operator, a comparison, a number, a decorator, a loop, …) in a copy of the project.
The tests run in processes that are forked from one which has imported the libraries and the project, so that a change takes
a second or two: what is changed, and what imports it, is imported anew.
Of each module a few changes are drawn (``--sample 4 --seed 2``; 0 tries all of them), and tried on the test files that name the
module; annotations are left alone, which are never executed. ``make mutants`` stores the counts and the survivors in
data/simulated/mutants.json; a survivor is either killed by a better test or explained in data/simulated/mutants-explained.toml,
by the line that it makes. ``make mutants ARGS=--again`` tries what survived last time on all tests of the module's package.
What has been tried and has not changed since is not tried once more; a larger sample of the same seed goes on from it.

Tests that are written for survivors of a sample say nothing of the changes that were not drawn. So it is kept how many of a sample
were noticed when it was first tried: only that estimates the rest. To measure after mending, draw by another seed.
"""

from __future__ import annotations

import argparse
import ast
import fnmatch
import hashlib
import importlib
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "data" / "simulated" / "mutants.json"
EXPLAINED = RESULT.with_name("mutants-explained.toml")
SEED, SAMPLE = 2, 4
#: What is mutated, and the places of the tests that must notice; beside them those that look at all modules.
ALL_MODULES = ("upkeep/test_values.py", "audit/test_stored.py", "upkeep/test_examples.py")
MODULES = {
    "secondlook/numbers/*": ("numbers",),
    "secondlook/stats/*": ("stats",),
    "secondlook/paper/*": ("paper", "audit", "checks"),
    "secondlook/checks/*": ("checks", "audit"),
    "secondlook/audit": ("audit",),
    "secondlook/cohort/verify": ("cohort/test_verify.py", "cohort/test_records.py"),
    "secondlook/cohort/records": ("cohort/test_records.py",),
    "secondlook/pages/present": ("pages/test_present.py", "pages/test_findings.py"),
    "secondlook/paper/spreadsheet": ("paper/test_spreadsheet.py",),
    "bookpress/keys": ("bookpress/test_keys.py",),
    "bookpress/files": ("bookpress/test_files.py", "bookpress/test_keys.py"),
}
NEEDED = ("src", "tests", "data", "notebooks", "book", ".binder", ".ci", "pyproject.toml", "_config.yml", "_toc.yml")
NEEDED += ("README.md", "Makefile", "requirements.lock")
WARM = (
    "pytest",
    "hypothesis",
    "numpy",
    "scipy.stats",
    "pandas",
    "lifelines",
    "matplotlib.pyplot",
    "pydantic",
    "click",
    "bs4",
)
PROJECT = ("secondlook", "bookpress")
MEMORY = 4 * 2**30  # bytes that a change may make the tests take
OFTEN = "not slow and not pages and (not weekly or stored)"
NONE_CHOSEN = 5  # what pytest ends with where all tests of a file are slow
HANGS = 30  # seconds of work in one test, until a change counts as one that makes it hang


def names() -> list[str]:
    """Return the modules that are mutated, ``secondlook/numbers/printed`` and so on."""
    found = {
        path.relative_to(ROOT / "src").with_suffix("").as_posix()
        for pattern in MODULES
        for path in (ROOT / "src").glob(f"{pattern}.py")
    }
    return sorted(name for name in found if not name.endswith("__init__"))


def places_of(module: str) -> tuple[str, ...]:
    """Return where the tests of a module are: folders and files below ``tests``."""
    return next(MODULES[pattern] for pattern in reversed(MODULES) if fnmatch.fnmatch(module, pattern))


def trying(module: str, every: bool = False) -> list[str]:
    """Return the tests of a module, as arguments of pytest: of those in its places the files that name it, or all."""
    places = [ROOT / "tests" / place for place in places_of(module)]
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.glob("test_*.py")))]
    word = re.compile(rf"\b{Path(module).name}\b")
    naming = [file for file in files if word.search(file.read_text(encoding="utf-8"))]
    chosen = [f.relative_to(ROOT).as_posix() for f in (naming if naming and not every else files)]
    own = [name for name in chosen if Path(module).name in name]  # they stop at the first that fails
    return list(dict.fromkeys([*own, *(f"tests/{name}" for name in ALL_MODULES), *chosen]))


def annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where annotations begin and end, as lines and columns: with postponed evaluation nothing executes them."""
    tree = ast.parse(source)
    assert "from __future__ import annotations" in source
    nodes = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in nodes if n is not None]


def changes(module: str, seed: int = SEED) -> list[tuple[str, int, str]]:
    """Return all changes of a module, in a seeded order: the kind, which occurrence, and the definition it is in."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.ast.ast_query import ASTQuery

    source = source_of(module).read_text(encoding="utf-8")
    spans, nodes, found = annotations(source), list(ast_nodes(get_ast(source))), []
    for kind in sorted(plugins.operator_names()):
        operator = plugins.get_operator(kind)
        if operator.arguments():
            continue
        places = ((node, start) for node in nodes for start, _ in operator().mutation_positions(node))
        for occurrence, (node, start) in enumerate(places):
            if not any(begin <= tuple(start) < end for begin, end in spans):
                found.append((kind, occurrence, ASTQuery(node).get_definition_name() or ""))
    random.Random(f"{seed}-{module}").shuffle(found)
    return found


class EndsIfItHangs:
    """A plugin of pytest: the process ends by a signal when one test works for too long."""

    def pytest_runtest_setup(self) -> None:
        """Begin to count anew."""
        signal.setitimer(signal.ITIMER_PROF, HANGS)


class Copy:
    """A copy of the project in which modules are changed and tests run, each run in a process forked from this one."""

    def __init__(self, folder: Path) -> None:
        """Copy what tests need, and import the libraries once."""
        self.folder = folder
        for name in NEEDED:
            place, ignored = ROOT / name, shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(place, folder / name, ignore=ignored) if place.is_dir() else shutil.copy(place, folder)
        os.environ |= {"PYTHONPATH": str(folder / "src"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        sys.path[:0] = [str(folder / "src")]
        self.graph = grimp.build_graph(*PROJECT, cache_dir=None)
        for name in (*WARM, *(module.replace("/", ".") for module in names())):
            importlib.import_module(name)
        self.sound: set[str] = set()

    def notice(self, module: str, tests: list[str]) -> bool:
        """Return whether a test fails of a module that is changed; end where its file fails without a change, too."""
        noticed = self.fails(tests, module)
        found = re.search(r"^(?:FAILED|ERROR) ([^:\s]+)", self.said(), re.MULTILINE) if noticed else None
        if found and found[1] not in self.sound:
            changed = self._text(module)
            self.change(module, source_of(module).read_text(encoding="utf-8"))
            if self.fails([found[1]]):
                raise SystemExit(f"{found[1]} fails before anything is changed\n{self.said()[-3000:]}")
            self.sound.add(found[1])
            self.change(module, changed)
        return noticed

    def said(self) -> str:
        """Return what the last run of tests said."""
        return (self.folder / "said").read_text(encoding="utf-8", errors="replace")

    def fails(self, tests: list[str], changed: str = "") -> bool:
        """Run tests; return whether one failed, or does not end. What imports a `changed` module is imported anew."""
        child = os.fork()
        if not child:
            self._become_pytest(tests, changed)
        _, status = os.waitpid(child, 0)
        shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)
        return os.waitstatus_to_exitcode(status) not in (0, NONE_CHOSEN)

    def _become_pytest(self, tests: list[str], changed: str) -> None:
        import pytest
        from hypothesis import Phase, settings

        os.setsid()
        os.chdir(self.folder)
        with (self.folder / "said").open("wb") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        if changed:
            sys.dont_write_bytecode = True
            name = changed.replace("/", ".")
            for each in {name, *self.graph.find_downstream_modules(name)}:
                if sys.modules.pop(each, None):
                    package, _, own = each.rpartition(".")
                    vars(sys.modules.get(package, sys)).pop(own, None)  # ``from package import own`` looks here first
            signal.setitimer(signal.ITIMER_PROF, HANGS)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        quick = {
            "deadline": None,
            "database": None,
            "phases": (Phase.explicit, Phase.generate),
        }  # nobody reads examples
        settings.register_profile("mutants", **quick)
        options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--hypothesis-profile=mutants"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # the plugins have been imported already
        code = 70
        try:
            chosen = ["-m", OFTEN, *tests]
            code = int(pytest.main([*options, *chosen], plugins=[EndsIfItHangs()] if changed else []))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _text(self, module: str) -> str:
        return (self.folder / "src" / f"{module}.py").read_text(encoding="utf-8")

    def change(self, module: str, text: str) -> None:
        """Write a module's text; what was compiled of it before does not count."""
        path = self.folder / "src" / f"{module}.py"
        path.write_text(text, encoding="utf-8")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()


def mutate(copy: Copy, module: str, tests: list[str], chosen: Iterable[tuple[str, int, str]]) -> list[dict]:
    """Try changes of a module on tests; return one entry for each: where it is, the lines before and after, whether noticed."""
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    source, found = source_of(module).read_text(encoding="utf-8"), []
    for kind, occurrence, definition in chosen:
        text = mutate_code(source, plugins.get_operator(kind)(), occurrence)
        copy.change(module, text)
        noticed = copy.notice(module, tests)
        before, after = source.splitlines(), text.splitlines()
        was = [line.strip() for line in before if line not in after]
        now = [line.strip() for line in after if line not in before]
        place = {"definition": definition, "operator": kind.removeprefix("core/"), "occurrence": occurrence}
        found.append({**place, "was": " ⏎ ".join(was), "now": " ⏎ ".join(now), "noticed": noticed})
    copy.change(module, source)
    return found


def source_of(module: str) -> Path:
    """Return the file of a module."""
    return ROOT / "src" / f"{module}.py"


def digest(module: str) -> str:
    """Return the SHA-256 of a module's source."""
    return hashlib.sha256(source_of(module).read_bytes()).hexdigest()


def explanations() -> list[dict]:
    """Return the survivors that data/simulated/mutants-explained.toml explains."""
    if not EXPLAINED.is_file():
        return []
    return tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])


def summary(module: str, seed: int, mutants: int, before: dict, entries: list[dict]) -> dict:
    """Return what is stored of a module: how many changes there are, were tried, were noticed at first and are, and the others.

    `before` is what was stored of the same sample, which `entries` enlarge or try again.
    """
    places = {(each["operator"], each["occurrence"]) for each in entries}
    kept = [each for each in before.get("survivors", []) if (each["operator"], each["occurrence"]) not in places]
    again = len(kept) < len(before.get("survivors", []))
    left = [{k: v for k, v in each.items() if k != "noticed"} for each in entries if not each["noticed"]]
    tried, survivors = before.get("tried", 0) + len(entries) * (not again), kept + left
    return {
        "source": digest(module),
        "seed": seed,
        "mutants": mutants,
        "tried": tried,
        "at first": before.get("at first", 0) + (len(entries) - len(left)) * (not again),
        "killed": tried - len(survivors),
        "survivors": sorted(survivors, key=lambda each: tuple(map(str, each.values()))),
    }


def store(found: dict[str, dict]) -> None:
    """Write what was found of modules."""
    made = {
        "tool": f"cosmic-ray {version('cosmic-ray')}",
        "deciding": len(names()),
        "modules": {name: found[name] for name in names() if name in found},
    }
    RESULT.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Mutate the modules that are named, or all, and store what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="names or patterns of modules; all, when none is given")
    parser.add_argument("--sample", type=int, default=SAMPLE, help=f"changes drawn of each module ({SAMPLE}; 0: all)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the draw ({SEED})")
    parser.add_argument("--again", action="store_true", help="try what survived the last time, on more tests")
    options = parser.parse_args()
    found = json.loads(RESULT.read_text(encoding="utf-8"))["modules"] if RESULT.is_file() else {}
    wanted = [name for name in names() if not options.modules or any(fnmatch.fnmatch(name, p) for p in options.modules)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder))
        for module in wanted:
            start, every, before = time.monotonic(), changes(module, options.seed), found.get(module, {})
            chosen = every[: options.sample or None]
            if before.get("source") != digest(module) or before.get("seed") != options.seed:
                before = {}
            left = {(f"core/{each['operator']}", each["occurrence"]) for each in before.get("survivors", [])}
            again = options.again and bool(left)
            chosen = [each for each in every if each[:2] in left] if again else chosen[before.get("tried", 0) :]
            if not chosen:
                continue
            entries = mutate(copy, module, trying(module, again), chosen)
            found[module] = now = summary(module, options.seed, len(every), before, entries)
            counts = f"{now['tried']} of {len(every)} changes, {len(now['survivors'])} survive"
            print(f"{module}: {counts} ({time.monotonic() - start:.0f} s)", flush=True)
            store(found)


if __name__ == "__main__":
    main()
