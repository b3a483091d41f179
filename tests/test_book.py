"""The book's Sphinx extension: its pure functions fed with good and broken pages, and a small book built for real."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from docutils import nodes
from jupyter_cache import get_cache
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx import addnodes
from sphinx.errors import ConfigError

from widgets import CheckYourself, DrugLab, SynapseLab, bundles
from widgets.book import atlas, extension, reference, written
from widgets.book.audit import TRACEBACK, page_problems
from widgets.book.cache import key_the_cache
from widgets.book.code_colours import DarkCode, LightCode
from widgets.book.contents import contents
from widgets.book.dependencies import Dependencies
from widgets.book.execution import run_side_by_side
from widgets.book.figures import foreign_colours, inline_svg
from widgets.book.fingerprints import fingerprint, machinery_hash, package_hash
from widgets.book.glossary import glossary_entries, terms_on_page
from widgets.book.links import repository_links
from widgets.book.markup import mended
from widgets.book.maths import mathml
from widgets.book.pages import describe, favicon
from widgets.book.places import ASSETS, HEAD
from widgets.book.plain import settings
from widgets.book.state import STATE_MIME, VIEW_MIME, runtime_name, thin_state
from widgets.book.written import REFERENCE_HERE, lay_downloads, write_reference
from widgets.engine.model import available, load_model

ROOT = Path(__file__).resolve().parents[1]


# -- widget state -----------------------------------------------------------------------------------------------------


def _state(**models: dict) -> dict:
    return {"version_major": 2, "version_minor": 0, "state": models}


def _any_model(identity: str, **values) -> dict:
    return {
        "model_name": "AnyModel",
        "model_module": "anywidget",
        "state": {"_anywidget_id": identity, "_esm": "export default {}", "_css": "p{}", **values},
    }


@pytest.mark.parametrize(
    ("identity", "part"),
    [
        ("widgets.labs.view.LabView_serotonin", "lab"),
        ("widgets.labs.view.LabView", "lab"),
        ("widgets.questions.widget.CheckYourself", "questions"),
    ],
)
def test_our_widgets_point_to_the_runtime(identity, part):
    state = _state(a=_any_model(identity, x=1))
    thinned = thin_state(state)["state"]["a"]["state"]
    assert thinned["_esm"] == f"export default globalThis.livingSynapse.{part}"
    assert thinned["_css"] == ""
    assert thinned["x"] == 1
    assert state["state"]["a"]["state"]["_css"] == "p{}", "the argument must be left as it was"


def test_no_view_of_ours_carries_its_code_into_a_page():
    """Every widget of the package that has a script is known to the runtime, whichever module it stands in."""
    ours = [DrugLab(["sertraline"]).view, SynapseLab().view, CheckYourself("ssri")]
    for widget in ours:
        values = {"_anywidget_id": widget._anywidget_id}
        assert runtime_name(values), f"{widget._anywidget_id} would carry its whole script in every page"


def test_other_widgets_keep_their_code():
    state = _state(a=_any_model("somebody.elses.Widget"))
    assert thin_state(state) == state


def test_unset_layout_properties_are_dropped_and_no_others():
    layout = {"model_name": "LayoutModel", "state": {"width": None, "height": "3em"}}
    slider = {"model_name": "FloatSliderModel", "state": {"description_allow_html": False, "tooltip": None}}
    thinned = thin_state(_state(layout=layout, slider=slider))["state"]
    assert thinned["layout"]["state"] == {"height": "3em"}
    assert thinned["slider"]["state"] == slider["state"]


# -- what a page depends on -------------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "widgets"
    for name, text in {
        "__init__.py": "", "model.py": "rate = 1", "data/drugs.csv": "a,b", "book/look.py": "look = 1",
        "book/theme/mark.svg": "<svg/>", "frontend/src/lab.ts": "draw()", "static/lab.js": "draw()",
    }.items():  # fmt: skip
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    return package


def _execution_hash(package: Path) -> str:
    return fingerprint(Dependencies(package).of_cells(["from widgets.model import rate"]), package)


@pytest.mark.parametrize(
    ("changed", "executes"),
    [("model.py", True), ("data/drugs.csv", True), ("book/look.py", False), ("book/theme/mark.svg", False),
     ("frontend/src/lab.ts", False), ("static/lab.js", False)],
)  # fmt: skip
def test_a_change_renders_and_executes_what_depends_on_it(package, changed, executes):
    rendered, executed = package_hash(package), _execution_hash(package)
    (package / changed).write_text("something else = 1" if changed != "model.py" else "rate = 2")
    assert package_hash(package) != rendered
    assert (_execution_hash(package) != executed) == executes


def test_a_new_and_a_renamed_file_count_and_caches_do_not(package):
    before, rendered = _execution_hash(package), package_hash(package)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "model.pyc").write_bytes(b"1")
    assert _execution_hash(package) == before and package_hash(package) == rendered
    (package / "model.py").rename(package / "models.py")
    renamed = _execution_hash(package)
    assert renamed != before
    (package / "model.py").write_text("from widgets.new import rate")
    unanswered = _execution_hash(package)
    (package / "new.py").write_text("")
    assert _execution_hash(package) != unanswered


def test_only_the_caches_of_older_packages_are_removed(tmp_path):
    cache = tmp_path / ".jupyter_cache"
    for name in ("0123456789abcdef", "executed", "somebody-elses"):
        (cache / name).mkdir(parents=True)
    config = SimpleNamespace(nb_execution_cache_path="")
    key_the_cache(SimpleNamespace(outdir=str(tmp_path / "html")), config)
    assert {path.name for path in cache.iterdir()} == {"executed", "somebody-elses"}
    assert config.nb_execution_cache_path == str(cache)
    assert config.living_synapse_machinery == machinery_hash() and config.living_synapse_assets


@pytest.mark.parametrize(
    ("changed", "all_pages"),
    [("book/look.py", True), ("book/theme/mark.svg", True), ("book/atlas.py", False), ("model.py", False),
     ("data/drugs.csv", False), ("static/lab.js", False)],
)  # fmt: skip
def test_every_page_is_read_again_for_what_reads_every_page_and_no_more(package, changed, all_pages):
    (package / "book" / "atlas.py").write_text("words = 1")
    before = machinery_hash(package)
    (package / changed).write_text("something = 2")
    assert (machinery_hash(package) != before) == all_pages


# -- mathematics ------------------------------------------------------------------------------------------------------

MATHML = "{http://www.w3.org/1998/Math/MathML}"


def test_aligned_equations_become_a_table_with_aligned_cells():
    markup = mathml(r"\begin{aligned} a &= \frac{b}{c} \\ d &= e \end{aligned}", display=True)
    root = ElementTree.fromstring(markup)
    assert root.get("display") == "block"
    rows = root.findall(f".//{MATHML}mtr")
    assert len(rows) == 2
    assert [cell.get("style") for cell in rows[0]] == ["text-align:right", "text-align:left"]
    assert "&" not in "".join(root.itertext())


def test_names_with_underscores_read_as_names():
    root = ElementTree.fromstring(mathml(r"\text{firing\_rate} + x_{1}"))
    assert root.get("display") == "inline"
    assert root.find(f".//{MATHML}mtext").text == "firing_rate"


@pytest.mark.parametrize(
    ("latex", "complaint"),
    [(r"\nonsense{x}", "nonsense"), (r"\begin{weird} a & b \end{weird}", "weird"), (r"\frac{a}{b", "braces"),
     (r"a & b", "& outside")],
)  # fmt: skip
def test_latex_without_mathml_is_refused(latex, complaint):
    with pytest.raises(ValueError, match=complaint):
        mathml(latex)


@pytest.mark.parametrize("name", ["serotonin", "dopamine"])
def test_every_models_equations_can_be_set(name):
    model = load_model(name)
    root = ElementTree.fromstring(mathml(str(model.equations()).strip("$"), display=True))
    assert len(root.findall(f".//{MATHML}mtr")) >= len(model.species)


# -- figures ----------------------------------------------------------------------------------------------------------

SVG = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="360pt" height="180pt"
 viewBox="0 0 360 180" version="1.1"><metadata>made yesterday</metadata><defs><clipPath id="p1"><rect/></clipPath>
 <path id="tick"/></defs><g id="figure_1"><path style="fill: none; stroke: #0072B2" clip-path="url(#p1)"/>
 <use xlink:href="#tick" fill="#1f2430" style="stroke: #fff"/><text style="fill: #123456">level</text></g></svg>"""


