"""Running a model in the kernel: its course in time, where it settles, and how that depends on one constant.

Each function takes a `Model` and `**changes`: new values of its constants, by name. A run starts from
the model's resting state (the steady state with every control at its default) and the change acts from time zero.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from widgets.checks import whole_number
from widgets.engine import settings
from widgets.engine.happenings import with_events
from widgets.engine.integration import integrate
from widgets.engine.results import observe, series, table
from widgets.engine.settings import duration, start_levels, values
from widgets.engine.settling import settle

__all__ = ["fluxes", "scan", "simulate", "steady_state", "values"]


def simulate(model, *, hours=None, milliseconds=None, points=300, start=None, **changes) -> pd.DataFrame:
    """The model's course after a change.

    Parameters
    ----------
    hours, milliseconds : float > 0
        How long to run, in the model's own unit of time (`model.time_unit`).
    points : int >= 2
        Rows of the result, evenly spaced, the first at time 0.
    start : Series, dict or None
        Levels to start from, by species, such as the last row of an earlier run; missing species start at rest.
        Switches (`model.switches`) count from time 0 and always start as the model's text has them.
    **changes
        New values of constants, in the units of `model.parameters`, in force from time 0. A schedule of the model
        (`model.schedules`) is a value too: a list of pairs (time, amount), such as schedule=[(0, 20), (24, 40)].

    Returns
    -------
    DataFrame, shape (points, species + assignments), indexed by time. `attrs["units"]` maps each column, and the
    index's name, to its unit.

    Raises ValueError for an unknown name or a value out of range, naming the parameter, the range and the fix.
    """
    length = duration(model, hours, milliseconds)
    rows = whole_number("points", points, 2)
    given = settings.read(model, changes)
    y0 = start_levels(model, start)
    times = np.linspace(0.0, length, rows)
    if model.events:
        levels = with_events(model, y0, times, given.p, given.moments)
    else:
        levels = integrate(model, y0, times, given.p)
    return table(model, times, levels, given.p)


def steady_state(model, **changes) -> pd.Series:
    """Where the model settles after a change: species and assignments, by name; `attrs["units"]` holds the units.

    Raises ValueError as `simulate` does, and where nothing settles: a model that depends on time, that has an event
    or a moment of a schedule still to come (a dose, a pulse) or that keeps firing.
    """
    given = settings.read(model, changes)
    return series(model, settle(model, given.p, moments=given.moments), given.p)


def fluxes(model, **changes) -> pd.Series:
    """The rate of each reaction once the model has settled, in `model.units` of the reaction (µM/h)."""
    given = settings.read(model, changes)
    y = settle(model, given.p, moments=given.moments)
    rates = observe(model, y, given.p)[len(model.assignments) :]
    result = pd.Series(rates, index=model.reactions, name="flux")
    result.attrs["units"] = {n: model.units[n] for n in model.reactions}
    return result


def scan(model, parameter: str, values_, **changes) -> pd.DataFrame:
    """Steady states along one constant: a row for each of `values_`, columns as in `simulate`."""
    rows = [steady_state(model, **{**changes, parameter: v}) for v in values_]
    table = pd.DataFrame(rows, index=pd.Index(list(values_), name=parameter, dtype=float))
    table.attrs["units"] = {n: model.units[n] for n in table.columns}
    return table
