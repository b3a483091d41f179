"""Numbers read off a model: an experiment names the model, the settings and one of the measures.

    from widgets.evidence.measures import Experiment
    Experiment("serotonin", "ratio", "extracellular", {"reuptake_inhibition": 0.8}).take()

`Entry` is the form in which the files of published results and of conclusions write one down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from widgets.engine.model import Model, load_model
from widgets.engine.settings import values
from widgets.reading import Form, refusal


@dataclass(frozen=True)
class Experiment:
    """A measure taken on a model under some settings.

    model : name of the model. measure : one of MEASURES. output : a species or an assignment; for "settled" and "ratio"
        also a reaction, whose rate is taken.
    change, against : settings, by constant; `against` is what a ratio is taken to (rest if empty).
    time, span : hours or milliseconds, in the model's unit. level : what `time_to` waits for.
    """

    model: str
    measure: str
    output: str
    change: dict[str, float] = field(default_factory=dict)
    against: dict[str, float] = field(default_factory=dict)
    time: float | None = None
    span: float | None = None
    level: float | None = None

    def __post_init__(self):
        where = f"the experiment on {self.output!r} of model {self.model!r}"
        if self.measure not in MEASURES:
            raise ValueError(f"{where} has the measure {self.measure!r}; use one of {', '.join(MEASURES)}.")
        needs = MEASURES[self.measure].needs
        missing = [name for name in needs if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{where} takes the measure {self.measure!r}, which needs {', '.join(missing)}.")
        for name in ("change", "against"):
            if not isinstance(getattr(self, name), dict):
                raise ValueError(f"{where} has {getattr(self, name)!r} as {name}; write {{ constant = value }}.")
        if self.span is not None and not 0 <= (self.time or 0) <= self.span:
            raise ValueError(f"{where} looks at time {self.time:g}; it runs from 0 to {self.span:g}: make span longer.")

    def check(self) -> None:
        """Raise ValueError unless the model is there, has the output and takes the settings."""
        model = load_model(self.model)
        rates = model.reactions if self.measure in RATES_TOO else []
        there = [*model.species, *model.assignments, *rates]
        if self.output not in there:
            raise ValueError(f"Model {self.model!r} has no output {self.output!r}; it has {', '.join(there)}.")
        for settings in (self.change, self.against):
            values(model, settings)

    def take(self, **changes: float) -> float:
        """The measure, with `changes` of constants made on both sides of it.

        Not a finite number where it is not defined: a ratio to nothing, the decay of what does not fall.
        """
        self.check()
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(MEASURES[self.measure].take(self, load_model(self.model), changes))


# -- measures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """One way to read a number off a model; `needs` are the fields of the experiment that it cannot do without."""

    take: Callable[..., float]
    needs: tuple[str, ...] = ()


def _run(e: Experiment, model: Model, settings: dict[str, float], points: int = 4001) -> pd.Series:
    word = f"{model.time_unit}s"
    return model.simulate(**{word: e.span}, points=points, **settings)[e.output]


def _rest(e, model, settings):
    return (model.fluxes if e.output in model.reactions else model.steady_state)(**settings)[e.output]


def _settled(e, model, changes):
    return _rest(e, model, {**changes, **e.change})


def _both(of):
    """The same measure under `change` and under `against`, one over the other."""

    def take(e, model, changes):
        return of(e, model, {**changes, **e.change}) / of(e, model, {**changes, **e.against})

    return take


def _at(e, model, settings):
    run = _run(e, model, settings)
    return np.interp(e.time, run.index, run)


def _largest(e, model, settings):
    return _run(e, model, settings).max()


def _smallest(e, model, settings):
    return _run(e, model, settings).min()


def _end(e, model, settings):
    return _run(e, model, settings, 2).iloc[-1]


def _area(e, model, settings):
    run = _run(e, model, settings)
    return np.trapezoid(run, run.index)


def _growth(e, model, settings):
    """The output at the end of the run over what it was at `time`."""
    run = _run(e, model, settings)
    return run.iloc[-1] / np.interp(e.time, run.index, run)


def _gain_by(e, model, settings):
    """The share of the change over the whole run that has come by `time`."""
    run = _run(e, model, settings)
    return (np.interp(e.time, run.index, run) - run.iloc[0]) / (run.iloc[-1] - run.iloc[0])


def _decay(e, model, settings):
    """The time in which the output falls from its value at `time` to 1/e of it, towards zero."""
    run = _run(e, model, settings)
    first = np.interp(e.time, run.index, run)
    # A current may be negative: what counts is how far it is from zero.
    run, target = run * np.sign(first), abs(first) / math.e
    course = run[run.index >= e.time]
    below = np.flatnonzero(course.to_numpy() <= target)
    if not first or not below.size:
        return math.nan
    i = below[0]
    t, y = course.index[i - 1 : i + 1], course.iloc[i - 1 : i + 1]
    return float(np.interp(target, y.to_numpy()[::-1], np.asarray(t)[::-1])) - e.time


def _time_to(e, model, settings):
    """When the output first crosses `level` after `time` (0 if not given), in the model's unit of time."""
    run = _run(e, model, settings)
    run = run[run.index >= (e.time or 0)]
    side = np.sign(run.to_numpy() - e.level)
    crossed = np.flatnonzero(side != side[0])
    if not crossed.size:
        return math.nan
    i = crossed[0]
    t, y = np.asarray(run.index[i - 1 : i + 1], float), run.iloc[i - 1 : i + 1].to_numpy()
    return float(t[0] + (e.level - y[0]) / (y[1] - y[0]) * (t[1] - t[0]))


