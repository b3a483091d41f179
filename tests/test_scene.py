"""The drawn synapse, in a real browser: every dot, plug and arrow is the number it stands for."""

from __future__ import annotations

import json
import math
import re

import pytest

from tests.scripts import for_browser

SPEC = {
    "transmitter": "serotonin",
    "symbol": "5-HT",
    "transporter": "SERT",
    "enzyme": "MAO",
    "labels": {"precursor": "tryptophan", "metabolite": "5-HIAA"},
}
# Of the size of a serotonin terminal's; the drawing only compares them.
BASELINE = {
    "extracellular": 0.06, "vesicular": 67.0, "cytosolic": 0.038, "metabolite": 1.6,
    "synthesis": 1.8, "packaging": 195.0, "leak": 67.0, "release": 127.0, "reuptake": 127.0,
    "breakdown_mao_a": 0.87, "breakdown_mao_b": 0.71, "extra_uptake": 0.13, "diffusion": 0.12,
    "metabolite_loss": 1.58, "autoreceptor_occupancy": 0.1, "release_brake": 1.0,
    "synthesis_brake": 1.0, "receptor_occupancy": 0.25,
}  # fmt: skip
CONTROLS = {
    "reuptake_inhibition": 0.0,
    "mao_a_inhibition": 0.0,
    "mao_b_inhibition": 0.0,
    "autoreceptor_gain": 1.0,
}
GAP_DOTS, MOST_GAP_DOTS, VESICLES, VESICLE_DOTS, PUMPS = 14, 120, 6, 6, 5

SCENARIOS = {
    "baseline": ({}, {}),
    "blocked": (
        {"extracellular": 0.16, "vesicular": 51.5, "release": 48, "reuptake": 47, "autoreceptor_occupancy": 0.22,
         "release_brake": 0.49, "synthesis_brake": 0.7, "receptor_occupancy": 0.45},
        {"reuptake_inhibition": 0.8},
    ),
    "enzymes blocked": (
        {"vesicular": 148, "cytosolic": 0.076, "breakdown_mao_a": 0.09, "breakdown_mao_b": 0.9, "release_brake": 0.68},
        {"mao_a_inhibition": 0.9, "mao_b_inhibition": 0.35},
    ),
    "silent": (
        {"extracellular": 0.00003, "vesicular": 302, "release": 0, "reuptake": 0.06, "diffusion": 0.0001,
         "autoreceptor_occupancy": 0.0001, "release_brake": 2.4, "receptor_occupancy": 0.0001},
        {},
    ),
    "everything": (
        {"extracellular": 1.13, "vesicular": 3.4, "release": 600, "breakdown_mao_a": 0, "breakdown_mao_b": 0,
         "metabolite_loss": 0, "autoreceptor_occupancy": 1, "release_brake": 0.02, "receptor_occupancy": 1},
        {"reuptake_inhibition": 0.93, "mao_a_inhibition": 1, "mao_b_inhibition": 1},
    ),
    "brake off": ({}, {"autoreceptor_gain": 0}),
}  # fmt: skip


def state(now=None, controls=None, *, baseline=BASELINE, animate=False, locked=False) -> dict:
    return {
        "baseline": baseline,
        "now": {**baseline, **(now or {})},
        "controls": {**CONTROLS, **(controls or {})},
        "locked": locked,
        "animate": animate,
    }


@pytest.fixture(scope="module")
def style(root) -> str:
    palette = json.loads((root / "widgets/palette.json").read_text(encoding="utf-8"))
    return ";".join(f"--ls-{name.replace('_', '-')}:{pair[0]}" for name, pair in palette.items())


