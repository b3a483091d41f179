"""Drugs in numbers: what a medicine is, what it binds, how much of it, and what a concentration occupies.

    from widgets import affinity, drug, occupancy, selectivity
    drug("fluoxetine")["half_life_h"]                 # 120.0
    affinity("sertraline", "SERT")                    # nM, from the one source of that column, or NaN
    selectivity("sertraline", "SERT", "NET")          # how many times more tightly it binds the first
    occupancy(2.0, affinity("sertraline", "SERT"))    # fraction of the sites taken, 0..1

Five tables in widgets/medicines/data/ hold the facts: drugs.csv, affinities.csv, occupancy.csv, curves.csv and
exposures.csv.
One row is one fact, its source is a key in references.bib, and an empty cell means that no reliable value was found.
`drugs`, `affinities`, `occupancies`, `curves` and `exposures` read them; each takes `path=` for a file of your own in
the same form, which may keep a drugs.csv and a references.bib beside it. A file that breaks the form is refused with
a `DataError` that names file, line and column; `problems` lists all of them.

Published affinities for one pair of drug and target differ several-fold between laboratories. Both values are kept and
flagged (`conflict`), and a ratio of two affinities is taken within one source only. Affinity is not occupancy: what a
dose occupies in people depends on how much of it reaches the brain, so measured occupancies stand in tables of their
own.

Nothing here is advice: doses are context for the reader of a paper.
"""

from __future__ import annotations

import csv
import math
import numbers
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from widgets import messengers

DATA = Path(__file__).parent / "data"
# It lies in the checkout, not in the wheel; without it a source's key is checked for its form alone.
BIBLIOGRAPHY = Path(__file__).parents[2] / "references.bib"

NO_VALUE = "no reliable value"

CLASSES = (
    *("SSRI", "SNRI", "TCA", "MAO inhibitor", "atypical antidepressant", "norepinephrine reuptake inhibitor"),
    *("stimulant", "antipsychotic", "anxiolytic", "mood stabiliser", "glutamate antagonist", "other"),
)
# Targets whose affinities are compared with one another: within a group every `column` value has one source. Receptors
# of antipsychotics and of other medicines were compiled in different places: each family has a source of its own.
TARGET_GROUPS = messengers.GROUPS
TARGETS = tuple(messengers.TARGETS)
# Ki and Kd both measure binding and may be compared; IC50 and EC50 depend on the assay's own concentrations.
KIND_GROUPS = {"Ki": "binding", "Kd": "binding", "IC50": "inhibition", "EC50": "effect"}
RELATIONS = ("=", ">", "<")
SPECIES = ("human", "rat", "mouse", "guinea pig", "cow", "monkey", "unknown")
INTERVALS = ("SD", "SE", "CI95", "range")
# Databases: each value has a source, but two values from one of them may come from two laboratories.
DATABASES = ("avram2022drugcentral", "drugbank2026levomilnacipran", "harding2022iuphar")
# Values of one pair that differ by more than this factor are in conflict.
CONFLICT_RATIO = 3.0

# Far beyond what dissolves or binds: limits that keep the laws below exact in floating point.
_CONCENTRATIONS_NM = (0.0, 1e12)
_AFFINITIES_NM = (1e-6, 1e12)

