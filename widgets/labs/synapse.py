"""Labs: ipywidgets sliders joined to one LabView that runs a model in the page and draws what it finds.

    SynapseLab("serotonin", controls=["reuptake_inhibition", "autoreceptor_gain"])

The sliders are ipywidgets' own and are joined by `jslink`, in the browser, so a lab works in JupyterLab and, with no
kernel, in the published page. A new lab is configuration: which model, which controls, which outputs, which words.
"""

from __future__ import annotations

import difflib
import math
import numbers
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

import ipywidgets
import pandas as pd
import traitlets
from anywidget import AnyWidget

from widgets.engine import simulation
from widgets.engine.model import Model, load_model
from widgets.engine.population import differing, simulate_population

STATIC = Path(__file__).parents[1] / "static"


# -- words -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Control:
    """One slider: its range, and every word that stands on it or speaks of it.

    Whatever is left out (None, or empty) comes from the shared table of controls or from the model's own parameter.
    Words may hold {transporter}, {precursor}, {transmitter} and {symbol}.

    name : the model's parameter.
    label : above the track.
    minimum, maximum, step : the slider's range, in the parameter's unit.
    unit : "percent" (the value is a fraction), "times" (a multiple of normal) or the unit in words.
    scale : value shown over the parameter's value, where `unit` is another than the model's; 3600 with the unit
        "seconds" shows hours as seconds. minimum, maximum, step and landmarks stay in the parameter's unit.
    low, high : under the two ends of the track.
    landmarks : words under the track at other values, {0.8: "usual SSRI dose"}.
    shown : words in place of the number beside the label, {1.0: "normal"}.
    phrase : the setting in the middle of a sentence, with {value}.
    said : phrases for exact values, {0.0: "none of the pumps blocked"}.
    marker : stands in the chart where the change begins.
    """

    name: str
    label: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str | None = None
    scale: float = 1.0
    low: str | None = None
    high: str | None = None
    landmarks: Mapping[float, str] = field(default_factory=dict)
    shown: Mapping[float, str] = field(default_factory=dict)
    phrase: str | None = None
    said: Mapping[float, str] = field(default_factory=dict)
    marker: str | None = None


@dataclass(frozen=True)
class Transmitter:
    """The names of one messenger's parts, as the field uses them; `hue` is a name in widgets/palette.json."""

    name: str
    symbol: str
    hue: str
    transporter: str = "pump"
    precursor: str = "precursor"
    enzyme: str = "MAO"
    metabolite: str = "breakdown product"


TRANSMITTERS = {
    "serotonin": Transmitter("serotonin", "5-HT", "serotonin", "SERT", "tryptophan", "MAO", "5-HIAA"),
    "dopamine": Transmitter("dopamine", "DA", "dopamine", "DAT", "tyrosine", "MAO", "HVA"),
    "norepinephrine": Transmitter("norepinephrine", "NE", "norepinephrine", "NET", "tyrosine", "MAO", "MHPG"),
    "gaba": Transmitter("GABA", "GABA", "gaba", "GAT", "glutamate", "GABA transaminase", "breakdown product"),
    "glutamate": Transmitter("glutamate", "Glu", "glutamate", "EAAT", "glutamine", "glutamine synthetase", "glutamine"),
}

CONTROLS = {
    control.name: control
    for control in (
        Control(
            "reuptake_inhibition",
            label="Reuptake blocked ({transporter})",
            step=0.05,
            unit="percent",
            low="none",
            high="all",
            phrase="{value} of the pumps blocked",
            said={0.0: "none of the pumps blocked", 1.0: "all of the pumps blocked"},
            marker="block begins",
        ),
        Control(
            "mao_a_inhibition",
            label="MAO-A blocked",
            step=0.05,
            unit="percent",
            low="none",
            high="all",
            phrase="{value} of MAO-A blocked",
            said={0.0: "MAO-A working freely", 1.0: "all of MAO-A blocked"},
            marker="block begins",
        ),
        Control(
            "mao_b_inhibition",
            label="MAO-B blocked",
            step=0.05,
            unit="percent",
            low="none",
            high="all",
            phrase="{value} of MAO-B blocked",
            said={0.0: "MAO-B working freely", 1.0: "all of MAO-B blocked"},
            marker="block begins",
        ),
        Control(
            "autoreceptor_gain",
            label="Autoreceptor brake",
            step=0.05,
            unit="percent",
            low="off",
            high="normal",
            shown={0.0: "off", 1.0: "normal"},
            phrase="the autoreceptor brake at {value} of its strength",
            said={0.0: "the autoreceptor brake off", 1.0: "the autoreceptor brake normal"},
            marker="change begins",
        ),
        Control(
            "firing_rate",
            label="Firing",
            maximum=3.0,
            step=0.1,
            unit="times",
            low="silent",
            high="3 ×",
            landmarks={1.0: "resting"},
            phrase="firing at {value} the resting rate",
            said={0.0: "the neuron silent", 1.0: "firing at the resting rate"},
            marker="change begins",
        ),
        Control(
            "precursor_supply",
            label="{precursor} supply",
            maximum=3.0,
            step=0.1,
            unit="times",
            low="none",
            high="3 ×",
            landmarks={1.0: "normal"},
            phrase="{precursor} supply at {value} normal",
            said={
                0.0: "no {precursor} supply",
                0.5: "{precursor} supply halved",
                1.0: "{precursor} supply normal",
                2.0: "{precursor} supply doubled",
            },
            marker="change begins",
        ),
    )
}

_OUTPUT_WORDS = {
    # name: (chart title, under a small chart, in a sentence)
    "extracellular": ("{transmitter} between the neurons",) * 3,
    "vesicular": ("{transmitter} stored in vesicles", "stored in vesicles", "{transmitter} stored in vesicles"),
    "cytosolic": ("{transmitter} inside the terminal", "free inside the terminal", "{transmitter} inside the terminal"),
    "metabolite": ("breakdown product ({metabolite})", "breakdown product ({metabolite})", "the breakdown product"),
    "autoreceptor_occupancy": ("autoreceptors occupied",) * 3,
    "receptor_occupancy": ("receptors occupied on the receiving neuron", "receptors occupied", "receptor occupancy"),
    "release_brake": ("release allowed by the autoreceptor", "release allowed", "release allowed by the autoreceptor"),
}


