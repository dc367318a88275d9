"""Repair the finished pages: what the theme, pandas and the bibliography leave inaccessible is mended in the HTML.

Each repair is one small function on the parsed page and answers one finding of axe, or one rule of this book (tables
scroll in a container of their own, numbers stand on the right). Pages are rewritten once, after Sphinx has finished.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from html import unescape
from itertools import repeat
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter

from secondlook_previews import GLOSSARY, Found, collect, embed, link_terms, terms
from secondlook_store import forget, kept
from secondlook_weights import fill, lighten

#: what counts as a printed number in a table: 12, 1,234, −0.5, <0.001, 41 (60.3), 1.5–2.7, 60.3%, NR, –
NUMBER = re.compile(
    r"""^[<>≤≥=≈~±]?\s*[-−–+]?\s*\d[\d.,\s]*%?          # a number, perhaps with a bound
        (\s*[-–−/to]+\s*[-−+]?\d[\d.,]*%?)?                # to another
        (\s*[(\[][^)\]]*\d[^)\]]*[)\]])?\s*[*†‡]?$          # and one in brackets
    """,
    re.VERBOSE,
)
BLANK = {"", "-", "–", "—", "NR", "NE", "NA", "NaN", "nan", "None", "·"}

#: an SVG of Matplotlib says its size in points; a pixel of a page is three quarters of one
SVG_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"')
PIXELS = 4 / 3

#: code and output as Pygments writes them, an empty tag first; so many characters fit into the narrowest view
CODE = re.compile(r'(<div class="highlight"><pre>)(.*?)(?=</pre>)', re.DOTALL)
TAGS = re.compile(r"<[^>]*>")
PYGMENTS_START = "<span></span>"
SHORT_LINE = 30
#: what tells the formatter of the sources to leave a cell as it is tells a reader nothing
FOR_THE_FORMATTER = re.compile(r'(?:<span class="w"> +</span>| )*<span class="c1"># fmt: skip</span>')

#: what stands together on a line: a number and its sign, a table and its number
TOGETHER = re.compile(r"(?<=\d) (?=%)|(?<=\bTable) (?=\d)")
#: where a long name of code may break
BREAKS = re.compile(r"(?<=[._/\[])(?=\w)|(?<=\])(?=\.)")
LONG_NAME = 14
NO_BREAK = "\N{NO-BREAK SPACE}"

FORMATTER = HTMLFormatter(EntitySubstitution.substitute_xml, void_element_close_prefix="")

Repair = Callable[[BeautifulSoup], None]


def drop_thebe(page: BeautifulSoup) -> None:
    """Remove the hooks of thebe, which would load from a network if somebody woke it."""
    for script in page.find_all("script"):
        if "thebe" in (script.get("src") or "") or "THEBE_JS_URL" in (script.string or ""):
            script.decompose()
    for link in page.find_all("link", href=re.compile("sphinx-thebe")):
        link.decompose()


def is_button(tag: Tag) -> bool:
    """Say whether a tag is a button, or a link that is dressed as one."""
    return tag.name == "button" or (tag.name == "a" and "btn" in tag.get("class", ()))


def name_buttons(page: BeautifulSoup) -> None:
    """Let a button with visible words be named by them, and icons by nothing (label-content-name-mismatch)."""
    for icon in page.find_all("i"):
        if icon.has_attr("title") and any(is_button(parent) for parent in icon.parents):
            del icon["title"]
            icon["aria-hidden"] = "true"
    for button in page.find_all(["button", "a", "summary"]):
        if not is_button(button) and button.name != "summary":
            continue
        wordless = not button.get_text(strip=True)
        if button.has_attr("aria-label") and not wordless:
            del button["aria-label"]
        if is_button(button) and button.has_attr("title") and wordless and not button.get("aria-label"):
            button["aria-label"] = button["title"]


def mark_landmarks(page: BeautifulSoup) -> None:
    """Put the sidebar into a landmark (region)."""
    sidebar = page.find(id="pst-primary-sidebar")
    if sidebar:
        sidebar["role"] = "complementary"
        sidebar["aria-label"] = "Sidebar"


def mend_citations(page: BeautifulSoup) -> None:
    """Drop roles that citations may not have (aria-allowed-role, aria-deprecated-role, aria-required-children)."""
    for part in page.find_all(role=True):
        role, classes = part["role"], {*part.get("class", ())}
        cites = classes & {"citation", "citation-list", "footnote-list"}
        cites = cites or (part.name == "aside" and "footnote" in classes) or role.startswith("doc-")
        if cites and role.startswith(("list", "doc-", "note")):
            del part["role"]


def mend_exercises(page: BeautifulSoup) -> None:
    """Drop the ids that all exercises and solutions have in common (duplicate-id); put the space before their link."""
    for part in page.select("#exercise-content, #solution-content"):
        del part["id"]
    for link in page.select(".solution > .admonition-title > a"):
        text = link.find(string=True)
        if text and text.startswith(" "):
            text.replace_with(text.lstrip())
            link.insert_before(" ")


def keep_together(page: BeautifulSoup) -> None:
    """Let no line begin with the sign of the number that ends the line before."""
    last = ""
    for text in [text for article in page.find_all("article") for text in article.strings]:
        kept = TOGETHER.sub(NO_BREAK, text)
        if kept.startswith(" %") and last.isdigit():
            kept = NO_BREAK + kept[1:]
        last = text[-1:]
        if kept != text and not text.find_parent("pre"):
            text.replace_with(kept)


def break_names(page: BeautifulSoup) -> None:
    """Say where a long name of code may break, which it otherwise does in the middle of a word."""
    for text in [text for code in page.select("article code") for text in code.strings]:
        parts = BREAKS.split(text) if len(text) > LONG_NAME and not text.find_parent("pre") else []
        if len(parts) > 1:
            text.replace_with(*[piece for part in parts for piece in (page.new_tag("wbr"), part)][1:])


def mend_headers(page: BeautifulSoup) -> None:
    """Turn empty header cells into plain ones (empty-table-header) and give the others a scope."""
    for cell in page.find_all("th"):
        if not cell.get_text(strip=True) and not cell.find(["img", "input"]):
            cell.name = "td"
            cell.attrs.pop("scope", None)
        elif not cell.has_attr("scope"):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"


def align_numbers(page: BeautifulSoup) -> None:
    """Put columns of numbers on the right, their heads too.

    Tables with joined cells keep what their author set, but for names of rows that are joined.
    """
    for table in page.find_all("table"):
        if table.find(["td", "th"], attrs={"colspan": True}) or table.find("td", attrs={"rowspan": True}):
            continue
        # counted from the right, where no name of rows is
        rows = [row.find_all(["td", "th"], recursive=False)[::-1] for row in table.find_all("tr")]
        heads = [row for row in rows if row and row[0].find_parent("thead")]
        body = [row for row in rows if row and not row[0].find_parent("thead")]
        for column in range(max(map(len, body), default=0)):
            if _is_numeric(body, column):
                for row in heads + body:
                    _add_class(row[column : column + 1], "sl-num")


def _is_numeric(rows: list[list[Tag]], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row)]
    if any(cell.name == "th" for cell in cells):
        return False
    texts = [text for cell in cells if (text := cell.get_text(" ", strip=True)) not in BLANK]
    return bool(texts) and all(NUMBER.match(text) for text in texts)


def _add_class(cells: list[Tag], name: str) -> None:
    for cell in cells:
        classes = [word for word in cell.get("class", []) if word not in {"text-left", "text-center"}]
        if name not in classes:
            cell["class"] = [*classes, name]


def wrap_tables(page: BeautifulSoup) -> None:
    """Give each table a container that scrolls by itself, can take the focus, and has a name of its own."""
    taken: dict[str, int] = {}
    for table in page.find_all("table"):
        if not table.find_parent("article"):
            continue
        if table.find_parent(class_="sl-scroll") or table.find_parent("table"):
            continue
        if table.get("border"):
            del table["border"]
        outer = table.find_parent(class_="pst-scrollable-table-container")
        name = _table_name(table)
        taken[name] = taken.get(name, 0) + 1
        label = name if taken[name] == 1 else f"{name}, {taken[name]}"
        frame = page.new_tag(
            "div", attrs={"class": "sl-scroll", "role": "region", "tabindex": "0", "aria-label": label}
        )
        table.wrap(frame)
        if outer:
            outer.unwrap()


def _table_name(table: Tag) -> str:
    caption = table.find("caption")
    heading = table.find_previous(["h1", "h2", "h3", "h4"])
    words = (caption or heading).get_text(" ", strip=True) if caption or heading else ""
    words = words.removesuffix("#").strip()
    return f"Table: {words}" if words else "Table"


def hang_lines(html: str) -> str:
    """Make each long line of code or output a block, which knows how far it is indented.

    So the style sheet can break it where the view is too narrow, and let what follows hang below its beginning. The
    text, with its ends of lines, stays the same, save for what was said to the formatter.
    """
    html = FOR_THE_FORMATTER.sub("", html)
    return CODE.sub(lambda code: code[1] + "".join(map(_hung, code[2].splitlines(keepends=True))), html)


def _hung(line: str) -> str:
    start = PYGMENTS_START if line.startswith(PYGMENTS_START) else ""
    line = line.removeprefix(start)
    text = unescape(TAGS.sub("", line)).rstrip()
    if len(text) <= SHORT_LINE or "sl-line" in line or line.count("<span") != line.count("</span"):
        return start + line
    return f'{start}<span class="sl-line" style="--sl-in: {len(text) - len(text.lstrip())}">{line}</span>'


def frame_figures(page: BeautifulSoup, folder: Path) -> None:
    """Give each drawn figure its size, and a container that scrolls where the screen is much narrower than the figure.

    `folder` is that of the page. With its size known a figure takes its room before it is there, and the style sheet
    can see to it that no lettering is drawn too small to read.
    """
    for image in page.select("article .cell_output img[src$='.svg']"):
        size = SVG_SIZE.search((folder / image["src"]).read_text(encoding="utf-8")[:2000])
        if size is None or image.find_parent(class_="sl-scroll"):
            continue
        image["width"], image["height"] = (str(round(float(points) * PIXELS)) for points in size.groups())
        number = image.find_parent("figure") and image.find_parent("figure").find(class_="caption-number")
        label = f"{number.get_text(strip=True) if number else 'Figure'}: {_shortened(image.get('alt', ''))}"
        attributes = {"class": "sl-scroll sl-drawn", "role": "region", "tabindex": "0", "aria-label": label}
        image.wrap(page.new_tag("div", attrs={**attributes, "style": f"--sl-width: {image['width']}px"}))


def _shortened(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0]} …"


def offer_issues(page: BeautifulSoup) -> None:
    """Turn the places for issues into links to the repository's issue page; drop them where the page knows none."""
    button = page.find("a", class_="btn-source-issues-button")
    address = button["href"].partition("?")[0] if button else ""
    for place in page.select("span.sl-issue[data-query]"):
        if address:
            link = page.new_tag("a", href=f"{address}?{place['data-query']}", attrs={"class": "sl-issue"})
            link.string = place.get_text()
            place.replace_with(link)
        else:
            place.decompose()


