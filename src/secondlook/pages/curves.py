"""Kaplan–Meier curves of two groups as journals print them: bands, censor marks and the numbers at risk below.

What the patients are stands in the picture itself, so that it is not lost when the picture is taken out of its page.
Real times are drawn to the quarter of a month: a picture made of lines holds more digits than anyone sees in it.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from lifelines import KaplanMeierFitter
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from secondlook.cohort.records import Records
from secondlook.pages import figures, present

#: Words inside a picture, by whether the patients are invented.
MARKS = {True: "SYNTHETIC COHORT: invented patients", False: "patients' records"}
#: Months between the marks of the axis of time.
TICK = 6
#: Months to which real times are rounded where they are drawn: no more than the width of a line.
GRAIN = 0.25
#: How strongly a band and the range over an ensemble are filled: told apart, and seen on a dark page as well.
BAND, RANGE = 0.2, 0.55


def steps(times: np.ndarray, events: np.ndarray) -> KaplanMeierFitter:
    """Fit the product-limit curve with pointwise log-log bands (Kaplan & Meier 1958; Kalbfleisch & Prentice 1980)."""
    return KaplanMeierFitter().fit(times, events)


def two_groups(
    records: Records,
    endpoint: str,
    groups: Mapping[str, str],
    *,
    envelopes: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]] | None = None,
    size: tuple[float, float] = (5.25, 4.8),
) -> plt.Figure:
    """Draw the curves of two groups with the numbers at risk under the axis.

    Parameters
    ----------
    records : Records
    endpoint : str
        Key of the endpoint.
    groups : mapping
        Label of each group to its key in the layout.
    envelopes : mapping
        By label: months, least and greatest survival over an ensemble, drawn behind the curve to its end.
    size : (float, float)
        Width and height in inches.

    Returns
    -------
    matplotlib Figure
    """
    fig, (ax, table) = plt.subplots(2, 1, figsize=size, height_ratios=[5, 1], sharex=True)
    times, events, seen = records.times(endpoint), records.events(endpoint), records.observed(endpoint)
    longest = TICK * int(np.ceil(times[seen].max() / TICK))
    grain = 0.0 if records.is_synthetic else GRAIN
    for (label, key), style in zip(groups.items(), figures.ARMS, strict=True):
        members = records.groups(key) & seen
        envelope = (envelopes or {}).get(label)
        if members.any():
            _curve(ax, label, times[members], events[members], style["color"], envelope, grain)
    ax.set(ylim=(0, 102), ylabel=f"% {_without(records, endpoint)}")
    shades = [Patch(facecolor=figures.GREY, alpha=BAND, label="95 % log-log band")]
    shades += [Patch(facecolor=figures.GREY, alpha=RANGE, label="range of the ensemble")] if envelopes else []
    ax.legend(handles=[*ax.get_legend_handles_labels()[0], *shades], loc="upper right", frameon=False, fontsize=10)
    style = {"ha": "left", "va": "bottom", "fontsize": 10.5, "weight": "bold", "color": figures.GREY}
    ax.text(0, 1.02, MARKS[records.is_synthetic], transform=ax.transAxes, **style)
    _numbers_at_risk(table, records, np.where(seen, times, -1), groups, longest)
    return fig


def _without(records: Records, endpoint: str) -> str:
    return f"of patients, {records.registry.layout.endpoints[endpoint]}"


def _curve(
    ax: Axes, label: str, times: np.ndarray, events: np.ndarray, color: str, envelope, grain: float = 0.0
) -> None:
    if envelope is not None:
        months, least, most = (values[envelope[0] <= times.max()] for values in envelope)
        ax.fill_between(months, 100 * least, 100 * most, step="post", color=color, alpha=RANGE, linewidth=0, zorder=1)
    fitted = steps(times, events)
    at = _rounded(fitted.survival_function_.index.to_numpy(), grain)
    curve = 100 * fitted.survival_function_.to_numpy()[:, 0]
    band = 100 * fitted.confidence_interval_.to_numpy()
    ax.fill_between(at, band[:, 0], band[:, 1], step="post", color=color, alpha=BAND, linewidth=0, zorder=0)
    ax.step(at, curve, where="post", color=color, linewidth=1.8, label=label, zorder=3)
    censored = np.sort(times[events == 0])
    if len(censored):
        height = 100 * fitted.survival_function_at_times(censored).to_numpy()
        mark = {"linestyle": "none", "marker": "|", "markersize": 8, "markeredgewidth": 1.6}
        ax.plot(_rounded(censored, grain), height, color=color, zorder=4, **mark)


def _rounded(times: np.ndarray, grain: float) -> np.ndarray:
    return np.round(times / grain) * grain if grain else times


def at_risk(times: np.ndarray, months: Sequence[float]) -> list[int]:
    """Return how many are still under observation at each month: their time is not before it."""
    return [int((times >= month).sum()) for month in months]


def _numbers_at_risk(ax: Axes, records: Records, times: np.ndarray, groups: Mapping[str, str], longest: int) -> None:
    months = np.arange(0, longest + 1, TICK)
    for y, ((_, key), style) in enumerate(zip(groups.items(), figures.ARMS, strict=True)):
        for month, n in zip(months, at_risk(times[records.groups(key)], months), strict=True):
            ax.text(month, -y, str(n), ha="center", va="center", color=style["color"], fontsize=10)
    ax.set_yticks([0, -1], list(groups))
    for tick, style in zip(ax.get_yticklabels(), figures.ARMS, strict=True):
        tick.set_color(style["color"])
    ax.set(xlim=(-longest / 30, longest * 1.02), ylim=(-1.6, 0.6), xlabel="months")
    ax.set_xticks(months)
    ax.set_title("at risk", fontsize=10, loc="left", pad=2)
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def drawn(found: Records) -> present.Html:
    """Return the curves of all groups that the paper compares, those of the arms first, each with its numbers."""
    layout, parts = found.registry.layout, []
    for item in layout.log_ranks:
        labels = {layout.groups[key].label: key for key in item.groups}
        if len(labels) == 2 and item.endpoint in {each.endpoint for each in found.codes.endpoints}:
            said = "; ".join(f"{label}: {_counted(found, item.endpoint, key)}" for label, key in labels.items())
            words = f"{item.endpoint.upper()}, {' and '.join(labels)}. {said}."
            alt = f"Kaplan–Meier curves with bands, censor marks and the numbers at risk below. {words}"
            parts.append(figure(two_groups(found, item.endpoint, labels), alt, words))
    return present.Html("".join(parts))


def _counted(found: Records, endpoint: str, group: str) -> str:
    seen = found.groups(group) & found.observed(endpoint)
    return f"{int(seen.sum())} patients, {int((found.events(endpoint) & seen).sum())} events"


def figure(drawn: plt.Figure, alt: str, caption: str) -> present.Html:
    """Return a figure that stands where there are records, and nowhere else: a page cannot declare it beforehand."""
    out = io.BytesIO()
    drawn.savefig(out, format="svg", metadata={"Date": None})
    plt.close(drawn)
    data = base64.b64encode(out.getvalue()).decode()
    width, height = (round(96 * inches) for inches in drawn.get_size_inches())
    image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}" width="{width}" height="{height}">'
    frame = f'class="sl-scroll sl-drawn" role="region" tabindex="0" aria-label="{escape(caption)}"'
    framed = f'<div {frame} style="--sl-width: {width}px">{image}</div>'
    said = f'<p><span class="caption-text">{escape(caption)}</span></p>'
    return present.Html(f'<figure class="align-default">{framed}<figcaption>{said}</figcaption></figure>')
