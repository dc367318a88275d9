"""Rules of definitions and clocks on the invented paper: each kind fires where it must and stays silent otherwise."""

from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from invented import TEXT, flags, write

from secondlook.audit import audit
from secondlook.checks import rule_words
from secondlook.checks import rules as definitions
from secondlook.checks.rule_shown import Early
from secondlook.numbers.printed import parse
from secondlook.paper.claims_schema import RULE_KINDS
from secondlook.paper.codebook import columns
from secondlook.paper.reading import DataError
from secondlook.paper.registry import load
from secondlook.stats import km

MORE = """summary.start,summary,1,first month,date,everyone,June 2018,,entry opens
summary.end,summary,1,last month,date,everyone,September 2021,,entry closes
summary.scan,summary,1,"interval between visits, weeks",duration,everyone,8,,longest interval
summary.cycles,summary,1,sessions,threshold,everyone,2,,least number of sessions
summary.span.walk,summary,1,"length of a session, weeks",duration,walk,3,,walking
summary.span.rest,summary,1,"length of a session, weeks",duration,rest,3,,rest
summary.median,summary,1,"median time to recovery, months",median,walk,1.5,,median
summary.lower,summary,1,"lower confidence limit, months",lower,walk,1.2,,lower limit
summary.below,summary,1,"body weight, kg",threshold,walk,60,,lighter
summary.above,summary,1,"body weight, kg",threshold,walk,60,,heavier
summary.level.a,summary,1,"confidence level, %",level,walk,95,,level
summary.level.b,summary,1,"confidence level, %",level,rest,95,,level
"""
COMMON = 'name = "rule"\nabout = "one thing against another"\nassumption = "all is as it seems"\n'


def ruled(folder, rule, edit=("", ""), **changes):
    """Audit the invented paper with one rule and one edit of the further text; return the rule's checks."""
    write(folder, text=TEXT + MORE.replace(*edit), **changes)
    (folder / "claims.toml").write_text(f"[[rules]]\n{COMMON}{rule}\n", encoding="utf-8")
    ledger = audit(load(folder))
    return [check for check in ledger.checks if check.family == "rule"], ledger