_KEY = re.compile(r"[a-z]+\d{4}[a-z0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_DRUG_NAME = re.compile(r"[a-z][a-z0-9]*(?:[ -][a-z0-9]+)*")


class DataError(ValueError):
    """A data file that breaks its form.

    Attributes
    ----------
    file : str
        The file's name.
    line : int
        The line of the file, counted from 1 (the header).
    column : str or None
        The column, or None where the whole line is at fault.
    """

    def __init__(self, message: str, file: str = "", line: int = 0, column: str | None = None):
        super().__init__(message)
        self.file, self.line, self.column = file, line, column


# -- the form of the four files ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """What the cells of one column may hold.

    `form` is text, choice, number, whole, flag (yes or no), name (a drug's) or key (a source's). Numbers lie within
    low..high, without `low` itself if `above`.
    """

    name: str
    form: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    low: float = 0.0
    high: float = math.inf
    above: bool = False
    unit: str = ""
    example: str = ""

    def parse(self, cell: str):
        """The cell's value: str ("" if empty), float (NaN if empty), int or None, bool. ValueError: problem; fix."""
        if cell != cell.strip():
            raise ValueError(f"{cell!r} begins or ends with a space; write {cell.strip()!r}")
        if not cell.isprintable():
            raise ValueError(f"{cell!r} holds a character that does not print; type the cell again")
        if not cell:
            if self.required:
                raise ValueError(f"the cell is empty; {self._wanted()}")
            return {"number": math.nan, "whole": None}.get(self.form, "")
        if self.form in ("number", "whole"):
            return self._number(cell)
        if self.form in ("choice", "flag") and cell not in self.choices:
            raise ValueError(f"{cell!r} is not allowed{_nearest(cell, self.choices)}; {self._wanted()}")
        if self.form in ("name", "key") and not (_DRUG_NAME if self.form == "name" else _KEY).fullmatch(cell):
            raise ValueError(f"{cell!r} is not {self._form_in_words()}; {self._wanted()}")
        return cell == "yes" if self.form == "flag" else cell

    def _number(self, cell: str):
        if _NOT_FINITE.fullmatch(cell):
            raise ValueError(f"{cell!r} is not a finite number; {self._wanted()}")
        if not _NUMBER.fullmatch(cell):
            sign = "; the sign belongs in the column relation" if cell[0] in "<>" else ""
            raise ValueError(f"{cell!r} is not a number{sign}; {self._wanted()}")
        value = float(cell)
        if not self.low <= value <= self.high or (self.above and value == self.low):
            raise ValueError(f"{cell!r} is not {self._span()}; {self._wanted()}")
        if self.form == "whole":
            if not value.is_integer():
                raise ValueError(f"{cell!r} is not a whole number; {self._wanted()}")
            return int(value)
        return value

    def _span(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.above:
            return f"greater than {self.low:g} and at most {self.high:g}{unit}"
        return f"between {self.low:g} and {self.high:g}{unit}"

    def _form_in_words(self) -> str:
        return "a drug's name in lower case" if self.form == "name" else "a key such as tatsumi1997pharmacological"

    def _wanted(self) -> str:
        if self.form in ("choice", "flag"):
            wanted = f"write one of {', '.join(self.choices)}"
        elif self.form == "whole":
            wanted = f"write a whole number such as {self.example}"
        elif self.form == "number":
            positive = "a positive number" if self.above or self.low > 0 else "a number"
            wanted = f"write {positive} in {self.unit} such as {self.example}"
        else:
            wanted = f"write {self.example}"
        return wanted if self.required else f"{wanted}, or leave the cell empty"


def _text(name: str, example: str = "words", required: bool = False) -> Column:
    return Column(name, required=required, example=example)


def _choice(name: str, choices: Sequence[str], required: bool = True) -> Column:
    return Column(name, "choice", required, tuple(choices))


def _hours(name: str, example: str, above: bool = True) -> Column:
    return Column(name, "number", high=5000, above=above, unit="h", example=example)


def _dose(name: str) -> Column:
    return Column(name, "number", high=5000, above=True, unit="mg", example="20")


def _percent(name: str) -> Column:
    return Column(name, "number", high=100, unit="%", example="76.5")


def _source(name: str, required: bool = False) -> Column:
    return Column(name, "key", required, example="the source's key in references.bib")


_DRUG = Column("drug", "name", True, example="its name as in drugs.csv")
_N = Column("n", "whole", low=1, high=1_000_000, example="12")


@dataclass(frozen=True)
class Table:
    """The columns of one file, what a row must say as a whole, and what makes two rows the same."""

    file: str
    columns: tuple[Column, ...]
    check: Callable[[dict], Iterator[tuple[str, str]]]
    key: tuple[str, ...]

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


def _given(row: dict, *names: str) -> list[str]:
    """Which of these cells are filled."""
    return [n for n in names if row[n] not in ("", None) and not (isinstance(row[n], float) and math.isnan(row[n]))]


def _in_order(row: dict, *names: str) -> Iterator[tuple[str, str]]:
    """Low, middle and high in this order, as far as they are given."""
    filled = _given(row, *names)
    for lower, upper in zip(filled, filled[1:], strict=False):
        if row[lower] > row[upper]:
            yield lower, f"{row[lower]:g} is greater than {upper}, {row[upper]:g}; write low <= value <= high"


def _sourced(row: dict, source: str, *facts: str) -> Iterator[tuple[str, str]]:
    filled = _given(row, *facts)
    if filled and not row[source]:
        yield source, f"{filled[0]} has a value but no source; write its key in references.bib, or empty {filled[0]}"


def _check_drug(row: dict) -> Iterator[tuple[str, str]]:
    yield from _in_order(row, "half_life_low_h", "half_life_h", "half_life_high_h")
    yield from _in_order(row, "dose_low_mg", "dose_high_mg")
    for one, other in (("dose_low_mg", "dose_high_mg"), ("dose_high_mg", "dose_low_mg")):
        if _given(row, one) and not _given(row, other):
            yield other, f"{one} is given and this end of the range is not; write both (the same number twice if one)"
    if _given(row, "metabolite_half_life_h") and not row["active_metabolite"]:
        yield "active_metabolite", "its half-life is given and its name is not; write the metabolite's name"
    yield from _sourced(row, "source_half_life", "half_life_h", "half_life_low_h", "half_life_high_h")
    yield from _sourced(row, "source_metabolite", "active_metabolite", "metabolite_half_life_h")
    yield from _sourced(row, "source_dose", "dose_low_mg", "dose_high_mg")


def _check_affinity(row: dict) -> Iterator[tuple[str, str]]:
    if _given(row, "value_nM"):
        for name in ("kind", "relation", "species"):
            if not row[name]:
                yield name, f"value_nM is given and its {name} is not; write it, or empty value_nM"
        yield from _sourced(row, "source", "value_nM")
    else:
        if row["relation"] in ("<", ">"):
            yield "value_nM", f"relation is {row['relation']!r} and the bound is missing; write it in nM"
        if row["column"]:
            yield "column", "'yes' for a row without a value; write no"
        if not row["note"] and row["relation"] not in ("<", ">"):
            yield "note", "neither a value nor a note; say why there is no reliable value, or delete the row"


def _check_occupancy(row: dict) -> Iterator[tuple[str, str]]:
    ends = _given(row, "low_percent", "high_percent")
    if not _given(row, "dose_mg", "dose_note"):
        yield "dose_mg", "neither a dose nor a dose_note; write the dose in mg, or say in dose_note what was given"
    if not _given(row, "occupancy_percent") and len(ends) < 2:
        yield "occupancy_percent", "neither a value nor both ends of an interval; write a number in %"
    yield from _in_order(row, "low_percent", "occupancy_percent", "high_percent")
    if row["interval"]:
        for name in ("low_percent", "high_percent"):
            if name not in ends:
                yield name, f"interval is {row['interval']} and this end is missing; write it in %, or empty interval"
    elif ends:
        yield "interval", f"{ends[0]} is given and its kind is not; write one of {', '.join(INTERVALS)}"


def _check_curve(row: dict) -> Iterator[tuple[str, str]]:
    halves = _given(row, "half_dose_mg", "half_concentration_ng_ml")
    if not halves and not row["note"]:
        yield "half_dose_mg", "neither a half dose, a half concentration nor a note; write what the source gives"
    if halves and not _given(row, "maximum_percent"):
        yield "maximum_percent", f"{halves[0]} is given and the maximum is not; write it in % (100 if the fit held it)"


def _check_exposure(row: dict) -> Iterator[tuple[str, str]]:
    yield from _in_order(row, "low_ng_ml", "concentration_ng_ml", "high_ng_ml")
    ends = _given(row, "low_ng_ml", "high_ng_ml")
    if row["interval"]:
        for name in ("low_ng_ml", "high_ng_ml"):
            if name not in ends:
                yield (
                    name,
                    f"interval is {row['interval']} and this end is missing; write it in ng/ml, or empty interval",
                )
    elif ends:
        yield "interval", f"{ends[0]} is given and its kind is not; write one of {', '.join(INTERVALS)}"
    yield from _sourced(row, "source_unbound", "unbound_percent")


TABLES = {
    "drugs": Table(
        "drugs.csv",
        (
            Column("name", "name", True, example="the drug's international name in lower case, such as fluoxetine"),
            _choice("class", CLASSES),
            _text("pharmacology", "what it acts on, such as serotonin", True),
            _text("mode_of_action", "how it acts, such as reuptake inhibitor (SERT)", True),
            _hours("half_life_h", "36"),
            _hours("half_life_low_h", "24"),
            _hours("half_life_high_h", "48"),
            _text("active_metabolite", "the metabolite's name"),
            _hours("metabolite_half_life_h", "240"),
            _dose("dose_low_mg"),
            _dose("dose_high_mg"),
            _text("dose_note"),
            _source("source_class", True),
            _source("source_half_life"),
            _source("source_metabolite"),
            _source("source_dose"),
            _text("note"),
        ),
        _check_drug,
        ("name",),
    ),
    "affinities": Table(
        "affinities.csv",
        (
            _DRUG,
            _choice("target", TARGETS),
            _choice("kind", tuple(KIND_GROUPS), False),
            _choice("relation", RELATIONS, False),
            Column("value_nM", "number", low=1e-3, high=1e8, unit="nM", example="4.3"),
            _choice("species", SPECIES, False),
            _text("assay"),
            _source("source"),
            Column("column", "flag", True, ("yes", "no")),
            _text("note"),
        ),
        _check_affinity,
        ("drug", "target", "kind", "species", "assay", "source", "value_nM"),
    ),
    "occupancies": Table(
        "occupancy.csv",
        (
            _DRUG,
            _choice("target", TARGETS),
            _dose("dose_mg"),
            _text("dose_note", "what was given"),
            _percent("occupancy_percent"),
            _percent("low_percent"),
            _percent("high_percent"),
            _choice("interval", INTERVALS, False),
            _N,
            _hours("hours_after_dose", "3", above=False),
            _text("method", "how it was measured, such as PET, [11C]DASB", True),
            _text("region", "where in the brain"),
            _choice("species", SPECIES),
            _source("source", True),
            _text("note"),
        ),
        _check_occupancy,
        ("drug", "target", "dose_mg", "dose_note", "hours_after_dose", "method", "region", "species", "source"),
    ),
    "curves": Table(
        "curves.csv",
        (
            _DRUG,
            _choice("target", TARGETS),
            _percent("maximum_percent"),
            _dose("half_dose_mg"),
            Column("half_concentration_ng_ml", "number", high=1_000_000, above=True, unit="ng/ml", example="12"),
            _N,
            _text("method", "how it was measured, such as PET, [11C]DASB", True),
            _source("source", True),
            _text("note"),
        ),
        _check_curve,
        ("drug", "target", "method", "source"),
    ),
    "exposures": Table(
        "exposures.csv",
        (
            _DRUG,
            Column("compound", "name", True, example="the drug's name, or that of its active metabolite"),
            Column("dose_mg", "number", True, high=5000, above=True, unit="mg", example="20"),
            Column("concentration_ng_ml", "number", True, high=1_000_000, above=True, unit="ng/ml", example="50"),
            Column("low_ng_ml", "number", high=1_000_000, unit="ng/ml", example="30"),
            Column("high_ng_ml", "number", high=1_000_000, unit="ng/ml", example="90"),
            _choice("interval", INTERVALS, False),
            _N,
            Column("unbound_percent", "number", high=100, above=True, unit="%", example="20"),
            Column("molar_mass", "number", True, low=10, high=2000, unit="g/mol", example="324.4"),
            _source("source_concentration", True),
            _source("source_unbound"),
            _text("note"),
        ),
        _check_exposure,
        ("drug", "compound"),
    ),
}


# -- reading -----------------------------------------------------------------------------------------------


def drugs(path: str | Path | None = None) -> pd.DataFrame:
    """Every drug of the book, one row each: widgets/medicines/data/drugs.csv, or a file of the same form at `path`.

    Returns
    -------
    DataFrame
        Columns as in the file. Half-lives are in hours, doses in mg a day by mouth unless `dose_note` says otherwise
        (`attrs["units"]` has the units). Numbers are float with NaN, text is str with "", for "no reliable value".

    Raises
    ------
    DataError
        Names file, line and column of what breaks the form, and how to mend it.
    """
    return _read("drugs", path)


def affinities(drug: str | None = None, target: str | None = None, *, path: str | Path | None = None) -> pd.DataFrame:
    """Affinities in nM, lower is tighter, optionally of one drug, one target or both.

    Parameters
    ----------
    drug, target : str, optional
        A name of `drugs()`; one of `TARGETS`.
    path : path, optional
        A file of your own instead of widgets/medicines/data/affinities.csv.

    Returns
    -------
    DataFrame
        Columns as in the file (`column`, whether selectivity is computed from this row, as bool), and `conflict`: True
        where values of this pair with relation "=" and of comparable kind (Ki and Kd; IC50; EC50) differ more than
        three-fold.

    Raises ValueError for a name that is not known (with the nearest one) and DataError as `drugs` does.
    """
    return _select("affinities", path, drug, target)


def occupancies(drug: str | None = None, target: str | None = None, *, path: str | Path | None = None) -> pd.DataFrame:
    """Occupancies measured in living brains, in percent of the sites: widgets/medicines/data/occupancy.csv.

    Arguments and errors as for `affinities`. Doses are in mg, hours count from the last dose, `n` (people measured) is
    a nullable integer; `interval` says what low_percent and high_percent are (SD and SE: mean minus and plus one).
    """
    return _select("occupancies", path, drug, target)


def curves(drug: str | None = None, target: str | None = None, *, path: str | Path | None = None) -> pd.DataFrame:
    """Published hyperbolas, occupancy = maximum * dose / (dose + half dose): widgets/medicines/data/curves.csv.

    Arguments and errors as for `affinities`. Maxima are in percent, half doses in mg, half concentrations in ng/ml.
    """
    return _select("curves", path, drug, target)


def exposures(drug: str | None = None, *, path: str | Path | None = None) -> pd.DataFrame:
    """Concentrations in blood at a steady daily dose: widgets/medicines/data/exposures.csv.

    One row is one compound, the drug itself or an active metabolite, in people who take `dose_mg` of the drug a day:
    total concentration in ng/ml of plasma or serum, the part of it that is not bound to protein in %, molar mass in
    g/mol. Arguments and errors as for `affinities`.
    """
    return _select("exposures", path, drug, None)


def measured(drug: str, target: str, *, path: str | Path | None = None) -> pd.DataFrame:
    """Occupancies measured in people at a stated dose, as points of a chart of occupancy over dose.

    Returns
    -------
    DataFrame
        A row a measurement: x (dose in mg a day), y (% occupied), low and high (ends of its interval, NaN without
        one), words ("citalopram 20 mg, PET") and source. Measurements whose dose is a range, or whose occupancy is one
        with no middle, are left out; `occupancies` has them.

    Raises ValueError for an unknown drug or target.
    """
    rows = occupancies(drug, target, path=path)
    rows = rows[(rows["species"] == "human") & rows["dose_mg"].notna() & rows["occupancy_percent"].notna()]
    # An hour is the same hour whoever wrote it down; past a day the next tablet would be due.
    rows = rows[~(rows["hours_after_dose"] > 25)].drop_duplicates(["dose_mg", "occupancy_percent", "source"])
    method = rows["method"].str.split(",").str[0]
    words = [f"{drug} {dose:g} mg, {how}" for dose, how in zip(rows["dose_mg"], method, strict=True)]
    columns = {"x": rows["dose_mg"], "y": rows["occupancy_percent"], "low": rows["low_percent"]}
    columns |= {
        "high": rows["high_percent"],
        "words": words,
        "once": rows["dose_note"].str.contains("single|first day"),
    }
    return pd.DataFrame(columns | {"source": rows["source"]}).reset_index(drop=True)


def drug(name: str, *, path: str | Path | None = None) -> pd.Series:
    """One drug's row of `drugs()`, as a Series.

    Raises ValueError, naming the nearest, if there is no such drug.
    """
    table = drugs(path)
    _known_drug(name, table["name"])
    row = table[table["name"] == name].iloc[0]
    row.name = name
    row.attrs["units"] = table.attrs["units"]
    return row


def problems(path: str | Path) -> list[DataError]:
    """Everything that breaks the form of a data file, in the order of its lines; empty if the file is good.

    `path` is a file named as one of the book's (drugs.csv, affinities.csv, occupancy.csv, curves.csv, exposures.csv).
    """
    path = Path(path)
    for kind, table in TABLES.items():
        if table.file == path.name:
            return _examine(kind, path)[1]
    raise ValueError(f"{path.name!r} is none of {', '.join(table.file for table in TABLES.values())}")


def _select(kind: str, path, drug: str | None, target: str | None) -> pd.DataFrame:
    table = _read(kind, path)
    if drug is not None:
        _known_drug(drug, _names(_drugs_beside(_path(kind, path))))
        table = table[table["drug"] == drug]
    if target is not None:
        _known_target(target)
        table = table[table["target"] == target]
    return table.reset_index(drop=True)


def _path(kind: str, path) -> Path:
    return Path(path) if path is not None else DATA / TABLES[kind].file


def _drugs_beside(path: Path) -> Path:
    """The drugs.csv that a file's drugs must be in: the one beside it, otherwise the book's."""
    own = path.parent / "drugs.csv"
    return own if own.exists() else DATA / "drugs.csv"


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when a file does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(kind: str, path) -> pd.DataFrame:
    path = _path(kind, path).absolute()
    companions = (_drugs_beside(path), path.parent / "references.bib", BIBLIOGRAPHY)
    table = _load(kind, path, tuple(_stamp(p) for p in (path, *companions)))
    copy = table.copy(deep=True)
    copy.attrs["units"] = dict(table.attrs["units"])
    return copy


@lru_cache(maxsize=64)
def _load(kind: str, path: Path, stamps: tuple) -> pd.DataFrame:
    """Read a file once for as long as neither it nor what it is checked against changes."""
    table, found = _examine(kind, path)
    if found:
        raise found[0]
    return table


def _examine(kind: str, path: Path) -> tuple[pd.DataFrame, list[DataError]]:
    """The typed table of the good rows, and what is wrong with the others."""
    form = TABLES[kind]
    found: list[DataError] = []

    def refuse(line: int, column: str | None, what: str) -> None:
        at = f"{path.name}, line {line}" + (f", column {column}" if column else "")
        found.append(DataError(f"{at}: {what}", path.name, line, column))

    rows: list[dict] = []
    lines: list[int] = []
    parsed = _lines(path, refuse)
    if parsed and parsed[0][0] == 1 and _check_header(parsed[0][1], form.header, refuse):
        sources = _known_sources(path)
        classes = {} if kind == "drugs" else _classes(_drugs_beside(path))
        names = None if kind == "drugs" else list(classes)
        for line, cells in parsed[1:]:
            row = _row(form, line, cells, names, sources, refuse)
            if row is not None:
                rows.append(row)
                lines.append(line)
        _check_rows(form, rows, lines, classes, refuse)
    found.sort(key=lambda error: error.line)
    return _typed(form, rows), found


def _lines(path: Path, refuse) -> list[tuple[int, list[str]]]:
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


def _check_header(cells: list[str], wanted: list[str], refuse) -> bool:
    fix = f"the header is {','.join(wanted)}"
    for cell in cells:
        if cell not in wanted:
            comma = "; separate cells by commas" if ";" in cell or "\t" in cell else ""
            refuse(1, cell, f"{cell!r} is no column of this file{comma or _nearest(cell, wanted)}; {fix}")
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


def _row(form: Table, line: int, cells: list[str], names, sources, refuse) -> dict | None:
    """One line's typed values by column, or None if something in it was refused."""
    if len(cells) != len(form.columns):
        fix = "put a cell that holds a comma in quotation marks, and keep the commas of empty cells"
        refuse(line, None, f"{len(cells)} cells where the header has {len(form.columns)}; {fix}")
        return None
    row, faults = {}, []
    for column, cell in zip(form.columns, cells, strict=True):
        try:
            row[column.name] = column.parse(cell)
        except ValueError as error:
            faults.append((column.name, str(error)))
            continue
        if column.name == "drug" and cell not in names:
            faults.append(("drug", f"{cell!r} is not in drugs.csv{_nearest(cell, names)}; add it there first"))
        if column.form == "key" and cell and sources is not None and cell not in sources:
            faults.append(
                (column.name, f"{cell!r} is no key of references.bib{_nearest(cell, sources)}; add the source there")
            )
    if not faults:
        faults = list(form.check(row))
    for column, what in faults:
        refuse(line, column, what)
    return None if faults else row


def _check_rows(form: Table, rows: list[dict], lines: list[int], classes: dict[str, str], refuse) -> None:
    """What one row must not do to another: stand twice, or bring a second source into a column."""
    seen: dict[tuple, int] = {}
    for line, row in zip(lines, rows, strict=True):
        # NaN is unequal to itself: an empty cell must equal an empty cell here.
        key = tuple("" if name not in _given(row, name) else row[name] for name in form.key)
        if key in seen:
            what = f"{row[form.key[0]]!r} stands already on line {seen[key]} with the same {_and(form.key)}"
            refuse(line, form.key[0], f"{what}; delete one of the two, or say what sets them apart")
        seen.setdefault(key, line)
    if form.file != "affinities.csv":
        return
    chosen: dict[tuple, int] = {}
    origin: dict[tuple[bool, str], tuple[str, int]] = {}
    for line, row in zip(lines, rows, strict=True):
        if not row["column"]:
            continue
        pair = row["drug"], row["target"]
        if pair in chosen:
            what = f"line {chosen[pair]} is the column's value of {pair[0]} at {pair[1]} already"
            refuse(line, "column", f"{what}; write no on one of them")
            continue
        chosen[pair] = line
        group = next(name for name, targets in TARGET_GROUPS.items() if row["target"] in targets)
        family = classes.get(row["drug"]) == "antipsychotic" and group == "receptors"
        source, first = origin.setdefault((family, group), (row["source"], line))
        if row["source"] != source:
            what = f"'yes' for {row['source']}, but line {first} takes the {group} from {source}"
            refuse(line, "column", f"{what}; columns that are compared have one source: write no")


def _typed(form: Table, rows: list[dict]) -> pd.DataFrame:
    dtypes = {"number": "float64", "whole": "Int64", "flag": "bool"}
    table = pd.DataFrame(
        {
            column.name: pd.Series([row[column.name] for row in rows], dtype=dtypes.get(column.form, "str"))
            for column in form.columns
        }
    )
    if form.file == "affinities.csv":
        table["conflict"] = _conflicts(table)
    table.attrs["units"] = {column.name: column.unit for column in form.columns if column.unit}
    return table


def _conflicts(table: pd.DataFrame) -> pd.Series:
    exact = table[(table["relation"] == "=") & table["value_nM"].notna()]
    values = exact.groupby([exact["drug"], exact["target"], exact["kind"].map(KIND_GROUPS)])["value_nM"]
    apart = values.transform("max") > CONFLICT_RATIO * values.transform("min")
    return apart.reindex(table.index, fill_value=False).astype(bool)


def _names(path: Path) -> list[str]:
    """The drugs' names in a drugs.csv, whatever else is wrong with it (`drugs` says what)."""
    return list(_classes(path))


def _classes(path: Path) -> dict[str, str]:
    """Each drug's class in a drugs.csv, whatever else is wrong with it; "" where it has none."""
    faults: list = []
    parsed = _lines(path, lambda *fault: faults.append(fault))
    if not parsed or "name" not in parsed[0][1]:
        line, column, what = faults[0] if faults else (1, "name", "the column is missing")
        raise DataError(f"{path.name}, line {line}: {what}", path.name, line, column)
    header = parsed[0][1]
    place, where = header.index("name"), header.index("class") if "class" in header else len(header)
    return {cells[place]: cells[where] if len(cells) > where else "" for _, cells in parsed[1:] if len(cells) > place}


def _known_sources(path: Path) -> set[str] | None:
    """The keys a file may cite: the book's and those of a references.bib beside it; None if the book's is not here."""
    if not BIBLIOGRAPHY.exists():
        return None
    files = [BIBLIOGRAPHY, path.parent / "references.bib"]
    texts = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    return {key for text in texts for key in re.findall(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,", text, re.MULTILINE)}


# -- one value ---------------------------------------------------------------------------------------------


def affinity(drug: str, target: str, *, path: str | Path | None = None) -> float:
    """The affinity in nM from the one source of the target's column, or NaN: no reliable value.

    NaN too where that source gives only a bound ("> 10000"); `fingerprint` shows it, and `affinities` shows what other
    sources say. Raises ValueError for an unknown drug or target.
    """
    rows = affinities(drug, target, path=path)
    rows = rows[rows["column"] & (rows["relation"] == "=")]
    return float(rows["value_nM"].iloc[0]) if len(rows) else math.nan


def fingerprint(drug: str, targets: Iterable[str] = TARGETS, *, path: str | Path | None = None) -> pd.DataFrame:
    """What one drug binds, each target from its column's source.

    Returns
    -------
    DataFrame
        Indexed by target, in the order given: value_nM (NaN: no reliable value), relation ("=", ">" or "<": the value
        is a bound; "" without a value), kind and source.

    Raises ValueError for an unknown drug or target.
    """
    targets = _list_of_targets(targets)
    rows = affinities(drug, path=path)
    rows = rows[rows["column"]].set_index("target")
    table = pd.DataFrame(index=pd.Index(targets, name="target"))
    table["value_nM"] = rows["value_nM"].reindex(targets).astype("float64")
    for name in ("relation", "kind", "source"):
        table[name] = rows[name].reindex(targets).fillna("")
    table.attrs["units"] = {"value_nM": "nM"}
    return table


def selectivity(
    drug: str, target_a: str, target_b: str, *, source: str | None = None, path: str | Path | None = None
) -> float:
    """How many times more tightly a drug binds `target_a` than `target_b`: affinity at b / affinity at a.

    Both affinities come from one source, are exact (relation "="), of comparable kind (binding before inhibition) and
    from the same species. The source is the columns' if it gives both, otherwise the only other that does; `source`
    names one instead. A value that a column leaves out although its source gives it (the note says why) counts only
    where `source` asks for it. A database that quotes many laboratories is no such source at all.

    Raises ValueError, naming the sources that exist, if no source gives both; naming them, if several do.
    """
    _known_target(target_a)
    _known_target(target_b)
    table = affinities(path=path)
    rows = affinities(drug, path=path)
    a, b = (rows[rows["target"] == target] for target in (target_a, target_b))
    what, there_is = f"selectivity of {drug} for {target_a} over {target_b}", _sources(a, b)
    if source is None:
        pairs = _ratios(*(each[each["column"] & ~each["source"].isin(DATABASES)] for each in (a, b)))
        if not pairs:
            not_these = [*table.loc[table["column"], "source"], *DATABASES]
            pairs = _ratios(*(rows[~rows["source"].isin(not_these)] for rows in (a, b)))
    elif source in DATABASES:
        raise ValueError(f"{what}: {source} is a database of many laboratories' values; {there_is}")
    else:
        named = sorted({*a["source"], *b["source"]} - {""})
        if source not in named:
            raise ValueError(f"{what}: {source!r} gives neither{_nearest(source, named)}; {there_is}")
        pairs = _ratios(*(rows[rows["source"] == source] for rows in (a, b)))
    if not pairs:
        raise ValueError(
            f"{what}: no single source gives an exact value of the same kind and species at both; {there_is}. "
            "Values of different laboratories are not comparable, nor are those that a database quotes."
        )
    if len(pairs) > 1:
        raise ValueError(f"{what}: {_and(sorted(pairs))} give both; choose one with source=")
    [(origin, ratios)] = pairs.items()
    if max(ratios) > min(ratios):
        raise ValueError(
            f"{what}: {origin} gives several values, whose ratios go from {min(ratios):.3g} to {max(ratios):.3g}; "
            "affinities() lists them"
        )
    return ratios[0]


def _ratios(a: pd.DataFrame, b: pd.DataFrame) -> dict[str, list[float]]:
    """Ratios b / a of values that may be compared, by source; a source's binding constants before its others."""
    found: dict[str, dict[str, list[float]]] = {}
    exact = [rows[(rows["relation"] == "=") & rows["value_nM"].notna()] for rows in (a, b)]
    for one in exact[0].itertuples():
        for other in exact[1].itertuples():
            same = one.source == other.source and one.species == other.species
            kind = KIND_GROUPS[one.kind]
            if same and kind == KIND_GROUPS[other.kind]:
                found.setdefault(one.source, {}).setdefault(kind, []).append(other.value_nM / one.value_nM)
    order = list(dict.fromkeys(KIND_GROUPS.values()))
    return {source: kinds[min(kinds, key=order.index)] for source, kinds in found.items()}


def _sources(a: pd.DataFrame, b: pd.DataFrame) -> str:
    """What each source says of two targets, for an error message."""
    said = []
    for rows in (a, b):
        for row in rows[rows["value_nM"].notna()].itertuples():
            said.append(f"{row.target} {row.kind} {row.relation} {row.value_nM:g} nM, {row.species} ({row.source})")
    return f"there are {'; '.join(said)}" if said else f"there is {NO_VALUE} at either"


def dose_occupancy(
    drug: str, target: str, dose_mg, *, source: str | None = None, path: str | Path | None = None
) -> float | np.ndarray:
    """Fraction of a target that a dose occupies in people, from a published curve.

    Parameters
    ----------
    drug, target : str
    dose_mg : float or array
        Doses in mg, 0..5000; the study's own schedule is in `curves()`, in the column note.
    source : str, optional
        Which curve, where several are published.

    Returns
    -------
    float or ndarray, shape of `dose_mg`
        maximum * dose / (dose + half dose), 0..1.

    Raises ValueError if there is no curve in mg for this pair, naming those the drug has, or if a dose is out of range.
    """
    table = curves(drug, path=path)
    _known_target(target)
    whole = table[table["maximum_percent"].notna() & table["half_dose_mg"].notna()]
    rows = whole[whole["target"] == target]
    if source is not None:
        rows = rows[rows["source"] == source]
    if rows.empty:
        others = [f"{row.target} ({row.source})" for row in whole.itertuples()]
        raise ValueError(
            f"no published curve of dose and occupancy in mg for {drug} at {target}"
            f"{f' by {source}' if source else ''}; for {drug} there is {_and(others) if others else 'none'}"
        )
    if len(rows) > 1:
        found = [f"{row.source} ({row.method})" for row in rows.itertuples()]
        raise ValueError(f"{len(rows)} curves for {drug} at {target}, by {_and(found)}; choose one with source= ")
    dose = _quantity("dose_mg", dose_mg, 0, 5000, "mg")
    curve = rows.iloc[0]
    return _plain(curve["maximum_percent"] / 100 * _bound(dose, np.asarray(curve["half_dose_mg"])))


# -- laws --------------------------------------------------------------------------------------------------


def occupancy(concentration_nM, affinity_nM) -> float | np.ndarray:
    """Fraction of sites that a ligand alone occupies at equilibrium: C / (C + K), 0..1.

    Parameters
    ----------
    concentration_nM : float or array
        Free concentration at the target in nM, 0..1e12.
    affinity_nM : float or array
        Dissociation constant K in nM, 1e-6..1e12: the concentration at which half of the sites are taken.

    Returns
    -------
    float or ndarray
        Shape of the two broadcast together; never falls when the concentration rises.

    Raises ValueError for anything else, NaN included: where there is no reliable value there is no occupancy.
    """
    concentration = _quantity("concentration_nM", concentration_nM, *_CONCENTRATIONS_NM, "nM")
    affinity = _quantity("affinity_nM", affinity_nM, *_AFFINITIES_NM, "nM")
    try:
        np.broadcast_shapes(concentration.shape, affinity.shape)
    except ValueError:
        raise ValueError(
            f"concentration_nM has shape {concentration.shape} and affinity_nM {affinity.shape}, which do not go "
            "together; give one of them as a single number, or both in one shape"
        ) from None
    return _plain(_bound(concentration, affinity))


def competitive_occupancy(concentrations, affinities) -> np.ndarray:
    """Fractions of one target that several competing ligands occupy: (C_i / K_i) / (1 + sum of C_j / K_j).

    Parameters
    ----------
    concentrations : sequence of n numbers, or array of shape (n, ...)
        Free concentration of each ligand in nM, 0..1e12; the first axis runs over the ligands.
    affinities : sequence of n numbers
        Their dissociation constants in nM, 1e-6..1e12.

    Returns
    -------
    ndarray, shape of `concentrations`
        Each 0..1, together at most 1 (the rest of the sites is free). Another competitor never raises a fraction.

    Raises ValueError for values out of range or lists of different lengths.
    """
    concentration = _quantity("concentrations", concentrations, *_CONCENTRATIONS_NM, "nM")
    affinity = _quantity("affinities", affinities, *_AFFINITIES_NM, "nM")
    if concentration.ndim == 0 or affinity.ndim != 1 or len(concentration) != len(affinity) or not len(affinity):
        raise ValueError(
            f"concentrations has shape {concentration.shape} and affinities {affinity.shape}; give one affinity for "
            "each ligand and the concentrations with the ligands along the first axis"
        )
    share = concentration / affinity.reshape(-1, *[1] * (concentration.ndim - 1))
    # fsum rounds once: with a plain sum, one more competitor could move the last digit of the others the wrong way.
    together = 1 + np.apply_along_axis(math.fsum, 0, share)
    return share / together


def _bound(concentration: np.ndarray, affinity: np.ndarray) -> np.ndarray:
    """C / (C + K), written so that rounding cannot make it fall where C rises."""
    with np.errstate(divide="ignore", over="ignore"):
        return 1 / (1 + affinity / concentration)


def _plain(values: np.ndarray) -> float | np.ndarray:
    return float(values) if np.ndim(values) == 0 else values


def _quantity(name: str, values, low: float, high: float, unit: str) -> np.ndarray:
    """Numbers within low..high as an array; ValueError with the first that is none."""
    span = f"{name} must be between {low:g} and {high:g} {unit}"
    kinds = (bool, np.bool_, str, bytes)
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{span}; got lists of different lengths. Give one number, or lists of one length.") from None
    if isinstance(values, kinds) or array.dtype.kind not in "iuf":
        items = array.ravel().tolist() if array.dtype.kind == "O" else [values]
        odd = next((v for v in items if isinstance(v, kinds) or not isinstance(v, numbers.Real)), values)
        raise ValueError(f"{span}; got {odd!r}, which is not a number. Give a number such as {max(low, 1):g}.")
    array = array.astype(float)
    wrong = array[~((array >= low) & (array <= high))]
    if wrong.size:
        if math.isnan(wrong.flat[0]):
            raise ValueError(f"{span}; got NaN: {NO_VALUE}. Leave it out, or give a number.")
        raise ValueError(
            f"{span}; got {wrong.flat[0]:g}. Use {min(max(wrong.flat[0], low), high):g} or a value between."
        )
    return array


# -- checking names ----------------------------------------------------------------------------------------


def _and(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else str(last)


def _nearest(name, options: Iterable[str]) -> str:
    """ " (did you mean 'x'?)" for the closest of `options`, or nothing if none is close."""
    by_lower = {option.lower(): option for option in options}
    close = get_close_matches(str(name).lower(), list(by_lower), n=1, cutoff=0.65)
    return f" (did you mean {by_lower[close[0]]!r}?)" if close else ""


def _known_drug(name, names: Iterable[str]) -> None:
    names = list(names)
    if name not in names:
        raise ValueError(f"no drug named {name!r}{_nearest(name, names)}; drugs() lists the {len(names)} there are")


def _known_target(target) -> None:
    messengers.target(target)


def _list_of_targets(targets) -> list[str]:
    wanted = [targets] if isinstance(targets, str) else list(targets)
    for target in wanted:
        _known_target(target)
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"targets names {next(t for t in wanted if wanted.count(t) > 1)!r} twice; name each once")
    return wanted
