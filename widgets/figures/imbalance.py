"""Still figures of the chapter `imbalance`, and what its tables hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np
from matplotlib.axes import Axes

from widgets.engine.model import load_model
from widgets.evidence.sensitivity import changed
from widgets.figures import style

OUTPUTS = {"extracellular": "outside the cell", "vesicular": "stored in vesicles", "metabolite": "5-HIAA"}
"""What the chapter's tables give of the terminal."""

DRAWN = ("extracellular", "vesicular")
"""What the first figure shows of it: 5-HIAA is not among them, since a later prediction asks for it."""

LEFT, RIGHT = 18, 176
"""Ends of the first figure's scale, in % of healthy: its words stand at the left, its numbers at the right."""

Finding = tuple[str | None, str, float | None, tuple[float, float] | float | None, str]

FINDINGS: tuple[Finding, ...] = (
    # (condition, or None under the one above; words; effect; 95 % interval, or a p value, or None; source)
    ("Depression", "pumps (SERT), amygdala", -0.50, (-0.78, -0.22), "gryglewski2014meta"),
    (None, "pumps, midbrain", -0.49, (-0.84, -0.14), "gryglewski2014meta"),
    (None, "pumps, striatum", -0.32, None, "gryglewski2014meta"),
    (None, "pumps, thalamus", -0.24, None, "gryglewski2014meta"),
    (None, "pumps, brainstem", -0.22, None, "gryglewski2014meta"),
    (None, "pumps, frontal cortex", None, None, "gryglewski2014meta"),
    (None, "pumps, cingulate cortex", None, None, "gryglewski2014meta"),
    (None, "GABA, while depressed", -0.52, 0.005, "schur2016brain"),
    (None, "GABA, after recovery", -0.24, 0.310, "schur2016brain"),
    ("Panic disorder", "GABA", None, None, "schur2016brain"),
    ("Schizophrenia", "dopamine made, striatum", 0.65, 0.004, "brugger2020heterogeneity"),
    (None, "dopamine released, striatum", 0.66, 0.03, "brugger2020heterogeneity"),
    (None, "dopamine in the synapse, striatum", 0.78, 0.0006, "brugger2020heterogeneity"),
    (None, "D2/D3 receptors, striatum", 0.17, 0.14, "brugger2020heterogeneity"),
    (None, "dopamine pumps, striatum", -0.20, 0.28, "brugger2020heterogeneity"),
    (None, "glutamate, medial prefrontal", -0.19, (-0.32, -0.07), "smucny2021medial"),
    (None, "GABA", -0.23, 0.089, "schur2016brain"),
    ("Bipolar disorder", "GABA", None, None, "schur2016brain"),
)
"""Differences between people with a condition and without, in standard deviations (Hedges' g or another standardised
mean difference), from meta-analyses of brain scans: all that the abstract of each source gives, small and null ones
too. Where an abstract gives a p value and no interval, `interval` works one out. An effect without either is drawn open
and without an interval; no effect means that the abstract reports no difference, or none that was significant, and no
size."""

DEPLETED = (
    # (who; what was held back, "" for a sham; the colour's messenger; how many fell back; of how many)
    ("On fluoxetine", "less serotonin", "serotonin", 8, 15),
    ("On desipramine", "less serotonin", "serotonin", 1, 15),
    ("On no medicine", "less norepinephrine and dopamine", "norepinephrine", 10, 14),
    ("On no medicine", "a sham", "", 1, 13),
)
"""Recovered people whose symptoms came back for a while when a messenger was held back (delgado1999tryptophan, then
berman1999transient)."""

TWINS = (("low", 0.5, 6.2), ("high", 1.1, 14.6))
"""Inherited risk, and the chance in per cent that a depression begins in a month without and with a severe event, as
modelled from 2,164 women who were twins (kendler1995stressful)."""


def interval(effect: float, given: tuple[float, float] | float) -> tuple[float, float]:
    """The 95 % interval of an effect: as published, or from its two-sided p value by the normal approximation."""
    if isinstance(given, tuple):
        return given
    error = abs(effect) / NormalDist().inv_cdf(1 - given / 2)
    return effect - 1.96 * error, effect + 1.96 * error


def overlap(effect: float) -> float:
    """The fraction shared by two normal distributions of equal width whose means lie `effect` widths apart."""
    return 2 * NormalDist().cdf(-abs(effect) / 2)


def shares(cause: Mapping[str, float], treatment: Mapping[str, float]) -> dict[str, float]:
    """Where a cause and a treatment leave `OUTPUTS` of the serotonin terminal, in % of healthy."""
    model = load_model("serotonin")
    found = 100 * model.steady_state(**cause, **treatment) / model.steady_state()
    return {output: float(found[output]) for output in OUTPUTS}


