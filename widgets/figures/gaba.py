"""Still figures of the chapter `gaba`."""

from __future__ import annotations

import numpy as np

from widgets.engine.model import load_model
from widgets.figures import style

MILLISECONDS = 300
"""Length of every run that counts spikes, as in the chapter's labs."""

DRIVE = 250.0
"""Current that drives the cell in the chapter's first lab, in pA."""

DRIVE_REVERSAL = 200.0
"""The same in its second lab."""

PULSES_REVERSAL = 10
"""Pulses of GABA in its second lab."""


def spike_times(**changes: float) -> np.ndarray:
    """When the cell fires, in ms, in a run of `MILLISECONDS`."""
    run = load_model("gaba").simulate(milliseconds=MILLISECONDS, points=10 * MILLISECONDS + 1, **changes)
    return run.index[run["spikes"].diff() > 0].to_numpy()


def trains(counts: tuple[int, ...] = (0, 1, 5, 10, 15)) -> dict[int, np.ndarray]:
    """Spike times for each number of GABA pulses, 20 ms apart."""
    return {count: spike_times(input_current=DRIVE, pulses=count) for count in counts}


def silence() -> None:
    """Draw when the driven cell fires, one row for each number of GABA pulses."""
    runs = trains()
    _, axes = style.figure(4.8, 3.4)
    for row, (count, spikes) in enumerate(runs.items()):
        height = -row
        axes.vlines(spikes, height - 0.1, height + 0.32, color=style.COLOURS["ink"], linewidth=1.6)
        pulses = 20 * np.arange(count)
        axes.plot(pulses, np.full(count, height - 0.28), linestyle="none", marker="^", markersize=5,
                  color=style.COLOURS["gaba"])  # fmt: skip
        axes.text(MILLISECONDS + 8, height, f"{len(spikes)}", va="center", weight="bold", color=style.COLOURS["ink"])
    axes.text(MILLISECONDS + 8, 0.62, "spikes", va="center", ha="left", color=style.COLOURS["ink_soft"])
    axes.set(xlim=(-6, MILLISECONDS + 42), ylim=(-len(runs) + 0.4, 0.85), xticks=range(0, MILLISECONDS + 1, 100))
    axes.set_yticks([-row for row in range(len(runs))], [f"{count}" for count in runs])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylabel("pulses of GABA (triangles)")
    axes.set_xlabel("milliseconds", loc="right")
    axes.set_title("Each stroke is one spike of the cell")


def reversal_curves() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Spikes in a run against the reversal potential, {"without": (mV, spikes), "with": (mV, spikes)}.

    "with" is with `PULSES_REVERSAL` pulses of GABA, "without" with none; the tonic current is there in both.
    """
    potential = np.arange(-80.0, -39.0, 2.5)
    return {
        name: (
            potential,
            np.array([len(spike_times(input_current=DRIVE_REVERSAL, pulses=n, E_GABA_A=float(e))) for e in potential]),
        )
        for name, n in (("without", 0), ("with", PULSES_REVERSAL))
    }


def reversal() -> None:
    """Draw how often the cell fires with GABA pulses and without, against the reversal potential of chloride."""
    curves = reversal_curves()
    parameters = load_model("gaba").parameters.set_index("name")["value"]
    rest, threshold = load_model("gaba").baseline["voltage"], parameters["THRESHOLD"]
    _, axes = style.figure(4.8, 3.7)
    axes.axvspan(rest, threshold, color=style.COLOURS["inset"], linewidth=0)
    for at, words in ((rest, "rest"), (threshold, "threshold")):
        axes.axvline(at, color=style.COLOURS["control"], linewidth=1, linestyle=(0, (4, 3)))
        axes.text(at + 0.5, 0.4, words, color=style.COLOURS["ink_soft"], va="bottom")
    axes.text((rest + threshold) / 2, 29.6, "GABA raises the voltage\nand still holds back", ha="center", va="top",
              color=style.COLOURS["ink_soft"])  # fmt: skip
    potential, free = curves["without"]
    axes.plot(potential, free, color=style.COLOURS["ink_soft"], linestyle="--")
    axes.text(-79.5, free[0] + 3, "no pulses", color=style.COLOURS["ink_soft"], weight="bold", va="bottom")
    _, held = curves["with"]
    axes.plot(potential, held, color=style.COLOURS["gaba"])
    axes.text(-51, 1.5, "ten pulses of GABA", color=style.COLOURS["gaba_text"], weight="bold", ha="right", va="bottom")
    axes.set(xlim=(-80.5, -39), ylim=(0, 30), xticks=range(-80, -39, 10), yticks=[0, 10, 20, 30])
    axes.set_xticklabels([f"\N{MINUS SIGN}{-tick}" for tick in range(-80, -39, 10)])
    axes.grid(axis="y")
    axes.set_xlabel("reversal potential of GABA-A channels, mV", loc="right")
    axes.set_title("Spikes in 300 milliseconds")


def ceiling_curves() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Share of channels open (in per cent) against GABA held in the cleft (in mM), for no drug and for each of two."""
    model = load_model("gaba")
    gaba = np.logspace(-4, 1, 51)
    drugs = {"none": {}, "benzodiazepine": {"benzodiazepine": 1.0}, "barbiturate": {"barbiturate": 1.0}}
    return {
        name: (
            gaba,
            100 * np.array([model.steady_state(pulses=0, applied_gaba=float(g), **drug)["gaba_a_open"] for g in gaba]),
        )
        for name, drug in drugs.items()
    }


def ceiling() -> None:
    """Draw the share of channels open against GABA with no drug, with a modulator and with one that opens channels."""
    curves = ceiling_curves()
    _, axes = style.figure(4.8, 3.7)
    looks = {
        "none": ("GABA alone", "ink_soft", "ink_soft", "-", (0.055, 46), "left"),
        "benzodiazepine": ("benzodiazepine", "gaba", "gaba_text", "-", (0.0001, 24.5), "left"),
        "barbiturate": ("barbiturate", "bad", "bad", "--", (0.0001, 40), "left"),
    }
    for name, (words, colour, text, dash, (x, y), side) in looks.items():
        gaba, opened = curves[name]
        axes.plot(gaba, opened, color=style.COLOURS[colour], linestyle=dash)
        axes.text(x, y, words, color=style.COLOURS[text], weight="bold", ha=side, va="bottom")
    axes.set_xscale("log")
    axes.set_xticks([1e-4, 1e-3, 1e-2, 1e-1, 1, 10], ["0.1 µM", "1", "10", "100", "1 mM", "10"])
    axes.minorticks_off()
    axes.set(xlim=(8e-5, 12), ylim=(0, 105), yticks=[0, 25, 50, 75, 100])
    axes.grid(axis="y")
    axes.set_xlabel("GABA held at the receptors", loc="right")
    axes.set_title("GABA-A channels open, %")
