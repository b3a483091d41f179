"""The model reference: a page of the book that is written by the models themselves, so that it cannot drift from them.

`widgets.book.written` puts the Markdown (MyST) of `page()` where `chapters/back-matter/model-reference.md` says
`{{ model reference }}`, and lays the files of `downloads()` beside the published pages.
"""

from __future__ import annotations

import re

import numpy as np

from widgets.book.places import MODELS_FOLDER
from widgets.engine.composition import base_of
from widgets.engine.model import MODELS, Model, available, load_model
from widgets.engine.slow import shortcut_errors
from widgets.evidence.anchors import ROLES, anchors
from widgets.evidence.conclusions import conclusions
from widgets.evidence.sensitivity import DOUBTED, doubtful
from widgets.figures.evidence_tables import sensitivity_words, validation_table
from widgets.figures.markdown import HEADED, capital, model_said, model_title, number, table, text, with_unit
from widgets.figures.network import network_svg, network_svgs
from widgets.figures.network.graph import additions, shown_influences
from widgets.messengers import MESSENGERS

FOLDER = MODELS_FOLDER

ORDER = (*MESSENGERS, "oral_dose", "mao_turnover", "adaptation")
STATUS_WORDS = {
    "published": "read in the source named, or in a file of that model by its authors or in a database",
    "calibrated": "fitted to the published result named",
    "assumed": "we found no measurement; the reason is given",
}


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
    names = models()
    sections = [section(name, drawn) for name, drawn in zip(names, network_svgs(names), strict=True)]
    return "\n\n".join([_overview(), *sections]) + "\n"


def _overview() -> str:
    rows = []
    for name in models():
        model = load_model(name)
        counts = model.parameters.query("not control")["status"].value_counts()
        rows.append(
            [
                f"[{model_title(name)}](#model-{name.replace('_', '-')})",
                text(_first_sentence(model)),
                {"hour": "hours", "millisecond": "milliseconds"}[model.time_unit],
                ", ".join(f"{counts[s]} {s}" for s in STATUS_WORDS if s in counts),
            ]
        )
    meanings = "; ".join(f"*{status}*: {words}" for status, words in STATUS_WORDS.items())
    return "\n\n".join(
        [
            "## Overview",
            table(f"The {len(rows)} models of the book", ["Model", "What it is", "Time in", "Constants"], rows, HEADED),
            f"Every constant has a status. {capital(meanings)}. What a slider sets is listed apart.",
        ]
    )


def _first_sentence(model: Model) -> str:
    lines = [line for line in model.description.split("\n\n")[0].splitlines() if not line.startswith("Based on")]
    first = " ".join(" ".join(lines).split())
    return first if len(first) <= 160 else first.split(". ")[0].rstrip(".") + "."


def section(name: str, drawn: str | None = None) -> str:
    """Everything about one model; `drawn` is its diagram where that is there already."""
    model = load_model(name)
    base = base_of((MODELS / f"{name}.ant").read_text(encoding="utf-8"))
    parts = [f"(model-{name.replace('_', '-')})=\n## {model_title(name)}", *_description(model)]
    links = " ".join(
        f'<a href="../../{FOLDER}/{name}.{ending}" download>{words}</a>'
        for ending, words in (("ant", "Antimony text"), ("xml", "SBML"))
    )
    parts.append(f'<p class="model-downloads">Download: {links}</p>')
    parts.append(_diagram(model, drawn or network_svg(model)))
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


def _diagram(model: Model, drawn: str) -> str:
    """The model's picture, and in a sentence how to read what is in it."""
    says = [
        "Boxes are levels; a named arrow is a reaction, and one that begins or ends in nothing brings in or takes out."
    ]
    if additions(model):
        says.append("A dotted beginning: what an event adds.")
    if shown_influences(model):
        says.append("Dashed: what a level, near rest, holds back (bar) or speeds up (circle) without being used up.")
    caption = " ".join(says)
    return (
        f'<figure class="model-network"><div class="figure-scroll">{drawn}</div>'
        f"<figcaption><p>{caption}</p></figcaption></figure>"
    )


