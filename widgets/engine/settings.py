"""What a run is asked for, checked: constants by name, how long, from which levels."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass

import numpy as np

from widgets.checks import nearest
from widgets.engine.constants import Constant
from widgets.engine.schedules import Moment, moments


@dataclass(frozen=True)
class Settings:
    """What a run is given: the constants p, shape (P,), and the moments of its schedules in order of time."""

    p: np.ndarray
    moments: tuple[Moment, ...] = ()


def read(model, changes: dict) -> Settings:
    """The settings of a run: `changes` are new values of constants, and lists of (time, amount) for schedules, by name.

    A schedule sets the constants that it takes the place of to zero. Raises ValueError as `values` does, for what is no
    list of times with amounts, and for a value of a constant whose place a schedule takes.
    """
    given = {name: changes[name] for name in model.schedules if changes.get(name) is not None}
    others = {name: value for name, value in changes.items() if name not in model.schedules}
    found: list[Moment] = []
    for place, (name, schedule) in enumerate(model.schedules.items()):
        if name not in given:
            continue
        found += moments(schedule, place, given[name], time_unit=model.time_unit)
        for replaced in schedule.replaces:
            if replaced in changes:
                raise ValueError(
                    f"{replaced}={changes[replaced]!r} has no effect beside {name}=, which takes the place of "
                    f"{replaced} ({model.constants[replaced].meaning}). Leave one of the two out."
                )
            others[replaced] = 0.0
    return Settings(values(model, others), tuple(sorted(found, key=lambda moment: moment.time)))


def values(model, changes: dict) -> np.ndarray:
    """The model's constants with `changes` applied, in the order of `model.parameters`; refuses what is not one."""
    p = model.system.defaults.copy()
    for name, value in changes.items():
        if name in model.schedules:
            raise ValueError(f"{name} of model {model.name!r} is a list of times with amounts: only a run can have it.")
        if name not in model.constants:
            named = nearest(name, [*model.constants, *model.schedules])
            raise ValueError(
                f"Model {model.name!r} has no parameter {name!r}.{named} "
                f"Its controls are {', '.join(model.controls) or 'none'}; model.parameters lists every constant."
            )
        p[model.system.places[name]] = _value(model.constants[name], value)
    return p


def _value(constant: Constant, value) -> float:
    unit = "" if constant.unit in ("", "dimensionless") else f" {constant.unit}"
    low, high = constant.minimum, constant.maximum
    open_ = constant.divides and not constant.control and low == 0
    if math.isfinite(high):
        span = f"between {low:g} and {high:g}{unit}"
    elif math.isfinite(low):
        span = f"{'greater than' if open_ else 'at least'} {low:g}{unit}"
    else:
        span = "any finite number"
    say = f"{constant.name} ({constant.meaning}) must be {span}"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise ValueError(f"{say}; got {value!r}, which is not a number. Give a number such as {constant.value:g}.")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{say}; got {value!r}. Give a finite number such as {constant.value:g}.")
    if not low <= number <= high:
        closest = min(max(number, low), high)
        hint = f"{constant.value:g}" if open_ and closest == 0 else f"{closest:g}"
        raise ValueError(f"{say}; got {number:g}. Use {hint} or another value in that range.")
    if open_ and number == 0:
        raise ValueError(f"{say}, because a rate is divided by it; got 0. Use {constant.value:g} or another value.")
    return number


def duration(model, hours, milliseconds) -> float:
    """How long to run, in the model's own unit of time, from whichever of the two is given; refuses what is none."""
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


def start_levels(model, start) -> np.ndarray:
    """Levels to start from, shape (species,): those at rest, with what `start` (by species) says otherwise."""
    y = model.baseline.to_numpy(float).copy()
    if start is None:
        return y
    for name, level in dict(start).items():
        if name in model.assignments:
            continue
        if name not in model.species:
            raise ValueError(
                f"Model {model.name!r} has no species {name!r} to start from.{nearest(name, model.species)}"
            )
        wrong = isinstance(level, (bool, np.bool_)) or not isinstance(level, numbers.Real)
        if wrong or not math.isfinite(level) or (level < 0 and name in model.system.concentrations):
            raise ValueError(f"The starting level of {name} must be a finite number of at least 0; got {level!r}.")
        if name not in model.switches:
            y[model.species.index(name)] = float(level)
    return y
