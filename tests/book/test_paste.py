"""*Paste your own*: its arithmetic in the browser against the package's in Python, and the page as a reader uses it.

The authority is the package (secondlook.numbers.printed, wald, repairs, contingency), which has tests of its own. Rows are seeded.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from reader import HTML, Visit, needed

from secondlook.checks import association
from secondlook.numbers.printed import Interval, parse, show
from secondlook.stats import contingency, readings_table, repairs, wald

ARITHMETIC = Path(__file__).resolve().parents[2] / "book" / "_static" / "paste.js"
SEED = 20261127

pytestmark = pytest.mark.pages


@pytest.fixture(scope="module")
def page(browser) -> Iterator:
    """An empty page that has only the arithmetic."""
    context = browser.new_context()
    empty = context.new_page()
    empty.add_script_tag(content=ARITHMETIC.read_text(encoding="utf-8"))
    yield empty
    context.close()


# --- rows -------------------------------------------------------------------------------------------------------------


def true_row(rng: random.Random, places: int) -> tuple[str, str, str, str]:
    """Return a row of the Wald model, rounded; a small p now and then as a bound."""
    b, s = rng.gauss(0, 0.6), rng.uniform(0.08, 0.9)
    z = rng.choice(wald.z_of_level())
    p = math.erfc(abs(b) / s / math.sqrt(2))
    bound = rng.choice(("0.001", "0.01", "0.05", ""))
    text = f"<{bound}" if bound and p < float(bound) else show(p, rng.choice((2, 3, places)))
    return (*(show(math.exp(x), places) for x in (b, b - z * s, b + z * s)), text)


def spoilt(rng: random.Random, row: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row with one or two slips, or with unrelated numbers."""
    texts = list(row)
    for _ in range(rng.choice((1, 1, 2))):
        i = rng.randrange(4)
        kind = rng.random()
        near = sorted(repairs.slips(texts[i]))
        if kind < 0.55 and near:
            texts[i] = rng.choice(near)
        elif kind < 0.8:
            j = rng.randrange(4)
            texts[i], texts[j] = texts[j], texts[i]
        else:
            texts[i] = show(rng.uniform(0, 1 if i == 3 else 4), rng.choice((1, 2, 3)))
    return tuple(texts)


def inverted(rng: random.Random) -> tuple[str, ...]:
    """Return a row whose ratio, or whose limits, are those of the inverse; rounding may have lost most of it."""
    b, s, places = rng.uniform(0.5, 3.5), rng.uniform(0.1, 0.9), rng.choice((1, 2, 3))
    p = show(math.erfc(b / s / math.sqrt(2)), 3)
    sides = (-b, b - 1.96 * s, b + 1.96 * s) if rng.random() < 0.5 else (b, -b - 1.96 * s, -b + 1.96 * s)
    return (*(show(math.exp(x), places) for x in sides), p)


def rows_of(seed: int, n: int, kind: str) -> list[tuple[str, ...]]:
    """Return seeded rows: true, spoilt, inverted, swapped (limits), with a number missing, or odd (bounds, zeros, …)."""
    rng = random.Random(f"{seed} {kind}")
    made = []
    for _ in range(n):
        row = true_row(rng, rng.choice((1, 2, 2, 3, 3)))
        if kind == "spoilt":
            row = spoilt(rng, row)
        elif kind == "inverted":
            row = inverted(rng)
        elif kind == "swapped":
            row = (row[0], row[2], row[1], show(rng.uniform(0, 0.3), 3))
        elif kind == "partial":
            gone = rng.sample(range(4), rng.choice((1, 2)))
            row = tuple("" if i in gone else text for i, text in enumerate(rng.choice((row, spoilt(rng, row)))))
        elif kind == "odd":
            i = rng.randrange(4)
            odd = ("0", "0.0", "0.00", "1", "1.000", ">0.05", "<0.001", "≤0.05", "1.2", "-0.3", "999999", ".5", "<1")
            row = (*row[:i], rng.choice(odd), *row[i + 1 :])
        made.append(row)
    return made


