"""The page's own scripts on hand-made pages: stock widgets without a kernel, and glossary definitions.

The labs and questions are tried on the real book (test_pages.py); here stands what no chapter shows on a good day.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import anywidget
import ipywidgets as widgets
import pytest
import traitlets
from ipywidgets.embed import dependency_state, embed_data

from tests.browser.support import ROOT
from tests.scripts import for_browser
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
        page.wait_for_function("() => document.documentElement.dataset.widgets === 'ready'")
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


# -- descriptions that hold markup ------------------------------------------------------------------------------------

# What base-manager allows in one (its default_inline_sanitize).
TAGS = ["a", "abbr", "b", "code", "em", "i", "img", "li", "ol", "span", "strong", "ul"]
ATTRIBUTES = {"*": ["aria-*", "class", "style", "title"], "a": ["href"], "img": ["src"], "style": ["media", "type"]}
HOSTILE = [
    "<svg onload=hit()>",
    "<svg><g onload=hit()><circle r=5></g></svg>",
    "<svg><script>hit()</script></svg>",
    "<svg><script href='data:,hit()'/></svg>",
    "<svg><style><img src=x onerror=hit()></style></svg>",
    "<svg><foreignObject><img src=x onerror=hit()></foreignObject></svg>",
    "<svg><a xlink:href='javascript:hit()'><text>a</text></a></svg>",
    "<svg><animate onbegin=hit() attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg onload=hit()>'></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=hit()&gt;'>",
    "<math><mi xlink:href='data:x,<script>hit()</script>'>x</mi></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=hit()>",
    "<svg></p><style><a id='</style><img src=1 onerror=hit()>'>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "<template><img src=x onerror=hit()></template>",
    "<img src=x onerror=hit()>",
    "<img src='javascript:hit()'>",
    "<img src='data:text/html,<script>hit()</script>'>",
    "<a href='javascript:hit()'>a</a>",
    "<a href=' &#1;java&Tab;script:hit()'>a</a>",
    "<a href='vbscript:hit()'>a</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg=='>a</a>",
    "<a onclick=hit() onfocus=hit() autofocus tabindex=0>a</a>",
    "<b style=color:red onmouseover=hit() data-x=1 id=x name=y>b</b>",
    "<script>hit()</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<style>@import 'javascript:hit()';</style>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>", "<object data='javascript:hit()'>o</object>",
    "<embed src='javascript:hit()'>", "<base href='//evil.example/'>", "<meta http-equiv=refresh content='0;url=//e'>",
    "<details open ontoggle=hit()>d</details>", "<input autofocus onfocus=hit()>", "<video><source onerror=hit()>",
]  # fmt: skip


# Any other tag, handler, address or attribute than is allowed.
LEFT = re.compile(r"(?i)<(?!/?(?:a|b|img|i)\b)|\bon\w+\s*=|script|text/html|data-x|id=|name=")


@pytest.fixture
def clean(tmp_path, open_page):
    """clean(texts) -> (sanitised texts, how often a script of theirs ran when they were set into the page)."""
    (tmp_path / "page.html").write_text(f"{HEAD}<main></main>", encoding="utf-8")
    page = open_page((tmp_path / "page.html").as_uri())
    page.add_script_tag(content=for_browser("sanitizer"))
    return lambda texts: page.evaluate("sanitizer.clean", [texts, TAGS, ATTRIBUTES])


def test_hostile_markup_leaves_nothing_that_runs(clean):
    # Without the source of a picture that is allowed: a missing one is an error of the console.
    cleaned, hits = clean([text.replace("src=x", "src").replace("src=1", "src") for text in HOSTILE])
    assert hits == 0 and len(cleaned) == len(HOSTILE)
    for text, left in zip(HOSTILE, cleaned, strict=True):
        found = re.sub(r'(?:title|style)="[^"]*"', "", left)
        assert not re.search(
            r"(?i)<(?!/?(?:a|b|img|i)\b)|\bon\w+\s*=|script|vbscript|text/html|data-x|id=|name=", found
        ), text


def test_markup_that_is_allowed_stays_as_it_is(clean):
    good = [
        "<b>K<i>i</i></b> of <em class=\"hue\" title=\"t\">SERT</em>",
        '<a href="https://example.org/a?b=1&amp;c=2">there</a> <a href="#here">here</a> <a href="../up.html">up</a>',
        '<a href="mailto:someone@example.org">write</a>',
        '<span aria-label="two" style="color: red;">2</span><ul><li>one</li></ul><code>a &lt; b</code>',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">',
        "plain words, 5 &gt; 3",
    ]  # fmt: skip
    cleaned, _ = clean(good)
    assert cleaned == good


def test_other_elements_leave_their_words_and_attributes_of_other_tags_go(clean):
    cleaned, _ = clean(["<p>one <u>two</u></p>", '<b href="#a" src="b.png">c</b>', '<a src="b.png" href="#a">c</a>',
                        "a<script>b</script><style>c</style><object>d</object>e",
                        "a<svg><script>b</script><style>c</style></svg>e"])  # fmt: skip
    assert cleaned == ["one two", "<b>c</b>", '<a href="#a">c</a>', "ae", "ae"]
