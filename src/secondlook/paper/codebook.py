"""The codebook and ``datapackage.json``: what each file and column holds, made from the schema that checks them."""

from __future__ import annotations

import hashlib
import inspect
import json
import typing
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from secondlook.paper.registry import Registry
from secondlook.paper.schema import FILES, Column, Layout, Table
from secondlook.paper.simulated_ranges import FILE as SIMULATED_FILE
from secondlook.paper.simulated_ranges import SimulatedRanges

ROLES = {
    "count": "number of patients",
    "percent": "percentage, without the sign",
    "p": "p value",
    "hr": "hazard ratio",
    "lower": "lower limit of the confidence interval",
    "upper": "upper limit of the confidence interval",
    "median": "median time, months",
}
ROW = "our stable key of the row; a variable, or variable.level"
LABEL = "label of the row as printed"


def describe_column(column: Column, table: Table, registry: Registry) -> str:
    """Return what a table's column holds, in words: ``number of patients, LP, grade ≥3``."""
    words = [ROLES[column.role]]
    words += [registry.layout.groups[column.group].label] if column.group else []
    words += [table.sets[column.set]] if column.set else []
    return ", ".join(words)


def columns(model: type[BaseModel]) -> dict[str, str]:
    """Return the columns (or keys) of a model with their descriptions."""
    return {name: field.description or "" for name, field in model.model_fields.items()}


def summary(model: type[BaseModel]) -> str:
    """Return what a model describes: the first line of its docstring, without its point."""
    return (inspect.getdoc(model) or "").splitlines()[0].rstrip(".")


def allowed(field: FieldInfo) -> list[str]:
    """Return the words that a column may hold; empty when it is free."""
    return [str(word) for word in _literals(field.annotation)]


def _literals(annotation: object) -> tuple:
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    return tuple(word for inner in typing.get_args(annotation) for word in _literals(inner) if word)


def layout_keys(model: type[BaseModel] = Layout, prefix: str = "") -> dict[str, str]:
    """Return every key of ``layout.toml`` by its path, with its description: ``tables.KEY.columns.KEY.role``."""
    keys = {}
    for name, field in model.model_fields.items():
        inner = _inner_model(field.annotation)
        path = f"{prefix}{name}" + {dict: ".KEY", list: "[]"}.get(typing.get_origin(field.annotation), "")
        if field.description:
            keys[path] = field.description
        if inner:
            keys |= layout_keys(inner, f"{path}.")
    return keys


def _inner_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in typing.get_args(annotation) if (found := _inner_model(inner))), None)


# datapackage.json ---------------------------------------------------------------------------------------------------


def datapackage_json(registry: Registry, folder: Path) -> str:
    """Return the text of ``datapackage.json`` for a data folder.

    Printed numbers are strings on purpose: ``3.270`` and ``3.27`` are different statements, and ``<0.001`` is one too.
    Source: Frictionless Data, Data Package specification v1.
    """
    paper = registry.layout.paper
    package = {
        "name": "second-look-published",
        "title": f"Every number printed in {paper.short}",
        "description": "Tables and prose of one paper, digit by digit, with a layout that says what each cell is.",
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
        "sources": [{"title": paper.title, "path": f"https://doi.org/{paper.doi}"}] if paper.doi else [],
        "resources": [*_table_resources(registry, folder), *_file_resources(folder), *_simulated_resource(folder)],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _table_resources(registry: Registry, folder: Path):
    for name, table in registry.layout.tables.items():
        if (folder / table.file).exists():
            fields = [_field("row", ROW, required=True, unique=True), _field("label", LABEL)]
            fields += [_field(c, describe_column(spec, table, registry)) for c, spec in table.columns.items()]
            yield _resource(folder, table.file, f"table-{name}", table.title, fields, "row")


def _file_resources(folder: Path):
    for file, model in FILES.items():
        if (folder / file).exists():
            fields = [_model_field(name, field) for name, field in model.model_fields.items()]
            key = "id" if "id" in model.model_fields else None
            yield _resource(folder, file, file.removesuffix(".csv"), (model.__doc__ or "").strip(), fields, key)


def _simulated_resource(folder: Path):
    if (folder / SIMULATED_FILE).exists():
        yield {
            "name": SIMULATED_FILE.removesuffix(".json"),
            "path": SIMULATED_FILE,
            "title": (SimulatedRanges.__doc__ or "").strip(),
            "profile": "data-resource",
            "format": "json",
            "mediatype": "application/json",
            "encoding": "utf-8",
            **_bytes(folder / SIMULATED_FILE),
        }


def _bytes(file: Path) -> dict:
    data = file.read_bytes()
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def _model_field(name: str, field: FieldInfo) -> dict:
    made = _field(name, field.description or "", kind="integer" if field.annotation is int else "string")
    words = allowed(field)
    if words:
        made["constraints"] = {"enum": words}
    return made


def _field(name: str, description: str, kind: str = "string", required: bool = False, unique: bool = False) -> dict:
    made: dict = {"name": name, "type": kind, "description": description}
    if required or unique:
        made["constraints"] = {"required": required, "unique": unique}
    return made


def _resource(folder: Path, file: str, name: str, title: str, fields: list[dict], key: str | None) -> dict:
    return {
        "name": name.replace("_", "-"),
        "path": file,
        "title": title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_bytes(folder / file),
        "schema": {"fields": fields, "missingValues": [""], **({"primaryKey": key} if key else {})},
    }
