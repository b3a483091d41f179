"""The models: their published levels, what they must show, the laws they keep, and how they refuse nonsense."""

from __future__ import annotations

import html
import itertools
import math
import re

import libsbml
import numpy as np
import pandas as pd
import pytest

from tests import elsewhere
from widgets import load_model
from widgets.engine.model import MODELS, STATUSES, Model, available

CONTROLS = {
    "reuptake_inhibition": (0, 1, 0),
    "mao_a_inhibition": (0, 1, 0),
    "mao_b_inhibition": (0, 1, 0),
    "autoreceptor_gain": (0, 1, 1),
    "firing_rate": (0, 5, 1),
    "precursor_supply": (0, 3, 1),
}
MONOAMINES = ["dopamine", "norepinephrine", "serotonin"]
SHARED_REACTIONS = [
    *("synthesis", "packaging", "leak", "release", "reuptake"),
    *("breakdown_mao_a", "breakdown_mao_b", "diffusion", "metabolite_loss"),
]
LEVELS = ["extracellular", "vesicular", "cytosolic", "metabolite"]
ASSIGNMENTS = ["autoreceptor_occupancy", "release_brake", "receptor_occupancy"]


@pytest.fixture(params=MONOAMINES)
def model(request) -> Model:
    return load_model(request.param)


def fold(model: Model, *, output="extracellular", **changes) -> float:
    """The settled level relative to rest."""
    return model.steady_state(**changes)[output] / model.baseline[output]


# -- contract ----------------------------------------------------------------------------------------------


def test_monoamines_share_names(model):
    assert set(LEVELS) <= set(model.species)
    assert set(ASSIGNMENTS) <= set(model.assignments)
    assert set(SHARED_REACTIONS) <= set(model.reactions)
    assert model.time_unit == "hour"
    table = model.parameters.set_index("name")
    assert model.controls[: len(CONTROLS)] == list(CONTROLS)
    for name, (low, high, value) in CONTROLS.items():
        row = table.loc[name]
        assert (row["minimum"], row["maximum"], row["value"]) == (low, high, value)


def test_every_constant_has_unit_meaning_and_source(root):
    keys = set(re.findall(r"^@\w+\{([^,\s]+)", (root / "references.bib").read_text(encoding="utf-8"), re.M))
    for name in available():
        table = load_model(name).parameters
        assert list(table.columns) == [
            "name", "value", "unit", "meaning", "source", "status", "minimum", "maximum", "control",
        ]  # fmt: skip
        for row in table.itertuples():
            for field in ("unit", "meaning", "source", "status"):
                assert getattr(row, field).strip(), f"{name}: {row.name} has no {field}"
            assert row.status in STATUSES
            assert math.isfinite(row.value)
            if row.status == "published":
                assert row.source in keys, f"{name}: {row.name} names {row.source}, which references.bib lacks"
            else:
                assert len(row.source) >= 15 or row.control, f"{name}: {row.name} says too little: {row.source}"
            for cited in re.findall(r"\b[a-z]+\d{4}[a-z]+\b", row.source):
                assert cited in keys, f"{name}: {row.name} cites {cited}, which references.bib lacks"


def test_the_head_of_each_text_cites_known_sources_and_says_what_is_left_out(root):
    bibliography = (root / "references.bib").read_text(encoding="utf-8")
    for name in available():
        head = load_model(name).description
        assert "Where it comes from" in head and "What was changed" in head and "What is left out" in head
        for cited in re.findall(r"\b[a-z]+\d{4}[a-z]+\b", head):
            assert f"{{{cited}," in bibliography


def test_models_are_read_once():
    assert load_model("serotonin") is load_model("serotonin")
    assert load_model(MODELS / "serotonin.ant").name == "serotonin"
    assert repr(load_model("serotonin")).startswith("Model('serotonin': 11 species")


# -- published tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("species", "published"),
    [
        ("bh2", 41),
        ("bh4", 319),
        ("tyrosine", 126),
        ("l_dopa", 0.36),
        ("cytosolic", 2.65),
        ("vesicular", 81),
        ("extracellular", 0.002024),
    ],
)
def test_dopamine_has_its_published_levels(species, published):
    assert load_model("dopamine").steady_state()[species] == pytest.approx(published, rel=0.02)


