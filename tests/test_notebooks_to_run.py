"""Notebooks to run: every role and box is written out, labs have names, and nothing shows an error before it is run."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import pytest
from docutils import nodes
from docutils.core import publish_doctree
from markdown_it import MarkdownIt
from myst_parser.docutils_ import Parser
from nbclient import NotebookClient
from sphinx import addnodes

from tests.browser.support import ROOT
from widgets.book.lab_cells import NamedCell, named
from widgets.book.links import install_from, published_at, repository_links
from widgets.book.notebook_prose import Link, Prose, Unwritten, anchor, escaped, prose_of
from widgets.book.notebooks_to_run import copy_of, hint, install_cell, picture, still_html
from widgets.book.state import STATE_MIME, VIEW_MIME
from widgets.book.stills import Question, Still

ACTIONS = {"GITHUB_REPOSITORY": "someone/synapse", "GITHUB_SHA": "abc123"}
RAW = re.compile(r"\{[\w:.+-]+\}`|^\s*(:::|```\{)|^\([\w-]+\)=|\{\{|^%\s|^\+\+\+", re.M)
"""What only MyST understands."""


# -- prose -------------------------------------------------------------------------------------------------------------


def tree(text: str) -> nodes.document:
    """A page of MyST as docutils reads it, with the extensions of the book."""
    document = publish_doctree(
        text, parser=Parser(), settings_overrides={
            "myst_enable_extensions": ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath",
                                       "smartquotes", "substitution"],
            "myst_substitutions": {"name": "serotonin"}, "doctitle_xform": False, "report_level": 2,
            "halt_level": 2,
        },
    )  # fmt: skip
    return document


def written(text: str, address=lambda reference: Link(reference.get("refuri", ""))) -> str:
    return "\n\n".join(prose_of(tree(text), address).cells.values())


@pytest.mark.parametrize(
    ("myst", "expected"),
    [
        ("Plain *words* and **bold** `code`.", "Plain *words* and **bold** `code`."),
        ("# A\n\nText\n\n## B\n\nMore", "# A\n\nText\n\n## B\n\nMore"),
        (":::{note}\nTake *care*.\n:::", "> **Note**\n>\n> Take *care*."),
        (":::{admonition} Not advice\n:class: x\nOne.\n\nTwo.\n:::", "> **Not advice**\n>\n> One.\n>\n> Two."),
        ("- a\n- b\n\n  c", "- a\n- b\n\n  c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n  - b", "- a\n\n  - b"),
        ("Term\n: What it *means*.", "- **Term**: What it *means*."),
        ("$x^2 < y$ and\n\n$$\ny = 1\n$$", "$x^2 < y$ and\n\n$$\ny = 1\n$$"),
        ("| a | b |\n| --- | --- |\n| `x|y`{.z} | $|v|$ |", None),
        ("| a | b |\n| --- | --- |\n| 1 | *2* |", "| a | b |\n| --- | --- |\n| 1 | *2* |"),
        ("It is {{ name }}.", "It is serotonin."),
        ("% a comment\n\nText", "Text"),
        ("(label)=\nText", "Text"),
        ("{.lead}\nText [with a class]{.x}", "Text with a class"),
        ("H{sub}`2`O {sup}`3`", "H<sub>2</sub>O <sup>3</sup>"),
        ("See[^n].\n\n[^n]: A *note*.", None),
        ("```python\nx = 1\n```", "```python\nx = 1\n```"),
        ("[out](https://example.org/a_b)", "[out](https://example.org/a_b)"),
        ("> said", "> said"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        ("![A *dot*](dot.png)", "![A dot](attachment:dot.png)"),
        (r"5 \* 3, a\_b, \$5, \[x\], 1\. no list", None),
    ],
)  # fmt: skip
def test_each_kind_of_markup_is_written_for_all_programs(myst, expected):
    found = written(myst)
    if expected is not None:
        assert found == expected
    assert not RAW.search(found)
    # What a plain Markdown reader sees is what the author's own reader sees.
    assert shown(found) == plain(tree(myst))


def shown(markdown: str) -> str:
    """The words that CommonMark with tables shows of a text, math and markup left out."""
    tokens = MarkdownIt("commonmark").enable("table").parse(re.sub(r"\$\$?[^$]*(?<!\\)\$\$?", " ", markdown))
    words = []
    for token in tokens:
        for each in token.children or [token]:
            if each.type in ("text", "code_inline", "fence", "code_block"):
                words.append(each.content)
            elif each.type in ("softbreak", "hardbreak") or each.content.startswith("<br") or each.type == "image":
                words.append(" ")
        words.append(" ")
    return letters("".join(words))


def plain(document: nodes.document) -> str:
    words = []
    for node in document.findall():
        if isinstance(node, nodes.Text) and not _unseen(node):
            words.append(node.astext())
        if isinstance(node, nodes.Admonition) and not isinstance(node, nodes.admonition):
            words.append(type(node).__name__.capitalize())
    return letters(" ".join(words))


def _unseen(node: nodes.Node) -> bool:
    above = node.parent
    while above is not None:
        if isinstance(above, (nodes.math, nodes.math_block, nodes.comment, nodes.substitution_definition, nodes.raw)):
            return True
        above = above.parent
    return False


def letters(text: str) -> str:
    """Words without spaces, and without the colon that a definition list gets."""
    return re.sub(r"[\s:]+", "", text)


@pytest.mark.parametrize(
    "words",
    ["2 * 3 * 4", "a_b _c_ __d__", "<b>not bold</b>", "[x](y)", "$5 and $6", r"back\slash \* kept", "~~no~~",
     "# no head", "- no list", "12. no list", "1) no list", "+ no", "=== no", "--- no", "&amp; no entity",
     "![no](picture)", "`no code`", "a*b*c", "5-HT_1A", "snake_case_name", "*", "_", "&", "x < y > z",
     "> no quotation"],
)  # fmt: skip
def test_words_are_never_markup(words):
    document = nodes.document(SimpleNamespace(), SimpleNamespace())
    document += nodes.paragraph("", "", nodes.Text(words))
    (text,) = prose_of(document, lambda reference: Link()).cells.values()
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {each.type for each in tokens[1].children} == {"text"}
    assert "".join(each.content for each in tokens[1].children) == words
    assert not re.search(r"(?<!\\)\$", text), "a dollar begins math in Jupyter"


def test_a_kind_that_is_not_known_is_refused_by_name_and_cell():
    class hologram(nodes.General, nodes.Element):
        pass

    document = nodes.document(SimpleNamespace(), SimpleNamespace())
    below = hologram("", nodes.paragraph("", "in three dimensions"))
    below.line = 70_002
    document += below
    with pytest.raises(Unwritten, match=r"cell 6: .*'hologram'.*in three dimensions.*notebook_prose.py"):
        prose_of(document, lambda reference: Link())
    # A reference that was not found is one of them.
    document = nodes.document(SimpleNamespace(), SimpleNamespace())
    document += nodes.paragraph("", "", addnodes.pending_xref("", nodes.inline("", "nowhere")))
    with pytest.raises(Unwritten, match="'pending_xref'"):
        prose_of(document, lambda reference: Link())


def test_links_lead_out_or_are_explained_once():
    document = nodes.document(SimpleNamespace(), SimpleNamespace())
    for _ in range(2):
        document += nodes.paragraph(
            "", "", nodes.reference("", "", nodes.inline("", "SERT"), refuri="glossary.html#term-SERT")
        )
    cells = prose_of(document, lambda reference: Link("https://example.org/g.html#term (x)")).cells
    assert cells[0].splitlines()[0] == "[SERT](https://example.org/g.html#term%20%28x%29)"
    cells = prose_of(document, lambda reference: Link("", 'A "pump" & more')).cells
    assert cells[0].split("\n\n") == ['<abbr title="A &quot;pump&quot; &amp; more">SERT</abbr>', "SERT"]


def test_a_heading_is_found_by_its_words():
    assert anchor("Two pumps, five medicines") == "#Two-pumps,-five-medicines"
    assert escaped("a_b") == "a_b"


# -- labs --------------------------------------------------------------------------------------------------------------


def test_one_lab_is_called_lab_and_several_by_their_names():
    assert named(["import widgets", "SynapseLab('gaba')"]) == [
        NamedCell("import widgets"),
        NamedCell("lab = SynapseLab('gaba')\nlab", "lab"),
    ]
    found = named([
        "x = 1\nSynapseLab(\n    'serotonin', name='two-weeks',\n)  # a remark",
        "DrugLab(['a'], name='2nd')",
        "SynapseLab('gaba')",
        "mine = SynapseLab('dopamine')\nmine",
        "gaba_lab_2 = 1; CheckYourself('ssri')",
        "%matplotlib inline\nSynapseLab('gaba')",
        "lambda: SynapseLab('gaba')",
        "",
    ])  # fmt: skip
    assert [each.lab for each in found] == ["two_weeks_lab", "lab", "gaba_lab", "mine", None, None, None, None]
    assert found[0].source == (
        "x = 1\ntwo_weeks_lab = SynapseLab(\n    'serotonin', name='two-weeks',\n)  # a remark\ntwo_weeks_lab"
    )
    twice = named(["SynapseLab('gaba')", "é = 1; SynapseLab('gaba')", "gaba_lab = 3"])
    assert [each.lab for each in twice] == ["gaba_lab_2", "gaba_lab_3", None], "a name of the chapter's is taken"
    assert twice[1].source == "é = 1; gaba_lab_3 = SynapseLab('gaba')\ngaba_lab_3"


def test_the_hint_sets_something_that_moves():
    slider = {"name": "reuptake_inhibition", "kind": "number", "minimum": 0.0, "maximum": 1.0}
    assert "`lab.set(reuptake_inhibition=1)`" in hint(
        "lab", {"controls": [slider], "start": {"reuptake_inhibition": 0.8}}
    )
    assert "`lab.set(reuptake_inhibition=0)`" in hint(
        "lab", {"controls": [slider], "start": {"reuptake_inhibition": 1.0}}
    )
    assert "`lab.set(...)`" in hint("lab", {}) and "`lab.values`" in hint("lab", {})


# -- cells -------------------------------------------------------------------------------------------------------------


def chapter() -> nbformat.NotebookNode:
    """A chapter as it was run: prose, a lab with a saved widget, a figure, a table, and something folded away."""
    new = nbformat.v4
    lab = new.new_code_cell("from widgets import SynapseLab\nSynapseLab('gaba')", metadata={"tags": ["hide-input"]})
    view = {"model_id": "a1", "version_major": 2, "version_minor": 0}
    lab.outputs = [
        new.new_output("execute_result", data={"text/plain": "SynapseLab('gaba')", VIEW_MIME: view}, execution_count=1)
    ]
    figure = new.new_code_cell(
        "draw()", metadata={"mystnb": {"image": {"alt": "A line\n rises"}, "figure": {"caption": "c"}}}
    )
    figure.outputs = [
        new.new_output("display_data", data={"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'})
    ]
    table = new.new_code_cell("show()", metadata={"tags": ["remove-output"]})
    table.outputs = [new.new_output("stream", text="long")]
    rows = new.new_code_cell("rows()", metadata={"tags": ["hide-cell"]})
    rows.outputs = [
        new.new_output("display_data", data={"text/markdown": ":::{table}\n:::", "text/html": "<table></table>"})
    ]
    made = new.new_notebook(cells=[new.new_markdown_cell("# {term}`Raw`"), lab, figure, table, rows])
    made.metadata["widgets"] = {STATE_MIME: {"state": {}, "version_major": 2, "version_minor": 0}}
    return made


def test_a_copy_can_be_looked_at_without_being_run():
    prose = Prose({0: "# Raw", 3: "After"}, {2: "**Fig. 1** c"})
    copied = copy_of(chapter(), prose, install_cell(ACTIONS))
    nbformat.validate(copied)
    kinds = [(cell.cell_type, cell.source.splitlines()[-1]) for cell in copied.cells]
    assert kinds == [
        ("code", '    %pip install --quiet "living-synapse[models] @ git+https://github.com/someone/synapse@abc123"'),
        ("markdown", "# Raw"),
        ("code", "lab"),
        ("markdown", hint("lab", {})),
        ("code", "draw()"),
        ("markdown", "**Fig. 1** c"),
        ("code", "show()"),
        ("markdown", "After"),
        ("code", "rows()"),
    ]
    text = json.dumps(copied)
    assert VIEW_MIME not in text and "mystnb" not in text and "widgets" not in copied.metadata and ":::" not in text
    lab, figure, folded, hidden = (copied.cells[place] for place in (2, 4, 6, 8))
    assert "<strong>Run me:</strong>" in lab.outputs[0].data["text/html"]
    assert lab.outputs[0].data["text/plain"] == "SynapseLab('gaba'): run this cell"
    assert lab.metadata.jupyter == {"source_hidden": True} and lab.metadata.cellView == "form"
    assert 'alt="A line rises"' in figure.outputs[0].data["text/html"] and "image/svg+xml" not in figure.outputs[0].data
    assert folded.outputs == [] and folded.execution_count is None
    assert hidden.metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}
    assert dict(hidden.outputs[0].data) == {"text/html": "<table></table>"}


def test_a_still_is_a_picture_on_white_with_its_sentence():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/></svg>'
    found = still_html(Still(kind="lab", title="A & B", svg=svg, alt='a "curve"', sentence="It <rises>."))
    assert (
        "<strong>A &amp; B</strong>" in found and "It &lt;rises&gt;." in found and 'alt="a &quot;curve&quot;"' in found
    )
    drawn = base64.b64decode(re.search(r"base64,([^\"]+)", found)[1]).decode()
    assert drawn.index("#ffffff") < drawn.index("M0 0") and "<svg" not in found
    assert 'viewBox="-12 -12 33 33"' in drawn and 'x="-12" y="-12"' in drawn, "what stands at the edge is cut"
    asked = still_html(Still(kind="questions", questions=(Question("Which?", ("One", "Two")),)))
    assert "<p>Which?</p><ul><li>One</li><li>Two</li></ul>" in asked and "Run me" in asked
    gated = still_html(
        Still(kind="lab", svg=svg, question="Predict: more?", choices=("Yes", "No"), sentence="Choose above.")
    )
    assert (
        gated.index("Predict: more?") < gated.index("<li>No</li>") < gated.index("<img") < gated.index("Choose above.")
    )
    with pytest.raises(ElementTree.ParseError):
        picture("<svg>", "")


def test_a_picture_of_the_prose_travels_with_its_cell(tmp_path):
    (tmp_path / "dot.png").write_bytes(b"png")
    prose = Prose({0: "![A dot](attachment:dot.png)"}, {}, {"dot.png": str(tmp_path / "dot.png")})
    copied = copy_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("x")]), prose, "pass")
    nbformat.validate(copied)
    assert copied.cells[1].attachments == {"dot.png": {"image/png": base64.b64encode(b"png").decode()}}


# -- where they lead and where they are --------------------------------------------------------------------------------


def test_the_first_cell_does_nothing_where_the_package_is(tmp_path):
    for environment in ({}, ACTIONS):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(install_cell(environment))])
        done = NotebookClient(book, resources={"metadata": {"path": str(tmp_path)}}, kernel_name="python3").execute()
        assert done.cells[0].outputs == []
    missing = install_cell({}).replace('version("living-synapse")', 'version("living-synapse-that-is-missing")')
    with pytest.raises(ModuleNotFoundError, match=r"The Living Synapse \S+ is not installed: run `pip install \.`"):
        exec(missing, {})


def test_addresses_follow_the_repository_and_are_never_made_up():
    assert published_at({}) == install_from({}) == "" and repository_links("chapters/a.ipynb", {}) == []
    assert published_at(ACTIONS) == "https://someone.github.io/synapse/"
    assert published_at({"GITHUB_REPOSITORY": "Someone/someone.github.io"}) == "https://someone.github.io/"
    assert install_from(ACTIONS) == "git+https://github.com/someone/synapse@abc123"
    tagged = {**ACTIONS, "GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1.2.0"}
    assert install_from(tagged) == "git+https://github.com/someone/synapse@v1.2.0"
    elsewhere = {**ACTIONS, "GITHUB_SERVER_URL": "https://git.example.org"}
    assert published_at(elsewhere) == "" and [
        each["label"] for each in repository_links("chapters/a.ipynb", elsewhere)
    ] == ["Source"]
    found = {each["label"]: each["url"] for each in repository_links("chapters/2-messengers/gaba.ipynb", ACTIONS)}
    assert found == {
        "Binder": "https://mybinder.org/v2/gh/someone/synapse/notebooks?labpath=notebooks/2-messengers/gaba.ipynb",
        "Colab": "https://colab.research.google.com/github/someone/synapse/blob/notebooks/notebooks/2-messengers/gaba.ipynb",
        "Source": "https://github.com/someone/synapse/blob/HEAD/chapters/2-messengers/gaba.ipynb",
    }


def git(*arguments: str, cwd: Path) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *identity, *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


def test_what_binder_and_colab_open_is_published(tmp_path):
    server, work, html = tmp_path / "server.git", tmp_path / "work", tmp_path / "html"
    git("init", "--quiet", "--bare", str(server), cwd=tmp_path)
    git("clone", "--quiet", str(server), str(work), cwd=tmp_path)
    for name in (
        "requirements.txt",
        "postBuild",
        ".github/workflows/test.yml",
        ".github/images/a.png",
        "chapters/gaba.ipynb",
    ):
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(name)
    git("add", ".", cwd=work)
    git("commit", "--quiet", "--message", "one", cwd=work)
    git("push", "--quiet", "origin", "HEAD:main", cwd=work)
    for text in ("first", "second"):
        (html / "notebooks/2-messengers").mkdir(parents=True, exist_ok=True)
        (html / "notebooks/2-messengers/gaba.ipynb").write_text(text)
        subprocess.run(
            ["bash", str(ROOT / ".ci/publish-notebooks"), str(html)], cwd=work, check=True, capture_output=True
        )
        listed = git("ls-tree", "-r", "--name-only", "notebooks", cwd=server).split()
        assert listed == [
            ".github/images/a.png",
            "chapters/gaba.ipynb",
            "notebooks/2-messengers/gaba.ipynb",
            "postBuild",
            "requirements.txt",
        ]
        assert git("show", "notebooks:notebooks/2-messengers/gaba.ipynb", cwd=server) == text
        assert git("status", "--short", cwd=work) == "", "the checkout was touched"
    assert git("rev-list", "--count", "notebooks", cwd=server).strip() == "1"
    refused = subprocess.run(
        ["bash", str(ROOT / ".ci/publish-notebooks"), str(tmp_path)], cwd=work, capture_output=True, text=True
    )
    assert refused.returncode == 1 and "make book" in refused.stderr


# -- all chapters ----------------------------------------------------------------------------------------------------


def copies(html: Path) -> dict[str, nbformat.NotebookNode]:
    found = {
        path.relative_to(html / "notebooks").as_posix(): nbformat.read(path, as_version=4)
        for path in sorted((html / "notebooks").rglob("*.ipynb"))
    }
    chapters = sorted(
        path.relative_to(ROOT / "chapters").as_posix() for path in (ROOT / "chapters").rglob("[!.]*.ipynb")
    )
    assert list(found) == [name for name in chapters if ".ipynb_checkpoints" not in name] and len(found) >= 14
    return found


def test_every_chapter_has_a_copy_without_raw_markup(book):
    checked = 0
    for name, copied in copies(book.html).items():
        nbformat.validate(copied)
        assert (
            f'href="../../notebooks/{name}"' in (book.html / f"chapters/{name[:-6]}.html").read_text()
            or "/" not in name
        )
        for place, cell in enumerate(copied.cells):
            where = f"{name}, cell {place}"
            if cell.cell_type == "markdown":
                assert not (found := RAW.search(cell.source)), f"{where}: {found[0]}"
            for output in cell.get("outputs", ()):
                for mime, text in output.get("data", {}).items():
                    assert mime != VIEW_MIME, where
                    assert mime == "text/latex" or not RAW.search(text), f"{where}: {RAW.search(text)[0]}"
            checked += 1
    assert checked > 300


def test_the_copies_say_what_the_chapters_say(book):
    """Every cited work, term and box of a chapter is there in words."""
    cited = boxes = 0
    for name, copied in copies(book.html).items():
        source = nbformat.read(ROOT / "chapters" / name, as_version=4)
        text = "\n".join(cell.source for cell in copied.cells if cell.cell_type == "markdown")
        prose = [cell.source for cell in source.cells if cell.cell_type == "markdown"]
        for keys in re.findall(r"\{cite\}`([^`]+)`", "\n".join(prose)):
            for key in keys.split(","):
                year = re.search(r"\d{4}", key)[0]
                assert year in text, f"{name}: {key}"
                cited += 1
        for title in re.findall(r"\{admonition\} (.+)", "\n".join(prose)):
            assert f"> **{title}**" in text
            boxes += 1
        assert len(re.findall(r"^#+ ", text, re.M)) == len(re.findall(r"^#+ ", "\n".join(prose), re.M))
    assert cited > 600 and boxes >= 10


def test_every_lab_of_every_chapter_has_a_name_a_still_and_a_hint(book):
    labs = 0
    for name, copied in copies(book.html).items():
        shown = [
            place
            for place, cell in enumerate(copied.cells)
            if re.search(r"^(\w+ = )?(Synapse|Drug)Lab\(", cell.source, re.M)
        ]
        names = set()
        for place in shown:
            cell = copied.cells[place]
            lab = cell.source.rstrip().splitlines()[-1]
            assert lab.isidentifier() and lab not in names, name
            names.add(lab)
            assert "data:image/svg+xml;base64," in cell.outputs[-1].data["text/html"], f"{name}, {lab}: no picture"
            assert re.search(r"<p>(?!<strong>).{20,}?</p>", cell.outputs[-1].data["text/html"]), (
                f"{name}, {lab}: no sentence"
            )
            assert (
                f"`{lab}.values`" in copied.cells[place + 1].source and f"{lab}.set(" in copied.cells[place + 1].source
            )
            assert ".set(...)" not in copied.cells[place + 1].source
            labs += 1
    assert labs >= 30


@pytest.mark.slow
@pytest.mark.parametrize("name", ["4-medicines/snri.ipynb", "1-synapse/models.ipynb"])
def test_a_copy_runs_in_a_clean_folder_and_its_hints_are_true(book, tmp_path, name):
    copied = copies(book.html)[name]
    hints = [re.findall(r"`(\w+\.set\([^`]*\))`", cell.source) for cell in copied.cells if cell.cell_type == "markdown"]
    asked = [call for found in hints for call in found]
    assert len(asked) >= 2
    for call in asked:
        lab = call.split(".")[0]
        copied.cells.append(nbformat.v4.new_code_cell(f"before = {lab}.values\n{call}\nprint(before != {lab}.values)"))
    NotebookClient(
        copied, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    said = [cell.outputs[-1].text for cell in copied.cells[-len(asked) :]]
    assert said == ["True\n"] * len(asked)
    assert not list(tmp_path.iterdir())
