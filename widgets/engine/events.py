"""Events of a model: moments at which something is set at once, such as a tablet swallowed or a spike.

In a model's text an event stands on one line, with a name and a meaning:

    tablet: at (time >= next_dose && taken < doses), t0=false: gut = gut + dose, taken = taken + 1  // a tablet

They mean what SBML says they mean: an event happens when its condition becomes true. Only conditions whose moment can
be found exactly are read: comparisons joined by `&&`, of `time`, of levels, or of constants and switches. A switch is
a variable that only events change. A schedule (see widgets.engine.schedules) has an amount at its moments only, so that
`at (schedule > 0)` happens at each of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy

from widgets.engine.answers import Happening

_COMPARISON = re.compile(r"(?P<left>.+?)(?P<sign>>=|<=|==|!=|>|<)(?P<right>.+)")
_RELATION = {">=": sympy.Ge, "<=": sympy.Le, ">": sympy.Gt, "<": sympy.Lt}
NEVER = sympy.oo


@dataclass(frozen=True)
class Event:
    """One event, in symbols of species, switches, constants and time.

    when : the time at which its condition becomes true, if only time decides (infinite while a guard is false).
    gap : what crosses zero upwards at that moment, if a level decides (minus infinity while a guard is false).
    Exactly one of the two is given. sets : new values, by species or switch, from the values just before.
    at_start : whether it happens at time 0 if its condition is true from the start.
    """

    name: str
    meaning: str
    when: sympy.Expr | None
    gap: sympy.Expr | None
    sets: dict[str, sympy.Expr]
    at_start: bool


def names_set(happenings: Sequence[Happening]) -> list[str]:
    """Names that events set, in the order in which they are first set."""
    return list(dict.fromkeys(name for each in happenings for name, _ in each.sets))


def read(
    happenings: Sequence[Happening],
    *,
    model: str,
    meanings: dict[str, str],
    expression: Callable[[str, str], sympy.Expr],
    moving: set[sympy.Symbol],
    scheduled: set[sympy.Symbol],
    time: sympy.Symbol,
) -> list[Event]:
    """The events of a text, from what Antimony says of them.

    expression : turns the text of a formula into symbols, every assignment written out.
    moving : symbols of the levels that change between events. scheduled : symbols of the model's schedules.
    Raises ValueError for a condition or an option that is not understood, with what can be written instead.
    """
    events = []
    for each in happenings:
        where = f"Event {each.name!r} of model {model!r}"
        for what in each.refused:
            raise ValueError(f"{where} has {what}; events here happen at the moment their condition becomes true.")
        when, gap = _condition(where, each.name, each.trigger, expression, moving, scheduled, time)
        sets = {target: expression(each.name, law) for target, law in each.sets}
        events.append(Event(each.name, meanings.get(each.name, ""), when, gap, sets, each.at_start))
    return events


def _condition(where, name, trigger, expression, moving, scheduled, time):
    """(when, gap) of a condition; one of them is None."""
    fix = (
        "Write comparisons (>=, >, <=, <) joined by &&: one of time or of a level, and any number of constants and "
        "switches, as in 'at (time >= next_dose && taken < doses)'."
    )
    guards, times, levels = [], [], []
    for part in _parts(trigger):
        match = _COMPARISON.fullmatch(part)
        if "||" in part or not match or match["sign"] not in _RELATION:
            raise ValueError(f"{where} has a condition that cannot be followed exactly: {trigger}. {fix}")
        left, right = (expression(name, match[side].strip()) for side in ("left", "right"))
        ahead = left - right if match["sign"] in (">=", ">") else right - left
        if ahead.free_symbols & moving:
            levels.append(ahead)
        elif ahead.has(time):
            slope = sympy.simplify(ahead.diff(time))
            if slope == 1:
                times.append(sympy.expand(time - ahead))
            else:
                raise ValueError(f"{where} compares time in a way that has no first moment: {part}. {fix}")
        else:
            guards.append(_RELATION[match["sign"]](left, right))
    planned = any(guard.free_symbols & scheduled for guard in guards)
    if not times and not levels and not planned:
        raise ValueError(f"{where} waits for neither time nor a level: {trigger}. {fix}")

    def guarded(value, otherwise):
        return sympy.Piecewise((value, sympy.And(*guards)), (otherwise, True)) if guards else value

    if not levels:
        # A moment of a schedule is due as soon as there is an amount.
        return guarded(sympy.Max(*times) if times else sympy.Integer(0), NEVER), None
    return None, guarded(sympy.Min(*levels, *(time - t for t in times)), -NEVER)


def _parts(trigger: str) -> list[str]:
    """The comparisons of a condition, without the brackets round it."""
    text = trigger.strip()
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    parts, depth, begin = [], 0, 0
    for k, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and text.startswith("&&", k):
            parts.append(text[begin:k])
            begin = k + 2
    parts.append(text[begin:])
    if len(parts) == 1:
        return [text]
    return [piece for part in parts for piece in _parts(part)]


def _closes(text: str) -> int:
    depth = 0
    for k, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return k
    return -1
