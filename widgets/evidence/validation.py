"""How far the models may be trusted: what they say beside what was published, and what survives a doubtful constant.

    from widgets.evidence.validation import anchors, sensitivity
    anchors()                       # a DataFrame: published value, model's value, deviation, verdict
    sensitivity("serotonin")        # which conclusions survive halving or doubling each assumed constant

The published results stand in validation.toml, the conclusions in conclusions.toml, both beside this file; each names
the model, the settings and the measure taken. Nothing is written down that the models did not compute just now.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from widgets.engine import population, simulation
from widgets.engine.model import STATUSES, Model, load_model
from widgets.evidence.claims import Claim

DATA = Path(__file__).parent
ROLES = {
    "reproduced": "the constants come from the same source: a check that they were carried over without a slip",
    "calibrated": "a constant was fitted to this result",
    "implied": "follows from what was put in, by construction",
    "predicted": "nothing was fitted to this result",
}


@dataclass(frozen=True)
class Experiment:
    """A measure taken on a model under some settings.

    model : name of the model. measure : one of MEASURES. output : a species or an assignment.
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
        there = [*model.species, *model.assignments]
        if self.output not in there:
            raise ValueError(f"Model {self.model!r} has no output {self.output!r}; it has {', '.join(there)}.")
        for settings in (self.change, self.against):
            simulation.values(model, settings)

    def take(self, **changes: float) -> float:
        """The measure, with `changes` of constants made on both sides of it.

        Not a finite number where it is not defined: a ratio to nothing, the decay of what does not fall.
        """
        self.check()
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(MEASURES[self.measure].take(self, load_model(self.model), changes))


_EXPERIMENT = {f.name for f in fields(Experiment)}


# -- measures ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """One way to read a number off a model; `needs` are the fields of the experiment that it cannot do without."""

    take: Any
    needs: tuple[str, ...] = ()


def _run(e: Experiment, model: Model, settings: dict[str, float], points: int = 4001) -> pd.Series:
    word = f"{model.time_unit}s"
    return model.simulate(**{word: e.span}, points=points, **settings)[e.output]


def _settled(e, model, changes):
    return model.steady_state(**{**changes, **e.change})[e.output]


def _ratio(e, model, changes):
    return _settled(e, model, changes) / model.steady_state(**{**changes, **e.against})[e.output]


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
    "ratio": Measure(_ratio),
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


def _experiment(entry: dict[str, Any], where: str) -> Experiment:
    """The experiment of an entry of a file; refuses one that cannot be made, naming the entry."""
    for name in ("model", "measure", "output"):
        if not entry.get(name):
            raise ValueError(f"{where} has no {name}.")
    try:
        experiment = Experiment(**{name: value for name, value in entry.items() if name in _EXPERIMENT})
        experiment.check()
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    return experiment


def _limits(entry: dict[str, Any], where: str) -> None:
    """Refuse limits and other numbers that are none, and an interval whose ends are exchanged."""
    for name in ("published", "low", "high", "tolerance", "factor"):
        value = entry.get(name, 0.0)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError(f"{where} has {value!r} as {name}; write a finite number.")
    if "low" in entry and "high" in entry and entry["low"] > entry["high"]:
        raise ValueError(f"{where} has low {entry['low']:g} above high {entry['high']:g}; exchange them.")


def _plain(value: float) -> str:
    return f"{value:,g}" if value < 1000 else f"{value:,.0f}"


_ROUNDING = 1e-6


def _within(value: float, low: float | None, high: float | None) -> bool:
    """Whether a value lies in an interval, its ends included: rounding in the last digits cannot put it out."""
    at_least = low is None or value >= low - _ROUNDING * abs(low)
    return at_least and (high is None or value <= high + _ROUNDING * abs(high))


# -- published anchors -------------------------------------------------------------------------------------


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
            return _within(value, self.low, self.high)
        return _within(abs(value / self.published - 1), None, self.tolerance)

    @property
    def interval(self) -> str:
        """The published value and what still agrees with it, in words: "1.75 (± 25 %)", "1.63 (1.49 to 1.77, SD)"."""
        low, high = (None if v is None else _plain(v) for v in (self.low, self.high))
        span = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else ""
        if span and self.spread:
            span = f"{span}, {self.spread}"
        value = "" if self.published is None else _plain(self.published)
        if value and span:
            return f"{value} ({span})"
        return span or f"{value} (± {100 * self.tolerance:g}\N{NO-BREAK SPACE}%)"


_ANCHOR = {
    "finding",
    "source",
    "role",
    "published",
    "low",
    "high",
    "tolerance",
    "unit",
    "factor",
    "note",
    "short",
    "spread",
}


