"""Claims and people in a lab: configuration, the page's verdicts beside the kernel's, words, and what is drawn."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.scripts import ask, for_browser
from tests.showing import PAGE
from widgets import Predict, SynapseLab, load_model
from widgets.engine.model import Model, available
from widgets.evidence.claims import Claim
from widgets.labs.controls import Control
from widgets.labs.people import Population

BLOCK = {"reuptake_inhibition": 0.8}


def claim(**changes) -> Claim:
    return Claim(**{"text": "A block doubles it", "output": "extracellular", "change": BLOCK, "value": 2, **changes})


CLAIMS = [
    claim(source="artigas1996acute"),
    claim(
        text="The brake holds back a third",
        against={**BLOCK, "autoreceptor_gain": 0},
        relation="at most",
        value=0.67,
        source="a review",
    ),
    claim(text="The stores keep two thirds", output="vesicular", value=2 / 3),
    claim(text="Half the tryptophan, half to nine tenths of the serotonin", change={"precursor_supply": 0.5},
          relation="between", value=(0.5, 0.9)),
    claim(text="MAO-A adds a tenth at most", change={**BLOCK, "mao_a_inhibition": 1}, against=BLOCK, relation="at most",
          value=1.1),
]  # fmt: skip
TANK = "model tank\n  a = 1; drain = 1; fill = 1;\n  filling: -> a; fill\n  draining: a -> ; drain*a\nend"
DOUBTFUL = ["w_release", "V_uptake_2", "k_diffusion"]


def lab(**changes) -> SynapseLab:
    return SynapseLab(**{"model": "serotonin", "controls": DOUBTFUL, "scene": False, "claims": CLAIMS, **changes})


def panel(made: SynapseLab, kind: str) -> dict:
    """The one panel of a kind, as the page reads it."""
    (found,) = (each for each in made.view.spec["panels"] if each["kind"] == kind)
    return found


def listed(made: SynapseLab) -> list[dict]:
    """The claims of a lab, as the page reads them."""
    return panel(made, "claims")["claims"]


# -- configuration -----------------------------------------------------------------------------------------


def test_the_view_carries_both_sides_of_each_claim():
    first, brake, stores, food, _ = listed(lab())
    assert first == {
        "text": "A block doubles it",
        "output": "extracellular",
        "change": {"reuptake_inhibition": 0.8},
        "against": {"reuptake_inhibition": 0.0},
        "low": 2.0,
        "high": None,
        "source": "Artigas 1996",
    }
    # What one side names and the other leaves out is at rest there.
    assert brake["change"] == {"reuptake_inhibition": 0.8, "autoreceptor_gain": 1.0}
    assert brake["against"] == {"reuptake_inhibition": 0.8, "autoreceptor_gain": 0.0}
    assert (brake["low"], brake["high"], brake["source"]) == (None, 0.67, "a review")
    assert stores["output"] == "vesicular" and (food["low"], food["high"]) == (0.5, 0.9)
    assert not {"claims", "people"} & {panel["kind"] for panel in SynapseLab().view.spec["panels"]}


def test_claims_are_ratios_of_the_kernels_steady_states():
    made = lab()
    table = made.claims()
    assert list(table.columns) == ["text", "ratio", "holds"] and list(table["text"]) == [c.text for c in CLAIMS]
    model = load_model("serotonin")
    blocked, rest = model.steady_state(**BLOCK), model.steady_state()
    assert table.at[0, "ratio"] == pytest.approx(blocked["extracellular"] / rest["extracellular"], rel=1e-9)
    assert table.at[2, "ratio"] == pytest.approx(blocked["vesicular"] / rest["vesicular"], rel=1e-9)
    free = model.steady_state(**BLOCK, autoreceptor_gain=0)
    assert table.at[1, "ratio"] == pytest.approx(blocked["extracellular"] / free["extracellular"], rel=1e-9)
    assert table["holds"].dtype == "boolean" and bool(table.at[0, "holds"])


def test_claims_follow_the_sliders_except_what_they_set_themselves():
    made = lab(controls=["w_release", "reuptake_inhibition"])
    before = made.claims()
    made.set(w_release=0.0)
    after = made.claims()
    assert after.at[0, "ratio"] > before.at[0, "ratio"], "without the brake on release the block does more"
    assert before.at[1, "holds"] and not after.at[1, "holds"]
    made.set(w_release=0.06, reuptake_inhibition=0.5)
    pd.testing.assert_frame_equal(made.claims().iloc[:3], before.iloc[:3])


def test_a_claim_without_an_answer_has_none():
    tank = Model.from_antimony(TANK.replace("fill = 1;", "fill = 1; b := a*(fill - 1);"), strict=False)
    claims = [
        Claim("It doubles", "a", {"fill": 2}, value=2),
        Claim("Something comes of nothing", "b", {"fill": 2}, value=1),
    ]
    made = SynapseLab(
        tank, controls=[Control("drain", minimum=0, maximum=2)], main="a", small=[], scene=False, claims=claims
    )
    table = made.claims()
    assert table.at[0, "ratio"] == pytest.approx(2) and table.at[0, "holds"]
    assert math.isnan(table.at[1, "ratio"]) and table.at[1, "holds"] is pd.NA, "nothing to compare with"
    made.set(drain=0)
    assert table.shape == made.claims().shape and made.claims()["holds"].isna().all(), "it fills for ever"


def test_rounding_cannot_overturn_a_claim():
    assert claim(value=2).holds(2 - 1e-9) and not claim(value=2).holds(1.999)
    assert claim(relation="at most", value=2).holds(2 + 1e-9) and not claim(relation="at most", value=2).holds(2.001)
    between = claim(relation="between", value=(1, 2))
    assert [between.holds(ratio) for ratio in (0.99, 1, 1.5, 2, 2.01)] == [False, True, True, True, False]


def test_the_people_of_a_lab():
    people = Population(n=60, spread=0.1, seed=4)
    made = lab(controls=["reuptake_inhibition", "V_SERT"], start=BLOCK, claims=(), population=people)
    shown = panel(made, "people")
    assert {**shown, "constants": None} == {
        "kind": "people", "output": "extracellular", "n": 60, "seed": 4, "spread": 0.1, "constants": None,
    }  # fmt: skip
    constants = shown["constants"]
    assert "K_SERT" in constants and not {"V_SERT", "reuptake_inhibition", "firing_rate"} & set(constants)
    table = made.population()
    assert len(table) == 60 and "V_SERT" not in table.columns and set(constants) <= set(table.columns)
    folds = table["extracellular"] / table["extracellular_rest"]
    assert 2 < folds.median() < 4 and folds.std() > 0.05
    made.set(reuptake_inhibition=0)
    at_rest = made.population()
    np.testing.assert_allclose(at_rest["extracellular"], at_rest["extracellular_rest"], rtol=1e-9)
    few = panel(lab(population=Population(constants=["V_SERT"])), "people")
    assert (few["n"], few["constants"]) == (1000, ["V_SERT"])
    with pytest.raises(ValueError, match=r"has no people: give it population=Population"):
        lab().population()


REFUSED = {
    "no words": (lambda: claim(text=" "), "text must be words"),
    "no change": (lambda: claim(change={}), "needs a change"),
    "change is a list": (lambda: claim(change=[0.8]), "needs a change"),
    "against is a number": (lambda: claim(against=1), "needs settings to compare with"),
    "unknown relation": (lambda: claim(relation="at lest"), "Did you mean 'at least'"),
    "no value": (lambda: claim(value=None), "must be a number; got None"),
    "value is text": (lambda: claim(value="2"), "must be a number; got '2'"),
    "value is nan": (lambda: claim(value=float("nan")), "finite"),
    "negative value": (lambda: claim(value=-1), "at least 0, with -1"),
    "one limit of two": (lambda: claim(relation="between", value=2), r"pair \(low, high\)"),
    "limits upside down": (lambda: claim(relation="between", value=(3, 2)), r"lower limit first.*\(3, 2\)"),
    "source is a number": (lambda: claim(source=1996), "source that is no words"),
    "claims is text": (lambda: lab(claims="all"), "claims is a list of Claim"),
    "not a claim": (lambda: lab(claims=["a claim"]), "got 'a claim'"),
    "unknown output": (lambda: lab(claims=[claim(output="mood")]), "Claim 'A block doubles it'.*no output 'mood'"),
    "unknown constant": (lambda: lab(claims=[claim(change={"V_SERTT": 1})]), "Claim.*Did you mean 'V_SERT'"),
    "change out of range": (lambda: lab(claims=[claim(change={"reuptake_inhibition": 8})]), "Claim.*between 0 and 1"),
    "against out of range": (lambda: lab(claims=[claim(against={"firing_rate": 8})]), "Claim.*between 0 and 5"),
    "nothing compared": (lambda: lab(claims=[claim(against=BLOCK)]), "with itself"),
    "the change is rest": (lambda: lab(claims=[claim(change={"firing_rate": 1})]), "with itself"),
    "the same words twice": (lambda: lab(claims=[claim(), claim(value=3)]), "same words"),
    "claims of two models": (
        lambda: lab(model=["serotonin", "dopamine"], controls=["firing_rate"]),
        "Claims speak of one model",
    ),
    "no people": (lambda: Population(n=0), "n is a whole number from 20 to 5000; got 0"),
    "half a person": (lambda: Population(n=99.5), "got 99.5"),
    "true people": (lambda: Population(n=True), "got True"),
    "too many people": (lambda: Population(n=10_000), "got 10000"),
    "no spread": (lambda: Population(spread=0), "above 0 and at most 1.*got 0"),
    "a wide spread": (lambda: Population(spread=20), "got 20"),
    "spread is text": (lambda: Population(spread="wide"), "spread must be a number; got 'wide'"),
    "seed below zero": (lambda: Population(seed=-1), "seed is a whole number"),
    "constants is a name": (lambda: Population(constants="V_SERT"), "list of names"),
    "constants is empty": (lambda: Population(constants=[]), "list of names"),
    "population is a number": (lambda: lab(population=1000), r"population is a Population\(n"),
    "unknown constant differs": (
        lambda: lab(population=Population(constants=["V_SERTT"])),
        "no constant of model 'serotonin'. Did you mean 'V_SERT'",
    ),
    "a slider differs": (lambda: lab(population=Population(constants=["w_release"])), "is a slider of this lab"),
    "people of two models": (
        lambda: lab(model=["serotonin", "dopamine"], controls=["firing_rate"], claims=(), population=Population()),
        "population shows one model",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_nonsense_is_refused_in_words(case):
    make, message = REFUSED[case]
    with pytest.raises(ValueError, match=f"(?s){message}"):
        make()


def test_what_never_settles_has_neither_claims_nor_people():
    text = "model swing\n  a = 1; k = 1; l = 1\n  filling: -> a; k*(2 + sin(time))\n  draining: a -> ; l*a\nend"
    swing = Model.from_antimony(text, strict=False)
    plain = {"model": swing, "controls": ["k"], "main": "a", "small": [], "scene": False}
    with pytest.raises(ValueError, match="depends on time: nothing settles"):
        SynapseLab(**plain, claims=[Claim("It doubles", "a", {"k": 2}, value=2)])
    with pytest.raises(ValueError, match="depends on time and has no steady state"):
        SynapseLab(**plain, population=Population(constants=["l"]))
    empty = Model.from_antimony("model m\n  a = 0; k = 0; l = 1\n  i: -> a; k\n  o: a -> ; l*a\nend", strict=False)
    with pytest.raises(ValueError, match="at rest there is none"):
        SynapseLab(empty, controls=["k"], main="a", small=[], scene=False, population=Population())


# -- the page's verdicts -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def walk():
    """Claims judged along a walk over the sliders' range, as the page does it: (lab, settings, answer) by model."""
    dice = np.random.default_rng(3)
    corners = {"serotonin": DOUBTFUL, "dopamine": ["share_MAO_A", "k_diffusion", "firing_rate"]}
    request, labs = {}, {}
    for name, controls in corners.items():
        ones = CLAIMS[:3] + CLAIMS[4:] if name == "serotonin" else [claim(value=1.5), claim(
            text="Firing twice as fast", change={"firing_rate": 2}, relation="between", value=(1.5, 2.5))]  # fmt: skip
        if name == "dopamine":
            controls = [Control("share_MAO_A", maximum=1), *controls[1:]]
        made = lab(model=name, controls=controls, claims=ones)
        ends = [(c.minimum, c.maximum) for c in made.controls]
        points = [[dice.uniform(low, high) for low, high in ends] for _ in range(8)]
        points += [[low for low, _ in ends], [high for _, high in ends], [(low + high) / 2 for low, high in ends]]
        settings = [dict(zip(made.values, point, strict=True)) for point in points]
        request[name] = {
            "model": made.models[0].to_javascript(),
            "horizon": made.span,
            "claims": {"specs": listed(made), "settings": settings},
        }
        labs[name] = (made, settings)
    answer = ask("settling", request)
    return {name: (*labs[name], answer[name]) for name in labs}


