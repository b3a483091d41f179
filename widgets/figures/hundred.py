"""Pictures of a hundred people: how many would have been so anyway, how many because of a medicine."""

from __future__ import annotations

from textwrap import fill

from matplotlib.axes import Axes

from widgets.checks import listed, nearest
from widgets.evidence.hundreds import Hundred, hundreds
from widgets.figures import style

WIDE, LINES = 20, 5
"""People in a line, and lines."""

LETTERS = 58
"""Letters in a line of words above a picture."""


def hundred(*names: str) -> None:
    """Draw one picture for each of these ids of hundreds.toml, below each other.

    Each person is a mark: a square where it happened because of the medicine, a dot where it would have happened
    anyway, a cross where the medicine prevented it, a small ring for everyone else.
    Raises ValueError for no id or an unknown one, naming the nearest.
    """
    known = hundreds()
    if not names:
        raise ValueError(f"hundred() needs an id of hundreds.toml: {listed(list(known))}.")
    for name in names:
        if name not in known:
            raise ValueError(
                f"hundreds.toml has no {name!r}.{nearest(name, list(known))} It has {listed(list(known))}."
            )
    _, axes = style.figure(4.8, 1.75 * len(names))
    top = 0.0
    for name in names:
        top = _people(axes, known[name], top) + 1.1
    axes.set(xlim=(-0.6, WIDE - 0.4), ylim=(top - 0.7, -0.8), aspect="equal")
    axes.axis("off")


def said(one: Hundred) -> str:
    """What the marks say, in words and numbers."""
    because, anyway, spared = one.counts
    if spared:
        return f"{anyway} of 100; {spared} more {one.beside}."
    return f"{anyway} of 100 {one.beside}, {because or 'no'} more {one.with_it}."


def _people(axes: Axes, one: Hundred, top: float) -> float:
    """One picture from `top` downwards; returns where it ends."""
    words = fill(f"{one.what[:1].upper()}{one.what[1:]}", LETTERS)
    axes.text(-0.5, top, words, va="top", ha="left", weight="bold", color=style.COLOURS["ink"], linespacing=1.25)
    top += 1.0 * (words.count("\n") + 1) + 0.5
    because, anyway, spared = one.counts
    hue = style.COLOURS["good" if one.kind == "benefit" else "bad"]
    marks = [
        (anyway, {"marker": "o", "color": style.COLOURS["ink_soft"], "s": 62}),
        (because, {"marker": "s", "color": hue, "s": 70}),
        (spared, {"marker": "x", "color": style.COLOURS["good"], "s": 46, "linewidths": 1.8}),
        (100 - because - anyway - spared,
         {"marker": "o", "facecolors": "none", "edgecolors": style.COLOURS["control"], "s": 34, "linewidths": 1}),
    ]  # fmt: skip
    place = 0
    for count, looks in marks:
        where = range(place, place + count)
        if count:
            axes.scatter([k % WIDE for k in where], [top + k // WIDE for k in where], **looks)
        place += count
    top += LINES - 0.2
    axes.text(-0.5, top, fill(said(one), LETTERS), va="top", ha="left", color=style.COLOURS["ink_soft"])
    return top + 0.9
