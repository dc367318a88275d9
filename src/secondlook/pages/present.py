"""Tables, cards and the map as HTML, made from a ledger; every text of a data file is escaped on its way in.

Nothing here decides anything: verdicts come from the ledger, looks from the book's style sheet (classes ``sl-…``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlencode

from secondlook import corrections
from secondlook.audit import Ledger, show_chance
from secondlook.checks.claims import JudgedClaim
from secondlook.checks.external import LookedUp
from secondlook.checks.names import Blank
from secondlook.checks.restatements import Restated
from secondlook.checks.verdicts import FLAGS, ICONS, VERDICTS, Check
from secondlook.matters import Matter
from secondlook.numbers.in_words import capital
from secondlook.paper.registry import Value
from secondlook.paper.schema import AnswerRow, Layout

#: The page that lists the matters, each under its slug.
MATTERS = "12-suggested-corrections.html"
#: Longer texts in a column of numbers are sentences and wrap: an interval such as 0.749–4.222 is no longer than this.
_LONGEST_NUMBER = 24
#: A date or the like in a column of numbers may wrap between its words.
_WORDS = re.compile(r"[^\W\d_]{4,} ")
#: Texts from this length on need a wide column to be read.
_SENTENCES = 90
#: A heading of a row from this length on would break often in a narrow column.
_NAME = 14
#: Longer tables keep their columns on any screen, so that they can be scanned and stay light.
_MOST_STACKED = 300


class Html(str):
    """A piece of HTML that a notebook shows as such."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return "<HTML>"


def badge(verdict: str) -> Html:
    """Return a verdict as icon and word; colour only adds to them."""
    return Html(
        f'<span class="sl-verdict sl-{verdict}"><span class="sl-icon" aria-hidden="true">{ICONS[verdict]}</span> '
        f"{verdict}</span>"
    )


def paste_link(words: str, **fields: object) -> Html:
    """Return a link to *Paste your own* with its fields filled in, for a page that lies beside it."""
    return Html(f'<p><a href="{escape(f"../book/paste-your-own.html?{urlencode(fields)}")}">{escape(words)}</a></p>')


def printed(text: str) -> str:
    """Return a printed string for a table cell, escaped; a dash for nothing."""
    return escape(text) if text else '<span class="sl-nothing">nothing</span>'


def span(values: Iterable[float], form: str) -> str:
    """Return the least and the greatest of some numbers as words, such as ``−0.3 to +0.2``.

    One alone where both look the same. Minus is written as such, and nought without a sign.

    Parameters
    ----------
    values : iterable of float
        At least one.
    form : str
        How each is shown, as for :func:`format`.

    Raises
    ------
    ValueError
        When there is none.
    """
    values = list(values)
    if not values:
        raise ValueError("a span needs at least one number")
    texts = [format(value, form).replace("-", "\N{MINUS SIGN}") for value in (min(values), max(values))]
    texts = [text if text.strip("+\N{MINUS SIGN}0.") else text.lstrip("+\N{MINUS SIGN}") for text in texts]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