@pytest.mark.parametrize("name", ["serotonin", "dopamine"])
def test_page_and_kernel_judge_alike(name, walk):
    made, settings, answer = walk[name]
    judged = 0
    verdicts = set()
    for setting, standings, surely, cold in zip(
        settings, answer["claims"], answer["surely"], answer["cold"], strict=True
    ):
        made.set(**setting)
        table = made.claims()
        for row, *ones in zip(table.itertuples(), standings, surely, cold, strict=True):
            for one in ones:
                if row.holds is pd.NA:
                    assert one["ratio"] is None and one["holds"] is None, setting
                    continue
                assert one["ratio"] == pytest.approx(row.ratio, rel=1e-5), (setting, row.text)
                assert one["holds"] is bool(row.holds)
            verdicts.add(row.holds)
            judged += 1
    assert judged == len(settings) * len(listed(made)) and {True, False} <= verdicts


@pytest.fixture(scope="module")
def everywhere():
    """For every model of the book: a claim for each control at each of its ends, judged at rest by the page."""
    request, labs = {}, {}
    for name in available():
        model = load_model(name)
        if model.system.depends_on_time:
            continue
        rest = model.parameters.set_index("name")["value"]
        ends = {row.name: (row.minimum, row.maximum) for row in model.parameters.itertuples() if row.control}
        output = "extracellular" if "extracellular" in model.species else model.species[0]
        claims = [
            Claim(f"{control} {end:g}", output, {control: end}, relation="between", value=(0.5, 2))
            for control, both in ends.items()
            for end in both
            if math.isfinite(end) and end != rest[control]
        ]
        made = SynapseLab(model, controls=model.controls[:1], main=output, small=[], scene=False, claims=claims)
        request[name] = {
            "model": model.to_javascript(),
            "horizon": made.span,
            "claims": {"specs": listed(made), "settings": [{}]},
        }
        labs[name] = made
    return labs, ask("settling", request)


