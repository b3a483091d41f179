"""Notebooks to run: a copy of each chapter that every notebook program shows well, with or without a kernel.

The prose is plain Markdown (`notebook_prose`), each lab has a name (`lab_cells`), a first cell brings the package where
it is not there, and until it is run each lab is a still picture with its sentence. The copies are written with the
book's pages, into `notebooks/` beside them.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx

from widgets.book import glossary
from widgets.book.audit import BookError
from widgets.book.cache import opened
from widgets.book.lab_cells import named
from widgets.book.links import copy_of_chapter, install_from, published_at
from widgets.book.notebook_prose import Link, Prose, Unwritten, anchor, prose_of
from widgets.book.notebooks import KERNEL
from widgets.book.state import STATE_MIME, VIEW_MIME, runtime_name
from widgets.book.stills import KEPT, Question, Still, stills_of
from widgets.version import VERSION

_SVG = "http://www.w3.org/2000/svg"
_MARGIN = 12
_HIDDEN = {
    "hide-input": {"source_hidden": True},
    "remove-input": {"source_hidden": True},
    "hide-output": {"outputs_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
    "remove-cell": {"source_hidden": True, "outputs_hidden": True},
}
"""What a page folds away, as Jupyter says it."""


def write_copy(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the copy of a chapter; Sphinx calls this before it writes the chapter's page."""
    source = Path(app.env.doc2path(page)) if doctree is not None and app.builder.name == "html" else None
    if source is None or source.suffix != ".ipynb":
        return
    chapter = nbformat.read(source, as_version=4)
    try:
        prose = prose_of(doctree, _addresses(app, page, doctree), _figure_numbers(app, page))
    except Unwritten as error:
        raise BookError(f"{page}, {error}") from error
    prose.pictures = {name: str(Path(app.srcdir) / uri) for name, uri in prose.pictures.items()}
    place = Path(app.outdir) / copy_of_chapter(page)
    place.parent.mkdir(parents=True, exist_ok=True)
    environment = app.config.living_synapse_environment
    copied = copy_of(_executed(app, chapter), prose, install_cell(environment), Path(app.outdir).parent / KEPT.name)
    nbformat.write(copied, place)


def copy_of(chapter: NotebookNode, prose: Prose, install: str, kept: Path | None = None) -> NotebookNode:
    """The copy of a chapter.

    chapter : as it was run, with its saved widgets, or as it is stored. prose : what its Markdown says.
    install : the text of the first cell. kept : where drawn stills are kept.
    """
    state = chapter.metadata.get("widgets", {}).get(STATE_MIME, {"state": {}})
    codes = {place: cell for place, cell in enumerate(chapter.cells) if cell.cell_type == "code"}
    names = dict(zip(codes, named([cell.source for cell in codes.values()]), strict=True))
    cells = [nbformat.v4.new_code_cell(install)]
    for place in range(len(chapter.cells)):
        if place in codes:
            cell = codes[place]
            cells.append(_code_cell(cell, names[place].source, state, kept))
            cells += [nbformat.v4.new_markdown_cell(text) for text in [prose.captions.get(place)] if text]
            if names[place].lab:
                cells.append(nbformat.v4.new_markdown_cell(hint(names[place].lab, _spec(cell, state))))
        if place in prose.cells:
            cells.append(_markdown_cell(prose.cells[place], prose.pictures))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02d}"
    return nbformat.v4.new_notebook(
        cells=cells, metadata=nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    )


def install_cell(environment: Mapping[str, str]) -> str:
    """The first cell: it installs the package from where this book was built, if it is not there; else it does nothing.

    environment : as for `repository_links`. Where no repository is known the cell says what is missing.
    """
    address = install_from(environment)
    if address:
        otherwise = f'    %pip install --quiet "living-synapse[models] @ {address}"'
    else:
        otherwise = (
            "    raise ModuleNotFoundError(\n"
            f'        "The Living Synapse {VERSION} is not installed: run `pip install .` in its folder."\n'
            "    ) from None"
        )
    return (
        "# Brings the book's package where it is missing, as on Colab; where it is there, as on Binder, does nothing.\n"
        "from importlib.metadata import PackageNotFoundError, version\n\n"
        'try:\n    version("living-synapse")\nexcept PackageNotFoundError:\n' + otherwise
    )


def hint(lab: str, spec: Mapping[str, Any]) -> str:
    """What can be done with a lab in the next cell, with settings of its own."""
    example = _example(spec)
    set_it = f"`{lab}.set({example})`" if example else f"`{lab}.set(...)`"
    return f"*Try in a new cell:* `{lab}.values` says how this lab is set, {set_it} sets it, and the picture follows."


