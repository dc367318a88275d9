"""What a reader does with the built book, done in a browser: tables, downloads, the map, search, previews, print.

Authorities: WCAG 2.2 for the keyboard (2.1.1, 2.4.1, 2.4.7) and for what comes on hover or focus (1.4.13).
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader
from reader import SCHEMES, WIDTHS, Visit, pages_with, parsed

pytestmark = pytest.mark.pages


def mostly(first: object, *others: object) -> list:
    """Return the parameters of a test, of which every run tries the first; the others repeat it in another view."""
    each = (other if isinstance(other, tuple) else (other,) for other in others)
    return [first, *(pytest.param(*other, marks=pytest.mark.weekly) for other in each)]


def wait_in_sight(visit: Visit, anchor: str) -> None:
    """Wait until a place of the page stands within the window."""
    inside = "id => { const y = document.getElementById(id)?.getBoundingClientRect().y; return y >= -5 && y <= 900; }"
    visit.page.wait_for_function(inside, arg=anchor)


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
        page.locator("th[aria-sort=ascending]").wait_for()
        ranks = page.eval_on_selector_all(
            "tbody tr", "rows => rows.map(r => r.querySelector('.sl-verdict').textContent)"
        )
        assert page.locator("th[aria-sort=ascending]").count() == 1
        assert len([i for i in range(1, len(ranks)) if ranks[i] != ranks[i - 1]]) == len(set(ranks)) - 1


def test_a_link_to_a_row_finds_it(browser):
    for name in pages_with("table.sl-filterable tr[id]")[:1]:
        row = parsed(name).css("table.sl-filterable tr[id]")[-1].id
        with Visit(browser, f"{name}#{row}", "light", 400) as visit:
            wait_in_sight(visit, row)


LONG_TABLES = ("notebooks/80-ledger.html", "notebooks/82-numbers.html")
MATTERS = "notebooks/12-suggested-corrections.html"


@pytest.mark.parametrize(("name", "width"), list(zip(LONG_TABLES, WIDTHS, strict=True)))
def test_a_long_table_fits_and_a_row_opens_to_its_rest(browser, name, width):
    with Visit(browser, name, "light", width) as visit:
        page = visit.page
        frame = page.locator(".sl-scroll:has(> .sl-filterable)")
        assert frame.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        row = page.locator(".sl-long-table tbody tr").nth(3)
        assert not row.locator("dl").is_visible()
        row.locator("summary").focus()
        page.keyboard.press("Enter")
        row.locator("dl").wait_for(state="visible")
        inside = "row => row.querySelector('dl').getBoundingClientRect().right <= row.getBoundingClientRect().right"
        assert row.evaluate(inside)
        heights = page.eval_on_selector_all(
            ".sl-long-table tbody tr:not(:has(details[open]))", "all => all.map(row => row.offsetHeight)"
        )
        assert max(heights) < 450, "no row is a screen tall before it is opened"


def test_flags_come_first_by_one_button_and_the_address_keeps_what_was_chosen(browser, server):
    with Visit(browser, LONG_TABLES[0], "light", server=server) as visit:
        page = visit.page
        count, button = page.locator(".sl-tools output"), page.get_by_role("button", name="flags only")
        total = count.inner_text()
        button.click()
        shown = page.eval_on_selector_all(
            ".sl-long-table tbody tr:not([hidden]) .sl-verdict", "all => all.map(v => v.lastChild.textContent.trim())"
        )
        order = ["decision", "inconsistent", "query", "reproduced-if"]
        assert set(shown) <= set(order)
        assert shown == sorted(shown, key=order.index)
        page.get_by_label("verdict").select_option(label="query")
        page.locator(".sl-tools input").fill("table 5")
        chosen = count.inner_text()
        assert chosen != total
        assert "flags=1" in page.url
        page.goto(page.url)
        assert count.inner_text() == chosen
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        page.get_by_role("button", name="show all").click()
        assert count.inner_text() == total
        assert "?" not in page.url


def test_an_address_chooses_a_filter_and_opens_a_row_from_disk(browser):
    row = parsed(LONG_TABLES[0]).css(".sl-long-table tbody tr:has(.sl-inconsistent)")[-1].id
    with Visit(browser, "404.html", "light") as visit:
        visit.page.goto(f"{visit.address(LONG_TABLES[0])}?verdict=inconsistent#{row}")
        wait_in_sight(visit, row)
        assert visit.page.locator(f'[id="{row}"] details').evaluate("fold => fold.open")
        verdicts = visit.page.eval_on_selector_all(
            ".sl-long-table tbody tr:not([hidden]) .sl-verdict", "all => all.map(v => v.className)"
        )
        assert verdicts
        assert all("sl-inconsistent" in verdict for verdict in verdicts)
        visit.page.goto(f"{visit.address(LONG_TABLES[0])}?verdict=coherent&search=nothing+says+this#{row}")
        wait_in_sight(visit, row)
        assert visit.page.locator(f'[id="{row}"]').is_visible(), "an address of a row lifts the filter that hides it"
        assert visit.errors() == []


def test_what_does_not_hold_is_one_screen(browser):
    with Visit(browser, MATTERS, "light") as visit:
        lines = visit.page.locator(".sl-matters").first
        assert lines.evaluate("list => list.getBoundingClientRect().bottom + scrollY") <= 900
        assert lines.locator(".sl-matter[open]").count() == 0


@pytest.mark.parametrize("width", mostly(*WIDTHS[::-1]))
def test_every_matter_opens_by_its_link_with_its_line_in_view(browser, width):
    slugs = [part.id for part in parsed(MATTERS).css(".sl-why[id]")]
    assert len(slugs) > 20
    with Visit(browser, MATTERS, "light", width) as visit:
        for slug in slugs:
            visit.page.evaluate("slug => { location.hash = slug; }", slug)
            line = visit.page.locator(f'details.sl-matter:has(> [id="{slug}"])')
            visit.page.wait_for_function("slug => document.getElementById(slug).closest('details').open", arg=slug)
            top, bar = line.evaluate(
                "fold => [fold.getBoundingClientRect().top,"
                " document.querySelector('.bd-header-article').getBoundingClientRect().bottom]"
            )
            assert bar - 1 <= top < 700, slug


#: Findings that readers ask for, by what the first page says of each.
NAMED = ("t3-dcr", "t5-afp", "tace-haic-pfs", "discussion-hfsr-ge3", "child-pugh-os")


@pytest.mark.parametrize(
    ("slug", "width"), mostly((NAMED[0], 400), (NAMED[1], 1280), *((name, 400) for name in NAMED[2:]))
)
def test_from_the_first_page_to_the_arithmetic_is_one_click(browser, slug, width):
    with Visit(browser, "index.html", "light", width) as visit:
        visit.page.locator(f'article a[href$="#{slug}"]').first.click()
        visit.page.wait_for_url(f"**/{MATTERS.rpartition('/')[2]}#{slug}")
        line = visit.page.locator(f'details.sl-matter:has(> [id="{slug}"])')
        visit.page.wait_for_function("slug => document.getElementById(slug)?.closest('details').open", arg=slug)
        wait_in_sight(visit, slug)
        assert 0 <= line.evaluate("fold => fold.getBoundingClientRect().top") < 700
        assert line.locator(".sl-why > p").first.is_visible()


@pytest.mark.parametrize("scheme", mostly("dark", "light"))
def test_a_search_for_a_number_is_answered_as_one_types(browser, scheme):
    """What readers sought in vain: three numbers that the paper prints."""
    with Visit(browser, MATTERS, scheme) as visit:
        page = visit.page
        page.keyboard.press("Control+k")
        field, found = page.locator("input[name=q]:visible").first, page.locator("#pst-search-dialog .sl-found")
        for query, printed in (("0.479", "0.479"), ("3.27", "3.270"), ("13.1 %", "13.1"), ("<0.001", "<0.001")):
            field.fill(query)
            found.locator("strong", has_text=printed).first.wait_for()
        field.fill("0.4790001")
        found.get_by_text("not printed in the paper").wait_for()
        field.fill("hazard 3.27")
        page.wait_for_function("document.querySelector('#pst-search-dialog .sl-found').childElementCount === 0")
        field.fill("0.479")
        link = found.locator("a").first
        link.wait_for()
        assert visit.violations() == []
        anchor = link.get_attribute("href").partition("#")[2]
        page.keyboard.press("Tab")
        assert found.evaluate("box => box.contains(document.activeElement)")
        page.keyboard.press("Enter")
        page.wait_for_url("**/82-numbers.html#*")
        wait_in_sight(visit, anchor)
        assert visit.errors() == []
        assert visit.requests_elsewhere() == []


@pytest.mark.parametrize("over_http", mostly(False, True), ids=["disk", "http"])
def test_the_search_page_answers_a_number_from_the_registry(browser, server, over_http):
    with Visit(browser, "404.html", "light", 400, server if over_http else "") as visit:
        visit.page.goto(f"{visit.address('search.html')}?q=13.1")
        visit.page.locator(".sl-found li a", has_text="hand-foot").first.click()
        visit.page.wait_for_url("**/82-numbers.html#*")


def test_the_paper_as_it_would_read_prints_on_two_pages(browser):
    with Visit(browser, "notebooks/16-as-it-would-read.html", "dark", 680) as visit:
        pdf = PdfReader(io.BytesIO(visit.page.pdf(prefer_css_page_size=True)))
        text = re.sub(r"\s+", "", " ".join(sheet.extract_text() for sheet in pdf.pages))
        assert len(pdf.pages) == 2
        for name in (*(f"Table{number}." for number in range(1, 7)), "Everychange"):
            assert name in text
        visit.page.emulate_media(media="print")
        cut = visit.page.eval_on_selector_all(
            ".sl-as-read .sl-scroll", "all => all.filter(box => box.scrollWidth > box.clientWidth + 1).length"
        )
        assert cut == 0


@pytest.mark.parametrize("width", mostly(*WIDTHS[::-1]))
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
        target = parsed(name).css_first("details tr[id], details [id]").id
        with Visit(browser, f"{name}#{target}", "light") as visit:
            visit.page.locator(f'details[open]:has([id="{target}"])').first.wait_for()


# --- links, downloads, search ------------------------------------------------------------------------------------------


def test_the_first_and_the_last_cell_of_the_map_lead_to_their_rows(browser):
    with Visit(browser, "index.html", "light") as visit:
        for cell in (visit.page.locator(".sl-map a").first, visit.page.locator(".sl-map a").last):
            anchor = cell.get_attribute("href").partition("#")[2]
            cell.click()
            visit.page.wait_for_url(f"**/*#{anchor}")
            wait_in_sight(visit, anchor)
            visit.page.go_back()


@pytest.mark.parametrize(
    ("name", "file"),
    mostly(
        ("notebooks/80-ledger.html", "ledger.csv"),
        ("notebooks/80-ledger.html", "ledger.json"),
        ("notebooks/12-suggested-corrections.html", "corrections.csv"),
        ("book/teachers-guide.html", "synthetic.csv"),
        ("index.html", "findings.pdf"),
    ),
)
def test_downloads_are_the_files_that_they_are_called(browser, server, name, file):
    with Visit(browser, name, "light", server=server) as visit:
        with visit.page.expect_download() as waiting:
            visit.page.locator(f'article a.download[href$="/{file}"]').first.click()
        content = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename == file
    if file.endswith(".csv"):
        assert len(list(csv.DictReader(io.StringIO(content.decode())))) >= 20
    elif file.endswith(".json"):
        assert len(json.loads(content)) > 500
    else:
        assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_the_notebook_that_is_downloaded_has_outputs(browser, server):
    with Visit(browser, "notebooks/28-patients.html", "light", server=server) as visit:
        address = visit.page.locator(".btn-download-source-button").first.evaluate("link => link.href")
        notebook = visit.context.request.get(address).json()
    assert any(cell.get("outputs") for cell in notebook["cells"])


def test_solutions_are_closed_and_open(browser):
    for name in pages_with("div.solution.dropdown")[:2]:
        with Visit(browser, name, "light", 400) as visit:
            solution = visit.page.locator("div.solution.dropdown").first
            body = solution.locator(".section, section, p, div").last
            assert not body.is_visible()
            solution.locator("button").first.focus()
            visit.page.keyboard.press("Enter")
            body.wait_for(state="visible")


@pytest.mark.parametrize("over_http", mostly(True, False), ids=["http", "disk"])
def test_the_search_field_finds_a_page_and_its_result_leads_there(browser, server, over_http):
    with Visit(browser, "notebooks/28-patients.html", "light", server=server if over_http else "") as visit:
        page = visit.page
        page.keyboard.press("Control+k")
        page.locator("input[name=q]:visible").first.fill("cirrhosis")
        page.keyboard.press("Enter")
        page.locator("#search-results li a").first.wait_for(timeout=20_000)
        titles = page.locator("#search-results li a").all_inner_texts()
        assert any("Prognostic factors" in title for title in titles)
        page.locator("#search-results li a", has_text="Prognostic factors").first.click()
        page.wait_for_url("**/36-prognostic-factors.html*")
        assert visit.errors() == []
        assert visit.requests_elsewhere() == []


def test_an_address_that_is_not_there_leads_back_from_any_depth(browser, server):
    """Over HTTP the server answers with 404.html; from disk it is a page like others."""
    for name in ("nothing.html", "a/b/c/nothing.html", "404.html"):
        with Visit(browser, name, "dark", 400, server) as visit:
            for link in visit.page.locator("main a").all():
                assert visit.context.request.get(link.evaluate("a => a.href")).ok
            visit.page.locator("input[name=q]").fill("hazard")
            visit.page.keyboard.press("Enter")
            visit.page.locator("#search-results li a").first.wait_for(timeout=20_000)
    with Visit(browser, "404.html", "light") as visit:
        visit.page.locator("main a").first.click()
        visit.page.wait_for_url("**/index.html")


# --- keyboard, schemes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", mostly(*WIDTHS[::-1]))
def test_the_first_tab_skips_to_the_text(browser, width):
    with Visit(browser, "notebooks/28-patients.html", "light", width) as visit:
        page = visit.page
        page.keyboard.press("Tab")
        skip = page.locator("#pst-skip-link a")
        assert skip.evaluate("link => link === document.activeElement")
        page.wait_for_function("document.activeElement.getBoundingClientRect().y >= 0")  # it slides in
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#main-content') !== null")


def test_the_sidebars_open_and_close_by_the_keyboard_on_a_narrow_screen(browser):
    with Visit(browser, "notebooks/28-patients.html", "light", 400) as visit:
        page = visit.page
        for toggle, inside in ((".primary-toggle", ".bd-links a"), (".secondary-toggle", ".page-toc a")):
            button = page.locator(f"{toggle}:visible").first
            button.focus()
            page.keyboard.press("Enter")
            page.locator(f"{inside}:visible").first.wait_for()
            page.keyboard.press("Escape")
            page.wait_for_function(
                "sel => ![...document.querySelectorAll(sel)].some(a => a.checkVisibility({visibilityProperty: true})"
                " && a.getBoundingClientRect().left < innerWidth && a.getBoundingClientRect().right > 0)",
                arg=inside,
            )


@pytest.mark.parametrize("scheme", mostly("dark", "light"))
def test_what_has_the_focus_shows_it(browser, scheme):
    """Each stop of the tab key in the text has an outline or a shadow that it has not otherwise."""
    with Visit(browser, "notebooks/28-patients.html", scheme) as visit:
        page = visit.page
        page.locator("article a").first.focus()
        for _ in range(12):
            page.keyboard.press("Tab")
            shown = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'; }"
            )
            assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_the_scheme_that_is_chosen_stays(browser, server):
    with Visit(browser, "index.html", "light", server=server) as visit:
        page = visit.page
        for _ in range(3):
            page.locator(".theme-switch-button:visible").first.click()
            if page.evaluate("document.documentElement.dataset.mode") == "dark":
                break
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        visit.go("notebooks/28-patients.html")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


# --- previews -------------------------------------------------------------------------------------------------------------

TERM = "notebooks/28-patients.html"


@pytest.mark.parametrize(("scheme", "width"), list(zip(SCHEMES, WIDTHS, strict=True)))
def test_a_preview_comes_with_focus_and_goes_with_escape(browser, scheme, width):
    with Visit(browser, TERM, scheme, width) as visit:
        page = visit.page
        box, link = page.locator("#sl-preview"), page.locator("a.sl-term").first
        assert not box.is_visible()
        link.scroll_into_view_if_needed()
        page.keyboard.press("Tab")  # so that the focus that follows counts as the keyboard's
        link.focus()
        box.wait_for(state="visible")
        assert link.get_attribute("aria-describedby") == "sl-preview"
        assert len(box.inner_text()) > 20
        frame = box.bounding_box()
        assert frame["x"] >= 0
        assert frame["x"] + frame["width"] <= width
        assert visit.scroll() <= 0
        assert visit.violations() == []
        page.keyboard.press("Escape")
        assert not box.is_visible()
        assert link.get_attribute("aria-describedby") is None


def test_a_preview_comes_and_goes_with_the_mouse_and_can_be_entered(browser):
    with Visit(browser, TERM, "light") as visit:
        page = visit.page
        box = page.locator("#sl-preview")
        for link in (page.locator("a.sl-term").first, page.locator('a[href*="references.html#"]').first):
            link.hover()
            box.wait_for(state="visible")
            assert link.get_attribute("title") is None
            box.hover()
            page.wait_for_timeout(400)
            assert box.is_visible(), "the preview stays while the mouse is on it"
            page.mouse.move(2, 2)
            box.wait_for(state="hidden")
        assert visit.errors() == []
        assert visit.requests_elsewhere() == []


def test_a_finger_follows_the_link_as_ever(browser):
    with Visit(browser, TERM, "light", 400, has_touch=True, is_mobile=True) as visit:
        link = visit.page.locator("a.sl-term").first
        link.tap()
        visit.page.wait_for_url("**/glossary.html#term-*")


# --- print -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["notebooks/36-prognostic-factors.html", pytest.param("notebooks/82-numbers.html", marks=pytest.mark.weekly)],
)  # the second has a long table, on many sheets
def test_print_has_the_text_alone_with_folds_open_and_tables_within_the_page(browser, name):
    with Visit(browser, name, "dark", 680) as visit:  # about the width of A4 between its margins
        page = visit.page
        pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        text = re.sub(r"\s+", "", " ".join(sheet.extract_text() for sheet in pdf.pages))
        folded = page.locator("details.sl-fold tbody tr").all_inner_texts()[-1:]
        for row in folded:
            assert re.sub(r"\s+", "", row.split("\n")[0])[:20] in text
        assert page.locator("details.sl-fold[open]").count() == 0, "folds are closed again"
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.emulate_media(media="print")
        for gone in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article", ".sl-tools", ".bd-footer"):
            assert not [part for part in page.locator(gone).all() if part.is_visible()], gone
        page.evaluate("document.querySelectorAll('details.sl-fold').forEach(fold => fold.open = true)")
        wide = page.evaluate(
            "[...document.querySelectorAll('article table')].filter(t => t.checkVisibility()"
            " && t.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(t => t.outerHTML.slice(0, 150))"
        )
        assert wide == []


def test_answers_and_solutions_are_open_in_print_and_closed_again(browser):
    """Also where no script opens them: then the style sheet for paper does."""
    with Visit(browser, "notebooks/44-two-programs.html", "light", 680) as visit:
        page = visit.page
        page.locator(".admonition.dropdown.toggle-hidden button").first.wait_for()
        bodies = page.locator(".admonition.dropdown > :not(.admonition-title, button)")
        total, seen = (
            page.locator(".admonition.dropdown").count(),
            "all => all.map(e => e.checkVisibility({visibilityProperty: true}))",
        )
        assert total >= 4
        assert not any(bodies.evaluate_all(seen))
        pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        text = normalize("NFKC", " ".join(sheet.extract_text() for sheet in pdf.pages))  # ligatures taken apart
        words = page.eval_on_selector_all(
            ".admonition.dropdown > p:not(.admonition-title, :has(.math))", "all => all.map(p => p.textContent)"
        )
        for beginning in (re.sub(r"\s+", "", paragraph)[:40] for paragraph in words):
            assert beginning in re.sub(r"\s+", "", text)
        assert page.locator(".admonition.dropdown.toggle-hidden").count() == total, "they are closed again"
        page.emulate_media(media="print")
        assert all(bodies.evaluate_all(seen))


# --- code ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", mostly(*WIDTHS[::-1]))
def test_no_line_of_code_or_output_is_hidden_and_copies_have_the_lines_of_the_source(browser, server, width):
    with Visit(
        browser, "notebooks/70-read-a-paper.html", "light", width, server, permissions=["clipboard-read"]
    ) as visit:
        page = visit.page
        page.evaluate("document.querySelectorAll('.toggle-hidden button').forEach(button => button.click())")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        hidden = page.eval_on_selector_all(
            "article pre",
            "all => all.filter(p => p.scrollWidth > p.clientWidth + 1).map(p => p.textContent.slice(0, 80))",
        )
        assert hidden == []
        source = page.locator(".cell_input:has(.sl-line)").first
        source.hover()
        source.locator("button.copybtn").click(force=True)
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == source.locator("pre").text_content().removesuffix("\n")