@pytest.fixture
def stage(open_page, style):
    """stage(width=560, spec=SPEC, **context options) -> a page with one scene, driven by tests/scripts/scene.ts."""

    def mount(width: int = 560, spec: dict = SPEC, **options):
        page = open_page(None, **options)
        # DejaVu Sans is the widest of the usual fonts: what fits in it, fits.
        page.set_content(
            f"<style>:root{{{style}}} body{{margin:0;font-family:DejaVu Sans,sans-serif}}"
            "body{background:var(--ls-card)}</style>"
            f"<div id=box style='width:{width}px'></div>"
        )
        page.add_script_tag(content=for_browser("scene"))
        page.evaluate("scene.show", spec)
        return page

    return mount


def update(page, new: dict) -> None:
    # JSON has no NaN: such values travel as words.
    text = json.dumps(new, allow_nan=True)
    text = re.sub(r"(?<=[ :\[])(-?Infinity|NaN)", r'"\1"', text)
    page.evaluate("scene.update", text)


def dots(page, kind: str = "gap") -> list[tuple[float, float]]:
    d = page.locator(f".scene-{kind}").get_attribute("d") or ""
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)h0", d)]


def widths(page, name: str) -> list[float]:
    return [float(w) for w in page.eval_on_selector_all(f".scene-{name}", "(all) => all.map((a) => a.dataset.width)")]


def plugs(page, part: str = "pump") -> list[float]:
    return [
        float(p)
        for p in page.eval_on_selector_all(f".scene-{part} .scene-plug", "(all) => all.map((p) => p.dataset.part)")
    ]


@pytest.mark.parametrize("width", [300, 560])
def test_dots_in_the_gap_follow_the_level(stage, width):
    page = stage(width)
    seen = []
    for level in (0, 0.5, 1, 2.7, 5, 20):
        update(page, state({"extracellular": level * BASELINE["extracellular"]}))
        seen.append(len(dots(page)))
    assert seen == [0, 7, GAP_DOTS, 38, 70, MOST_GAP_DOTS]
    assert "More than 120 dots" in page.locator(".scene-legend").first.text_content()
    update(page, state())
    assert "More than" not in page.locator(".scene-legend").first.text_content()


def test_vesicles_fill_and_empty(stage):
    page = stage()
    counts = []
    for level in (0, 0.5, 1, 2, 50):
        update(page, state({"vesicular": level * BASELINE["vesicular"]}))
        drawn = page.locator(".scene-vesicles path").evaluate_all(
            "(paths) => paths.map((p) => (p.getAttribute('d').match(/h0/g) ?? []).length)"
        )
        assert len(drawn) == VESICLES
        counts.append(sum(drawn))
    baseline = VESICLES * VESICLE_DOTS
    assert counts == [0, baseline / 2, baseline, 2 * baseline, VESICLES * 27]


@pytest.mark.parametrize(
    ("blocked", "full", "part"),
    [(0, 0, None), (0.2, 1, None), (0.8, 4, None), (0.75, 3, 0.75), (0.93, 4, 0.65), (1, 5, None)],
)
def test_plugged_pumps_follow_the_block(stage, blocked, full, part):
    page = stage()
    update(page, state(controls={"reuptake_inhibition": blocked}))
    parts = plugs(page)
    assert len(parts) == PUMPS
    assert parts.count(1) == full
    rest = [p for p in parts if 0 < p < 1]
    assert rest == ([] if part is None else [pytest.approx(part, abs=0.01)])
    caption = page.locator(".scene-pumps > text").text_content().replace("\u00a0", " ")
    assert caption == (f"SERT, {round(100 * blocked)} % blocked" if blocked else "reuptake by SERT")


