"""Where a model settles: its steady state, and its state at rest."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from widgets.engine.happenings import fires
from widgets.engine.integration import integrate, scale_of
from widgets.engine.results import observe
from widgets.engine.schedules import Moment


def baseline(model) -> np.ndarray:
    """Levels at rest, before any event. What never settles starts as written: a model that depends on time, one that
    would fire at rest, or a reader's own that goes on for ever."""
    if model.system.depends_on_time:
        return model.system.initial.copy()
    try:
        y = find_rest(model, model.system.defaults, model.system.initial)
    except ValueError:
        if model.strict:
            raise
        return model.system.initial.copy()
    return model.system.initial.copy() if fires(model, y, model.system.defaults) else y


def settle(model, p: np.ndarray, y0=None, moments: Sequence[Moment] = ()) -> np.ndarray:
    """Steady state, shape (species,), if nothing is still to come; `moments` are those of the model's schedules."""
    for moment in moments:
        if moment.amount > 0:
            schedule = list(model.schedules.values())[moment.place]
            unit = "" if schedule.unit in ("", "dimensionless") else f" {schedule.unit}"
            raise ValueError(
                f"Model {model.name!r} does not settle with these values: {schedule.name} ({schedule.meaning}) has "
                f"{moment.amount:g}{unit} at {moment.time:g} {model.time_unit}s. Use simulate, which follows it."
            )
    if model.events:
        start = model.baseline.to_numpy(float)
        due = model.system.event_times(0.0, start.tolist(), p.tolist())
        for event, when in zip(model.events, due, strict=True):
            if event.gap is None and math.isfinite(when) and (when > 0 or event.at_start):
                raise ValueError(
                    f"Model {model.name!r} does not settle with these values: {event.name!r} ({event.meaning}) is due "
                    f"at {when:g} {model.time_unit}s. Use simulate, or choose values with which it does not happen."
                )
    y = find_rest(model, p, y0)
    if model.events and fires(model, y, p):
        raise ValueError(f"Model {model.name!r} does not settle with these values: it keeps firing. Use simulate.")
    return y


def find_rest(model, p: np.ndarray, y0=None) -> np.ndarray:
    """Steady state, events held back: integrate until the slow pools have settled, then polish with Newton's method.

    The integration picks the state the model really runs to; Newton gives it to rounding error. Conserved totals
    (such as BH2 + BH4) leave the Jacobian singular, so their sums are kept as extra equations.
    """
    if model.system.depends_on_time:
        raise ValueError(f"Model {model.name!r} depends on time and has no steady state; use simulate.")
    y = model.baseline.to_numpy(float).copy() if y0 is None else np.array(y0, float)
    scale = scale_of(y)
    # Exact enough to stay on the way: where it leads is found exactly afterwards.
    y = integrate(model, y, np.array([0.0, 1000.0]), p, rtol=1e-5)[-1]
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
        scale = 1e-10 * scale_of(y)
        new, solved = y.copy(), False
        for _ in range(12):
            residual = new - y - step * np.array(model.system.rhs(0.0, new.tolist(), p))
            matrix = one - step * np.array(model.system.jacobian(0.0, new.tolist(), p))
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
        if solved and not (model.system.amounts & (new < -scale)).any():
            y, elapsed = np.where(model.system.amounts, np.maximum(new, 0.0), new), elapsed + step
            step *= 2.0
            if elapsed > 1e13:
                break
        else:
            step /= 4.0
            if step < 1e-6:
                break
    return y


def _newton(model, y, p, scale):
    laws = model.system.conserved
    # No equation moves a switch, so Newton must not either, to close a gap elsewhere.
    still = [n in model.switches for n in model.species]
    p = p.tolist()
    rest, start = scale, y.copy()
    scale = np.maximum(scale_of(y), 1e-9 * rest)
    # Quadratic as a rule; but where all transmitter has run out, the last of the autoreceptor's G protein dies away
    # as a power of time, the root is multiple, and each step takes only a third of what is left.
    for _ in range(80):
        f = np.array(model.system.rhs(0.0, y.tolist(), p))
        jacobian = np.array(model.system.jacobian(0.0, y.tolist(), p)) * scale
        jacobian[:, still] = 0.0
        weight = 1.0 / np.maximum(np.abs(jacobian).max(axis=1), 1e-300)
        system = np.vstack([jacobian * weight[:, None], laws * scale])
        right = np.concatenate([-f * weight, laws @ (start - y)])
        step = np.linalg.lstsq(system, right, rcond=None)[0] * scale
        y = y + step
        if not np.isfinite(y).all() or (model.system.amounts & (y < -1e-9 * scale)).any():
            return None
        if (np.abs(step) <= 1e-13 * scale).all():
            break
    y = np.where(model.system.amounts, np.maximum(y, 0.0), y)
    if (np.abs(y - start) > np.maximum(1e-2 * scale, 1e-3 * rest)).any():
        return None  # Newton left the state the run had come to.
    f = np.array(model.system.rhs(0.0, y.tolist(), p))
    rates = np.abs(observe(model, y, np.array(p))[len(model.assignments) :])
    turnover = np.abs(model.system.stoichiometry) @ rates if len(rates) else np.zeros(len(y))
    if (np.abs(f) > 1e-9 * turnover + 1e-12).any():
        return None
    return y