def test_a_figure_takes_the_pages_colours_name_and_size():
    root = ElementTree.fromstring(inline_svg(SVG, "A line\n that rises.", "f0-"))
    assert root.get("role") == "img" and root.get("aria-label") == "A line that rises."
    assert root.get("viewBox") == "0 0 360 180" and root.get("width") is None
    assert "max-width:480px" in root.get("style")
    text = ElementTree.tostring(root, encoding="unicode")
    assert "stroke: var(--ls-serotonin)" in text
    assert "fill: var(--ls-ink)" in text and "stroke: var(--ls-card)" in text, "presentation attributes too"
    assert "#123456" in text, "a colour that is not ours stays"
    assert "metadata" not in text and "DOCTYPE" not in text


def test_two_figures_on_a_page_share_no_id():
    one, two = (inline_svg(SVG, "alt", prefix) for prefix in ("f0-", "f1-"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, two)]
    assert ids[0] == {"f0-p1", "f0-tick"}, "what nothing refers to is dropped"
    assert not ids[0] & ids[1]
    assert "url(#f0-p1)" in one and 'href="#f0-tick"' in one


def test_foreign_colours_are_found():
    assert foreign_colours(SVG) == ["#123456"]


@pytest.mark.parametrize(("svg", "alt", "complaint"), [(SVG, "  ", "alt"), ("<p>", "a", "SVG"), ("<p/>", "a", "SVG")])
def test_a_figure_without_alt_or_without_svg_is_refused(svg, alt, complaint):
    with pytest.raises(ValueError, match=complaint):
        inline_svg(svg, alt, "f0-")