# -- prediction --------------------------------------------------------------------------------------------


class Predict:
    """A question the reader answers before the sliders unlock.

    question : str
        Starts with "Predict"; the legend of the group of choices.
    choices : two or more (words, value)
        value: the level at the end as a multiple of the baseline that the words stand for; of an output drawn in its
        own unit, the value in that unit.
    scenario : dict
        The settings the question is about, by control; every other control is at rest.
    output : str
        The output the values speak of.

    Raises ValueError or TypeError for an empty question, fewer than two choices, a choice without words, two choices
    with the same words, or a value that is not a finite number of at least 0.
    """

    def __init__(
        self,
        question: str,
        choices: Sequence[tuple[str, float]],
        scenario: Mapping[str, float],
        output: str = "extracellular",
    ):
        if not isinstance(question, str) or not question.strip():
            raise ValueError(f"A prediction needs a question, a sentence that starts with 'Predict'; got {question!r}.")
        if not question.startswith("Predict"):
            raise ValueError(f"A prediction's question starts with 'Predict', as in 'Predict: ...?'; got {question!r}.")
        pairs = []
        for choice in choices:
            if isinstance(choice, str) or not isinstance(choice, Sequence) or len(choice) != 2:
                raise ValueError(f"A choice is a pair such as ('It doubles', 2.0); got {choice!r}.")
            words, value = choice
            if not isinstance(words, str) or not words.strip():
                raise ValueError(f"A choice needs words, as in ('It doubles', 2.0); got {choice!r}.")
            number = _number(f"the value of choice {words!r}", value)
            if number < 0:
                raise ValueError(f"The value of choice {words!r} must be at least 0, in baselines; got {number:g}.")
            pairs.append((words, number))
        if len(pairs) < 2:
            raise ValueError(f"A prediction needs at least two choices; got {len(pairs)}. Add a (words, value) pair.")
        if len({words for words, _ in pairs}) < len(pairs):
            raise ValueError("Two choices of a prediction have the same words; give each its own.")
        if not isinstance(scenario, Mapping) or not scenario:
            raise ValueError(
                f"A prediction needs a scenario, such as {{'reuptake_inhibition': 0.8}}; got {scenario!r}."
            )
        self.question = question
        self.choices = pairs
        self.scenario = dict(scenario)
        self.output = output

    def __repr__(self) -> str:
        return f"Predict({self.question!r}, {len(self.choices)} choices)"


# -- claims ------------------------------------------------------------------------------------------------

RELATIONS = ("at least", "at most", "between")


@dataclass(frozen=True)
class Claim:
    """A conclusion that the lab tests again at every setting of its sliders.

    It compares two settled levels: `output` under `change` over `output` under `against`. Every constant that neither
    side names has the lab's present value; one that a side leaves out but the other names is at rest there.

        Claim("Blocking four pumps in five at least doubles serotonin", "extracellular",
              change={"reuptake_inhibition": 0.8}, relation="at least", value=2)

    text : str
        The conclusion in words, as a reader would say it.
    output : str
        A species or an assignment of the model.
    change, against : dict
        Values of constants, controls of the lab or not, in the model's units. `against=None`: at rest.
    relation : "at least", "at most" or "between"
    value : float, or (low, high) for "between"
        What the ratio is held against.
    source : str
        Where the conclusion comes from: words, or a key of references.bib ("artigas1996acute" is shown as
        "Artigas 1996").

    Raises ValueError for anything else; that the model has the output and the constants is checked by the lab.
    """

    text: str
    output: str
    change: Mapping[str, float]
    against: Mapping[str, float] | None = None
    relation: str = "at least"
    value: float | tuple[float, float] | None = None
    source: str = ""

    def __post_init__(self):
        _text("A claim's text", self.text)
        where = f"Claim {self.text!r}"
        if not isinstance(self.change, Mapping) or not self.change:
            raise ValueError(f"{where} needs a change, such as {{'reuptake_inhibition': 0.8}}; got {self.change!r}.")
        if self.against is not None and not isinstance(self.against, Mapping):
            raise ValueError(
                f"{where} needs settings to compare with, such as {{'reuptake_inhibition': 0.8}}, or against=None for "
                f"rest; got {self.against!r}."
            )
        if self.relation not in RELATIONS:
            raise ValueError(
                f"{where} has the relation {self.relation!r}.{_nearest(self.relation, RELATIONS)} "
                f"Choose from {_list(map(repr, RELATIONS))}."
            )
        if not isinstance(self.source, str):
            raise ValueError(f"{where} has a source that is no words: {self.source!r}.")
        low, high = self.limits
        for limit in (low, high):
            if limit is not None and limit < 0:
                raise ValueError(f"{where} compares a ratio of levels, which is at least 0, with {limit:g}.")
        if self.relation == "between" and not low < high:
            raise ValueError(f"{where} needs the lower limit first, as in (2, 4); got ({low:g}, {high:g}).")

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """The least and the largest ratio that bears the claim out; None for no limit."""
        where = f"the value of claim {self.text!r}"
        if self.relation == "between":
            pair = self.value
            if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
                raise ValueError(f"{_capital(where)} is a pair (low, high), as in (2, 4); got {pair!r}.")
            return _number(where, pair[0]), _number(where, pair[1])
        number = _number(where, self.value)
        return (number, None) if self.relation == "at least" else (None, number)

    def holds(self, ratio: float) -> bool:
        """Whether a ratio bears the claim out. Rounding in its last digits cannot overturn it."""
        low, high = self.limits
        return (low is None or ratio >= low * (1 - _ROUNDING)) and (high is None or ratio <= high * (1 + _ROUNDING))


_ROUNDING = 1e-6
_NOTHING = 1e-9
"""A level below this share of the resting level is none to compare with."""


# -- population --------------------------------------------------------------------------------------------

MOST_PEOPLE = 5000


