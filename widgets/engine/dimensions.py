"""Units held against one another: what is added has one unit, and a rate is a level's unit over time.

    units = declared(sbml)                          # the names of a model's units, in SI
    Checker(units, ...).faults()                    # each in words, by reaction and both units

A factor of a thousand counts as a difference (mM is not µM); what has no unit is left alone, and so is all that depends
on it, so that a reader's model without units is not nagged. A number written in a law, 1 apart, has the unit that
belongs there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from xml.dom import minidom

import sympy

from widgets.engine.names import unit_text

_BASES = ("s", "m", "kg", "A", "mol", "K", "cd", "item")
# SBML's own units: factor to SI, and the exponents of seconds, metres, kilograms, amperes, moles, kelvin and so on.
_KINDS: dict[str, tuple[float, tuple[int, ...]]] = {
    "ampere": (1, (0, 0, 0, 1)), "becquerel": (1, (-1,)), "candela": (1, (0, 0, 0, 0, 0, 0, 1)),
    "coulomb": (1, (1, 0, 0, 1)), "dimensionless": (1, ()), "farad": (1, (4, -2, -1, 2)), "gram": (1e-3, (0, 0, 1)),
    "gray": (1, (-2, 2)), "henry": (1, (-2, 2, 1, -2)), "hertz": (1, (-1,)), "item": (1, (0,) * 7 + (1,)),
    "joule": (1, (-2, 2, 1)), "katal": (1, (-1, 0, 0, 0, 1)), "kelvin": (1, (0, 0, 0, 0, 0, 1)),
    "kilogram": (1, (0, 0, 1)), "litre": (1e-3, (0, 3)), "liter": (1e-3, (0, 3)), "metre": (1, (0, 1)),
    "meter": (1, (0, 1)), "mole": (1, (0, 0, 0, 0, 1)), "newton": (1, (-2, 1, 1)), "ohm": (1, (-3, 2, 1, -2)),
    "pascal": (1, (-2, -1, 1)), "radian": (1, ()), "second": (1, (1,)), "siemens": (1, (3, -2, -1, 2)),
    "sievert": (1, (-2, 2)), "steradian": (1, ()), "tesla": (1, (-2, 0, 1, -1)), "volt": (1, (-3, 2, 1, -1)),
    "watt": (1, (-3, 2, 1)), "weber": (1, (-2, 2, 1, -1)),
}  # fmt: skip

# What these names mean where a text uses them and does not define them: factor, and what over what.
_USUAL = {
    "M": (1, "mole", "litre"), "mM": (1e-3, "mole", "litre"), "uM": (1e-6, "mole", "litre"),
    "nM": (1e-9, "mole", "litre"), "pM": (1e-12, "mole", "litre"), "mV": (1e-3, "volt", "dimensionless"),
    "millisecond": (1e-3, "second", "dimensionless"), "ms": (1e-3, "second", "dimensionless"),
    "minute": (60, "second", "dimensionless"), "hour": (3600, "second", "dimensionless"),
    "day": (86400, "second", "dimensionless"), "per_second": (1, "dimensionless", "second"),
    "per_minute": (1 / 60, "dimensionless", "second"), "per_hour": (1 / 3600, "dimensionless", "second"),
    "per_millisecond": (1e3, "dimensionless", "second"),
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A unit in SI: its factor and the exponents of `_BASES`."""

    factor: float = 1.0
    powers: tuple[Fraction, ...] = (Fraction(0),) * len(_BASES)

    def __mul__(self, other: Unit) -> Unit:
        return Unit(self.factor * other.factor, tuple(a + b for a, b in zip(self.powers, other.powers, strict=True)))

    def __pow__(self, exponent: float) -> Unit:
        share = Fraction(exponent).limit_denominator(1000)
        return Unit(self.factor**exponent, tuple(power * share for power in self.powers))

    def same(self, other: Unit) -> bool:
        """Whether it is the other unit, a factor included."""
        return self.powers == other.powers and math.isclose(self.factor, other.factor, rel_tol=1e-6)

    @property
    def pure(self) -> bool:
        """Whether it has no dimension."""
        return not any(self.powers)


NONE = Unit()


class Unlike(ValueError):
    """Two units where one belongs."""


def declared(sbml: str) -> dict[str, Unit]:
    """Every unit that a model's names may have, by its own name: SBML's, the usual ones, and those that it defines."""
    found = {kind: _kind(kind) for kind in _KINDS}
    for name, (factor, above, below) in _USUAL.items():
        found[name] = Unit(factor) * _kind(above) * _kind(below) ** -1
    for definition in minidom.parseString(sbml).getElementsByTagName("unitDefinition"):
        whole, parts = NONE, definition.getElementsByTagName("unit")
        for part in parts:
            if part.getAttribute("kind") not in _KINDS:
                break
            exponent = float(part.getAttribute("exponent") or 1)
            scale = float(part.getAttribute("multiplier") or 1) * 10 ** int(part.getAttribute("scale") or 0)
            whole *= (Unit(scale) * _kind(part.getAttribute("kind"))) ** exponent
        else:
            # Of a unit that a text only uses Antimony makes an empty definition.
            if parts:
                found[definition.getAttribute("id")] = whole
    return found


def _kind(name: str) -> Unit:
    factor, powers = _KINDS[name]
    return Unit(factor, tuple(Fraction(power) for power in (*powers, *(0,) * (len(_BASES) - len(powers)))))