# -- code -------------------------------------------------------------------------------------------------------------


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", [LightCode, DarkCode])
def test_code_colours_have_aa_contrast(style):
    ground = _luminance(style.background_color)
    colours = {token: f"#{rules['color']}" for token, rules in style if rules["color"]}
    assert len(set(colours.values())) >= 5
    for token, colour in colours.items():
        light, dark = sorted([_luminance(colour), ground], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{token} {colour}"
    assert "<span" in highlight("def f(): return 'x'  # y", PythonLexer(), HtmlFormatter(style=style))


# -- contents and glossary --------------------------------------------------------------------------------------------


def test_contents_mark_the_current_page_and_carry_its_sections():
    html = contents(
        [(None, [("welcome", "Welcome")]), ("Salts & sugars", [("a/b", "B")])],
        "a/b",
        "<ul>S</ul>",
        lambda name: f"/{name}.html",
    )
    root = ElementTree.fromstring(html)
    current = [link for link in root.iter("a") if link.get("aria-current") == "page"]
    assert [link.get("href") for link in current] == ["/a/b.html"]
    assert "<ul>S</ul>" in html and html.count("<ul>S</ul>") == 1
    assert "Salts &amp; sugars" in html


def test_glossary_entries_are_plain_first_paragraphs():
    document = nodes.document(None, None)
    first = nodes.paragraph("", "A pump,\n ", nodes.emphasis("", "the"))
    definition = nodes.definition("", first, nodes.paragraph("", "second"))
    item = nodes.definition_list_item("", nodes.term("", "SERT", ids=["term-SERT"]), definition)
    document += addnodes.glossary("", nodes.definition_list("", item))
    assert glossary_entries(document) == {"term-SERT": ["SERT", "A pump, the"]}


def test_a_page_carries_only_the_terms_it_uses():
    entries = {"term-SERT": ["SERT", "x"], "term-GABA": ["GABA", "y"]}
    body = '<a href="../back-matter/glossary.html#term-SERT">pump</a> <a href="#term-unknown">?</a>'
    assert terms_on_page(body, entries) == {"term-SERT": ["SERT", "x"]}


# -- pages ------------------------------------------------------------------------------------------------------------


def test_no_repository_no_links():
    assert repository_links("chapters/a.ipynb", {}) == []
    assert repository_links("chapters/a.ipynb", {"BINDERHUB_URL": "https://hub.example.org"}) == []


def test_links_of_a_known_repository():
    known = {"GITHUB_REPOSITORY": "me/book"}
    links = {link["label"]: link["url"] for link in repository_links("c/a.ipynb", known)}
    assert links == {
        "Source": "https://github.com/me/book/blob/HEAD/c/a.ipynb",
        "Binder": "https://mybinder.org/v2/gh/me/book/notebooks?labpath=notebooks/c/a.ipynb",
        "Colab": "https://colab.research.google.com/github/me/book/blob/notebooks/notebooks/c/a.ipynb",
    }
    prose = repository_links("c/glossary.md", known)
    assert [link["label"] for link in prose] == ["Source"], "there is nothing to run in a page of prose"
    hub = repository_links("c/a.ipynb", {**known, "BINDERHUB_URL": "https://hub.example.org/"})
    assert hub[0]["url"].startswith("https://hub.example.org/v2/gh/me/book/")


@pytest.mark.parametrize(
    "environment",
    [{"GITHUB_REPOSITORY": "nonsense"}, {"GITHUB_REPOSITORY": "a/b/c"}, {"GITHUB_REPOSITORY": 'a/b" onclick="x'},
     {"GITHUB_REPOSITORY": "a/b", "BINDERHUB_URL": "javascript:alert(1)"}],
)  # fmt: skip
def test_a_made_up_repository_is_refused(environment):
    with pytest.raises(ValueError, match="GITHUB_REPOSITORY|BINDERHUB_URL"):
        repository_links("c/a.ipynb", environment)


def test_descriptions_are_cut_at_a_word():
    document = nodes.document(None, None)
    document += nodes.section("", nodes.title("", "T"), nodes.note("", nodes.paragraph("", "not this")),
                              nodes.paragraph("", "word " * 60))  # fmt: skip
    text = describe(document)
    assert len(text) <= 160 and text.startswith("word word") and text.endswith("word…")
    assert describe(nodes.document(None, None)) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<summary aria-label="Toggle hidden content">\n<p>Show</p>\n</summary>', "<summary>Show the code</summary>"),
        (
            '<summary aria-label="Toggle hidden content">\n<p>Show the 39 constants</p>\n<p>Hide</p></summary>',
            "<summary>Show the 39 constants</summary>",
        ),
        ('<th class="head"><p></p></th><th>a</th>', "<td></td><th>a</th>"),
        ('<div class="citation" role="doc-biblioentry">', '<div class="citation" role="listitem">'),
    ],
)
def test_small_faults_of_the_markup_are_mended(before, after):
    assert mended(before) == after


