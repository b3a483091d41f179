"""Pictures of a hundred people: counts with sources, marks that add up, words that say the same."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from tests.browser.support import ROOT
from widgets.book.check import keys_of
from widgets.evidence.hundreds import FILE, Hundred, hundreds
from widgets.figures.hundred import hundred, said

GOOD = """
[[hundred]]
id = "a"
what = "felt better"
kind = "benefit"
medicine = 50.4
without = 35.5
in_whom = "adults, eight weeks"
source = "cipriani2018comparative"
"""


def one(**changes) -> Hundred:
    return Hundred(**{"id": "a", "what": "felt better", "kind": "benefit", "medicine": 50.4, "without": 35.5,
                      "in_whom": "adults", "source": "cipriani2018comparative", **changes})  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "counts", "words"),
    [
        ({}, (14, 36, 0), "36 of 100 on placebo, 14 more on the medicine."),
        ({"medicine": 4, "without": 4}, (0, 4, 0), "4 of 100 on placebo, no more on the medicine."),
        ({"medicine": 30, "without": 41}, (0, 30, 11), "30 of 100; 11 more on placebo."),
        (
            {"beside": "after placebo", "with_it": "after the medicine"},
            (14, 36, 0),
            "36 of 100 after placebo, 14 more after the medicine.",
        ),
    ],
)
def test_counts_and_words_say_the_same(changes, counts, words):
    assert one(**changes).counts == counts
    assert said(one(**changes)) == words


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("medicine = 50.4", "medicine = 504", r"hundred 1 .*504.*100"),
        ('kind = "benefit"', 'kind = "luck"', r"hundred 1 .*luck"),
        ('source = "cipriani2018comparative"', "", r"hundred 1 .*source"),
        ("what =", "waht =", r"hundred 1 .*waht"),
        ("without = 35.5", "", r"hundred 1 .*without"),
    ],
)
def test_a_broken_block_is_named(tmp_path, old, new, message):
    file = tmp_path / "hundreds.toml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=f"(?s){message}"):
        hundreds(file)


def test_an_id_stands_once(tmp_path):
    file = tmp_path / "hundreds.toml"
    file.write_text(GOOD + GOOD, encoding="utf-8")
    with pytest.raises(ValueError, match="id 'a' stands twice"):
        hundreds(file)


def test_the_books_blocks_have_known_sources_and_are_all_drawn():
    known = keys_of(ROOT)
    assert len(hundreds()) >= 1 and {each.source for each in hundreds().values()} <= known
    drawn = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "chapters").rglob("*.ipynb"))
    assert [name for name in hundreds() if f'\\"{name}\\"' not in drawn] == [], "stand in no picture"


def test_every_person_is_one_mark():
    name = next(iter(hundreds()))
    hundred(name)
    axes = plt.gca()
    because, anyway, spared = hundreds()[name].counts
    drawn = [len(marks.get_offsets()) for marks in axes.collections]
    assert sum(drawn) == 100 and drawn == [n for n in (anyway, because, spared, 100 - because - anyway - spared) if n]
    places = {tuple(place) for marks in axes.collections for place in marks.get_offsets()}
    assert len(places) == 100
    plt.close()


def test_an_unknown_id_is_named():
    name = next(iter(hundreds()))
    with pytest.raises(ValueError, match=f"no '{name}x'.*{name}"):
        hundred(f"{name}x")
    with pytest.raises(ValueError, match="needs an id"):
        hundred()
    assert FILE.name == "hundreds.toml"
