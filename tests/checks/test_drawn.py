"""What the prose draws a conclusion from, on the invented paper, listed by hand.

Authority: design, section 2: a flag is a decision where a reader would draw another conclusion that the paper draws.
"""

from __future__ import annotations

import pytest
from invented import TEXT, write

from secondlook.checks.drawn import drawn_on
from secondlook.paper.registry import load

PROSE = {line.partition(",")[0] for line in TEXT.splitlines()[1:]}
RESTATED = {"t2.healed.walk.pct", "t2.healed.p", "t3.arm.uni.hr"}
LEVEL = "summary.level,summary,1,level of entry,threshold,,<0.05,,level\n"


def drawn(folder, test=""):
    write(folder, text=TEXT + LEVEL)
    if test:
        claims = f'[[claims]]\nid = "summary.better"\ntests = [{{ {test} }}]\n'
        (folder / "claims.toml").write_text(claims, encoding="utf-8")
    return drawn_on(load(folder))


def test_all_of_the_prose_and_what_it_restates(tmp_path):
    assert drawn(tmp_path) == PROSE | {"summary.level"} | RESTATED


@pytest.mark.parametrize(
    ("test", "more"),
    [
        ('kind = "higher", these = ["t2.again.walk.n"], than = ["t2.again.rest.n"]', "t2.again.walk.n t2.again.rest.n"),
        (
            'kind = "independent", tables = ["t3"], set = "multi", variables = ["arm"]',
            "t3.arm.multi.hr t3.arm.multi.lower t3.arm.multi.upper t3.arm.multi.p",
        ),
        (
            'kind = "entered", tables = ["t3"], set = "uni", variables = ["side"]',
            "t3.side.uni.hr t3.side.uni.lower t3.side.uni.upper t3.side.uni.p",
        ),
        ('kind = "selected", tables = ["t3"], before = "uni", after = "multi", level = "summary.level"', ""),
    ],
)
def test_what_a_claim_in_words_rests_on(tmp_path, test, more):
    """A rule of entry looks at all rows, and nothing is drawn from any of them."""
    assert drawn(tmp_path, test) - drawn(tmp_path / "without") == set(more.split())
