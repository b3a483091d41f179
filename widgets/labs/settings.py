"""Settings of a lab's controls: what an author writes, as the spec holds it, and as the model takes it.

control      an author writes      the spec and the page hold      the model takes
number       0.8                   0.8                             0.8
choice       "gone"                2, the option's place           0.0, the option's value
switch       True                  1                               1.0
schedule     [(0, 20), (24, 20)]   [(0.0, 20.0), (24.0, 20.0)]     the same
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from widgets.checks import listed, nearest, number, words
from widgets.labs.spec import ChoiceControl, ControlSpec, NumberControl, ScheduleControl, SwitchControl


def checked(what: str, given, controls: Sequence[ControlSpec]) -> dict:
    """Settings as the spec holds them. Raises ValueError, naming `what`, value, range and fix, for any other."""
    known = {control.name: control for control in controls}
    if not isinstance(given, Mapping):
        raise ValueError(f"{what} is a dict of settings such as {{'{next(iter(known))}': 0.5}}; got {given!r}.")
    found = {}
    for name, value in given.items():
        if name not in known:
            raise ValueError(
                f"{what} names {name!r}, which is not one of this lab's controls.{nearest(name, known)} "
                f"Choose from {listed(known)}, or add it to controls."
            )
        found[name] = _CHECKED[known[name].kind](f"{name} in {what}", value, known[name])
    return found


def checked_presets(given: Mapping | None, controls: Sequence[ControlSpec]) -> dict[str, dict]:
    """Presets as the spec holds them, by their words."""
    return {
        words("the name of a preset", name): checked(f"the preset {name!r}", values, controls)
        for name, values in (given or {}).items()
    }


def resting(controls: Sequence[ControlSpec]) -> dict:
    """The setting of each control at rest, as the spec holds it."""
    return {control.name: control.rest for control in controls}


def names_in(controls: Sequence[ControlSpec]) -> list[str]:
    """The names of controls, in order."""
    return [control.name for control in controls]


def as_written(setting, control: ControlSpec):
    """A setting of the spec as an author writes it."""
    if control.kind == "choice":
        return control.options[int(setting)]
    return {"number": float, "switch": bool, "schedule": calendar}[control.kind](setting)


def as_taken(setting, control: ControlSpec):
    """A setting of the spec as the model takes it: a constant's value, or a schedule."""
    if control.kind == "choice":
        return float(control.values[int(setting)])
    return calendar(setting) if control.kind == "schedule" else float(setting)


def calendar(pairs) -> list[tuple[float, float]]:
    """Times with amounts, as a list of pairs of floats."""
    return [(float(time), float(amount)) for time, amount in pairs]


def calendar_in(what: str, value, least: float = 0.0, most: float = math.inf, unit: str = "") -> list[tuple]:
    """A schedule as an author writes it, in order of time, with amounts of 0 or `least` to `most`.

    Raises ValueError, naming `what` and the entry, for no pairs, a time below 0 and an amount out of range.
    """
    example = "such as [(0, 20), (24, 20)]"
    if isinstance(value, (str, Mapping)) or not isinstance(value, Sequence):
        raise ValueError(f"{what} must be a list of times with amounts, {example}; got {value!r}.")
    found = []
    for place, pair in enumerate(value, 1):
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
            raise ValueError(f"Entry {place} of {what} must be a time with an amount, {example}; got {pair!r}.")
        time = number(f"the time of entry {place} of {what}", pair[0], 0.0)
        low = 0.0 if pair[1] == 0 else least
        found.append((time, number(f"the amount of entry {place} of {what}", pair[1], low, most, unit)))
    return sorted(found, key=lambda pair: pair[0])


def _number(what: str, value, control: NumberControl) -> float:
    return number(what, value, control.minimum, control.maximum)


def _place(what: str, value, control: ChoiceControl) -> int:
    if value not in control.options:
        raise ValueError(
            f"{what} must be one of its options; got {value!r}.{nearest(value, control.options)} "
            f"Choose from {listed(map(repr, control.options))}."
        )
    return control.options.index(value)


def _on(what: str, value, control: SwitchControl) -> int:
    if not isinstance(value, bool):
        raise ValueError(f"{what} must be True or False; got {value!r}.")
    return int(value)


def _calendar(what: str, value, control: ScheduleControl) -> list[tuple[float, float]]:
    most = math.inf if control.maximum is None else control.maximum
    return calendar_in(what, value, control.minimum, most, control.unit)


_CHECKED = {"number": _number, "choice": _place, "switch": _on, "schedule": _calendar}
