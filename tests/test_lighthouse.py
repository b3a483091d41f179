"""What `make lighthouse` makes of Lighthouse's findings; it looks at pages itself only where it is asked to."""

from __future__ import annotations

import json
import re

import pytest

from tests import lighthouse
from tests.lighthouse import __main__ as measure

SCORES = {"performance": 96, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMES = {"paint": 900, "largest": 950, "blocked": 10, "index": 900}


def visit(device: str = "phone", shift: float = 0.01, **scores: int) -> dict:
    found = {**SCORES, **{name.replace("_", "-"): score for name, score in scores.items()}}
    return {"page": "a.html", "device": device, "scores": found, "shift": shift, "measured": TIMES, "failed": []}


def test_a_visit_that_meets_the_bar_is_a_row_and_no_more():
    assert measure.misses(visit()) == measure.misses(visit("desktop")) == []
    assert measure.row(visit()) == "| a.html | phone | 96 | 100 | 100 | 100 | 0.010 | 900 | 950 | 10 | 900 |"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (visit(performance=89), "a.html (phone): performance 89 is below 90"),
        (visit("desktop", performance=94), "a.html (desktop): performance 94 is below 95"),
        (visit(best_practices=80), "a.html (phone): best-practices 80 is below 90"),
        (visit(shift=0.05), "a.html (phone): what is shown shifts by 0.050, the bar is 0.05"),
    ],
)
def test_what_misses_the_bar_is_named(found, said):
    assert measure.misses(found) == [said]


def test_a_page_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["lighthouse", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"search\.html: run make book first"):
        measure.main()


def test_its_packages_are_pinned_apart_from_the_books():
    folder = measure.HERE
    package = json.loads((folder / "package.json").read_text())
    versions = package["dependencies"]
    assert {"lighthouse", "chrome-launcher"} <= set(versions)
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values()), versions
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in versions} == versions
    assert "lighthouse" not in (folder.parents[1] / "widgets/frontend/package-lock.json").read_text()
    assert not re.search(r"file:/|https?://[^\s\"]*(simple|registry)", (folder / "package-lock.json").read_text())
    assert lighthouse.__doc__
