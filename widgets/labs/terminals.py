"""Terminals on which a lab of medicines acts: the book's models, and what a daily dose sets in each."""

from __future__ import annotations

from widgets import messengers
from widgets.engine.model import Model, load_model
from widgets.medicines.dosing import dose_response

SPAN = 72.0
"""Hours that the terminals run with the dose's mean occupancy."""

TERMINALS = tuple(messengers.TERMINALS)
"""Names of the terminals: those of their models."""

EFFECTS = {key: dict(row.effects) for key, row in messengers.TERMINALS.items()}
"""What each occupied target does: a constant of the terminal's model, and whether the medicine takes it away ("-")."""


def terminal(name: str) -> Model:
    """The model of a terminal: "dopamine_prefrontal" is dopamine, somewhere else."""
    model, _, variant = name.partition("_")
    return load_model(model, variant=variant) if variant else load_model(model)


def parameters_at(terminal: str, drug: str, dose_mg: float) -> dict[str, float]:
    """What a daily dose sets at a terminal: parameters of its model. Targets that are not known stay at rest."""
    settings = {}
    for parameter, target in EFFECTS[terminal].items():
        found = dose_response(drug, target.lstrip("-"))
        if found is not None:
            occupied = found.occupancy(dose_mg)
            settings[parameter] = 1 - occupied if target.startswith("-") else occupied
    return settings