def ends(interval: Interval) -> list[float]:
    """Return an interval's ends as JSON can hold them."""
    return [max(-1e308, min(1e308, float(end))) for end in (interval.low, interval.high)]


def python_row(texts: tuple[str, ...]) -> dict:
    """Return what the package says of a row."""
    line = wald.as_line(*texts)
    box = wald.box(line)
    implied = wald.implied_p(line)
    quantities = ("b", "s", "hr", "lower", "upper", "p")
    return {
        "empty": box.is_empty,
        "ordered": wald.is_ordered(line),
        "against": bool(readings_table.interval_against_p(line)),
        "alone": list(repairs.alone(texts)),
        "implied": ends(implied) if implied else None,
        "ranges": None if box.is_empty else [ends(getattr(box, name)) for name in quantities],
    }


JS_ROW = """rows => rows.map(texts => {
  const S = SecondLook, line = S.asLine(texts), box = S.box(line), free = S.box(S.without(line, 'p'));
  const finite = ends => ends.map(x => Math.max(-1e308, Math.min(1e308, x)));
  const {b, s, hr, lower, upper, p} = box.isEmpty ? {} : S.ranges(box);
  return {empty: box.isEmpty, ordered: S.isOrdered(line), against: S.intervalAgainstP(line), alone: S.alone(texts),
          implied: free.isEmpty ? null : finite(S.ranges(free).p),
          ranges: box.isEmpty ? null : [b, s, hr, lower, upper, p].map(finite)};
})"""


def alike(ours: object, theirs: object) -> bool:
    """Compare two results: numbers to a relative 1e-8 (rounding is amplified where thin strips cross), the rest exactly."""
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    if isinstance(ours, float | int) and not isinstance(ours, bool) and isinstance(theirs, float | int):
        return math.isclose(ours, theirs, rel_tol=1e-8, abs_tol=1e-10)
    return ours == theirs


@pytest.mark.parametrize("kind", ["true", "spoilt", "partial", "odd", "swapped"])
def test_rows_are_judged_as_in_python(page, kind):
    rows = rows_of(SEED, 2000, kind)
    theirs = page.evaluate(JS_ROW, [list(row) for row in rows])
    differ = []
    for row, found in zip(rows, theirs, strict=True):
        ours = python_row(row)
        differ += [(row, key, ours[key], found[key]) for key in ours if not alike(ours[key], found[key])]
    assert differ[:5] == []
    empty = sum(found["empty"] for found in theirs)
    assert empty == 0 if kind == "true" else 0 < empty <= len(rows) - (kind != "swapped")


JS_REPAIR = """rows => rows.map(([texts, neighbours]) => {
  const found = SecondLook.search(SecondLook.asLine(texts), neighbours.map(SecondLook.asLine));
  return [found.outcome, found.cost, found.candidates.map(c => [c.texts, c.kinds]), SecondLook.repairedCells(found),
          SecondLook.chance(found)];
})"""


def test_repairs_are_those_of_python(page):
    kinds = {"spoilt": 700, "partial": 200, "odd": 100, "inverted": 200}
    rows = [row for kind, n in kinds.items() for row in rows_of(SEED + 1, n, kind)]
    impossible = [row for row in rows if wald.box(wald.as_line(*row)).is_empty]
    beside = rows_of(SEED + 2, len(impossible), "true")
    asked = [
        (row, [other] if i % 3 == 0 else []) for i, (row, other) in enumerate(zip(impossible, beside, strict=True))
    ]
    theirs = page.evaluate(JS_REPAIR, [[list(row), [list(o) for o in others]] for row, others in asked])
    seen = set()
    for (row, others), (outcome, cost, candidates, cells, chance) in zip(asked, theirs, strict=True):
        ours = repairs.search(wald.as_line(*row), [wald.as_line(*other) for other in others])
        assert (outcome, cost) == (ours.outcome, ours.cost), row
        assert [(tuple(t), tuple(k)) for t, k in candidates] == [(c.texts, c.kinds) for c in ours.candidates], row
        assert tuple(cells) == ours.cells, row
        assert (Fraction(*chance) if chance else None) == repairs.chance(ours), row
        seen.add(outcome)
    assert seen >= {"unique", "several", "none"}
    assert len(asked) > 400


