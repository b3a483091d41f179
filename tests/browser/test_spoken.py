"""Each kind of lab and the questions, as a screen reader says them, beside the script kept in tests/trees.

`python -m tests.spoken` writes the scripts anew; what changed is then read in the diff, aloud.
"""

from __future__ import annotations

import difflib
import os
import re

import pytest

from tests.browser.harness import labs, wait_alive
from tests.spoken import RENEW, TREES, spoken

# A lab of each kind: its page and its place there; `None` is the page's questions.
KINDS = {
    "synapse": ("chapters/2-messengers/serotonin", 0),
    "cases": ("chapters/3-imbalance/imbalance", 0),
    "currents and spikes": ("chapters/2-messengers/gaba", 0),
    "a dose axis": ("chapters/4-medicines/dose-to-occupancy", 0),
    "claims and people": ("chapters/1-synapse/models", 1),
    "two medicines": ("chapters/4-medicines/snri", 0),
    "weeks of tablets": ("chapters/4-medicines/maoi", 0),
    "questions": ("chapters/2-messengers/serotonin", None),
}
NAMED = r"(img|image|slider|button|radio|combobox|table|group|DisclosureTriangle|checkbox)\b"


def compare(name: str, lines: list[str]) -> None:
    """Hold the lines against the script that is kept, or write it."""
    path = TREES / f"{name.replace(' ', '-')}.txt"
    if os.environ.get(RENEW):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    changed = "\n".join(difflib.unified_diff(kept, lines, "kept", "now", lineterm="", n=2))
    assert not changed, (
        f"{name} is said otherwise than {path.name} has it; `python -m tests.spoken` renews it\n{changed}"
    )


def faults(lines: list[str]) -> list[str]:
    """What no script may have: something without a name, or the same said twice running."""
    words = [line.strip() for line in lines]
    found = [f"without a name: {said}" for said in words if re.match(NAMED, said) and '"' not in said]
    for before, after in zip(words, words[1:], strict=False):
        if before == after and not re.match(r"(cell|columnheader|row)", before):
            found.append(f"twice: {before}")
    return found


def test_faults_are_found():
    assert faults(["button", 'img, "A drawing"', "words", "  words"]) == ["without a name: button", "twice: words"]


@pytest.mark.parametrize("name", KINDS)
def test_it_is_said_as_its_script_has_it(open_page, book, name):
    page, place = KINDS[name]
    view = open_page(book.address(page), reduced_motion="reduce")
    wait_alive(view, page)
    lines = []
    if place is None:
        selector = ".ls-questions"
        question = view.locator(".ls-question").first
        question.locator("input").first.press("Space")
    else:
        view.evaluate("(n) => document.querySelectorAll('.synapse-lab')[n].setAttribute('data-read', '')", place)
        selector = ".synapse-lab[data-read]"
        lab = labs(view)[place]
        if lab.gate.count():
            lines += ["-- before the guess", *spoken(view, f"{selector} .lab-gate"), "-- after it"]
            lab.answer_gate()
        lab.step(0)
        lab.root.locator("summary").first.press("Enter")
        lab.root.locator(".lab-table td").first.wait_for()
        lab.settle()
        lab.wait("(lab) => !lab.querySelector('[data-stale]')", "the people are not settled")
    lines += spoken(view, selector)
    assert len(lines) > 25, lines
    compare(name, lines)
    assert not faults(lines)
