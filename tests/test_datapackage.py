"""The Data Package beside the tables: every column described, every row as it says."""

from __future__ import annotations

import csv
import json
import re

import pytest

from widgets.medicines import datapackage, tables
from widgets.medicines.schema import TABLES

PACKAGE = json.loads(datapackage.text())
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}


def rows(resource: dict) -> list[dict[str, str]]:
    with (tables.DATA / resource["path"]).open(encoding=resource["encoding"], newline="") as file:
        return list(csv.DictReader(file))


def check(field: dict, cell: str, missing: list[str]) -> None:
    """A cell against its field, by the words of the Table Schema alone."""
    limits = field["constraints"]
    if cell in missing:
        assert not limits["required"], "empty"
        return
    value: object = cell
    if field["type"] == "number":
        value = float(cell)
    elif field["type"] == "integer":
        value = int(cell)
    elif field["type"] == "boolean":
        assert cell in (*field["trueValues"], *field["falseValues"])
    else:
        assert field["type"] == "string"
    assert "enum" not in limits or value in limits["enum"]
    assert "minimum" not in limits or value >= limits["minimum"]
    assert "exclusiveMinimum" not in limits or value > limits["exclusiveMinimum"]
    assert "maximum" not in limits or value <= limits["maximum"]
    assert "pattern" not in limits or re.fullmatch(limits["pattern"], cell)


def test_the_package_names_every_table_with_licence_and_sources():
    assert list(RESOURCES) == list(TABLES) and len(RESOURCES) == 5
    assert [licence["name"] for licence in PACKAGE["licenses"]] == ["CC-BY-4.0"]
    keys = [source["key"] for source in PACKAGE["sources"]]
    assert len(keys) == len(set(keys)) > 100 and all(source["title"] != source["key"] for source in PACKAGE["sources"])
    addresses = [source["path"] for source in PACKAGE["sources"] if "path" in source]
    assert len(addresses) > 100 and all(re.fullmatch(r"https?://\S+", address) for address in addresses)
    for resource in RESOURCES.values():
        assert (tables.DATA / resource["path"]).exists() and resource["description"]


@pytest.mark.parametrize("kind", TABLES)
def test_every_column_is_described_and_every_row_is_as_described(kind):
    resource = RESOURCES[kind]
    fields, missing = resource["schema"]["fields"], resource["schema"]["missingValues"]
    header = (tables.DATA / resource["path"]).read_text(encoding="utf-8").splitlines()[0].split(",")
    assert [field["name"] for field in fields] == header
    assert all(field["description"] and field["type"] for field in fields)
    for field in fields:
        unit = re.search(r"_(h|mg|percent|nM|ng_ml)$", field["name"])
        assert (unit is not None or field["name"] in ("hours_after_dose", "molar_mass")) == ("unit" in field)
    found = rows(resource)
    assert len(found) >= 15
    for row in found:
        for field in fields:
            check(field, row[field["name"]], missing)


def test_the_limits_are_limits():
    fields = {field["name"]: field for field in RESOURCES["affinities"]["schema"]["fields"]}
    for name, cell in [("value_nM", "-4"), ("value_nM", "abc"), ("target", "SRT"), ("drug", ""), ("column", "maybe")]:
        with pytest.raises((AssertionError, ValueError)):
            check(fields[name], cell, [""])
    doses = {field["name"]: field for field in RESOURCES["exposures"]["schema"]["fields"]}
    with pytest.raises(AssertionError):
        check(doses["dose_mg"], "0", [""])


def test_keys_lead_to_rows_and_sources():
    names = {row["name"] for row in rows(RESOURCES["drugs"])}
    sources = {source["key"] for source in PACKAGE["sources"]}
    assert RESOURCES["drugs"]["schema"]["primaryKey"] == ["name"] and len(names) == len(rows(RESOURCES["drugs"]))
    cited = set()
    for kind, resource in RESOURCES.items():
        schema = resource["schema"]
        for row in rows(resource):
            cited |= {value for column, value in row.items() if column.startswith("source") and value}
            if kind != "drugs":
                [foreign] = schema["foreignKeys"]
                assert foreign["reference"] == {"resource": "drugs", "fields": ["name"]} and row["drug"] in names
        for unique in schema.get("uniqueKeys", []):
            keys = [tuple(row[name] for name in unique) for row in rows(resource)]
            assert len(set(keys)) == len(keys)
    assert cited == sources


def test_without_a_bibliography_a_source_is_its_key(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "BIBLIOGRAPHY", tmp_path / "none.bib")
    assert all(source["title"] == source["key"] for source in datapackage.package()["sources"])