def test_the_favicon_is_a_valid_drawing_of_the_mark():
    from urllib.parse import unquote

    address = favicon()
    assert '"' not in address
    root = ElementTree.fromstring(unquote(address.removeprefix("data:image/svg+xml,")))
    assert root.get("viewBox") == "0 0 24 24"


# -- pages that must not be published ---------------------------------------------------------------------------------

VIEW = f'<script type="{VIEW_MIME}">{{"model_id": "m1"}}</script>'


def _page(state: dict | str, *more: str) -> str:
    text = state if isinstance(state, str) else json.dumps(state)
    return f'<html>{"".join(more)}<script type="{STATE_MIME}">{text}</script></html>'


def test_a_good_page_has_no_problems():
    output = '<div class="output text_plain highlight"><pre>1.46 times</pre></div>'
    prose = "<p>A <code>Traceback (most recent call last)</code> looks like this.</p>"
    assert page_problems(_page(_state(m1={"model_name": "VBoxModel", "state": {}}), VIEW, output, prose)) == []
    assert page_problems("<html><p>prose</p></html>") == []


BROKEN = {
    "a cell's traceback": (
        '<div class="output traceback highlight-ipythontb"><pre>Traceback\nZeroDivisionError: by 0</pre></div>',
        "ZeroDivisionError: by 0",
    ),
    "a traceback that was printed": (
        f'<div class="output stream highlight"><pre><span>{TRACEBACK}</span>\nKeyError: 1</pre></div>',
        "KeyError",
    ),
    "an error in an Output widget": (
        _page(_state(m1={"model_name": "OutputModel", "state": {"outputs": [
            {"output_type": "error", "ename": "ValueError", "evalue": "no drug", "traceback": []}]}}), VIEW),
        "ValueError: no drug",
    ),
    "a traceback in an HTML widget": (
        _page(_state(m1={"model_name": "HTMLModel", "state": {"value": f"{TRACEBACK}:\nOops: 3"}})),
        "Oops: 3",
    ),
    "a widget that was not saved": (_page(_state(other={"model_name": "X", "state": {}}), VIEW), "not saved"),
    "no state at all": (VIEW, "not saved"),
    "unreadable state": (_page("{"), "cannot be read"),
    "an unreadable place": (f'<script type="{VIEW_MIME}">{{}}</script>', "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_pages_are_found(name):
    html, complaint = BROKEN[name]
    problems = page_problems(html)
    assert any(complaint in problem for problem in problems), problems


def _stamped(static: Path) -> None:
    """Bundles such as a build leaves, with its stamp."""
    static.mkdir(exist_ok=True)
    for name in (HEAD, *ASSETS):
        (static / name).write_text(f"text of {name}")
    made = {name: hashlib.sha256((static / name).read_bytes()).hexdigest() for name in (HEAD, *ASSETS)}
    (static / bundles.STAMP).write_text(json.dumps({"sources": "", "outputs": made}))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda path: path.unlink(), r"runtime\.js \(missing\)"),
        (lambda path: path.write_text(path.read_text()[:5]), r"runtime\.js \(not as it was built\)"),
    ],
    ids=["deleted", "cut off"],
)
def test_bundles_that_are_not_whole_are_named_with_the_remedy(tmp_path, spoil, complaint):
    """What an installed package cannot make again; a directory with nothing in it names them all."""
    with pytest.raises(ConfigError, match=r"runtime\.js \(missing\), page\.js.*hatch_build\.py.*install"):
        extension.whole_bundles(tmp_path, tmp_path / "hatch_build.py")
    _stamped(tmp_path / "static")
    extension.whole_bundles(tmp_path / "static", tmp_path / "hatch_build.py")
    spoil(tmp_path / "static" / "runtime.js")
    with pytest.raises(ConfigError, match=complaint):
        extension.whole_bundles(tmp_path / "static", tmp_path / "hatch_build.py")