def _example(spec: Mapping[str, Any]) -> str:
    """A setting that differs from the one that the lab opens with, as an argument; empty where none is known."""
    medicines = (spec.get("drive") or {}).get("medicines", ())
    for control in spec.get("controls", ()):
        name, now = control["name"], spec["start"].get(control["name"])
        if control["kind"] == "choice":
            other = next((place for place in range(len(control["options"])) if place != now), None)
            if other is not None:
                chosen = (
                    medicines[other]["name"]
                    if name in ("drug", "other_drug") and medicines
                    else control["options"][other]
                )
                return f"{name}={json.dumps(chosen, ensure_ascii=False)}"
        if control["kind"] == "number":
            wanted = control["maximum"] if now != control["maximum"] else control["minimum"]
            return f"{name}={wanted:g}"
        if control["kind"] == "switch":
            return f"{name}={not now}"
    return ""


# -- cells -------------------------------------------------------------------------------------------------------------


def _markdown_cell(text: str, pictures: Mapping[str, str]) -> NotebookNode:
    cell = nbformat.v4.new_markdown_cell(text)
    shown = {name: Path(path) for name, path in pictures.items() if f"(attachment:{name})" in text}
    if shown:
        cell["attachments"] = {
            name: {mimetypes.guess_type(name)[0] or "image/png": base64.b64encode(path.read_bytes()).decode()}
            for name, path in shown.items()
        }
    return cell


def _code_cell(cell: NotebookNode, source: str, state: Mapping[str, Any], kept: Path | None) -> NotebookNode:
    tags = cell.metadata.get("tags", [])
    jupyter: dict[str, bool] = {}
    for tag in tags:
        jupyter |= _HIDDEN.get(tag, {})
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if jupyter:
        metadata["jupyter"] = jupyter
    if jupyter.get("source_hidden"):
        metadata["cellView"] = "form"  # what Colab calls it
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    outputs = [] if "remove-output" in tags else [_shown(output, state, alt, kept) for output in cell.outputs]
    return nbformat.v4.new_code_cell(
        source, metadata=metadata, outputs=outputs, execution_count=cell.execution_count if outputs else None
    )


def _shown(output: NotebookNode, state: Mapping[str, Any], alt: str, kept: Path | None) -> NotebookNode:
    """An output as it can be shown without having been run here, even by a program that does not trust the notebook."""
    if "data" not in output:
        return output
    data = dict(output.data)
    if VIEW_MIME in data:
        return _output(output, _still(data, state, kept))
    if "image/svg+xml" in data:
        # SVG by itself is shown only where a notebook is trusted; as the source of a picture it is shown everywhere.
        return _output(
            output, {"text/html": picture(data["image/svg+xml"], alt), "text/plain": data.get("text/plain", "")}
        )
    if "text/html" in data:
        data.pop("text/markdown", None)
    return _output(output, data)


def _output(output: NotebookNode, data: Mapping[str, Any]) -> NotebookNode:
    return NotebookNode({**output, "data": NotebookNode(data), "metadata": NotebookNode()})


