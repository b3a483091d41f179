"""Still figures of the chapter `synapse`."""

from __future__ import annotations

from widgets.engine.model import load_model
from widgets.figures import style

_ROUTES = (
    # (what the reader reads, the reactions added up, palette colour)
    ("pumped into vesicles", ("packaging",), "ink_soft"),
    ("leak back out of vesicles", ("leak",), "ink_soft"),
    ("released", ("release",), "dopamine"),
    ("taken back by the pumps", ("reuptake",), "dopamine"),
    ("drift away", ("diffusion",), "dopamine"),
    ("broken down there", ("extracellular_breakdown",), "dopamine"),
    ("newly made", ("synthesis",), "ink"),
    ("broken down inside", ("breakdown_mao_a", "breakdown_mao_b", "oxidation"), "ink"),
)
_GROUPS = (
    # (title, first row, last row, palette colour for text)
    ("Inside the terminal", 0, 1, "ink"),
    ("Between the neurons", 2, 5, "dopamine_text"),
    ("In and out for good", 6, 7, "ink"),
)


def route_traffic() -> dict[str, float]:
    """Molecules that take each route of a resting dopamine terminal while 100 are released (dimensionless)."""
    fluxes = load_model("dopamine").fluxes()
    return {label: 100 * sum(fluxes[name] for name in reactions) / fluxes["release"] for label, reactions, _ in _ROUTES}


def _count(value: float) -> str:
    if value >= 1000:
        return f"{round(value, -2):,.0f}"
    return f"{value:.0f}" if value >= 0.95 else f"{value:.2f}"


def where_molecules_go() -> None:
    """Draw the traffic on each route of the resting dopamine terminal, per 100 molecules released (log scale)."""
    traffic = route_traffic()
    _, axes = style.figure(5.0, 4.8)  # narrow, so that its words stay readable on a phone
    rows = {}
    row = 0.0
    for title, first, last, colour in _GROUPS:
        axes.text(-0.02, row, title, transform=axes.get_yaxis_transform(), ha="right", va="center",
                  weight="bold", color=style.COLOURS[colour])  # fmt: skip
        for index in range(first, last + 1):
            row += 1
            rows[index] = row
        row += 1.35
    for index, (label, _, colour) in enumerate(_ROUTES):
        value, y = traffic[label], rows[index]
        axes.plot([0.01, value], [y, y], color=style.COLOURS[colour], linewidth=1.4, linestyle="-", alpha=0.45)
        axes.plot(value, y, "o", color=style.COLOURS[colour], markersize=9)
        axes.annotate(_count(value), (value, y), (9, 0), textcoords="offset points", va="center",
                      weight="bold", color=style.COLOURS["ink"])  # fmt: skip
        axes.text(-0.02, y, label, transform=axes.get_yaxis_transform(), ha="right", va="center",
                  color=style.COLOURS["ink_soft"])  # fmt: skip
    axes.set(xscale="log", xlim=(0.01, 200000), ylim=(row - 0.5, -0.6), yticks=[])
    axes.set_xticks([0.01, 0.1, 1, 10, 100, 1000, 10000], ["0.01", "", "1", "", "100", "", "10,000"])
    axes.minorticks_off()
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("molecules for every 100 released", loc="right")
