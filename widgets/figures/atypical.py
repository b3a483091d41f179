"""Still figures of the chapter `atypical`, and the sums that its prose reckons with."""

from __future__ import annotations

import numpy as np

from widgets.engine.model import load_model
from widgets.figures import style
from widgets.medicines.dosing import AFFINITY, dose_response
from widgets.medicines.reckoning import typical_error
from widgets.medicines.tables import affinities, exposures, occupancies
from widgets.messengers import TARGETS

IDEAS = (
    # (medicine, daily dose in mg, its idea, targets from the fullest down)
    ("bupropion", 300, "holds dopamine's pump", ("DAT", "SERT", "NET")),
    ("mirtazapine", 15, "lifts a brake, blocks receptors", ("H1", "5-HT2C", "5-HT2A", "alpha2")),
    ("trazodone", 150, "blocks 5-HT2A, holds some of SERT", ("5-HT2A", "5-HT1A", "alpha1", "SERT")),
    ("vortioxetine", 10, "holds the serotonin pump, and more", ("SERT", "5-HT3", "5-HT1A")),
    ("agomelatine", 25, "imitates melatonin", ("MT1", "MT2", "5-HT2C")),
)
"""Rows of `ideas`: a usual dose each, and the targets that its idea or its side effects speak of."""

UPTAKE_NM = {"bupropion": 1900.0, "hydroxybupropion": 1700.0, "strong": 520.0, "weak": 10_000.0}
"""Concentration in nM that halves the uptake of norepinephrine (damaj2004enantioselective).

Hydroxybupropion as an equal mixture of two mirror images, and each alone: the strong one, 2S,3S, and the weak one, of
which only a bound is known (the abstract prints it as 2S,3R beside its figure, as 2R,3R further on; blood holds 2R,3R).
"""

WEAK_TO_STRONG = 65.0
"""Weak over strong hydroxybupropion in blood, by AUC after a single 100 mg in 15 people (masters2016chiral)."""

PEAK_AGOMELATINE_NG_ML = 10.9
"""Mean peak after 25 mg in 56 men, in blood, bound and unbound (li2017bioequivalence)."""


def scanned(medicine: str, dose: float, target: str) -> tuple[float, float] | None:
    """Range (%) that a scan found at this dose where no mean was given, so that the lab has no curve; None without."""
    rows = occupancies(medicine, target)
    rows = rows[(rows["species"] == "human") & (rows["dose_mg"] == dose) & rows["occupancy_percent"].isna()]
    return (float(rows["low_percent"].min()), float(rows["high_percent"].max())) if len(rows) else None


def alpha2c(dose: float) -> tuple[float, float]:
    """Lowest and highest fraction of alpha-2C held by this daily dose of mirtazapine, by the published affinities."""
    row = exposures("mirtazapine").iloc[0]
    free = 1000 * row["concentration_ng_ml"] / row["molar_mass"] * row["unbound_percent"] / 100 * dose / row["dose_mg"]
    nanomolar = affinities("mirtazapine", "alpha2C")["value_nM"]
    return float(free / (free + nanomolar.max())), float(free / (free + nanomolar.min()))


def norepinephrine_pump() -> dict[str, tuple[float, float]]:
    """Unbound nM on 300 mg of bupropion a day, and that over the uptake figure, for what bupropion brings to NET.

    Bupropion, then the strong and the weak mirror image of hydroxybupropion; the weak one's second number is the most
    that it can be. The share of NET that one of them would hold alone is x/(1 + x), of several their sum over 1 + sum.
    """
    rows = exposures("bupropion").set_index("compound")
    free = 1000 * rows["concentration_ng_ml"] / rows["molar_mass"] * rows["unbound_percent"] / 100
    metabolite = free["hydroxybupropion"]
    found = {
        "bupropion": (free["bupropion"], "bupropion"),
        "strong hydroxybupropion": (metabolite / (1 + WEAK_TO_STRONG), "strong"),
        "weak hydroxybupropion, at most": (metabolite * WEAK_TO_STRONG / (1 + WEAK_TO_STRONG), "weak"),
    }
    return {name: (float(nanomolar), float(nanomolar) / UPTAKE_NM[key]) for name, (nanomolar, key) in found.items()}


def norepinephrine_pump_held() -> dict[str, float]:
    """Fraction of NET held on 300 mg of bupropion a day, by what is counted of `norepinephrine_pump`."""
    pump = norepinephrine_pump()
    bupropion, strong, weak = (held for _, held in pump.values())
    mixture = sum(free for name, (free, _) in pump.items() if "hydroxy" in name) / UPTAKE_NM["hydroxybupropion"]
    sums = {
        "bupropion and the strong form": bupropion + strong,
        "and the weak form at its bound": bupropion + strong + weak,
        "were it an equal mixture": bupropion + mixture,
    }
    return {words: total / (1 + total) for words, total in sums.items()}


def agomelatine_peak(nanomolar: float) -> float:
    """Fraction of a target of this affinity that agomelatine occupies at the mean peak after 25 mg."""
    row = exposures("agomelatine").iloc[0]
    free = 1000 * PEAK_AGOMELATINE_NG_ML / row["molar_mass"] * row["unbound_percent"] / 100
    return free / (free + nanomolar)