AT_MOST = 'kind = "at_most"\nvalues = ["{}"]\nlimit = ["{}"]'
OVERLAP = 'kind = "overlap"\nfirst = ["{}"]\nsecond = ["{}"]\nwithin = ["{}"]\ngroup = "walk"'
MAJORITY = 'kind = "early_majority"\nevents = "{}"\ngroup = "walk"\nmedian = "summary.median"\nlower = "summary.lower"\ndate = "summary.scan"'
REST = 'kind = "remainder"\nwhole = "results.size.everyone"\nparts = ["results.size.walk", "results.size.rest"]\nexpect = "{}"'
CYCLES = 'kind = "cycles"\ncycles = "summary.cycles"\nlengths = { walk = ["summary.span.walk"], rest = ["summary.span.rest"] }'
GAP = 'kind = "gap"\nbelow = "summary.below"\nabove = "summary.above"\nunit = "kg"'
WITHIN = 'kind = "within"\nlow = "t2.again.walk.n"\nhigh = "t2.healed.walk.n"\nvalues = ["{}"]'
SAME = 'kind = "same"\nvalues = ["summary.level.a", "summary.level.b"]'
ORDER = 'kind = "in_order"\ndates = ["summary.start", "summary.end"]'
QUESTION = 'kind = "question"\nvalues = ["summary.better"]\nmeaning = "Who says so? Of {results.size.everyone}."'
CASES = [
    # what, rule, edit of the text, verdict, what the note says
    ("at most", AT_MOST.format("t2.again.walk.n", "t2.healed.walk.n"), (), "coherent", "2 patients where 40 is the most, which fits"),
    ("at most", AT_MOST.format("t2.healed.walk.n", "t2.again.walk.n"), (), "query", "38 too many"),
    ("at most with a constant", 'kind = "at_most"\nplus = 6\nlimit = ["summary.scan"]\nunit = "weeks"', (), "coherent", "6 weeks where 8"),
    ("at most with a constant", 'kind = "at_most"\nplus = 9\nlimit = ["summary.scan"]\nunit = "weeks"', (), "query", "1 too many"),
    ("at most nothing", 'kind = "at_most"\nvalues = ["t2.never.walk.n"]', (), "coherent", "0 patients where 0"),
    ("overlap", OVERLAP.format("t1.side.left.walk.n", "t1.grade.2.walk.n", "t1.smoker.no.walk.n"), (), "coherent", "30 + 25 − 38 = 17"),
    ("overlap that is remarkable", OVERLAP.format("t1.side.right.walk.n", "t1.grade.2.walk.n", "t1.grade.2.walk.n"), (), "query", "at least 20 of 20"),
    ("overlap that is impossible", OVERLAP.format("t1.side.left.walk.n", "t1.grade.2.walk.n", "t1.side.right.walk.n"), (), "query", "do not both fit"),
    ("majority in time", MAJORITY.format("t2.healed.walk.n"), (), "coherent", "a majority"),
    ("majority too late", MAJORITY.format("t2.healed.walk.n"), ("walk,1.5", "walk,3.0"), "query", "8 weeks are 1.84 months"),
    ("majority, rounded down", MAJORITY.format("t2.healed.walk.n"), ("walk,1.5", "walk,1.8"), "coherent", "a majority"),
    ("no majority", MAJORITY.format("t2.again.walk.n"), ("walk,1.5", "walk,3.0"), "coherent", "no majority"),
    ("nothing left, as expected", REST.format("none"), (), "coherent", "80 − (50 + 30) = 0"),
    ("nothing left, unexpected", REST.format("some"), (), "query", "= 0"),
    ("something left", 'kind = "remainder"\nwhole = "results.size.walk"\nparts = ["t2.healed.walk.n"]\nexpect = "none"', (), "query", "50 − 40 = 10"),
    ("more than all", 'kind = "remainder"\nwhole = "results.size.rest"\nparts = ["t2.healed.walk.n"]\nexpect = "none"', (), "inconsistent", "30 − 40 = -10"),
    ("cycles alike", CYCLES, (), "coherent", "2 × 3 = 6 weeks in walking"),
    ("cycles unlike", CYCLES, ("weeks\",duration,rest,3", "weeks\",duration,rest,4"), "query", "8 weeks in bed rest"),
    ("gap", GAP, (), "query", "exactly 60 kg"),
    ("no gap", GAP, ("threshold,walk,60,,heavier", "threshold,walk,59,,heavier"), "coherent", "above 59"),
    ("within", WITHIN.format("t2.again.walk.n"), (), "coherent", "2 within 2 to 40"),
    ("not within", WITHIN.format("t2.never.walk.n"), (), "inconsistent", "0 outside 2 to 40"),
    ("same", SAME, (), "coherent", "95 in 2 places"),
    ("not the same", SAME, ("level,rest,95", "level,rest,90"), "inconsistent", "95 and 90"),
    ("in order", ORDER, (), "coherent", "39 months"),
    ("out of order", ORDER, ("September 2021", "September 2017"), "inconsistent", "September 2017"),
    ("question", QUESTION, (), "query", "Who says so? Of 80."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "edit", "verdict", "said"), [c[1:] for c in CASES], ids=[f"{c[0]}, {c[3]}" for c in CASES]
)
def test_each_kind_of_rule(tmp_path, rule, edit, verdict, said):
    [check], ledger = ruled(tmp_path, rule, edit or ("", ""))
    assert check.verdict == verdict
    assert said in check.said.note
    assert check.said.note.endswith("Assumed: all is as it seems.")
    assert (flags(ledger) == {}) == (verdict == "coherent")


