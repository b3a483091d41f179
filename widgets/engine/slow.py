"""Hours and weeks in one run: three shortcuts, and what each of them costs.

The model `adaptation` has a terminal that settles in seconds to hours (its stores in days) and changes that take
weeks. Three things keep the terminal from slowing the weeks down:

* an implicit solver (LSODA, as in every run of the book), whose steps are as long as what still changes allows;
* the block of a day's tablets as one number, its mean over the day;
* `quasi_steady`: the terminal set to its steady state at every moment, so that only the slow levels are integrated.

`shortcut_errors` measures what they save and what they cost.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from widgets.checks import whole_number
from widgets.engine import settings, simulation
from widgets.engine.happenings import Happenings
from widgets.engine.integration import integrate, one_line, scale_of
from widgets.engine.model import Model, load_model
from widgets.engine.results import table

WEEKS = 12
BLOCK = 0.8
SLOW = ["autoreceptor_sensitivity", "plasticity"]

# A tablet a day, in units of the amount whose concentration occupies half of the transporters.
_TABLETS = """// Based on: adaptation
// The same with a tablet every day instead of a constant block.
//
// Where it comes from
//   The models `adaptation` and `oral_dose`.
// What was changed, and why
//   The transporter is blocked as the concentration says, to see what the mean over the day misses.
// What is left out
//   What those models leave out.
model daily_tablets
  gut = 0 dimensionless     // medicine not yet absorbed
  plasma = 0 dimensionless  // medicine in plasma, in units of what occupies half of the transporters
  next_dose = 0 hour        // when the next tablet is due
  dose = 8 dimensionless    // what one tablet adds | control | 0..10000
  half_life = 35 hour       // of elimination | control | 0.5..1000
  interval = 24 hour // from one tablet to the next | assumed | a tablet a day
  absorption_half_time = 0.5 hour // of absorption | assumed | that of the model oral_dose
  LN_2 = 0.6931471805599453 dimensionless // logarithm of 2 | assumed | mathematics: the natural logarithm of 2
  gut' = -LN_2/absorption_half_time*gut
  plasma' = LN_2/absorption_half_time*gut - LN_2/half_life*plasma
  reuptake_blocked := plasma/(1 + plasma); reuptake_blocked has dimensionless // fraction of the transporter blocked now
  tablet: at (time >= next_dose && dose > 0), t0=false: gut = gut + dose, next_dose = next_dose + interval // a tablet is taken
