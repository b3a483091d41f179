"""What speaks for and against the models, as tables of a page: published results, laws, conclusions.

from widgets.figures.evidence_tables import show_laws, show_sensitivity, show_validation
show_validation(role="predicted")
"""

from __future__ import annotations

import pandas as pd

from widgets.checks import counted
from widgets.evidence.anchors import ROLES, anchors
from widgets.evidence.conclusions import conclusions
from widgets.evidence.laws import EXAMPLES, LAWS
from widgets.evidence.sensitivity import DOUBTED, sensitivity
from widgets.figures.markdown import deviation_words, html, model_said, number, table, text, with_unit


def validation_table(found: pd.DataFrame, caption: str, kind: str = "") -> str:
    """Rows of `anchors()` as Markdown; a failure stands as one. A role that all rows share is left out."""
    heads = ["Finding", "Published", "Model", "Verdict", "Role"]
    rows = []
    for r in found.itertuples(index=False):
        unit = with_unit(r.unit)
        note = f" {text(r.note)}" if r.note else ""
        rows.append(
            [
                f"{text(r.finding)} {{cite}}`{r.source}`.{note}",
                r.published.replace(" (", f"{unit} (", 1) if " (" in r.published else f"{r.published}{unit}",
                f"{number(r.value, 3)}{unit}{deviation_words(1 + r.deviation)}",
                f"**{r.verdict}**" if r.verdict == "differs" else r.verdict,
                r.role,
            ]
        )
    if found["role"].nunique() == 1:
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return table(caption, heads, rows, f"validation {kind}".rstrip())


def sensitivity_words(name: str, statuses: tuple[str, ...] = DOUBTED, kind: str = "") -> str:
    """What survives of a model's conclusions when each doubtful constant is halved and doubled, as Markdown."""
    tried = sensitivity(name, statuses)
    own = conclusions(name)
    if tried.empty:
        return "No constant of this kind stands in the model."
    rows = []
    for c in own:
        bad = tried[[not c.holds(v) for v in tried[c.text]]]
        named = [
            f"`{r.constant}` {'lowered' if r.factor < 1 else 'raised'} ({r.status}; {number(r.measure, 3)})"
            for r in bad.assign(measure=bad[c.text]).itertuples(index=False)
        ]
        rows.append(
            [
                f"{text(c.text)} (the model: {number(c.experiment.take(), 3)})",
                f"{len(tried) - len(bad)} of {len(tried)}",
                ", ".join(named) or "none",
            ]
        )
    caption = f"Conclusions on {model_said(name)}, and how many of {len(tried)} changed constants each survives"
    return table(caption, ["Conclusion", "Still holds in", "Broken by"], rows, f"survival {kind}".rstrip())


class Shown:
    """A table as a notebook shows it: MyST, which the book turns into one with citations, and HTML for all others."""

    def __init__(self, markdown: str, frame: pd.DataFrame, summary: str):
        self._markdown, self._frame, self._summary = markdown, frame, summary

    def _repr_markdown_(self) -> str:
        return self._markdown

    def _repr_html_(self) -> str:
        return html(self._markdown)

    def frame(self) -> pd.DataFrame:
        """The rows, to work with."""
        return self._frame.copy()

    def __repr__(self) -> str:
        return self._summary


def show_validation(model: str | None = None, role: str | None = None) -> Shown:
    """Published results beside the model's: all of them, one model's, or those of one role (a key of ROLES)."""
    if role is not None and role not in ROLES:
        raise ValueError(f"There is no role {role!r}; use one of {', '.join(ROLES)}.")
    found = anchors(model)
    if role is not None:
        found = found[found["role"] == role]
    agree = int((found["verdict"] == "agrees").sum())
    kinds = ", ".join(each for each in (role, f"of {model_said(model)}" if model else "") if each)
    caption = f"{len(found)} published results{f' ({kinds})' if kinds else ''} beside what the models give"
    return Shown(validation_table(found, caption), found, f"{agree} of {len(found)} published results agree")


def show_laws() -> Shown:
    """The laws that every model keeps, and at how many random settings each was tried."""
    rows = [
        [text(law.sentence), "; ".join(model_said(name) for name in law.models), f"{EXAMPLES * len(law.models):,}"]
        for law in LAWS
    ]
    heads = ["Law", "Models", "Settings tried"]
    said = counted(len(LAWS), "law")
    caption = f"{said}, the models that keep each, and at how many random settings it was tried"
    return Shown(table(caption, heads, rows, "laws"), pd.DataFrame(rows, columns=heads), said)


def show_sensitivity(model: str, statuses: tuple[str, ...] = DOUBTED) -> Shown:
    """Which conclusions on a model survive halving and doubling each doubtful constant."""
    tried = sensitivity(model, statuses)
    return Shown(sensitivity_words(model, statuses), tried, f"{counted(len(tried), 'change')} tried")
