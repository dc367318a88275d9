"""One rule, one implementation; and no code reads a sentence, a display string or the parts of an id (design, 6)."""

import ast
import re
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = sorted((ROOT / "src" / "secondlook").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.py"))
#: What takes a text to pieces, and the attributes that are made to be read by people, or to be the name of a thing.
TAKES_APART = {"partition", "rpartition", "split", "rsplit", "startswith", "endswith", "removeprefix", "removesuffix"}
MADE_TO_BE_READ = {
    "id", "value_id", "check_id", "key", "slug", "quote", "place", "subject", "quantity", "method", "note", "title",
    "recomputed", "published", "found_by", "text_of", "words",
}  # fmt: skip
#: The name of a row of prose, which the ids of its values have in common: nothing is read from it.
MAY = {("rows.py", "first.id.rpartition")}
#: What judges, and chapters: texts that they meet are made to be read, under whatever name they come.
JUDGES = [
    *(ROOT / "src" / "secondlook" / "checks").glob("*.py"),
    *(path for path in (ROOT / "src" / "secondlook").glob("*.py") if path.name != "teaching.py"),
    *NOTEBOOKS,
]
#: Where these take a text to pieces all the same, and what it is.
TEXTS = {
    "external.py": {"self.row.source_value.split", "re.compile"},  # a cell: values joined by "or", percentages
    "times.py": {"'symmetric' in unable"},  # a set of names of bands
    "matters.py": {"''.join((c if c.isascii() and c.isalnum() else '-' for c in text)).split"},  # makes an address
    "10-how-to-read.py": {"longer.text.removesuffix"},  # a printed number with a zero less
    "44-two-programs.py": {"'yates' in p"},  # p values by the names of tests
    "48-how-good.py": {"texts[3].startswith"},  # an exercise on printed numbers
    "90-codebook.py": {"re.sub"},  # marks of code in a description
    "92-how-built.py": {"re.findall"},  # lines of a lock
}


def calls(tree):
    """Yield what takes a text to pieces: ``text.split``, ``frame.name.str.contains``, ``re.sub``, ``"word" in name``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            is_re = isinstance(node.value, ast.Name) and node.value.id == "re" and node.attr.islower()
            if is_re or node.attr in TAKES_APART | {"contains", "extract"}:
                yield node
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            text, within = node.left, node.comparators[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and isinstance(within, ast.Name):
                yield node


def taken_apart(tree):
    for node in calls(tree):
        if isinstance(node, ast.Compare):
            continue
        of = node.value.value if isinstance(node.value, ast.Attribute) and node.value.attr == "str" else node.value
        if isinstance(of, ast.Attribute) and of.attr in MADE_TO_BE_READ:
            yield ast.unparse(node)


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: path.name)
def test_no_code_takes_apart_what_is_made_to_be_read(path):
    found = {(path.name, said) for said in taken_apart(ast.parse(path.read_text(encoding="utf-8")))}
    assert found <= MAY


@pytest.mark.parametrize("path", JUDGES, ids=lambda path: path.name)
def test_what_judges_and_chapters_take_no_text_apart(path):
    found = {ast.unparse(node) for node in calls(ast.parse(path.read_text(encoding="utf-8")))}
    assert found == TEXTS.get(path.name, set())


def test_the_scan_sees_what_it_is_for():
    tree = ast.parse(
        "item.p.subject.rsplit(', ', 1)[0]; frame.quote.str.startswith('introduction.'); row.cells.split()"
    )
    assert set(taken_apart(tree)) == {"item.p.subject.rsplit", "frame.quote.str.startswith"}
    tree = ast.parse(
        "{r.split()[0]: 1 for r in roles}; d['detail'].str.startswith('p,'); re.search('p', s); 'p' in s; re.X; s.x"
    )
    assert {ast.unparse(node) for node in calls(tree)} == {
        "r.split",
        "d['detail'].str.startswith",
        "re.search",
        "'p' in s",
    }


def test_a_sentence_begins_in_one_place():
    """``numbers.in_words.capital``: p stays small, and the rest of the words stays as it is."""
    begun = re.compile(r"\[:1\]\.upper\(\)|\[0\]\.upper\(\)")
    assert [path.name for path in PACKAGE if begun.search(path.read_text(encoding="utf-8"))] == ["in_words.py"]


def test_the_length_of_a_month_stands_in_one_place():
    """A twelfth of 365.25 days. What students are shown says it in the open; ``data/teaching`` runs without the package."""
    length = re.compile(r"365\.25|30\.4375|487, ?112")
    assert [path.name for path in PACKAGE if length.search(path.read_text(encoding="utf-8"))] == ["dates.py"]
    for path in NOTEBOOKS:
        for cell in jupytext.read(path, fmt="py:percent").cells:
            hidden = {"remove-cell", "remove-input"} & set(cell.metadata.get("tags", []))
            assert not (cell.cell_type == "code" and hidden and length.search(cell.source)), path.name


def test_a_table_is_named_in_one_place():
    """``Layout.table_name``: a second way to make ``Table 5`` of ``t5`` would part from it."""
    made = re.compile(r"[\"']Table \{|removeprefix\(.t.\)")
    found = {path.name: len(made.findall(path.read_text(encoding="utf-8"))) for path in PACKAGE}
    assert {name: n for name, n in found.items() if n} == {"schema.py": 2}


#: What others call by its name, or by a name that is put together: hooks of libraries.
CALLED_FROM_OUTSIDE = {"_repr_html_", "terminate"}


def named(tree):
    """Yield every name that is used: read, called, imported, or named in a string such as ``module:name``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w.]+:\w+", node.value):
            yield node.value.partition(":")[2]


def test_no_code_is_there_for_the_tests_alone():
    """Functions, classes and constants of the packages, against all that is no test (lookalike apart: numba's loops)."""
    users = [path for place in ("src", "kit", "bench", "data", "book/_ext") for path in (ROOT / place).rglob("*.py")]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (*users, *NOTEBOOKS)}
    used = {name for tree in trees.values() for name in named(tree)} | CALLED_FROM_OUTSIDE
    used |= set(re.findall(r"\w+:(\w+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    dead = set()
    for path, tree in trees.items():
        if "src" not in path.relative_to(ROOT).parts or "lookalike" in path.parts:
            continue
        made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        names = {node.name for node in made if not node.decorator_list and not node.name.startswith("__")}
        names |= {
            node.targets[0].id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        } - {"__all__", "__version__"}
        dead |= {f"{path.name}: {name}" for name in names - used}
    assert dead == set()
