"""Questions and sliders in a browser: all of the book's answers and mistakes, and each slider's ends, against its data.

Authority: what the chapters computed, which stands in their pages; WCAG 2.2 for the keyboard (2.1.1).
"""

from __future__ import annotations

import json
import math
import random
import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from reader import CONTENT, HTML, Visit

from secondlook.numbers.printed import show

pytestmark = pytest.mark.pages
STATIC = ROOT / "book" / "_static"
JUDGE = """trials => trials.map(([at, answer]) => {
  const item = document.querySelectorAll('.sl-practice ol > li')[at];
  const box = item.querySelector('input[type=text]');
  if (box) box.value = answer; else item.querySelectorAll('input')[answer].checked = true;
  item.querySelector('button').click();
  return [item.dataset.judged, item.querySelector('[role=status]').textContent];
})"""


#: Questions and sliders as they stand in a page; to parse all pages for them would take long.
QUESTIONS = re.compile(r'<div [^>]*class="sl-practice".*?</ol></div>', re.DOTALL)
SLIDERS = re.compile(r'<div [^>]*class="sl-moves".*?</table></div></div></div>', re.DOTALL)


def texts(pattern: re.Pattern) -> dict[str, list[str]]:
    """Return the parts of the book's pages that a pattern finds, by page."""
    found = {name: pattern.findall((HTML / name).read_text(encoding="utf-8")) for name in CONTENT}
    assert any(found.values()), f"no page has {pattern.pattern}"
    return {name: parts for name, parts in found.items() if parts}


def alone(browser, tmp_path, pattern: re.Pattern, script: str):
    """Open one page with such parts of all pages of the book, and their script; return it and the parts, parsed."""
    parts = "".join(part for found in texts(pattern).values() for part in found)
    file = tmp_path / "all.html"
    scripts = f"<script>{(STATIC / script).read_text(encoding='utf-8')}</script>"
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8>{parts}{scripts}", encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    return page, BeautifulSoup(parts, "html.parser")


def trials(at: int, asked: dict) -> list[tuple]:
    """Return answers to a question, each with the verdict and what must be said."""
    if "reasons" in asked:
        return [(at, i, "right" if i == asked["right"] else "wrong", why) for i, why in enumerate(asked["reasons"])]
    places = asked["places"]
    rounded = [show((low + high) / 2, places) for low, high in asked["right"]]
    wrong = [(at, show((low + high) / 2, places), "wrong", said) for low, high, said in asked["mistakes"]]
    right = [(at, text, "right", asked["said"]) for text in (*rounded, show(asked["exact"], places + 3))]
    comma = (at, rounded[0].replace(".", ","), "right", asked["said"])
    return [*right, *wrong, comma, (at, "many", "open", "Type a number, such as 0.05.")]


def test_every_answer_is_accepted_and_every_mistake_is_told(browser, tmp_path):
    page, found = alone(browser, tmp_path, QUESTIONS, "practice.js")
    items = found.select("[data-ask]")
    asked = [trial for at, item in enumerate(items) for trial in trials(at, json.loads(item["data-ask"]))]
    said = page.evaluate(JUDGE, [trial[:2] for trial in asked])
    page.close()
    mark = {"right": "✓ Right. ", "wrong": "✗ Not so. ", "open": ""}
    wrong = [
        (items[at].p.get_text(), answer, got)
        for (at, answer, verdict, words), got in zip(asked, said, strict=True)
        if got != [verdict, mark[verdict] + words]
    ]
    assert wrong == []
    assert sum(verdict == "wrong" and isinstance(answer, str) for _, answer, verdict, _ in asked) > len(items) / 2


def test_sliders_show_what_python_computed(browser, tmp_path):
    page, found = alone(browser, tmp_path, SLIDERS, "sliders.js")
    rng = random.Random(4)
    for number, box in enumerate(found.select("[data-moves]")):
        data = json.loads(box["data-moves"])
        sizes = [len(slider["values"]) for slider in data["sliders"]]
        for hands in ([0] * len(sizes), [size - 1 for size in sizes], [rng.randrange(size) for size in sizes]):
            place = sum(hand * math.prod(sizes[i + 1 :]) for i, hand in enumerate(hands))
            shown, names, paths = page.evaluate(
                """([number, hands]) => {
                  const box = document.querySelectorAll('.sl-moves')[number];
                  box.querySelectorAll('input').forEach((range, i) => {
                    range.value = hands[i];
                    range.dispatchEvent(new Event('input'));
                  });
                  const texts = selector => [...box.querySelectorAll(selector)].map(e => e.textContent);
                  return [texts('.sl-told-now dd'), texts('.sl-hands output'),
                          [...box.querySelectorAll('.sl-moved')].map(path => path.getAttribute('d'))];
                }""",
                [number, hands],
            )
            assert shown == [texts[at[place]] for texts, at in data["told"].values()]
            assert names == [s["values"][hand] for s, hand in zip(data["sliders"], hands, strict=True)]
            for path, (heights, at) in zip(paths, data.get("lines", {}).values(), strict=True):
                drawn = [float(point.split(",")[1]) for point in path[1:].split("L")]
                assert drawn == [int(y) / 10 for y in heights[at[place]].split()]
    page.close()


def test_a_question_and_a_slider_are_used_by_keyboard_and_nothing_is_kept(browser):
    name = min(texts(SLIDERS))
    questions = BeautifulSoup("".join(texts(QUESTIONS)[name]), "html.parser")
    asked = json.loads(questions.select_one('[data-ask*="places"]')["data-ask"])
    with Visit(browser, name, "dark", 400) as visit:
        page = visit.page
        item = page.locator(".sl-practice ol > li", has=page.locator("input[type=text]")).first
        item.locator("input").focus()
        page.keyboard.type(show(asked["exact"], asked["places"]))
        page.keyboard.press("Enter")
        assert item.get_by_role("status").inner_text().startswith("✓ Right.")
        hand = page.locator(".sl-hands input").first
        now = page.locator(".sl-hands output").first
        before = now.inner_text()
        hand.focus()
        page.keyboard.press("ArrowRight")
        assert now.inner_text() != before
        assert hand.get_attribute("aria-valuetext") == now.inner_text()
        assert visit.scroll() <= 0
        assert visit.violations() == []
        assert visit.requests_elsewhere() == []
        assert visit.errors() == []
        kept = page.evaluate("[document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
        assert {key for key in kept if key} <= {"mode", "theme"}  # the theme's own
