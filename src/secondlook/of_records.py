"""What real records say beside a paper, as data: nothing at all where none were handed in.

In: a ledger with the checks of :mod:`secondlook.recorded`, or the records themselves.
"""

from __future__ import annotations

import contextlib

from secondlook.audit import Ledger
from secondlook.checks.verdicts import VERDICTS, Check
from secondlook.cohort import beyond
from secondlook.cohort.records import Records
from secondlook.cohort.verify import Result
from secondlook.numbers.printed import Printed, parse
from secondlook.recorded import Recorded
from secondlook.stats import cox


def checks(ledger: Ledger, section: str | None = None) -> list[Check]:
    """Return what records say, number by number, worst first; of one section if given."""
    found = [c for c in ledger.checks if isinstance(c.found, Recorded) and section in (None, ledger.about(c).section)]
    order = list(VERDICTS)
    return sorted(found, key=lambda c: (order.index(c.verdict), -(c.found.result.relative or c.found.result.off or 0)))


def is_whole(ledger: Ledger) -> bool:
    """Return whether records of all the patients whom the paper counts were handed in, with nothing missing."""
    return any(c.found.whole for c in checks(ledger))


def answered(alone: Ledger, ledger: Ledger) -> list[Check]:
    """Return the flags of the paper alone that records answer, as the paper alone has them."""
    left = {check.check_id: check for check in ledger.checks}
    return [check for check in alone.flags() if not left[check.check_id].is_flag]


def numbers(ledger: Ledger) -> dict[str, Printed]:
    """Return what whole records print for each value, by id: where they are not whole, or no one number, nothing."""
    found = checks(ledger) if is_whole(ledger) else []
    return {c.value_ids[0]: parse(c.found.result.texts[0]) for c in found if _is_one(c.found.result)}


def adjusted(found: Records) -> dict[str, tuple[float, float, float]]:
    """Return the arm's hazard ratio with its limits beside the variables of each adjusted model, by endpoint."""
    ratios = {}
    for item in found.codes.endpoints:
        with contextlib.suppress(cox.NoFitError):  # without a finite estimate there is nothing to say
            ratios[item.endpoint] = beyond.adjusted(found, item.endpoint)
    return ratios


def _is_one(result: Result) -> bool:
    return result.exists and result.known and len(result.texts) == 1
