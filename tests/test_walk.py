"""CONTRIBUTING's walk to a new panel, followed to the letter: two new files, and a lab has it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hatch_build
from tests.scripts import for_browser
from tests.showing import PAGE

ROOT = Path(__file__).resolve().parents[1]
STEP = re.compile(r"^`(?P<path>widgets/\S+)` [^`]*?\n\n```\w+\n(?P<text>.*?)^```$", re.M | re.S)
LAB = re.compile(r"a lab has it:\n\n```python\n(?P<text>.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def walk() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.split("## Add a panel", 1)[1].split("\n## ", 1)[0]


@pytest.fixture(scope="module")
def house(walk, tmp_path_factory) -> Path:
    """A copy of the package with the walk's files in it, bundled."""
    folder = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("node_modules", "static", "__pycache__")
    shutil.copytree(ROOT / "widgets", folder / "widgets", ignore=ignore)
    modules = folder / "widgets/frontend/node_modules"
    modules.symlink_to(ROOT / "widgets/frontend/node_modules", target_is_directory=True)
    steps = list(STEP.finditer(walk))
    assert len(steps) == 2
    for step in steps:
        path = folder / step["path"]
        assert not path.exists(), f"the walk says a new file, but {step['path']} is there"
        path.write_text(step["text"], encoding="utf-8")
    node, _ = hatch_build.find_node()
    subprocess.run([node, "build.mjs", "lab", "css"], cwd=folder / "widgets/frontend", check=True, timeout=120)
    return folder


def python(house: Path, code: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=house, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(house)},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_walk_is_short(walk):
    lines = sum(len(step["text"].strip().splitlines()) for step in STEP.finditer(walk))
    assert 20 < lines < 60


def test_the_page_knows_the_panels_type(house):
    node, _ = hatch_build.find_node()
    frontend = house / "widgets/frontend"
    schema = python(house, "import json; from widgets.labs.schema import schema; print(json.dumps(schema()))")
    run = {"cwd": frontend, "text": True, "timeout": 120, "capture_output": True}
    written = subprocess.run([node, "types.mjs"], input=schema, **run)
    assert written.returncode == 0, written.stderr
    checked = subprocess.run([node, "node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"], **run)
    assert checked.returncode == 0, checked.stdout


def turn(page) -> float:
    """By how much the needle is turned, degrees."""
    return float(re.search(r"rotate\(([\d.]+) ", page.locator(".lab-dial path").get_attribute("transform"))[1])


def test_the_dial_turns(house, walk, open_page):
    made = LAB.search(walk)["text"].strip().splitlines()
    assert made[-1].startswith("SynapseLab(")
    made[-1] = f"lab = {made[-1]}"
    told = python(house, "\n".join([
        *made, "import json", "view = lab.view",
        "state = {name: view.get_state()[name] for name in view.keys if name[:1] != '_' and name != 'layout'}",
        "print(json.dumps(state))",
    ]))  # fmt: skip
    script, style = ((house / "widgets/static" / name).read_text(encoding="utf-8") for name in ("lab.js", "lab.css"))
    page = open_page(None)
    page.set_content(PAGE % (style, "light"))
    page.add_script_tag(content=for_browser("showing"))
    page.evaluate("showing.show", [script, json.loads(told), "synapse-lab"])
    dial = page.locator(".lab-dial svg")
    dial.wait_for()
    before, turned = dial.get_attribute("aria-label"), turn(page)
    assert before == "dopamine between the neurons: 100\u202f%" and turned == pytest.approx(45)
    page.evaluate("showing.move", {"reuptake_inhibition": 0.8})
    page.wait_for_function(
        "(was) => document.querySelector('.lab-dial svg').getAttribute('aria-label') !== was", arg=before
    )
    assert turn(page) > turned + 20
    page.watch.assert_clean()
