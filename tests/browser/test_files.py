"""The book as files: the PDF, the EPUB and the zip, made from the built pages and read again."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
import time
import unicodedata
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

import widgets
from tests.browser.harness import LAB_PAGES, LABS, PAGES, QUESTIONS, labs, wait_alive
from tests.browser.support import ROOT
from tests.scripts import for_browser
from widgets.book import paper
from widgets.book.whole import ADVICE, chapters, date_of, said
from widgets.book.xhtml import HTML, elements, words

XHTML = "{http://www.w3.org/1999/xhtml}"
TEXT_WIDTH = round((210 - 34) / 25.4 * 96)
DRAWN = LABS.values()


def make(kind: str, book, path: Path) -> Path:
    """Run what `make pdf`, `make epub` or `make zip` runs."""
    done = subprocess.run(
        [sys.executable, "-m", f"widgets.book.{kind}", str(book.html), str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert path.name in done.stdout and " MB" in done.stdout, "it says what it made and how large it is"
    return path


@pytest.fixture(scope="session")
def made_once(book, tmp_path_factory, worker_id):
    """made_once(kind, name) -> the file, made by whichever worker asks first; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent

    def made(kind: str, name: str) -> Path:
        path, begun, failed = (folder / f"{name}{end}" for end in ("", ".begun", ".failed"))
        try:
            begun.touch(exist_ok=False)
        except FileExistsError:
            end = time.monotonic() + 900
            while not path.exists() and not failed.exists() and time.monotonic() < end:
                time.sleep(0.2)
            assert path.exists(), f"{name} was not made: the worker that tried says why"
            return path
        try:
            (folder / kind).mkdir(exist_ok=True)
            return make(kind, book, folder / kind / name).rename(path)
        except BaseException:
            failed.touch()
            raise

    return made


@pytest.fixture(scope="module")
def texts(book):
    """The chapters, as the PDF and the EPUB take them."""
    found = chapters(book.html)
    assert [chapter.name for chapter in found if chapter.name != "answers"] == PAGES
    return found


def letters(text: str) -> str:
    """Only letters and digits: what hyphens, ligatures and ends of lines leave alone."""
    return re.sub(r"[^0-9a-z]", "", unicodedata.normalize("NFKC", text).lower())


# -- PDF -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(made_once) -> PdfReader:
    path = made_once("paper", "book.pdf")
    assert not (path.parent / "paper" / "book.html").exists(), "what was printed is left behind"
    assert 1e6 < path.stat().st_size < 30e6
    return PdfReader(path)


@pytest.fixture(scope="module")
def printed(pdf) -> list[str]:
    return [page.extract_text() for page in pdf.pages]


def test_the_outline_has_every_chapter_and_its_sections(pdf, texts):
    tops = [entry for entry in pdf.outline if not isinstance(entry, list)]
    assert [" ".join(entry.title.split()) for entry in tops] == ["Contents", *(chapter.title for chapter in texts)]
    under = [each for each in pdf.outline if isinstance(each, list)]
    sections = sum(sum(element.tag == f"{HTML}h2" for element in elements(chapter.body)) for chapter in texts)
    assert sum(sum(not isinstance(each, list) for each in group) for group in under) == sections > 100


def test_contents_say_the_pages_on_which_chapters_begin(pdf, printed, texts):
    begin = paper.starts_of(pdf, texts)
    contents = letters(" ".join(printed[1 : begin["welcome"] - 1]))
    for chapter in texts:
        number = begin[paper.slug(chapter.name)]
        assert letters(f"{chapter.title}{number}") in contents, (chapter.title, number)
        assert letters(chapter.title) in letters(printed[number - 1][:300]), chapter.title
        # The page's own number stands at its foot; read out of the file it may come first.
        text = printed[number - 1].strip()
        assert text.endswith(str(number)) or text.startswith(str(number)) or f"{number}" in text.split("\n")