def test_arrow_widths_follow_fluxes_on_one_scale(stage):
    page = stage()
    update(page, state())
    release = widths(page, "release")[0]
    checked = 0
    for name in ("synthesis", "packaging", "leak", "diffusion", "breakdown_mao_a", "breakdown_mao_b",
                 "metabolite_loss", "extra_uptake"):  # fmt: skip
        expected = release * math.cbrt(BASELINE[name] / BASELINE["release"])
        assert widths(page, name) == [pytest.approx(expected, abs=0.02)], name
        checked += 1
    assert checked == 8
    # The legend's words: twice as wide is 8 times the rate.
    assert "Wider arrow, faster flow (twice as wide = 8 times)." in page.locator(".scene-legend").last.text_content()
    update(page, state({"release": BASELINE["release"] / 8}))
    assert widths(page, "release")[0] == pytest.approx(release / 2, abs=0.02)
    # Each pump's arrow is its share, and the open pumps carry all of it.
    for blocked, reuptake in ((0, 127.0), (0.6, 90.0), (0.9, 40.0)):
        update(page, state({"reuptake": reuptake}, {"reuptake_inhibition": blocked}))
        shares = [(w / release) ** 3 * BASELINE["release"] for w in widths(page, "reuptake")]
        assert len(shares) == PUMPS
        assert sum(share > 0 for share in shares) == math.ceil(PUMPS * (1 - blocked))
        assert sum(shares) == pytest.approx(reuptake, rel=0.02)
    update(page, state({"release": 0, "diffusion": 0}))
    assert widths(page, "release") == widths(page, "diffusion") == [0]


def test_a_large_exchange_is_drawn_as_its_difference_and_turns_round(stage):
    page = stage()
    baseline = {**BASELINE, "packaging": 3320.0, "leak": 3240.0}
    update(page, state(baseline=baseline))
    assert widths(page, "leak") == []
    release = widths(page, "release")[0]
    assert widths(page, "packaging")[0] == pytest.approx(release * math.cbrt(80 / 127), abs=0.02)
    tip = "(head) => Number(head.getAttribute('d').match(/^M([\\d.]+)/)[1])"
    right = page.locator(".scene-packaging path").last.evaluate(tip)
    update(page, state({"packaging": 3000.0}, baseline=baseline))
    assert page.locator(".scene-packaging path").last.evaluate(tip) < right


def test_enzymes_dim_and_are_plugged_with_inhibition(stage):
    page = stage()
    fills = []
    for inhibition in (0, 0.5, 1):
        update(page, state(controls={"mao_a_inhibition": inhibition}))
        fills.append(float(page.locator("[data-enzyme=A] > path:nth-child(2)").get_attribute("opacity")))
        assert plugs(page, "enzyme") == [pytest.approx(inhibition), 0]
    assert fills[0] == 1 and fills == sorted(fills, reverse=True) and fills[2] < 0.2


def test_receptors_and_the_brake_follow_their_occupancy(stage):
    page = stage()
    filled = "(cups) => cups.map((c) => Number(c.dataset.part)).reduce((a, b) => a + b)"
    for occupancy in (0, 0.25, 0.5, 1):
        levels = {"receptor_occupancy": occupancy, "autoreceptor_occupancy": occupancy}
        update(page, state({**levels, "release_brake": 1.1 - occupancy}))
        for group, count in (("receptors", 6), ("autoreceptors", 4)):
            cups = page.locator(f".scene-{group} .scene-cup")
            assert cups.count() == count
            assert cups.evaluate_all(filled) == pytest.approx(count * occupancy)
    assert "100\u00a0% occupied" in page.locator(".scene-receptors").text_content()
    thickness = []
    for brake in (1.5, 1, 0.6, 0.2):
        update(page, state({"release_brake": brake}))
        thickness.append(float(page.locator(".scene-brake").get_attribute("data-width")))
    assert thickness == sorted(set(thickness))
    assert page.locator(".scene-brake path").nth(0).get_attribute("stroke-dasharray") == "none"
    update(page, state(controls={"autoreceptor_gain": 0}))
    assert page.locator(".scene-brake path").nth(0).get_attribute("stroke-dasharray") != "none"
    assert not page.locator(".scene-brake path").nth(1).is_visible()


