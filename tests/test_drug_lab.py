"""DrugLab: its configuration, its numbers in the kernel, and that the page shows the same ones."""

from __future__ import annotations

import re

import ipywidgets
import pytest

from widgets import DrugLab, Predict, dose_response, drugs, load_model
from widgets.labs.drug import EFFECTS, TERMINALS, parameters_at
from widgets.labs.menu import dose_step

SNRIS = ["venlafaxine", "duloxetine", "milnacipran"]
PREDICT = Predict(
    "Predict: how much of NET does the lowest usual dose of venlafaxine occupy?",
    choices=[("About 10 per cent", 10), ("About 40 per cent", 40), ("About 80 per cent", 80)],
    scenario={"drug": "venlafaxine", "dose": 75},
    output="NET",
)


def lab(**changes) -> DrugLab:
    return DrugLab(**{"drugs": SNRIS, "name": "snri", "compare": "duloxetine", **changes})


def test_it_is_a_box_of_menus_and_sliders_joined_in_the_browser():
    made = lab(predict=PREDICT)
    view, box = made.children
    assert view is made.view and {"synapse-lab", "drug-lab"} <= set(made._dom_classes)
    assert [type(each) for each in box.children] == [ipywidgets.Dropdown, ipywidgets.FloatSlider] * 2
    joined = {(link.source[0], link.source[1], link.target[0], link.target[1]) for link in made._links}
    for trait in ("dose", "other_dose"):
        slider, menu = made.sliders[trait], made.menus[trait.replace("dose", "drug")]
        assert (slider, "value", view, trait) in joined
        assert (view, f"{trait}_max", slider, "max") in joined and (view, f"{trait}_step", slider, "step") in joined
        # A menu's value is not synchronised: its index is.
        assert (menu, "index", view, trait.replace("dose", "drug")) in joined
        assert (view, "locked", slider, "disabled") in joined and (view, "locked", menu, "disabled") in joined
    assert all(each.disabled for each in box.children) and len(joined) == 12
    # The bars would give the answer away.
    assert made.settings["dose"] == 0 and made.settings["other_dose"] == 60
    assert repr(made) == "DrugLab(['venlafaxine', 'duloxetine', 'milnacipran'], name='snri')"


def test_it_opens_at_the_lowest_usual_dose_or_as_told():
    assert lab().settings == {"drug": "venlafaxine", "dose": 75, "other_drug": "duloxetine", "other_dose": 60}
    told = lab(start=("milnacipran", 50), compare=("sertraline", 100))
    assert told.settings == {"drug": "milnacipran", "dose": 50, "other_drug": "sertraline", "other_dose": 100}
    assert told.drugs == [*SNRIS, "sertraline"], "a medicine to compare with is in the menu"
    alone = lab(compare=None)
    assert alone.settings == {"drug": "venlafaxine", "dose": 75} and list(alone.sliders) == ["dose"]


def test_it_can_be_set_from_python():
    made = lab()
    made.set(drug="milnacipran", other_dose=120)
    assert made.settings == {"drug": "milnacipran", "dose": 50, "other_drug": "duloxetine", "other_dose": 120}
    assert made.sliders["dose"].value == 50 and made.sliders["dose"].max == 200
    assert made.menus["drug"].index == 2 == made.view.drug
    with pytest.raises(ValueError, match=r"dose of duloxetine must be between 0 and 120 mg a day.*got 200.*Use 120"):
        made.set(other_dose=200)
    with pytest.raises(ValueError, match=r"'duloxetin' is not in this lab. Did you mean 'duloxetine'"):
        made.set(drug="duloxetin")
    with pytest.raises(ValueError, match=r"set names 'doze'. Did you mean 'dose'"):
        made.set(doze=1)


def test_the_numbers_are_those_of_dosing_and_of_the_models():
    made = lab()
    held = made.occupancies()
    assert held.loc["SERT", ("duloxetine", "occupancy")] == dose_response("duloxetine", "SERT").occupancy(60)
    assert held.loc["SERT", ("duloxetine", "basis")] == "measured curve"
    levels = made.levels()
    model = load_model("serotonin")
    run = model.simulate(hours=72, points=2, reuptake_inhibition=held.loc["SERT", ("duloxetine", "occupancy")])
    expected = run["extracellular"].iloc[-1] / model.steady_state()["extracellular"]
    assert levels.loc["serotonin", "duloxetine"] == pytest.approx(expected, rel=1e-4)
    assert levels.loc["dopamine", "duloxetine"] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("terminal", TERMINALS)