@pytest.mark.parametrize("supply", [0.5, 2])
def test_dopamine_hardly_follows_tyrosine(supply):
    assert abs(fold(load_model("dopamine"), precursor_supply=supply) - 1) < 0.03


@pytest.mark.parametrize(("species", "published"), [("vesicular", 67), ("cytosolic", 0.038), ("extracellular", 0.060)])
def test_serotonin_has_its_published_levels(species, published):
    assert load_model("serotonin").steady_state()[species] == pytest.approx(published, rel=0.02)


def test_dopamine_fluxes_are_the_published_ones():
    fluxes = load_model("dopamine").fluxes()
    assert fluxes["hydroxylation"] == pytest.approx(27.3, rel=0.01)
    assert fluxes["reuptake"] == pytest.approx(80, rel=0.02)
    assert fluxes["packaging"] - fluxes["leak"] == pytest.approx(81, rel=0.01)


# -- what serotonin was calibrated to ----------------------------------------------------------------------


class TestSerotoninShowsWhatIsMeasured:
    serotonin = staticmethod(lambda: load_model("serotonin"))

    def test_reuptake_block_raises_it_two_to_four_fold(self):
        assert 2.3 < fold(self.serotonin(), reuptake_inhibition=0.8) < 3.7

    def test_the_autoreceptor_holds_it_back(self):
        m = self.serotonin()
        braked = fold(m, reuptake_inhibition=0.8)
        free = fold(m, reuptake_inhibition=0.8, autoreceptor_gain=0)
        own = free / fold(m, autoreceptor_gain=0)
        assert min(free, own) >= 1.5 * braked

    @pytest.mark.parametrize("block", [0.9, 1.0])
    def test_one_form_of_mao_does_little_and_both_do_much(self, block):
        m = self.serotonin()
        a, b = fold(m, mao_a_inhibition=block), fold(m, mao_b_inhibition=block)
        both = fold(m, mao_a_inhibition=block, mao_b_inhibition=block)
        assert 1 < b < a < 2
        assert both > 1.5 * a

    @pytest.mark.parametrize("block", [0.5, 0.8, 1.0])
    @pytest.mark.parametrize("mao", [{"mao_a_inhibition": 0.9}, {"mao_a_inhibition": 0.9, "mao_b_inhibition": 0.9}])
    def test_reuptake_and_mao_block_exceed_either(self, block, mao):
        m = self.serotonin()
        together = fold(m, reuptake_inhibition=block, **mao)
        # With all of SERT blocked, what is made leaves through the gap already: MAO adds little.
        assert together > (1.005 if block == 1 else 1.05) * max(fold(m, reuptake_inhibition=block), fold(m, **mao))

    def test_halving_tryptophan_lowers_it(self):
        assert 0.60 < fold(self.serotonin(), precursor_supply=0.5) < 0.75

    @pytest.mark.parametrize(("gain", "most"), [(1, 4.2), (0, 9)])
    def test_it_rises_fast_then_settles_as_brake_and_stores_answer(self, gain, most):
        m = self.serotonin()
        changes = {"reuptake_inhibition": 0.8, "autoreceptor_gain": gain}
        run = m.simulate(hours=24, points=1441, **changes)
        level = run["extracellular"] / run["extracellular"].iloc[0]
        assert level.loc[:1].max() > 0.95 * level.max()
        # A peak, not a flood: with the published release the stores would fill the gap a hundred-fold.
        assert level.max() < most
        assert fold(m, **changes) < level.iloc[-1] < level.max()
        vesicular = run["vesicular"] / run["vesicular"].iloc[0]
        assert fold(m, output="vesicular", **changes) < vesicular.iloc[-1] < 0.95
        assert gain == 0 or run["release_brake"].iloc[-1] < 0.75

    def test_losses_outside_the_cell_are_a_small_share(self):
        fluxes = self.serotonin().fluxes()
        assert 0.08 < (fluxes["diffusion"] + fluxes["extra_uptake"]) / fluxes["synthesis"] < 0.12


# -- over the whole range of the sliders (the laws stand in tests/test_laws.py) ------------------------------


def test_every_corner_settles(model):
    ends = [(0, 0.5, 1), (0, 1), (0, 1), (0, 1), (0, 0.01, 5), (0, 0.01, 3)]
    order = ["reuptake_inhibition", "mao_a_inhibition", "mao_b_inhibition", "autoreceptor_gain"]
    for corner in itertools.product(*ends):
        changes = dict(zip([*order, "firing_rate", "precursor_supply"], corner, strict=True))
        assert (model.steady_state(**changes) >= 0).all()