@dataclass(frozen=True)
class Population:
    """The people of a lab's chart of people: each is the model with constants of their own.

    n : int, 20 to 5,000
        Number of people.
    spread : float, above 0, at most 1
        Standard deviation of the natural logarithm of each constant over people; 0.2 is about 20 %. An assumption:
        how widely these constants differ between people has hardly been measured, and the lab says so.
    seed : int, 0 to 2^53 - 1
        The same seed gives the same people, in the page and in the kernel (see widgets.population).
    constants : list of str or None
        Which constants differ. None: those of the cell and its chemistry, every one that is not a control and has a
        part in a rate.
    """

    n: int = 1000
    spread: float = 0.2
    seed: int = 1
    constants: Sequence[str] | None = None

    def __post_init__(self):
        for what, value, least, most in (("n", self.n, 20, MOST_PEOPLE), ("seed", self.seed, 0, 2**53 - 1)):
            wrong = isinstance(value, bool) or not isinstance(value, numbers.Integral)
            if wrong or not least <= value <= most:
                raise ValueError(f"A population's {what} is a whole number from {least} to {most}; got {value!r}.")
        spread = _number("A population's spread", self.spread)
        if not 0 < spread <= 1:
            raise ValueError(f"A population's spread is above 0 and at most 1 (0.2 is about 20 %); got {spread:g}.")
        if self.constants is None:
            return
        if isinstance(self.constants, str) or not isinstance(self.constants, Sequence) or not self.constants:
            raise ValueError(
                f"A population's constants are a list of names, or None for all of them; got {self.constants!r}."
            )


# -- the view ----------------------------------------------------------------------------------------------


def _bundle(name: str) -> str:
    path = STATIC / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"The labs' browser code widgets/static/{name} has not been built. "
            "Run `make` in the book's folder, or install the package with `pip install .`."
        ) from None


class LabView(AnyWidget):
    """The drawn part of a lab: everything its browser code shows comes from these traits.

    One trait per controlled parameter is added by `LabView.of`; `jslink` joins it to its slider. `locked` is True
    until the reader has predicted; `guess` is the index of the chosen answer, -1 before.
    """

    # Plain traits rather than class attributes: the text is read when a lab is made, and no file is watched.
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    title = traitlets.Unicode().tag(sync=True)
    lab_name = traitlets.Unicode().tag(sync=True)
    models = traitlets.List(traitlets.Dict()).tag(sync=True)
    controls = traitlets.List(traitlets.Dict()).tag(sync=True)
    outputs = traitlets.List(traitlets.Dict(), help="For each model: words and unit of each output").tag(sync=True)
    span = traitlets.Float(24.0, help="How long a run lasts, in the model's own unit of time").tag(sync=True)
    time_unit = traitlets.Enum(
        ["second", "minute", "hour", "day", "millisecond"], "hour", help="In which the page shows time"
    ).tag(sync=True)
    time_factor = traitlets.Float(1.0, help="Time shown over the model's time").tag(sync=True)
    main = traitlets.Unicode("extracellular").tag(sync=True)
    main_title = traitlets.Unicode().tag(sync=True)
    small = traitlets.List(traitlets.Unicode()).tag(sync=True)
    absolute = traitlets.List(traitlets.Unicode(), help="Outputs drawn in their own unit").tag(sync=True)
    traces = traitlets.List(traitlets.Unicode()).tag(sync=True)
    raster = traitlets.Unicode(None, allow_none=True, help="An output that counts").tag(sync=True)
    bars = traitlets.List(traitlets.List(), help="Pairs of an output, a fraction, and its words").tag(sync=True)
    bars_title = traitlets.Unicode("At the end of the run").tag(sync=True)
    cases = traitlets.List(traitlets.Dict(), help="One curve each: its name and the constants it holds").tag(sync=True)
    scan = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    scan_output = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    scan_at_once = traitlets.Bool(False, help="The scanned output depends on parameters alone").tag(sync=True)
    scan_points = traitlets.List(traitlets.Dict(), help="Published values").tag(sync=True)
    start = traitlets.Dict().tag(sync=True)
    presets = traitlets.Dict().tag(sync=True)
    prediction = traitlets.Dict(None, allow_none=True).tag(sync=True)
    claims = traitlets.List(traitlets.Dict()).tag(sync=True)
    population = traitlets.Dict(None, allow_none=True).tag(sync=True)
    scene = traitlets.Bool(True).tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Int(-1).tag(sync=True)

    @traitlets.default("_esm")
    def _read_script(self) -> str:
        return _bundle("lab.js")

    @traitlets.default("_css")
    def _read_style(self) -> str:
        return _bundle("lab.css")

    @classmethod
    def of(cls, parameters: Mapping[str, float], **traits) -> LabView:
        """A view with one float trait per parameter, at the given starting values."""
        for name in parameters:
            if hasattr(cls, name):
                raise ValueError(
                    f"A parameter cannot be a control under the name {name!r}, which the widget uses itself; "
                    "rename it in the model."
                )
        members = {name: traitlets.Float(float(value)).tag(sync=True) for name, value in parameters.items()}
        return type(cls.__name__, (cls,), {"__module__": cls.__module__, **members})(**traits)

    def __repr__(self) -> str:
        return f"LabView(name={self.lab_name!r})"


# -- the lab -----------------------------------------------------------------------------------------------


