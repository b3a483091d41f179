"""What a page is when something is refused it, in each engine, on a dark system: of use, with a still or a live lab in
each place, without an error that nobody caught, and dark."""

from __future__ import annotations

import pytest

from tests.browser.harness import LAB_PAGES, LABS, QUESTIONS
from tests.engines.conftest import DESKTOP, HEIGHT, fresh
from tests.engines.firefox import Firefox

SOME = LAB_PAGES[::4]
"""Each kind of lab is on one of them."""


@pytest.fixture
def met(dark_engine, served):
    """met(address) -> the engine with that page open, as one who was never here."""

    def met_(address: str):
        fresh(dark_engine, served)
        dark_engine.resize(DESKTOP, HEIGHT)
        dark_engine.open(address)
        return dark_engine

    return met_


def assert_of_use(engine, page: str, left: dict, alive: bool) -> None:
    where = f"{engine.name}, {page}"
    assert not left["empty"], f"{where}: {left['empty']}"
    assert (left["alive"], left["stills"]) == ((LABS[page], 0) if alive else (0, LABS[page])), f"{where}: {left}"
    assert left["letters"] > 2000 and left["dark"], f"{where}: {left}"


@pytest.mark.parametrize("page", SOME)
def test_without_scripts(met, served, page):
    """In a frame that may run none, as a browser that is told to run none."""
    engine = met(served.framed(page, "allow-same-origin"))
    assert_of_use(engine, page, engine.ask("left", True), alive=False)


@pytest.mark.parametrize("page", SOME)
def test_without_the_runtime(met, served, page):
    engine = met(served.address(page, "no-runtime"))
    engine.ask("told", LABS[page])
    assert_of_use(engine, page, engine.ask("left", False), alive=False)
    complaints = engine.ask("complaints")
    assert complaints and all("runtime" in each and each.startswith("missing:") for each in complaints), complaints


@pytest.mark.parametrize("page", SOME)
def test_a_policy_without_blobs(met, served, page):
    engine = met(served.address(page, "no-blob"))
    engine.ask("alive", LABS[page], QUESTIONS[page])
    assert_of_use(engine, page, engine.ask("left", False), alive=True)
    assert not engine.ask("complaints"), f"{engine.name}, {page}"


@pytest.mark.parametrize("page", SOME)
def test_storage_that_throws(met, served, page):
    engine = met(served.address(page, "no-storage"))
    engine.ask("alive", LABS[page], QUESTIONS[page])
    assert_of_use(engine, page, engine.ask("left", False), alive=True)
    assert engine.ask("themes") == ["dark", "light"], f"{engine.name}, {page}: the switch of themes"
    assert not engine.ask("complaints"), f"{engine.name}, {page}"


@pytest.mark.parametrize("page", SOME)
def test_a_sandboxed_frame(met, served, page):
    """Whose page has no origin. WebKit takes the `'self'` of a policy for nothing there and loads no script or style:
    then the stills stand, with their words."""
    engine = met(served.framed(page, "allow-scripts"))
    if engine.name == "webkit":
        left = engine.ask("left", False, frame=True)
        assert (left["alive"], left["stills"], left["empty"]) == (0, LABS[page], []), left
        uncaught = [each for each in engine.ask("complaints", frame=True) if not each.startswith(("missing", "policy"))]
        assert not uncaught, f"{engine.name}, {page}"
        return
    engine.ask("alive", LABS[page], QUESTIONS[page], frame=True)
    assert_of_use(engine, page, engine.ask("left", False, frame=True), alive=True)
    assert not engine.ask("complaints", frame=True), f"{engine.name}, {page}"


@pytest.mark.parametrize("lab", ["ssri", "snri", "gaba-pulse"])
def test_a_lab_alone_in_a_sandboxed_frame(met, served, lab):
    """What a course shows is alive in every engine, WebKit too."""
    engine = met(served.framed(f"labs/{lab}", "allow-scripts"))
    engine.ask("alive", 1, 0, frame=True)
    left = engine.ask("left", False, frame=True)
    assert (left["alive"], left["stills"], left["empty"]) == (1, 0, []) and left["dark"], left
    assert not engine.ask("complaints", frame=True), f"{engine.name}, {lab}"


@pytest.mark.firefox
def test_firefox_with_storage_turned_off(firefox_with, served):
    """There `localStorage` is null."""
    page = LAB_PAGES[0]
    engine: Firefox = firefox_with(**{"dom.storage.enabled": False})
    engine.resize(DESKTOP, HEIGHT)
    engine.open(served.address(page))
    engine.ask("alive", LABS[page], QUESTIONS[page])
    assert_of_use(engine, page, engine.ask("left", False), alive=True)
    assert not engine.ask("complaints"), page
