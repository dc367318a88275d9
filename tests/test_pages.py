"""The built book as a reader has it: opened from disk in a browser, with no network, in both schemes, wide and narrow.

Accessibility is judged by axe-core (vendored, version in its first line). `make test` builds the book first.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from secondlook.paths import Project

PROJECT = Project(Path(__file__).resolve().parents[1])
HTML = PROJECT.html
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDTHS = (1280, 400)
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

pytestmark = pytest.mark.pages


def all_pages() -> list[str]:
    """Return the book's pages by their address inside the book."""
    found = (path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html"))
    return sorted(name for name in found if not name.startswith("_")) or ["index.html"]


CONTENT = [name for name in all_pages() if name not in {"genindex.html", "search.html"}]


def needed(reason: str) -> None:
    """Skip for want of something; where everything must be there, fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _built() -> None:
    if not (HTML / "index.html").is_file():
        needed("no book in _build/html: make book")


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """A Chromium of this machine; Playwright's own download is not available everywhere."""
    named = os.environ.get("SECONDLOOK_CHROMIUM")
    executable = named or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if executable is None:
        needed("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One page opened from disk, with everything that it said and asked for."""

    def __init__(self, browser, name: str, scheme: str, width: int = WIDTHS[0]) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        address, _, anchor = name.partition("#")
        self.page.goto((HTML / address).as_uri() + (f"#{anchor}" if anchor else ""))

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_) -> None:
        self.context.close()

    def errors(self) -> list[str]:
        """Return what the page complained of."""
        return [line for line in self.said if line.startswith(("error", "warning"))]

    def requests_elsewhere(self) -> list[str]:
        """Return every request that left the disk."""
        return [url for url in self.asked if urlsplit(url).scheme not in {"file", "data", "blob"}]

    def scroll(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return self.page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")

    def dress(self, scheme: str, width: int) -> None:
        """Change the scheme and the width, and wait until the theme has followed (it lets a resize rest for 0.3 s)."""
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.wait_for_timeout(400)
        self.page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)

    def violations(self, *rules: str) -> list[str]:
        """Return what axe finds by these rules, or by all of its rules, one line per rule and element."""
        self.page.evaluate("axe => window.axe || (0, eval)(axe)", AXE.read_text(encoding="utf-8"))
        # preload would fetch style sheets, which file:// forbids
        options = {"preload": False, "resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:200]}"
            for rule in found["violations"]
            for node in rule["nodes"][:3]
        ]


#: the long tables have one shape of row, times hundreds: axe sees the first rows and one of each verdict
SHORTEN = """
for (const body of document.querySelectorAll('tbody')) {
  const seen = new Set();
  [...body.rows].forEach((row, i) => {
    const kind = row.querySelector('.sl-verdict')?.className;
    if (i >= 25 && (!kind || seen.has(kind))) row.remove();
    seen.add(kind);
  });
}
"""


@pytest.mark.parametrize("name", all_pages())
def test_a_page_is_quiet_whole_and_accessible(browser, name):
    """All rules of axe at both widths; the dark scheme differs in colours alone, so there the rules of colour."""
    with Visit(browser, name, "light", WIDTHS[-1]) as visit:
        for width in WIDTHS[::-1]:
            visit.dress("light", width)
            assert visit.scroll() <= 0, f"the page scrolls sideways at {width} px"
        visit.page.evaluate(SHORTEN)
        for width in WIDTHS:
            visit.dress("light", width)
            assert visit.violations() == [], f"axe at {width} px"
            visit.dress("dark", width)
            assert visit.violations("color-contrast", "link-in-text-block") == [], f"axe at {width} px in the dark"
        assert visit.errors() == []
        assert visit.requests_elsewhere() == []


# --- without a browser: what stands in the pages ----------------------------------------------------------------------


@cache
def soup(name: str) -> BeautifulSoup:
    """Return a page, parsed once."""
    return BeautifulSoup((HTML / name).read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(name: str) -> frozenset[str]:
    """Return all ids of a page."""
    return frozenset(tag["id"] for tag in soup(name).find_all(id=True))


@pytest.mark.parametrize("name", CONTENT)
def test_every_image_has_alt_text(name):
    images = [image for image in soup(name).select("article img, article svg[role=img]") if image.name == "img"]
    bare = [image.get("src") for image in images if len(image.get("alt", "")) < 12 or image["alt"] == image["src"]]
    assert bare == []


@pytest.mark.parametrize("name", CONTENT)
def test_every_link_within_the_book_leads_somewhere(name):
    broken = []
    for link in soup(name).select("main a[href], nav a[href]"):
        parts = urlsplit(link["href"])
        if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
            continue
        target = ((HTML / name).parent / unquote(parts.path)).resolve() if parts.path else HTML / name
        if not target.exists():
            broken.append(link["href"])
            continue
        inside = anchors(target.relative_to(HTML).as_posix()) if target.suffix == ".html" else ()
        if parts.fragment and unquote(parts.fragment) not in inside:
            broken.append(link["href"])
    assert broken == []


@pytest.mark.parametrize("name", CONTENT)
def test_ids_are_unique(name):
    ids = [tag["id"] for tag in soup(name).find_all(id=True)]
    assert sorted({i for i in ids if ids.count(i) > 1}) == [] if len(ids) < 4000 else len(ids) == len(set(ids))


@pytest.mark.parametrize("name", [name for name in CONTENT if name.startswith("notebooks/")] + ["index.html"])
def test_outputs_are_there(name):
    article = soup(name).find("article") or soup(name)
    outputs = article.select(".cell_output")
    assert any(output.get_text(strip=True) or output.find("img") for output in outputs)
    text = article.get_text(" ")
    assert not re.search(r"Traceback|<Figure|<Axes|\{glue|Unknown glue|<HTML>|object at 0x", text)


@pytest.mark.parametrize("name", CONTENT)
def test_nothing_names_the_machine(name):
    text = (HTML / name).read_text(encoding="utf-8")
    assert str(PROJECT.root) not in text
    assert not re.search(r"/(home|root|Users)/\w", text)


@pytest.mark.parametrize("name", CONTENT)
def test_numbers_in_tables_stand_on_the_right(name):
    for table in soup(name).select("article table"):
        assert table.find_parent(class_="sl-scroll"), "a table without a container of its own"


def test_no_file_of_the_book_loads_from_elsewhere():
    loading = re.compile(r"""(?:src|href)=["'](?:https?:)?//[^"']+\.(?:js|css|woff2?|png|svg)["']""")
    assert [name for name in all_pages() if loading.search((HTML / name).read_text(encoding="utf-8"))] == []


# --- what a page does -------------------------------------------------------------------------------------------------


def pages_with(selector: str) -> list[str]:
    """Return the pages that hold such an element."""
    return [name for name in CONTENT if (HTML / name).is_file() and soup(name).select_one(selector)]


def test_a_long_table_can_be_searched_chosen_from_and_sorted(browser):
    names = pages_with("table.sl-filterable.sortable")
    assert names, "no page has a table to search and sort"
    with Visit(browser, names[0], "light") as visit:
        page = visit.page
        total = page.locator("table.sl-filterable tbody tr").count()
        count = page.locator(".sl-tools output")
        assert count.inner_text() == f"{total} of {total} rows"
        page.locator(".sl-tools input").fill("no row says this")
        assert count.inner_text() == f"0 of {total} rows"
        page.get_by_role("button", name="show all").click()
        assert count.inner_text() == f"{total} of {total} rows"
        select = page.get_by_label("verdict")
        select.select_option(index=1)
        shown = int(count.inner_text().split()[0])
        assert 0 < shown < total
        page.get_by_role("button", name="show all").click()
        head = page.locator("th", has_text="verdict").locator("button")
        head.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)
        ranks = page.eval_on_selector_all(
            "tbody tr", "rows => rows.map(r => r.querySelector('.sl-verdict').textContent)"
        )
        assert page.locator("th[aria-sort=ascending]").count() == 1
        assert len([i for i in range(1, len(ranks)) if ranks[i] != ranks[i - 1]]) == len(set(ranks)) - 1


def test_a_link_to_a_row_finds_it(browser):
    for name in pages_with("table.sl-filterable tr[id]")[:1]:
        row = soup(name).select("table.sl-filterable tr[id]")[-1]["id"]
        with Visit(browser, f"{name}#{row}", "light", 400) as visit:
            visit.page.wait_for_timeout(300)
            box = visit.page.locator(f'[id="{row}"]').bounding_box()
            assert box is not None
            assert -5 <= box["y"] <= 900


@pytest.mark.parametrize("width", WIDTHS)
def test_cells_of_the_map_are_large_enough_and_named(browser, width):
    names = pages_with(".sl-map")
    assert names == ["index.html"]
    with Visit(browser, "index.html", "light", width) as visit:
        cells = visit.page.eval_on_selector_all(
            ".sl-map a",
            "all => all.map(a => [a.getBoundingClientRect().width, a.getBoundingClientRect().height,"
            " a.getAttribute('aria-label') || a.textContent.trim()])",
        )
    assert len(cells) > 500
    assert all(w >= 24 and h >= 24 and len(label) > 5 for w, h, label in cells)


def test_the_map_is_one_stop_and_the_arrow_keys_walk_on_it(browser):
    with Visit(browser, "index.html", "light") as visit:
        page = visit.page
        place = "[...document.querySelectorAll('.sl-map a')].indexOf(document.activeElement)"
        assert page.locator('.sl-map a[tabindex="0"]').count() == 1
        page.locator(".sl-map a").first.focus()
        walked = []
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowDown", "ArrowUp"):
            page.keyboard.press(key)
            walked.append(page.evaluate(place))
        last = page.locator(".sl-map a").count() - 1
        assert walked[:6] == [1, 2, 1, last, last, 0]
        assert walked[6] > 1
        assert walked[7] == 0
        page.keyboard.press("Enter")
        page.wait_for_url("**/notebooks/**")


def test_a_folded_row_is_opened_by_its_address(browser):
    names = [name for name in pages_with("details tr[id], details [id]")]
    for name in names[:1]:
        target = soup(name).select_one("details tr[id], details [id]")["id"]
        with Visit(browser, f"{name}#{target}", "light") as visit:
            visit.page.wait_for_timeout(200)
            assert visit.page.locator(f'details:has([id="{target}"])').first.evaluate("d => d.open")


def test_mathematics_is_drawn_from_disk(browser):
    names = pages_with("article .math")
    if not names:
        pytest.skip("no page has mathematics")
    with Visit(browser, names[0], "light") as visit:
        visit.page.wait_for_selector("article mjx-container svg", timeout=10_000)
        assert visit.requests_elsewhere() == []


def test_the_search_works_from_disk(browser):
    with Visit(browser, "search.html", "light") as visit:
        visit.page.goto((HTML / "search.html").as_uri() + "?q=patients")
        visit.page.wait_for_selector("#search-results li a", timeout=10_000)
        assert visit.errors() == []
        assert visit.requests_elsewhere() == []
