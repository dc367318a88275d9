"""Every chapter has the same skeleton, so that a reader knows where to find what.

The parts: what the reader will do, learn and need; a question to answer before the arithmetic; takeaways that lead back
to their headings; strengths and limitations; exercises with solutions that are folded away and run in the build; further
reading. Chapters on a section of the paper list all of its numbers, too.
"""

import re
from functools import cache

import jupytext
import pytest
import reader
import yaml
from conftest import ROOT

#: pages of the contents that are no chapters, and why
EXEMPT = {
    "notebooks/16-as-it-would-read": "reference: the paper's tables with every change marked, on two pages",
    "notebooks/43-certificates": "reference: premises, scripts and ways out of proofs that other chapters teach",
    "notebooks/72-records-beside-the-paper": "reference: what records print, where they were handed in",
    "notebooks/80-ledger": "reference: the list of all checks",
    "notebooks/82-numbers": "reference: the list of all values",
    "notebooks/90-codebook": "reference: the shape of the data files",
    "notebooks/84-not-checked": "reference: a list with reasons",
    "notebooks/92-how-built": "reference: about the book, not about a method",
    "book/glossary": "reference: words",
    "book/references": "reference: sources",
    "book/paste-your-own": "a tool to use",
    "book/if-you-have-the-records": "a way to go, with its commands",
    "book/teachers-guide": "about the chapters, for who teaches them",
}

INTRODUCED = ("**You will** ", "**You will learn to** ", "**You need** ")
HEADINGS = ("Predict before you reveal", "Exercises", "Key takeaways", "Strengths and limitations of the method",
            "Further reading")  # fmt: skip
CODE = "<code>"
LABELLED_HEADING = re.compile(r"^\(([\w-]+)\)=\n#+ ", re.MULTILINE)
GATE = re.compile(r"^(:{3,})\{(exercise|solution|solution-start)\} *(.*)$", re.MULTILINE)


