"""The teacher's guide: its code runs, and its model answers are what the package computes."""

import contextlib
import io
import itertools
import math
import re
import shutil
import subprocess
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from conftest import ROOT
from scipy import stats

from secondlook.numbers.printed import parse, show
from secondlook.paper.registry import load
from secondlook.stats import contingency, repairs, wald
from secondlook.teaching import told

GUIDE = (ROOT / "book" / "teachers-guide.md").read_text(encoding="utf-8")


def test_the_starting_code_runs_on_the_file_for_download(monkeypatch):
    monkeypatch.chdir(ROOT / "data" / "cohort")
    [code] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(code, "teachers-guide.md", "exec"), {})
    assert "41 patients" in said.getvalue()
    assert "log-rank p" in said.getvalue()


def test_model_answers_follow_from_the_questions():
    hr, lower, upper, p = re.search(r"HR (\S+) \((\S+)–(\S+)\), p = (\S+)\. What", GUIDE).groups()
    assert "a tenth of the p that is printed" in " ".join(GUIDE.split())
    answer = str(Decimal(p) / 10)
    line = wald.as_line(hr, lower, upper, p)
    assert wald.box(line).is_empty
    implied = wald.implied_p(line)
    assert implied.meets(parse(answer).stands_for())
    assert implied.high < 0.05
    assert answer in {candidate.texts[3] for candidate in repairs.search(line).candidates}
    possible = [n for n in range(28) if parse("7.5").matches(Fraction(100 * n, 27))]
    assert possible == []
    assert "2 of 27 prints one less in the last digit, 3 of 27 half as much again" in GUIDE
    assert show(Fraction(200, 27), 1) == str(Decimal("7.5") - Decimal("0.1"))
    assert round(Fraction(300, 27) / Fraction("7.5"), 1) == Fraction("1.5")
    assert parse("7.5").matches(Fraction(300, 40))


PROSE = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)


def test_what_the_guide_says_of_the_starting_code_is_so(monkeypatch):
    monkeypatch.chdir(ROOT / "data" / "cohort")
    [code] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        names = {}
        exec(compile(code, "teachers-guide.md", "exec"), names)
    values = load(ROOT / "data" / "published").values
    medians = dict(re.findall(r"(LP|R) \d+ patients, median (\S+)", said.getvalue()))
    for arm in ("lp", "r"):
        assert values[f"outcomes.pfs.{arm}.median"].number.matches(Fraction(medians[arm.upper()]))
    assert values["outcomes.pfs.p"].number.matches(Fraction(float(names["test"].p_value)))
    row = names["model"].summary.loc["is_lp"]
    printed = {"hr": "exp(coef)", "lower": "exp(coef) lower 95%", "upper": "exp(coef) upper 95%", "p": "p"}
    for cell, column in printed.items():
        assert values[f"t5.arm.uni.{cell}"].number.matches(Fraction(float(row[column]))), cell


def plain(text: str) -> str:
    """Return a text of the guide with what it quotes as the paper prints it."""
    values = load(ROOT / "data" / "published").values
    return re.sub(r"\{printed\}`([^`]+)`", lambda found: values[found[1]].printed, text)


def by_hand(hr: str, lower: str, upper: str) -> tuple[float, float, float, float]:
    """Return geometric mean, standard error, z and p: the four lines of the short plan, at 1.96 as there."""
    x, low, high = map(float, (hr, lower, upper))
    se = math.log(high / low) / 3.92
    z = abs(math.log(x)) / se
    return math.sqrt(low * high), se, z, math.erfc(z / math.sqrt(2))


ROW = r"(\d+\.\d+) \((\d+\.\d+)–(\d+\.\d+)\), p \S+"


def prints(text: str, value: float) -> bool:
    return parse(text).matches(Fraction(value))


