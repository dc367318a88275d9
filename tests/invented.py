"""An invented paper of the same kind: other arms, other variables, other sizes, all of its numbers true.

Tests change one thing in it and look at what the audit says. Nothing of it stands in the package.
"""

from __future__ import annotations

from pathlib import Path

from secondlook.audit import Ledger, audit
from secondlook.paper.registry import load

LAYOUT = """
[paper]
title = "Bed rest or walking after a sprained ankle"
short = "Invented 2020"
arms = ["walk", "rest"]
association_tests = ["pearson", "fisher"]

[sections]
results = "Results"
summary = "Summary"

[groups]
everyone = { label = "all", size = "results.size.everyone" }
walk = { label = "walking", size = "results.size.walk" }
rest = { label = "bed rest", size = "results.size.rest" }

[variables]
side = { label = "Side", levels = { left = "left", right = "right" } }
grade = { label = "Grade", levels = { 1 = "I", 2 = "II", 3 = "III" } }
smoker = { label = "Smoker", levels = { yes = "yes", no = "no" } }
arm = { label = "Arm", levels = { walk = "walking", rest = "bed rest" } }

[endpoints]
recovery = "time to recovery"

[tables.t1]
title = "Baseline"
file = "baseline.csv"
section = "results"
kind = "baseline"
[tables.t1.columns]
walk_n = { role = "count", group = "walk" }
walk_pct = { role = "percent", group = "walk" }
rest_n = { role = "count", group = "rest" }
rest_pct = { role = "percent", group = "rest" }
p = { role = "p" }

[tables.t2]
title = "Recovery"
file = "recovery.csv"
section = "results"
kind = "frequencies"
[tables.t2.columns]
walk_n = { role = "count", group = "walk", blank = "never" }
walk_pct = { role = "percent", group = "walk", blank = "zero" }
rest_n = { role = "count", group = "rest", blank = "never" }
rest_pct = { role = "percent", group = "rest", blank = "zero" }
p = { role = "p" }

[tables.t3]
title = "Time to recovery"
file = "models.csv"
section = "results"
kind = "models"
endpoint = "recovery"
interval = "wald"
p_of = "wald"
[tables.t3.sets]
uni = "univariable"
multi = "multivariable"
[tables.t3.columns]
uni_hr = { role = "hr", set = "uni" }
uni_lower = { role = "lower", set = "uni" }
uni_upper = { role = "upper", set = "uni" }
uni_p = { role = "p", set = "uni" }
multi_hr = { role = "hr", set = "multi" }
multi_lower = { role = "lower", set = "multi" }
multi_upper = { role = "upper", set = "multi" }
multi_p = { role = "p", set = "multi" }
[tables.t3.contrasts]
side = { exposed = ["left"], reference = ["right"] }
grade = { exposed = ["3"], reference = ["1", "2"] }
smoker = { exposed = ["yes"], reference = ["no"] }
arm = { exposed = ["walk"], reference = ["rest"] }

[[sums]]
whole = "results.size.everyone"
parts = ["results.size.walk", "results.size.rest"]
why = "everyone is in one arm"

[[percentages]]
percent = "summary.left.pct"
numerator = ["t1.side.left.walk.n", "t1.side.left.rest.n"]
denominator = "everyone"
"""

# By R's chisq.test(correct = FALSE): side 0.5592, grade 0.5844, smoker 0.7897, healed 0.0051. Sprained again has a
# smallest expected count of 1.5, and fisher.test gives 0.6282.
BASELINE = """row,label,walk_n,walk_pct,rest_n,rest_pct,p
side,Side,,,,,0.559
side.left,left,30,60.0,16,53.3,
side.right,right,20,40.0,14,46.7,
grade,Grade,,,,,0.584
grade.1,I,10,20.0,4,13.3,
grade.2,II,25,50.0,14,46.7,
grade.3,III,15,30.0,12,40.0,
smoker,Smoker,,,,,0.790
smoker.yes,yes,12,24.0,8,26.7,
smoker.no,no,38,76.0,22,73.3,
"""
RECOVERY = """row,label,walk_n,walk_pct,rest_n,rest_pct,p
healed,Healed,40,80.0,15,50.0,0.005
again,Sprained again,2,4.0,2,6.7,0.628
never,Never healed,0,,0,,
"""
MODELS = """row,label,uni_hr,uni_lower,uni_upper,uni_p,multi_hr,multi_lower,multi_upper,multi_p
side,Side (left vs right),1.10,0.70,1.73,0.679,,,,
grade,Grade (III vs I-II),0.62,0.39,0.99,0.044,0.65,0.41,1.04,0.071
smoker,Smoker (yes vs no),0.90,0.54,1.50,0.686,,,,
arm,Arm (walking vs bed rest),1.80,1.12,2.89,0.015,1.75,1.09,2.81,0.021
"""
TEXT = """id,section,paragraph,subject,statistic,group,printed,restates,described
results.size.everyone,results,1,patients,size,everyone,80,,how many took part
results.size.walk,results,1,patients,size,walk,50,,how many walked
results.size.rest,results,1,patients,size,rest,30,,how many rested
summary.healed.walk,summary,1,healed,percent,walk,80.0,t2.healed.walk.pct,share healed
summary.healed.p,summary,1,difference in healing,p,everyone,0.005,t2.healed.p,p of healing
summary.arm.hr,summary,1,hazard ratio of walking,hr,everyone,1.80,t3.arm.uni.hr,hazard ratio
summary.left.pct,summary,1,left ankles,percent,everyone,57.5,,share of left ankles
summary.better,summary,1,healing,claim,everyone,,t2.healed.walk.pct,walking heals more often
"""

FILES = {
    "layout.toml": LAYOUT,
    "baseline.csv": BASELINE,
    "recovery.csv": RECOVERY,
    "models.csv": MODELS,
    "text.csv": TEXT,
}


def write(folder: Path, **changes: tuple[str, str] | str | bytes | None) -> Path:
    """Write the invented paper with changes and return its folder.

    A change is named by the file's stem and is either (old, new) text, which must occur exactly once, whole new
    content, or None to leave the file out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        change = changes.pop(name.partition(".")[0], content)
        if isinstance(change, tuple):
            old, new = change
            assert content.count(old) == 1, f"{old!r} occurs {content.count(old)} times in {name}"
            change = content.replace(old, new)
        if isinstance(change, bytes):
            (folder / name).write_bytes(change)
        elif change is not None:
            (folder / name).write_text(change, encoding="utf-8")
    assert not changes, f"no such file: {changes}"
    return folder


def audited(folder: Path, **changes) -> Ledger:
    """Write the invented paper with changes and audit it."""
    return audit(load(write(folder, **changes)))


def flags(ledger: Ledger) -> dict[str, str]:
    """Return the flags of a ledger: verdict by check id."""
    return {check.check_id: check.verdict for check in ledger.checks if check.is_flag}
