"""A model as a graph: its levels, the reactions that move them, and what acts on a rate without being used up in it.

The one place where a diagram looks into a model; what is drawn, and where, is decided from these answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import sympy

from widgets.engine.model import Model

MOST_RULES = 6
"""A model with more influences on levels that follow their own equation shows those levels as a group instead."""


@dataclass(frozen=True)
class Influence:
    """`level` stands in the rate of `target` (a reaction, or a level with its own equation) without being used up."""

    level: str
    target: str
    effect: str  # "speeds up", "holds back", "acts on"


def used_and_made(model: Model, reaction: str) -> tuple[list[str], list[str]]:
    """The levels that a reaction takes from, and those that it adds to, in the order of the text."""
    amounts = model.system.stoichiometry[:, list(model.reactions).index(reaction)]
    used = [n for n, amount in zip(model.species, amounts, strict=True) if amount < 0]
    return used, [n for n, amount in zip(model.species, amounts, strict=True) if amount > 0]


def moved(model: Model) -> set[str]:
    """The levels that reactions move."""
    return {n for n, row in zip(model.species, model.system.stoichiometry, strict=True) if row.any()}


def own_equations(model: Model) -> list[str]:
    """The levels that follow an equation of their own."""
    return list(model.system.rate_rules)


def influences(model: Model) -> list[Influence]:
    """The levels that act on reactions, and on levels with their own equation, without being used up in them.

    The product of a reaction counts only where it acts through an assignment (the autoreceptor's brake on release):
    standing in the rate itself it is the way back of a reaction that runs both ways. The direction is that at rest.
    """
    # With the constants' values an influence whose strength is zero drops out of the rate.
    fixed = model.parameters.query("not control")
    values = {model.system.symbols[n]: sympy.Float(v) for n, v in zip(fixed["name"], fixed["value"], strict=True)}
    flat = {model.system.symbols[n]: e.xreplace(values) for n, e in model.system.flat_rules.items()}
    levels = [n for n in model.species if n not in model.switches]
    found = []
    for target, rate in model.system.rates.items():
        used, made = used_and_made(model, target)
        direct = {n for n in made if rate.has(model.system.symbols[n])}
        rate = rate.xreplace(values).xreplace(flat)
        for n in levels:
            if n not in {*used, *direct} and rate.has(model.system.symbols[n]):
                found.append(Influence(n, target, _effect(model, rate, n)))
    for target, rule in model.system.rate_rules.items():
        rule = rule.xreplace(values).xreplace(flat)
        found += [
            Influence(n, target, _effect(model, rule, n))
            for n in levels
            if n != target and rule.has(model.system.symbols[n])
        ]
    return found


def shown_influences(model: Model) -> list[Influence]:
    """Those that the diagram draws: without the ones on levels with their own equation where these are too many."""
    acting = influences(model)
    rules = [i for i in acting if i.target in own_equations(model)]
    return acting if len(rules) <= MOST_RULES else [i for i in acting if i not in rules]


def _effect(model: Model, rate, level: str) -> str:
    """What a little more of a level does to a rate, a little above rest (at rest itself a medicine is absent)."""
    rest = {n: float(v) + 0.01 * abs(float(v)) + 1e-3 for n, v in model.baseline.items() if n in model.species}
    rest |= {n: float(model.baseline[n]) for n in model.switches}
    values = rest | dict(zip(model.parameters["name"], model.parameters["value"], strict=True))
    symbols = {model.system.symbols[n]: v for n, v in values.items() if n in model.system.symbols} | {
        model.system.time: 0.0
    }
    more = symbols | {model.system.symbols[level]: values[level] + 1e-3 * abs(values[level]) + 1e-6}
    now, then = (float(rate.xreplace(at).evalf()) for at in (symbols, more))
    if math.isclose(now, then, rel_tol=1e-9, abs_tol=1e-15):
        return "acts on"
    return "speeds up" if then > now else "holds back"


def additions(model: Model) -> list[tuple[str, str]]:
    """(event, level) for what events put into a level that reactions move, such as a tablet into the gut."""
    there = moved(model)
    return [(e.name, n) for e in model.events for n in e.sets if n in there]
