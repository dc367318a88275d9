"""Repair the finished pages: what the theme, pandas and the bibliography leave inaccessible is mended in the HTML.

Each repair is one small function on the parsed page and answers one finding of axe, or one rule of this book (tables
scroll in a container of their own, numbers stand on the right). Pages are rewritten once, after Sphinx has finished.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter

#: what counts as a printed number in a table: 12, 1,234, −0.5, <0.001, 41 (60.3), 1.5–2.7, 60.3%, NR, –
NUMBER = re.compile(
    r"""^[<>≤≥=≈~±]?\s*[-−–+]?\s*\d[\d.,\s]*%?          # a number, perhaps with a bound
        (\s*[-–−/to]+\s*[-−]?\d[\d.,]*%?)?                # to another
        (\s*[(\[][^)\]]*\d[^)\]]*[)\]])?\s*[*†‡]?$          # and one in brackets
    """,
    re.VERBOSE,
)
BLANK = {"", "-", "–", "—", "NR", "NE", "NA", "NaN", "nan", "None", "·"}

#: Names the folder in which a build keeps repaired pages, by their content and that of this file.
STORE = "SECONDLOOK_PAGES"
OWN_TEXT = Path(__file__).read_bytes()

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
    """Drop the ids that every exercise and every solution of a page has in common (duplicate-id)."""
    for part in page.select("#exercise-content, #solution-content"):
        del part["id"]


def mend_headers(page: BeautifulSoup) -> None:
    """Turn empty header cells into plain ones (empty-table-header) and give the others a scope."""
    for cell in page.find_all("th"):
        if not cell.get_text(strip=True) and not cell.find(["img", "input"]):
            cell.name = "td"
        elif not cell.has_attr("scope"):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"


def align_numbers(page: BeautifulSoup) -> None:
    """Put columns of numbers on the right, their heads too; tables with joined cells keep what their author set."""
    for table in page.find_all("table"):
        if table.find(["td", "th"], attrs={"colspan": True}) or table.find(["td", "th"], attrs={"rowspan": True}):
            continue
        rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
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


REPAIRS: tuple[Repair, ...] = (
    drop_thebe,
    name_buttons,
    mark_landmarks,
    mend_citations,
    mend_exercises,
    mend_headers,
    align_numbers,
    wrap_tables,
)


def repair(html: str) -> str:
    """Return a page with every repair made; repairing it again changes nothing."""
    page = BeautifulSoup(html, "html.parser")
    for mend in REPAIRS:
        mend(page)
    return page.decode(formatter=FORMATTER)


def pages(folder: Path) -> Iterator[Path]:
    """Yield the book's pages, not the files that come with the theme."""
    for path in sorted(folder.rglob("*.html")):
        if not path.relative_to(folder).parts[0].startswith("_"):
            yield path


def repair_file(path: Path) -> None:
    """Repair one page where it lies; a page that was repaired in an earlier build is taken from the store."""
    html, store = path.read_bytes(), os.environ.get(STORE)
    kept = Path(store) / hashlib.sha256(OWN_TEXT + html).hexdigest() if store else None
    if kept and kept.is_file():
        path.write_bytes(kept.read_bytes())
        os.utime(kept)  # the newest are the last to be forgotten
        return
    mended = repair(html.decode("utf-8")).encode("utf-8")
    path.write_bytes(mended)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(mended)
        part.replace(kept)


def finish(app, exception) -> None:
    """Repair all pages once Sphinx has written them; by several processes where they can be forked safely."""
    if exception is not None or app.builder.format != "html":
        return
    found = sorted(pages(Path(app.outdir)), key=lambda path: -path.stat().st_size)  # the longest first
    workers = min(os.cpu_count() or 1, len(found), 4)
    if workers < 2 or sys.platform != "linux" or threading.active_count() > 1:
        for path in found:
            repair_file(path)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        list(pool.map(repair_file, found))


def write_in_parallel(app, _) -> None:
    """Let forked processes write pages while Sphinx resolves the next ones; reading stays with one process.

    Asked for earlier, as ``sphinx-build -j``, it would read in parallel too, for which not all extensions are ready.
    """
    if sys.platform == "linux" and threading.active_count() == 1:
        app.parallel = min(os.cpu_count() or 1, 4)


def setup(app) -> dict[str, object]:
    """Register the extension with Sphinx."""
    app.connect("env-check-consistency", write_in_parallel)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
