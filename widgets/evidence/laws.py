"""Laws that every model keeps at every setting of its sliders, written once: the tests draw hundreds of settings for
each, and the book shows the reader the same list.

    from widgets.evidence.laws import LAWS
    for law in LAWS:
        print(law.sentence, law.models)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from widgets.checks import listed, meant
from widgets.engine.model import Model, load_model

EXAMPLES = 500
"""How many random settings the tests draw for each law."""

MONOAMINES = ("serotonin", "dopamine", "dopamine_prefrontal", "norepinephrine")

PUMPS = ("reuptake_inhibition", "net_inhibition")
"""Controls that block a pump; dopamine has two, its own and that of norepinephrine."""
ENZYMES = ("mao_a_inhibition", "mao_b_inhibition")

# What leaves unchanged, and what leaves broken down.
_UNCHANGED = ("diffusion", "extra_uptake", "oxidation")
_SLACK = 1 + 1e-9
# Where nothing is released, what is left of a level is rounding error.
_NOTHING = 1e-15


@dataclass(frozen=True)
class Law:
    """A sentence and the check that stands for it.

    models : the models it is about.
    holds : check(model, settings, more) -> bool; settings are values of controls, more is a number 0..1 that says how
        much further the control the law is about is moved.
    controls : the controls that are drawn; all of the model's if empty.
    settled : whether it speaks of settled levels.
    """

    name: str
    sentence: str
    models: tuple[str, ...]
    holds: Callable[[Model, dict[str, float], float], bool]
    controls: tuple[str, ...] = ()
    settled: bool = True

    def ranges(self, model: str) -> dict[str, tuple[float, float]]:
        """What is drawn for a model: control -> (lowest, highest)."""
        table = load_model(model).parameters.query("control").set_index("name")
        names = self.controls or tuple(table.index)
        ranges = {n: (float(table.at[n, "minimum"]), float(table.at[n, "maximum"])) for n in names if n in table.index}
        if self.settled:
            # While bursts are still to come nothing has settled; with no precursor at all a terminal runs empty, and
            # shares of nothing are not defined.
            ranges.pop("bursts", None)
            ranges = {
                n: (max(low, 0.05) if n == "precursor_supply" else low, high) for n, (low, high) in ranges.items()
            }
        return ranges

    def try_out(self, model: str, n: int, seed: int = 0) -> int:
        """How many of `n` random settings keep the law (n of n, one hopes)."""
        rng = np.random.default_rng(seed)
        ranges = self.ranges(model)
        kept = 0
        for _ in range(n):
            settings = {name: rng.uniform(low, high) for name, (low, high) in ranges.items()}
            kept += bool(self.holds(load_model(model), settings, rng.uniform()))
        return kept


def law(name: str) -> Law:
    """A law of `LAWS` by its name. Raises ValueError, naming the nearest, for one that there is not."""
    found = {each.name: each for each in LAWS}
    if name not in found:
        raise ValueError(f"no law named {name!r}{meant(name, found)}; there are {listed(found)}")
    return found[name]


# -- the checks --------------------------------------------------------------------------------------------


def _fold(model: Model, **settings) -> float:
    return model.steady_state(**settings)["extracellular"] / model.baseline["extracellular"]


def _outputs(model: Model, settings) -> tuple[float, float]:
    """Metabolite lost, and transmitter lost unchanged, per hour."""
    fluxes = model.fluxes(**settings)
    return fluxes["metabolite_loss"], sum(fluxes.get(n, 0) for n in _UNCHANGED)


def _further(model: Model, settings: dict[str, float], name: str, more: float) -> dict[str, float]:
    top = model.constants[name].maximum
    return {**settings, name: settings[name] + more * (top - settings[name])}


def never_negative(model: Model, settings: dict[str, float], more: float) -> bool:
    """Over a day (or a hundred milliseconds), nothing that is an amount falls below zero."""
    run = model.simulate(
        **({"hours": 24} if model.time_unit == "hour" else {"milliseconds": 100}), points=49, **settings
    )
    amounts = [n for n in model.species if n in model.system.concentrations]
    return bool(np.isfinite(run.to_numpy()).all() and (run[amounts].to_numpy() >= 0).all())


def made_is_lost(model: Model, settings: dict[str, float], more: float) -> bool:
    """Once settled, synthesis equals breakdown and loss to one part in a million."""
    made = _made(model.fluxes(**settings))
    return math.isclose(sum(_outputs(model, settings)), made, rel_tol=1e-6)


def _made(fluxes) -> float:
    return fluxes["synthesis"]


def block_never_lowers(model: Model, settings: dict[str, float], more: float) -> bool:
    """More block of any pump that carries the messenger never lowers the settled level outside the cell."""
    before = model.steady_state(**settings)["extracellular"]
    after = (
        model.steady_state(**_further(model, settings, pump, more))["extracellular"]
        for pump in PUMPS
        if pump in settings
    )
    return all(level * _SLACK + _NOTHING >= before for level in after)


def mao_lowers_the_metabolites_share(model: Model, settings: dict[str, float], more: float) -> bool:
    """More block of either form of MAO never raises the share that leaves as metabolite."""
    lost, rest = _outputs(model, settings)
    for enzyme in ENZYMES:
        lost_after, rest_after = _outputs(model, _further(model, settings, enzyme, more))
        if lost_after / (lost_after + rest_after) > lost / (lost + rest) * _SLACK + 1e-12:
            return False
    return True


def both_exceed_each(model: Model, settings: dict[str, float], more: float) -> bool:
    """Pumps and MAO blocked together raise the level at least as far as either alone."""
    pumps = {name: settings[name] for name in PUMPS if name in settings}
    enzymes = {name: settings[name] for name in ENZYMES}
    return _fold(model, **pumps, **enzymes) * _SLACK >= max(_fold(model, **pumps), _fold(model, **enzymes))


def autoreceptor_restrains(model: Model, settings: dict[str, float], more: float) -> bool:
    """The more the autoreceptor answers to, the lower the settled level outside the cell."""
    before = model.steady_state(**settings)["extracellular"]
    after = model.steady_state(**_further(model, settings, "autoreceptor_gain", more))["extracellular"]
    return after <= before * _SLACK + _NOTHING


def firing_never_lowers(model: Model, settings: dict[str, float], more: float) -> bool:
    """More firing never lowers the settled level outside the cell."""
    before = model.steady_state(**settings)["extracellular"]
    after = model.steady_state(**_further(model, settings, "firing_rate", more))["extracellular"]
    return after * _SLACK + _NOTHING >= before


def no_change_is_rest(model: Model, settings: dict[str, float], more: float) -> bool:
    """A run in which nothing is changed stays at the resting levels, to the last digit that is kept."""
    span = 1 + 200 * more
    quiet = {"pulses": 0, "doses": 0}
    known = {n: v for n, v in quiet.items() if n in model.controls}
    run = model.simulate(**{f"{model.time_unit}s": span}, points=7, **known)[model.species].to_numpy()
    rest = model.baseline.to_numpy(float)
    return bool((np.abs(run - rest) <= 1e-9 * np.abs(rest) + 1e-15).all())


def benzodiazepine_has_a_ceiling(model: Model, settings: dict[str, float], more: float) -> bool:
    """At 10 mM of GABA, where every channel is open already, a benzodiazepine opens less than one in a hundred more."""
    flooded = {**settings, "applied_gaba": 10.0, "pulses": 0}
    with_, without = (
        model.steady_state(**{**flooded, "benzodiazepine": dose})["gaba_a_open"]
        for dose in (settings["benzodiazepine"], 0)
    )
    return abs(with_ - without) <= 0.01 * without + _NOTHING


def occupancy_is_a_share(model: Model, settings: dict[str, float], more: float) -> bool:
    """Over two days of tablets every occupancy lies between none and all, and a larger dose never lowers it."""
    few = {**settings, "doses": min(settings["doses"], 12), "interval": max(settings["interval"], 4)}
    larger = _further(model, few, "dose", more)
    runs = [model.simulate(hours=48, points=25, **each) for each in (few, larger)]
    for target in (1, 2, 3):
        low, high = (run[f"occupancy_{target}"].to_numpy() for run in runs)
        if not ((low >= 0) & (low <= 1) & (high <= 1) & (high >= low - 1e-9)).all():
            return False
    return True


SYNAPSES = (*MONOAMINES, "gaba", "glutamate")
_BLOCKS = (*PUMPS, *ENZYMES)

LAWS: tuple[Law, ...] = (
    Law("never negative", "No level is ever negative.", SYNAPSES, never_negative, settled=False),
    Law(
        "made is lost",
        "Once a synapse has settled, what is made equals what is broken down or lost.",
        MONOAMINES,
        made_is_lost,
    ),
    Law(
        "reuptake",
        "Blocking more of the pumps never lowers the level between the neurons.",
        MONOAMINES,
        block_never_lowers,
    ),
    Law(
        "metabolite",
        "Blocking more MAO never raises the share that leaves as breakdown product.",
        MONOAMINES,
        mao_lowers_the_metabolites_share,
    ),
    Law(
        "both exceed each",
        "Blocking pumps and MAO together raises the level at least as far as either alone.",
        MONOAMINES,
        both_exceed_each,
        _BLOCKS,
    ),
    Law(
        "restraint",
        "An autoreceptor always restrains: the stronger it answers, the lower the level between the neurons.",
        MONOAMINES,
        autoreceptor_restrains,
    ),
    Law("firing", "More firing never lowers the level between the neurons.", MONOAMINES, firing_never_lowers),
    Law(
        "ceiling",
        "A benzodiazepine does nothing where GABA has opened every channel already.",
        ("gaba",),
        benzodiazepine_has_a_ceiling,
        ("benzodiazepine", "reuptake_inhibition", "E_GABA_A"),
    ),
    Law(
        "occupancy",
        "Occupancy lies between none and all of the targets, and rises with the dose.",
        ("oral_dose",),
        occupancy_is_a_share,
        settled=False,
    ),
    Law(
        "rest",
        "With nothing changed, nothing changes, however long one waits.",
        (*SYNAPSES, "adaptation", "mao_turnover"),
        no_change_is_rest,
    ),
)
