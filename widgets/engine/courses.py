"""Many people in time: the same model run in each of them, and what these courses have in common.

`simulate_population(model, hours=...)` gives the courses; `quantiles` draws a fan from them. The page's labs make the
same from the same seed (`frontend/src/model/fan.ts`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from widgets import checks
from widgets.engine.happenings import with_events
from widgets.engine.integration import integrate
from widgets.engine.schedules import Moment

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The fan of the labs: half of the people lie between the second and the fourth, nine in ten between the outer ones."""


def courses(
    model, p: np.ndarray, starts: np.ndarray, times: np.ndarray, moments: Sequence[Moment], output: str
) -> np.ndarray:
    """One output of everybody, shape (times, people); NaN for a person in whom the model cannot be run.

    p : everybody's constants, shape (constants, people). starts : levels to start from, shape (species, people).
    times : shape (times,), ascending, from 0. moments : of the schedules, the same for everybody.
    """
    found = np.full((len(times), p.shape[1]), np.nan)
    place = [*model.species, *model.assignments].index(output)
    for person in range(p.shape[1]):
        own = p[:, person]
        try:
            if model.events:
                levels = with_events(model, starts[:, person], times, own, moments)
            else:
                levels = integrate(model, starts[:, person], times, own)
        except ValueError:  # This person's constants make no model that can be run; the others' do.
            continue
        if place < len(model.species):
            found[:, person] = levels[:, place]
        else:
            seen = model.system.observe(times, list(levels.T), list(own))[place - len(model.species)]
            found[:, person] = np.broadcast_to(np.asarray(seen, float), times.shape)
    return found


def table(model, times: np.ndarray, found: np.ndarray, output: str) -> pd.DataFrame:
    """The courses as a DataFrame; see `simulate_population`."""
    unit = {"hour": "h", "millisecond": "ms"}[model.time_unit]
    index = pd.Index(times, name=f"{model.time_unit}s")
    runs = pd.DataFrame(found, index=index, columns=pd.RangeIndex(found.shape[1], name="person"))
    runs.attrs["output"] = output
    runs.attrs["units"] = {index.name: unit, output: model.units[output]}
    return runs


def quantiles(runs: pd.DataFrame, shares: Sequence[float] = SHARES) -> pd.DataFrame:
    """What shares of the people lie below, at each moment.

    runs : as `simulate_population` gives them in time, shape (times, people); people without a course are left out.
    shares : numbers from 0 to 1, in the order wanted.

    Returns a DataFrame, shape (times, shares), indexed by time, a column a share, in the unit of the output; between
    two people a straight line, as numpy and pandas have it. `attrs` as of `runs`.
    Raises ValueError for a share out of range and where nobody has a course.
    """
    wanted = [checks.number("A share of the people", share, 0.0, 1.0) for share in shares]
    known = runs.dropna(axis=1)
    if known.empty:
        raise ValueError("Nobody here has a course to take quantiles of.")
    found = pd.DataFrame(
        np.quantile(known.to_numpy(), wanted, axis=1).T, index=runs.index, columns=pd.Index(wanted, name="share")
    )
    found.attrs = dict(runs.attrs)
    return found