def test_the_answers_of_the_pairs_are_theirs():
    """45 minutes: each line of the list is the arithmetic of its row; cirrhosis lies outside its own interval."""
    found = re.findall(rf"^\| [\w -]+ \| {ROW} \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", plain(PROSE), re.MULTILINE)
    assert len(found) == 10
    for *row, mean, se, z, p in found:
        assert all(map(prints, (mean, se, z, p), by_hand(*row))), row
    outside = [row for row in found if not float(row[1]) < float(row[0]) < float(row[2])]
    assert [row[0] for row in outside] == [load(ROOT / "data" / "published").values["t5.cirrhosis.uni.hr"].printed]


def test_the_rows_on_the_board_are_worked_as_the_answers_say():
    worked = " ".join(plain(PROSE).split())
    row = re.search(
        rf"for the adjusted row of hepatitis B in Table 5: {ROW}\. .*?below\. \| ([\d.; ]+) \|", worked
    ).groups()
    assert all(map(prints, row[3].split("; "), by_hand(*row[:3])))
    mean, printed, se, z, p, near, near_z, near_p = re.search(
        r"mean (\S+), printed (\S+): impossible; SE (\S+), z (\S+), p (\S+), printed \S+ With (\S+) as the ratio: z (\S+), p (\S+),",
        worked,
    ).groups()
    values = load(ROOT / "data" / "published").values
    odd = [values[f"t6.hbv.uni.{cell}"].printed for cell in wald.CELLS]
    assert printed == odd[0]
    assert all(map(prints, (mean, se, z, p), by_hand(*odd[:3])))
    assert Decimal(near) == Decimal(odd[3])
    assert all(map(prints, (near_z, near_p), by_hand(near, *odd[1:3])[2:]))
    assert Decimal(near_p) == Decimal(odd[0])  # "exchanged"
    assert repairs.search(wald.as_line(*odd)).outcome == "unique"  # "the only small change that fits"
    wrong_base = re.search(r"SE (\S+) instead of (\S+) in the example", worked).groups()
    assert prints(wrong_base[0], math.log10(float(row[2]) / float(row[1])) / 3.92)
    assert prints(wrong_base[1], by_hand(*row[:3])[1])
    table = [(float(z), parse(p)) for z, p in re.findall(r"(\d(?:\.\d+)?) → (\d(?:\.\d+)?)", worked)]
    assert len(table) == 17
    assert all(p.matches(Fraction(math.erfc(z / math.sqrt(2)))) for z, p in table)
    for z in np.arange(0.05, 3.3, 0.01):  # in proportion between two entries: good to a twelfth of p, or to 0.01
        read = np.interp(z, [z for z, _ in table], [float(p.value) for _, p in table])
        true = math.erfc(z / math.sqrt(2))
        assert abs(read - true) < max(0.01, true / 12) if true > 0.05 else abs(read - true) < max(0.0008, true / 12), z


