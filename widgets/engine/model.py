"""One model, written once: Antimony text in, and out of it the kernel's function, the page's JavaScript,
the printed equations and SBML.

    from widgets import load_model
    serotonin = load_model("serotonin")
    serotonin.simulate(hours=24, reuptake_inhibition=0.8)["extracellular"]

A model is a text file in `widgets/models`, in Antimony (https://tellurium.readthedocs.io/en/latest/antimony.html).
Each line that sets something says in a comment what it is, so that the file can be read aloud and no number
stands without its source:

    extracellular = 0.06 uM      // serotonin outside the cell
    k_leak = 1 per_hour          // leak from vesicles into the cytosol | published | best2020autoreceptor
    firing_rate = 1 dimensionless  // firing rate relative to rest | control | 0..5
    release: vesicular -> extracellular; k_release*vesicular  // release by firing

A constant's comment is `meaning | status | source`. Status is `published` (source: a key in references.bib),
`calibrated` (source: the published result it was fitted to), `assumed` (source: why this value) or `control`
(a slider; source: its range). See `Model` for what comes out.
"""

from __future__ import annotations

import difflib
import json
import keyword
import math
import re
from functools import cached_property, lru_cache
from pathlib import Path
from xml.dom import minidom

import antimony
import numpy as np
import pandas as pd
import sympy
from sympy.parsing.sympy_parser import convert_xor, parse_expr, standard_transformations
from sympy.printing.jscode import JavascriptCodePrinter

from widgets.engine import composition, events, simulation

MODELS = Path(__file__).parents[1] / "models"
STATUSES = ("published", "calibrated", "assumed")

_COLUMNS = ["name", "value", "unit", "meaning", "source", "status", "minimum", "maximum", "control", "divides"]

# How a unit's Antimony name is printed. A name not listed is printed as it is written.
_UNIT_TEXT = {
    "uM": "µM",
    "mM": "mM",
    "uM_per_hour": "µM/h",
    "per_hour": "1/h",
    "per_uM": "1/µM",
    "per_uM_hour": "1/(µM h)",
    "per_uM2_hour": "1/(µM² h)",
    "per_millisecond": "1/ms",
    "per_mM_millisecond": "1/(mM ms)",
    "per_uM_millisecond": "1/(µM ms)",
    "mM_per_millisecond": "mM/ms",
    "per_mV": "1/mV",
    "mg_per_umol": "mg/µmol",
    "nM_per_uM": "nM/µM",
    "per_nM_hour": "1/(nM h)",
    "hour_per_day": "h/d",
    "hour": "h",
    "millisecond": "ms",
}

# Names that must be spelt with letters only, and how the field writes them.
_READ_AS = {
    "[Mm][Aa][Oo]_[Aa]": "MAO-A",
    "[Mm][Aa][Oo]_[Bb]": "MAO-B",
    "bh2": "BH2",
    "bh4": "BH4",
    "five_htp": "5-HTP",
    "l_dopa": "L-DOPA",
    "nadp": "NADP",
    "g": "G",
    "rgs": "RGS",
}

# Antimony's functions that a rate law may use. Anything else is refused by name rather than guessed.
_FUNCTIONS = {
    "exp": sympy.exp,
    "ln": sympy.log,
    "log10": lambda x: sympy.log(x, 10),
    "sqrt": sympy.sqrt,
    "root": lambda n, x=None: sympy.sqrt(n) if x is None else x ** (1 / n),
    "pow": sympy.Pow,
    "power": sympy.Pow,
    "abs": sympy.Abs,
    "min": sympy.Min,
    "max": sympy.Max,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tanh": sympy.tanh,
    "pi": sympy.pi,
}

# Antimony's codes for kinds of names.
_ALL_SPECIES, _ALL_FORMULAS, _COMPARTMENTS, _VARIABLE_SPECIES, _VARIABLE_FORMULAS = 1, 2, 9, 11, 12

_KEY = re.compile(r"[a-z]+\d{4}[a-z0-9]+")

_LINE = re.compile(
    r"^\s*(?:const\s+|var\s+)?(?P<name>[A-Za-z_]\w*)\s*(?P<sign>:=|=|:)(?P<body>[^/]*(?:/(?!/)[^/]*)*)//(?P<note>.*)$"
)


def _nearest(name: str, options) -> str:
    """ "; did you mean 'x'?" for the closest of `options`, or nothing if none is close."""
    close = difflib.get_close_matches(str(name), list(options), n=1, cutoff=0.4)
    return f"; did you mean {close[0]!r}?" if close else ""


class Equations(str):
    """LaTeX text that a notebook shows typeset."""

    def _repr_latex_(self) -> str:
        return f"$$\n{self}\n$$"


