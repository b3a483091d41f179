"""What a reload keeps: guess, answers, sliders; in this browser only, forgotten at a press, never needed."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.conftest import drawn
from tests.browser.test_touch import QUESTION, SLIDERS, WEEK, calendar, medicines
from tests.scripts import for_browser
from widgets import CheckYourself, DrugLab, SynapseLab
from widgets.labs.controls import Schedule

LOCKED = "Choose an answer first; then the sliders unlock."


def asking(**changes) -> SynapseLab:
    given = {"controls": SLIDERS, "predict": QUESTION, "name": "kept", "presets": {"All": {"firing_rate": 2.0}}}
    return SynapseLab("serotonin", **(given | changes))


def plain() -> SynapseLab:
    return SynapseLab("dopamine", controls=["reuptake_inhibition"], name="plain")


def questions() -> CheckYourself:
    return CheckYourself("serotonin")


def values(page) -> list[float]:
    return page.locator("[role=slider]").evaluate_all("(all) => all.map((each) => Number(each.ariaValueNow))")


def again(page) -> None:
    page.reload(wait_until="load")
    drawn(page)
    assert not page.locator(".widget-trouble").count(), page.locator(".widget-trouble").all_inner_texts()


def move(page, place: int, key: str = "ArrowRight") -> None:
    page.locator("[role=slider]").nth(place).press(key)


def keys(page) -> list[str]:
    return page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('living-synapse:'))")


def test_a_reload_keeps_guess_answer_and_sliders(alive):
    page = alive(asking(), plain())
    page.locator(".lab-choices label").nth(1).click()
    again(page)
    assert page.locator(".lab-choices input").nth(1).is_checked()
    assert page.locator(".synapse-lab[data-locked]").count() == 0 and not page.locator(".lab-verdict").inner_text()
    for place in (0, 0, 2, 3):
        move(page, place)
    # At once: nothing waits for the hand to rest.
    before, said = values(page), page.locator(".lab-verdict").inner_text()
    assert said.startswith("You predicted")
    again(page)
    assert values(page) == before and page.locator(".lab-verdict").inner_text() == said
    assert page.locator(".lab-gate fieldset").count() == 0
    assert page.evaluate("document.activeElement === document.body"), "what was kept takes no focus"
    page.watch.assert_clean()


def test_menus_doses_and_calendars_are_kept(alive):
    page = alive(medicines(), calendar())
    page.locator("select").first.select_option("Mirtazapine")
    move(page, 0)
    page.locator(".lab-calendar-cell").nth(2).click()
    before, cells = values(page), page.locator(".lab-calendar-cell").all_inner_texts()
    assert cells[2].endswith("40 mg")
    again(page)
    assert page.locator("select").first.input_value() == "Mirtazapine"
    assert values(page) == before and page.locator(".lab-calendar-cell").all_inner_texts() == cells


def test_what_is_kept_is_drawn_first(alive, written, open_page):
    """No picture of the opening state comes before: the height is right at once."""
    page = alive(asking())
    page.locator(".lab-choices label").first.click()
    move(page, 0, "End")
    page.locator(".synapse-lab").evaluate("looking.settle")
    shown = page.locator(".synapse-lab").evaluate("looking.shown")
    page.add_init_script(f"{for_browser('hand')}; hand.meet();")
    again(page)
    page.locator(".synapse-lab").evaluate("looking.settle")
    assert page.locator(".synapse-lab").evaluate("looking.shown") == shown
    assert page.evaluate("hand.meetings()") == ["answers, 100\u202f%"]


def test_reset_forgets_its_own_lab(alive):
    page = alive(asking(), plain())
    page.locator(".lab-choices label").first.click()
    move(page, 0)
    move(page, 3)
    page.wait_for_function("() => localStorage.length === 2")
    page.get_by_role("button", name="Reset").first.click()
    again(page)
    assert page.locator(".synapse-lab[data-locked]").count() == 1, "the question is asked again"
    assert values(page)[0] == 0 and values(page)[3] > 0


def test_the_reader_can_forget_all(alive):
    page = alive(asking(), plain(), questions())
    page.locator(".lab-choices label").first.click()
    move(page, 3)
    page.locator(".ls-choice input").first.click()
    page.wait_for_function("() => localStorage.length === 3")
    page.evaluate("() => localStorage.setItem('another-book', 'stays')")
    page.get_by_role("button", name="Forget them").click()
    page.get_by_text("Forgotten.").wait_for()
    assert not keys(page) and page.evaluate("() => localStorage.getItem('another-book')") == "stays"
    again(page)
    assert page.locator(".synapse-lab[data-locked]").count() == 1 and values(page)[3] == 0
    assert page.locator(".ls-choice input:checked").count() == 0


def test_answers_are_kept_with_their_verdicts(alive):
    page = alive(questions(), plain())
    sets = page.locator(".ls-question")
    for place in range(sets.count()):
        sets.nth(place).locator("input").first.click()
        if place != 1:
            sets.nth(place).get_by_role("button").click()
    read = """() => [...document.querySelectorAll('.ls-questions')].map((each) => [each.innerText,
        [...each.querySelectorAll('input')].map((input) => input.checked)])"""
    before = page.evaluate(read)
    assert "Choose an answer" not in before[0][0] and "checked" in before[0][0]
    again(page)
    assert page.evaluate(read) == before
    # The first answer stays the first, whatever is answered now.
    tally = page.locator(".ls-tally").inner_text()
    again(page)
    assert page.locator(".ls-tally").inner_text() == tally
    page.watch.assert_clean()


def test_a_link_wins_over_what_is_kept(alive):
    page = alive(asking())
    page.locator(".lab-choices label").first.click()
    move(page, 0, "End")
    page.locator(".synapse-lab").evaluate("looking.settle")
    address = page.url
    page.goto("about:blank")
    page.goto(f"{address}#lab=kept&reuptake_inhibition=0.25")
    drawn(page)
    page.wait_for_function("() => Number(document.querySelector('[role=slider]').ariaValueNow) === 0.25")
    # What somebody else asked for is not kept as the reader's own.
    page.goto("about:blank")
    page.goto(address)
    drawn(page)
    assert values(page)[0] == 1


@pytest.mark.parametrize(
    "wild",
    ["", "{", "null", "3", "[]", '{"stamp":0}',
     '{"stamp":STAMP,"value":{"guess":99,"revealed":true,"link":"#lab=kept"}}',
     '{"stamp":STAMP,"value":{"guess":0,"revealed":true,"link":"#lab=kept&reuptake_inhibition=7&firing_rate=NaN"}}',
     '{"stamp":STAMP,"value":[]}', "x" * 30_000],
)  # fmt: skip
def test_what_is_kept_may_be_nonsense(alive, wild):
    page = alive(asking(), questions())
    page.locator(".lab-choices label").first.click()
    page.locator(".ls-choice input").first.click()
    page.wait_for_function("() => localStorage.length === 2")
    for key in keys(page):
        stamp = json.loads(page.evaluate("(key) => localStorage.getItem(key)", key))["stamp"]
        text = wild.replace("STAMP", str(stamp))
        page.evaluate("([key, text]) => { window.onpagehide = () => localStorage.setItem(key, text); }", [key, text])
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])
    again(page)
    assert values(page) == [0, 0, 1]
    page.locator(".lab-choices label, .lab-verdict").first.click()
    page.watch.assert_clean()


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
ABSENT = "Object.defineProperty(window, 'localStorage', { value: null })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


@pytest.mark.parametrize("trouble", [BLOCKED, ABSENT, FULL])
def test_without_storage_all_works_the_same(open_page, written, trouble):
    page = open_page(None)
    page.add_init_script(trouble)
    page.goto(written(asking(), questions()))
    drawn(page)
    page.locator(".lab-choices label").first.click()
    move(page, 0)
    page.locator(".lab-verdict", has_text="You predicted").wait_for()
    page.locator(".ls-choice input").first.click()
    page.locator(".ls-check").first.click()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("() => Number(document.querySelector('[role=slider]').ariaValueNow) === 0")
    assert not page.get_by_role("button", name="Forget them").is_visible()
    again(page)
    assert page.locator(".synapse-lab[data-locked]").count() == 1
    page.watch.assert_clean()


# -- links ------------------------------------------------------------------------------------------------------------


def test_a_link_names_its_medicines(alive, open_page, written):
    page = alive(medicines())
    page.locator("select").first.select_option("Mirtazapine")
    page.get_by_role("button", name="Link").click()
    link = page.evaluate("() => location.hash")
    assert re.fullmatch(r"#lab=medicines&drug=mirtazapine&dose=[\d.]+&other_drug=venlafaxine&other_dose=[\d.]+", link)
    longer = DrugLab(["sertraline", "mirtazapine", "fluoxetine", "duloxetine"], compare="venlafaxine", name="medicines")
    other = open_page(written(longer, file="longer.html") + link)
    drawn(other)
    assert [other.locator("select").nth(i).input_value() for i in (0, 1)] == ["Mirtazapine", "Venlafaxine"]
    assert other.get_by_role("slider", name="Dose of A, mirtazapine").get_attribute("aria-valuenow") == "15"


def test_a_link_to_a_medicine_that_is_not_here_says_so(open_page, written):
    page = open_page(written(medicines()) + "#lab=medicines&drug=aspirin&dose=500")
    drawn(page)
    assert "aspirin" in page.locator(".lab-notice").inner_text()
    assert page.locator("select").first.input_value() == "Fluoxetine" and values(page) == [20, 75]
    page.watch.assert_clean()


@pytest.mark.parametrize(
    "link",
    ["#lab=medicines&drug=%", "#lab=medicines&__proto__=1&constructor=2", "#lab=medicines&dose=1e999&dose=-5",
     f"#lab=medicines&drug={'x' * 3000}", "#lab=%E0%A4%A", "#lab=medicines&drug=2&dose=999999"],
)  # fmt: skip
def test_a_hostile_link_throws_nothing(open_page, written, link):
    page = open_page(written(medicines()) + link)
    drawn(page)
    move(page, 0, "ArrowLeft")
    assert page.locator("path.curve").count() and not page.locator("[data-refused]").count()
    page.watch.assert_clean()


# -- what is locked speaks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "what", ["button:text('Reset')", "button:text('All')", ".lab-reveal", "[role=slider]", ".lab-calendar-cell"]
)
def test_what_is_locked_says_why(alive, what):
    lab = asking()
    if what == ".lab-calendar-cell":
        guess = {"schedule": [(time, amount if time < 72 else 0.0) for time, amount in WEEK]}
        lab = SynapseLab(
            "oral_dose", controls=[Schedule("schedule", label="Tablets", rest=WEEK)], hours=240, main="concentration",
            small=[], absolute=["concentration"], scene=False, name="kept",
            predict=type(QUESTION)("Predict: he stops.", [("little", 1), ("much", 50)], guess, output="concentration"),
        )  # fmt: skip
    page = alive(lab, plain())
    control = page.locator(f".synapse-lab >> nth=0 >> {what}").first
    assert control.get_attribute("aria-disabled") == "true"
    control.focus()
    assert control.evaluate("(control) => control === document.activeElement"), "it can be reached"
    if what == "[role=slider]":
        control.press("ArrowRight")
    else:
        assert control.evaluate("(control) => getComputedStyle(control).cursor") == "not-allowed"
        control.press("Enter")
    notice = page.locator(".lab-notice").first
    assert notice.inner_text() == LOCKED and notice.get_attribute("aria-live") == "polite"
    told, pressed = notice.bounding_box(), control.bounding_box()
    assert abs(told["y"] - pressed["y"] - pressed["height"]) < 40, "it stands beside what was pressed"
    page.locator(".lab-choices label").first.click()
    page.wait_for_function("() => !document.querySelector('.synapse-lab[data-locked]')")
    assert control.get_attribute("aria-disabled") in (None, "false")


def test_a_locked_menu_says_why(alive):
    lab = DrugLab(["fluoxetine"], name="asked", predict=type(QUESTION)(
        "Predict: how much?", [("a fifth", 20), ("most", 80)], {"drug": "fluoxetine", "dose": 20}, output="SERT",
    ))  # fmt: skip
    page = alive(lab)
    box = page.locator("select").bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    assert page.locator(".lab-notice").inner_text() == LOCKED


def test_in_a_sandbox_link_and_file_say_what_to_do(open_page, book):
    address = book.address("chapters/4-medicines/ssri")
    page = open_page(None, viewport={"width": 1100, "height": 800})
    page.set_content(f'<iframe sandbox="allow-scripts" src="{address}" width="1000" height="780" title="lab"></iframe>')
    frame = page.frame_locator("iframe")
    lab = frame.locator(".synapse-lab").first
    lab.get_by_role("button", name="CSV").wait_for()
    lab.get_by_role("button", name="Link").click()
    notice = lab.locator(".lab-notice")
    notice.get_by_text(f"{address}#lab=").wait_for()
    lab.get_by_role("button", name="CSV").click()
    notice.get_by_text("may not save files").wait_for()
    uncaught = [each for each in page.watch.complaints if each.startswith("uncaught")]
    assert not uncaught
