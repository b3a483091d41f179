"""Widgets' places on hand-made pages: a still until the live widget has drawn, and a word where none comes.

Every page here is really refused something: no script is run, a file is missing, a policy forbids, the saved state was
changed. What the built book's own pages do is in test_landing.py.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

import anywidget
import ipywidgets
import pytest
import traitlets
from ipywidgets.embed import dependency_state

from tests.browser.support import ROOT
from widgets import CheckYourself, DrugLab, Predict, SynapseLab
from widgets.book.programs import as_script, without_programs
from widgets.book.state import STATE_MIME, VIEW_MIME, thin_state
from widgets.book.stills import with_stills

STATIC = ROOT / "widgets" / "static"
ALIVE = "document.documentElement.dataset.widgets === 'ready'"


class Foreign(anywidget.AnyWidget):
    """A widget with a program of its own, which no page of the book has: `parts` of its default export."""

    _esm = traitlets.Unicode().tag(sync=True)
    value = traitlets.Int(3).tag(sync=True)

    def __init__(self, parts: str):
        super().__init__(_esm=f"export default {{ {parts} }};")


@pytest.fixture(scope="module")
def saved():
    """A lab with a question, a lab of medicines and a block of questions, with the state they are saved in."""
    asked = Predict("Predict: half of the pumps stop?", [("Same", 1), ("Twice", 2)], {"reuptake_inhibition": 0.5})
    shown = [
        SynapseLab("norepinephrine", controls=["reuptake_inhibition", "firing_rate"], predict=asked),
        DrugLab(["duloxetine", "venlafaxine"], compare="sertraline"),
        CheckYourself("gaba"),
    ]
    state = json.loads(json.dumps(dependency_state(shown, drop_defaults=False)))
    return [each.model_id for each in shown], thin_state({"version_major": 2, "version_minor": 0, "state": state})


@pytest.fixture
def page_of(saved, tmp_path, open_page):
    """page_of(mangle, head, ...) -> a page from disk with these widgets and their stills.

    `mangle` changes a copy of the saved state when the stills stand; `wait` is a condition in JavaScript, or "".
    """

    def make(
        mangle: Callable | None = None, *, head: str = "", wait: str = ALIVE, script: str = "runtime.js", **options
    ):
        ids, state = saved
        views = "".join(
            f'<h2 id="part-{n}">Part {n}</h2><p>Prose above.</p><div>'
            f'<script type="{VIEW_MIME}">{json.dumps({"model_id": each})}</script></div>'
            for n, each in enumerate(ids)
        )
        body = with_stills(views, state)
        given = copy.deepcopy(state)
        text = (mangle and mangle(given)) or json.dumps(given).replace("<", "\\u003c")
        path = tmp_path / "page.html"
        path.write_text(
            f'<!doctype html><html lang="en" class="no-js"><meta charset="utf-8">{head}<title>t</title>'
            '<link rel="icon" href="data:,">'
            '<script nonce="known">document.documentElement.classList.remove("no-js")</script>'
            f'<link rel="stylesheet" href="{(STATIC / "book.css").as_uri()}"><body data-theme="light">'
            f'<main><article style="max-width: 984px">{body}<h2 id="end">End</h2></article></main>'
            f'<script type="{STATE_MIME}">{text}</script>'
            f'<script defer nonce="known" src="{(STATIC / "page.js").as_uri()}"></script>'
            f'<script defer src="{(STATIC / script).as_uri()}"></script>',
            encoding="utf-8",
        )
        page = open_page(path.as_uri(), **options)
        if wait:
            page.wait_for_function(wait)
        return page

    return make


def _model(state: dict, name: str) -> dict:
    """The saved traits of the lab called `name`."""
    (found,) = [m["state"] for m in state["state"].values() if m["state"].get("spec", {}).get("name") == name]
    return found


def _shown(page) -> list[str]:
    """What a reader can read in each place."""
    return [place.inner_text() for place in page.locator(".widget-place").all()]


def _operable(page) -> int:
    """Whatever in the places could be moved or pressed."""
    parts = page.locator(".widget-place :is([role=slider], button, input, select, summary)")
    return sum(each.is_visible() for each in parts.all())


def test_the_live_widgets_take_the_place_of_the_stills(page_of):
    page = page_of()
    assert page.locator(".widget-still").count() == page.locator(".arriving").count() == 0
    assert page.locator(".widget-place .synapse-lab [role=slider]").count() == 4
    assert page.locator(".widget-place .ls-questions input").count() > 4
    assert page.evaluate("document.documentElement.dataset.trouble") is None
    page.watch.assert_clean()


def test_without_scripts_each_place_shows_words_and_picture(page_of):
    page = page_of(java_script_enabled=False, wait="")
    lab, drugs, questions = _shown(page)
    for words in ("Predict: half of the pumps stop?", "Same", "Twice", "JavaScript", "at rest"):
        assert words in lab, words
    assert "unlock" not in lab and "sertraline" in drugs.lower() and "JavaScript" in questions
    assert page.locator(".lab-still .lab-main svg").first.is_visible()
    assert _operable(page) == 0
    # No empty hole: no part is much taller than what it shows.
    for still in page.locator(".widget-still").all():
        for room in still.locator(".still-room").all():
            assert not room.is_visible() or room.locator("svg").count() == 1


@pytest.mark.parametrize("refused", ["missing", "policy"])
def test_a_runtime_that_never_ran_is_noticed_from_outside(page_of, refused):
    policy = """<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-known'">"""
    head = policy if refused == "policy" else ""
    script = "runtime.js" if refused == "policy" else "no-such-file.js"
    page = page_of(head=head, script=script, wait="")
    page.locator(".widget-trouble").nth(2).wait_for()
    for words in _shown(page):
        assert "runtime.js" in words and "JavaScript" in words
    assert "runtime.js" in page.evaluate("document.documentElement.dataset.trouble")
    assert page.evaluate("document.documentElement.dataset.widgets") is None
    assert _operable(page) == 0


