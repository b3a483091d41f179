"""A model's equations as LaTeX, for the printed book and for notebooks."""

from __future__ import annotations

import sympy

from widgets.checks import nearest
from widgets.engine.formulas import expression
from widgets.engine.names import words


class Latex(str):
    """LaTeX text that a notebook shows typeset."""

    def _repr_latex_(self) -> str:
        return f"$$\n{self}\n$$"


def equations(model, *names: str) -> Latex:
    """The equations of a model: levels, then rates, then what follows from them; see `Model.equations`."""
    unknown = [n for n in names if n not in model.units]
    if unknown:
        raise ValueError(f"Model {model.name!r} has no equation for {unknown[0]!r}.{nearest(unknown[0], model.units)}")
    system = model.system
    symbols = {system.symbols[n]: rf"[\text{{{words(n)}}}]" for n in system.species}
    symbols |= {system.symbols[n]: rf"\text{{{words(n)}}}" for n in system.assignments}
    symbols |= {system.symbols[n]: _constant(n) for n in system.constants}
    symbols[system.time] = "t"

    def printed(n):
        law = expression(n, model.reading.laws[n], model=model.name, names=model.reading.names, evaluate=False)
        return sympy.latex(law, symbol_names=symbols, mul_symbol="dot", order="none")

    rows = []
    for n, row in zip(system.species, system.stoichiometry, strict=True):
        if n in system.switches:
            continue
        right = printed(n) if n in system.rate_rules else _balance(row, system.reactions)
        rows.append((n, rf"\frac{{d[\text{{{words(n)}}}]}}{{dt}} &= {right}"))
    rows += [(n, rf"\text{{{words(n)}}} &= {printed(n)}") for n in (*system.reactions, *system.assignments)]
    chosen = [row for n, row in rows if not names or n in names]
    return Latex("\\begin{aligned}\n" + " \\\\\n".join(chosen) + "\n\\end{aligned}")


def _balance(row, reactions) -> str:
    """What reactions add to a level and take from it, by name."""
    terms = [(a, rf"\text{{{words(r)}}}") for a, r in zip(row, reactions, strict=True) if a]
    text = "".join(f" {'-' if a < 0 else '+'} {'' if abs(a) == 1 else f'{abs(a):g} '}{r}" for a, r in terms)
    return text.removeprefix(" + ").strip() or "0"


def _constant(name: str) -> str:
    """V_TH as V with the subscript TH; a longer word, or one without a subscript, as text."""
    head, _, rest = name.partition("_")
    if head == "Ki" and rest:
        return rf"K_{{i,\text{{{words(rest)}}}}}"
    return rf"{head}_{{\text{{{words(rest)}}}}}" if rest and len(head) == 1 else rf"\text{{{words(name)}}}"