def test_the_brake_on_synthesis_thickens_too(stage):
    page = stage()
    thickness = []
    for brake in (1.5, 1, 0.6, 0.2):
        update(page, state({"synthesis_brake": brake}))
        thickness.append(float(page.locator(".scene-synthesis-brake").get_attribute("data-width")))
    assert thickness == sorted(set(thickness)) and len(thickness) == 4
    assert page.locator(".scene-synthesis-brake text").text_content() == "braked by 80\u00a0%"


# As dopamine's model is: release_brake is a constant, and what it calls occupancy is the size of an effect.
SYNTHESIS_ONLY = {**SPEC, "transmitter": "dopamine", "constant": ["release_brake"], "autoreceptorSignal": True}


def test_a_constant_brake_is_never_drawn_and_the_line_leads_to_synthesis(stage):
    """Before the first number too: what a model lacks is known from the model, not learnt from its answers."""
    page = stage(spec=SYNTHESIS_ONLY)
    update(page, state())
    assert page.locator(".scene-brake").count() == 0
    synthesis = page.locator(".scene-synthesis-brake")
    assert synthesis.get_attribute("data-led") == "yes"
    line = synthesis.locator("path").first
    start, end = line.evaluate("(p) => [p.getPointAtLength(0), p.getPointAtLength(1e6)].map(({ x, y }) => [x, y])")
    cups = page.locator(".scene-autoreceptors .scene-cup").evaluate_all(
        "(all) => all.map((cup) => cup.getBBox()).map(({ x, y }) => [x, y])"
    )
    arrow = page.locator(".scene-synthesis path").nth(1).evaluate("(p) => p.getBBox().x + p.getBBox().width")
    assert cups[0][0] < start[0] < cups[-1][0] and start[1] < cups[0][1] + 4, "the line starts over the autoreceptors"
    assert 0 < end[0] - arrow < 16, "and ends beside the synthesis arrow"
    # Where release answers, that line stays and the one on synthesis is a stub.
    page = stage()
    update(page, state())
    assert page.locator(".scene-brake").is_visible()
    assert page.locator(".scene-synthesis-brake").get_attribute("data-led") == "no"


@pytest.mark.parametrize("width", [300, 415, 560])
def test_the_brake_on_synthesis_always_has_its_caption(stage, width):
    for spec in (SPEC, SYNTHESIS_ONLY):
        page = stage(width, spec)
        told = []
        for level, gain in ((1, 1), (0.62, 1), (1.4, 1), (1, 0)):
            update(page, state({"synthesis_brake": level}, {"autoreceptor_gain": gain}))
            caption = page.locator(".scene-synthesis-brake > text")
            assert caption.is_visible()
            told.append(caption.text_content().replace("\u00a0", " "))
        assert told == ["brake at rest", "braked by 38 %", "brake eased", "brake off"]


def test_an_effect_is_not_called_occupancy(stage):
    page = stage(415)
    update(page, state({"autoreceptor_occupancy": 0.89}))
    assert page.locator(".scene-autoreceptors > text").text_content() == "autoreceptors 89\u00a0%"
    assert "autoreceptors 89 % occupied" in page.get_by_role("img").get_attribute("aria-label").replace("\u00a0", " ")
    page = stage(415, SYNTHESIS_ONLY)
    update(page, state({"autoreceptor_occupancy": 0.89, "receptor_occupancy": 0.09}))
    assert page.locator(".scene-autoreceptors > text").text_content() == "autoreceptor signal 89\u00a0%"
    told = page.get_by_role("img").get_attribute("aria-label").replace("\u00a0", " ")
    assert "autoreceptor signal 89 %," in told and "receptors 9 % occupied" in told
    assert "89 % occupied" not in told


