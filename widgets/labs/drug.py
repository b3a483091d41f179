"""DrugLab: a medicine and its dose, what it occupies, and what follows at three terminals, beside a second medicine.

    DrugLab(["venlafaxine", "duloxetine", "milnacipran"], start=("venlafaxine", 75), compare="duloxetine")

Doses are context for reading a study, never advice. What a dose occupies comes from `widgets.medicines.dosing`; the
terminals are the book's models, the concentration its model `oral_dose`. A lab is put together here from the parts of a
spec (`widgets.labs.spec`), as in `widgets.labs.synapse`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import ipywidgets
import pandas as pd

from widgets.checks import listed, nearest, words
from widgets.engine.model import Model, load_model
from widgets.labs.further import further_panels, in_order, reads
from widgets.labs.inputs import Inputs
from widgets.labs.menu import Menu
from widgets.labs.models import lab_name, model_spec
from widgets.labs.panels.concentration import Concentration
from widgets.labs.panels.facts import Facts
from widgets.labs.panels.fingerprint import Fingerprint, Row
from widgets.labs.panels.sentence import Sentence
from widgets.labs.panels.table import File, Table
from widgets.labs.panels.terminals import Terminals
from widgets.labs.predict import Predict
from widgets.labs.spec import (
    ChoiceControl,
    Clock,
    Column,
    ControlSpec,
    Follows,
    LabSpec,
    MedicineDrive,
    NumberControl,
    OutputSpec,
    Panel,
    PredictionSpec,
    RunSpec,
    Side,
    made,
)
from widgets.labs.terminals import EFFECTS, SPAN, TERMINALS, parameters_at, terminal
from widgets.labs.view import LabView
from widgets.labs.words import names_of, words_of
from widgets.medicines.dosing import dose_response
from widgets.medicines.reckoning import typical_error
from widgets.messengers import FINGERPRINT, messenger_of
from widgets.messengers import TERMINALS as TERMINAL_ROWS

DAYS = 10
"""Days of daily tablets in the chart of the concentration."""
SIDES = (("A", "drug", "dose"), ("B", "other_drug", "other_dose"))
"""Of a comparison: its letter, and the names of its two controls."""
LEVEL, CONCENTRATION = "extracellular", "concentration"
"""What is drawn of a terminal, and of a medicine in the blood."""
INTENDED = ("transporters", "monoamine oxidases")
"""Groups of targets that are always among those where the intended effect is thought to start."""


class DrugLab(ipywidgets.VBox):
    """A lab of medicines: choose one and its dose, see what it occupies and what follows, beside a second one.

    Parameters
    ----------
    drugs : sequence of str
        The menu, names of `widgets.drugs()`, each with a usual dose.
    title : str
        Stands in the lab's head.
    name : str
        Names the lab in its permalink and its CSV file; unique on a page.
    start : str or (str, float)
        The medicine it opens with, and its dose in mg a day; the first, at its lowest usual dose, if left out.
    compare : str, (str, float) or None
        The second medicine; None shows one alone.
    targets : sequence of str
        Rows of the fingerprint, of `widgets.medicines.dosing.ROWS`; all that any of the medicines is known to touch
        if left out.
    terminals : sequence of str
        Which terminals are drawn, of "serotonin", "norepinephrine", "dopamine" and "dopamine_prefrontal".
    presets : dict
        Buttons, {"Lowest usual doses": {"drug": "venlafaxine", "dose": 75}}; also other_drug and other_dose.
    predict : Predict
        Locks the lab until the reader has guessed; it then opens with a first dose of nothing. Its output is a target
        (choices in per cent occupied) or a terminal (choices as multiples of rest); its scenario names drug and dose.
    panels : sequence of Panel or dict
        What else is drawn, as in `SynapseLab`.

    `lab.spec` is all of it as the page reads it (`widgets.labs.spec.LabSpec`).
    `lab.values` is what is chosen, `lab.set(...)` changes it (and opens a lab that waits for a prediction);
    `lab.occupancies()` and `lab.levels()` are the numbers drawn. Raises ValueError, naming the value, the
    allowed range and the fix, for anything that cannot be shown.
    """

    def __init__(
        self,
        drugs: Sequence[str],
        title: str | None = None,
        name: str = "medicines",
        start: str | tuple[str, float] | None = None,
        compare: str | tuple[str, float] | None = None,
        targets: Sequence[str] | None = None,
        terminals: Sequence[str] = ("serotonin", "norepinephrine", "dopamine"),
        presets: Mapping[str, Mapping] | None = None,
        predict: Predict | None = None,
        panels: Sequence[Panel | Mapping] = (),
    ):
        if isinstance(drugs, str) or not isinstance(drugs, Sequence) or not drugs:
            raise ValueError(f"drugs is a list of names, such as ['venlafaxine', 'duloxetine']; got {drugs!r}.")
        first = _pair(start, drugs[0])
        second = _pair(compare, None) if compare is not None else None
        compared = [second[0]] if second else []
        self._menu = Menu(list(dict.fromkeys([*drugs, first[0], *compared])), targets)
        self.drugs, self.targets = self._menu.drugs, self._menu.targets
        self.terminals = _known(terminals)
        self.models = [terminal(each) for each in self.terminals]
        self.name = lab_name(name, self.models)
        self._sides = [Side(letter=letter, drug=drug, dose=dose) for letter, drug, dose in SIDES[: 2 if second else 1]]
        opened = {"drug": first[0], "dose": self._menu.dose(*first)}
        if second:
            opened |= {"other_drug": second[0], "other_dose": self._menu.dose(*second)}
        if predict is not None:
            # The bars would give the answer away: until the reader has guessed, nothing is taken.
            opened["dose"] = 0.0
        self.spec = self._assembled(opened, title, presets or {}, predict, further_panels(panels))
        self.view = LabView.showing(self.spec)
        self._inputs = Inputs(self.spec, self.view)
        self.menus, self.sliders = self._inputs.of("choice"), self._inputs.of("number")
        self._links = self._inputs.links
        super().__init__([self.view, self._inputs.box], _dom_classes=("synapse-lab", "drug-lab"))

    # -- what is drawn, in the kernel --------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, str | float]:
        """The present setting of each control, by name, as `set` takes it: a medicine's name, its dose in mg a day.

        The controls are drug and dose and, where two are compared, other_drug and other_dose.
        """
        found = {}
        for side in self._sides:
            found |= {side.drug: self.drugs[getattr(self.view, side.drug)], side.dose: getattr(self.view, side.dose)}
        return found

    @property
    def settings(self) -> dict[str, str | float]:
        """The same as `values`, under its earlier name."""
        return self.values

    def set(self, **values) -> None:
        """Choose from Python: `lab.set(drug="duloxetine", dose=60)`. Without a dose it gets its lowest usual one.

        A lab that waits for a prediction opens. Raises ValueError, and changes nothing, for an unknown drug or control,
        naming the nearest, or a dose above the drug's highest usual one.
        """
        self._inputs.show(self._numbers(self._wanted("set", values, self.values)))

    def occupancies(self) -> pd.DataFrame:
        """What the chosen doses occupy: a row a target, columns (drug, "occupancy") in 0..1 and (drug, "basis").

        NaN and "not known" where neither a measurement nor an affinity with a concentration is known.
        """
        columns = {}
        for drug, dose in self._chosen():
            found = {target: dose_response(drug, target) for target in self.targets}
            columns[drug, "occupancy"] = [f.occupancy(dose) if f else math.nan for f in found.values()]
            columns[drug, "basis"] = [f.basis if f else "not known" for f in found.values()]
        return pd.DataFrame(columns, index=pd.Index(self.targets, name="target"))

    def levels(self) -> pd.DataFrame:
        """Extracellular levels after 72 hours of the doses' occupancies, as multiples of rest: terminals by drug."""
        columns = {}
        for drug, dose in self._chosen():
            levels = []
            for name, model in zip(self.terminals, self.models, strict=True):
                run = model.simulate(hours=SPAN, points=2, **parameters_at(name, drug, dose))[LEVEL]
                levels.append(float(run.iloc[-1] / model.simulate(hours=SPAN, points=2)[LEVEL].iloc[-1]))
            columns[drug] = levels
        return pd.DataFrame(columns, index=pd.Index(self.terminals, name="terminal"))

    def _chosen(self) -> list[tuple[str, float]]:
        now = self.values
        pairs = [(now["drug"], now["dose"])]
        return pairs + ([(now["other_drug"], now["other_dose"])] if "other_drug" in now else [])

    def __repr__(self) -> str:
        return f"DrugLab({self.drugs!r}, name={self.name!r})"

    # -- making it ---------------------------------------------------------------------------------------------

    def _assembled(self, opened: Mapping, title, presets: Mapping, predict, further: list[Panel]) -> LabSpec:
        """All that does not change while the lab is shown. `opened`: what it opens with; the rest as given."""
        start = self._numbers(opened)
        presets = {
            words("the name of a preset", name): self._numbers(self._wanted(f"the preset {name!r}", values, opened))
            for name, values in presets.items()
        }
        kinetics, runs = load_model("oral_dose"), self._runs()
        return made(
            LabSpec,
            f"lab {self.name!r}",
            title=words("title", title) if title is not None else "What a dose occupies, and what follows",
            name=self.name,
            models=[
                *(model_spec(model, messenger_of(model.name), TERMINAL_ROWS[model.name].name) for model in self.models),
                model_spec(kinetics, messenger_of(kinetics.name)),
            ],
            runs=runs,
            clock=Clock(span=SPAN),
            drive=MedicineDrive(
                medicines=[self._menu.medicine(each) for each in self.drugs],
                sides=self._sides,
                effects=[*(EFFECTS[each] for each in self.terminals), {}],
                kinetics=len(self.models),
            ),
            controls=[control for side in self._sides for control in self._controls(side, start)],
            outputs=self._outputs(reads(further, runs, [*self.models, kinetics]), kinetics),
            main=LEVEL,
            start=start,
            presets=presets,
            prediction=self._prediction(predict, opened) if predict is not None else None,
            numbers=[Column(run=run, outputs=[LEVEL]) for runs in self._places()[:-1] for run in runs],
            panels=in_order([*self._panels(), *further]),
        )

    def _runs(self) -> list[RunSpec]:
        """For each terminal a run for each side; then, for each side, its medicine in the blood."""
        compared = len(self._sides) > 1
        sides = [(place, side.letter if compared else "") for place, side in enumerate(self._sides)]
        runs = [RunSpec(model=k, side=side, name=name) for k in range(len(self.models)) for side, name in sides]
        # One tablet more than there are days: the last one is due as the chart ends.
        tablets = {"doses": DAYS + 1.0, "dose": 1.0}
        return runs + [
            RunSpec(model=len(self.models), side=side, name=name, held=tablets, span=24.0 * DAYS)
            for side, name in sides
        ]

    def _places(self) -> list[list[int]]:
        """Places in the runs: for each terminal, and last for the blood, one for each side."""
        sides = len(self._sides)
        return [list(range(k * sides, (k + 1) * sides)) for k in range(len(self.models) + 1)]

    def _outputs(self, read: list[list[str]], kinetics: Model) -> list[dict[str, OutputSpec]]:
        """For each model the words of its outputs. `read`: those that further panels read of each."""
        *terminals, blood = read
        found = []
        for model, more in zip(self.models, terminals, strict=True):
            names = names_of(messenger_of(model.name), TERMINAL_ROWS[model.name].name)
            found.append(words_of(model, names, [LEVEL, *more]))
        return [*found, words_of(kinetics, {}, [CONCENTRATION, *blood])]

    def _controls(self, side: Side, opened: Mapping) -> list[ControlSpec]:
        """A menu of medicines, and a slider of doses whose range is that of the medicine chosen."""
        letter = side.letter if len(self._sides) > 1 else ""
        ranges = [self._menu.range(each, letter) for each in self.drugs]
        place = int(opened[side.drug])
        own = ranges[place]
        menu = ChoiceControl(
            name=side.drug,
            label=f"Medicine {letter}".strip(),
            options=[each.capitalize() for each in self.drugs],
            names=list(self.drugs),
            values=[float(each) for each in range(len(self.drugs))],
            rest=place,
            phrases=list(self.drugs),
        )
        dose = NumberControl(
            name=side.dose,
            label=own.label,
            minimum=0.0,
            maximum=own.maximum,
            step=own.step,
            rest=0.0,
            unit="mg a day",
            low="none",
            high=own.high,
            landmarks=own.landmarks,
            shown=[(0.0, "none")],
            phrase=own.phrase,
            said=own.said,
            marker="tablets begin",
            follows=Follows(control=side.drug, ranges=ranges),
        )
        return [menu, dose]

    def _panels(self) -> list[Panel]:
        *terminals, blood = self._places()
        shown = [FINGERPRINT[target] for target in self.targets]
        rows = [
            Row(
                target=each.key,
                label=each.label,
                note=each.note,
                hue=each.hue.replace("_", "-"),
                aim=each.group in INTENDED,
            )
            for each in shown
        ]
        return [
            Fingerprint(rows=rows, error=round(typical_error() / 100, 2)),
            Concentration(runs=blood, days=DAYS),
            Facts(),
            Terminals(title="What follows outside the terminals", output=LEVEL, runs=terminals),
            Sentence(speaker="doses"),
            Table(),
            File(),
        ]

    def _prediction(self, predict, opened: Mapping) -> PredictionSpec:
        if not isinstance(predict, Predict):
            raise ValueError(f"predict is a Predict(question, choices, scenario, output); got {predict!r}.")
        options = [*self.targets, *self.terminals]
        if predict.output not in options:
            raise ValueError(
                f"The prediction's output is a target or a terminal of this lab; got {predict.output!r}."
                f"{nearest(predict.output, options)} Choose from {listed(options)}."
            )
        scenario = self._wanted("the prediction's scenario", predict.scenario, opened)
        if predict.output not in self.targets:
            run = self._places()[self.terminals.index(predict.output)][0]
            return predict.asked(self._numbers(scenario), of="run", run=run, output=LEVEL)
        if dose_response(scenario["drug"], predict.output) is None:
            raise ValueError(
                f"What {scenario['drug']} occupies of {predict.output} is not known; ask of another target."
            )
        return predict.asked(self._numbers(scenario), of="target", output=predict.output, absolute=True)

    def _wanted(self, what: str, given, base: Mapping) -> dict:
        """Settings by name, what is left out as in `base`; a medicine without a dose has its lowest usual one."""
        if not isinstance(given, Mapping):
            raise ValueError(f"{what} is a dict such as {{'drug': {self.drugs[0]!r}, 'dose': 20}}; got {given!r}.")
        names = [name for side in self._sides for name in (side.drug, side.dose)]
        for key in given:
            if key not in names:
                raise ValueError(f"{what} names {key!r}.{nearest(key, names)} Choose from {listed(names)}.")
        wanted = dict(base)
        for side in self._sides:
            if side.drug in given:
                wanted[side.drug] = given[side.drug]
                wanted[side.dose] = self._menu.dose(given[side.drug], given.get(side.dose))
            elif side.dose in given:
                wanted[side.dose] = self._menu.dose(wanted[side.drug], given[side.dose])
        return wanted

    def _numbers(self, settings: Mapping) -> dict[str, float]:
        """Settings as the spec holds them: a drug is its place in the menu."""
        return {k: float(self.drugs.index(v)) if isinstance(v, str) else float(v) for k, v in settings.items()}


def _known(terminals: Sequence[str]) -> list[str]:
    for each in terminals:
        if each not in TERMINALS:
            raise ValueError(
                f"There is no terminal {each!r}.{nearest(each, TERMINALS)} Choose from {listed(TERMINALS)}."
            )
    return list(terminals)


def _pair(given, default: str | None) -> tuple[str, float | None]:
    if given is None:
        return default, None
    if isinstance(given, str):
        return given, None
    if isinstance(given, Sequence) and len(given) == 2:
        return given[0], given[1]
    raise ValueError(f"A medicine is a name or a pair of name and dose, such as ('venlafaxine', 75); got {given!r}.")
