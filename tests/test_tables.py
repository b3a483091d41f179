"""The constants a chapter prints: all of them, and narrow enough for a phone."""

import pytest

from widgets import load_model
from widgets.tables import constants


@pytest.mark.parametrize("name", ["dopamine", "serotonin"])
def test_every_constant_is_listed_in_narrow_lines(name):
    model = load_model(name)
    text = constants(model)
    assert max(map(len, text.splitlines())) <= 38
    table = model.parameters
    assert all(f"  {row} " in text for row in table.query("not control")["name"])
    assert not any(f"  {row} " in text for row in table.query("control")["name"])
    assert len(table.query("not control")) > 30
