"""ELK, the layout library in JavaScript, asked for the places of nodes and the courses of lines.

elkjs is one of the front end's development packages: it is there where the book is built, and a reader's kernel neither
has nor needs it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
RUN_NODE = PACKAGE.parent / "hatch_build.py"
SCRIPT = "diagram.mjs"


def placed(graphs: list[dict]) -> list[dict]:
    """Positions for some graphs, from one run of Node.

    Parameters
    ----------
    graphs : list of dict
        Each has "nodes", a list of {"id", "kind", "width", "height"} with sizes in px, and "ways", one or more lists of
        {"source", "target", "kind"}: the same lines turned in different ways, source above target.

    Returns
    -------
    list of dict
        For each graph {"width", "height", "nodes": {id: {"x", "y", "width"}}, "lines": [[[x, y], ...], ...]} in px
        from its top left corner, of the way that gives the best picture; lines run from the upper end to the lower one.

    Raises
    ------
    RuntimeError
        Where the repository's build tools are not there, or Node fails, with what to do about it.
    """
    if not RUN_NODE.is_file() or not (PACKAGE / "frontend" / SCRIPT).is_file():
        raise RuntimeError(
            "A model's diagram is laid out by elkjs when the book is built, which needs the repository and its build "
            f"tools; {RUN_NODE} is not there. Clone the repository and run `make setup`."
        )
    run = subprocess.run(
        [sys.executable, str(RUN_NODE), SCRIPT],
        input=json.dumps(graphs),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if run.returncode:
        said = (run.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise RuntimeError(f"elkjs could not lay out a model's diagram (run `make setup`, then try again): {said}")
    # Whatever npm had to say about packages that it fetched stands in the lines before.
    return json.loads(run.stdout.splitlines()[-1])
