"""Forest plots: the hazard ratios of a table of models as printed, what the rest of each row implies, and repairs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from secondlook.pages import figures
from secondlook.paper.registry import Registry
from secondlook.paper.rows import Row, table_rows
from secondlook.stats.wald import Line, box

#: How the rows of each kind of model look.
STYLES = {
    "unadjusted": {"color": figures.INK, "marker": "o"},
    "adjusted": {"color": figures.BLUE, "marker": "s"},
}
TICKS = (0.25, 0.5, 1, 2, 4, 8)
#: Heights in rows: of the name of a factor, of a row with its text above it, and what is left free below a factor.
_NAME, _ROW, _GAP = 1.1, 1.75, 0.3
#: How far above a row its text stands. The plot is as narrow as a phone, so the text has no room beside the axes.
_ABOVE = 0.9


@dataclass(frozen=True)
class _Drawn:
    """One line of the plot: a factor's name, or numbers with their looks."""

    y: float
    name: str = ""
    line: Line | None = None
    kind: str = ""
    style: Mapping[str, object] | None = None
    is_broken: bool = False
    is_doubtful: bool = False
    is_mended: bool = False


def interval(ax: Axes, line: Line, y: float, style: Mapping[str, object], **more: object) -> None:
    """Draw a printed hazard ratio with its interval at a height; `more` goes to the marker."""
    hr, lower, upper = (float(getattr(line, name).value) for name in ("hr", "lower", "upper"))
    ax.plot([lower, upper], [y, y], color=style["color"], linewidth=2, zorder=2, solid_capstyle="butt")
    ax.scatter(hr, y, s=40, zorder=3, **style, **more)


def log_axis(ax: Axes, ticks: Sequence[float], parts: Sequence[tuple[float, float]] = ((0, 1),)) -> None:
    """Make the x axis logarithmic with plain numbers, and mark the ratio of no difference in parts of the height."""
    ax.set_xscale("log")
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    for part in parts:
        ax.axvline(1, *part, color=figures.GREY, linestyle="--", linewidth=1, zorder=1)
    ax.grid(axis="y", visible=False)


def forest(
    registry: Registry, table: str, mended: Mapping[str, Line | None], outcome: str, doubtful: Collection[str] = ()
) -> None:
    """Draw the hazard ratios of a table, each on a line of its own with its printed text.

    A ring is the ratio that the row's other numbers imply.

    Parameters
    ----------
    registry : Registry
    table : str
        Key of a table of models.
    mended : mapping
        Rows that cannot be true, by key, and what a repair makes of each, or None.
    outcome : str
        What happens at that hazard: ``death``.
    doubtful : collection of str
        Keys of rows that cannot stand beside the others though their own numbers agree: they have a mark and no ring.
    """
    drawn = list(_lines(registry, table, mended, doubtful))
    bottom, top = drawn[-1].y - 0.7, 0.6
    fig, ax = figures.new(3.85, 1.3 - 0.175 * (drawn[-1].y - _GAP))
    for item in drawn:
        if item.name:
            ax.text(
                0, item.y, item.name, transform=ax.get_yaxis_transform(), va="center", fontsize=10, fontweight="bold"
            )
        else:
            _row(ax, item)
    ax.scatter([], [], s=120, facecolor="none", edgecolor=figures.ORANGE, linewidth=1.4, label="implied by the rest")
    _write(ax, 0, 0.06, "HR (interval)")
    _write(ax, 0, 1, "p", ha="right")
    heights = [((item.y - 0.45 - bottom), (item.y + 0.45 - bottom)) for item in drawn if not item.name]
    log_axis(ax, TICKS, [(low / (top - bottom), high / (top - bottom)) for low, high in heights])  # not through names
    ax.set(yticks=[], xlabel=f"hazard ratio for {outcome}", ylim=(bottom, top), xlim=(0.22, 11))
    ax.tick_params(labelsize=9.5)
    ax.xaxis.label.set_size(10)
    ax.spines["left"].set_visible(False)
    fig.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=9, handletextpad=0.1, columnspacing=0.6)


def _lines(
    registry: Registry, table: str, mended: Mapping[str, Line | None], doubtful: Collection[str]
) -> Iterator[_Drawn]:
    sets, y = registry.layout.tables[table].sets, 0.0
    rows = [row for row in table_rows(registry) if row.table == table]
    for variable in dict.fromkeys(row.variable for row in rows):
        fitted = sorted(
            (row for row in rows if row.variable == variable), key=lambda row: [*sets, row.set].index(row.set)
        )
        y -= _NAME
        yield _Drawn(y, f"{registry.layout.variables[variable].label} ({sides(registry, fitted[0])})")
        for row in fitted:
            y -= _ROW
            kind = sets.get(row.set, row.model)
            yield _Drawn(
                y,
                line=row.line,
                kind=kind,
                style=STYLES.get(row.model, STYLES["unadjusted"]),
                is_broken=row.key in mended,
                is_doubtful=row.key in doubtful,
            )
            if mended.get(row.key):
                y -= _ROW
                yield _Drawn(y, line=mended[row.key], kind="mended", style=figures.RECOMPUTED, is_mended=True)
        y -= _GAP


def sides(registry: Registry, row: Row) -> str:
    """Return the two groups of a row, the unit of their levels once."""
    spec = registry.layout.variables[row.variable]
    first, second = (
        "–".join(spec.levels[key] for key in side) for side in (row.contrast.exposed, row.contrast.reference)
    )
    return f"{first.removesuffix(f' {spec.unit}') if spec.unit else first} vs {second}"


def _row(ax: Axes, item: _Drawn) -> None:
    named = item.kind in ax.get_legend_handles_labels()[1]
    interval(ax, item.line, item.y, item.style, label=None if named else item.kind)
    if not (item.is_broken or item.is_mended or item.is_doubtful):
        implied = box(item.line.without("hr")).hr
        ring = {"facecolor": "none", "edgecolor": figures.ORANGE, "linewidth": 1.4}
        ax.scatter(math.sqrt(implied.low * implied.high), item.y, s=120, zorder=4, **ring)
    colour = figures.VERDICT_COLORS["decision"] if item.is_broken or item.is_doubtful else item.style["color"]
    mark = "✗" if item.is_broken else ("≠" if item.is_doubtful else "")
    for x, said, ha in ((0, mark, "left"), (0.06, str(item.line.without("p")), "left"), (1, item.line.p.text, "right")):
        _write(ax, item.y + _ABOVE, x, said, colour, ha)


def _write(ax: Axes, y: float, x: float, said: str, colour: str = figures.INK, ha: str = "left") -> None:
    """Write at a height, at a part of the axes' width."""
    place = {"xycoords": ("axes fraction", "data"), "annotation_clip": False}
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # so that no line of the grid crosses it
    ax.annotate(said, (x, y), ha=ha, va="center", fontsize=9.5, color=colour, bbox=ground, **place)
