"""Still figures of the chapter `dopamine`."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from widgets.engine.model import load_model
from widgets.figures import style

SECOND = 1 / 3600  # hours, the model's unit of time
HALF_SECOND = 0.5 * SECOND  # how long the chapter's bursts and pauses last
METHYLPHENIDATE_60_MG = 0.74
"""Fraction of DAT that 60 mg of oral methylphenidate occupied on average, by PET (volkow1998dopamine)."""


def episode(firing: float, blocked: float = 0.0, points: int = 1201) -> tuple[np.ndarray, np.ndarray]:
    """Dopamine outside the cell around half a second of other firing, after the pumps' block has settled.

    `firing`: within the episode, relative to the steady rate; 0 is a pause. Returns (seconds since it began, level in
    multiples of its own background), from one second before to two seconds after.
    """
    model = load_model("dopamine")
    settings = {"reuptake_inhibition": blocked}
    start = model.steady_state(**settings)
    run = model.simulate(
        hours=3 * SECOND, points=points, start=start, bursts=1, burst_firing=firing, burst_duration=HALF_SECOND,
        burst_interval=SECOND, **settings,
    )  # fmt: skip
    return run.index.to_numpy() / SECOND - 1, run["extracellular"].to_numpy() / start["extracellular"]


def signals() -> None:
    """Draw a burst and a pause, with the pumps free and with `METHYLPHENIDATE_60_MG` of them blocked."""
    style.apply()
    _, (above, below) = plt.subplots(2, 1, figsize=(4.8, 4.8), sharex=True, height_ratios=(3, 2))
    for axes, firing, title in (
        (above, 5, "A burst: level, times its own background"),
        (below, 0, "A pause"),
    ):
        axes.axvspan(0, 0.5, color=style.COLOURS["inset"], linewidth=0)
        axes.axhline(1, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
        for blocked, dash in ((0.0, "-"), (METHYLPHENIDATE_60_MG, "--")):
            axes.plot(*episode(firing, blocked), color=style.COLOURS["dopamine"], linestyle=dash)
        axes.set_title(title)
        axes.grid(axis="y")
    bold = {"color": style.COLOURS["dopamine_text"], "weight": "bold", "va": "center"}
    above.text(0.57, 4.9, "pumps free", **bold)
    above.text(0.88, 3.0, "74 % of pumps\nblocked", **bold)
    below.text(0.68, 0.12, "pumps free", **bold)
    below.text(0.88, 0.62, "74 % blocked", **bold)
    above.set(xlim=(-0.6, 1.9), ylim=(0, 5.8), yticks=[0, 1, 2, 3, 4, 5])
    below.set(ylim=(-0.05, 1.3), yticks=[0, 0.5, 1], xticks=[0, 0.5, 1, 1.5])
    below.set_xlabel("seconds since it began", loc="right")


def enzyme_rates(most: float = 3.0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Speed of each messenger's first enzyme against its amino acid in the terminal, everything else as at rest.

    Returns {"dopamine": (amino acid in multiples of rest, speed in per cent of rest), "serotonin": ...}. The rates are
    those of the models' reaction `hydroxylation`, written out so that the amino acid alone can be varied.
    """
    share = np.linspace(0, most, 121)

    def parts(name: str):
        model = load_model(name)
        constants = model.parameters.set_index("name")["value"]
        return model.steady_state(), constants

    rest, k = parts("dopamine")
    tyrosine = share * rest["tyrosine"]
    cofactor = 1 + k["K_TH_bh4"] / rest["bh4"] * (1 + rest["cytosolic"] / k["Ki_TH_dopamine"])
    th = tyrosine / ((1 + tyrosine / k["Ki_TH_tyrosine"]) * (tyrosine + k["K_TH_tyrosine"] * cofactor))

    rest, k = parts("serotonin")
    tryptophan = share * rest["tryptophan"]
    tph = tryptophan / (k["K_TPH_tryptophan"] + tryptophan + tryptophan**2 / k["Ki_TPH_tryptophan"])

    return {
        name: (share, 100 * rate / np.interp(1, share, rate)) for name, rate in (("dopamine", th), ("serotonin", tph))
    }


def enzymes() -> None:
    """Draw how the first enzyme of each messenger answers to its amino acid."""
    curves = enzyme_rates()
    _, axes = style.figure(4.8, 3.8)
    axes.axvline(1, color=style.COLOURS["line"], linewidth=1)
    axes.axhline(100, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    for name, dash in (("serotonin", "-"), ("dopamine", "--")):
        axes.plot(*curves[name], color=style.COLOURS[name], linestyle=dash)
    axes.plot(1, 100, "o", color=style.COLOURS["ink"], markersize=6)
    axes.text(2.95, 131, "serotonin's enzyme,\non tryptophan", color=style.COLOURS["serotonin_text"], weight="bold",
              ha="right", va="top")  # fmt: skip
    axes.text(2.95, 58, "dopamine's enzyme,\non tyrosine", color=style.COLOURS["dopamine_text"], weight="bold",
              ha="right", va="top")  # fmt: skip
    axes.text(0.95, 112, "rest", color=style.COLOURS["ink_soft"], ha="right")
    axes.set(xlim=(0, 3), ylim=(0, 190), xticks=[0, 0.5, 1, 2, 3], yticks=[0, 50, 100, 150])
    axes.set_xticklabels(["none", "half", "normal", "double", "3 ×"])
    axes.set_xlabel("amino acid in the terminal", loc="right")
    axes.set_title("Speed of the first enzyme, % of rest")
