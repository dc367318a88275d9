"""The teacher's guide: its code runs, and its model answers are what the package computes."""

import contextlib
import io
import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
from conftest import ROOT

from secondlook.numbers.printed import parse, show
from secondlook.paper.registry import load
from secondlook.stats import contingency, repairs, wald

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


def test_every_decimal_of_the_guide_is_recomputed():
    """A decimal typed into the guide belongs to one of the claims below; a new one fails until it has one, too."""
    checked = {"0.7", "0.70"}
    # which values print so
    wide, narrow = (parse(text).stands_for() for text in ("0.7", "0.70"))
    assert wide.low < narrow.low < narrow.high < wide.high
    # which counts of 32 print 12.5 %?
    assert [n for n in range(33) if parse("12.5").matches(Fraction(100 * n, 32))] == [4]
    checked |= {"12.5"}
    # a bound is no rounding
    assert parse("0.001").matches(Fraction("0.0012"))
    assert not parse("<0.001").matches(Fraction("0.0012"))
    checked |= {"0.001", "0.0012"}
    # the first question of the examination
    assert parse("2.10").matches(Fraction(math.sqrt(1.05 * 4.20)))
    se = math.log(4.20 / 1.05) / (2 * 1.96)
    assert show(Fraction(math.erfc(math.log(2.10) / se / math.sqrt(2))), 3) == "0.036"
    checked |= {"2.10", "1.05", "4.20", "0.36", "0.05"}
    # the second question: test_model_answers_follow_from_the_questions
    checked |= {"7.5"}
    ours = re.sub(r"CC BY 4\.0", "", PROSE)
    assert set(re.findall(r"\d+\.\d+", ours)) == checked


def test_about_a_third_of_correct_rows_miss_the_geometric_mean():
    assert "About a third of correct rows" in PROSE
    rng = np.random.default_rng(153)
    b, s = rng.normal(0, 0.5, 20_000), rng.uniform(0.2, 0.5, 20_000)
    hr, lower, upper = (np.round(np.exp(b + k * 1.959964 * s), 3) for k in (0, -1, 1))
    missed = np.mean(np.round(np.sqrt(lower * upper), 3) != hr)
    assert 0.25 < missed < 0.4


def test_counts_in_words_are_those_of_the_data():
    assert "When eight tests are tried" in PROSE
    assert len(contingency.TESTS) == 8
    registry = load(ROOT / "data" / "published")
    rows = {i.split(".")[1] for i in registry.values if re.fullmatch(r"t5\.\w+\.uni\.hr", i)}
    assert "Twelve tests" in PROSE
    assert len(rows) == 12
    assert f"balance in {registry['patients.size.all'].printed} patients" in PROSE
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