def test_pearson_and_fisher_by_calculator():
    """90 minutes: by SciPy, whose Fisher adds the tables that are no more likely than the one seen."""
    worked = " ".join(plain(PROSE).split())
    values = load(ROOT / "data" / "published").values
    size = {arm: int(values[f"patients.size.{arm}"].printed) for arm in ("lp", "r")}
    tables = {}
    for rate in ("orr", "dcr"):
        with_it = [int(values[f"t3.{rate}.recist.{arm}.n"].printed) for arm in size]
        tables[rate] = [with_it, [n - k for n, k in zip(size.values(), with_it, strict=True)]]
    pearson = {rate: stats.chi2_contingency(table, correction=False) for rate, table in tables.items()}
    fisher = {rate: stats.fisher_exact(table).pvalue for rate, table in tables.items()}
    said = re.search(r"Pearson (\S+) and (\S+) \(by the table .*?\), Fisher (\S+) and (\S+):", worked).groups()
    assert all(map(prints, said, (*(pearson[r].pvalue for r in tables), *fisher.values())))
    assert prints(values["t3.orr.recist.p"].printed, fisher["orr"])  # "Fisher's for response"
    assert prints(values["t3.dcr.recist.p"].printed, pearson["dcr"].pvalue)  # "Pearson's for disease control"
    for rate, formula, of in zip(
        tables, re.findall(r"68 × \(([^=]+)\) = (\d\.\d+)", worked), ("orr", "dcr"), strict=True
    ):
        assert rate == of
        assert prints(formula[1], pearson[rate].statistic)
    roots = re.search(r"z is the root, (\S+) and (\S+);", worked).groups()
    assert all(map(prints, roots, (math.sqrt(pearson[rate].statistic) for rate in tables)))
    chances = re.findall(r"\d+: (0\.\d{4})", worked)
    assert len(chances) == 11
    falls = stats.hypergeom(sum(size.values()), size["r"], sum(tables["orr"][0]))
    assert all(map(prints, chances, falls.pmf(range(11))))
    seen = tables["orr"][0][1]
    assert [k for k in range(11) if falls.pmf(k) <= falls.pmf(seen) * (1 + 1e-7)] == [0, 1, 2, 6, 7, 8, 9, 10]
    assert prints(re.search(r"only the smaller tail \((\S+)\)", worked)[1], falls.cdf(seen))
    terms = min(size["r"], sum(tables["dcr"][0])) - max(0, sum(tables["dcr"][0]) - size["lp"]) + 1
    assert f"the sum has {terms - 1} terms" in worked or f"the sum has {terms} terms" in worked
    complement = 1 - float(values["t3.orr.mrecist.p"].printed)
    counts = [int(values[f"t3.orr.mrecist.{arm}.n"].printed) for arm in size]
    table = [counts, [n - k for n, k in zip(size.values(), counts, strict=True)]]
    assert abs(stats.fisher_exact(table).pvalue - complement) < 0.0006  # the homework's question has an answer


def test_estimates_of_the_data_made_to_teach_are_told_by_name():
    """In the workshop and the course: no estimate is typed; each is that of estimates.csv (tests/trials/test_teaching.py)."""
    names = re.findall(r"\{taught\}`([^`]+)`", PROSE)
    assert {name.partition("/")[0] for name in names} >= {"responders", "guaranteed", "confounded", "plans", "lost"}
    assert all(told(name) for name in names)
    [course] = re.findall(r"^## A course.*?(?=^\(teachers-data\)=)", PROSE, re.MULTILINE | re.DOTALL)
    assert not re.findall(r"\d+\.\d+", course)


def of_the_made_data() -> list[str]:
    """Return the pieces of R that work on the data made to teach."""
    return [code for code in re.findall(r"```r\n(.*?)```", GUIDE, re.DOTALL) if "synthetic.csv" not in code]


@pytest.mark.weekly
@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R with survival")
def test_the_code_in_r_finds_what_is_told():
    """Each piece, as it stands, in the order of the page."""
    code = "\n".join(of_the_made_data())
    run = "code <- parse(text = readLines('stdin')); for (line in code) print(eval(line, globalenv()))"
    done = subprocess.run(
        ["Rscript", "-e", run], input=code, cwd=ROOT / "data" / "teaching", capture_output=True, text=True, check=True,
        timeout=120,
    )  # fmt: skip
    row = r"^(?:I\(!is\.na\(seen\)\)TRUE|earlyTRUE|responded|a) +\S+ +(\S+)"
    ratios = [f"{float(x):.2f}" for x in re.findall(row, done.stdout, re.MULTILINE)]
    wanted = ["responders/by best response, from the start", "responders/landmark", "responders/changing in time",
              "guaranteed/ever A, from eligibility", "guaranteed/from the start of the drug", "albumin/complete cases"]  # fmt: skip
    assert ratios == [told(name) for name in wanted]
    alive = [float(x) for x in re.findall(r"^ *365\.2\S* +\S+ +\S+ +(\S+)", done.stdout, re.MULTILINE)]
    found = [100 * (alive[1] - alive[0]), 100 * (alive[3] - alive[2])]
    for points, name in zip(found, ("as it stands", "weighted"), strict=True):
        assert points == pytest.approx(float(told(f"confounded/{name}")), abs=0.06)  # R prints four digits
    averaged = re.findall(r"^\[1\] (\S+)", done.stdout, re.MULTILINE)[-1]
    assert f"{float(averaged):.2f}" == told("albumin/imputed")


