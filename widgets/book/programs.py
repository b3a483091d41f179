"""The models' programs, in files of their own: a page's labs run what came with the book, and nothing that was text.

In a notebook a lab carries each model's JavaScript as text, which the browser imports from a `blob:` address. Many a
host's policy forbids that. So each program of a page lies once, as a plain script, in `_static/programs/`; the page
names it, and the saved state says `program:<name>-<hash>` where the text stood (frontend/src/model/module.ts reads it).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from widgets.book.state import STATE_MIME, saved_state

FOLDER = "programs"
_EXPORT = re.compile(r"^export (?=(?:const|function) (\w+))", re.MULTILINE)


def key_of(text: str) -> str:
    """What a program is called: the model's name and a hash of its text."""
    name = re.search(r'^export const name = "(\w+)"', text, re.MULTILINE)
    return f"{name[1] if name else 'model'}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def as_script(text: str) -> str:
    """The same program as a plain script, which works from disk too (modules do not) and lays what it offers by.

    `text` is what `Model.to_javascript()` writes: every name that it offers begins a line with `export`.
    """
    names = ", ".join(match[1] for match in _EXPORT.finditer(text))
    body = _EXPORT.sub("", text).rstrip()
    key = json.dumps(key_of(text))
    return f"(globalThis.livingSynapsePrograms ??= {{}})[{key}] = (() => {{\n{body}\nreturn {{ {names} }};\n}})();\n"


def without_programs(state: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """A saved widget state with names in place of programs, and the programs by their names; the argument stays."""
    programs: dict[str, str] = {}
    models = dict(state.get("state", {}))
    for widget, model in models.items():
        spec = model.get("state", {}).get("spec")
        if isinstance(spec, dict) and isinstance(spec.get("models"), list):
            named = [_named(each, programs) for each in spec["models"]]
            models[widget] = {**model, "state": {**model["state"], "spec": {**spec, "models": named}}}
    return {**state, "state": models}, programs


def _named(model: dict[str, Any], programs: dict[str, str]) -> dict[str, Any]:
    text = model.get("javascript", "")
    if not text.startswith("export "):  # named already
        return model
    key = key_of(text)
    programs[key] = text
    return {**model, "javascript": f"program:{key}"}


def put_back(state: dict[str, Any], pages: Path) -> dict[str, Any]:
    """A built page's widget state with its programs where their names stand; `pages`: the folder of the built book.

    Raises ValueError for a program that is not there or not as it was laid.
    """
    models = dict(state.get("state", {}))
    for widget, model in models.items():
        spec = model.get("state", {}).get("spec")
        if isinstance(spec, dict) and isinstance(spec.get("models"), list):
            whole = [{**each, "javascript": _text(each.get("javascript", ""), pages)} for each in spec["models"]]
            models[widget] = {**model, "state": {**model["state"], "spec": {**spec, "models": whole}}}
    return {**state, "state": models}


def _text(text: str, pages: Path) -> str:
    if not text.startswith("program:"):
        return text
    key = text.removeprefix("program:")
    path = pages / "_static" / FOLDER / f"{key}.js"
    script = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(r"\(\(\) => \{\n(.*)\nreturn \{ ([^}]*) \};\n\}\)\(\);\n$", script, re.DOTALL)
    names = set(found[2].split(", ")) if found else set()
    body = re.sub(
        r"^(?=(?:const|function) (\w+))", lambda at: "export " if at[1] in names else "", found[1] if found else "",
        flags=re.MULTILINE,
    )  # fmt: skip
    for ending in ("\n", ""):
        if key_of(body + ending) == key:
            return body + ending
    raise ValueError(f"{path} is not as it was built; build the book again (make book)")


def name_programs(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Name the programs of a page that is being written; after myst-nb has added the saved state to its scripts."""
    for place, script in enumerate(context["script_files"]):
        attributes = getattr(script, "attributes", {})
        if attributes.get("type") != STATE_MIME:
            continue
        state, programs = without_programs(json.loads(attributes["body"]))
        _lay(programs, Path(app.outdir))
        # In a script element `</` ends the element and `<!--` opens a comment, wherever they stand.
        body = json.dumps(state, separators=(",", ":")).replace("<", "\\u003c")
        changed = {**attributes, "body": body}
        context["script_files"][place] = type(script)(script.filename, priority=script.priority, **changed)
        for key in programs:
            # Before the runtime, which is deferred as well: such scripts run in their order.
            app.add_js_file(f"{FOLDER}/{key}.js", priority=script.priority - 1, loading_method="defer")


def lay_programs(app: Sphinx, exception: Exception | None) -> None:
    """Lay what is missing, and take away what no page names any more; Sphinx calls this when all is written."""
    if exception is not None or app.builder.format != "html":
        return
    wanted: dict[str, str] = {}
    for state in _states(app):
        wanted |= without_programs(state)[1]
    _lay(wanted, Path(app.outdir))
    for path in (Path(app.outdir) / "_static" / FOLDER).glob("*.js"):
        if path.stem not in wanted:
            path.unlink()


def _states(app: Sphinx) -> Iterator[dict[str, Any]]:
    for page in getattr(app.env, "nb_metadata", {}):
        state = saved_state(app.env, page)
        if state is not None:
            yield state


def _lay(programs: dict[str, str], outdir: Path) -> None:
    """Write programs as scripts; what lies there whole stays as it is."""
    folder = outdir / "_static" / FOLDER
    for key, text in programs.items():
        path, script = folder / f"{key}.js", as_script(text)
        if not path.is_file() or path.read_text(encoding="utf-8") != script:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(script, encoding="utf-8")
