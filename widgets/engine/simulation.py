"""Running a model in the kernel: its course in time, where it settles, and how that depends on one constant.

Each function takes a `Model` and `**changes`: new values of its constants, by name. A run starts from
the model's resting state (the steady state with every control at its default) and the change acts from time zero.
"""

from __future__ import annotations

import difflib
import math
import numbers
import warnings

import numpy as np
import pandas as pd
from scipy.integrate import LSODA, ODEintWarning, odeint

RELATIVE = 1e-9
"""Relative tolerance of the integrator; the absolute one is this times each species' resting level."""


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
        New values of constants, in the units of `model.parameters`, in force from time 0.

    Returns
    -------
    DataFrame, shape (points, species + assignments), indexed by time. `attrs["units"]` maps each column, and the
    index's name, to its unit.

    Raises ValueError for an unknown name or a value out of range, naming the parameter, the range and the fix.
    """
    duration = _duration(model, hours, milliseconds)
    rows = _whole_number("points", points, 2)
    p = values(model, changes)
    y0 = _start(model, start)
    times = np.linspace(0.0, duration, rows)
    levels = _with_events(model, y0, times, p) if model.events else _integrate(model, y0, times, p)
    return _table(model, times, levels, p)


def steady_state(model, **changes) -> pd.Series:
    """Where the model settles after a change: species and assignments, by name; `attrs["units"]` holds the units.

    Raises ValueError as `simulate` does, and where nothing settles: a model that depends on time, that has an event
    still to come (a dose, a pulse) or that keeps firing.
    """
    p = values(model, changes)
    y = _settle(model, p)
    return _series(model, y, p)


def fluxes(model, **changes) -> pd.Series:
    """The rate of each reaction once the model has settled, in `model.units` of the reaction (µM/h)."""
    p = values(model, changes)
    y = _settle(model, p)
    rates = _observe(model, y, p)[len(model.assignments) :]
    result = pd.Series(rates, index=model.reactions, name="flux")
    result.attrs["units"] = {n: model.units[n] for n in model.reactions}
    return result


def scan(model, parameter: str, values_, **changes) -> pd.DataFrame:
    """Steady states along one constant: a row for each of `values_`, columns as in `simulate`."""
    rows = [steady_state(model, **{**changes, parameter: v}) for v in values_]
    table = pd.DataFrame(rows, index=pd.Index(list(values_), name=parameter, dtype=float))
    table.attrs["units"] = {n: model.units[n] for n in table.columns}
    return table


def baseline(model) -> np.ndarray:
    """Levels at rest, before any event. What never settles starts as written: a model that depends on time, one that
    would fire at rest, or a reader's own that goes on for ever."""
    if model._depends_on_time:
        return model._initial.copy()
    try:
        y = _find_rest(model, model._defaults, model._initial)
    except ValueError:
        if model._strict:
            raise
        return model._initial.copy()
    return model._initial.copy() if _fires(model, y, model._defaults) else y


# -- checking what came in ---------------------------------------------------------------------------------


def values(model, changes: dict) -> np.ndarray:
    """The model's constants with `changes` applied, in the order of `model.parameters`; refuses what is not one."""
    constants = model._constants
    p = model._defaults.copy()
    for name, value in changes.items():
        if name not in constants:
            close = difflib.get_close_matches(name, list(constants), n=1, cutoff=0.4)
            nearest = f" Did you mean {close[0]!r}?" if close else ""
            raise ValueError(
                f"Model {model.name!r} has no parameter {name!r}.{nearest} "
                f"Its controls are {', '.join(model.controls) or 'none'}; model.parameters lists every constant."
            )
        place, row = constants[name]
        p[place] = _value(row, value)
    return p