@pytest.mark.parametrize("level", [0.9, 0.99])
def test_other_levels_are_those_of_python(page, level):
    rows = rows_of(SEED + 3, 300, "partial")
    js = "([rows, level]) => rows.map(texts => SecondLook.box(SecondLook.asLine(texts), level).isEmpty)"
    theirs = page.evaluate(js, [[list(row) for row in rows], level])
    assert theirs == [wald.box(wald.as_line(*row), level).is_empty for row in rows]


def test_chances_are_the_simulated_ones(page):
    stored = json.loads(repairs.CHANCES.read_text(encoding="utf-8"))["chances"]
    table = page.evaluate("SecondLook.ACCIDENTS")
    assert all(entry["rows"] == 1000 for entry in stored)
    assert {(str(e["places"]), str(e["entries"])): e["unique"] for e in stored} == {
        (places, entries): counts for places, row in table.items() for entries, counts in row.items()
    }


# --- printed numbers --------------------------------------------------------------------------------------------------


def test_numbers_are_read_and_shown_exactly(page):
    rng = random.Random(SEED)
    texts = [f"{rng.choice(('', '', '<', '>', '≤'))}{show(rng.uniform(-1, 9), rng.randrange(6))}" for _ in range(1000)]
    js = """texts => texts.map(t => { const n = SecondLook.parse(t), {low, high} = SecondLook.standsFor(n, 'truncated');
      return [String(n.units), n.places, n.bound, SecondLook.toNumber(low), SecondLook.toNumber(high)].map(String); })"""
    for text, (units, places, bound, low, high) in zip(texts, page.evaluate(js, texts), strict=True):
        number = parse(text)
        interval = number.stands_for("truncated")
        assert Fraction(int(units), 10 ** int(places)) == number.value
        assert (int(places), bound) == (number.places, number.bound)
        assert [float(end.replace("Infinity", "inf")) for end in (low, high)] == [
            float(interval.low),
            float(interval.high),
        ]
    halves = [rng.randrange(-4000, 4000) / 8 for _ in range(500)] + [rng.uniform(0, 1e-6) for _ in range(500)]
    for places in (0, 1, 2, 7):
        shown = page.evaluate("([xs, n]) => xs.map(x => SecondLook.show(x, n))", [halves, places])
        assert shown == [show(x, places) for x in halves]


@pytest.mark.parametrize("text", ["", ".", "1.", "1e3", "0,5", "٣", "--1", "1" * 41, "p", "< "])
def test_what_is_no_number_is_refused(page, text):
    said = page.evaluate("t => { try { SecondLook.parse(t); return ''; } catch (e) { return e.message; } }", text)
    assert "is not a printed number" in said


# --- two by two -------------------------------------------------------------------------------------------------------


def tables(n: int) -> list[list[list[int]]]:
    """Return seeded tables of up to some hundreds in a group, small and symmetric ones among them."""
    rng = random.Random(SEED)
    made = []
    for i in range(n):
        size = (4, 12, 40, 300)[i % 4]
        first, second = rng.randint(1, size), rng.randint(1, size)
        second = first if rng.random() < 0.2 else second
        a, c = rng.randint(0, first), rng.randint(0, second)
        made.append([[a, first - a], [c, second - c]])
    return [*made, [[0, 0], [3, 4]], [[0, 5], [0, 7]], [[5, 0], [0, 5]], [[800, 700], [600, 900]]]


