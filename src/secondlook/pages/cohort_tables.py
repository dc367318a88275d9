"""Tables of a book that set what patients print beside what a paper prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from secondlook import corrections
from secondlook.cohort.credible import Criterion
from secondlook.cohort.verify import Result
from secondlook.pages import present
from secondlook.paper.registry import Registry
from secondlook.stats.wald import CELLS

#: How a table names the kinds of statistics.
KINDS = {"unadjusted": "hazard ratios, one variable", "adjusted": "hazard ratios, adjusted",
         "median": "medians and limits", "log-rank": "log-rank p"}  # fmt: skip


def counted(results: Sequence[Result], aside: Mapping[str, str]) -> dict[str, int]:
    """Return how many statistics are wanted, sought and got; `aside` are the keys of the rows that were not sought."""
    sought = [result for result in results if result.target.row not in aside]
    got = sum(result.attained for result in sought)
    near = sum(not result.attained and result.off == 1 for result in sought)
    return {
        "targets": len(results), "attained": sum(result.attained for result in results), "sought": len(sought),
        "attained_sought": got, "near": near, "rest": len(sought) - got - near, "rows_aside": len(aside),
        "repaired": len({result.target.row for result in results if result.target.repaired}),
    }  # fmt: skip


def verdict(result: Result) -> str:
    """Return in words whether a number was got."""
    if result.attained:
        return "attained"
    return "not there" if result.off is None else _off(result.off)


def _off(units: int) -> str:
    return f"off by {units}".replace(" ", "\N{NO-BREAK SPACE}")  # a short column must not break it


def of_targets(results: Sequence[Result], label: str) -> present.Html:
    """Return one line per number: where, printed, wanted, got, and by how many units of the last digit it is off."""
    rows = []
    for result in results:
        target = result.target
        wanted = f"{escape(target.wanted)}{' (mended)' if target.repaired else ''}"
        rows.append([escape(target.place), verdict(result), escape(target.printed), wanted, escape(result.got)])
    return present.table(["where", "result", "printed", "wanted", "got"], rows, label, numeric=(2, 3, 4))


def by_kind(results: Sequence[Result], registry: Registry, label: str) -> present.Html:
    """Return one line per kind of statistic and endpoint: how many were got, of how many."""
    tables = registry.layout.tables
    frame = pd.DataFrame(
        {
            "kind": [
                KINDS[tables[t.table].model_of(t.kind) if t.table else t.kind] for t in (r.target for r in results)
            ],
            "endpoint": [r.target.endpoint.upper() for r in results],
            "attained": [r.attained for r in results],
        }
    )
    counted = frame.groupby(["kind", "endpoint"], sort=False)["attained"].agg(["sum", "count"])
    rows = [[*key, str(n), str(of)] for key, (n, of) in zip(counted.index, counted.to_numpy(), strict=True)]
    return present.table(["kind", "endpoint", "attained", "of"], rows, label, numeric=(2, 3))


def set_aside(registry: Registry, reasons: Mapping[str, str], label: str) -> present.Html:
    """Return one line per row of a model that was not sought, with the reason."""
    rows = [
        [escape(corrections.row_name(registry, registry[f"{key}.hr"])), escape(why)] for key, why in reasons.items()
    ]
    return present.table(["row", "why it was not sought"], rows, label)


def of_criteria(found: Sequence[Criterion], each: Sequence[Sequence[Criterion]], label: str) -> present.Html:
    """Return counts by criterion of one cohort, and the fewest and the most among many."""
    columns = list(zip(*each, strict=True)) or [()] * len(found)
    rows = [
        [escape(item.words), str(item.count), str(item.of), *_span([other.count for other in others]), item.wanted]
        for item, others in zip(found, columns, strict=True)
    ]
    head = ["criterion", "patients", "of", "fewest", "most", "expected"]
    return present.table(head, rows, label, numeric=(1, 2, 3, 4))


def _span(counts: Sequence[int]) -> tuple[str, str]:
    return (str(min(counts)), str(max(counts))) if counts else ("", "")


def of_members(found: pd.DataFrame, label: str) -> present.Html:
    """Return one line per cohort of an ensemble: its events by endpoint, and what it attains of the numbers sought."""
    rows = found.astype(str).to_numpy().tolist()
    head = [name.replace("_", " ") for name in found.columns]
    return present.table(head, rows, label, numeric=range(len(head)))


def refitted(results: Sequence[Result], registry: Registry, table: str, label: str) -> present.Html:
    """Return one line per row of a table of models: printed (or mended), what the patients give, what is off."""
    sets = registry.layout.tables[table].sets
    lines: dict[tuple[str, str], dict[str, Result]] = {}
    for result in results:
        if result.target.table == table and result.target.statistic in CELLS:
            lines.setdefault((result.target.variable, result.target.kind), {})[result.target.statistic] = result
    rows, people = [], _are_fewer(results, registry)
    for (variable, kind), cells in lines.items():
        name = ", ".join(filter(None, (registry.layout.variables[variable].label, sets.get(kind, ""))))
        mended = any(cell.target.repaired for cell in cells.values())
        wanted = _line({key: cell.target.wanted for key, cell in cells.items()}) + (" (mended)" if mended else "")
        off = [cell.off for cell in cells.values() if not cell.attained]
        said = "attained" if not off else "not there" if None in off else _off(max(off))
        n = [str(cells["hr"].n)] if people else []
        rows.append([escape(name), said, wanted, _line({key: cell.got for key, cell in cells.items()}), *n])
    head = ["row", "result", "printed", "refitted", *(["patients"] if people else [])]
    return present.table(head, rows, label, numeric=(4,) if people else ())  # cells of several numbers: no column


def _are_fewer(results: Sequence[Result], registry: Registry) -> bool:
    """Return whether a number of all patients is of fewer than the paper counts: then tables say of how many."""
    everyone = sum(registry.size(arm) for arm in registry.layout.paper.arms)
    return any(r.n < everyone for r in results if r.target.kind == "log-rank" or r.target.statistic == "hr")


def _line(texts: dict[str, str]) -> str:
    first = {key: escape(text) for key, text in texts.items()}
    unbroken = f"{first['hr']} ({first['lower']}–{first['upper']}),", f"p {first['p']}"
    return " ".join(f'<span style="white-space:nowrap">{part}</span>' for part in unbroken)


def medians(results: Sequence[Result], registry: Registry, groups: Sequence[str], label: str) -> present.Html:
    """Return medians with their limits of some groups, printed and recomputed, and the log-rank p between them."""
    rows = []
    for result in results:
        target = result.target
        if target.kind == "log-rank" and set(target.groups) <= set(groups):
            compared = " vs ".join(registry.layout.groups[group].label for group in target.groups)
            name = f"log-rank p, {target.endpoint.upper()}: {compared}"
            rows.append((target.endpoint, name, target.printed, result.got, result))
    for endpoint in dict.fromkeys(r.target.endpoint for r in results if r.target.kind == "median"):
        for group in groups:
            cells = {
                r.target.statistic: r
                for r in results
                if (r.target.kind, r.target.endpoint, r.target.groups) == ("median", endpoint, (group,))
            }
            if len(cells) == 3:
                name = f"{registry.layout.groups[group].label}, {endpoint.upper()}"
                printed, got = (
                    f"{texts['median']} ({texts['lower']}–{texts['upper']})"
                    for texts in (
                        {key: r.target.printed for key, r in cells.items()},
                        {key: r.got for key, r in cells.items()},
                    )
                )
                worst = next((r for r in cells.values() if not r.attained), cells["median"])
                rows.append((endpoint, name, printed, got, worst))
    people = _are_fewer(results, registry)
    body = [
        [escape(name), verdict(worst), escape(printed), escape(got), *([str(worst.n)] if people else [])]
        for _, name, printed, got, worst in rows
    ]
    head = ["quantity", "result", "printed", "recomputed", *(["patients"] if people else [])]
    return present.table(head, body, label, numeric=range(2, len(head)))
