"""Every lab on every page, driven by keyboard as a reader drives it."""

from __future__ import annotations

import csv
import io
import random
import re

import pytest

from tests.browser.harness import LAB_PAGES, LABS, PREDICTIONS, Lab, labs, nonsense, wait_alive

KEYS = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End")
PRESSES = 80


@pytest.fixture
def visit(open_page, book):
    """visit(page, **options) -> (page, its labs), alive and as a reader meets them."""

    def visit_(name: str, scheme: str = "http", **options):
        view = open_page(book.address(name, scheme), **options)
        wait_alive(view, name)
        found = labs(view)
        assert len(found) == LABS[name]
        assert all(lab.sliders for lab in found), "a lab without sliders"
        return view, found

    return visit_


def test_most_labs_ask_for_a_prediction():
    """As the notebooks have it; that each such lab shows its question is looked at below."""
    asking = sum(PREDICTIONS[name] for name in LAB_PAGES)
    assert asking >= sum(LABS.values()) / 2, f"{asking} predictions for {sum(LABS.values())} labs"


@pytest.mark.parametrize("name", LAB_PAGES)
def test_a_prediction_comes_before_the_sliders(visit, name):
    view, found = visit(name)
    assert sum(lab.gate.count() for lab in found) == PREDICTIONS[name]
    for lab in found:
        if not lab.gate.count():
            assert not any(lab.locked()), "sliders are locked, but nothing asks for a prediction"
            continue
        assert lab.gate.count() == 1
        assert all(lab.locked()), "a slider can be moved before the prediction"
        before = lab.shown()
        for slider in lab.sliders:
            target = slider.locator("xpath=ancestor-or-self::*[contains(@class, 'noUi-target')][1]")
            assert target.get_attribute("disabled") is not None, "a locked slider does not look disabled"
            for key in ("ArrowRight", "ArrowLeft", "End"):
                slider.press(key)
        assert lab.settle() == before, "a locked slider moved"
        show = lab.root.get_by_role("button", name=re.compile("^Show"))
        assert show.is_disabled(), "the answer is offered before the guess"

        choice = lab.gate.get_by_role("radio").nth(1)
        guess = choice.evaluate("(radio) => radio.labels[0].textContent").strip()
        lab.answer_gate(1)
        assert not any(lab.locked())
        assert lab.shown().values == before.values, "answering alone must not move a slider"
        show.press("Enter")
        lab.wait_for_change(before)
        after = lab.settle()
        assert after.values != before.values and after.curves != before.curves
        said = lab.root.inner_text()
        assert re.search(r"You predicted", said), said[:600]
        assert re.search(r"[Tt]he model says", said), said[:600]
        number = re.search(r"\d[\d.,]*", guess)
        assert (number[0] if number else guess.lower().rstrip(".")) in said.lower()


@pytest.mark.parametrize("name", LAB_PAGES)
def test_every_slider_moves_curve_and_sentence(visit, name):
    """One step of each slider from the state a reader meets, then Reset, which returns everything; and a tap."""
    view, found = visit(name)
    # What the tests of labs drive is every slider there is.
    assert view.locator("[role=slider]").count() == sum(len(lab.sliders) for lab in found)
    moved = 0
    for lab in found:
        lab.answer_gate()
        start = lab.settle()
        for index, slider in enumerate(lab.sliders):
            label = lab.label_of(index)
            assert label, "a slider without a visible label"
            named = lab.root.get_by_role("slider", name=label, exact=True)
            assert named.count() == 1, f"the accessible name of the slider {label!r} is not its label"
            assert named.evaluate("(a, b) => a === b", slider.element_handle())
            words = slider.get_attribute("aria-valuetext") or ""
            assert re.search(r"[A-Za-z]{3,}", words), f"{label}: aria-valuetext {words!r} is no words"
            assert "%" not in words, f"{label}: aria-valuetext {words!r}: write percent"

            after = lab.step(index)
            moved += 1
            now = slider.get_attribute("aria-valuetext")
            assert now != words, f"{label}: aria-valuetext stays {words!r}"
            others = [i for i in range(len(lab.sliders)) if i != index]
            assert all(after.values[i] == start.values[i] for i in others), f"{label} moves another slider"
            back = lab.reset()
            assert back.values == start.values, f"Reset after {label}: {back.values}, not {start.values}"
            assert back.curves == start.curves, f"Reset after {label} leaves a curve"
        tap(lab)
    assert moved == sum(len(lab.sliders) for lab in found) >= LABS[name]
    view.watch.settle()
    view.watch.assert_clean()