def test_the_autoreceptor_brakes_at_rest_already(model):
    levels = [model.steady_state(autoreceptor_gain=gain)["extracellular"] for gain in (0, 0.3, 0.7, 1)]
    assert levels == sorted(levels, reverse=True) and levels[-1] == pytest.approx(model.baseline["extracellular"])
    # Silenced alone: serotonin hardly, dopamine and norepinephrine as antagonists raise them.
    low, high = {"serotonin": (1.02, 1.17), "dopamine": (1.7, 1.95), "norepinephrine": (2, 2.85)}[model.name]
    assert low < levels[0] / levels[-1] < high


# -- running -----------------------------------------------------------------------------------------------


def test_no_change_is_flat(model):
    run = model.simulate(hours=48, points=50)
    assert (run / run.iloc[0] - 1).abs().to_numpy().max() < 1e-11


def test_a_long_run_ends_at_the_steady_state(model):
    changes = {"reuptake_inhibition": 0.6, "mao_a_inhibition": 0.4, "firing_rate": 1.5}
    last = model.simulate(hours=3000, points=2, **changes).iloc[-1]
    pd.testing.assert_series_equal(last, model.steady_state(**changes), rtol=1e-6, check_names=False)


def test_a_run_is_a_labelled_table(model):
    run = model.simulate(hours=24, points=13, reuptake_inhibition=0.8)
    assert list(run.columns) == [*model.species, *model.assignments]
    assert run.index.name == "hours" and run.shape[0] == 13
    assert (run.index[0], run.index[-1]) == (0, 24)
    assert run.attrs["units"]["extracellular"] == "µM" and run.attrs["units"]["hours"] == "h"
    assert run["release_brake"].attrs["units"]["release_brake"] == "dimensionless"
    assert run.iloc[0][model.species].to_numpy() == pytest.approx(model.baseline.to_numpy(), rel=1e-12)


def test_a_run_may_start_where_another_ended(model):
    whole = model.simulate(hours=10, points=11, firing_rate=2)
    rest = model.simulate(hours=5, points=6, firing_rate=2, start=whole.iloc[5])
    np.testing.assert_allclose(rest.to_numpy(), whole.iloc[5:].to_numpy(), rtol=1e-5)


def test_any_constant_may_change():
    serotonin = load_model("serotonin")
    assert fold(serotonin, V_SERT=0.2 * 57) == pytest.approx(fold(serotonin, reuptake_inhibition=0.8), rel=1e-9)
    assert fold(serotonin, V_SERT=0) > 4


def test_fluxes_balance(model):
    fluxes = model.fluxes(mao_a_inhibition=0.5)
    assert list(fluxes.index) == model.reactions
    assert fluxes.attrs["units"]["release"] == "µM/h"
    net = model.system.stoichiometry @ fluxes.to_numpy()
    assert np.abs(net).max() < 1e-9 * fluxes.abs().max()


def test_scan_is_steady_states_in_a_row(model):
    table = model.scan("reuptake_inhibition", [0, 0.4, 0.8], firing_rate=2)
    assert table.index.name == "reuptake_inhibition"
    expected = model.steady_state(reuptake_inhibition=0.4, firing_rate=2)
    pd.testing.assert_series_equal(table.loc[0.4], expected, check_names=False)


def test_jacobian_is_that_of_the_rates(model):
    rng = np.random.default_rng(4)
    p = model.system.defaults.tolist()
    for _ in range(5):
        y = model.baseline.to_numpy() * rng.uniform(0.3, 3, len(model.species))
        exact = np.array(model.system.jacobian(0.0, y.tolist(), p))
        for j, step in enumerate(1e-6 * y):
            up, down = y.copy(), y.copy()
            up[j] += step
            down[j] -= step
            slope = (np.array(model.system.rhs(0.0, up.tolist(), p)) - model.system.rhs(0.0, down.tolist(), p)) / (
                2 * step
            )
            np.testing.assert_allclose(exact[:, j], slope, rtol=1e-4, atol=1e-6 * np.abs(exact[:, j]).max() + 1e-9)


# -- refusals ----------------------------------------------------------------------------------------------

