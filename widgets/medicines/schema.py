"""What a row of each table of medicines may say: one pydantic form per csv file, a field per column.

    from widgets.medicines.schema import TABLES
    TABLES["affinities"].columns       # name, form, unit, limits and description of each column of affinities.csv

An empty cell means that no reliable value was found. What one row says of another (no row twice, one source per
compared column) is for widgets.medicines.files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from widgets import messengers
from widgets.medicines.classes import CLASSES as _CLASSES
from widgets.medicines.columns import (
    INTERVALS,
    Column,
    Flag,
    KnownDrug,
    Name,
    Row,
    Source,
    choice,
    flag,
    key,
    name,
    number,
    people,
    positive,
    text,
)

NO_VALUE = "no reliable value"

CLASSES = tuple(_CLASSES)
TARGETS = tuple(messengers.TARGETS)
# Ki and Kd both measure binding and may be compared; IC50 and EC50 depend on the assay's own concentrations.
KIND_GROUPS = {"Ki": "binding", "Kd": "binding", "IC50": "inhibition", "EC50": "effect"}
SPECIES = ("human", "rat", "mouse", "guinea pig", "cow", "monkey", "unknown")
# Databases: each value has a source, but two values from one of them may come from two laboratories.
DATABASES = ("avram2022drugcentral", "harding2022iuphar")
CONFLICT_RATIO = 3.0
"""Values of one pair that differ by more than this factor are in conflict."""

ClassName = Literal[CLASSES]  # type: ignore[valid-type]
Target = Literal[TARGETS]  # type: ignore[valid-type]
Kind = Literal["Ki", "Kd", "IC50", "EC50"]
Species = Literal[SPECIES]  # type: ignore[valid-type]
Interval = Literal[INTERVALS]  # type: ignore[valid-type]


# -- the five tables ---------------------------------------------------------------------------------------


class Drug(Row):
    """One medicine: what it is, how long it lasts, how much is taken."""

    unique = ("name",)

    name: Name = name("International name", "the drug's international name in lower case, such as fluoxetine")
    class_: ClassName = choice("Class of medicines", alias="class")
    pharmacology: str = text("What it acts on", "what it acts on, such as serotonin", True)
    mode_of_action: str = text(
        "How it acts, with its targets", "how it acts, such as reuptake inhibitor (SERT)", required=True
    )
    half_life_h: float = positive("Half-life in blood", "h", "36", 5000)
    half_life_low_h: float = positive("Lower end of the half-life's range", "h", "24", 5000)
    half_life_high_h: float = positive("Upper end of the half-life's range", "h", "48", 5000)
    active_metabolite: str = text("Metabolite that acts too", "the metabolite's name")
    metabolite_half_life_h: float = positive("Half-life of that metabolite", "h", "240", 5000)
    dose_low_mg: float = positive("Lowest usual dose, a day by mouth unless dose_note says otherwise", "mg", "20", 5000)
    dose_high_mg: float = positive("Highest usual dose, likewise", "mg", "20", 5000)
    dose_note: str = text("What is not mg a day by mouth")
    source_class: Source = key("Source of class, pharmacology and mode of action", required=True)
    source_half_life: Source = key("Source of the half-life")
    source_metabolite: Source = key("Source of the metabolite and its half-life")
    source_dose: Source = key("Source of the doses")
    note: str = text("Anything else")

    def check(self) -> Iterator[tuple[str, str]]:
        yield from self.in_order("half_life_low_h", "half_life_h", "half_life_high_h")
        yield from self.in_order("dose_low_mg", "dose_high_mg")
        for one, other in (("dose_low_mg", "dose_high_mg"), ("dose_high_mg", "dose_low_mg")):
            if self.given(one) and not self.given(other):
                fix = "write both (the same number twice if one)"
                yield other, f"{one} is given and this end of the range is not; {fix}"
        if self.given("metabolite_half_life_h") and not self.active_metabolite:
            yield "active_metabolite", "its half-life is given and its name is not; write the metabolite's name"
        yield from self.sourced("source_half_life", "half_life_h", "half_life_low_h", "half_life_high_h")
        yield from self.sourced("source_metabolite", "active_metabolite", "metabolite_half_life_h")
        yield from self.sourced("source_dose", "dose_low_mg", "dose_high_mg")


class Affinity(Row):
    """One published affinity of one medicine at one target, or the note why there is none."""

    unique = ("drug", "target", "kind", "species", "assay", "source", "value_nM")

    drug: KnownDrug = name("The medicine, as in drugs.csv")
    target: Target = choice("What it binds")
    kind: Kind = choice("What was measured: dissociation constant, or concentration of half the effect", False)
    relation: Literal["=", ">", "<"] = choice("'>' and '<': the value is only a bound", False)
    value_nM: float = number("The affinity; lower is tighter", "nM", "4.3", 1e8, low=1e-3)
    species: Species = choice("Whose target it was", False)
    assay: str = text("How it was measured")
    source: Source = key("Source of the value")
    column: Flag = flag("Whether this is the value that is compared with other targets' of its group")
    note: str = text("Anything else, or why there is no reliable value")

    def check(self) -> Iterator[tuple[str, str]]:
        if self.given("value_nM"):
            for name in ("kind", "relation", "species"):
                if not self.given(name):
                    yield name, f"value_nM is given and its {name} is not; write it, or empty value_nM"
            yield from self.sourced("source", "value_nM")
            return
        if self.relation in ("<", ">"):
            yield "value_nM", f"relation is {self.relation!r} and the bound is missing; write it in nM"
        if self.column:
            yield "column", "'yes' for a row without a value; write no"
        if not self.note and self.relation not in ("<", ">"):
            yield "note", "neither a value nor a note; say why there is no reliable value, or delete the row"


class Occupancy(Row):
    """One occupancy of a target that was measured in living brains."""

    unique = ("drug", "target", "dose_mg", "dose_note", "hours_after_dose", "method", "region", "species", "source")

    drug: KnownDrug = name("The medicine, as in drugs.csv")
    target: Target = choice("What was occupied")
    dose_mg: float = positive("Dose", "mg", "20", 5000)
    dose_note: str = text("What was given, where a number in mg does not say it", "what was given")
    occupancy_percent: float = number("Share of the sites occupied", "%", "76.5", 100)
    low_percent: float = number("Lower end of the interval", "%", "76.5", 100)
    high_percent: float = number("Upper end of the interval", "%", "76.5", 100)
    interval: Interval = choice("What the interval is; SD and SE: the mean minus and plus one", False)
    n: int | None = people()
    hours_after_dose: float = number("Time since the last dose", "h", "3", 5000)
    method: str = text("How it was measured, with its tracer", "how it was measured, such as PET, [11C]DASB", True)
    region: str = text("Where in the brain", "where in the brain")
    species: Species = choice("In whom")
    source: Source = key("Source of the value", required=True)
    note: str = text("Anything else")

    def check(self) -> Iterator[tuple[str, str]]:
        if not self.given("dose_mg", "dose_note"):
            fix = "write the dose in mg, or say in dose_note what was given"
            yield "dose_mg", f"neither a dose nor a dose_note; {fix}"
        if not self.given("occupancy_percent") and len(self.given("low_percent", "high_percent")) < 2:
            yield "occupancy_percent", "neither a value nor both ends of an interval; write a number in %"
        yield from self.in_order("low_percent", "occupancy_percent", "high_percent")
        yield from self.interval_whole("low_percent", "high_percent", "%")


class Curve(Row):
    """One published hyperbola of occupancy over dose, occupancy = maximum * dose / (dose + half dose)."""

    unique = ("drug", "target", "method", "source")

    drug: KnownDrug = name("The medicine, as in drugs.csv")
    target: Target = choice("What was occupied")
    maximum_percent: float = number("Share of the sites that a very large dose occupies", "%", "76.5", 100)
    half_dose_mg: float = positive("Dose that occupies half of the maximum", "mg", "20", 5000)
    half_concentration_ng_ml: float = positive("Concentration in plasma that does", "ng/ml", "12", 1_000_000)
    n: int | None = people()
    method: str = text("How it was measured, with its tracer", "how it was measured, such as PET, [11C]DASB", True)
    source: Source = key("Source of the curve", required=True)
    note: str = text("Anything else, such as the schedule of doses")

    def check(self) -> Iterator[tuple[str, str]]:
        halves = self.given("half_dose_mg", "half_concentration_ng_ml")
        if not halves and not self.note:
            yield "half_dose_mg", "neither a half dose, a half concentration nor a note; write what the source gives"
        if halves and not self.given("maximum_percent"):
            fix = "write it in % (100 if the fit held it)"
            yield "maximum_percent", f"{halves[0]} is given and the maximum is not; {fix}"


class Exposure(Row):
    """The concentration of one compound in blood while a dose is taken daily."""

    unique = ("drug", "compound")

    drug: KnownDrug = name("The medicine taken, as in drugs.csv")
    compound: Name = name(
        "What was measured: it or its metabolite", "the drug's name, or that of its active metabolite"
    )
    dose_mg: float = positive("Dose a day", "mg", "20", 5000, required=True)
    concentration_ng_ml: float = positive("Mean total concentration", "ng/ml", "50", 1_000_000, required=True)
    low_ng_ml: float = number("Lower end of the interval", "ng/ml", "30", 1_000_000)
    high_ng_ml: float = number("Upper end of the interval", "ng/ml", "90", 1_000_000)
    interval: Interval = choice("What the interval is", False)
    n: int | None = people()
    unbound_percent: float = positive("Share not bound to protein", "%", "20", 100)
    molar_mass: float = number("Molar mass", "g/mol", "324.4", 2000, low=10, required=True)
    source_concentration: Source = key("Source of the concentration", required=True)
    source_unbound: Source = key("Source of the unbound share")
    note: str = text("Anything else")

    def check(self) -> Iterator[tuple[str, str]]:
        yield from self.in_order("low_ng_ml", "concentration_ng_ml", "high_ng_ml")
        yield from self.interval_whole("low_ng_ml", "high_ng_ml", "ng/ml")
        yield from self.sourced("source_unbound", "unbound_percent")


@dataclass(frozen=True)
class Table:
    """One csv file: its name, what it holds in a few words, and the form of its rows."""

    file: str
    title: str
    row: type[Row]

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.row.columns()

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def key(self) -> tuple[str, ...]:
        return self.row.unique


TABLES = {
    "drugs": Table("drugs.csv", "medicines", Drug),
    "affinities": Table("affinities.csv", "affinities", Affinity),
    "occupancies": Table("occupancy.csv", "occupancies", Occupancy),
    "curves": Table("curves.csv", "curves of dose and occupancy", Curve),
    "exposures": Table("exposures.csv", "concentrations in blood", Exposure),
}
