"""Links to sections land where they should in each engine, although labs come later; a reload keeps the place."""

from __future__ import annotations

import pytest

from tests.browser.harness import LAB_PAGES, LABS, QUESTIONS
from tests.engines.conftest import DESKTOP, ENGINES, HEIGHT, PHONE, fresh

SOME = LAB_PAGES[::7]
NEAR = 8
"""px that a heading may stand from where a page without labs would put it."""


@pytest.mark.parametrize("page", SOME)
def test_every_section_is_met_by_its_link(visit, served, page):
    """In turn on a desktop and on a phone; what is met on a phone in one engine is met on a desktop in the next."""
    engine = visit(page)
    sections = engine.ask("sections")
    assert len(sections) >= 5, f"{page}: sections {sections}"
    turn = list(ENGINES).index(engine.name)
    astray = {}
    for number, section in enumerate(sections):
        width = (DESKTOP, PHONE)[(number + turn) % 2]
        engine.resize(width, HEIGHT)
        # An address that differs in its hash alone would be the page that is open already.
        engine.open(served.address(page, section=section, visit=number + 1))
        engine.ask("alive", LABS[page], QUESTIONS[page])
        if abs(px := engine.ask("astray", section)) > NEAR:
            astray[section, width] = px
    assert not astray, f"{engine.name}, {page}: {len(astray)} of {len(sections)} sections astray by px: {astray}"
    assert not engine.ask("complaints"), f"{engine.name}, {page}"


@pytest.mark.parametrize("page", SOME)
def test_a_reload_keeps_the_place(visit, page):
    engine = visit(page)
    sections = engine.ask("sections")
    for width in (DESKTOP, PHONE):
        engine.resize(width, HEIGHT)
        section = sections[len(sections) * 2 // 3]
        before = engine.ask("scrollTo", section, 120)
        engine.reload()
        engine.ask("alive", LABS[page], QUESTIONS[page])
        after = engine.ask("topOf", section)
        assert abs(after - before) <= NEAR, f"{engine.name}, {page}, {width} px: {section} from {before} to {after} px"


def test_a_hash_that_names_nothing_does_no_harm(engine, served):
    fresh(engine, served)
    engine.resize(DESKTOP, HEIGHT)
    page = LAB_PAGES[0]
    for number, section in enumerate(("100%", "%E0%A4%A", "__proto__", "no-such-section", "a b")):
        engine.open(served.address(page, section=section, visit=number + 1))
        engine.ask("alive", LABS[page], QUESTIONS[page])
        assert not engine.ask("complaints"), f"{engine.name}, {page}#{section}"
