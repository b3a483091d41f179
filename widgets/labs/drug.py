"""DrugLab: a medicine and its dose, what it occupies, and what follows at three terminals, beside a second medicine.

    DrugLab(["venlafaxine", "duloxetine", "milnacipran"], start=("venlafaxine", 75), compare="duloxetine")

A lab like the others: ipywidgets' menus and sliders, joined in the browser to one `LabView`, alive without a kernel.
Doses are context for reading a study, never advice. What a dose occupies comes from
`widgets.medicines.dosing`; the terminals are the book's models, the concentration its model `oral_dose`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import ipywidgets
import pandas as pd
import traitlets

from widgets.engine.model import load_model
from widgets.figures.fingerprint import hue
from widgets.labs.synapse import (
    Control,
    LabView,
    Predict,
    Transmitter,
    _control_trait,
    _lab_name,
    _list,
    _model_trait,
    _nearest,
    _number,
    _output_words,
    _text,
    _transmitter,
    slider,
)
from widgets.medicines import tables
from widgets.medicines.dosing import AFFINITY, ROWS, concentration_per_mg, dose_response

SPAN = 72.0
"""Hours that the terminals run with the dose's mean occupancy."""
DAYS = 10
"""Days of daily tablets in the chart of the concentration."""

TERMINALS = ("serotonin", "norepinephrine", "dopamine", "dopamine_prefrontal")
# What each occupied target does at each terminal: a parameter of its model, and whether the medicine takes it away.
EFFECTS = {
    "serotonin": {"reuptake_inhibition": "SERT", "mao_a_inhibition": "MAO-A", "mao_b_inhibition": "MAO-B"},
    "norepinephrine": {
        "reuptake_inhibition": "NET",
        "mao_a_inhibition": "MAO-A",
        "mao_b_inhibition": "MAO-B",
        "autoreceptor_gain": "-alpha2",
    },
    "dopamine": {
        "reuptake_inhibition": "DAT",
        "mao_a_inhibition": "MAO-A",
        "mao_b_inhibition": "MAO-B",
        "d2_occupancy": "D2",
    },
    "dopamine_prefrontal": {
        "reuptake_inhibition": "DAT",
        "net_inhibition": "NET",
        "mao_a_inhibition": "MAO-A",
        "mao_b_inhibition": "MAO-B",
    },
}

# What a target is, in a few words under its name. Where it is the aim of a medicine, its names in the nomenclature
# (column mode_of_action of drugs.csv) say so; otherwise what blocking it is known for stands here.
NOTES = {
    "SERT": "takes serotonin back",
    "NET": "takes norepinephrine back",
    "DAT": "takes dopamine back",
    "MAO-A": "breaks monoamines down",
    "MAO-B": "breaks monoamines down",
    "alpha2": "brake on norepinephrine",
    "5-HT1A": "serotonin receptor, also a brake",
    "5-HT1B": "serotonin receptor, also a brake",
    "5-HT2A": "serotonin receptor",
    "5-HT2C": "serotonin receptor",
    "5-HT3": "serotonin receptor, nausea",
    "5-HT7": "serotonin receptor",
    "MT1": "melatonin receptor",
    "MT2": "melatonin receptor",
    "D2": "dopamine receptor",
    "H1": "histamine: blocked, drowsiness and appetite",
    "M1": "acetylcholine: blocked, dry mouth, slow gut",
    "alpha1": "blood vessels: blocked, dizzy on standing",
}


