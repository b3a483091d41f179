"""Still figures of the chapter `ssri`."""

from __future__ import annotations

import numpy as np

from widgets import dose_response, drug
from widgets.engine.model import load_model
from widgets.evidence.sensitivity import changed
from widgets.figures import style

PET_RANGE = (0.76, 0.85)
"""Lowest and highest mean SERT occupancy of five drugs by PET at the smallest treating dose (meyer2004serotonin)."""

SIX = ("fluoxetine", "sertraline", "paroxetine", "citalopram", "escitalopram", "fluvoxamine")
"""The six SSRIs, in the order of the chapter."""

PROBES = (
    # (drug and region, serotonin in % of rest, source)
    ("hours after a single dose", None, None),
    ("citalopram, amygdala", (175,), "bosker2001acute"),
    ("citalopram, hippocampus, two doses", (170, 305), "invernizzi1995extracellular"),
    ("escitalopram, prefrontal cortex, three doses", (234, 298, 290), "ceglia2004effects"),
    ("fluoxetine or paroxetine, frontal cortex", (100,), "beyer2002comparison"),
    ("after about two weeks or longer", None, None),
    ("citalopram, prefrontal cortex", (302,), "ceglia2004effects"),
    ("escitalopram, prefrontal cortex", (422,), "ceglia2004effects"),
    ("fluoxetine, frontal cortex", (275,), "hervas2001desensitization"),
    ("a dose on top of it, citalopram, amygdala", (350,), "bosker2001acute"),
)
"""Serotonin found by microdialysis in rats given an SSRI, each value read in the abstract of its source."""

BAND_HOURS = (3, 14 * 24)
"""When the two bands of `microdialysis` are read off the model `adaptation`: hours, and two weeks, after the block."""

MORE_RESPONDERS = {1: 4, 2: 10, 3: 9, 4: 11, 5: 11, 6: 12}
"""Week -> of 100 people on an SSRI, how many more than on placebo had lost half of their symptoms; five trials with
1,203 to 1,428 people (taylor2006early)."""

SCANS = {
    # SERT occupied, in %, 6 and 54 hours after the last of ten daily tablets, by SPECT (klein2007higher)
    "citalopram": (64.0, 49.0),
    "escitalopram": (81.5, 63.3),
}
"""What was measured of how SERT empties after repeated doses."""

SCAN_MARKS = {"citalopram": "s", "escitalopram": "o"}
"""How the scans of each are marked."""

NAMED_AT = {"escitalopram": 5.2, "sertraline": 5.0, "paroxetine": 4.6, "citalopram": 6.2, "fluvoxamine": 3.7}
"""Medicine -> the day at which its curve is named in `last_tablet`, from above."""


def settled_levels() -> dict[str, np.ndarray]:
    """Where serotonin outside the cell settles against the fraction of SERT blocked, in multiples of rest.

    Keys: "blocked" (0 to 0.95), "brake" (the model), "no brake" (the model without autoreceptor), "simple" (one
    over the fraction left).
    """
    model = load_model("serotonin")
    rest = model.steady_state()["extracellular"]
    blocked = np.linspace(0, 0.95, 39)

    def settle(gain: float) -> np.ndarray:
        scan = model.scan("reuptake_inhibition", blocked, autoreceptor_gain=gain)
        return scan["extracellular"].to_numpy() / rest

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