class SynapseLab(ipywidgets.VBox):
    """A lab: one model (or several, overlaid), its sliders, and the picture they move.

    Parameters
    ----------
    model : str, Model, or a list of them
        A name `load_model` knows, or a model of your own. Several are drawn in one chart, each in % of its baseline.
    title : str
        Stands in the lab's head; "A serotonin synapse" if left out.
    name : str
        Names the lab in its permalink and its CSV file; unique on a page. From the model's name if left out.
    controls : list of str or Control
        The sliders, in order. A string takes its words from the shared table or the model.
    hours, milliseconds : float > 0
        How long a run lasts, in the model's own unit of time. 24 hours, or 100 milliseconds, if left out.
    seconds, minutes, days : float > 0
        The same for a model that counts hours, where another unit of time suits the reader: axis, sentence and table
        use it. The model's parameters keep their units.
    main : str
        The output of the large chart.
    small : sequence of str
        Outputs of the small charts.
    absolute : sequence of str
        Outputs drawn in their own unit rather than in % of baseline; an output whose baseline is not above 0 always
        is. Their ghost is the run with the settings the lab opens with.
    traces : sequence of str
        Outputs that get a chart with axes of their own under the large one, such as a current.
    raster : str
        An output that counts, such as spikes: one tick a count, above the ticks of the ghost.
    bars : dict
        Outputs that are fractions, drawn as bars at the end of the run, {"occupancy_1": "SERT"}.
    cases : dict
        One model, several curves: {"Little tryptophan": {"precursor_supply": 0.4}} names each and the constants it
        holds. All start at the model's rest and are drawn in % of it. Needs scene=False.
    scan : str
        A control: adds the chart of where `main` settles at every setting of it.
    scan_output : str
        The output of that chart, `main` if left out. One that depends on parameters alone is drawn as it is.
    scan_points : DataFrame or sequence of dict
        Published values drawn in that chart, as `widgets.measured` gives them: x in the control's unit, y in the
        chart's, words, and low and high where there is an interval.
    start : dict
        Settings the lab opens with and `Reset` returns to; the others are at rest.
    presets : dict
        Buttons, {"Usual SSRI dose": {"reuptake_inhibition": 0.8}}; controls not named go to rest.
    landmarks : dict
        Words under a track, {"reuptake_inhibition": {0.8: "usual SSRI dose"}}.
    predict : Predict
        Locks the sliders until the reader has guessed.
    scene : bool
        Whether the synapse is drawn.
    labels : dict
        Words for outputs, {"vesicular": "in reserve"}; a string, or a dict with title, short and noun.
    claims : sequence of Claim
        Conclusions listed under the chart, each with whether it holds at the present settings.
    population : Population
        Adds the chart of how `main` changes in many people whose constants differ.

    `lab.values` is the present setting of each control and `lab.set(...)` changes some. `lab.simulate()` is the run
    now drawn, `lab.claims()` the list of claims and `lab.population()` the people, each as a DataFrame. Raises
    ValueError, naming the value, the allowed range and the fix, for anything that cannot be shown.
    """

    def __init__(
        self,
        model: str | Model | Sequence[str | Model] = "serotonin",
        title: str | None = None,
        name: str | None = None,
        controls: Sequence[str | Control] = ("reuptake_inhibition", "autoreceptor_gain", "firing_rate"),
        hours: float | None = None,
        milliseconds: float | None = None,
        seconds: float | None = None,
        minutes: float | None = None,
        days: float | None = None,
        main: str = "extracellular",
        small: Sequence[str] = ("vesicular", "metabolite"),
        absolute: Sequence[str] = (),
        traces: Sequence[str] = (),
        raster: str | None = None,
        bars: Mapping[str, str] | None = None,
        cases: Mapping[str, Mapping[str, float]] | None = None,
        scan: str | None = None,
        scan_output: str | None = None,
        scan_points: pd.DataFrame | Sequence[Mapping] = (),
        start: Mapping[str, float] | None = None,
        presets: Mapping[str, Mapping[str, float]] | None = None,
        landmarks: Mapping[str, Mapping[float, str]] | None = None,
        predict: Predict | None = None,
        scene: bool = True,
        labels: Mapping[str, str | Mapping[str, str]] | None = None,
        claims: Sequence[Claim] = (),
        population: Population | None = None,
    ):
        self.models = _models(model)
        several = len(self.models) > 1
        first = self.models[0]
        messengers = [_transmitter(m) for m in self.models]
        self.time_unit = first.time_unit
        self.span, shown_unit, time_factor = _span(
            first, hours=hours, milliseconds=milliseconds, seconds=seconds, minutes=minutes, days=days
        )

        self.controls = _controls(controls, self.models, messengers[0], landmarks or {})
        known = {control.name: control for control in self.controls}
        rest = {control.name: _default(first, control.name) for control in self.controls}
        start = {**rest, **_settings("start", start or {}, known)}
        presets = {
            _text("the name of a preset", words): _settings(f"the preset {words!r}", values, known)
            for words, values in (presets or {}).items()
        }

        if scan is not None and scan not in known:
            raise ValueError(
                f"scan={scan!r} is not one of this lab's controls.{_nearest(scan, known)} Choose from {_list(known)}."
            )
        if scan is not None and several:
            raise ValueError("scan shows one model; leave it out in a lab that overlays several.")
        if several and scene:
            raise ValueError("The synapse is drawn for one model; a lab of several needs scene=False.")
        self.cases = _cases(cases, self.models, known, scene)
        small = [] if several or self.cases else list(small)
        traces, bars = _names("traces", traces), _bars(bars)
        one = [*traces, *([raster] if raster is not None else []), *bars]
        if one and (several or self.cases):
            raise ValueError(
                "traces, raster and bars show one run; leave them out in a lab of several models or cases."
            )
        for output in [main, *small, *one]:
            for m in self.models:
                _check_output(m, output)
        absolute = _names("absolute", absolute)
        for output in absolute:
            if output not in [main, *small, *traces]:
                raise ValueError(f"absolute names {output!r}, which this lab does not draw as a curve.")
        absolute = [
            output
            for output in dict.fromkeys([main, *small, *traces])
            if output in absolute
            or output in traces
            or isinstance(own := (labels or {}).get(output), Mapping)
            and own.get("unit") == "percent"
            or not _level_at_rest(first, output) > _NO_LEVEL
        ]
        scan_output, at_once = _scanned(first, scan, scan_output, main)
        points = _points(scan_points, scan)
        prediction = _prediction(predict, known, first, absolute) if predict is not None else None
        self._claims = _claims(claims, self.models)
        self._people, self._spread = _people(population, self.models, known, main)

        drawn = [main, *small, *one, *([scan_output] if scan else []), *([predict.output] if predict else [])]
        outputs = [
            {output: _output_words(m, t, output, labels or {}) for output in dict.fromkeys(drawn)}
            for m, t in zip(self.models, messengers, strict=True)
        ]
        # Over several models' curves no one messenger can stand in the title.
        shared = _output_words(first, replace(messengers[0], name="level"), main, labels or {})
        self.name = _lab_name(name, self.models)
        self.view = LabView.of(
            start,
            title=_text("title", title) if title is not None else _title(messengers),
            lab_name=self.name,
            models=[_model_trait(m, t) for m, t in zip(self.models, messengers, strict=True)],
            controls=[_control_trait(control, rest[control.name]) for control in self.controls],
            outputs=outputs,
            span=self.span,
            time_unit=shown_unit,
            time_factor=time_factor,
            main=main,
            main_title=(shared if several else outputs[0][main])["title"],
            small=small,
            absolute=absolute,
            traces=traces,
            raster=raster,
            bars=[[output, words] for output, words in bars.items()],
            cases=[{"name": words, "settings": held} for words, held in self.cases.items()],
            scan=scan,
            scan_output=scan_output,
            scan_at_once=at_once,
            scan_points=points,
            start=start,
            presets=presets,
            prediction=prediction,
            claims=[_claim_trait(claim, first) for claim in self._claims],
            population=_people_trait(self._people, self._spread),
            scene=bool(scene),
            locked=prediction is not None,
        )
        locked = self.view.locked
        self.sliders = {c.name: slider(c, start[c.name], locked) for c in self.controls}
        # jslink works in the browser, kernel or no kernel. The links belong to the lab and live as long as it does.
        self._links = [ipywidgets.jslink((each, "value"), (self.view, name)) for name, each in self.sliders.items()] + [
            ipywidgets.jsdlink((self.view, "locked"), (each, "disabled")) for each in self.sliders.values()
        ]
        box = ipywidgets.Box(list(self.sliders.values()), _dom_classes=("lab-controls",))
        super().__init__([self.view, box], _dom_classes=("synapse-lab",))

    @property
    def values(self) -> dict[str, float]:
        """The present setting of each control, by name."""
        return {name: getattr(self.view, name) for name in self.sliders}

    def set(self, **values: float) -> None:
        """Move sliders from Python: `lab.set(reuptake_inhibition=0.8)`. Raises ValueError as the constructor does."""
        checked = _settings("set", values, {control.name: control for control in self.controls})
        for name, value in checked.items():
            self.sliders[name].value = value
            setattr(self.view, name, value)

    def simulate(self, points: int = 300) -> pd.DataFrame:
        """The run now drawn: rows are times after the change, in the model's unit, columns species and assignments.

        With several models the columns have two levels, (model, output); with cases, (case, output).
        """
        given = {**self.values, f"{self.time_unit}s": self.span, "points": points}
        if self.cases:
            (model,) = self.models
            runs = {words: model.simulate(**held, **given) for words, held in self.cases.items()}
        else:
            runs = {m.name: m.simulate(**given) for m in self.models}
        return next(iter(runs.values())) if len(runs) == 1 else pd.concat(runs, axis=1)

    def claims(self) -> pd.DataFrame:
        """Whether each claim holds at the present settings: a row a claim, in order, with text, ratio and holds.

        ratio is NaN, and holds <NA>, for a claim that cannot be told with these settings: a level that does not settle
        or that is zero to start from. Empty for a lab without claims.
        """
        (model, *_) = self.models
        rest = model.rest
        ratios = []
        for claim in self._claims:
            above, below = (_settled(model, {**self.values, **side}, claim.output) for side in _sides(claim, model))
            nothing = not abs(below) > _NOTHING * abs(rest[claim.output])
            ratio = math.nan if nothing else above / below
            ratios.append(ratio if math.isfinite(ratio) else math.nan)
        pairs = list(zip(self._claims, ratios, strict=True))
        holds = [pd.NA if math.isnan(ratio) else claim.holds(ratio) for claim, ratio in pairs]
        texts = [claim.text for claim in self._claims]
        return pd.DataFrame({"text": texts, "ratio": ratios, "holds": pd.array(holds, dtype="boolean")})

    def population(self) -> pd.DataFrame:
        """The people of the chart at the present settings; see `simulate_population` for the columns.

        Raises ValueError for a lab without a population.
        """
        if self._people is None:
            raise ValueError(f"{self!r} has no people: give it population=Population(n=1000, spread=0.2).")
        (model,) = self.models
        return simulate_population(model, self._people.n, self._spread, seed=self._people.seed, **self.values)

    def __repr__(self) -> str:
        names = [m.name for m in self.models]
        return f"SynapseLab({names[0] if len(names) == 1 else names!r}, name={self.name!r})".replace(
            f"({names[0]},", f"({names[0]!r},", 1
        )


