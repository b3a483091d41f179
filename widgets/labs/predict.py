"""A prediction: the question that a reader answers before the controls unlock, and how a lab asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from widgets.checks import counted, number
from widgets.labs.spec import Choice, PredictionSpec


class Predict:
    """A question the reader answers before the sliders unlock.

    question : str
        Starts with "Predict"; the legend of the group of choices.
    choices : two or more (words, value)
        value: the level at the end as a multiple of the baseline that the words stand for; of an output drawn in its
        own unit, the value in that unit.
    scenario : dict
        The settings the question is about, by control; every other control is at rest.
    output : str
        The output the values speak of.

    Raises ValueError or TypeError for an empty question, fewer than two choices, a choice without words, two choices
    with the same words, or a value that is not a finite number of at least 0.
    """

    def __init__(
        self,
        question: str,
        choices: Sequence[tuple[str, float]],
        scenario: Mapping[str, float],
        output: str = "extracellular",
    ):
        if not isinstance(question, str) or not question.strip():
            raise ValueError(f"A prediction needs a question, a sentence that starts with 'Predict'; got {question!r}.")
        if not question.startswith("Predict"):
            raise ValueError(f"A prediction's question starts with 'Predict', as in 'Predict: ...?'; got {question!r}.")
        pairs = [_pair(choice) for choice in choices]
        if len(pairs) < 2:
            raise ValueError(f"A prediction needs at least two choices; got {len(pairs)}. Add a (words, value) pair.")
        if len({words for words, _ in pairs}) < len(pairs):
            raise ValueError("Two choices of a prediction have the same words; give each its own.")
        if not isinstance(scenario, Mapping) or not scenario:
            raise ValueError(
                f"A prediction needs a scenario, such as {{'reuptake_inhibition': 0.8}}; got {scenario!r}."
            )
        self.question = question
        self.choices = pairs
        self.scenario = dict(scenario)
        self.output = output

    def asked(self, scenario: Mapping, **of) -> PredictionSpec:
        """As the page asks it. `scenario`: as the spec holds it; `of`: what it is of, as in PredictionSpec."""
        choices = [Choice(text=words, value=value) for words, value in self.choices]
        return PredictionSpec(question=self.question, choices=choices, scenario=dict(scenario), **of)

    def __repr__(self) -> str:
        return f"Predict({self.question!r}, {counted(len(self.choices), 'choice')})"


def _pair(choice) -> tuple[str, float]:
    """A choice's words and the value that they stand for."""
    if isinstance(choice, str) or not isinstance(choice, Sequence) or len(choice) != 2:
        raise ValueError(f"A choice is a pair such as ('It doubles', 2.0); got {choice!r}.")
    words, value = choice
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f"A choice needs words, as in ('It doubles', 2.0); got {choice!r}.")
    at = number(f"the value of choice {words!r}", value)
    if at < 0:
        raise ValueError(f"The value of choice {words!r} must be at least 0, in baselines; got {at:g}.")
    return words, at
