"""The TypeScript that Python tests hand to Node or to a browser: each a file that the compiler checks, bundled once.

`ask(script, request)` has Node answer with the page's own code what Python then compares with the kernel;
`for_browser(script)` is a script as one text that a page can be given. What needs neither Python nor a page is tested
by vitest in widgets/frontend/test instead.
"""

from __future__ import annotations

import functools
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import hatch_build
from tests.browser.support import ROOT

HERE = Path(__file__).parent
FRONTEND = ROOT / "widgets/frontend"


def _node(arguments: list[str]) -> str:
    """What Node prints, run where the npm packages are. AssertionError with what it complained of."""
    if not (FRONTEND / "node_modules").exists():
        hatch_build.run_node(ROOT, "--version")
    node, _ = hatch_build.find_node()
    done = subprocess.run(
        [node, *arguments], cwd=FRONTEND, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, f"node {' '.join(arguments)}:\n{done.stderr[-4000:]}"
    return done.stdout


def _known(script: str) -> Path:
    path = HERE / f"{script}.ts"
    assert path.exists(), f"no {path.name} in tests/scripts: {sorted(each.stem for each in HERE.glob('*.ts'))}"
    return path


def ask(script: str, request: Any) -> Any:
    """What the default export of tests/scripts/<script>.ts answers to `request`, run in Node; both are plain data.

    A number that is not finite comes back as None, as JSON has it.
    """
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        question.write_text(json.dumps(request), encoding="utf-8")
        _node([str(HERE / "answer.mjs"), str(_known(script)), str(question), str(answer)])
        return json.loads(answer.read_text(encoding="utf-8"))


@functools.cache
def for_browser(script: str) -> str:
    """tests/scripts/<script>.ts and all it imports as a classic script; `window.<script>` then holds its exports."""
    return _node([str(HERE / "bundle.mjs"), str(_known(script)), script])
