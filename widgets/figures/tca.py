"""Still figures of the chapter `tca`, and the concentrations that it reckons with."""

from __future__ import annotations

import numpy as np

from widgets.figures import style
from widgets.medicines.binding import affinity, competitive_occupancy, occupancy
from widgets.medicines.tables import curves, drug, exposures

SODIUM_CHANNEL_NM = 580.0
"""Amitriptyline, human heart sodium channel (Nav1.5), inactivated state, IC50 in nM (nau2000block)."""

ALPHA1_NM = 6.3
"""Amitriptyline, human alpha-1A receptor, Ki in nM (harding2022iuphar); the source of the other receptors has none."""

ROWS = (
    # (target, what blocking it brings, colour)
    ("H1", "drowsiness, appetite", "ink_soft"),
    ("SERT", "the serotonin pump", "serotonin"),
    ("alpha1", "dizziness on standing", "ink_soft"),
    ("M1", "dry mouth, constipation, blurred sight", "ink_soft"),
    ("NET", "the norepinephrine pump", "norepinephrine"),
    ("sodium channel", "the heart's rhythm", "bad"),
)
"""Rows of `targets`, the tightest first."""

MONKEY_NET_NG_ML = {"clomipramine": 24.5, "desmethylclomipramine": 4.4}
"""Total concentration in blood, ng/ml, that occupies half of NET in monkeys by PET (takano2011net)."""

PAIRS = (("amitriptyline", "nortriptyline"), ("imipramine", "desipramine"))
"""Tertiary amine and the secondary amine that the liver makes of it."""


def _unbound(compound: str, total_ng_ml: float) -> float:
    """Unbound concentration in nM of a total concentration in blood."""
    rows = exposures(compound)
    row = rows[rows["compound"] == compound].iloc[0]
    return 1000 * total_ng_ml / row["molar_mass"] * row["unbound_percent"] / 100


def free_range() -> tuple[float, float]:
    """Unbound amitriptyline in blood, nM, at the lowest and the highest usual dose."""
    row = exposures("amitriptyline").query("compound == 'amitriptyline'").iloc[0]
    doses = drug("amitriptyline")[["dose_low_mg", "dose_high_mg"]]
    return tuple(_unbound("amitriptyline", row["concentration_ng_ml"] * dose / row["dose_mg"]) for dose in doses)


def shares(target: str) -> dict[str, float]:
    """Fractions of a transporter that amitriptyline and its metabolite hold, side by side, at the dose measured."""
    rows = exposures("amitriptyline")
    free = [_unbound(row.compound, row.concentration_ng_ml) for row in rows.itertuples()]
    held = competitive_occupancy(free, [affinity(name, target) for name in rows["compound"]])
    return dict(zip(rows["compound"], held, strict=True))


def by_scan(dose_mg: float) -> float:
    """Fraction of NET that the nortriptyline made from a daily dose of amitriptyline would hold by PET."""
    row = exposures("amitriptyline").query("compound == 'nortriptyline'").iloc[0]
    half = curves("nortriptyline", "NET").query("source == 'takano2014norepinephrine'").iloc[0]
    level = row["concentration_ng_ml"] * dose_mg / row["dose_mg"]
    return half["maximum_percent"] / 100 * occupancy(level, half["half_concentration_ng_ml"])


def by_monkeys() -> float:
    """Fraction of NET that clomipramine and its metabolite hold at the dose measured, if people are like monkeys."""
    rows = exposures("clomipramine")
    halves = [MONKEY_NET_NG_ML[name] for name in rows["compound"]]
    return float(sum(competitive_occupancy(list(rows["concentration_ng_ml"]), halves)))


def half_level(compound: str, target: str) -> float:
    """Total concentration in blood, ng/ml, whose unbound part would occupy half of a target by its affinity."""
    return affinity(compound, target) / _unbound(compound, 1.0)


def strength(target: str) -> float:
    """Amitriptyline's affinity in nM at one of `ROWS`."""
    special = {"sodium channel": SODIUM_CHANNEL_NM, "alpha1": ALPHA1_NM}
    return special[target] if target in special else affinity("amitriptyline", target)


