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

from pathlib import Path

import anywidget
import traitlets

from widgets import bundles
from widgets.bundles import STATIC
from widgets.checks import counted, listed, meant
from widgets.questions.schema import read_questions

QUESTIONS_DIRECTORY = Path(__file__).parent / "sets"


def available_questions() -> list[str]:
    """Names of the chapters that have questions, sorted."""
    return sorted(path.stem for path in QUESTIONS_DIRECTORY.glob("*.toml"))


class CheckYourself(anywidget.AnyWidget):
    """The questions of one chapter, as a widget that needs no kernel once it is shown.

    Parameters
    ----------
    name : str
        A file name in widgets/questions/sets, without `.toml` (usually the chapter's own name).

    Raises ValueError for an unknown name (naming the nearest) or a file that breaks the format.
    """

    _esm = bundles.text(STATIC / "questions.js")
    _css = bundles.text(STATIC / "questions.css")

    name = traitlets.Unicode(read_only=True).tag(sync=True)
    questions = traitlets.List(traitlets.Dict(), read_only=True).tag(sync=True)

    def __init__(self, name: str, **kwargs):
        names = available_questions()
        if name not in names:
            raise ValueError(f"no questions named {name!r}{meant(name, names)}; there are {listed(names)}")
        super().__init__(**kwargs)
        self.set_trait("questions", read_questions(QUESTIONS_DIRECTORY / f"{name}.toml"))
        self.set_trait("name", name)

    def __repr__(self) -> str:
        # nbval compares it, so it names neither a model id nor an address in memory.
        return f"CheckYourself({self.name!r}: {counted(len(self.questions), 'question')})"
