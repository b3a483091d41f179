"""The whole book as one text: trees and their markup, a page cleaned, a zip that is the same on every machine."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.browser.support import ROOT
from widgets.book import archive, epub, paper, whole
from widgets.book.state import STATE_MIME, VIEW_MIME
from widgets.book.stills import Still
from widgets.book.xhtml import edit, elements, fragment, page, prefix_ids, words, write

DAY = datetime.date(2026, 12, 1)
EDITION = paper.Edition("1.2.3", DAY, "https://who.github.io/book/")
FOREIGN = (
    '<p id="a">Cut &amp; <b>dried</b>, <br>twice <svg viewBox="0 0 2 1"><defs><clipPath id="c"><path d="M0,0"/>'
    '</clipPath></defs><g clip-path="url(#c)"><use href="#c"></use></g></svg> <math><mi>x</mi></math> '
    '<a href="#a">up</a></p>'
)


def test_a_tree_is_written_as_html_and_xml_at_once():
    text = write(fragment(FOREIGN)[0])
    tree = ElementTree.fromstring(f'<body xmlns="http://www.w3.org/1999/xhtml">{text}</body>')
    names = [each.tag.rpartition("}")[::2] for each in tree.iter()]
    assert ("{http://www.w3.org/2000/svg", "clipPath") in names and (
        "{http://www.w3.org/1998/Math/MathML",
        "mi",
    ) in names
    assert 'viewBox="0 0 2 1"' in text and "Cut &amp; " in text and "<br/>" in text
    assert write(fragment(text)[0]) == text, "read as HTML it is the same"


def test_ids_and_what_refers_to_them_change_together():
    (tree,) = fragment(FOREIGN)
    prefix_ids(tree, "p--")
    text = write(tree)
    assert 'id="p--a"' in text and 'id="p--c"' in text and "url(#p--c)" in text and '<use href="#p--c">' in text
    assert '<a href="#a">' in text, "links are for whoever knows where they lead"


def test_what_stands_after_a_replaced_element_stays():
    (tree,) = fragment("<p>one <b>two</b> three <i>four</i> five</p>")
    new = {"b": fragment("<em>2</em>"), "i": []}
    edit(tree, lambda each: new.get(each.tag.rpartition("}")[2]))
    assert write(tree) == "<p>one <em>2</em> three  five</p>"


# -- a page --------------------------------------------------------------------------------------------------------

ASKED = [
    {"text": "What *is* it?", "multiple": False, "choices": [
        {"text": "This", "correct": False, "feedback": "Not so."},
        {"text": "That", "correct": True, "feedback": "Yes."},
    ]},
]  # fmt: skip
STATE = {"lab": {"state": {}}, "asked": {"state": {"questions": ASKED}}}
PAGE = f"""<html><body><article role="main" id="main"><div class="chapter-line">Part</div><section id="top">
<h1>A chapter<a class="headerlink" href="#top" title="Link">#</a></h1>
<p>See <a class="reference internal" href="../two/b.html#place" title="Long">there</a>, <a href="#top">here</a>,
<a href="../../_static/x.ant" download>a file</a> and <a href="https://example.org/x">elsewhere</a>.</p>
<div class="widget-place"><div class="widget-still">still</div>
<script type="{VIEW_MIME}">{{"model_id": "lab"}}</script></div>
<script type="{VIEW_MIME}">{{"model_id": "asked"}}</script>
<details class="admonition hide"><summary>Show the code</summary><pre>f()</pre></details>
<details class="equations"><summary>Equations</summary><p>x</p></details><button>Copy</button></section></article>
<script type="{STATE_MIME}">{json.dumps({"state": STATE})}</script>
</body></html>"""


@pytest.fixture
def cleaned(monkeypatch):
    """cleaned(address) -> (the page, its text)"""
    lab = Still(
        kind="lab", title="A lab", svg="<svg viewBox='0 0 1 1'></svg>", alt="A curve", question="Predict?",
        choices=("More", "Less"), sentence="All at rest. Choose an answer above to unlock the sliders.",
    )  # fmt: skip
    drawn = {"lab": lab, "asked": Still(kind="questions")}
    monkeypatch.setattr(whole, "stills_of", lambda state, ids: [drawn[key] for key in ids])

    def cleaned_(address: str = ""):
        read = whole._Page("chapters/one/a", PAGE, {"chapters/one/a", "chapters/two/b"}, address)
        return read, write(read.body)

    return cleaned_


def test_links_lead_through_the_book_or_to_the_published_one_or_nowhere(cleaned):
    read, text = cleaned()
    assert read.title == "A chapter"
    hrefs = [each.get("href") for each in elements(read.body) if each.get("href")]
    assert hrefs[:3] == ["book:chapters/two/b#place", "book:chapters/one/a#top", "https://example.org/x"]
    assert "<span>a file</span>" in text and "_static" not in text and "title=" not in text
    _, published = cleaned("https://who.github.io/book/")
    assert '<a href="https://who.github.io/book/_static/x.ant">a file</a>' in published


def test_a_lab_is_picture_sentence_question_and_link(cleaned):
    _, text = cleaned("https://who.github.io/book/")
    figure = text[text.index("<figure") : text.index("</figure>")]
    for part in ('aria-label="A curve"', "<strong>A lab</strong>", "Predict?", "<li>More</li>", ">All at rest.</p>"):
        assert part in figure, part
    assert 'href="https://who.github.io/book/chapters/one/a.html"' in figure
    assert "unlock" not in text and "widget-still" not in text
    assert "its page (chapters/one/a.html)" in cleaned()[1]


def test_questions_are_asked_and_their_answers_are_kept(cleaned):
    read, text = cleaned()
    assert "What <em>is</em> it?" in text and "<li>That</li>" in text and "Yes." not in text
    assert read.asked == [ASKED]
    answers = whole._answers_of(whole.Chapter("chapters/one/a", "Part", "A chapter", read.body), read.asked)
    said = words(fragment(answers)[0])
    assert said.index("b. Right. Yes.") < said.index("a. Not this one. Not so.")


def test_folds_stand_open_and_what_only_a_screen_needs_is_gone(cleaned):
    _, text = cleaned()
    assert '<div class="whole-code"><pre>f()</pre></div>' in text
    assert '<div class="whole-fold"><p class="fold-title">Equations</p><p>x</p></div>' in text
    for word in ("<details", "<button", "<script", "headerlink", "chapter-line", "Show the code"):
        assert word not in text, word


def test_ids_and_links_are_the_whole_books(cleaned):
    read, _ = cleaned()
    text = paper.anchored(whole.Chapter("chapters/one/a", "Part", "A chapter", read.body))
    assert 'id="one-a"' in text and 'id="one-a--top"' in text
    assert 'href="#one-a--top"' in text and 'href="#two-b--place"' in text and "book:" not in text


# -- editions --------------------------------------------------------------------------------------------------------


def test_the_date_is_the_commits_unless_one_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert whole.date_of() == datetime.date(2026, 1, 1)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ValueError, match="SOURCE_DATE_EPOCH is 'yesterday'"):
        whole.date_of()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert whole.date_of(tmp_path) == datetime.date.today()
    assert whole.said(datetime.date(2026, 12, 1)) == "1 December 2026"


def test_the_title_page_says_version_day_place_and_licence():
    said = words(page(paper.title_page(EDITION)))
    for word in ("Version 1.2.3, 1 December 2026", "https://who.github.io/book/", "CC BY 4.0", "not medical advice"):
        assert word in said, word
    assert "Alive at" not in paper.title_page(paper.Edition("1.2.3", DAY, ""))


def test_drawings_in_an_epub_name_their_colours():
    text = "fill: var(--ls-serotonin); stroke: var(--ls-ink, rgb(1, 2, 3)); color: var(--other, red)"
    blue, ink = (epub.PALETTE[name][0] for name in ("serotonin", "ink"))
    assert epub.in_light_colours(text) == f"fill: {blue}; stroke: {ink}; color: red"


def test_a_zip_is_the_same_whenever_and_wherever_it_is_made(tmp_path):
    files = [("first", b"as it is"), ("b/two.html", b"<p>two</p>" * 99), ("a.html", b"one")]
    for name in ("x.zip", "y.zip"):
        archive.write_zip(tmp_path / name, files, DAY, stored="first")
    assert (tmp_path / "x.zip").read_bytes() == (tmp_path / "y.zip").read_bytes()
    entries = zipfile.ZipFile(tmp_path / "x.zip").infolist()
    assert [each.filename for each in entries] == ["first", "b/two.html", "a.html"]
    assert [each.compress_type for each in entries] == [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED]
    assert {each.date_time for each in entries} == {(2026, 12, 1, 0, 0, 0)}
    assert {each.external_attr >> 16 for each in entries} == {0o100644}


def test_a_book_is_packed_in_order_in_one_folder(tmp_path):
    for name in ("index.html", "b/page.html", "a.css", ".buildinfo"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    names = [name for name, _ in archive.book_files(tmp_path)]
    assert names == [f"the-living-synapse/{name}" for name in ("a.css", "b/page.html", "index.html")]


@pytest.mark.parametrize("command", ["paper", "epub", "archive"])
def test_without_a_book_the_remedy_is_said_in_one_line(command, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", f"widgets.book.{command}", str(tmp_path), str(tmp_path / "out")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and not done.stdout
    assert re.fullmatch(r"No \w+ was made: there is no built book in .*: run `make book` first\n", done.stderr)


def test_without_chromium_what_to_install_is_said(monkeypatch, tmp_path):
    class Playwright:
        class chromium:
            executable_path = str(Path("/nowhere/chrome"))

    monkeypatch.setattr(paper.shutil, "which", lambda name: None)
    with pytest.raises(paper.NoChromium, match=r"playwright install chromium.*apt-get install chromium"):
        paper.options(Playwright)
    with pytest.raises(FileNotFoundError, match="run `make book` first"):
        whole.chapters(tmp_path)