def slider(control: Control, value: float, locked: bool) -> ipywidgets.FloatSlider:
    """One control as an ipywidgets slider, which the page dresses with the control's words."""
    made = ipywidgets.FloatSlider(
        value=value,
        min=control.minimum,
        max=control.maximum,
        step=control.step,
        description=control.label,
        readout=False,
        disabled=locked,
        style={"description_width": "initial"},
    )
    made.add_class(f"lab-param-{control.name}")
    return made


# -- checking what came in ---------------------------------------------------------------------------------


def _list(names) -> str:
    return ", ".join(str(name) for name in names) or "none"


def _nearest(name, options) -> str:
    close = difflib.get_close_matches(str(name), [str(option) for option in options], n=1, cutoff=0.4)
    return f" Did you mean {close[0]!r}?" if close else ""


def _number(what: str, value) -> float:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError(f"{what} must be a number; got {value!r}.")
    if not math.isfinite(value):
        raise ValueError(f"{what} must be a finite number; got {value!r}.")
    return float(value)


def _text(what: str, value) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{what} must be words; got {value!r}.")
    return value


def _models(model) -> list[Model]:
    given = list(model) if isinstance(model, (list, tuple)) else [model]
    if not given:
        raise ValueError("A lab needs a model: its name, such as 'serotonin', or a list of names.")
    models = [load_model(m) if isinstance(m, (str, Path)) else m for m in given]
    for m in models:
        if not hasattr(m, "to_javascript"):
            raise ValueError(f"A lab's model is a name such as 'serotonin' or a Model; got {m!r}.")
    names = [m.name for m in models]
    if len(set(names)) < len(names):
        raise ValueError(f"A lab overlays different models; got {_list(names)}. Name each once.")
    units = {m.time_unit for m in models}
    if len(units) > 1:
        raise ValueError(f"Models in one lab share a unit of time; got {_list(sorted(units))}. Use one lab for each.")
    return models


# How long a run lasts: keyword -> (unit shown, unit of the model, time shown over the model's time).
CLOCKS = {
    "hours": ("hour", "hour", 1.0),
    "seconds": ("second", "hour", 3600.0),
    "minutes": ("minute", "hour", 60.0),
    "days": ("day", "hour", 1 / 24),
    "milliseconds": ("millisecond", "millisecond", 1.0),
}


