"""Stills: what stands in a widget's place before it comes, and where it cannot come.

    from widgets.book.stills import still_of, stills_of
    still = still_of(state, view_id)     # `state`: a page's or a notebook's saved widget state
    still.svg, still.sentence            # its charts as one SVG, and the sentence that the live lab would say
    still.html()                         # a well-formed <figure>: for a notebook, an EPUB, a page of its own

A still shows a lab as it opens, and a block of questions with its choices. It is drawn by the labs' own TypeScript
(frontend/src/still) in one run of Node for all that are asked for; what was drawn once is kept by its content.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from widgets.book.cache import fingerprint
from widgets.book.places import PACKAGE
from widgets.book.state import VIEW_MIME, runtime_name, saved_state

log = logging.getLogger(__name__)

FRONTEND = PACKAGE / "frontend"
RUN_NODE = PACKAGE.parent / "hatch_build.py"
KEPT = PACKAGE.parent / "_build" / ".stills"
"""Where drawn stills are kept, unless another folder is asked for."""

_HOW = {
    "lab": "This is a still picture of the lab as it opens. Its sliders move in a browser with JavaScript turned on; "
    "in the chapter’s notebook the same lab runs with Python.",
    "questions": "With JavaScript turned on, the browser checks your answers here and says why each is right or "
    "wrong; so does the chapter’s notebook, with Python.",
    "other": "Here stands a control that moves in a browser with JavaScript turned on, or in the chapter’s notebook "
    "with Python.",
}
_SLIDERS = {"FloatSliderModel": "slider", "IntSliderModel": "slider", "DropdownModel": "menu"}
_VIEW = re.compile(rf'<script type="{re.escape(VIEW_MIME)}">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Question:
    """One of a block of questions."""

    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Still:
    """A widget as it opens, without a script.

    `kind` is "lab", "questions" or "other"; `sentence` is the live lab's own, `said` the same without what only a live
    lab can be asked to do. `svg` is a lab's main charts as one well-formed SVG in the palette's CSS
    variables with light fallbacks, `alt` its text alternative. `place` is what a page of the book holds in the widget's
    place: the same parts in the live widget's own classes, so that they take its room. What a kind has not is empty.
    """

    kind: str = "other"
    name: str = ""
    title: str = ""
    svg: str = ""
    alt: str = ""
    sentence: str = ""
    said: str = ""
    question: str = ""
    choices: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    how: str = _HOW["other"]
    place: str = ""

    def html(self) -> str:
        """A `<figure>` that is well-formed XML: title, picture, sentence, questions, how to see it live."""
        parts = [f"<p><strong>{escape(self.title)}</strong></p>"] if self.title else []
        if self.svg:
            parts.append(self.svg.replace("<svg ", f'<svg aria-label="{escape(self.alt)}" ', 1))
        if self.said:
            parts.append(f"<p>{escape(self.said)}</p>")
        asked = [Question(self.question, self.choices)] if self.question else []
        for question in [*asked, *self.questions]:
            choices = "".join(f"<li>{escape(choice)}</li>" for choice in question.choices)
            parts.append(f"<p>{escape(question.text)}</p><ul>{choices}</ul>")
        return f'<figure class="still">{"".join(parts)}<figcaption>{escape(self.how)}</figcaption></figure>'


def still_of(state: Mapping[str, Any], view_id: str, kept: Path | None = KEPT) -> Still:
    """The still of one widget. Arguments and errors as of `stills_of`."""
    return stills_of(state, [view_id], kept)[0]


def stills_of(state: Mapping[str, Any], view_ids: Sequence[str], kept: Path | None = KEPT) -> list[Still]:
    """The stills of widgets that are shown, drawn in one run of Node.

    Parameters
    ----------
    state : mapping
        A saved widget state, {"state": {model id: ...}}, as in a page or in a notebook's metadata.
    view_ids : sequence of str
        Ids of the models whose views are shown.
    kept : Path or None
        A folder in which what was drawn is kept; None keeps nothing.

    Raises
    ------
    RuntimeError
        Where the book cannot be built: stills are drawn by Node.
    ValueError
        For a lab that cannot be drawn as it opens, with its name and the reason.
    """
    models = state["state"]
    requests = [_request(models, view_id) for view_id in view_ids]
    answers = drawn([request for request in requests if request], kept)
    found = iter(answers)
    return [_still(request, next(found)) if request else Still() for request in requests]


def drawn(requests: Sequence[Mapping[str, Any]], kept: Path | None = KEPT) -> list[dict[str, Any]]:
    """The answers of frontend/src/still/index.ts, one for each request; those that are kept are not asked for."""
    keys = [_key(request) for request in requests]
    known = {key: found for key in keys if kept and (found := _read(kept / f"{key}.json"))}
    missing = {key: request for key, request in zip(keys, requests, strict=True) if key not in known}
    if missing:
        made = _asked(list(missing.values()))
        for key, answer in zip(missing, made, strict=True):
            known[key] = answer
            if kept:
                # A cache that cannot be written costs time, nothing else.
                with contextlib.suppress(OSError):
                    kept.mkdir(parents=True, exist_ok=True)
                    (kept / f"{key}.json").write_text(json.dumps(answer), encoding="utf-8")
    return [known[key] for key in keys]


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and ("place" in found or "trouble" in found) else None


@functools.cache
def _drawers() -> str:
    """What draws stills, in one hash: the view's code and the palette."""
    sources = [path for path in (FRONTEND / "src").rglob("*.ts") if not path.name.endswith(".d.ts")]
    files = [*sources, *FRONTEND.glob("*.mjs"), PACKAGE / "palette.json"]
    return fingerprint(files, PACKAGE)


