"""Still figures of the chapter `snri`."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from widgets.figures import style
from widgets.medicines.dosing import AFFINITY, dose_response
from widgets.medicines.tables import drug, occupancies

MEDICINES = ("venlafaxine", "duloxetine", "milnacipran")
PUMPS = {"NET": ("norepinephrine", "s", 9), "SERT": ("serotonin", "o", 7)}
"""Pump -> (colour, marker, its size). SERT comes last, so that a point of its own stays in sight upon one of NET."""

TYRAMINE = {"venlafaxine": 225, "duloxetine": 120}
"""Lowest dose (mg a day) at which the tyramine test showed NET block in nerves outside the brain
(aldosary2022differential; vincent2004clinical)."""

WORDS = {
    # medicine: pump -> (dose and per cent where the curve's name stands)
    "venlafaxine": {"SERT": (100, 98), "NET": (130, 36)},
    "duloxetine": {"SERT": (30, 66), "NET": (20, 28)},
    "milnacipran": {"SERT": (104, 59), "NET": (140, 38)},
}


def points(medicine: str, pump: str) -> pd.DataFrame:
    """Dose (mg a day) and occupancy (%) by PET in people on daily doses, the scan nearest to six hours after a dose."""
    rows = occupancies(medicine, pump)
    rows = rows[(rows["species"] == "human") & rows["dose_mg"].notna() & rows["occupancy_percent"].notna()]
    rows = rows[~rows["dose_note"].str.contains("single")]
    rows = rows.assign(away=(rows["hours_after_dose"].fillna(6) - 6).abs()).sort_values(["dose_mg", "away"])
    rows = rows.drop_duplicates("dose_mg")
    return pd.DataFrame({"dose": rows["dose_mg"], "occupied": rows["occupancy_percent"]}).reset_index(drop=True)


def both_pumps() -> None:
    """Draw how much of SERT and NET each medicine holds over its usual doses, with what PET measured."""
    style.apply()
    _, panels = plt.subplots(3, 1, figsize=(4.8, 8.6), sharey=True)
    for axes, medicine in zip(panels, MEDICINES, strict=True):
        low, high = drug(medicine)["dose_low_mg"], drug(medicine)["dose_high_mg"]
        axes.axvspan(low, high, color=style.COLOURS["inset"], linewidth=0)
        dose = np.linspace(0, high, 301)
        for pump, (colour, marker, size) in PUMPS.items():
            curve = dose_response(medicine, pump)
            guessed = curve.basis == AFFINITY
            axes.plot(dose, 100 * curve.occupancy(dose), color=style.COLOURS[colour],
                      linestyle=(0, (5, 2)) if guessed else "-")  # fmt: skip
            seen = points(medicine, pump)
            axes.plot(seen["dose"], seen["occupied"], marker, color=style.COLOURS[colour], markersize=size,
                      linestyle="none", markeredgecolor=style.COLOURS["paper"], markeredgewidth=0.8)  # fmt: skip
            x, y = WORDS[medicine][pump]
            axes.text(x, y, pump, color=style.COLOURS[f"{colour}_text"], weight="bold", va="center")
        if medicine in TYRAMINE:
            at = TYRAMINE[medicine]
            on_curve = 100 * dose_response(medicine, "NET").occupancy(at)
            soft = style.COLOURS["ink_soft"]
            axes.annotate("tyramine test:\nfirst sign", (at, on_curve - 2), (at, 8), color=soft, va="bottom",
                          ha="right" if at == high else "center",
                          arrowprops={"arrowstyle": "-", "color": soft, "linewidth": 1})  # fmt: skip
        axes.set(xlim=(0, high * 1.03), ylim=(0, 106), yticks=[0, 25, 50, 75, 100])
        axes.set_yticklabels([f"{tick} %" for tick in (0, 25, 50, 75, 100)])
        axes.grid(axis="y")
        axes.set_title(medicine)
    _venlafaxine_by_pet(panels[0])
    panels[0].set_xticks([0, 75, 150, 225, 300, 375])
    panels[1].set_xticks([0, 30, 60, 90, 120])
    panels[2].set_xticks([0, 50, 100, 150, 200])
    panels[2].set_xlabel("mg a day (usual doses shaded)", loc="left")


def _venlafaxine_by_pet(axes) -> None:
    """The two PET findings that name no occupancy of venlafaxine alone: a range of five medicines, and high doses."""
    rows = occupancies("venlafaxine", "SERT")
    lowest = rows[rows["source"] == "meyer2004serotonin"].iloc[0]
    highest = rows[rows["source"] == "voineskos2007serotonin"].iloc[0]
    colour = style.COLOURS["serotonin"]
    axes.plot([75, 75], [lowest["low_percent"], lowest["high_percent"]], color=colour, linewidth=6, linestyle="-",
              solid_capstyle="butt")  # fmt: skip
    axes.plot(362, highest["occupancy_percent"], "o", color=style.COLOURS["paper"], markeredgecolor=colour,
              markeredgewidth=2, markersize=8)  # fmt: skip
    axes.text(350, highest["occupancy_percent"] - 1, "PET, high doses", ha="right", va="center",
              color=style.COLOURS["serotonin_text"])  # fmt: skip
    axes.text(86, lowest["low_percent"] - 3, "PET", va="center", color=style.COLOURS["serotonin_text"])