def doubted() -> dict[str, tuple[float, float]]:
    """Lowest and highest level, in multiples of rest, that come of halving and doubling each doubtful constant in turn,
    with 80 % of the pumps blocked: "settled" (the terminal alone), "hours" and "weeks" (the model with the raphe)."""
    alone, raphe = load_model("serotonin"), load_model("adaptation")
    found: dict[str, list[float]] = {"settled": [], "hours": [], "weeks": []}
    for each in changed(alone):
        rest = alone.steady_state(**each.changes)["extracellular"]
        now = alone.steady_state(reuptake_inhibition=0.8, **each.changes)["extracellular"]
        found["settled"].append(float(now / rest))
    first, last = BAND_HOURS
    for each in changed(raphe):
        rest = raphe.steady_state(**each.changes)["extracellular"]
        run = raphe.simulate(hours=last, points=last + 1, reuptake_inhibition=0.8, **each.changes)["extracellular"]
        found["hours"].append(float(run.loc[first] / rest))
        found["weeks"].append(float(run.loc[last] / rest))
    return {name: (min(levels), max(levels)) for name, levels in found.items()}


def weeks() -> None:
    """Draw what is quick and what is slow: serotonin in the model `adaptation`, and below it what people gained."""
    blue, ink, soft = style.COLOURS["serotonin"], style.COLOURS["ink"], style.COLOURS["ink_soft"]
    figure, below = style.figure(4.8, 6.2)
    below.remove()
    above, below = figure.subplots(2, 1, sharex=True)
    model = load_model("adaptation")
    rest = model.steady_state()["extracellular"]
    for gain, line, words, at in ((0, "--", "brake silenced", 3.75), (1, "-", "brake that tires", 2.1)):
        run = model.simulate(hours=42 * 24, points=42 * 24 + 1, reuptake_inhibition=0.8, raphe_gain=gain)
        above.plot(run.index / 168, run["extracellular"] / rest, color=blue, linestyle=line)
        above.text(1.05, at, words, va="center", weight="bold" if gain else "normal",
                   color=style.COLOURS["serotonin_text"])  # fmt: skip
    above.set(ylim=(0, 4.3), yticks=[0, 1, 2, 3, 4])
    above.grid(axis="y")
    above.set_title("In the model: serotonin, times rest")
    week, more = list(MORE_RESPONDERS), list(MORE_RESPONDERS.values())
    below.bar(week, more, width=0.62, color=style.COLOURS["good"])
    for x, y in MORE_RESPONDERS.items():
        below.text(x, y + 0.35, str(y), ha="center", va="bottom", weight="bold", color=ink)
    below.set(xlim=(-0.15, 6.5), ylim=(0, 14.5), yticks=[0, 5, 10], xticks=range(7))
    below.grid(axis="y")
    below.set_title("In people: responders beyond placebo, of 100")
    below.set_xlabel("weeks after the first tablet", loc="left", color=soft)


def sert_after_last(name: str, days: np.ndarray, half_life_h: float | None = None) -> np.ndarray:
    """Fraction of SERT occupied so many days after the last of many daily tablets of the lowest usual dose.

    The concentration falls by half in every half-life, and occupancy follows it along the drug's curve of dose and
    occupancy. `half_life_h` stands in for the drug's own, as norfluoxetine's does for fluoxetine.
    """
    facts = drug(name)
    half_life = facts["half_life_h"] if half_life_h is None else half_life_h
    left = facts["dose_low_mg"] * 0.5 ** (24 * np.asarray(days) / half_life)
    return dose_response(name, "SERT").occupancy(left)