def _span(model: Model, **given) -> tuple[float, str, float]:
    """(length of a run in the model's unit, unit the page shows, time shown over the model's time)."""
    own = f"{model.time_unit}s"
    chosen = [word for word, value in given.items() if value is not None]
    if len(chosen) > 1:
        raise ValueError(f"A run has one length; got {_list(f'{word}={given[word]!r}' for word in chosen)}.")
    word = chosen[0] if chosen else own
    shown, unit, factor = CLOCKS[word]
    if unit != model.time_unit:
        fitting = [name for name, clock in CLOCKS.items() if clock[1] == model.time_unit]
        raise ValueError(f"Model {model.name!r} counts time in {own}: use {'=, '.join(fitting)}=, not {word}=.")
    if not chosen:
        return (24.0 if own == "hours" else 100.0), shown, factor
    length = _number(word, given[word])
    if length <= 0:
        raise ValueError(f"{word} must be greater than 0; got {length:g}. Use {word}=24, say.")
    return length / factor, shown, factor


_NO_LEVEL = 1e-12
"""A level at rest that is not above this is none to give percentages of."""


def _level_at_rest(model: Model, output: str) -> float:
    return float(model.rest[output])


def _names(what: str, given) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ValueError(f"{what} is a list of outputs, such as ['voltage']; got {given!r}.")
    names = list(given)
    if len(set(map(str, names))) < len(names):
        raise ValueError(f"{what} names an output twice: {_list(names)}.")
    return names


def _bars(given) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ValueError(f"bars is a dict of outputs and words, such as {{'occupancy_1': 'SERT'}}; got {given!r}.")
    return {output: _text(f"the words of bar {output!r}", words) for output, words in given.items()}


def _cases(given, models: list[Model], known, scene: bool) -> dict[str, dict[str, float]]:
    if given is None:
        return {}
    model = models[0]
    if len(models) > 1:
        raise ValueError("cases are of one model; leave them out in a lab that overlays several.")
    if scene:
        raise ValueError("The synapse is drawn for one run; a lab with cases needs scene=False.")
    if not isinstance(given, Mapping) or len(given) < 2:
        raise ValueError(
            f"cases is a dict of at least two, such as {{'Slow firing': {{'firing_rate': 0.6}}, ...}}; got {given!r}."
        )
    cases = {}
    for words, held in given.items():
        words = _text("the name of a case", words)
        if not isinstance(held, Mapping):
            raise ValueError(f"The case {words!r} is a dict of constants such as {{'firing_rate': 0.6}}; got {held!r}.")
        for name in held:
            _row(model, name)
            if name in known:
                raise ValueError(
                    f"The case {words!r} holds {name!r}, which is a slider of this lab; leave it out of one of the two."
                )
        try:
            simulation.values(model, held)
        except ValueError as error:
            raise ValueError(f"The case {words!r}: {error}") from None
        cases[words] = {name: float(value) for name, value in held.items()}
    return cases


def _scanned(model: Model, scan: str | None, output: str | None, main: str) -> tuple[str | None, bool]:
    """(the output of the chart over a control's range, whether it depends on parameters alone)."""
    if scan is None:
        if output is not None:
            raise ValueError("scan_output needs scan, the control it is drawn against.")
        return None, False
    output = main if output is None else output
    _check_output(model, output)
    changing = set(model.species) | {"time"}
    rule = getattr(model, "_flat_rules", {}).get(output)
    at_once = rule is not None and not changing & {str(symbol) for symbol in rule.free_symbols}
    return output, at_once


def _points(given, scan: str | None) -> list[dict]:
    """Published values of the chart over a control's range, as the page reads them."""
    rows = given.to_dict("records") if isinstance(given, pd.DataFrame) else list(given)
    if rows and scan is None:
        raise ValueError("scan_points needs scan, the control they are drawn against.")
    points = []
    for row in rows:
        point = {"words": _text("the words of a point", row.get("words"))}
        for key in ("x", "y", "low", "high"):
            value = row.get(key)
            missing = value is None or (isinstance(value, float) and math.isnan(value))
            if missing and key in ("low", "high"):
                continue
            point[key] = _number(f"{key} of the point {point['words']!r}", value)
        points.append(point)
    return points


def _row(model: Model, name: str) -> pd.Series:
    table = model.parameters
    found = table[table["name"] == name]
    if found.empty:
        controls = table.loc[table["control"].astype(bool), "name"]
        raise ValueError(
            f"Model {model.name!r} has no parameter {name!r} to control.{_nearest(name, table['name'])} "
            f"Its controls are {_list(controls)}; model.parameters lists every constant."
        )
    return found.iloc[0]


def _default(model: Model, name: str) -> float:
    return float(_row(model, name)["value"])


def _controls(given, models, messenger: Transmitter, landmarks) -> list[Control]:
    if isinstance(given, (str, Control)):
        given = [given]
    if not given:
        raise ValueError("A lab needs at least one control, such as controls=['reuptake_inhibition'].")
    controls = []
    for item in given:
        if not isinstance(item, (str, Control)):
            raise ValueError(f"A control is a parameter's name or a Control; got {item!r}.")
        own = Control(item) if isinstance(item, str) else item
        for model in models:
            _row(model, own.name)
        controls.append(_complete(own, models[0], messenger, len(models) > 1, landmarks.get(own.name, {})))
    names = [control.name for control in controls]
    if len(set(names)) < len(names):
        raise ValueError(f"Each control stands once in a lab; got {_list(names)}.")
    for name in landmarks:
        if name not in names:
            raise ValueError(
                f"landmarks names {name!r}, which is not one of this lab's controls."
                f"{_nearest(name, names)} Choose from {_list(names)}."
            )
    return controls


