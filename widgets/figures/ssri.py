"""Still figures of the chapter `ssri`."""

from __future__ import annotations

import numpy as np

from widgets import style
from widgets.model import load_model

PET_RANGE = (0.76, 0.85)
"""Lowest and highest mean SERT occupancy of five drugs by PET at the smallest treating dose (meyer2004serotonin)."""

PROBES = (
    # (drug and region, serotonin in % of rest, source)
    ("after a single dose", None, None),
    ("citalopram, amygdala", (175,), "bosker2001acute"),
    ("citalopram, hippocampus, two doses", (170, 305), "invernizzi1995extracellular"),
    ("escitalopram, prefrontal cortex, three doses", (234, 298, 290), "ceglia2004effects"),
    ("fluoxetine or paroxetine, frontal cortex", (100,), "beyer2002comparison"),
    ("with long treatment", None, None),
    ("citalopram, prefrontal cortex", (302,), "ceglia2004effects"),
    ("escitalopram, prefrontal cortex", (422,), "ceglia2004effects"),
    ("fluoxetine, frontal cortex", (275,), "hervas2001desensitization"),
    ("a dose on top of it, citalopram, amygdala", (350,), "bosker2001acute"),
)
"""Serotonin found by microdialysis in rats given an SSRI, each value read in the abstract of its source."""


def settled_levels() -> dict[str, np.ndarray]:
    """Where serotonin outside the cell settles against the fraction of SERT blocked, in multiples of rest.

    Keys: "blocked" (0 to 0.95), "brake" (the model), "no brake" (the model without autoreceptor), "simple" (one
    over the fraction left).
    """
    model = load_model("serotonin")
    rest = model.steady_state()["extracellular"]
    blocked = np.linspace(0, 0.95, 39)

    def settle(gain: float) -> np.ndarray:
        return np.array([
            model.steady_state(reuptake_inhibition=float(b), autoreceptor_gain=gain)["extracellular"] / rest
            for b in blocked
        ])  # fmt: skip

    return {"blocked": blocked, "brake": settle(1), "no brake": settle(0), "simple": 1 / (1 - blocked)}


def settled_level() -> None:
    """Draw the settled level against blocked pumps: the simple sum, the model, and the model without its brake."""
    curves = settled_levels()
    blocked = 100 * curves["blocked"]
    _, axes = style.figure(4.8, 4.2)
    axes.axvspan(100 * PET_RANGE[0], 100 * PET_RANGE[1], color=style.COLOURS["inset"], linewidth=0)
    axes.text(100 * PET_RANGE[0] - 1, 7.85, "PET at the smallest\ntreating dose", ha="right", va="top",
              color=style.COLOURS["ink_soft"])  # fmt: skip
    axes.plot(blocked, curves["simple"], color=style.COLOURS["ink_soft"], linestyle=":")
    axes.plot(blocked, curves["no brake"], color=style.COLOURS["serotonin"], linestyle="--", linewidth=1.6)
    axes.plot(blocked, curves["brake"], color=style.COLOURS["serotonin"])
    at = 80.0
    for name, colour in (("simple", "ink_soft"), ("no brake", "serotonin"), ("brake", "serotonin")):
        level = float(np.interp(at, blocked, curves[name]))
        axes.plot(at, level, "o", color=style.COLOURS[colour], markersize=6)
    axes.text(97, curves["brake"][-1], "with\nbrake", va="center", weight="bold",
              color=style.COLOURS["serotonin_text"])  # fmt: skip
    axes.text(90, 6.2, "without\nbrake", va="center",
              color=style.COLOURS["serotonin_text"])  # fmt: skip
    axes.text(77, 5.1, "simple\nsum", ha="right", va="center", color=style.COLOURS["ink_soft"])
    axes.set(xlim=(0, 116), ylim=(0, 8), xticks=[0, 20, 40, 60, 80, 100], yticks=[0, 1, 2, 3, 4, 5, 6, 8])
    axes.set_xticklabels([f"{tick} %" for tick in (0, 20, 40, 60, 80, 100)])
    axes.grid(axis="y")
    axes.set_xlabel("pumps blocked", loc="left")
    axes.set_title("Serotonin outside the cell, times rest")


def model_band() -> tuple[float, float]:
    """Where the model settles (per cent of rest) at the two ends of `PET_RANGE`."""
    model = load_model("serotonin")
    rest = model.steady_state()["extracellular"]
    return tuple(100 * model.steady_state(reuptake_inhibition=b)["extracellular"] / rest for b in PET_RANGE)


def microdialysis() -> None:
    """Draw what microdialysis found in rats on an SSRI, beside the band of the model."""
    low, high = model_band()
    _, axes = style.figure(4.8, 6.2)  # narrow, with each label above its row, so that it can be read on a phone
    axes.axvspan(low, high, color=style.COLOURS["inset"], linewidth=0)
    axes.axvline(100, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    row = 0.0
    for words, values, _ in PROBES:
        if values is None:
            row += 0.35 if row else 0
            axes.text(108, row, words, va="center", weight="bold", color=style.COLOURS["ink"])
            row += 0.85
            continue
        axes.text(108, row, words, va="center", color=style.COLOURS["ink_soft"])
        row += 0.55
        axes.plot([100, max(values)], [row, row], color=style.COLOURS["serotonin"], linewidth=1.2, linestyle="-")
        axes.plot(values, [row] * len(values), "o", color=style.COLOURS["serotonin"], markersize=8)
        axes.text(max(values) + 10, row, "no rise" if values == (100,) else f"{max(values)} %", va="center",
                  weight="bold", color=style.COLOURS["serotonin_text"])  # fmt: skip
        row += 0.85
    axes.text((low + high) / 2, row, "the model", ha="center", weight="bold", va="center",
              color=style.COLOURS["serotonin_text"])  # fmt: skip
    axes.set(xlim=(84, 480), ylim=(row + 0.5, -0.6), yticks=[], xticks=[100, 200, 300, 400])
    axes.set_xticklabels(["rest", "200 %", "300 %", "400 %"])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