@pytest.mark.parametrize("name", available())
def test_every_models_claims_are_told_alike(name, everywhere):
    labs, answer = everywhere
    if name not in labs:
        assert load_model(name)._depends_on_time
        return
    table = labs[name].claims()
    told = 0
    for row, found in zip(table.itertuples(), answer[name]["surely"][0], strict=True):
        if row.holds is pd.NA:
            assert found["holds"] is None, (row.text, found)
        elif row.ratio < 1e-9 and found["ratio"] is None:
            pass  # a level that fades away for ever has settled for the kernel, for the page it has not yet
        else:
            told += 1
            assert found["ratio"] == pytest.approx(row.ratio, rel=1e-4, abs=1e-9), row.text
    assert told >= (0 if table["holds"].isna().all() else 1)


# -- in a browser --------------------------------------------------------------------------------------------------


@pytest.fixture
def show(show):
    """A lab on a page, with the functions of tests/scripts/crowds.ts."""

    def show_(*made, **options):
        page = show(*made, **options)
        page.add_script_tag(content=for_browser("crowds"))
        return page

    return show_


def move(page, **values) -> None:
    page.evaluate("showing.move", values)


def test_the_list_follows_the_sliders_and_the_sentence_tells(show):
    page = show(lab())
    sentence = page.locator("[role=status]")
    before = page.evaluate("crowds.standings")
    assert [each["standing"] for each in before] == ["holds", "holds", "holds", "holds", "fails"]
    assert before[0]["words"] == "holds A block doubles it (Artigas 1996) 3 times; needs at least 2"
    assert page.locator(".lab-tally").inner_text() == "4 of 5 hold"
    assert "conclusions" not in sentence.inner_text(), "at the start nothing has changed"
    items = page.get_by_role("list", name="Which conclusions survive?").get_by_role("listitem")
    assert items.count() == 5
    marks = {each["standing"]: each["mark"] for each in before}
    assert marks["holds"] != marks["fails"], "told apart without colour"

    moved = page.evaluate("crowds.standingsWithin", ["w_release", 0])
    assert [each["standing"] for each in moved][:2] == ["holds", "fails"], "judged within the move itself"
    page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('conclusions')")
    assert "Of the 5 conclusions, 2 hold." in sentence.inner_text()
    assert page.locator(".lab-tally").inner_text() == "2 of 5 hold"
    # Another step that changes no verdict is not worth the words.
    move(page, w_release=0.01)
    page.wait_for_function("() => !document.querySelector('[role=status]').textContent.includes('conclusions')")
    page.get_by_role("button", name="Reset").press("Enter")
    page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('4 hold')")
    assert page.evaluate("crowds.standings") == before
    page.watch.assert_clean()


