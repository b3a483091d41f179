"""A prediction: the question that a reader answers before the controls unlock, and how a lab asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from widgets.checks import counted, number
from widgets.checks import words as checked_words
from widgets.labs.spec import Choice, MeasuredSpec, PredictionSpec


class Measured:
    """What was measured of a prediction's question: it decides which choice is right, and stands in the verdict.

    value : float
        In the choices' own terms: a multiple of the baseline, or the value in the output's unit.
    text : str
        What was measured and in whom, without a full stop: "In rat amygdala, one dose took it to 1.75 times rest".
    by : str
        Who measured it, as a reader reads it: "Bosker and colleagues, 2001".
    source : str
        The key in references.bib; the chapter cites it too (a test).

    Raises ValueError or TypeError for a value that is not a finite number of at least 0 and for words that are missing.
    """

    def __init__(self, value: float, text: str, *, by: str, source: str):
        self.value = number("the measured value", value)
        if self.value < 0:
            raise ValueError(f"The measured value must be at least 0, in the choices' own terms; got {value:g}.")
        self.text = checked_words("text of what was measured", text).rstrip(".")
        self.by, self.source = checked_words("by", by), checked_words("source", source)

    def __repr__(self) -> str:
        return f"Measured({self.value:g}, source={self.source!r})"


class Predict:
    """A question the reader answers before the sliders unlock.

    question : str
        Starts with "Predict"; the legend of the group of choices.
    choices : two or more (words, value) or (words, value, feedback)
        value: the level at the end as a multiple of the baseline that the words stand for; of an output drawn in its
        own unit, the value in that unit. feedback: what is said to whoever chose it; for each choice or for none.
    scenario : dict
        The settings the question is about, by control; every other control is at rest.
    output : str
        The output the values speak of.
    measured : Measured
        What was measured of just this. The choice nearest to it is the right one; without it, the one nearest to what
        the model says, and the verdict says that it is the model speaking.

    Raises ValueError or TypeError for an empty question, fewer than two choices, a choice without words, two choices
    with the same words, feedback to some choices only, or a value that is not a finite number of at least 0.
    """

    def __init__(
        self,
        question: str,
        choices: Sequence[tuple[str, float] | tuple[str, float, str]],
        scenario: Mapping[str, float],
        output: str = "extracellular",
        measured: Measured | None = None,
    ):
        if not isinstance(question, str) or not question.strip():
            raise ValueError(f"A prediction needs a question, a sentence that starts with 'Predict'; got {question!r}.")
        if not question.startswith("Predict"):
            raise ValueError(f"A prediction's question starts with 'Predict', as in 'Predict: ...?'; got {question!r}.")
        made = [_choice(choice) for choice in choices]
        if len(made) < 2:
            raise ValueError(f"A prediction needs at least two choices; got {len(made)}. Add a (words, value) pair.")
        if len({choice.text for choice in made}) < len(made):
            raise ValueError("Two choices of a prediction have the same words; give each its own.")
        silent = [choice.text for choice in made if not choice.feedback]
        if 0 < len(silent) < len(made):
            raise ValueError(
                f"Choice {silent[0]!r} has no feedback and others have: give it to each choice, or to none."
            )
        if measured is not None and not isinstance(measured, Measured):
            raise ValueError(f"measured is a Measured(value, text, by=..., source=...); got {measured!r}.")
        if not isinstance(scenario, Mapping) or not scenario:
            raise ValueError(
                f"A prediction needs a scenario, such as {{'reuptake_inhibition': 0.8}}; got {scenario!r}."
            )
        self.question = question
        self.choices = made
        self.measured = measured
        self.scenario = dict(scenario)
        self.output = output

    def asked(self, scenario: Mapping, **of) -> PredictionSpec:
        """As the page asks it. `scenario`: as the spec holds it; `of`: what it is of, as in PredictionSpec."""
        told = self.measured and MeasuredSpec(value=self.measured.value, text=self.measured.text, by=self.measured.by)
        return PredictionSpec(
            question=self.question, choices=self.choices, scenario=dict(scenario), measured=told, **of
        )

    def __repr__(self) -> str:
        return f"Predict({self.question!r}, {counted(len(self.choices), 'choice')})"


def _choice(choice) -> Choice:
    """A choice's words, the value that they stand for, and what is said to whoever chose it."""
    if isinstance(choice, str) or not isinstance(choice, Sequence) or len(choice) not in (2, 3):
        raise ValueError(
            "A choice is a pair such as ('It doubles', 2.0), or three with what is said to whoever chose it; "
            f"got {choice!r}."
        )
    text, value, feedback = (*choice, "")[:3]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"A choice needs words, as in ('It doubles', 2.0); got {choice!r}.")
    if not isinstance(feedback, str) or (len(choice) == 3 and not feedback.strip()):
        raise ValueError(f"The feedback of choice {text!r} is a sentence or two; got {feedback!r}.")
    at = number(f"the value of choice {text!r}", value)
    if at < 0:
        raise ValueError(f"The value of choice {text!r} must be at least 0, in baselines; got {at:g}.")
    return Choice(text=text, value=at, feedback=feedback.strip())
