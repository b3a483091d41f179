"""A stretch of a run in which nothing happens at once: the kernel's integrator and how exact it is."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.integrate import ODEintWarning, odeint, solve_ivp

RELATIVE = 1e-9
"""Relative tolerance of the integrator; the absolute one is this times each species' resting level."""


def scale_of(y: np.ndarray) -> np.ndarray:
    """What counts as a small amount of each species: its own level, or a millionth of the largest if it is zero."""
    y = np.abs(y)
    return np.maximum(y, 1e-6 * max(y.max(), 1e-6))


def integrate(model, y0, times, p, rtol=RELATIVE) -> np.ndarray:
    p = p.tolist()
    f, df = model.system.rhs, model.system.jacobian
    atol = rtol * scale_of(y0)
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
        problem = "" if report["message"] == "Integration successful." else one_line(report["message"])
        if problem.startswith("Excess work"):
            # LSODA changes between two methods, and now and then stays with the one that must take tiny steps.
            levels, problem = _implicitly(f, df, y0, times, p, rtol, atol)
    except ArithmeticError as error:
        levels, problem = np.array([np.nan]), f"A rate became infinite ({error})."
    if problem or not np.isfinite(levels).all():
        raise ValueError(
            f"Model {model.name!r} cannot be run with these values. {problem} "
            "Move the constants nearer to their defaults."
        )
    return without_rounding(model, levels, atol)


def _implicitly(f, df, y0, times, p, rtol, atol) -> tuple[np.ndarray, str]:
    """The same stretch by an implicit method alone: levels and what went wrong, if anything did."""
    done = solve_ivp(
        lambda t, y: f(t, y.tolist(), p),
        (times[0], times[-1]),
        y0,
        method="Radau",
        t_eval=times,
        jac=lambda t, y: np.asarray(df(t, y.tolist(), p)),
        rtol=rtol,
        atol=atol,
    )
    return done.y.T, "" if done.success else one_line(done.message)


def without_rounding(model, levels, atol) -> np.ndarray:
    """A level that has run out may come back as minus a rounding error; concentrations cannot be negative."""
    levels[(levels < 0) & (levels > -1e3 * atol) & model.system.amounts] = 0.0
    return levels


def one_line(message: str) -> str:
    return " ".join(message.split())
