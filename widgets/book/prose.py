"""How each chapter reads, in numbers: a report for whoever writes, and no gate.

    python -m widgets.book.prose [chapters/4-medicines/ssri.ipynb ...]

A chapter has two layers: main text of one argument, and what is folded (`{dropdown}`) for the sceptical. The aims are
those of CONTRIBUTING, *Add a chapter*: about one citation and at most two numbers in a hundred words of main text, no
paragraph of more than about 110 words, right answers that are not the longest.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from widgets.questions.schema import read_questions
from widgets.questions.widget import QUESTIONS_DIRECTORY

CITATIONS, NUMBERS, PARAGRAPH = 1.0, 2.0, 110
"""Aims: per hundred words of main text, and words of the longest paragraph."""

_FOLDED = re.compile(r"^(`{3,}|:{3,})\{dropdown\}.*?^\1\s*$", re.S | re.M)
_FENCE = re.compile(r"^\s*(?:`{3,}|:{3,}).*$|^:[\w-]+:.*$|^\([\w-]+\)=$", re.M)
CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
"""Roles that cite: {cite:p}`key`, {cite:t}`key1,key2`, ..."""
_TERM = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")
_NUMBER = re.compile(r"(?<![\w.-])\d[\d,.]*(?![\w])")
_WORD = re.compile(r"[\w%][\w%'’.,-]*")


@dataclass(frozen=True)
class Reading:
    """One chapter. main, folded : words; citations, numbers : per hundred words of main text; longest : words of the
    longest paragraph of main text; abbreviations : those of main text that no glossary term explains; questions,
    longest_right : single-answer questions, and those whose right answer is the longest."""

    name: str
    main: int
    folded: int
    citations: float
    numbers: float
    longest: int
    abbreviations: tuple[str, ...]
    questions: int
    longest_right: int


def _plain(text: str, tables: bool = False) -> str:
    """What is read of a text: no fences, citations, addresses, names of roles or headings; rows of tables if asked."""
    text = CITATION.sub(" ", _FENCE.sub(" ", text))
    text = re.sub(r"^#{1,4} .*$" if tables else r"^#{1,4} .*$|^\|.*$", " ", text, flags=re.M)
    return re.sub(r"\{[\w:-]+\}|\]\([^)]*\)|<[^<>\s]*>", " ", text)


def _longest(text: str) -> int:
    paragraphs = (each for each in re.split(r"\n\s*\n", text) if not each.lstrip().startswith(("|", "- ", "1.")))
    return max((len(_WORD.findall(_plain(each))) for each in paragraphs), default=0)


def _unexplained(text: str) -> tuple[str, ...]:
    """Abbreviations (three capitals and more) in no {term} of the chapter, behind none and in no brackets."""
    explained = " ".join(
        [*_TERM.findall(text), *re.findall(r"\(([^()]{2,40})\)", text), *re.findall(r"`, ([A-Z]{3,})\b", text)]
    )
    found = dict.fromkeys(re.findall(r"\b[A-Z]{3,}\b", _plain(text)))
    return tuple(each for each in found if each not in explained)


def _questions(path: Path | None) -> tuple[int, int]:
    """How many questions have one right answer, and in how many it is the longest."""
    asked = longest = 0
    for question in read_questions(path) if path else ():
        right = [choice for choice in question["choices"] if choice["correct"]]
        if len(right) == 1:
            asked += 1
            longest += len(right[0]["text"]) == max(len(choice["text"]) for choice in question["choices"])
    return asked, longest


def read(path: Path, questions: Path | None = None) -> Reading:
    """A chapter's numbers. `questions`: its file of questions, if it has one."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    main = _FOLDED.sub("\n\n", text)
    words = len(_WORD.findall(_plain(main)))
    folded = sum(len(_WORD.findall(_plain(found[0], tables=True))) for found in _FOLDED.finditer(text))
    share = 100 / max(words, 1)
    asked, longest_right = _questions(questions)
    return Reading(
        name=path.stem,
        main=words,
        folded=folded,
        citations=share * len(CITATION.findall(main)),
        numbers=share * len(_NUMBER.findall(_plain(main))),
        longest=_longest(main),
        abbreviations=_unexplained(main),
        questions=asked,
        longest_right=longest_right,
    )


def report(readings: Sequence[Reading]) -> str:
    """The table, with a star beside what misses its aim."""

    def star(value: float, aim: float) -> str:
        return "*" if value > aim else " "

    lines = [
        f"{'':20}{'main':>6}{'folded':>8}{'cited':>8}{'numbers':>9}{'longest':>9}{'right=longest':>15}  unexplained"
    ]
    for r in readings:
        lines.append(
            f"{r.name:20}{r.main:6}{r.folded:8}{r.citations:7.1f}{star(r.citations, CITATIONS)}"
            f"{r.numbers:8.1f}{star(r.numbers, NUMBERS)}{r.longest:8}{star(r.longest, PARAGRAPH)}"
            f"{r.longest_right:10} of {r.questions:<2}{star(r.longest_right, r.questions / 3)} "
            + " ".join(r.abbreviations)
        )
    lines.append(
        f"* above the aim: {CITATIONS:g} citation and {NUMBERS:g} numbers in a hundred words of main text, {PARAGRAPH} "
        "words a paragraph, the right answer the longest in a third of the questions"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    chapters = Path(__file__).parents[2] / "chapters"
    paths = [Path(each) for each in arguments] or sorted(chapters.glob("**/*.ipynb"))
    paths = [path for path in paths if ".ipynb_checkpoints" not in path.parts]
    files = [QUESTIONS_DIRECTORY / f"{path.stem}.toml" for path in paths]
    print(report([read(path, file if file.exists() else None) for path, file in zip(paths, files, strict=True)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