JS_TABLE = """all => all.map(([table, p]) => {
  const S = SecondLook, tests = S.allTests(table), number = S.parse(p);
  return {p: Object.entries(tests).map(([key, x]) => [key, S.toNumber(x), x.n ? [`${x.n}`, `${x.d}`] : null]),
          hits: S.reproducing(number, tests)};
})"""


def test_two_by_two_tables_are_tested_as_in_python(page):
    rng = random.Random(SEED)
    asked = []
    for table in tables(2400):
        every = list(contingency.all_tests(contingency.as_counts(table)).values())
        p = show(rng.choice(every), rng.choice((1, 2, 3, 4))) if rng.random() < 0.7 else f"<{rng.choice((0.001, 0.05))}"
        asked.append([table, p])
    for (table, text), found in zip(asked, page.evaluate(JS_TABLE, asked), strict=True):
        ours = contingency.all_tests(contingency.as_counts(table))
        assert [key for key, _, _ in found["p"]] == list(ours), table
        for key, value, exact in found["p"]:
            # near 1 a p is 1 − √(rounding error of the statistic)
            slack = 1e-7 if ours[key] > 0.99 else 1e-300
            assert math.isclose(value, float(ours[key]), rel_tol=1e-9, abs_tol=slack), (table, key)
            if isinstance(ours[key], Fraction):
                assert Fraction(*map(int, exact)) == ours[key], (table, key)
        number = parse(text)
        hits = [key for key, p in ours.items() if number.matches(association._tolerant(p))]
        assert found["hits"] == hits, (table, text)


# --- the page as a reader uses it -------------------------------------------------------------------------------------

PAGE = "book/paste-your-own.html"


@pytest.fixture
def visit(browser) -> Iterator[Visit]:
    """The built page, 400 px wide."""
    if not (HTML / PAGE).is_file():
        needed("no such page in _build/html: make book")
    with Visit(browser, PAGE, "light", 400) as opened:
        yield opened


def type_in(visit: Visit, form: str, **texts: str) -> str:
    """Type into the fields of a form and return what it says."""
    for name, text in texts.items():
        visit.page.locator(f"#{form} [name={name}]").fill(text)
    visit.page.keyboard.press("Enter")
    return visit.page.locator(f"#{form} [role=status]").inner_text()


def test_a_reader_types_a_row_and_sees_whether_it_can_be_true(visit):
    assert "coherent" in type_in(visit, "sl-row", hr="1.37", lower="0.85", upper="2.20", p="p = 0.19")
    assert visit.page.locator("#sl-row svg polygon.box").count() == 1
    assert "inconsistent" in type_in(visit, "sl-row", p="0.39")
    assert visit.page.locator("#sl-row svg polygon.box").count() == 0
    more = visit.page.locator("#sl-row .sl-paste-more").inner_text()
    implied = "–".join(show(end, 2) for end in ends(wald.implied_p(wald.as_line("1.37", "0.85", "2.20"))))
    assert f"imply p {implied}; 0.39 is printed" in more
    assert "Exactly one row is so near" in more or "are possible" in more
    assert "decision" in type_in(visit, "sl-row", p="<.001")
    assert "is not a printed number" in type_in(visit, "sl-row", p="n.s.")
    assert visit.page.locator("#sl-row [name=p]").get_attribute("aria-invalid") == "true"


def test_a_number_may_have_changed_places_with_a_neighbouring_row(visit):
    row, other = ("1.734", "1.102", "2.729", "0.613"), ("1.128", "0.707", "1.800", "0.017")
    found = repairs.search(wald.as_line(*row), [wald.as_line(*other)])
    assert found.outcome == "unique"
    type_in(visit, "sl-row", **dict(zip(wald.CELLS, row, strict=True)), beside=f"{wald.as_line(*other)}")
    more = visit.page.locator("#sl-row .sl-paste-more").inner_text()
    assert "exchanged with the neighbouring row" in more
    assert str(found.line) in more