def tap(lab: Lab) -> None:
    """A way without dragging (WCAG 2.5.7)."""
    before = lab.shown()
    track = lab.sliders[0].locator("xpath=ancestor::*[contains(@class, 'noUi-base')][1]")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    share = 0.75 if before.values[0] < float(lab.sliders[0].get_attribute("aria-valuemax")) / 2 else 0.25
    lab.page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    lab.wait_for_change(before)


@pytest.mark.parametrize("name", LAB_PAGES)
def test_everything_is_reached_with_tab_and_seen(visit, name):
    """Tab reaches every control in turn, and what has the focus is in view, marked and not hidden by anything."""
    for width in (1280, 360):
        # Without gliding, so that every key finds the page at rest.
        view, found = visit(name, viewport={"width": width, "height": 740}, reduced_motion="reduce")
        for lab in found:
            lab.answer_gate()
        wanted = {slider.evaluate("looking.mark", f"slider {i}.{j}") for i, lab in enumerate(found) for j, slider in
                  enumerate(lab.sliders)}  # fmt: skip
        buttons = view.locator(".synapse-lab button:visible:enabled").all()
        wanted |= {button.evaluate("looking.mark", f"button {i}") for i, button in enumerate(buttons)}
        view.evaluate("() => { window.scrollTo(0, 0); document.activeElement.blur(); }")
        view.wait_for_function("() => window.scrollY === 0")
        met, faults, stops = set(), [], 0
        for _ in range(800):
            view.keyboard.press("Tab")
            at = view.evaluate("looking.focus", 1)
            if at is None:
                continue  # between the page's end and its beginning
            if at["again"]:
                break
            stops += 1
            met |= {at["mark"]} - {None}
            if not at["seen"]:
                faults.append(f"hidden by {at['by']} at {width} px: {at['what']}")
            if not at["ring"]:
                faults.append(f"no visible focus at {width} px: {at['what']}")
        assert wanted <= met, f"Tab never reaches {sorted(wanted - met)} at {width} px"
        assert not faults, "\n".join(sorted(set(faults)))
        assert stops >= len(wanted) + 5