def _entries(path: Path, table: str) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        return tomllib.load(file).get(table, [])


def _anchor(entry: dict[str, Any], where: str) -> Anchor:
    if unknown := set(entry) - _EXPERIMENT - _ANCHOR:
        known = ", ".join(sorted(_EXPERIMENT | _ANCHOR))
        raise ValueError(f"{where} has {', '.join(sorted(unknown))}, which no anchor has; it may have {known}.")
    where = f"{where} ({entry.get('finding') or 'without a finding'})"
    for name in ("finding", "source", "role"):
        if not entry.get(name):
            raise ValueError(f"{where} has no {name}.")
    if entry["role"] not in ROLES:
        raise ValueError(f"{where} has the role {entry['role']!r}; use one of {', '.join(ROLES)}.")
    _limits(entry, where)
    if all(entry.get(name) is None for name in ("published", "low", "high")):
        raise ValueError(f"{where} has neither a published value nor an interval; give published, low or high.")
    if "low" not in entry and "high" not in entry:
        if not entry.get("tolerance", 0) > 0:
            raise ValueError(f"{where} has no interval: say which tolerance still agrees, such as 0.25.")
        if not entry["published"]:
            raise ValueError(
                f"{where} was found to be 0, of which no tolerance is a share; give high, or low and high."
            )
    if entry["role"] == "predicted" and not entry.get("short"):
        raise ValueError(f"{where} is a prediction; give it a short name for the figure.")
    rest = dict.fromkeys(("published", "low", "high")) | {
        "tolerance": 0.0,
        "unit": "",
        "factor": 1.0,
        "note": "",
        "short": "",
        "spread": "",
    }
    given = {name: value for name, value in entry.items() if name in _ANCHOR}
    return Anchor(**{**rest, **given}, experiment=_experiment(entry, where))


@lru_cache(maxsize=4)
def _anchors(path: Path, modified: int) -> tuple[Anchor, ...]:
    return tuple(_anchor(e, f"{path.name}, anchor {i}") for i, e in enumerate(_entries(path, "anchor"), 1))


def read_anchors(path: Path | None = None) -> tuple[Anchor, ...]:
    """The published results, in the order of evidence/validation.toml or of another file of the same form.

    Raises ValueError that names file, entry and fix.
    """
    path = path or DATA / "validation.toml"
    return _anchors(path, path.stat().st_mtime_ns)


def _known(model: str | None) -> None:
    if model is not None:
        load_model(model)


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
    _known(model)
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


# -- conclusions -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conclusion:
    """Something the book says of a model, as a measure and the limits between which it holds."""

    text: str
    experiment: Experiment
    low: float | None
    high: float | None
    source: str = ""

    def holds(self, value: float) -> bool:
        """Whether the conclusion stands, given what the measure gave."""
        return math.isfinite(value) and _within(value, self.low, self.high)

    def as_claim(self) -> Claim:
        """The same as a `Claim` for a lab; only for a ratio of settled levels."""
        if self.experiment.measure != "ratio":
            raise ValueError(f"{self.text!r} is no ratio of settled levels, which is what a lab can test.")
        relation = "between" if None not in (self.low, self.high) else "at most" if self.low is None else "at least"
        value = {"between": (self.low, self.high), "at most": self.high, "at least": self.low}[relation]
        e = self.experiment
        return Claim(self.text, e.output, e.change, e.against or None, relation, value, self.source)


@lru_cache(maxsize=4)
def _conclusions(path: Path, modified: int) -> tuple[Conclusion, ...]:
    found = []
    for i, entry in enumerate(_entries(path, "conclusion"), 1):
        where = f"{path.name}, conclusion {i}"
        known = _EXPERIMENT | {"text", "low", "high", "source"}
        if unknown := set(entry) - known:
            wrong = ", ".join(sorted(unknown))
            raise ValueError(f"{where} has {wrong}, which no conclusion has; it may have {', '.join(sorted(known))}.")
        if not entry.get("text") or ("low" not in entry and "high" not in entry):
            raise ValueError(f"{where} needs a text and a low or a high limit.")
        where = f"{where} ({entry['text']})"
        _limits(entry, where)
        experiment = _experiment(entry, where)
        limits = entry.get("low"), entry.get("high")
        found.append(Conclusion(entry["text"], experiment, *limits, entry.get("source", "")))
    return tuple(found)


def conclusions(model: str | None = None) -> tuple[Conclusion, ...]:
    """What the book concludes from its models, or from one, in the order of evidence/conclusions.toml.

    Raises ValueError for an unknown model, and one that names file, entry and fix for a faulty file.
    """
    _known(model)
    path = DATA / "conclusions.toml"
    return tuple(c for c in _conclusions(path, path.stat().st_mtime_ns) if model is None or c.experiment.model == model)


