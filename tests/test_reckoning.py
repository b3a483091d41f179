"""Occupancy reckoned from affinity beside what scans found, and the error that each reckoned bar shows."""

from __future__ import annotations

import pytest

from widgets import DrugLab, exposures, occupancies
from widgets.medicines.dosing import AFFINITY, dose_response, from_affinity
from widgets.medicines.reckoning import beside_scans, typical_error


def test_every_scan_that_can_be_reckoned_is_compared():
    table = beside_scans()
    assert len(table) >= 35 and table["drug"].nunique() >= 9
    scans = occupancies()
    for row in table.itertuples():
        there = scans[(scans["drug"] == row.drug) & (scans["target"] == row.target) & (scans["dose_mg"] == row.dose_mg)]
        assert row.scanned in set(there["occupancy_percent"])
        assert row.reckoned == pytest.approx(100 * from_affinity(row.drug, row.target).occupancy(row.dose_mg))
        assert row.error == pytest.approx(row.reckoned - row.scanned)
    sure = table.set_index(["drug", "dose_mg"])["error"]
    assert sure.loc[("citalopram", 20)].min() > 15, "the sum overrates citalopram"


def test_the_typical_error_is_their_median():
    assert typical_error() == pytest.approx(beside_scans()["error"].abs().median())
    assert 20 < typical_error() < 35


def test_affinity_alone_is_reckoned_although_scans_are_known():
    assert dose_response("citalopram", "SERT").basis != AFFINITY
    assert from_affinity("citalopram", "SERT").basis == AFFINITY
    assert from_affinity("nefazodone", "SERT") is None and exposures("nefazodone").empty


def test_a_reckoned_bar_shows_it_and_a_measured_one_does_not(show):
    lab = DrugLab(["citalopram", "venlafaxine"], start=("venlafaxine", 75), targets=["SERT", "NET"], name="error")
    page = show(lab)
    rows = {row.get_by_role("rowheader").inner_text().split()[0]: row for row in page.locator(".lab-bars tr").all()[1:]
            if row.is_visible() and row.locator(".lab-bar").count()}  # fmt: skip
    measured, reckoned = rows["SERT"], rows["NET"]
    assert measured.locator(".lab-bar-fill[data-basis=measured]").count() == 1
    assert not measured.locator(".lab-bar-error").is_visible()
    assert reckoned.locator(".lab-bar-fill[data-basis='from affinity']").count() == 1
    line, track = reckoned.locator(".lab-bar-error").bounding_box(), reckoned.locator(".lab-bar").bounding_box()
    value = 100 * dose_response("venlafaxine", "NET").occupancy(75)
    low, high = (100 * (line["x"] - track["x"] + end) / track["width"] for end in (0, line["width"]))
    assert low == pytest.approx(max(0, value - typical_error()), abs=2)
    assert high == pytest.approx(min(100, value + typical_error()), abs=2)
    assert f"{typical_error():.0f} points to either side" in page.locator(".lab-fingerprint").inner_text()
    page.watch.assert_clean()
