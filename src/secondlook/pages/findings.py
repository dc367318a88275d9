"""Matters as HTML: one line each that opens to its arithmetic, and the whole audit as one page that stands alone.

In: a ledger, and the paper's conclusions where its folder lists them. The anchor of a matter is its slug.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from pydantic import Field

from secondlook import corrections
from secondlook.audit import Ledger
from secondlook.checks.verdicts import ICONS
from secondlook.conclusions import Conclusion, load, weigh
from secondlook.corrections import MatterLine
from secondlook.matters import WEIGHTS, Matter
from secondlook.pages import letter, long_tables, present
from secondlook.paper.reading import read_toml
from secondlook.paper.registry import Registry
from secondlook.paper.schema import Strict, Words

HEADER = ("where", "printed", "should read", "changes a conclusion?", "how sure")


def address(matter: Matter, page: str = present.MATTERS) -> str:
    """Return the address of a matter; `page` is the page that lists them, empty for the same page."""
    return f"{page}#{matter.slug}"


class Chapter(Strict):
    """A chapter that does the arithmetic of some matters."""

    page: Words = Field(description="its page")
    title: Words = Field(description="how links call it")
    matters: dict[Words, Words] = Field(description="by the slug of a matter, the anchor of the heading that does it")


class Explained(Strict):
    """``explained.toml``: where a book goes into the matters of a paper."""

    chapters: list[Chapter] = Field(description="its chapters")
    together: list[list[Words]] = Field(default=[], description="slugs of matters that concern the same thing")


@dataclass(frozen=True)
class InBook:
    """What a book says of matters elsewhere: nothing, where the audit stands alone.

    Attributes
    ----------
    conclusions : sequence of Conclusion
        Those of the paper; without them nothing is said of what a matter changes.
    explained : mapping
        By the slug of a matter, the address and the name of the heading that does its arithmetic.
    related : mapping
        By the slug of a matter, the slugs of those that concern the same thing.
    weighed : str
        Address of the page that weighs the conclusions.
    """

    conclusions: Sequence[Conclusion] = ()
    explained: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    related: Mapping[str, Sequence[str]] = field(default_factory=dict)
    weighed: str = "14-conclusions.html"

    @classmethod
    def read(cls, folder: Path | str, registry: Registry) -> InBook:
        """Return what the book of a data folder says: its ``conclusions.toml`` and ``explained.toml``."""
        told = read_toml(Path(folder) / "explained.toml", Explained)
        found = {slug: (f"{c.page}#{anchor}", c.title) for c in told.chapters for slug, anchor in c.matters.items()}
        related: dict[str, list[str]] = {}
        for group in told.together:
            for slug in group:
                related.setdefault(slug, []).extend(other for other in group if other != slug)
        return cls(load(folder, registry), found, related)


#: No book around the audit.
ALONE = InBook()


def matter_line(ledger: Ledger, found: MatterLine, book: InBook, number: int) -> present.Html:
    """Return a matter as a line that opens; its anchor lies inside, so that a link to it opens it.

    Parameters
    ----------
    ledger : Ledger
    found : MatterLine
    book : InBook
    number : int
        Its number among all matters.
    """
    matter = found.matter
    cells = {
        "where": f"{number} {_mark(matter.lead.verdict)} {escape(found.where)}{_answer_mark(ledger, matter)}",
        "printed": escape(found.printed),
        "should read": escape(found.suggested),
        "changes a conclusion?": _changes(matter, book.conclusions),
        "how sure": escape(found.how_sure),
    }
    line = "".join(f'<span class="sl-at"><span class="sl-of">{name}: </span>{cells[name]}</span>' for name in HEADER)
    return present.Html(
        f'<details class="sl-matter"><summary>{line}</summary><div class="sl-why" id="{escape(matter.slug)}">'
        f"{present.answered(ledger.answers.get(matter.slug, ()))}{_reasons(ledger, matter)}"
        f"{_related(ledger, matter, book)}{_elsewhere(matter, book)}"
        f"{_issue(ledger, found)}</div></details>"
    )


def _answer_mark(ledger: Ledger, matter: Matter) -> str:
    return ' <span class="sl-answered">answered</span>' if matter.slug in ledger.answers else ""


def _issue(ledger: Ledger, found: MatterLine) -> str:
    """Return the place of a link to a new issue: the book's extension makes it one where there is a repository."""
    query = escape(letter.issue(ledger, found))
    return f'<span class="sl-issue" hidden data-query="{query}">answer or object to this</span>'


def _mark(verdict: str) -> str:
    """Return a verdict as its icon, with the word for those who hear it: the heading above says the rest."""
    return (
        f'<span class="sl-verdict sl-{verdict}" title="{verdict}"><span aria-hidden="true">{ICONS[verdict]}</span>'
        f'<span class="sl-hidden">{verdict}</span></span>'
    )