@pytest.mark.parametrize("absent", ["events", "size", "median", "weeks"])
def test_no_majority_is_looked_for_without_one_of_its_numbers(absent):
    numbers = {
        name: parse(text) for name, text in (("events", "40"), ("size", "50"), ("median", "1.5"), ("weeks", "8"))
    }
    numbers[absent] = None

    class Printed(dict):
        def whole(self, name):
            return numbers[name] and 40

        def size(self, name):
            return numbers[name] and 50

    registry = Printed({name: SimpleNamespace(number=number) for name, number in numbers.items()})
    rule = SimpleNamespace(events="events", group="size", median="median", date="weeks", lower=None, also=[])
    assert list(definitions._early_majority(registry, rule)) == []
    numbers[absent] = parse("3")
    registry = Printed({name: SimpleNamespace(number=number) for name, number in numbers.items()})
    assert len(list(definitions._early_majority(registry, rule))) == 1


def test_severe_events_are_events_of_any_grade(tmp_path):
    """Here the columns of the models' table have sets; the rule looks at counts, of which it has none."""
    rule = 'kind = "nested"\ntable = "t3"\ninner = "multi"\nouter = "uni"'
    assert ruled(tmp_path, rule)[0] == []


def test_severe_events_within_any_on_the_paper(paper, ledger):
    checks = [c for c in ledger.checks if c.check_id.startswith("rule.severe-within-any.")]
    assert {c.verdict for c in checks} == {"coherent"}
    assert len(checks) == 29, "16 events in two arms, less three blank cells"


def test_suspects_are_those_that_the_rule_names(tmp_path):
    rule = AT_MOST.format("t2.healed.walk.n", "t2.again.walk.n") + '\nsuspects = ["summary.better"]'
    [check], _ = ruled(tmp_path, rule)
    assert check.suspect_ids == ("summary.better",)


def test_a_rule_about_blank_cells_is_passed_over(tmp_path):
    rule = AT_MOST.format("t2.never.rest.n", "t2.healed.rest.n")
    assert ruled(tmp_path, rule, recovery=("never,Never healed,0,,0,,", "never,Never healed,0,,,,"))[0] == []