def terminals(causes: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, tuple[float, float]]]:
    """Where each cause leaves `OUTPUTS`, in % of healthy, without treatment and with so many pumps blocked that
    the terminal with too many is left the healthy number."""
    model = load_model("serotonin")
    most = max(cause.get("V_SERT", 0) for cause in causes.values())
    treated = {"reuptake_inhibition": 1 - model.constants["V_SERT"].value / most}
    found = {}
    for name, cause in causes.items():
        before, after = shares(cause, {}), shares(cause, treated)
        found[name] = {output: (before[output], after[output]) for output in OUTPUTS}
    return found


def doubted(
    causes: Mapping[str, Mapping[str, float]], treatment: Mapping[str, float]
) -> dict[str, dict[str, tuple[float, float]]]:
    """The lowest and highest share of healthy, in %, at which each treated terminal ends when every assumed and
    calibrated constant is halved and doubled in turn. Each cause keeps its ratio to the changed constant, and
    healthy is the changed model at rest."""
    model = load_model("serotonin")
    own = {name: model.constants[name].value for cause in causes.values() for name in cause}
    ends: dict[str, dict[str, list[float]]] = {name: {output: [] for output in OUTPUTS} for name in causes}
    for doubt in changed(model):
        rest = model.steady_state(**doubt.changes)
        for words, cause in causes.items():
            scaled = {name: held * doubt.changes.get(name, own[name]) / own[name] for name, held in cause.items()}
            end = 100 * model.steady_state(**{**doubt.changes, **scaled}, **treatment) / rest
            for output in OUTPUTS:
                ends[words][output].append(float(end[output]))
    return {words: {output: (min(each), max(each)) for output, each in of.items()} for words, of in ends.items()}