def test_a_checkout_makes_its_bundles_again_by_itself(tmp_path):
    """The checkout's own script is run, whoever builds; what it says when it fails is told."""
    static, script = tmp_path / "static", tmp_path / "hatch_build.py"
    _stamped(static)
    whole = (static / "runtime.js").read_text()
    (static / "runtime.js").write_text("cut")
    script.write_text(f"from pathlib import Path\nPath('static/runtime.js').write_text({whole!r})\n")
    extension.whole_bundles(static, script)
    assert (static / "runtime.js").read_text() == whole
    script.write_text("raise SystemExit('Node 20 or newer is needed')")
    with pytest.raises(ConfigError, match="Node 20 or newer is needed"):
        extension.whole_bundles(static, script)


# -- pages and files written by what they show -------------------------------------------------------------------------


class _Environment(SimpleNamespace):
    def note_dependency(self, path: str) -> None:
        self.noted.append(Path(path))


def test_the_reference_is_written_where_it_is_asked_for_and_depends_on_the_package(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(reference, "page", lambda: asked.append("page") or "ALL THE MODELS\n")
    config = SimpleNamespace(nb_execution_cache_path=str(tmp_path / "cache"))
    app = SimpleNamespace(env=_Environment(noted=[]), config=config)
    prose = ["# A chapter\n\nNothing to write here: `model reference`.\n"]
    write_reference(app, "chapters/one", prose)
    assert prose == ["# A chapter\n\nNothing to write here: `model reference`.\n"] and app.env.noted == []
    source = [f"# Models\n\nBefore.\n\n{REFERENCE_HERE}\n\nAfter.\n"]
    write_reference(app, "chapters/reference", source)
    assert source == ["# Models\n\nBefore.\n\nALL THE MODELS\n\n\nAfter.\n"]
    # Its text is kept for as long as what it is written from stays as it is, whatever becomes of the other pages.
    write_reference(app, "chapters/reference", [REFERENCE_HERE])
    assert asked == ["page"]
    monkeypatch.setattr(written, "fingerprint", lambda files: "another")
    write_reference(app, "chapters/reference", [REFERENCE_HERE])
    assert asked == ["page", "page"]
    package = ROOT / "widgets"
    assert {package / "models" / f"{name}.ant" for name in available()} <= set(app.env.noted)
    needed = (
        "evidence/anchors.py",
        "evidence/sensitivity.py",
        "engine/model.py",
        "evidence/validation.toml",
        "evidence/conclusions.toml",
    )
    assert {package / name for name in needed} <= set(app.env.noted)
    assert all(path.is_file() for path in app.env.noted)


def test_chapters_that_the_cache_lacks_are_run_side_by_side(tmp_path):
    """Two notebooks that are not in the cache are there afterwards, run; the third, in it already, is left alone."""
    for number in (1, 2, 3):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(f"print({number} * 7)")],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        nbformat.write(notebook, tmp_path / f"{number}.ipynb")
    config = SimpleNamespace(
        nb_execution_mode="cache",
        nb_execution_cache_path=str(tmp_path / "cache"),
        nb_execution_timeout=60,
    )
    env = SimpleNamespace(doc2path=lambda name: str(tmp_path / f"{name}.ipynb"))
    app = SimpleNamespace(config=config)
    run_side_by_side(app, env, ["1", "2"])
    cache = get_cache(config.nb_execution_cache_path)
    kept = sorted(record.uri.rsplit("/", 1)[-1] for record in cache.list_cache_records())
    assert kept == ["1.ipynb", "2.ipynb"]
    for number in (1, 2):
        record = cache.match_cache_notebook(nbformat.read(tmp_path / f"{number}.ipynb", as_version=4))
        assert cache.get_cache_bundle(record.pk).nb.cells[0].outputs[0]["text"] == f"{number * 7}\n"
    # One alone is left to Sphinx, which is as quick.
    run_side_by_side(app, env, ["1", "2", "3"])
    assert len(cache.list_cache_records()) == 2


@pytest.fixture
def laying(tmp_path, monkeypatch):
    """An app whose downloads are two small files, and how often they were asked for."""
    asked = []

    def of_models():
        asked.append("models")
        return {"a.ant": "model a\nend\n", "a.xml": "<sbml/>µ"}

    monkeypatch.setattr(reference, "downloads", of_models)
    monkeypatch.setattr(atlas, "downloads", lambda: {"drugs.csv": b"name\n"})
    monkeypatch.setattr(written, "downloads_hash", lambda: "one")
    return SimpleNamespace(outdir=str(tmp_path), builder=SimpleNamespace(format="html"), asked=asked)


