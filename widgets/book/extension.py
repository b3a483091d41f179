"""The Sphinx extension that makes saved widgets live in a static page, and a page this book's own.

Jupyter Book reads `_config.yml`, which lists `widgets.book.extension` among the extensions. At build time it

- points the pages at our own runtime instead of a CDN, and thins the saved widget state (`thin_state`);
- keys the cache of executed notebooks by the package's own files (`execution_hash`), so that a changed model is seen;
- sets matplotlib's SVG figures into the page, in the page's colours (`inline_svg`);
- writes the model reference from the models and the drug atlas from the data, and lays their downloads beside the
  pages (`widgets.book.reference`, `widgets.book.atlas`);
- sets equations as MathML (`mathml`): no script, no font download, readable aloud;
- draws the contents from `_toc.yml` (`contents`) and carries the glossary's definitions into the pages that use them;
- offers source and launch links where a repository is known, and only there (`repository_links`);
- refuses to finish if a page shows a traceback or a widget that was not saved (`page_problems`).

The pure functions named above are what the tests feed with broken pages.
"""

from __future__ import annotations

import hashlib
import json
import logging as python_logging
import multiprocessing
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex.backends.plaintext import Backend as PlainText
from pybtex.plugin import register_plugin as register_backend
from pygments.style import Style
from pygments.token import Comment, Error, Generic, Keyword, Name, Number, Operator, String, Token
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError, SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]
STATIC = PACKAGE / "static"
THEME = PACKAGE / "book" / "theme"
ASSETS = ("runtime.js", "page.js", "book.css", "fonts.css", "third-party-licences.txt")
STATE_MIME = "application/vnd.jupyter.widget-state+json"
VIEW_MIME = "application/vnd.jupyter.widget-view+json"

PALETTE: dict[str, list[str]] = json.loads((PACKAGE / "palette.json").read_text(encoding="utf-8"))


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

    `_anywidget_id` is the full name of the Python class; a lab makes subclasses of its view, in the view's module.
    """
    origin = str(values.get("_anywidget_id", ""))
    parts = (("widgets.labs.", "lab"), ("widgets.questions.", "questions"))
    for module, name in parts:
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
# What a page depends on

# Not needed to run a chapter: a change here changes how pages look, not what cells print.
_PRESENTATION = ("book", "frontend", "static")
# Their versions show in outputs and saved widgets.
_LIBRARIES = ("anywidget", "antimony", "ipywidgets", "matplotlib", "numpy", "pandas", "scipy", "sympy")


def package_hash(package: Path = PACKAGE, leave_out: Sequence[str] = ()) -> str:
    """A short hash of every file of the package (names and contents) and of the libraries' versions.

    `leave_out` names top-level files or folders. Caches and npm's packages never count.
    """
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}\n".encode())
        except PackageNotFoundError:
            continue
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if parts[0] in leave_out or {"__pycache__", "node_modules"} & set(parts) or not path.is_file():
            continue
        digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def execution_hash(package: Path = PACKAGE) -> str:
    """The hash of what a notebook's outputs depend on besides its own cells: models, data, labs, figures.

    jupyter-cache knows a notebook by its cells alone; keying the cache by this hash re-executes the chapters when the
    package changes.
    """
    return package_hash(package, _PRESENTATION)


def _key_the_cache(app: Sphinx, config: Any) -> None:
    root = Path(config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")
    current = root / execution_hash()
    if root.is_dir():
        for old in root.iterdir():
            if old.is_dir() and old != current and re.fullmatch(r"[0-9a-f]{16}", old.name):
                shutil.rmtree(old)
    config.nb_execution_cache_path = str(current)
    # A setting of Sphinx's environment: another value, and every page is read and written again.
    config.living_synapse_package = package_hash()


def _run_side_by_side(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Execute the chapters that the cache does not hold, as many at once as there are processors.

    Sphinx would run them one after another when it reads them; now it finds them in the cache. One that fails is not
    cached: Sphinx runs it again, and says what is wrong as it always does. The model reference, which tries every model
    many times over, is written beside them.
    """
    if app.config.nb_execution_mode != "cache":
        return
    beside = None
    kept = _kept_reference(app)
    if not kept.exists() and any(REFERENCE_HERE in Path(env.doc2path(name)).read_text("utf-8") for name in names):
        beside = multiprocessing.Process(target=_keep_reference, args=(kept,))
        beside.start()
    _run_chapters(app, env, names)
    if beside:
        # If it failed, it is tried once more when its page is read, where its error is told.
        beside.join()


