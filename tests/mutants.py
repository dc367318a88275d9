"""Do the tests bite? Small changes of the modules that decide are made one at a time, and their tests must notice.

Cosmic Ray makes the changes (an operator, a comparison, a number, a decorator, a loop, …) in a copy of the project.
The tests run in processes that are forked from one which has imported the libraries and the project, so that a change takes
a second or two: what is changed, and what imports it, is imported anew.
Of each module one change in so many is drawn by lot (``--one-in 60 --seed 3``), at least one, so that all changes of all modules
are nearly alike in their chance to be drawn; ``--one-in 1`` tries all of a module, and a smaller number than before goes on from
what was drawn by the same seed. They are tried on the test files that name the
module; annotations are left alone, which are never executed. ``make mutants`` stores the counts and the survivors in
data/simulated/mutants.json, by round (a seed, or the modules tried whole); a survivor is either killed by a better test or explained
in data/simulated/mutants-explained.toml, by the line that it makes. ``make mutants ARGS=--again`` tries the survivors of all rounds
that are not explained on all tests of the module's package; those whose line is no longer there are dropped.

Tests that are written for survivors of a round say nothing of the changes that were not drawn. So it is kept how many of a round
were noticed when it was first tried: only that estimates the rest. To measure after mending, draw by another seed. Rounds of before
keep their counts, as what was true then; of the last one, what has changed since is drawn anew, and so is a module some of whose
changes are undecided (not noticed by the first test, and not tried on all others).
"""

from __future__ import annotations

import argparse
import ast
import difflib
import fnmatch
import hashlib
import importlib
import json
import math
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
SEED, ONE_IN, WHOLE = 3, 60, "whole"
#: What is mutated, and the places of the tests that must notice; beside them those that look at all modules.
ALL_MODULES = ("upkeep/test_outputs.py", "audit/test_stored.py", "upkeep/test_examples.py", "upkeep/test_values.py")
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
    "secondlook/paper/claims_file": ("checks/test_claims.py", "checks/test_rules.py", "paper/test_hostile.py"),
    "secondlook/checks/claim_words": ("checks/test_claims.py",),
    "secondlook/checks/restatements": ("checks/test_counts_and_association.py", "checks/test_claims.py"),
    "bookpress/keys": ("bookpress/test_keys.py",),
    "bookpress/files": ("bookpress/test_files.py", "bookpress/test_keys.py"),
}
#: Tests that take a minute: of modules that only they name, or that survive.
LONG = ("audit/test_recorded.py", "checks/test_events.py", "checks/test_words.py")
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
    "selectolax.lexbor",
    "scipy.optimize",
)
PROJECT = ("secondlook", "bookpress")
MEMORY = 4 * 2**30  # bytes that a change may make the tests take
OFTEN = "not slow and not pages and (not weekly or stored)"
WIDEST = "the widest test"
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
    name = Path(module).name
    naming = [f for f in files if name in f.name or re.search(rf"\b{name}\b", f.read_text(encoding="utf-8"))]
    short = [file for file in naming if file.relative_to(ROOT / "tests").as_posix() not in LONG]
    chosen = [f.relative_to(ROOT).as_posix() for f in (files if every else short or naming or files)]
    own = [file for file in chosen if name in file]  # they stop at the first that fails
    shared = [f"tests/{file}" for file in ALL_MODULES] if module.startswith("secondlook") else []
    return list(dict.fromkeys([*own, *shared, *chosen]))


def call_widest(module: str) -> None:
    """Call the test that most changes fail, without a run of pytest: what a module's statistics give, or the paper's ledger."""
    sys.path[:0] = [str(Path("tests", place).resolve()) for place in ("", "upkeep", "audit")]
    if module.startswith("secondlook/stats/") and not module.endswith("/rmst"):
        importlib.import_module("test_outputs").test_what_comes_out_is_what_was_stored(Path(module).name)
    else:
        registry = importlib.import_module("secondlook.paper.registry").load("data/published")
        ledger = importlib.import_module("secondlook.audit").audit(registry)
        importlib.import_module("test_stored").test_the_ledger_is_the_one_that_was_stored(ledger)


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


