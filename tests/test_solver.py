"""The page's solver beside SciPy, and the sentence that the page writes under the book's own models.

Against known answers, and without Python, solver and words are tested by vitest in widgets/frontend/test.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.scripts import FRONTEND, ask
from widgets import SynapseLab
from widgets.labs import view as views
from widgets.labs.controls import CONTROLS


def run(name: str, times: list[float]) -> tuple[np.ndarray, dict]:
    """One of the small models of widgets/frontend/test/models by the page's solver: levels (times, species), report."""
    text = (FRONTEND / f"test/models/{name}.js").read_text(encoding="utf-8")
    found = ask("solver", {"models": {name: text}, "runs": {name: {"times": times}}})
    return np.reshape(found["runs"][name][0], (len(times), -1)), found["reports"][name][0]


def test_robertsons_stiff_reaction():
    times = [0, 0.4, 40.0, 4e3, 4e5]
    levels, report = run("robertson", times)

    def rhs(_, y):
        one, two, three = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
        return [-one + three, one - three - two, two]

    expected = solve_ivp(rhs, (0, 4e5), [1, 0, 0], "Radau", times, rtol=1e-10, atol=1e-14).y.T
    np.testing.assert_allclose(levels, expected, rtol=1e-3, atol=1e-12)
    assert report["steps"] < 200


def test_agrees_with_scipy_where_nothing_is_stiff():
    times = np.linspace(0, 20, 41)
    found, _ = run("chase", times.tolist())
    chase = lambda _, y: [y[0] - y[0] * y[1], y[0] * y[1] - y[1]]  # noqa: E731
    expected = solve_ivp(chase, (0, 20), [1.5, 0.5], "DOP853", times, rtol=1e-12, atol=1e-14).y.T
    np.testing.assert_allclose(found, expected, rtol=1e-3)


# What each of the book's two models does, and what the sentence may and may not give as the cause:
# (model, settings, last moved, needed, forbidden).
CAUSES = {
    "without a brake more is made, and the stores fill": (
        "dopamine", {"reuptake_inhibition": 0.5, "autoreceptor_gain": 0.0}, "reuptake_inhibition",
        r"settles at 3\.6 times baseline\..*vesicle stores.* to 165 %\.$", r"MAO|autoreceptor (?:cuts?|braked)",
    ),
    "the autoreceptor cuts synthesis": (
        "dopamine", {"reuptake_inhibition": 0.5}, "reuptake_inhibition",
        r"autoreceptor cuts? synthesis to \d+ %.*vesicle stores", r"MAO",
    ),
    "a blocked enzyme fills the vesicles": (
        "dopamine", {"mao_a_inhibition": 1.0}, "mao_a_inhibition",
        r"Less is broken down, so the vesicles fill to \d+ %", r"Breakdown by MAO",
    ),
    "a silent neuron": (
        "dopamine", {"firing_rate": 0.0}, "firing_rate",
        r"falls to almost nothing\. Nothing is released, while synthesis rises to 3\d\d %", r"Release falls",
    ),
    "a silent serotonin neuron": (
        "serotonin", {"firing_rate": 0.0}, "firing_rate", r"Nothing is released, while", r"Release falls",
    ),
    "the autoreceptor brakes release": (
        "serotonin", {"reuptake_inhibition": 0.8}, "reuptake_inhibition", r"autoreceptor.*brake[sd]? release by \d+ %",
        r"MAO",
    ),
    "no supply": (
        "serotonin", {"precursor_supply": 0.0}, "precursor_supply",
        r"Synthesis falls to .*, so the vesicle stores fall", r"MAO|autoreceptor cuts",
    ),
    "all pumps blocked": (
        "dopamine", {"reuptake_inhibition": 1.0}, "reuptake_inhibition",
        r"Only the other ways out, diffusion", r"MAO|stores",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, str]:
    """The sentence that the lab itself would show, for each of CAUSES."""
    folder = tmp_path_factory.mktemp("static")
    for name in ("lab.js", "lab.css"):
        (folder / name).write_text("")
    request = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "STATIC", folder)
        for case, (model, values, moved, _, _) in CAUSES.items():
            lab = SynapseLab(model, controls=list(CONTROLS), hours=24)
            lab.set(**values)
            request[case] = {"spec": lab.view.spec, "moved": moved, "values": lab.values}
    return {case: said.replace("\u202f", " ") for case, said in ask("told", request).items()}


@pytest.mark.parametrize("case", CAUSES)
def test_the_cause_is_the_largest_that_explains_the_level(told, case):
    *_, needed, forbidden = CAUSES[case]
    assert re.search(needed, told[case]), told[case]
    assert not re.search(forbidden, told[case]), told[case]
