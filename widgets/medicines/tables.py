"""The tables of medicines: what each is, what it binds, what a dose occupied in people, what stands in blood.

    from widgets import affinities, drug, occupancies
    drug("fluoxetine")["half_life_h"]                 # 120.0
    affinities("sertraline", "SERT")                  # every value, its source, whether others contradict it

Five tables in widgets/medicines/data/ hold the facts: drugs.csv, affinities.csv, occupancy.csv, curves.csv and
exposures.csv.
One row is one fact, its source is a key in references.bib, and an empty cell means that no reliable value was found.
`drugs`, `affinities`, `occupancies`, `curves` and `exposures` read them; each takes `path=` for a file of your own in
the same form, which may keep a drugs.csv and a references.bib beside it. A file that breaks the form is refused with
a `DataError` that names file, line and column; `problems` lists all of them.

Nothing here is advice: doses are context for the reader of a paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd

from widgets import messengers
from widgets.checks import meant
from widgets.medicines import files
from widgets.medicines.schema import TABLES
from widgets.reading import DataError

DATA = Path(__file__).parent / "data"
# It lies in the checkout, not in the wheel; without it a source's key is checked for its form alone.
BIBLIOGRAPHY = Path(__file__).parents[2] / "references.bib"


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
        A name of `drugs()`; a key of `widgets.messengers.TARGETS`.
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


def stamps() -> tuple[tuple[int, int] | None, ...]:
    """What changes when one of the book's tables does."""
    return tuple(_stamp(DATA / table.file) for table in TABLES.values())


# -- reading, once -----------------------------------------------------------------------------------------


def _select(kind: str, path: str | Path | None, drug: str | None, target: str | None) -> pd.DataFrame:
    table = _read(kind, path)
    if drug is not None:
        _known_drug(drug, files.classes_in(_drugs_beside(_path(kind, path))))
        table = table[table["drug"] == drug]
    if target is not None:
        messengers.target(target)
        table = table[table["target"] == target]
    return table.reset_index(drop=True)


def _known_drug(name: str, names: Iterable[str]) -> None:
    names = list(names)
    if name not in names:
        raise ValueError(f"no drug named {name!r}{meant(name, names)}; drugs() lists the {len(names)} there are")


def _path(kind: str, path: str | Path | None) -> Path:
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


def _read(kind: str, path: str | Path | None) -> pd.DataFrame:
    path = _path(kind, path).absolute()
    companions = (_drugs_beside(path), path.parent / "references.bib", BIBLIOGRAPHY)
    table = _load(kind, path, tuple(_stamp(p) for p in (path, *companions)))
    copy = table.copy(deep=True)
    copy.attrs["units"] = dict(table.attrs["units"])
    return copy


@lru_cache(maxsize=64)
def _load(kind: str, path: Path, stamps: tuple[object, ...]) -> pd.DataFrame:
    """Read a file once for as long as neither it nor what it is checked against changes."""
    table, found = _examine(kind, path)
    if found:
        raise found[0]
    return table


def _examine(kind: str, path: Path) -> tuple[pd.DataFrame, list[DataError]]:
    """A file may cite the book's sources and those of a references.bib beside it."""
    sources = files.keys_in(BIBLIOGRAPHY, path.parent / "references.bib") if BIBLIOGRAPHY.exists() else None
    return files.examine(kind, path, _drugs_beside(path), sources)