def contents():
    """Return the pages of the table of contents, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]


CHAPTERS = [page for page in contents() if page not in EXEMPT]


@cache
def cells(page):
    return jupytext.read(ROOT / f"{page}.py", fmt="py:percent").cells


@cache
def prose(page):
    """Return the prose of a chapter; each cell of code leaves a mark."""
    return "\n\n".join(cell.source if cell.cell_type == "markdown" else CODE for cell in cells(page))


def part(text, heading):
    """Return what stands under a heading, up to the next of its level."""
    found = re.search(rf"^## {re.escape(heading)}$\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def bullets(text):
    """Return the items of a list, each in one line."""
    return [" ".join(item.split()) for item in re.findall(r"^- (.*?)(?=^- |^\S|\Z)", text, re.MULTILINE | re.DOTALL)]


def introduction(text):
    """Say what the first admonition lacks."""
    [said] = re.findall(r"^:{3,}\{admonition\} In this chapter\n(.*?)^:{3,}$", text, re.M | re.S) or [""]
    said = " ".join(said.split())
    yield from (f"“In this chapter” lacks {words.strip()}" for words in INTRODUCED if words not in said)


def order(text):
    """Say which parts are missing, or stand before the question that opens a chapter."""
    yield from (f"no heading “{heading}”" for heading in HEADINGS if not part(text, heading).strip())
    at = [text.find(f"\n## {heading}\n") for heading in HEADINGS]
    if at[0] > min(at[1:]) or text.find("In this chapter") > at[0] or text.rfind("\n## ") != at[-1]:
        yield "the parts do not stand in order"


def question(text):
    """Say what the question before the arithmetic lacks: printed numbers to look at, and a folded, computed answer."""
    asked, _, answer = part(text, "Predict before you reveal").partition("{admonition}")
    if not ("{printed}`" in asked or "{glue:text}`" in asked or CODE in asked) or "?" not in asked:
        yield "the prediction shows no printed number or asks nothing"
    if ":class: dropdown" not in answer or not re.search(r"\{(glue:text|printed)\}`", answer):
        yield "the prediction has no folded answer with computed numbers"


def takeaways(text):
    """Say which takeaways do not lead back to a heading of their own page."""
    labels, items = set(LABELLED_HEADING.findall(text)), bullets(part(text, "Key takeaways"))
    if len(items) < 3:
        yield "fewer than three takeaways"
    for item in items:
        targets = re.findall(r"\]\(([\w-]+)\)", item)
        if not set(targets) & labels:
            yield f"a takeaway leads to no heading of this page: {item[:50]}"


def exercises(page, text):
    """Say what exercises lack: a label, a folded solution, code that runs and prints."""
    asked, solved = [], []
    for gate in GATE.finditer(text):
        rest = text[gate.end() :].lstrip("\n")
        if gate[2] == "exercise":
            label = re.match(r":label: ([\w-]+)", rest)
            asked.append(label[1] if label else f"no label: {gate[3]}")
        else:
            solved.append(gate[3])
            if not rest.startswith(":class: dropdown"):
                yield f"the solution of {gate[3]} lies open"
    if len(asked) < 2:
        yield "fewer than two exercises"
    yield from (f"no solution: {label}" for label in asked if label not in solved)
    if not solutions_in_code(page):
        yield "no solution in code"


def solutions_in_code(page):
    """Return the code of each solution that has some."""
    found, label = {}, None
    for cell in cells(page):
        if cell.cell_type == "markdown":
            for word in re.findall(r"\{solution-(?:start\} *([\w-]+)|end)", cell.source):
                label = word or None
        elif label and "remove-cell" not in cell.metadata.get("tags", []):
            found[label] = f"{found.get(label, '')}{cell.source}\n"
    return found


def reading(text):
    """Say whether further reading names nothing."""
    if "{cite" not in part(text, "Further reading"):
        yield "further reading cites nothing"


def numbers(page, paper):
    """Say whether a chapter on a section of the paper does not list its numbers."""
    about = page.partition("-")[2]
    if about in paper.layout.sections and f'look.numbers("{about}")' not in "".join(c.source for c in cells(page)):
        yield "the numbers of the section are not listed"


def lacking(page, paper):
    """Return all that a chapter lacks."""
    text = prose(page)
    return [
        *introduction(text), *order(text), *question(text), *takeaways(text), *exercises(page, text), *reading(text),
        *numbers(page, paper),
    ]  # fmt: skip


def test_every_exempt_page_is_listed_and_has_a_reason():
    assert set(EXEMPT) <= set(contents())
    assert all(EXEMPT.values())


@pytest.mark.parametrize("page", CHAPTERS)
def test_chapter_has_the_whole_skeleton(page, paper):
    assert not lacking(page, paper)


@pytest.mark.parametrize("page", CHAPTERS)
def test_objectives_are_verbs(page):
    """What a reader will do or learn is something to do: the words after “will” and “learn to” are no nouns."""
    said = " ".join(prose(page).split())
    for words in INTRODUCED[:2]:
        first = said.partition(words)[2].split()[0].strip(",.").lower()
        assert first not in {"the", "a", "an", "how", "what", "why", "about"}, f"{page}: {words}{first}"


@pytest.mark.parametrize("page", CHAPTERS)
def test_solutions_compute_what_they_say(page):
    """A solution ends in something that it shows, and types no result: what it prints is made by code."""
    for label, code in solutions_in_code(page).items():
        typed = re.findall(r"print\(\"[^\"{]*\d\.\d[^\"{]*\"\)", code)
        assert not typed, f"{label} types its result: {typed}"


def built(page):
    """Return a built page, or skip where there is none."""
    name = f"notebooks/{page.partition('/')[2]}.html"
    if not (reader.HTML / name).is_file():
        pytest.skip(f"no {name}: make book")
    return reader.parsed(name)


@pytest.mark.pages
@pytest.mark.parametrize("page", CHAPTERS)
def test_takeaways_lead_to_headings_in_the_built_page(page):
    html = built(page)
    links = [link.attributes["href"] for link in html.css("section#key-takeaways li a.internal")]
    assert len(links) >= 3
    for link in links:
        if link.startswith("#"):
            place = f'[id="{link.removeprefix("#")}"]'
            assert html.css_first(f"section{place} > :is(h2, h3), section:has({place}) > :is(h2, h3)"), link


@pytest.mark.pages
@pytest.mark.parametrize("page", CHAPTERS)
def test_solutions_have_run_in_the_built_page(page):
    """Each solution with code holds an output, and is a dropdown that names its exercise."""
    html = built(page)
    solutions = html.css("div.solution")
    assert len(solutions) >= 2
    for solution in solutions:
        assert "dropdown" in solution.attributes["class"].split()
        exercise = solution.css_first(".admonition-title a").attributes["href"].removeprefix("#")
        assert html.css_first(f'.exercise[id="{exercise}"]')
        if solution.css(".cell_input"):
            assert solution.css(".cell_output"), exercise