class DrugView(LabView):
    """The drawn part of a DrugLab. `drug` and `other_drug` are places in `medicines`."""

    medicines = traitlets.List(traitlets.Dict()).tag(sync=True)
    rows = traitlets.List(traitlets.Dict(), help="The fingerprint's rows").tag(sync=True)
    effects = traitlets.List(traitlets.Dict(), help="For each terminal: parameter -> target").tag(sync=True)
    kinetics = traitlets.Unicode(help="The model of a medicine by mouth").tag(sync=True)
    days = traitlets.Int(DAYS).tag(sync=True)
    comparing = traitlets.Bool(True).tag(sync=True)
    drug = traitlets.Int(0).tag(sync=True)
    other_drug = traitlets.Int(0).tag(sync=True)
    dose_max = traitlets.Float(100.0).tag(sync=True)
    dose_step = traitlets.Float(1.0).tag(sync=True)
    other_dose_max = traitlets.Float(100.0).tag(sync=True)
    other_dose_step = traitlets.Float(1.0).tag(sync=True)


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

    `lab.settings` is what is chosen, `lab.set(...)` changes it, `lab.occupancies()` and `lab.levels()` are the numbers
    drawn. Raises ValueError, naming the value, the allowed range and the fix, for anything that cannot be shown.
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
    ):
        if isinstance(drugs, str) or not isinstance(drugs, Sequence) or not drugs:
            raise ValueError(f"drugs is a list of names, such as ['venlafaxine', 'duloxetine']; got {drugs!r}.")
        first = _pair(start, drugs[0])
        second = _pair(compare, None) if compare is not None else None
        self.drugs = list(dict.fromkeys([*drugs, first[0], *([second[0]] if second else [])]))
        self._facts = {each: tables.drug(each) for each in self.drugs}
        for each, facts in self._facts.items():
            if math.isnan(facts["dose_low_mg"]):
                raise ValueError(
                    f"{each} has no usual dose in drugs.csv; leave it out of the lab or add its dose there."
                )
        self.terminals = list(terminals)
        for terminal in self.terminals:
            if terminal not in TERMINALS:
                raise ValueError(
                    f"There is no terminal {terminal!r}.{_nearest(terminal, TERMINALS)} Choose from {_list(TERMINALS)}."
                )
        self.targets = self._targets(targets)
        self.models = [_terminal(terminal) for terminal in self.terminals]
        opened = {"drug": first[0], "dose": self._dose(*first)}
        if predict is not None:
            # The bars would give the answer away: until the reader has guessed, nothing is taken.
            opened["dose"] = 0.0
        other = second or first
        opened |= {"other_drug": other[0], "other_dose": self._dose(*other)}
        messengers = [_transmitter(model) for model in self.models]
        self.name = _lab_name(name, self.models)
        controls = [self._control("dose", opened["drug"], "A" if second else "", opened["dose"])]
        if second:
            controls.append(self._control("other_dose", opened["other_drug"], "B", opened["other_dose"]))
        kinetics = load_model("oral_dose")
        self.view = DrugView.of(
            {"dose": opened["dose"], "other_dose": opened["other_dose"]},
            title=_text("title", title) if title is not None else "What a dose occupies, and what follows",
            lab_name=self.name,
            models=[_model_trait(m, _named(t, m)) for m, t in zip(self.models, messengers, strict=True)],
            controls=[_control_trait(control, 0.0) for control in controls],
            outputs=[
                {"extracellular": _output_words(m, _named(t, m), "extracellular", {})}
                for m, t in zip(self.models, messengers, strict=True)
            ],
            span=SPAN,
            main="extracellular",
            main_title="What follows outside the terminals",
            start=self._numbers(opened),
            presets={
                _text("the name of a preset", words): self._numbers(
                    self._settings(f"the preset {words!r}", values, opened)
                )
                for words, values in (presets or {}).items()
            },
            prediction=self._prediction(predict, opened) if predict is not None else None,
            scene=False,
            locked=predict is not None,
            medicines=[self._medicine(each) for each in self.drugs],
            rows=[self._row(target) for target in self.targets],
            effects=[EFFECTS[terminal] for terminal in self.terminals],
            kinetics=kinetics.to_javascript(),
            comparing=second is not None,
            drug=self.drugs.index(opened["drug"]),
            other_drug=self.drugs.index(opened["other_drug"]),
            **{f"{control.name}_max": control.maximum for control in controls},
            **{f"{control.name}_step": control.step for control in controls},
        )
        self.menus = {"drug": self._menu("drug", "Medicine A" if second else "Medicine", opened["drug"])}
        if second:
            self.menus["other_drug"] = self._menu("other_drug", "Medicine B", opened["other_drug"])
        self.sliders = {c.name: slider(c, opened[c.name], self.view.locked) for c in controls}
        self._links = []
        for trait, each in self.sliders.items():
            self._links += [
                ipywidgets.jslink((each, "value"), (self.view, trait)),
                # The page sets both when another medicine is chosen: each has its own range of doses.
                ipywidgets.jsdlink((self.view, f"{trait}_max"), (each, "max")),
                ipywidgets.jsdlink((self.view, f"{trait}_step"), (each, "step")),
            ]
        # A menu's value is not synchronised, its index is.
        self._links += [ipywidgets.jslink((menu, "index"), (self.view, trait)) for trait, menu in self.menus.items()]
        self._links += [
            ipywidgets.jsdlink((self.view, "locked"), (each, "disabled"))
            for each in (*self.sliders.values(), *self.menus.values())
        ]
        pairs = zip(self.menus.values(), self.sliders.values(), strict=True)
        box = ipywidgets.Box([each for pair in pairs for each in pair], _dom_classes=("lab-controls",))
        super().__init__([self.view, box], _dom_classes=("synapse-lab", "drug-lab"))

    # -- what is drawn, in the kernel --------------------------------------------------------------------------

    @property
    def settings(self) -> dict:
        """What is chosen: drug, dose in mg a day, and, where two are compared, other_drug and other_dose."""
        found = {"drug": self.drugs[self.view.drug], "dose": self.view.dose}
        if self.view.comparing:
            found |= {"other_drug": self.drugs[self.view.other_drug], "other_dose": self.view.other_dose}
        return found

    def set(self, **settings) -> None:
        """Choose from Python: `lab.set(drug="duloxetine", dose=60)`. Without a dose it gets its lowest usual one.

        Raises ValueError for an unknown drug, naming the nearest, or a dose above the drug's highest usual one.
        """
        wanted = self._settings("set", settings, self.settings)
        for trait in ("drug", "other_drug"):
            if trait not in self.menus:
                continue
            dose = trait.replace("drug", "dose")
            limit, step = self._highest(wanted[trait]), self._step(wanted[trait])
            self.sliders[dose].max = max(limit, self.sliders[dose].value)
            setattr(self.view, f"{dose}_max", limit)
            setattr(self.view, f"{dose}_step", step)
            self.menus[trait].index = self.drugs.index(wanted[trait])
            setattr(self.view, trait, self.drugs.index(wanted[trait]))
            self.sliders[dose].value = wanted[dose]
            self.sliders[dose].max, self.sliders[dose].step = limit, step
            setattr(self.view, dose, wanted[dose])

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
            for terminal, model in zip(self.terminals, self.models, strict=True):
                run = model.simulate(hours=SPAN, points=2, **parameters_at(terminal, drug, dose))["extracellular"]
                levels.append(float(run.iloc[-1] / model.simulate(hours=SPAN, points=2)["extracellular"].iloc[-1]))
            columns[drug] = levels
        return pd.DataFrame(columns, index=pd.Index(self.terminals, name="terminal"))

    def _chosen(self) -> list[tuple[str, float]]:
        now = self.settings
        pairs = [(now["drug"], now["dose"])]
        return pairs + ([(now["other_drug"], now["other_dose"])] if "other_drug" in now else [])

    def __repr__(self) -> str:
        return f"DrugLab({self.drugs!r}, name={self.name!r})"

    # -- making it ---------------------------------------------------------------------------------------------

    def _highest(self, drug: str) -> float:
        return float(self._facts[drug]["dose_high_mg"])

    def _step(self, drug: str) -> float:
        return _dose_step(float(self._facts[drug]["dose_low_mg"]), self._highest(drug))

    def _dose(self, drug: str, dose: float | None) -> float:
        if drug not in self._facts:
            raise ValueError(
                f"{drug!r} is not in this lab.{_nearest(drug, self.drugs)} Choose from {_list(self.drugs)}."
            )
        if dose is None:
            return float(self._facts[drug]["dose_low_mg"])
        value, highest = _number(f"the dose of {drug}", dose), self._highest(drug)
        if not 0 <= value <= highest:
            fix = min(max(value, 0), highest)
            raise ValueError(
                f"The dose of {drug} must be between 0 and {highest:g} mg a day, its highest usual dose; "
                f"got {value:g}. Use {fix:g} or another value in that range."
            )
        return value

    def _settings(self, what: str, given, base: Mapping) -> dict:
        if not isinstance(given, Mapping):
            raise ValueError(f"{what} is a dict such as {{'drug': {self.drugs[0]!r}, 'dose': 20}}; got {given!r}.")
        known = ("drug", "dose", "other_drug", "other_dose")
        for key in given:
            if key not in known or key not in base:
                names = [name for name in known if name in base]
                raise ValueError(f"{what} names {key!r}.{_nearest(key, names)} Choose from {_list(names)}.")
        wanted = dict(base)
        for trait in ("drug", "other_drug"):
            dose = trait.replace("drug", "dose")
            if trait in given:
                wanted[trait] = given[trait]
                wanted[dose] = self._dose(given[trait], given.get(dose))
            elif dose in given:
                wanted[dose] = self._dose(wanted[trait], given[dose])
        return wanted

    def _numbers(self, settings: Mapping) -> dict[str, float]:
        """Settings as the page's traits: a drug is its place in the menu."""
        return {k: float(self.drugs.index(v)) if isinstance(v, str) else float(v) for k, v in settings.items()}

    def _targets(self, given) -> list[str]:
        if given is None:
            return [row for row in ROWS if any(dose_response(each, row) is not None for each in self.drugs)]
        for target in given:
            if target not in ROWS:
                raise ValueError(f"There is no row {target!r}.{_nearest(target, ROWS)} Choose from {_list(ROWS)}.")
        return list(given)

    def _control(self, name: str, drug: str, letter: str, dose: float) -> Control:
        low, high = float(self._facts[drug]["dose_low_mg"]), self._highest(drug)
        return Control(
            name,
            label=f"Dose of {letter}, {drug}" if letter else f"Dose of {drug}",
            minimum=0.0,
            maximum=high,
            step=_dose_step(low, high),
            unit="mg a day",
            low="none",
            high=f"{high:g} mg",
            landmarks={low: "lowest usual dose"} if low < 0.8 * high else {},
            shown={0.0: "none"},
            phrase="{value}",
            said={0.0: "none of it"},
            marker="tablets begin",
        )

    def _menu(self, trait: str, label: str, chosen: str) -> ipywidgets.Dropdown:
        menu = ipywidgets.Dropdown(
            options=[each.capitalize() for each in self.drugs],
            index=self.drugs.index(chosen),
            description=label,
            disabled=self.view.locked,
            style={"description_width": "initial"},
        )
        menu.add_class(f"lab-menu-{trait}")
        menu.add_class("lab-menu")
        return menu

    def _medicine(self, name: str) -> dict:
        """One medicine as the page reads it."""
        facts = self._facts[name]
        found = {target: dose_response(name, target) for target in self.targets}
        concentration = concentration_per_mg(name)
        half_life = float(facts["half_life_h"])
        low, high = float(facts["dose_low_mg"]), self._highest(name)
        return {
            "name": name,
            "low": low,
            "high": high,
            "step": _dose_step(low, high),
            "half_life": None if math.isnan(half_life) else half_life,
            "concentration": None if math.isnan(concentration) else concentration,
            "facts": [
                ["Acts on", str(facts["pharmacology"])],
                ["How", str(facts["mode_of_action"])],
                ["Usual range", f"{low:g} mg a day" if low == high else f"{low:g} to {high:g} mg a day"],
                ["Half-life", _hours(half_life)],
                ["Active metabolite", _metabolite(facts)],
            ],
            "aims": [target for target in self.targets if _aims_at(str(facts["mode_of_action"]), target)],
            "targets": {
                target: {
                    "maximum": f.maximum,
                    "half": f.half_dose_mg,
                    "basis": "from affinity" if f.basis == AFFINITY else "measured",
                    "bound": f.bound,
                }
                for target, f in found.items()
                if f is not None
            },
        }

    def _row(self, target: str) -> dict:
        return {
            "target": target,
            "label": target.replace("alpha", "α"),
            "note": NOTES[target],
            "hue": hue(ROWS[target][0]).replace("_", "-"),
        }

    def _prediction(self, predict: Predict, opened: Mapping) -> dict:
        if not isinstance(predict, Predict):
            raise ValueError(f"predict is a Predict(question, choices, scenario, output); got {predict!r}.")
        options = [*self.targets, *self.terminals]
        if predict.output not in options:
            raise ValueError(
                f"The prediction's output is a target or a terminal of this lab; got {predict.output!r}."
                f"{_nearest(predict.output, options)} Choose from {_list(options)}."
            )
        scenario = self._settings("the prediction's scenario", predict.scenario, opened)
        if predict.output in self.targets and dose_response(scenario["drug"], predict.output) is None:
            raise ValueError(
                f"What {scenario['drug']} occupies of {predict.output} is not known; ask of another target."
            )
        return {
            "question": predict.question,
            "choices": [{"text": words, "value": value} for words, value in predict.choices],
            "scenario": self._numbers(scenario),
            "output": predict.output,
            "absolute": predict.output in self.targets,
        }