def test_the_title_page_says_version_and_day(pdf, printed):
    for word in (f"Version {widgets.__version__}, {said(date_of())}", "CC BY 4.0", ADVICE):
        assert letters(word) in letters(printed[0]), word
    assert pdf.metadata.title == "The Living Synapse" and widgets.__version__ in pdf.metadata.subject
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB" and pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_every_paragraph_of_every_chapter_is_there(printed, texts):
    assert 150 < len(printed) < 700
    # Page numbers and running feet stand between the two halves of a paragraph that goes over.
    whole = letters(" ".join(re.sub(r"The Living Synapse\s*\d*\s*$|^\s*\d+\s*$", "", page.strip()) for page in printed))
    looked, missing = 0, []
    for chapter in texts:
        for element in elements(chapter.body):
            said_here = letters(words(element)) if element.tag == f"{HTML}p" else ""
            if len(said_here) < 60 or any(each.tag.startswith("{http://www.w3.org/1998") for each in element.iter()):
                continue
            looked += 1
            # A paragraph may go over to the next page: its beginning or its end stands whole.
            if said_here[:40] not in whole and said_here[-40:] not in whole:
                missing.append(f"{chapter.title}: {words(element)[:80]}")
    assert looked > 700, looked
    assert not missing, f"{len(missing)} of {looked}:\n" + "\n".join(missing[:20])


def test_labs_are_pictures_with_their_sentence(texts):
    figures = [e for chapter in texts for e in elements(chapter.body) if e.get("class") == "whole-lab"]
    assert len(figures) == sum(DRAWN) >= 30
    for figure in figures:
        drawn = [each for each in elements(figure) if each.tag.endswith("}svg")]
        assert drawn and drawn[0].get("aria-label"), words(figure)
        assert "Its sliders move on" in words(figure) and "unlock" not in words(figure)
    answers = next(chapter for chapter in texts if chapter.name == "answers")
    right = words(answers.body).count(". Right.")
    assert right >= 3 * sum(QUESTIONS.values()) > 30


def test_links_stay_in_the_file_and_lead_somewhere(pdf):
    inside, outside, lost = 0, set(), []
    named = pdf.named_destinations
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            link = note.get_object()
            action = link.get("/A", {})
            if "/URI" in action:
                outside.add(urlsplit(str(action["/URI"])).scheme)
                continue
            target = link.get("/Dest", action.get("/D"))
            inside += 1
            if isinstance(target, str) and target not in named and f"/{target.lstrip('/')}" not in named:
                lost.append(target)
    assert inside > 2000 and outside <= {"https", "http", "mailto"}, (inside, outside)
    assert not lost, lost[:20]


def test_all_fonts_are_in_the_file(pdf):
    found, missing = set(), set()
    for page in pdf.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            font = font.get_object()
            for each in [inner.get_object() for inner in font.get("/DescendantFonts", [])] or [font]:
                name, described = str(font.get("/BaseFont", "Type3")), each.get("/FontDescriptor")
                found.add(name)
                held = described and any(
                    key in described.get_object() for key in ("/FontFile", "/FontFile2", "/FontFile3")
                )
                if font["/Subtype"] != "/Type3" and not held:
                    missing.add(name)
    assert len(found) >= 3 and not missing, (found, missing)


def test_nothing_runs_over_the_paper(open_page, book, texts, tmp_path):
    source = tmp_path / "whole.html"
    found = chapters(book.html)
    parts = [paper.contents_page(found, {}), *map(paper.anchored, found)]
    source.write_text(paper.whole_page((book.html / "_static").as_uri(), parts), encoding="utf-8")
    view = open_page(None, viewport={"width": TEXT_WIDTH, "height": 980})
    view.add_init_script(for_browser("paper"))
    view.goto(source.as_uri())
    view.emulate_media(media="print")
    result = view.evaluate(f"paper.overruns({TEXT_WIDTH})")
    assert result["looked"] > 30_000, result["looked"]
    assert not result["found"], f"{len(result['found'])}:\n" + "\n".join(result["found"][:20])


