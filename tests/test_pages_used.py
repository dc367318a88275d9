"""What a reader does with the built book, done in a browser: tables, downloads, the map, search, previews, print.

Authorities: WCAG 2.2 for the keyboard (2.1.1, 2.4.1, 2.4.7) and for what comes on hover or focus (1.4.13).
"""

from __future__ import annotations

import pytest
from reader import HTML, WIDTHS, Visit, pages_with, soup

pytestmark = pytest.mark.pages


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
