"""The Living Synapse: simulated synapses, the labs that show them, and the book that explains them.

    from widgets import load_model, SynapseLab

Names are imported on first use, so that `load_model` alone does not wait for ipywidgets or matplotlib.
"""

from __future__ import annotations

from importlib import import_module

_HOME = {
    "load_model": "widgets.engine.model",
    "Model": "widgets.engine.model",
    "simulate_population": "widgets.engine.population",
    "SynapseLab": "widgets.labs.synapse",
    "LabView": "widgets.labs.view",
    "Measured": "widgets.labs.predict",
    "Predict": "widgets.labs.predict",
    "Population": "widgets.labs.people",
    "Claim": "widgets.evidence.claims",
    "Control": "widgets.labs.controls",
    "Choice": "widgets.labs.controls",
    "Switch": "widgets.labs.controls",
    "Schedule": "widgets.labs.controls",
    "CheckYourself": "widgets.questions.widget",
    "drugs": "widgets.medicines.tables",
    "affinities": "widgets.medicines.tables",
    "occupancies": "widgets.medicines.tables",
    "curves": "widgets.medicines.tables",
    "exposures": "widgets.medicines.tables",
    "measured": "widgets.medicines.tables",
    "dose_response": "widgets.medicines.dosing",
    "DrugLab": "widgets.labs.drug",
    "drug": "widgets.medicines.tables",
    "affinity": "widgets.medicines.binding",
    "fingerprint": "widgets.medicines.binding",
    "selectivity": "widgets.medicines.binding",
    "occupancy": "widgets.medicines.binding",
    "competitive_occupancy": "widgets.medicines.binding",
    "dose_occupancy": "widgets.medicines.dosing",
    "DataError": "widgets.reading",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name == "__version__":
        value = import_module("widgets.version").VERSION
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'widgets' has no name {name!r}; it offers {', '.join(__all__)}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