def test_a_claim_that_cannot_be_told_says_so(show):
    claims = [
        Claim("It doubles", "a", {"fill": 2}, value=2),
        Claim("It is halved", "a", {"drain": 2}, relation="at most", value=0.5),
    ]
    page = show(SynapseLab(
        Model.from_antimony(TANK, strict=False), controls=[Control("drain", minimum=0, maximum=2)], main="a", small=[],
        scene=False, claims=claims,
    ))  # fmt: skip
    assert [each["standing"] for each in page.evaluate("crowds.standings")] == ["holds", "holds"]
    move(page, drain=0)
    page.wait_for_function("() => document.querySelector('.lab-claims').innerText.includes('cannot be told')")
    first, second = page.evaluate("crowds.standings")
    assert first["standing"] == "open" and first["words"] == "open It doubles cannot be told with these settings"
    assert second["standing"] == "holds", "it sets the drain itself"
    page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('cannot be told')")
    assert "Of the 2 conclusions, 1 holds and 1 cannot be told." in page.locator("[role=status]").inner_text()


def test_a_prediction_comes_before_the_verdicts(show):
    ask = Predict("Predict: what happens?", [("It stays", 1.0), ("It doubles", 2.0)], {"w_release": 0.03})
    page = show(lab(predict=ask))
    assert {each["standing"] for each in page.evaluate("crowds.standings")} == {"open"}
    assert all(each["words"].endswith("after your prediction") for each in page.evaluate("crowds.standings"))
    assert page.locator(".lab-tally").inner_text() == ""
    page.get_by_role("radio").first.check()
    page.wait_for_function("() => document.querySelector('.lab-tally').textContent === '4 of 5 hold'")
    assert "conclusions" not in page.locator("[role=status]").inner_text()


