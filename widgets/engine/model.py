"""One model, written once: Antimony text in, and out of it the kernel's function, the page's JavaScript,
the printed equations and SBML.

    from widgets import load_model
    serotonin = load_model("serotonin")
    serotonin.simulate(hours=24, reuptake_inhibition=0.8)["extracellular"]

A model is a text file in `widgets/models`, in Antimony (https://tellurium.readthedocs.io/en/latest/antimony.html).
Each line that sets something says in a comment what it is, so that the file can be read aloud and no number
stands without its source:

    extracellular = 0.06 uM      // serotonin outside the cell
    k_leak = 1 per_hour          // leak from vesicles into the cytosol | published | best2020autoreceptor
    firing_rate = 1 dimensionless  // firing rate relative to rest | control | 0..5
    release: vesicular -> extracellular; k_release*vesicular  // release by firing

A constant's comment is `meaning | status | source`. Status is `published` (source: a key in references.bib),
`calibrated` (source: the published result it was fitted to), `assumed` (source: why this value) or `control`
(a slider; source: its range). See `Model` for what comes out.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from widgets.checks import counted, nearest
from widgets.engine import composition, constants, javascript, latex, results, sbml, settling, simulation
from widgets.engine.answers import MODELS
from widgets.engine.constants import STATUSES, Constant
from widgets.engine.equations import Equations
from widgets.engine.reading import Reading, head
from widgets.engine.schedules import Schedule

__all__ = ["MODELS", "STATUSES", "Model", "available", "load_model"]


class Model:
    """A model of a synapse: its levels (species), what follows from them (assignments), its reactions and constants.

    Made by `load_model(name)` or `Model.from_antimony(text)`; see the module's docstring for the text.
    Concentrations are in the units the text gives (the book's models: µM), time in hours or milliseconds.

    Attributes
    ----------
    name : str
    time_unit : "hour" or "millisecond"
    species, assignments, reactions : list of str, in the order of the text
    switches : list of str, the last of the species: what only events change, such as the number of tablets taken
    events : list of widgets.engine.events.Event
    units, meanings : dict, from each species, assignment and reaction to its unit and to what it is
    constants : dict of str to widgets.engine.constants.Constant, in the order of `parameters`
    schedules : dict of str to widgets.engine.schedules.Schedule: what a run may be given as times with amounts
    system : widgets.engine.equations.Equations
    strict : bool, whether the text was held to the book's own rules
    reading : widgets.engine.reading.Reading, what the text says
    """

    def __init__(self, text: str, *, strict: bool = True):
        self._text, _ = composition.whole(text, MODELS)
        self.strict = strict
        self.reading = Reading(self._text, strict=strict)
        self.name, self.time_unit = self.reading.name, self.reading.time_unit
        self.units, self.meanings = self.reading.units, self.reading.meanings
        self.system: Equations = self.reading.system
        self.species, self.switches = self.system.species, self.system.switches
        self.assignments, self.reactions = self.system.assignments, self.system.reactions
        self.constants: dict[str, Constant] = self.system.constants
        self.schedules: dict[str, Schedule] = self.system.schedules
        self.events = self.system.events

    @classmethod
    def from_antimony(cls, text: str, *, strict: bool = True) -> Model:
        """A model from Antimony text.

        strict : with True, each constant must carry unit, meaning, status and source in its comment, as in the
            book's own models. With False these may be missing, so that any Antimony model can be explored in a lab:
            such a constant counts as `assumed`, and a model without a steady state starts from its written levels.

        Raises ValueError with Antimony's own message and line if the text cannot be read.
        """
        if not isinstance(text, str):
            raise ValueError(f"Antimony text must be a string, not {type(text).__name__}.")
        return cls(text, strict=strict)

    def __repr__(self) -> str:
        return (
            f"Model({self.name!r}: {len(self.species)} species, {counted(len(self.reactions), 'reaction')}, "
            f"{counted(len(self.constants), 'constant')}, time in {self.time_unit}s)"
        )

    # -- what the model is ---------------------------------------------------------------------------------

    @property
    def description(self) -> str:
        """The comment at the head of the text: what the model is, its source, what was changed and left out."""
        return head(self._text)

    @cached_property
    def _table(self) -> pd.DataFrame:
        return constants.table(self.constants)

    @property
    def parameters(self) -> pd.DataFrame:
        """Every constant: name, value, unit, meaning, source, status, minimum, maximum, control.

        `source` is a key in references.bib (status published), the result fitted to (calibrated) or the reason
        (assumed). `control` marks what the labs' sliders set. A copy: changing it does not change the model.
        """
        return self._table.copy()

    @property
    def controls(self) -> list[str]:
        """Names of the constants that sliders set."""
        return [name for name, constant in self.constants.items() if constant.control]

    @cached_property
    def baseline(self) -> pd.Series:
        """Levels of the species before anything is changed: the steady state at the default constants.

        A model whose rates depend on time starts from the levels written in its text.
        """
        return pd.Series(settling.baseline(self), index=self.species)

    @property
    def rest(self) -> pd.Series:
        """`baseline` and the assignments that follow from it; `attrs["units"]` holds the units."""
        return results.series(self, self.baseline.to_numpy(), self.system.defaults)

    # -- running -------------------------------------------------------------------------------------------

    def simulate(self, *, hours=None, milliseconds=None, points=300, start=None, **changes) -> pd.DataFrame:
        """See `widgets.engine.simulation.simulate`."""
        return simulation.simulate(self, hours=hours, milliseconds=milliseconds, points=points, start=start, **changes)

    def steady_state(self, **changes) -> pd.Series:
        """See `widgets.engine.simulation.steady_state`."""
        return simulation.steady_state(self, **changes)

    def fluxes(self, **changes) -> pd.Series:
        """See `widgets.engine.simulation.fluxes`."""
        return simulation.fluxes(self, **changes)

    def scan(self, parameter: str, values, **changes) -> pd.DataFrame:
        """See `widgets.engine.simulation.scan`."""
        return simulation.scan(self, parameter, values, **changes)

    # -- writing -------------------------------------------------------------------------------------------

    def equations(self, *names: str) -> latex.Latex:
        """The model's equations in LaTeX: levels, then rates, then what follows from them.

        names : species, reactions or assignments whose equations to give; all of them if none is named.
        The result is a str that a notebook typesets. For the equations themselves, see `system`.
        """
        return latex.equations(self, *names)

    def to_sbml(self, **schedules) -> str:
        """The model as SBML (Level 3 Version 2), for COPASI, Tellurium and others.

        Levels start at the model's resting state. Every level, constant and reaction carries its meaning as its name,
        and every constant its status and source as notes; rates are multiplied by the compartment (size 1), since
        SBML counts amounts and the text concentrations.

        schedules : lists of (time, amount) for the model's schedules, by name, as in `simulate`. Each entry becomes an
            event of its own. Without any, the events that wait for a schedule are there and never happen.
        """
        return sbml.document(self, schedules)

    def to_antimony(self) -> str:
        """The model's text, as it is written: the one source of everything else."""
        return self._text

    def to_javascript(self) -> str:
        """The model as an ES module, for the page.

        It exports name, timeUnit, species, assignments, reactions, parameters (each constant in order, as
        {name, value, unit, meaning, status, source, min, max, control}), baseline (the species' levels at rest),
        amounts (which of them cannot be negative) and three functions of (t, y, p, result) that fill their last
        argument without allocating: rhs (dy/dt), jacobian (row-major, J[i*n + j] = d rhs_i / d y_j) and observe
        (assignments, then reaction rates).

        A model with events also exports events (their names), atStart, places (for each event, which species it sets),
        waitsForLevel and three more functions of the same form: times (when each is due), gaps (what crosses zero
        upwards when each happens) and values (the new values of all events, one event after another).

        A model with schedules also exports schedules (a list of {name, unit, meaning, min, max, replaces, most});
        times, gaps and values then take one argument more, the amounts of the schedules now, in that order: zero but
        at a schedule's moments.
        """
        return self._javascript

    @cached_property
    def _javascript(self) -> str:
        """Written once: most of the time that it takes to make a lab goes into it."""
        return javascript.module(self)


@lru_cache(maxsize=32)
def _load(path: Path, modified: tuple[int, ...], strict: bool) -> Model:
    return Model(path.read_text(encoding="utf-8"), strict=strict)


def _modified(path: Path) -> tuple[int, ...]:
    """When a text and those it is based on were last written."""
    _, bases = composition.whole(path.read_text(encoding="utf-8"), MODELS)
    return tuple(p.stat().st_mtime_ns for p in (path, *bases))


def available() -> list[str]:
    """Names of the book's models."""
    return sorted(path.stem for path in MODELS.glob("*.ant"))


def load_model(name: str | Path, *, variant: str | None = None, strict: bool = True) -> Model:
    """One of the book's models by name ("serotonin"), or a reader's own by the path of its .ant file.

    variant : the same model somewhere else; `load_model("dopamine", variant="prefrontal")` is "dopamine_prefrontal".

    The model is read once and kept. `strict` is as in `Model.from_antimony`.
    Raises ValueError for an unknown name (naming the nearest), a missing file or a text Antimony cannot read.
    """
    if not isinstance(name, (str, Path)) or not str(name):
        raise ValueError(f"A model is chosen by its name, one of {', '.join(available())}; got {name!r}.")
    if variant is not None:
        variants = [n.removeprefix(f"{name}_") for n in available() if n.startswith(f"{name}_")]
        if variant not in variants:
            raise ValueError(
                f"Model {str(name)!r} has no variant {variant!r}.{nearest(variant, variants)} "
                f"Its variants: {', '.join(variants) or 'none'}."
            )
        name = f"{name}_{variant}"
    path = Path(name)
    if path.suffix != ".ant":
        if str(name) not in available():
            raise ValueError(
                f"Unknown model {str(name)!r}.{nearest(name, available())} "
                f"Models: {', '.join(available())}; or give the path of an .ant file."
            )
        path = MODELS / f"{name}.ant"
    if not path.is_file():
        raise ValueError(f"There is no model file {str(path)!r}.")
    return _load(path.resolve(), _modified(path), strict)
