"""The harness itself: on a page with one fault it must fail, and say which. A check that cannot fail is a defect.

The page here is a stand-in for a lab, small enough to break in one place at a time.
"""

from __future__ import annotations

import pytest

from tests.browser.harness import Lab, check_drawn_contrast, nonsense, run_axe

PAGE = """<!doctype html><html lang="en"><head><title>A stand-in</title>
<style>body { background: #fff; color: #222; } svg text { fill: #222; } path { stroke: #0072b2; fill: none; }
[role=slider] { width: 200px; height: 30px; background: #ddd; } button { padding: 8px; }</style>
</head><body><main><h1>A stand-in</h1>
<div class="synapse-lab" role="group" aria-label="Lab">
  <fieldset><legend>Predict: how much?</legend>
    <label><input type="radio" name="guess">Twice</label>
    <label><input type="radio" name="guess">Thrice</label></fieldset>
  <svg width="200" height="60" role="img" aria-label="Curve"><path class="curve" d="M0,0L1,1"/>
    <text y="40">baseline</text></svg>
  <p role="status">Nothing has changed.</p>
  <div class="widget-slider"><label class="widget-label" id="name">Pumps blocked</label>
    <div role="slider" tabindex="0" aria-labelledby="name" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"
      aria-valuetext="none blocked" aria-disabled="true"></div></div>
  <button>Reset</button>
</div></main><script>
const lab = document.querySelector('.synapse-lab'), find = (s) => lab.querySelector(s), slider = find('[role=slider]');
const set = (v) => {
  slider.setAttribute('aria-valuenow', v); slider.setAttribute('aria-valuetext', v + ' percent blocked');
  find('path').setAttribute('d', `M0,0L1,${v}`);
  setTimeout(() => { find('p').textContent = `With ${v} percent blocked, more is there.`; }, 50);
};
for (const radio of lab.querySelectorAll('input')) radio.onchange = () => slider.removeAttribute('aria-disabled');
slider.onkeydown = (e) => { if (e.key === 'ArrowRight' && !slider.hasAttribute('aria-disabled'))
  set(Number(slider.getAttribute('aria-valuenow')) + 10); };
find('button').onclick = () => set(0);
</script></body></html>"""


@pytest.fixture
def broken(open_page):
    """broken(old, new) -> a page with that one change, and its lab."""

    def broken_(old: str = "", new: str = ""):
        assert old in PAGE
        page = open_page("about:blank")
        page.set_content(PAGE.replace(old, new) if old else PAGE)
        return page, Lab(page, page.locator(".synapse-lab"), limit=800)

    return broken_


def test_the_stand_in_passes_while_it_is_whole(broken):
    page, lab = broken()
    assert lab.locked() == [True] and lab.answer_gate() and lab.locked() == [False]
    before = lab.shown()
    after = lab.step(0)
    assert (before.values, after.values) == ((0,), (10,)) and after.sentence.startswith("With 10 percent")
    assert lab.label_of(0) == "Pumps blocked"
    assert run_axe(page, "stand-in") >= 15
    assert check_drawn_contrast(page, "stand-in") == (1, 1)
    assert not nonsense(lab) and not page.watch.complaints


def test_a_slider_that_does_not_move(broken):
    _, lab = broken("=== 'ArrowRight'", "=== 'Q'")
    lab.answer_gate()
    with pytest.raises(AssertionError, match="Pumps blocked.*the slider does not move"):
        lab.step(0)


def test_a_curve_that_stays(broken):
    _, lab = broken("`M0,0L1,${v}`", "'M0,0L1,1'")
    lab.answer_gate()
    with pytest.raises(AssertionError, match="Pumps blocked.*no curve changes"):
        lab.step(0)


def test_a_sentence_that_stays(broken):
    _, lab = broken("`With ${v} percent blocked, more is there.`", "'Nothing has changed.'")
    lab.answer_gate()
    with pytest.raises(AssertionError, match="Pumps blocked.*the sentence stays"):
        lab.step(0)


def test_a_gate_that_does_not_open(broken):
    _, lab = broken("slider.removeAttribute('aria-disabled')", "0")
    with pytest.raises(AssertionError, match="the sliders stay locked"):
        lab.answer_gate()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('aria-labelledby="name" ', "", "aria-input-field-name"),
        ('role="img" aria-label="Curve"', 'role="img"', "svg-img-alt"),
        ("color: #222", "color: #bbb", "color-contrast"),
        ('<html lang="en">', "<html>", "html-has-lang"),
        ("<h1>A stand-in</h1>", "<h1>A stand-in</h1><h4>Deep</h4>", "heading-order"),
        ("<button>Reset</button>", "<button></button>", "button-name"),
        ("height: 30px", "height: 9px; width: 9px; margin: -4px", "target-size"),
    ],
)
def test_axe_faults(broken, old, new, rule):
    page, _ = broken(old, new)
    if rule == "target-size":  # a small target is excused while nothing else is near
        page.evaluate("() => { const s = document.querySelector('[role=slider]'); s.after(s.cloneNode()); }")
    with pytest.raises(AssertionError, match=rule):
        run_axe(page, "stand-in")


@pytest.mark.parametrize(("old", "new"), [("svg text { fill: #222", "svg text { fill: #aaa"), ("#0072b2", "#bcd")])
def test_pale_drawings(broken, old, new):
    page, _ = broken(old, new)
    with pytest.raises(AssertionError, match="contrast"):
        check_drawn_contrast(page, "stand-in")


@pytest.mark.parametrize("word", ["NaN", "undefined", "-Infinity", "[object Object]"])
def test_nonsense(broken, word):
    _, lab = broken('d="M0,0L1,1"', f'd="M0,0L1,{word}"')
    assert len(nonsense(lab)) == 1


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("console.warn('odd')", "odd"),
        ("console.error('bad')", "bad"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("new Image().src = 'https://cdn.example.org/x.png'", "foreign: https://cdn.example.org/x.png"),
        ("new WebSocket('ws://elsewhere.example.org/')", "foreign: http://elsewhere.example.org/"),
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "missing: http://127.0.0.1:9/"),
    ],
)
def test_a_page_that_complains_or_asks(open_page, tmp_path, script, told):
    (tmp_path / "page.html").write_text(f"<!doctype html><title>x</title><script>{script}</script>", encoding="utf-8")
    page = open_page((tmp_path / "page.html").as_uri())
    page.wait_for_function("() => document.readyState === 'complete'")
    for _ in range(100):  # a failed request is reported a moment later
        if page.watch.complaints or page.watch.foreign or page.watch.missing:
            page.evaluate("() => new Promise(requestAnimationFrame)")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        if any(told.split(": ", 1)[-1] in fault for fault in _faults(page)):
            break
    with pytest.raises(AssertionError, match=told.replace("?", r"\?")):
        page.watch.assert_clean()


def _faults(page) -> list[str]:
    return page.watch.complaints + page.watch.foreign + page.watch.missing


def test_an_unwatched_page_is_not_clean(open_page):
    page = open_page("about:blank")
    page.watch.local = 0
    with pytest.raises(AssertionError, match="never watched"):
        page.watch.assert_clean()
