"""SynapseLab: a model, its controls, and the picture they move.

    SynapseLab("serotonin", controls=["reuptake_inhibition", "autoreceptor_gain"])

The sliders are ipywidgets' own and are joined by `jslink`, in the browser, so a lab works in JupyterLab and, with no
kernel, in the published page. A new lab is configuration: which model, which controls, which outputs, which words. It
is put together here from the parts of a spec (`widgets.labs.spec`), each made by a module of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets
import pandas as pd

from widgets.checks import words
from widgets.engine.model import Model
from widgets.engine.population import simulate_population
from widgets.evidence.claims import Claim
from widgets.labs.claims import claims_of, claims_panel, judged
from widgets.labs.completion import control_spec, controls_of
from widgets.labs.controls import AnyControl
from widgets.labs.doubts import doubts_panel
from widgets.labs.further import calendars, further_panels, in_order, reads
from widgets.labs.inputs import Inputs
from widgets.labs.models import cases_of, check_output, clock_of, lab_name, model_spec, models_of, settled_of
from widgets.labs.panels.sentence import Sentence
from widgets.labs.panels.table import File, Table
from widgets.labs.people import Population, people_panel
from widgets.labs.pictures import Pictures, pictures_of, scan_of
from widgets.labs.predict import Predict
from widgets.labs.settings import as_taken, as_written, checked, checked_presets, names_in, resting
from widgets.labs.spec import Column, ControlSpec, LabSpec, Panel, PredictionSpec, RunSpec, made
from widgets.labs.view import LabView
from widgets.labs.words import checked_labels, lab_title
from widgets.messengers import Messenger, messenger_of


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
    controls : list of str, Control, Choice, Switch or Schedule
        The controls, in order. A string is a slider that takes its words from the shared table or the model.
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
    settled : bool
        Each case starts where what it holds lets the model settle: ill before the controls move, not from then on.
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
    scene : bool or "channel"
        Whether the synapse is drawn; "channel" draws, in its place, a GABA-A receptor and the chloride that passes it.
    labels : dict
        Words for outputs, {"vesicular": "in reserve"}; a string, or a dict with title, short and noun.
    claims : sequence of Claim
        Conclusions listed under the chart, each with whether it holds at the present settings.
    population : Population
        Adds the chart of how `main` changes in many people whose constants differ.
    doubts : bool
        Shades round the curve what comes of halving and doubling, in turn, each constant that is assumed or was fitted.
    panels : sequence of Panel or dict
        What else is drawn: panels of `widgets.labs.panels`, or plain data such as {"kind": "small", "outputs": [...]}.

    `lab.spec` is all of it as the page reads it (`widgets.labs.spec.LabSpec`); `lab.sliders` and `lab.inputs` are the
    ipywidgets by control, sliders alone and all.
    `lab.values` is the present setting of each control and `lab.set(...)` changes some (and opens a lab that waits for
    a prediction). `lab.simulate()` is the run
    now drawn, `lab.claims()` the list of claims and `lab.population()` the people, each as a DataFrame. Raises
    ValueError, naming the value, the allowed range and the fix, for anything that cannot be shown.
    """

    def __init__(
        self,
        model: str | Model | Sequence[str | Model] = "serotonin",
        title: str | None = None,
        name: str | None = None,
        controls: Sequence[str | AnyControl] = ("reuptake_inhibition", "autoreceptor_gain", "firing_rate"),
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
        settled: bool = False,
        scan: str | None = None,
        scan_output: str | None = None,
        scan_points: pd.DataFrame | Sequence[Mapping] = (),
        start: Mapping[str, float] | None = None,
        presets: Mapping[str, Mapping[str, float]] | None = None,
        landmarks: Mapping[str, Mapping[float, str]] | None = None,
        predict: Predict | None = None,
        scene: bool | str = True,
        labels: Mapping[str, str | Mapping[str, str]] | None = None,
        claims: Sequence[Claim] = (),
        population: Population | None = None,
        doubts: bool = False,
        panels: Sequence[Panel | Mapping] = (),
    ):
        self.models = models_of(model)
        spans = {"hours": hours, "milliseconds": milliseconds, "seconds": seconds, "minutes": minutes, "days": days}
        clock = clock_of(self.models[0], **spans)
        self.time_unit, self.span = self.models[0].time_unit, clock.span
        self.name = lab_name(name, self.models)
        self.controls = controls_of(controls, self.models, landmarks or {})
        known = [control_spec(control, self.models[0]) for control in self.controls]
        self.cases = cases_of(cases, self.models, names_in(known))
        self._settled = settled_of(settled, self.cases, self.models[0])
        pictures = pictures_of(
            self.models, main=main, small=small, absolute=absolute, traces=traces, raster=raster, bars=bars,
            labels=checked_labels(labels, self.models), scene=scene, cases=bool(self.cases),
            scan=scan_of(self.models, known, scan, scan_output, scan_points, main),
        )  # fmt: skip
        self._claims = claims_of(claims, self.models)
        self._people = people_panel(population, self.models, names_in(known), main)
        self._doubts = doubts_panel(self.models[0], main, pictures.runs, names_in(known)) if doubts else None
        self.spec = self._assembled(clock, known, pictures, title, start, presets, predict, panels)
        self.view = LabView.showing(self.spec)
        self._inputs = Inputs(self.spec, self.view)
        self.sliders, self.inputs, self._links = self._inputs.of("number"), self._inputs.widgets, self._inputs.links
        super().__init__([self.view, self._inputs.box], _dom_classes=("synapse-lab",))

    def _assembled(self, clock, controls, pictures, title, start, presets, predict, panels) -> LabSpec:
        """All that does not change while the lab is shown, from its parts; the rest of the arguments as given."""
        further, runs = further_panels(panels), self._runs()
        prediction = self._prediction(predict, controls, pictures) if predict is not None else None
        drawn = [*pictures.outputs, *([pictures.scan.output] if pictures.scan else [])]
        drawn += [prediction.output] if prediction else []
        read = zip(self.models, reads(further, runs, self.models), strict=True)
        return made(
            LabSpec,
            f"lab {self.name!r}",
            title=words("title", title) if title is not None else lab_title(self._messengers),
            name=self.name,
            models=[
                model_spec(model, messenger_of(model.name), sliders=[each.name for each in controls])
                for model in self.models
            ],
            runs=runs,
            clock=clock,
            controls=controls,
            outputs=[pictures.words(model, dict.fromkeys([*drawn, *more])) for model, more in read],
            main=pictures.main,
            start=resting(controls) | checked("start", start or {}, controls),
            presets=checked_presets(presets, controls),
            prediction=prediction,
            numbers=self._numbers(pictures),
            panels=in_order([*pictures.panels(self.models), *calendars(controls, further), *self._further(), *further]),
        )

    def _prediction(self, predict, controls: list[ControlSpec], pictures: Pictures) -> PredictionSpec:
        if not isinstance(predict, Predict):
            raise ValueError(f"predict is a Predict(question, choices, scenario); got {predict!r}.")
        check_output(self.models[0], predict.output)
        scenario = checked("the prediction's scenario", predict.scenario, controls)
        return predict.asked(
            scenario, output=predict.output, absolute=pictures.in_own_unit(self.models[0], predict.output)
        )

    def _runs(self) -> list[RunSpec]:
        """One for each model, or one for each case of the one model."""
        if self.cases:
            return [
                RunSpec(model=0, name=case, held=held, settled=bool(self._settled)) for case, held in self.cases.items()
            ]
        if len(self.models) == 1:
            return [RunSpec(model=0)]
        return [RunSpec(model=place, name=each.name) for place, each in enumerate(self._messengers)]

    def _numbers(self, pictures: Pictures) -> list[Column]:
        """The first run's drawn outputs, and the main one of the others."""
        others = range(1, len(self.cases) or len(self.models))
        return [Column(run=0, outputs=pictures.outputs), *(Column(run=run, outputs=[pictures.main]) for run in others)]

    def _further(self) -> list[Panel]:
        """What every lab has beside its pictures, and what was asked for of claims and people."""
        claims = claims_panel(self._claims, self.models[0])
        return [each for each in (claims, Sentence(), self._doubts, self._people, Table(), File()) if each is not None]

    @property
    def _messengers(self) -> list[Messenger]:
        return [messenger_of(model.name) for model in self.models]

    @property
    def values(self) -> dict[str, float | str | bool | list]:
        """The present setting of each control, by name, as `set` takes it: of a slider its number."""
        return {control.name: as_written(getattr(self.view, control.name), control) for control in self.spec.controls}

    def set(self, **values) -> None:
        """Move controls from Python: `lab.set(reuptake_inhibition=0.8)`.

        A lab that waits for a prediction opens. Raises ValueError, and changes nothing, for an unknown control, naming
        the nearest, or a value out of range.
        """
        self._inputs.show(checked("set", values, self.spec.controls))

    def _taken(self, *, schedules: bool = True) -> dict:
        """The present settings as the model takes them; of a level that settles, no schedule is asked."""
        controls = [each for each in self.spec.controls if schedules or each.kind != "schedule"]
        return {control.name: as_taken(getattr(self.view, control.name), control) for control in controls}

    def simulate(self, points: int = 300) -> pd.DataFrame:
        """The run now drawn: rows are times after the change, in the model's unit, columns species and assignments.

        With several models the columns have two levels, (model, output); with cases, (case, output).
        """
        given = {**self._taken(), f"{self.time_unit}s": self.span, "points": points}
        if self.cases:
            (model,) = self.models
            runs = {
                case: model.simulate(start=self._settled.get(case), **held, **given)
                for case, held in self.cases.items()
            }
        else:
            runs = {m.name: m.simulate(**given) for m in self.models}
        return next(iter(runs.values())) if len(runs) == 1 else pd.concat(runs, axis=1)

    def claims(self) -> pd.DataFrame:
        """Whether each claim holds at the present settings: a row a claim, in order, with text, ratio and holds.

        ratio is NaN, and holds <NA>, for a claim that cannot be told with these settings: a level that does not settle
        or that is zero to start from. Empty for a lab without claims.
        """
        return judged(self._claims, self.models[0], self._taken(schedules=False))

    def population(self) -> pd.DataFrame:
        """The people of the chart at the present settings; see `simulate_population` for the columns.

        Raises ValueError for a lab without a population.
        """
        if self._people is None:
            raise ValueError(f"{self!r} has no people: give it population=Population(n=1000, spread=0.2).")
        (model,), people = self.models, self._people
        spread = dict.fromkeys(people.constants, people.spread)
        return simulate_population(model, people.n, spread, seed=people.seed, **self._taken(schedules=False))

    def __repr__(self) -> str:
        names = [m.name for m in self.models]
        return f"SynapseLab({names[0] if len(names) == 1 else names!r}, name={self.name!r})".replace(
            f"({names[0]},", f"({names[0]!r},", 1
        )
