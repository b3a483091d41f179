"""The model reference: a page of the book that is written by the models themselves, so that it cannot drift from them.

`widgets.book.extension` puts the Markdown (MyST) of `page()` where `chapters/back-matter/model-reference.md` says
`{{ model reference }}`, and lays the files of `downloads()` beside the published pages.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from widgets.engine.composition import base_of
from widgets.engine.model import MODELS, Model, _words, available, load_model
from widgets.engine.slow import shortcut_errors
from widgets.evidence.laws import EXAMPLES, LAWS
from widgets.evidence.validation import DOUBTED, ROLES, anchors, conclusions, doubtful, sensitivity
from widgets.figures.network import additions, network_svg, shown_influences
from widgets.messengers import MESSENGERS, model_title

FOLDER = "_static/models"
"""Where the downloads lie, from the root of the published book."""

ORDER = (*MESSENGERS, "oral_dose", "mao_turnover", "adaptation")
STATUS_WORDS = {
    "published": "read in the source named, or in a file of that model by its authors or in a database",
    "calibrated": "fitted to the published result named",
    "assumed": "we found no measurement; the reason is given",
}
_KEY = r"[a-z]+\d{4}[a-z0-9]+"
_SPECIAL = re.compile(r"([\\`*_{}<>|$#\[\]~&])")


def models() -> list[str]:
    """The models in the order of the book, each variant after its model."""

    def place(name: str) -> tuple[int, str]:
        return next(
            (i for i, head in enumerate(ORDER) if name == head or name.startswith(f"{head}_")), len(ORDER)
        ), name

    return sorted(available(), key=place)


def downloads() -> dict[str, str]:
    """File name -> text, for each model its Antimony and its SBML."""
    files = {}
    for name in models():
        model = load_model(name)
        files[f"{name}.ant"] = model.to_antimony()
        files[f"{name}.xml"] = model.to_sbml()
    return files


def page() -> str:
    """The whole reference as MyST Markdown."""
    return "\n\n".join([_overview(), *(section(name) for name in models())]) + "\n"


# -- pieces ------------------------------------------------------------------------------------------------


def text(words: str) -> str:
    """Plain words as Markdown: special letters escaped, `code` kept, keys of references.bib turned into citations."""
    pieces, end = [], 0
    for match in re.finditer(rf"(`[^`|\n]+`)|\(({_KEY}(?:, {_KEY})*)\)|\b({_KEY})\b", words):
        pieces.append(_SPECIAL.sub(r"\\\1", words[end : match.start()]))
        code, group, key = match.groups()
        pieces.append(code or (f"{{cite}}`{group.replace(' ', '')}`" if group else f"{{cite:t}}`{key}`"))
        end = match.end()
    return "".join([*pieces, _SPECIAL.sub(r"\\\1", words[end:])])


def table(heads: list[str], rows: list[list[str]], kind: str = "") -> str:
    """A Markdown table; every cell is Markdown already. `kind` is a class for the style sheet."""
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace(chr(10), ' ') or ' ' for cell in row)} |" for row in rows]
    return "\n".join([f":::{{table}}\n:class: model-table {kind}".rstrip(), "", *lines, ":::"])


def number(value: float, digits: int = 4) -> str:
    """A number as the book prints it: 0.00202, 12,000, 0.000011; "none" for what is not finite."""
    if not np.isfinite(value):
        return "none"
    if abs(value) < 1e-12:
        return "0"
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    shown = f"{value:.{digits}g}"
    return np.format_float_positional(float(shown), trim="-") if 1e-7 < abs(value) < 1e-3 else shown


def _unit(unit: str) -> str:
    return f"\N{NO-BREAK SPACE}{unit}" if unit not in ("", "dimensionless") else ""


def _deviation(ratio: float) -> str:
    """How far the model's value lies from the published one: "+2 %", or "75 times" where a percentage says little."""
    if not np.isfinite(ratio):
        return ""
    if ratio > 3:
        return f" ({ratio:.2g} times)"
    percent = 100 * (ratio - 1)
    digits = 0 if abs(percent) >= 1 else 1
    words = f"{percent:+.{digits}f}".replace("-", "\N{MINUS SIGN}") if round(percent, digits) else "0"
    return f" ({words}\N{NO-BREAK SPACE}%)"


