"""Many people at once: the same model with constants that differ from person to person.

    from widgets import load_model, simulate_population
    people = simulate_population(load_model("serotonin"), n=1000, spread=0.2, reuptake_inhibition=0.8)
    (people["extracellular"] / people["extracellular_rest"]).describe()

Everybody's equations are stepped together, as arrays over people, so that a thousand people cost the kernel about as
much as a hundred runs one after another.

The same people, here and in the page
-------------------------------------
Who a person is follows from whole numbers alone, so that the page (`frontend/src/model/population.ts`) makes the very
same people without a kernel. Each constant of each person gets a normal number of its own, from nothing but the seed,
the person's number and the constant's name: adding a constant, or letting fewer of them vary, changes nobody else, and
the first 100 of 1,000 people are the 100 of a smaller crowd. In arithmetic modulo 2^32:

1. `mix(h)` is the finaliser of MurmurHash3, a one-to-one scrambling of 32 bits; to absorb a number w into h is to
   put mix((h ^ w) + 0x9E3779B9) in its place.
2. Into h = 0 go the seed's low and its high 32 bits, the person's number (from 0), and the constant's name (its 32-bit
   FNV-1a hash, over UTF-8 bytes).
3. With 1 absorbed h gives one number between 0 and 1, (h + 1/2)/2^32, and with 2 absorbed instead another; Box and
   Muller's sqrt(-2 ln first) * cos(2 pi second) is the normal number.

A constant is its value in the model times `exp(spread * normal number)`, held within the range its text gives it.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from widgets.checks import nearest, whole_number
from widgets.engine import courses, settings, settling
from widgets.engine.happenings import fires
from widgets.engine.integration import scale_of

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
    hours: float | None = None,
    milliseconds: float | None = None,
    points: int = 300,
    output: str | None = None,
    **changes,
) -> pd.DataFrame:
    """Where each of `n` people settles, at rest and after a change; or, with `hours`, the course of each in time.

    Parameters
    ----------
    model : widgets.engine.model.Model
    n : int, 1 to 100,000
        Number of people.
    spread : float or mapping, 0 to 1
        Standard deviation of the natural logarithm of each constant over people (0.2 is about 20 %): one number for
        every constant of `differing(model)`, or a mapping from constants to numbers, the others then being the same
        in everybody. How widely most of these constants vary between people has not been measured: a spread is an
        assumption, to be named as one.
    seed : int, 0 to 2^63 - 1
        The same seed gives the same people; the page's labs make them too (see the module).
    hours, milliseconds, points, output
        How long to run, rows of the result, and the species or assignment to follow; without a time people settle.
    **changes
        New values of constants, in the units of `model.parameters`, and of schedules, as in `Model.simulate`. Where
        people settle, a constant that is set is the same for everybody. In time, one that `spread` names too differs
        between people around the new value, so that a slider can move what people differ in.

    Returns
    -------
    In time: DataFrame, a row a moment (`points`, evenly spaced, the first at time 0), a column a person, holding
    `output`; `attrs["output"]` and `attrs["units"]` say what it is. Everybody starts from where they rest with their
    own constants before any event (as the model does where somebody has no rest). A person in whom the model cannot be
    run has NaN. `widgets.engine.courses.quantiles` makes a fan of it, `constants_of` says who they are. Each person
    takes as long as one `Model.simulate`.

    Settled: DataFrame, one row a person. Columns: species and assignments after the change, the same with `_rest`
    before it, and the constants that differ between people. Units as in `Model.simulate`; `attrs["units"]` maps each
    column.
    A person in whom nothing settles (whose constants make an unstable cell, say) has NaN for levels.

    Raises ValueError for a value out of range or an unknown name, as `Model.simulate` does, and for a model that
    depends on time, has an event still to come, or settles in nobody.
    """
    people = whole_number("n", n, 1, 100_000)
    seed = whole_number("seed", seed, 0, 2**63 - 1)
    if hours is not None or milliseconds is not None:
        times = np.linspace(0.0, settings.duration(model, hours, milliseconds), whole_number("points", points, 2))
        return _in_time(model, people, _widths(model, spread), seed, times, output, changes)
    if output is not None:
        raise ValueError(f"output={output!r} is for a course: say how long it is to run, such as hours=24.")
    return _settled(model, people, _widths(model, spread), seed, spread, changes)


def _settled(model, people, widths, seed, spread, changes) -> pd.DataFrame:
    """Where everybody settles; see `simulate_population`."""
    if model.system.depends_on_time:
        raise ValueError(f"Model {model.name!r} depends on time and has no steady state: run it with simulate.")
    given = settings.read(model, changes)
    changed = given.p
    at_rest = _constants(model, model.system.defaults, people, widths, seed)
    # A constant the reader sets is set, for everybody.
    own = ~np.isin(list(model.constants), list(changes))
    treated = np.where(own[:, None], at_rest, changed[:, None])

    if model.events:
        # Whether something is still to come depends on what is set, not on who it happens to.
        settling.settle(model, model.system.defaults)
        settling.settle(model, changed, moments=given.moments)

    first = np.repeat(model.baseline.to_numpy(float)[:, None], people, axis=1)
    rest = settle_all(model, at_rest, first)
    after, steady = np.full_like(rest, np.nan), np.isfinite(rest).all(axis=0)
    if steady.any():
        after[:, steady] = settle_all(model, treated[:, steady], rest[:, steady])
    lost = ~np.isfinite(after).all(axis=0)
    if lost.all():
        raise ValueError(f"Model {model.name!r} settles in none of these people. Use a smaller spread than {spread!r}.")
    rest[:, lost] = np.nan

    table = {**named(model, after, treated), **{f"{k}_rest": v for k, v in named(model, rest, at_rest).items()}}
    units = {name: model.units[name.removesuffix("_rest")] for name in table}
    for constant, width, values in zip(model.constants.values(), widths, at_rest, strict=True):
        if width > 0:
            table[constant.name], units[constant.name] = values, constant.unit
    result = pd.DataFrame(table, index=pd.RangeIndex(people, name="person"))
    result.attrs["units"] = units
    return result


def _in_time(model, people, widths, seed, times, output, changes) -> pd.DataFrame:
    """The course of `output` in everybody; see `simulate_population`."""
    outputs = [*model.species, *model.assignments]
    if output not in outputs:
        raise ValueError(
            f"Say which output of model {model.name!r} to follow, such as output={outputs[0]!r}; got {output!r}."
            f"{nearest(output, outputs)}"
        )
    given = settings.read(model, changes)
    at_rest = _constants(model, model.system.defaults, people, widths, seed)
    treated = _constants(model, given.p, people, widths, seed)
    found = courses.courses(model, treated, _starts(model, at_rest), times, given.moments, output)
    if np.isnan(found).all():
        raise ValueError(f"Model {model.name!r} can be run in none of these people. Use a smaller spread.")
    return courses.table(model, times, found, output)


def _starts(model, p: np.ndarray) -> np.ndarray:
    """Where everybody starts, shape (species, people): at their own rest, before any event, or as the model does."""
    first = np.repeat(model.baseline.to_numpy(float)[:, None], p.shape[1], axis=1)
    if model.system.depends_on_time:
        return first
    rest = settle_all(model, p, first, before_events=True)
    for person in range(p.shape[1]):
        if not np.isfinite(rest[:, person]).all() or fires(model, rest[:, person], p[:, person]):
            rest[:, person] = first[:, person]
    return rest


def constants_of(model, n: int, spread: float | Mapping[str, float] = 0.2, *, seed: int = 0) -> pd.DataFrame:
    """Who the people of `simulate_population` are: a row a person, a column for each constant that differs."""
    widths = _widths(model, spread)
    people = whole_number("n", n, 1, 100_000)
    found = _constants(model, model.system.defaults, people, widths, whole_number("seed", seed, 0, 2**63 - 1))
    names = [name for name, width in zip(model.constants, widths, strict=True) if width > 0]
    index = pd.RangeIndex(people, name="person")
    return pd.DataFrame({name: found[model.system.places[name]] for name in names}, index=index)


def differing(model) -> list[str]:
    """Constants that differ from person to person unless told otherwise: those of the cell and its chemistry.

    What the reader sets is the same for everybody, and so is what only events use, such as when a dose is taken.
    """
    system = model.system
    used = set().union(*(e.free_symbols for e in (*system.right_hand_side, *system.observed)))
    return [name for name, c in model.constants.items() if not c.control and system.symbols[name] in used]


def normal_numbers(names: Sequence[str], people: int, seed: int) -> np.ndarray:
    """A standard normal number for each constant of each person, shape (names, people); see the module's docstring."""
    person = np.arange(people, dtype=np.uint32)
    crowd = _absorb(_absorb(np.zeros(1, np.uint32), seed % 2**32), seed // 2**32)
    crowd = _absorb(crowd, person)
    table = np.empty((len(names), people))
    for row, name in zip(table, names, strict=True):
        own = _absorb(crowd, _name_hash(name))
        first, second = ((_absorb(own, which) + 0.5) / 2.0**32 for which in (1, 2))
        row[:] = np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)
    return table


