"""One look for all figures: a colour-blind-safe palette, fonts, and SVG that is the same at every build."""

from __future__ import annotations

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from secondlook.pages import palette

# Okabe and Ito's palette, from which any two can be told apart with each kind of colour blindness.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#5F6B76"
INK = "#1F2933"

#: Colours and markers of what is compared; the marker tells them apart without colour.
PUBLISHED = {"color": INK, "marker": "o"}
RECOMPUTED = {"color": ORANGE, "marker": "D"}
ARMS = ({"color": BLUE, "marker": "o"}, {"color": ORANGE, "marker": "s"})

VERDICT_COLORS = {word: ground for word, (ground, _) in palette.VERDICTS.items()}


def set_theme() -> None:
    """Set the theme and make figures SVG without date or random ids."""
    # Imported here because it hooks itself into the kernel, which may not exist when this module is imported.
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    sns.set_theme(
        context="notebook",
        style="whitegrid",
        palette=[BLUE, ORANGE, GREEN, PURPLE, GREY],
        rc={
            "figure.figsize": (7.0, 4.0),
            "figure.constrained_layout.use": True,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "grid.color": "#E1E5EA",
            "font.family": "DejaVu Sans",
            "font.size": 11,
            "svg.hashsalt": "second-look",
            "svg.fonttype": "path",
        },
    )
    set_matplotlib_formats("svg", metadata={"Date": None})
    # At the end of a cell pyplot would draw each figure once more, as pixels that nobody sees, before it becomes SVG.
    plt.uninstall_repl_displayhook()


def flow(ax: Axes, boxes: dict[str, tuple[float, float, str]], arrows: list[tuple[str, str]]) -> None:
    """Draw a flow diagram.

    Parameters
    ----------
    ax : Axes
        Made bare; positions are in its 0-to-1 coordinates.
    boxes : dict
        By name: centre x, centre y and text of each box.
    arrows : list of (str, str)
        From box down to box. One to a box that stands beside the way to another branches off that way.
    """
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    texts = {}
    for name, (x, y, text) in boxes.items():
        texts[name] = ax.text(x, y, text, ha="center", va="center", linespacing=1.5, zorder=3)
    ax.figure.canvas.draw()
    for name, text in texts.items():
        frame = text.get_window_extent().transformed(ax.transData.inverted()).padded(0.02)
        boxes_style = {"boxstyle": "round,pad=0.01", "facecolor": "#F3F6F9", "edgecolor": GREY}
        ax.add_patch(FancyBboxPatch((frame.x0, frame.y0), frame.width, frame.height, zorder=2, **boxes_style))
        texts[name] = frame
    for start, end in arrows:
        a, b = texts[start], texts[end]
        middle, height = (a.x0 + a.x1) / 2, (b.y0 + b.y1) / 2
        onwards = [texts[other] for source, other in arrows if source == start and other != end]
        if b.x0 > middle and any(other.y1 < height < a.y0 for other in onwards):
            tail, head, gap = (middle, height), (b.x0, height), 0
        else:
            tail, head, gap = (middle, a.y0), ((b.x0 + b.x1) / 2, b.y1), 4
        ax.annotate("", head, tail, arrowprops={"arrowstyle": "-|>", "color": GREY, "shrinkA": gap, "shrinkB": 4})


def paired_dots(ax: Axes, labels: list[str], pairs: list[tuple[float, float]], names: tuple[str, str]) -> None:
    """Draw one row per label with a dot per arm, joined by a line; rows from top to bottom.

    Parameters
    ----------
    ax : Axes
    labels : list of str
    pairs : list of (float, float)
        The two arms' values of each row.
    names : (str, str)
        The arms, for the legend.
    """
    places = range(len(labels))[::-1]
    for y, (first, second) in zip(places, pairs, strict=True):
        ax.plot([first, second], [y, y], color="#9AA5B0", linewidth=2, zorder=1)
    for arm, style in enumerate(ARMS):
        ax.scatter([p[arm] for p in pairs], places, s=48, zorder=2, label=names[arm], **style)
    ax.set_yticks(list(places), labels)
    ax.grid(axis="y", visible=False)


def new(width: float = 7.0, height: float = 4.0) -> tuple[plt.Figure, Axes]:
    """Return a figure with one pair of axes, in inches."""
    return plt.subplots(figsize=(width, height))