def same_level(causes: Mapping[str, Mapping[str, float]]) -> None:
    """Draw, for each cause, `DRAWN` of the terminal: untreated (open) and with pumps blocked (filled)."""
    _, axes = style.figure(4.8, 1.2 + 1.05 * len(causes))
    axes.axvline(100, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    row = 0.0
    for name, outputs in terminals(causes).items():
        axes.text(LEFT, row, name, va="center", weight="bold", color=style.COLOURS["ink"])
        row += 0.8
        for output in DRAWN:
            before, after = outputs[output]
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
    axes.set(xlim=(LEFT, RIGHT), ylim=(row - 0.4, -0.6), yticks=[], xticks=[60, 80, 100, 120, 140])
    axes.set_xticklabels(["60 %", "", "healthy", "", "140 %"])
    axes.spines["left"].set_visible(False)
    axes.set_title("Open: untreated. Filled: pumps blocked.")


def depletion() -> None:
    """Draw four groups of recovered people, a dot each; filled: symptoms came back when a messenger was held back."""
    _, axes = style.figure(4.8, 4.6)
    for place, (who, held, messenger, back, of) in enumerate(DEPLETED):
        row, colour = 2.4 * place, style.COLOURS[messenger or "ink_soft"]
        axes.text(-0.3, row - 1.15, f"{who}: {back} of {of}", va="center", weight="bold", color=style.COLOURS["ink"])
        axes.text(-0.3, row - 0.6, held, va="center",
                  color=style.COLOURS[f"{messenger}_text" if messenger else "ink_soft"])  # fmt: skip
        axes.plot(range(back), [row] * back, "o", markersize=12, color=colour)
        axes.plot(range(back, of), [row] * (of - back), "o", markersize=12, color=colour,
                  markerfacecolor=style.COLOURS["paper"])  # fmt: skip
    axes.set(xlim=(-0.6, 14.6), ylim=(2.4 * len(DEPLETED) - 1.9, -1.6), yticks=[], xticks=[])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_title("Filled: symptoms came back for a while")


def groups(effect: float = 0.5) -> None:
    """Draw two groups as bell curves of equal width, `effect` standard deviations apart."""
    _, axes = style.figure(4.8, 2.6)
    at = np.linspace(-3.4, 3.4, 300)

    def bell(centre: float) -> np.ndarray:
        return np.exp(-((at - centre) ** 2) / 2)

    without, having = bell(0.0), bell(-effect)
    axes.fill_between(at, np.minimum(without, having), color=style.COLOURS["line"])
    axes.plot(at, without, color=style.COLOURS["ink_soft"], linestyle="--")
    axes.plot(at, having, color=style.COLOURS["serotonin"], linestyle="-")
    axes.text(0.95, 0.86, "people without\ndepression", color=style.COLOURS["ink_soft"], va="center")
    axes.text(-effect - 0.95, 0.86, "people with\ndepression", color=style.COLOURS["serotonin_text"], va="center",
              ha="right")  # fmt: skip
    axes.text(-effect / 2, 0.3, f"{overlap(effect):.0%}\nin common", color=style.COLOURS["ink"], ha="center",
              va="center", weight="bold")  # fmt: skip
    axes.set(xlim=(-3.4, 3.4), ylim=(0, 1.12), yticks=[], xticks=[-effect, 0])
    axes.set_xticklabels([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("fewer pumps \N{LEFTWARDS ARROW} \N{RIGHTWARDS ARROW} more pumps")
    axes.set_title("Half a standard deviation apart")


def twins() -> None:
    """Draw the chance that a depression begins in a given month, by inherited risk, without and with a severe event."""
    _, axes = style.figure(4.8, 2.8)
    row, ticks = 0.0, []
    for risk, without, event in TWINS:
        axes.text(0, row - 0.75, f"{risk} inherited risk".capitalize(), weight="bold", va="center",
                  color=style.COLOURS["ink"])  # fmt: skip
        for words, chance, colour in (("quiet month", without, "ink_soft"), ("severe event", event, "serotonin")):
            axes.barh(row, chance, height=0.62, color=style.COLOURS[colour])
            axes.text(chance + 0.25, row, f"{chance:g} %", va="center", color=style.COLOURS["ink"])
            ticks.append((row, words))
            row += 0.85
        row += 1.0
    axes.set(xlim=(0, 17), ylim=(row - 1.2, -1.2), xticks=[], yticks=[at for at, _ in ticks])
    axes.set_yticklabels([words for _, words in ticks])
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)
    axes.set_title("Chance that a depression begins, per month")


def findings(conditions: Sequence[str]) -> list[Finding]:
    """The rows of `FINDINGS` under some of its conditions, in order. Raises ValueError for one that it has not."""
    known = [row[0] for row in FINDINGS if row[0]]
    if unknown := set(conditions) - set(known):
        raise ValueError(f"No findings on {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    rows, under = [], ""
    for row in FINDINGS:
        under = row[0] or under
        if under in conditions:
            rows.append(row)
    return rows


def _hue(words: str) -> str:
    if "D2" in words:
        return "dopamine"
    return next((name for name in ("dopamine", "glutamate", "gaba") if name in words.lower()), "serotonin")


def _finding(axes: Axes, row: float, words: str, effect: float, given: tuple[float, float] | float | None) -> None:
    hue = _hue(words)
    if given is not None:
        axes.plot(interval(effect, given), [row, row], color=style.COLOURS[hue], linewidth=2.2, linestyle="-")
    face = style.COLOURS[hue if given is not None else "paper"]
    axes.plot(effect, row, "o", color=style.COLOURS[hue], markerfacecolor=face, markersize=7)
    axes.text(1.8, row, f"{effect:+.2f}".replace("-", "\N{MINUS SIGN}"), va="center", ha="right", weight="bold",
              color=style.COLOURS[f"{hue}_text"])  # fmt: skip


def evidence(*conditions: str) -> None:
    """Draw what meta-analyses of scans found in these conditions, with 95 % intervals; open: no interval was given."""
    rows = findings(conditions)
    heads = sum(1 for row in rows if row[0]) if len(conditions) > 1 else 0
    drawn = sum(row[2] is not None for row in rows)
    height = 1.3 * drawn + 0.8 * (len(rows) - drawn) + 1.05 * heads
    _, axes = style.figure(4.8, 1.3 + 0.42 * height)
    axes.axvline(0, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    row = 0.0
    for condition, words, effect, given, _ in rows:
        if condition and heads:
            row += 0.3 if row else 0
            axes.text(-1.6, row, condition, va="center", weight="bold", color=style.COLOURS["ink"])
            row += 0.75
        axes.text(-1.6, row, words, va="center", color=style.COLOURS["ink_soft"])
        if effect is None:
            axes.text(1.8, row, "no clear difference", va="center", ha="right", color=style.COLOURS["ink_soft"])
        else:
            row += 0.5
            _finding(axes, row, words, effect, given)
        row += 0.8
    axes.set(xlim=(-1.6, 1.8), ylim=(row - 0.3, -0.6), yticks=[], xticks=[-1, -0.5, 0, 0.5, 1])
    axes.set_xticklabels(["1 less", "0.5", "same", "0.5", "1 more"])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel("standard deviations", loc="right")
    axes.set_title("With depression, against without it" if not heads else "With the condition, against without it")