def _complete(own: Control, model: Model, messenger: Transmitter, several: bool, landmarks) -> Control:
    """Fill what a control leaves open: first from the shared table, then from the model's parameter."""
    row = _row(model, own.name)
    shared = CONTROLS.get(own.name, Control(own.name))
    chosen = {
        f.name: own_value if (own_value := getattr(own, f.name)) not in (None, {}) else getattr(shared, f.name)
        for f in fields(Control)
    }
    value, low, high = float(row["value"]), float(row["minimum"]), float(row["maximum"])
    unit = "" if row["unit"] == "dimensionless" else str(row["unit"])
    if own.maximum is None and chosen["maximum"] is not None:
        # The shared table may stop short of the model's limit, never go beyond it.
        chosen["maximum"] = min(chosen["maximum"], high)
    if chosen["minimum"] is None:
        chosen["minimum"] = low if math.isfinite(low) else min(0.0, 2 * value)
    if chosen["maximum"] is None:
        chosen["maximum"] = high if math.isfinite(high) else (2 * value if value > 0 else 1.0)
    for end in ("minimum", "maximum"):
        number = _number(f"the {end} of control {own.name!r}", chosen[end])
        if not low <= number <= high:
            raise ValueError(
                f"The {end} of control {own.name!r} must lie between {low:g} and {high:g}, as model {model.name!r} "
                f"allows; got {number:g}."
            )
        chosen[end] = number
    if not chosen["minimum"] < chosen["maximum"]:
        raise ValueError(
            f"Control {own.name!r} needs a minimum below its maximum; "
            f"got {chosen['minimum']:g} and {chosen['maximum']:g}."
        )
    width = chosen["maximum"] - chosen["minimum"]
    if chosen["step"] is None:
        chosen["step"] = _tidy_step(width)
    if not _number(f"the scale of control {own.name!r}", chosen["scale"]) > 0:
        raise ValueError(f"The scale of control {own.name!r} must be above 0; got {chosen['scale']:g}.")
    step = chosen["step"] = _number(f"the step of control {own.name!r}", chosen["step"])
    if not 0 < step <= width:
        raise ValueError(f"The step of control {own.name!r} must be above 0 and at most {width:g}; got {step:g}.")
    chosen["unit"] = unit if chosen["unit"] is None else chosen["unit"]
    meaning = str(row["meaning"]) or own.name.replace("_", " ")
    chosen["label"] = chosen["label"] or meaning
    suffix = f" {unit}" if unit else ""

    def at(end: float) -> str:
        ends = {"percent": f"{100 * end:g} %", "times": f"{end:g} ×"}
        return ends.get(chosen["unit"], f"{end:g}{suffix}")

    if chosen["low"] is None:
        chosen["low"] = at(chosen["minimum"])
    if chosen["high"] is None or (own.high is None and own.maximum is not None and own.name in CONTROLS):
        kept = chosen["high"] if shared.maximum is None and chosen["maximum"] == high else None
        chosen["high"] = kept or at(chosen["maximum"])
    chosen["phrase"] = chosen["phrase"] or f"{meaning} at {{value}}"
    chosen["marker"] = chosen["marker"] or "change begins"
    chosen["landmarks"] = {**chosen["landmarks"], **landmarks}
    for place in chosen["landmarks"]:
        number = _number(f"a landmark of control {own.name!r}", place)
        if not chosen["minimum"] <= number <= chosen["maximum"]:
            raise ValueError(
                f"The landmark at {number:g} lies outside control {own.name!r}, which goes from {chosen['minimum']:g} "
                f"to {chosen['maximum']:g}."
            )
    words = asdict(messenger) | {"transmitter": messenger.name}
    if several:
        # A control of several messengers cannot name the parts of one.
        words |= {"transporter": "pumps", "precursor": "precursor", "transmitter": "transmitter"}
    filled = {key: _filled(value, words) for key, value in chosen.items()}
    return replace(own, **filled | {"label": _capital(filled["label"])})


