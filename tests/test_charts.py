"""The lab's main chart, in a real browser: every direct label stands clear of the curves and of every other text."""

from __future__ import annotations

import json

import pytest

from tests.scripts import for_browser

# As lab.css sets them; the boxes of the texts depend on it.
STYLE = """
text { font: 13px sans-serif } .curve-label { font-size: 21px; font-weight: 680 } .curve-name { font-weight: 600 }
path { fill: none; stroke: black } svg { overflow: visible } body { margin: 40px }
"""


@pytest.fixture
def draw(open_page):
    page = open_page(None)
    page.set_content(f"<style>{STYLE}</style>")
    page.add_script_tag(content=for_browser("charts"))
    return lambda *request: page.evaluate("charts.drawTime", list(request))


def overlap(a: dict, b: dict) -> bool:
    return a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]


# Where the curve begins and ends, % of baseline, and the guess.
CASES = {
    "at rest": ([100, 100], None),
    "just above the baseline": ([110, 104], None),
    "just below the baseline": ([100, 95], None),
    "far up, seen from a peak": ([25_800, 1602], None),
    "nothing left": ([100, 0], None),
    "a guess that is right": ([197, 197], 197),
    "a guess a little low": ([100, 195], 180),
    "a guess a little high": ([300, 195], 205),
    "a guess at the baseline": ([110, 160], 100),
    "a guess at the baseline, level near it": ([100, 108], 100),
    "a guess of nothing": ([100, 30], 0),
    "a guess far above": ([100, 120], 1000),
    "a guess at the top of the axis": ([100, 470], 480),
}


@pytest.mark.parametrize("size", [(300, 184), (440, 260), (440, 420)])
@pytest.mark.parametrize("case", CASES)
def test_labels_stand_clear(draw, case, size):
    values, guess = CASES[case]
    label = f"{values[1]:,}\u202f%"
    found = draw(values, guess, *size, label)
    texts = found["texts"]
    assert label in [text["text"] for text in texts] and len(texts) >= 8
    for i, a in enumerate(texts):
        for b in texts[i + 1 :]:
            assert not overlap(a, b), (a["text"], b["text"])
        if a["kind"] in ("guess", "ghost-label"):
            through = [(x, y) for x, y in found["points"] if a["left"] < x < a["right"] and a["top"] < y < a["bottom"]]
            assert not through, f"the curve runs through {a['text']!r}"
            beside = a["kind"] == "ghost-label" and a["left"] > max(x for x, _ in found["points"])
            assert beside or not a["top"] < found["ghost"] < a["bottom"], f"the dashes run through {a['text']!r}"


def test_baseline_is_never_the_caption_of_another_number(draw):
    """Directly above or below a number "baseline" would be read as what that number is."""
    seen = 0
    for values in ([25_800, 1602], [110, 104], [100, 95], [100, 112], [100, 0], [300, 270]):
        for size in ((300, 184), (440, 260)):
            texts = draw(values, None, *size, "LEVEL")["texts"]
            (level,) = [text for text in texts if text["text"] == "LEVEL"]
            for text in texts:
                if text["kind"] == "ghost-label" and text["right"] > level["left"]:
                    gap = max(text["top"] - level["bottom"], level["top"] - text["bottom"])
                    assert gap > 3, (values, size)
                    seen += 1
    assert seen >= 4


def test_large_numbers_have_their_commas(draw):
    texts = [text["text"] for text in draw([100, 27_000], None, 440, 260, "27,000\u202f%")["texts"]]
    assert "30,000" in texts and "10,000" in texts
    assert not [text for text in texts if json.dumps(text).strip('"').isdigit() and len(text) > 3]