def test_a_reader_pastes_a_whole_row(visit):
    said = type_in(visit, "sl-row", whole="HR 0.52 (95% CI: 0.31-0.87; P=0·31)")
    fields = [visit.page.locator(f"#sl-row [name={name}]").input_value() for name in wald.CELLS]
    assert fields == ["0.52", "0.31", "0.87", "0.31"]
    assert "decision" in said


# as papers and their readers write rows: whole row → the four fields and the level
WRITTEN = {
    "1.23 (0.9-1.7)": "1.23 0.9 1.7 - 0.95",
    "HR 1,37 (95% CI 0,85–2,20); p = 0,19": "1.37 0.85 2.20 0.19 0.95",
    "HR = 0.52; 95%-KI: 0.31 bis 0.87; p = .008": "0.52 0.31 0.87 .008 0.95",
    "aHR 2.10, 95% CI 1.05 to 4.20, P=.036": "2.10 1.05 4.20 .036 0.95",
    "OR 1.44 [0.98, 2.12] p=0.06": "1.44 0.98 2.12 0.06 0.95",
    "3.270\t1.938 –5.516\t<0.001": "3.270 1.938 5.516 <0.001 0.95",
    "HR 0.5, CI95 0.3-0.8, p≤0.05": "0.5 0.3 0.8 ≤0.05 0.95",
    "hazard ratio, 0.68; 95% confidence interval [CI], 0.50 to 0.92; P=0.01": "0.68 0.50 0.92 0.01 0.95",
    "HR: 0.79 (90% CI 0.65–0.96), p = 0.03": "0.79 0.65 0.96 0.03 0.9",
    "RR 2.0 (1.2\u22123.4) p = n.s.": "2.0 1.2 3.4 - 0.95",
    "p=0.036 HR 2.10 (1.05–4.20)": "2.10 1.05 4.20 0.036 0.95",
    "CI 95%: 0,31 – 0,87; HR 0,52; p-value <,05": "0.52 0.31 0.87 <.05 0.95",
    "HR 1.8 (1.2–2.7), p = 1.2 × 10⁻³": "1.8 1.2 2.7 0.0012 0.95",
    "HR1.37(0.85-2.20)P=0.19": "1.37 0.85 2.20 0.19 0.95",
    "AFP ≥400ng/mL vs <400ng/mL 3.000 1.798 –5.004 <0.001": "3.000 1.798 5.004 <0.001 0.95",
    "Stage (2 vs 0–1) 2.745 1.449–5.200 0.002 2.721 1.372 –5.395 0.004": "2.745 1.449 5.200 0.002 0.95",
    "n = 68, HR 0.5 (0.3-0.83), P for trend = 0.5": "0.5 0.3 0.83 0.5 0.95",
    "HR 0.57 (0.34-0.94; two-sided p = 0.0270)": "0.57 0.34 0.94 0.0270 0.95",
    "HR 0.68 (0.50–NR), p (log-rank) = 0.01": "0.68 0.50 - 0.01 0.95",
    "no numbers here": "- - - - 0.95",
}


def test_rows_are_read_as_papers_write_them(visit):
    names = [*wald.CELLS, "level"]
    for written, fields in WRITTEN.items():
        said = type_in(visit, "sl-row", whole=written)
        found = [visit.page.locator(f"#sl-row [name={name}]").input_value() or "-" for name in names]
        assert " ".join(found) == fields, written
        assert said, written
    more = visit.page.locator("#sl-row .sl-paste-more")
    type_in(visit, "sl-row", whole="Stage (2 vs 0–1) 2.745 1.449–5.200 0.002")
    assert "Left out of what was pasted: 2, 0 and 1" in more.inner_text()
    assert "Type at least one" in type_in(visit, "sl-row", whole="HR 1.2")
    assert "No row of numbers" in type_in(visit, "sl-row", whole="abc")


