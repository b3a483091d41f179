"""Still figures of the chapter `norepinephrine`."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import NullLocator

from widgets.engine.model import load_model
from widgets.figures import style

PROBES = (
    # (drug, norepinephrine in times rest, source): rat frontal or prefrontal cortex, by microdialysis
    ("atomoxetine", 3.0, "bymaster2002atomoxetine"),
    ("reboxetine", 3.42, "sacchetti1999studies"),
    ("venlafaxine", 4.03, "beyer2002comparison"),
    ("desipramine", 4.98, "beyer2002comparison"),
    ("reboxetine and an alpha-2 blocker", 16.8, "sacchetti1999studies"),
)
"""What probes in rats found on drugs that block NET; the share of NET blocked was not measured."""

HELD_STILL = 1.76
"""Norepinephrine, times rest, in the prefrontal cortex of immobilised rats (nakane1994stress)."""

SLOW, RACING, BLOCKED = 0.2, 4.0, 0.8
"""The chapter's second experiment: firing in multiples of rest, before and after this share of NET is blocked."""


def settled_levels() -> dict[str, np.ndarray]:
    """Where norepinephrine outside the cell settles against the fraction of NET blocked, in multiples of rest.

    Keys: "blocked" (0 to 1), "brake", "antagonist" (a tenth of the brake left) and "no brake".
    """
    model = load_model("norepinephrine")
    rest = model.steady_state()["extracellular"]
    blocked = np.linspace(0, 1, 41)

    def settle(gain: float) -> np.ndarray:
        scan = model.scan("reuptake_inhibition", blocked, autoreceptor_gain=gain)
        return scan["extracellular"].to_numpy() / rest

    return {"blocked": blocked, "brake": settle(1), "antagonist": settle(0.1), "no brake": settle(0)}


