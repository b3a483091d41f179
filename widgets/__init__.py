"""The Living Synapse: simulated synapses, the labs that show them, and the book that explains them.

    from widgets import load_model, SynapseLab

Names are imported on first use, so that `load_model` alone does not wait for ipywidgets or matplotlib.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOME = {
    "load_model": "widgets.engine.model",
    "Model": "widgets.engine.model",
    "simulate_population": "widgets.engine.population",
    "SynapseLab": "widgets.labs.synapse",
    "LabView": "widgets.labs.view",
    "Predict": "widgets.labs.predict",
    "Population": "widgets.labs.people",
    "Claim": "widgets.labs.claim",
    "Control": "widgets.labs.controls",
    "Choice": "widgets.labs.controls",
    "Switch": "widgets.labs.controls",
    "Schedule": "widgets.labs.controls",
    "CheckYourself": "widgets.questions.widget",
    "drugs": "widgets.medicines.pharmacology",
    "affinities": "widgets.medicines.pharmacology",
    "occupancies": "widgets.medicines.pharmacology",
    "curves": "widgets.medicines.pharmacology",
    "exposures": "widgets.medicines.pharmacology",
    "measured": "widgets.medicines.pharmacology",
    "dose_response": "widgets.medicines.dosing",
    "DrugLab": "widgets.labs.drug",
    "drug": "widgets.medicines.pharmacology",
    "affinity": "widgets.medicines.pharmacology",
    "fingerprint": "widgets.medicines.pharmacology",
    "selectivity": "widgets.medicines.pharmacology",
    "occupancy": "widgets.medicines.pharmacology",
    "competitive_occupancy": "widgets.medicines.pharmacology",
    "dose_occupancy": "widgets.medicines.pharmacology",
    "DataError": "widgets.medicines.pharmacology",
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
