"""A csv file of medicines, line by line: its typed rows, and everything that breaks the form, by line and column.

    rows, found = examine("affinities", path)      # a DataFrame of the good rows, a list of DataError

What a row may say is in widgets.medicines.schema; here is how a file is read, what its header must be, and what one row
must not do to another.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from widgets.checks import joined, meant
from widgets.medicines.classes import CLASSES
from widgets.medicines.columns import Column, Row
from widgets.medicines.schema import CONFLICT_RATIO, KIND_GROUPS, TABLES, Affinity, Table
from widgets.messengers import TARGETS
from widgets.reading import DataError, Fault, faults

Refuse = Callable[[int, str | None, str], None]
"""Called with a line, a column or None, and what is wrong with the fix."""


def examine(
    kind: str, path: Path, drugs: Path | None = None, sources: set[str] | None = None
) -> tuple[pd.DataFrame, list[DataError]]:
    """The typed table of a file's good rows, and what is wrong with the others, by line.

    Parameters
    ----------
    kind : a key of TABLES.
    drugs : the drugs.csv whose medicines the rows may name; not needed for drugs.csv itself.
    sources : the keys that may be cited; None where there is no bibliography, so that only their form is checked.
    """
    form = TABLES[kind]
    found: list[DataError] = []

    def refuse(line: int, column: str | None, what: str) -> None:
        at = f"{path.name}, line {line}" + (f", column {column}" if column else "")
        found.append(DataError(f"{at}: {what}", path.name, line, column))

    rows: list[tuple[int, Row]] = []
    parsed = _lines(path, refuse)
    if parsed and parsed[0][0] == 1 and _check_header(parsed[0][1], form.header, refuse):
        classes = None if kind == "drugs" or drugs is None else classes_in(drugs)
        context = {"drugs": None if classes is None else list(classes), "sources": sources}
        for line, cells in parsed[1:]:
            row = _row(form, line, cells, context, refuse)
            if row is not None:
                rows.append((line, row))
        _check_twice(form, rows, refuse)
        if kind == "affinities":
            _check_columns(rows, classes or {}, refuse)
    found.sort(key=lambda error: error.line)
    return _typed(kind, [row for _, row in rows]), found


def classes_in(path: Path) -> dict[str, str]:
    """Each drug's class in a drugs.csv, whatever else is wrong with it; "" where it has none."""
    wrong: list[tuple[int, str | None, str]] = []
    parsed = _lines(path, lambda *fault: wrong.append(fault))
    if not parsed or "name" not in parsed[0][1]:
        line, column, what = wrong[0] if wrong else (1, "name", "the column is missing")
        raise DataError(f"{path.name}, line {line}: {what}", path.name, line, column)
    header = parsed[0][1]
    place, where = header.index("name"), header.index("class") if "class" in header else len(header)
    return {cells[place]: cells[where] if len(cells) > where else "" for _, cells in parsed[1:] if len(cells) > place}


# -- lines and header --------------------------------------------------------------------------------------


