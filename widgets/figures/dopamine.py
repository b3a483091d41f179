"""Still figures of the chapter `dopamine`."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from widgets.engine.model import load_model
from widgets.figures import style

SECOND = 1 / 3600  # hours, the model's unit of time
METHYLPHENIDATE_60_MG = 0.74
"""Fraction of DAT that 60 mg of oral methylphenidate occupied on average, by PET (volkow1998dopamine)."""
SCANNED = 2.0
"""Hours from the tablet to that scan: how long the pumps have been blocked where a figure shows them blocked."""


CUE, REWARD, EPISODE = 0.5, 2.0, 0.25
"""Seconds: when the light comes on, when the juice is due, how long the cell then fires otherwise."""


def lesson(
    episodes: dict[float, float], seconds: float = 3.0, length: float = EPISODE, blocked: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Dopamine outside one terminal whose cell fires otherwise for `length` seconds at some moments.

    `episodes`: {moment in seconds: firing relative to the steady rate}. `blocked`: the fraction of DAT that has been
    blocked for `SCANNED` hours. Returns (seconds, level in multiples of rest with the pumps free).
    """
    model = load_model("dopamine")
    pumps = {"reuptake_inhibition": blocked}
    state, times, levels = model.simulate(hours=SCANNED, points=2, **pumps).iloc[-1], [], []
    edges = sorted({0.0, seconds, *episodes, *(at + length for at in episodes)})
    for begin, end in zip(edges, edges[1:], strict=False):
        run = model.simulate(
            hours=(end - begin) * SECOND, points=201, start=state, firing_rate=episodes.get(begin, 1), **pumps
        )
        times.append(begin + run.index.to_numpy() / SECOND)
        levels.append(run["extracellular"].to_numpy())
        state = run.iloc[-1]
    return np.concatenate(times), np.concatenate(levels) / model.steady_state()["extracellular"]


def lessons() -> None:
    """Draw what one terminal would make of the three cases of the juice: unforetold, foretold, foretold and missing."""
    style.apply()
    _, panels = plt.subplots(3, 1, figsize=(5.4, 5.6), sharex=True)
    cases = (
        ("Juice that nothing foretold", {REWARD: 5}, {"juice": REWARD}),
        ("A light, then the juice it foretold", {CUE: 5}, {"light": CUE, "juice": REWARD}),
        ("The light, and no juice", {CUE: 5, REWARD: 0}, {"light": CUE, "no juice": REWARD}),
    )
    for axes, (title, episodes, marks) in zip(panels, cases, strict=True):
        for words, at in marks.items():
            axes.axvspan(at, at + EPISODE, color=style.COLOURS["inset"], linewidth=0)
            axes.text(at - 0.05, 3.9, words, color=style.COLOURS["ink_soft"], ha="right", va="top")
        axes.axhline(1, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
        axes.plot(*lesson(episodes), color=style.COLOURS["dopamine"])
        axes.set_title(title, pad=6)
        axes.set(xlim=(0, 3), ylim=(0, 4.6), yticks=[0, 1, 2, 3, 4], xticks=[])
        axes.grid(axis="y")
    panels[1].set_ylabel("dopamine, times rest")
    panels[-1].set(xticks=[0, 1, 2, 3])
    panels[-1].set_xlabel("seconds", loc="right")


def signals() -> None:
    """Draw a burst and a pause with the pumps free and `SCANNED` hours into a block as by 60 mg, on two scales."""
    style.apply()
    _, panels = plt.subplots(2, 1, figsize=(5.2, 5.4), sharex=True, height_ratios=(9, 5))
    burst, pause, length = 0.5, 2.5, 0.5
    for axes, own, title in zip(
        panels, (False, True), ("In multiples of rest", "Each in multiples of its own background"), strict=True
    ):
        for at in (burst, pause):
            axes.axvspan(at, at + length, color=style.COLOURS["inset"], linewidth=0)
        axes.axhline(1, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
        for blocked, dash in ((0.0, "-"), (METHYLPHENIDATE_60_MG, "--")):
            seconds, level = lesson({burst: 5, pause: 0}, 4, length, blocked)
            scale = level[0] if own else 1
            axes.plot(seconds, level / scale, color=style.COLOURS["dopamine"], linestyle=dash)
        axes.set_title(title, pad=6)
        axes.grid(axis="y")
    bold = {"color": style.COLOURS["dopamine_text"], "weight": "bold", "va": "center"}
    above, below = panels
    above.text(1.3, 6.6, "74 % of pumps blocked", **bold)
    above.text(1.38, 0.45, "pumps free", **bold)
    below.text(0.4, 3.9, "free", ha="right", **bold)
    below.text(1.4, 2.5, "74 % blocked", **bold)
    soft = {"color": style.COLOURS["ink_soft"], "ha": "center", "va": "top"}
    above.text(burst + length / 2, 10.8, "burst", **soft)
    above.text(pause + length / 2, 10.8, "pause", **soft)
    above.set(xlim=(0, 4), ylim=(0, 11), yticks=[0, 2, 4, 6, 8, 10])
    below.set(ylim=(0, 5), yticks=[0, 1, 2, 3, 4], xticks=[0, 1, 2, 3, 4])
    below.set_xlabel("seconds", loc="right")


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
