"""How the tests are shared out: what `make quick` leaves to `make test`, and equal parts for several machines.

tests/durations.json holds what a test took, in seconds on two cores, as the mean over the cases of each function:

    pytest -o junit_family=xunit1 --junitxml=report.xml
    python -m tests.parts report.xml ...        add the times of these reports
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

DURATIONS = Path(__file__).with_name("durations.json")
SLOW = 2.5
"""Seconds all cases of a function may take together and still run in `make quick`."""
UNKNOWN = 1.0
"""Seconds a case is taken to need that was never timed."""


def function_of(nodeid: str) -> str:
    """tests/test_x.py::test_y[case] -> tests/test_x.py::test_y"""
    return nodeid.split("[")[0]


def durations() -> dict[str, float]:
    """Mean seconds of a case, by function."""
    return {str(name): float(value) for name, value in json.loads(DURATIONS.read_text(encoding="utf-8")).items()}


def slow(nodeids: Sequence[str]) -> set[str]:
    """Those of these tests that `make quick` does not wait for."""
    known, total = durations(), defaultdict[str, float](float)
    for nodeid in nodeids:
        total[function_of(nodeid)] += known.get(function_of(nodeid), 0.0)
    return {nodeid for nodeid in nodeids if total[function_of(nodeid)] > SLOW}


def split(nodeids: Sequence[str], parts: int) -> list[list[str]]:
    """The tests in so many parts that take about equally long, the same ones whoever asks."""
    known = durations()
    shares: list[list[str]] = [[] for _ in range(parts)]
    taken = [0.0] * parts
    weighed = sorted((-known.get(function_of(nodeid), UNKNOWN), nodeid) for nodeid in nodeids)
    for weight, nodeid in weighed:
        least = taken.index(min(taken))
        shares[least].append(nodeid)
        taken[least] -= weight
    return shares


def chosen(part: str) -> tuple[int, int]:
    """ "2/3" as (2, 3); ValueError, saying what is allowed, for anything else."""
    found = re.fullmatch(r"([1-9]\d?)/([1-9]\d?)", part)
    if not found or int(found[1]) > int(found[2]):
        raise ValueError(f"A part is written 1/2 or 2/2, the first or the second of two; got {part!r}.")
    return int(found[1]), int(found[2])


def read(report: Path) -> dict[str, list[float]]:
    """Seconds of each case that ran, by function, from a report of pytest's."""
    found = defaultdict[str, list[float]](list)
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("skipped") is None and case.get("file"):
            # A test in a class has the class after its module.
            inner = (case.get("classname") or "").removeprefix(
                str(case.get("file")).removesuffix(".py").replace("/", ".")
            )
            name = "::".join(filter(None, [case.get("file"), inner.lstrip("."), case.get("name")]))
            found[function_of(name)].append(float(case.get("time") or 0))
    return found


def main(reports: Sequence[str]) -> None:
    known = durations() if DURATIONS.exists() else {}
    for report in reports:
        for name, times in read(Path(report)).items():
            known[name] = round(sum(times) / len(times), 2)
    # What is quick is not worth a line.
    kept = {name: known[name] for name in sorted(known) if known[name] >= 0.05}
    DURATIONS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"{len(kept)} functions in {DURATIONS.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