BAD_FRACTIONS = [1.2, -0.1, math.nan, math.inf, -math.inf, "0.5", True, None, 1j, [0.5], np.bool_(True)]


@pytest.mark.parametrize("value", BAD_FRACTIONS, ids=repr)
@pytest.mark.parametrize("verb", ["simulate", "steady_state", "fluxes"])
def test_a_wrong_fraction_is_refused_with_its_range(verb, value):
    call = getattr(load_model("serotonin"), verb)
    span = {"hours": 1} if verb == "simulate" else {}
    with pytest.raises(ValueError) as caught:
        call(**span, reuptake_inhibition=value)
    said = str(caught.value)
    assert "reuptake_inhibition" in said and "between 0 and 1" in said and ("Use" in said or "Give" in said)
    shown = f"{value:g}" if isinstance(value, float) and math.isfinite(value) else repr(value)
    assert shown in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"firing_rate": 5.01}, ["firing_rate", "between 0 and 5", "5.01"]),
        ({"precursor_supply": -1}, ["precursor_supply", "between 0 and 3"]),
        ({"reuptake_inhibitor": 0.5}, ["no parameter 'reuptake_inhibitor'", "Did you mean 'reuptake_inhibition'"]),
        ({"zzz": 1}, ["no parameter 'zzz'", "firing_rate"]),
        ({"K_SERT": 0}, ["K_SERT", "greater than 0", "divided"]),
        ({"K_SERT": -1}, ["K_SERT", "greater than 0", "0.463"]),
        ({"V_SERT": -1}, ["V_SERT", "at least 0 µM/h"]),
        ({"V_SERT": math.inf}, ["V_SERT", "finite"]),
    ],
)
def test_a_wrong_change_is_refused(changes, words):
    with pytest.raises(ValueError) as caught:
        load_model("serotonin").steady_state(**changes)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("accepted", [np.float64(0.5), np.float32(0.5), 1, np.int64(1), 0])
def test_numbers_of_every_kind_are_taken(accepted):
    assert load_model("serotonin").steady_state(reuptake_inhibition=accepted)["extracellular"] > 0


@pytest.mark.parametrize("hours", [0, -1, math.nan, math.inf, "24", True, None, [1]])
def test_a_wrong_duration_is_refused(hours):
    with pytest.raises(ValueError, match="hours"):
        load_model("serotonin").simulate(hours=hours)


@pytest.mark.parametrize("points", [1, 0, -5, 2.5, "10", True, None, math.nan])
def test_a_wrong_number_of_points_is_refused(points):
    with pytest.raises(ValueError, match="points must be a whole number of at least 2"):
        load_model("serotonin").simulate(hours=1, points=points)


def test_the_models_own_unit_of_time_is_asked_for():
    with pytest.raises(ValueError, match="use hours="):
        load_model("serotonin").simulate(milliseconds=10)
    with pytest.raises(ValueError, match="use milliseconds="):
        Model.from_antimony(CHANNEL, strict=False).simulate(hours=10)


@pytest.mark.parametrize("start", [{"vesicle": 1}, {"vesicular": -1}, {"vesicular": "1"}, {"vesicular": math.nan}])
def test_a_wrong_start_is_refused(start):
    with pytest.raises(ValueError, match="vesic"):
        load_model("serotonin").simulate(hours=1, start=start)


def test_an_unknown_model_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'serotonin'"):
        load_model("serotonine")
    with pytest.raises(ValueError, match="dopamine, .*serotonin"):
        load_model("xx")
    for nonsense in (None, 3, "", ["serotonin"]):
        with pytest.raises(ValueError, match="chosen by its name"):
            load_model(nonsense)
    with pytest.raises(ValueError, match="no model file"):
        load_model("nowhere/mine.ant")


# -- a reader's own text -----------------------------------------------------------------------------------

PLAIN = """
model mine
  species a, b
  a = 10; b = 0
  k = 0.5; c0 = 2; lambda = 1
  forward: a -> b; k*lambda*a
  back: b -> a; k*b^c0/(1 + b)
  share := b/(a + b)
end
"""
CHANNEL = """
model channel
  unit millisecond = 1e-3 second; unit time_unit = millisecond
  species open; open = 0
  alpha = 5; beta = 0.18; transmitter := piecewise(1, time < 1, 0)
  opening: -> open; alpha*transmitter*(1 - open)
  closing: open -> ; beta*open
end
"""