def test_the_sessions_fill_their_time_and_name_the_guarantees():
    [course] = re.findall(r"^## A course.*?(?=^\(teachers-data\)=)", PROSE, re.MULTILINE | re.DOTALL)
    for session in course.split("**Session ")[2:]:  # the first is the 90-minute plan
        times = [(int(a), int(b)) for a, b, *_ in re.findall(r"^\| (\d+)–(\d+) \|", session, re.MULTILINE)]
        assert (times[0][0], times[-1][1]) == (0, 90)
        assert all(before[1] == after[0] for before, after in itertools.pairwise(times)), session[:40]
    values = {i: v.printed for i, v in load(ROOT / "data" / "published").values.items()}
    cycle = {"lp": int(values["methods.pd1.interval"]),
             "r": int(values["methods.regorafenib.on"]) + int(values["methods.regorafenib.off"])}  # fmt: skip
    weeks = [int(values["methods.eligible.cycles"]) * of for of in cycle.values()]
    assert weeks == [6, 8]
    assert "six and eight weeks" in course


def test_how_many_must_have_progressed():
    """90 minutes: 1/d1 + 1/d0 is at most SE² (design: events); all of stage B, and the fewest of stage C."""
    worked = " ".join(plain(PROSE).split())
    values = load(ROOT / "data" / "published").values
    row = [values[f"t5.bclc.uni.{cell}"].printed for cell in wald.CELLS[:3]]
    se = by_hand(*row)[1]
    square, stage_b, stage_c = re.search(
        r"SE² = (\S+), with (\d+) patients in stage B and (\d+) in stage C", worked
    ).groups()
    assert prints(square, se**2)
    needed = re.search(
        r"all (\d+) of stage B progressed, 1/\((\S+) − 1/\d+\) = (\S+): (\d+) or more of stage C; at least (\d+) in all\. If (\d+): (\d+), so (\d+) in all",
        worked,
    ).groups()
    b, c, least, fewer, then, more = (int(needed[k]) for k in (0, 3, 4, 5, 6, 7))
    assert (needed[1], needed[0]) == (square, stage_b)
    assert prints(needed[2], 1 / (float(square) - 1 / b))
    assert (then, more) == (math.ceil(1 / (float(square) - 1 / fewer)), fewer + then)
    sizes = [sum(int(values[f"t1.bclc.{level}.{arm}.n"].printed) for arm in ("lp", "r")) for level in "bc"]
    allowed = [
        (d1 + d0, d1, d0) for d1 in range(1, sizes[0] + 1) for d0 in range(1, sizes[1] + 1) if 1 / d1 + 1 / d0 <= se**2
    ]
    assert min(allowed) == (least, b, c)
    assert sizes == [int(stage_b), int(stage_c)]


