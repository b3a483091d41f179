"""The report on how chapters read: what it counts, and that it counts every chapter."""

from __future__ import annotations

import nbformat
import pytest

from tests.browser.support import ROOT
from widgets.book.prose import main, read, report

MAIN = (
    "One two three {cite}`best2009homeostatic`. In 1995 a group of 12 saw it in the "
    "{term}`serotonin transporter`, SERT."
)
FOLDED = (
    "```{dropdown} For the sceptical\n| study | n |\n|---|---|\n| a {cite}`best2020autoreceptor` | 99 |\n\n"
    "No more.\n```"
)


@pytest.fixture
def chapter(tmp_path):
    def chapter_(*texts: str):
        path = tmp_path / "chapter.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text) for text in texts]), path)
        return path

    return chapter_


def test_the_layers_are_counted_apart(chapter):
    found = read(chapter(f"# A title of five words\n\n{MAIN}\n\n{FOLDED}\n\nA last line."))
    assert found.main == 3 + 13 + 3 and found.folded == 6
    assert found.citations == pytest.approx(100 / found.main)
    assert found.numbers == pytest.approx(200 / found.main), "1995 and 12; what is folded does not count"
    assert found.longest == 16
    assert read(chapter("Word " * 130)).longest == 130


def test_abbreviations_without_a_word_are_named(chapter):
    assert read(chapter(MAIN)).abbreviations == ()
    assert read(chapter("NET and norepinephrine's pump (DAT), and DAT again.")).abbreviations == ("NET",)


def test_right_answers_that_are_the_longest_are_counted(chapter, tmp_path):
    question = '[[question]]\ntext = "Why?"\n'
    choice = '[[question.choice]]\ntext = "{}"\nfeedback = "So."\n{}'
    file = tmp_path / "questions.toml"
    file.write_text(
        question + choice.format("A long right answer", "correct = true\n") + choice.format("No", "")
        + question + choice.format("Yes", "correct = true\n") + choice.format("A long wrong one", "")
        + question + "multiple = true\n"
        + choice.format("Yes", "correct = true\n") + choice.format("Yes, too", "correct = true\n"),
        encoding="utf-8",
    )  # fmt: skip
    found = read(chapter(MAIN), file)
    assert (found.questions, found.longest_right) == (2, 1)


def test_every_chapter_has_its_line_and_what_misses_an_aim_its_star(capsys, chapter):
    assert main([]) == 0
    printed = capsys.readouterr().out
    names = [path.stem for path in (ROOT / "chapters").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts]
    assert len(names) >= 14
    for name in names:
        assert sum(line.startswith(f"{name} ") for line in printed.splitlines()) == 1, name
    fine, poor = report([read(chapter("Word " * 100))]), report([read(chapter("Word 1 2 3 " * 100))])
    assert "*" not in fine.splitlines()[1] and poor.splitlines()[1].count("*") == 2