def test_a_readers_model_runs_without_our_notes(tmp_path):
    with pytest.raises(ValueError, match="has no"):
        Model.from_antimony(PLAIN)
    path = tmp_path / "mine.ant"
    path.write_text(PLAIN)
    for mine in (Model.from_antimony(PLAIN, strict=False), load_model(path, strict=False)):
        run = mine.simulate(hours=50, k=1)
        assert run["a"].iloc[-1] + run["b"].iloc[-1] == pytest.approx(10)
        settled = mine.steady_state(k=2)
        assert settled["a"] == pytest.approx(settled["b"] ** 2 / (1 + settled["b"]))
        assert "export function rhs" in mine.to_javascript()
        assert set(mine.parameters["status"]) == {"assumed"}


def test_a_readers_own_comments_and_rate_rules_are_taken():
    text = "model own\n V' = -k*(V - E); V = -70\n k = 2 // speed | of decay\n E = -65 // rest\n"
    text += " gain = 0.5 // strength | control | 0..2\n drive := gain*V\nend"
    own = Model.from_antimony(text, strict=False)
    assert own.species == ["V"] and own.assignments == ["drive"] and own.controls == ["gain"]
    table = own.parameters.set_index("name")
    assert table.at["k", "meaning"] == "speed | of decay" and table.at["E", "minimum"] == -math.inf
    # A voltage may be negative; its rest is where the rate rule vanishes.
    assert own.steady_state(gain=2)["drive"] == pytest.approx(-130)
    assert own.simulate(hours=1, points=3, E=-60, start={"V": -80})["V"].iloc[-1] == pytest.approx(
        -60 - 20 * math.exp(-2), rel=1e-6
    )
    assert "dy[0] = " in own.to_javascript()
    document = libsbml.readSBMLFromString(own.to_sbml())
    assert document.checkConsistency() == 0 or not document.getNumErrors(libsbml.LIBSBML_SEV_ERROR)


def test_a_model_of_milliseconds_that_depends_on_time():
    channel = Model.from_antimony(CHANNEL, strict=False)
    run = channel.simulate(milliseconds=20, points=201)
    assert run.index.name == "milliseconds"
    # Destexhe's two-state channel: alpha/(alpha + beta)*(1 - exp(-(alpha + beta))) at the end of the pulse.
    assert run["open"].loc[1.0] == pytest.approx(5 / 5.18 * -math.expm1(-5.18), rel=1e-3)
    assert run["open"].iloc[-1] == pytest.approx(run["open"].loc[1.0] * math.exp(-0.18 * 19), rel=1e-3)
    with pytest.raises(ValueError, match="no steady state"):
        channel.steady_state()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("model q\n species a; a = 1\n r: a -> ; k*a*\nend", "line 3"),
        ("this is no model", "Antimony cannot read"),
        ("model q\n k = 1\nend", "no species"),
        ("model q\n species a; r: a -> ; a\nend", "no starting level"),
        ("model q\n species a; a = 1; r: a -> ; k*a\nend", "'k'"),
        ("model q\n species a; a = 1; r: a -> ; gamma(a)\nend", "gamma"),
        ("model q\n species a; a = 1; r: a -> ; a; at (a < 0.5 || a > 2): a = 1\nend", "followed exactly"),
        ("model q\n unit time_unit = second; species a; a = 1; r: a -> ; a\nend", "second"),
        (None, "string"),
        (3, "string"),
    ],
)
def test_an_unreadable_text_is_refused_in_plain_words(text, words):
    with pytest.raises(ValueError) as caught:
        Model.from_antimony(text, strict=False)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("V_SERT = 57 // maximal rate | published | bunin1998quantitative", "no unit"),
        ("V_SERT = 57 uM_per_hour", "no meaning"),
        ("V_SERT = 57 uM_per_hour // maximal rate", "no status"),
        ("V_SERT = 57 uM_per_hour // maximal rate | published", "no source"),
        ("V_SERT = 57 uM_per_hour // maximal rate | published | somewhere", "no key of references.bib"),
        ("V_SERT = 57 uM_per_hour // maximal rate | guessed | somewhere", "status 'guessed'"),
        ("V_SERT = 57 uM_per_hour // maximal rate | control | wide", "range 'wide'"),
        ("V_SERT = 57 uM_per_hour // maximal rate | control | 0..1", "outside its range"),
    ],
)
def test_a_constant_without_its_source_is_refused(line, missing):
    text = re.sub(r"(?m)^  V_SERT = .*$", f"  {line}", load_model("serotonin").to_antimony())
    with pytest.raises(ValueError) as caught:
        Model.from_antimony(text)
    assert missing in str(caught.value) and "'V_SERT'" in str(caught.value) and "'serotonin'" in str(caught.value)


