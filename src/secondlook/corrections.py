"""Suggested corrections: one line per matter and one per value that does not hold, and the questions that remain."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from secondlook.audit import Ledger
from secondlook.checks import joint
from secondlook.checks.claims import JudgedClaim
from secondlook.checks.counts import Share
from secondlook.checks.external import LookedUp
from secondlook.checks.joint import Proved
from secondlook.checks.restatements import Restated
from secondlook.checks.verdicts import NOT_WHOLE, RECORDS, SUPPORT, Check
from secondlook.matters import WEIGHTS, WRONG, Matter
from secondlook.numbers.in_words import capital, listed, one_in
from secondlook.paper.registry import Registry, Value

COLUMNS = ("value_id", "section", "where", "printed", "should_read", "why", "how_sure", "check_ids", "matter")

#: Weights of the matters that do not hold; the others are questions and trifles.
UNSOUND = ("decision", "joint", "inconsistent")

#: What does not hold, by kind, and what is the matter with it.
KINDS = {
    "number": "numbers that cannot be as printed",
    "words": "statements that the printed numbers contradict",
    "citation": "citations of a study that does not say it",
}

#: What is said of a flag of a kind that names no change.
UNCHANGED = {
    JudgedClaim: "the printed numbers say otherwise",
    Restated: "two places differ; which is right cannot be told",
}
#: What rests on patients' records; where they are not whole the flag's own words say so.
BY_RECORDS = "computed from the records that were handed in"
#: Statistics that are shown together where they stand in one row.
_OF_A_ROW = ("hr", "lower", "upper", "median", "p")


@dataclass(frozen=True)
class Correction:
    """One value that does not hold.

    Attributes
    ----------
    value : Value
    should_read : str
        The repair when exactly one is known; what it may read where several fit; otherwise empty.
    why, how_sure : str
        The arithmetic in words, and what the repair rests on.
    checks : tuple of Check
        The checks that suspect the value, the one that is quoted first.
    """

    value: Value
    should_read: str
    why: str
    how_sure: str
    checks: tuple[Check, ...]


def corrections(ledger: Ledger) -> list[Correction]:
    """Return one correction per value whose own verdict is wrong, worst first, then in reading order."""
    wrong = [value for value in ledger.registry if ledger.verdicts[value.id] in WRONG]
    found = [_correction(ledger, value) for value in wrong]
    return sorted(found, key=lambda c: WRONG.index(ledger.verdicts[c.value.id]))


def _correction(ledger: Ledger, value: Value) -> Correction:
    flags = [c for c in ledger.by_value[value.id] if c.verdict in WRONG and value.id in c.suspect_ids]
    # The check that singles the value out and mends it speaks first; then the one with the fewest suspects.
    flags.sort(key=lambda c: (not c.changes, len(c.suspect_ids), WRONG.index(c.verdict)))
    first = flags[0]
    reads = first.said.repair or _read_elsewhere(first, value)
    return Correction(value, reads, first.said.note, how_sure(ledger, first), tuple(flags))


def _read_elsewhere(check: Check, value: Value) -> str:
    """Return what a value may read where no repair is singled out: its candidates, or a cited study's own value."""
    if check.candidates:
        return " or ".join(check.candidates)
    return check.found.source_value if isinstance(check.found, LookedUp) and value.number else ""


def how_sure(ledger: Ledger, check: Check) -> str:
    """Return what a flag's suggestion rests on, in a clause: what was done, not more."""
    found = check.found
    if check.evidence == RECORDS or (not check.changes and _is_told_by_records(ledger, check)):
        return BY_RECORDS
    if check.candidates:
        return "several values fit as well; which is meant cannot be told"
    if isinstance(found, LookedUp):
        valued = any(ledger.registry[i].number for i in check.suspect_ids) and found.source_value
        return "the source's own value, where it was read" if valued else "as far as the source was read"
    if isinstance(found, Proved):
        return "proved for all patients" + (", unless a premise fails" if check.verdict not in WRONG else "")
    if isinstance(found, JudgedClaim) and check.verdict == "query":
        return "hangs on how the words are meant"
    if not check.changes:
        return _unchanged(check)
    if isinstance(found, Share | JudgedClaim):
        return "follows from the counts"
    if isinstance(found, Restated) and found.twin:
        return _taken_over(ledger, found)
    if check.chance is None:
        return "follows from the other place, which the counts support"
    return f"the only small change that fits; 1 unrelated row in {one_in(check.chance):,} has one"