def _value(row, value) -> float:
    unit = "" if row["unit"] in ("", "dimensionless") else f" {row['unit']}"
    low, high = row["minimum"], row["maximum"]
    open_ = row["divides"] and not row["control"] and low == 0
    if math.isfinite(high):
        span = f"between {low:g} and {high:g}{unit}"
    elif math.isfinite(low):
        span = f"{'greater than' if open_ else 'at least'} {low:g}{unit}"
    else:
        span = "any finite number"
    say = f"{row['name']} ({row['meaning']}) must be {span}"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise ValueError(f"{say}; got {value!r}, which is not a number. Give a number such as {row['value']:g}.")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{say}; got {value!r}. Give a finite number such as {row['value']:g}.")
    if not low <= number <= high:
        nearest = min(max(number, low), high)
        hint = f"{row['value']:g}" if open_ and nearest == 0 else f"{nearest:g}"
        raise ValueError(f"{say}; got {number:g}. Use {hint} or another value in that range.")
    if open_ and number == 0:
        raise ValueError(f"{say}, because a rate is divided by it; got 0. Use {row['value']:g} or another value.")
    return number


def _duration(model, hours, milliseconds) -> float:
    word = {"hour": "hours", "millisecond": "milliseconds"}[model.time_unit]
    given = {"hours": hours, "milliseconds": milliseconds}
    other = next(k for k in given if k != word)
    if given[other] is not None:
        raise ValueError(f"Model {model.name!r} counts time in {word}: use {word}=, not {other}=.")
    value = given[word]
    if value is None:
        raise ValueError(f"Say how long to run: {word}= a number greater than 0, such as {word}=24.")
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise ValueError(f"{word} must be a number greater than 0; got {value!r}.")
    if not math.isfinite(value) or value <= 0:
        raise ValueError(f"{word} must be a finite number greater than 0; got {value!r}. Use {word}=24, say.")
    return float(value)


def _whole_number(name, value, least) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; got {value!r}.")
    return int(value)


def _start(model, start) -> np.ndarray:
    y = model.baseline.to_numpy(float).copy()
    if start is None:
        return y
    for name, level in dict(start).items():
        if name in model.assignments:
            continue
        if name not in model.species:
            close = difflib.get_close_matches(str(name), model.species, n=1, cutoff=0.4)
            nearest = f" Did you mean {close[0]!r}?" if close else ""
            raise ValueError(f"Model {model.name!r} has no species {name!r} to start from.{nearest}")
        wrong = isinstance(level, (bool, np.bool_)) or not isinstance(level, numbers.Real)
        if wrong or not math.isfinite(level) or (level < 0 and name in model._concentrations):
            raise ValueError(f"The starting level of {name} must be a finite number of at least 0; got {level!r}.")
        if name not in model.switches:
            y[model.species.index(name)] = float(level)
    return y


# -- solving -----------------------------------------------------------------------------------------------


def _scale(y: np.ndarray) -> np.ndarray:
    """What counts as a small amount of each species: its own level, or a millionth of the largest if it is zero."""
    y = np.abs(y)
    return np.maximum(y, 1e-6 * max(y.max(), 1e-6))


def _with_events(model, y0, times, p) -> np.ndarray:
    """Levels at `times`, stopping exactly at each event; a row at the moment of an event shows what follows it."""
    happenings = _Events(model, p)
    t, y, end = times[0], happenings.begin(times[0], y0), times[-1]
    levels = np.empty((len(times), len(y)))
    levels[0] = y
    written = 1
    # Closer together than this, two moments are one: the integrator cannot step between them.
    apart = 1e-12 * end
    while t < end:
        due = happenings.next(t, y)
        until = min(due, end)
        inside = times[(times > t + apart) & (times < until - apart)]
        reached, crossed = until, False
        if until - t <= apart:
            found = y[None, :]
        elif happenings.watched:
            reached, crossed, found = _follow(model, t, until, y, inside, p, happenings)
        else:
            found = _integrate(model, y, np.array([t, *inside, until]), p)[1:]
        kept = inside[inside < reached] if crossed else inside
        levels[written : written + len(kept)] = found[: len(kept)]
        written += len(kept)
        t, y = reached, found[-1].copy()
        if t < end or crossed or due <= end:
            y = happenings.happen(t, y, crossed)
        while written < len(times) and times[written] <= t + apart:
            levels[written] = y
            written += 1
    return _without_rounding(model, levels, RELATIVE * _scale(y0))


