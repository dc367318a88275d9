"""How much of the package the tests run: statements and branches, from what pytest-cov has just measured.

``make coverage`` runs the tests under pytest-cov and stores the totals in data/simulated/coverage.json. Notebooks are
not among what is measured, and compiled loops cannot be: Numba runs machine code that no tracer sees, and to run them
as plain Python would take hours. They are left out, by name.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import coverage

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "data" / "simulated" / "coverage.json"


def omitted() -> list[str]:
    """Return the files that are left out, as the configuration names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["coverage"]["run"]["omit"]


def main() -> None:
    """Store the totals of the last measured run of the tests."""
    measured = coverage.Coverage(config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    report = ROOT / "_build" / "coverage.json"
    report.parent.mkdir(exist_ok=True)
    measured.json_report(outfile=str(report))
    found = json.loads(report.read_text(encoding="utf-8"))
    totals = found["totals"]
    kept = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    least = sorted(found["files"].items(), key=lambda pair: pair[1]["summary"]["percent_covered"])[:5]
    made = {
        "tool": f"coverage {coverage.__version__}",
        "left out": omitted(),
        **{name: totals[name] for name in kept},
        "least": {
            name.removeprefix("src/secondlook/"): round(file["summary"]["percent_covered"], 1) for name, file in least
        },
    }
    RESULT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