def test_dots_drift_slowly_inside_the_gap_and_only_when_asked(stage):
    page = stage()
    update(page, state({"extracellular": 0.16}))
    still = dots(page)
    assert len(still) == 37
    page.wait_for_timeout(300)
    assert dots(page) == still, "dots moved although animate is false"
    update(page, state({"extracellular": 0.16}, animate=True, locked=True))
    page.wait_for_timeout(300)
    assert dots(page) == still, "dots moved while the reader had yet to predict"

    update(page, state({"extracellular": 0.16}, animate=True))
    page.wait_for_function("(d) => document.querySelector('.scene-gap').getAttribute('d') !== d", arg="")
    page.wait_for_timeout(1000)
    moved = dots(page)
    steps = [math.dist(a, b) for a, b in zip(still, moved, strict=True)]
    assert sum(step > 0 for step in steps) > 30
    assert max(steps) < 60, "a dot leapt"
    top, bottom = page.evaluate(
        "() => [document.querySelector('.scene-cells path').getBBox(), "
        "document.querySelectorAll('.scene-cells path')[2].getBBox()].map((b, i) => i ? b.y : b.y + b.height)"
    )
    assert all(top - 40 < y < bottom + 20 for _, y in moved)

    update(page, state({"extracellular": 0.16}, animate=False))
    rest = dots(page)
    page.wait_for_timeout(300)
    assert dots(page) == rest


def test_no_motion_under_reduced_motion_but_the_drawing_still_follows(stage):
    page = stage(reduced_motion="reduce")
    update(page, state(animate=True))
    before = page.locator("svg").evaluate("(svg) => svg.innerHTML")
    assert len(dots(page)) == GAP_DOTS
    page.wait_for_timeout(500)
    assert page.locator("svg").evaluate("(svg) => svg.innerHTML") == before
    update(page, state({"extracellular": 0.12}, animate=True))
    assert len(dots(page)) == 2 * GAP_DOTS
    page.emulate_media(reduced_motion="no-preference")
    moving = dots(page)
    page.wait_for_timeout(300)
    assert dots(page) != moving, "nothing moves even where motion is welcome: this test could not fail"


def test_off_screen_it_rests(stage):
    page = stage()
    update(page, state(animate=True))
    page.evaluate("() => { document.querySelector('#box').style.marginTop = '5000px' }")
    page.wait_for_timeout(200)
    before = dots(page)
    page.wait_for_timeout(300)
    assert dots(page) == before and len(before) == GAP_DOTS
    page.evaluate("() => { document.querySelector('#box').style.marginTop = '0' }")
    page.wait_for_timeout(400)
    assert dots(page) != before


BROKEN = re.compile(r"NaN|Infinity|undefined|null")


def test_values_that_are_not_finite_are_ignored(stage):
    page = stage()
    update(page, state())
    before = page.locator("#box").inner_html()
    checked = 0
    for bad in (math.nan, math.inf, -math.inf):
        for name in BASELINE:
            update(page, state({name: bad}))
            assert page.locator("#box").inner_html() == before, name
            checked += 1
        update(page, state(controls={name: bad for name in CONTROLS}))
        assert page.locator("#box").inner_html() == before
        update(page, {**state(), "baseline": {name: bad for name in BASELINE}})
        assert not BROKEN.search(page.locator("#box").inner_html())
    assert checked == 3 * len(BASELINE)


def test_a_model_may_lack_any_quantity(stage):
    checked = 0
    page = stage()
    for missing in (*BASELINE, "all"):
        page.evaluate("scene.show", SPEC)
        kept = {} if missing == "all" else {k: v for k, v in BASELINE.items() if k != missing}
        controls = {} if missing == "all" else CONTROLS
        update(page, {"baseline": kept, "now": kept, "controls": controls, "locked": False, "animate": True})
        html = page.locator("#box").inner_html()
        assert not BROKEN.search(html), missing
        assert page.locator("svg path").count() >= 4
        assert not page.watch.complaints
        checked += 1
    assert checked == len(BASELINE) + 1


def test_a_level_that_is_nought_at_baseline_does_not_break_it(stage):
    page = stage()
    update(page, {**state(), "baseline": dict.fromkeys(BASELINE, 0.0)})
    assert not BROKEN.search(page.locator("#box").inner_html())