def test_every_decimal_of_the_guide_is_recomputed():
    """A decimal typed into the guide stands in a sentence or table that a test of this file reads, or is one of these."""
    wide, narrow = (parse(text).stands_for() for text in ("0.7", "0.70"))
    assert [float(x) for x in (wide.low, wide.high, narrow.low, narrow.high)] == [0.65, 0.75, 0.695, 0.705]
    values = load(ROOT / "data" / "published").values
    size, share, count = (values[i].printed for i in ("patients.size.lp", "t3.orr.recist.lp.pct", "t3.orr.recist.lp.n"))
    assert [n for n in range(int(size)) if parse(share).matches(Fraction(100 * n, int(size)))] == [int(count)]
    assert parse("0.001").matches(Fraction("0.0012"))
    assert not parse("<0.001").matches(Fraction("0.0012"))
    assert parse("2.10").matches(Fraction(math.sqrt(1.05 * 4.20)))
    assert prints("0.036", by_hand("2.10", "1.05", "4.20")[3])
    read_here = {"0.7", "0.70", "0.65", "0.75", "0.695", "0.705", "0.001", "0.0012", "2.10", "1.05", "4.20", "0.36",
                 "0.05", "7.5", "1.96", "3.92"}  # fmt: skip
    ours = re.sub(r"CC BY 4\.0|RECIST 1\.1", "", PROSE)
    for read in (
        r"^\| [\w -]+ \| \{printed\}.* \|$",  # the list of the pairs
        r"^\| (?:15–22|30–35|35–55|70–80) .* \|$",
        r"^> 0: (?:.|\n)*?\.\n\n",
        r"From z to p(?:.|\n)*?spreadsheet: .*",
        r"\*\*What goes wrong:\*\*.*",
        r"^68 ×.*|^z is the root.*|^response$",
        r"Two were seen.*?printed\.",
    ):
        ours = re.sub(read, "", ours, flags=re.MULTILINE)
    assert set(re.findall(r"\d+\.\d+", ours)) <= read_here


def test_how_many_correct_rows_miss_the_geometric_mean():
    """With the standard errors of the paper's own Tables 5 and 6, printed with two and with three decimals."""
    assert "A quarter to a third of correct rows" in PROSE
    values = load(ROOT / "data" / "published").values
    errors = []
    for i, value in values.items():
        if re.fullmatch(r"t[56]\.\w+\.\w+\.lower", i):
            low, high = float(value.printed), float(values[i.replace("lower", "upper")].printed)
            errors.append(math.log(high / low) / 3.92)
    rng = np.random.default_rng(153)
    s = rng.choice(errors, 40_000)
    b = rng.normal(0, 0.5, len(s))
    missed = []
    for decimals in (2, 3):
        hr, lower, upper = (np.round(np.exp(b + k * 1.959964 * s), decimals) for k in (0, -1, 1))
        missed.append(np.mean(np.round(np.sqrt(lower * upper), decimals) != hr))
    assert 0.22 < min(missed) < max(missed) < 0.36, missed


def test_counts_in_words_are_those_of_the_data():
    assert "When eight tests are tried" in PROSE
    assert len(contingency.TESTS) == 8
    registry = load(ROOT / "data" / "published")
    rows = {i.split(".")[1] for i in registry.values if re.fullmatch(r"t5\.\w+\.uni\.hr", i)}
    assert "Twelve tests" in PROSE
    assert len(rows) == 12
    assert f"study of {registry['patients.size.all'].printed} patients" in PROSE


def test_every_section_that_the_guide_names_is_in_the_chapter_it_links_to():
    """*Heading* in [Chapter](../notebooks/NN-name): the heading is there, and so are the cells named by file."""
    found = re.findall(r"\*([^*]+)\*(?: and[^|\[*]*| and \*[^*]+\*)? in \[[^\]]+\]\(\.\./notebooks/([\w-]+)\)", PROSE)
    assert len(found) >= 8
    for heading, chapter in found:
        source = (ROOT / "notebooks" / f"{chapter}.py").read_text(encoding="utf-8").lower()
        assert re.search(rf"^# #+ {re.escape(' '.join(heading.split()).lower())}", source, re.MULTILINE), heading
    for chapter, named in re.findall(r"in\s+`(\d\d-[\w-]+)` those\s+of\s+((?:\*[^*]+\*(?:\s+and\s+)?)+)", PROSE):
        source = (ROOT / "notebooks" / f"{chapter}.py").read_text(encoding="utf-8")
        for heading in re.findall(r"\*([^*]+)\*", named):
            assert re.search(rf"^# #+ {re.escape(' '.join(heading.split()))}$", source, re.MULTILINE), heading