def test_our_own_widgets_need_no_blob(page_of, saved):
    programs: dict[str, str] = {}

    def named(state: dict) -> None:
        found, texts = without_programs(state)
        state.update(found)
        programs.update(texts)

    named(copy.deepcopy(saved[1]))
    laid = "".join(f"<script>{as_script(text)}</script>" for text in programs.values())
    content = f"script-src file: 'unsafe-inline' {STATIC.as_uri()}/"
    page = page_of(named, head=f'<meta http-equiv="Content-Security-Policy" content="{content}">{laid}', wait="")
    # Waiting for an expression would need eval, which is refused here.
    page.locator("html[data-widgets=ready]").wait_for()
    assert page.locator(".widget-place .ls-questions").count() == 1
    assert page.locator(".widget-place .synapse-lab [role=slider]").count() == 4


def _empty(state: dict) -> None:
    _model(state, "norepinephrine")["spec"]["models"] = []


def _unknown_module(state: dict) -> None:
    _model(state, "norepinephrine").update(_model_module="elsewhere", _view_module="elsewhere")
    for model in state["state"].values():
        if model["state"].get("spec", {}).get("name") == "norepinephrine":
            model["model_module"] = "elsewhere"


def _throws(state: dict) -> None:
    model = _model(state, "norepinephrine")["spec"]["models"][0]
    model["javascript"] += '\nthrow new Error("this model is broken");'


def _no_numbers(state: dict) -> None:
    model = _model(state, "norepinephrine")["spec"]["models"][0]
    model["javascript"] = model["javascript"].replace("export const baseline", "export const nothing")


def _no_spec(state: dict) -> None:
    _model(state, "norepinephrine")["spec"] = "elsewhere"


def _newer(state: dict) -> None:
    _model(state, "norepinephrine")["spec"]["version"] = 99


@pytest.mark.parametrize(
    "mangle, words",
    [
        (_empty, "without a model"),
        (_unknown_module, "could not be started|needs Python"),
        (_throws, "this model is broken"),
        (_no_numbers, "baseline"),
        (_no_spec, "without its description"),
        (_newer, "newer version"),
    ],
)
def test_a_lab_that_cannot_start_says_why_over_its_still(page_of, mangle, words):
    page = page_of(mangle)
    place = page.locator(".widget-place").first
    said = place.locator(":scope > .widget-trouble").inner_text()
    assert any(part in said for part in words.split("|")), said
    assert place.locator(".lab-still").is_visible() and place.locator("[role=slider]").count() == 0
    assert "Predict: half of the pumps stop?" in place.inner_text()
    assert page.evaluate("document.documentElement.dataset.trouble") == said
    # The others are none the worse for it.
    assert page.locator(".widget-place .ls-questions input").count() > 4
    assert page.locator(".drug-lab:not(.lab-still) [role=slider]").count() == 2