REPAIRS: tuple[Repair, ...] = (
    drop_thebe,
    offer_issues,
    name_buttons,
    mark_landmarks,
    mend_citations,
    mend_exercises,
    keep_together,
    break_names,
    mend_headers,
    align_numbers,
    wrap_tables,
)


def repair(html: str) -> str:
    """Return a page with every repair made; repairing it again changes nothing."""
    page = BeautifulSoup(html, "html.parser")
    for mend in REPAIRS:
        mend(page)
    return hang_lines(page.decode(formatter=FORMATTER))


def pages(folder: Path) -> Iterator[Path]:
    """Yield the book's pages, not the files that come with the theme."""
    for path in sorted(folder.rglob("*.html")):
        if not path.relative_to(folder).parts[0].startswith("_"):
            yield path


def repair_file(path: Path, name: str, known: dict[str, str]) -> Found:
    """Repair one page where it lies, link its terms, and return what previews need of it.

    What became of a page in an earlier build is taken from the store: names of figures follow from their content, so
    that the page, its name and the terms are all that it depends on.
    """
    inputs = (name.encode(), repr(sorted(known.items())).encode(), path.read_bytes())
    mended, found = kept(inputs, lambda: repaired(path, name, known))
    path.write_text(mended, encoding="utf-8")
    return found