class _JavaScript(JavascriptCodePrinter):
    """sympy.jscode with symbols printed as array elements and small powers as products."""

    def __init__(self, places: dict[sympy.Symbol, str]):
        super().__init__()
        self._places = places

    def _print_Symbol(self, expr):
        return self._places.get(expr, expr.name)

    def _print_Pow(self, expr):
        base, exponent = expr.args
        if exponent.is_Integer and 2 <= abs(int(exponent)) <= 4:
            # A product is several times faster than Math.pow; cse has already named any long base.
            factor = self.parenthesize(base, 1000)
            product = "*".join([factor] * abs(int(exponent)))
            return f"({product})" if exponent > 0 else f"1/({product})"
        return super()._print_Pow(expr)


class Model:
    """A model of a synapse: its levels (species), what follows from them (assignments), its reactions and constants.

    Made by `load_model(name)` or `Model.from_antimony(text)`; see the module's docstring for the text.
    Concentrations are in the units the text gives (the book's models: µM), time in hours or milliseconds.

    Attributes
    ----------
    name : str
    time_unit : "hour" or "millisecond"
    species, assignments, reactions : list of str, in the order of the text
    switches : list of str, the last of the species: what only events change, such as the number of tablets taken
    events : list of widgets.events.Event
    units, meanings : dict, from each species, assignment and reaction to its unit and to what it is
    """

    def __init__(self, text: str, *, strict: bool = True):
        self._text, self._bases = composition.whole(text, MODELS)
        self._strict = strict
        self._read()

    # -- reading -------------------------------------------------------------------------------------------

    @classmethod
    def from_antimony(cls, text: str, *, strict: bool = True) -> Model:
        """A model from Antimony text.

        strict : with True, each constant must carry unit, meaning, status and source in its comment, as in the
            book's own models. With False these may be missing, so that any Antimony model can be explored in a lab:
            such a constant counts as `assumed`, and a model without a steady state starts from its written levels.

        Raises ValueError with Antimony's own message and line if the text cannot be read.
        """
        if not isinstance(text, str):
            raise ValueError(f"Antimony text must be a string, not {type(text).__name__}.")
        return cls(text, strict=strict)

    def _read(self) -> None:
        module = self._load_text()
        notes = self._notes()
        numbers = {}
        for kind in (_ALL_SPECIES, _ALL_FORMULAS, _COMPARTMENTS):
            names, given = antimony.getSymbolNamesOfType, antimony.getSymbolEquationsOfType
            numbers |= dict(zip(names(module, kind), given(module, kind), strict=True))
        constants = self._read_names(module, numbers)
        self._read_laws(module, numbers)
        time_unit = re.search(r'timeUnits="(\w+)"', self._sbml)
        self.time_unit = time_unit.group(1) if time_unit else "hour"
        if self.time_unit not in ("hour", "millisecond"):
            raise ValueError(
                f"Model {self.name!r} counts time in {self.time_unit!r}; "
                "use 'unit time_unit = hour' or 'unit time_unit = millisecond'."
            )
        self._describe_levels(notes)
        self._read_events(module, notes)
        self._parameters = self._describe_constants(constants, numbers, notes)

    def _load_text(self) -> str:
        """Let Antimony read the text; the name of its module."""
        if not self._text.strip():
            raise ValueError("The model text is empty. Antimony text starts with 'model name' and ends with 'end'.")
        antimony.clearPreviousLoads()
        antimony.setBareNumbersAreDimensionless(False)
        if antimony.loadAntimonyString(self._text) < 0:
            raise ValueError(f"Antimony cannot read this model. {_plain(antimony.getLastError())}")
        module = antimony.getMainModuleName()
        self.name = module.lstrip("_")
        self._units_given = _sbml_units(antimony.getSBMLString(module))
        if self._strict:
            # Read again so that the 1 of "1 - fraction" counts as a pure number when SBML's units are checked. Not at
            # first: a constant written without a unit would then pass for a pure number too.
            antimony.clearPreviousLoads()
            antimony.setBareNumbersAreDimensionless(True)
            antimony.loadAntimonyString(self._text)
        self._sbml = antimony.getSBMLString(module)
        return module

    def _read_names(self, module: str, numbers: dict[str, str]) -> list[str]:
        """Sort the text's names into species, assignments, reactions and constants; returns the constants."""
        rules = {}
        for kind in (_ALL_SPECIES, _ALL_FORMULAS):
            names, given = antimony.getSymbolNamesOfType, antimony.getSymbolRateRulesOfType
            rules |= dict(zip(names(module, kind), given(module, kind), strict=True))
        self._rate_laws = {name: rule for name, rule in rules.items() if rule}
        self.species = list(antimony.getSymbolNamesOfType(module, _VARIABLE_SPECIES))
        self.species += [name for name in self._rate_laws if name not in self.species]
        self.switches = [name for name in events.names_set(module) if name not in self.species]
        self.species += self.switches
        self.assignments = list(antimony.getSymbolNamesOfType(module, _VARIABLE_FORMULAS))
        self.assignments = [name for name in self.assignments if name not in self.species]
        self.reactions = list(antimony.getReactionNames(module)) if antimony.getNumReactions(module) else []
        taken = {*self.species, *self.assignments}
        candidates = (
            *antimony.getSymbolNamesOfType(module, _ALL_FORMULAS),
            *antimony.getSymbolNamesOfType(module, _ALL_SPECIES),
        )
        constants = [name for name in candidates if name not in taken]
        if not self.species:
            raise ValueError(f"Model {self.name!r} has no species: nothing in it can change.")
        self._initial = np.array([_number(numbers.get(n)) for n in self.species])
        for name in np.array(self.species)[np.isnan(self._initial)]:
            raise ValueError(f"Species '{name}' of model {self.name!r} has no starting level; write '{name} = 1'.")
        self._symbols = {n: sympy.Symbol(n) for n in (*self.species, *self.assignments, *constants)}
        self._time = sympy.Symbol("time")
        self._names = {**self._symbols, "time": self._time, **_FUNCTIONS}
        for compartment in antimony.getSymbolNamesOfType(module, _COMPARTMENTS):
            if float(numbers[compartment] or 1) != 1:
                raise ValueError(
                    f"Compartment {compartment!r} of model {self.name!r} has size {numbers[compartment]}; "
                    "write concentrations in one compartment of size 1."
                )
            self._names[compartment] = sympy.Integer(1)
        return constants

    def _read_laws(self, module: str, numbers: dict[str, str]) -> None:
        """Rates, assignments and stoichiometry (species x reactions)."""
        rates = antimony.getReactionRates(module) if self.reactions else []
        self._laws = {n: numbers[n] for n in self.assignments}
        self._laws |= dict(zip(self.reactions, rates, strict=True)) | self._rate_laws
        laws = {n: self._expression(n, law) for n, law in self._laws.items()}
        self._rules = {n: laws[n] for n in self.assignments}
        self._rates = {n: laws[n] for n in self.reactions}
        self._rate_rules = {n: laws[n] for n in self._rate_laws}
        index = {n: i for i, n in enumerate(self.species)}
        self._stoichiometry = np.zeros((len(self.species), len(self.reactions)))
        if not self.reactions:
            return
        for sign, names, amounts in (
            (-1, antimony.getReactantNames(module), antimony.getReactantStoichiometries(module)),
            (+1, antimony.getProductNames(module), antimony.getProductStoichiometries(module)),
        ):
            for j, (row, amount) in enumerate(zip(names, amounts, strict=True)):
                for n, a in zip(row, amount, strict=True):
                    if n in index:
                        self._stoichiometry[index[n], j] += sign * a

    def _read_events(self, module: str, notes: dict[str, str]) -> None:
        for n in self.switches:
            if n in self._rules:
                raise ValueError(f"{n!r} of model {self.name!r} follows a rule (:=), so no event can set it.")
        flat = {self._symbols[n]: e for n, e in self._flat_rules.items()}
        self.events = events.read(
            module,
            model=self.name,
            meanings={n: note.split("|")[0].strip() for n, note in notes.items()},
            expression=lambda n, text: self._expression(n, text).xreplace(flat),
            moving={self._symbols[n] for n in self.species if n not in self.switches},
            time=self._time,
        )
        for event in self.events:
            if self._strict and not event.meaning:
                raise ValueError(
                    f"Event {event.name!r} of model {self.name!r} has no meaning; end its line with '// what happens'."
                )

    @property
    def description(self) -> str:
        """The comment at the head of the text: what the model is, its source, what was changed and left out."""
        head = []
        for line in self._text.strip().splitlines():
            if not line.strip().startswith("//"):
                break
            head.append(line.strip().removeprefix("//").removeprefix(" "))
        return "\n".join(head)

    def _notes(self) -> dict[str, str]:
        """The comment of each line that sets a name."""
        notes = {}
        for line in self._text.splitlines():
            if match := _LINE.match(line):
                notes[match["name"]] = match["note"].strip()
        return notes

    def _expression(self, name: str, text: str, *, evaluate: bool = True) -> sympy.Expr:
        """The law of `name` in symbols; with evaluate=False in the order it was written, for printing."""
        for used in set(re.findall(r"[A-Za-z_]\w*(?=\s*\()", text)):
            if used not in _FUNCTIONS and used != "piecewise":
                raise ValueError(
                    f"{name!r} of model {self.name!r} uses the function {used!r}; "
                    f"rate laws may use {', '.join(sorted([*_FUNCTIONS, 'piecewise']))}."
                )
        names, renamed = dict(self._names), text
        for word in set(re.findall(r"[A-Za-z_]\w*", text)):
            if keyword.iskeyword(word) and word in names:
                renamed = re.sub(rf"\b{word}\b", f"{word}_", renamed)
                names[f"{word}_"] = names[word]
            elif word not in names and word != "piecewise" and not re.fullmatch(r"[eE]\d*", word):
                raise ValueError(f"{name!r} of model {self.name!r} uses {word!r}, which has no value.")
        names["piecewise"] = _piecewise
        try:
            rules = (*standard_transformations, convert_xor)
            return sympy.sympify(
                parse_expr(renamed, local_dict=names, transformations=rules, evaluate=evaluate), evaluate=evaluate
            )
        except (SyntaxError, TypeError, ValueError) as error:
            raise ValueError(f"The law of {name!r} in model {self.name!r} cannot be read: {text} ({error}).") from error

    def _describe_levels(self, notes) -> None:
        """Unit and meaning of each species, assignment and reaction."""
        units = self._units_given
        level = next((units[n] for n in self.species if units.get(n)), "")
        per_time = f"{_UNIT_TEXT.get(level, level)}/{_UNIT_TEXT[self.time_unit]}" if level else ""
        self.units, self.meanings = {}, {}
        for n in (*self.species, *self.assignments, *self.reactions):
            note = notes.get(n, "").split("|")[0].strip()
            unit = per_time if n in self.reactions else units.get(n) or (level if n in self.species else "")
            if self._strict and not note:
                raise ValueError(f"{n!r} of model {self.name!r} has no meaning; end its line with '// what it is'.")
            if self._strict and not unit:
                raise ValueError(f"{n!r} of model {self.name!r} has no unit; write '{n} has uM' or 'dimensionless'.")
            self.units[n] = _UNIT_TEXT.get(unit, unit)
            self.meanings[n] = note or _words(n)

    def _describe_constants(self, constants, numbers, notes) -> pd.DataFrame:
        """The table of constants; refuses one that does not say what it is and where it comes from."""
        units = self._units_given
        divisors = self._divisors()
        rows = []
        for n in constants:
            value = _number(numbers[n])
            where = f"Constant {n!r} of model {self.name!r}"
            if math.isnan(value):
                raise ValueError(f"{where} has no value; write a plain number, as in '{n} = 1 uM'.")
            parts = [part.strip() for part in notes.get(n, "").split("|")]
            meaning, status, source, *rest = [*parts, *[""] * (3 - len(parts))]
            unit = units.get(n, "")
            if self._strict:
                for what, given in (("unit", unit), ("meaning", meaning), ("status", status), ("source", source)):
                    if not given:
                        raise ValueError(
                            f"{where} has no {what}. Write it as: "
                            f"{n} = {value:g} uM // meaning | published | key in references.bib"
                        )
            elif status not in (*STATUSES, "control"):
                # A comment of the author's own making.
                meaning, status, source, rest = notes.get(n, ""), "assumed", "the model's author gives no source", []
            control = status == "control"
            if status not in (*STATUSES, "control"):
                raise ValueError(f"{where} has status {status!r}; use {', '.join(STATUSES)} or control.")
            if self._strict and status == "published" and not _KEY.fullmatch(source):
                raise ValueError(
                    f"{where} is published, but its source {source!r} is no key of references.bib "
                    "(such as best2009homeostatic)."
                )
            limits = source if control else (rest[0] if rest else "")
            if limits:
                match = re.fullmatch(r"(-?[\d.]+(?:e-?\d+)?)\.\.(-?[\d.]+(?:e-?\d+)?)", limits)
                if not match:
                    raise ValueError(f"{where} has the range {limits!r}; write it as 0..1.")
                low, high = float(match[1]), float(match[2])
                if not low <= value <= high:
                    raise ValueError(f"{where} is {value:g}, outside its range {low:g}..{high:g}.")
            else:
                low, high = (0.0 if value >= 0 else -math.inf), math.inf
            if control:
                status, source = "assumed", "set by the reader"
            rows.append(
                dict(
                    name=n,
                    value=value,
                    unit=_UNIT_TEXT.get(unit, unit),
                    meaning=meaning or _words(n),
                    source=source,
                    status=status,
                    minimum=low,
                    maximum=high,
                    control=control,
                    divides=n in divisors,
                )
            )
        return pd.DataFrame(rows, columns=_COLUMNS)

    def _divisors(self) -> set[str]:
        """Constants that stand in a denominator: zero there would make a rate infinite."""
        found: set[str] = set()
        for e in (*self._rates.values(), *self._rules.values(), *self._rate_rules.values()):
            for power in e.atoms(sympy.Pow):
                if power.exp.could_extract_minus_sign():
                    found |= {s.name for s in power.base.free_symbols}
        return found

    # -- what the model is ---------------------------------------------------------------------------------

    @property
    def parameters(self) -> pd.DataFrame:
        """Every constant: name, value, unit, meaning, source, status, minimum, maximum, control.

        `source` is a key in references.bib (status published), the result fitted to (calibrated) or the reason
        (assumed). `control` marks what the labs' sliders set. A copy: changing it does not change the model.
        """
        return self._parameters.drop(columns="divides").copy()

    @cached_property
    def _constants(self) -> dict[str, tuple[int, dict]]:
        """Name of each constant -> its place and its row of `parameters`."""
        return {row["name"]: (place, row) for place, row in enumerate(self._parameters.to_dict("records"))}

    @property
    def controls(self) -> list[str]:
        """Names of the constants that sliders set."""
        return list(self._parameters.loc[self._parameters["control"], "name"])

    def __repr__(self) -> str:
        return (
            f"Model({self.name!r}: {len(self.species)} species, {len(self.reactions)} reactions, "
            f"{len(self._parameters)} constants, time in {self.time_unit}s)"
        )

    # -- symbols -------------------------------------------------------------------------------------------

    @cached_property
    def _flat_rules(self) -> dict[str, sympy.Expr]:
        """Assignments written in species and constants only (one may use another)."""
        rules = dict(self._rules)
        symbols = {self._symbols[n]: n for n in rules}
        for _ in rules:
            if not any(e.has(*symbols) for e in rules.values()):
                return rules
            rules = {n: e.xreplace({s: rules[m] for s, m in symbols.items()}) for n, e in rules.items()}
        if any(e.has(*symbols) for e in rules.values()):
            raise ValueError(f"The assignments of model {self.name!r} depend on each other in a circle.")
        return rules

    @cached_property
    def _flat_rates(self) -> list[sympy.Expr]:
        replace = {self._symbols[n]: e for n, e in self._flat_rules.items()}
        return [e.xreplace(replace) for e in self._rates.values()]

    @cached_property
    def _rhs(self) -> list[sympy.Expr]:
        replace = {self._symbols[n]: e for n, e in self._flat_rules.items()}
        rows = []
        for n, row in zip(self.species, self._stoichiometry, strict=True):
            if n in self.switches:
                rows.append(sympy.Integer(0))
            elif n in self._rate_rules:
                rows.append(self._rate_rules[n].xreplace(replace))
            else:
                rows.append(sympy.Add(*[_whole(a) * r for a, r in zip(row, self._flat_rates, strict=True) if a]))
        return rows

    @cached_property
    def _jacobian(self) -> list[sympy.Expr]:
        """d(rhs_i)/d(species_j), row by row. Each rate is differentiated once."""
        y = [self._symbols[n] for n in self.species]
        slopes = [[r.diff(s) if r.has(s) else sympy.Integer(0) for s in y] for r in self._flat_rates]
        entries = []
        for i, (n, row) in enumerate(zip(self.species, self._stoichiometry, strict=True)):
            if n in self._rate_rules:
                entries += [self._rhs[i].diff(s) for s in y]
            else:
                entries += [
                    sympy.Add(*[_whole(a) * d[j] for a, d in zip(row, slopes, strict=True) if a]) for j in range(len(y))
                ]
        return entries

    @cached_property
    def _observed(self) -> list[sympy.Expr]:
        return [*self._flat_rules.values(), *self._flat_rates]

    def _compile(self, expressions, modules="math"):
        y = [self._symbols[n] for n in self.species]
        p = [self._symbols[n] for n in self._parameters["name"]]
        return sympy.lambdify([self._time, y, p], expressions, modules=modules, cse=True)

    @cached_property
    def _f(self):
        """rhs(t, y, p) -> list. The math module, since NumPy's scalars are slower than Python's floats."""
        return self._compile(self._rhs)

    @cached_property
    def _df(self):
        """jacobian(t, y, p) -> rows."""
        n = len(self.species)
        return self._compile([self._jacobian[i * n : (i + 1) * n] for i in range(n)])

    @cached_property
    def _observe(self):
        """observe(t, y, p) -> assignments, then reaction rates; y may hold one array per species."""
        return self._compile(self._observed, modules="numpy")

    @cached_property
    def _event_times(self):
        """times(t, y, p) -> when each event is due; infinite for one that waits for a level."""
        whens = [sympy.oo if e.when is None else e.when for e in self.events]
        return self._compile(whens)

    @cached_property
    def _event_gaps(self):
        """gaps(t, y, p) -> what crosses zero upwards when each event happens; minus infinity for one that waits for
        time alone."""
        gaps = [-sympy.oo if e.gap is None else e.gap for e in self.events]
        return self._compile(gaps)

    @cached_property
    def _event_values(self):
        """For each event: (places in y of what it sets, f(t, y, p) -> the new values)."""
        index = {n: i for i, n in enumerate(self.species)}
        return [([index[n] for n in e.sets], self._compile(list(e.sets.values()))) for e in self.events]

    @cached_property
    def _concentrations(self) -> set[str]:
        """Species moved by reactions alone, which cannot be negative (a voltage with a rate rule can)."""
        return set(self.species) - set(self._rate_rules) - set(self.switches)

    @cached_property
    def _amounts(self) -> np.ndarray:
        return np.array([n in self._concentrations for n in self.species])

    @cached_property
    def _conserved(self) -> np.ndarray:
        """Weights of the sums no reaction changes (such as BH2 + BH4), one row each."""
        # A species with a rate rule takes part in no reaction, so its row of zeros is not a conserved amount.
        keep = self._amounts
        matrix = sympy.Matrix([[_whole(a) for a in row] for row in self._stoichiometry[keep].T])
        rows = np.zeros((0, len(self.species)))
        for vector in matrix.nullspace() if matrix.rows else []:
            row = np.zeros(len(self.species))
            row[keep] = [float(v) for v in vector]
            rows = np.vstack([rows, row])
        return rows

    @cached_property
    def _depends_on_time(self) -> bool:
        return any(e.has(self._time) for e in self._rhs)

    @cached_property
    def _defaults(self) -> np.ndarray:
        return self._parameters["value"].to_numpy(float)

    @cached_property
    def baseline(self) -> pd.Series:
        """Levels of the species before anything is changed: the steady state at the default constants.

        A model whose rates depend on time starts from the levels written in its text.
        """
        return pd.Series(simulation.baseline(self), index=self.species)

    # -- running -------------------------------------------------------------------------------------------

    def simulate(self, *, hours=None, milliseconds=None, points=300, start=None, **changes) -> pd.DataFrame:
        """See `widgets.engine.simulation.simulate`."""
        return simulation.simulate(self, hours=hours, milliseconds=milliseconds, points=points, start=start, **changes)

    def steady_state(self, **changes) -> pd.Series:
        """See `widgets.engine.simulation.steady_state`."""
        return simulation.steady_state(self, **changes)

    def fluxes(self, **changes) -> pd.Series:
        """See `widgets.engine.simulation.fluxes`."""
        return simulation.fluxes(self, **changes)

    def scan(self, parameter: str, values, **changes) -> pd.DataFrame:
        """See `widgets.engine.simulation.scan`."""
        return simulation.scan(self, parameter, values, **changes)

    # -- writing -------------------------------------------------------------------------------------------

    def equations(self, *names: str) -> Equations:
        """The model's equations in LaTeX: levels, then rates, then what follows from them.

        names : species, reactions or assignments whose equations to give; all of them if none is named.
        The result is a str that a notebook typesets.
        """
        unknown = [n for n in names if n not in self.units]
        if unknown:
            raise ValueError(
                f"Model {self.name!r} has no equation for {unknown[0]!r}{_nearest(unknown[0], self.units)}."
            )
        symbols = {self._symbols[n]: rf"[\text{{{_words(n)}}}]" for n in self.species}
        symbols |= {self._symbols[n]: rf"\text{{{_words(n)}}}" for n in self.assignments}
        symbols |= {self._symbols[n]: _latex_constant(n) for n in self._parameters["name"]}
        symbols[self._time] = "t"

        def printed(n):
            law = self._expression(n, self._laws[n], evaluate=False)
            return sympy.latex(law, symbol_names=symbols, mul_symbol="dot", order="none")

        rows = []
        for n, row in zip(self.species, self._stoichiometry, strict=True):
            if n in self.switches:
                continue
            if n in self._rate_rules:
                right = printed(n)
            else:
                terms = [(a, rf"\text{{{_words(r)}}}") for a, r in zip(row, self.reactions, strict=True) if a]
                right = "".join(
                    f" {'-' if a < 0 else '+'} {'' if abs(a) == 1 else f'{abs(a):g} '}{r}" for a, r in terms
                )
                right = right.removeprefix(" + ").strip() or "0"
            rows.append((n, rf"\frac{{d[\text{{{_words(n)}}}]}}{{dt}} &= {right}"))
        rows += [(n, rf"\text{{{_words(n)}}} &= {printed(n)}") for n in (*self.reactions, *self.assignments)]
        chosen = [row for n, row in rows if not names or n in names]
        return Equations("\\begin{aligned}\n" + " \\\\\n".join(chosen) + "\n\\end{aligned}")

    def to_sbml(self) -> str:
        """The model as SBML (Level 3 Version 2), for COPASI, Tellurium and others.

        Levels start at the model's resting state. Every level, constant and reaction carries its meaning as its name,
        and every constant its status and source as notes; rates are multiplied by the compartment (size 1), since
        SBML counts amounts and the text concentrations.
        """
        document = minidom.parseString(self._sbml)
        root = document.getElementsByTagName("model")[0]

        def note(node, text):
            if (notes := next((c for c in node.childNodes if c.nodeName == "notes"), None)) is None:
                notes = document.createElement("notes")
                node.insertBefore(notes, node.firstChild)
            paragraph = document.createElement("p")
            paragraph.setAttribute("xmlns", "http://www.w3.org/1999/xhtml")
            paragraph.appendChild(document.createTextNode(text))
            notes.appendChild(paragraph)

        for paragraph in self.description.split("\n\n"):
            if paragraph:
                note(root, " ".join(paragraph.split()))
        facts = self._parameters.set_index("name")
        for tag in ("species", "parameter", "reaction"):
            for node in document.getElementsByTagName(tag):
                n = node.getAttribute("id")
                if n in facts.index:
                    node.setAttribute("name", facts.at[n, "meaning"])
                    note(node, f"{facts.at[n, 'status']}: {facts.at[n, 'source']}")
                elif n in self.meanings:
                    node.setAttribute("name", self.meanings[n])
                if n in self.species and node.hasAttribute("initialConcentration"):
                    node.setAttribute("initialConcentration", repr(float(self.baseline[n])))
                elif n in self.species and node.hasAttribute("value"):
                    node.setAttribute("value", repr(float(self.baseline[n])))
        compartments = [c.getAttribute("id") for c in document.getElementsByTagName("compartment")]
        for law in document.getElementsByTagName("kineticLaw") if compartments else []:
            math_ = law.getElementsByTagName("math")[0]
            inside = next(c for c in math_.childNodes if c.nodeType == c.ELEMENT_NODE)
            product = document.createElement("apply")
            product.appendChild(document.createElement("times"))
            volume = document.createElement("ci")
            volume.appendChild(document.createTextNode(f" {compartments[0]} "))
            product.appendChild(volume)
            math_.replaceChild(product, inside)
            product.appendChild(inside)
        return document.toxml(encoding="UTF-8").decode("utf-8")

    def to_antimony(self) -> str:
        """The model's text, as it is written: the one source of everything else."""
        return self._text

    def to_javascript(self) -> str:
        """The model as an ES module, for the page.

        It exports name, timeUnit, species, assignments, reactions, parameters (each constant in order, as
        {name, value, unit, meaning, status, source, min, max, control}), baseline (the species' levels at rest),
        amounts (which of them cannot be negative) and three functions of (t, y, p, result) that fill their last
        argument without allocating: rhs (dy/dt), jacobian (row-major, J[i*n + j] = d rhs_i / d y_j) and observe
        (assignments, then reaction rates).

        A model with events also exports events (their names), atStart, places (for each event, which species it sets),
        waitsForLevel and three more functions of the same form: times (when each is due), gaps (what crosses zero
        upwards when each happens) and values (the new values of all events, one event after another).
        """
        places = {self._symbols[n]: f"y[{i}]" for i, n in enumerate(self.species)}
        places |= {self._symbols[n]: f"p[{i}]" for i, n in enumerate(self._parameters["name"])}
        places[self._time] = "t"
        printer = _JavaScript(places)

        def function(name, target, expressions):
            shared, results = sympy.cse(expressions, symbols=sympy.numbered_symbols("c"), list=True)
            lines = [f"  const {s.name} = {printer.doprint(e)};" for s, e in shared]
            lines += [f"  {target}[{i}] = {printer.doprint(e)};" for i, e in enumerate(results)]
            return f"export function {name}(t, y, p, {target}) {{\n" + "\n".join(lines) + "\n}"

        table = [
            {
                "name": row.name,
                "value": row.value,
                "unit": row.unit,
                "meaning": row.meaning,
                "status": row.status,
                "source": row.source,
                "min": row.minimum if math.isfinite(row.minimum) else None,
                "max": row.maximum if math.isfinite(row.maximum) else None,
                "control": row.control,
            }
            for row in self._parameters.itertuples(index=False)
        ]
        heads = {
            "name": self.name,
            "timeUnit": self.time_unit,
            "species": self.species,
            "assignments": self.assignments,
            "reactions": self.reactions,
            "units": self.units,
            "meanings": self.meanings,
            "parameters": table,
            "baseline": [float(v) for v in self.baseline],
            "amounts": [bool(v) for v in self._amounts],
        }
        parts = [f"export const {k} = {json.dumps(v, ensure_ascii=False)};" for k, v in heads.items()]
        parts += [
            function("rhs", "dy", self._rhs),
            function("jacobian", "J", self._jacobian),
            function("observe", "out", self._observed),
        ]
        if self.events:
            index = {n: i for i, n in enumerate(self.species)}
            sets = [[index[n] for n in e.sets] for e in self.events]
            parts += [
                f"export const events = {json.dumps([e.name for e in self.events])};",
                f"export const atStart = {json.dumps([e.at_start for e in self.events])};",
                f"export const places = {json.dumps(sets)};",
                f"export const waitsForLevel = {json.dumps([e.gap is not None for e in self.events])};",
                function("times", "out", [sympy.oo if e.when is None else e.when for e in self.events]),
                function("gaps", "out", [-sympy.oo if e.gap is None else e.gap for e in self.events]),
                function("values", "out", [v for e in self.events for v in e.sets.values()]),
            ]
        return "\n".join(parts) + "\n"


