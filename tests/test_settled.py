"""Cases that start at their own rest: ill before the controls move, in the page as in the kernel."""

from __future__ import annotations

import re

import pytest

from widgets import Predict, SynapseLab, load_model

CASES = {"Healthy": {}, "Little tryptophan": {"TRYPTOPHAN_BLOOD": 48.0}, "More pumps": {"V_SERT": 57 / 0.68}}


def lab(**changes) -> SynapseLab:
    return SynapseLab("serotonin", **{"cases": CASES, "settled": True, "controls": ["reuptake_inhibition"], "days": 14,
                                      "scene": False, **changes})  # fmt: skip


def test_each_case_starts_where_it_settles_and_stays_there():
    model = load_model("serotonin")
    run = lab().simulate(points=30)
    for case, held in CASES.items():
        own = model.steady_state(**held)["extracellular"]
        assert run[case]["extracellular"].to_numpy() == pytest.approx([own] * 30, rel=1e-5)
    assert all(each.settled for each in lab().spec.runs)
    assert not any(each.settled for each in lab(settled=False).spec.runs)


def test_settled_without_cases_is_refused():
    with pytest.raises(ValueError, match="settled is of cases"):
        SynapseLab("serotonin", settled=True)


def test_the_page_starts_them_there_too(show):
    made = lab(predict=Predict("Predict: where does the third end?", [("At 70 %", 0.7), ("Healthy", 1.0)],
                               {"reuptake_inhibition": 0.32}))  # fmt: skip
    page = show(lab())
    said = page.locator("[role=status]").inner_text()
    model, rest = load_model("serotonin"), load_model("serotonin").baseline["extracellular"]
    folds = {case: model.steady_state(**held)["extracellular"] / rest for case, held in CASES.items()}
    assert "“Healthy” stays at baseline" in said
    assert f"“Little tryptophan” settles at {100 * folds['Little tryptophan']:.0f}" in said
    heights = [
        [float(y) for _, y in re.findall(r"([\d.]+),([\d.]+)", path)][:40]
        for path in page.locator(".lab-main path.curve").evaluate_all(
            "(all) => all.map((each) => each.getAttribute('d'))"
        )
    ]
    assert all(max(each) - min(each) < 0.6 for each in heights), "flat before anything moves, the lead included"
    page.evaluate("showing.move", {"reuptake_inhibition": 0.32})
    page.wait_for_function("() => /Blocked|blocked/.test(document.querySelector('[role=status]').innerText)")
    told = page.locator("[role=status]").inner_text()
    assert "“More pumps” rises to baseline" in told, told
    assert made.spec.prediction is not None


def test_a_level_that_comes_to_rest_has_changed_in_the_verdict(show):
    asked = Predict(
        "Predict: where does the first end?", [("At 70 %", 0.7), ("Healthy", 1.0)], {"reuptake_inhibition": 0.32}
    )
    cases = {"More pumps": CASES["More pumps"], "Little tryptophan": CASES["Little tryptophan"]}
    page = show(lab(cases=cases, predict=asked))
    page.get_by_label("Healthy").check()
    page.get_by_role("button", name="Show what the model says").click()
    assert "The model says baseline. Yours was the closest." in page.locator(".lab-verdict").inner_text()