def test_people_are_drawn_when_the_sliders_rest(show):
    made = lab(
        controls=["reuptake_inhibition"], claims=(), start=BLOCK, population=Population(n=300, spread=0.2, seed=5)
    )  # fmt: skip
    page = show(made)
    figure = page.locator(".lab-people")
    page.wait_for_function("() => document.querySelector('.lab-people-words').textContent.includes('middle')")
    folds = (lambda people: people["extracellular"] / people["extracellular_rest"])(made.population())
    low, median, high = folds.quantile([0.05, 0.5, 0.95])
    drawn = figure.locator("svg").inner_html()
    for share in (low, median, high):
        assert f"{100 * share:.0f}\u202f%" in drawn, (share, drawn)
    words, told = figure.locator("p").inner_text(), lambda value: f"{value:.1f}".removesuffix(".0")
    assert (
        f"settles at {told(median)} times their own baseline; nine in ten lie between {told(low)} and {told(high)}"
        in words
    )
    assert "assumption" in words
    picture = figure.get_by_role("img", name="The same change in 300 people")
    assert picture.count() == 1 and picture.get_attribute("aria-describedby") == figure.locator("p").get_attribute("id")

    # While something moves the people drawn are marked as those of before, and nobody is settled.
    bars = "() => document.querySelector('.lab-people .bars:not(.outer)').getAttribute('d')"
    before = page.evaluate(bars)
    move(page, reuptake_inhibition=0.5)
    assert figure.get_attribute("data-stale") is not None and page.evaluate(bars) == before
    page.wait_for_function("() => !document.querySelector('.lab-people').hasAttribute('data-stale')")
    assert page.evaluate(bars) != before and figure.locator("p").inner_text() != words
    move(page, reuptake_inhibition=0)
    page.wait_for_function("() => document.querySelector('.lab-people').innerText.includes('In all of 300')")
    assert "everyone at baseline" in figure.locator("svg").inner_html()
    page.watch.assert_clean()