# -- exports -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", available())
def test_sbml_is_valid_and_says_what_everything_is(name):
    model = load_model(name)
    document = libsbml.readSBMLFromString(model.to_sbml())
    document.checkConsistency()
    problems = [document.getError(i).getMessage() for i in range(document.getNumErrors())]
    assert not problems, problems
    sbml = document.getModel()
    facts = model.parameters.set_index("name")
    for constant in facts.index:
        parameter = sbml.getParameter(constant)
        assert parameter.getName() == facts.at[constant, "meaning"]
        assert parameter.isSetUnits()
        assert facts.at[constant, "source"][:30] in html.unescape(parameter.getNotesString())
    for species in model.species:
        assert sbml.getElementBySId(species).getName() == model.meanings[species]
    assert "Where it comes from" in sbml.getNotesString()


@pytest.mark.parametrize("name", available())
def test_sbml_gives_the_same_curve(name):
    model = load_model(name)
    rng = np.random.default_rng(3)
    # Odd moments, so that none is the moment of an event.
    times = np.linspace(0, 24.17 if model.time_unit == "hour" else 61.3, 98)
    for draw in range(4):
        ranges = model.parameters.query("control").itertuples(index=False)
        changes = {r.name: round(rng.uniform(r.minimum, r.maximum), 3) for r in ranges} if draw else {}
        ours = model.simulate(**{f"{model.time_unit}s": times[-1]}, points=98, **changes).to_numpy()
        theirs = elsewhere.run(model, times, **changes)
        floor = 1e-4 * np.abs(ours).max(axis=0) + 1e-9
        # Where a cell fires, one sample may fall between the two programs' moments of a spike.
        assert elsewhere.close(ours, theirs, floor, 1e-5).mean() >= (0.97 if model.events else 1), changes


def test_antimony_reads_back_the_same_model(model):
    again = Model.from_antimony(model.to_antimony())
    pd.testing.assert_frame_equal(again.parameters, model.parameters)


def test_javascript_is_a_module_without_loose_variables(model):
    text = model.to_javascript()
    for word in ("name", "timeUnit", "species", "assignments", "reactions", "parameters", "baseline"):
        assert f"export const {word} = " in text
    for head in ("rhs(t, y, p, dy)", "jacobian(t, y, p, J)", "observe(t, y, p, out)"):
        assert f"export function {head} {{" in text
    body = text[text.index("export function") :]
    assert not re.search(r"\b(let|var|new|NaN|Infinity|undefined)\b|\[\]", body)
    assert text.count("J[") == len(model.species) ** 2


def test_equations_are_latex(model):
    everything = model.equations()
    levels = len(model.species) - len(model.switches)
    assert everything.count("&=") == levels + len(model.reactions) + len(model.assignments)
    assert everything._repr_latex_().startswith("$$")
    only = model.equations("vesicular", "release")
    assert r"\frac{d[\text{vesicular}]}{dt} &= \text{packaging} - \text{leak} - \text{release}" in only
    assert only.count("&=") == 2
    with pytest.raises(ValueError, match="Did you mean 'vesicular'"):
        model.equations("vesicula")


@pytest.mark.parametrize(
    ("law", "refused"),
    [
        ("k*a/(K + a)", True),
        ("k*a/(1 + K*a)", False),
        ("k*a/(1 - K*a)", False),
        ("k*a/K", True),
        ("k*a/(1 + a/K)", True),
    ],
)
def test_zero_is_refused_only_where_a_denominator_may_vanish(law, refused):
    model = Model.from_antimony(
        f"model m\n  a = 1; k = 1; K = 0.5; fill = 0.1\n  filling: -> a; fill\n  loss: a -> ; {law}\nend", strict=False
    )
    if refused:
        with pytest.raises(ValueError, match="a rate is divided by it"):
            model.simulate(hours=1, points=2, K=0)
    else:
        assert model.simulate(hours=1, points=2, K=0)["a"].iloc[-1] > 0
