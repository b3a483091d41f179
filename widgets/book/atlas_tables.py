"""A medicine's four tables in the atlas, each behind its summary: affinities, occupancies, curves, concentrations."""

from __future__ import annotations

from html import escape

import pandas as pd

from widgets.book.atlas_words import NONE, SPACE, cited, noted, number, or_none, text, together
from widgets.checks import counted
from widgets.figures.markdown import HEADED, table
from widgets.medicines.schema import NO_VALUE, TARGETS

# Tables of at most this many rows stand open.
_SHORT = 3


def affinity_table(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return [f"Affinities: {NONE}."]
    rows = rows.sort_values(["column", "value_nM"], ascending=[False, True], kind="stable")
    rows = rows.sort_values("target", key=lambda names: names.map(TARGETS.index), kind="stable")
    heads = ["Target", "Affinity", "Measured in", "Source"]
    lines = [
        [
            r.target,
            _affinity(r),
            noted(together("species unknown" if r.species == "unknown" else r.species, text(r.assay)), r.note),
            cited(r.source),
        ]
        for r in rows.itertuples(index=False)
    ]
    values, targets, apart = int(rows["value_nM"].notna().sum()), rows["target"].nunique(), int(rows["conflict"].sum())
    said = f"{counted(values, 'value')} at {counted(targets, 'target')}"
    said = f"{said}, {apart} in conflict" if apart else said
    return _folded(f"Affinities of {name}: {said if values else NO_VALUE}", heads, lines, "affinities")


def _affinity(row) -> str:
    if pd.isna(row.value_nM):
        return NONE
    sign = "" if row.relation == "=" else f"{text(row.relation)}\N{NO-BREAK SPACE}"
    form = "\N{BLACK CIRCLE}" if row.column else "\N{WHITE CIRCLE}"
    if row.kind in ("IC50", "EC50"):
        form = "\N{BLACK SQUARE}" if row.column else "\N{WHITE SQUARE}"
    flag = " [conflict]{.atlas-conflict}" if row.conflict else ""
    return f"{form}{SPACE}{row.kind} {sign}{number(row.value_nM)}{SPACE}nM{flag}"


def occupancy_table(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return [f"Occupancy measured in living brains: {NONE}."]
    rows = rows.sort_values(["dose_mg"], kind="stable")
    rows = rows.sort_values("target", key=lambda names: names.map(TARGETS.index), kind="stable")
    heads = ["Target", "Dose", "Occupied", "People", "Hours after dose", "How", "Source"]
    lines = [
        [
            r.target,
            ", ".join(
                filter(None, [f"{number(r.dose_mg)}{SPACE}mg" if pd.notna(r.dose_mg) else "", text(r.dose_note)])
            ),
            _measured(r.occupancy_percent, r.low_percent, r.high_percent, "%", r.interval),
            or_none(r.n) if r.species == "human" else f"{or_none(r.n)} ({r.species})",
            or_none(r.hours_after_dose),
            noted(together(text(r.method), text(r.region)), r.note),
            cited(r.source),
        ]
        for r in rows.itertuples(index=False)
    ]
    targets = ", ".join(dict.fromkeys(rows["target"]))
    summary = f"Occupancy by {name} in living brains: {counted(len(rows), 'value')} at {targets}"
    return _folded(summary, heads, lines, "occupancies")


def _measured(value: float, low: float, high: float, unit: str, interval: str) -> str:
    """A value with its unit, its two ends after it where there are any."""
    ends = _span(low, high, unit, interval)
    if pd.isna(value):
        return ends or NONE
    return f"{or_none(value, unit)}; {ends}" if ends else or_none(value, unit)


def _span(low: float, high: float, unit: str, interval: str) -> str:
    """Two ends and what they are the ends of; nothing where an end is missing."""
    if pd.isna(low) or pd.isna(high):
        return ""
    kind = {"CI95": "95 % confidence interval", "SD": "standard deviation", "SE": "standard error"}
    return f"{number(low)} to {number(high)}{SPACE}{unit} ({kind.get(interval, interval)})"


def curve_table(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return []
    heads = ["Target", "Maximum", "Half of it at", "In plasma", "People", "How", "Source"]
    lines = [
        [
            r.target,
            or_none(r.maximum_percent, "%"),
            or_none(r.half_dose_mg, "mg"),
            or_none(r.half_concentration_ng_ml, "ng/ml"),
            or_none(r.n),
            noted(text(r.method), r.note),
            cited(r.source),
        ]
        for r in rows.itertuples(index=False)
    ]
    summary = f"Published curves of dose and occupancy for {name}: {len(rows)}"
    return _folded(summary, heads, lines, "curves")


def exposure_table(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return [f"Concentration in blood at a steady daily dose: {NONE}."]
    heads = ["Substance", "Dose a day", "In blood", "Unbound", "Molar mass", "People", "How", "Sources"]
    lines = [
        [
            text(r.compound),
            or_none(r.dose_mg, "mg"),
            _measured(r.concentration_ng_ml, r.low_ng_ml, r.high_ng_ml, "ng/ml", r.interval),
            or_none(r.unbound_percent, "%"),
            or_none(r.molar_mass, "g/mol"),
            or_none(r.n),
            text(r.note),
            together(*(cited(key) for key in dict.fromkeys([r.source_concentration, r.source_unbound]))),
        ]
        for r in rows.itertuples(index=False)
    ]
    summary = f"Concentration in blood at a steady daily dose of {name}: {counted(len(rows), 'substance')}"
    return _folded(summary, heads, lines, "exposures")


def _folded(summary: str, heads: list[str], lines: list[list[str]], kind: str) -> list[str]:
    """A table behind its summary; a short one stands open."""
    state = " open" if len(lines) <= _SHORT else ""
    return [
        f'<details class="atlas-table"{state}><summary>{escape(summary)}</summary>',
        table(text(summary), heads, lines, f"atlas {kind} {HEADED}"),
        "</details>",
    ]
