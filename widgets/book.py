"""The Sphinx extension that makes saved widgets live in a static page, and a page this book's own.

Jupyter Book reads `_config.yml`, which lists `widgets.book` among the extensions. At build time it

- points the pages at our own runtime instead of a CDN, and thins the saved widget state (`thin_state`);
- keys the cache of executed notebooks by the package's own files (`execution_hash`), so that a changed model is seen;
- sets matplotlib's SVG figures into the page, in the page's colours (`inline_svg`);
- sets equations as MathML (`mathml`): no script, no font download, readable aloud;
- carries the glossary's definitions into the pages that use them;
- offers source and launch links where a repository is known, and only there (`repository_links`);
- refuses to finish if a page shows a traceback or a widget that was not saved (`page_problems`).

The pure functions named above are what the tests feed with broken pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from pygments.style import Style
from pygments.token import Comment, Error, Generic, Keyword, Name, Number, Operator, String, Token
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError, ExtensionError, SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent
STATIC = PACKAGE / "static"
THEME = PACKAGE / "theme"
ASSETS = ("runtime.js", "page.js", "book.css")
STATE_MIME = "application/vnd.jupyter.widget-state+json"
VIEW_MIME = "application/vnd.jupyter.widget-view+json"

PALETTE: dict[str, list[str]] = json.loads((PACKAGE / "data" / "palette.json").read_text(encoding="utf-8"))


class BookError(SphinxError):
    """A page that must not be published."""

    category = "The Living Synapse"


# ---------------------------------------------------------------------------------------------------------------------
# Code colours: the palette's text hues, which were chosen for contrast on its ground.


def _code_style(theme: int) -> dict[Any, str]:
    ink, soft, blue, green, orange, pink = (
        PALETTE[name][theme]
        for name in ("ink", "ink_soft", "serotonin_text", "norepinephrine_text", "dopamine_text", "gaba_text")
    )
    return {
        Token: ink, Error: orange, Comment: f"italic {soft}", Keyword: f"bold {blue}", Operator.Word: f"bold {blue}",
        Name.Builtin: blue, Name.Function: pink, Name.Class: pink, Name.Decorator: pink, String: green,
        Number: orange, Generic.Heading: f"bold {ink}", Generic.Deleted: orange, Generic.Inserted: green,
    }  # fmt: skip


class LightCode(Style):
    """Code on a light page."""

    name = "living-synapse-light"
    background_color = PALETTE["inset"][0]
    styles = _code_style(0)


class DarkCode(Style):
    """Code on a dark page."""

    name = "living-synapse-dark"
    background_color = PALETTE["inset"][1]
    styles = _code_style(1)


# ---------------------------------------------------------------------------------------------------------------------
# Widget state


def thin_state(state: dict) -> dict:
    """Return a saved widget state without what the page already has.

    `state` is the content of an `application/vnd.jupyter.widget-state+json` script. The JavaScript and CSS of
    `LabView` and `CheckYourself` stand once in runtime.js and book.css: their `_esm` becomes a pointer there, their
    `_css` empty. Unset properties (null) of layouts and styles are the defaults and are dropped. Nothing else changes,
    and the argument is left as it was.
    """
    thinned = {}
    for model_id, model in state.get("state", {}).items():
        values = dict(model.get("state", {}))
        if "_esm" in values:
            module = _runtime_name(values)
            if module:
                values["_esm"] = f"export default globalThis.livingSynapse.{module}"
                values["_css"] = ""
        if model.get("model_name", "").endswith(("LayoutModel", "StyleModel")):
            values = {key: value for key, value in values.items() if value is not None}
        thinned[model_id] = {**model, "state": values}
    return {**state, "state": thinned}


def _runtime_name(values: Mapping[str, Any]) -> str | None:
    """Which part of the runtime an anywidget is: `lab`, `questions` or (not ours) None.

    `_anywidget_id` is the full name of the Python class; LabView makes subclasses, but all in its own module.
    """
    origin = str(values.get("_anywidget_id", ""))
    for module, name in (("widgets.labs.", "lab"), ("widgets.questions.", "questions")):
        if origin.startswith(module):
            return name
    return None


def _thin_page_state(app: Sphinx, doctree: nodes.document) -> None:
    scripts = getattr(app.env, "nb_metadata", {}).get(app.env.docname, {}).get("js_files", {})
    if "ipywidgets_state" in scripts:
        uri, attributes = scripts["ipywidgets_state"]
        body = json.dumps(thin_state(json.loads(attributes["body"])), separators=(",", ":"))
        # In a script element `</` ends the element and `<!--` opens a comment, wherever they stand.
        scripts["ipywidgets_state"] = (uri, {**attributes, "body": body.replace("<", "\\u003c")})


# ---------------------------------------------------------------------------------------------------------------------
# Mathematics


def mathml(latex: str, display: bool = False) -> str:
    """LaTeX as MathML, which browsers set and screen readers read without a script.

    Raises ValueError, naming the command, if the LaTeX holds one that has no MathML.
    """
    from latex2mathml.converter import convert

    try:
        markup = convert(latex.strip(), display="block" if display else "inline")
    except Exception as error:
        raise ValueError(f"cannot set {latex.strip()!r} as MathML: {type(error).__name__} {error}") from error
    unknown = re.search(r">\\([A-Za-z]+)<", markup)
    if unknown:
        raise ValueError(f"cannot set {latex.strip()!r} as MathML: no rule for \\{unknown[1]}")
    return markup


def _visit_math(translator: Any, node: nodes.math) -> None:
    translator.body.append(_math_or_warning(node, False))
    raise nodes.SkipNode


def _visit_math_block(translator: Any, node: nodes.math_block) -> None:
    number = ""
    if node.get("number"):
        number = f'<span class="eqno">({node["number"]})</span>'
    ids = f' id="{node["ids"][0]}"' if node.get("ids") else ""
    translator.body.append(f'<div class="math"{ids}>{_math_or_warning(node, True)}{number}</div>\n')
    raise nodes.SkipNode


def _math_or_warning(node: nodes.Element, display: bool) -> str:
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        log.warning("%s", error, location=node, type="living-synapse", subtype="math")
        return f"<code>{escape(node.astext())}</code>"


# ---------------------------------------------------------------------------------------------------------------------
# Build


def _configure(app: Sphinx, config: Any) -> None:
    missing = [name for name in ASSETS if not (STATIC / name).exists()]
    if missing:
        raise ConfigError(
            f"widgets/static/ lacks {', '.join(missing)}: bundle the browser code first (`make` does, or "
            "`python hatch_build.py`)."
        )
    config.pygments_style = "widgets.book.LightCode"
    config.nb_ipywidgets_js = {"runtime.js": {"defer": "defer"}}
    config.html_static_path = [*config.html_static_path, *(str(STATIC / name) for name in ASSETS)]


def _dark_code(app: Sphinx) -> None:
    app.config.pygments_dark_style = "widgets.book.DarkCode"  # furo's own setting, which it reads after us


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it for an extension this book leaves out
    app.connect("builder-inited", _dark_code, priority=100)
    app.connect("config-inited", _configure, priority=10)
    app.connect("doctree-read", _thin_page_state)
    app.add_html_math_renderer("mathml", (_visit_math, None), (_visit_math_block, None))
    app.add_css_file("book.css", priority=900)
    app.add_js_file("page.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
