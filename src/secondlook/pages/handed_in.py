"""What real records say (:mod:`secondlook.of_records`), as HTML: nothing at all where none were handed in.

In: a ledger with the checks of :mod:`secondlook.recorded`. Nothing of a single patient is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from secondlook import of_records
from secondlook.audit import Ledger
from secondlook.checks.verdicts import VERDICTS, Check
from secondlook.cohort import records as files
from secondlook.cohort.records import Records
from secondlook.cohort.verify import Result, degenerate, missed, said_of_events, said_of_ties
from secondlook.corrections import row_name
from secondlook.numbers.in_words import capital
from secondlook.pages import present
from secondlook.pages.cohort_tables import KINDS
from secondlook.recorded import EXACT

#: The page that has all of it.
PAGE = "72-records-beside-the-paper.html"
#: Longer lists are folded.
MANY = 40
#: The verdicts of what records print, worst first, and what each says of a number.
SAID = {
    "decision": "Missed in a row from which the paper concludes, on the other side of 0.05 or of 1",
    "inconsistent": "No way of a program that was tried prints them",
    "query": "Missed, and a question only: by little, or by records that are not of all patients",
    "reproduced-if": "Printed by the way of a program that the paper does not state",
    "not-testable": "These patients do not have the number, or it is not known of all",
    "reproduced": "Printed by the usual way",
}


# Tables -------------------------------------------------------------------------------------------------------------


def of_section(ledger: Ledger, section: str) -> present.Html:
    """Return what the records say of a section, folded; nothing without records, or where they say nothing of it."""
    found = of_records.checks(ledger, section)
    if not found:
        return present.Html("")
    words = f"The records beside the {len(found)} numbers of this section that they can print: {tally(found)}"
    return present.fold(words, beside(ledger, found, "the records beside this section"))


def tally(found: Sequence[Check]) -> str:
    """Return how many numbers have each verdict, in words."""
    counted = Counter(check.verdict for check in found)
    return ", ".join(f"{counted[word]} {word}" for word in VERDICTS if counted[word])


def by_kind(ledger: Ledger) -> present.Html:
    """Return how many numbers of each kind have each verdict."""
    tables, counted = ledger.registry.layout.tables, {}
    for check in of_records.checks(ledger):
        target = check.found.result.target
        kind = tables[target.table].model_of(target.kind) if target.table and target.kind not in EXACT else target.kind
        name = f"{(KINDS | EXACT)[kind]}{f', {target.endpoint.upper()}' if target.endpoint else ''}"
        counted.setdefault(name, Counter())[check.verdict] += 1
    words = [word for word in SAID if any(n[word] for n in counted.values())]
    rows = [[escape(name), *(str(n[word]) for word in words)] for name, n in sorted(counted.items())]
    return present.table(["kind", *words], rows, "numbers by kind and verdict", numeric=range(1, 1 + len(words)))


def worst_first(ledger: Ledger) -> present.Html:
    """Return all numbers beside what the records print, by verdict, worst first; what is missed stands open."""
    found, parts = of_records.checks(ledger), []
    for word, said in SAID.items():
        members = [check for check in found if check.verdict == word]
        if members:
            opened = not parts and len(members) <= MANY
            parts.append(present.fold(f"{said} ({len(members)})", beside(ledger, members, said.lower()), opened))
    return present.Html("".join(parts))


def beside(ledger: Ledger, found: Sequence[Check], label: str) -> present.Html:
    """Return one line per number: where, printed, what the records print, by how much it misses, on whom and how."""
    mixed = len({check.verdict for check in found}) > 1
    rows = []
    for check in found:
        result, place = check.found.result, ledger.about(check).place
        where = f'<a href="82-numbers.html#{escape(check.value_ids[0])}">{escape(place)}</a>'
        texts = [escape(result.target.printed), escape(result.got), _missed(result), str(result.n)]
        rows.append([where, *texts, escape(check.said.method), *([present.badge(check.verdict)] if mixed else [])])
    head = ["where", "printed", "records", "missed by", "patients", "by", *(["verdict"] if mixed else [])]
    return present.table(head, rows, label, numeric=(1, 2, 3, 4))


def _missed(result: Result) -> str:
    if result.attained or result.off is None:
        return ""
    return missed(result).replace(" ", "\N{NO-BREAK SPACE}")


def patients(found: Records) -> present.Html:
    """Return who they are: by arm beside the paper, events, ties, and what makes a number impossible."""
    lines = [*files.said_of(found, False), *said_of_events(found), *said_of_ties(found), *degenerate(found)]
    return present.Html(f"<ul>{''.join(f'<li>{escape(capital(line))}</li>' for line in lines)}</ul>")


# Sentences ----------------------------------------------------------------------------------------------------------


def summary(alone: Ledger, ledger: Ledger, root: str | None = "") -> present.Html | None:
    """Return what the records do to the audit, in a paragraph; None without records.

    Parameters
    ----------
    alone, ledger : Ledger
        Of the paper alone, and with the records.
    root : str
        The way from the page to the book's notebooks: nothing, or ``notebooks/``; None on the page of records itself.
    """
    found = of_records.checks(ledger)
    if not found:
        return None
    link = "" if root is None else f' <a href="{root}{PAGE}">Records beside the paper</a>'
    whole = "They are of all the patients whom the paper counts."
    if not of_records.is_whole(ledger):
        whole = "They are not of all whom the paper counts, or lack some cells, so what they miss is a question only."
    answered = len(of_records.answered(alone, ledger))
    return present.Html(
        f'<p class="sl-records"><strong>Records were handed in for this build.</strong> {whole} Of the {len(found)} '
        f"printed numbers that such patients can print: {tally(found)}.{_decided(ledger, found, root or '')} "
        f"Flags of the paper alone that they answer: {answered}. Verdicts, totals, map and lists go by both; "
        f"sentences that argue from print say what print alone tells.{link}</p>"
    )


def _decided(ledger: Ledger, found: Sequence[Check], root: str) -> str:
    """Return what the records contradict where the paper concludes something, as links to the matters; or nothing."""
    named: dict[str, str] = {}
    for check in found:
        if check.verdict == "decision":
            named.setdefault(ledger.matter_of[check.check_id].slug, row_name(ledger.registry, ledger.about(check)))
    links = "; ".join(f'<a href="{root}{present.MATTERS}#{escape(i)}">{escape(name)}</a>' for i, name in named.items())
    return f" On the other side of 0.05, or of 1, where the paper concludes something: {links}." if links else ""


def beside_cohort(ledger: Ledger, invented: Sequence[Result]) -> present.Html | None:
    """Return how many statistics of survival records print, beside invented patients; None without records."""
    found = [c.found.result for c in of_records.checks(ledger) if c.found.result.target.kind not in EXACT]
    if not found:
        return None
    at = {result.target.value_id for result in invented}
    printed = sum(result.attained for result in found if result.target.value_id in at)
    return present.Html(
        f'<p class="sl-records"><strong>Records were handed in for this build</strong>; not used in this chapter. '
        f"Of its {len(at)} statistics the invented patients print {sum(result.attained for result in invented)}, by "
        f"construction, and the records {printed}, which is evidence: "
        f'<a href="{PAGE}">Records beside the paper</a></p>'
    )


def answers(alone: Ledger, ledger: Ledger, *, opened: bool = False) -> present.Html:
    """Return the matters of the paper alone that records answer, each under its anchor."""
    slugs, told = {matter.slug for matter in ledger.matters}, {}
    for check in of_records.answered(alone, ledger):
        told.setdefault(alone.matter_of[check.check_id].slug, []).append(check)
    parts = [
        f"<div{'' if slug in slugs else f' id={chr(34)}{escape(slug)}{chr(34)}'}>"
        + "".join(f"<p>{escape(c.said.quantity)}: {escape(c.said.note)}</p>" for c in members)
        + "</div>"
        for slug, members in told.items()
    ]
    title = f"Asked by the paper alone, answered by the records ({sum(map(len, told.values()))})"
    head = "<p>Records of all patients print the numbers; a premise that a finding rests on does not hold of them.</p>"
    return present.Html(present.fold(title, head + "".join(parts), opened) if parts else "")


def said_answered(alone: Ledger, found: Sequence[Check]) -> str:
    """Return flags of the paper alone that records answer as links to where that is said; nothing for none."""
    slugs = dict.fromkeys(alone.matter_of[check.check_id].slug for check in found)
    links = ", ".join(f'<a href="{present.MATTERS}#{escape(slug)}">{escape(slug)}</a>' for slug in slugs)
    return f'<p class="sl-asked">Answered by the records: {links}.</p>' if links else ""


def nobodys() -> present.Html:
    """Return what stands on the page of records where none were handed in."""
    return present.Html(
        "<p><strong>No records were handed in for this build</strong>: below stands what the page has with them. "
        "Whoever holds them makes it with six commands, on their own computer. An invented export to try it on is in "
        "<code>data/examples</code>; what its patients print says nothing about the paper, and stands nowhere here.</p>"
    )


def treatment_adjusted(found: Records) -> present.Html:
    """Return the arm's hazard ratios beside the variables of the adjusted models."""
    ratios = of_records.adjusted(found).items()
    rows = [[name.upper(), f"{hr:.2f}", f"{low:.2f}–{high:.2f}"] for name, (hr, low, high) in ratios]
    head = ["endpoint", "hazard ratio of treatment, adjusted", "95 % Wald interval"]
    return present.table(head, rows, "treatment in the adjusted models", numeric=(1, 2))
