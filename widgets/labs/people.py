"""The people of a lab: the same change in many, each of them the model with constants of their own."""

from __future__ import annotations

import numbers
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from widgets.checks import nearest, number
from widgets.engine.model import Model
from widgets.engine.population import differing
from widgets.labs.models import NO_LEVEL
from widgets.labs.panels.people import People

MOST_PEOPLE = 5000


@dataclass(frozen=True)
class Population:
    """The people of a lab's chart of people: each is the model with constants of their own.

    n : int, 20 to 5,000
        Number of people.
    spread : float, above 0, at most 1
        Standard deviation of the natural logarithm of each constant over people; 0.2 is about 20 %. An assumption:
        how widely these constants differ between people has hardly been measured, and the lab says so.
    seed : int, 0 to 2^53 - 1
        The same seed gives the same people, in the page and in the kernel (see widgets.engine.population).
    constants : list of str or None
        Which constants differ. None: those of the cell and its chemistry, every one that is not a control and has a
        part in a rate.
    """

    n: int = 1000
    spread: float = 0.2
    seed: int = 1
    constants: Sequence[str] | None = None

    def __post_init__(self):
        for what, value, least, most in (("n", self.n, 20, MOST_PEOPLE), ("seed", self.seed, 0, 2**53 - 1)):
            wrong = isinstance(value, bool) or not isinstance(value, numbers.Integral)
            if wrong or not least <= value <= most:
                raise ValueError(f"A population's {what} is a whole number from {least} to {most}; got {value!r}.")
        spread = number("A population's spread", self.spread)
        if not 0 < spread <= 1:
            raise ValueError(f"A population's spread is above 0 and at most 1 (0.2 is about 20 %); got {spread:g}.")
        if self.constants is None:
            return
        if isinstance(self.constants, str) or not isinstance(self.constants, Sequence) or not self.constants:
            raise ValueError(
                f"A population's constants are a list of names, or None for all of them; got {self.constants!r}."
            )


def people_panel(given, models: Sequence[Model], controls: Collection[str], main: str) -> People | None:
    """The chart of how `main` changes in many people. `controls`: names of what is the same for everybody.

    Raises ValueError for several models, a model that does not settle, a level that is none at rest, and for constants
    that the model has not or that a control sets.
    """
    if given is None:
        return None
    if not isinstance(given, Population):
        raise ValueError(f"population is a Population(n, spread, seed, constants); got {given!r}.")
    if len(models) > 1:
        raise ValueError("population shows one model; leave it out in a lab that overlays several.")
    (model,) = models
    constants = _constants(given, model, controls)
    try:
        rest = model.steady_state()[main]
    except ValueError as error:
        raise ValueError(f"population shows where people settle. {error}") from None
    if not abs(rest) > NO_LEVEL:
        raise ValueError(
            f"population shows how {main!r} changes, but at rest there is none. Choose another main output."
        )
    return People(output=main, n=int(given.n), seed=int(given.seed), spread=float(given.spread), constants=constants)


def _constants(given: Population, model: Model, controls: Collection[str]) -> list[str]:
    """Those that differ from person to person."""
    chosen = given.constants
    if chosen is None:
        chosen = [name for name in differing(model) if name not in controls]
    for name in chosen:
        if name not in model.constants:
            raise ValueError(
                f"population names {name!r}, which is no constant of model {model.name!r}."
                f"{nearest(name, model.constants)} model.parameters lists them."
            )
        if name in controls:
            raise ValueError(
                f"{name!r} is a slider of this lab, and so the same for everybody; leave it out of the population's "
                "constants or of the lab's controls."
            )
    if not chosen:
        raise ValueError(f"No constant of model {model.name!r} is left that could differ between people.")
    return list(dict.fromkeys(chosen))
