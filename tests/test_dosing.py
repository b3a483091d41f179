"""From a dose to an occupancy: the hyperbola, what it rests on, and metabolites that count."""

from __future__ import annotations

import math

import numpy as np
import pytest

from widgets import dose_response, drug, drugs, exposures, measured
from widgets.medicines.dosing import (
    AFFINITY,
    MEASURED_CURVE,
    MEASURED_POINTS,
    ROWS,
    concentration_per_mg,
    occupancies_at,
)

EVERY = [(drug, row) for drug in drugs()["name"] for row in ROWS]


def known() -> list:
    return [found for drug, row in EVERY if (found := dose_response(drug, row)) is not None]


def test_every_known_pair_is_one_hyperbola():
    found = known()
    assert len(found) >= 150, f"{len(found)} pairs are known"
    assert {each.basis for each in found} == {MEASURED_CURVE, MEASURED_POINTS, AFFINITY}
    doses = np.linspace(0, 5000, 101)
    for each in found:
        held = each.occupancy(doses)
        assert held[0] == 0 and (np.diff(held) >= 0).all() and held[-1] <= each.maximum <= 1
        if each.half_dose_mg <= 5000:
            assert each.occupancy(each.half_dose_mg) == pytest.approx(each.maximum / 2)
        assert each.sources and all(each.sources)


def test_a_published_curve_comes_first():
    """Duloxetine has a curve in people (half at 7.9 mg), and an affinity and a concentration too."""
    found = dose_response("duloxetine", "SERT")
    assert (found.basis, found.half_dose_mg, found.maximum) == (MEASURED_CURVE, 7.9, 1.0)
    assert found.sources == ("takano2006dose",)
    assert found.occupancy(60) == pytest.approx(60 / 67.9)
    # Daily doses before single ones.
    assert dose_response("nortriptyline", "NET").sources == ("takano2014norepinephrine",)


def test_measured_points_come_before_affinity():
    found = dose_response("bupropion", "DAT")
    assert found.basis == MEASURED_POINTS and found.sources == ("learnedcoughlin2003vivo",)
    assert found.occupancy(300) == pytest.approx(0.26)
    # A study's smallest treating dose is taken to be the lowest usual one.
    venlafaxine = dose_response("venlafaxine", "SERT")
    assert venlafaxine.basis == MEASURED_POINTS
    assert venlafaxine.sources == ("meyer2004serotonin", "voineskos2007serotonin")
    assert venlafaxine.occupancy(75) == pytest.approx(0.80)


def test_affinity_is_the_law_of_mass_action_on_the_unbound_concentration():
    row = exposures("nortriptyline").iloc[0]
    unbound = 1000 * row["concentration_ng_ml"] / row["molar_mass"] * row["unbound_percent"] / 100
    found = dose_response("nortriptyline", "H1")
    assert found.basis == AFFINITY and found.compounds == ("nortriptyline",)
    assert found.occupancy(row["dose_mg"]) == pytest.approx(unbound / (unbound + 9.27))


def test_active_metabolites_add_their_share():
    """Two ligands of one target occupy (C1/K1 + C2/K2) / (1 + C1/K1 + C2/K2)."""
    found = dose_response("amitriptyline", "NET")
    assert found.compounds == ("amitriptyline", "nortriptyline")
    shares = 0.0
    for row, affinity in zip(exposures("amitriptyline").itertuples(), (35, 4.4), strict=True):
        shares += 1000 * row.concentration_ng_ml / row.molar_mass * row.unbound_percent / 100 / affinity
    assert found.occupancy(75) == pytest.approx(shares / (1 + shares))
    assert shares / (1 + shares) > 0.5


def test_what_is_only_known_to_be_weak_says_so():
    found = dose_response("mirtazapine", "SERT")
    assert found.bound and found.occupancy(45) < 0.01
    assert not dose_response("mirtazapine", "H1").bound


def test_what_is_not_known_is_none():
    assert dose_response("vilazodone", "H1") is None
    assert dose_response("lithium", "SERT") is None
    table = occupancies_at("amitriptyline", 75)
    assert list(table.index) == [row for row in ROWS if row in table.index] and "DAT" in table.index
    assert table["occupancy"].between(0, 1).all() and table.loc["H1", "occupancy"] > 0.8
    assert math.isnan(concentration_per_mg("lithium")) and concentration_per_mg("citalopram") == pytest.approx(2.435)


def test_unknown_names_and_doses_are_refused():
    with pytest.raises(ValueError, match="no drug named 'venlafaxin' .did you mean 'venlafaxine'"):
        dose_response("venlafaxin", "SERT")
    with pytest.raises(ValueError, match="no target named 'SRET' .did you mean 'SERT'"):
        dose_response("venlafaxine", "SRET")
    with pytest.raises(ValueError, match="dose_mg must be between 0 and 5000 mg; got -1"):
        dose_response("venlafaxine", "SERT").occupancy(-1)


@pytest.mark.parametrize(
    "drug_name", ["sertraline", "citalopram", "venlafaxine", "paroxetine", "fluoxetine", "fluvoxamine"]
)
def test_what_scans_found_at_high_doses_is_held_at_the_highest_usual_one(drug_name):
    found, row = dose_response(drug_name, "SERT"), drug(drug_name)
    # About 85 % in four medicines, one of them as a plateau; the others, where nobody looked, are taken to be alike.
    assert found.occupancy(row["dose_high_mg"]) == pytest.approx(0.85, abs=1e-6)
    assert 0.85 < found.maximum < 1 and found.occupancy(row["dose_low_mg"]) < 0.83
    own = {"paroxetine": "meyer2001occupancy"}.get(drug_name, "voineskos2007serotonin")
    assert own in found.sources


def test_where_nobody_looked_at_high_doses_all_can_be_held():
    assert dose_response("haloperidol", "D2").maximum == 1
    # A point above what others' plateau is speaks against it.
    assert dose_response("vortioxetine", "SERT").maximum == 1


def test_measured_points_are_those_at_a_stated_dose():
    found = measured("citalopram", "SERT")
    assert set(found.columns) == {"x", "y", "low", "high", "words", "once", "source"}
    assert (20, 77, "meyer2001occupancy") in set(zip(found["x"], found["y"], found["source"], strict=True))
    assert found.loc[found["source"] == "klein2006vivo", "once"].all()
    assert not (found["y"] == 49).any(), "54 hours after the last tablet is no point of a daily dose"
    assert found["words"].str.contains("citalopram .* mg, (?:PET|SPECT)").all()
    assert measured("citalopram", "H1").empty