def _run_chapters(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    cache = get_cache(app.config.nb_execution_cache_path)
    waiting = []
    for path in (Path(env.doc2path(name)) for name in names):
        if path.suffix != ".ipynb":
            continue
        try:
            cache.match_cache_notebook(nbformat.read(path, as_version=4))
        except KeyError:
            waiting.append(str(path))
    if len(waiting) < 2:
        return
    for path in waiting:
        cache.add_nb_to_project(path)
    quiet = python_logging.getLogger("living_synapse.execution")
    quiet.setLevel(python_logging.CRITICAL)
    executor = load_executor("local-parallel", cache, logger=quiet)
    executor.run_and_cache(filter_uris=waiting, timeout=app.config.nb_execution_timeout)


# ---------------------------------------------------------------------------------------------------------------------
# Mathematics


# latex2mathml knows `align`; in a page, where the equation stands by itself, these are the same.
_SAME_AS_ALIGN = re.compile(r"\\(begin|end)\{(?:aligned|split|align|eqnarray)\*?\}")
_BARE = re.compile(r"\\(?:begin|end)\{equation\*?\}")
_ESCAPED = re.compile(r"\\([_%&#$])")
# Browsers take a cell's alignment from its style (MathML Core), not from the attribute.
_CELL = re.compile(r'<mtd columnalign="(left|right|center)">')


def mathml(latex: str, display: bool = False) -> str:
    """LaTeX as MathML, which browsers set and screen readers read without a script.

    Raises ValueError, naming the command or environment, if the LaTeX holds one that has no MathML.
    """
    from latex2mathml.converter import convert

    source = latex.strip()
    if source.replace("\\{", "").count("{") != source.replace("\\}", "").count("}"):
        raise ValueError(f"cannot set {source!r} as MathML: its braces do not balance")
    try:
        prepared = _BARE.sub("", _SAME_AS_ALIGN.sub(r"\\\1{align*}", source))
        markup = convert(prepared, display="block" if display else "inline")
    except Exception as error:
        raise ValueError(f"cannot set {source!r} as MathML: {type(error).__name__} {error}".strip()) from error
    markup = re.sub("<mtext>.*?</mtext>", lambda text: _ESCAPED.sub(r"\1", text[0]), markup)
    unknown = re.search(r">\\([A-Za-z]+)<", markup)
    if unknown:
        raise ValueError(f"cannot set {source!r} as MathML: no rule for \\{unknown[1]}")
    if "<mi>&</mi>" in markup:
        environment = re.search(r"\\begin\{([^}]*)\}", source)
        raise ValueError(
            f"cannot set {source!r} as MathML: no rule for "
            + (f"the environment {environment[1]!r}" if environment else "& outside an environment")
        )
    return _CELL.sub(r'<mtd style="text-align:\1">', markup)


def _math_or_warning(node: nodes.Element, display: bool) -> str:
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        log.warning("%s", error, location=node, type="living-synapse", subtype="math")
        return f"<code>{escape(node.astext())}</code>"


def _visit_math(translator: Any, node: nodes.math) -> None:
    translator.body.append(_math_or_warning(node, False))
    raise nodes.SkipNode


def _visit_math_block(translator: Any, node: nodes.math_block) -> None:
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    anchor = f' id="{escape(node["ids"][0])}"' if node.get("ids") else ""
    translator.body.append(f'<div class="math"{anchor}>{_math_or_warning(node, True)}{number}</div>\n')
    raise nodes.SkipNode


# ---------------------------------------------------------------------------------------------------------------------
# Figures

_VARIABLE = {light.lower(): f"var(--ls-{name.replace('_', '-')})" for name, (light, _) in reversed(PALETTE.items())}
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


def _long_hex(colour: str) -> str:
    colour = colour.lower()
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def foreign_colours(svg: str) -> list[str]:
    """The hex colours of an SVG that are not in the palette: they would not follow the reader's theme."""
    styles = " ".join(re.findall(r'(?:style|fill|stroke|stop-color)="([^"]*)"', svg))
    return sorted({_long_hex(colour) for colour in _HEX.findall(styles)} - set(_VARIABLE))


def inline_svg(svg: str, alt: str, prefix: str) -> str:
    """An SVG file as an element of the page.

    The palette's light colours become the CSS variables that follow the theme; ids get `prefix`, so that two figures
    on one page do not meet; the picture is named by `alt`; it scales down with the page and never up.

    Raises ValueError if `alt` is blank or `svg` is not SVG.
    """
    if not alt.strip():
        raise ValueError("a figure has no alt text")
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise ValueError(f"not an SVG: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError(f"not an SVG: its root element is {root.tag!r}")
    wanted = set(re.findall(r"url\(#([^)]+)\)", svg)) | set(re.findall(r'href="#([^"]+)"', svg))
    for parent in list(root.iter()):
        for child in list(parent):
            # matplotlib's <style> holds one rule for `*`: inside a page it would restyle every drawing on it.
            if child.tag in (f"{_SVG}metadata", f"{_SVG}title", f"{_SVG}desc", f"{_SVG}style") or not isinstance(
                child.tag, str
            ):
                parent.remove(child)
    for element in root.iter():
        _dress(element, wanted, prefix)
    width, height = _size(root)
    root.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    # matplotlib sizes in points; a page counts pixels.
    root.attrib.update({"role": "img", "aria-label": " ".join(alt.split()), "class": "figure-svg",
                        "stroke-linejoin": "round", "stroke-linecap": "butt",
                        "style": f"max-width:{width * 4 / 3:.0f}px; --figure-width:{width * 4 / 3:.0f}px"})  # fmt: skip
    ElementTree.register_namespace("", _SVG[1:-1])
    return ElementTree.tostring(root, encoding="unicode")


def _dress(element: ElementTree.Element, wanted: set[str], prefix: str) -> None:
    """Rename one element's ids and references, and turn its palette colours into variables."""
    attributes = element.attrib
    if _XLINK_HREF in attributes:
        attributes["href"] = attributes.pop(_XLINK_HREF)
    if "id" in attributes and attributes["id"] not in wanted:
        del attributes["id"]  # matplotlib names every group: nothing refers to most of them
    # `var()` works in a style, not in a presentation attribute.
    moved = [f"{name}: {attributes.pop(name)}" for name in ("fill", "stroke", "stop-color")
             if _HEX.fullmatch(attributes.get(name, ""))]  # fmt: skip
    if moved:
        attributes["style"] = "; ".join([*moved, *filter(None, [attributes.get("style", "").strip("; ")])])
    for name, value in attributes.items():
        if name == "id":
            value = prefix + value
        elif name == "href" and value.startswith("#"):
            value = f"#{prefix}{value[1:]}"
        elif "url(#" in value:
            value = value.replace("url(#", f"url(#{prefix}")
        if name == "style":
            value = _HEX.sub(lambda found: _VARIABLE.get(_long_hex(found[0]), found[0]), value)
        attributes[name] = value


def _size(root: ElementTree.Element) -> tuple[float, float]:
    """Width and height of an SVG in its own units, from its viewBox or its size."""
    box = [float(number) for number in root.get("viewBox", "").replace(",", " ").split()]
    if len(box) == 4:
        return box[2], box[3]
    number = re.compile(r"[\d.]+")
    found = [number.match(root.get(name, "")) for name in ("width", "height")]
    return tuple(float(match[0]) if match else 300.0 for match in found)  # type: ignore[return-value]


class InlineFigures(SphinxPostTransform):
    """Set the SVG figures of a document into its page, and insist on alt text for every picture."""

    default_priority = 200  # after myst-nb has chosen among a cell's outputs
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for number, node in enumerate(list(self.document.findall(nodes.image))):
            uri = node["uri"]
            if "alt" not in node:
                raise BookError(
                    f"{self.env.doc2path(self.env.docname)}: picture {number + 1} has no alt text. A cell that draws "
                    'says it in its metadata, "mystnb": {"image": {"alt": "..."}}; an image in prose as ![...](...).'
                )
            path = Path(self.env.srcdir) / uri.lstrip("/")
            if not uri.endswith(".svg") or "://" in uri or not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            try:
                markup = inline_svg(text, node["alt"], f"fig{number}-")
            except ValueError as error:
                raise BookError(f"{self.env.doc2path(self.env.docname)}: picture {number + 1}: {error}") from error
            strange = foreign_colours(text)
            if strange:
                log.warning(
                    "a figure uses %s, which the palette lacks: it would not follow the dark theme",
                    ", ".join(strange), location=node, type="living-synapse", subtype="figure",
                )  # fmt: skip
            node.replace_self(nodes.raw("", f'<div class="figure-scroll">{markup}</div>', format="html"))


class CodeBelow(SphinxPostTransform):
    """A cell's folded code stands below what it made: first the lab or figure, then how it was written."""

    default_priority = 900  # after myst-nb has folded it
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for folded in list(self.document.findall(HideCodeCellNode)):
            cell = folded.parent
            if "tag_hide-input" in cell.get("classes", ()):
                cell.remove(folded)
                cell.append(folded)


# ---------------------------------------------------------------------------------------------------------------------
# Contents and glossary


def contents(
    parts: Sequence[tuple[str | None, Sequence[tuple[str, str]]]], here: str, sections: str, link: Callable[[str], str]
) -> str:
    """The book's table of contents as nested lists.

    `parts` holds (part title or None, [(document name, title), ...]); titles may hold inline markup. The entry of the
    document `here` is marked as the current page and carries `sections`, the page's own list of sections. `link` gives
    the address of a document.
    """
    blocks = []
    for caption, documents in parts:
        entries = []
        for name, title in documents:
            current = ' aria-current="page"' if name == here else ""
            inner = sections if name == here else ""
            entries.append(f'<li><a href="{escape(link(name))}"{current}>{title}</a>{inner}</li>')
        heading = f'<span class="contents-part">{escape(caption)}</span>' if caption else ""
        blocks.append(f"<li>{heading}<ul>{''.join(entries)}</ul></li>")
    return f'<ul class="contents-list">{"".join(blocks)}</ul>'


def _parts(app: Sphinx) -> list[tuple[str | None, list[tuple[str, str]]]]:
    """What `_toc.yml` says, with the titles the documents give themselves."""
    site_map = app.config.external_site_map

    def titled(name: str) -> tuple[str, str]:
        title = app.env.titles.get(name)
        return name, escape(title.astext()) if title is not None else name

    root = site_map.root
    first, title = titled(root.docname)
    # The landing page bears the book's name, which already stands above the contents.
    if title == escape(app.config.html_title):
        title = "Welcome"
    parts: list[tuple[str | None, list[tuple[str, str]]]] = [(None, [(first, title)])]
    for tree in root.subtrees:
        parts.append((tree.caption, [titled(str(name)) for name in tree.files()]))
    return parts


def _sections(toc: str) -> str:
    """The list of sections out of Sphinx's local table of contents, which heads it with the page itself."""
    inner = re.search(r"</a>\s*(<ul.*</ul>)\s*</li>\s*</ul>\s*$", toc, flags=re.DOTALL)
    if not inner:
        return ""
    plain = re.sub(r"<a class=\"headerlink.*?</a>", "", inner[1], flags=re.DOTALL)
    return f'<div class="toc-scroll"><div class="toc-tree">{plain}</div></div>'


def glossary_entries(doctree: nodes.document) -> dict[str, list[str]]:
    """Anchor -> [term, first paragraph of its definition as plain text], for each glossary in a document."""
    found = {}
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            definition = next(item.findall(nodes.definition), None)
            paragraph = next(definition.findall(nodes.paragraph), None) if definition is not None else None
            if paragraph is None:
                continue
            for term in item.findall(nodes.term):
                words = " ".join(term.astext().split())
                for anchor in term["ids"]:
                    found[anchor] = [words, " ".join(paragraph.astext().split())]
    return found


def terms_on_page(body: str, entries: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The glossary entries that a page's HTML links to."""
    anchors = {unescape(anchor) for anchor in re.findall(r'href="[^"]*#(term-[^"]+)"', body)}
    return {anchor: entries[anchor] for anchor in sorted(anchors) if anchor in entries}


def _glossary(env: Any) -> dict[str, dict[str, list[str]]]:
    if not hasattr(env, "living_synapse_glossary"):
        env.living_synapse_glossary = {}
    return env.living_synapse_glossary


def _collect_glossary(app: Sphinx, doctree: nodes.document) -> None:
    entries = glossary_entries(doctree)
    if entries:
        _glossary(app.env)[app.env.docname] = entries


def _forget_glossary(app: Sphinx, env: Any, docname: str) -> None:
    _glossary(env).pop(docname, None)


def _merge_glossary(app: Sphinx, env: Any, docnames: Sequence[str], other: Any) -> None:
    _glossary(env).update({name: found for name, found in _glossary(other).items() if name in docnames})


def _rewrite_users(app: Sphinx, env: Any) -> list[str]:
    """When definitions or chapter titles changed, every page that shows them is written again."""
    shown = json.dumps([_glossary(env), {name: title.astext() for name, title in env.titles.items()}], sort_keys=True)
    changed = getattr(env, "living_synapse_shown", None) != shown
    env.living_synapse_shown = shown
    return sorted(env.found_docs) if changed else []


# ---------------------------------------------------------------------------------------------------------------------
# Citations


def _round_brackets() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """(Best et al., 2009), as prose has it, instead of the square brackets of a manual."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round_brackets)
    bracket_textual: BracketStyle = field(default_factory=_round_brackets)
    bracket_author: BracketStyle = field(default_factory=_round_brackets)
    bracket_label: BracketStyle = field(default_factory=_round_brackets)
    bracket_year: BracketStyle = field(default_factory=_round_brackets)


# ---------------------------------------------------------------------------------------------------------------------
# Pages


def repository_links(path: str, environment: Mapping[str, str]) -> list[dict[str, str]]:
    """Where a chapter's source stands and where it can be run: a list of {"label", "url", "hint"}.

    `path` is the source file's path in the repository. Empty unless GITHUB_REPOSITORY (`owner/name`, set on GitHub
    Actions) is known; BINDERHUB_URL chooses another Binder than mybinder.org. Raises ValueError on anything else.
    """
    repository = environment.get("GITHUB_REPOSITORY", "").strip()
    if not repository:
        return []
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(f"GITHUB_REPOSITORY is {repository!r}; it must be owner/name, or unset for no links")
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/") or "https://github.com"
    binder = environment.get("BINDERHUB_URL", "").rstrip("/") or "https://mybinder.org"
    for name, url in (("GITHUB_SERVER_URL", server), ("BINDERHUB_URL", binder)):
        if not url.startswith("https://"):
            raise ValueError(f"{name} is {url!r}; it must be an https:// address")
    source = f"{server}/{repository}/blob/HEAD/{path}"
    links = [{"label": "Source", "url": source, "hint": "This page in the repository"}]
    if path.endswith(".ipynb"):
        run = {
            "label": "Run",
            "url": f"{binder}/v2/gh/{repository}/HEAD?labpath={path}",
            "hint": "This chapter with a Python kernel, on Binder",
        }
        links.insert(0, run)
    return links


def describe(doctree: nodes.document, limit: int = 160) -> str:
    """A page's first paragraph of prose, cut at a word to at most `limit` characters, for search results."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = " ".join(paragraph.astext().split())
            if len(text) <= limit:
                return text
            return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "\N{HORIZONTAL ELLIPSIS}"
    return ""


def _mark() -> str:
    return (THEME / "mark.svg").read_text(encoding="utf-8").strip()


def _favicon() -> str:
    """The title mark as an address of its own, in the palette's ink and blue, light and dark."""
    light, dark = ({name: PALETTE[name][theme] for name in ("ink", "serotonin")} for theme in (0, 1))
    style = (
        f"svg{{color:{light['ink']};--ls-serotonin:{light['serotonin']}}}"
        f"@media(prefers-color-scheme:dark){{svg{{color:{dark['ink']};--ls-serotonin:{dark['serotonin']}}}}}"
    )
    drawn = re.sub(r"(<svg[^>]*>)", rf"\1<style>{style}</style>", _mark(), count=1)
    return "data:image/svg+xml," + drawn.replace("%", "%25").replace("#", "%23").replace('"', "'").replace("\n", "")


def _dress_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    link = context["pathto"]
    parts = _parts(app)
    context["book_contents"] = contents(parts, page, _sections(context.get("toc") or ""), lambda name: link(name))
    context["book_part"] = next(
        (caption for caption, documents in parts if page in [name for name, _ in documents]), None
    )
    context["book_author"] = app.config.author
    context["book_mark"] = _mark()
    context["book_favicon"] = _favicon()
    context["book_is_landing"] = page == app.config.external_site_map.root.docname
    context["book_terms"] = ""
    context["book_links"] = []
    context["book_description"] = ""
    body = context.get("body") or ""
    for old, new in _MARKUP_MENDED:
        body = old.sub(new, body)
    context["body"] = body
    if doctree is None:
        return
    entries = {anchor: entry for found in _glossary(app.env).values() for anchor, entry in found.items()}
    terms = terms_on_page(body, entries)
    if terms:
        context["book_terms"] = json.dumps(terms, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    source = Path(app.env.doc2path(page, base=False)).as_posix()
    context["book_links"] = repository_links(source, app.config.living_synapse_environment)
    if 'name="description"' not in (context.get("metatags") or ""):
        context["book_description"] = describe(doctree)
    if source.endswith(".ipynb") and context.get("sourcename"):
        context["book_notebook"] = link("_sources/" + context["sourcename"], 1)


# Small faults of the markup that the page is made of, which axe and screen readers trip over.
_MARKUP_MENDED = [
    # A chapter's own words for what a cell folds away (code_prompt_show: "Show the ...") stay, once.
    (re.compile(r"<summary aria-label=\"Toggle hidden content\">\s*<p[^>]*>(Show the [^<]+)</p>.*?</summary>",
                re.DOTALL), r"<summary>\1</summary>"),
    # myst-nb names the disclosure "Show code cell source" for two states in an aria-label unlike its visible text.
    (re.compile(r"<summary aria-label=\"Toggle hidden content\">.*?</summary>", re.DOTALL),
     "<summary>Show the code</summary>"),
    # The corner above the row names is no header of anything.
    (re.compile(r"<th[^>]*>\s*(?:<p>\s*</p>)?\s*</th>"), "<td></td>"),
    # An author list that the bibliography leaves open is cited as any longer one is.
    (re.compile(r" and others, (?=\d{4}[a-z]?</a>)"), " <em>et al.</em>, "),
    (re.compile(r" and others (?=\(<a [^>]*>\d{4}[a-z]?</a>)"), " <em>et al.</em> "),
    # ARIA withdrew this role; the entries stand in a list.
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
]  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------------
# After the build

_TRACEBACK = "Traceback (most recent call last)"
_OUTPUT = re.compile(r'<div class="[^"]*\boutput\b[^"]*"[^>]*>.*?</pre>', re.DOTALL)
_SCRIPT = '<script[^>]*type="{}"[^>]*>(.*?)</script>'
_STATE_SCRIPT = re.compile(_SCRIPT.format(re.escape(STATE_MIME)), re.DOTALL)
_VIEW_SCRIPT = re.compile(_SCRIPT.format(re.escape(VIEW_MIME)), re.DOTALL)


def page_problems(html: str) -> list[str]:
    """What in a built page a reader must not meet: tracebacks, in the page or in a saved widget, and lost widgets."""
    problems = []
    for output in _OUTPUT.findall(html):
        if re.match(r'<div class="[^"]*\btraceback\b', output) or _TRACEBACK in unescape(output):
            text = re.sub(r"<[^>]+>", "", unescape(output)).strip().splitlines()
            problems.append(f"a cell ended in an error: {text[-1].strip() if text else '(no message)'}")
    models: dict[str, Any] = {}
    for script in _STATE_SCRIPT.findall(html):
        try:
            models |= json.loads(script)["state"]
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"the saved widget state cannot be read: {type(error).__name__} {error}")
    for model_id, model in models.items():
        for problem in _state_problems(model.get("state", {})):
            problems.append(f"widget {model.get('model_name', '?')} ({model_id[:8]}): {problem}")
    for script in _VIEW_SCRIPT.findall(html):
        try:
            wanted = json.loads(script)["model_id"]
        except (ValueError, KeyError, TypeError):
            problems.append("a widget's place on the page cannot be read")
            continue
        if wanted not in models:
            problems.append(f"widget {wanted[:8]} has a place on the page but was not saved")
    return problems


def _state_problems(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _TRACEBACK in value:
            yield value.strip().splitlines()[-1]
    elif isinstance(value, Mapping):
        if value.get("output_type") == "error":
            yield f"{value.get('ename', 'error')}: {value.get('evalue', '')}"
            return
        for inner in value.values():
            yield from _state_problems(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _state_problems(inner)


def _refuse_broken_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    found = []
    for name in sorted(app.env.found_docs):
        path = Path(app.builder.get_outfilename(name))
        if path.exists():
            found += [f"{name}: {problem}" for problem in page_problems(path.read_text(encoding="utf-8"))]
    if found:
        raise BookError("these pages must not be published:\n  " + "\n  ".join(found))


# ---------------------------------------------------------------------------------------------------------------------
# Sphinx


def _configure(app: Sphinx, config: Any) -> None:
    missing = [name for name in ASSETS if not (STATIC / name).exists()]
    if missing:
        raise ConfigError(
            f"widgets/static/ lacks {', '.join(missing)}: bundle the browser code first (`make` does, or "
            "`python hatch_build.py`)."
        )
    _key_the_cache(app, config)
    names = ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "BINDERHUB_URL")
    config.living_synapse_environment = {name: os.environ[name] for name in names if os.environ.get(name)}
    try:
        repository_links("chapters/welcome.ipynb", config.living_synapse_environment)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    config.pygments_style = "widgets.book.extension.LightCode"
    config.nb_ipywidgets_js = {"runtime.js": {"defer": "defer"}}
    config.html_static_path = [*config.html_static_path, *(str(STATIC / name) for name in ASSETS)]
    config.templates_path = [*config.templates_path, str(THEME / "templates")]


def _dark_code(app: Sphinx) -> None:
    app.config.pygments_dark_style = "widgets.book.extension.DarkCode"  # furo's own setting, which it reads after us


# ---------------------------------------------------------------------------------------------------------------------
# Pages written by what they show: the model reference by the models, the drug atlas by the data.

REFERENCE_HERE = "{{ model reference }}"
FINDER_HERE, ATLAS_HERE = "{{ drug finder }}", "{{ drug atlas }}"


def _kept_reference(app: Sphinx) -> Path:
    """Where the text of the model reference is kept, for as long as the package stays as it is."""
    return Path(app.config.nb_execution_cache_path) / f"reference-{app.config.living_synapse_package}.md"


def _keep_reference(path: Path) -> str:
    from widgets.book import reference

    text = reference.page()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return text


def _write_reference(app: Sphinx, docname: str, source: list[str]) -> None:
    if REFERENCE_HERE not in source[0]:
        return
    kept = _kept_reference(app)
    text = kept.read_text(encoding="utf-8") if kept.exists() else _keep_reference(kept)
    source[0] = source[0].replace(REFERENCE_HERE, text)
    for folder, endings in (
        ("engine", "*.py"), ("evidence", "*"), ("book", "reference.py"), ("figures", "network.py"), ("models", "*.ant"),
    ):  # fmt: skip
        for path in sorted((PACKAGE / folder).glob(endings)):
            app.env.note_dependency(str(path))


def _write_atlas(app: Sphinx, docname: str, source: list[str]) -> None:
    if ATLAS_HERE not in source[0]:
        return
    from widgets.book import atlas

    source[0] = source[0].replace(FINDER_HERE, atlas.finder()).replace(ATLAS_HERE, atlas.page())
    own = ("book/atlas.py", "book/reference.py", "figures/fingerprint.py", "palette.json")
    for path in (*(PACKAGE / name for name in own), *sorted((PACKAGE / "medicines").glob("**/*.*"))):
        app.env.note_dependency(str(path))


def _lay_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Lay the models' and the medicines' files beside the pages; those of an unchanged package stay as they are."""
    if exception or app.builder.format != "html":
        return
    from widgets.book import atlas, reference

    stamp = Path(app.outdir) / reference.FOLDER / ".package"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == app.config.living_synapse_package:
        return
    models = {name: text.encode() for name, text in reference.downloads().items()}
    for place, files in ((reference.FOLDER, models), (atlas.FOLDER, atlas.downloads())):
        folder = Path(app.outdir) / place
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        for old in folder.iterdir():
            if old.name not in files:
                old.unlink()
    stamp.write_text(app.config.living_synapse_package, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it for an extension this book leaves out
    app.add_config_value("living_synapse_package", "", "env")
    app.add_config_value("living_synapse_environment", {}, "html")
    app.connect("config-inited", _configure, priority=10)
    app.connect("builder-inited", _dark_code, priority=100)
    app.connect("env-before-read-docs", _run_side_by_side)
    app.connect("source-read", _write_reference)
    app.connect("source-read", _write_atlas)
    app.connect("doctree-read", _thin_page_state)
    app.connect("doctree-read", _collect_glossary)
    app.connect("env-purge-doc", _forget_glossary)
    app.connect("env-merge-info", _merge_glossary)
    app.connect("env-updated", _rewrite_users)
    app.connect("html-page-context", _dress_page, priority=700)  # after the theme has had its say
    app.connect("build-finished", _lay_downloads)
    app.connect("build-finished", _refuse_broken_pages)
    # For each citation pybtex searches all installed packages for this plug-in, unless it is registered.
    register_backend("pybtex.backends", "plaintext", PlainText, force=True)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYear)
    app.add_post_transform(InlineFigures)
    app.add_post_transform(CodeBelow)
    app.add_html_math_renderer("mathml", (_visit_math, None), (_visit_math_block, None))
    app.add_css_file("fonts.css", priority=890)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("page.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