def _absorb(h: np.ndarray, word: int | np.ndarray) -> np.ndarray:
    return _mix((h ^ np.asarray(word, np.uint32)) + np.uint32(0x9E3779B9))


def _mix(h: np.ndarray) -> np.ndarray:
    """MurmurHash3's finaliser, on an array of uint32 (arrays wrap around where a single number would warn)."""
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def _name_hash(name: str) -> int:
    """FNV-1a, 32 bits."""
    h = 0x811C9DC5
    for byte in name.encode():
        h = (h ^ byte) * 0x01000193 % 2**32
    return h


def _constants(model, middle: np.ndarray, people: int, widths: np.ndarray, seed: int) -> np.ndarray:
    """Everybody's constants, shape (constants, people), around those in `middle`, shape (constants,)."""
    constants = list(model.constants.values())
    values = np.repeat(middle[:, None], people, axis=1)
    varied = np.flatnonzero(widths > 0)
    values[varied] *= np.exp(widths[varied, None] * normal_numbers([constants[i].name for i in varied], people, seed))
    low, high = (np.array([getattr(constants[i], end) for i in varied])[:, None] for end in ("minimum", "maximum"))
    values[varied] = np.clip(values[varied], low, high)
    return values


def _widths(model, spread) -> np.ndarray:
    """The spread of each constant, in the order of model.parameters."""
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
        return np.where(np.isin(list(model.constants), differing(model)), float(spread), 0.0)
    # Names are checked where every other name is.
    settings.values(model, {name: model.constants[name].value if name in model.constants else 0.0 for name in given})
    return np.array([float(given.get(name, 0.0)) for name in model.constants])


