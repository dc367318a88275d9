"""Time of an audit per row: the paper's registry, and registries with 10 and 100 times as many rows in its tables."""

from __future__ import annotations

import csv
import json
import shutil
import statistics
import tempfile
import time
import tomllib
from pathlib import Path

PUBLISHED = Path(__file__).resolve().parents[1] / "data" / "published"
SIZES = (1, 10, 100)


def medians(repeat: int) -> dict[str, float]:
    """Return the median processor seconds per value of reading, auditing and printing a registry of each size."""
    from secondlook import audit
    from secondlook.paper.registry import load

    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        papers = {size: enlarge(Path(folder) / str(size), size) for size in SIZES}
        audit.to_csv(audit.audit(load(papers[1])))  # the first one pays for what is imported late
        for _ in range(repeat):
            for size, paper in papers.items():
                start = time.process_time()
                registry = load(paper)
                audit.to_csv(audit.audit(registry))
                taken.setdefault(f"×{size}", []).append((time.process_time() - start) / len(registry))
    return {name: statistics.median(values) for name, values in taken.items()}


def enlarge(target: Path, times: int) -> Path:
    """Write the paper with every row of every table, and what the layout says of it, `times` times."""
    shutil.copytree(PUBLISHED, target, ignore=shutil.ignore_patterns("numerals.csv", "cohort.toml"))
    layout = tomllib.loads((target / "layout.toml").read_text(encoding="utf-8"))
    for table in layout["tables"].values():
        contrasts = table.get("contrasts", {})
        table |= {"contrasts": _copies(contrasts, times)} if contrasts else {}
        _enlarge_table(target / table["file"], times)
    layout["variables"] = _copies(layout["variables"], times)
    text = "\n".join(f"{json.dumps(key)} = {_toml(value)}" for key, value in layout.items())
    (target / "layout.toml").write_text(text, encoding="utf-8")
    return target


def _copies(named: dict, times: int) -> dict:
    return {_name(key, turn): value for turn in range(times) for key, value in named.items()}


def _name(row: str, turn: int) -> str:
    head, dot, tail = row.partition(".")
    return f"{head}_{turn}{dot}{tail}" if turn else row


def _enlarge_table(path: Path, times: int) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for turn in range(times):
            writer.writerows([_name(key, turn), *cells] for key, *cells in rows)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)