def _words(name: str) -> str:
    """A name as it is read: breakdown_mao_a is "breakdown MAO-A"."""
    for written, read in _READ_AS.items():
        name = re.sub(rf"(?<![A-Za-z0-9]){written}(?![A-Za-z0-9])", read, name)
    return name.replace("_", " ")


def _latex_constant(name: str) -> str:
    """V_TH as V with the subscript TH; a longer word, or one without a subscript, as text."""
    head, _, rest = name.partition("_")
    if head == "Ki" and rest:
        return rf"K_{{i,\text{{{_words(rest)}}}}}"
    return rf"{head}_{{\text{{{_words(rest)}}}}}" if rest and len(head) == 1 else rf"\text{{{_words(name)}}}"


def _piecewise(*pieces):
    pairs = [(value, condition) for value, condition in zip(pieces[::2], pieces[1::2], strict=False)]
    if len(pieces) % 2:
        pairs.append((pieces[-1], True))
    return sympy.Piecewise(*pairs)


def _whole(amount: float) -> sympy.Expr:
    return sympy.Integer(int(amount)) if amount == int(amount) else sympy.Float(amount)


def _number(text) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan


def _plain(message: str) -> str:
    return " ".join(message.split())


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


@lru_cache(maxsize=32)
def _load(path: Path, modified: tuple[int, ...], strict: bool) -> Model:
    return Model(path.read_text(encoding="utf-8"), strict=strict)


