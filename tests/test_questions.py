"""Check-yourself questions: what a questions file may hold, and how a reader answers by keyboard alone."""

from __future__ import annotations

import json
import re

import pytest

import widgets.questions.widget as questions
from widgets.questions.schema import read_questions
from widgets.questions.widget import CheckYourself, available_questions

GOOD = """
[[question]]
text = "Which pump does an *SSRI* block?"
[[question.choice]]
text = "MAO"
feedback = "An enzyme, not a pump."
[[question.choice]]
text = "SERT"
correct = true
feedback = "The serotonin transporter."
[[question.choice]]
text = "NET"
feedback = "That one carries norepinephrine."

[[question]]
text = "Which are monoamines?"
multiple = true
[[question.choice]]
text = "Serotonin"
correct = true
feedback = "Made from tryptophan."
[[question.choice]]
text = "GABA"
feedback = "An amino acid."
[[question.choice]]
text = "Dopamine"
correct = true
feedback = "Made from tyrosine."
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(questions, "QUESTIONS_DIRECTORY", tmp_path)
    return tmp_path


def test_reads_the_documented_format(folder):
    (folder / "synapse.toml").write_text(GOOD, encoding="utf-8")
    first, second = read_questions(folder / "synapse.toml")
    assert first["text"] == "Which pump does an *SSRI* block?"
    assert sorted(choice["correct"] for choice in first["choices"]) == [False, False, True]
    assert (first["multiple"], second["multiple"]) == (False, True)
    assert available_questions() == ["synapse"]


def test_choices_are_shuffled_by_their_words_alone(folder):
    blocks = [f'[[question.choice]]\ntext = "{word}"\nfeedback = "So."\n' for word in "abcdefgh"]
    blocks[0] = blocks[0].replace("feedback", "correct = true\nfeedback")
    orders = []
    for order in (blocks, blocks[::-1]):
        (folder / "a.toml").write_text('[[question]]\ntext = "Why?"\n' + "".join(order), encoding="utf-8")
        (asked,) = read_questions(folder / "a.toml")
        orders.append([choice["text"] for choice in asked["choices"]])
    assert orders[0] == orders[1] and sorted(orders[0]) == list("abcdefgh") != orders[0]
    (folder / "a.toml").write_text('[[question]]\ntext = "Who?"\n' + "".join(blocks), encoding="utf-8")
    assert [choice["text"] for choice in read_questions(folder / "a.toml")[0]["choices"]] != orders[0]


QUESTION = '[[question]]\ntext = "Why?"\n'
RIGHT = '[[question.choice]]\ntext = "A"\ncorrect = true\nfeedback = "Yes."\n'
WRONG = '[[question.choice]]\ntext = "B"\nfeedback = "No."\n'

FAULTS = {
    "no feedback": (QUESTION + RIGHT + '[[question.choice]]\ntext = "B"\n', ["choice 2", "feedback is missing"]),
    "empty feedback": (QUESTION + RIGHT + WRONG.replace("No.", " "), ["choice 2", "feedback is missing or empty"]),
    "no correct answer": (QUESTION + WRONG + WRONG.replace('"B"', '"C"'), ["no correct answer", "correct = true"]),
    "two correct": (QUESTION + RIGHT + RIGHT.replace('"A"', '"C"'), ["2 correct answers", "multiple = true"]),
    "one choice": (QUESTION + RIGHT, ["1 choice(s)", "at least two"]),
    "unknown key": (QUESTION + RIGHT + WRONG + 'feedbak = "x"\n', ["choice 2", "'feedbak'", "did you mean 'feedback'"]),
    "unknown key of a question": ('[[question]]\ntxt = "Why?"\n' + RIGHT + WRONG, ["'txt'", "did you mean 'text'"]),
    "unknown block": ('[[questions]]\ntext = "Why?"\n', ["'questions'", "did you mean 'question'"]),
    "no text": ("[[question]]\n" + RIGHT + WRONG, ["text is missing"]),
    "twins": (QUESTION + RIGHT + WRONG.replace('"B"', '"A"'), ["same text"]),
    "correct in quotes": (QUESTION + RIGHT + WRONG + 'correct = "false"\n', ["correct is 'false'", "without quotes"]),
    "lone asterisk": (QUESTION.replace("Why", "Wh*y") + RIGHT + WRONG, ["lone asterisk"]),
    "nothing": ("", ["no questions"]),
    "a question that is no block": ('question = "Why?"\n', ["not a list of blocks", "[[question]]"]),
    "not TOML": ("[[question]\n", ["not readable as TOML"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_refuses_with_file_question_and_fix(folder, fault):
    content, words = FAULTS[fault]
    (folder / "ssri.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError) as error:
        read_questions(folder / "ssri.toml")
    message = str(error.value)
    assert message.startswith("ssri.toml")
    assert fault in ("nothing", "unknown block", "not TOML", "a question that is no block") or "question 1" in message
    for word in words:
        assert word in message


def test_faults_of_a_later_question_name_it(folder):
    (folder / "ssri.toml").write_text(GOOD + QUESTION + RIGHT, encoding="utf-8")
    with pytest.raises(ValueError, match=r"ssri\.toml, question 3 \(Why\?\)"):
        read_questions(folder / "ssri.toml")


@pytest.mark.parametrize("name", ["serotonim", "../ssri", "", None, 3])
def test_unknown_name_is_refused_with_the_nearest(folder, name):
    (folder / "serotonin.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ValueError, match="no questions named") as error:
        CheckYourself(name)
    assert "serotonin" in str(error.value)
    assert ("did you mean" in str(error.value)) == (name == "serotonim")


def test_repr_is_stable_and_traits_are_the_file(folder):
    (folder / "ssri.toml").write_text(GOOD, encoding="utf-8")
    one, two = CheckYourself("ssri"), CheckYourself("ssri")
    assert repr(one) == repr(two) == "CheckYourself('ssri': 2 questions)"
    state = one.get_state()
    assert state["questions"] == read_questions(folder / "ssri.toml")
    assert "render" in state["_esm"] and "--ls-" in state["_css"]
    one.close(), two.close()


# The files the book ships.


def test_the_chapters_questions_are_sound(root):
    names = available_questions()
    assert len(names) >= 3, f"only {names}"
    for name in names:
        asked = read_questions(questions.QUESTIONS_DIRECTORY / f"{name}.toml")
        assert 4 <= len(asked) <= 6 or name == "welcome", f"{name}: {len(asked)} questions, 4 to 6 are wanted"
        texts = [question["text"] for question in asked]
        assert len(set(texts)) == len(texts), f"{name}: a question stands twice"
        places = {
            next(i for i, choice in enumerate(question["choices"]) if choice["correct"])
            for question in asked
            if not question["multiple"]
        }
        assert len(places) > 1 or len(asked) < 3, f"{name}: the right answer always stands at place {places}"
        for question in asked:
            for choice in question["choices"]:
                words = len(choice["feedback"].split())
                assert words >= 6, f"{name}: {choice['feedback']!r} marks, it does not teach"


# In the browser: the very bundle the book and JupyterLab use, on a page with nothing else.

PAGE = """<!doctype html><html lang="en"><head><title>Questions</title><style>{css}
body {{ background: var(--ls-paper); color: var(--ls-ink); }}</style></head>
<body data-theme="light"><main><h1>Questions</h1><button>before</button><div id="one"></div><div id="two"></div></main>
<script type="module">
const module = await import("data:text/javascript;base64," + {esm});
const state = {{ name: "test", questions: {questions} }};
const model = {{ get: (key) => state[key], on() {{}}, off() {{}} }};
window.remove = ["one", "two"].map((id) => module.default.render({{ model, el: document.getElementById(id) }}));
</script></body></html>"""


@pytest.fixture
def answering(open_page, folder):
    """A page that shows the same questions twice, as two chapters or a JupyterLab split view would."""
    from base64 import b64encode

    (folder / "test.toml").write_text(GOOD.replace("An enzyme", "<b>An</b> *enzyme*"), encoding="utf-8")
    widget = CheckYourself("test")
    # What follows goes from one choice to the next: they stand as they are written here.
    written = re.findall(r'\[\[question\.choice\]\]\ntext = "(.*)"', (folder / "test.toml").read_text(encoding="utf-8"))
    asked = [{**each, "choices": sorted(each["choices"], key=lambda one: written.index(one["text"]))}
             for each in widget.questions]  # fmt: skip
    page = open_page(None)
    page.set_content(
        PAGE.format(
            css=widget._css,
            esm=json.dumps(b64encode(str(widget._esm).encode()).decode()),
            questions=json.dumps(asked),
        )
    )
    widget.close()
    page.locator("#two .ls-tally").wait_for(state="attached")
    yield page
    assert not page.watch.complaints, page.watch.complaints


def test_a_reader_with_keys_only(answering):
    page = answering
    first = page.locator("#one").get_by_role("group", name="Question 1 of 2 Which pump does an SSRI block?")
    feedback = first.get_by_role("status")
    page.get_by_role("button", name="before").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert first.get_by_role("radio", name="MAO").is_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert feedback.inner_text() == "", "arrow keys in the group must not give the answer away"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check your answer to question 1"
    page.keyboard.press("Enter")
    # Markup in a file is shown as written, but for *emphasis*.
    assert feedback.inner_text().split("\n") == ["Not quite: try again.", "", "<b>An</b> enzyme, not a pump."]
    assert first.locator("em").all_inner_texts() == ["SSRI", "enzyme"]
    assert first.get_by_role("radio", name="MAO not this one").count() == 1, "the verdict is in words"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    assert feedback.inner_text() == "", "a verdict must not stand under another choice"
    page.keyboard.press("Enter")
    assert feedback.inner_text().startswith("Right.")
    tally = page.locator("#one .ls-tally")
    assert tally.inner_text() == "1 of 2 checked, 0 right at first try."

    second = page.locator("#one").get_by_role("group", name="Question 2 of 2")
    check = second.get_by_role("button")
    check.press("Enter")
    assert second.get_by_role("status").inner_text() == "Choose an answer first, then check it."
    assert tally.inner_text() == "1 of 2 checked, 0 right at first try.", "an empty check is not a try"
    for name in ("Serotonin", "Dopamine"):
        second.get_by_role("checkbox", name=name).press("Space")
    check.press("Space")
    said = second.get_by_role("status").inner_text()
    assert said.startswith("Right.") and "Serotonin: Made from" in said and "Dopamine: Made from" in said
    assert tally.inner_text() == "1 of 2 right at first try."
    # The second showing of the same questions is untouched.
    assert page.locator("#two input:checked").count() == 0
    assert page.locator("#two .ls-tally").inner_text() == ""


def test_a_set_half_right_is_not_right(answering):
    second = answering.locator("#one").get_by_role("group", name="Question 2 of 2")
    said = second.get_by_role("status")
    second.get_by_role("checkbox", name="Serotonin").check()
    second.get_by_role("button").click()
    assert said.inner_text().startswith("Right as far as it goes: 1 of 2 found.")
    second.get_by_role("checkbox", name="GABA").check()
    second.get_by_role("button").click()
    assert said.inner_text().startswith("Partly right: try again.")
    second.get_by_role("checkbox", name="Serotonin").uncheck()
    second.get_by_role("button").click()
    assert said.inner_text().startswith("Not quite: try again.")


def test_feedback_is_announced_and_removed_with_the_widget(answering):
    page = answering
    regions = page.locator(".ls-questions [role=status]")
    assert regions.count() == 6, "a region per question and one for the tally, twice"
    assert all(region.get_attribute("aria-live") == "polite" for region in regions.all())
    page.evaluate("window.remove.forEach((f) => f())")
    assert page.locator(".ls-questions").count() == 0


def test_axe_finds_nothing_in_either_theme_at_any_step(answering, root):
    page = answering
    page.add_script_tag(path=root / "widgets/frontend/node_modules/axe-core/axe.min.js")
    ran = 0
    for step in ("untouched", "wrong", "right"):
        if step != "untouched":
            for group in page.locator("#one .ls-question").all():
                for box in group.locator("input[type=checkbox]").all():
                    box.uncheck()
                group.locator("input").nth(0 if step == "wrong" else 1).check()
                group.get_by_role("button").click()
        for theme in ("light", "dark"):
            page.evaluate("(theme) => { document.body.dataset.theme = theme }", theme)
            found = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
            assert not found["violations"], (step, theme, json.dumps(found["violations"], indent=1)[:3000])
            ran += len(found["passes"])
    assert ran >= 6 * 15, f"only {ran} axe rules ran"
