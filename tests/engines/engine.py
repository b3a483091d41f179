"""What an engine can be asked: open an address, run a function of tests/scripts/asking.ts, press, touch, resize."""

from __future__ import annotations

import json
import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

Point = tuple[float, float]

PATIENCE = 30.0
"""Seconds an engine has to answer."""

KEYS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014", "End": "\ue010", "Enter": "\ue007", "Home": "\ue011",
        "Space": " ", "Tab": "\ue004"}  # fmt: skip
"""Names of keys, as the page sees them, to the characters that WebDriver (both) sends for them."""


class EngineMissing(Exception):
    """The machine lacks an engine; the message says what to install."""


class Engine(ABC):
    """A running browser with one window. `with Firefox() as engine`; everything it started ends with it."""

    name: ClassVar[str]
    package: ClassVar[str]
    """What brings it on Debian and Ubuntu."""
    scrolls_by_touch: ClassVar[bool] = False
    """Whether `touch` goes through the engine's own scrolling, as a finger; otherwise the page only hears of it."""

    def __init__(self, dark: bool = False):
        self.dark = dark
        self.ended = ExitStack()

    @abstractmethod
    def start(self) -> None:
        """Start it, under a dark system if `dark`; what it needs is given back through `self.ended`."""

    @abstractmethod
    def open(self, url: str) -> None:
        """Go to an address as a reader who types it, and wait until the page has loaded."""

    @abstractmethod
    def reload(self) -> None:
        """Load the present page again."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the page a window of so many px."""

    @abstractmethod
    def run(self, function: str, arguments: Sequence[Any], frame: bool) -> str:
        """The text that an async function in JavaScript returns, run in the page or in its first frame."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press and release one of KEYS."""

    @abstractmethod
    def click(self, at: Point) -> None:
        """Press and release the mouse there."""

    @abstractmethod
    def touch(self, path: Sequence[Point]) -> None:
        """Put a finger down at the first point, lead it over the others, lift it."""

    def ask(self, question: str, *arguments: Any, frame: bool = False) -> Any:
        """What asking.<question>(...arguments) answers; both are plain data. AssertionError with what it throws."""
        answer = json.loads(self.run(ASK, [question, json.dumps(arguments)], frame))
        assert "failed" not in answer, f"{self.name}, {question}: {answer['failed']}"
        return answer.get("value")

    def __enter__(self) -> Engine:
        try:
            self.start()
        except BaseException:
            self.ended.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.close()


# An engine may say that a page has loaded a moment before its scripts can be asked.
ASK = """async (question, given) => { try {
  for (let wait = 0; wait < 500 && !globalThis.asking; wait++) await new Promise((go) => setTimeout(go, 20));
  return JSON.stringify({ value: await asking[question](...JSON.parse(given)) });
} catch (error) { return JSON.stringify({ failed: `${error}` }) } }"""


def on_path(package: str, *names: str) -> Path:
    """The path of the first of these programs; EngineMissing, with the package that brings it, if there is none."""
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    raise EngineMissing(f"no {' or '.join(names)} found; install it (Debian, Ubuntu: `apt-get install {package}`)")