# -- EPUB ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def epub(made_once) -> Path:
    return made_once("epub", "book.epub")


def epubcheck() -> list[str]:
    """The command; Debian's package is a jar."""
    jar = Path("/usr/share/java/epubcheck.jar")
    found = shutil.which("epubcheck")
    if jar.exists() and shutil.which("java"):
        return ["java", "-jar", str(jar)]
    if not found:
        pytest.fail("no epubcheck found: install it (Debian and Ubuntu: apt-get install epubcheck)", pytrace=False)
    return [found]


def test_epubcheck_finds_nothing(epub):
    done = subprocess.run([*epubcheck(), str(epub)], capture_output=True, text=True, timeout=600)
    told = done.stdout + done.stderr
    assert done.returncode == 0 and "0 fatals / 0 errors / 0 warnings" in told, told[:4000]


def test_an_epub_is_complete_without_scripts_and_its_links_lead_somewhere(epub, texts):
    archive = zipfile.ZipFile(epub)
    assert archive.namelist()[0] == "mimetype" and archive.read("mimetype") == b"application/epub+zip"
    trees = {n: ElementTree.fromstring(archive.read(n)) for n in archive.namelist() if n.endswith((".xhtml", ".opf"))}
    ids = {name: {e.get("id") for e in tree.iter() if e.get("id")} for name, tree in trees.items()}
    links, sums = 0, {"math": 0, "svg": 0, "figure": 0}
    for name, tree in trees.items():
        for element in tree.iter():
            kind = element.tag.rpartition("}")[2]
            assert kind not in ("script", "iframe", "button", "input"), (name, kind)
            if kind in sums:
                sums[kind] += 1
            if kind == "svg" and element.get("role") == "img":
                assert element.get("aria-label") or element.get("aria-labelledby"), name
            target = urlsplit(element.get("href", ""))
            if kind != "a" or target.scheme:
                continue
            links += 1
            file = posixpath.join("OEBPS", unquote(target.path)) if target.path else name
            assert file in trees, (name, element.get("href"))
            assert not target.fragment or unquote(target.fragment) in ids[file], (name, element.get("href"))
    assert links > 2000 and sums["math"] > 150 and sums["svg"] > 100 and sums["figure"] > sum(DRAWN), (links, sums)
    for chapter in texts:
        assert f"OEBPS/{paper.slug(chapter.name)}.xhtml" in trees
    package = archive.read("OEBPS/package.opf").decode()
    for word in ("accessMode", "accessibilityFeature", "accessibilityHazard", "accessibilitySummary", "cover-image"):
        assert word in package, word
    assert f"Version {widgets.__version__}" in package and "var(" not in "".join(
        archive.read(name).decode() for name in trees
    )


# -- zip -------------------------------------------------------------------------------------------------------------


def test_a_zip_opens_from_disk_with_its_labs_alive(open_page, book, tmp_path):
    path = make("archive", book, tmp_path / "book.zip")
    assert make("archive", book, tmp_path / "again.zip").read_bytes() == path.read_bytes()
    archive = zipfile.ZipFile(path)
    assert archive.namelist() == sorted(archive.namelist())
    assert {name.split("/")[0] for name in archive.namelist()} == {"the-living-synapse"}
    archive.extractall(tmp_path / "some where else")
    folder = tmp_path / "some where else" / "the-living-synapse"
    assert (folder / "index.html").exists()
    moved = 0
    for page in (PAGES[0], LAB_PAGES[-1]):
        view = open_page((folder / f"{page}.html").as_uri())
        wait_alive(view, page)
        for lab in labs(view):
            lab.answer_gate()
            lab.step(0)
            moved += 1
        view.watch.assert_clean()
    assert moved >= 2