end
"""  # noqa: E501


def quasi_steady(model, *, slow, hours=None, milliseconds=None, points=300, **changes) -> pd.DataFrame:
    """The model's course if all but its slow levels were always at their steady state.

    Parameters
    ----------
    model : Model
    slow : list of str
        Species to integrate. The others are set, at each moment, to where they settle with the slow ones held.
    hours, milliseconds, points, **changes
        As in `widgets.engine.simulation.simulate`.

    Returns
    -------
    DataFrame as of `simulate`. At time 0 the fast levels have already answered to the change: its first row is not
    the resting state.

    Raises ValueError for an unknown or no slow species, for a model that depends on time or has events that wait for
    a level, where the fast levels do not settle, and as `simulate` does.
    """
    if isinstance(slow, str) or not len(list(slow)):
        raise ValueError(f"slow must be a list of species of model {model.name!r} to integrate; got {slow!r}.")
    own = [n for n in model.species if n not in model.switches]
    for name in slow:
        if name not in own:
            raise ValueError(f"Model {model.name!r} has no species {name!r} to integrate; it has {', '.join(own)}.")
    if model.system.depends_on_time or any(event.gap is not None for event in model.events):
        raise ValueError(
            f"Model {model.name!r} depends on time or waits for a level; use simulate, which follows every moment."
        )
    duration = settings.duration(model, hours, milliseconds)
    times = np.linspace(0.0, duration, whole_number("points", points, 2))
    given = settings.read(model, changes)
    p = given.p
    fast = _Fast(model, [n for n in own if n not in slow], p)
    slow = [model.species.index(n) for n in slow]
    happenings = Happenings(model, p, given.moments)
    y = fast.settle(happenings.begin(0.0, model.baseline.to_numpy(float)))
    levels = np.empty((len(times), len(y)))
    levels[0], t = y, 0.0
    while t < duration:
        due = happenings.next(t, y)
        until = min(due, duration)
        reached = (times > t) & (times <= until)
        course = _slow_course(model, fast, slow, y, t, np.append(times[reached], until), p)
        levels[reached], y, t = course[:-1], course[-1], until
        if due <= duration:
            y = fast.settle(happenings.happen(t, y, False))
            levels[times == t] = y
    return table(model, times, levels, p)


def _slow_course(model, fast, slow, y, t, times, p) -> np.ndarray:
    """Levels at `times`, all after t; the slow ones by an implicit solver, the fast ones where they settle."""
    numbers, state = p.tolist(), y.copy()

    def rate(at, levels):
        state[slow] = levels
        state[:] = fast.settle(state)
        return np.array(model.system.rhs(at, state.tolist(), numbers))[slow]

    if times[-1] <= t:
        return np.array([y for _ in times])
    scale = 1e-8 * scale_of(y)[slow]
    run = solve_ivp(rate, (t, times[-1]), y[slow], method="LSODA", t_eval=np.unique(times), rtol=1e-7, atol=scale)
    if run.status < 0:
        raise ValueError(f"Model {model.name!r} cannot be run with these values. {one_line(run.message)}")
    rows = dict(zip(run.t, run.y.T, strict=True))
    course = []
    for at in times:
        state[slow] = rows[at]
        state[:] = fast.settle(state)
        course.append(state.copy())
    return np.array(course)


class _Fast:
    """The fast levels of a model: where they settle while the slow ones are held."""

    def __init__(self, model, names, p):
        self.model, self.p = model, p
        self.index = [model.species.index(n) for n in names]
        # Sums that no reaction changes, as far as they are sums of fast levels alone.
        held = [i for i in range(len(model.species)) if i not in self.index]
        laws = model.system.conserved
        self.laws = laws[~np.any(laws[:, held] != 0, axis=1)][:, self.index]

    def settle(self, y) -> np.ndarray:
        settled = self._newton(y)
        if settled is None:
            # Too far away for Newton's method: go there as the model would.
            frozen = _frozen(self.model, self.index)
            settled = self._newton(integrate(frozen, y, np.array([0.0, 1000.0]), self.p, rtol=1e-8)[-1])
        if settled is None:
            raise ValueError(
                f"The fast levels of model {self.model.name!r} do not settle with these values; use simulate, or count "
                "more levels among the slow ones."
            )
        return settled

    def _newton(self, y):
        y, p = np.array(y, float), self.p.tolist()
        sums, scale = self.laws @ y[self.index], scale_of(y)[self.index]
        for _ in range(12):
            f = np.array(self.model.system.rhs(0.0, y.tolist(), p))[self.index]
            slope = np.array(self.model.system.jacobian(0.0, y.tolist(), p))[np.ix_(self.index, self.index)] * scale
            weight = 1.0 / np.maximum(np.abs(slope).max(axis=1), 1e-300)
            system = np.vstack([slope * weight[:, None], self.laws * scale])
            right = np.concatenate([-f * weight, sums - self.laws @ y[self.index]])
            step = np.linalg.lstsq(system, right, rcond=None)[0] * scale
            y[self.index] += step
            if not np.isfinite(y).all() or (self.model.system.amounts & (y < -1e-9 * np.abs(y).max())).any():
                return None
            # A level whose rate nothing changes takes no step, and has not settled.
            if (np.abs(step) <= 1e-11 * scale).all() and (np.abs(f) * weight <= 1e-9).all():
                return y
        return None


class _Beside:
    """Something of which a few parts are different."""

    def __init__(self, original, **parts):
        self._original = original
        self.__dict__.update(parts)

    def __getattr__(self, name):
        return getattr(self._original, name)


def _frozen(model, moving):
    """A model in which only the levels at `moving` change."""
    system, moves = model.system, np.isin(np.arange(len(model.species)), moving)
    rhs = lambda t, y, p: np.where(moves, system.rhs(t, y, p), 0.0)  # noqa: E731
    jacobian = lambda t, y, p: np.where(moves[:, None], system.jacobian(t, y, p), 0.0)  # noqa: E731
    return _Beside(model, system=_Beside(system, rhs=rhs, jacobian=jacobian))


def _counted(model, counts):
    """A model that counts in `counts` how often its rates ("rhs") and their slopes ("jacobian") are evaluated."""

    def counting(name):
        function = getattr(model.system, name)

        def count(t, y, p):
            counts[name] += 1
            return function(t, y, p)

        return count

    return _Beside(model, system=_Beside(model.system, **{name: counting(name) for name in counts}))


@lru_cache(maxsize=1)
def _daily_tablets() -> Model:
    return Model.from_antimony(_TABLETS)


def daily_tablets(half_life: float) -> tuple[Model, float]:
    """The model `adaptation` with a tablet every day, and the tablet that blocks 80 % on average once it is steady.

    half_life : hours. The tablet is in units of the amount whose concentration occupies half of the transporters.
    """
    slow, fast = np.log(2) / half_life, np.log(2) / 0.5
    time = np.linspace(0, 24, 2401)

    def short_of_target(dose):
        level = [np.exp(-k * time) / -np.expm1(-24 * k) for k in (slow, fast)]
        level = dose * fast / (fast - slow) * (level[0] - level[1])
        return np.trapezoid(level / (1 + level), time) / 24 - BLOCK

    return _daily_tablets(), float(brentq(short_of_target, 1e-3, 1e5))


def _days(run: pd.DataFrame, days: int) -> pd.DataFrame:
    """Means over each day of a run whose rows are evenly spaced, by the trapezoidal rule."""
    a_day = (len(run) - 1) // days
    means = [np.trapezoid(run.iloc[d * a_day : (d + 1) * a_day + 1], dx=1 / a_day, axis=0) for d in range(days)]
    return pd.DataFrame(means, columns=run.columns)


def tablets_beside_their_mean(half_life: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Daily means over twelve weeks: with a tablet every day, and with each day's mean block instead.

    half_life : hours. Two DataFrames, a row a day; columns as of `simulate`.
    """
    days, a_day = 7 * WEEKS, 96
    tablets, dose = daily_tablets(half_life)
    run = tablets.simulate(hours=24 * days, points=a_day * days + 1, dose=dose, half_life=half_life)
    by_tablet = _days(run, days)
    model, start, pieces = load_model("adaptation"), None, []
    for block in by_tablet["reuptake_blocked"]:
        piece = model.simulate(hours=24, points=a_day + 1, start=start, reuptake_inhibition=block)
        start = piece.iloc[-1]
        pieces.append(_days(piece, 1))
    return by_tablet, pd.concat(pieces, ignore_index=True)


