"""Which constants a lab doubts: each that is assumed or was fitted, halved and doubled in turn."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from widgets.engine.model import Model
from widgets.evidence.sensitivity import changed
from widgets.labs.panels.doubts import Doubt, Doubts


def doubts_panel(model: Model, output: str, runs: str, controls: Collection[str]) -> Doubts:
    """The band round the curve of `output`. `runs`: what a lab shows several of, if it does; `controls`: the names of
    what the reader moves, which is not doubted.

    Raises ValueError for a lab of several curves, and for a model without doubtful constants.
    """
    if runs:
        raise ValueError(f"doubts shade the band round one curve; leave it out in a lab of several {runs}.")
    found = [each for name, each in _doubts(model) if name not in controls]
    if not found:
        raise ValueError(f"Model {model.name!r} has no constant that is assumed or calibrated: leave doubts out.")
    return Doubts(output=output, doubts=found)


@lru_cache(maxsize=64)
def _doubts(model: Model) -> list[tuple[str, Doubt]]:
    return [
        (each.constant, Doubt(meaning=each.meaning, factor=each.factor, changes=each.changes))
        for each in changed(model)
    ]