def _changes(matter: Matter, conclusions: Sequence[Conclusion]) -> str:
    said = escape(str(weigh(matter, conclusions)))
    return f'<span class="sl-nothing">{said}</span>' if said == "no" else said


def _reasons(ledger: Ledger, matter: Matter) -> str:
    """Return what the flags of a matter say, each thing once, with the rows of the values."""
    notes = "".join(f"<p>{escape(said)}</p>" for said in corrections.reasons(ledger, matter.checks))
    links = ", ".join(
        f'<a href="82-numbers.html#{escape(i)}">{escape(ledger.registry[i].place)}</a>' for i in matter.value_ids
    )
    return f"{notes}<p>Values: {links}.</p>"


def _related(ledger: Ledger, matter: Matter, book: InBook) -> str:
    """Return links to the matters that concern the same thing, each by its number and place."""
    others = book.related.get(matter.slug, ())
    found = others and [(number, x) for number, x in letter.entries(ledger) if x.matter.slug in others]
    links = "; ".join(_link(address(x.matter, ""), f"{number}. {x.where}") for number, x in found)
    return f"<p>Concerns the same: {links}.</p>" if links else ""


def _elsewhere(matter: Matter, book: InBook) -> str:
    """Return where the book does the arithmetic of a matter, and where it weighs what hangs on it."""
    told = []
    if matter.slug in book.explained:
        told.append(f"Worked out under: {_link(*book.explained[matter.slug])}.")
    weighed = [_link(f"{book.weighed}#{c.place}", c.said) for c in weigh(matter, book.conclusions).conclusions]
    told += [f"Weighed under: {'; '.join(weighed)}."] if weighed else []
    return "".join(f"<p>{text}</p>" for text in told)


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def listed(ledger: Ledger, weights: Iterable[str], book: InBook = ALONE) -> present.Html:
    """Return the matters of some weights, in order of weight, under what is the matter with them."""
    parts, numbers = [], {x.matter.slug: number for number, x in letter.entries(ledger)}
    for title, members in corrections.headed(ledger, weights):
        parts.append(f'<p class="sl-weight">{escape(title)} ({len(members)})</p>')
        parts += [matter_line(ledger, x, book, numbers[x.matter.slug]) for x in members]
    head = "".join(f"<span>{name}</span>" for name in HEADER)
    return present.Html(f'<div class="sl-matters"><div class="sl-matters-head">{head}</div>{"".join(parts)}</div>')


def no_more(ledger: Ledger) -> present.Html:
    """Return the answers to matters that the audit no longer raises; nothing when there are none."""
    slugs = sorted(set(ledger.answers) - {matter.slug for matter in ledger.matters})
    told = "".join(f"<p><code>{escape(slug)}</code></p>{present.answered(ledger.answers[slug])}" for slug in slugs)
    return present.Html(told and present.fold("Answered, and raised no more", told))


def counted(ledger: Ledger, weights: Iterable[str]) -> tuple[int, int]:
    """Return how many matters have one of some weights, and how many values they are about."""
    found = [x for weight in weights for x in corrections.lines(ledger, [weight])]
    return len(found), len({value.id for x in found for value in x.values})


# The audit as one page ----------------------------------------------------------------------------------------------

STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;"
    "font-size:.85rem}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #ccc}"
    ".sl-num{text-align:right}.sl-scroll{overflow-x:auto}summary{cursor:pointer;padding:.3rem 0}"
    ".sl-at{display:block}.sl-of{color:#555}.sl-matters-head{display:none}.sl-weight{font-weight:bold;margin:1rem 0 0}"
    ".sl-why{padding:0 0 0 1rem}"
)


def page(ledger: Ledger) -> str:
    """Return matters, totals and ledger of a paper as one HTML page that needs nothing else."""
    title = f"A second look at {ledger.registry.layout.paper.short}"
    body = listed(ledger, WEIGHTS) if ledger.matters else "<p>No check raises a flag.</p>"
    body = body.replace('href="82-numbers.html#', 'href="#')
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><meta name="viewport" content="width=device-width">'
    parts = {
        "What does not hold, and what is a question": body,
        "Values by verdict": present.totals(ledger),
        "Every printed number": long_tables.all_numbers(ledger),
        "Every check": long_tables.all_checks(ledger),
    }
    shown = "".join(f"<h2>{name}</h2>{part}" for name, part in parts.items())
    shown = shown.replace(f'href="{present.MATTERS}#', 'href="#')
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<style>{STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1>{shown}</body></html>\n"
    )