def last_tablet() -> None:
    """Draw how SERT empties after the last tablet of each of the six, with what was measured for two of them."""
    days = np.linspace(0, 21, 211)
    blue, ink, soft = style.COLOURS["serotonin"], style.COLOURS["ink"], style.COLOURS["ink_soft"]
    _, axes = style.figure(4.8, 5.2)
    own = sert_after_last("fluoxetine", days)
    metabolite = sert_after_last("fluoxetine", days, drug("fluoxetine")["metabolite_half_life_h"])
    axes.fill_between(days, 100 * own, 100 * metabolite, color=style.COLOURS["inset"], linewidth=0)
    for curve in (own, metabolite):
        axes.plot(days, 100 * curve, color=blue, linestyle="-")
    for name in SIX[1:]:
        axes.plot(days, 100 * sert_after_last(name, days), color=ink, linewidth=1.2, linestyle="-")
    for name, marker in SCAN_MARKS.items():
        axes.plot([6 / 24, 54 / 24], SCANS[name], marker, color=style.COLOURS["gaba"], markersize=7, zorder=4)
    # Each name at the right, and a thin line from it to a place of its curve that no other curve comes near.
    for (name, at), height in zip(NAMED_AT.items(), (47.5, 40, 32.5, 25, 17.5), strict=True):
        held = 100 * float(sert_after_last(name, np.array([at]))[0])
        axes.plot([at, 8.3], [held, height], color=soft, linewidth=0.8, linestyle="-")
        axes.plot(at, held, "o", color=ink, markersize=3)
        axes.text(8.5, height, name, va="center", color=ink)
    axes.text(12.2, 77, "fluoxetine and\nnorfluoxetine", va="bottom", weight="bold",
              color=style.COLOURS["serotonin_text"])  # fmt: skip
    axes.text(1.0, 96.5, "scans: circles escitalopram, squares citalopram", va="center",
              color=style.COLOURS["gaba_text"])  # fmt: skip
    axes.set(xlim=(0, 21), ylim=(0, 100), xticks=[0, 2, 5, 7, 14, 21], yticks=[0, 20, 40, 60, 80, 100])
    axes.set_yticklabels([f"{tick} %" for tick in (0, 20, 40, 60, 80, 100)])
    axes.grid(axis="y")
    axes.set_xlabel("days after the last tablet", loc="left")
    axes.set_title("Share of SERT held")


def model_bands() -> tuple[tuple[float, float], tuple[float, float]]:
    """Serotonin in % of rest in the model `adaptation` at the two ends of `PET_RANGE`, at the two `BAND_HOURS`."""
    model = load_model("adaptation")
    rest = model.steady_state()["extracellular"]
    runs = [
        model.simulate(hours=BAND_HOURS[-1], points=BAND_HOURS[-1] + 1, reuptake_inhibition=blocked)["extracellular"]
        for blocked in PET_RANGE
    ]
    return tuple(tuple(100 * float(run.loc[hour]) / rest for run in runs) for hour in BAND_HOURS)


def microdialysis() -> None:
    """Draw what microdialysis found in rats on an SSRI, beside the bands of the model `adaptation`."""
    bands = iter(model_bands())
    _, axes = style.figure(4.8, 6.2)  # narrow, with each label above its row, so that it can be read on a phone
    axes.axvline(100, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    row, top, band = 0.0, None, None

    def close(bottom: float) -> None:
        axes.fill_between(band, top, bottom, color=style.COLOURS["inset"], linewidth=0)
        axes.text(sum(band) / 2, bottom - 0.3, "the model", ha="center", va="center", weight="bold",
                  color=style.COLOURS["serotonin_text"])  # fmt: skip

    for words, values, _ in PROBES:
        if values is None:
            if band:
                row += 0.45
                close(row)
                row += 0.75
            axes.text(108, row, words, va="center", weight="bold", color=style.COLOURS["ink"])
            top, band = row + 0.45, next(bands)
            row += 0.85
            continue
        axes.text(108, row, words, va="center", color=style.COLOURS["ink_soft"])
        row += 0.55
        axes.plot([100, max(values)], [row, row], color=style.COLOURS["serotonin"], linewidth=1.2, linestyle="-")
        axes.plot(values, [row] * len(values), "o", color=style.COLOURS["serotonin"], markersize=8)
        axes.text(max(values) + 10, row, "no rise" if values == (100,) else f"{max(values)} %", va="center",
                  weight="bold", color=style.COLOURS["serotonin_text"])  # fmt: skip
        row += 0.85
    close(row + 0.45)
    axes.set(xlim=(84, 480), ylim=(row + 0.7, -0.6), yticks=[], xticks=[100, 200, 300, 400])
    axes.set_xticklabels(["rest", "200 %", "300 %", "400 %"])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
