"""Imports run downward only and in no circle, private names stay at home, and nothing grows without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import structure

KINDS = ("room", "import", "circle", "private", "long")


@pytest.fixture(scope="module")
def found() -> list[structure.Offence]:
    return structure.offences()


@pytest.mark.parametrize("kind", KINDS)
def test_no_new_offence(found, kind):
    known = structure.allowed()
    new = sorted({each.detail for each in found if each.key.split()[0] == kind and each.key not in known})
    assert not new, "\n" + "\n".join(new)


def test_what_is_still_allowed_still_offends(found):
    """So that the list of exceptions can only become shorter."""
    mended = structure.allowed() - {each.key for each in found}
    assert not mended, f"mended: take these lines out of {structure.ALLOWED.name}:\n" + "\n".join(sorted(mended))
    unknown = {key for key in structure.allowed() if key.split()[0] not in KINDS}
    assert not unknown, unknown


def test_all_of_the_code_is_looked_at():
    python, typescript = structure.sources(), structure.scripts()
    assert len(python) >= 30 and len(typescript) >= 40
    assert sum(len(source.imports) for source in python) >= 60
    assert sum(len(script.imports) for script in typescript) >= 100
    assert sum(len(list(structure.python_functions(source))) for source in python) >= 300
    assert sum(len(script.functions) for script in typescript) >= 400


# -- that each is found ----------------------------------------------------------------------------------------------

FRONT = 'from importlib import import_module\n_HOME = {"SynapseLab": "widgets.labs.synapse"}\n'


def offend(folder: Path, **files: str) -> list[structure.Offence]:
    """The offences of a package with these modules: `labs__synapse="..."` is widgets/labs/synapse.py."""
    for name, text in {"__init__": FRONT, **files}.items():
        path = folder / "widgets" / (name.replace("__", "/") if name != "__init__" else name)
        path = path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = structure.sources(folder)
    return [
        *structure.python_imports(found), *structure.python_circles(found), *structure.private_reads(found),
        *structure.too_long(found, []),
    ]  # fmt: skip


BELOW = "def _hidden(): ...\nclass Model:\n    def __init__(self):\n        self._rhs = 1\n"
OFFENDING = {
    "upwards": ("from widgets.labs import synapse", "engine may not import widgets.labs.synapse"),
    "upwards, in a function": ("def f():\n    from widgets.labs.synapse import X", "engine may not import"),
    "upwards, through the front door": ("from widgets import SynapseLab", "may not import widgets.labs.synapse"),
    "upwards, relatively": ("from ..labs.synapse import X", "engine may not import widgets.labs.synapse"),
    "upwards, by its name": ("import_module('widgets.labs.synapse')", "engine may not import widgets.labs.synapse"),
    "upwards, for types alone": ("if TYPE_CHECKING:\n    import widgets.labs.synapse", "engine may not import"),
    "a private name": ("from widgets.engine.model import _hidden", "reads _hidden of widgets.engine.model"),
    "a module's private name": ("from widgets.engine import model\nmodel._hidden()", "run.py:2: reads _hidden"),
    "an object's": ("def f(model):\n    return model._rhs", "run.py:2: reads _rhs of widgets.engine.model"),
    "an object's, by getattr": ("def f(model):\n    return getattr(model, '_rhs')", "reads _rhs"),
    "an inherited one": ("class B:\n    def f(self):\n        return self._rhs", "reads _rhs"),
    "an object's, of a name that is here too": ("class B:\n    _rhs = 2\ndef f(m):\n    return m._rhs", "reads _rhs"),
    "a circle": ("from widgets.engine import other", "widgets.engine.other and widgets.engine.run import each other"),
    "a long file": ("\n" * 451, "engine/run.py:1: 451 lines"),
    "a long function": ("class A:\n    def f(self):\n" + "        pass\n" * 60, "run.py:2: A.f has 61 lines"),
}


@pytest.mark.parametrize("case", OFFENDING)
def test_an_offence_is_found_with_file_and_line(tmp_path, case):
    text, told = OFFENDING[case]
    other = "import widgets.engine.run" if case == "a circle" else ""
    found = offend(tmp_path, engine__run=text, engine__model=BELOW, engine__other=other, labs__synapse="X = 1")
    assert len(found) == 1 and told in found[0].detail, [each.detail for each in found]


def test_rooms_of_one_height_know_nothing_of_each_other_and_none_is_unknown(tmp_path):
    found = offend(tmp_path, labs__lab="from widgets.questions import widget", questions__widget="", attic__old="")
    assert [each.key for each in found] == ["room attic", "import widgets/labs/lab.py -> widgets.questions"] or [
        each.key for each in found
    ] == ["room attic", "import widgets/labs/lab.py -> widgets.questions.widget"]


def test_what_is_right_passes(tmp_path):
    text = """
from widgets import checks
from widgets.engine.model import Model, load
class Lab:
    def __init__(self):
        self._own, self.__dict__ = 1, {}
    def __eq__(self, other):
        return self._own == other._own and load(self).__class__ is Model
"""
    assert offend(tmp_path, labs__lab=text, engine__model=BELOW, checks="") == []


def test_typescript_offences_are_found(tmp_path):
    files = {
        "model/solver": 'import { say } from "../view/words";\nexport const a = 1;',
        "view/words": 'import type { Lab } from "./lab";\nexport const say = () => 1;',
        "view/lab": 'export type Lab = import("./words").X;\nexport { a } from "../model/solver";',
        "runtime/index": 'import lab from "../view/lab";\nconst late = () => import("../model/solver");',
        "view/long": "export class A {\n  f(): void {\n" + "    0;\n" * 60 + "  }\n}\n",
        "attic/old": "",
    }
    for name, text in files.items():
        path = tmp_path / f"{name}.ts"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = structure.scripts(tmp_path)
    where = "widgets/frontend/src"
    assert sorted(each.detail for each in structure.typescript_imports(found)) == [
        f"{where}/attic/old.ts:1: tests/structure.py does not know the room 'attic'",
        f"{where}/model/solver.ts:1: model may not import view/words",
        f"{where}/runtime/index.ts:1: runtime may not import view/lab",
        f"{where}/runtime/index.ts:2: runtime may not import model/solver",
    ]
    assert [each.key for each in structure.typescript_circles(found)] == [
        "circle model/solver and view/lab and view/words"
    ]
    assert [each.detail for each in structure.too_long([], found)] == [
        f"{where}/view/long.ts:2: A.f has 62 lines; 60 are allowed"
    ]