def _lines(path: Path, refuse: Refuse) -> list[tuple[int, list[str]]]:
    """(line of the file, its cells). Lines are read one at a time, so that the count is the file's."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"no data file {path}: give the path of a csv file, or none for the book's") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(raw.count(b"\n", 0, error.start) + 1, None, "a byte that is not UTF-8; save the file as UTF-8")
        return []
    if not text.strip():
        refuse(1, None, "the file is empty; begin it with the header")
        return []
    parsed = []
    for line, content in enumerate(text.removesuffix("\n").split("\n"), 1):
        content = content.removesuffix("\r")
        if not content.strip():
            refuse(line, None, "an empty line; delete it")
            continue
        try:
            parsed.append((line, next(csv.reader([content], strict=True))))
        except csv.Error as error:
            what = f"not readable as comma separated cells ({error})"
            fix = "a cell in quotation marks must end on its line, and a quotation mark within it is doubled"
            refuse(line, None, f"{what}; {fix}")
    return parsed


def _check_header(cells: list[str], wanted: list[str], refuse: Refuse) -> bool:
    fix = f"the header is {','.join(wanted)}"
    for cell in cells:
        if cell not in wanted:
            comma = "; separate cells by commas" if ";" in cell or "\t" in cell else ""
            refuse(1, cell, f"{cell!r} is no column of this file{comma or meant(cell, wanted)}; {fix}")
        elif cells.count(cell) > 1:
            refuse(1, cell, f"the column stands {cells.count(cell)} times; {fix}")
            return False
    for name in wanted:
        if name not in cells:
            refuse(1, name, f"the column is missing; {fix}")
    if sorted(cells) == sorted(wanted) and cells != wanted:
        misplaced = next(cell for cell, name in zip(cells, wanted, strict=True) if cell != name)
        refuse(1, misplaced, f"the columns stand in another order; {fix}")
    return cells == wanted


# -- rows --------------------------------------------------------------------------------------------------


def _row(form: Table, line: int, cells: list[str], context: Mapping[str, object], refuse: Refuse) -> Row | None:
    """One line as its form, or None if something in it was refused."""
    if len(cells) != len(form.columns):
        fix = "put a cell that holds a comma in quotation marks, and keep the commas of empty cells"
        refuse(line, None, f"{len(cells)} cells where the header has {len(form.columns)}; {fix}")
        return None
    try:
        return form.row.model_validate(dict(zip(form.header, cells, strict=True)), context=context)
    except ValidationError as error:
        columns = {column.name: column for column in form.columns}
        for fault in faults(error, form.row):
            column = str(fault.where[0])
            refuse(line, column, _said(columns[column], fault))
    return None


def _said(column: Column, fault: Fault) -> str:
    """What is wrong with one cell, and what belongs there."""
    cell = fault.value
    match fault.kind:
        case "refusal":
            return fault.what
        case "missing":
            problem = "the cell is empty"
        case "no_number" | "float_parsing":
            sign = "; the sign belongs in the column relation" if cell[0] in "<>" else ""
            problem = f"{cell!r} is not a number{sign}"
        case "finite_number":
            problem = f"{cell!r} is not a finite number"
        case "int_parsing":
            problem = f"{cell!r} is not a whole number"
        case "greater_than" | "greater_than_equal" | "less_than_equal":
            problem = f"{cell!r} is not {column.span}"
        case "literal_error":
            problem = f"{cell!r} is not allowed{meant(cell, column.choices)}"
        case "string_pattern_mismatch":
            form = (
                "a drug's name in lower case" if column.form == "name" else "a key such as tatsumi1997pharmacological"
            )
            problem = f"{cell!r} is not {form}"
        case _:
            problem = fault.what
    return f"{problem}; {column.wanted}"


def _check_twice(form: Table, rows: list[tuple[int, Row]], refuse: Refuse) -> None:
    """No two rows say the same of the same."""
    seen: dict[tuple[object, ...], int] = {}
    for line, row in rows:
        # NaN is unequal to itself: an empty cell must equal an empty cell here.
        key = tuple(getattr(row, name) if row.given(name) else "" for name in form.key)
        if key in seen:
            what = f"{key[0]!r} stands already on line {seen[key]} with the same {joined(form.key)}"
            refuse(line, form.key[0], f"{what}; delete one of the two, or say what sets them apart")
        seen.setdefault(key, line)


def _check_columns(rows: list[tuple[int, Row]], classes: Mapping[str, str], refuse: Refuse) -> None:
    """Affinities that are compared with one another come from one source, one for each pair."""
    chosen: dict[tuple[str, str], int] = {}
    origin: dict[tuple[str, str], tuple[str, int]] = {}
    for line, row in rows:
        if not isinstance(row, Affinity) or not row.column:
            continue
        pair = row.drug, row.target
        if pair in chosen:
            what = f"line {chosen[pair]} is the column's value of {pair[0]} at {pair[1]} already"
            refuse(line, "column", f"{what}; write no on one of them")
            continue
        chosen[pair] = line
        group, name = TARGETS[row.target].group, classes.get(row.drug, "")
        family = name if name in CLASSES and group in CLASSES[name].own_sources else ""
        source, first = origin.setdefault((family, group), (row.source, line))
        if row.source != source:
            what = f"'yes' for {row.source}, but line {first} takes the {group} from {source}"
            refuse(line, "column", f"{what}; columns that are compared have one source: write no")


# -- the table ---------------------------------------------------------------------------------------------


def _typed(kind: str, rows: list[Row]) -> pd.DataFrame:
    form, dtypes = TABLES[kind], {"number": "float64", "whole": "Int64", "flag": "bool"}
    cells = [row.model_dump(by_alias=True) for row in rows]
    table = pd.DataFrame(
        {
            column.name: pd.Series([row[column.name] for row in cells], dtype=dtypes.get(column.form, "str"))
            for column in form.columns
        }
    )
    if kind == "affinities":
        table["conflict"] = _conflicts(table)
    table.attrs["units"] = {column.name: column.unit for column in form.columns if column.unit}
    return table


def _conflicts(table: pd.DataFrame) -> pd.Series:
    exact = table[(table["relation"] == "=") & table["value_nM"].notna()]
    values = exact.groupby([exact["drug"], exact["target"], exact["kind"].map(KIND_GROUPS)])["value_nM"]
    apart = values.transform("max") > CONFLICT_RATIO * values.transform("min")
    return apart.reindex(table.index, fill_value=False).astype(bool)


def keys_in(*files: Path) -> set[str]:
    """The keys of the entries of those bibliographies that exist."""
    texts = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    return {key for text in texts for key in re.findall(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,", text, re.MULTILINE)}
