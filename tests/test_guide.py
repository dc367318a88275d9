"""The teacher's guide: its code runs, and its model answers are what the package computes."""

import contextlib
import io
import re
from fractions import Fraction

from conftest import ROOT

from secondlook import repairs, wald
from secondlook.printed import parse, show

GUIDE = (ROOT / "book" / "teachers-guide.md").read_text(encoding="utf-8")


def test_the_starting_code_runs_on_the_file_for_download(monkeypatch):
    monkeypatch.chdir(ROOT / "data" / "cohort")
    [code] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(code, "teachers-guide.md", "exec"), {})
    assert "41 patients" in said.getvalue()
    assert "log-rank p" in said.getvalue()


def test_model_answers_follow_from_the_questions():
    hr, lower, upper, p, answer = re.search(
        r"HR (\S+) \((\S+)–(\S+)\), p = (\S+)\. What.*?p = (\d\.\d+)\.", GUIDE, re.DOTALL
    ).groups()
    line = wald.as_line(hr, lower, upper, p)
    assert wald.box(line).is_empty
    implied = wald.implied_p(line)
    assert implied.meets(parse(answer).stands_for())
    assert implied.high < 0.05
    assert answer in {candidate.texts[3] for candidate in repairs.search(line).candidates}
    possible = [n for n in range(28) if parse("7.5").matches(Fraction(100 * n, 27))]
    assert possible == []
    assert [show(Fraction(100 * n, 27), 1) for n in (2, 3)] == ["7.4", "11.1"]
    assert parse("7.5").matches(Fraction(300, 40))
