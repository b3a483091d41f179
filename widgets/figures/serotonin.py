"""Still figures of the chapter `serotonin`."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import NullLocator

from widgets.engine.model import load_model
from widgets.figures import style

BLOCKED = 0.8
"""Fraction of SERT blocked in the chapter's first experiment."""

TRYPTOPHAN_FREE_DRINK = 65.0
"""Per cent of rest left outside hippocampal cells of rats 100 to 240 min after the drink (stancampiano1997acute)."""


def brake_runs(hours: float = 72.0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Serotonin outside the cell after `BLOCKED` of SERT is blocked, with and without the autoreceptor.

    Returns {"on": (time in hours, level in multiples of rest), "off": ...}.
    """
    model = load_model("serotonin")
    rest = model.steady_state()["extracellular"]
    runs = {}
    for name, gain in (("on", 1), ("off", 0)):
        run = model.simulate(hours=hours, points=3000, reuptake_inhibition=BLOCKED, autoreceptor_gain=gain)
        runs[name] = (run.index.to_numpy(), run["extracellular"].to_numpy() / rest)
    return runs


def brake() -> None:
    """Draw serotonin outside the cell over three days on a drug, with the autoreceptor's brake and without it."""
    runs = brake_runs()
    _, axes = style.figure(4.8, 3.4)
    axes.axhline(1, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    axes.text(72, 1.06, "rest", ha="right", va="bottom", color=style.COLOURS["ink_soft"])
    for name, words, dash, lift in (("off", "brake off", "--", 1.16), ("on", "brake on", "-", 0.86)):
        time, level = runs[name]
        axes.plot(time, level, color=style.COLOURS["serotonin"], linestyle=dash)
        axes.text(14, np.interp(14, time, level) * lift, f"{words}: {level[-1]:.1f} times after 72 hours",
                  color=style.COLOURS["serotonin_text"], weight="bold",
                  va="bottom" if lift > 1 else "top")  # fmt: skip
    top = max(level.max() for _, level in runs.values())
    axes.set_yscale("log", base=2)
    ticks = 2 ** np.arange(0, np.ceil(np.log2(top)) + 0.1)
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set(xlim=(-0.5, 73), ylim=(0.9, ticks[-1] * 1.3), xticks=range(0, 73, 12))
    axes.grid(axis="y")
    axes.set_xlabel("hours since four pumps in five were blocked", loc="right")
    axes.set_title("Serotonin outside the cell, times rest")


def precursor_curves(most: float = 3.0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Settled level outside the cell against precursor in the blood.

    Returns {"serotonin": (supply in multiples of normal, level in per cent of rest), "dopamine": ...}.
    """
    supply = np.linspace(0.05, most, 60)
    curves = {}
    for name in ("serotonin", "dopamine"):
        model = load_model(name)
        rest = model.steady_state()["extracellular"]
        level = [model.steady_state(precursor_supply=float(s))["extracellular"] / rest for s in supply]
        curves[name] = (supply, 100 * np.array(level))
    return curves


def precursors() -> None:
    """Draw how serotonin follows tryptophan and dopamine ignores tyrosine, with the measurement in rats."""
    curves = precursor_curves()
    _, axes = style.figure(4.8, 3.8)
    axes.axhline(100, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    axes.axvline(1, color=style.COLOURS["line"], linewidth=1)
    for name, precursor, dash in (("serotonin", "tryptophan", "-"), ("dopamine", "tyrosine", "--")):
        supply, level = curves[name]
        axes.plot(supply, level, color=style.COLOURS[name], linestyle=dash)
        at = 1.75 if name == "serotonin" else 1.2
        axes.text(at, np.interp(at, supply, level) + (6 if name == "serotonin" else -6), f"{name} on {precursor}",
                  color=style.COLOURS[f"{name}_text"], weight="bold", ha="right" if name == "serotonin" else "left",
                  va="bottom" if name == "serotonin" else "top")  # fmt: skip
    axes.plot([-0.14, -0.02], [TRYPTOPHAN_FREE_DRINK] * 2, color=style.COLOURS["ink"], linewidth=4)
    axes.annotate("65 %, rats after a\ntryptophan-free drink", (0, TRYPTOPHAN_FREE_DRINK), (0.95, 40),
                  color=style.COLOURS["ink_soft"], va="center",
                  arrowprops={"arrowstyle": "-", "color": style.COLOURS["control"], "linewidth": 0.8})  # fmt: skip
    axes.set(xlim=(-0.2, 3), ylim=(0, 150), xticks=[0, 0.5, 1, 2, 3], yticks=[0, 50, 100, 150])
    axes.set_xticklabels(["none", "half", "normal", "double", "3 ×"])
    axes.set_xlabel("precursor in the blood", loc="right")
    axes.set_title("Settled level outside the cell, % of rest")
