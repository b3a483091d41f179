"""From a model's text to what it says: names, units, meanings, laws, constants and events.

Antimony's own reader does the reading (`widgets.engine.answers`). What it does not keep, each line's comment, is read
from the text itself.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import sympy

from widgets.engine import constants as constants_
from widgets.engine import events, schedules
from widgets.engine.answers import Answers, answers
from widgets.engine.constants import Constant
from widgets.engine.dimensions import Checker, Unit, declared
from widgets.engine.equations import Equations, flattened
from widgets.engine.formulas import FUNCTIONS, expression
from widgets.engine.names import UNIT_TEXT, unit_text, words

_LINE = re.compile(
    r"^\s*(?:const\s+|var\s+)?(?P<name>[A-Za-z_]\w*)\s*(?P<sign>:=|=|:)(?P<body>[^/]*(?:/(?!/)[^/]*)*)//(?P<note>.*)$"
)


class Reading:
    """What one text says.

    text : Antimony, whole (with all that it is based on). strict : as in `Model.from_antimony`.
    Raises ValueError, with Antimony's own message and line, or with the name, what is wrong and what to write.

    Attributes
    ----------
    name, time_unit : str
    species, switches, assignments, reactions : list of str, as in `Equations`
    units, meanings : dict, from each species, assignment and reaction to its unit as printed and to what it is
    laws : dict, from each assignment, reaction and species with a rate rule to its law's text
    names : dict, from each name that a law may use to what it stands for
    units_given : dict, from each name to its unit as the text has it
    sbml : str, as Antimony writes it
    system : Equations
    """

    def __init__(self, text: str, *, strict: bool):
        self.text, self.strict = text, strict
        said = answers(text, strict=strict)
        self.name, self.sbml = said.module.lstrip("_"), said.sbml
        self.units_given, self._numbers = said.units, said.numbers
        self._notes = _notes(text)
        names = self._read_names(said)
        self._read_laws(said)
        self._read_time_unit()
        self._describe()
        flat_rules = flattened(self._rules, self.symbols, model=self.name)
        self._planned = [name for name in names if schedules.is_one(self._notes.get(name, ""))]
        self._refuse_lasting_schedules()
        happenings = self._read_events(said, flat_rules)
        divisors = _divisors((*self._rates.values(), *self._rules.values(), *self._rate_rules.values()))
        constants = {name: self._constant(name, name in divisors) for name in names if name not in self._planned}
        self.system = Equations(
            species=self.species,
            switches=self.switches,
            assignments=self.assignments,
            reactions=self.reactions,
            constants=constants,
            schedules={name: self._schedule(name, constants) for name in self._planned},
            symbols=self.symbols,
            time=self.time,
            rules=self._rules,
            flat_rules=flat_rules,
            rates=self._rates,
            rate_rules=self._rate_rules,
            stoichiometry=self._stoichiometry(said),
            initial=self._initial,
            events=happenings,
        )
        self._hold_units_together()

    def _hold_units_together(self) -> None:
        """Refuse laws whose declared units do not fit (of a reader's own model: warn of them)."""
        values = {name: constant.value for name, constant in self.system.constants.items()}
        time = re.search(r'timeUnits="(\w+)"', self.sbml)
        checker = Checker(declared(self.sbml), self.units_given, values, time[1] if time else "")
        levels = next((self.units_given.get(n, "") for n in self.species if n in self.system.concentrations), "")
        wrong = [*self._unknown_units(checker.units), *self._levels_otherwise()]
        for what, laws in (("Reaction", self._rates), ("The rate of", self._rate_rules), ("", self._rules)):
            for name, law in laws.items():
                unit = levels if what == "Reaction" else self.units_given.get(name, "")
                place = f"{what} {name!r} of model {self.name!r}".strip()
                wrong += checker.needs(place, law, unit, over_time=bool(what))
        for event in self.system.events:
            for name, law in event.sets.items():
                place = f"What event {event.name!r} of model {self.name!r} sets {name!r} to"
                wrong += checker.needs(place, law, self.units_given.get(name, ""))
        if wrong and self.strict:
            raise ValueError(wrong[0])
        for each in wrong:
            warnings.warn(f"Units do not fit. {each}", stacklevel=5)

    def _unknown_units(self, known: Mapping[str, Unit]) -> Iterator[str]:
        """Units that the text uses and nobody defines."""
        for name, unit in self.units_given.items():
            if unit and unit not in known:
                yield (
                    f"{name!r} of model {self.name!r} is in {unit!r}, which the text does not define; write "
                    f"'unit {unit} = ...' in moles, litres, seconds and so on."
                )

    def _levels_otherwise(self) -> Iterator[str]:
        """Levels that are written in another unit than that of all levels, which Antimony reads past."""
        for name in self.system.concentrations:
            written = re.search(rf"(?m)^\s*(?:species\s+)?{name}\s*=\s*[\d.eE+-]+\s+([A-Za-z_]\w*)", self.text)
            unit = self.units_given.get(name)
            if unit and written and written[1] != unit and written[1] not in ("in", "is", "has"):
                yield (
                    f"{name!r} of model {self.name!r} starts in {unit_text(written[1])}, but levels are in "
                    f"{unit_text(unit)} ('unit substance'); write it so."
                )

    def _read_names(self, said: Answers) -> list[str]:
        """Sort the text's names into species, assignments, reactions and constants; returns the constants."""
        self._own_rates = said.own_rates
        self.species = list(said.moving)
        self.species += [name for name in self._own_rates if name not in self.species]
        self.switches = [name for name in events.names_set(said.events) if name not in self.species]
        self.species += self.switches
        self.assignments = [name for name in said.following if name not in self.species]
        self.reactions = list(said.reactions)
        taken = {*self.species, *self.assignments}
        names = [name for name in (*said.formulas, *said.species) if name not in taken]
        if not self.species:
            raise ValueError(f"Model {self.name!r} has no species: nothing in it can change.")
        self._initial = np.array([_number(self._numbers.get(n)) for n in self.species])
        for name in np.array(self.species)[np.isnan(self._initial)]:
            raise ValueError(f"Species '{name}' of model {self.name!r} has no starting level; write '{name} = 1'.")
        self.symbols = {n: sympy.Symbol(n) for n in (*self.species, *self.assignments, *names)}
        self.time = sympy.Symbol("time")
        self.names = {**self.symbols, "time": self.time, **FUNCTIONS}
        for compartment in said.compartments:
            if float(self._numbers[compartment] or 1) != 1:
                raise ValueError(
                    f"Compartment {compartment!r} of model {self.name!r} has size {self._numbers[compartment]}; "
                    "write concentrations in one compartment of size 1."
                )
            self.names[compartment] = sympy.Integer(1)
        return names

    def _read_laws(self, said: Answers) -> None:
        self.laws = {n: self._numbers[n] for n in self.assignments}
        self.laws |= dict(zip(self.reactions, said.rates, strict=True)) | self._own_rates
        laws = {n: self._expression(n, law) for n, law in self.laws.items()}
        self._rules = {n: laws[n] for n in self.assignments}
        self._rates = {n: laws[n] for n in self.reactions}
        self._rate_rules = {n: laws[n] for n in self._own_rates}

    def _expression(self, name: str, text: str) -> sympy.Expr:
        return expression(name, text, model=self.name, names=self.names)

    def _stoichiometry(self, said: Answers) -> np.ndarray:
        index = {n: i for i, n in enumerate(self.species)}
        matrix = np.zeros((len(self.species), len(self.reactions)))
        for sign, side in ((-1, said.reactants), (+1, said.products)):
            for j, row in enumerate(side):
                for n, amount in row:
                    if n in index:
                        matrix[index[n], j] += sign * amount
        return matrix

    def _read_time_unit(self) -> None:
        time_unit = re.search(r'timeUnits="(\w+)"', self.sbml)
        self.time_unit = time_unit.group(1) if time_unit else "hour"
        if self.time_unit not in ("hour", "millisecond"):
            raise ValueError(
                f"Model {self.name!r} counts time in {self.time_unit!r}; "
                "use 'unit time_unit = hour' or 'unit time_unit = millisecond'."
            )

    def _describe(self) -> None:
        """Unit and meaning of each species, assignment and reaction."""
        units = self.units_given
        level = next((units[n] for n in self.species if units.get(n)), "")
        per_time = f"{unit_text(level)}/{UNIT_TEXT[self.time_unit]}" if level else ""
        self.units, self.meanings = {}, {}
        for n in (*self.species, *self.assignments, *self.reactions):
            note = self._notes.get(n, "").split("|")[0].strip()
            unit = per_time if n in self.reactions else units.get(n) or (level if n in self.species else "")
            if self.strict and not note:
                raise ValueError(f"{n!r} of model {self.name!r} has no meaning; end its line with '// what it is'.")
            if self.strict and not unit:
                raise ValueError(f"{n!r} of model {self.name!r} has no unit; write '{n} has uM' or 'dimensionless'.")
            self.units[n] = unit_text(unit)
            self.meanings[n] = note or words(n)

    def _read_events(self, said: Answers, flat_rules: Mapping[str, sympy.Expr]) -> list[events.Event]:
        for n in self.switches:
            if n in self._rules:
                raise ValueError(f"{n!r} of model {self.name!r} follows a rule (:=), so no event can set it.")
        flat = {self.symbols[n]: e for n, e in flat_rules.items()}
        found = events.read(
            said.events,
            model=self.name,
            meanings={n: note.split("|")[0].strip() for n, note in self._notes.items()},
            expression=lambda n, text: self._expression(n, text).xreplace(flat),
            moving={self.symbols[n] for n in self.species if n not in self.switches},
            scheduled={self.symbols[n] for n in self._planned},
            time=self.time,
        )
        for event in found:
            if self.strict and not event.meaning:
                raise ValueError(
                    f"Event {event.name!r} of model {self.name!r} has no meaning; end its line with '// what happens'."
                )
        return found

    def _refuse_lasting_schedules(self) -> None:
        for name, law in {**self._rules, **self._rates, **self._rate_rules}.items():
            for planned in self._planned:
                if law.has(self.symbols[planned]):
                    raise ValueError(
                        f"{name!r} of model {self.name!r} uses {planned!r}, a schedule, which has an amount at moments "
                        "only; let an event use it, as in 'at (schedule > 0): gut = gut + schedule'."
                    )

    def _schedule(self, name: str, constants: Mapping[str, Constant]) -> schedules.Schedule:
        unit, note = self.units_given.get(name, ""), self._notes.get(name, "")
        value = _number(self._numbers[name])
        return schedules.read(name, value, unit, note, model=self.name, constants=constants)

    def _constant(self, name: str, divides: bool) -> Constant:
        return constants_.read(
            name,
            _number(self._numbers[name]),
            self.units_given.get(name, ""),
            self._notes.get(name, ""),
            model=self.name,
            strict=self.strict,
            divides=divides,
        )


def head(text: str) -> str:
    """The comment at the head of a text, without its slashes."""
    lines = []
    for line in text.strip().splitlines():
        if not line.strip().startswith("//"):
            break
        lines.append(line.strip().removeprefix("//").removeprefix(" "))
    return "\n".join(lines)


def _notes(text: str) -> dict[str, str]:
    """The comment of each line that sets a name."""
    notes = {}
    for line in text.splitlines():
        if match := _LINE.match(line):
            notes[match["name"]] = match["note"].strip()
    return notes


def _divisors(laws: Iterable[sympy.Expr]) -> set[str]:
    """Names that stand in a denominator which may vanish without them: zero there would make a rate infinite."""
    found: set[str] = set()
    for e in laws:
        for power in e.atoms(sympy.Pow):
            if power.exp.could_extract_minus_sign():
                found |= {s.name for s in power.base.free_symbols if not _stays(power.base.subs(s, 0))}
    return found


def _stays(denominator: sympy.Expr) -> bool:
    """Whether it is a number other than 0: 1 + w*x is one at w = 0, K + x is not at K = 0."""
    return bool(denominator.is_number and denominator.is_finite and denominator.is_nonzero)


def _number(text) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan
