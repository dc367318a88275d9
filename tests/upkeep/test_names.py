"""No two modules, and no two public classes, of one name: a name says what a thing is, once in the tree."""

import ast
from collections import defaultdict

from conftest import ROOT


def test_no_two_modules_or_classes_have_one_name():
    named = defaultdict(list)
    for file in sorted((ROOT / "src").rglob("*.py")):
        if not file.stem.startswith("__"):
            named[f"module {file.stem}"].append(file)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                named[f"class {node.name}"].append(file)
    assert len(named) > 150
    assert {name: [str(f.relative_to(ROOT)) for f in files] for name, files in named.items() if len(files) > 1} == {}
