"""Each lab on a page of its own, for a frame in somebody else's page: labs/<name>.html, and how to use it.

Such a page holds the lab with its prediction, and nothing of the chapter but a way back. It is compact, tells the page
around it how tall it is (frontend/src/runtime/framed.ts), and takes settings from its address as a chapter does. Under
each lab of a chapter stand the lab's address and the lines that frame it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from widgets.book import pages, programs
from widgets.book.fingerprints import fingerprint
from widgets.book.links import published_at
from widgets.book.places import STATIC, THEME
from widgets.book.state import VIEW_MIME, saved_state

FOLDER = "labs"
HEIGHT = 560
"""Px of the frame that a teacher is given to copy; the lab tells its own to a page that listens."""
_PLACE = re.compile(
    rf'<div class="widget-place" data-kind="lab">(?:(?!<div class="widget-place").)*?'
    rf'<script type="{re.escape(VIEW_MIME)}">(.*?)</script></div>',
    re.DOTALL,
)
_MODEL = "IPY_MODEL_"


@dataclass(frozen=True)
class Framed:
    """One lab of a page: its name and title, its place in the page's HTML, and the part of the state that it needs."""

    name: str
    title: str
    place: str
    state: dict[str, Any]


def write_frames(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Write the labs of a page each on its own, and say under each how to use it; after the stills are in place."""
    body = context.get("body") or ""
    state = saved_state(app.env, page) if doctree is not None else None
    if state is None:
        return
    labs = list(framed(body, programs.without_programs(state)[0]))
    published = published_at(app.config.living_synapse_environment) or ""
    for lab in labs:
        claim(app, lab.name, page)
        path = Path(app.outdir) / FOLDER / f"{lab.name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(page_of(lab, page, app.env.titles[page].astext(), app.config), encoding="utf-8")
        address = f"{FOLDER}/{lab.name}.html"
        use = how_to_use(lab, context["pathto"](address, 1), f"{published}{address}" if published else "")
        body = body.replace(lab.place, lab.place + use, 1)
    context["body"] = body


def claim(app: Sphinx, name: str, page: str) -> None:
    """A lab's name is its address, so no two of the book may share one."""
    owners = app.env.__dict__.setdefault("living_synapse_labs", {})
    other = owners.get(name)
    if other not in (None, page) and other in app.env.found_docs and name in _names(saved_state(app.env, other)):
        raise ExtensionError(
            f"Two labs are called {name!r}, one in {other} and one in {page}; give one of them another name=, since "
            f"each has a page of its own at {FOLDER}/{name}.html."
        )
    owners[name] = page


def _names(state: Mapping[str, Any] | None) -> set[str]:
    models = (state or {}).get("state", {}).values()
    specs = (model.get("state", {}).get("spec") for model in models)
    return {spec["name"] for spec in specs if isinstance(spec, dict)}


def framed(body: str, state: Mapping[str, Any]) -> Iterator[Framed]:
    """The labs of a page's HTML, in order. `state`: the page's saved widget state."""
    models = state["state"]
    for found in _PLACE.finditer(body):
        needed = closure(models, json.loads(found[1])["model_id"])
        specs = [models[each]["state"]["spec"] for each in needed if "spec" in models[each].get("state", {})]
        if specs:
            part = {**state, "state": {each: models[each] for each in needed}}
            yield Framed(specs[0]["name"], specs[0]["title"], found[0], part)


def closure(models: Mapping[str, Any], root: str) -> list[str]:
    """The models that one needs: what it refers to, what these refer to, and the links between any of them."""
    found = {root}
    waiting = [root]
    while waiting:
        for each in _references(models[waiting.pop()].get("state", {})):
            if each in models and each not in found:
                found.add(each)
                waiting.append(each)
    for name, model in models.items():
        ends = set(_references(model.get("state", {})))
        if "Link" in model.get("model_name", "") and len(ends) == 2 and ends <= found:
            found.add(name)
    return [name for name in models if name in found]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(_MODEL):
            yield value.removeprefix(_MODEL)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _references(each)


# -- what is written --------------------------------------------------------------------------------------------------


def page_of(lab: Framed, chapter: str, chapter_title: str, config: Any) -> str:
    """The HTML of a lab's own page, `chapter`: the document that it stands in."""
    specs = [model["state"]["spec"] for model in lab.state["state"].values() if "spec" in model.get("state", {})]
    texts = [model["javascript"] for spec in specs for model in spec["models"]]
    keys = list(dict.fromkeys(text.removeprefix("program:") for text in texts if text.startswith("program:")))
    template = _templates().get_template("lab.html")
    return template.render(
        lab=lab, keys=keys, chapter=f"../{chapter}.html", chapter_title=chapter_title, book=config.html_title,
        language=config.language or "en", head_script=pages.head_script(), favicon=pages.favicon(),
        state=pages.as_data(lab.state), versioned=versioned,
    )  # fmt: skip


def _templates() -> Environment:
    loader = FileSystemLoader(THEME / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def versioned(name: str) -> str:
    """The address of a bundle, with a mark of its content: a browser that kept an older one asks again."""
    return f"../_static/{name}?v={fingerprint([STATIC / name], STATIC)[:8]}"


def how_to_use(lab: Framed, address: str, published: str) -> str:
    """What stands under a lab: its own address, and the lines that put it into another page.

    address : of the lab's page, from the page it stands on. published : the same from anywhere, "" if that is unknown;
    then the reader's browser fills it in (frontend/src/runtime/use.ts).
    """
    frame = (
        f'<iframe src="{escape(published or posixpath.basename(address))}" title="{escape(lab.title)}" width="100%" '
        f'height="{HEIGHT}" style="border:0" loading="lazy" allow="clipboard-write"></iframe>'
    )
    return (
        f'<details class="lab-use" data-lab="{escape(lab.name)}"><summary>Use this lab</summary>'
        f'<p><a href="{escape(address)}">This lab on a page of its own</a>, to link to or to show in a lesson. To put '
        "it into a page of a course:</p>"
        f'<pre tabindex="0"><code>{escape(frame)}</code></pre>'
        "<p>The button <em>Link</em> in the lab gives an address that also holds its settings.</p></details>"
    )
