"""A spec that the page cannot draw says so in the lab's place, and the page stays whole."""

from __future__ import annotations

import pytest

from tests.scripts import for_browser
from tests.showing import PAGE, traits
from widgets import SynapseLab


def broken(**changes) -> dict:
    """The traits of a lab whose spec was changed on the way."""
    given = traits(SynapseLab("dopamine", controls=["firing_rate"]))
    return {**given, "spec": {**given["spec"], **changes}}


CASES = {
    "a newer version": ({"version": 99}, "newer version (99)"),
    "an unknown panel": (
        {"panels": [{"kind": "curvs"}]}, "“curvs”, which this page does not know. Did you mean “curves”",
    ),
    "no panels at all": ({"panels": None}, "without its description"),
    "an output the model lacks": (
        {"numbers": [{"run": 0, "outputs": ["extracelular"]}]}, 'has no "extracelular" to draw',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_says_so_and_the_page_stays_whole(open_page, bundle, case):
    changes, words = CASES[case]
    page = open_page(None)
    page.set_content(PAGE % (bundle[1], "light"))
    page.add_script_tag(content=for_browser("showing"))
    page.evaluate("showing.show", [bundle[0], broken(**changes), "synapse-lab"])
    page.wait_for_function("() => document.querySelector('[role=alert]')?.textContent.length > 10")
    assert words in page.locator("[role=alert]").inner_text()
    assert page.locator("h1").inner_text() == "A lab"
    page.watch.assert_clean()