def brake() -> None:
    """Draw the settled level against blocked pumps, with the brake, a tenth of it and none, beside probes."""
    curves = settled_levels()
    blocked = 100 * curves["blocked"]
    _, axes = style.figure(4.8, 4.6)
    axes.axhline(1, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(blocked, curves["no brake"], color=style.COLOURS["norepinephrine"], linestyle=":")
    axes.plot(blocked, curves["antagonist"], color=style.COLOURS["norepinephrine"], linestyle="--")
    axes.plot(blocked, curves["brake"], color=style.COLOURS["norepinephrine"])
    for x, y, words in ((60, 9.2, "brake off"), (97, 4.9, "a tenth\nof it left")):
        axes.text(x, y, words, ha="right", color=style.COLOURS["norepinephrine_text"], weight="bold", va="center")
    axes.text(64, 1.22, "brake on", ha="left", va="top", color=style.COLOURS["norepinephrine_text"], weight="bold")
    axes.axvline(106, color=style.COLOURS["line"], linewidth=1)
    for drug, level, _ in PROBES:
        axes.plot(113, level, "o", color=style.COLOURS["ink"], markersize=6, clip_on=False)
        words = drug.replace(" and an ", "\nand an\n").replace("alpha-2 ", "alpha-2\n")
        nudge = {"atomoxetine": 0.95, "reboxetine": 0.99}.get(drug, 1)
        axes.text(119, level * nudge, words, va="center", color=style.COLOURS["ink_soft"], fontsize=10)
    axes.text(109, 60, "rats", va="center", color=style.COLOURS["ink"], weight="bold")
    axes.set_yscale("log", base=2)
    ticks = [1, 2, 4, 8, 16, 32, 64]
    axes.set_yticks(ticks, [f"{tick}" for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set(xlim=(0, 168), ylim=(0.85, 74), xticks=[0, 25, 50, 75, 100])
    axes.set_xticklabels([f"{tick} %" for tick in (0, 25, 50, 75, 100)])
    axes.grid(axis="y")
    axes.set_xlabel("pumps (NET) blocked", loc="left")
    axes.set_title("Norepinephrine outside the cell, times rest")


def receiving_cell(levels: np.ndarray) -> dict[str, np.ndarray]:
    """The receiving cell's receptors and its support at levels in multiples of rest.

    Keys: "alpha2a" and "alpha1" (per cent occupied), "support" (per cent of rest).
    """
    model = load_model("norepinephrine")
    outside = levels * model.baseline["extracellular"]
    table = model.parameters.set_index("name")["value"]
    alpha2a = outside / (outside + table["K_alpha2a"])
    alpha1 = outside / (outside + table["K_alpha1"])
    support = alpha2a * (1 - alpha1) ** table["N_alpha1"]
    return {
        "alpha2a": 100 * alpha2a,
        "alpha1": 100 * alpha1,
        "support": 100 * support / model.steady_state()["working_memory_support"],
    }


def pushes() -> dict[str, tuple[float, float]]:
    """The level (times rest) before and after NET is blocked, for slow and for racing cells."""
    model = load_model("norepinephrine")
    rest = model.steady_state()["extracellular"]
    return {
        name: tuple(
            model.steady_state(firing_rate=firing, reuptake_inhibition=block)["extracellular"] / rest
            for block in (0, BLOCKED)
        )
        for name, firing in (("slow", SLOW), ("racing", RACING))
    }


def inverted_u() -> None:
    """Draw support of working memory and both occupancies against the level, with the two pushes."""
    levels = np.geomspace(0.1, 16, 200)
    curves = receiving_cell(levels)
    ink, soft, green = (style.COLOURS[name] for name in ("ink", "ink_soft", "norepinephrine"))
    _, axes = style.figure(4.8, 4.6)
    axes.axvline(1, color=style.COLOURS["line"], linewidth=1)
    axes.axvline(HELD_STILL, color=style.COLOURS["line"], linewidth=1)
    axes.plot(levels, curves["alpha2a"], color=soft, linestyle="--", linewidth=1.4)
    axes.plot(levels, curves["alpha1"], color=soft, linestyle=":", linewidth=1.8)
    axes.plot(levels, curves["support"], color=green, linewidth=2.6)
    for name, (before, after) in pushes().items():
        ends = np.array([before, after])
        heights = np.interp(ends, levels, curves["support"])
        axes.plot(ends, heights, "o", color=ink, markersize=6)
        axes.annotate("", (ends[1], heights[1]), (ends[0], heights[0]),
                      arrowprops={"arrowstyle": "-|>", "color": ink, "linewidth": 1.4, "shrinkA": 4, "shrinkB": 4,
                                  "connectionstyle": "arc3,rad=-0.35"})  # fmt: skip
        if name == "slow":
            axes.text(0.36, 88, "slow cells:\nhelped", ha="right", va="center", color=ink)
        else:
            axes.text(4.0, 98, "racing cells:\nharmed", ha="left", va="center", color=ink)
    axes.text(0.108, 57, "support", color=style.COLOURS["norepinephrine_text"], weight="bold", ha="left")
    axes.text(15.5, 76, "alpha-2A\noccupied", color=soft, ha="right", va="top")
    axes.text(1.12, 19, "alpha-1\noccupied", color=soft, ha="left", va="center")
    axes.text(0.97, 114, "rest", ha="right", va="center", color=soft)
    axes.text(HELD_STILL * 1.05, 114, "rats immobilised", ha="left", va="center", color=soft)
    axes.set_xscale("log", base=2)
    ticks = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16]
    axes.set_xticks(ticks, ["⅛", "¼", "½", "1", "2", "4", "8", "16"])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlim=(0.1, 16), ylim=(0, 119), yticks=[0, 25, 50, 75, 100])
    axes.set_yticklabels([f"{tick} %" for tick in (0, 25, 50, 75, 100)])
    axes.grid(axis="y")
    axes.set_xlabel("norepinephrine outside the cell, times rest", loc="left")
    axes.set_title("Support for working memory, % of rest")
