"""Stills: what stands in a widget's place without its script, drawn by the labs' own code."""

from __future__ import annotations

import gzip
import json
from xml.etree import ElementTree

import ipywidgets
import pytest
from ipywidgets.embed import dependency_state

from widgets import CheckYourself, DrugLab, Predict, SynapseLab
from widgets.book import stills
from widgets.book.state import thin_state

SVG = "{http://www.w3.org/2000/svg}"


def _saved(*shown: ipywidgets.Widget) -> dict:
    return {"state": json.loads(json.dumps(dependency_state(shown, drop_defaults=False)))}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Widgets of each kind, the state that they are saved in, and their stills."""
    asked = Predict("Predict: half of the pumps stop?", [("Same", 1), ("Twice", 2)], {"reuptake_inhibition": 0.5})
    shown = [
        SynapseLab("dopamine", controls=["reuptake_inhibition", "firing_rate"], predict=asked),
        SynapseLab("serotonin", controls=["reuptake_inhibition"], start={"reuptake_inhibition": 0.8}),
        DrugLab(["venlafaxine", "duloxetine"], compare="sertraline"),
        CheckYourself("ssri"),
        ipywidgets.IntSlider(description="Plain"),
    ]
    state = thin_state(_saved(*shown))
    kept = tmp_path_factory.mktemp("stills")
    return shown, state, kept, stills.stills_of(state, [each.model_id for each in shown], kept)


def test_a_lab_has_its_picture_title_sentence_and_question(made):
    asked, rest, drugs, *_ = made[3]
    assert (asked.kind, asked.name) == ("lab", "dopamine")
    assert asked.question == "Predict: half of the pumps stop?" and asked.choices == ("Same", "Twice")
    assert "at rest" in asked.said and asked.sentence.startswith(asked.said)
    assert "unlock" in asked.sentence and "unlock" not in asked.said
    assert "80" in rest.said and rest.question == "" and rest.choices == ()
    assert drugs.name and "sertraline" in drugs.said
    for still in (asked, rest, drugs):
        picture = ElementTree.fromstring(still.svg)
        assert picture.tag == f"{SVG}svg"
        assert len(picture.findall(f".//{SVG}path")) >= 2 and len(picture.findall(f".//{SVG}text")) >= 4
        assert "NaN" not in still.svg and "var(--ls-" in still.svg
        # A colour stands beside each variable, for a reader without the book's style sheet.
        assert still.svg.count("var(--ls-") == still.svg.count(",#")
        assert still.title in still.alt
        assert len(gzip.compress(still.svg.encode())) < 4000 and len(gzip.compress(still.place.encode())) < 4500


def test_questions_stand_with_their_choices_and_other_widgets_with_a_word(made):
    *_, questions, other = made[3]
    assert questions.kind == "questions" and len(questions.questions) >= 4
    assert all(question.text and len(question.choices) >= 2 for question in questions.questions)
    assert other.kind == "other" and "JavaScript" in other.how and other.svg == ""


def test_every_still_is_well_formed_and_holds_nothing_to_press(made):
    for still in made[3]:
        whole = ElementTree.fromstring(still.html())
        assert whole.tag == "figure" and still.how in "".join(whole.itertext())
        for markup in filter(None, [still.html(), still.place]):
            tags = {element.tag for element in ElementTree.fromstring(markup).iter()}
            assert tags.isdisjoint({"button", "input", "select", "summary", "a", "script"}), still.name
            assert " id=" not in markup and " on" not in {name[:3] for name in markup.split("<")}


def test_the_place_names_all_that_the_live_lab_shows(made):
    place = made[3][0].place
    root = ElementTree.fromstring(place)
    classes = " ".join(element.get("class", "") for element in root.iter()).split()
    for part in ("lab-title", "lab-gate", "lab-scene", "lab-main", "lab-slider", "lab-sentence", "still-room"):
        assert part in classes, part
    assert classes.count("lab-slider") == 2
    # The drawn synapse and the main chart, as pictures.
    assert place.count("<svg ") == 2 and 'class="scene"' in place
    assert all(word in "".join(root.itertext()) for word in ("Same", "Twice", "Firing"))


def test_what_was_drawn_once_is_kept_by_its_content(made, monkeypatch):
    shown, state, kept, before = made

    def refuse(_requests):
        raise AssertionError("Node was asked again for what is kept")

    monkeypatch.setattr(stills, "_asked", refuse)
    assert stills.stills_of(state, [each.model_id for each in shown], kept) == before
    files = sorted(kept.glob("*.json"))
    assert len(files) == 4
    # A file that was cut short is none.
    files[0].write_text("{")
    with pytest.raises(AssertionError, match="asked again"):
        stills.stills_of(state, [each.model_id for each in shown], kept)


def test_a_lab_that_cannot_open_is_refused_by_name(made):
    state = json.loads(json.dumps(made[1]))
    (view,) = [
        model["state"] for model in state["state"].values() if model["state"].get("spec", {}).get("name") == "dopamine"
    ]
    view["spec"]["models"] = []
    with pytest.raises(ValueError, match="lab 'dopamine' cannot be drawn as it opens"):
        stills.still_of(state, made[0][0].model_id, None)


def test_a_page_has_a_still_before_each_view(made):
    shown, state, kept, _ = made
    scripts = [f'<script type="{stills.VIEW_MIME}">{{"model_id": "{each.model_id}"}}</script>' for each in shown]
    body = stills.with_stills("".join(f"<div>{script}</div>" for script in scripts), state, kept)
    assert body.count('<div class="widget-place"') == body.count('<p class="still-how">') == len(shown)
    for script in scripts:
        assert f"</p></div>{script}</div></div>" in body
