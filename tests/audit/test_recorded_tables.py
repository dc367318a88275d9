"""What follows from counts of records: the same arithmetic as in print, on the counts of the records.

Authority: the printed paper (whose own counts leave each number as :mod:`secondlook.checks` judges it), and SciPy.
"""

import dataclasses

import pytest
from conftest import PUBLISHED
from scipy import stats

from secondlook import recorded
from secondlook.checks.verdicts import WRONG
from secondlook.cohort import columns as codebook
from secondlook.cohort.targets import constraints
from secondlook.cohort.verify import Result
from secondlook.recorded_tables import ASSOCIATION, PERCENT, TOTAL, following


@pytest.fixture(scope="module")
def codes(paper):
    return codebook.load(PUBLISHED, paper)


@pytest.fixture(scope="module")
def follow(paper, codes):
    """A function that returns what follows from the printed counts, some of them changed, by id."""

    def found(printed=paper, **changed):
        counts = {t.value_id: t for t in constraints(paper, codes)}
        told = {i: changed.get(i.replace(".", "_"), t.printed) for i, t in counts.items()}
        results = [Result(t, (told[i],), int(told[i] != t.printed), n=41) for i, t in counts.items()]
        return {each.result.target.value_id: each.result for each in following(printed, results)}

    return found


def test_with_the_printed_counts_each_number_is_what_the_paper_alone_says_of_it(follow, paper, ledger):
    found = follow()
    alone = {i: c.verdict for c in ledger.checks if c.family in ("percent", "association") for i in c.recomputes}
    both = found.keys() & alone.keys()
    assert {r.target.kind for r in found.values()} == {TOTAL, PERCENT, ASSOCIATION}
    assert len(both) > 100
    as_here = {i: recorded._verdict(found[i], whole=True) for i in both}
    assert {i: v for i, v in as_here.items() if (v in WRONG) != (alone[i] in WRONG)} == {}
    assert {i for i, v in as_here.items() if v == "reproduced"} == {i for i in both if alone[i] == "reproduced"}


def test_other_counts_give_other_shares_totals_and_p_values(follow, paper):
    """Other numbers of women in one arm, and other responses by one criterion."""
    found = follow(t1_sex_m_lp_n="33", t1_sex_f_lp_n="8", t3_pr_recist_lp_n="9")
    women = found["t1.sex.f.lp.pct"]
    assert (women.texts, women.way) == ((f"{800 / 41:.1f}",), "8 of 41")
    assert found["t3.orr.recist.lp.n"].texts == ("10",)
    assert found["t3.orr.recist.lp.pct"].texts == (f"{1000 / 41:.1f}",)
    [p_id] = [i for i in found if i.startswith("t1.sex.") and i.endswith(".p")]
    tables = [[33, int(paper["t1.sex.m.r.n"].printed)], [8, int(paper["t1.sex.f.r.n"].printed)]]
    given = stats.chi2_contingency(tables, correction=False).pvalue, stats.fisher_exact(tables).pvalue
    assert {f"{p:.3f}" for p in given} >= set(found[p_id].texts)
    assert not found[p_id].attained


def test_nothing_follows_from_a_count_that_is_not_known_of_everybody(follow, paper, codes):
    counts = [Result(t, (t.printed,), 0, n=41) for t in constraints(paper, codes)]
    unknown = [dataclasses.replace(r, known=False) if r.target.value_id.startswith("t1.hbv.") else r for r in counts]
    ids = {each.result.target.value_id for each in following(paper, unknown)}
    assert not {i for i in ids if i.startswith("t1.hbv.")}
    assert {i for i in ids if i.startswith("t1.sex.")}


def printing(paper, **printed):
    values = {
        i: dataclasses.replace(v, printed=printed.get(i.replace(".", "_"), v.printed)) for i, v in paper.values.items()
    }
    return dataclasses.replace(paper, values=values)


def test_percentages_that_print_explains_are_not_called_wrong(follow, paper):
    """One of three levels is 100 less the others; those of another variable are of the patients of known value."""
    counts = {"t1_ecog_0_lp_n": "14", "t1_ecog_1_lp_n": "14", "t1_ecog_2_lp_n": "13"}
    shares = {"t1_ecog_0_lp_pct": "34.1", "t1_ecog_1_lp_pct": "34.1", "t1_ecog_2_lp_pct": "31.8"}
    assert f"{1300 / 41:.1f}" == "31.7"
    [made_up] = [r for i, r in follow(printing(paper, **counts, **shares), **counts).items() if i == "t1.ecog.2.lp.pct"]
    assert (made_up.attained, made_up.usual) == (True, False)
    known = {"t1_hbv_yes_lp_n": "20", "t1_hbv_no_lp_n": "16"}
    of_known = {"t1_hbv_yes_lp_pct": f"{2000 / 36:.1f}", "t1_hbv_no_lp_pct": f"{1600 / 36:.1f}"}
    found = follow(printing(paper, **known, **of_known), **known)
    assert not {"t1.hbv.yes.lp.pct", "t1.hbv.no.lp.pct"} & found.keys()


def test_what_print_can_only_ask_is_only_asked(follow, paper):
    result = follow()["t3.orr.mrecist.p"]
    assert recorded._check(recorded.Following(result), whole=True, concludes=False).verdict == "inconsistent"
    asked = recorded.Following(result, asks=True)
    assert recorded._check(asked, whole=True, concludes=False).verdict == "query"


def test_a_p_value_across_the_line_that_the_paper_draws_from_is_a_decision(follow, paper):
    [orr] = [i for i, r in follow().items() if i == "t3.orr.mrecist.p"]
    printed = dataclasses.replace(
        paper, values={i: dataclasses.replace(v, printed="0.001") if i == orr else v for i, v in paper.values.items()}
    )
    result = follow(printed)[orr]
    check = recorded._check(recorded.Following(result), whole=True, concludes=True)
    assert check.verdict == "decision"
    assert recorded._check(recorded.Following(result), whole=True, concludes=False).verdict == "inconsistent"
    assert recorded._check(recorded.Following(result), whole=False, concludes=True).verdict == "query"