def _is_told_by_records(ledger: Ledger, check: Check) -> bool:
    """Return whether records say of all that a flag suspects that it is wrong."""
    wrong = {i for i in check.suspect_ids for c in ledger.by_value[i] if c.family == RECORDS and c.verdict in WRONG}
    return check.verdict in WRONG and wrong.issuperset(check.suspect_ids)


def _unchanged(check: Check) -> str:
    if check.verdict == "reproduced-if":
        return "comes out under a reading that is not stated"
    return UNCHANGED.get(type(check.found), "no single change is singled out")


def _taken_over(ledger: Ledger, found: Restated) -> str:
    """Return that a number was taken over from the place that it restates, and why from there."""
    registry, verdict = ledger.registry, ledger.verdicts[found.original.id]
    held = f"whose row is {verdict}" if verdict in SUPPORT else "which is nearer to the analysis"
    there, twin = _head_and_row(registry, found.original)[0], row_name(registry, found.twin)
    return f"taken over from {there}, {held}; what is printed here is that of {twin}"


def reasons(ledger: Ledger, checks: Iterable[Check]) -> list[str]:
    """Return what flags of a matter say, each thing once, however many numbers and places it is said of.

    Where they are about several citations for one sentence, first which of these is in doubt, and how much.
    """
    checks = list(checks)
    alike: dict[Hashable, list[Check]] = {}
    for check in checks:
        alike.setdefault(_thing(check), []).append(check)
    said = [part for together in alike.values() for part in _parts(ledger.registry, together)]
    return list(dict.fromkeys([*_weights_of_citations(ledger.registry, checks), *said]))


def _weights_of_citations(registry: Registry, checks: Iterable[Check]) -> Iterator[str]:
    """Yield which citations do not say what they are cited for and which are only asked about, where both occur."""
    cited: dict[str, list[str]] = {}
    for check in checks:
        if isinstance(check.found, LookedUp) and (number := registry.layout.reference(check.found.row.cites)):
            cited.setdefault(check.verdict, []).append(str(number))
    if cited.keys() == {"inconsistent", "query"}:
        wrong, asked = (listed(cited[word]) for word in ("inconsistent", "query"))
        several = len(cited["query"]) > 1
        yield f"Reference {wrong} is the inconsistency; {asked} {'are questions' if several else 'is a question'}."


def _thing(check: Check) -> Hashable:
    """Return what a flag says, for those that say it of several: a claim's words, or the rows that were mixed up."""
    found = check.found
    if isinstance(found, JudgedClaim):
        return found.words
    if check.family == RECORDS:
        return RECORDS, found.whole, found.result.n
    if isinstance(found, Restated) and found.twin:
        return tuple((value.table, value.row, value.set) for value in (found.original, found.twin))
    return check.check_id


def _parts(registry: Registry, checks: Sequence[Check]) -> list[str]:
    """Return what flags of one thing say, a proof's note in its parts: whole, it fills a telephone's screen."""
    found, note = checks[0].found, checks[0].said.note
    parts = joint.told(found) if isinstance(found, Proved) else []
    return parts if note == " ".join(parts) else [said_together(registry, checks)]


def said_together(registry: Registry, checks: Sequence[Check]) -> str:
    """Return what flags say of the numbers of a row that restates another; of anything else the first one's note.

    Behind what is said of a source stands what it has, by which name and criterion, in whom, and how it was read.
    """
    first, *others = checks
    if others and first.family == RECORDS:
        pairs = dict.fromkeys(f"{check.said.recomputed} (printed {check.said.published})" for check in checks)
        lacks = "" if first.found.whole else f" {NOT_WHOLE}"
        return f"Of {first.found.result.n} patients of the records, by the nearest way: {listed(pairs)}.{lacks}"
    if isinstance(first.found, LookedUp):
        has = f" has {first.said.recomputed}" if first.said.recomputed else ""
        return f"{first.said.note} The source{has}: {first.said.method}."
    if not (others and isinstance(first.found, Restated)):
        return first.said.note
    here, there = listed(c.found.value.printed for c in checks), listed(c.found.restated for c in checks)
    where, twin = row_name(registry, first.found.original), row_name(registry, first.found.twin)
    return f"Printed are {here}, and at {where} they are {there}. What is printed here stands at {twin}."


