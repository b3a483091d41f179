"""The medicines of a lab's menu: their usual doses, what they occupy, and the facts that stand beside them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from widgets.checks import counted, listed, nearest, number
from widgets.labs.spec import Medicine, Range, TargetCurve
from widgets.medicines import tables
from widgets.medicines.dosing import AFFINITY, ROWS, concentration_per_mg, dose_response


class Menu:
    """Medicines by name, in the order of the menu, and the targets that a lab shows of them.

    Raises ValueError for a name that `widgets.drugs()` does not have, for one without a usual dose, and for an unknown
    target. Doses are in mg a day.
    """

    def __init__(self, drugs: Sequence[str], targets: Sequence[str] | None = None):
        self.drugs = list(drugs)
        self.facts: Mapping[str, Mapping] = {each: tables.drug(each) for each in self.drugs}
        for each, facts in self.facts.items():
            if math.isnan(facts["dose_low_mg"]):
                raise ValueError(
                    f"{each} has no usual dose in drugs.csv; leave it out of the lab or add its dose there."
                )
        self.targets = self._shown(targets)

    def _shown(self, given: Sequence[str] | None) -> list[str]:
        """The targets given, or all that any of the medicines is known to touch."""
        if given is None:
            return [row for row in ROWS if any(dose_response(each, row) is not None for each in self.drugs)]
        for target in given:
            if target not in ROWS:
                raise ValueError(f"There is no row {target!r}.{nearest(target, ROWS)} Choose from {listed(ROWS)}.")
        return list(given)

    def lowest(self, drug: str) -> float:
        """Its lowest usual dose."""
        return float(self.facts[drug]["dose_low_mg"])

    def highest(self, drug: str) -> float:
        """Its highest usual dose."""
        return float(self.facts[drug]["dose_high_mg"])

    def dose(self, drug: str, dose: float | None = None) -> float:
        """A dose of a medicine of this menu, the lowest usual one if none is given.

        Raises ValueError for a medicine that is not in the menu, naming the nearest, and a dose out of range.
        """
        if drug not in self.facts:
            raise ValueError(
                f"{drug!r} is not in this lab.{nearest(drug, self.drugs)} Choose from {listed(self.drugs)}."
            )
        if dose is None:
            return self.lowest(drug)
        value, highest = number(f"the dose of {drug}", dose), self.highest(drug)
        if not 0 <= value <= highest:
            fix = min(max(value, 0), highest)
            raise ValueError(
                f"The dose of {drug} must be between 0 and {highest:g} mg a day, its highest usual dose; "
                f"got {value:g}. Use {fix:g} or another value in that range."
            )
        return value

    def range(self, drug: str, letter: str = "") -> Range:
        """How the slider of a dose looks while this medicine is chosen. `letter`: of its side of a comparison."""
        low, high = self.lowest(drug), self.highest(drug)
        return Range(
            label=f"Dose of {letter}, {drug}" if letter else f"Dose of {drug}",
            maximum=high,
            step=dose_step(low, high),
            high=f"{high:,g} mg",
            landmarks=[(low, "lowest usual dose")] if low < 0.8 * high else [],
            phrase=f"{{value}} of {drug}",
            said=[(0.0, f"no {drug}")],
            opens=low,
        )

    def medicine(self, drug: str) -> Medicine:
        """One medicine as the page reads it."""
        facts = self.facts[drug]
        half_life, concentration = float(facts["half_life_h"]), concentration_per_mg(drug)
        found = {target: dose_response(drug, target) for target in self.targets}
        return Medicine(
            name=drug,
            low=self.lowest(drug),
            high=self.highest(drug),
            half_life=None if math.isnan(half_life) else half_life,
            concentration=None if math.isnan(concentration) else concentration,
            facts=_beside(facts),
            aims=[target for target in self.targets if _aims_at(str(facts["mode_of_action"]), target)],
            targets={
                target: TargetCurve(
                    maximum=f.maximum,
                    half=f.half_dose_mg,
                    basis="from affinity" if f.basis == AFFINITY else "measured",
                    bound=f.bound,
                )
                for target, f in found.items()
                if f is not None
            },
        )


def dose_step(low: float, high: float) -> float:
    """A step in mg that lands on both ends of the usual range and makes some thirty steps of the whole."""
    steps = [m * 10.0**power for power in range(-2, 3) for m in (1, 1.25, 2, 2.5, 5, 7.5)]
    whole = [step for step in steps if all(abs(end / step - round(end / step)) < 1e-9 for end in (low, high))]
    fitting = [step for step in whole if 8 <= high / step <= 100] or whole or [high / 40]
    return min(fitting, key=lambda step: abs(math.log(high / step / 30)))


def _beside(facts: Mapping) -> list[tuple[str, str]]:
    """What is known of a medicine, as terms and words."""
    low, high = float(facts["dose_low_mg"]), float(facts["dose_high_mg"])
    return [
        ("Acts on", str(facts["pharmacology"])),
        ("How", str(facts["mode_of_action"])),
        ("Usual range", f"{low:g} mg a day" if low == high else f"{low:g} to {high:g} mg a day"),
        ("Half-life", _hours(float(facts["half_life_h"]))),
        ("Active metabolite", _metabolite(facts)),
    ]


def _aims_at(mode: str, target: str) -> bool:
    """Whether a medicine's name in the nomenclature names a target: "reuptake inhibitor (SERT, NET)"."""
    named = mode.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return any(name in named for name in (target, *ROWS[target]))


def _hours(hours: float) -> str:
    if math.isnan(hours):
        return "no reliable value"
    return counted(hours, "hour") if hours < 48 else f"{hours / 24:.2g} days"


def _metabolite(facts: Mapping) -> str:
    if not facts["active_metabolite"]:
        return "none that counts"
    hours = float(facts["metabolite_half_life_h"])
    return str(facts["active_metabolite"]) + ("" if math.isnan(hours) else f", {_hours(hours)}")
