"""Still figures of the chapter `serotonin`."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from widgets.engine.model import load_model
from widgets.evidence.sensitivity import changed
from widgets.figures import style

FOUND_WITHOUT_TRYPTOPHAN = (
    (100 / 60, 4.0, 65.0, "rats, hippocampus"),
    (2.0, 6.0, 60.0, "rats, cortex"),
    (120.0, 120.0, 0.0, "rats, cortex,\nday 5: none found"),
)
"""Hours from and to, per cent of rest (or of rats on complete food), words: rats without tryptophan.

The first is stancampiano1997acute, the others fadda2000physiological ("about 40 %" less; below detection on day five).
"""


def without_tryptophan(hours: float = 120.0) -> tuple[np.ndarray, np.ndarray]:
    """Hours since tryptophan was taken away, and the model's serotonin outside the cell in per cent of rest."""
    model = load_model("serotonin")
    run = model.simulate(hours=hours, points=2401, precursor_supply=0)["extracellular"]
    return run.index.to_numpy(), 100 * run.to_numpy() / model.steady_state()["extracellular"]


def supply_curve(most: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Tryptophan in the blood, in multiples of normal, and where the model's serotonin settles, in per cent of rest."""
    model = load_model("serotonin")
    rest = model.steady_state()["extracellular"]
    supply = np.linspace(0.02, most, 60)
    level = [100 * model.steady_state(precursor_supply=float(each))["extracellular"] / rest for each in supply]
    return supply, np.array(level)


def supply() -> None:
    """Draw what becomes of serotonin without tryptophan, beside rats, and where it settles on less or more of it."""
    style.apply()
    _, (days, settled) = plt.subplots(2, 1, figsize=(4.8, 6.6))
    colour, text, soft = (style.COLOURS[name] for name in ("serotonin", "serotonin_text", "ink_soft"))
    time, level = without_tryptophan()
    days.plot(time[1:], level[1:], color=colour)
    days.text(3.4, 98, "the model", color=text, weight="bold", va="bottom")
    for start, end, found, words in FOUND_WITHOUT_TRYPTOPHAN:
        if start == end:
            days.plot([start], [found], "o", color=style.COLOURS["ink"], clip_on=False, zorder=5)
            line = {"arrowstyle": "-", "color": style.COLOURS["control"], "linewidth": 0.8, "shrinkB": 5}
            days.annotate(words, (start, found), (start, 62), ha="right", va="bottom", color=soft, arrowprops=line)
            continue
        days.plot([start, end], [found] * 2, color=style.COLOURS["ink"], linewidth=4, linestyle="-")
        above = found > 62
        days.text(start * 0.93, found + (3 if above else -4), words, color=soft, va="bottom" if above else "top")
    days.set_xscale("log")
    days.set_xticks([1, 2, 6, 24, 48, 120], ["1 h", "2 h", "6 h", "1 day", "2", "5 days"])
    days.minorticks_off()
    days.set(xlim=(0.8, 125), ylim=(0, 112), yticks=[0, 50, 100])
    days.set_xlabel("since tryptophan was taken away", loc="right")
    days.set_title("Serotonin outside the cell, % of rest")
    amount, level = supply_curve()
    settled.axhline(100, color=soft, linewidth=1, linestyle=(0, (4, 3)))
    settled.axvline(1, color=style.COLOURS["line"], linewidth=1)
    settled.plot(np.append(0, amount), np.append(0, level), color=colour)
    settled.text(1.08, 92, "the model, once settled", color=text, weight="bold", va="top")
    settled.set(xlim=(0, 3), ylim=(0, 150), xticks=[0, 0.5, 1, 2, 3], yticks=[0, 50, 100, 150])
    settled.set_xticklabels(["none", "half", "normal", "double", "3 ×"])
    settled.set_xlabel("tryptophan in the blood", loc="right")
    settled.set_title("Where it settles, % of rest")


def brake_curves(most: float = 3.0, hours: float = 1.0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Firing, in multiples of rest, and serotonin an hour later in multiples of rest, with the brake and without it."""
    model = load_model("serotonin")
    rest = model.steady_state()["extracellular"]
    firing = np.linspace(0, most, 31)
    levels = {
        name: np.array(
            [
                model.simulate(hours=hours, points=2, firing_rate=float(each), autoreceptor_gain=gain)[
                    "extracellular"
                ].iloc[-1]
                / rest
                for each in firing
            ]
        )
        for name, gain in (("with the brake", 1), ("brake silenced", 0))
    }
    return firing, levels


def brake() -> None:
    """Draw serotonin outside the cell against firing, an hour into it, with the autoreceptor's brake and without it."""
    firing, levels = brake_curves()
    _, axes = style.figure(4.8, 3.8)
    axes.axvline(1, color=style.COLOURS["line"], linewidth=1)
    axes.fill_between(
        firing,
        levels["with the brake"],
        levels["brake silenced"],
        color=style.COLOURS["serotonin"],
        alpha=0.14,
        linewidth=0,
    )
    for gain, name, dash in ((1, "with the brake", "-"), (0, "brake silenced", "--")):
        axes.plot(firing, levels[name], color=style.COLOURS["serotonin"], linestyle=dash)
        at, way, side, end = (2.05, 0.25, "right", "bottom") if gain == 0 else (2.25, -0.35, "left", "top")
        height = np.interp(2.2, firing, levels[name]) + way
        axes.text(at, height, name, color=style.COLOURS["serotonin_text"], weight="bold", ha=side, va=end)
    axes.set(xlim=(0, 3), ylim=(0, 5), xticks=[0, 1, 2, 3], yticks=[0, 1, 2, 3, 4, 5])
    axes.set_xticklabels(["silent", "rest", "2 ×", "3 ×"])
    axes.set_xlabel("firing", loc="right")
    axes.set_title("Serotonin after an hour, times rest")


def doubted(hours: float = 1.0) -> dict[str, tuple[float, float]]:
    """Lowest and highest serotonin, in times rest, when each assumed or calibrated constant is halved and doubled.

    Keys: "silenced at rest", "driven" (three times the firing, the brake at work) and "driven, silenced"; all after
    `hours`, from the rest that the changed constant gives.
    """
    model = load_model("serotonin")
    cases = {"silenced at rest": (1, 0), "driven": (3, 1), "driven, silenced": (3, 0)}
    found: dict[str, list[float]] = {case: [] for case in cases}
    for each in changed(model):
        rest = model.steady_state(**each.changes)
        for case, (firing, gain) in cases.items():
            driven = {"firing_rate": firing, "autoreceptor_gain": gain}
            run = model.simulate(hours=hours, points=2, start=rest, **driven, **each.changes)["extracellular"]
            found[case].append(float(run.iloc[-1] / rest["extracellular"]))
    return {case: (min(levels), max(levels)) for case, levels in found.items()}