class Checker:
    """The units of one model's laws.

    units : every declared unit, by its name. given : the name of each quantity's unit; a quantity without one is left
    alone. values : of the constants, for exponents. time : the name of the unit of time, or "" if none was declared.
    """

    def __init__(self, units: Mapping[str, Unit], given: Mapping[str, str], values: Mapping[str, float], time: str):
        self.units, self.values = units, values
        self.names = {**given, "time": time}
        self.time = units.get(time)

    def needs(self, what: str, law: sympy.Expr, unit: str, over_time: bool = False) -> Iterator[str]:
        """What is wrong with a law whose value should have a unit, or that unit over time, in words."""
        try:
            found = self.of(law)
        except Unlike as error:
            yield f"{what}: {error}."
            return
        wanted = self.units.get(unit)
        if over_time and found and wanted and found.same(NONE) and wanted.same(NONE):
            return  # all in plain numbers: whoever writes so reckons without units
        if over_time:
            wanted = wanted * self.time**-1 if wanted and self.time else None
        if found and wanted and not found.same(wanted):
            yield (
                f"{what} comes out in {self.text(found)}, where {self.text(wanted)} belongs; "
                "check the units of what its law is made of."
            )

    def of(self, law: sympy.Expr) -> Unit | None:
        """The unit of an expression, None if it is not known. Raises Unlike for two units where one belongs."""
        if isinstance(law, sympy.Symbol):
            return self.units.get(self.names.get(law.name, ""))
        if law.is_number:
            # A number in a law has the unit that belongs there, as in SBML; but 1 + x is how ratios are written.
            return NONE if abs(law) == 1 else None
        if isinstance(law, sympy.Mul):
            return self._product(law.args)
        if isinstance(law, sympy.Pow):
            return self._power(law.base, law.exp)
        if isinstance(law, sympy.Piecewise):
            for _, condition in law.args:
                self._condition(condition)
            return self._alike([value for value, _ in law.args], "stand for one another")
        if isinstance(law, sympy.Add):
            return self._alike(law.args, "are added or subtracted")
        if isinstance(law, sympy.Max | sympy.Min):
            return self._alike(law.args, "are compared")
        if isinstance(law, sympy.Abs):
            return self.of(law.args[0])
        return self._function(law)

    def _product(self, factors: tuple[sympy.Expr, ...]) -> Unit | None:
        whole: Unit | None = NONE
        for factor in factors:
            unit = NONE if factor.is_number else self.of(factor)
            # Every factor is looked into, though one that is not known leaves the product unknown.
            whole = whole * unit if whole is not None and unit is not None else None
        return whole

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> Unit | None:
        if base == sympy.E:
            return self._function(sympy.exp(exponent, evaluate=False))
        unit, power = self.of(base), self.of(exponent)
        if power is not None and not power.pure:
            raise Unlike(f"the exponent {exponent} is in {self.text(power)}, and an exponent is a plain number")
        if unit is None or unit.same(NONE):
            return unit
        try:
            return unit ** float(exponent.subs(self.values))
        except TypeError:
            if unit.pure:
                return None
            raise Unlike(f"{base}, in {self.text(unit)}, is raised to {exponent}, which is no constant") from None

    def _function(self, law: sympy.Expr) -> Unit | None:
        for part in law.args:
            unit = self.of(part) if isinstance(part, sympy.Expr) else None
            if unit is not None and not unit.same(NONE):
                raise Unlike(f"{law.func.__name__} is taken of {part}, which is in {self.text(unit)}; divide it by one")
        return NONE

    def _alike(self, terms: tuple[sympy.Expr, ...] | list[sympy.Expr], happens: str) -> Unit | None:
        first: tuple[sympy.Expr, Unit] | None = None
        for term in terms:
            unit = self.of(term)
            if unit is None:
                continue
            if first is None:
                first = term, unit
            elif not unit.same(first[1]):
                (one, its), (other, others) = sorted([first, (term, unit)], key=lambda pair: str(pair[0]))
                raise Unlike(
                    f"{_shown(one)} ({self.text(its)}) and {_shown(other)} ({self.text(others)}) {happens}; "
                    "give both one unit"
                )
        return first[1] if first else None

    def _condition(self, condition: object) -> None:
        if isinstance(condition, sympy.core.relational.Relational):
            # What a quantity is held against has its unit, 1 included: time < 1 is the first hour.
            self._alike([side for side in condition.args if not side.is_number], "are compared")
        elif isinstance(condition, sympy.And | sympy.Or | sympy.Not):
            for part in condition.args:
                self._condition(part)

    def text(self, unit: Unit) -> str:
        """A unit as a reader knows it: as the model names it, or over time, or in SI."""
        if unit.same(NONE):
            return "no unit (a plain number)"
        if unit.pure:
            return f"a factor of {unit.factor:g}"
        for name, known in self.units.items():
            if known.same(unit):
                return unit_text(name)
        for name, known in self.units.items():
            if self.time and (known * self.time**-1).same(unit):
                return f"{unit_text(name)}/{unit_text(self.names['time'])}"
        for name, known in self.units.items():
            for other, more in self.units.items():
                if name not in _KINDS and other not in _KINDS and (known * more).same(unit):
                    return f"{unit_text(name)} times {unit_text(other)}"
        powers = " ".join(
            base if power == 1 else f"{base}^{power}" for base, power in zip(_BASES, unit.powers, strict=True) if power
        )
        return f"{unit.factor:.3g} {powers}".strip()


def _shown(law: sympy.Expr) -> str:
    text = str(law).removeprefix("-").replace("**", "^")
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"
