"""Still figures of the chapter `imbalance`."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

from widgets.engine.model import load_model
from widgets.figures import style

OUTPUTS = {"extracellular": "outside the cell", "vesicular": "stored in vesicles", "metabolite": "5-HIAA"}
"""What the first figure shows of the terminal."""

LEFT, RIGHT = 26, 130
"""Ends of the first figure's scale, in % of rest: its words stand at the left, its numbers at the right."""

FINDINGS = (
    # (condition, or None under the one above; words; effect; 95 % interval, or a p value, or None; source)
    ("Depression", "pumps (SERT), midbrain", -0.49, (-0.84, -0.14), "gryglewski2014meta"),
    (None, "pumps (SERT), amygdala", -0.50, (-0.78, -0.22), "gryglewski2014meta"),
    (None, "GABA, while depressed", -0.52, 0.005, "schur2016brain"),
    (None, "GABA, after recovery", -0.24, 0.310, "schur2016brain"),
    ("Panic disorder", "GABA", None, None, "schur2016brain"),
    ("Schizophrenia", "dopamine made, striatum", 0.65, 0.004, "brugger2020heterogeneity"),
    (None, "dopamine released, striatum", 0.66, 0.03, "brugger2020heterogeneity"),
    (None, "D2/D3 receptors, striatum", 0.17, 0.14, "brugger2020heterogeneity"),
    (None, "glutamate, medial prefrontal", -0.19, (-0.32, -0.07), "smucny2021medial"),
    (None, "GABA", -0.23, 0.089, "schur2016brain"),
    ("Bipolar disorder", "GABA", None, None, "schur2016brain"),
)
"""Differences between people with a condition and without, in standard deviations (Hedges' g or another standardised
mean difference), from meta-analyses of brain scans, each value read in the abstract of its source. Where an abstract
gives a p value and no interval, `interval` works one out. None: no significant difference, its size not in the
abstract."""


def interval(effect: float, given: tuple[float, float] | float) -> tuple[float, float]:
    """The 95 % interval of an effect: as published, or from its two-sided p value by the normal approximation."""
    if isinstance(given, tuple):
        return given
    error = abs(effect) / NormalDist().inv_cdf(1 - given / 2)
    return effect - 1.96 * error, effect + 1.96 * error


def overlap(effect: float) -> float:
    """The fraction shared by two normal distributions of equal width whose means lie `effect` widths apart."""
    return 2 * NormalDist().cdf(-abs(effect) / 2)


def terminals(causes: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, tuple[float, float]]]:
    """Where each cause leaves `OUTPUTS`, in % of rest, without treatment and with so many pumps blocked that
    the terminal with too many is left the usual number."""
    model = load_model("serotonin")
    most = max(cause.get("V_SERT", 0) for cause in causes.values())
    treated = {"reuptake_inhibition": 1 - model.constants["V_SERT"].value / most}
    rest = model.steady_state()
    found = {}
    for name, cause in causes.items():
        before, after = (100 * model.steady_state(**cause, **more) / rest for more in ({}, treated))
        found[name] = {output: (before[output], after[output]) for output in OUTPUTS}
    return found


def same_level(causes: Mapping[str, Mapping[str, float]]) -> None:
    """Draw, for each cause, three measures of the terminal: untreated (open) and with pumps blocked (filled)."""
    _, axes = style.figure(4.8, 5.4)
    axes.axvline(100, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    row = 0.0
    for name, outputs in terminals(causes).items():
        axes.text(LEFT, row, name, va="center", weight="bold", color=style.COLOURS["ink"])
        row += 0.8
        for output, (before, after) in outputs.items():
            level = output == "extracellular"
            colour = style.COLOURS["serotonin" if level else "ink_soft"]
            axes.text(LEFT, row, OUTPUTS[output], va="center", color=style.COLOURS["ink_soft"])
            axes.annotate("", (after, row), (before, row), arrowprops={
                "arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 5, "shrinkB": 4,
                "mutation_scale": 9})  # fmt: skip
            axes.plot(before, row, "o", markersize=7, markerfacecolor=style.COLOURS["paper"], color=colour)
            axes.plot(after, row, "o", markersize=7, color=colour)
            axes.text(RIGHT, row, f"{before:.0f} to {after:.0f}", va="center", ha="right",
                      color=style.COLOURS["serotonin_text" if level else "ink_soft"],
                      weight="bold" if level else "normal")  # fmt: skip
            row += 0.7
        row += 0.35
    axes.set(xlim=(LEFT, RIGHT), ylim=(row - 0.4, -0.6), yticks=[], xticks=[60, 80, 100])
    axes.set_xticklabels(["60 %", "80 %", "healthy rest"])
    axes.spines["left"].set_visible(False)
    axes.set_title("Open: untreated. Filled: pumps blocked.")


def evidence() -> None:
    """Draw what meta-analyses of scans found, condition by condition, with 95 % intervals."""
    _, axes = style.figure(4.8, 7.2)
    axes.axvline(0, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    row = 0.0
    for condition, words, effect, given, _ in FINDINGS:
        if condition:
            row += 0.3 if row else 0
            axes.text(-1.6, row, condition, va="center", weight="bold", color=style.COLOURS["ink"])
            row += 0.75
        hue = next((name for name in ("dopamine", "glutamate", "gaba") if name in words.lower()), "serotonin")
        hue = "dopamine" if "D2" in words else hue
        axes.text(-1.6, row, words, va="center", color=style.COLOURS["ink_soft"])
        if effect is None:
            axes.text(0.06, row, "no clear difference", va="center", color=style.COLOURS["ink_soft"])
            row += 0.8
            continue
        row += 0.5
        low, high = interval(effect, given)
        axes.plot([low, high], [row, row], color=style.COLOURS[hue], linewidth=2.2, linestyle="-")
        axes.plot(effect, row, "o", color=style.COLOURS[hue], markersize=7)
        axes.text(1.8, row, f"{effect:+.2f}".replace("-", "\N{MINUS SIGN}"), va="center", ha="right", weight="bold",
                  color=style.COLOURS[f"{hue}_text"])  # fmt: skip
        row += 0.8
    axes.set(xlim=(-1.6, 1.8), ylim=(row - 0.3, -0.6), yticks=[], xticks=[-1, -0.5, 0, 0.5, 1])
    axes.set_xticklabels(["1 less", "0.5", "same", "0.5", "1 more"])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel("standard deviations", loc="right")
    axes.set_title("With the condition, against without it")
