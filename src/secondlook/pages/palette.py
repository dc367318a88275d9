"""The colours of the verdicts for what is drawn outside a page; pages have them in ``book/_static/second-look.css``.

Hues follow Okabe and Ito, shifted until text on them has a contrast of at least 4.5. No verdict is told by colour
alone.
"""

from __future__ import annotations

#: By verdict: the ground and the ink on it, on white paper. A test compares them with the style sheet.
VERDICTS = {
    "decision": ("#7a0019", "#ffffff"),
    "inconsistent": ("#b34700", "#ffffff"),
    "query": ("#f0e442", "#111111"),
    "reproduced-if": ("#0065a0", "#ffffff"),
    "reproduced": ("#00694a", "#ffffff"),
    "coherent": ("#56b4e9", "#111111"),
    "attained": ("#d79abd", "#111111"),
    "not-testable": ("#5f6672", "#ffffff"),
}
