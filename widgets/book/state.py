"""Widget state, saved in a page without what the page already has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

STATE_MIME = "application/vnd.jupyter.widget-state+json"
VIEW_MIME = "application/vnd.jupyter.widget-view+json"


def thin_state(state: dict) -> dict:
    """Return a saved widget state without what the page already has.

    `state` is the content of an `application/vnd.jupyter.widget-state+json` script. The JavaScript and CSS of
    `LabView` and `CheckYourself` stand once in runtime.js and book.css: their `_esm` becomes a pointer there, their
    `_css` empty. Unset properties (null) of layouts and styles are the defaults and are dropped. Nothing else changes,
    and the argument is left as it was.
    """
    thinned: dict[str, dict] = {}
    for model_id, model in state.get("state", {}).items():
        values = dict(model.get("state", {}))
        if "_esm" in values:
            module = runtime_name(values)
            if module:
                values["_esm"] = f"export default globalThis.livingSynapse.{module}"
                values["_css"] = ""
        if model.get("model_name", "").endswith(("LayoutModel", "StyleModel")):
            values = {key: value for key, value in values.items() if value is not None}
        thinned[model_id] = {**model, "state": values}
    return {**state, "state": thinned}


def runtime_name(values: Mapping[str, Any]) -> str | None:
    """Which part of the runtime an anywidget is: `lab`, `questions` or (not ours) None.

    `_anywidget_id` is the full name of the Python class; a lab makes subclasses of its view, in the view's module.
    """
    origin = str(values.get("_anywidget_id", ""))
    parts = (("widgets.labs.", "lab"), ("widgets.questions.", "questions"))
    for module, name in parts:
        if origin.startswith(module):
            return name
    return None


def saved_state(env: Any, page: str) -> dict[str, Any] | None:
    """The widget state that myst-nb has laid by for a page; None for a page without widgets."""
    scripts = getattr(env, "nb_metadata", {}).get(page, {}).get("js_files", {})
    return json.loads(scripts["ipywidgets_state"][1]["body"]) if "ipywidgets_state" in scripts else None


def thin_page_state(app: Sphinx, doctree: nodes.document) -> None:
    """Thin the widget state that myst-nb has laid by for a page."""
    scripts = getattr(app.env, "nb_metadata", {}).get(app.env.docname, {}).get("js_files", {})
    if "ipywidgets_state" in scripts:
        uri, attributes = scripts["ipywidgets_state"]
        body = json.dumps(thin_state(json.loads(attributes["body"])), separators=(",", ":"))
        # In a script element `</` ends the element and `<!--` opens a comment, wherever they stand.
        scripts["ipywidgets_state"] = (uri, {**attributes, "body": body.replace("<", "\\u003c")})
