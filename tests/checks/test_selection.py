"""The rule of entry into the adjusted model: one implementation, at the level that the folder prints and declares."""

import shutil

import pytest
from conftest import PUBLISHED
from invented import LAYOUT, MODELS, TEXT, write

from secondlook.audit import audit
from secondlook.paper.registry import load

DECLARED = 'selection = { level = "summary.entry" }\n'
STEPWISE = 'selection = { method = "stepwise", level = "summary.entry" }\n'
CLAIM = """
[[claims]]
id = "summary.better"
tests = [{ kind = "selected", tables = ["t3"], before = "uni", after = "multi", level = "summary.entry" }]
"""
SIDE_ENTERS = (
    "side,Side (left vs right),1.10,0.70,1.73,0.679,,,,",
    "side,Side (left vs right),1.10,0.70,1.73,0.679,1.12,0.71,1.76,0.625",
)
SMOKER_ENTERS = (
    "smoker,Smoker (yes vs no),0.90,0.54,1.50,0.686,,,,",
    "smoker,Smoker (yes vs no),0.90,0.54,1.50,0.686,0.92,0.55,1.54,0.751",
)


def audited(folder, declared=DECLARED, level="<0.05", claims="", **changes):
    """Audit the invented paper with a printed level of entry."""
    layout = LAYOUT.replace('endpoint = "recovery"\n', f'endpoint = "recovery"\n{declared}')
    text = TEXT + f"summary.entry,summary,1,level of entry,threshold,,{level},,level\n"
    write(folder, layout=layout, text=text, **changes)
    if claims:
        (folder / "claims.toml").write_text(claims, encoding="utf-8")
    return {check.check_id: check for check in audit(load(folder)).checks}


def entered(found):
    return {check.found.p.row: check.verdict for check in found.values() if check.family == "selection"}


def test_the_rule_holds_in_the_invented_paper(tmp_path):
    found = audited(tmp_path)
    assert entered(found) == dict.fromkeys(("side", "grade", "smoker", "arm"), "coherent")
    assert found["selection.t3.grade"].found.entered
    assert not found["selection.t3.side"].found.entered


def test_a_variable_that_should_not_have_entered(tmp_path):
    found = audited(tmp_path, models=("1.80,1.12,2.89,0.015", "1.30,0.81,2.09,0.277"))["selection.t3.arm"]
    assert (found.verdict, found.found.enters, found.found.entered) == ("inconsistent", False, True)


def test_a_variable_that_should_have_entered(tmp_path):
    found = audited(tmp_path, models=("1.10,0.70,1.73,0.679", "1.80,1.12,2.89,0.015"))["selection.t3.side"]
    assert (found.verdict, found.found.enters, found.found.entered) == ("inconsistent", True, False)
    assert found.value_ids == ("t3.side.uni.p",)


def test_where_no_rule_is_declared_nothing_is_held_against_one(tmp_path):
    assert entered(audited(tmp_path, declared="", models=SIDE_ENTERS)) == {}


def test_a_stepwise_choice_is_not_held_against_unadjusted_p_values(tmp_path):
    assert entered(audited(tmp_path, declared=STEPWISE, models=SIDE_ENTERS)) == {}


def test_a_level_that_is_printed_as_no_number_is_no_level(tmp_path):
    assert entered(audited(tmp_path, declared='selection = { level = "summary.better" }\n')) == {}


@pytest.mark.parametrize("declared", [DECLARED, ""])
@pytest.mark.parametrize(
    ("level", "verdict"), [("<0.05", "inconsistent"), ("<0.70", "coherent"), ("<0.20", "inconsistent")]
)
def test_check_and_claim_agree_at_any_printed_level(tmp_path, declared, level, verdict):
    """Side enters with p 0.679: against the rule below 0.05 and below 0.20; right below 0.70, where smoker (0.686) must
    enter as well. The claim that states the rule names the level where the layout does not."""
    models = MODELS.replace(*SIDE_ENTERS)
    models = models.replace(*SMOKER_ENTERS) if level == "<0.70" else models
    found = audited(tmp_path, declared, level, CLAIM, models=models)
    assert entered(found)["side"] == verdict
    assert found["claim.summary.better"].verdict == verdict
    broken = [check.found.p.row for check in found.values() if check.family == "selection" and check.is_flag]
    assert broken == ([] if verdict == "coherent" else ["side"])


@pytest.mark.parametrize(("level", "obeyed"), [("<0.05", True), ("<0.20", False)])
def test_the_papers_own_rule_at_another_level(tmp_path, level, obeyed):
    """Print <0.20 in a copy of the paper: the check of each row and the claim in words judge by it alike."""
    folder = shutil.copytree(PUBLISHED, tmp_path / "published")
    text = (folder / "text.csv").read_text(encoding="utf-8")
    row = "methods.selection.p,methods,6,p value for entry into the multivariable model,threshold,,{},"
    assert text.count(row.format("<0.05")) == 1
    (folder / "text.csv").write_text(text.replace(row.format("<0.05"), row.format(level)), encoding="utf-8")
    checks = audit(load(folder)).checks
    broken = {check.found.p.label for check in checks if check.family == "selection" and check.is_flag}
    [claim] = [check for check in checks if check.family == "claim" and check.subject == "methods.selection.rule"]
    assert (claim.verdict == "coherent") is obeyed is (not broken)
    assert all(label in claim.said.recomputed for label in broken)
