"""The same run in another program: libRoadRunner, from the SBML that a model exports."""

from __future__ import annotations

import libsbml
import numpy as np
import roadrunner

from widgets.engine.model import Model


def selections(model: Model) -> list[str]:
    """How libRoadRunner names the levels: concentrations of species, plain values of everything else."""
    return [f"[{s}]" if s in model.system.concentrations else s for s in (*model.species, *model.assignments)]


def load(model: Model, **changes: float) -> roadrunner.RoadRunner:
    """The model in libRoadRunner, with constants changed in the text itself: what happens at time 0 is decided when it
    is loaded."""
    document = libsbml.readSBMLFromString(model.to_sbml())
    for name, value in changes.items():
        document.getModel().getParameter(name).setValue(float(value))
    runner = roadrunner.RoadRunner(libsbml.writeSBMLToString(document))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-9, 1e-13
    runner.integrator.maximum_num_steps = 100_000
    runner.timeCourseSelections = ["time", *selections(model)]
    return runner


def run(model: Model, times, **changes: float) -> np.ndarray:
    """Levels and assignments at `times`, shape (times, species + assignments).

    Where CVODE finds the finest tolerance too much to ask, as it may just after an event, a coarser one is tried.
    """
    for relative, absolute in ((1e-9, 1e-12), (1e-8, 1e-10), (1e-7, 1e-9)):
        runner = load(model, **changes)
        runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = relative, absolute
        try:
            return np.array(runner.simulate(times=[float(t) for t in times]))[:, 1:]
        except RuntimeError as error:
            problem = error
    raise problem


def close(found: np.ndarray, expected: np.ndarray, floor: np.ndarray, tolerance: float) -> np.ndarray:
    """For each row (a moment), whether every level agrees within `tolerance` of its size or of the floor."""
    return (np.abs(found - expected) <= tolerance * np.maximum(np.abs(expected), floor)).all(axis=1)