def test_downloads_are_laid_beside_the_pages_and_only_when_the_package_changed(laying, monkeypatch):
    lay_downloads(laying, None)
    folder = Path(laying.outdir) / reference.FOLDER
    assert (folder / "a.ant").read_text(encoding="utf-8") == "model a\nend\n"
    assert (folder / "a.xml").read_bytes() == "<sbml/>µ".encode()
    assert (Path(laying.outdir) / atlas.FOLDER / "drugs.csv").read_bytes() == b"name\n"
    (folder / "gone.ant").write_text("of a model there is no more")
    lay_downloads(laying, None)
    assert (folder / "gone.ant").exists() and laying.asked == ["models"]
    monkeypatch.setattr(written, "downloads_hash", lambda: "two")
    lay_downloads(laying, None)
    assert {path.name for path in folder.iterdir()} == {"a.ant", "a.xml", ".package"}
    assert laying.asked == ["models"] * 2


def test_a_failed_or_another_build_lays_nothing(laying):
    lay_downloads(laying, ValueError("broken"))
    laying.builder.format = "latex"
    lay_downloads(laying, None)
    assert list(Path(laying.outdir).iterdir()) == [] and laying.asked == []


# -- a small book, built for real -------------------------------------------------------------------------------------

GLOSSARY = "# Glossary\n\n```{glossary}\nSERT\n  The serotonin transporter.\n\nGABA\n  Another.\n```\n"
CELLS = {
    "prose": "# A chapter\n\nThe {term}`pump <SERT>` of {cite:p}`a2020b`, $x^2$.\n\n## A section\n\nText.",
    "lab": "import ipywidgets as w\ns = w.FloatSlider(description='Level')\nt = w.FloatText()\n"
    "w.VBox([s, t]), w.jslink((s, 'value'), (t, 'value'))\nw.VBox([s, t])",
    "figure": "import matplotlib.pyplot as plt\nfrom widgets.figures import style\nstyle.apply()\n"
    "plt.figure(figsize=(3, 2))\nplt.plot([0, 1], color=style.COLOURS['serotonin'])\nplt.show()",
}


# The kernel hands each of these over by itself, as it does by chance where the machine is busy.
IN_PIECES = "for piece in ('first', 'second', 'third'):\n    print(f'the {piece} result', flush=True)"


def _notebook(
    path: Path, alt: str | None = "A line that rises.", extra: str = "", name: str = "", end: str = ""
) -> None:
    cells = [nbformat.v4.new_markdown_cell(CELLS["prose"])]
    for kind in ("lab", "figure"):
        cells.append(nbformat.v4.new_code_cell(CELLS[kind], metadata={"tags": ["hide-input"]}))
    if alt is not None:
        cells[-1].metadata["mystnb"] = {"image": {"alt": alt}}
    if name:
        cells[-1].metadata["mystnb"]["figure"] = {"name": name, "caption": "A line."}
    if end:
        cells[-1].source = cells[-1].source.replace("plt.show()", end)
    if extra:
        cells.append(nbformat.v4.new_code_cell(extra))
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P"}})
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"c{number}"
    nbformat.write(notebook, path)


def _build(project: Path, **environment: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if k not in ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "BINDERHUB_URL")}
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    code = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, "build", "-W", "-n", "--keep-going", str(project)],
        capture_output=True, text=True, env={**kept, "PYTHONPATH": paths, **environment}, timeout=900,
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A book of three pages under the real configuration, built once; the tests below change it in turn."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "_config.yml").write_text((ROOT / "_config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    toc = {"format": "jb-book", "root": "chapters/welcome",
           "parts": [{"caption": "Part one", "chapters": [{"file": "chapters/one/chapter"}]},
                     {"caption": "Back", "chapters": [{"file": "chapters/glossary"}]}]}  # fmt: skip
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc))
    (folder / "chapters" / "one").mkdir(parents=True)
    (folder / "chapters" / "welcome.md").write_text("# The Living Synapse\n\nHello.\n\n```{bibliography}\n```\n")
    (folder / "chapters" / "glossary.md").write_text(GLOSSARY)
    (folder / "references.bib").write_text("@article{a2020b, author={A, B}, title={T}, journal={J}, year={2020}}\n")
    _notebook(folder / "chapters" / "one" / "chapter.ipynb", extra=IN_PIECES)
    done = _build(folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


def _html(project: Path, name: str = "one/chapter") -> str:
    return (project / "_build" / "html" / "chapters" / f"{name}.html").read_text(encoding="utf-8")


def test_a_page_with_widgets_has_one_runtime_and_what_it_needs(project):
    html = _html(project)
    assert len(re.findall(r'<script[^>]*src="\.\./\.\./_static/runtime\.js\?v=\w+"', html)) == 1
    assert STATE_MIME in html and html.count(f'type="{VIEW_MIME}"') == 1
    assert "<math " in html
    assert "<svg" in html and 'aria-label="A line that rises."' in html and "var(--ls-serotonin)" in html
    assert html.count("<summary>Show the code</summary>") == 2
    terms = json.loads(re.search(r'id="glossary-terms">(.*?)</script>', html)[1])
    assert terms == {"term-SERT": ["SERT", "The serotonin transporter."]}
    assert "(<a" in html and "2020</a>)" in html
    assert 'aria-current="page">A chapter</a>' in html and "#a-section" in html
    assert '<meta name="description" content="The pump of' in html


def test_a_page_without_widgets_has_no_runtime(project):
    for name in ("welcome", "glossary"):
        html = _html(project, name)
        assert "runtime.js" not in html and "page.js" in html


def test_nothing_is_asked_of_other_hosts_and_no_junk_is_carried(project):
    for name in ("welcome", "glossary", "one/chapter"):
        html = _html(project, name)
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*src="([^"]+)"', html)
        loaded += re.findall(r'<link[^>]*rel="(?:stylesheet|icon|prefetch)"[^>]*href="([^"]+)"', html)
        assert loaded
        assert [address for address in loaded if re.match(r"(https?:)?//", address)] == []
        for junk in ("THEBE", "MathJax", "mathjax@", "require.min.js", "copybutton", "togglebutton", "sphinx-design"):
            assert junk not in html, junk