def test_people_do_not_freeze_the_page_and_are_given_up_when_a_slider_moves(show):
    made = lab(controls=["reuptake_inhibition"], claims=(), population=Population(n=2000, spread=0.2))
    page = show(made)
    longest, whole = page.evaluate("crowds.longestTurns", ["reuptake_inhibition", 0.8])
    # A slice is 14 ms and two people, of work that takes some fifty such; how fast that is, `make bench` tells.
    assert len(longest) == 5 and longest[-1] < whole / 8, (longest, whole)
    drawn = page.evaluate("() => document.querySelector('.lab-people-words').textContent")
    move(page, reuptake_inhibition=0.9)
    page.wait_for_timeout(230)
    move(page, reuptake_inhibition=0.8)
    page.wait_for_function("() => !document.querySelector('.lab-people').hasAttribute('data-stale')")
    assert page.evaluate("() => document.querySelector('.lab-people-words').textContent") == drawn
    page.evaluate("() => { model.set('reuptake_inhibition', 0.7); window.close_lab(); }")
    page.wait_for_timeout(300)
    page.watch.assert_clean()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_claims_and_people_are_accessible_and_fit(show, theme, width):
    # Imported here, because the harness reads the whole table of contents.
    from tests.browser.harness import check_drawn_contrast, run_axe

    made = lab(controls=["reuptake_inhibition", "w_release"], start=BLOCK, population=Population(n=100))
    page = show(made, theme, viewport={"width": width, "height": 740})
    page.wait_for_function("() => document.querySelector('.lab-people-words').textContent.includes('middle')")
    assert run_axe(page, f"claims at {width} px, {theme}") > 10
    assert check_drawn_contrast(page, f"claims at {width} px, {theme}")[0] >= 12
    marks = page.evaluate("crowds.markContrast")
    assert len(marks) == 7 and min(marks) >= 3, marks
    overflowing = page.evaluate("crowds.overflowing")
    assert not overflowing, overflowing
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


CROWDS = {
    "usual": (2.9, 0.15), "wide": (4, 0.6), "at baseline": (1, 0), "near baseline": (1.02, 0.02), "halved": (0.5, 0.2),
    "almost nothing": (0.003, 0.3), "doubled in everyone": (2, 0), "very high": (240, 0.5), "just above": (1.3, 0.05),
}  # fmt: skip


@pytest.mark.parametrize("width", [296, 704])
@pytest.mark.parametrize("crowd", CROWDS)
def test_labels_of_people_stand_clear(open_page, bundle, crowd, width):
    page = open_page(None)
    page.set_content(PAGE % (bundle[1] + ".lab-people, .lab-charts {} text { font: 13px sans-serif }", "light"))
    page.add_script_tag(content=for_browser("charts"))
    median, spread = CROWDS[crowd]
    folds = median * np.exp(spread * np.random.default_rng(1).standard_normal(400))
    texts = page.evaluate("charts.drawPeople", [folds.tolist(), width])
    assert len(texts) >= 5
    svg = page.locator("svg").bounding_box()
    for i, a in enumerate(texts):
        assert svg["x"] - 1 <= a["left"] and a["right"] <= svg["x"] + svg["width"] + 1, a
        for b in texts[i + 1 :]:
            over = (
                a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
            )
            assert not over, (a["text"], b["text"])