MALFORMED = [
    ('kind = "same"\nvalues = ["summary.level.a", "summary.nothing"]', ["'summary.nothing'", "no value's id"]),
    (QUESTION.replace("results.size.everyone", "results.nobody"), ["rules, rule", "'results.nobody' in braces"]),
    (f"{SAME}\n[[rules]]\n{COMMON}{SAME}", ["rules, rule", "stands twice"]),
    ('kind = "at_most"', ["names no value"]),
    ('kind = "nested"\ntable = "t3"\ninner = "few"\nouter = "uni"', ["'few'", "no set of columns of t3"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "said"), MALFORMED, ids=[said[-1][:40] for _, said in MALFORMED])
def test_a_malformed_rule_is_refused(tmp_path, rule, said):
    with pytest.raises(DataError) as refused:
        ruled(tmp_path, rule)
    for words in said:
        assert words in str(refused.value)


def test_reasons_are_given_to_what_nothing_else_reaches(tmp_path):
    """The median is in no check; the p of healing is, so its pattern is not used."""
    write(tmp_path, text=TEXT + MORE)
    reason = '[[untestable]]\nvalues = ["summary.median", "t2.healed.p"]\nreason = "needs the patients\' records"\n'
    (tmp_path / "claims.toml").write_text(reason, encoding="utf-8")
    ledger = audit(load(tmp_path))
    assert [c.said.note for c in ledger.by_value["summary.median"]] == ["Needs the patients' records."]
    assert ledger.verdicts["t2.healed.p"] == "reproduced"
    assert not any(c.check_id == "reason.t2.healed.p" for c in ledger.checks)


def test_a_value_that_only_takes_part_in_a_flag_is_told_so(tmp_path):
    """The gap rule suspects one limit; the other takes part and is supported by nothing."""
    [_], ledger = ruled(tmp_path, GAP + '\nsuspects = ["summary.below"]')
    assert ledger.verdicts["summary.above"] == "not-testable"
    assert "suspects another number" in ledger.by_value["summary.above"][-1].said.note


def test_every_kind_is_described():
    for kind, model in RULE_KINDS.items():
        assert all(columns(model).values()), kind
        assert (model.__doc__ or "").strip(), kind


# Arithmetic ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second", "size"), [(3, 4, 7), (2, 2, 6), (5, 6, 8)])
def test_the_chance_of_an_overlap_is_that_of_all_draws(first, second, size):
    chosen = set(range(second))
    overlaps = [len(chosen & set(draw)) for draw in combinations(range(size), first)]
    for least in range(min(first, second) + 1):
        listed = Fraction(sum(n >= least for n in overlaps), len(overlaps))
        assert definitions.chance_of_overlap(first, second, size, least) == listed


@pytest.mark.parametrize(("first", "second", "within"), [(3, 4, 5), (2, 2, 4), (4, 4, 4)])
def test_the_forced_overlap_is_the_least_of_all_draws(first, second, within):
    chosen = set(range(second))
    least = min(len(chosen & set(draw)) for draw in combinations(range(within), first))
    assert definitions.forced_overlap(first, second, within) == least


@pytest.mark.parametrize("n", [2, 5, 8, 27, 40])
def test_never_more_than_said_lie_before_what_prints_the_median(n):
    """Against the curve of Kaplan and Meier of uncensored times, whose median is printed with one decimal."""
    times = np.sort(np.random.default_rng(n).exponential(5, n))
    middle = parse(f"{km.median_interval(times, np.ones(n, bool), 'log-log').median:.1f}")
    begins = middle.stands_for().low
    assert (times < float(begins)).sum() <= Early(n, n, "8", Fraction(2), middle.text, begins).before


@pytest.mark.parametrize(
    ("events", "size", "majority"), [(20, 41, False), (21, 41, True), (20, 40, False), (21, 40, True), (1, 1, True)]
)
def test_a_median_is_reached_when_more_than_half_have_had_the_event(events, size, majority):
    """Half and no more leave it open: the curve is then flat at one half until the next event."""
    assert Early(events, size, "8", Fraction(2), "3.0", Fraction(59, 20)).is_majority is majority


@pytest.mark.parametrize(
    ("begins", "late"), [(Fraction(39, 20), False), (Fraction(2), False), (Fraction(41, 20), True)]
)
def test_a_median_is_late_when_all_that_prints_it_lies_beyond_the_date(begins, late):
    assert Early(21, 41, "8", Fraction(2), "2.0", begins).is_late is late
    assert not Early(20, 41, "8", Fraction(2), "2.0", begins).is_late


# The paper ----------------------------------------------------------------------------------------------------------


def test_clashes_of_the_paper(ledger):
    found = {c.subject for c in ledger.checks if c.family == "rule" and c.is_flag}
    assert found == {
        "stage-b-ecog-lp", "stage-c-ecog-spread-r", "first-scan-r", "guaranteed-time", "lenvatinib-weight", "os-definition",
        "unaccounted-lp", "unaccounted-r", "screening", "lost-to-follow-up",
    }  # fmt: skip


def test_clashes_say_what_is_printed_and_in_which_unit(ledger):
    found = {c.subject: c for c in ledger.checks if c.family == "rule"}
    assert found["first-scan-r"].said.recomputed.endswith(" months")
    # A claim in words that a rule doubts, then the printed numbers; a number beside a claim with its name.
    assert found["screening"].said.published.endswith("; printed 10 + 7")
    assert found["lost-to-follow-up"].said.published.endswith("patients excluded for lack of follow-up: 7")
    # Table 3: 15 of R's 27 have progression as best response; its median, the 14th time, prints 3.0.
    assert (
        "at most 13 of the 27 had the event before 2.95 months, so at least 2 of the 15"
        in found["first-scan-r"].said.note
    )
    assert "with a chance of about 1 in 900,000, which" in found["stage-c-ecog-spread-r"].said.note


@pytest.mark.parametrize(("n", "m", "said"), [(1, 8, "0.12"), (1, 100, "0.01"), (1, 888030, "about 1 in 900,000"), (1, 149, "about 1 in 100")])  # fmt: skip
def test_a_small_chance_is_one_in_so_many(n, m, said):
    assert rule_words._odds(Fraction(n, m)) == said


def test_the_sources_of_rules_are_in_the_bibliography(paper):
    from conftest import ROOT

    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    assert all(f"{{{rule.source}," in text for rule in paper.claims.rules if rule.source)
