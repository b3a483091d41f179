"""A model's equations: in symbols, and compiled to functions of time, levels and constants.

    from widgets import load_model
    system = load_model("serotonin").system
    system.rhs(0.0, list(system.initial), list(system.defaults))

Throughout, S is the number of species (switches among them, last), A of assignments, R of reactions, P of constants, E
of events, K of schedules (mostly none). A state y holds the S species in order, in their own units (the book's models:
µM), p the P constants in theirs, a the K amounts of the schedules now (zero but at their moments), t the time in the
model's own unit (hours or milliseconds); rates are levels per unit of time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
import sympy

from widgets.engine.constants import Constant
from widgets.engine.events import Event
from widgets.engine.schedules import Schedule


def whole(amount: float) -> sympy.Expr:
    """A number in symbols; a whole one as an integer, so that 1.0*x is x."""
    return sympy.Integer(int(amount)) if amount == int(amount) else sympy.Float(amount)


def flattened(
    rules: Mapping[str, sympy.Expr], symbols: Mapping[str, sympy.Symbol], *, model: str
) -> dict[str, sympy.Expr]:
    """Assignments written in species and constants only (one may use another).

    Raises ValueError, naming the `model`, if they depend on each other in a circle.
    """
    rules = dict(rules)
    own = {symbols[n]: n for n in rules}
    for _ in rules:
        if not any(e.has(*own) for e in rules.values()):
            return rules
        rules = {n: e.xreplace({s: rules[m] for s, m in own.items()}) for n, e in rules.items()}
    if any(e.has(*own) for e in rules.values()):
        raise ValueError(f"The assignments of model {model!r} depend on each other in a circle.")
    return rules


class Equations:
    """The equations of one model; reached as `model.system`.

    Attributes
    ----------
    species, switches, assignments, reactions : list of str
        Names, in the order of the model's text; the switches, which only events change, are the last of the species.
    constants : dict of str to Constant
        In the order of p.
    schedules : dict of str to widgets.engine.schedules.Schedule
    events : list of widgets.engine.events.Event
    symbols : dict of str to sympy.Symbol
        Of each species, assignment, constant and schedule.
    time : sympy.Symbol
    rules : dict of str to sympy.Expr
        The right side of each assignment, as written; units as `model.units`.
    rates : dict of str to sympy.Expr
        The rate of each reaction, as written; levels per unit of time.
    rate_rules : dict of str to sympy.Expr
        The rate of change of each species that has an equation of its own (`voltage' = ...`), as written.
    stoichiometry : array (S, R)
        By how much each reaction changes each species; zero for species with a rate rule and for switches.
    initial : array (S,)
        Levels as the text has them, which need not be those at rest.
    """

    def __init__(
        self,
        *,
        species: Sequence[str],
        switches: Sequence[str],
        assignments: Sequence[str],
        reactions: Sequence[str],
        constants: Mapping[str, Constant],
        schedules: Mapping[str, Schedule],
        symbols: Mapping[str, sympy.Symbol],
        time: sympy.Symbol,
        rules: Mapping[str, sympy.Expr],
        flat_rules: Mapping[str, sympy.Expr],
        rates: Mapping[str, sympy.Expr],
        rate_rules: Mapping[str, sympy.Expr],
        stoichiometry: np.ndarray,
        initial: np.ndarray,
        events: Sequence[Event],
    ):
        self.species, self.switches = list(species), list(switches)
        self.assignments, self.reactions = list(assignments), list(reactions)
        self.constants, self.schedules = dict(constants), dict(schedules)
        self.symbols, self.time = dict(symbols), time
        self.rules, self.rates, self.rate_rules = dict(rules), dict(rates), dict(rate_rules)
        self.flat_rules: dict[str, sympy.Expr] = dict(flat_rules)
        """Assignments written in species, constants and time only."""
        self.stoichiometry, self.initial, self.events = stoichiometry, initial, list(events)

    # -- what the numbers are ------------------------------------------------------------------------------

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each constant in p."""
        return {name: place for place, name in enumerate(self.constants)}

    @cached_property
    def defaults(self) -> np.ndarray:
        """The constants as the text has them, shape (P,)."""
        return np.array([constant.value for constant in self.constants.values()], dtype=float)

    @cached_property
    def concentrations(self) -> set[str]:
        """Species moved by reactions alone, which cannot be negative (a voltage with a rate rule can)."""
        return set(self.species) - set(self.rate_rules) - set(self.switches)

    @cached_property
    def amounts(self) -> np.ndarray:
        """Which species are `concentrations`, shape (S,), bool."""
        return np.array([n in self.concentrations for n in self.species])

    @cached_property
    def conserved(self) -> np.ndarray:
        """Weights of the sums no reaction changes (such as BH2 + BH4), shape (number of such sums, S)."""
        # A species with a rate rule takes part in no reaction, so its row of zeros is not a conserved amount.
        keep = self.amounts
        matrix = sympy.Matrix([[whole(a) for a in row] for row in self.stoichiometry[keep].T])
        rows = np.zeros((0, len(self.species)))
        for vector in matrix.nullspace() if matrix.rows else []:
            row = np.zeros(len(self.species))
            row[keep] = [float(v) for v in vector]
            rows = np.vstack([rows, row])
        return rows

    @cached_property
    def depends_on_time(self) -> bool:
        """Whether time stands in a rate, so that nothing settles."""
        return any(e.has(self.time) for e in self.right_hand_side)

    # -- in symbols ----------------------------------------------------------------------------------------

    @cached_property
    def flat_rates(self) -> list[sympy.Expr]:
        """The R reactions' rates, written in species, constants and time only."""
        replace = {self.symbols[n]: e for n, e in self.flat_rules.items()}
        return [e.xreplace(replace) for e in self.rates.values()]

    @cached_property
    def right_hand_side(self) -> list[sympy.Expr]:
        """dy/dt, S expressions in species, constants and time."""
        replace = {self.symbols[n]: e for n, e in self.flat_rules.items()}
        rows = []
        for n, row in zip(self.species, self.stoichiometry, strict=True):
            if n in self.switches:
                rows.append(sympy.Integer(0))
            elif n in self.rate_rules:
                rows.append(self.rate_rules[n].xreplace(replace))
            else:
                rows.append(sympy.Add(*[whole(a) * r for a, r in zip(row, self.flat_rates, strict=True) if a]))
        return rows

    @cached_property
    def slopes(self) -> list[sympy.Expr]:
        """The Jacobian d(rhs_i)/d(species_j), S * S expressions, row by row. Each rate is differentiated once."""
        y = [self.symbols[n] for n in self.species]
        slopes = [[r.diff(s) if r.has(s) else sympy.Integer(0) for s in y] for r in self.flat_rates]
        entries = []
        for i, (n, row) in enumerate(zip(self.species, self.stoichiometry, strict=True)):
            if n in self.rate_rules:
                entries += [self.right_hand_side[i].diff(s) for s in y]
            else:
                entries += [
                    sympy.Add(*[whole(a) * d[j] for a, d in zip(row, slopes, strict=True) if a]) for j in range(len(y))
                ]
        return entries

    @cached_property
    def observed(self) -> list[sympy.Expr]:
        """A + R expressions: the assignments, then the reactions' rates, in species, constants and time."""
        return [*self.flat_rules.values(), *self.flat_rates]

    @cached_property
    def event_whens(self) -> list[sympy.Expr]:
        """When each of the E events is due; infinite for one that waits for a level."""
        return [sympy.oo if e.when is None else e.when for e in self.events]

    @cached_property
    def event_crossings(self) -> list[sympy.Expr]:
        """What crosses zero upwards when each of the E events happens; minus infinity for one that waits for time."""
        return [-sympy.oo if e.gap is None else e.gap for e in self.events]

    # -- compiled ------------------------------------------------------------------------------------------

    def compiled(self, expressions, modules: str = "math") -> Callable:
        """f(t, y, p) of expressions in these symbols, nested as they are; y and p are sequences of S and P numbers."""
        y = [self.symbols[n] for n in self.species]
        p = [self.symbols[n] for n in self.constants]
        return sympy.lambdify([self.time, y, p], expressions, modules=modules, cse=True)

    @cached_property
    def rhs(self) -> Callable:
        """rhs(t, y, p) -> list of S numbers, dy/dt. y and p are lists of floats.

        It uses the math module, since NumPy's scalars are slower than Python's floats.
        """
        return self.compiled(self.right_hand_side)

    @cached_property
    def jacobian(self) -> Callable:
        """jacobian(t, y, p) -> S rows of S numbers, d(rhs_i)/d(y_j). y and p are lists of floats."""
        n = len(self.species)
        return self.compiled([self.slopes[i * n : (i + 1) * n] for i in range(n)])

    @cached_property
    def observe(self) -> Callable:
        """observe(t, y, p) -> A + R values, assignments, then rates of reactions.

        t, and each entry of y and p, may be an array: over moments, or over people. A value that depends on none of
        them comes back as a single number.
        """
        return self.compiled(self.observed, modules="numpy")

    def _compiled_for_events(self, expressions) -> Callable:
        """f(t, y, p, a), where a may be left out: between its moments a schedule has no amount."""
        y = [self.symbols[n] for n in self.species]
        p = [self.symbols[n] for n in self.constants]
        a = [self.symbols[n] for n in self.schedules]
        function = sympy.lambdify([self.time, y, p, a], expressions, modules="math", cse=True)
        nothing = [0.0] * len(a)
        return lambda t, y, p, a=nothing: function(t, y, p, a)

    @cached_property
    def event_times(self) -> Callable:
        """event_times(t, y, p, a) -> E numbers, when each event is due; infinite for one that waits for a level or for
        a schedule. Here and in the next two, a may be left out: no schedule then has an amount."""
        return self._compiled_for_events(self.event_whens)

    @cached_property
    def event_gaps(self) -> Callable:
        """event_gaps(t, y, p, a) -> E numbers: what crosses zero upwards when each event happens; minus infinity for
        one that waits for time alone."""
        return self._compiled_for_events(self.event_crossings)

    @cached_property
    def event_values(self) -> list[tuple[list[int], Callable]]:
        """For each of the E events: (places in y of what it sets, f(t, y, p, a) -> the new values)."""
        index = {n: i for i, n in enumerate(self.species)}
        return [([index[n] for n in e.sets], self._compiled_for_events(list(e.sets.values()))) for e in self.events]

    @cached_property
    def over_people(self) -> tuple[Callable, Callable, np.ndarray]:
        """For many people at once: (f(t, y, p) -> dy/dt, g(t, y, p) -> entries of the Jacobian, their places).

        t is one number or an array over people, each entry of y and p an array over people. f gives S values, g only
        the entries of the Jacobian that are not always zero, whose places in it, counted row by row, are the third.
        """
        entries = [(i, e) for i, e in enumerate(self.slopes) if e != 0]
        return (
            self.compiled(self.right_hand_side, modules="numpy"),
            self.compiled([e for _, e in entries], modules="numpy"),
            np.array([i for i, _ in entries]),
        )