# Tables -------------------------------------------------------------------------------------------------------------


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    label: str,
    numeric: Iterable[int] = (),
    row_ids: Iterable[str] | None = None,
    classes: str = "",
) -> Html:
    """Return a table in a frame that scrolls by itself on a narrow screen.

    Parameters
    ----------
    header : sequence of str
        Column names, as plain text.
    rows : iterable of sequences of str
        Cells as HTML: the caller escapes. The first cell of a row is its heading.
    label : str
        What the table shows, for those who hear it.
    numeric : iterable of int
        Columns that are right-aligned, save for cells that hold a sentence.
    row_ids : iterable of str, optional
        Anchors of the rows.
    classes : str
        Further classes of the table.
    """
    right = set(numeric)
    align = [' class="sl-num"' if i in right else "" for i in range(len(header))]
    head = "".join(f'<th scope="col"{align[i]}>{escape(name)}</th>' for i, name in enumerate(header))
    rows, body = list(rows), []
    anchors = iter(row_ids) if row_ids is not None else None
    # A short table that holds sentences is stacked on a narrow screen, where each cell needs its heading.
    stacked = len(rows) <= _MOST_STACKED and any(_length(cell) >= _SENTENCES for row in rows for cell in row)
    labels = [f' data-label="{escape(name)}"' if stacked else "" for name in header]
    for row in rows:
        anchor = f' id="{escape(next(anchors))}"' if anchors else ""
        cells = f'<th scope="row"{_head_class(row[0], align[0])}>{row[0]}</th>'
        cells += "".join(f"<td{_class(cell, align[i])}{labels[i]}>{cell}</td>" for i, cell in enumerate(row[1:], 1))
        body.append(f"<tr{anchor}>{cells}</tr>")
    kind = f"sl-table {'sl-stack ' if stacked else ''}{classes}".strip()
    return Html(
        f'<div class="sl-scroll" role="region" tabindex="0" aria-label="{escape(label)}"><table class="{kind}">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def cell_class(cell: str, is_numeric: bool) -> str:
    """Return the class of a cell of a table, as an attribute: on the right unless it holds a sentence."""
    return _class(cell, ' class="sl-num"' if is_numeric else "")


def _class(cell: str, align: str) -> str:
    """Return a cell's class: its column's for what may stand unbroken, room of its own for a sentence or more."""
    if _length(cell) <= _LONGEST_NUMBER:
        return align.replace("sl-num", "sl-num sl-words") if _WORDS.search(_text(cell)) else align
    return ' class="sl-long"' if _length(cell) >= _SENTENCES else ""


def _head_class(cell: str, align: str) -> str:
    """Return the class of the heading of a row: only words, not the likes of OS, need a column of some width."""
    return align or (' class="sl-name"' if _length(cell) >= _NAME else "")


def _length(cell: str) -> int:
    """Return how long a cell's text is, without its tags."""
    return len(_text(cell))


def _text(cell: str) -> str:
    return re.sub(r"<[^>]*>", "", cell)


def fold(summary: str, content: str, opened: bool = False) -> Html:
    """Return content that opens on a click; works without scripts."""
    return Html(
        f'<details class="sl-fold"{" open" if opened else ""}><summary>{escape(summary)}</summary>{content}</details>'
    )


# What a section shows -----------------------------------------------------------------------------------------------


def deciding(ledger: Ledger, value: Value) -> Check:
    """Return the check that gave a value its verdict: with that word, suspecting it if it is a flag.

    Of several the one that mends it, else one that is about it, else the first.
    """
    verdict = ledger.verdicts[value.id]
    involved = ledger.by_value[value.id]
    fitting = [c for c in involved if c.verdict == verdict and (verdict not in FLAGS or value.id in c.suspect_ids)]
    about_it = [c for c in fitting if c.suspect_ids[0] == value.id or c.value_ids[0] == value.id]
    mends_it = [c for c in fitting if any(change.value_id == value.id for change in c.changes)]
    return (mends_it or about_it or fitting or involved)[0]


def numbers(ledger: Ledger, section: str) -> Html:
    """Return the table published | recomputed | method | verdict of a section's values, one row each."""
    title, rows = ledger.registry.layout.sections[section], []
    for value in (v for v in ledger.registry if v.section == section):
        check = deciding(ledger, value)
        shown = ["", escape(check.said.note)]
        if is_about(check, value):
            shown = [escape(found_by(check)), escape(check.said.method)]
        elif check.verdict != "not-testable":
            shown = ["", escape(part_of(ledger, check, value) or check.said.method)]
        shown[-1] += flagged_elsewhere(ledger, value) + answers_to(ledger, value)
        rows.append([escape(value.here), said(value), *shown, badge(ledger.verdicts[value.id])])
    header = ["where", "published", "recomputed", "method", "verdict"]
    return table(header, rows, f"{title}: published and recomputed", numeric=(1, 2))


def is_about(check: Check, value: Value) -> bool:
    """Return True when what a check recomputed is this value, and not another one that it was held against."""
    if check.verdict == "not-testable":
        return False
    if value.statistic == "claim":
        return True
    return value.id in check.recomputes and (not check.is_flag or value.id in check.suspect_ids)


def found_by(check: Check) -> str:
    """Return what a check recomputed, or found in a source, as text."""
    looked_up = check.evidence == "source" and check.said.recomputed
    return f"in the source: {check.said.recomputed}" if looked_up else check.said.recomputed


def part_of(ledger: Ledger, check: Check, value: Value) -> str:
    """Return what a value was held against together with others; empty when its place says no less."""
    if isinstance(check.found, Restated) and value.subject == check.found.value.subject:
        return ""
    return f"part of: {check.found.words if isinstance(check.found, JudgedClaim) else check.said.quantity}"


def said(value: Value) -> str:
    """Return what the paper prints for a value; a claim in words is not printed here."""
    return "claim" if value.statistic == "claim" else printed(value.printed)


def section_numbers(ledger: Ledger, section: str) -> Html:
    """Return the folded table of every printed number and claim of a section."""
    size = sum(value.section == section for value in ledger.registry)
    summary = f"All {size} numbers and claims of this section: published, recomputed, method, verdict"
    return fold(summary, numbers(ledger, section))


def answered(rows: Iterable[AnswerRow]) -> str:
    """Return what was answered to a matter, as paragraphs; nothing when nobody has."""
    return "".join(
        f'<p class="sl-answer"><strong>Answer</strong> ({escape(row.by)}, {escape(row.date)}): {escape(row.answer)}</p>'
        for row in rows
    )


def flagged_elsewhere(ledger: Ledger, value: Value) -> str:
    """Return where a number is flagged that this value, itself none, repeats rightly; empty when there is none.

    What repeats a number agrees with it, and so has no flag of its own; what is asked is asked of the original.
    """
    if ledger.verdicts[value.id] in FLAGS or value.statistic == "claim":
        return ""
    first = next((o for i in value.restates if ledger.verdicts[(o := ledger.registry[i]).id] in FLAGS), None)
    if first is None:
        return ""
    link = to_matter(ledger, deciding(ledger, first), first.place)
    return f'<p class="sl-repeats">The number that it repeats is flagged: {link} ({ledger.verdicts[first.id]}).</p>'


def answers_to(ledger: Ledger, value: Value) -> str:
    """Return what was answered to the matter of a value, as paragraphs."""
    matter = ledger.answered.get(value.id)
    return answered(ledger.answers[matter.slug]) if matter else ""


def card(ledger: Ledger, checks: Sequence[Check], anchor: bool = True, linked: bool = True) -> Html:
    """Return what some flags of one matter say, or another check, in plain words.

    Parameters
    ----------
    ledger : Ledger
    checks : sequence of Check
        Flags of one matter; or one check that raises no flag.
    anchor : bool
        Whether the card can be linked to: False for a second showing.
    linked : bool
        Whether the book's page of suggested corrections is about this ledger.
    """
    matter = ledger.matter_of.get(checks[0].check_id)
    if matter:  # the one that speaks for it first, as in its line
        checks = sorted(checks, key=matter.checks.index)
    first = checks[0]
    head, notes, facts = _flagged(ledger, matter, checks, linked) if matter else _held(ledger, first)
    # What was read is a rendering, and a slip may be the rendering's: said on the page of the matters.
    names = {"printed": f'<a href="{MATTERS}#corrections-page">printed</a>'} if linked and first.is_flag else {}
    listed = "".join(f"<div><dt>{names.get(k, escape(k))}</dt><dd>{escape(v)}</dd></div>" for k, v in facts if v)
    name = f' id="flag-{escape(first.check_id)}"' if anchor else ""
    head = to_matter(ledger, first, head) if linked else escape(head)
    answers = ledger.answers.get(matter.slug, ()) if matter else ()
    said = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return Html(
        f'<div class="sl-card sl-{first.verdict}"{name}><p class="sl-card-head">{badge(first.verdict)} '
        f"<strong>{head}</strong></p>{said}<dl>{listed}</dl>{answered(answers)}</div>"
    )


_Told = tuple[str, Sequence[str], Sequence[tuple[str, str]]]


def _flagged(ledger: Ledger, matter: Matter, checks: Sequence[Check], linked: bool) -> _Told:
    """Return the head, the notes and the facts of a card of flags, in the words of the matter's line.

    The notes on numbers stand where the head leads to, and the chapter works them out; they stand here where the head
    leads nowhere. Those on words say what is printed, and those on a citation what its source has.
    """
    x = corrections.line(ledger, matter, checks)
    in_words = all(value.statistic == "claim" for value in x.values)
    notes = corrections.reasons(ledger, checks) if in_words or not linked else []
    facts = [("printed", "" if in_words else x.printed), ("should read", x.should_read), ("how sure", x.how_sure)]
    by_luck = [show_chance(check.chance) for check in checks if check.chance is not None and not check.changes]
    facts.append(("chance of such a match by accident", ", ".join(by_luck)))
    head = ledger.about(checks[0]).place if in_words else x.where  # a line says of a claim what the notes say here
    return head, notes, facts


def _held(ledger: Ledger, check: Check) -> _Told:
    """Return the head, the note and the facts of a card of a check that raises no flag."""
    said = check.said
    facts = [("printed", said.published), ("recomputed", said.recomputed), ("by", said.method)]
    return capital(said.quantity), [said.note], facts


def to_matter(ledger: Ledger, check: Check, text: str = "") -> str:
    """Return a text, or else the matter's name, as a link to the matter of a flag; for no flag the text alone."""
    if not check.is_flag:
        return escape(text)
    slug = escape(ledger.matter_of[check.check_id].slug)
    return f'<a href="{MATTERS}#{slug}">{escape(text) or slug}</a>'


def cards(ledger: Ledger, checks: Iterable[Check], anchor: bool = True, linked: bool = True) -> Html:
    """Return checks as cards, one under the other; the flags of one matter are one card."""
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(ledger.matter_of[check.check_id].slug if check.is_flag else check.check_id, []).append(check)
    return Html("".join(card(ledger, group, anchor, linked) for group in groups.values()))


def asked(ledger: Ledger, checks: Iterable[Check]) -> Html:
    """Return flags as links to their matters, where each is said: one link a matter."""
    found = dict.fromkeys(ledger.matter_of[check.check_id].slug for check in checks)
    leads = {matter.slug: matter.lead for matter in ledger.matters}
    links = "; ".join(to_matter(ledger, leads[slug], _topic(ledger.registry.layout, leads[slug])) for slug in found)
    every = f'<a href="{MATTERS}#corrections-lines">list of matters</a>'
    return Html(f'<p class="sl-asked">In the {every}: {links}.</p>')


def _topic(layout: Layout, check: Check) -> str:
    if isinstance(check.found, Blank):
        return f"empty cells of {layout.table_name(check.found.value.table)}"
    if isinstance(check.found, LookedUp) and not check.found.row.printed:  # a sentence, which a source says or not
        return f"whether {check.said.quantity}"
    return check.found.words if isinstance(check.found, JudgedClaim) else check.said.quantity


def flags(ledger: Ledger, section: str, linked: bool = True) -> Html:
    """Return the flags of a section as cards, worst first, or a sentence that says there is none."""
    found = ledger.flags(section)
    if not found:
        return Html('<p class="sl-none">No check of this section raises a flag.</p>')
    return cards(ledger, found, linked=linked)


def totals(ledger: Ledger, section: str | None = None) -> Html:
    """Return how many values have each verdict."""
    counted = ledger.totals(section)
    rows = [[badge(word), str(n), escape(VERDICTS[word])] for word, n in counted.items() if n]
    return table(["verdict", "values", "meaning"], rows, "values by verdict", numeric=(1,))


# The map ------------------------------------------------------------------------------------------------------------


def _places(ledger: Ledger, section: str) -> list[tuple[str, list[Value]]]:
    """Return the values of a section in groups: its prose, then each of its tables."""
    layout, values = ledger.registry.layout, [v for v in ledger.registry if v.section == section]
    groups = [("in the text", [v for v in values if not v.table])]
    for name, spec in layout.tables.items():
        if spec.section == section:
            groups.append((layout.table_name(name), [v for v in values if v.table == name]))
    return [(title, members) for title, members in groups if members]


def _cell(ledger: Ledger, value: Value, page: str) -> str:
    verdict = ledger.verdicts[value.id]
    said = f"{value.place}: {value.printed or 'nothing printed' if value.statistic != 'claim' else 'claim'}, {verdict}"
    return (
        f'<a class="sl-cell sl-{verdict}" href="{escape(page)}#{escape(value.id)}" title="{escape(said)}" '
        f'aria-label="{escape(said)}">{ICONS[verdict]}</a>'
    )


def paper_map(ledger: Ledger, page: str) -> Html:
    """Return the map of the paper: every value a linked cell in reading order, by section and table.

    Parameters
    ----------
    ledger : Ledger
    page : str
        Address of the page whose rows the cells lead to.
    """
    parts = []
    for section, title in ledger.registry.layout.sections.items():
        rows = "".join(
            f'<div class="sl-map-group" role="group" aria-label="{escape(f"{title}, {name}")}">'
            f'<span class="sl-map-name">{escape(name)}</span>'
            f'<div class="sl-cells">{"".join(_cell(ledger, value, page) for value in members)}</div></div>'
            for name, members in _places(ledger, section)
        )
        if rows:
            parts.append(f'<div class="sl-map-section"><p class="sl-map-title">{escape(title)}</p>{rows}</div>')
    return Html(f'<nav class="sl-map" aria-label="Map of the paper">{legend(ledger)}{"".join(parts)}</nav>')


def legend(ledger: Ledger) -> Html:
    """Return what the marks mean, with how many values have each."""
    items = "".join(
        f'<li><span class="sl-cell sl-{word}" aria-hidden="true">{ICONS[word]}</span> {word} ({n})</li>'
        for word, n in ledger.totals().items()
        if n
    )
    return Html(f'<ul class="sl-legend">{items}</ul>')
