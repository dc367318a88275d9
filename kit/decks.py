"""What stands on slides: the plans of the teacher's guide, and the chapters, made from what the book itself says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup

from bookpress.errors import BuildError
from kit import typeset
from kit.source import Source, numbered, unlinked

#: A page of a deck: its title, and its text as Markdown.
Page = tuple[str, str]
HEADING = re.compile(r"^(#{1,3}) (.+)$", re.MULTILINE)
FOLDED = re.compile(r"<details><summary>(.*?)</summary>\n+(.*?)\n+</details>", re.DOTALL)
PLAN = re.compile(r"^## ((\d+) minutes: .+?)$\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
#: Sections of a chapter of which slides are made.
PREDICT, EXERCISES, TAKEAWAYS = "Predict before you reveal", "Exercises", "Key takeaways"
SVG = "image/svg+xml"
#: The box at the beginning of a chapter, and the slide that has it.
AIMS = "In this chapter"
#: A number that a sentence begins with would number a list.
LIST = re.compile(r"^(\d+)\.(?=\s)")


@dataclass(frozen=True)
class Deck:
    """Slides: the name of their files, title, a line about them, pages."""

    name: str
    title: str
    about: str
    pages: list[Page]

    def source(self) -> str:
        """Return the deck as Typst."""
        return typeset.slides(self.title, self.about, self.pages)


# The plans ----------------------------------------------------------------------------------------------------------


def plans(guide: str) -> list[Deck]:
    """Return a deck for each plan of the guide, which is plain Markdown already."""
    return [_plan(begun(title), minutes, text) for title, minutes, text in PLAN.findall(guide)]


def _plan(title: str, minutes: str, text: str) -> Deck:
    pages: list[Page] = []
    before, _, board = text.partition("**On the board:**")
    after: list[Page] = []
    blocks = (board or before).strip().split("\n\n")
    table = next(i for i, block in enumerate(blocks) if block.startswith("| minutes"))
    first = "\n\n".join(blocks[:table]).strip()
    pages.append(("On the board", begun(first)) if board else ("Before the lesson", first))
    for row in blocks[table].splitlines()[2:]:
        span, happens, expected = (cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|")))
        pages.append((f"Minutes {span}", happens))
        if expected and expected != "as there":
            pages.append((f"Minutes {span}: expected answers", begun(expected)))
    for block in blocks[table + 1 :]:
        if after and block.startswith(">"):
            after[-1] = (after[-1][0], f"{after[-1][1]}\n\n{block}")
        else:
            after.append(("For the teacher", block))
    about = (
        "A lesson of the book Second Look. After each step, the answers to expect; at the end, notes for the teacher."
    )
    return Deck(f"plan-{minutes}-minutes", title, about, [*pages, *after])


# A chapter ----------------------------------------------------------------------------------------------------------


def chapter(source: Source, name: str, folder: Path) -> Deck:
    """Return the deck of an executed chapter; its figures are put into `folder`, with names of their own."""
    result, cells = source.cells(name)
    told = _Chapter(name, folder)
    for place, (cell, number) in enumerate(cells):
        if cell.cell_type == "markdown":
            told.read(unlinked(cell.source))
            continue
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if SVG in data and number is not None:
                below = cells[place + 1][0].source if place + 1 < len(cells) else ""
                told.draw(data[SVG], result.cells[number].metadata.get("mystnb", {}), below)
            elif "data-ask" in data.get("text/html", ""):
                told.ask(data["text/html"])
    told.check()
    return Deck(name, told.title, "A chapter of the book Second Look, which has the arithmetic.", told.pages())


class _Chapter:
    """Gathers, section by section, what of a chapter goes onto slides."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.title, self.section = "", ""
        self.texts: dict[str, str] = {}
        self.shown: dict[str, list[Page]] = {}

    def read(self, text: str) -> None:
        """Take the text of a cell, which may begin a section or several."""
        place = 0
        for heading in HEADING.finditer(text):
            self._keep(text[place : heading.start()])
            place = heading.end()
            if len(heading[1]) == 1:
                self.title = self.section = heading[2]
            elif len(heading[1]) == 2:
                self.section = heading[2]
            else:
                place = heading.start()
        self._keep(text[place:])

    def _keep(self, text: str) -> None:
        self.texts[self.section] = f"{self.texts.get(self.section, '')}\n\n{text.strip()}"
        self.shown.setdefault(self.section, [])

    def draw(self, svg: str, told: dict, below: str) -> None:
        """Take a figure, with its alternative text, and the caption that stands below it."""
        name = f"{self.name}-{told.get('figure', {}).get('name', f'figure-{len(self.shown[self.section])}')}.svg"
        (self.folder / name).write_text("".join(svg), encoding="utf-8", newline="")
        caption = re.sub(r"[*_`$]", "", unlinked(below).removeprefix("**Figure.** ")) if "Figure." in below[:12] else ""
        drawn = typeset.figure(name, told.get("image", {}).get("alt", ""), caption)
        self.shown[self.section].append((self.section, drawn))

    def ask(self, html: str) -> None:
        """Take questions, each with its answer on a slide of its own."""
        for item in BeautifulSoup(html, "html.parser").select("[data-ask]"):
            choices = numbered(line.get_text() for line in item.select("ul li"))
            asked = f"{item.p.get_text()}\n\n{choices}"
            self.shown[self.section] += [
                ("Try yourself", asked),
                ("Answer", LIST.sub(r"\1\.", item.details.p.get_text())),
            ]

    def check(self) -> None:
        """Raise BuildError when the chapter has not all the sections of which slides are made."""
        if missing := [name for name in (PREDICT, EXERCISES, TAKEAWAYS) if name not in self.texts]:
            raise BuildError(f"{self.name}: no section {', '.join(missing)}, of which the kit makes slides")

    def pages(self) -> list[Page]:
        """Return the pages: aims, the prediction, figures and questions, exercises, takeaways."""
        pages: list[Page] = []
        for section, text in self.texts.items():
            folded = FOLDED.findall(text)
            plain = FOLDED.sub("", text).strip()
            if section == self.title:
                pages.append((AIMS, unquoted(plain).replace(f"**{AIMS}**\n", "")))
            elif section == PREDICT:
                pages += [(section, plain), *self.shown[section], *((summary, body) for summary, body in folded)]
            elif section == EXERCISES:
                pages += _exercises(plain)
            elif section == TAKEAWAYS:
                pages.append((section, plain))
            else:
                pages += self.shown[section]
        return pages


def unquoted(text: str) -> str:
    """Return the text of quotations without their marks."""
    return re.sub(r"^> ?", "", text, flags=re.MULTILINE)


def begun(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def _exercises(text: str) -> list[Page]:
    parts = re.split(r"^### (Exercise: .+)$", text, flags=re.MULTILINE)[1:]
    found = zip(parts[::2], parts[1::2], strict=True)
    return [(title, unquoted(_quoted(body))) for title, body in found]


def _quoted(text: str) -> str:
    """Return the quotation at the beginning of a text: an exercise, without what follows it."""
    lines = text.strip().splitlines()
    end = next((i for i, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[:end])
