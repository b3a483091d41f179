"""Colours set by the reader's system: every word, line, bar and track is seen, whatever theme the page has stored."""

from __future__ import annotations

import pytest

from tests.browser.harness import DRUG_LABS, PAGES, check_drawn_contrast, labs, wait_alive
from tests.scripts import for_browser

# One page of each kind: drawing and code, cases, medicines, currents, people and tables, and the back matter.
KINDS = [
    "chapters/2-messengers/serotonin",
    "chapters/3-imbalance/imbalance",
    "chapters/4-medicines/ssri",
    "chapters/2-messengers/gaba",
    "chapters/1-synapse/models",
    "chapters/back-matter/drug-atlas",
    "chapters/back-matter/model-reference",
    "chapters/back-matter/glossary",
]
# The theme that the page has stored, and what the system wants: the worst is where they oppose each other.
CASES = [("dark", "light"), ("light", "dark"), ("auto", "dark")]


@pytest.fixture
def forced(open_page, book):
    def open_(page: str, theme: str, system: str):
        view = open_page(None, forced_colors="active", color_scheme=system, reduced_motion="reduce")
        view.add_init_script(f"try {{ localStorage.setItem('theme', '{theme}') }} catch {{}}")
        view.add_init_script(for_browser("forced"))
        view.goto(book.address(page))
        if page in PAGES:
            wait_alive(view, page)
            for lab in labs(view):
                lab.answer_gate()
                lab.step(0)
                lab.settle()
        assert view.evaluate("() => matchMedia('(forced-colors: active)').matches")
        return view

    return open_


@pytest.mark.parametrize(("theme", "system"), CASES)
@pytest.mark.parametrize("page", KINDS)
def test_words_and_lines_take_the_systems_colours(forced, page, theme, system):
    view = forced(page, theme, system)
    where = f"{page}, {theme} stored, {system} system"
    found = view.evaluate("forced.faults")
    assert found["seen"] > 60, where
    assert not found["faults"], f"{where}:\n" + "\n".join(found["faults"][:20])
    texts, traces = check_drawn_contrast(view, where)
    assert traces >= len(labs(view)) and texts >= 10 * len(labs(view))


@pytest.mark.parametrize(("theme", "system"), CASES)
def test_search_takes_them_too(forced, theme, system):
    view = forced("search", theme, system)
    view.locator(".book-search input, input[name=q]").first.fill("serotonin")
    view.keyboard.press("Enter")
    view.locator("#search-results li").first.wait_for()
    found = view.evaluate("forced.faults")
    assert found["seen"] > 30 and not found["faults"], found["faults"]


@pytest.mark.parametrize(("theme", "system"), CASES)
def test_bars_and_tracks_are_seen(forced, theme, system):
    page = next(page for page in KINDS if DRUG_LABS.get(page))
    view = forced(page, theme, system)
    for selector in (".lab-bar", ".noUi-connects"):
        seen = 0
        for part in view.locator(selector).all():
            share = part.evaluate("forced.share")
            if share is None or not 0.1 < share < 0.9:
                continue
            ratios = view.evaluate("forced.ratios", [part.screenshot().hex(), share])
            assert min(ratios.values()) >= 3, (selector, share, ratios)
            seen += 1
        assert seen >= 2, selector


@pytest.mark.parametrize(("theme", "system"), CASES)
def test_the_focus_is_seen_on_every_control(forced, theme, system):
    view = forced("chapters/4-medicines/ssri", theme, system)
    for part in (".lab-button", ".noUi-handle", ".lab-menu select", "summary", ".ls-choice input", ".lab-pause"):
        found = view.locator(f".synapse-lab {part}, .ls-questions {part}").first
        found.focus()
        view.keyboard.press("Shift+Tab")
        view.keyboard.press("Tab")
        outline = found.evaluate("forced.outline")
        assert outline["width"] >= 2 and outline["ratio"] >= 3, (part, outline)
