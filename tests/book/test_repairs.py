"""Repairs of finished pages by the local Sphinx extensions: each fires on what it is for and leaves alone what is right.

Authority: axe's rules, and this book's own (tables scroll in containers of their own, numbers stand on the right).
"""

from __future__ import annotations

import importlib.util
import sys

import pytest
from tiny_book import REAL


@pytest.fixture(scope="module")
def extension():
    """The local Sphinx extension, which is no part of the package."""
    sys.path.insert(0, str(REAL.book / "_ext"))
    spec = importlib.util.spec_from_file_location("secondlook_pages", REAL.book / "_ext" / "secondlook_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<button aria-label="Search"><b>Search</b></button>', "<button><b>Search</b></button>"),
        ('<button title="Menu"></button>', '<button aria-label="Menu" title="Menu"></button>'),
        (
            '<table><thead><tr><th scope="col"></th></tr></thead></table>',
            "<table><thead><tr><td></td></tr></thead></table>",
        ),
        (
            "<table><tbody><tr><th>a</th></tr></tbody></table>",
            '<table><tbody><tr><th scope="row">a</th></tr></tbody></table>',
        ),
        ('<div class="citation" role="doc-biblioentry">1</div>', '<div class="citation">1</div>'),
        ('<script src="_static/sphinx-thebe.js"></script>', ""),
        (
            '<pre>x <span class="p">}</span>  <span class="c1"># fmt: skip</span></pre>',
            '<pre>x <span class="p">}</span></pre>',
        ),
        (
            '<div class="solution"><p class="admonition-title">Solution to<a href="#x"> Exercise 1</a></p></div>',
            '<div class="solution"><p class="admonition-title">Solution to <a href="#x">Exercise 1</a></p></div>',
        ),
        (
            "<article><b>12.5</b> % and 3 % of it</article>",
            "<article><b>12.5</b>\N{NO-BREAK SPACE}% and 3\N{NO-BREAK SPACE}% of it</article>",
        ),
        ('<span class="sl-issue" data-query="title=x" hidden>answer</span>', ""),
        (
            '<a class="btn btn-source-issues-button" href="https://e.org/o/n/issues/new?title=page">i</a>'
            '<span class="sl-issue" data-query="title=x&amp;body=y" hidden>answer</span>',
            '<a class="btn btn-source-issues-button" href="https://e.org/o/n/issues/new?title=page">i</a>'
            '<a class="sl-issue" href="https://e.org/o/n/issues/new?title=x&amp;body=y">answer</a>',
        ),
        ("<article>Table 4 (%)</article>", "<article>Table\N{NO-BREAK SPACE}4 (%)</article>"),
        ("<article><pre>a = 5 % 3</pre></article>", "<article><pre>a = 5 % 3</pre></article>"),
        (
            "<article><code>short.name</code> <code>abstract.accrual.start</code></article>",
            "<article><code>short.name</code> <code>abstract.<wbr>accrual.<wbr>start</code></article>",
        ),
    ],
    ids=[
        "named twice",
        "named by title",
        "empty head",
        "scope",
        "citation",
        "thebe",
        "told the formatter",
        "solution",
        "per cent",
        "no issue page",
        "issue",
        "table",
        "code",
        "name",
    ],
)
def test_a_repair_fires(extension, before, after):
    assert extension.repair(before) == after


@pytest.mark.parametrize(
    "page",
    ['<button aria-label="Search"></button>', "<p>a &lt; b &amp; c</p>", "<pre>  two\n   lines</pre>", "<br>"],
)
def test_a_repair_leaves_alone_what_is_right(extension, page):
    assert extension.repair(page) == page


@pytest.mark.parametrize(
    ("cells", "numeric"),
    [
        (["1", "22"], True),
        (["0.05", "<0.001"], True),
        (["41 (60.3)", "27 (39.7%)"], True),
        (["1.62 (0.95–2.77)", "–"], True),
        (["−0.5", "NR"], True),
        (["5.3 months", "1"], False),
        (["A", "B"], False),
        (["–", ""], False),
    ],
)
def test_columns_of_numbers_are_known(extension, cells, numeric):
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
    page = extension.repair(f"<table><thead><tr><th>x</th></tr></thead><tbody>{rows}</tbody></table>")
    assert ("sl-num" in page) is numeric


