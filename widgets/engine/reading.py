"""From a model's text to what it says: names, units, meanings, laws, constants and events.

Antimony's own reader does the reading; what it keeps of a text is asked for here, and nowhere else. What Antimony does
not keep, each line's comment, is read from the text itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from xml.dom import minidom

import antimony
import numpy as np
import sympy

from widgets.engine import constants as constants_
from widgets.engine import events, schedules
from widgets.engine.constants import Constant
from widgets.engine.equations import Equations, flattened
from widgets.engine.formulas import FUNCTIONS, expression
from widgets.engine.names import UNIT_TEXT, unit_text, words

# Antimony's codes for kinds of names.
_ALL_SPECIES, _ALL_FORMULAS, _COMPARTMENTS, _VARIABLE_SPECIES, _VARIABLE_FORMULAS = 1, 2, 9, 11, 12

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
    sbml : str, as Antimony writes it
    system : Equations
    """

    def __init__(self, text: str, *, strict: bool):
        self.text, self.strict = text, strict
        module = self._load()
        self._notes = _notes(text)
        self._numbers: dict[str, str] = {}
        for kind in (_ALL_SPECIES, _ALL_FORMULAS, _COMPARTMENTS):
            self._numbers |= _table(module, kind, antimony.getSymbolEquationsOfType)
        names = self._read_names(module)
        self._read_laws(module)
        self._read_time_unit()
        self._describe()
        flat_rules = flattened(self._rules, self.symbols, model=self.name)
        self._planned = [name for name in names if schedules.is_one(self._notes.get(name, ""))]
        self._refuse_lasting_schedules()
        happenings = self._read_events(module, flat_rules)
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
            stoichiometry=self._stoichiometry(module),
            initial=self._initial,
            events=happenings,
        )

    def _load(self) -> str:
        """Let Antimony read the text; the name of its module."""
        if not self.text.strip():
            raise ValueError("The model text is empty. Antimony text starts with 'model name' and ends with 'end'.")
        antimony.clearPreviousLoads()
        antimony.setBareNumbersAreDimensionless(False)
        if antimony.loadAntimonyString(self.text) < 0:
            raise ValueError(f"Antimony cannot read this model. {' '.join(antimony.getLastError().split())}")
        module = antimony.getMainModuleName()
        self.name = module.lstrip("_")
        self._units_given = _sbml_units(antimony.getSBMLString(module))
        if self.strict:
            # Read again so that the 1 of "1 - fraction" counts as a pure number when SBML's units are checked. Not at
            # first: a constant written without a unit would then pass for a pure number too.
            antimony.clearPreviousLoads()
            antimony.setBareNumbersAreDimensionless(True)
            antimony.loadAntimonyString(self.text)
        self.sbml = antimony.getSBMLString(module)
        return module

    def _read_names(self, module: str) -> list[str]:
        """Sort the text's names into species, assignments, reactions and constants; returns the constants."""
        rules: dict[str, str] = {}
        for kind in (_ALL_SPECIES, _ALL_FORMULAS):
            rules |= _table(module, kind, antimony.getSymbolRateRulesOfType)
        self._own_rates = {name: rule for name, rule in rules.items() if rule}
        self.species = list(antimony.getSymbolNamesOfType(module, _VARIABLE_SPECIES))
        self.species += [name for name in self._own_rates if name not in self.species]
        self.switches = [name for name in events.names_set(module) if name not in self.species]
        self.species += self.switches
        formulas = antimony.getSymbolNamesOfType(module, _VARIABLE_FORMULAS)
        self.assignments = [name for name in formulas if name not in self.species]
        self.reactions = list(antimony.getReactionNames(module)) if antimony.getNumReactions(module) else []
        taken = {*self.species, *self.assignments}
        candidates = (
            *antimony.getSymbolNamesOfType(module, _ALL_FORMULAS),
            *antimony.getSymbolNamesOfType(module, _ALL_SPECIES),
        )
        names = [name for name in candidates if name not in taken]
        if not self.species:
            raise ValueError(f"Model {self.name!r} has no species: nothing in it can change.")
        self._initial = np.array([_number(self._numbers.get(n)) for n in self.species])
        for name in np.array(self.species)[np.isnan(self._initial)]:
            raise ValueError(f"Species '{name}' of model {self.name!r} has no starting level; write '{name} = 1'.")
        self.symbols = {n: sympy.Symbol(n) for n in (*self.species, *self.assignments, *names)}
        self.time = sympy.Symbol("time")
        self.names = {**self.symbols, "time": self.time, **FUNCTIONS}
        for compartment in antimony.getSymbolNamesOfType(module, _COMPARTMENTS):
            if float(self._numbers[compartment] or 1) != 1:
                raise ValueError(
                    f"Compartment {compartment!r} of model {self.name!r} has size {self._numbers[compartment]}; "
                    "write concentrations in one compartment of size 1."
                )
            self.names[compartment] = sympy.Integer(1)
        return names

    def _read_laws(self, module: str) -> None:
        rates = antimony.getReactionRates(module) if self.reactions else []
        self.laws = {n: self._numbers[n] for n in self.assignments}
        self.laws |= dict(zip(self.reactions, rates, strict=True)) | self._own_rates
        laws = {n: self._expression(n, law) for n, law in self.laws.items()}
        self._rules = {n: laws[n] for n in self.assignments}
        self._rates = {n: laws[n] for n in self.reactions}
        self._rate_rules = {n: laws[n] for n in self._own_rates}

    def _expression(self, name: str, text: str) -> sympy.Expr:
        return expression(name, text, model=self.name, names=self.names)

    def _stoichiometry(self, module: str) -> np.ndarray:
        index = {n: i for i, n in enumerate(self.species)}
        matrix = np.zeros((len(self.species), len(self.reactions)))
        if not self.reactions:
            return matrix
        for sign, names, amounts in (
            (-1, antimony.getReactantNames(module), antimony.getReactantStoichiometries(module)),
            (+1, antimony.getProductNames(module), antimony.getProductStoichiometries(module)),
        ):
            for j, (row, amount) in enumerate(zip(names, amounts, strict=True)):
                for n, a in zip(row, amount, strict=True):
                    if n in index:
                        matrix[index[n], j] += sign * a
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
        units = self._units_given
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

    def _read_events(self, module: str, flat_rules: Mapping[str, sympy.Expr]) -> list[events.Event]:
        for n in self.switches:
            if n in self._rules:
                raise ValueError(f"{n!r} of model {self.name!r} follows a rule (:=), so no event can set it.")
        flat = {self.symbols[n]: e for n, e in flat_rules.items()}
        found = events.read(
            module,
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
        unit, note = self._units_given.get(name, ""), self._notes.get(name, "")
        value = _number(self._numbers[name])
        return schedules.read(name, value, unit, note, model=self.name, constants=constants)

    def _constant(self, name: str, divides: bool) -> Constant:
        return constants_.read(
            name,
            _number(self._numbers[name]),
            self._units_given.get(name, ""),
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


def _table(module: str, kind: int, ask) -> dict[str, str]:
    """What Antimony answers to `ask` about each name of a kind."""
    return dict(zip(antimony.getSymbolNamesOfType(module, kind), ask(module, kind), strict=True))


def _divisors(laws: Iterable[sympy.Expr]) -> set[str]:
    """Names that stand in a denominator: zero there would make a rate infinite."""
    found: set[str] = set()
    for e in laws:
        for power in e.atoms(sympy.Pow):
            if power.exp.could_extract_minus_sign():
                found |= {s.name for s in power.base.free_symbols}
    return found


def _number(text) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan


def _sbml_units(sbml: str) -> dict[str, str]:
    """Unit of each parameter; species carry theirs as amounts, so a level's unit is the text's own word."""
    document = minidom.parseString(sbml)
    amounts = document.getElementsByTagName("model")[0].getAttribute("substanceUnits")
    concentration = {"micromole": "uM", "millimole": "mM"}.get(amounts)
    levels = {n.getAttribute("id"): concentration for n in document.getElementsByTagName("species") if concentration}
    return levels | {
        node.getAttribute("id"): node.getAttribute("units")
        for node in document.getElementsByTagName("parameter")
        if node.hasAttribute("units")
    }
