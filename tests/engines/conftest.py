"""One engine after the other, and the book as they are served it."""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest

from tests.browser.harness import LABS, QUESTIONS
from tests.engines import presence
from tests.engines.chromium import Chromium
from tests.engines.engine import Engine, EngineMissing
from tests.engines.firefox import Firefox
from tests.engines.server import Served, serving_with_refusals
from tests.engines.webkit import WebKit

ENGINES = {kind.name: kind for kind in (Chromium, Firefox, WebKit)}
DESKTOP, PHONE, HEIGHT = 1280, 360, 800
EACH = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ENGINES]


@pytest.fixture(scope="session")
def served(book) -> Served:
    with serving_with_refusals(book.html) as found:
        yield found


@pytest.fixture(scope="session")
def engine_of(request):
    """engine_of(name, dark, ...) -> an engine that is not yet running. Where the machine lacks it, see presence.py."""

    def engine_of_(name: str, **options) -> Engine:
        try:
            if name == "chromium":
                return Chromium(**options, browser=request.getfixturevalue("browser"))
            ENGINES[name].find()
            return ENGINES[name](**options)
        except EngineMissing as error:
            presence.without(name, error, os.environ)

    return engine_of_


@pytest.fixture(scope="session", params=EACH)
def engine(request, engine_of) -> Engine:
    """Each engine, under a light system."""
    with engine_of(request.param, dark=False) as running:
        yield running


@pytest.fixture(scope="session", params=EACH)
def dark_engine(request, engine_of) -> Engine:
    """Each engine, under a dark system."""
    with engine_of(request.param, dark=True) as running:
        yield running


@pytest.fixture
def firefox_with(engine_of):
    """firefox_with(**preferences) -> a Firefox of its own, under a dark system."""
    with ExitStack() as running:
        yield lambda **preferences: running.enter_context(engine_of("firefox", dark=True, **preferences))


@pytest.fixture
def visit(engine, served):
    """visit(page, refusal, section, width) -> the engine, with that page alive and nothing kept of earlier visits."""

    def visit_(page: str, refusal: str = "as-it-is", section: str = "", width: int = DESKTOP) -> Engine:
        fresh(engine, served)
        engine.resize(width, HEIGHT)
        engine.open(served.address(page, refusal, section))
        engine.ask("alive", LABS[page], QUESTIONS[page])
        return engine

    return visit_


def fresh(engine: Engine, served: Served) -> None:
    """As a reader who was never here: nothing is kept, and the next address is a new page."""
    engine.open(f"{served.url}/empty")
    engine.ask("forget")