def _filled(value, words: Mapping[str, str]):
    """Put the messenger's names into a control's words; {value} stays for the page."""
    if isinstance(value, Mapping):
        return {key: _filled(text, words) for key, text in value.items()}
    if not isinstance(value, str):
        return value
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tidy_step(width: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides a range into some forty."""
    power = 10 ** math.floor(math.log10(width / 40))
    return min((m * power for m in (1, 2, 5, 10)), key=lambda step: abs(math.log(width / 40 / step)))


def _settings(what: str, given, known: Mapping[str, Control]) -> dict[str, float]:
    if not isinstance(given, Mapping):
        raise ValueError(f"{what} is a dict of settings such as {{'{next(iter(known))}': 0.5}}; got {given!r}.")
    values = {}
    for name, value in given.items():
        if name not in known:
            raise ValueError(
                f"{what} names {name!r}, which is not one of this lab's controls.{_nearest(name, known)} "
                f"Choose from {_list(known)}, or add it to controls."
            )
        control = known[name]
        number = _number(f"{name} in {what}", value)
        if not control.minimum <= number <= control.maximum:
            fix = min(max(number, control.minimum), control.maximum)
            raise ValueError(
                f"{name} in {what} must be between {control.minimum:g} and {control.maximum:g}; got {number:g}. "
                f"Use {fix:g} or another value in that range."
            )
        values[name] = number
    return values


def _check_output(model: Model, output: str) -> None:
    names = [*model.species, *model.assignments]
    if output not in names:
        raise ValueError(
            f"Model {model.name!r} has no output {output!r} to draw.{_nearest(output, names)} "
            f"Choose from {_list(names)}."
        )


def _prediction(predict: Predict, known, model: Model, absolute: Sequence[str]) -> dict:
    if not isinstance(predict, Predict):
        raise ValueError(f"predict is a Predict(question, choices, scenario); got {predict!r}.")
    _check_output(model, predict.output)
    return {
        "question": predict.question,
        "choices": [{"text": words, "value": value} for words, value in predict.choices],
        "scenario": _settings("the prediction's scenario", predict.scenario, known),
        "output": predict.output,
        "absolute": not _level_at_rest(model, predict.output) > _NO_LEVEL or predict.output in absolute,
    }


def _claims(given, models: list[Model]) -> list[Claim]:
    if isinstance(given, Claim):
        given = [given]
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ValueError(f"claims is a list of Claim(text, output, change, ...); got {given!r}.")
    model = models[0]
    if given and len(models) > 1:
        raise ValueError("Claims speak of one model; leave them out in a lab that overlays several.")
    if given and model.system.depends_on_time:
        raise ValueError(f"Model {model.name!r} depends on time: nothing settles in it for claims to compare.")
    for claim in given:
        if not isinstance(claim, Claim):
            raise ValueError(f"A claim is a Claim(text, output, change, ...); got {claim!r}.")
        where = f"Claim {claim.text!r}: "
        try:
            _check_output(model, claim.output)
            for side in (claim.change, claim.against or {}):
                simulation.values(model, side)
        except ValueError as error:
            raise ValueError(f"{where}{error}") from None
        change, against = _sides(claim, model)
        if change == against:
            raise ValueError(f"{where}it compares {change} with itself. Change one of the two sides.")
    texts = [claim.text for claim in given]
    if len(set(texts)) < len(texts):
        raise ValueError("Two claims of a lab have the same words; give each its own.")
    return list(given)


def _sides(claim: Claim, model: Model) -> tuple[dict[str, float], dict[str, float]]:
    """(change, against), each with every constant that the claim names; what a side leaves out is at rest there."""
    against = claim.against or {}
    names = dict.fromkeys([*claim.change, *against])
    rest = {name: _default(model, name) for name in names}
    return {**rest, **claim.change}, {**rest, **against}


def _settled(model: Model, settings: Mapping[str, float], output: str) -> float:
    """The settled level of an output; NaN if nothing settles with these settings."""
    simulation.values(model, settings)  # what is wrong with a setting is said, not taken for a model that swings
    try:
        return float(model.steady_state(**settings)[output])
    except ValueError:
        return math.nan


def _claim_trait(claim: Claim, model: Model) -> dict:
    change, against = ({name: float(value) for name, value in side.items()} for side in _sides(claim, model))
    low, high = claim.limits
    return {
        "text": claim.text,
        "output": claim.output,
        "change": change,
        "against": against,
        "low": low,
        "high": high,
        "source": _source_words(claim.source),
    }


def _source_words(source: str) -> str:
    """A key of references.bib as an author and a year, "artigas1996acute" as "Artigas 1996"; words as they are."""
    key = re.fullmatch(r"([a-z]+)(\d{4})[a-z0-9]+", source)
    return f"{key[1].capitalize()} {key[2]}" if key else source


def _people(given, models: list[Model], known, main: str) -> tuple[Population | None, dict[str, float]]:
    """The population and the spread of each constant that differs between its people."""
    if given is None:
        return None, {}
    model = models[0]
    if not isinstance(given, Population):
        raise ValueError(f"population is a Population(n, spread, seed, constants); got {given!r}.")
    if len(models) > 1:
        raise ValueError("population shows one model; leave it out in a lab that overlays several.")
    table = model.parameters
    chosen = given.constants
    if chosen is None:
        chosen = [name for name in differing(model) if name not in known]
    for name in chosen:
        if name not in set(table["name"]):
            raise ValueError(
                f"population names {name!r}, which is no constant of model {model.name!r}."
                f"{_nearest(name, table['name'])} model.parameters lists them."
            )
        if name in known:
            raise ValueError(
                f"{name!r} is a slider of this lab, and so the same for everybody; leave it out of the population's "
                "constants or of the lab's controls."
            )
    if not chosen:
        raise ValueError(f"No constant of model {model.name!r} is left that could differ between people.")
    try:
        rest = model.steady_state()[main]
    except ValueError as error:
        raise ValueError(f"population shows where people settle. {error}") from None
    if not abs(rest) > 1e-12:
        raise ValueError(
            f"population shows how {main!r} changes, but at rest there is none. Choose another main output."
        )
    return given, dict.fromkeys(chosen, float(given.spread))


def _people_trait(people: Population | None, spread: Mapping[str, float]) -> dict | None:
    if people is None:
        return None
    return {"n": int(people.n), "seed": int(people.seed), "spread": float(people.spread), "constants": list(spread)}


def _transmitter(model: Model) -> Transmitter:
    """The messenger a model is about, from its name; a reader's own model gets neutral words."""
    found = next((t for name, t in TRANSMITTERS.items() if model.name.lower().startswith(name)), None)
    return found or Transmitter(model.name.replace("_", " "), "", "serotonin")


def _constant(model: Model) -> list[str]:
    """Assignments that hold one value whatever happens, as `release_brake := 1`; the scene draws no such brake."""
    rules = getattr(model, "_flat_rules", {})
    return [name for name in model.assignments if name in rules and not rules[name].free_symbols]


def _is_signal(model: Model) -> bool:
    """Whether the model describes autoreceptor_occupancy as something other than the fraction occupied."""
    meaning = getattr(model, "meanings", {}).get("autoreceptor_occupancy")
    return meaning is not None and "occup" not in meaning.lower()


def _model_trait(m: Model, t: Transmitter) -> dict:
    """A model as the page reads it."""
    return {
        "name": m.name,
        "transmitter": t.name,
        "symbol": t.symbol,
        "hue": t.hue,
        "transporter": t.transporter,
        "enzyme": t.enzyme,
        "precursor": t.precursor,
        "metabolite": t.metabolite,
        "constant": _constant(m),
        "autoreceptor_signal": _is_signal(m),
        "javascript": m.to_javascript(),
    }


def _title(messengers: list[Transmitter]) -> str:
    names = [t.name for t in messengers]
    if len(names) == 1:
        return f"A {names[0]} synapse"
    return f"{', '.join(names[:-1])} and {names[-1]}".capitalize()


def _lab_name(name: str | None, models: list[Model]) -> str:
    if name is None:
        return "-".join(m.name for m in models)
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][\w-]*", name):
        raise ValueError(f"A lab's name is a letter and then letters, digits, - or _, as in 'ssri-dose'; got {name!r}.")
    return name


def _control_trait(control: Control, rest: float) -> dict:
    """A control as the page reads it; words at values become pairs, because JSON keys are strings."""
    trait = asdict(control) | {"rest": rest}
    for key in ("landmarks", "shown", "said"):
        trait[key] = [[float(at), words] for at, words in trait[key].items()]
    return trait


def _output_words(model: Model, messenger: Transmitter, output: str, labels: Mapping) -> dict:
    plain = output.replace("_", " ")
    words = dict(zip(("title", "short", "noun"), _OUTPUT_WORDS.get(output, (plain,) * 3), strict=True))
    given = labels.get(output, {})
    words |= dict.fromkeys(words, given) if isinstance(given, str) else dict(given)
    names = asdict(messenger) | {"transmitter": messenger.name}
    filled = _filled(words, names)
    unit = model.units.get(output, "") if hasattr(model, "units") else ""
    filled.setdefault("unit", "" if unit == "dimensionless" else unit)
    return filled | {"title": _capital(filled["title"])}
