"""Checking what comes in: numbers, words and names, refused with the value, the allowed range and the fix.

The ground floor: every room that takes input from a reader or an author says what is wrong with it in these words.
"""

from __future__ import annotations

import difflib
import math
import numbers
import re
from collections.abc import Iterable


def nearest(name: object, options: Iterable[object], cutoff: float = 0.4) -> str:
    """ " Did you mean 'x'?" for the closest of `options` (a space first), or nothing if none is close."""
    close = difflib.get_close_matches(str(name), [str(option) for option in options], n=1, cutoff=cutoff)
    return f" Did you mean {close[0]!r}?" if close else ""


def listed(names: Iterable[object]) -> str:
    """ "a, b, c", or "none"."""
    return ", ".join(str(name) for name in names) or "none"


def number(what: str, value: object, low: float = -math.inf, high: float = math.inf, unit: str = "") -> float:
    """`value` as a float, low..high included.

    Raises ValueError, naming `what`, the value, the range and the nearest allowed value, for anything else: a bool, a
    text, an array, an infinite or missing number.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError(f"{what} must be a number; got {value!r}.")
    found = float(value)
    if not math.isfinite(found):
        raise ValueError(f"{what} must be a finite number; got {value!r}.")
    if not low <= found <= high:
        unit = f" {unit}" if unit else ""
        if math.isinf(high):
            span = f"at least {low:g}{unit}"
        elif math.isinf(low):
            span = f"at most {high:g}{unit}"
        else:
            span = f"between {low:g} and {high:g}{unit}"
        fix = min(max(found, low), high)
        raise ValueError(f"{what} must be {span}; got {found:g}. Use {fix:g} or another value in that range.")
    return found


def whole_number(what: str, value: object, low: int, high: int | None = None) -> int:
    """`value` as an int, low..high included; raises ValueError for anything else, a bool or 3.0 among them."""
    span = f"of at least {low}" if high is None else f"from {low} to {high}"
    found = int(value) if isinstance(value, numbers.Integral) and not isinstance(value, bool) else None
    if found is None or found < low or (high is not None and found > high):
        raise ValueError(f"{what} must be a whole number {span}; got {value!r}.")
    return found


def words(what: str, value: object) -> str:
    """`value` if it is a text that is not blank; raises ValueError, naming `what`, otherwise."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{what} must be words; got {value!r}.")
    return value


def counted(count: float, word: str, several: str = "") -> str:
    """A count and its noun: "1 pulse", "2 pulses"; `several` where the plural has no s of its own."""
    return f"{count:g} {word if count == 1 else several or word + 's'}"


def with_article(name: str) -> str:
    """A name after its article: "a serotonin", "an acetylcholine", "a uridine", "an NMDA"; by its sound."""
    # ATP and NMDA are spelt out, GABA is not.
    spelt = re.match("[A-Z][B-DF-HJ-NP-TV-Z](?![AEIOU])", name)
    vowel = re.match("[AEFHILMNORSX]" if spelt else "(?i:[aeio]|u(?!ni|ri|s[aeiou]))", name)
    return f"{'an' if vowel else 'a'} {name}"


def meant(name: object, options: Iterable[object], cutoff: float = 0.65) -> str:
    """ " (did you mean 'x'?)" for the closest of `options` whatever its capitals (a space first), or nothing."""
    by_lower = {str(option).lower(): str(option) for option in options}
    close = difflib.get_close_matches(str(name).lower(), list(by_lower), n=1, cutoff=cutoff)
    return f" (did you mean {by_lower[close[0]]!r}?)" if close else ""


def joined(names: Iterable[object]) -> str:
    """ "a, b and c"; of one, itself."""
    *most, last = (str(name) for name in names)
    return f"{', '.join(most)} and {last}" if most else last
