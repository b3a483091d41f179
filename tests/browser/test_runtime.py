"""The page's own scripts on hand-made pages: stock widgets without a kernel, and glossary definitions.

The labs and questions are tried on the real book (test_pages.py); here stands what no chapter shows on a good day.
"""

from __future__ import annotations

import json
from pathlib import Path

import anywidget
import ipywidgets as widgets
import pytest
import traitlets
from ipywidgets.embed import dependency_state, embed_data

from tests.browser.support import ROOT
from widgets.book.state import STATE_MIME, VIEW_MIME

STATIC = ROOT / "widgets" / "static"
HEAD = (
    '<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,">'
    f'<link rel="stylesheet" href="{(STATIC / "book.css").as_uri()}"><body data-theme="light">'
)


class Doubler(anywidget.AnyWidget):
    """Somebody else's anywidget: it brings its own code."""

    _esm = """
    export default { render({ model, el }) {
      const say = () => { el.textContent = `twice is ${2 * model.get("number")}`; };
      model.on("change:number", say); say();
    } };"""
    number = traitlets.Float(1).tag(sync=True)


def _write(folder: Path, state: str, views: list[dict]) -> str:
    scripts = "".join(f'<div><script type="{VIEW_MIME}">{json.dumps(view)}</script></div>' for view in views)
    saved = state.replace("<", "\\u003c")
    page = folder / "page.html"
    page.write_text(
        f'{HEAD}<main>{scripts}</main><script type="{STATE_MIME}">{saved}</script>'
        f'<script defer src="{(STATIC / "runtime.js").as_uri()}"></script>',
        encoding="utf-8",
    )
    return page.as_uri()


@pytest.fixture
def page_of(tmp_path, open_page):
    """page_of(*widgets) -> a page opened from disk in which they are saved, and their links with them."""

    def make(*shown: widgets.Widget):
        # Only these and what hangs on them: other tests of this process have left widgets of their own.
        state = dependency_state(shown, drop_defaults=False)
        data = embed_data(views=shown, state=state, drop_defaults=False)
        page = open_page(_write(tmp_path, json.dumps(data["manager_state"]), data["view_specs"]))
        page.wait_for_function("document.documentElement.dataset.widgets === 'ready'")
        return page

    return make


def test_linked_sliders_move_and_say_what_they_are(page_of):
    slider = widgets.FloatSlider(description="Level in the gap", min=0, max=10, step=0.5, value=1)
    doubler = Doubler()
    widgets.jslink((slider, "value"), (doubler, "number"))
    page = page_of(widgets.VBox([slider, doubler]))
    handle = page.get_by_role("slider", name="Level in the gap")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("twice is 3").wait_for()
    assert handle.get_attribute("aria-valuenow") == "1.5"
    assert handle.get_attribute("aria-valuetext") == "1.50"
    page.keyboard.press("End")
    page.get_by_text("twice is 20").wait_for()
    assert handle.get_attribute("aria-valuetext") == "10.00"
    page.watch.assert_clean()


def test_both_handles_of_a_range_have_a_name(page_of):
    page = page_of(widgets.IntRangeSlider(description="Years", min=0, max=10, value=(2, 7)))
    values = [page.get_by_role("slider", name=f"Years {end}").get_attribute("aria-valuetext") for end in ("from", "to")]
    assert values == ["2", "7"]
    page.watch.assert_clean()


def test_toggle_buttons_are_a_group_with_a_pressed_member(page_of):
    page = page_of(widgets.ToggleButtons(options=["low", "high"], description="Range"))
    group = page.get_by_role("group", name="Range")
    group.get_by_role("button", name="high").click()
    pressed = [button.get_attribute("aria-pressed") for button in group.get_by_role("button").all()]
    assert pressed == ["false", "true"]
    assert page.locator('[title="null"]').count() == 0
    page.watch.assert_clean()


def test_a_widget_that_is_not_aboard_says_so_and_the_rest_works(page_of):
    slider = widgets.IntSlider(description="Still here")
    page = page_of(widgets.DatePicker(description="When"), slider)
    assert "DatePicker" in page.locator(".widget-trouble").inner_text()
    assert page.get_by_role("slider", name="Still here").is_visible()
    page.watch.assert_clean()