def settle_all(model, p: np.ndarray, y: np.ndarray, *, before_events: bool = False) -> np.ndarray:
    """Steady states, shape (species, people), for constants of shape (constants, people), from the levels y.

    Each person's step grows on its own while the levels change little and shrinks while they change much; the few who
    have not come to rest at the end are handed to the model's own slower and surer method. NaN where that fails too,
    and where something would happen there at once, unless `before_events` holds events back.
    """
    f, jacobian, places = model.system.over_people
    size, people = y.shape
    y, constants, step = y.copy(), list(p), np.full(people, FIRST_STEP)
    floor = scale_of(model.baseline.to_numpy(float))[:, None] * 1e-6
    one = np.eye(size)
    # Someone whose levels run away must not stop the others.
    for _ in range(STEPS):
        with np.errstate(all="ignore"):
            rate = np.array([np.broadcast_to(value, people) for value in f(0.0, list(y), constants)])
            matrix = np.zeros((people, size * size))
            matrix[:, places] = np.array([np.broadcast_to(v, people) for v in jacobian(0.0, list(y), constants)]).T
            system = one / step[:, None, None] - matrix.reshape(people, size, size)
            change = np.linalg.solve(system, rate.T[..., None])[..., 0].T
        size_of_change = np.max(np.abs(change) / (np.abs(y) + floor), axis=0)
        good = np.isfinite(change).all(axis=0) & (y + change >= -floor)[model.system.amounts].all(axis=0)
        y = np.where(good, np.where(model.system.amounts[:, None], np.maximum(y + change, 0.0), y + change), y)
        faster = good & (size_of_change < LARGEST_CHANGE)
        step = np.where(faster, np.minimum(step * GROWTH * np.where(size_of_change < 0.02, 3, 1), LONGEST), step)
        step = np.where(good & (size_of_change > 1), step / 2, step)
        step = np.where(good, step, step / 4)
        if (good & (size_of_change < 1e-10) & (step > 1e6)).all():
            break
    with np.errstate(all="ignore"):
        rate = np.array([np.broadcast_to(value, people) for value in f(0.0, list(y), constants)])
        turnover = np.abs(model.system.stoichiometry) @ np.abs(_rates(model, y, p))
    at_rest = (np.abs(rate) <= RESIDUAL * turnover + 1e-12).all(axis=0)
    for person in np.flatnonzero(~at_rest):
        try:
            with np.errstate(all="ignore"):
                surely = settling.find_rest if before_events else settling.settle
                y[:, person] = surely(model, p[:, person])
        except (ValueError, TypeError):  # a TypeError: a level that went below zero, raised to a fraction, is complex
            y[:, person] = np.nan
    for person in range(people if model.events and not before_events else 0):
        if fires(model, y[:, person], p[:, person]):
            y[:, person] = np.nan
    return y


def _observed(model, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    values = model.system.observe(0.0, list(y), list(p))
    return np.array([np.broadcast_to(np.asarray(value, float), y.shape[1]) for value in values])


def _rates(model, y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return _observed(model, y, p)[len(model.assignments) :]


def named(model, y: np.ndarray, p: np.ndarray) -> dict[str, np.ndarray]:
    """Species and assignments of everybody, by name, each of shape (people,); y and p as in `settle_all`."""
    assigned = _observed(model, y, p)[: len(model.assignments)]
    return dict(zip([*model.species, *model.assignments], [*y, *assigned], strict=True))