def test_a_state_that_cannot_be_read_is_said_in_every_place(page_of):
    page = page_of(lambda _: "{ cut off")
    assert all("could not be read" in words for words in _shown(page))
    assert page.locator(".lab-still").count() == 3 and _operable(page) == 0


def test_a_widget_that_was_not_saved_says_so(page_of, saved):
    def lose(state: dict) -> None:
        del state["state"][saved[0][2]]

    page = page_of(lose)
    assert "not saved" in _shown(page)[2]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_opens_at_its_section_and_stays_there(page_of, width):
    """Without the browser's own anchoring, as in WebKit."""
    head = "<style>* { overflow-anchor: none !important }</style>"
    page = page_of(head=head, wait="", viewport={"width": width, "height": 800})
    for name in ("part-1", "part-2", "end"):
        page.goto(f"{page.url.split('#')[0]}?{name}#{name}", wait_until="load")
        page.wait_for_function(ALIVE)
        top = page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", name)
        foot = page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
        assert -2 <= top <= 60 or foot < 2, (name, top, foot)


@pytest.mark.parametrize("hash", ["#100%", "#%E0%A4%A", "#lab=none&x", "#lab=", "#part-1%", "#a b<c>", "#%00"])
def test_no_address_stops_a_page(page_of, hash):
    # Alive before it is left: a program that is still being read would be cut off.
    page = page_of()
    page.goto(f"{page.url}?{abs(len(hash))}{hash}", wait_until="load")
    page.wait_for_function(ALIVE)
    page.watch.assert_clean()


def test_a_reload_finds_the_line_that_was_read(page_of):
    page = page_of(viewport={"width": 390, "height": 700})
    page.evaluate("document.getElementById('part-2').scrollIntoView({behavior: 'instant'}); scrollBy(0, -140)")
    where = "document.getElementById('part-2').getBoundingClientRect().top"
    before = page.evaluate(where)
    # The line is kept with the page's history once the page has come to rest.
    page.wait_for_function("history.state?.line?.block > 0")
    page.reload(wait_until="load")
    page.wait_for_function(ALIVE)
    page.wait_for_function(f"Math.abs({where} - {before}) < 4")


@pytest.fixture
def foreign(tmp_path, open_page):
    """foreign(widget) -> a page from disk with a widget that is none of ours in its place."""

    def make(widget: ipywidgets.DOMWidget):
        saved = json.loads(json.dumps(dependency_state([widget], drop_defaults=False)))
        state = {"version_major": 2, "version_minor": 0, "state": saved}
        view = f'<script type="{VIEW_MIME}">{json.dumps({"model_id": widget.model_id})}</script>'
        (tmp_path / "page.html").write_text(
            f'<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><body>'
            f"<main>{with_stills(view, state)}</main>"
            f'<script type="{STATE_MIME}">{json.dumps(state)}</script>'
            f'<script defer src="{(STATIC / "runtime.js").as_uri()}"></script>',
            encoding="utf-8",
        )
        return open_page((tmp_path / "page.html").as_uri())

    return make


def test_what_never_starts_keeps_its_place_and_is_never_ready(foreign):
    page = foreign(Foreign("initialize() { return new Promise(() => undefined); }, render() {}"))
    page.wait_for_function("document.querySelector('.widget-place[data-late]') !== null")
    assert page.locator(".widget-still").count() == 1
    assert page.evaluate("document.documentElement.dataset.widgets") == "starting"


@pytest.mark.parametrize("part", ["initialize", "render"])
def test_a_foreign_widget_that_fails_says_why_over_its_still(foreign, part):
    page = foreign(Foreign(f'{part}() {{ throw new Error("broken in {part}"); }}'))
    page.wait_for_function(ALIVE)
    assert f"broken in {part}" in page.locator(".widget-place > .widget-trouble").inner_text()
    assert page.locator(".widget-still").count() == 1


def test_a_foreign_widget_takes_the_place_of_its_still(foreign):
    page = foreign(Foreign("render({ model, el }) { el.textContent = `drawn ${model.get('value')}`; }"))
    page.wait_for_function(ALIVE)
    assert page.locator(".widget-host").inner_text() == "drawn 3"
    assert page.locator(".widget-still").count() == 0
    page.watch.assert_clean()


def test_plain_controls_come_alive_in_their_place(foreign):
    page = foreign(ipywidgets.IntSlider(description="Dose", value=3))
    page.wait_for_function(ALIVE)
    page.get_by_role("slider", name="Dose").wait_for(state="attached")
    assert page.locator(".widget-still").count() == 0
