"""The one style in which what an author wrote is refused: place, key, what is wrong, the fix, a file's line."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from widgets.reading import DataError, Form, faults, in_words, keys_at, read_toml, refusal, validated


class Bulb(Form):
    watts: float = Field(gt=0, le=100)
    colour: Literal["red", "green"] = "red"


class Lamp(Form):
    name: Annotated[str, Field(min_length=1)]
    on: bool = False
    bulbs: list[Bulb] = Field(default_factory=list)
    spare: Bulb | None = None
    sockets: dict[str, Bulb] = Field(default_factory=dict)
    count: int = Field(1, ge=1, lt=10)

    @field_validator("name")
    @classmethod
    def _one_word(cls, name: str) -> str:
        if " " in name:
            raise PydanticCustomError("spaces", "spaces")
        return name

    @model_validator(mode="after")
    def _bright(self) -> Lamp:
        if self.on and not self.bulbs:
            raise refusal([(("bulbs",), "it is on and has no bulb; screw one in"), (("on",), "or turn it off")])
        return self


class Lamps(Form):
    lamp: list[Lamp]


WRONG = {
    # what is given beside the name: what is said of it
    "a missing key": ({"bulbs": [{}]}, "bulbs 1: watts is missing; add it"),
    "an unknown key": ({"bulb": []}, "unknown key 'bulb' (did you mean 'bulbs'?); the keys are bulbs, count, name, on"),
    "an unknown key further in": ({"bulbs": [{"watts": 5, "color": 1}]}, "bulbs 1: unknown key 'color' (did you mean 'colour'?); the keys are colour, watts"),  # noqa: E501
    "an unknown key in what may be left out": ({"spare": {"watts": 5, "wats": 1}}, "(did you mean 'watts'?)"),
    "an unknown key in a table of tables": ({"sockets": {"a": {"watts": 5, "wats": 1}}}, "(did you mean 'watts'?)"),
    "a choice that there is not": ({"spare": {"watts": 5, "colour": "gren"}}, "colour is 'gren', which is not allowed (did you mean 'green'?); choose from red, green"),  # noqa: E501
    "a text for a number": ({"spare": {"watts": "5"}}, "watts is '5', which is no number; write one"),
    "a flag for a number": ({"spare": {"watts": True}}, "watts is True, which is no number; write one"),
    "no finite number": ({"spare": {"watts": float("inf")}}, "watts is inf; write a finite number"),
    "too little": ({"spare": {"watts": 0}}, "watts is 0; write a number above 0"),
    "too much": ({"spare": {"watts": 101}}, "watts is 101; write a number of at most 100"),
    "half of a whole": ({"count": 1.5}, "count is 1.5, which is no whole number; write one"),
    "just too many": ({"count": 10}, "count is 10; write a number below 10"),
    "a number for a text": ({"name": 3}, "name is 3, which is no text; write words in quotes"),
    "an empty text": ({"name": ""}, "name is empty; write words"),
    "a text for a flag": ({"on": "yes"}, "on is 'yes'; write true or false, without quotes"),
    "no list": ({"bulbs": 3}, "bulbs is 3, which is no list; write one in square brackets"),
    "no table": ({"sockets": 3}, "sockets is 3, which is no table; write { name = value }"),
    "what a validator found": ({"on": True}, "it is on and has no bulb; screw one in"),
    "what has no phrase": ({"name": "a b"}, "name is 'a b': spaces"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_each_fault_is_said_with_its_place_and_fix(case):
    given, says = WRONG[case]
    with pytest.raises(DataError) as caught:
        validated(Lamp, {"name": "hall", **given}, "lamp 'hall'")
    assert str(caught.value).startswith("lamp 'hall'") and says in str(caught.value)
    assert isinstance(caught.value, ValueError) and caught.value.line == 0


def test_what_is_good_is_its_form_and_stays_as_it_is():
    lamp = validated(Lamp, {"name": "hall", "bulbs": [{"watts": 5}]}, "lamp")
    assert lamp.bulbs[0].colour == "red"
    with pytest.raises(ValidationError):
        lamp.name = "kitchen"


def test_phrases_and_options_are_the_askers():
    phrases = {"spaces": "{key} has a space: {value!r}; write {blocks}_x", "extra_forbidden": "no {key}{meant}"}
    with pytest.raises(DataError, match=r"lamp: name has a space: 'a b'; write name_x"):
        validated(Lamp, {"name": "a b"}, "lamp", phrases=phrases)
    with pytest.raises(DataError, match=r"lamp: no nmae .did you mean 'name'.."):
        validated(Lamp, {"nmae": "a"}, "lamp", phrases=phrases)
    with pytest.raises(DataError, match=r"colour is 'gray', .* .did you mean 'grey'..; choose from grey, black"):
        given = {"name": "a", "spare": {"watts": 1, "colour": "gray"}}
        validated(Lamp, given, "lamp", options={"colour": ["grey", "black"]})


def test_all_faults_are_there_entry_by_entry_unknown_keys_first():
    with pytest.raises(ValidationError) as caught:
        Lamps.model_validate({"lamp": [{"name": "a", "on": True}, {"nme": "b", "count": 0}]})
    found = faults(caught.value, Lamps)
    assert [(fault.where, fault.key) for fault in found] == [
        (("lamp", 0, "bulbs"), "bulbs"),
        (("lamp", 0, "on"), "on"),
        (("lamp", 1, "nme"), "nme"),
        (("lamp", 1, "name"), "name"),
        (("lamp", 1, "count"), "count"),
    ]
    assert found[1].what == "or turn it off"


def test_keys_and_places_in_words():
    assert keys_at(Lamps, ("lamp", 3, "bulbs", 0)) == keys_at(Lamps, ("lamp", 0, "spare")) == ["colour", "watts"]
    assert keys_at(Lamps, ("lamp", 3, "name")) == keys_at(Lamps, ("nothing", 1)) == []
    given = {"lamp": [{"name": "hall"}, {"bulbs": [1, 2]}, {"name": "x" * 60}]}
    labels = {"lamp": "name"}
    assert in_words(("lamp", 0, "on"), given, labels) == "lamp 1 (hall)"
    assert in_words(("lamp", 1, "bulbs", 1, "watts"), given, labels) == "lamp 2 (without a name), bulbs 2"
    assert in_words(("lamp", 2), given, labels) == f"lamp 3 ({'x' * 48}...)"
    assert in_words(("on",), given) == ""


TEXT = '''# a comment
[[lamp]]
name = "hall"   # [[lamp]] in a comment
[[lamp.bulbs]]
watts = 5
[[lamp.bulbs]]
watts = 6

[[lamp]]
name = """
[[lamp]]
count = 3
"""
on = false
[lamp.sockets.left]
watts = 7
[[lamp]] # the third
name = "kitchen"
spare = { watts = 8, colour = "red" }
'''


def test_the_line_of_every_entry_and_key(tmp_path):
    path = tmp_path / "lamps.toml"
    path.write_text(TEXT, encoding="utf-8")
    document = read_toml(path)
    lines = TEXT.splitlines()
    for where, line in [
        (("lamp", 0), 2),
        (("lamp", 0, "name"), 3),
        (("lamp", 0, "bulbs", 1, "watts"), 7),
        (("lamp", 1), 9),
        (("lamp", 1, "on"), 14),
        (("lamp", 1, "count"), 9),  # it stands in a text, not in the lamp
        (("lamp", 1, "sockets", "left", "watts"), 16),
        (("lamp", 2), 17),
        (("lamp", 2, "spare", "colour"), 19),
        (("nowhere",), 1),
    ]:
        assert document.line(where) == line, (where, lines[line - 1])
    with pytest.raises(DataError, match=r"^lamps\.toml, lamp 2 \(\[\[lamp\]\] count = 3\): name is .*\(line 10\)$"):
        document.validated(Lamps, labels={"lamp": "name"})
    path.write_text(TEXT.replace("watts = 6", "watts = -6"), encoding="utf-8")
    with pytest.raises(DataError, match=r"^lamps\.toml, lamp 1 \(hall\), bulbs 2: watts is -6; write a number above 0"):
        read_toml(path).validated(Lamps, labels={"lamp": "name"})


def test_what_is_no_toml_is_refused_with_its_line(tmp_path):
    path = tmp_path / "lamps.toml"
    path.write_text("a = 1\nb = \n", encoding="utf-8")
    with pytest.raises(DataError, match="lamps.toml: not readable as TOML: .*; look it up") as caught:
        read_toml(path, help="look it up")
    assert (caught.value.file, caught.value.line) == ("lamps.toml", 2)
    path.write_bytes(b"a = '\xff'")
    with pytest.raises(DataError, match="not readable as TOML"):
        read_toml(path)
    with pytest.raises(FileNotFoundError):
        read_toml(tmp_path / "none.toml")