def repaired(path: Path, name: str, known: dict[str, str]) -> tuple[str, Found]:
    """Return a page as it should be, and what previews need of it."""
    page = parse(path)
    for mend in REPAIRS:
        mend(page)
    frame_figures(page, path.parent)
    link_terms(page, name, known)
    return hang_lines(page.decode(formatter=FORMATTER)), collect(page, name)


def may_fork() -> bool:
    """Say whether this process can be forked safely."""
    return sys.platform == "linux" and threading.active_count() == 1


def parse(path: Path) -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def finish(app, exception) -> None:
    """Repair all pages once Sphinx has written them; by several processes where they can be forked safely."""
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    lighten(folder / "_images")
    glossary = folder / GLOSSARY
    known = terms(parse(glossary)) if glossary.is_file() else {}
    paths = sorted(pages(folder), key=lambda path: -path.stat().st_size)  # the longest first
    names = [path.relative_to(folder).as_posix() for path in paths]
    workers = min(os.cpu_count() or 1, len(paths), 4)
    if workers < 2 or not may_fork():
        found = [repair_file(path, name, known) for path, name in zip(paths, names, strict=True)]
    else:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
            found = list(pool.map(repair_file, paths, names, repeat(known)))
    by_name = {page.name: page for page in found}
    for path, page in zip(paths, found, strict=True):
        path.write_text(embed(path.read_text(encoding="utf-8"), page, by_name), encoding="utf-8")
    fill(folder, by_name)
    forget()


def write_in_parallel(app, _) -> None:
    """Let forked processes write pages while Sphinx resolves the next ones; reading stays with one process.

    Asked for earlier, as ``sphinx-build -j``, it would read in parallel too, for which not all extensions are ready.
    """
    if may_fork():
        app.parallel = min(os.cpu_count() or 1, 4)


def setup(app) -> dict[str, object]:
    """Register the extension with Sphinx."""
    app.connect("env-check-consistency", write_in_parallel)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
