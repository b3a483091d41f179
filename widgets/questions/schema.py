"""The form of a questions file: TOML, one block per question and one per choice.

    read_questions("widgets/questions/sets/ssri.toml")      # [{"text": ..., "multiple": ..., "choices": [...]}, ...]

A file that breaks the form (it stands in the docstring of widgets.questions.widget) is refused by file, question and
line.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from widgets.reading import Form, read_toml, refusal

_PHRASES = {
    "missing": '{key} is missing or empty; write {key} = "..."',
    "string_type": '{key} is missing or empty; write {key} = "..."',
    "empty": '{key} is missing or empty; write {key} = "..."',
    "lone_asterisk": "{key} has a lone asterisk; emphasis is *opened and closed*",
    "list_type": "{key} is not a list of blocks; head each with [[{blocks}]]",
    "model_type": "{key} is not a list of blocks; head each with [[{blocks}]]",
}


def _sentence(text: str) -> str:
    """A text on one line."""
    if not text.strip():
        raise PydanticCustomError("empty", "empty")
    if text.count("*") % 2:
        raise PydanticCustomError("lone_asterisk", "a lone asterisk")
    return " ".join(text.split())


Sentence = Annotated[str, AfterValidator(_sentence)]


class Choice(Form):
    """One answer, and what there is to say of it."""

    text: Sentence
    correct: bool = False
    feedback: Sentence


class Question(Form):
    """A question and its choices; with `multiple`, one or more of them are correct."""

    text: Sentence
    multiple: bool = False
    choice: list[Choice] = Field(default_factory=list)

    @model_validator(mode="after")
    def _answerable(self) -> Question:
        wrong = self._wrong()
        if wrong:
            raise refusal([((), wrong)])
        return self

    def _wrong(self) -> str:
        if len(self.choice) < 2:
            return f"{len(self.choice)} choice(s); a question needs at least two [[question.choice]]"
        if len({choice.text for choice in self.choice}) < len(self.choice):
            return "two choices have the same text; each choice must differ"
        correct = sum(choice.correct for choice in self.choice)
        if not correct:
            return "no correct answer; set correct = true on one choice"
        if correct > 1 and not self.multiple:
            return f"{correct} correct answers; set multiple = true on the question, or keep one"
        return ""


class QuestionsFile(Form):
    """A whole file."""

    question: list[Question] = Field(default_factory=list)

    @model_validator(mode="after")
    def _some(self) -> QuestionsFile:
        if not self.question:
            raise refusal([((), "no questions; begin one with [[question]]")])
        return self


def _shuffled(question: str) -> Callable[[Choice], bytes]:
    """By what to sort a question's choices, so that no place tells which is right."""
    return lambda choice: sha256(f"{question}\n{choice.text}".encode()).digest()


def read_questions(path: str | Path) -> list[dict[str, Any]]:
    """Read and validate one questions file.

    Returns a list of {"text", "multiple", "choices": [{"text", "correct", "feedback"}, ...]}: the questions in the
    file's order, the choices shuffled by their own words, so that page, print and every machine show the same order.
    Raises FileNotFoundError if there is no such file and DataError (a ValueError), naming file, question, line and
    fix, if it breaks the form.
    """
    document = read_toml(path, help="see the docstring of widgets.questions.widget")
    found = document.validated(QuestionsFile, labels={"question": "text"}, phrases=_PHRASES)
    return [
        {
            "text": question.text,
            "multiple": question.multiple,
            "choices": [choice.model_dump() for choice in sorted(question.choice, key=_shuffled(question.text))],
        }
        for question in found.question
    ]
