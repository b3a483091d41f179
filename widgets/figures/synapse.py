"""Still figures of the chapter `synapse`."""

from __future__ import annotations

import numpy as np

from widgets.engine.model import load_model
from widgets.figures import style

_ROUTES = (
    # (what the reader reads, the reactions added up, palette colour)
    ("released", ("release",), "dopamine"),
    ("taken back by the pumps", ("reuptake",), "dopamine"),
    ("drift away", ("diffusion",), "dopamine"),
    ("broken down outside", ("extracellular_breakdown",), "dopamine"),
    ("newly made", ("synthesis",), "ink_soft"),
    ("broken down inside", ("breakdown_mao_a", "breakdown_mao_b", "oxidation"), "ink_soft"),
)
_GROUPS = (
    # (title, first row, last row)
    ("Between the neurons", 0, 3),
    ("Inside the terminal", 4, 5),
)


def route_traffic() -> dict[str, float]:
    """Molecules that take each route of a resting dopamine terminal while 100 are released (dimensionless)."""
    fluxes = load_model("dopamine").fluxes()
    return {label: 100 * sum(fluxes[name] for name in reactions) / fluxes["release"] for label, reactions, _ in _ROUTES}


def _count(value: float) -> str:
    return f"{value:.0f}" if value >= 0.95 else f"{value:.2f}"


def where_molecules_go() -> None:
    """Draw the traffic on each route of the resting dopamine terminal, as bars per 100 molecules released."""
    traffic = route_traffic()
    _, axes = style.figure(5.0, 3.6)  # narrow, so that its words stay readable on a phone
    row = 0.0
    for title, first, last in _GROUPS:
        axes.text(-0.02, row, title, transform=axes.get_yaxis_transform(), ha="right", va="center",
                  weight="bold", color=style.COLOURS["ink"])  # fmt: skip
        for label, _, colour in _ROUTES[first : last + 1]:
            row += 1
            axes.barh(row, traffic[label], height=0.62, color=style.COLOURS[colour])
            axes.annotate(_count(traffic[label]), (traffic[label], row), (6, 0), textcoords="offset points",
                          va="center", weight="bold", color=style.COLOURS["ink"])  # fmt: skip
            axes.text(-0.02, row, label, transform=axes.get_yaxis_transform(), ha="right", va="center",
                      color=style.COLOURS["ink_soft"])  # fmt: skip
        row += 1.35
    axes.set(xlim=(0, 112), ylim=(row - 0.6, -0.6), yticks=[], xticks=[0, 25, 50, 75, 100])
    axes.spines["left"].set_color(style.COLOURS["control"])
    axes.set_xlabel("molecules for every 100 released", loc="right")


_MICE = (
    # (pumps missing in per cent, level as times ordinary mice, colour, marker): pecina2003, jones1998
    (90, 1.7, "dopamine", "o"),
    (100, 5, "dopamine", "o"),
)
_SEROTONIN = (
    # (pumps missing in per cent, where it is drawn, level and its error in nM, the same of ordinary mice): mathews2004
    (50, 48.8, (3.5, 0.9), (1.4, 0.4)),
    (50, 51.2, (9.4, 1), (2.8, 1)),
    (100, 98.8, (18, 3), (2.8, 1)),
    (100, 101.2, (14, 1), (1.4, 0.4)),
)


def serotonin_in_mice() -> list[tuple[float, float, float]]:
    """Pumps missing (per cent), level as times ordinary mice, and the error of that ratio, of each measurement."""
    ratios = [(gone, few[0] / all_[0], (few, all_)) for gone, _, few, all_ in _SEROTONIN]
    return [(gone, ratio, ratio * sum((e / x) ** 2 for x, e in pair) ** 0.5) for gone, ratio, pair in ratios]


def pumps_and_level() -> None:
    """Draw where the level settles for every share of pumps gone: the simple sum, the model, and mice (log scale)."""
    model = load_model("dopamine")
    rest = model.steady_state()["extracellular"]
    gone = np.linspace(0, 1, 41)
    level = [model.steady_state(reuptake_inhibition=float(share))["extracellular"] / rest for share in gone]
    summed = np.linspace(0, 0.99, 200)
    _, axes = style.figure(5.0, 4.4)
    ink, soft = style.COLOURS["ink"], style.COLOURS["ink_soft"]
    axes.plot(100 * summed, 1 / (1 - summed), color=soft, linestyle=":", linewidth=1.6)
    axes.text(86, 9, "the simple sum", ha="right", color=soft)
    axes.plot(100 * gone, level, color=style.COLOURS["dopamine"], linewidth=2.2)
    axes.text(55, 1.06, "dopamine in the model", color=style.COLOURS["dopamine_text"], va="bottom")
    axes.plot([100, 100], [100, 300], color=soft, linewidth=1.2, clip_on=False)
    axes.plot([100, 100], [100, 300], "_", color=soft, markersize=11, markeredgewidth=1.6, clip_on=False)
    axes.text(96, 173, "how much longer\ndopamine stays", ha="right", va="center", color=soft)
    for x, y, colour, marker in _MICE:
        axes.plot(x, y, marker, color=style.COLOURS[colour], markersize=8, markeredgecolor=ink, markeredgewidth=0.8,
                  clip_on=False, zorder=4)  # fmt: skip
    for (_, x, *_), (_, ratio, error) in zip(_SEROTONIN, serotonin_in_mice(), strict=True):
        axes.errorbar(x, ratio, error, fmt="D", color=style.COLOURS["serotonin"], markersize=8, markeredgecolor=ink,
                      markeredgewidth=0.8, ecolor=ink, elinewidth=1.2, capsize=3, clip_on=False, zorder=4)  # fmt: skip
    handles = [
        axes.plot([], [], marker, color=style.COLOURS[colour], markersize=8, markeredgecolor=ink, linestyle="none",
                  markeredgewidth=0.8, label=label)[0]
        for label, colour, marker in (("dopamine in mice", "dopamine", "o"), ("serotonin in mice", "serotonin", "D"))
    ]  # fmt: skip
    axes.legend(handles=handles, loc="upper left", frameon=False, handletextpad=0.4)
    axes.set(yscale="log", xlim=(0, 103), ylim=(0.9, 400), xticks=[0, 25, 50, 75, 100])
    axes.set_yticks([1, 2, 5, 10, 50, 100, 300], ["1", "2", "5", "10", "50", "100", "300"])
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.set_xlabel("pumps gone, %", loc="right")
    axes.set_title("Between the neurons, times ordinary")
