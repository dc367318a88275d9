"""What a rule was found to give, as data: one kind for each kind of rule, and how it came out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from secondlook.paper.registry import Value


@dataclass(frozen=True)
class Addends:
    """A sum of printed numbers: each as printed, and together."""

    texts: tuple[str, ...]
    total: Fraction


@dataclass(frozen=True)
class RuleShown:
    """What a rule that compares no numbers found: nothing beyond its own values."""


@dataclass(frozen=True)
class Excess(RuleShown):
    """Two sums, of which the first must not be the larger, and by how much it is."""

    values: Addends
    limit: Addends
    excess: Fraction


@dataclass(frozen=True)
class Forced(RuleShown):
    """Two sets within a third: how many are forced into both, of how many, and the chance of it among `size`."""

    first: int
    second: int
    within: int
    size: int
    forced: int
    room: int
    possible: bool
    chance: Fraction


@dataclass(frozen=True)
class Rest(RuleShown):
    """A whole, its parts, and what is left."""

    whole: Addends
    parts: Addends
    rest: Fraction


@dataclass(frozen=True)
class Held(RuleShown):
    """A count held against the one that must contain it."""

    inner: Value
    outer: Value


@dataclass(frozen=True)
class Early(RuleShown):
    """Events of `size` patients by a date in weeks, and the median with its lower limit where one is printed.

    ``begins`` is where what prints the median begins.
    """

    events: int
    size: int
    weeks: str
    months: Fraction
    median: str
    begins: Fraction
    lower: str = ""

    @property
    def before(self) -> int:
        """How many, at most, have their event before what prints the median, nobody being censored before it.

        The median is then the (n + 1)/2-th time, or, n being even, anything from the n/2-th to the next (Kaplan & Meier
        1958, J Am Stat Assoc 53:457).
        """
        return self.size // 2

    @property
    def is_late(self) -> bool:
        """True when the median lies beyond a date by which a majority had the event."""
        return self.is_majority and self.begins > self.months

    @property
    def is_majority(self) -> bool:
        """True when the median must lie before the date."""
        return 2 * self.events > self.size


@dataclass(frozen=True)
class Cycled(RuleShown):
    """A number of cycles, and for each group the parts of a cycle and the weeks that the cycles take."""

    cycles: str
    spans: tuple[tuple[str, Addends, Fraction], ...]


@dataclass(frozen=True)
class DatesInOrder(RuleShown):
    """Dates as printed, and the months from the first to the last."""

    printed: tuple[str, ...]
    months: int


@dataclass(frozen=True)
class Gapped(RuleShown):
    """The limits below and above which two parts of a rule hold, as printed; whether they leave something out."""

    below: str
    above: str
    leaves_out: bool
    at_one_point: bool


@dataclass(frozen=True)
class Levels(RuleShown):
    """Levels as printed, the limits of admission, and the levels outside them."""

    low: str
    high: str
    printed: tuple[str, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True)
class Places(RuleShown):
    """What is printed in several places that should print the same."""

    printed: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a rule came out.

    Attributes
    ----------
    verdict : str
        ``coherent`` when it is obeyed, otherwise as a rule ``query``.
    shown : RuleShown
        What was found.
    value_ids : tuple of str
        What it involves.
    evidence : str
        A word of :data:`secondlook.checks.verdicts.EVIDENCE`.
    part : str
        For a rule that is held against several rows, which.
    recomputes : tuple of str
        The values that it prints, where it says what they should print.
    """

    verdict: str
    shown: RuleShown
    value_ids: tuple[str, ...]
    evidence: str = "counts"
    part: str = ""
    recomputes: tuple[str, ...] = ()
