"""What real records say of each printed number: a check a statistic and a count, with the program's way that prints it.

Records of all the patients whom the paper counts decide: what none of the ways prints is inconsistent, unless it is so
near that times in another unit, or a program that stops early, may print it. With fewer patients, or empty cells, a
mismatch asks only. Flags on numbers that rest on a premise which the paper does not print, or that only ask, are lifted
where such records print all that they suspect; a rule or a claim in words is not answered by numbers. Where numbers
contradict each other, whole records say which is wrong, and what was guessed of a slip falls away. A number that the
paper prints in several places is held against the records in each: where two places differ, they tell which is right.
A p value on the other side of 0.05, or a limit on the other side of 1, from which the paper draws something is a
``decision``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.checks.claims import JudgedClaim
from secondlook.checks.drawn import drawn_on
from secondlook.checks.joint import Proved
from secondlook.checks.levels import on_other_sides
from secondlook.checks.rules import Ruled
from secondlook.checks.verdicts import NOT_WHOLE, RECORDS, WRONG, Change, Check, Found, Said
from secondlook.cohort.records import Records
from secondlook.cohort.targets import SIZE, Target, constraints, targets
from secondlook.cohort.verify import COUNTS, Result, Tried, missed, tried
from secondlook.numbers.printed import parse
from secondlook.paper.registry import Registry
from secondlook.recorded_tables import NAMES_OF_KINDS, Following, following

#: Kinds of numbers that follow from counts, so that no unit of time and no program's tolerance moves them.
EXACT = COUNTS | NAMES_OF_KINDS
#: A number is not called wrong that the records miss by no more than this share of it or by one unit of its last digit:
#: times in whole days or in tenths of a month move it so far.
NEAR = 0.01
#: A value that a program could as well have printed lies within this factor of the printed one.
_FACTOR = 2


@dataclass(frozen=True)
class Recorded(Found):
    """A printed number beside the records.

    Attributes
    ----------
    result : Result
        What they print.
    whole : bool
        Whether they are of all the patients whom the paper counts, with nothing missing.
    """

    result: Result
    whole: bool


def check(records: Records) -> Iterator[Check]:
    """Yield a check of each printed statistic and count that the records can print; none of invented patients.

    ``reproduced`` by the usual way; ``reproduced-if`` by another program's, which the paper does not state;
    ``inconsistent`` where no way prints it, or a ``query`` where the records are not whole; ``not-testable`` for a
    number that these patients do not have.
    """
    if records.is_synthetic:
        return
    found, registry = tried(records, wanted=list(_wanted(records))), records.registry
    whole, drawn = is_whole(found, records), drawn_on(registry)
    numbers = [Following(result, _chance(result, found)) for result in found.results]
    for each in (*numbers, *following(registry, found.results)):
        yield _check(each, whole, concludes=not drawn.isdisjoint(_row(registry, each.result.target)))


def is_whole(found: Tried, records: Records) -> bool:
    """Return whether the records are of as many patients as the paper counts, group by group, with nothing missing."""
    printed = {spec.size for spec in records.registry.layout.groups.values()}
    sizes = [r for r in found.results if r.target.kind == SIZE and r.target.value_id in printed]
    return not records.missing and all(r.attained for r in sizes)


def _wanted(records: Records) -> Iterator[Target]:
    """Yield what is printed, in each place where it is."""
    registry, again = records.registry, {}
    for value in registry:
        if value.restates and value.number:
            again.setdefault((value.restates[0], value.statistic), []).append(value)
    for target in (*targets(registry, records.codes), *constraints(registry, records.codes)):
        first = registry[target.value_id]
        for value in (first, *again.get((first.id, first.statistic), ())):
            yield replace(target, value_id=value.id, place=value.place, printed=value.printed, wanted=value.printed)


def settled(checks: Iterable[Check], recorded: Iterable[Check]) -> Iterator[Check]:
    """Yield checks as whole records leave them: some are lifted, and some suspect what the records miss.

    Parameters
    ----------
    checks : iterable of Check
        What the paper alone tells.
    recorded : iterable of Check
        What the records tell (:func:`check`).
    """
    whole = {c.value_ids[0]: c.found.result for c in recorded if c.found.whole}
    held = {value_id for value_id, result in whole.items() if result.attained}
    for each in checks:
        if not each.is_flag or not whole.keys() >= set(each.suspect_ids):
            yield each
        elif held.issuperset(each.suspect_ids) and _may_be_lifted(each):
            note = f"The records of all patients print it, so that this no longer stands. {each.said.note}"
            said = replace(each.said, note=note, repair="")
            yield replace(each, verdict="coherent", evidence="records", changes=(), said=said)
        else:
            yield _pointed(each, held & set(each.value_ids), whole)


def _may_be_lifted(flag: Check) -> bool:
    """Return whether a flag rests on a premise that the paper does not print, or asks what numbers can answer."""
    if isinstance(flag.found, Proved):
        return any(not premise.printed for premise in flag.found.proof.premises)
    return flag.verdict == "query" and not isinstance(flag.found, (Ruled, JudgedClaim))


def _pointed(flag: Check, held: set[str], whole: Mapping[str, Result]) -> Check:
    """Return a flag that says that something is wrong, pointed at what the records miss: no slip need be guessed."""
    missed = tuple(i for i in flag.value_ids if i in whole and i not in held)
    known = not held & set(flag.suspect_ids) and all(_is_read(c, whole[c.value_id]) for c in flag.changes)
    if flag.verdict not in WRONG or not missed or known:
        return flag
    note = f"{flag.said.note} The records of all patients say which number it is."
    said = replace(flag.said, note=note, repair="")
    return replace(flag, suspect_ids=missed, changes=(), candidates=(), chance=None, said=said)


def _is_read(change: Change, result: Result) -> bool:
    return change.reads in (_printable(result), *result.texts)


def _row(registry: Registry, target: Target) -> set[str]:
    """Return the ids of what stands in the row of a number, or of what it restates."""
    cell = registry.origin(registry[target.value_id])
    row = registry.cells(cell.table, row=cell.row, set=cell.set) if cell.table else ()
    return {target.value_id, *(value.id for value in row)}


def _check(number: Following, whole: bool, *, concludes: bool) -> Check:
    result = number.result
    target, ids = result.target, (result.target.value_id,)
    verdict = _verdict(result, whole and not number.asks)
    got = _printable(result)
    mends = verdict == "inconsistent" and len(result.texts) == 1
    if verdict == "inconsistent" and concludes and _turns(result):
        verdict = "decision"
    return Check(
        family=RECORDS,
        subject=target.value_id,
        value_ids=ids,
        evidence="records",
        verdict=verdict,
        found=Recorded(result, whole),
        said=Said(
            quantity=target.place,
            published=target.printed,
            recomputed=got,
            method=result.way or ("counted" if target.kind in EXACT else "log-rank test"),
            note=_note(result, whole),
            repair=got if mends else "",
        ),
        chance=number.chance if verdict == "reproduced-if" else None,
        changes=(Change(target.value_id, got),) if mends else (),
        candidates=result.texts if verdict in WRONG and not mends and len(result.texts) > 1 else (),
        recomputes=ids,
    )


def _printable(result: Result) -> str:
    """Return what the records print as a paper would: no p value of nought, but one below the last digit."""
    number = result.target.number
    if (
        result.target.statistic == "p"
        and len(result.texts) == 1
        and result.exists
        and not float(result.got.lstrip("<"))
    ):
        return f"<{1 / 10**number.places:.{number.places}f}"
    return result.got


def _verdict(result: Result, whole: bool) -> str:
    if result.attained:
        return "reproduced" if result.usual else "reproduced-if"
    if result.off is None:
        return "not-testable"
    return "inconsistent" if whole and not _is_near(result) else "query"


def _turns(result: Result) -> bool:
    """Return whether all that the records give lies on the other side: of 0.05 for a p value, of 1 for a limit."""
    target, texts = result.target, [parse(text) for text in result.texts]
    if target.statistic == "p":
        return all(on_other_sides(target.number, text) for text in texts)
    is_limit = target.statistic in ("lower", "upper") and target.table
    return bool(is_limit) and all((target.number.value - 1) * (text.value - 1) < 0 for text in texts)


def _is_near(result: Result) -> bool:
    near = result.off <= 1 or (result.relative or 0) <= NEAR
    return near and result.target.kind not in EXACT


def _note(result: Result, whole: bool) -> str:
    of = f"Of {result.n} patients of the records"
    if result.attained:
        return f"{of}." if result.usual else f"{of}, by {result.way}, which the paper does not state."
    if result.off is None:
        return f"{of}, {'the number does not exist' if result.known else 'it is not known of all'}."
    of_counts = result.target.kind in EXACT
    none = "counted, it is another" if of_counts else "no way of a program that was tried prints it"
    said = f"{of}, {none}; the nearest misses by {missed(result)}: units of the "
    said += "last digit, and what share of the printed number they are."
    return said if whole else f"{said} {NOT_WHOLE}"


def _chance(result: Result, found: Tried) -> Fraction:
    """Return the chance that one of the ways prints a random number within a factor of two of the printed one."""
    number = result.target.number
    ways = max(len(tally) for tally in found.tallies.values())
    room = (_FACTOR - Fraction(1, _FACTOR)) * abs(number.value) / number.unit
    return min(Fraction(1), Fraction(ways) / max(room, Fraction(1)))
