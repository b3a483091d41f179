"""Still figures of the chapter `models`."""

from __future__ import annotations

import math

import numpy as np

from widgets.checks import counted
from widgets.evidence.anchors import ROLES, read_anchors
from widgets.figures import style

EDGE = 2.25
"""Points beyond this factor, up or down, are drawn at the edge, with the factor in words."""


def ratios() -> list[dict]:
    """Each published result: role, short name, ratio (model over published) and whether it agrees.

    Where only an interval was published its middle (on a scale of factors) stands for the value, and where only a
    lower limit, that. A result with nothing but an upper limit, or one of zero, has no ratio and is left out, and so is
    one to which the model has no number above zero.
    """
    rows = []
    for a in read_anchors():
        middle = a.published or (math.sqrt(a.low * a.high) if a.low and a.high else a.low)
        if not middle:
            continue  # Found to be nearly nothing: no ratio says how near.
        value = a.factor * a.experiment.take()
        if 0 < value / middle < math.inf:
            rows.append(dict(role=a.role, short=a.short, ratio=value / middle, agrees=a.agrees(value)))
    return rows


def beside_what_was_measured() -> None:
    """Draw what the models say over what was published: results that were put in, in stacks; predictions, by name."""
    groups = {role: sorted((r for r in ratios() if r["role"] == role), key=lambda r: r["ratio"]) for role in ROLES}
    ticks = {}
    top = 0.0
    places: list[tuple[dict, float]] = []
    for row in reversed(groups["predicted"]):
        places.append((row, top))
        ticks[top] = row["short"]
        top += 1.0
    for role in ("implied", "calibrated", "reproduced"):
        if not groups[role]:
            continue
        top += 1.0
        heights = _heights(groups[role])
        places += [(row, top + height) for row, height in zip(groups[role], heights, strict=True)]
        ticks[top + heights.max() / 2] = f"{role} ({counted(len(groups[role]), 'result')})"
        top += heights.max()
    # A name needs a sixth of an inch.
    _, axes = style.figure(7.2, max(8.4, 0.172 * (top + 1.6) + 0.6))
    axes.axvline(1, color=style.COLOURS["ink_soft"], linewidth=0.8, zorder=0)
    for row, y in places:
        _dot(axes, row, y)
    axes.set_yticks(list(ticks), list(ticks.values()))
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.8, top + 0.8)
    axes.set_xscale("log")
    axes.set_xlim(0.4, 2.6)
    axes.set_xticks([0.5, 0.7, 1, 1.5, 2], ["half", "0.7 ×", "the same", "1.5 ×", "2 ×"])
    axes.minorticks_off()
    axes.set_xlabel("what the model says, over what was published")
    axes.spines["left"].set_visible(False)


def _dot(axes, row: dict, y: float) -> None:
    x = min(max(row["ratio"], 1 / EDGE), EDGE)
    colour = style.COLOURS["serotonin" if row["agrees"] else "dopamine"]
    axes.plot(
        x, y, marker="o" if row["agrees"] else "D", markersize=6.5 if row["agrees"] else 6, linestyle="none",
        color=colour, markerfacecolor=colour if row["agrees"] else "none", markeredgewidth=1.6,
    )  # fmt: skip
    if x != row["ratio"]:
        right = row["ratio"] > EDGE
        words = f"{row['ratio']:.0f} × →" if right else f"← {row['ratio']:.2g} ×"
        axes.annotate(
            words, (x, y), xytext=(-10 if right else 10, 0), textcoords="offset points",
            ha="right" if right else "left", va="center", color=style.COLOURS["ink_soft"],
        )  # fmt: skip


def _heights(rows: list[dict]) -> np.ndarray:
    """Where the dots of a stack stand, from 0 up: beyond the edges, where each has words, one above the other."""
    ratios_ = np.array([row["ratio"] for row in rows])
    heights = np.zeros(len(rows))
    within = (ratios_ >= 1 / EDGE) & (ratios_ <= EDGE)
    heights[within] = 0.55 * _stacked(list(np.log(ratios_[within])))
    above = heights[within].max(initial=-0.9) + 0.9
    for side in (ratios_ < 1 / EDGE, ratios_ > EDGE):
        heights[side] = above + np.arange(side.sum())
    return heights


def _stacked(positions: list[float], width: float = 0.055) -> np.ndarray:
    """Whole heights from 0 up that keep dots at nearly the same position from covering each other."""
    heights = np.zeros(len(positions))
    for i, x in enumerate(positions):
        taken = {heights[j] for j in range(i) if abs(positions[j] - x) < width}
        heights[i] = next(h for h in range(len(positions)) if h not in taken)
    return heights