def _pytest(tests: str, changed: bool) -> int:
    import pytest
    from hypothesis import Phase, settings

    # Nobody reads examples, so that none is made smaller.
    settings.register_profile("mutants", deadline=None, database=None, phases=(Phase.explicit, Phase.generate))
    options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--hypothesis-profile=mutants"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # the plugins have been imported already
    return int(pytest.main([*options, "-m", OFTEN, tests], plugins=[EndsIfItHangs()] if changed else []))


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
        self.sound: set[tuple[str | None, str]] = set()

    def notice(self, module: str, tests: list[str]) -> bool:
        """Return whether a test fails of a module that is changed: the widest, then file by file until one does.

        End where that fails without a change, too.
        """
        steps = [WIDEST, *tests] if module.startswith("secondlook") else tests
        failed = next((step for step in steps if self.fails(step, module, True)), None)
        key = (failed, module if failed == WIDEST and "/stats/" in module else "")
        if failed and key not in self.sound:
            changed = self._text(module)
            self.change(module, source_of(module).read_text(encoding="utf-8"))
            if self.fails(failed, module, False):
                raise SystemExit(f"{failed} fails before anything is changed\n{self.said()[-3000:]}")
            self.sound.add(key)
            self.change(module, changed)
        return failed is not None

    def said(self) -> str:
        """Return what the last run of tests said."""
        return (self.folder / "said").read_text(encoding="utf-8", errors="replace")

    def fails(self, tests: str, module: str, changed: bool) -> bool:
        """Run a file of tests; return whether one failed, or does not end. What imports the module is imported anew."""
        child = os.fork()
        if not child:
            self._become(tests, module, changed)
        _, status = os.waitpid(child, 0)
        shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)
        return os.waitstatus_to_exitcode(status) not in (0, NONE_CHOSEN)

    def _become(self, tests: str, module: str, changed: bool) -> None:
        os.setsid()
        os.chdir(self.folder)
        with (self.folder / "said").open("wb") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        name = module.replace("/", ".")
        for each in {name, *self.graph.find_downstream_modules(name)}:
            if sys.modules.pop(each, None):
                package, _, own = each.rpartition(".")
                vars(sys.modules.get(package, sys)).pop(own, None)  # ``from package import own`` looks here first
        if changed:
            signal.setitimer(signal.ITIMER_PROF, HANGS)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        code = 70
        try:
            code = _pytest(tests, changed) if tests != WIDEST else call_widest(module) or 0
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


def lines_of(module: str, change: tuple[str, int, str]) -> tuple[str, tuple[str, str, str]]:
    """Return the text of a module after a change, and the change in words: the operator, the lines before and after."""
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    kind, occurrence, _ = change
    source = source_of(module).read_text(encoding="utf-8")
    text = mutate_code(source, plugins.get_operator(kind)(), occurrence)
    before, after = source.splitlines(), text.splitlines()
    spans = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    was = [line.strip() for tag, i, j, *_ in spans if tag != "equal" for line in before[i:j]]
    now = [line.strip() for tag, *_, i, j in spans if tag != "equal" for line in after[i:j]]
    return text, (kind.removeprefix("core/"), " ⏎ ".join(filter(None, was)), " ⏎ ".join(filter(None, now)))


def mutate(copy: Copy, module: str, tests: list[str], chosen: Iterable[tuple[str, int, str]]) -> list[dict]:
    """Try changes of a module on tests; return one entry for each: where it is, the lines before and after, whether noticed."""
    found = []
    for change in chosen:
        text, (operator, was, now) = lines_of(module, change)
        copy.change(module, text)
        place = {"definition": change[2], "operator": operator, "occurrence": change[1]}
        found.append({**place, "was": was, "now": now, "noticed": copy.notice(module, tests)})
    copy.change(module, source_of(module).read_text(encoding="utf-8"))
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