def _modified(path: Path) -> tuple[int, ...]:
    """When a text and those it is based on were last written."""
    _, bases = composition.whole(path.read_text(encoding="utf-8"), MODELS)
    return tuple(p.stat().st_mtime_ns for p in (path, *bases))


def available() -> list[str]:
    """Names of the book's models."""
    return sorted(path.stem for path in MODELS.glob("*.ant"))


def load_model(name: str | Path, *, variant: str | None = None, strict: bool = True) -> Model:
    """One of the book's models by name ("serotonin"), or a reader's own by the path of its .ant file.

    variant : the same model somewhere else; `load_model("dopamine", variant="prefrontal")` is "dopamine_prefrontal".

    The model is read once and kept. `strict` is as in `Model.from_antimony`.
    Raises ValueError for an unknown name (naming the nearest), a missing file or a text Antimony cannot read.
    """
    if not isinstance(name, (str, Path)) or not str(name):
        raise ValueError(f"A model is chosen by its name, one of {', '.join(available())}; got {name!r}.")
    if variant is not None:
        variants = [n.removeprefix(f"{name}_") for n in available() if n.startswith(f"{name}_")]
        if variant not in variants:
            raise ValueError(
                f"Model {str(name)!r} has no variant {variant!r}{_nearest(variant, variants)} "
                f"Its variants: {', '.join(variants) or 'none'}."
            )
        name = f"{name}_{variant}"
    path = Path(name)
    if path.suffix != ".ant":
        if str(name) not in available():
            raise ValueError(
                f"Unknown model {str(name)!r}{_nearest(name, available())} "
                f"Models: {', '.join(available())}; or give the path of an .ant file."
            )
        path = MODELS / f"{name}.ant"
    if not path.is_file():
        raise ValueError(f"There is no model file {str(path)!r}.")
    return _load(path.resolve(), _modified(path), strict)
