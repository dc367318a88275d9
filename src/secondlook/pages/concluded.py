"""What becomes of a paper's conclusions (:mod:`secondlook.conclusions`), as HTML.

In: judged conclusions. Out: escaped HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from secondlook.conclusions import CORRECTED, NOT, SURVIVES, UNKNOWN, Judged
from secondlook.pages import present
from secondlook.paper.registry import Registry

#: How each outcome looks: the class of a verdict of like meaning, and an icon.
LOOKS = {
    SURVIVES: ("reproduced", "✓"),
    CORRECTED: ("reproduced-if", "◐"),
    NOT: ("inconsistent", "✗"),
    UNKNOWN: ("not-testable", "–"),
}


def badge(outcome: str) -> present.Html:
    """Return an outcome as icon and word."""
    css, icon = LOOKS[outcome]
    return present.Html(
        f'<span class="sl-verdict sl-{css}"><span class="sl-icon" aria-hidden="true">{icon}</span> {outcome}</span>'
    )


def table(judged: Sequence[Judged], registry: Registry) -> present.Html:
    """Return the conclusions with outcome, what decides it, and the sections whose words draw them."""
    sections = registry.layout.sections

    def row(item: Judged) -> list[str]:
        told = [registry[value] for value in item.conclusion.claims]
        drawn = dict.fromkeys(sections[value.section] for value in told if value.statistic == "claim")
        link = f'<a href="#{item.conclusion.place}">{escape(item.conclusion.said)}</a>'
        return [f"{link}<br>{badge(item.outcome)}", escape(item.because), escape(", ".join(drawn))]

    header = ["conclusion (our words), and outcome", "what decides it", "drawn in"]
    return present.table(header, map(row, judged), "the paper's conclusions and what becomes of them")