def _with_change(of):
    return lambda e, model, changes: of(e, model, {**changes, **e.change})


MEASURES: dict[str, Measure] = {
    "settled": Measure(_settled),
    "ratio": Measure(_both(_rest)),
    "at": Measure(_with_change(_at), ("time", "span")),
    "at ratio": Measure(_both(_at), ("time", "span")),
    "largest": Measure(_with_change(_largest), ("span",)),
    "largest ratio": Measure(_both(_largest), ("span",)),
    "smallest": Measure(_with_change(_smallest), ("span",)),
    "end": Measure(_with_change(_end), ("span",)),
    "end ratio": Measure(_both(_end), ("span",)),
    "area": Measure(_with_change(_area), ("span",)),
    "area ratio": Measure(_both(_area), ("span",)),
    "growth": Measure(_with_change(_growth), ("time", "span")),
    "gain by": Measure(_with_change(_gain_by), ("time", "span")),
    "decay": Measure(_with_change(_decay), ("time", "span")),
    "decay ratio": Measure(_both(_decay), ("time", "span")),
    "time to": Measure(_with_change(_time_to), ("span", "level")),
}

RATES_TOO = ("settled", "ratio")
"""Measures that can be taken of a reaction's rate."""


# -- in a file ---------------------------------------------------------------------------------------------

PHRASES = {
    "missing": "has no {key}.",
    "string_too_short": "has no {key}.",
    "literal_error": "has the {key} {value!r}; use one of {options}.",
    "float_type": "has {value!r} as {key}; write a finite number.",
    "finite_number": "has {value!r} as {key}; write a finite number.",
    "dict_type": "has {value!r} as {key}; write { constant = value }.",
    "string_type": "has {value!r} as {key}; write words in quotes.",
}
"""What is wrong with an entry, after its name: "validation.toml, anchor 2 (a finding) has no source."."""

Words = Annotated[str, Field(min_length=1)]


class Entry(Form):
    """One entry of a file: an experiment, and the limits between which its number is held against something."""

    model: Words
    measure: Words
    output: Words
    change: dict[str, float] = Field(default_factory=dict)
    against: dict[str, float] = Field(default_factory=dict)
    time: float | None = None
    span: float | None = None
    level: float | None = None
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _sound(self) -> Entry:
        found = list(self.wrong())
        if not found:
            try:
                self.experiment().check()
            except ValueError as error:
                found = [("", f"cannot be taken: {error}")]
        if found:
            raise refusal([((key,) if key else (), what) for key, what in found])
        return self

    def wrong(self) -> Iterator[tuple[str, str]]:
        """(key or "", what is wrong; the fix) for fields that do not go together."""
        if self.low is not None and self.high is not None and self.low > self.high:
            yield "low", f"has low {self.low:g} above high {self.high:g}; exchange them."

    def experiment(self) -> Experiment:
        """What the entry describes. Raises ValueError for a measure that there is not or that lacks something."""
        names = ("model", "measure", "output", "change", "against", "time", "span", "level")
        return Experiment(**{name: getattr(self, name) for name in names})
