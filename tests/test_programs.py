"""The models' programs lie in files of their own, which a page names; one that does not come is told in its lab."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

import hatch_build
from tests.browser.harness import LAB_PAGES
from widgets import load_model
from widgets.book.programs import as_script, key_of, lay_programs, put_back, without_programs
from widgets.engine.model import available

PROGRAM = Path(__file__).parent / "scripts" / "program.mjs"


@pytest.mark.parametrize("name", available())
def test_a_plain_script_offers_what_the_module_does(tmp_path, name):
    text = load_model(name).to_javascript()
    path = tmp_path / "program.cjs"
    path.write_text(as_script(text), encoding="utf-8")
    node, _ = hatch_build.find_node()
    told = subprocess.run([node, str(PROGRAM), str(path)], capture_output=True, text=True, check=True, encoding="utf-8")
    key, names, finite = json.loads(told.stdout)
    assert key == key_of(text) and re.fullmatch(rf"{load_model(name).name}-[0-9a-f]{{12}}", key)
    assert names == re.findall(r"^export (?:const|function) (\w+)", text, re.MULTILINE) and len(names) >= 13
    assert finite


TEXT = 'export const name = "one";\nexport function rhs() {}\n'


def state_of(*texts: str) -> dict:
    models = [{"name": "m", "javascript": text} for text in texts]
    return {"version_major": 2, "state": {"lab": {"state": {"spec": {"models": models}}}, "layout": {"state": {}}}}


def test_a_state_names_its_programs_and_nothing_else_changes():
    given = state_of(TEXT, "program:two-0123")
    before = json.dumps(given)
    named, programs = without_programs(given)
    key = key_of(TEXT)
    assert json.dumps(given) == before and programs == {key: TEXT}
    texts = [model["javascript"] for model in named["state"]["lab"]["state"]["spec"]["models"]]
    assert texts == [f"program:{key}", "program:two-0123"]
    assert named["state"]["layout"] == given["state"]["layout"] and named["version_major"] == 2


def test_a_model_that_several_labs_run_is_written_once():
    given = state_of(TEXT)
    given["state"]["other"] = given["state"]["lab"]
    named, programs = without_programs(given)
    assert len(programs) == 1
    texts = [named["state"][lab]["state"]["spec"]["models"][0]["javascript"] for lab in ("lab", "other")]
    assert texts == [f"program:{key_of(TEXT)}"] * 2


def test_programs_are_laid_again_where_they_are_gone_or_cut_and_old_ones_go(tmp_path):
    body = {"body": json.dumps(state_of(TEXT))}
    app = SimpleNamespace(
        outdir=str(tmp_path), builder=SimpleNamespace(format="html"),
        env=SimpleNamespace(nb_metadata={"a": {"js_files": {"ipywidgets_state": (None, body)}}, "b": {}}),
    )  # fmt: skip
    folder = tmp_path / "_static" / "programs"
    path = folder / f"{key_of(TEXT)}.js"
    lay_programs(app, None)
    whole = path.read_text()
    path.write_text(whole[:20])
    (folder / "old-000000000000.js").write_text("")
    lay_programs(app, None)
    assert [each.name for each in folder.iterdir()] == [path.name] and path.read_text() == whole
    path.unlink()
    lay_programs(app, ValueError("the build failed"))
    assert not path.exists()


@pytest.mark.parametrize("name", available())
def test_a_built_pages_state_gets_its_programs_back(tmp_path, name):
    text = load_model(name).to_javascript()
    key = key_of(text)
    path = tmp_path / "_static" / "programs" / f"{key}.js"
    path.parent.mkdir(parents=True)
    path.write_text(as_script(text), encoding="utf-8")
    given = state_of(f"program:{key}")
    [model] = put_back(given, tmp_path)["state"]["lab"]["state"]["spec"]["models"]
    assert model["javascript"] == text
    for spoilt in (as_script(text)[:-40], as_script(text).replace("0", "1"), ""):
        path.write_text(spoilt, encoding="utf-8")
        with pytest.raises(ValueError, match="not as it was built; build the book again"):
            put_back(given, tmp_path)


# -- in the built book ------------------------------------------------------------------------------------------------


def test_every_page_names_programs_that_lie_there_and_carries_none(book):
    seen = 0
    for name in LAB_PAGES:
        page = book.html / f"{name}.html"
        html = page.read_text(encoding="utf-8")
        assert "export const rhs" not in html and "export function rhs" not in html
        named = set(re.findall(r'"javascript":"program:([\w-]+)"', html))
        loaded = [
            Path(page.parent, source)
            for source in re.findall(r'<script defer="defer" src="([^"?]*/programs/[^"?]+)', html)
        ]
        assert named == {path.stem for path in loaded} and named, name
        assert all(path.is_file() for path in loaded)
        assert html.index("/programs/") < html.index("/runtime.js")
        seen += len(named)
    assert seen >= len(LAB_PAGES) >= 13


def test_a_program_that_does_not_come_is_told_in_its_lab(open_page, book):
    name = next(page for page in LAB_PAGES if page.endswith("gaba"))
    page = open_page(None)
    page.route("**/_static/programs/gaba-*.js*", lambda route: route.abort())
    page.goto(book.address(name))
    place = page.locator(".widget-place[data-trouble]").first
    told = place.locator(".widget-trouble").inner_text()
    assert place.locator(".widget-still svg").count()
    assert re.search(r"did not load: _static/programs/gaba-[0-9a-f]{12}\.js", told)
