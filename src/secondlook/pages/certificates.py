"""Certificates of rows that cannot stand together: what is proved, from what, by which script, and what would escape.

In: a folder's proofs (:mod:`secondlook.paper.proofs`) and its registry. Nothing is proved here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from secondlook.pages import present
from secondlook.paper.proofs import Case, Proof
from secondlook.paper.registry import Registry

#: The folder of the scripts, beside the file of the proofs.
SCRIPTS = "proofs"


def certificate(proof: Proof, registry: Registry, folder: Path | str) -> present.Html:
    """Return a proof as a certificate.

    Parameters
    ----------
    proof : Proof
    registry : Registry
        Of the folder that is audited: a proof counts only while the values that it uses are printed there so.
    folder : path
        The folder, whose script is shown.

    Raises
    ------
    OSError
        When the script is not there.
    """
    differing = proof.differing({value.id: value.printed for value in registry})
    status = f'<a href="{present.MATTERS}#{escape(proof.id)}">the finding</a>'
    if differing:
        status = f"<strong>void here: printed otherwise are {_places(differing, registry)}</strong>"
    return present.Html(
        f'<div class="sl-certificate"><p><strong>{escape(proof.claim)}</strong> ({status}).</p>'
        f"{_premises(proof)}{_cases(proof)}{_used(proof, registry)}{_script(proof, Path(folder))}</div>"
    )


def _premises(proof: Proof) -> str:
    rows = [
        [str(number), "printed" if premise.printed else "assumed", escape(premise.text)]
        for number, premise in enumerate(proof.premises, 1)
    ]
    return present.table(["premise", "is", "what is taken for granted"], rows, f"Premises: {proof.id}")


def _cases(proof: Proof) -> str:
    numbers = {premise.id: str(number) for number, premise in enumerate(proof.premises, 1)}
    rows = [
        [escape(case.text), numbers.get(case.premise or "", ""), f"<strong>{case.outcome}</strong>", *_figures(case)]
        for case in proof.cases
    ]
    first = proof.cases[0]  # proofs compare in either direction
    any_order, needed = ("least", "most") if first.figure > first.limit else ("most", "least")
    figures = [f"any order has at {any_order}", f"the rows need at {needed}"]
    head = ["supposed", "instead of premise", "the rows are", *figures]
    told = f"<p>The two figures are {escape(proof.quantity)}.</p>"
    return told + present.table(head, rows, f"What would escape: {proof.id}", numeric=(1, 3, 4))


def _figures(case: Case) -> list[str]:
    return ["" if figure is None else f"{figure:.2f}" for figure in (case.figure, case.limit)]


def _used(proof: Proof, registry: Registry) -> str:
    rows = [[_place(i, registry), escape(text)] for i, text in proof.values.items()]
    content = present.table(["where", "printed"], rows, f"Values used: {proof.id}", numeric=(1,))
    return present.fold(f"The {len(rows)} printed values that it uses", content)


def _script(proof: Proof, folder: Path) -> str:
    text = (folder / SCRIPTS / proof.script).read_text(encoding="utf-8")
    lines = len(text.splitlines())
    code = f'<div class="highlight"><pre>{escape(text, quote=False)}</pre></div>'
    return present.fold(f"The script, {lines} lines, which uses nothing of this book", code)


def _places(ids: tuple[str, ...], registry: Registry) -> str:
    return ", ".join(_place(i, registry) for i in ids)


def _place(value_id: str, registry: Registry) -> str:
    """Return where a value stands, as a link to its row; the id alone of one that the folder does not hold."""
    if value_id not in registry.values:
        return escape(value_id)
    return f'<a href="82-numbers.html#{escape(value_id)}">{escape(registry[value_id].place)}</a>'