def _title(name: str) -> str:
    return _capital(_said(name))


def _said(name: str) -> str:
    """A model's name in the middle of a sentence."""
    return model_title(name) or _words(name)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _overview() -> str:
    rows = []
    for name in models():
        model = load_model(name)
        counts = model.parameters.query("not control")["status"].value_counts()
        rows.append(
            [
                f"[{_title(name)}](#model-{name.replace('_', '-')})",
                text(_first_sentence(model)),
                {"hour": "hours", "millisecond": "milliseconds"}[model.time_unit],
                ", ".join(f"{counts[s]} {s}" for s in STATUS_WORDS if s in counts),
            ]
        )
    meanings = "; ".join(f"*{status}*: {words}" for status, words in STATUS_WORDS.items())
    return "\n\n".join(
        [
            "## Overview",
            table(["Model", "What it is", "Time in", "Constants"], rows),
            f"Every constant has a status. {_capital(meanings)}. What a slider sets is listed apart.",
        ]
    )


def _first_sentence(model: Model) -> str:
    lines = [line for line in model.description.split("\n\n")[0].splitlines() if not line.startswith("Based on")]
    first = " ".join(" ".join(lines).split())
    return first if len(first) <= 160 else first.split(". ")[0].rstrip(".") + "."


def section(name: str) -> str:
    """Everything about one model."""
    model = load_model(name)
    base = base_of((MODELS / f"{name}.ant").read_text(encoding="utf-8"))
    parts = [f"(model-{name.replace('_', '-')})=\n## {_title(name)}", *_description(model)]
    links = " ".join(
        f'<a href="../../{FOLDER}/{name}.{ending}" download>{words}</a>'
        for ending, words in (("ant", "Antimony text"), ("xml", "SBML"))
    )
    parts.append(f'<p class="model-downloads">Download: {links}</p>')
    parts.append(_diagram(name))
    parts += _levels(model) + _controls(model) + _constants(model, base) + _laws(model) + _happenings(model)
    if name == "adaptation":
        parts += _shortcuts()
    return "\n\n".join([*parts, *_validation(name), *_sensitivity(name)])


def _description(model: Model) -> list[str]:
    """The head of the model's text: paragraphs, and a small heading before each part."""
    parts: list[str] = []
    for block in re.split(r"\n\s*\n", model.description):
        lines = block.split("\n")
        lines = [line for line in lines if not line.startswith(("Each line ends with", "Based on"))]
        if not lines:
            continue
        if len(lines) > 1 and not lines[0].startswith(" ") and lines[1].startswith("  "):
            parts.append(f"**{text(lines.pop(0).strip())}**")
        items = re.split(r"\n(?=\s*\d+\. )", "\n".join(lines))
        if len(items) > 1 or re.match(r"\s*\d+\. ", items[0]):
            numbered = [" ".join(item.split()) for item in items]
            lead = [] if re.match(r"\d+\. ", numbered[0]) else [text(numbered.pop(0))]
            parts += lead
            parts.append("\n".join(re.sub(r"^(\d+)\\?\. ", r"\1. ", text(item)) for item in numbered))
        else:
            parts.append(text(" ".join(block_.strip() for block_ in lines)))
    return parts


def _diagram(name: str) -> str:
    """The model's picture, and in a sentence how to read what is in it."""
    model = load_model(name)
    says = [
        "Boxes are levels; a named arrow is a reaction, and one that begins or ends in nothing brings in or takes out."
    ]
    if additions(model):
        says.append("A dotted beginning: what an event adds.")
    if shown_influences(model):
        says.append("Dashed: what a level, near rest, holds back (bar) or speeds up (circle) without being used up.")
    caption = " ".join(says)
    return (
        f'<figure class="model-network"><div class="figure-scroll">{network_svg(model)}</div>'
        f"<figcaption><p>{caption}</p></figcaption></figure>"
    )