def test_single_fields_are_read_as_papers_write_them(visit):
    row = {"hr": "0,52", "lower": "31%", "upper": "0·87)", "p": "p-value: 1.2e-2*"}
    assert "coherent These numbers can be true together: 0.52 (0.31–0.87), p 0.012." in type_in(visit, "sl-row", **row)
    more = visit.page.locator("#sl-row .sl-paste-more")
    # limits in the wrong order: said so, and no verdict on what they cover
    assert "inconsistent" in type_in(visit, "sl-row", hr="1.37", lower="2.20", upper="0.85", p="0.19")
    assert "The lower limit is above the upper one." in more.inner_text()
    assert "1.37 (0.85–2.20), p 0.19" in more.inner_text()
    assert "covers" not in more.inner_text()
    assert "coherent" in type_in(visit, "sl-row", lower="0.85", upper="NE")
    assert "not reached" in more.inner_text()
    assert "no p: a probability" in type_in(visit, "sl-row", p="1.9")
    assert "type >0.05" in type_in(visit, "sl-row", p="NS")
    assert "exp(b)" in type_in(visit, "sl-row", hr="\u22120.65", p="")
    # several numbers in one field
    assert "0.52 (0.31–0.87)." in type_in(visit, "sl-row", lower="", upper="", hr="0.52 (0.31–0.87)")
    assert "0.52 (0.33–0.83)." in type_in(visit, "sl-row", upper="", lower="0.33–0.83")


def test_counts_are_read_as_papers_write_them(visit):
    for written, fields in {
        "14/40 (35%) versus 5 of 35 (14.3%); P=0,04": "14 40 5 35 0.04",
        "1,234/2,345 vs 1,100/2,400, p<0.001": "1234 2345 1100 2400 <0.001",
        "14 26 5 30": "14 26 5 30 -",
    }.items():
        type_in(visit, "sl-counts", whole=written)
        found = [visit.page.locator(f"#sl-counts [name={name}]").input_value() or "-" for name in [*"abcd", "p"]]
        assert " ".join(found) == fields, written
    assert "were not found" in type_in(visit, "sl-counts", whole="12 (29.3%) vs 4 (14.8%)")
    said = type_in(visit, "sl-counts", whole="", a="14 (35.0%)", b="40", c="5/35", d="", p="p = 0,040")
    assert "0.040 is printed by" in said
    assert "the number of patients" in type_in(visit, "sl-counts", a="35%")


def test_a_reader_types_a_two_by_two_table(visit):
    said = type_in(visit, "sl-counts", a="14", b="40", c="5", d="35", p="0.040")
    p = contingency.all_tests(((14, 26), (5, 30)))
    assert (f"{contingency.TESTS['pearson'][0]}" in said) == (show(p["pearson"], 3) == "0.040")
    assert visit.page.locator("#sl-counts tbody tr").count() == len(p)
    shown = visit.page.locator("#sl-counts tbody tr td:nth-child(2)").all_inner_texts()
    assert shown == [show(value, 6) for value in p.values()]
    assert "cannot be smaller" in type_in(visit, "sl-counts", b="3")


def test_every_example_is_quiet_accessible_and_fits(visit):
    buttons = visit.page.locator("button[data-example]")
    for i in range(buttons.count()):
        buttons.nth(i).press("Enter")
        for width in (400, 1280):
            visit.dress("light", width)
            assert visit.scroll() <= 0
        assert visit.violations() == []
        visit.dress("dark", 400)
        assert visit.violations("color-contrast") == []
        visit.dress("light", 400)
    assert visit.errors() == []
    assert visit.requests_elsewhere() == []


def test_an_address_fills_the_fields_in(visit):
    visit.page.goto((HTML / PAGE).as_uri() + "?hr=1.37&lower=0.85&upper=2.20&p=0.19")
    assert "coherent" in visit.page.locator("#sl-row [role=status]").inner_text()
    assert visit.page.locator("#sl-counts [name=p]").input_value() == ""