class Late(anywidget.AnyWidget):
    """An anywidget whose code takes three seconds to come, as on a slow or busy machine."""

    _esm = """
    await new Promise((come) => setTimeout(come, 3000));
    export default { render({ el }) { el.textContent = "here at last"; } };"""


def test_a_widget_that_is_slow_to_start_starts_without_complaint(page_of):
    page = page_of(widgets.VBox([Late(), widgets.IntSlider(description="Meanwhile")]))
    assert page.get_by_role("slider", name="Meanwhile").is_visible()
    page.get_by_text("here at last").wait_for()
    page.watch.assert_clean()


def test_a_widget_that_was_not_saved_leaves_words_and_no_empty_box(tmp_path, open_page):
    state = json.dumps({"version_major": 2, "version_minor": 0, "state": {}})
    page = open_page(_write(tmp_path, state, [{"model_id": "gone"}]))
    page.locator(".widget-trouble").wait_for()
    assert "not saved" in page.locator(".widget-trouble").inner_text()
    page.watch.assert_clean()


def test_unreadable_state_leaves_words_for_every_widget(tmp_path, open_page):
    page = open_page(_write(tmp_path, "{", [{"model_id": "a"}, {"model_id": "b"}]))
    page.locator(".widget-trouble").nth(1).wait_for()
    assert page.locator(".widget-trouble").count() == 2
    assert any("JSON" in complaint for complaint in page.watch.complaints), "the console tells whoever reports it"


def test_markup_in_a_description_is_cleaned(page_of):
    harmful = 'K<sub>m</sub> <b onclick="x()">bold</b><img src="data:," onerror="harmed=1"><script>harmed=1</script>'
    page = page_of(widgets.IntSlider(description=harmful, description_allow_html=True))
    label = page.locator(".widget-label").first
    assert label.inner_text().strip() == "Km bold"
    assert label.locator("[onclick], [onerror], script, sub").count() == 0
    assert page.evaluate("window.harmed") is None


# -- glossary ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def glossary_page(tmp_path, open_page):
    terms = {"term-SERT": ["SERT", "The serotonin transporter."]}
    page = tmp_path / "page.html"
    page.write_text(
        f'{HEAD}<div class="book-body"><article role="main">'
        '<p><a href="#elsewhere">before</a></p><p>The <a href="g.html#term-SERT">pump</a> works.</p>'
        '<p style="margin-top:20rem"><a href="#after">after</a></p></article></div>'
        f'<script type="application/json" id="glossary-terms">{json.dumps(terms)}</script>'
        f'<script defer src="{(STATIC / "page.js").as_uri()}"></script>',
        encoding="utf-8",
    )
    return open_page(page.as_uri())


def test_definitions_on_hover_can_be_reached_and_dismissed(glossary_page):
    page, panel = glossary_page, glossary_page.locator(".glossary-panel")
    page.get_by_role("link", name="pump").hover()
    panel.wait_for(state="visible")
    assert panel.inner_text().split("\n") == ["SERT", "The serotonin transporter."]
    panel.hover()
    page.wait_for_timeout(500)  # longer than the delay with which it would leave
    assert panel.is_visible(), "hoverable and persistent (WCAG 1.4.13)"
    page.keyboard.press("Escape")
    assert not panel.is_visible(), "dismissible (WCAG 1.4.13)"
    page.get_by_role("link", name="pump").hover()
    panel.wait_for(state="visible")
    page.get_by_role("link", name="after").hover()
    panel.wait_for(state="hidden")
    page.watch.assert_clean()


def test_definitions_on_focus_and_for_screen_readers(glossary_page):
    page, panel = glossary_page, glossary_page.locator(".glossary-panel")
    link = page.get_by_role("link", name="pump")
    described = link.get_attribute("aria-describedby")
    assert page.locator(f"#{described}").text_content() == "The serotonin transporter."
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert link.evaluate("link => document.activeElement === link")
    panel.wait_for(state="visible")
    page.keyboard.press("Tab")
    panel.wait_for(state="hidden")
