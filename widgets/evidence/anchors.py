"""Published results beside what the models say, computed now.

    from widgets.evidence.anchors import anchors
    anchors()                       # a DataFrame: published value, model's value, deviation, verdict

They stand in validation.toml beside this file; each names the model, the settings and the measure taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from widgets.engine.model import load_model
from widgets.evidence.laws import PUMPS
from widgets.evidence.limits import within
from widgets.evidence.measures import PHRASES, Entry, Experiment, Words
from widgets.reading import Form, read_toml

DATA = Path(__file__).parent
ROLES = {
    "reproduced": "the constants come from the same source: a check that they were carried over without a slip",
    "calibrated": "a constant was fitted to this result",
    "implied": "follows from what was put in, by construction",
    "predicted": "nothing was fitted to this result",
}


@dataclass(frozen=True)
class Anchor:
    """A published result and the experiment that stands for it.

    published, low, high : the value and, where one was given or only one was given, its interval; in `unit`.
    tolerance : where there is no interval, the relative deviation that still counts as agreeing.
    factor : the model's number times this is in `unit`. short : what a figure calls it.
    spread : what kind of interval it is ("SD", "range").
    """

    finding: str
    experiment: Experiment
    source: str
    role: str
    published: float | None
    low: float | None
    high: float | None
    tolerance: float
    unit: str
    factor: float
    note: str
    short: str
    spread: str

    def agrees(self, value: float) -> bool:
        """Whether a value of the model counts as what was found."""
        if not math.isfinite(value):
            return False
        if self.low is not None or self.high is not None:
            return within(value, self.low, self.high)
        return self.published is not None and within(abs(value / self.published - 1), None, self.tolerance)

    @property
    def interval(self) -> str:
        """The published value and what still agrees with it, in words: "1.75 (± 25 %)", "1.63 (1.49 to 1.77, SD)"."""
        low, high = (None if v is None else _number(v) for v in (self.low, self.high))
        span = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else ""
        if span and self.spread:
            span = f"{span}, {self.spread}"
        value = "" if self.published is None else _number(self.published)
        if value and span:
            return f"{value} ({span})"
        return span or f"{value} (± {100 * self.tolerance:g}\N{NO-BREAK SPACE}%)"


def _number(value: float) -> str:
    return f"{value:,g}" if value < 1000 else f"{value:,.0f}"


# -- in the file -------------------------------------------------------------------------------------------


class AnchorEntry(Entry):
    """A block [[anchor]] of validation.toml; what the fields are, `Anchor` and `Experiment` say."""

    finding: Words
    source: Words
    role: Literal[tuple(ROLES)]  # type: ignore[valid-type]
    published: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    factor: float = 1.0
    note: str = ""
    short: str = ""
    spread: str = ""

    def wrong(self) -> Iterator[tuple[str, str]]:
        yield from super().wrong()
        if self.low is None and self.high is None:
            if self.published is None:
                yield "published", "has neither a published value nor an interval; give published, low or high."
            elif not self.tolerance > 0:
                yield "tolerance", "has no interval: say which tolerance still agrees, such as 0.25."
            elif not self.published:
                what = "was found to be 0, of which no tolerance is a share"
                yield "published", f"{what}; give high, or low and high."
        if self.role == "predicted" and not self.short:
            yield "short", "is a prediction; give it a short name for the figure."

    def anchor(self) -> Anchor:
        names = ("finding", "source", "role", "published", "low", "high", "tolerance", "unit", "factor", "note")
        given = {name: getattr(self, name) for name in (*names, "short", "spread")}
        return Anchor(**given, experiment=self.experiment())


class AnchorsFile(Form):
    """The whole file."""

    anchor: list[AnchorEntry] = []


_PHRASES = {**PHRASES, "extra_forbidden": "has {key}, which no anchor has; it may have {options}."}


def read_anchors(path: Path | None = None) -> tuple[Anchor, ...]:
    """The published results, in the order of evidence/validation.toml or of another file of the same form.

    Raises DataError (a ValueError) that names file, entry, line and fix.
    """
    path = path or DATA / "validation.toml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, modified: int) -> tuple[Anchor, ...]:
    found = read_toml(path).validated(AnchorsFile, labels={"anchor": "finding"}, phrases=_PHRASES, mark=" ")
    return tuple(entry.anchor() for entry in found.anchor)


# -- beside the models -------------------------------------------------------------------------------------


def anchors(model: str | None = None) -> pd.DataFrame:
    """Every published result beside what its model says; computed now.

    Parameters
    ----------
    model : only this model's.

    Returns
    -------
    DataFrame, a row for each result: finding, model, published (text), unit, value (the model's, in that unit),
    deviation (relative to the published value, NaN where only an interval or 0 was published), verdict ("agrees" or
    "differs"), role (a key of ROLES), source (a key of references.bib), note. Raises ValueError for an unknown model.
    """
    if model is not None:
        load_model(model)
    rows = []
    for a in read_anchors():
        if model is not None and a.experiment.model != model:
            continue
        value = a.factor * a.experiment.take()
        rows.append(
            dict(
                finding=a.finding,
                model=a.experiment.model,
                published=a.interval,
                unit=a.unit,
                value=value,
                deviation=value / a.published - 1 if a.published else math.nan,
                verdict="agrees" if a.agrees(value) else "differs",
                role=a.role,
                source=a.source,
                note=a.note,
            )
        )
    columns = ["finding", "model", "published", "unit", "value", "deviation", "verdict", "role", "source", "note"]
    return pd.DataFrame(rows, columns=columns)


def beside_a_constant(fold: float = 3.0) -> pd.DataFrame:
    """What a model without any content would have said: that blocking a pump always raises the level `fold` times.

    Returns
    -------
    DataFrame, a row for each prediction of how far a blocked pump, and nothing else, raises the level outside the cell:
    finding, published (text), value (the model's), model and constant (whether each agrees), source.
    """
    rows = []
    for a in read_anchors():
        e = a.experiment
        if a.role != "predicted" or e.output != "extracellular" or not e.measure.endswith("ratio"):
            continue
        if e.change and set(e.change) <= set(PUMPS) and not e.against:
            value = e.take()
            rows.append((a.finding, a.interval, value, a.agrees(value), a.agrees(fold), a.source))
    return pd.DataFrame(rows, columns=["finding", "published", "value", "model", "constant", "source"])
