"""A model's constants: each with its value, unit, meaning, status, source and range, read from its line's comment.

A constant's comment is `meaning | status | source`. Status is `published` (source: a key in references.bib),
`calibrated` (source: the published result it was fitted to), `assumed` (source: why this value) or `control`
(a slider; source: its range). A range may follow the source of any other.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields

import pandas as pd

from widgets.engine.names import unit_text, words

STATUSES = ("published", "calibrated", "assumed")

_KEY = re.compile(r"[a-z]+\d{4}[a-z0-9]+")
_RANGE = re.compile(r"(-?[\d.]+(?:e-?\d+)?)\.\.(-?[\d.]+(?:e-?\d+)?)")


@dataclass(frozen=True)
class Constant:
    """One constant of a model.

    value, minimum, maximum : in `unit`, as it is printed (µM/h); the ends may be infinite
    status : one of `STATUSES`; source : a key in references.bib, the result fitted to, or the reason
    control : whether the reader sets it
    divides : whether a rate is divided by it, so that zero is no value for it
    """

    name: str
    value: float
    unit: str
    meaning: str
    source: str
    status: str
    minimum: float
    maximum: float
    control: bool
    divides: bool


def table(constants: dict[str, Constant]) -> pd.DataFrame:
    """The constants as a DataFrame, a row each, in order; without `divides`, which is the engine's own business."""
    columns = [field.name for field in fields(Constant) if field.name != "divides"]
    rows = [{column: getattr(constant, column) for column in columns} for constant in constants.values()]
    return pd.DataFrame(rows, columns=columns)


def read(name: str, value: float, unit: str, note: str, *, model: str, strict: bool, divides: bool) -> Constant:
    """One constant from what its line says.

    unit : its Antimony name ("uM_per_hour"), or "" if none is given. note : the line's comment.
    model : the model's name, for messages. strict : as in `Model.from_antimony`.
    Raises ValueError for a constant that does not say what it is and where it comes from, with the line to write.
    """
    where = f"Constant {name!r} of model {model!r}"
    if math.isnan(value):
        raise ValueError(f"{where} has no value; write a plain number, as in '{name} = 1 uM'.")
    parts = [part.strip() for part in note.split("|")]
    meaning, status, source, *rest = [*parts, *[""] * (3 - len(parts))]
    if strict:
        _refuse_gaps(where, name, value, unit=unit, meaning=meaning, status=status, source=source)
    elif status not in (*STATUSES, "control"):
        # A comment of the author's own making.
        meaning, status, source, rest = note, "assumed", "the model's author gives no source", []
    control = status == "control"
    if status not in (*STATUSES, "control"):
        raise ValueError(f"{where} has status {status!r}; use {', '.join(STATUSES)} or control.")
    if strict and status == "published" and not _KEY.fullmatch(source):
        raise ValueError(
            f"{where} is published, but its source {source!r} is no key of references.bib "
            "(such as best2009homeostatic)."
        )
    low, high = _range(where, value, source if control else (rest[0] if rest else ""))
    if control:
        status, source = "assumed", "set by the reader"
    return Constant(
        name=name,
        value=value,
        unit=unit_text(unit),
        meaning=meaning or words(name),
        source=source,
        status=status,
        minimum=low,
        maximum=high,
        control=control,
        divides=divides,
    )


def _refuse_gaps(where: str, name: str, value: float, **given: str) -> None:
    for what, text in given.items():
        if not text:
            raise ValueError(
                f"{where} has no {what}. Write it as: "
                f"{name} = {value:g} uM // meaning | published | key in references.bib"
            )


def _range(where: str, value: float, limits: str) -> tuple[float, float]:
    """The least and the greatest value; without limits, every number of the value's own sign."""
    if not limits:
        return (0.0 if value >= 0 else -math.inf), math.inf
    match = _RANGE.fullmatch(limits)
    if not match:
        raise ValueError(f"{where} has the range {limits!r}; write it as 0..1.")
    low, high = float(match[1]), float(match[2])
    if not low <= value <= high:
        raise ValueError(f"{where} is {value:g}, outside its range {low:g}..{high:g}.")
    return low, high