def summary(module: str, mutants: int, entries: list[dict], before: dict | None = None) -> dict:
    """Return what is stored of a module: how many changes there are, were tried, were noticed at first, and the others.

    `before` is what was stored of a smaller sample by the same seed, from which `entries` go on.
    """
    survivors = [{k: v for k, v in each.items() if k != "noticed"} for each in entries if not each["noticed"]]
    before = before or {"tried": 0, "at first": 0, "survivors": []}
    return {
        "source": digest(module),
        "mutants": mutants,
        "tried": before["tried"] + len(entries),
        "at first": before["at first"] + len(entries) - len(survivors),
        "survivors": sorted(before["survivors"] + survivors, key=lambda each: tuple(map(str, each.values()))),
    }


def stored() -> dict[str, dict[str, dict]]:
    """Return what was found, by round and module."""
    return json.loads(RESULT.read_text(encoding="utf-8"))["rounds"] if RESULT.is_file() else {}


def store(rounds: dict[str, dict[str, dict]]) -> None:
    """Write what was found."""
    made = {"tool": f"cosmic-ray {version('cosmic-ray')}", "deciding": len(names()), "rounds": rounds}
    RESULT.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def draw(module: str, one_in: int, seed: int) -> tuple[int, list[tuple[str, int, str]]]:
    """Return how many changes a module has, and which are drawn: one in so many, rounded up."""
    every = changes(module, seed)
    return len(every), every[: math.ceil(len(every) / one_in)]


def try_round(copy: Copy, wanted: Iterable[str], one_in: int, seed: int) -> None:
    """Try what is drawn of modules and store it; what of this is known, and has not changed since, is left out."""
    rounds = stored()
    here = rounds.setdefault(WHOLE if one_in == 1 else str(seed), {})
    for module in wanted:
        start, before = time.monotonic(), here.get(module)
        if rounds.get(WHOLE, {}).get(module, {}).get("source") == digest(module):
            continue
        if before and (before["source"] != digest(module) or before.get("undecided")):
            before = None
        mutants, chosen = draw(module, one_in, seed)
        chosen = chosen[before["tried"] :] if before else chosen
        if chosen:
            here[module] = found = summary(module, mutants, mutate(copy, module, trying(module), chosen), before)
            store(rounds)
            counts = f"{found['tried']} of {mutants} changes, {found['at first']} noticed at first"
            print(f"{module}: {counts} ({time.monotonic() - start:.0f} s)", flush=True)


def try_again(copy: Copy, wanted: Iterable[str]) -> None:
    """Try the survivors of all rounds that nobody has explained; drop those that are noticed, or are no longer there."""
    rounds, known = stored(), {(each["module"], each["now"]) for each in explanations()}
    for here in rounds.values():
        for module in set(here) & set(wanted):
            explained = [each for each in here[module]["survivors"] if (module, each["now"]) in known]
            left = {(each["operator"], each["was"], each["now"]) for each in here[module]["survivors"]}
            left -= {(each["operator"], each["was"], each["now"]) for each in explained}
            operators = {f"core/{operator}" for operator, *_ in left}
            chosen = [each for each in changes(module) if each[0] in operators and lines_of(module, each)[1] in left]
            entries = mutate(copy, module, trying(module, every=True), chosen)
            here[module]["survivors"] = summary(module, 0, entries)["survivors"] + explained
            store(rounds)
            if left:
                print(
                    f"{module}: {len(left)} survived, {len(here[module]['survivors']) - len(explained)} do", flush=True
                )


def main() -> None:
    """Mutate the modules that are named, or all, and store what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="names or patterns of modules; all, when none is given")
    parser.add_argument("--one-in", type=int, default=ONE_IN, help=f"of how many changes one is drawn ({ONE_IN})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the draw ({SEED})")
    parser.add_argument("--again", action="store_true", help="try what survived, on more tests")
    options = parser.parse_args()
    wanted = [name for name in names() if not options.modules or any(fnmatch.fnmatch(name, p) for p in options.modules)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder))
        if options.again:
            try_again(copy, wanted)
        else:
            try_round(copy, wanted, options.one_in, options.seed)


if __name__ == "__main__":
    main()
