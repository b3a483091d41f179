"""The book's models are read without Antimony; a text that was changed is read anew, by Antimony and no other."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import hatch_build
from tests.browser.support import ROOT
from widgets import load_model
from widgets.engine import answers, composition
from widgets.engine.model import MODELS, available

WITHOUT = """
import json, sys
sys.modules["antimony"] = sys.modules["roadrunner"] = sys.modules["tellurium"] = None
from widgets import load_model
from widgets.engine.model import available
told = {}
for name in available():
    model = load_model(name)
    told[name] = [model.to_javascript(), str(model.equations()), model.to_sbml(), model.parameters.to_json(),
                  model.rest.to_json(), repr(model.events)]
print(json.dumps(told))
"""
EDITED = """
import sys
sys.modules["antimony"] = None
from widgets import load_model
load_model("serotonin")
try:
    load_model(sys.argv[1])
except ImportError as error:
    print(error)
"""


def python(code: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def whole(name: str) -> str:
    return composition.whole((MODELS / f"{name}.ant").read_text(encoding="utf-8"), MODELS)[0]


@pytest.mark.parametrize("name", available())
def test_what_is_stored_is_what_antimony_says(name):
    kept = answers.stored()[answers.key(whole(name))]
    assert kept == answers.ask(whole(name), strict=True)


def test_every_model_is_the_same_without_antimony():
    told = json.loads(python(WITHOUT))
    assert list(told) == available() and len(told) >= 9
    for name, (script, equations, sbml, table, rest, events) in told.items():
        model = load_model(name)
        assert model.to_javascript() == script and str(model.equations()) == equations
        assert model.to_sbml() == sbml and model.parameters.to_json() == table
        assert model.rest.to_json() == rest and repr(model.events) == events


def test_a_changed_text_is_read_anew(tmp_path):
    text = (MODELS / "serotonin.ant").read_text(encoding="utf-8")
    mine = tmp_path / "serotonin.ant"
    mine.write_text(text.replace("k_diffusion = 1.5 per_hour", "k_diffusion = 3 per_hour"), encoding="utf-8")
    assert mine.read_text(encoding="utf-8") != text
    assert load_model(mine).constants["k_diffusion"].value == 3
    said = python(EDITED, str(mine))
    assert "`pip install antimony`" in said and "new or was changed" in said


@pytest.mark.parametrize(
    "spoil", [lambda text: text[: len(text) // 2], lambda text: "[]", lambda text: '{"answers": {"a": {}}}']
)
def test_a_store_that_cannot_be_used_is_no_store_and_is_made_again(tmp_path, spoil):
    path = tmp_path / "answers.json"
    answers.write(path)
    good = path.read_text(encoding="utf-8")
    path.write_text(spoil(good), encoding="utf-8")
    assert answers.stored(path) == {}
    answers.write(path)
    assert path.read_text(encoding="utf-8") == good
    answers.stored.cache_clear()
    assert len(answers.stored(path)) == len(available())


def test_a_store_of_other_texts_is_made_again_and_one_of_the_same_is_left(tmp_path):
    models, path = tmp_path / "models", tmp_path / "answers.json"
    models.mkdir()
    (models / "one.ant").write_text(whole("gaba"), encoding="utf-8")
    answers.write(path, models)
    first = path.stat().st_mtime_ns
    answers.write(path, models)
    assert path.stat().st_mtime_ns == first
    (models / "two.ant").write_text(whole("serotonin"), encoding="utf-8")
    answers.write(path, models)
    assert set(answers.stored(path)) == {answers.key(whole("gaba")), answers.key(whole("serotonin"))}


def test_the_build_stores_them(monkeypatch):
    asked = []
    monkeypatch.setattr(answers, "write", lambda: asked.append("stored"))
    monkeypatch.setattr(hatch_build, "bundle", lambda root: asked.append("bundled"))
    hook = object.__new__(hatch_build.FrontendHook)
    monkeypatch.setattr(hatch_build.FrontendHook, "target_name", "wheel")
    monkeypatch.setattr(hatch_build.FrontendHook, "root", str(ROOT))
    hook.initialize("editable", {})
    assert asked == ["bundled", "stored"]
