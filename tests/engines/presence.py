"""What happens where an engine is missing: in CI a failure; elsewhere a skip that the last lines of the run count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NoReturn

import pytest

from tests.engines.engine import EngineMissing

SIGN = "was not asked:"


def without(name: str, error: EngineMissing, environment: Mapping[str, str]) -> NoReturn:
    """Fail or skip the test that wanted the engine `name`: by `CI`, which continuous integration sets."""
    words = f"{name} {SIGN} {error}"
    if environment.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(f"{words}. In CI no engine may be missing.", pytrace=False)
    pytest.skip(words)


def not_asked(skipped: list[Any]) -> list[str]:
    """What was skipped for want of an engine, a line for each engine, from pytest's reports of skipped tests."""
    reasons = Counter(str(report.longrepr[2]) for report in skipped if SIGN in str(report.longrepr))
    return [f"{count} tests: {reason.removeprefix('Skipped: ')}" for reason, count in sorted(reasons.items())]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Registered by tests/conftest.py."""
    lines = not_asked(terminalreporter.stats.get("skipped", []))
    if lines:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True)
        for line in lines:
            terminalreporter.write_line(line, red=True)