def test_every_effect_is_a_parameter_of_its_terminal(terminal):
    name, _, variant = terminal.partition("_")
    model = load_model(name, variant=variant) if variant else load_model(name)
    parameters = set(model.parameters["name"])
    assert set(EFFECTS[terminal]) <= parameters
    settings = parameters_at(terminal, "amitriptyline", 75)
    assert settings and all(0 <= value <= 1 for value in settings.values())


def test_blocking_alpha2_takes_the_brake_off():
    held = dose_response("mirtazapine", "alpha2").occupancy(30)
    assert parameters_at("norepinephrine", "mirtazapine", 30)["autoreceptor_gain"] == pytest.approx(1 - held)


@pytest.mark.parametrize("name", [n for n, low in zip(drugs()["name"], drugs()["dose_low_mg"], strict=True) if low > 0])
def test_the_steps_of_a_dose_land_on_its_usual_range(name):
    facts = drugs().set_index("name").loc[name]
    step = dose_step(facts["dose_low_mg"], facts["dose_high_mg"])
    assert 4 <= facts["dose_high_mg"] / step <= 100
    if facts["dose_high_mg"] / step >= 8:
        assert facts["dose_low_mg"] / step == pytest.approx(round(facts["dose_low_mg"] / step), abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"drugs": []}, "drugs is a list of names"),
        ({"drugs": "venlafaxine"}, "drugs is a list of names"),
        ({"drugs": ["venlafaxin"]}, "no drug named 'venlafaxin'"),
        ({"drugs": ["flumazenil"], "compare": None}, "flumazenil has no usual dose"),
        ({"start": ("venlafaxine", 1000)}, "between 0 and 375 mg a day"),
        ({"start": ("venlafaxine", "much")}, "the dose of venlafaxine must be a number"),
        ({"start": 75}, "name or a pair of name and dose"),
        ({"terminals": ["histamine"]}, "There is no terminal 'histamine'"),
        ({"targets": ["SRET"]}, "There is no row 'SRET'. Did you mean 'SERT'"),
        ({"name": "1"}, "name is a letter"),
        ({"presets": {"High": {"drug": "venlafaxine", "dose": 500}}}, "between 0 and 375"),
        ({"predict": "NET"}, "predict is a Predict"),
        ({"predict": Predict("Predict: x?", [("a", 1), ("b", 2)], {"dose": 75}, output="H3")}, "output is a target"),
        ({"predict": Predict("Predict: x?", [("a", 1), ("b", 2)], {"other": 75}, output="NET")}, "names 'other'"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, words):
    with pytest.raises(ValueError, match=re.escape(words).replace("\\ ", " ")):
        lab(**changes)


def test_a_prediction_of_what_is_not_known_is_refused():
    unknown = Predict("Predict: x?", [("a", 1), ("b", 2)], {"drug": "duloxetine", "dose": 60}, output="5-HT2A")
    assert lab(drugs=[*SNRIS, "amitriptyline"], predict=unknown).view.locked
    nothing = Predict("Predict: x?", [("a", 1), ("b", 2)], {"drug": "milnacipran", "dose": 100}, output="H1")
    with pytest.raises(ValueError, match="What milnacipran occupies of H1 is not known"):
        lab(drugs=[*SNRIS, "amitriptyline"], predict=nothing)


# -- in a browser --------------------------------------------------------------------------------------------------

BARS = """() => Object.fromEntries([...document.querySelectorAll('.lab-bars tbody tr:not([hidden])')]
  .filter((line) => line.querySelector('th[scope=row]'))
  .map((line) => [line.querySelector('th').firstChild.textContent,
    [...line.querySelectorAll('td')].map((cell) => cell.innerText.replace(/\\s+/g, ' ').trim())]))"""
LABELS = "() => [...document.querySelectorAll('.lab-terminals .curve-label')].map((text) => text.textContent)"


def percent(words: str) -> float:
    return float(re.search(r"[\d.,]+", words)[0].replace(",", ""))


