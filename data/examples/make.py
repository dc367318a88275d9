"""Make the worked example: an export as a hospital's programs write it, of the invented patients of data/reference.

Run in the project's folder: python data/examples/make.py. Nobody of them exists: what they print is not what the paper
prints, and no hospital's form is copied.
"""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat

HERE = Path(__file__).parent
PATIENTS = HERE.parent / "reference" / "cohort-stand-in.csv"
MONTH = 30.4375
FIRST = datetime.date(2018, 6, 1)
YES = {"1": "是", "0": "否"}
ONE_TWO = {
    "hbv": "HBsAg",
    "cirrhosis": "Zirrhose",
    "pvtt": "Pfortaderthrombose",
    "extrahepatic": "Metastasen",
    "tace_haic": "TACE",
}


def workbook(patients: list[dict[str, str]]) -> None:
    """Write a sheet with Chinese headers and words, ages and AFP as measured, and four dates."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime.datetime(2026, 1, 1)
    rows = [row(number, patient) for number, patient in enumerate(patients)]
    for cells in (list(rows[0]), *(list(each.values()) for each in rows)):
        book.active.append(cells)
    book.save(HERE / "export.xlsx")


def row(number: int, patient: dict[str, str]) -> dict[str, object]:
    """Return one patient as the sheet has them."""
    p, start = patient, FIRST + datetime.timedelta(11 * number)
    pfs, os = (datetime.timedelta(round(float(p[f"{name}_months"]) * MONTH)) for name in ("pfs", "os"))
    afp = 410 + 7 * number if p["afp_ge_400"] == "1" else 3 + number
    return {
        "住院号": 604000 + 17 * number,
        "组别": "仑伐替尼联合PD-1" if p["arm"] == "LP" else "瑞戈非尼",
        "年龄": 50 + number % 23 if p["age_ge_50"] == "1" else 49 - number % 11,
        "性别": "男" if p["sex"] == "M" else "女",
        "ECOG评分": "2" if p["ecog"] == "2" else "0-1",
        "Child-Pugh分级": p["child_pugh"],
        "BCLC分期": p["bclc"],
        "乙肝": YES[p["hbv"]],
        "肝硬化": YES[p["cirrhosis"]],
        "门静脉癌栓": YES[p["pvtt"]],
        "肝外转移": YES[p["extrahepatic"]],
        "介入治疗": YES[p["tace_haic"]],
        "AFP": ">1210" if afp > 700 else afp,
        "RECIST疗效": p["recist"],
        "mRECIST疗效": p["mrecist"],
        "首次治疗日期": start,
        "进展日期": start + pfs if p["pfs_event"] == "1" and pfs < os else None,
        "死亡日期": start + os if p["os_event"] == "1" else None,
        "末次随访日期": start + os,
    }


def spss(patients: list[dict[str, str]]) -> None:
    """Write a file of SPSS with German headers, codes 1 and 2 with and without labels, days, and an empty cell."""
    frame = pd.DataFrame(patients)
    two = {"Behandlung": frame["arm"] == "R", "Geschlecht": frame["sex"] == "F", "Child": frame["child_pugh"] == "B"}
    two |= {"BCLC": frame["bclc"] == "C"} | {name: frame[ours] == "0" for ours, name in ONE_TWO.items()}
    made = pd.DataFrame({"Fallnummer": range(1, len(frame) + 1)} | {name: 1.0 + found for name, found in two.items()})
    made["Alter"] = [62.0 if old == "1" else 44.0 for old in frame["age_ge_50"]]
    made["AFP"] = [812.5 if high == "1" else 20.0 for high in frame["afp_ge_400"]]
    made["ECOG"] = frame["ecog"].astype(float)
    made.loc[5, "ECOG"] = float("nan")
    for name, theirs in (("recist", "Ansprechen"), ("mrecist", "Ansprechen_mRECIST")):
        made[theirs] = [1.0 + ["CR", "PR", "SD", "PD"].index(best) for best in frame[name]]
    for name in ("pfs", "os"):
        made[f"{name.upper()}_Tage"] = [round(float(time) * MONTH) for time in frame[f"{name}_months"]]
        made[f"{name.upper()}_Status"] = frame[f"{name}_event"].astype(float)
    best = {1: "CR", 2: "PR", 3: "SD", 4: "PD"}
    labels = {"Behandlung": {1: "Lenvatinib + PD-1", 2: "Regorafenib"}, "Geschlecht": {1: "männlich", 2: "weiblich"}}
    labels |= {"Child": {1: "A", 2: "B"}, "BCLC": {1: "B", 2: "C"}, "Ansprechen": best, "Ansprechen_mRECIST": best}
    labels |= {f"{name}_Status": {0: "zensiert", 1: word} for name, word in (("PFS", "Progress"), ("OS", "verstorben"))}
    pyreadstat.write_sav(made, str(HERE / "export.sav"), variable_value_labels=labels)


if __name__ == "__main__":
    with PATIENTS.open(encoding="utf-8", newline="") as file:
        invented = list(csv.DictReader(file))
    workbook(invented)
    spss(invented)