def test_destroy_leaves_nothing_behind(stage):
    page = stage()
    page.evaluate("scene.countFrames")
    update(page, state(animate=True))
    page.wait_for_function("() => window.frames_ > 3")
    page.evaluate("scene.destroy")
    assert page.locator("#box").inner_html() == ""
    asked = page.evaluate("() => window.frames_")
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.frames_") == asked
    # Late news, a new width and a second call must do no harm.
    update(page, state(animate=True))
    page.evaluate("() => { scene.destroy(); document.querySelector('#box').style.width = '300px' }")
    page.wait_for_timeout(200)
    assert page.locator("#box").inner_html() == ""
    assert page.evaluate("() => window.frames_") == asked
    assert not page.watch.complaints


def test_it_is_one_image_with_a_sentence(stage):
    page = stage()
    update(page, state(*SCENARIOS["blocked"]))
    svg = page.get_by_role("img")
    assert svg.count() == 1
    sentence = svg.get_attribute("aria-label").replace("\u00a0", " ")
    for words in ("serotonin between the neurons 267 % of baseline", "80 % of the SERT pumps plugged", "45 % occupied"):
        assert words in sentence


@pytest.mark.parametrize("width", [260, 300, 360, 389, 415, 430, 500, 560, 700])
@pytest.mark.parametrize("spec", [SPEC, SYNTHESIS_ONLY], ids=["both brakes", "synthesis only"])
def test_labels_are_large_enough_inside_and_apart(stage, width, spec):
    page = stage(width, spec)
    pairs = 0
    for name, (now, controls) in SCENARIOS.items():
        update(page, state(now, controls))
        boxes = page.evaluate("scene.boxes")
        assert len(boxes) >= 12, name
        for i, a in enumerate(boxes):
            assert a["size"] >= 11, (name, a)
            assert a["left"] >= -1 and a["right"] <= width + 1, (name, a)
            for b in boxes[i + 1 :]:
                apart = (
                    a["right"] <= b["left"] + 1
                    or b["right"] <= a["left"] + 1
                    or a["bottom"] <= b["top"] + 4
                    or b["bottom"] <= a["top"] + 4
                )
                assert apart, (name, a["text"], b["text"])
                pairs += 1
    assert pairs > 300


def test_dots_keep_clear_of_labels(stage):
    page = stage(300)
    update(page, state({"extracellular": 1.2}, {"reuptake_inhibition": 0.8}))
    places = dots(page)
    assert len(places) == MOST_GAP_DOTS
    boxes = page.evaluate("scene.boxes")
    for box in boxes:
        hit = [p for p in places if box["left"] < p[0] < box["right"] and box["top"] + 3 < p[1] < box["bottom"] - 3]
        assert not hit, box["text"]


def test_it_is_laid_out_anew_for_a_new_width(stage):
    page = stage(560)
    update(page, state({"extracellular": 0.12}))
    assert page.locator("svg").get_attribute("viewBox").startswith("0 0 560 ")
    page.evaluate("() => { document.querySelector('#box').style.width = '320px' }")
    page.wait_for_function("() => document.querySelector('svg').getAttribute('viewBox').startsWith('0 0 320 ')")
    assert len(dots(page)) == 2 * GAP_DOTS


def test_an_update_is_cheap_beside_drawing_anew(stage):
    """What changes is changed, nothing is made again; how fast that is, `make bench` tells of a whole lab."""
    page = stage()
    update_, anew = page.evaluate("scene.cost", [[state(*scenario) for scenario in SCENARIOS.values()], SPEC])
    assert update_ < anew / 3, f"an update took {update_:.2f} ms, drawing anew {anew:.2f} ms"


def test_a_hue_that_cannot_be_in_the_palette_is_refused(stage):
    page = stage()
    message = page.evaluate("scene.refusal", {**SPEC, "transmitter": "Blue; x"})
    assert 'transmitter is "Blue; x"' in message and "serotonin" in message
