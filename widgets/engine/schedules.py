"""A schedule: times with amounts, such as a calendar of doses; a value of a model like any other.

In a model's text a schedule is a name whose comment says so, and events that wait for it:

    schedule = 0 mg  // what is swallowed at the moments of a calendar | schedule | 0..1000 | instead of doses
    dose: at (schedule > 0): gut = gut + schedule, taken = taken + 1  // what is due is swallowed

At each moment of the schedule that a run is given, its name stands for the amount due then; between these moments it
is zero, as it is for good in a run without one. An amount of 0 is a moment at which nothing happens. Only events may
use it: nothing that lasts can depend on what has no duration. The constants named after `instead of` (here the number
of regular doses) count as zero while a schedule is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from widgets import checks
from widgets.engine.constants import Constant
from widgets.engine.names import unit_text

MOST = 2000
"""Entries that a schedule may have."""

_RANGE = re.compile(r"(\d[\d.]*)\.\.(\d[\d.]*)")


@dataclass(frozen=True)
class Schedule:
    """One schedule of a model: its amounts (`minimum` to `maximum`, in `unit`), and what it takes the place of.

    replaces : names of constants that count as zero in a run with this schedule.
    """

    name: str
    unit: str
    meaning: str
    minimum: float
    maximum: float
    replaces: tuple[str, ...]


@dataclass(frozen=True)
class Moment:
    """One entry of a schedule: when (in the model's unit of time), which of the model's schedules, and how much."""

    time: float
    place: int
    amount: float


def is_one(note: str) -> bool:
    """Whether a line's comment says that its name is a schedule."""
    return [part.strip() for part in note.split("|")][1:2] == ["schedule"]


def read(name: str, value: float, unit: str, note: str, *, model: str, constants: Mapping[str, Constant]) -> Schedule:
    """A schedule from what its line says; `constants` are those of the model.

    Raises ValueError for a value that is not 0, a missing or unreadable range, or an unknown constant to replace.
    """
    where = f"Schedule {name!r} of model {model!r}"
    meaning, _, limits, *rest = [*(part.strip() for part in note.split("|")), "", ""]
    if value != 0:
        raise ValueError(f"{where} is {value:g}, but between its moments a schedule is zero; write '{name} = 0'.")
    if not (match := _RANGE.fullmatch(limits)) or float(match[1]) > float(match[2]):
        raise ValueError(f"{where} has the range {limits!r}; write the least and the greatest amount as 0..1000.")
    instead = rest[0]
    if instead and not instead.startswith("instead of "):
        raise ValueError(f"{where} ends with {instead!r}; write 'instead of' and the constants it takes the place of.")
    replaced = tuple(part.strip() for part in instead.removeprefix("instead of ").split(",") if part.strip())
    for other in replaced:
        if other not in constants:
            raise ValueError(f"{where} takes the place of {other!r}, no constant.{checks.nearest(other, constants)}")
        if constants[other].minimum > 0:
            raise ValueError(f"{where} takes the place of {other!r}, which cannot be zero; let its range begin at 0.")
    return Schedule(name, unit_text(unit), meaning, float(match[1]), float(match[2]), replaced)


def moments(schedule: Schedule, place: int, given, *, time_unit: str) -> list[Moment]:
    """The entries of a schedule in order of time; those at the same time stay in the order given.

    given : pairs (time, amount), such as [(0, 20), (24, 20)]; times in `time_unit`s from the start of the run.
    Raises ValueError, naming the entry, what is wrong with it and what to write.
    """
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, (Iterable, np.ndarray)):
        raise ValueError(f"{_wanted(schedule, time_unit)}; got {given!r}.")
    given = list(given)
    if len(given) > MOST:
        raise ValueError(f"{schedule.name} has {len(given)} entries; it may have {MOST}. Leave out the last ones.")
    found = []
    for number, entry in enumerate(given, 1):
        try:
            time, amount = entry
        except (TypeError, ValueError):
            raise ValueError(f"{_wanted(schedule, time_unit)}; entry {number} is {entry!r}.") from None
        which = f"entry {number} of {schedule.name}"
        time = checks.number(f"The time of {which}", time, 0.0, unit=f"{time_unit}s")
        unit = "" if schedule.unit in ("", "dimensionless") else schedule.unit
        # No amount at all is allowed whatever the range: the moment of a dose that is left out.
        low = 0.0 if amount == 0 else schedule.minimum
        amount = checks.number(f"The amount of {which}", amount, low, schedule.maximum, unit=unit)
        found.append(Moment(time, place, amount))
    return sorted(found, key=lambda moment: moment.time)


def _wanted(schedule: Schedule, time_unit: str) -> str:
    low, high = schedule.minimum, schedule.maximum
    return (
        f"{schedule.name} ({schedule.meaning}) must be a list of pairs (time in {time_unit}s, amount of {low:g} to "
        f"{high:g} {schedule.unit}), such as [(0, {high / 10:g}), (24, {high / 10:g})]"
    )