def test_the_folded_code_stands_below_what_it_made(project):
    html = _html(project)
    assert html.index(f'type="{VIEW_MIME}"') < html.index("<summary>Show the code</summary>")


def test_what_a_cell_prints_is_one_box_however_it_came(project):
    (executed,) = (project / "_build" / "jupyter_execute" / "chapters" / "one").glob("chapter.ipynb")
    pieces = [o for c in nbformat.read(executed, as_version=4).cells for o in c.get("outputs", []) if "name" in o]
    assert len(pieces) == 3, "the kernel no longer hands over what is flushed: this test has nothing to look at"
    boxes = re.findall(r'<div class="output stream.*?</div>', _html(project), flags=re.DOTALL)
    assert len(boxes) == 1
    assert all(f"the {piece} result\n" in boxes[0] for piece in ("first", "second", "third"))


def test_without_a_repository_there_are_no_buttons_but_the_notebook(project):
    html = _html(project)
    assert "mybinder" not in html and "github.com" not in html
    notebook = re.search(r'<a href="([^"]+)" download', html)[1]
    (copy,) = [(project / "_build" / "html" / "chapters" / "one" / notebook).resolve()]
    cells = nbformat.read(copy, as_version=4).cells
    assert copy == (project / "_build/html/notebooks/one/chapter.ipynb").resolve() and len(cells) == 5
    assert (
        "pip install ." in cells[0].source and '<abbr title="The serotonin transporter.">pump</abbr>' in cells[1].source
    )
    assert "Run me" in cells[2].outputs[-1].data["text/html"] and 'alt="A line that rises."' in str(cells[3].outputs)


def test_an_unchanged_second_build_writes_nothing(project):
    pages = sorted((project / "_build" / "html" / "chapters").rglob("*.html"))
    before = [page.stat().st_mtime_ns for page in pages]
    done = _build(project)
    assert done.returncode == 0, done.stderr[-3000:]
    assert [page.stat().st_mtime_ns for page in pages] == before
    assert "Executing notebook" not in done.stdout + done.stderr


def test_with_a_repository_the_buttons_appear_without_executing_anything(project):
    done = _build(project, GITHUB_REPOSITORY="me/book")
    assert done.returncode == 0, done.stderr[-3000:]
    copy = "notebooks/one/chapter.ipynb"
    assert f"https://mybinder.org/v2/gh/me/book/notebooks?labpath={copy}" in _html(project)
    assert f"https://colab.research.google.com/github/me/book/blob/notebooks/{copy}" in _html(project)
    cells = nbformat.read(project / "_build/html" / copy, as_version=4).cells
    assert "git+https://github.com/me/book" in cells[0].source
    prose = "# A chapter\n\nThe [pump](https://me.github.io/book/chapters/glossary.html#term-SERT) of ("
    assert cells[1].source.startswith(prose) and cells[1].source.endswith("$x^2$.\n\n## A section\n\nText.")
    assert "Executing notebook" not in done.stdout + done.stderr
    assert "mybinder" not in _html(project, "glossary")


def test_a_changed_definition_reaches_the_pages_that_show_it(project):
    (project / "chapters" / "glossary.md").write_text(GLOSSARY.replace("serotonin transporter", "pump for serotonin"))
    assert _build(project).returncode == 0
    assert "The pump for serotonin." in _html(project)


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        ({"alt": None}, "chapter.ipynb, cell 3 (style.apply()): a picture has no alt text"),
        ({"name": "rising", "end": "plt.gcf()"}, "chapter.ipynb, cell 3"),
        ({"name": "rising", "end": "plt.gcf()"}, "shows two pictures under one name: end it with plt.show()"),
        ({"extra": "import ipywidgets as w\no = w.Output()\nwith o:\n    1 / 0\no"}, "ZeroDivisionError: division"),
        ({"extra": "1 / 0"}, "ZeroDivisionError"),
        ({"extra": "import sys; print('careful', file=sys.stderr)"}, "stderr was found"),
    ],
    ids=["no alt text", "shown twice, where", "and the fix", "error in a widget", "error in a cell", "warning printed"],
)
def test_a_broken_chapter_fails_the_build(project, case, complaint):
    _notebook(project / "chapters" / "one" / "chapter.ipynb", **case)
    done = _build(project)
    assert done.returncode != 0
    assert complaint in done.stdout + done.stderr, (done.stdout + done.stderr)[-3000:]


