"""Which conclusions survive a doubtful constant: each is halved and doubled, one at a time.

from widgets.evidence.sensitivity import sensitivity
sensitivity("serotonin")        # a DataFrame: a row for each change, a column for each conclusion
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from widgets.engine import population
from widgets.engine.constants import STATUSES
from widgets.engine.model import Model, load_model
from widgets.engine.settings import values
from widgets.evidence.conclusions import Conclusion, conclusions

DOUBTED = ("assumed", "calibrated")
"""The statuses of constants that sensitivity analysis doubts."""

RESTS: dict[str, dict[str, str]] = {
    "serotonin": {"G_REST": "autoreceptor_g"},
    "adaptation": {"G_REST": "autoreceptor_g", "LEVEL_REST": "extracellular", "OCCUPANCY_REST": "receptor_occupancy"},
    "dopamine": {"A_level": "extracellular"},
    "norepinephrine": {"LEVEL_REST": "extracellular"},
}
"""Constants that say where a level rests, so that a brake is 1 there: they follow when another constant is changed."""

_UNBRAKED: dict[str, dict[str, float]] = {
    "serotonin": {"w_release": 0.0, "w_synthesis": 0.0},
    "adaptation": {"w_release": 0.0, "w_synthesis": 0.0, "raphe_tone": 0.0},
    "dopamine": {"BRAKE_MAX": 0.0, "A_max": 1.0, "A_min": 1.0},
    "norepinephrine": {"BRAKE_MAX": 0.0, "w_firing": 0.0, "A_max": 1.0},
}
"""Constants with which every brake is 1 at every level: what then settles is where the levels rest."""

_NOT_DOUBTED = ("mathematics", "units", "chemistry", "definition")


def doubtful(model: Model, statuses: tuple[str, ...] = DOUBTED) -> pd.DataFrame:
    """The rows of `model.parameters` that may be doubted: no controls, no logarithms, unit factors or molar masses, and
    no constant that only says where a level rests. Raises ValueError for a status that there is not."""
    if isinstance(statuses, str) or not set(statuses) <= set(STATUSES):
        raise ValueError(f"statuses must be some of {STATUSES}, as in ('assumed',); got {statuses!r}.")
    table = model.parameters
    given = table["source"].str.startswith(_NOT_DOUBTED) | table["name"].isin(RESTS.get(model.name, {}))
    return table[~table["control"] & table["status"].isin(statuses) & ~given & (table["value"] != 0)]


def sensitivity(model: str, statuses: tuple[str, ...] = DOUBTED) -> pd.DataFrame:
    """Which conclusions survive halving or doubling each doubtful constant.

    Parameters
    ----------
    model : name of the model.
    statuses : which constants are doubted: "assumed", "calibrated", "published".

    Returns
    -------
    DataFrame, a row for each constant and change: constant, meaning, status, factor (0.5 or 2, or less where the
    constant's range ends before), value (the changed one), then one column for each conclusion (its text) with the
    measure, and `broken`: how many conclusions no longer hold. A measure that cannot be taken is NaN and counts as
    broken. Constants that say where a level rests follow the change (see RESTS), so that a brake stays 1 at rest.
    """
    m = load_model(model)
    own = conclusions(model)
    if not own:
        raise ValueError(f"evidence/conclusions.toml has no conclusion about model {model!r}.")
    tried = changed(m, statuses)
    changes = [each.changes for each in tried]
    columns = {c.text: _measures(m, c, changes) for c in own}
    told = ["constant", "meaning", "status", "factor", "value"]
    result = pd.DataFrame([[getattr(each, name) for name in told] for each in tried], columns=told).assign(**columns)
    broken = [[not c.holds(value) for value in columns[c.text]] for c in own]
    result["broken"] = np.sum(broken, axis=0, dtype=int)
    return result


@dataclass(frozen=True)
class Changed:
    """A doubtful constant with another value.

    factor : `value` over the model's own. changes : the constant and those that say where a level rests, which follow.
    """

    constant: str
    meaning: str
    status: str
    factor: float
    value: float
    changes: dict[str, float]


def changed(m: Model, statuses: tuple[str, ...] = DOUBTED) -> list[Changed]:
    """Each doubtful constant of a model halved and doubled, or as far as its range goes."""
    tried = []
    for row in doubtful(m, statuses).itertuples(index=False):
        for factor in (0.5, 2.0):
            value = min(max(factor * row.value, row.minimum), row.maximum)
            if not math.isclose(value, row.value):
                changes = with_rest(m, {row.name: value})
                tried.append(Changed(row.name, row.meaning, row.status, value / row.value, value, changes))
    return tried


def with_rest(m: Model, change: dict[str, float]) -> dict[str, float]:
    """A change, and what it makes of the constant that says where a level rests."""
    rests = RESTS.get(m.name, {})
    try:
        state = m.steady_state(**{**change, **_UNBRAKED[m.name]}) if rests else {}
    except ValueError:
        return change
    return {**change, **{constant: float(state[level]) for constant, level in rests.items()}}


def _measures(m: Model, conclusion: Conclusion, changes: list[dict[str, float]]) -> list[float]:
    """The measure of one conclusion with each change of constants; ratios of settled levels all at once.

    Where there are events, each on its own: whether one is still to come decides if anything settles.
    """
    e = conclusion.experiment

    def one(change):
        try:
            return e.take(**change)
        except ValueError:
            return math.nan  # With this constant the model cannot be run, or does not settle.

    if e.measure != "ratio" or not changes or m.events or m.system.depends_on_time:
        return [one(change) for change in changes]

    def settled(settings):
        p = np.array([values(m, {**change, **settings}) for change in changes]).T
        start = np.repeat(m.baseline.to_numpy(float)[:, None], len(changes), axis=1)
        return population.named(m, population.settle_all(m, p, start), p)[e.output]

    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            return list(settled(e.change) / settled(e.against))
    except ValueError:
        return [one(change) for change in changes]