@lru_cache(maxsize=1)
def _shortcut_errors() -> pd.DataFrame:
    model, hours, days = load_model("adaptation"), 7 * 24 * WEEKS, 7 * WEEKS
    rows = []

    # The solver: evaluations of the rates that twelve weeks take.
    counts = {"rhs": 0, "jacobian": 0}
    counted = _counted(model, counts)
    full = simulation.simulate(counted, hours=hours, points=days + 1, reuptake_inhibition=BLOCK)
    implicit = counts["rhs"]
    p = settings.values(model, {"reuptake_inhibition": BLOCK}).tolist()
    span = 2.0
    explicit = solve_ivp(
        lambda t, y: model.system.rhs(t, y.tolist(), p),
        (0, span),
        full.iloc[-1][model.species],
        method="RK45",
        rtol=1e-6,
    )
    if explicit.status < 0:
        raise ValueError(f"The explicit method failed: {explicit.message}")
    needed = explicit.nfev * hours / span
    case = f"{WEEKS} weeks, {BLOCK:.0%} of the transporter blocked".replace("%", " %")
    rows += [
        ("implicit solver", case, "evaluations of the rates", implicit, "evaluations"),
        ("implicit solver", case, "evaluations of their slopes", counts["jacobian"], "evaluations"),
        ("implicit solver", case, "evaluations an explicit method would need", needed, "evaluations"),
        ("implicit solver", case, "ratio of the evaluations of the rates", needed / implicit, "times"),
    ]

    # The mean over the day instead of tablets.
    for half_life in (35, 5):
        tablets, mean = tablets_beside_their_mean(half_life)
        case = f"half-life {half_life} h"
        rows += _apart("daily mean of the block", case, tablets, mean)

    # The terminal at its steady state: all of it, and all but its stores, which take days to empty.
    whole = model.simulate(hours=hours, points=hours + 1, reuptake_inhibition=BLOCK)
    for shortcut, slow in (
        ("terminal at its steady state", SLOW),
        ("the same but for its stores", [*SLOW, "vesicular"]),
    ):
        short = quasi_steady(model, slow=slow, hours=hours, points=hours + 1, reuptake_inhibition=BLOCK)
        for case, part in (("first day", slice(1, 24)), ("after the first day", slice(24, None))):
            rows += _apart(shortcut, case, whole.loc[part], short.loc[part])
    return pd.DataFrame(rows, columns=["shortcut", "case", "quantity", "value", "unit"])


def _apart(shortcut, case, exact, short) -> list[tuple]:
    relative = 100 * (short["extracellular"] / exact["extracellular"] - 1).abs().max()
    rows = [(shortcut, case, "largest error of extracellular serotonin", relative, "%")]
    for column in ("firing", "autoreceptor_sensitivity", "plasticity"):
        words = column.replace("autoreceptor_", "")
        rows.append(
            (shortcut, case, f"largest error of {words}", (short[column] - exact[column]).abs().max(), "of rest")
        )
    return rows


def shortcut_errors() -> pd.DataFrame:
    """What the shortcuts save and what they cost, over twelve weeks with 80 % of the transporter blocked.

    Columns: shortcut, case, quantity, value and unit. Errors are the largest at any time, of extracellular serotonin
    in per cent of its value, of firing, sensitivity and plasticity in units of their resting value; with tablets they
    compare daily means. The evaluations of the explicit method (Runge-Kutta of order 5 and 4) are measured over two
    hours of the settled model and multiplied.
    """
    return _shortcut_errors().copy()
