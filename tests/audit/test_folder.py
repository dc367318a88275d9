"""Only the folder decides: where the package stands, and how the folder calls its sets of columns, change nothing."""

import re
import shutil
import subprocess
import sys

import pytest
from conftest import PUBLISHED, ROOT
from invented import LAYOUT, write

from secondlook.audit import audit, rows, to_csv
from secondlook.checks.simulated import overlaps
from secondlook.cohort import columns, targets
from secondlook.paper.reading import DataError
from secondlook.paper.registry import load
from secondlook.paper.simulated_ranges import FILE

# Where it stands ----------------------------------------------------------------------------------------------------


def test_the_ledger_is_the_same_wherever_the_package_stands(ledger, tmp_path):
    """Copied away from its checkout and run from another folder, the package finds all that it reads in the data."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    shutil.copytree(PUBLISHED, tmp_path / "data")
    (tmp_path / "elsewhere").mkdir()
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'src')!r}); import secondlook; print(secondlook.__file__); "
        "from secondlook.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, "audit", "--published", str(tmp_path / "data"), "--out", "ledger.csv"]
    done = subprocess.run(command, cwd=tmp_path / "elsewhere", check=True, capture_output=True, text=True)
    assert done.stdout.startswith(str(tmp_path / "src")), "the copy was run"
    assert (tmp_path / "elsewhere" / "ledger.csv").read_text(encoding="utf-8") == to_csv(ledger)


def test_without_its_simulation_a_folder_says_what_was_not_held_against_it(ledger, tmp_path):
    folder = shutil.copytree(PUBLISHED, tmp_path / "published")
    (folder / FILE).unlink()
    found = [check for check in audit(load(folder)).checks if check.family == "standard-error"]
    assert {(check.subject, check.verdict, check.evidence) for check in found} == {
        (endpoint, "not-testable", "none") for endpoint in ("pfs", "os")
    }
    judged = {check.found.row.row.key for check in ledger.checks if check.family == "standard-error"}
    assert {row.row.key for check in found for row in check.found.rows} == judged


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("{", "not well-formed JSON"),
        ("[]", "should be a valid dictionary"),
        ('{"ranges": {"6+62 HR 1.8": {"tried": 9, "kept": 9, "se": [0.4]}}}', "se"),
        ('{"ranges": {}, "colour": "red"}', "unknown key"),
        ('{"about": "<script>"}', "holds markup"),
        ('{"repeats": {"a": {"cohorts": 9, "median": 2, "triple": {}}}}', "median"),
    ],
)
def test_a_malformed_simulation_is_refused(tmp_path, content, said):
    folder = write(tmp_path)
    (folder / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(said)) as error:
        load(folder)
    assert str(error.value).startswith(FILE)


# What it calls its sets of columns ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crude(tmp_path_factory):
    """A copy of the paper's folder that calls the unadjusted set of columns `crude`, wherever it is named."""
    folder = shutil.copytree(PUBLISHED, tmp_path_factory.mktemp("crude") / "published")
    for file in (path for path in folder.iterdir() if path.is_file()):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\buni\b", "crude", text), encoding="utf-8")
    return load(folder), folder


def test_sets_of_columns_may_have_any_key(ledger, crude):
    """The same checks with the same verdicts and words, but for names."""

    def named(ledger):
        return {re.sub(r"\bcrude\b", "uni", row["check_id"]): row for row in rows(ledger)}

    renamed, plain = named(audit(crude[0])), named(ledger)
    assert len(renamed) == len(plain) > 900
    assert any("crude" in row["check_id"] for row in renamed.values())
    for name, row in plain.items():
        other = {key: re.sub(r"\bcrude\b", "uni", text) for key, text in renamed[name].items()}
        assert other == row


def test_models_are_refitted_by_their_role_and_not_by_their_key(paper, crude):
    registry, folder = crude
    wanted, renamed = (
        targets.targets(one, columns.load(where, one)) for one, where in ((paper, PUBLISHED), (registry, folder))
    )
    assert [t.value_id for t in wanted] == [re.sub(r"\bcrude\b", "uni", t.value_id) for t in renamed]
    assert {
        (t.table, t.kind, targets.covariates(registry, t.table, t.kind, t.variable)) for t in renamed if t.table
    } == {
        (t.table, t.kind.replace("uni", "crude"), targets.covariates(paper, t.table, t.kind, t.variable))
        for t in wanted
        if t.table
    }
    assert [o and o.key for *_, o in overlaps(paper)] == [o and o.key for *_, o in overlaps(registry)]