def test_numbers_beside_joined_names_of_rows_are_on_the_right(extension):
    page = extension.repair(
        "<table><thead><tr><th>a</th><th>b</th><th>x</th></tr></thead><tbody>"
        '<tr><th rowspan="2">one</th><th>p</th><td>0.88</td></tr><tr><th>q</th><td>0.64</td></tr></tbody></table>'
    )
    numbers = [cell.get_text() for cell in extension.BeautifulSoup(page, "html.parser").select(".sl-num")]
    assert numbers == ["x", "0.88", "0.64"]


def test_a_figure_has_its_size_and_a_container_that_scrolls(extension, tmp_path):
    (tmp_path / "a.svg").write_text('<svg width="72pt" height="36.3pt" viewBox="0 0 72 36">', encoding="utf-8")
    page = extension.BeautifulSoup(
        '<article><div class="cell_output"><img alt="A line" src="a.svg"></div></article>', "html.parser"
    )
    for _ in range(2):
        extension.frame_figures(page, tmp_path)
    [frame] = page.select(".sl-scroll")
    assert (frame["aria-label"], frame["style"]) == ("Figure: A line", "--sl-width: 96px")
    assert (frame.img["width"], frame.img["height"]) == ("96", "48")


def test_a_long_line_of_code_is_a_block_and_the_text_stays_the_same(extension):
    long = '    <span class="n">name</span> <span class="o">=</span> "a line that is too long for a narrow view"\n'
    page = f'<article><div class="highlight"><pre><span></span>short\n\n{long}short\n</pre></div></article>'
    mended = extension.repair(page)
    assert mended == page.replace(long, f'<span class="sl-line" style="--sl-in: 4">{long}</span>')
    assert extension.repair(mended) == mended


def test_code_in_which_a_tag_goes_over_lines_is_left_alone(extension):
    page = f'<article><div class="highlight"><pre><span>one\n{"two " * 20}</span></pre></div></article>'
    assert extension.repair(page) == page


def test_a_figure_is_lighter_and_no_coordinate_moves_by_more_than_a_hundredth(extension):
    weights = sys.modules["secondlook_weights"]
    svg = '<metadata>\nx\n</metadata>\n<path d="M 1.23456 0.0123456 \nL -2.5 300.000001\n"/>\n  <!-- 0.25 -->\n <g/>\n'
    light = weights.lighter(svg)
    assert light == '<path d="M 1.23 0.01235 L -2.5 300 "/><g/>'
    assert weights.lighter(light) == light


def test_weights_count_a_pages_own_pictures_and_what_all_share_once(extension, tmp_path):
    (tmp_path / "a.svg").write_bytes(b"x" * 5000)
    (tmp_path / "s.css").write_bytes(b"x" * 7000)
    head = '<link rel="stylesheet" href="s.css?v=1">'
    (tmp_path / "a.html").write_text(f'{head}<p class="sl-weights">-</p><img alt="" src="a.svg">', encoding="utf-8")
    (tmp_path / "b.html").write_text(head, encoding="utf-8")
    pages = {name: extension.Found(name, {"": {"title": name[0].upper()}}) for name in ("a.html", "b.html")}
    extension.fill(tmp_path, pages)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "The 2 pages weigh 3 kB in the middle; the heaviest are A (5 kB), B (0 kB)" in text
    assert "loaded once, weighs 7 kB" in text


def test_tables_scroll_in_containers_with_different_names(extension):
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    page = extension.repair(f"<article><h2>Arms<a>#</a></h2>{table}{table}</article>")
    assert 'aria-label="Table: Arms"' in page
    assert 'aria-label="Table: Arms, 2"' in page
    assert extension.repair(page) == page


def test_a_page_that_was_repaired_is_kept_by_content(extension, tmp_path, monkeypatch):
    monkeypatch.setenv("BOOKPRESS_STORE", str(tmp_path / "store"))
    page, asked, real = tmp_path / "page.html", [], extension.repaired
    monkeypatch.setattr(extension, "repaired", lambda path, *rest: asked.append(path.read_text()) or real(path, *rest))
    for text, known in [("<th></th>", {}), ("<th></th>", {}), ("<th>a</th>", {}), ("<th>a</th>", {"term": "id"})]:
        page.write_text(text, encoding="utf-8")
        expected = real(page, "page.html", known)
        found = extension.repair_file(page, "page.html", known)
        assert (page.read_text(encoding="utf-8"), found) == expected
    assert asked == ["<th></th>", "<th>a</th>", "<th>a</th>"]