def questions(ledger: Ledger) -> list[Check]:
    """Return the queries: what is possible as printed, and what the authors could say."""
    return [check for check in ledger.flags() if check.verdict == "query"]


# Matters, one line each ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatterLine:
    """A matter in one line.

    Attributes
    ----------
    matter : Matter
    where, printed, should_read, how_sure : str
        Where it stands, what is printed there (a claim in our words), what the suggestion is (empty where none is
        singled out), and what that rests on.
    values : tuple of Value
        The values of the line: of a matter that does not hold, those that are wrong.
    """

    matter: Matter
    where: str
    printed: str
    should_read: str
    how_sure: str
    values: tuple[Value, ...]

    @property
    def suggested(self) -> str:
        """What is suggested, or in words why nothing is."""
        unmended = {"joint": "cannot stand together"} | dict.fromkeys(WRONG, "open")
        return self.should_read or unmended.get(self.matter.weight, "as it is, perhaps")


def line(ledger: Ledger, matter: Matter, checks: Sequence[Check] = ()) -> MatterLine:
    """Return a matter in one line; only what some of its checks say of it, if they are given."""
    registry, lead = ledger.registry, checks[0] if checks else matter.lead
    values = [registry[i] for i in _of_line(ledger, matter, checks)]
    mended = reads(matter, values)
    # Of a number and the words about it the number is what is printed; the words stand in the reasons.
    told = [v for v in values if v.statistic != "claim"] if matter.kind == "number" else values
    return MatterLine(
        matter,
        _where(registry, values),
        _shown(told or values, {v.id: v.subject if v.statistic == "claim" else v.printed or "nothing" for v in values})
        + _cited(ledger.registry, lead),
        _shown([v for v in values if v.id in mended], mended),
        _how_sure_together(ledger, lead, checks or matter.checks),
        tuple(values),
    )


def _how_sure_together(ledger: Ledger, lead: Check, checks: Sequence[Check]) -> str:
    """Return what a line rests on: what its first flag does, and the records, where they say more of it."""
    by_records = [BY_RECORDS] if any(check.evidence == RECORDS for check in checks) else []
    return "; ".join(dict.fromkeys([how_sure(ledger, lead), *by_records]))


def _of_line(ledger: Ledger, matter: Matter, checks: Sequence[Check]) -> list[str]:
    """Return the ids of the values that a line is about: where something is wrong those that are."""
    ids = [i for i in matter.value_ids if not checks or any(i in check.suspect_ids for check in checks)]
    if matter.weight == "joint":
        return [i for i in ids if i in matter.lead.suspect_ids]
    return [i for i in ids if ledger.verdicts[i] in WRONG] if matter.weight in WRONG else ids


def _cited(registry: Registry, check: Check) -> str:
    """Return which reference is in doubt, where what does not hold is a citation and not what it is cited for."""
    found = check.found
    if not isinstance(found, LookedUp) or found.row.printed:
        return ""
    number = registry.layout.reference(found.row.cites)
    return f", citing reference {number}" if number else ""


def lines(ledger: Ledger, weights: Iterable[str] = UNSOUND) -> list[MatterLine]:
    """Return the matters of some weights, one line each, by weight; those that cannot be as printed, by kind."""
    wanted, order, kinds = set(weights), list(WEIGHTS), list(KINDS)
    found = [matter for matter in ledger.matters if matter.weight in wanted]
    found.sort(key=lambda m: (order.index(m.weight), kinds.index(m.kind) if m.weight == "inconsistent" else 0))
    return [line(ledger, matter) for matter in found]


def headed(ledger: Ledger, weights: Iterable[str] = UNSOUND) -> list[tuple[str, list[MatterLine]]]:
    """Return the matters of :func:`lines` under what is the matter with them; headings without matters are left out."""
    heads: dict[str, list[MatterLine]] = {}
    for x in lines(ledger, weights):
        weight = x.matter.weight
        heads.setdefault(KINDS[x.matter.kind] if weight == "inconsistent" else WEIGHTS[weight], []).append(x)
    return [(capital(head), found) for head, found in heads.items()]