def _key(request: Mapping[str, Any]) -> str:
    text = json.dumps(request, sort_keys=True) + _drawers()
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _asked(requests: list) -> list[dict[str, Any]]:
    """From one run of Node."""
    if not RUN_NODE.is_file() or not (FRONTEND / "still.mjs").is_file():
        raise RuntimeError(
            "Stills are drawn by Node when the book is built, which needs the repository and its build tools; "
            f"{RUN_NODE} is not there. Clone the repository and run `make setup`."
        )
    run = subprocess.run(
        [sys.executable, str(RUN_NODE), "still.mjs"],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if run.returncode:
        lines = [line for line in run.stderr.splitlines() if re.search(r"Error\b|ERROR", line)] or ["it said nothing"]
        raise RuntimeError(f"Node could not draw the stills (run `make setup`, then try again): {lines[0].strip()}")
    # Whatever npm had to say about packages that it fetched stands in the lines before.
    return json.loads(run.stdout.splitlines()[-1])


def _request(models: Mapping[str, Any], view_id: str) -> dict[str, Any] | None:
    """What Node is asked for one widget; None for one that is neither lab nor questions."""
    values = models.get(view_id, {}).get("state", {})
    kind = runtime_name(values)
    if kind == "questions":
        return {"kind": kind, "values": {name: values[name] for name in ("name", "questions")}}
    children = [(child, models.get(child, {})) for child in _children(values)]
    views = [child for child, model in children if runtime_name(model.get("state", {})) == "lab"]
    if kind == "lab":
        views, values = [view_id], {"_dom_classes": ["synapse-lab"]}
    if not views:
        return None
    given = models[views[0]]["state"]
    inputs = [models[inner]["state"] for child, _ in children for inner in _children(models[child]["state"])]
    return {
        "kind": "lab",
        "spec": given["spec"],
        "values": {name: value for name, value in given.items() if name != "spec" and not name.startswith("_")},
        "classes": values["_dom_classes"],
        "controls": [_control(values) for values in inputs],
    }


def _children(values: Mapping[str, Any]) -> list[str]:
    return [str(child).removeprefix("IPY_MODEL_") for child in values.get("children", ())]


def _control(values: Mapping[str, Any]) -> dict[str, Any]:
    options = list(values.get("_options_labels", ()))
    chosen = options[values.get("index") or 0] if options else ""
    return {
        "kind": _SLIDERS.get(values.get("_model_name", ""), "switch"),
        "classes": list(values.get("_dom_classes", ())),
        "label": values.get("description", ""),
        "options": [chosen],
    }


def _still(request: Mapping[str, Any], answer: Mapping[str, Any]) -> Still:
    if "trouble" in answer:
        name = request.get("spec", request.get("values", {})).get("name", "")
        raise ValueError(f"The {request['kind']} {name!r} cannot be drawn as it opens: {answer['trouble']}")
    known = {field.name for field in fields(Still)}
    given = {name: value for name, value in answer.items() if name in known}
    given["choices"] = tuple(answer["choices"])
    if "questions" in given:
        given["questions"] = tuple(Question(each["text"], tuple(each["choices"])) for each in given["questions"])
    return Still(kind=request["kind"], how=_HOW[request["kind"]], **given)


# -- in the book's pages -----------------------------------------------------------------------------------


def _folder(app: Sphinx) -> Path:
    return Path(app.outdir).parent / KEPT.name


def draw_all(app: Sphinx, env: Any) -> Iterable[str]:
    """Draw what the book's pages will show, in one run of Node for all of them; Sphinx calls this when all is read."""
    if app.builder.format != "html":
        return []
    requests = []
    for name in sorted(env.found_docs):
        saved = saved_state(env, name)
        if saved:
            models = saved["state"]
            # A lab's view stands in the box that is shown.
            inner = {child for model in models.values() for child in _children(model.get("state", {}))}
            requests += [
                request for view_id in models if view_id not in inner and (request := _request(models, view_id))
            ]
    answers = drawn(requests, _folder(app))
    for request, answer in zip(requests, answers, strict=True):
        if "trouble" in answer:
            log.warning("a %s cannot be drawn as it opens: %s", request["kind"], answer["trouble"])
    return []


def set_stills(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put a still into each widget's place; Sphinx calls this before it writes a page."""
    saved = saved_state(app.env, page) if doctree is not None else None
    if saved and VIEW_MIME in (context.get("body") or ""):
        context["body"] = with_stills(context["body"], saved, _folder(app))


def with_stills(body: str, state: Mapping[str, Any], kept: Path | None = KEPT) -> str:
    """A page's HTML with a still in each widget's place, before the script that names its view."""
    scripts = list(_VIEW.finditer(body))
    stills = stills_of(state, [json.loads(script[1])["model_id"] for script in scripts], kept)
    for script, still in reversed(list(zip(scripts, stills, strict=True))):
        place = (
            f'<div class="widget-place" data-kind="{still.kind}"><div class="widget-still">{still.place}'
            f'<p class="still-how">{escape(still.how)}</p></div>{script[0]}</div>'
        )
        body = body[: script.start()] + place + body[script.end() :]
    return body
