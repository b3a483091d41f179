"""What the tables of medicines hold, for programs: a Data Package, written from the forms that check them.

    package()["resources"][0]["schema"]["fields"]     # name, type, unit, limits, description of each column

The form is that of https://datapackage.org (version 2): file, fields, types, constraints, missing values, primary and
foreign keys, licence and sources. A column that is added to a form stands in the package without another line.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from widgets.medicines import tables
from widgets.medicines.columns import DRUG_NAME, SOURCE_KEY, Column
from widgets.medicines.schema import TABLES, Table

FILE = "datapackage.json"
_TYPES = {"number": "number", "whole": "integer", "flag": "boolean"}


def package() -> dict[str, Any]:
    """The description of all tables, as JSON has it."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "living-synapse-medicines",
        "title": "What psychiatric medicines bind and occupy",
        "description": (
            "One row is one fact, its source is a key of the sources below, and an empty cell means that no reliable "
            "value was found. Affinity is not occupancy. Doses are context for the reader of a paper, never advice."
        ),
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0",
            }
        ],
        "contributors": [{"title": "The Living Synapse authors", "roles": ["creator"]}],
        "resources": [_resource(kind, table) for kind, table in TABLES.items()],
        "sources": _sources(),
    }


def text() -> str:
    """The same as a file's text."""
    return json.dumps(package(), ensure_ascii=False, indent=1) + "\n"


def _resource(kind: str, table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "fieldsMatch": ["exact"],
    }
    if table.key == ("name",):
        schema["primaryKey"] = ["name"]
    else:
        # Cells of these may be empty, which a primary key forbids.
        schema["uniqueKeys"] = [list(table.key)]
        reference = {"resource": "drugs", "fields": ["name"]}
        schema["foreignKeys"] = [{"fields": ["drug"], "reference": reference}]
    return {
        "name": kind,
        "type": "table",
        "title": table.title.capitalize(),
        "description": (table.row.__doc__ or "").strip(),
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    """One column as Table Schema has it; `unit` is in words of our own, which the standard allows."""
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.form, "string"),
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.form == "flag":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.example and column.form in ("number", "whole"):
        field["example"] = column.example
    constraints: dict[str, Any] = {"required": column.required}
    if column.form == "choice":
        constraints["enum"] = list(column.choices)
    if column.form in ("number", "whole"):
        limits = {"exclusiveMinimum" if column.above else "minimum": column.low, "maximum": column.high}
        constraints |= {name: limit for name, limit in limits.items() if math.isfinite(limit)}
    if column.form in ("name", "key"):
        constraints["pattern"] = DRUG_NAME if column.form == "name" else SOURCE_KEY
    return field | {"constraints": constraints}


def _sources() -> list[dict[str, str]]:
    """Every source that a row cites: its key, and its title and address where the bibliography is here."""
    cited: set[str] = set()
    for kind, table in TABLES.items():
        rows = getattr(tables, kind)()
        for column in table.columns:
            if column.form == "key":
                cited |= set(rows[column.name])
    known = _bibliography(tables.BIBLIOGRAPHY)
    return [{"title": key, **known.get(key, {}), "key": key} for key in sorted(cited - {""})]


def _bibliography(path: Path) -> dict[str, dict[str, str]]:
    """Title and address of each entry of a bibliography; nothing where there is none."""
    found: dict[str, dict[str, str]] = {}
    if not path.exists():
        return found
    for entry in re.split(r"^@", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        key = re.match(r"\w+\{\s*([^,\s]+)\s*,", entry)
        values = dict(re.findall(r"^\s*(title|doi)\s*=\s*\{(.*)\},?\s*$", entry, flags=re.MULTILINE))
        if key is None or "title" not in values:
            continue
        source = {"title": re.sub(r"[{}\\]", "", values["title"])}
        if "doi" in values:
            source["path"] = f"https://doi.org/{values['doi']}"
        elif address := re.search(r"\\url\{([^}]*)\}", entry):
            source["path"] = address[1]
        found[key[1]] = source
    return found
