"""Nothing but people reads what a check says: with every sentence reworded the audit and its pages decide the same."""

import dataclasses
import re
import shutil

import pytest
from conftest import PUBLISHED, ROOT
from invented import BASELINE, LAYOUT, write

from secondlook.audit import audit
from secondlook.checks.verdicts import Said
from secondlook.corrections import corrections, questions
from secondlook.pages import handout, present
from secondlook.paper.registry import load
from secondlook.trials.whole_papers import family

#: Every family of checks; the paper and what is broken in it below have checks of each.
FAMILIES = {
    "percent", "known", "count", "complement", "denominator", "sum", "proportion", "association", "bound", "choice-of-test",
    "restatement", "name", "blank", "decimals", "model", "selection", "direction", "labels", "events",
    "standard-error", "median", "order", "band", "bands", "triple", "follow-up", "log-rank", "log-rank-effect",
    "medians", "claim", "rule", "external", "quoted", "reason", "uncovered", "joint",
}  # fmt: skip


@pytest.fixture
def folders(tmp_path):
    """The paper, its companion, the paper with another rule and end of follow-up, and a small one without reasons."""
    broken = shutil.copytree(PUBLISHED, tmp_path / "broken")
    text = (broken / "text.csv").read_text(encoding="utf-8")
    for old, new in (
        (",<0.05,,univariable p below", ",<0.20,,univariable p below"),
        ("January 1, 2023", "May 1, 2020"),
    ):
        assert old in text
        text = text.replace(old, new)
    (broken / "text.csv").write_text(text, encoding="utf-8")
    unnamed = LAYOUT.replace('["pearson", "fisher"]', "[]")
    baseline = BASELINE.replace("left,30,60.0", "left,31,60.0")  # one count behind two flags, and known patients only
    for old, new in (("I,10,20.0", "I,10,25.0"), ("II,25,50.0", "II,20,50.0"), ("III,15,30.0", "III,10,25.0")):
        baseline = baseline.replace(old, new, 1)
    small = write(tmp_path / "small", layout=unnamed, recovery=("0.628", "0.650"), baseline=baseline)
    return [PUBLISHED, ROOT / "data" / "companion", broken, small]


def decided(folder):
    """What an audit and its pages decide of a folder, without a word of what its checks say."""
    ledger = audit(load(folder))
    fields = [
        field.name for field in dataclasses.fields(ledger.checks[0]) if field.name not in ("said", "changes", "found")
    ]
    checks = [
        (check.check_id, family(check), *(getattr(check, name) for name in fields), [c.value_id for c in check.changes])
        for check in ledger.checks
    ]
    values = []
    for value in ledger.registry:
        check = present.deciding(ledger, value)
        about, part = present.is_about(check, value), bool(present.part_of(ledger, check, value))
        values.append((value.id, ledger.verdicts[value.id], check.check_id, about, part))
    wrong = [
        (c.value.id, [check.check_id for check in c.checks], bool(c.should_read), c.how_sure)
        for c in corrections(ledger)
    ]
    lines = [(line["word"], line["place"], line["printed"], bool(line["why"])) for line in handout.merged(ledger)]
    return {check.family for check in ledger.checks}, (
        checks,
        values,
        wrong,
        lines,
        [c.check_id for c in questions(ledger)],
    )


def reword(text):
    """Say a sentence in other words, with other numbers, that begin and end otherwise; nothing stays nothing."""
    return f"‽ {text[::-1].swapcase()} 12 of 34, below 56.78 ‽" if text else text


@pytest.fixture
def reworded(monkeypatch):
    """Every sentence of every check, reworded as it is made."""
    plain = Said.__init__

    def said(self, *args, **words):
        plain(self, *map(reword, args), **{name: reword(text) for name, text in words.items()})

    return lambda: monkeypatch.setattr(Said, "__init__", said)


def test_reworded_sentences_change_no_decision(folders, reworded):
    plain = [decided(folder) for folder in folders]
    assert set().union(*(families for families, _ in plain)) == FAMILIES
    reworded()
    assert Said("a", "b", note="c").note == reword("c") != "c"
    for folder, (_, before) in zip(folders, plain, strict=True):
        _, after = decided(folder)
        for one, other in zip(before, after, strict=True):
            assert one == other


READS = re.compile(
    r"(?:said\.(?:quantity|published|recomputed|method|note|repair)|check_id|subject_?id)"
    r"(?:\[[^\]]*\])?\.(?:r?split|r?partition|starts?with|endswith|r?find|r?index|remove(?:prefix|suffix)|count)\b"
    r"|re\.\w+\([^)]*\bsaid\.|\bin \w+\.said\."
)


def test_no_code_reads_a_sentence_or_the_parts_of_an_id():
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "notebooks").glob("*.py")]
    assert len(files) > 100
    found = [
        f"{file.name}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if READS.search(line)
    ]
    assert not found