def _levels(model: Model) -> list[str]:
    rows = [
        [f"`{n}`", f"{number(model.baseline[n])}{with_unit(model.units[n])}", text(model.meanings[n])]
        for n in model.species
        if n not in model.switches
    ]
    rest = "at rest" if not model.system.depends_on_time else "at the start"
    title = f"Levels of {model_said(model.name)}"
    parts = [f"### {title}", table(title, ["Level", capital(rest), "What it is"], rows, f"levels {HEADED}")]
    if model.switches:
        names = ", ".join(f"`{n}` ({text(model.meanings[n])})" for n in model.switches)
        parts.append(f"Switches, which only events change: {names}.")
    return parts


def _controls(model: Model) -> list[str]:
    rows = [
        [
            f"`{r.name}`",
            f"{number(r.value)}{with_unit(r.unit)}",
            f"{number(r.minimum)} to {number(r.maximum)}",
            text(r.meaning),
        ]
        for r in model.parameters.query("control").itertuples(index=False)
    ]
    if not rows:
        return []
    title = f"What a slider sets in {model_said(model.name)}"
    return [f"### {title}", table(title, ["Control", "At rest", "Range", "What it is"], rows, f"controls {HEADED}")]


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
        address = f"[{model_title(base)}](#model-{base.replace('_', '-')})"
        lead = [f"This model is built on {address}; {shared} constants are the same there. Its own:"]
    if constants.empty:
        return []
    rows = [
        [
            f"`{r.name}`",
            f"{number(r.value)}{with_unit(r.unit)}",
            text(r.meaning),
            f"*{r.status}*: {text(r.source)}",
        ]
        for r in constants.itertuples(index=False)
    ]
    heads = ["Constant", "Value", "What it is", "Where it comes from"]
    title = f"Constants of {model_said(model.name)}"
    return [f"### {title}", *lead, table(title, heads, rows, f"constants {HEADED}")]


def _laws(model: Model) -> list[str]:
    """Reactions and assignments with their equations, folded away."""
    lines = []
    for n, row in zip(model.species, model.system.stoichiometry, strict=True):
        if n not in model.switches and (row.any() or n in model.system.rate_rules):
            lines.append(f"{capital(text(model.meanings[n]))}:\n\n$$\n{_one_equation(model, n)}\n$$")
    for n in (*model.reactions, *model.assignments):
        lines.append(f"{capital(text(model.meanings[n]))}:\n\n$$\n{_one_equation(model, n)}\n$$")
    summary = f"Show the equations of {model_said(model.name)} ({len(lines)})"
    return [f'<details class="equations"><summary>{summary}</summary>', *lines, "</details>"]


def _one_equation(model: Model, name: str) -> str:
    inner = str(model.equations(name)).removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    return inner.replace("&=", "=")


def _happenings(model: Model) -> list[str]:
    if not model.events:
        return []
    items = "\n".join(f"- `{e.name}`: {text(e.meaning)}" for e in model.events)
    return [f"What happens at once in {model_said(model.name)}:", items]


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
        rows.append([capital(text(shortcut)), text(case), *(f"{v:.2g}\N{NO-BREAK SPACE}%" for v in (share, *others))])
    heads = ["Shortcut", "Case", "Serotonin", "Firing", "Sensitivity", "Plasticity"]
    title = "What the shortcuts of adaptation cost"
    return [f"### {title}", lead, table(title, heads, rows, f"shortcuts {HEADED}")]


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
    title = f"{model_title(name)} beside what was measured"
    return [
        f"### {title}",
        ("The one result agrees. " if len(found) == agree == 1 else f"{agree} of {len(found)} agree. ")
        + LIMITS
        + " "
        + " ".join(f"*{capital(role)}*: {words}." for role, words in ROLES.items() if role in set(found["role"])),
        validation_table(found, title, HEADED),
    ]


def _sensitivity(name: str) -> list[str]:
    if not conclusions(name):
        return []
    counts = doubtful(load_model(name))["status"].value_counts()
    kinds = " and ".join(f"{counts[status]} {status}" for status in DOUBTED if status in counts)
    heading = f"### Which conclusions on {model_said(name)} survive"
    if not kinds:
        lead = "None of its constants is doubted: what is called assumed there is mathematics, units and molar masses."
        return [heading, lead]
    lead = (
        f"Each of the {kinds} constants was halved and doubled, one at a time, or taken to the end of its range where "
        "that ends before. Mathematics, units and molar masses are not doubted, and a constant that says where a level "
        "rests follows the change. In brackets: what the measure then is."
    )
    return [heading, lead, sensitivity_words(name, kind=HEADED)]
