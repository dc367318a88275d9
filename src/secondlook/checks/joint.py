"""Joint checks: rows that cannot stand beside the rest of the paper whatever the patients were, as the folder proves.

The proofs themselves are data of the paper (:mod:`secondlook.paper.proofs`): what they use, what they take for granted,
and what becomes of them when that is weakened. Here they only get a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from secondlook.checks.verdicts import Check, Found, Said
from secondlook.paper.proofs import Case, Premise, Proof
from secondlook.paper.registry import Registry, Value


@dataclass(frozen=True)
class Proved(Found):
    """Rows of which one at least is not right, or a premise is false.

    Attributes
    ----------
    proof : Proof
    rows : tuple of str
        The rows concerned, in words.
    differing : tuple of str
        Ids of the values that the proof uses and the folder does not print so; none while the proof counts.
    """

    proof: Proof
    rows: tuple[str, ...]
    differing: tuple[str, ...] = ()

    @property
    def escapes(self) -> tuple[Case, ...]:
        """The cases in which the rows are possible, or are not shown to be impossible."""
        return tuple(case for case in self.proof.cases if case.outcome != "impossible")

    @property
    def decisive(self) -> tuple[Premise, ...]:
        """The premises that it hangs on: those whose loss is known to let the rows be, else those that might."""
        known = {case.premise for case in self.escapes if case.outcome == "possible"}
        open_ = {case.premise for case in self.escapes}
        return tuple(premise for premise in self.proof.premises if premise.id in (known or open_))


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per proof of the folder.

    The verdict is ``inconsistent`` where the paper prints every premise, or where every way out is shown to be
    closed; otherwise ``query``: never accuse wrongly. It is ``not-testable`` as soon as a value that the proof uses is
    not what the folder prints. A proof about rows of tables that are not in the folder is passed over.
    """
    printed = {value.id: value.printed for value in registry}
    for proof in registry.proofs:
        suspects = [registry[i] for i in proof.suspects if i in printed]
        if suspects:
            differing = proof.differing(printed)
            found = Proved(proof, tuple(_rows(registry, suspects)), differing)
            yield _stale(found, suspects) if differing else _judged(found, suspects)


def _judged(found: Proved, suspects: Sequence[Value]) -> Check:
    first = found.proof.cases[0]
    certain = all(premise.printed for premise in found.proof.premises) or found.proof.is_unconditional()
    return Check(
        **_common(found, suspects),
        evidence="algebra",
        verdict="inconsistent" if certain else "query",
        said=_said(found, suspects, f"{first.figure} against {first.limit}", " ".join(told(found))),
    )


def _stale(found: Proved, suspects: Sequence[Value]) -> Check:
    listed = ", ".join(found.differing)
    note = f"The proof uses values that this folder does not print so: {listed}. It says nothing of these rows."
    return Check(
        **_common(found, suspects), evidence="none", verdict="not-testable", said=_said(found, suspects, "", note)
    )


def _common(found: Proved, suspects: Sequence[Value]) -> dict:
    return {
        "family": "joint",
        "subject": found.proof.id,
        "value_ids": tuple(value.id for value in suspects),
        "found": found,
    }


def _said(found: Proved, suspects: Sequence[Value], recomputed: str, note: str) -> Said:
    return Said(
        quantity=f"whether {' and '.join(found.rows)} can stand beside the rest",
        published="; ".join(_shown(suspects)),
        recomputed=recomputed,
        method=f"proof over all possible patients: {found.proof.quantity}",
        note=note,
    )


def told(found: Proved) -> list[str]:
    """Return what a proof says in three parts: premises, first those on which it hangs; the claim; the ways out."""
    given, ways = ([each.text for each in some] for some in (found.decisive, found.escapes))
    head = f"Premise{'s' * (len(given) > 1)}: {_numbered(given)}." if given else ""
    others = [each.name or each.text for each in found.proof.premises if each not in found.decisive]
    rest = f"{'Also taken' if given else 'Taken'} for granted: {'; '.join(others)}." if others else ""
    either = "One of the numbers that the proof uses is wrong" + (", or a premise is" if given else "")
    claim = f"{found.proof.claim}, whatever the patients were. {either}; which cannot be told."
    parts = [" ".join(filter(None, (head, rest))), claim, f"Not excluded: {_numbered(ways)}." if ways else ""]
    return list(filter(None, parts))


def _numbered(texts: Sequence[str]) -> str:
    """Return several texts as a numbered list in one line, one as it is."""
    return "; ".join(f"({n}) {text}" for n, text in enumerate(texts, 1)) if len(texts) > 1 else texts[0]


def _rows(registry: Registry, suspects: Sequence[Value]) -> Iterator[str]:
    """Yield the rows of some values in words, each once."""
    seen = dict.fromkeys((value.table, value.row, value.set, value.label or value.subject) for value in suspects)
    for table, _, set_, label in seen:
        sets = registry.layout.tables[table].sets if table else {}
        where = registry.layout.table_name(table) if table else ""
        yield ", ".join(filter(None, (where, label, sets.get(set_, ""))))


def _shown(suspects: Sequence[Value]) -> Iterator[str]:
    """Yield the printed numbers of each row, an interval in brackets behind its ratio."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for value in suspects:
        rows.setdefault((value.table, value.row, value.set), {})[value.statistic if value.table else value.id] = (
            value.printed
        )
    for cells in rows.values():
        is_row = cells.keys() == {"hr", "lower", "upper"}
        yield "{hr} ({lower}–{upper})".format_map(cells) if is_row else ", ".join(cells.values())


def premises(check_: Check) -> str:
    """Return the premises of a joint check, numbered, each with whether the paper prints it; nothing for others."""
    if not isinstance(check_.found, Proved):
        return ""
    told = (f"{'printed' if p.printed else 'assumed'}: {p.text}." for p in check_.found.proof.premises)
    return " ".join(f"({number}) {text}" for number, text in enumerate(told, 1))
