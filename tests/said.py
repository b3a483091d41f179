"""What a chapter's sentences say that a model gives, beside what the chapter's own cells print.

    from tests.said import unprinted
    unprinted(Path("chapters/4-medicines/ssri.ipynb"))      # sentences whose numbers no cell of the chapter prints

A sentence speaks of a model if it says so and cites nothing that was measured. Each number in it, in digits, has to be
among those that a cell of the same chapter prints (rounded as the sentence rounds it), since nbval compares what cells
print with the models: then no sentence can go on quoting a model that has changed. What is set and not found, such as
where a slider stands, is a number of the sentence's own; so are those of labs' settings and of the constants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

_SPEAKS = re.compile(
    r"\b(?:models?|labs?|terminals?|brake|rest|baseline|curves?|settles?|simulat\w+|run)\b", re.IGNORECASE
)
_MEASURED = re.compile(
    r"\{(?:cite|doc)(?::t)?\}`|\]\(|\b(?:rats?|mice|mouse|monkeys?|people|patients|men|women|PET|scans?)\b"
)
_NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:\.\d+)?(?![\w,:/-]|\.\d)")
_SENTENCE = re.compile(r"(?<=[.!?])[)\"”*]*\s+(?=[(\"“*]*[A-Z{\[*])")
_PRINTED = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Said:
    """A sentence, and the numbers in it that no cell of its chapter prints."""

    sentence: str
    numbers: tuple[str, ...]


def _sentences(text: str) -> list[str]:
    paragraphs = re.split(r"\n\s*\n", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
    flat = [" ".join(each.split()) for each in paragraphs if not each.lstrip().startswith(("#", "|", "```", "- {doc}"))]
    return [sentence for each in flat for sentence in _SENTENCE.split(each) if sentence]


def _printed(cells) -> list[float]:
    found = []
    for cell in cells:
        texts = [cell.source]
        for output in cell.get("outputs", []):
            texts.append(output.get("text", ""))
            data = output.get("data", {})
            texts += [data.get(kind, "") for kind in ("text/plain", "text/markdown", "text/html")]
        for text in texts:
            found += [float(number.replace(",", "")) for number in _PRINTED.findall("".join(text))]
    return found


def _is_printed(number: str, printed: list[float]) -> bool:
    """Whether it is one of these as rounded there, or one of these in per cent: the whole, or what is above 1."""
    places = len(number.partition(".")[2])
    within = 0.5000001 * 10**-places
    value = float(number)
    return any(abs(value - each) <= within for one in printed for each in (one, 100 * one, 100 * (one - 1)))


def unprinted(path: Path, *texts: str) -> list[Said]:
    """The sentences of a chapter that speak of a model, with what numbers no cell of the chapter prints or sets.

    path : the chapter's notebook. texts : what else speaks of the same labs, such as the chapter's questions.
    """
    cells = nbformat.read(path, as_version=4).cells
    printed = _printed(cell for cell in cells if cell.cell_type == "code")
    found = []
    for text in (*(cell.source for cell in cells if cell.cell_type == "markdown"), *texts):
        for sentence in _sentences(text):
            if not _SPEAKS.search(sentence) or _MEASURED.search(sentence):
                continue
            bare = re.sub(r"\{term\}`[^`]*`|`[^`]*`|\$[^$]*\$|5-HT\w*|alpha-\d\w*", "", sentence)
            if missing := tuple(n for n in _NUMBER.findall(bare) if not _is_printed(n, printed)):
                found.append(Said(sentence, missing))
    return found
