"""Many people at once: the same model with constants that differ from person to person.

    from widgets import load_model, simulate_population
    people = simulate_population(load_model("serotonin"), n=1000, spread=0.2, reuptake_inhibition=0.8)
    (people["extracellular"] / people["extracellular_rest"]).describe()

Everybody's equations are stepped together, as arrays over people, so that a thousand people cost the kernel about as
much as a hundred runs one after another.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping

import numpy as np
import pandas as pd
import sympy

from . import simulation

# Linearly implicit Euler: one linear solution a step, whatever its length. The steps grow as the levels come to rest.
FIRST_STEP = 1e-3
GROWTH = 1.7
LARGEST_CHANGE = 0.2
STEPS = 250
LONGEST = 1e9
RESIDUAL = 1e-9


def simulate_population(
    model,
    n: int = 1000,
    spread: float | Mapping[str, float] = 0.2,
    *,
    seed: int = 0,
    **changes: float,
) -> pd.DataFrame:
    """Where each of `n` people settles, at rest and after a change.

    Parameters
    ----------
    model : widgets.model.Model
    n : int, 1 to 100,000
        Number of people.
    spread : float or mapping, 0 to 1
        Standard deviation of the natural logarithm of each constant over people (0.2 is about 20 %): one number for
        every constant that is not a control, or a mapping from constants to numbers, the others then being the same
        in everybody. How widely most of these constants vary between people has not been measured: a spread is an
        assumption, to be named as one.
    seed : int
        The same seed gives the same people.
    **changes
        New values of constants, the same for everybody, in the units of `model.parameters`.

    Returns
    -------
    DataFrame, one row a person. Columns: species and assignments after the change, the same with `_rest` before it,
    and the constants that differ between people. Units as in `Model.simulate`; `attrs["units"]` maps each column.

    Raises ValueError for a value out of range or an unknown name, as `Model.simulate` does, and for a model that
    depends on time or does not settle.
    """
    people = _count("n", n, 1, 100_000)
    if model._depends_on_time:
        raise ValueError(f"Model {model.name!r} depends on time and has no steady state: run it with simulate.")
    widths = _widths(model, spread)
    changed = simulation.values(model, changes)
    draws = np.random.default_rng(_count("seed", seed, 0, 2**63 - 1)).standard_normal((len(model._defaults), people))
    factors = np.exp(widths[:, None] * draws)

    at_rest = model._defaults[:, None] * factors
    # A constant the reader sets is set, for everybody.
    own = ~np.isin(model._parameters["name"].to_numpy(), list(changes))
    treated = np.where(own[:, None], at_rest, changed[:, None])

    first = np.repeat(model.baseline.to_numpy(float)[:, None], people, axis=1)
    rest = _settle_all(model, at_rest, first)
    after = _settle_all(model, treated, rest)

    table = {**_named(model, after, treated), **{f"{k}_rest": v for k, v in _named(model, rest, at_rest).items()}}
    units = {name: model.units[name.removesuffix("_rest")] for name in table}
    for name, unit, width, values in zip(
        model._parameters["name"], model._parameters["unit"], widths, at_rest, strict=True
    ):
        if width > 0:
            table[name], units[name] = values, unit
    result = pd.DataFrame(table, index=pd.RangeIndex(people, name="person"))
    result.attrs["units"] = units
    return result


def _count(name: str, value, least: int, most: int) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}; got {value!r}.")
    return int(value)


def _widths(model, spread) -> np.ndarray:
    """The spread of each constant, in the order of model.parameters."""
    table = model._parameters
    given = spread if isinstance(spread, Mapping) else None
    pairs = given.items() if given is not None else [("spread", spread)]
    for name, width in pairs:
        wrong = isinstance(width, (bool, np.bool_)) or not isinstance(width, numbers.Real)
        if wrong or not math.isfinite(width) or not 0 <= width <= 1:
            raise ValueError(
                f"The spread of {name} must be a number from 0 to 1 (0.2 is about 20 %); got {width!r}."
                if given is not None
                else f"spread must be a number from 0 to 1 (0.2 is about 20 %); got {width!r}."
            )
    if given is None:
        return np.where(table["control"], 0.0, float(spread))
    # Names are checked where every other name is.
    simulation.values(model, {name: float(table.loc[table["name"] == name, "value"].sum()) for name in given})
    return np.array([float(given.get(name, 0.0)) for name in table["name"]])


def _vectorised(model):
    """rhs and Jacobian over people; kept with the model, because writing them takes longer than running them."""
    if not hasattr(model, "_population_functions"):
        y = [model._symbols[name] for name in model.species]
        p = [model._symbols[name] for name in model._parameters["name"]]
        entries = [(i, e) for i, e in enumerate(model._jacobian) if e != 0]
        model._population_functions = (
            sympy.lambdify([y, p], model._rhs, modules="numpy", cse=True),
            sympy.lambdify([y, p], [e for _, e in entries], modules="numpy", cse=True),
            np.array([i for i, _ in entries]),
        )
    return model._population_functions


def _settle_all(model, p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Steady states, shape (species, people), for constants of shape (constants, people), from the levels y.

    Each person's step grows on its own while the levels change little and shrinks while they change much; the few who
    have not come to rest at the end are handed to the model's own slower and surer method.
    """
    f, jacobian, places = _vectorised(model)
    size, people = y.shape
    y, constants, step = y.copy(), list(p), np.full(people, FIRST_STEP)
    floor = simulation._scale(model.baseline.to_numpy(float))[:, None] * 1e-6
    one = np.eye(size)
    for _ in range(STEPS):
        rate = np.array([np.broadcast_to(value, people) for value in f(list(y), constants)])
        matrix = np.zeros((people, size * size))
        matrix[:, places] = np.array([np.broadcast_to(v, people) for v in jacobian(list(y), constants)]).T
        system = one / step[:, None, None] - matrix.reshape(people, size, size)
        with np.errstate(all="ignore"):
            change = np.linalg.solve(system, rate.T[..., None])[..., 0].T
        size_of_change = np.max(np.abs(change) / (np.abs(y) + floor), axis=0)
        good = np.isfinite(change).all(axis=0) & (y + change >= -floor)[model._amounts].all(axis=0)
        y = np.where(good, np.where(model._amounts[:, None], np.maximum(y + change, 0.0), y + change), y)
        faster = good & (size_of_change < LARGEST_CHANGE)
        step = np.where(faster, np.minimum(step * GROWTH * np.where(size_of_change < 0.02, 3, 1), LONGEST), step)
        step = np.where(good & (size_of_change > 1), step / 2, step)
        step = np.where(good, step, step / 4)
        if (good & (size_of_change < 1e-10) & (step > 1e6)).all():
            break
    rate = np.array([np.broadcast_to(value, people) for value in f(list(y), constants)])
    turnover = np.abs(model._stoichiometry) @ np.abs(_rates(model, y, p))
    at_rest = (np.abs(rate) <= RESIDUAL * turnover + 1e-12).all(axis=0)
    for person in np.flatnonzero(~at_rest):
        y[:, person] = simulation._settle(model, p[:, person])
    return y


def _observed(model, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    values = model._observe(0.0, list(y), list(p))
    return np.array([np.broadcast_to(np.asarray(value, float), y.shape[1]) for value in values])


def _rates(model, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return _observed(model, y, p)[len(model.assignments) :]


def _named(model, y: np.ndarray, p: np.ndarray) -> dict[str, np.ndarray]:
    assigned = _observed(model, y, p)[: len(model.assignments)]
    return dict(zip([*model.species, *model.assignments], [*y, *assigned], strict=True))
