"""Check yourself: a chapter's questions, with feedback for each answer, alive with and without a kernel.

    from widgets import CheckYourself
    CheckYourself("ssri")                        # shows widgets/questions/sets/ssri.toml

A questions file is TOML, one block per question and one per choice:

    [[question]]
    text = "Which pump does an SSRI block?"      # *emphasis* is the only markup

    [[question.choice]]
    text = "The serotonin transporter"
    correct = true                               # on exactly one choice; `correct = false` may be left out
    feedback = "Why it is right."                # required for every choice: feedback explains, it does not mark

    [[question.choice]]
    text = "Monoamine oxidase"
    feedback = "What is true of this one instead."

With `multiple = true` on the question, one or more choices are correct, and the reader ticks boxes until the set is
right.

Why our own widget: jupyterquiz, the usual package, takes a click on a choice as the answer, so that a reader who goes
through the radio buttons with arrow keys is marked on each; its groups have no legend and its feedback no live region,
so a screen reader hears neither question nor verdict; its numeric question has no label (axe, serious); and on a page
without MathJax it fetches one from another host. The book allows none of these.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parents[1] / "static"
QUESTIONS_DIRECTORY = Path(__file__).parent / "sets"

_QUESTION_KEYS = {"text", "multiple", "choice"}
_CHOICE_KEYS = {"text", "correct", "feedback"}


def _refuse(where: str, problem: str, fix: str) -> ValueError:
    return ValueError(f"{where}: {problem}; {fix}")


def _check_keys(where: str, block: dict, known: set[str]) -> None:
    for key in block:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise _refuse(where, f"unknown key {key!r}", f"{meant}the keys are {', '.join(sorted(known))}")


def _text_of(where: str, block: dict, key: str) -> str:
    """The block's text under `key`, on one line; ValueError if it is absent, empty or unbalanced in its asterisks."""
    value = block.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _refuse(where, f"{key} is missing or empty", f'write {key} = "..."')
    if value.count("*") % 2:
        raise _refuse(where, f"{key} has a lone asterisk", "emphasis is *opened and closed*")
    return " ".join(value.split())


def _flag(where: str, block: dict, key: str) -> bool:
    value = block.get(key, False)
    if not isinstance(value, bool):
        raise _refuse(where, f"{key} is {value!r}", "write true or false, without quotes")
    return value


def _blocks(where: str, holder: dict, key: str, header: str) -> list[dict]:
    blocks = holder.get(key, [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise _refuse(where, f"{key} is not a list of blocks", f"head each with [[{header}]]")
    return blocks


def _read_choice(where: str, block: dict) -> dict:
    _check_keys(where, block, _CHOICE_KEYS)
    return {
        "text": _text_of(where, block, "text"),
        "correct": _flag(where, block, "correct"),
        "feedback": _text_of(where, block, "feedback"),
    }


def _read_question(where: str, block: dict) -> dict:
    _check_keys(where, block, _QUESTION_KEYS)
    text = _text_of(where, block, "text")
    where = f"{where} ({text[:48]}{'...' if len(text) > 48 else ''})"
    multiple = _flag(where, block, "multiple")
    choices = [
        _read_choice(f"{where}, choice {number}", choice)
        for number, choice in enumerate(_blocks(where, block, "choice", "question.choice"), 1)
    ]
    if len(choices) < 2:
        raise _refuse(where, f"{len(choices)} choice(s)", "a question needs at least two [[question.choice]]")
    texts = [choice["text"] for choice in choices]
    if len(set(texts)) < len(texts):
        raise _refuse(where, "two choices have the same text", "each choice must differ")
    correct = sum(choice["correct"] for choice in choices)
    if not correct:
        raise _refuse(where, "no correct answer", "set correct = true on one choice")
    if correct > 1 and not multiple:
        raise _refuse(where, f"{correct} correct answers", "set multiple = true on the question, or keep one")
    return {"text": text, "multiple": multiple, "choices": choices}


def read_questions(path: str | Path) -> list[dict]:
    """Read and validate one questions file (format: this module's docstring).

    Returns a list of {"text", "multiple", "choices": [{"text", "correct", "feedback"}, ...]}, in the file's order.
    Raises FileNotFoundError if there is no such file and ValueError, naming file, question and fix, if it breaks the
    format.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refuse(path.name, f"not readable as TOML: {error}", "see the docstring of widgets.questions") from error
    _check_keys(path.name, content, {"question"})
    questions = [
        _read_question(f"{path.name}, question {number}", block)
        for number, block in enumerate(_blocks(path.name, content, "question", "question"), 1)
    ]
    if not questions:
        raise _refuse(path.name, "no questions", "begin one with [[question]]")
    return questions


def available_questions() -> list[str]:
    """Names of the chapters that have questions, sorted."""
    return sorted(path.stem for path in QUESTIONS_DIRECTORY.glob("*.toml"))


def _bundle(name: str) -> str:
    """The built browser code; FileNotFoundError with the remedy if the package was not built."""
    path = _STATIC / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `python hatch_build.py`, or install with `pip install .`")
    return path.read_text(encoding="utf-8")


class CheckYourself(anywidget.AnyWidget):
    """The questions of one chapter, as a widget that needs no kernel once it is shown.

    Parameters
    ----------
    name : str
        A file name in widgets/questions/sets, without `.toml` (usually the chapter's own name).

    Raises ValueError for an unknown name (naming the nearest) or a file that breaks the format.
    """

    _esm = _bundle("questions.js")
    _css = _bundle("questions.css")

    name = traitlets.Unicode(read_only=True).tag(sync=True)
    questions = traitlets.List(traitlets.Dict(), read_only=True).tag(sync=True)

    def __init__(self, name: str, **kwargs):
        names = available_questions()
        if name not in names:
            near = get_close_matches(str(name), names, n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise ValueError(f"no questions named {name!r}: {meant}there are {', '.join(names) or 'none yet'}")
        super().__init__(**kwargs)
        self.set_trait("questions", read_questions(QUESTIONS_DIRECTORY / f"{name}.toml"))
        self.set_trait("name", name)

    def __repr__(self) -> str:
        # nbval compares it, so it names neither a model id nor an address in memory.
        return f"CheckYourself({self.name!r}: {len(self.questions)} questions)"