def ideas() -> None:
    """Draw what a usual dose of five medicines occupies, measured bars filled and reckoned ones open."""
    _, axes = style.figure(4.8, 8.4)
    row = 0.0
    for medicine, dose, idea, targets in IDEAS:
        axes.text(0, row, f"{medicine}, {dose} mg", va="center", weight="bold", color=style.COLOURS["ink"])
        axes.text(0, row + 0.85, idea, va="center", color=style.COLOURS["ink_soft"])
        row += 1.85
        for target in targets:
            found = dose_response(medicine, target)
            held, colour = 100 * found.occupancy(dose), style.COLOURS[TARGETS[target].hue]
            guessed = found.basis == AFFINITY
            axes.barh(row, held, height=0.6, left=0, linewidth=1.4, edgecolor=colour,
                      facecolor="none" if guessed else colour, hatch="////" if guessed else None)  # fmt: skip
            axes.text(-2, row, TARGETS[target].label, va="center", ha="right", color=style.COLOURS["ink"])
            beside = scanned(medicine, dose, target) if guessed else None
            end = max(held, *(beside or (0,)))
            if guessed and held >= 1:
                off = typical_error()
                ends = [[min(held, off)], [min(100 - held, off)]]
                axes.errorbar(held, row, xerr=ends, color=style.COLOURS["ink"], linewidth=1.6, capsize=4, capthick=1.6)
                end = max(end, held + ends[1][0])
            words = "0 %" if held < 0.5 else f"{held:.0f} %"
            if beside:
                low, high = beside
                axes.plot([low, high], [row + 0.65, row + 0.65], color=style.COLOURS["ink"], linewidth=4, linestyle="-",
                          solid_capstyle="butt")  # fmt: skip
                axes.text(low - 2, row + 0.67, "PET", va="center", ha="right", color=style.COLOURS["ink"])
            axes.text(end + 2, row, words, va="center", color=style.COLOURS["ink"])
            row += 1.55 if beside else 1
        row += 0.55
    axes.set(xlim=(-18, 112), ylim=(row - 0.5, -0.8), yticks=[], xticks=[0, 25, 50, 75, 100])
    axes.set_xticklabels([f"{tick} %" for tick in (0, 25, 50, 75, 100)])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel("filled by scan, hatched by affinity (line: typical error)", loc="left")


def dopamine_levels(blocked) -> np.ndarray:
    """Where dopamine settles outside the striatal terminal, times rest, with fractions of DAT blocked."""
    model = load_model("dopamine")
    rest = model.steady_state()["extracellular"]
    return np.array([model.steady_state(reuptake_inhibition=float(b))["extracellular"] / rest for b in blocked])


def scans(medicine: str) -> list[tuple[float, float]]:
    """(dose in mg or NaN, mean % of DAT occupied) in people, once for each dose and study, from low to high."""
    rows = occupancies(medicine, "DAT")
    rows = rows[(rows["species"] == "human") & rows["occupancy_percent"].notna()]
    rows = rows.drop_duplicates(["source", "dose_mg"]).sort_values("occupancy_percent")
    return list(zip(rows["dose_mg"], rows["occupancy_percent"], strict=True))


def pump_and_level() -> None:
    """Draw the model's dopamine level against DAT occupied, with scans of bupropion and methylphenidate on it."""
    _, axes = style.figure(4.8, 4.6)
    blocked = np.linspace(0, 0.86, 44)
    axes.plot(100 * blocked, dopamine_levels(blocked), color=style.COLOURS["dopamine"], linestyle="-")
    for medicine, marker, colour in (("methylphenidate", "s", "ink_soft"), ("bupropion", "o", "dopamine")):
        points = scans(medicine)
        held = np.array([share for _, share in points])
        axes.plot(held, dopamine_levels(held / 100), marker, color=style.COLOURS[colour], markersize=8,
                  linestyle="none", markeredgecolor=style.COLOURS["paper"], markeredgewidth=1)  # fmt: skip
        if medicine == "methylphenidate":
            for dose, share in points:
                level = float(dopamine_levels([share / 100])[0])
                last = dose == max(d for d, _ in points)
                axes.text(share + (2 if last else -1.5), level + (-0.12 if last else 0.14), f"{dose:.0f} mg",
                          ha="left" if last else "right", va="center", color=style.COLOURS["ink_soft"])  # fmt: skip
    axes.text(72, 2.62, "methylphenidate", ha="right", va="center", color=style.COLOURS["ink_soft"], weight="bold")
    axes.annotate("bupropion,\nthree studies", (21, 1.1), (30, 0.55), va="center",
                  color=style.COLOURS["dopamine_text"], weight="bold",
                  arrowprops={"arrowstyle": "-", "color": style.COLOURS["dopamine_text"], "linewidth": 1})  # fmt: skip
    axes.text(81, 3.45, "the model", ha="right", va="center", color=style.COLOURS["dopamine_text"], weight="bold")
    axes.axhline(1, color=style.COLOURS["ink_soft"], linewidth=1, linestyle=(0, (4, 3)))
    axes.set(xlim=(0, 92), ylim=(0.3, 3.7), xticks=[0, 20, 40, 60, 80], yticks=[1, 2, 3])
    axes.set_xticklabels([f"{tick} %" for tick in (0, 20, 40, 60, 80)])
    axes.set_yticklabels(["rest", "2 \N{MULTIPLICATION SIGN}", "3 \N{MULTIPLICATION SIGN}"])
    axes.grid(axis="y")
    axes.set_xlabel("dopamine pumps (DAT) occupied, by scan", loc="left")
    axes.set_title("Dopamine outside, times rest, in the model")
