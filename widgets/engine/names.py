"""How names and units, which Antimony spells with letters alone, are read: MAO-A, 5-HTP, µM/h."""

from __future__ import annotations

import re

# How a unit's Antimony name is printed. A name not listed is printed as it is written.
UNIT_TEXT = {
    "uM": "µM",
    "mM": "mM",
    "uM_per_hour": "µM/h",
    "per_hour": "1/h",
    "per_uM": "1/µM",
    "per_uM_hour": "1/(µM h)",
    "per_uM2_hour": "1/(µM² h)",
    "per_millisecond": "1/ms",
    "per_mM_millisecond": "1/(mM ms)",
    "per_uM_millisecond": "1/(µM ms)",
    "mM_per_millisecond": "mM/ms",
    "per_mV": "1/mV",
    "mg_per_umol": "mg/µmol",
    "nM_per_uM": "nM/µM",
    "per_nM_hour": "1/(nM h)",
    "hour_per_day": "h/d",
    "hour": "h",
    "millisecond": "ms",
}

# Names that must be spelt with letters only (as regular expressions), and how the field writes them.
READ_AS = {
    "[Mm][Aa][Oo]_[Aa]": "MAO-A",
    "[Mm][Aa][Oo]_[Bb]": "MAO-B",
    "bh2": "BH2",
    "bh4": "BH4",
    "five_htp": "5-HTP",
    "l_dopa": "L-DOPA",
    "nadp": "NADP",
    "g": "G",
    "rgs": "RGS",
}


def words(name: str) -> str:
    """A name as it is read: breakdown_mao_a is "breakdown MAO-A"."""
    for written, read in READ_AS.items():
        name = re.sub(rf"(?<![A-Za-z0-9]){written}(?![A-Za-z0-9])", read, name)
    return name.replace("_", " ")


def unit_text(unit: str) -> str:
    """A unit's Antimony name as it is printed: per_uM_hour is "1/(µM h)"."""
    return UNIT_TEXT.get(unit, unit)
