"""The fan of a lab: many people in time, the same in the page as in the kernel."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.browser.harness import run_axe
from widgets import SynapseLab, simulate_population
from widgets.labs.controls import Schedule

WEEK = [(24.0 * day, 20.0) for day in range(7)]
FAN = {"kind": "fan", "output": "concentration", "n": 200, "seed": 3, "constants": ["half_life", "distribution_volume"]}


def lab(**changes) -> SynapseLab:
    return SynapseLab(
        "oral_dose", controls=[Schedule("schedule", label="Tablets", rest=WEEK)], hours=168, main="concentration",
        small=[], absolute=["concentration"], scene=False, name="fan", panels=[{**FAN, **changes}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"constants": ["halflife"]}, r"panels\[0\] \(fan\): 'halflife' is no constant.*Did you mean 'half_life'"),
        ({"output": "concentation"}, r"panels\[0\] \(fan\): .*Did you mean 'concentration'"),
        ({"n": 3}, r"panels\[0\].*n"),
        ({"colour": "red"}, r"There is no 'colour' in"),
    ],
)
def test_what_is_wrong_names_itself_and_its_place(changes, words):
    with pytest.raises(ValueError, match=words):
        lab(**changes)


def told(page) -> list[float]:
    """Middle, lowest and highest of nine in ten, as the words have them."""
    page.wait_for_function(
        "() => document.querySelector('.lab-fan .lab-people-words').textContent.includes('At the end')"
    )
    page.wait_for_function("() => !document.querySelector('.lab-fan[data-stale]')")
    words = page.locator(".lab-fan .lab-people-words").inner_text()
    found = re.search(r"is at ([\d.]+) nM, nine in ten between ([\d.]+) nM and ([\d.]+) nM", words)
    return [float(number) for number in found.groups()]


def kernel(model, calendar) -> np.ndarray:
    runs = simulate_population(
        model, 200, {"half_life": 0.2, "distribution_volume": 0.2}, seed=3, hours=168, points=8, output="concentration",
        schedule=calendar,
    )  # fmt: skip
    return np.quantile(runs.iloc[-1], [0.5, 0.05, 0.95])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_fan_is_the_kernels_and_follows_the_calendar(show, theme):
    made = lab()
    page = show(made, theme)
    np.testing.assert_allclose(told(page), kernel(made.models[0], WEEK), rtol=1e-2)
    band = page.locator(".lab-fan .band.outer").get_attribute("d")
    for day in (4, 5, 6):
        cell = page.locator(".lab-calendar-cell").nth(day)
        cell.click()
        cell.click()
    page.wait_for_function(
        "(was) => document.querySelector('.lab-fan .band.outer').getAttribute('d') !== was", arg=band
    )
    stopped = [(time, amount if time < 96 else 0.0) for time, amount in WEEK]
    np.testing.assert_allclose(told(page), kernel(made.models[0], stopped), rtol=1e-2)
    assert run_axe(page, f"fan, {theme}") > 10
    page.watch.assert_clean()