class _Events:
    """Which events are due, and what they do, in one run; an event happens when its condition turns true."""

    MOST = 100_000

    def __init__(self, model, p):
        self.model, self.p = model, p.tolist()
        # Events that wait for a level must be looked for in every step.
        self.watched = [i for i, event in enumerate(model.events) if event.gap is not None]
        self.true = [False] * len(model.events)
        self.count = 0

    def begin(self, t, y0) -> np.ndarray:
        self.true = [
            holds and not event.at_start for holds, event in zip(self._holding(t, y0), self.model.events, strict=True)
        ]
        return self._cascade(t, y0)

    def next(self, t, y) -> float:
        """When the next event that waits for time is due."""
        times = self.model._event_times(t, y.tolist(), self.p)
        later = [float(w) for w, true in zip(times, self.true, strict=True) if not true and w > t]
        return min(later, default=math.inf)

    def happen(self, t, y, crossed) -> np.ndarray:
        """The levels after what happens at t; `crossed` is the event whose level has just been reached, or False."""
        return self._cascade(t, y, crossed)

    def _holding(self, t, y, crossed=False) -> list[bool]:
        state = y.tolist()
        times = self.model._event_times(t, state, self.p)
        gaps = self.model._event_gaps(t, state, self.p)
        holding = [t >= w if e.gap is None else g >= 0 for e, w, g in zip(self.model.events, times, gaps, strict=True)]
        if crossed is not False:
            # The moment was found to rounding error: which side of zero it fell on says nothing.
            index, upwards = crossed
            holding[index] = upwards
        return holding

    def _cascade(self, t, y, crossed=False) -> np.ndarray:
        """Let everything happen whose condition has turned true, and whatever that makes true in turn."""
        y = y.copy()
        waiting = []
        while True:
            holding = self._holding(t, y, crossed)
            crossed = False
            for i, (now, before) in enumerate(zip(holding, self.true, strict=True)):
                if now and not before:
                    places, values = self.model._event_values[i]
                    waiting.append((places, values(t, y.tolist(), self.p)))
            self.true = holding
            if not waiting:
                return y
            places, values = waiting.pop(0)
            y[places] = values
            self.count += 1
            if self.count > self.MOST or not np.isfinite(y).all():
                raise ValueError(
                    f"Model {self.model.name!r} cannot be run with these values: more than {self.MOST:,} events, or an "
                    "event set a level to something that is no number. Move the constants nearer to their defaults."
                )


def _follow(model, t, until, y, inside, p, happenings):
    """Integrate from t to `until`, or to where an event's level is reached.

    Returns (where it stopped, (event, upwards) or False, levels at those of `inside` that were passed and at the stop).
    """
    numbers_ = p.tolist()

    def moment(low, high, index, beyond):
        """The share of a step at which an event's gap changes sign, by halving."""
        course = solver.dense_output()
        for _ in range(60):
            middle = 0.5 * (low + high)
            if (model._event_gaps(middle, course(middle).tolist(), numbers_)[index] >= 0) == beyond:
                low = middle
            else:
                high = middle
        return high

    solver = LSODA(
        lambda at, state: model._f(at, state.tolist(), numbers_),
        t,
        y,
        until,
        jac=lambda at, state: np.array(model._df(at, state.tolist(), numbers_)),
        rtol=10 * RELATIVE,
        atol=RELATIVE * _scale(y),
    )
    rows, waiting = [], list(inside)
    while solver.status == "running":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            message = solver.step()
        if solver.status == "failed" or not np.isfinite(solver.y).all():
            raise ValueError(
                f"Model {model.name!r} cannot be run with these values. {_plain(message or '')} "
                "Move the constants nearer to their defaults."
            )
        gaps = model._event_gaps(solver.t, solver.y.tolist(), numbers_)
        changed = [i for i in happenings.watched if (gaps[i] >= 0) != happenings.true[i]]
        found = [(moment(solver.t_old, solver.t, i, happenings.true[i]), i) for i in changed]
        stop, index = min(found, default=(solver.t, None))
        course = solver.dense_output() if waiting and waiting[0] <= stop or found else None
        while waiting and waiting[0] <= stop:
            rows.append(course(waiting.pop(0)))
        if found:
            return stop, (index, not happenings.true[index]), np.array([*rows, course(stop)])
    return until, False, np.array([*rows, solver.y])


