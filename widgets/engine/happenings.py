"""A run with events: stretches of integration, and what happens at once between them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import numpy as np
from scipy.integrate import LSODA

from widgets.engine.integration import RELATIVE, integrate, one_line, scale_of, without_rounding
from widgets.engine.schedules import Moment


def with_events(model, y0, times, p, moments: Sequence[Moment] = ()) -> np.ndarray:
    """Levels at `times`, stopping exactly at each event; a row at the moment of an event shows what follows it.

    moments : of the model's schedules, in order of time.
    """
    happenings = Happenings(model, p, moments)
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
            found = integrate(model, y, np.array([t, *inside, until]), p)[1:]
        kept = inside[inside < reached] if crossed else inside
        levels[written : written + len(kept)] = found[: len(kept)]
        written += len(kept)
        t, y = reached, found[-1].copy()
        if t < end or crossed or due <= end:
            y = happenings.happen(t, y, crossed)
        while written < len(times) and times[written] <= t + apart:
            levels[written] = y
            written += 1
    return without_rounding(model, levels, RELATIVE * scale_of(y0))


class Happenings:
    """Which events are due, and what they do, in one run; an event happens when its condition turns true."""

    MOST = 100_000

    def __init__(self, model, p, moments: Sequence[Moment] = ()):
        self.model, self.p = model, p.tolist()
        self.moments, self.passed = moments, 0
        # What each schedule has now: nothing but at its moments.
        self.amounts = [0.0] * len(model.schedules)
        # Events that wait for a level must be looked for in every step.
        self.watched = [i for i, event in enumerate(model.events) if event.gap is not None]
        self.true = [False] * len(model.events)
        self.count = 0

    def begin(self, t, y0) -> np.ndarray:
        self.true = [
            holds and not event.at_start for holds, event in zip(self._holding(t, y0), self.model.events, strict=True)
        ]
        return self._scheduled(t, self._cascade(t, y0))

    def next(self, t, y) -> float:
        """When the next event that waits for time is due, or the next moment of a schedule."""
        times = self.model.system.event_times(t, y.tolist(), self.p)
        later = [float(w) for w, true in zip(times, self.true, strict=True) if not true and w > t]
        if self.passed < len(self.moments):
            later.append(self.moments[self.passed].time)
        return min(later, default=math.inf)

    def happen(self, t, y, crossed) -> np.ndarray:
        """The levels after what happens at t; `crossed` is the event whose level has just been reached, or False."""
        return self._scheduled(t, self._cascade(t, y, crossed))

    def _scheduled(self, t, y) -> np.ndarray:
        """The levels after the moments of schedules that have come, one after another."""
        while self.passed < len(self.moments) and self.moments[self.passed].time <= t:
            moment = self.moments[self.passed]
            self.passed += 1
            self.amounts[moment.place] = moment.amount
            y = self._cascade(t, y)
            # The moment is over: what waits for the next one may happen again.
            self.amounts[moment.place] = 0.0
            y = self._cascade(t, y)
        return y

    def _holding(self, t, y, crossed=False) -> list[bool]:
        state = y.tolist()
        times = self.model.system.event_times(t, state, self.p, self.amounts)
        gaps = self.model.system.event_gaps(t, state, self.p, self.amounts)
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
                    places, values = self.model.system.event_values[i]
                    waiting.append((places, values(t, y.tolist(), self.p, self.amounts)))
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


# solve_ivp(events=...) was tried in place of `_follow` and `_moment` (SciPy 1.17, LSODA, its brentq). Digits: the same
# (errors of 6e-8 of the largest level in `gaba` at rest, 4e-7 firing). Time: 14 to 17 % slower (41.5 against 36.4 ms
# for 300 ms of firing). And it fails, "f(a) and f(b) must have different signs", in a run whose stretches begin at the
# very level that they wait for (tests/test_events.py, a level that falls back arms its event again): it looks for the
# sign on the dense output, which at the start of a step is that of the state only to rounding. Halving needs none.


def _follow(model, t, until, y, inside, p, happenings):
    """Integrate from t to `until`, or to where an event's level is reached.

    Returns (where it stopped, (event, upwards) or False, levels at those of `inside` that were passed and at the stop).
    """
    numbers_ = p.tolist()
    solver = LSODA(
        lambda at, state: model.system.rhs(at, state.tolist(), numbers_),
        t,
        y,
        until,
        jac=lambda at, state: np.array(model.system.jacobian(at, state.tolist(), numbers_)),
        rtol=10 * RELATIVE,
        atol=RELATIVE * scale_of(y),
    )
    rows, waiting = [], list(inside)
    while solver.status == "running":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            message = solver.step()
        if solver.status == "failed" or not np.isfinite(solver.y).all():
            raise ValueError(
                f"Model {model.name!r} cannot be run with these values. {one_line(message or '')} "
                "Move the constants nearer to their defaults."
            )
        gaps = model.system.event_gaps(solver.t, solver.y.tolist(), numbers_)
        changed = [i for i in happenings.watched if (gaps[i] >= 0) != happenings.true[i]]
        found = [(_moment(model.system, solver, i, happenings.true[i], numbers_), i) for i in changed]
        stop, index = min(found, default=(solver.t, None))
        course = solver.dense_output() if waiting and waiting[0] <= stop or found else None
        while waiting and waiting[0] <= stop:
            rows.append(course(waiting.pop(0)))
        if found:
            return stop, (index, not happenings.true[index]), np.array([*rows, course(stop)])
    return until, False, np.array([*rows, solver.y])


def _moment(system, solver, index: int, beyond: bool, constants: list[float]) -> float:
    """The time in the step just made at which an event's gap changes sign, by halving."""
    course, low, high = solver.dense_output(), solver.t_old, solver.t
    for _ in range(60):
        middle = 0.5 * (low + high)
        if (system.event_gaps(middle, course(middle).tolist(), constants)[index] >= 0) == beyond:
            low = middle
        else:
            high = middle
    return high


def fires(model, y, p) -> bool:
    """Whether an event that waits for a level would happen in this state."""
    return any(g >= 0 for g in model.system.event_gaps(0.0, y.tolist(), p.tolist()))
