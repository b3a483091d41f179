"""The Living Synapse: simulated synapses, the labs that show them, and the book that explains them.

    from widgets import load_model, SynapseLab

Names are imported on first use, so that `load_model` alone does not wait for ipywidgets or matplotlib.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOME = {
    "load_model": "widgets.model",
    "Model": "widgets.model",
    "simulate_population": "widgets.population",
    "SynapseLab": "widgets.labs",
    "LabView": "widgets.labs",
    "Predict": "widgets.labs",
    "Population": "widgets.labs",
    "Claim": "widgets.labs",
    "Control": "widgets.labs",
    "CheckYourself": "widgets.questions",
    "drugs": "widgets.pharmacology",
    "affinities": "widgets.pharmacology",
    "occupancies": "widgets.pharmacology",
    "curves": "widgets.pharmacology",
    "exposures": "widgets.pharmacology",
    "measured": "widgets.pharmacology",
    "dose_response": "widgets.dosing",
    "DrugLab": "widgets.drug_lab",
    "drug": "widgets.pharmacology",
    "affinity": "widgets.pharmacology",
    "fingerprint": "widgets.pharmacology",
    "selectivity": "widgets.pharmacology",
    "occupancy": "widgets.pharmacology",
    "competitive_occupancy": "widgets.pharmacology",
    "dose_occupancy": "widgets.pharmacology",
    "DataError": "widgets.pharmacology",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'widgets' has no name {name!r}; it offers {', '.join(__all__)}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