def _levels(model: Model) -> list[str]:
    rows = [
        [f"`{n}`", f"{number(model.baseline[n])}{_unit(model.units[n])}", text(model.meanings[n])]
        for n in model.species
        if n not in model.switches
    ]
    rest = "at rest" if not model._depends_on_time else "at the start"
    parts = [f"### Levels of {_said(model.name)}", table(["Level", _capital(rest), "What it is"], rows, "levels")]
    if model.switches:
        names = ", ".join(f"`{n}` ({text(model.meanings[n])})" for n in model.switches)
        parts.append(f"Switches, which only events change: {names}.")
    return parts


def _controls(model: Model) -> list[str]:
    rows = [
        [
            f"`{r.name}`",
            f"{number(r.value)}{_unit(r.unit)}",
            f"{number(r.minimum)} to {number(r.maximum)}",
            text(r.meaning),
        ]
        for r in model.parameters.query("control").itertuples(index=False)
    ]
    if not rows:
        return []
    return [
        f"### What a slider sets in {_said(model.name)}",
        table(["Control", "At rest", "Range", "What it is"], rows, "controls"),
    ]


def _constants(model: Model, base: str | None) -> list[str]:
    constants = model.parameters.query("not control")
    lead = []
    if base:
        own = load_model(base).parameters.set_index("name")
        same = [
            r.name in own.index and (own.at[r.name, "value"], own.at[r.name, "source"]) == (r.value, r.source)
            for r in constants.itertuples(index=False)
        ]
        shared = int(np.sum(same))
        constants = constants[~np.array(same, bool)]
        address = f"[{_title(base)}](#model-{base.replace('_', '-')})"
        lead = [f"This model is built on {address}; {shared} constants are the same there. Its own:"]
    if constants.empty:
        return []
    rows = [
        [
            f"`{r.name}`",
            f"{number(r.value)}{_unit(r.unit)}",
            text(r.meaning),
            f"*{r.status}*: {text(r.source)}",
        ]
        for r in constants.itertuples(index=False)
    ]
    heads = ["Constant", "Value", "What it is", "Where it comes from"]
    return [f"### Constants of {_said(model.name)}", *lead, table(heads, rows, "constants")]


def _laws(model: Model) -> list[str]:
    """Reactions and assignments with their equations, folded away."""
    lines = []
    for n, row in zip(model.species, model._stoichiometry, strict=True):
        if n not in model.switches and (row.any() or n in model._rate_rules):
            lines.append(f"{_capital(text(model.meanings[n]))}:\n\n$$\n{_one_equation(model, n)}\n$$")
    for n in (*model.reactions, *model.assignments):
        lines.append(f"{_capital(text(model.meanings[n]))}:\n\n$$\n{_one_equation(model, n)}\n$$")
    summary = f"Show the equations of {_said(model.name)} ({len(lines)})"
    return [f'<details class="equations"><summary>{summary}</summary>', *lines, "</details>"]


def _one_equation(model: Model, name: str) -> str:
    inner = str(model.equations(name)).removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    return inner.replace("&=", "=")


def _happenings(model: Model) -> list[str]:
    if not model.events:
        return []
    items = "\n".join(f"- `{e.name}`: {text(e.meaning)}" for e in model.events)
    return [f"What happens at once in {_said(model.name)}:", items]


def _shortcuts() -> list[str]:
    """What it costs the model of weeks not to follow every hour."""
    found = shortcut_errors()
    saved = found[found["shortcut"] == "implicit solver"].set_index("quantity")["value"]
    times = saved["ratio of the evaluations of the rates"]
    lead = (
        f"Twelve weeks take {number(saved['evaluations of the rates'])} evaluations of the rates, because an implicit "
        "solver lengthens its steps as soon as the terminal has settled. A solver that had to follow its seconds would "
        f"need some {round(times, -2):,.0f} times as many. The block is the mean of the day, not every tablet. The "
        "table gives the largest error of that over twelve weeks, and the error of going further, with the terminal at "
        "its steady state at every moment: of serotonin in per cent of its level, of the others in per cent of rest."
    )
    errors = found[found["shortcut"] != "implicit solver"]
    rows = []
    for (shortcut, case), group in errors.groupby(["shortcut", "case"], sort=False):
        value = group.set_index("quantity")["value"]
        share = value["largest error of extracellular serotonin"]
        others = [100 * value[f"largest error of {what}"] for what in ("firing", "sensitivity", "plasticity")]
        rows.append([_capital(text(shortcut)), text(case), *(f"{v:.2g}\N{NO-BREAK SPACE}%" for v in (share, *others))])
    heads = ["Shortcut", "Case", "Serotonin", "Firing", "Sensitivity", "Plasticity"]
    return ["### What the shortcuts of adaptation cost", lead, table(heads, rows, "shortcuts")]