# -- the model reference, as the whole book has it --------------------------------------------------------------------


@pytest.fixture(scope="module")
def built_reference(request) -> Path:
    """The folder of the whole book's HTML."""
    return request.getfixturevalue("book").html


@pytest.fixture(scope="module")
def reference_page(built_reference) -> str:
    return (built_reference / "chapters" / "back-matter" / "model-reference.html").read_text(encoding="utf-8")


def test_the_built_reference_has_every_model_and_no_marker(reference_page):
    assert page_problems(reference_page) == []
    prose = re.sub(r"<[^>]*>", "", reference_page)
    assert "model reference }}" not in prose and ":::" not in prose and "{cite" not in prose and "$$" not in prose
    for name in available():
        assert f'id="model-{name.replace("_", "-")}"' in reference_page
        for constant in load_model(name).controls:
            assert f">{constant}</span>" in reference_page
    blocks = re.findall(r'<math [^>]*display="block"', reference_page)
    assert len(blocks) == len(re.findall(r"(?m)^\$\$$", "\n".join(map(_equations, available())))) // 2


def _equations(name: str) -> str:
    return "\n\n".join(reference._laws(load_model(name)))


def test_what_the_built_reference_links_to_is_there(built_reference, reference_page):
    here = built_reference / "chapters" / "back-matter"
    links = set(re.findall(r'<a [^>]*href="([^"]+)"', reference_page.split("<article", 1)[1].split("</article", 1)[0]))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert len(local) > 100
    pages = {"": reference_page}
    for link in local:
        path, _, anchor = link.partition("#")
        assert (here / path).resolve().is_file() or not path, link
        if anchor:
            if path not in pages:
                pages[path] = (here / path).read_text(encoding="utf-8")
            assert f'id="{anchor}"' in pages[path], link
    laid = {path.name: path for path in (built_reference / reference.FOLDER).iterdir()}
    for name, text in reference.downloads().items():
        assert laid[name].read_text(encoding="utf-8") == text
        assert any(link.endswith(f"/{reference.FOLDER}/{name}") for link in links)
    assert set(laid) == {*reference.downloads(), ".package"}


# -- Sphinx alone -----------------------------------------------------------------------------------------------------


def _in_order(html: str) -> str:
    """A page with the names in its JSON in order: a kept execution has them in another than a fresh one."""
    return re.sub(
        r'(<script type="application/[^"]*json">)(.*?)(</script>)',
        lambda found: found[1] + json.dumps(json.loads(found[2]), sort_keys=True) + found[3],
        html,
        flags=re.DOTALL,
    )


def test_sphinx_alone_writes_the_same_pages(project):
    """The way off Jupyter Book 1: its package is not even importable here, and every page comes out the same."""
    shutil.copy(ROOT / "conf.py", project / "conf.py")
    _notebook(project / "chapters" / "one" / "chapter.ipynb")  # as it was before the tests above
    # Both read the executions that are kept: a fresh one writes its state in another order.
    for built in ("html", ".doctrees"):
        shutil.rmtree(project / "_build" / built)
    code = "import sys; sys.modules['jupyter_book'] = None; from sphinx.cmd.build import main; sys.exit(main())"
    assert _build(project).returncode == 0
    run = subprocess.run(
        [sys.executable, "-c", code, "-W", "-n", "--keep-going", "-q", ".", "_build/sphinx"],
        cwd=project, capture_output=True, text=True, timeout=900, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    ours, theirs = (
        {path.relative_to(folder).as_posix(): _in_order(path.read_text("utf-8")) for path in folder.rglob("*.html")}
        for folder in (project / "_build" / "sphinx", project / "_build" / "html")
    )
    assert len(ours) >= 4
    assert ours == theirs


def test_a_setting_only_jupyter_book_knows_is_named(tmp_path):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    for section, key, value in (("html", "use_multitoc_numbering", True), ("launch_buttons", "colab_url", "x")):
        changed = {**config, section: {**config.get(section, {}), key: value}}
        (tmp_path / "_config.yml").write_text(yaml.safe_dump(changed))
        with pytest.raises(ConfigError, match=rf"{section}.*{key}.*sphinx: config:"):
            settings(tmp_path)
