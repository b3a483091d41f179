"""What binds, and how much of it: affinities of one source, their ratios, and the law of mass action.

    from widgets import affinity, occupancy, selectivity
    affinity("sertraline", "SERT")                    # nM, from the one source of that column, or NaN
    selectivity("sertraline", "SERT", "NET")          # how many times more tightly it binds the first
    occupancy(2.0, affinity("sertraline", "SERT"))    # fraction of the sites taken, 0..1

Published affinities for one pair of drug and target differ several-fold between laboratories. Both values are kept and
flagged (`conflict`), and a ratio of two affinities is taken within one source only. Affinity is not occupancy: what a
dose occupies in people depends on how much of it reaches the brain, so measured occupancies stand in tables of their
own.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from widgets import messengers
from widgets.checks import joined, meant
from widgets.medicines.schema import DATABASES, KIND_GROUPS, NO_VALUE, TARGETS
from widgets.medicines.tables import affinities

# Far beyond what dissolves or binds: limits that keep the laws below exact in floating point.
_CONCENTRATIONS_NM = (0.0, 1e12)
_AFFINITIES_NM = (1e-6, 1e12)


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
    targets = checked_targets(targets)
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
    messengers.target(target_a)
    messengers.target(target_b)
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
            raise ValueError(f"{what}: {source!r} gives neither{meant(source, named)}; {there_is}")
        pairs = _ratios(*(rows[rows["source"] == source] for rows in (a, b)))
    if not pairs:
        raise ValueError(
            f"{what}: no single source gives an exact value of the same kind and species at both; {there_is}. "
            "Values of different laboratories are not comparable, nor are those that a database quotes."
        )
    if len(pairs) > 1:
        raise ValueError(f"{what}: {joined(sorted(pairs))} give both; choose one with source=")
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


def checked_targets(targets) -> list[str]:
    wanted = [targets] if isinstance(targets, str) else list(targets)
    for target in wanted:
        messengers.target(target)
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"targets names {next(t for t in wanted if wanted.count(t) > 1)!r} twice; name each once")
    return wanted


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
    concentration = quantity("concentration_nM", concentration_nM, *_CONCENTRATIONS_NM, "nM")
    affinity = quantity("affinity_nM", affinity_nM, *_AFFINITIES_NM, "nM")
    try:
        np.broadcast_shapes(concentration.shape, affinity.shape)
    except ValueError:
        raise ValueError(
            f"concentration_nM has shape {concentration.shape} and affinity_nM {affinity.shape}, which do not go "
            "together; give one of them as a single number, or both in one shape"
        ) from None
    return plain(bound(concentration, affinity))


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
    concentration = quantity("concentrations", concentrations, *_CONCENTRATIONS_NM, "nM")
    affinity = quantity("affinities", affinities, *_AFFINITIES_NM, "nM")
    if concentration.ndim == 0 or affinity.ndim != 1 or len(concentration) != len(affinity) or not len(affinity):
        raise ValueError(
            f"concentrations has shape {concentration.shape} and affinities {affinity.shape}; give one affinity for "
            "each ligand and the concentrations with the ligands along the first axis"
        )
    share = concentration / affinity.reshape(-1, *[1] * (concentration.ndim - 1))
    # fsum rounds once: with a plain sum, one more competitor could move the last digit of the others the wrong way.
    together = 1 + np.apply_along_axis(math.fsum, 0, share)
    return share / together


def bound(concentration: np.ndarray, affinity: np.ndarray) -> np.ndarray:
    """C / (C + K), written so that rounding cannot make it fall where C rises."""
    with np.errstate(divide="ignore", over="ignore"):
        return 1 / (1 + affinity / concentration)


# -- numbers in and out ------------------------------------------------------------------------------------


def plain(values: np.ndarray) -> float | np.ndarray:
    return float(values) if np.ndim(values) == 0 else values


def quantity(name: str, values, low: float, high: float, unit: str) -> np.ndarray:
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