# A table of models without sets -------------------------------------------------------------------------------------

SETS = """[tables.t3.sets]
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
"""
NO_SETS = """[tables.t3.columns]
hr = { role = "hr" }
lower = { role = "lower" }
upper = { role = "upper" }
p = { role = "p" }
"""
ROWS = """row,label,hr,lower,upper,p
side,Side (left vs right),1.10,0.70,1.73,0.679
grade,Grade (III vs I-II),1.42,0.95,2.13,0.009
arm,Arm (walking vs bed rest),1.80,1.12,2.89,0.015
"""


def without_sets(folder, model=""):
    assert LAYOUT.count(SETS) == 1
    layout = LAYOUT.replace(SETS, f"{model}\n{NO_SETS}")
    text = "id,section,paragraph,subject,statistic,group,printed,restates,described\n"
    text += "".join(
        f"results.size.{g},results,1,patients,size,{g},{n},,n\n"
        for g, n in (("everyone", 80), ("walk", 50), ("rest", 30))
    )
    layout = layout.partition("[[percentages]]")[0]
    return load(write(folder, layout=layout, models=ROWS, text=text))


def test_a_table_of_models_without_sets_is_one_unadjusted_set(tmp_path):
    """1.42 (0.95–2.13) has the standard error ln(2.13/0.95)/3.92 = 0.206, so z = 1.70 and p = 0.089; 0.009 is printed."""
    registry = without_sets(tmp_path)
    found = {check.check_id: check for check in audit(registry).checks}
    assert {i: c.verdict for i, c in found.items() if c.family == "model"} == {
        "model.t3.side": "coherent", "model.t3.grade": "decision", "model.t3.arm": "coherent",
    }  # fmt: skip
    assert found["model.t3.grade"].suspect_ids == ("t3.grade.p",)
    assert {check.found.row.row.model for check in found.values() if check.family == "events" and check.found.row} == {
        "unadjusted"
    }


@pytest.mark.parametrize(("model", "role"), [("", "unadjusted"), ('model = "adjusted"', "adjusted")])
def test_the_layout_may_say_what_models_a_table_without_sets_holds(tmp_path, model, role):
    registry = without_sets(tmp_path, model)
    assert registry.layout.tables["t3"].model_of("") == role
    assert registry.layout.tables["t3"].sets_of(role) == [""]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ('model = { crude = "unadjusted" }', "model.crude names the set 'crude', which is not among the sets"),
        ('model = { uni = "alone" }', "model"),
        ('interval = "guess"', "interval"),
        ('digits = "cut off"', "digits"),
        ("level = 0", "level"),
        ("sides = 3", "sides"),
        ('selection = { level = "summary.nothing" }', "summary.nothing"),
    ],
)
def test_what_a_layout_says_wrongly_of_its_models_is_refused(tmp_path, model, said):
    layout = re.sub(rf"(?m)^{model.partition(' ')[0]} = .*\n", "", LAYOUT)  # said anew
    layout = layout.replace('endpoint = "recovery"\n', f'endpoint = "recovery"\n{model}\n')
    with pytest.raises(DataError, match=re.escape(said)):
        load(write(tmp_path, layout=layout))


def test_only_a_table_of_models_has_an_interval(tmp_path):
    layout = LAYOUT.replace('kind = "baseline"\n', 'kind = "baseline"\ninterval = "wald"\n')
    with pytest.raises(DataError, match="interval is for tables of models"):
        load(write(tmp_path, layout=layout))


def test_keys_uni_and_multi_keep_their_meaning_without_a_role(tmp_path):
    table = load(write(tmp_path)).layout.tables["t3"]
    assert (table.model_of("uni"), table.model_of("multi"), table.model_of("other")) == ("unadjusted", "adjusted", "")
