"""A law's text, as Antimony gives it, in symbols of SymPy; what is not understood is refused by name."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

import sympy
from sympy.parsing.sympy_parser import convert_xor, parse_expr, standard_transformations

# Antimony's functions that a rate law may use. Anything else is refused by name rather than guessed.
FUNCTIONS = {
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


def expression(name: str, text: str, *, model: str, names: Mapping[str, object], evaluate: bool = True) -> sympy.Expr:
    """The law of `name` in symbols; with evaluate=False in the order it was written, for printing.

    model : the model's name, for messages. names : what each name of the text stands for; it holds `FUNCTIONS`.
    Raises ValueError for a function or a name that is not known, and for text that is no formula.
    """
    for used in set(re.findall(r"[A-Za-z_]\w*(?=\s*\()", text)):
        if used not in FUNCTIONS and used != "piecewise":
            raise ValueError(
                f"{name!r} of model {model!r} uses the function {used!r}; "
                f"rate laws may use {', '.join(sorted([*FUNCTIONS, 'piecewise']))}."
            )
    names, renamed = dict(names), text
    for word in set(re.findall(r"[A-Za-z_]\w*", text)):
        if keyword.iskeyword(word) and word in names:
            renamed = re.sub(rf"\b{word}\b", f"{word}_", renamed)
            names[f"{word}_"] = names[word]
        elif word not in names and word != "piecewise" and not re.fullmatch(r"[eE]\d*", word):
            raise ValueError(f"{name!r} of model {model!r} uses {word!r}, which has no value.")
    names["piecewise"] = _piecewise
    try:
        rules = (*standard_transformations, convert_xor)
        return sympy.sympify(
            parse_expr(renamed, local_dict=names, transformations=rules, evaluate=evaluate), evaluate=evaluate
        )
    except (SyntaxError, TypeError, ValueError) as error:
        raise ValueError(f"The law of {name!r} in model {model!r} cannot be read: {text} ({error}).") from error


def _piecewise(*pieces):
    pairs = [(value, condition) for value, condition in zip(pieces[::2], pieces[1::2], strict=False)]
    if len(pieces) % 2:
        pairs.append((pieces[-1], True))
    return sympy.Piecewise(*pairs)
