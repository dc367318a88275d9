"""What a slider moves, as HTML: numbers and curves for every position of one to three sliders, computed when a page is.

A script shows what stands in the page for the positions chosen (`sliders.js`) and computes nothing, so that what a
reader sees is what the chapter's own Python gives. Without it the curves stand as at the start, above a table.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from secondlook.pages import notebook
from secondlook.pages.present import Html, table

#: A page stays light: so many positions of all sliders together, at most.
MOST = 1200
#: The drawing in units of its own: width and height, and the room for axes on the left and below, and above and right.
WIDTH, HEIGHT, LEFT, BELOW, ROOM = 400, 250, 44, 42, 10
#: Heights are stored as whole tenths.
TENTHS = 10


@dataclass(frozen=True)
class Slider:
    """What a slider is called, the values it goes through, the one it starts at, and how a value is shown."""

    name: str
    values: Sequence[float]
    start: float
    form: str = "{:g}"


@dataclass(frozen=True)
class Chart:
    """The axes of a drawing: the places at which curves are known, names, ticks, and whether an axis is logarithmic."""

    x: Sequence[float]
    x_name: str
    x_ticks: Sequence[float]
    y_name: str
    y_ticks: Sequence[float]
    is_log_x: bool = False
    is_log_y: bool = False

    def across(self, x: float) -> float:
        """Return where a value stands from the left, in the drawing's units."""
        return round(LEFT + (WIDTH - LEFT - ROOM) * _part(x, self.x[0], self.x[-1], self.is_log_x), 1)

    def down(self, y: float) -> float:
        """Return where a value stands from above; one beyond the axis stands at its end."""
        part = min(1.0, max(0.0, _part(y, self.y_ticks[0], self.y_ticks[-1], self.is_log_y)))
        return round(HEIGHT - BELOW - (HEIGHT - BELOW - ROOM) * part, 1)


def _part(value: float, first: float, last: float, is_log: bool) -> float:
    if is_log:
        value, first, last = (math.log(x) for x in (value, first, last))
    return (value - first) / (last - first)


def move(
    name: str,
    sliders: Sequence[Slider],
    told: Callable[..., Mapping[str, str]],
    chart: Chart | None = None,
    drawn: Callable[..., Mapping[str, Sequence[float]]] | None = None,
    marked: Callable[..., float] | None = None,
) -> Html:
    """Return sliders with what they move.

    Parameters
    ----------
    name : str
        What is shown, for a heading and for those who hear it.
    sliders : sequence of Slider
    told : callable
        Of one value of each slider: names and texts, in the same order everywhere.
    chart : Chart, optional
    drawn : callable, optional
        Of the same values: names and heights of curves, at each x of the chart. The second and later ones are dashed.
    marked : callable, optional
        Of the same values: the x of a vertical line.

    Raises
    ------
    ValueError
        When there are too many positions, or a slider does not start at one of its values.
    """
    places, start = _positions(name, sliders), [slider.start for slider in sliders]
    data: dict[str, object] = {
        "sliders": [
            {"name": s.name, "values": [s.form.format(v) for v in s.values], "start": list(s.values).index(s.start)}
            for s in sliders
        ],
        "told": _indexed([told(*place) for place in places]),
    }
    svg = ""
    if chart and drawn:
        lines = [{key: _heights(chart, ys) for key, ys in drawn(*place).items()} for place in places]
        data |= {"x": [chart.across(x) for x in chart.x], "lines": _indexed(lines)}
        data |= {"mark": [chart.across(marked(*place)) for place in places]} if marked else {}
        svg = _svg(name, chart, drawn(*start), marked and chart.across(marked(*start)))
    stored = escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    return notebook.moving(
        f'<div class="sl-moves" role="group" aria-label="{escape(name)}" data-moves="{stored}">'
        f'<p class="sl-practice-head">{escape(name)}</p>{svg}{_table(name, sliders, told)}</div>',
        "sliders.js",
    )


def _positions(name: str, sliders: Sequence[Slider]) -> list[tuple[float, ...]]:
    """Return all positions of sliders together; raises ValueError as :func:`move` says."""
    places = list(itertools.product(*(slider.values for slider in sliders)))
    if len(places) > MOST:
        raise ValueError(f"{name}: {len(places)} positions, and a page holds {MOST} at most")
    for slider in sliders:
        if slider.start not in slider.values:
            raise ValueError(f"{name}: {slider.name} does not start at one of its values")
    return places


def _heights(chart: Chart, ys: Iterable[float]) -> str:
    return " ".join(str(round(TENTHS * chart.down(y))) for y in ys)


def _indexed(found: Sequence[Mapping[str, str]]) -> dict[str, list]:
    """Return, by name, the different texts, and which of them stands at each position."""
    indexed = {}
    for key in found[0]:
        texts = [each[key] for each in found]
        different = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        indexed[key] = [list(different), [different[text] for text in texts]]
    return indexed


def _table(name: str, sliders: Sequence[Slider], told: Callable[..., Mapping[str, str]]) -> str:
    """Return what is told along the first slider, the others at their start: what can be read without a script."""
    first, *others = sliders
    chosen = first.values[:: max(1, len(first.values) // 5)]
    rows = []
    for value in chosen:
        said = told(value, *(other.start for other in others))
        rows.append([escape(text) for text in (first.form.format(value), *said.values())])
    fixed = ", ".join(f"{other.name} {other.form.format(other.start)}" for other in others)
    header = [first.name, *told(*(slider.start for slider in sliders))]
    shown = table(header, rows, f"{name}, as a table", numeric=range(len(header)))
    return f'<div class="sl-moved-table">{fixed and f"<p>With {escape(fixed)}:</p>"}{shown}</div>'


def _svg(name: str, chart: Chart, curves: Mapping[str, Sequence[float]], mark: float | None) -> str:
    """Return the drawing as it is at the start."""
    right, bottom = WIDTH - ROOM, HEIGHT - BELOW
    parts = [f'<path class="sl-axis" d="M{LEFT},{ROOM}V{bottom}H{right}"/>']
    for x in chart.x_ticks:
        parts.append(f'<text x="{chart.across(x)}" y="{bottom + 16}" text-anchor="middle">{x:g}</text>')
    for y in chart.y_ticks:
        at = chart.down(y)
        parts.append(f'<path class="sl-grid" d="M{LEFT},{at}H{right}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{y:g}</text>')
    middle = (LEFT + right) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(chart.x_name)}</text>')
    parts += [_path(chart, ys, number) for number, ys in enumerate(curves.values())]
    if mark is not None:
        parts.append(f'<path class="sl-at-x" d="M{mark},{ROOM}V{bottom}"/>')
    key = '<li><svg viewBox="0 0 28 8" aria-hidden="true"><path class="sl-line-{}" d="M0,4H28"/></svg>{}</li>'
    keys = "".join(key.format(number, escape(curve)) for number, curve in enumerate(curves))
    alt = escape(f"{name}: {chart.y_name}, against {chart.x_name}")
    return (
        f'<p class="sl-y-name">{escape(chart.y_name)}</p>'
        f'<svg class="sl-chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{alt}">{"".join(parts)}</svg>'
        f'<ul class="sl-keys">{keys}</ul>'
    )


def _path(chart: Chart, heights: Iterable[float], number: int) -> str:
    points = (f"{chart.across(x)},{chart.down(y)}" for x, y in zip(chart.x, heights, strict=True))
    return f'<path class="sl-line-{number} sl-moved" d="M{"L".join(points)}"/>'
