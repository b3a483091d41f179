"""Still figures of the chapter `dose-to-occupancy`."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from widgets.figures import style
from widgets.medicines.tables import curves, occupancies

SERIES = (
    # (drug, target, source of the points, colour, marker, dose of the point the words belong to, where the words stand)
    ("escitalopram", "SERT", "klein2006vivo", "serotonin", "o", 20, (4.7, 69)),
    ("duloxetine", "SERT", "takano2006dose", "serotonin", "D", 60, (5.6, 74.5)),
    ("milnacipran", "SERT", "nogami2013occupancy", "serotonin", "s", 200, (2.1, 55.5)),
    ("nortriptyline", "NET", "sekine2010norepinephrine", "norepinephrine", "^", 75, (1.5, 36)),
    ("lurasidone", "D2", "wong2013determination", "dopamine", "v", 60, (2.3, 95)),
    ("methylphenidate", "DAT", "volkow1998dopamine", "dopamine", "P", 5, (0.8, 9)),
)
"""Medicines whose occupancy was measured in people, each series by one group, at several doses or with a fitted curve.

The values are read from data/occupancy.csv, where each has its source; of doses given more than once to a person, the
scan nearest to six hours after the tablet is taken.
"""

DOUBLINGS = (1, 2, 4, 8)


def points(drug: str, target: str, source: str) -> pd.DataFrame:
    """Dose (mg) and mean occupancy (%) that one group measured in people, one row a dose, from 0 up."""
    rows = occupancies(drug, target)
    rows = rows[(rows["source"] == source) & (rows["species"] == "human") & rows["dose_mg"].notna()]
    middle = rows["occupancy_percent"].fillna((rows["low_percent"] + rows["high_percent"]) / 2)
    rows = rows.assign(occupied=middle, away=(rows["hours_after_dose"].fillna(6) - 6).abs())
    rows = rows[rows["occupied"].notna()].sort_values(["dose_mg", "away"], kind="stable").drop_duplicates("dose_mg")
    return pd.DataFrame({"dose": rows["dose_mg"], "occupied": rows["occupied"]}).reset_index(drop=True)


def half_dose(drug: str, target: str, source: str) -> tuple[float, bool]:
    """(dose in mg that holds half of the target, whether it was published with the points or fitted to them here)."""
    found = curves(drug, target)
    found = found[(found["source"] == source) & found["half_dose_mg"].notna()]
    if len(found):
        return float(found["half_dose_mg"].iloc[0]), True
    seen = points(drug, target, source)

    def miss(log_half: float) -> float:
        return float(((seen["occupied"] - 100 * seen["dose"] / (seen["dose"] + np.exp(log_half))) ** 2).sum())

    return float(np.exp(minimize_scalar(miss, bounds=(np.log(0.1), np.log(1000)), method="bounded").x)), False


def hyperbola() -> None:
    """Draw the share of the target held against the dose in half doses, and published points of several medicines."""
    _, axes = style.figure(4.8, 5.4)
    dose = np.linspace(0, 8.6, 345)
    steps = {times: 100 * times / (1 + times) for times in DOUBLINGS}
    for times, held in steps.items():
        axes.plot([0, times, times], [held, held, 0], color=style.COLOURS["line"], linewidth=1, linestyle="-", zorder=0)
    axes.plot(dose, 100 * dose / (1 + dose), color=style.COLOURS["ink_soft"], linewidth=1.8, linestyle="-")
    for drug, target, source, colour, marker, named, (x, y) in SERIES:
        seen, (half, _) = points(drug, target, source), half_dose(drug, target, source)
        at, held = seen["dose"] / half, seen["occupied"]
        (one,) = seen.index[seen["dose"] == named]
        # To the side of the words, or to their upper or lower edge where they stand below or above the point.
        end = (x - 0.1, y) if at[one] < x else (min(at[one], x + 1.9), y + (2.6 if held[one] > y else -2.6))
        axes.plot([at[one], end[0]], [held[one], end[1]], color=style.COLOURS[colour], linewidth=0.8, linestyle="-")
        axes.plot(at, held, marker, color=style.COLOURS[colour], markersize=7, linestyle="none",
                  markeredgecolor=style.COLOURS["paper"], markeredgewidth=0.6)  # fmt: skip
        axes.text(x, y, f"{drug}, {target}", va="center", color=style.COLOURS[f"{colour}_text"])
    axes.set(xlim=(0, 8.7), ylim=(0, 104), xticks=[0, *DOUBLINGS], yticks=[0, *steps.values(), 100])
    axes.set_yticklabels([f"{tick:.0f} %" for tick in (0, *steps.values(), 100)])
    axes.set_xlabel("dose, in half doses", loc="left")
    axes.set_title("Share of the target held")
