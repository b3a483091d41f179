"""The tables of text that a chapter prints: complete, and narrow enough for a phone."""

import re

import pytest

from widgets import load_model
from widgets.engine.model import STATUSES, available
from widgets.figures.tables import WIDTH, constants, kinds_of_constants, lines_of


@pytest.mark.parametrize("name", ["dopamine", "serotonin"])
def test_every_constant_is_listed_in_narrow_lines(name):
    model = load_model(name)
    text = constants(model)
    assert max(map(len, text.splitlines())) <= 38
    table = model.parameters
    assert all(f"  {row} " in text for row in table.query("not control")["name"])
    assert not any(f"  {row} " in text for row in table.query("control")["name"])
    assert len(table.query("not control")) > 30


def test_lines_of_a_text_stand_above_what_they_mean():
    assert lines_of(load_model("serotonin"), "release", "k_leak").split("\n\n")[0] == (
        "release: vesicular -> extracellular;\n"
        "    k_release\n    *release_brake\n    *firing_rate\n    *vesicular\n"
        "// release by firing"
    )


@pytest.mark.parametrize("name", available())
def test_lines_of_a_text_say_what_the_text_says(name):
    model = load_model(name)
    written = {re.sub(r"\s", "", line) for line in model.to_antimony().splitlines()}
    names = [*model.species, *model.assignments, *model.reactions, *model.parameters["name"]]
    for each in names:
        shown = lines_of(model, each)
        assert re.sub(r"\s", "", shown) in written, each
        law, note = shown.split("\n// ", 1) if "\n// " in shown else (shown, "")
        assert note and max(map(len, note.splitlines())) <= WIDTH
        # Every line of a law but the first, and of a note but the first, is set in; brackets are whole.
        assert all(line.startswith("    ") for part in (law, note) for line in part.splitlines()[1:])
        if each in model.reactions:
            assert all(line.count("(") == line.count(")") for line in law.splitlines())
    assert lines_of(model, *names[:2]) == "\n\n".join(lines_of(model, each) for each in names[:2])


def test_a_name_the_text_does_not_set_is_refused():
    with pytest.raises(ValueError, match="Model 'serotonin' has no line that sets 'reuptak'"):
        lines_of(load_model("serotonin"), "release", "reuptak")


def test_kinds_of_constants_are_counted_for_every_model():
    head, *rows = kinds_of_constants().splitlines()
    assert head.split() == ["pub.", "cal.", "ass."]
    assert [row[:20].strip().replace(" ", "_") for row in rows] == available()
    assert {len(row) for row in (head, *rows)} == {WIDTH}
    for name, row in zip(available(), rows, strict=True):
        given = load_model(name).parameters.query("not control")["status"]
        assert list(map(int, row[20:].split())) == [int((given == status).sum()) for status in STATUSES]
        assert sum(map(int, row[20:].split())) == len(given)