def _fires(model, y, p) -> bool:
    """Whether an event that waits for a level would happen in this state."""
    return any(g >= 0 for g in model._event_gaps(0.0, y.tolist(), p.tolist()))


def _integrate(model, y0, times, p, rtol=RELATIVE) -> np.ndarray:
    p = p.tolist()
    f, df = model._f, model._df
    atol = rtol * _scale(y0)
    try:
        with warnings.catch_warnings():
            # Failure is read from the report and raised as a ValueError; the warning would only repeat it.
            warnings.simplefilter("ignore", ODEintWarning)
            levels, report = odeint(
                lambda t, y: f(t, y.tolist(), p),
                y0,
                times,
                Dfun=lambda t, y: df(t, y.tolist(), p),
                tfirst=True,
                rtol=rtol,
                atol=atol,
                mxstep=20_000,
                full_output=True,
            )
        problem = "" if report["message"] == "Integration successful." else _plain(report["message"])
    except ArithmeticError as error:
        levels, problem = np.array([np.nan]), f"A rate became infinite ({error})."
    if problem or not np.isfinite(levels).all():
        raise ValueError(
            f"Model {model.name!r} cannot be run with these values. {problem} "
            "Move the constants nearer to their defaults."
        )
    return _without_rounding(model, levels, atol)


def _without_rounding(model, levels, atol) -> np.ndarray:
    """A level that has run out may come back as minus a rounding error; concentrations cannot be negative."""
    levels[(levels < 0) & (levels > -1e3 * atol) & model._amounts] = 0.0
    return levels


def _plain(message: str) -> str:
    return " ".join(message.split())


def _settle(model, p: np.ndarray, y0=None) -> np.ndarray:
    """Steady state, if nothing is still to come; levels by species."""
    if model.events:
        start = model.baseline.to_numpy(float)
        due = model._event_times(0.0, start.tolist(), p.tolist())
        for event, when in zip(model.events, due, strict=True):
            if event.gap is None and math.isfinite(when) and (when > 0 or event.at_start):
                raise ValueError(
                    f"Model {model.name!r} does not settle with these values: {event.name!r} ({event.meaning}) is due "
                    f"at {when:g} {model.time_unit}s. Use simulate, or choose values with which it does not happen."
                )
    y = _find_rest(model, p, y0)
    if model.events and _fires(model, y, p):
        raise ValueError(f"Model {model.name!r} does not settle with these values: it keeps firing. Use simulate.")
    return y


def _find_rest(model, p: np.ndarray, y0=None) -> np.ndarray:
    """Steady state, events held back: integrate until the slow pools have settled, then polish with Newton's method.

    The integration picks the state the model really runs to; Newton gives it to rounding error. Conserved totals
    (such as BH2 + BH4) leave the Jacobian singular, so their sums are kept as extra equations.
    """
    if model._depends_on_time:
        raise ValueError(f"Model {model.name!r} depends on time and has no steady state; use simulate.")
    y = model.baseline.to_numpy(float).copy() if y0 is None else np.array(y0, float)
    scale = _scale(y)
    # Exact enough to stay on the way: where it leads is found exactly afterwards.
    y = _integrate(model, y, np.array([0.0, 1000.0]), p, rtol=1e-5)[-1]
    polished = _newton(model, y, p, scale)
    if polished is None:
        y = _creep(model, y, p)
        polished = _newton(model, y, p, scale)
    if polished is not None:
        return polished
    raise ValueError(
        f"Model {model.name!r} does not settle with these values: a level is still changing after a very long run. "
        "Move the constants nearer to their defaults, or use simulate to see the course."
    )


