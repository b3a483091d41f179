"""Every slider of every lab, in each engine: a key moves it, its curves and its sentence, and nothing complains."""

from __future__ import annotations

import pytest

from tests.browser.harness import LAB_PAGES, LABS, PREDICTIONS


@pytest.mark.parametrize("page", LAB_PAGES[::2])
def test_every_slider_moves_curves_and_sentence(visit, page):
    engine = visit(page)
    sliders = engine.ask("sliders")
    assert len(sliders) == LABS[page] and all(sliders), f"{page}: sliders of its labs: {sliders}"
    moved = predictions = 0
    for lab, count in enumerate(sliders):
        if engine.ask("focusPrediction", lab):
            predictions += 1
            engine.press("Space")
        engine.ask("free", lab)
        for slider in range(count):
            before = engine.ask("focusSlider", lab, slider)
            key = "ArrowLeft" if before["atEnd"] else "ArrowRight"
            engine.press(key)
            still = engine.ask("unmoved", lab, before)
            assert not still, f"{engine.name}, {page}: {key} on {before['label']!r} leaves {still} as they were"
            moved += 1
    assert predictions == PREDICTIONS[page] and moved == sum(sliders) >= LABS[page]
    assert not engine.ask("complaints"), f"{engine.name}, {page}"
