"""Check yourself on the built pages: every question of every chapter by keyboard, wrong once and then right."""

from __future__ import annotations

import pytest

from tests.browser.harness import QUESTION_PAGES, QUESTIONS, wait_alive
from widgets.questions.schema import read_questions
from widgets.questions.widget import QUESTIONS_DIRECTORY

PHONE = {"width": 360, "height": 740}


def test_every_full_chapter_asks():
    assert len(QUESTION_PAGES) >= 3, QUESTIONS


@pytest.mark.parametrize("name", QUESTION_PAGES)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_questions_are_answered_by_keyboard(open_page, book, name, scheme):
    view = open_page(book.address(name, scheme), viewport=PHONE)
    wait_alive(view, name)
    asked = read_questions(QUESTIONS_DIRECTORY / f"{name.rsplit('/', 1)[-1]}.toml")
    block = view.locator(".ls-questions").last
    groups = block.locator(".ls-question").all()
    assert len(groups) == len(asked) >= 1
    for number, (question, group) in enumerate(zip(asked, groups, strict=True), 1):
        title = group.locator("legend").inner_text()
        assert f"Question {number} of {len(asked)}" in title and question["text"].replace("*", "") in title
        boxes = group.locator("input").all()
        said = group.get_by_role("status")
        wrong = next((i for i, choice in enumerate(question["choices"]) if not choice["correct"]), None)
        if wrong is not None:
            boxes[wrong].press("Space")
            assert said.inner_text() == ""
            group.get_by_role("button").press("Enter")
            assert question["choices"][wrong]["feedback"].replace("*", "") in said.inner_text()
            assert "try again" in said.inner_text()
            if question["multiple"]:
                boxes[wrong].press("Space")
        for box, choice in zip(boxes, question["choices"], strict=True):
            if choice["correct"]:
                box.press("Space")
        group.get_by_role("button").press("Enter")
        assert said.inner_text().startswith("Right.")
    never_wrong = sum(all(choice["correct"] for choice in question["choices"]) for question in asked)
    assert block.locator(".ls-tally").inner_text() == f"{never_wrong} of {len(asked)} right at first try."
    view.watch.assert_clean()