def _creep(model, y, p):
    """Follow the run on to where its slowest pool has settled, by implicit Euler steps that keep growing.

    With firing and both forms of MAO off, a filled terminal empties over millions of hours, more than an accurate
    integrator can cross. Euler's steps need only stay on the way: they keep conserved sums, and as they grow they
    become Newton steps towards the steady state.
    """
    p = p.tolist()
    one = np.eye(len(y))
    step, elapsed = 10.0, 0.0
    for _ in range(400):
        scale = 1e-10 * _scale(y)
        new, solved = y.copy(), False
        for _ in range(12):
            residual = new - y - step * np.array(model._f(0.0, new.tolist(), p))
            matrix = one - step * np.array(model._df(0.0, new.tolist(), p))
            try:
                change = np.linalg.solve(matrix, -residual)
            except np.linalg.LinAlgError:
                break
            new = new + change
            if not np.isfinite(new).all():
                break
            if (np.abs(change) <= scale).all():
                solved = True
                break
        if solved and not (model._amounts & (new < -scale)).any():
            y, elapsed = np.where(model._amounts, np.maximum(new, 0.0), new), elapsed + step
            step *= 2.0
            if elapsed > 1e13:
                break
        else:
            step /= 4.0
            if step < 1e-6:
                break
    return y


def _newton(model, y, p, scale):
    laws = model._conserved
    # No equation moves a switch, so Newton must not either, to close a gap elsewhere.
    still = [n in model.switches for n in model.species]
    p = p.tolist()
    rest, start = scale, y.copy()
    scale = np.maximum(_scale(y), 1e-9 * rest)
    # Quadratic as a rule; but where all transmitter has run out, the last of the autoreceptor's G protein dies away
    # as a power of time, the root is multiple, and each step takes only a third of what is left.
    for _ in range(80):
        f = np.array(model._f(0.0, y.tolist(), p))
        jacobian = np.array(model._df(0.0, y.tolist(), p)) * scale
        jacobian[:, still] = 0.0
        weight = 1.0 / np.maximum(np.abs(jacobian).max(axis=1), 1e-300)
        system = np.vstack([jacobian * weight[:, None], laws * scale])
        right = np.concatenate([-f * weight, laws @ (start - y)])
        step = np.linalg.lstsq(system, right, rcond=None)[0] * scale
        y = y + step
        if not np.isfinite(y).all() or (model._amounts & (y < -1e-9 * scale)).any():
            return None
        if (np.abs(step) <= 1e-13 * scale).all():
            break
    y = np.where(model._amounts, np.maximum(y, 0.0), y)
    if (np.abs(y - start) > np.maximum(1e-2 * scale, 1e-3 * rest)).any():
        return None  # Newton left the state the run had come to.
    f = np.array(model._f(0.0, y.tolist(), p))
    rates = np.abs(_observe(model, y, np.array(p))[len(model.assignments) :])
    turnover = np.abs(model._stoichiometry) @ rates if len(rates) else np.zeros(len(y))
    if (np.abs(f) > 1e-9 * turnover + 1e-12).any():
        return None
    return y


def _observe(model, y, p) -> np.ndarray:
    return np.array([float(v) for v in model._observe(0.0, list(y), list(p))])


def _series(model, y, p) -> pd.Series:
    assigned = _observe(model, y, p)[: len(model.assignments)]
    names = [*model.species, *model.assignments]
    result = pd.Series([*y, *assigned], index=names, name="steady state", dtype=float)
    result.attrs["units"] = {n: model.units[n] for n in names}
    return result


def _table(model, times, levels, p) -> pd.DataFrame:
    seen = model._observe(times, list(levels.T), list(p))[: len(model.assignments)]
    columns = dict(zip(model.species, levels.T, strict=True))
    for name, value in zip(model.assignments, seen, strict=True):
        columns[name] = np.broadcast_to(np.asarray(value, float), times.shape)
    unit = {"hour": "h", "millisecond": "ms"}[model.time_unit]
    index = pd.Index(times, name={"h": "hours", "ms": "milliseconds"}[unit])
    table = pd.DataFrame(columns, index=index)
    table.attrs["units"] = {index.name: unit, **{n: model.units[n] for n in columns}}
    return table