def parameters_at(terminal: str, drug: str, dose_mg: float) -> dict[str, float]:
    """What a daily dose sets at a terminal: parameters of its model. Targets that are not known stay at rest."""
    settings = {}
    for parameter, target in EFFECTS[terminal].items():
        found = dose_response(drug, target.lstrip("-"))
        if found is not None:
            occupied = found.occupancy(dose_mg)
            settings[parameter] = 1 - occupied if target.startswith("-") else occupied
    return settings


def _terminal(name: str):
    model, _, variant = name.partition("_")
    return load_model(model, variant=variant) if variant else load_model(model)


def _named(messenger: Transmitter, model) -> Transmitter:
    """The prefrontal terminal says where it is."""
    if not model.name.endswith("_prefrontal"):
        return messenger
    return Transmitter(**{**vars(messenger), "name": "prefrontal dopamine"})


def _pair(given, default: str | None) -> tuple[str, float | None]:
    if given is None:
        return default, None
    if isinstance(given, str):
        return given, None
    if isinstance(given, Sequence) and len(given) == 2:
        return given[0], given[1]
    raise ValueError(f"A medicine is a name or a pair of name and dose, such as ('venlafaxine', 75); got {given!r}.")


def _dose_step(low: float, high: float) -> float:
    """A step in mg that lands on both ends of the usual range and makes some thirty steps of the whole."""
    steps = [m * 10.0**power for power in range(-2, 3) for m in (1, 1.25, 2, 2.5, 5, 7.5)]
    whole = [step for step in steps if all(abs(end / step - round(end / step)) < 1e-9 for end in (low, high))]
    fitting = [step for step in whole if 8 <= high / step <= 100] or whole or [high / 40]
    return min(fitting, key=lambda step: abs(math.log(high / step / 30)))


def _aims_at(mode: str, target: str) -> bool:
    """Whether a medicine's name in the nomenclature names a target: "reuptake inhibitor (SERT, NET)"."""
    return any(
        name in mode.replace("(", " ").replace(")", " ").replace(",", " ").split() for name in (target, *ROWS[target])
    )


def _hours(hours: float) -> str:
    if math.isnan(hours):
        return "no reliable value"
    return f"{hours:g} hours" if hours < 48 else f"{hours / 24:.2g} days"


def _metabolite(facts) -> str:
    if not facts["active_metabolite"]:
        return "none that counts"
    hours = float(facts["metabolite_half_life_h"])
    return str(facts["active_metabolite"]) + ("" if math.isnan(hours) else f", {_hours(hours)}")