def picture(svg: str, alt: str) -> str:
    """An SVG as an HTML picture on white, since a notebook may be dark."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    sheet = {"width": "100%", "height": "100%", "fill": "#ffffff"}
    if "viewBox" in root.attrib:
        # In a page what stands at the edge may protrude; a picture is cut there, so it gets a margin.
        x, y, width, height = (float(number) for number in root.attrib["viewBox"].split())
        sheet |= {"x": f"{x - _MARGIN:g}", "y": f"{y - _MARGIN:g}"}
        size = f"{width + 2 * _MARGIN:g}", f"{height + 2 * _MARGIN:g}"
        root.attrib |= {"viewBox": " ".join([sheet["x"], sheet["y"], *size])}
        if root.attrib.get("width") == f"{width:g}":
            root.attrib |= {"width": size[0], "height": size[1]}
    root.insert(0, ElementTree.Element(f"{{{_SVG}}}rect", sheet))
    data = base64.b64encode(ElementTree.tostring(root)).decode()
    return f'<img alt="{escape(" ".join(alt.split()))}" src="data:image/svg+xml;base64,{data}">'


def _still(data: Mapping[str, Any], state: Mapping[str, Any], kept: Path | None) -> dict[str, str]:
    view = data[VIEW_MIME]["model_id"]
    try:
        found = stills_of(state, [view], kept)[0] if view in state.get("state", {}) else Still()
    except ValueError:
        # Which lab cannot be drawn, and why, is told once for the whole book (`stills.draw_all`), as a warning.
        found = Still()
    return {"text/html": still_html(found), "text/plain": f"{data.get('text/plain', '')}: run this cell".lstrip(": ")}


def still_html(still: Still) -> str:
    """A widget that has not been run here: how it opens, and how it comes alive."""
    parts = [f"<p><strong>{escape(still.title)}</strong></p>"] if still.title else []
    asked = [Question(still.question, still.choices)] if still.question else []
    for question in [*asked, *still.questions]:
        choices = "".join(f"<li>{escape(choice)}</li>" for choice in question.choices)
        parts.append(f"<p>{escape(question.text)}</p><ul>{choices}</ul>")
    if still.svg:
        parts.append(picture(still.svg, still.alt))
    if still.sentence:
        parts.append(f"<p>{escape(still.sentence)}</p>")
    what = {
        "lab": "This is a still picture of the lab as it opens; run, its sliders move.",
        "questions": "Run, each answer gets a reply.",
    }.get(still.kind, "Run, it answers.")
    parts.append(
        f"<p><strong>Run me:</strong> choose <em>Run All Cells</em>, or run the first cell, then this one. {what}</p>"
    )
    return "".join(parts)


def _spec(cell: NotebookNode, state: Mapping[str, Any]) -> Mapping[str, Any]:
    """The spec of the lab that a cell showed; empty where it was not run."""
    models = state.get("state", {})
    for output in cell.outputs:
        view = output.get("data", {}).get(VIEW_MIME, {}).get("model_id")
        children = models.get(view, {}).get("state", {}).get("children", ())
        for values in (models.get(str(child).removeprefix("IPY_MODEL_"), {}).get("state", {}) for child in children):
            if runtime_name(values) == "lab":
                return values["spec"]
    return {}


# -- what Sphinx knows -------------------------------------------------------------------------------------------------


def _executed(app: Sphinx, chapter: NotebookNode) -> NotebookNode:
    """The chapter as the book's build ran it; as it is stored, if the build runs none."""
    with opened(app.config.nb_execution_cache_path) as cache:
        try:
            return cache.merge_match_into_notebook(chapter)[1]
        except KeyError:
            return chapter


def _figure_numbers(app: Sphinx, page: str) -> dict[str, str]:
    found = {}
    for kind, numbers in app.env.toc_fignumbers.get(page, {}).items():
        words = app.config.numfig_format.get(kind, "%s")
        found |= {each: words % ".".join(map(str, number)) for each, number in numbers.items()}
    return found


def _addresses(app: Sphinx, page: str, document: nodes.document):
    """Where the references of a chapter lead from its copy: out, to the published book, or to a copy beside it."""
    book = published_at(app.config.living_synapse_environment)
    sources = _sources(app)
    terms = glossary.every_entry(app.env)
    headings = {each: section[0].astext() for section in document.findall(nodes.section) for each in section["ids"]}

    def address(reference: nodes.reference) -> Link:
        uri = reference.get("refuri", "")
        if urlsplit(uri).scheme:
            return Link(uri)
        here = app.builder.get_target_uri(page)
        path, _, place = urljoin(here, uri or f"#{reference.get('refid', '')}").partition("#")
        if (path, place) in sources:
            return Link(sources[path, place])
        if path == here:
            return Link(anchor(headings[place])) if place in headings else Link()
        definition = terms[place][1] if place in terms else ""
        if book:
            return Link(f"{book}{path}{'#' if place else ''}{place}", definition)
        name = next((each for each in app.env.found_docs if app.builder.get_target_uri(each) == path), None)
        if name and app.env.doc2path(name).endswith(".ipynb"):
            return Link(posixpath.relpath(copy_of_chapter(name), posixpath.dirname(copy_of_chapter(page))))
        return Link("", definition)

    return address


def _sources(app: Sphinx) -> dict[tuple[str, str], str]:
    """(page, anchor) of an entry of the bibliography -> where the source itself is, if it says so."""
    found = {}
    for citation in app.env.get_domain("cite").citations:
        fields = citation.entry.fields
        stated = re.search(r"\\url\{([^}]+)\}", fields.get("howpublished", ""))
        address = fields.get("url", stated[1] if stated else "")
        if "doi" in fields:
            address = f"https://doi.org/{fields['doi']}"
        if address:
            page = app.builder.get_target_uri(citation.bibliography_key.docname)
            found[page, citation.citation_id] = address
    return found