def validation_table(found: pd.DataFrame) -> str:
    """Rows of `validation.anchors()` as Markdown; a failure stands as one. A role that all rows share is left out."""
    heads = ["Finding", "Published", "Model", "Verdict", "Role"]
    rows = []
    for r in found.itertuples(index=False):
        unit = _unit(r.unit)
        note = f" {text(r.note)}" if r.note else ""
        rows.append(
            [
                f"{text(r.finding)} {{cite}}`{r.source}`.{note}",
                r.published.replace(" (", f"{unit} (", 1) if " (" in r.published else f"{r.published}{unit}",
                f"{number(r.value, 3)}{unit}{_deviation(1 + r.deviation)}",
                f"**{r.verdict}**" if r.verdict == "differs" else r.verdict,
                r.role,
            ]
        )
    if found["role"].nunique() == 1:
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return table(heads, rows, "validation")


LIMITS = (
    "What still agrees stands behind the published value: its interval where one was printed; otherwise 2 % for what "
    "was carried over from the same source, 10 % for levels and shares, 25 % for effects measured in tissue or in "
    "animals."
)


def _validation(name: str) -> list[str]:
    found = anchors(name)
    if found.empty:
        return []
    agree = int((found["verdict"] == "agrees").sum())
    return [
        f"### {_title(name)} beside what was measured",
        ("The one result agrees. " if len(found) == agree == 1 else f"{agree} of {len(found)} agree. ")
        + LIMITS
        + " "
        + " ".join(f"*{_capital(role)}*: {words}." for role, words in ROLES.items() if role in set(found["role"])),
        validation_table(found),
    ]


def sensitivity_words(name: str, statuses: tuple[str, ...] = DOUBTED) -> str:
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
    return table(["Conclusion", "Still holds in", "Broken by"], rows, "survival")


def _sensitivity(name: str) -> list[str]:
    if not conclusions(name):
        return []
    counts = doubtful(load_model(name))["status"].value_counts()
    kinds = " and ".join(f"{counts[status]} {status}" for status in DOUBTED if status in counts)
    heading = f"### Which conclusions on {_said(name)} survive"
    if not kinds:
        lead = "None of its constants is doubted: what is called assumed there is mathematics, units and molar masses."
        return [heading, lead]
    lead = (
        f"Each of the {kinds} constants was halved and doubled, one at a time, or taken to the end of its range where "
        "that ends before. Mathematics, units and molar masses are not doubted, and a constant that says where a level "
        "rests follows the change. In brackets: what the measure then is."
    )
    return [heading, lead, sensitivity_words(name)]


# -- tables for a chapter ----------------------------------------------------------------------------------


class Shown:
    """A table as a notebook shows it: Markdown, which the book turns into one with citations."""

    def __init__(self, markdown: str, frame: pd.DataFrame, summary: str):
        self._markdown, self._frame, self._summary = markdown, frame, summary

    def _repr_markdown_(self) -> str:
        return self._markdown

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
    return Shown(validation_table(found), found, f"{agree} of {len(found)} published results agree")


def show_laws() -> Shown:
    """The laws that every model keeps, and at how many random settings each was tried."""
    rows = [
        [text(law.sentence), "; ".join(_said(name) for name in law.models), f"{EXAMPLES * len(law.models):,}"]
        for law in LAWS
    ]
    heads = ["Law", "Models", "Settings tried"]
    return Shown(table(heads, rows, "laws"), pd.DataFrame(rows, columns=heads), f"{len(LAWS)} laws")


def show_sensitivity(model: str, statuses: tuple[str, ...] = DOUBTED) -> Shown:
    """Which conclusions on a model survive halving and doubling each doubtful constant."""
    tried = sensitivity(model, statuses)
    return Shown(sensitivity_words(model, statuses), tried, f"{len(tried)} changes tried")
