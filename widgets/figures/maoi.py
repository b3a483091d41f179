"""Still figures of the chapter `maoi`."""

from __future__ import annotations

from widgets.engine.model import load_model
from widgets.figures import style

BLOCKED = 0.85
"""Fraction of each form of MAO blocked: about what PET found on phenelzine (chiuccariello2015monoamine)."""

SSRI = 0.8
"""Fraction of SERT blocked at the usual smallest dose of an SSRI (meyer2004serotonin)."""

SETTINGS = (
    ("an SSRI", {"reuptake_inhibition": SSRI}),
    ("MAO-B blocked", {"mao_b_inhibition": BLOCKED}),
    ("MAO-A blocked", {"mao_a_inhibition": BLOCKED}),
    ("MAO-A and MAO-B blocked", {"mao_a_inhibition": BLOCKED, "mao_b_inhibition": BLOCKED}),
    (
        "SSRI and MAO inhibitor: dangerous",
        {"reuptake_inhibition": SSRI, "mao_a_inhibition": BLOCKED, "mao_b_inhibition": BLOCKED},
    ),
)
"""Words and settings of the serotonin terminal, in the order in which they are drawn."""

PRESSOR_RATIOS = (
    # (medicine, ratio with tyramine by itself, ratio with tyramine mixed into a meal), each with its source
    ("placebo", ((1.5, "goren2010clinical"),), ()),
    ("selegiline skin patch, 6 mg", ((1.85, "azzaro2006tyramine"),), ()),
    ("rasagiline, 1 mg", ((2.0, "goren2010clinical"),), ()),
    ("selegiline tablets, 10 mg", ((2.5, "goren2010clinical"),), ()),
    ("selegiline tablets, 20 mg", ((4.6, "bieck1989tyramine"),), ()),
    ("moclobemide", ((6.9, "bieck1989tyramine"),), ((5.0, "berlin1989determination"),)),
    ("phenelzine", ((13.2, "bieck1989tyramine"), (17.3, "goren2010clinical")), ()),
    ("tranylcypromine", ((56.0, "bieck1988oral"),), ((38.2, "berlin1989determination"),)),
)
"""Pressor ratios in healthy volunteers, each read in the abstract of its source; doses are those a day."""


def inside_outside_levels() -> list[tuple[str, float, float]]:
    """Where serotonin settles outside and inside the terminal, in multiples of rest, for each of `SETTINGS`."""
    model = load_model("serotonin")
    rest = model.steady_state()
    rows = []
    for words, change in SETTINGS:
        share = model.steady_state(**change) / rest
        rows.append((words, float(share["extracellular"]), float(share["cytosolic"])))
    return rows


def inside_outside() -> None:
    """Draw serotonin outside (dots) and inside (squares) the terminal, one row a setting, on a log axis."""
    _, axes = style.figure(4.8, 4.4)
    axes.axvline(1, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    colour, text = style.COLOURS["serotonin"], style.COLOURS["serotonin_text"]
    for row, (words, outside, inside) in enumerate(inside_outside_levels()):
        axes.text(1.06, row - 0.36, words, va="center", color=style.COLOURS["ink"])
        axes.plot([inside, outside], [row, row], color=colour, linewidth=1.2, linestyle="-")
        axes.plot(outside, row, "o", color=colour, markersize=9)
        axes.plot(inside, row, "s", color=style.COLOURS["card"], markeredgecolor=colour, markeredgewidth=1.8,
                  markersize=8)  # fmt: skip
        for name, value, other in (("outside", outside, inside), ("inside", inside, outside)):
            right = value > other
            label = f"{name} {value:.1f}" if row in (0, 3) else f"{value:.1f}"
            axes.text(value * (1.11 if right else 0.93), row, label,
                      va="center", ha="left" if right else "right", weight="bold" if name == "outside" else "normal",
                      color=text)  # fmt: skip
    axes.set_xscale("log")
    axes.set(xlim=(0.34, 13), ylim=(4.5, -0.7), yticks=[], xticks=[0.5, 1, 2, 4, 8])
    axes.set_xticklabels(["half", "rest", "2 ×", "4 ×", "8 ×"])
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_title("Serotonin in the model, settled")


def pressor_ratios() -> None:
    """Draw how many times less tyramine raises the upper blood pressure by 30 mmHg, one row a medicine, log axis."""
    _, axes = style.figure(4.8, 5.8)
    colour, text = style.COLOURS["norepinephrine"], style.COLOURS["norepinephrine_text"]
    row = 0.0
    for words, alone, meal in PRESSOR_RATIOS:
        axes.text(1.02, row - 0.34, words, va="center", color=style.COLOURS["ink"])
        values = [value for value, _ in alone]
        axes.plot([1, max(values)], [row, row], color=colour, linewidth=1.2, linestyle="-")
        axes.plot(values, [row] * len(values), "o", color=colour, markersize=8)
        label = " and ".join(f"{value:g}" for value in values)
        axes.text(max(values) * 1.13, row, label, va="center", weight="bold", color=text)
        for value, _ in meal:
            axes.plot(value, row, "o", color=style.COLOURS["card"], markeredgecolor=colour, markeredgewidth=1.8,
                      markersize=8)  # fmt: skip
            axes.text(value * 1.05, row + 0.34, f"with a meal {value:g}", va="center", ha="right", color=text)
            row += 0.35
        row += 1
    axes.set_xscale("log")
    axes.set(xlim=(1, 120), ylim=(row - 0.4, -0.7), yticks=[], xticks=[1, 2, 5, 10, 20, 50, 100])
    axes.set_xticklabels(["1", "2", "5", "10", "20", "50", "100"])
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel("times less tyramine for the same rise in pressure", loc="left")
    axes.set_title("Pressor ratio")