DOUBTED = ("assumed", "calibrated")
"""The statuses of constants that sensitivity analysis doubts."""

RESTS: dict[str, dict[str, str]] = {
    "serotonin": {"G_REST": "autoreceptor_g"},
    "adaptation": {"G_REST": "autoreceptor_g", "LEVEL_REST": "extracellular", "OCCUPANCY_REST": "receptor_occupancy"},
    "dopamine": {"A_level": "extracellular"},
    "norepinephrine": {"LEVEL_REST": "extracellular"},
}
"""Constants that say where a level rests, so that a brake is 1 there: they follow when another constant is changed."""

_NOT_DOUBTED = ("mathematics", "units", "chemistry", "definition")


def doubtful(model: Model, statuses: tuple[str, ...] = DOUBTED) -> pd.DataFrame:
    """The rows of `model.parameters` that may be doubted: no controls, no logarithms, unit factors or molar masses, and
    no constant that only says where a level rests. Raises ValueError for a status that there is not."""
    if isinstance(statuses, str) or not set(statuses) <= set(STATUSES):
        raise ValueError(f"statuses must be some of {STATUSES}, as in ('assumed',); got {statuses!r}.")
    table = model.parameters
    given = table["source"].str.startswith(_NOT_DOUBTED) | table["name"].isin(RESTS.get(model.name, {}))
    return table[~table["control"] & table["status"].isin(statuses) & ~given & (table["value"] != 0)]


def sensitivity(model: str, statuses: tuple[str, ...] = DOUBTED) -> pd.DataFrame:
    """Which conclusions survive halving or doubling each doubtful constant.

    Parameters
    ----------
    model : name of the model.
    statuses : which constants are doubted: "assumed", "calibrated", "published".

    Returns
    -------
    DataFrame, a row for each constant and change: constant, meaning, status, factor (0.5 or 2, or less where the
    constant's range ends before), value (the changed one), then one column for each conclusion (its text) with the
    measure, and `broken`: how many conclusions no longer hold. A measure that cannot be taken is NaN and counts as
    broken. Constants that say where a level rests follow the change (see RESTS), so that a brake stays 1 at rest.
    """
    m = load_model(model)
    own = conclusions(model)
    if not own:
        raise ValueError(f"evidence/conclusions.toml has no conclusion about model {model!r}.")
    tried = []
    for row in doubtful(m, statuses).itertuples(index=False):
        for factor in (0.5, 2.0):
            value = min(max(factor * row.value, row.minimum), row.maximum)
            if not math.isclose(value, row.value):
                tried.append(
                    dict(
                        constant=row.name, meaning=row.meaning, status=row.status, factor=value / row.value, value=value
                    )
                )
    changes = [_with_rest(m, {each["constant"]: each["value"]}) for each in tried]
    columns = {c.text: _measures(m, c, changes) for c in own}
    result = pd.DataFrame(tried, columns=["constant", "meaning", "status", "factor", "value"]).assign(**columns)
    broken = [[not c.holds(value) for value in columns[c.text]] for c in own]
    result["broken"] = np.sum(broken, axis=0, dtype=int)
    return result


def _with_rest(m: Model, change: dict[str, float]) -> dict[str, float]:
    """A change, and what it makes of the constant that says where a level rests."""
    rests = RESTS.get(m.name, {})
    without_brakes = {n: 0.0 for n in ("autoreceptor_gain", "raphe_gain") if n in m.controls}
    try:
        state = m.steady_state(**change, **without_brakes) if rests else {}
    except ValueError:
        return change
    return {**change, **{constant: float(state[level]) for constant, level in rests.items()}}


def _measures(m: Model, conclusion: Conclusion, changes: list[dict[str, float]]) -> list[float]:
    """The measure of one conclusion with each change of constants; ratios of settled levels all at once.

    Where there are events, each on its own: whether one is still to come decides if anything settles.
    """
    e = conclusion.experiment

    def one(change):
        try:
            return e.take(**change)
        except ValueError:
            return math.nan  # With this constant the model cannot be run, or does not settle.

    if e.measure != "ratio" or not changes or m.events or m.system.depends_on_time:
        return [one(change) for change in changes]

    def settled(settings):
        p = np.array([simulation.values(m, {**change, **settings}) for change in changes]).T
        start = np.repeat(m.baseline.to_numpy(float)[:, None], len(changes), axis=1)
        return population.named(m, population.settle_all(m, p, start), p)[e.output]

    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            return list(settled(e.change) / settled(e.against))
    except ValueError:
        return [one(change) for change in changes]
