"""What a chapter says that a model gives is what its cells print: no sentence goes on quoting a model that changed."""

from __future__ import annotations

import nbformat
import pytest

from tests.browser.support import ROOT
from tests.said import unprinted
from widgets.questions.schema import read_questions
from widgets.questions.widget import QUESTIONS_DIRECTORY

CHAPTERS = sorted(path for path in (ROOT / "chapters").rglob("*.ipynb") if not path.parent.name.startswith("."))

# Numbers that no cell prints and that cannot drift with a model: what they are instead.
OTHERWISE = {
    ("gaba", "71"): "a constant of the model, the resting voltage",
    ("gaba", "163"): "what was measured and put in",
    ("gaba", "35"): "the temperature of an experiment",
    ("atypical", "52"): "an affinity, in micromolar",
}


def _questions(name: str) -> list[str]:
    file = QUESTIONS_DIRECTORY / f"{name}.toml"
    if not file.exists():
        return []
    return [
        text
        for question in read_questions(file)
        for text in (question["text"], *(each[part] for each in question["choices"] for part in ("text", "feedback")))
    ]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_number_of_a_model_is_printed_by_the_chapter(path):
    found = unprinted(path, *_questions(path.stem))
    wrong = {
        said.sentence: numbers
        for said in found
        if (numbers := [number for number in said.numbers if (path.stem, number) not in OTHERWISE])
    }
    assert not wrong, "\n".join(f"{', '.join(numbers)}: {sentence}" for sentence, numbers in wrong.items())


def test_no_exception_is_idle():
    used = {(path.stem, number) for path in CHAPTERS for said in unprinted(path) for number in said.numbers}
    assert set(OTHERWISE) <= used, f"no longer needed: {sorted(set(OTHERWISE) - used)}"


@pytest.fixture
def chapter(tmp_path):
    """chapter(sentence, printed) -> a chapter of one sentence and one cell that prints something."""

    def chapter_(sentence: str, printed: str = "level 1.44, store 72 %\n"):
        cell = nbformat.v4.new_code_cell("print(level)", outputs=[nbformat.v4.new_output("stream", text=printed)])
        path = tmp_path / "chapter.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(sentence), cell]), path)
        return path

    return chapter_


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("In the model it settles at 1.44 times its baseline.", ()),
        ("In the model it settles at 1.4 times its baseline.", ()),
        ("In the model it settles 44 per cent above rest, its store at 72.", ()),
        ("In the model it settles at 1.46 times its baseline.", ("1.46",)),
        ("In the model it rises. Then it settles at 1.5 times\nits baseline, and the store at 73.", ("1.5", "73")),
        ("In rats the model's level was 1.75.", ()),
        ("In the model it is 1.9 {cite}`best2009homeostatic`.", ()),
        ("The {term}`5-HT1A receptor` of the model holds 80.", ("80",)),
        ("There were 19 of them.", ()),
    ],
)
def test_a_number_that_is_not_printed_is_found(chapter, sentence, numbers):
    found = unprinted(chapter(sentence))
    assert tuple(number for said in found for number in said.numbers) == numbers
    assert unprinted(chapter("Nothing."), sentence) == found, "what else is said of the lab is read alike"
