"""From a daily dose to how much of each target it occupies, in people, with what that rests on.

    from widgets import dose_response
    found = dose_response("venlafaxine", "NET")
    found.basis, found.half_dose_mg      # ("affinity", ...)
    found.occupancy(75)                  # fraction, 0..1

Whatever it rests on, the answer is one hyperbola, maximum * dose / (dose + half dose):

measured curve
    a curve published with its half dose (curves.csv);
measured points
    a curve drawn here through occupancies measured at stated doses (occupancy.csv); a study's "minimum therapeutic
    dose" is taken to be the lowest usual one, and what scans found at high doses or as a plateau, of this drug or,
    where nobody looked, of others, to be held at the highest usual one. Where nothing is known of high doses, its
    maximum is all;
affinity
    the unbound concentration in blood at a steady dose (exposures.csv) and the affinity in the test tube
    (affinities.csv). Active metabolites count: each adds its own concentration over its own affinity.

The first that there is, is taken. The last assumes that the brain sees the unbound concentration of blood and that a
target binds in the brain as in the test tube. Where both are known the two can differ widely, which is why each answer
carries its basis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from widgets import messengers
from widgets.checks import joined
from widgets.medicines import tables
from widgets.medicines.binding import bound, plain, quantity
from widgets.medicines.schema import DATABASES, KIND_GROUPS
from widgets.medicines.tables import curves

MEASURED_CURVE, MEASURED_POINTS, AFFINITY = "measured curve", "measured points", "affinity"

# Rows of a fingerprint: the name shown, and the targets of affinities.csv that answer for it, the first known first.
ROWS = {key: target.answers for key, target in messengers.FINGERPRINT.items()}


@dataclass(frozen=True)
class DoseResponse:
    """What a daily dose of one drug occupies of one target: maximum * dose / (dose + half dose).

    drug, target : str
    maximum : float
        Largest fraction that a dose can occupy, 0..1.
    half_dose_mg : float
        Dose in mg a day that occupies half of that.
    basis : "measured curve", "measured points" or "affinity"
    sources : tuple of str
        Keys of references.bib.
    bound : bool
        The affinity is only known to be weaker than a bound: the occupancy is at most what is given.
    compounds : tuple of str
        What acts at the target: the drug, and its metabolites where their affinity is known (basis "affinity").
    """

    drug: str
    target: str
    maximum: float
    half_dose_mg: float
    basis: str
    sources: tuple[str, ...]
    bound: bool = False
    compounds: tuple[str, ...] = ()

    def occupancy(self, dose_mg) -> float | np.ndarray:
        """Fraction occupied, 0..1, at a daily dose in mg (0..5000; a number or an array)."""
        dose = quantity("dose_mg", dose_mg, 0, 5000, "mg")
        return plain(self.maximum * dose / (dose + self.half_dose_mg))


def dose_response(drug: str, target: str) -> DoseResponse | None:
    """How the occupancy of a target grows with the daily dose of a drug; None where neither is known.

    Parameters
    ----------
    drug : str
        A name of `widgets.drugs()`.
    target : str
        A target of `TARGETS`, or the name of a fingerprint's row (`ROWS`: "alpha1" answers with alpha1A where
        that is what was measured).

    Raises ValueError for an unknown drug or target, naming the nearest.
    """
    if target not in ROWS:
        messengers.target(target)
    return _dose_response(drug, target, tables.stamps())


@lru_cache(maxsize=4096)
def _dose_response(drug: str, target: str, stamps: tuple) -> DoseResponse | None:
    tables.drug(drug)
    for name in ROWS.get(target, (target,)):
        found = _measured_curve(drug, name) or _measured_points(drug, name) or from_affinity(drug, name)
        if found is not None:
            return found
    return None


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
    messengers.target(target)
    whole = table[table["maximum_percent"].notna() & table["half_dose_mg"].notna()]
    rows = whole[whole["target"] == target]
    if source is not None:
        rows = rows[rows["source"] == source]
    if rows.empty:
        others = [f"{row.target} ({row.source})" for row in whole.itertuples()]
        raise ValueError(
            f"no published curve of dose and occupancy in mg for {drug} at {target}"
            f"{f' by {source}' if source else ''}; for {drug} there is {joined(others) if others else 'none'}"
        )
    if len(rows) > 1:
        found = [f"{row.source} ({row.method})" for row in rows.itertuples()]
        raise ValueError(f"{len(rows)} curves for {drug} at {target}, by {joined(found)}; choose one with source= ")
    dose = quantity("dose_mg", dose_mg, 0, 5000, "mg")
    curve = rows.iloc[0]
    return plain(curve["maximum_percent"] / 100 * bound(dose, np.asarray(curve["half_dose_mg"])))


def occupancies_at(drug: str, dose_mg: float) -> pd.DataFrame:
    """What one daily dose occupies: rows are the targets of `ROWS` that are known, in their order.

    Columns: occupancy (0..1), basis, half_dose_mg, maximum, bound, sources. Raises ValueError for an unknown drug or a
    dose outside 0..5000 mg.
    """
    rows = [(name, found) for name in ROWS if (found := dose_response(drug, name)) is not None]
    return pd.DataFrame(
        {
            "occupancy": [found.occupancy(dose_mg) for _, found in rows],
            "basis": [found.basis for _, found in rows],
            "half_dose_mg": [found.half_dose_mg for _, found in rows],
            "maximum": [found.maximum for _, found in rows],
            "bound": [found.bound for _, found in rows],
            "sources": [found.sources for _, found in rows],
        },
        index=pd.Index([name for name, _ in rows], name="target"),
    )


def concentration_per_mg(drug: str) -> float:
    """Mean total concentration of the drug itself in blood, ng/ml, for each mg taken a day; NaN if not known."""
    rows = tables.exposures(drug)
    rows = rows[rows["compound"] == drug]
    return float(rows["concentration_ng_ml"].iloc[0] / rows["dose_mg"].iloc[0]) if len(rows) else math.nan


# -- the three ways ----------------------------------------------------------------------------------------


def _measured_curve(drug: str, target: str) -> DoseResponse | None:
    rows = _table("curves", drug)
    rows = rows[(rows["target"] == target) & rows["maximum_percent"].notna() & rows["half_dose_mg"].notna()]
    if rows.empty:
        return None
    # Daily doses before single ones, then the larger study.
    daily = rows["note"].str.contains("daily").astype(int)
    row = rows.assign(daily=daily, people=rows["n"].fillna(0).astype(int)).sort_values(["daily", "people"]).iloc[-1]
    return DoseResponse(
        drug, target, row["maximum_percent"] / 100, row["half_dose_mg"], MEASURED_CURVE, (row["source"],)
    )


def _measured_points(drug: str, target: str) -> DoseResponse | None:
    points = pd.concat([tables.measured(drug, target), _at_the_smallest_dose(drug, target)], ignore_index=True)
    if not points["once"].all():
        points = points[~points["once"].astype(bool)]
    points = points[points["y"].between(1, 99.5)]
    if points.empty:
        return None
    doses, shares = points["x"].to_numpy(float), points["y"].to_numpy(float) / 100
    dose, held, found_by = _at_high_doses(drug, target)
    high = dose > doses.max() and held > shares.max()
    most = _maximum(doses, shares, dose, held) if high else 1.0
    sources = [*points["source"], *(found_by if high else ())]
    return DoseResponse(drug, target, most, _half(doses, shares, most), MEASURED_POINTS, tuple(dict.fromkeys(sources)))


def _half(doses: np.ndarray, shares: np.ndarray, most: float) -> float:
    """The half dose of a curve with this maximum: the middle, on a logarithmic scale, of what each point gives."""
    return math.exp(float(np.log(doses * (most - shares) / shares).mean()))


def _maximum(doses: np.ndarray, shares: np.ndarray, dose: float, held: float) -> float:
    """The maximum of the curve through the points that holds `held` at `dose`; 1 if even that holds less."""

    def short(most: float) -> float:
        return most * dose / (dose + _half(doses, shares, most)) - held

    # Just above `held` the curve is flat and holds less than that at `dose`; the higher the maximum, the more it holds.
    return float(brentq(short, held, 1.0)) if short(1.0) > 0 else 1.0


def _at_high_doses(drug: str, target: str) -> tuple[float, float, list[str]]:
    """The highest usual dose, the fraction that scans found at high doses or as a plateau, and who found it.

    That of the drug itself, else the mean over others at that target; NaN where nobody looked.
    """
    scans = tables.occupancies(target=target)
    scans = scans[scans["dose_mg"].isna() & scans["dose_note"].str.startswith("high therapeutic dose")]
    scans = scans[scans["species"] == "human"]
    flat = tables.curves()
    flat = flat[(flat["target"] == target) & flat["half_dose_mg"].isna() & flat["half_concentration_ng_ml"].isna()]
    found = pd.concat(
        [
            scans[["drug", "occupancy_percent", "source"]].rename(columns={"occupancy_percent": "held"}),
            flat[["drug", "maximum_percent", "source"]].rename(columns={"maximum_percent": "held"}),
        ]
    ).dropna()
    own = found[found["drug"] == drug]
    found = found if own.empty else own
    dose = float(tables.drug(drug)["dose_high_mg"])
    return dose, float(found["held"].mean()) / 100, list(found["source"])


def _at_the_smallest_dose(drug: str, target: str) -> pd.DataFrame:
    """What a study found at "minimum therapeutic dose", taken to be the lowest usual dose of drugs.csv."""
    rows = tables.occupancies(drug, target)
    smallest = rows["dose_mg"].isna() & rows["dose_note"].str.startswith("minimum therapeutic dose")
    rows = rows[smallest & (rows["species"] == "human")]
    dose = float(tables.drug(drug)["dose_low_mg"])
    return pd.DataFrame({"x": dose, "y": rows["occupancy_percent"], "once": False, "source": rows["source"]}).dropna()


def from_affinity(drug: str, target: str) -> DoseResponse | None:
    """What a daily dose would occupy by affinity and unbound concentration alone; None where either is unknown."""
    together, sources, compounds, bound = 0.0, [], [], False
    for row in _table("exposures", drug).itertuples():
        if math.isnan(row.unbound_percent):
            continue
        known = _affinity(row.compound, target)
        if known is None:
            continue
        value, relation, source = known
        if relation == ">" and row.compound != drug:
            continue  # a metabolite that may not bind at all adds nothing that is known
        # Unbound nanomoles per litre for each mg a day: ng/ml over g/mol is µmol/l.
        unbound = 1000 * row.concentration_ng_ml / row.molar_mass * row.unbound_percent / 100 / row.dose_mg
        together += unbound / value
        sources += [row.source_concentration, row.source_unbound, source]
        compounds.append(row.compound)
        bound = bound or relation == ">"
    if not compounds:
        return None
    return DoseResponse(
        drug, target, 1.0, 1 / together, AFFINITY, tuple(dict.fromkeys(sources)), bound, tuple(compounds)
    )


def _affinity(compound: str, target: str) -> tuple[float, str, str] | None:
    """(nM, relation, source): the column's value, otherwise the best there is; None without a value."""
    rows = _table("affinities", compound)
    rows = rows[(rows["target"] == target) & rows["value_nM"].notna() & (rows["relation"] != "<")]
    if rows.empty:
        return None
    order = list(KIND_GROUPS.values())
    ranked = rows.assign(
        loose=rows["relation"] != "=",
        other=~rows["column"],
        kind_rank=rows["kind"].map(lambda kind: order.index(KIND_GROUPS[kind])),
        animal=rows["species"] != "human",
        database=rows["source"].isin(DATABASES),
    ).sort_values(["other", "loose", "animal", "database", "kind_rank"], kind="stable")
    best = ranked.iloc[0]
    same = ranked[
        (ranked["source"] == best["source"]) & (ranked["kind"] == best["kind"]) & (ranked["species"] == best["species"])
        & (ranked["column"] == best["column"]) & (ranked["relation"] == best["relation"])
    ]  # fmt: skip
    return float(np.exp(np.log(same["value_nM"]).mean())), best["relation"], best["source"]


def _table(kind: str, drug: str) -> pd.DataFrame:
    """The rows of one drug; of a metabolite that is no drug of the book, none."""
    table = _whole(kind, tables.stamps())
    return table[table["drug"] == drug]


@lru_cache(maxsize=8)
def _whole(kind: str, stamps: tuple) -> pd.DataFrame:
    return getattr(tables, kind)()
