"""How far occupancies reckoned from affinity lie from those that scans found: the error that a reckoned bar carries.

from widgets.medicines.reckoning import beside_scans, typical_error
beside_scans()          # a DataFrame: medicine, target, dose, by scan, reckoned, error in points
typical_error()         # the median of its errors, in points of per cent
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from widgets.medicines import tables
from widgets.medicines.dosing import from_affinity


def beside_scans() -> pd.DataFrame:
    """Each occupancy that a scan found in people at a stated dose, beside what affinity and blood make of that dose.

    Returns
    -------
    DataFrame, a row for each scan of a pair of medicine and target that can be reckoned too: drug, target, dose_mg,
    scanned and reckoned (per cent), error (reckoned less scanned, in points), source (of the scan). Where affinity is
    only known to be weaker than a bound there is nothing to compare.
    """
    return _beside_scans(tables.stamps()).copy()


@lru_cache(maxsize=4)
def _beside_scans(stamps: tuple) -> pd.DataFrame:
    rows = tables.occupancies()
    rows = rows[(rows["species"] == "human") & rows["dose_mg"].notna() & rows["occupancy_percent"].notna()]
    found = []
    for row in rows.itertuples():
        reckoned = from_affinity(row.drug, row.target)
        if reckoned is None or reckoned.bound:
            continue
        value = 100 * reckoned.occupancy(row.dose_mg)
        found.append((row.drug, row.target, row.dose_mg, row.occupancy_percent, value, row.source))
    table = pd.DataFrame(found, columns=["drug", "target", "dose_mg", "scanned", "reckoned", "source"])
    return table.assign(error=table["reckoned"] - table["scanned"])


def typical_error() -> float:
    """The median of how far reckoning lies off the scans, in points of per cent."""
    return float(beside_scans()["error"].abs().median())
