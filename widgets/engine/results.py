"""What a run gives back: levels and what follows from them, by name and with units."""

from __future__ import annotations

import numpy as np
import pandas as pd


def observe(model, y, p) -> np.ndarray:
    return np.array([float(v) for v in model.system.observe(0.0, list(y), list(p))])


def series(model, y, p) -> pd.Series:
    assigned = observe(model, y, p)[: len(model.assignments)]
    names = [*model.species, *model.assignments]
    result = pd.Series([*y, *assigned], index=names, name="steady state", dtype=float)
    result.attrs["units"] = {n: model.units[n] for n in names}
    return result


def table(model, times, levels, p) -> pd.DataFrame:
    seen = model.system.observe(times, list(levels.T), list(p))[: len(model.assignments)]
    columns = dict(zip(model.species, levels.T, strict=True))
    for name, value in zip(model.assignments, seen, strict=True):
        columns[name] = np.broadcast_to(np.asarray(value, float), times.shape)
    unit = {"hour": "h", "millisecond": "ms"}[model.time_unit]
    index = pd.Index(times, name={"h": "hours", "ms": "milliseconds"}[unit])
    table = pd.DataFrame(columns, index=index)
    table.attrs["units"] = {index.name: unit, **{n: model.units[n] for n in columns}}
    return table
