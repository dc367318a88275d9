"""A stand-in for patients' records: 68 patients with the printed margins and arbitrary times, made anew by each test.

What they print is not what the paper prints; they have its shape. Ids say that they stand for real records, unless a
test asks for others.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from secondlook.cohort.columns import Codes, arm_variable, load
from secondlook.cohort.targets import BASELINE, RESPONSE, constraints
from secondlook.paper.registry import Registry


def rows(registry: Registry, codes: Codes, seed: int = 1, prefix: str = "P-") -> list[dict[str, str]]:
    """Return one dictionary per patient: the printed counts by arm, shuffled; times with one decimal and with ties."""
    rng = np.random.default_rng(seed)
    patients: list[dict[str, str]] = []
    for arm in registry.layout.paper.arms:
        patients += _of_arm(registry, codes, arm, rng)
    for number, patient in enumerate(patients, 1):
        patient[codes.patient.column] = f"{prefix}{number:03}"
        patient |= _times(codes, rng)
    return [{name: patient[name] for name in codes.columns} for patient in patients]


def _of_arm(registry: Registry, codes: Codes, arm: str, rng: np.random.Generator) -> list[dict[str, str]]:
    size = registry.size(arm)
    counts = [t for t in constraints(registry, codes) if t.kind in (BASELINE, RESPONSE) and t.groups == (arm,)]
    patients: list[dict[str, str]] = [{} for _ in range(size)]
    for item in (*codes.characteristics, *codes.responses):
        name = getattr(item, "variable", None) or item.set
        code_of = {level: code for code, level in item.codes.items()}
        column = [code_of[t.level] for t in counts if t.variable == name for _ in range(int(t.wanted))]
        if name == arm_variable(registry):
            column = [code_of[arm]] * size
        for patient, code in zip(patients, rng.permutation(column), strict=True):
            patient[item.column] = str(code)
    return patients


def _times(codes: Codes, rng: np.random.Generator) -> dict[str, str]:
    """Return the times of one patient: progression, then death, cut off between 15 and 55 months."""
    first, second = codes.endpoints
    progression, cut_off = rng.exponential(7), rng.uniform(15.1, 55)
    death = progression + rng.exponential(8)
    made = {}
    for item, time in ((first, progression), (second, death)):
        made |= {item.time: f"{min(time, cut_off):.1f}", item.event: str(int(time <= cut_off))}
    return made


def write(path: Path, patients: list[dict[str, str]]) -> Path:
    """Write patients to a file and return its path."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(patients[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(patients)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def stand_in(path: Path, registry: Registry, published: Path, **how) -> Path:
    """Write a whole stand-in file of records and return its path; ``seed`` and ``prefix`` as for :func:`rows`."""
    return write(path, rows(registry, load(published, registry), **how))