def reads(matter: Matter, values: Sequence[Value]) -> dict[str, str]:
    """Return what each value should read, by id, where that is known."""
    found = {change.value_id: change.reads for check in reversed(matter.checks) for change in check.changes}
    for check in matter.checks:
        if check.verdict in WRONG and not check.changes:
            found |= {v.id: text for v in values if v.id in check.suspect_ids and (text := _read_elsewhere(check, v))}
    return found


def row_name(registry: Registry, value: Value) -> str:
    """Return where a value stands without which of its row's numbers it is; a claim by its section alone."""
    return ", ".join(filter(None, _head_and_row(registry, value)))


def _head_and_row(registry: Registry, value: Value) -> tuple[str, str]:
    """Return the table or section of a value, and the row or quantity; none for a claim."""
    layout = registry.layout
    if value.table:
        return layout.table_name(value.table), registry.row_label(value)
    origin = registry.origin(value)
    what = _head_and_row(registry, origin)[1] if origin.table else value.subject
    return layout.sections[value.section], "" if value.statistic == "claim" else what


def _where(registry: Registry, values: Sequence[Value]) -> str:
    """Return where some values stand: what is named in several places is named once."""
    heads: dict[str, dict[str, None]] = {}
    for value in values:
        head, row = _head_and_row(registry, value)
        heads.setdefault(row, {})[head] = None
    named = {head for row, found in heads.items() if row for head in found}
    if heads.get("") and named.issuperset(heads[""]):  # a claim beside a number of its section
        del heads[""]
    return "; ".join(f"{', '.join(found)}{': ' if row else ''}{row}" for row, found in heads.items())


def _shown(values: Sequence[Value], texts: Mapping[str, str]) -> str:
    """Return some values' texts, those of one row together: ``0.66 (0.47–1.62)``; what is printed twice, once."""
    rows: dict[tuple, dict[str, str]] = {}
    for value in values:
        alone = value.statistic not in _OF_A_ROW
        key = value.id if alone else (value.section, value.table, value.row, value.set, value.group)
        rows.setdefault(key, {})[value.statistic] = texts[value.id]
    apart = "; " if any(value.statistic == "claim" for value in values) else ", "
    return apart.join(dict.fromkeys(_row_shown(cells) for cells in rows.values()))


def _row_shown(cells: Mapping[str, str]) -> str:
    ends = f"{cells['lower']}–{cells['upper']}" if {"lower", "upper"} <= cells.keys() else ""
    middle = cells.get("hr") or cells.get("median") or ""
    rest = [f"p {text}" if name == "p" and len(cells) > 1 else text for name, text in cells.items()
            if not (text == middle or (ends and name in ("lower", "upper")))]  # fmt: skip
    first = f"{middle} ({ends})" if middle and ends else middle or ends
    return ", ".join(filter(None, [first, *rest]))


def to_text(ledger: Ledger) -> str:
    """Return the matters as text for a terminal: under each weight a line a matter, with its slug in front."""
    told = []
    for head, found in headed(ledger, WEIGHTS):
        told.append(f"{head} ({len(found)})")
        for x in found:
            reads = f"; should read {x.should_read}" if x.should_read else ""
            lead = x.matter.lead.said
            asked = f"{lead.quantity}. {lead.note}"  # of a question it is the words that tell, and not the numbers
            said = f"{x.where}: {x.printed}{reads} ({x.how_sure})" if x.matter.weight in UNSOUND else asked
            told.append(f"  {x.matter.slug}: {said}")
    totals = ", ".join(f"{number} {word}" for word, number in ledger.totals().items() if number)
    return "\n".join([*told, f"Values: {totals}", ""])


def to_csv(ledger: Ledger) -> str:
    """Return the corrections as CSV text with the columns of :data:`COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for c in corrections(ledger):
        checks = " ".join(check.check_id for check in c.checks)
        matter = ledger.matter_of[c.checks[0].check_id].slug
        place = (c.value.id, c.value.section, c.value.place, c.value.printed)
        writer.writerow([*place, c.should_read, c.why, c.how_sure, checks, matter])
    return out.getvalue()