def test_the_page_shows_the_kernels_numbers(show):
    made = lab(drugs=[*SNRIS, "amitriptyline"], start=("amitriptyline", 100))
    page = show(made)
    held, levels = made.occupancies(), made.levels()
    bars = page.evaluate(BARS)
    compared = 0
    for target in ("SERT", "NET", "H1", "M1"):
        for column, drug in enumerate(("amitriptyline", "duloxetine")):
            value = held.loc[target, (drug, "occupancy")]
            if value != value:
                assert bars[target][column] == "not known"
                continue
            compared += 1
            assert percent(bars[target][column]) == pytest.approx(100 * value, abs=0.51)
            basis = "from affinity" if held.loc[target, (drug, "basis")] == "affinity" else "measured"
            assert bars[target][column].endswith(basis)
    assert compared >= 6
    shown = [percent(words) for words in page.evaluate(LABELS)]
    wanted = [100 * levels.loc[t, d] for t in made.terminals for d in ("amitriptyline", "duloxetine")]
    assert shown == pytest.approx(wanted, rel=0.006)
    page.watch.assert_clean() if page.watch.local else None


def test_another_medicine_brings_its_own_range_and_dose(show):
    page = show(lab())
    before = page.evaluate(BARS), page.locator("[role=status]").inner_text()
    page.evaluate("() => model.set('drug', 2)")
    page.wait_for_function("(old) => document.querySelector('[role=status]').innerText !== old", arg=before[1])
    state = page.evaluate("() => ['dose', 'dose_max', 'dose_step'].map((name) => model.get(name))")
    assert state == [50, 200, dose_step(50, 200)]
    assert "milnacipran" in page.locator("[role=status]").inner_text()
    assert page.evaluate(BARS) != before[0]
    assert "Milnacipran" in page.locator(".lab-facts").inner_text()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("(old) => document.querySelector('[role=status]').innerText === old", arg=before[1])
    assert page.evaluate("() => [model.get('drug'), model.get('dose')]") == [0, 75]


def test_a_prediction_is_answered_for_its_own_scenario(show):
    page = show(lab(predict=PREDICT, start="milnacipran"))
    page.get_by_label("About 40 per cent").check()
    page.get_by_role("button", name="Show what the model says").click()
    said = page.locator(".lab-verdict").inner_text()
    held = 100 * dose_response("venlafaxine", "NET").occupancy(75)
    assert percent(re.search(r"The model says ([\d.]+)", said)[1]) == pytest.approx(held, abs=0.51)
    page.wait_for_function("() => model.get('drug') === 0 && model.get('dose') === 75")


def test_a_dose_of_nothing_leaves_all_at_rest(show):
    page = show(lab(compare=None))
    page.evaluate("() => model.set('dose', 0)")
    page.wait_for_function("() => /nothing is occupied/.test(document.querySelector('[role=status]').innerText)")
    assert page.evaluate(LABELS) == ["100\u202f%"] * 3


def test_where_a_concentration_is_not_known_each_is_a_share_of_its_own(show):
    page = show(lab(drugs=["moclobemide", "sertraline"], compare="sertraline"))
    assert "% of its own steady mean" in page.locator(".lab-blood figcaption").inner_text()
    page = show(lab(drugs=["citalopram", "sertraline"], compare="sertraline"))
    assert "ng/ml" in page.locator(".lab-blood figcaption").inner_text()


def test_a_long_name_never_breaks_over_its_bars(show):
    """Over narrow columns stand letter and dose; the name is still read out, and the legend shows it."""
    for width, shown in ((1280, True), (360, False)):
        page = show(DrugLab(["levomilnacipran"], compare="desvenlafaxine"), viewport={"width": width, "height": 740})
        heads = page.locator(".lab-bars thead th")
        words = [head.text_content() for head in heads.all()][1:]
        assert words[0].startswith("A: Levomilnacipran, ") and words[1].startswith("B: Desvenlafaxine, "), words
        names = page.locator(".lab-bars-name")
        assert names.count() == 2
        for name in names.all():
            assert (name.bounding_box()["width"] > 20) == shown, width
        assert page.locator(".lab-legend").first.is_visible()


def test_terminals_stand_on_one_line_on_a_phone(show):
    terminals = ["serotonin", "norepinephrine", "dopamine_prefrontal"]
    page = show(DrugLab(["venlafaxine"], terminals=terminals), viewport={"width": 360, "height": 740})
    bottoms = page.locator(".lab-terminals svg").evaluate_all(
        "(all) => all.map((e) => e.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) == 3 and max(bottoms) - min(bottoms) < 1, bottoms