def targets() -> None:
    """Draw how tightly amitriptyline binds each target beside its free concentration in blood at usual doses."""
    low, high = free_range()
    _, axes = style.figure(4.8, 5.4)  # narrow, with each label above its row, so that it can be read on a phone
    axes.axvspan(low, high, color=style.COLOURS["inset"], linewidth=0)
    for row, (target, words, colour) in enumerate(ROWS):
        value = strength(target)
        shown = {"alpha1": "\N{GREEK SMALL LETTER ALPHA}1"}.get(target, target)
        axes.plot([0.1, value], [row, row], color=style.COLOURS["line"], linewidth=1, linestyle="-", zorder=1)
        axes.plot(value, row, "s" if target == "sodium channel" else "o", color=style.COLOURS[colour], markersize=8)
        axes.text(0.105, row - 0.3, f"{shown}: {words}", va="center", color=style.COLOURS["ink"])
        if target != "sodium channel":  # a beating heart's channels change state: one percentage would say too much
            held = [f"{100 * free / (free + value):.0f}" for free in (low, high)]
            axes.text(max(value, high) * 1.5, row, f"{held[0]} to {held[1]} %", va="center", weight="bold",
                      color=style.COLOURS["ink"])  # fmt: skip
    axes.text(np.sqrt(low * high), len(ROWS) - 0.42, "free in blood,\nusual doses", ha="center", va="center",
              color=style.COLOURS["ink_soft"])  # fmt: skip
    axes.set(xscale="log", xlim=(0.1, 1000), ylim=(len(ROWS) - 0.1, -0.6), yticks=[], xticks=[0.1, 1, 10, 100, 1000])
    axes.set_xticklabels(["0.1", "1", "10", "100", "1000 nM"])
    axes.minorticks_off()
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("concentration that occupies half (tighter to the left)", loc="left")


def amines() -> None:
    """Draw each drug's affinity for the two pumps, and what losing one methyl group does to it."""
    _, axes = style.figure(4.8, 4.8)
    ends = np.array([0.1, 5000])
    axes.plot(ends, ends, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    axes.text(0.2, 0.155, "binds both alike", rotation=-41, rotation_mode="anchor", color=style.COLOURS["ink_soft"])
    for tertiary, secondary in PAIRS:
        start, end = ([affinity(name, target) for target in ("SERT", "NET")] for name in (tertiary, secondary))
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": style.COLOURS["ink"], "linewidth": 1.4,
                                                  "shrinkA": 7, "shrinkB": 7})  # fmt: skip
    places = {
        # name: (colour, offset of its label in points, alignment)
        "amitriptyline": ("ink", (-2, -18), "left"),
        "nortriptyline": ("norepinephrine", (9, -3), "left"),
        "imipramine": ("ink", (-10, -18), "center"),
        "desipramine": ("norepinephrine", (9, -3), "left"),
        "clomipramine": ("serotonin", (4, 11), "center"),
        "sertraline": ("serotonin", (10, -4), "left"),
    }
    for name, (colour, offset, side) in places.items():
        at = affinity(name, "SERT"), affinity(name, "NET")
        axes.plot(*at, "D" if name == "sertraline" else "o", color=style.COLOURS[colour], markersize=8)
        words = "sertraline (an SSRI)" if name == "sertraline" else name
        axes.annotate(words, at, offset, textcoords="offset points", ha=side, color=style.COLOURS["ink"])
    axes.set(xscale="log", yscale="log", xlim=(0.06, 400), ylim=(1500, 0.15), xticks=[0.1, 1, 10, 100],
             yticks=[1, 10, 100, 1000])  # fmt: skip
    axes.set_xticklabels(["0.1", "1", "10", "100 nM"])
    axes.set_yticklabels(["1", "10", "100", "1000"])
    axes.minorticks_off()
    axes.set_xlabel("serotonin pump (tighter to the left)", loc="left")
    axes.set_title("Norepinephrine pump (tighter up), nM")