@pytest.mark.parametrize("name", LAB_PAGES)
def test_on_a_phone_the_curve_is_in_view_with_the_slider(visit, name):
    view, found = visit(name, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    for lab in found:
        lab.answer_gate()
        for index, slider in enumerate(lab.sliders):
            slider.focus()
            view.keyboard.press("ArrowLeft" if lab.shown().values[index] else "ArrowRight")
            # The verdict takes the question's place with the first move: where that leaves the slider is asked.
            lab.settle()
            at = view.evaluate("looking.focus", 3)
            assert at["seen"], f"{lab.label_of(index)}: the slider is hidden by {at['by']}"
            seen = lab.root.evaluate("looking.inView")
            assert seen["handle"], f"{lab.label_of(index)}: the slider itself is out of view"
            assert seen["curve"] >= 48, f"{lab.label_of(index)}: {seen['curve']:.0f} px of a curve are in view"


@pytest.mark.parametrize("name", LAB_PAGES)
def test_random_use_never_shows_nonsense(visit, name):
    """Random keys on random sliders with a fixed seed: no NaN, no error, a sentence at every moment."""
    view, found = visit(name)
    dice = random.Random(20261122)
    pressed = 0
    for lab in found:
        assert not nonsense(lab), nonsense(lab)
        lab.answer_gate()
        trail = []
        for _ in range(PRESSES):
            index, key = dice.randrange(len(lab.sliders)), dice.choice(KEYS)
            trail.append(f"{index}:{key}")
            lab.sliders[index].focus()
            view.keyboard.press(key)
            pressed += 1
            if pressed % 8 == 0:
                assert not nonsense(lab), (trail, nonsense(lab)[:3])
        shown = lab.settle()
        assert not nonsense(lab), (trail, nonsense(lab)[:3])
        assert len(shown.sentence.split()) >= 5, f"after {trail}: {shown.sentence!r}"
        assert all(curve for curve in shown.curves), f"after {trail}: a curve is gone"
        lab.reset()
    assert pressed == PRESSES * LABS[name]
    view.watch.assert_clean()


def drawing(lab: Lab) -> str:
    """Markup of everything drawn in a lab, and positions that a style sheet may animate."""
    return lab.root.evaluate("looking.drawing")


def at_rest(lab: Lab) -> bool:
    """Whether the drawing comes to rest, once what works on in the background (claims, people) has ended."""
    lab.wait("(lab) => !lab.querySelector('[data-stale]')", "the people are never told anew")
    for _ in range(4):
        before = drawing(lab)
        lab.page.evaluate("looking.frames", 30)
        if drawing(lab) == before:
            return True
    return False


@pytest.mark.parametrize("name", LAB_PAGES)
def test_motion_stops_for_those_who_ask(visit, name):
    """Under prefers-reduced-motion nothing moves by itself, nor does a slider glide."""
    view, found = visit(name, reduced_motion="reduce")
    for lab in found:
        lab.answer_gate()
        lab.root.scroll_into_view_if_needed()
        lab.step(0)
        lab.settle()
        assert at_rest(lab), f"{name}: something moves although the reader asked for stillness"
        running = view.evaluate("() => document.getAnimations().filter((a) => a.playState === 'running').length")
        assert running == 0, f"{name}: {running} animations run"


def test_dots_move_for_those_who_do_not_ask(visit):
    """Or stillness would prove nothing."""
    view, found = visit(LAB_PAGES[0], reduced_motion="no-preference")
    lab = next(lab for lab in found if lab.root.locator(".lab-scene svg").count())
    lab.answer_gate()
    lab.root.scroll_into_view_if_needed()
    lab.step(0)
    lab.settle()
    for _ in range(5):
        before = drawing(lab)
        view.evaluate("looking.frames", 30)
        assert drawing(lab) != before, "nothing moves"


def number_in(text: str) -> float:
    return float(re.search(r"-?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?", text.replace("\u2212", "-"))[0].replace(",", ""))


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "http") for name in LAB_PAGES), *((name, "file") for name in LAB_PAGES[:1])]
)
def test_table_file_and_link_tell_what_is_drawn(visit, open_page, name, scheme):
    view, found = visit(name, scheme)
    for number, lab in enumerate(found):
        lab.answer_gate()
        shown = lab.nudge_all(steps=2)
        table_and_file(view, lab)
        lab.root.get_by_role("button", name="Link").press("Enter")
        view.wait_for_function("(old) => location.href !== old", arg=view.url.split("#")[0])
        link = view.evaluate("() => location.href")
        assert link.split("#")[0].split("?")[0] == view.url.split("#")[0].split("?")[0]
        fresh = open_page(link)
        wait_alive(fresh, name)
        restored = labs(fresh)[number].settle()
        assert restored.values == shown.values, f"{link}: {restored.values}, not {shown.values}"
        assert restored.curves == shown.curves, f"{link}: the curves differ"
        assert not any(labs(fresh)[number].locked()), "a shared result is shown, so its sliders are free"
        fresh.watch.assert_clean()


def table_and_file(view, lab: Lab) -> None:
    """The lab's table, its chart and its file say the same."""
    table = lab.root.locator("table.lab-table")
    if not table.is_visible():
        lab.root.get_by_role("button", name="Table").or_(lab.root.locator("summary", has_text="Table")).first.press(
            "Enter"
        )
    table.wait_for(state="visible")
    assert table.locator("caption").count() == 1 or table.get_attribute("aria-label")
    head = [cell.strip() for cell in table.locator("thead th").all_inner_texts()]
    body = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert len(head) >= 2 and len(body) >= 5, f"{head}, {len(body)} rows"
    assert all(len(row) == len(head) for row in body)

    with view.expect_download() as download:
        lab.root.get_by_role("button", name="CSV").press("Enter")
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert download.value.suggested_filename.endswith(".csv")
    header, data = rows[0], rows[1:]
    assert len(header) >= 2 and all(re.search("[A-Za-z]", title) for title in header), header
    assert all(len(row) == len(header) for row in data)
    numbers = [[float(value) for value in row] for row in data]
    assert all(value == value and abs(value) != float("inf") for row in numbers for value in row)
    assert [row[0] for row in numbers] == sorted(row[0] for row in numbers), "time runs backwards"

    # The number at the curve's end is the table's last row, and the table's rows are rows of the file.
    end = number_in(lab.root.locator("svg .curve-label").first.inner_html())
    last = number_in(body[-1][1])
    assert last == pytest.approx(end, rel=0.006, abs=0.51), f"the chart ends at {end}, the table at {last}"
    assert len(data) >= len(body)
