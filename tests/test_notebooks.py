"""The chapters as notebooks: they run, their printed results hold, and they have the bones every chapter has.

nbval runs every cell in a fresh kernel and compares what it prints with what is stored. It is silent about cells it
does not compare, so how many it compared is counted here.
"""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest

from tests.browser.support import ROOT, pages, source_of
from widgets.book.prose import CITATION
from widgets.book.prose import read as read_prose

CHAPTERS = [page for page in pages() if source_of(page).suffix == ".ipynb"]
FULL_CHAPTERS = [page for page in CHAPTERS if not page.endswith("welcome")]

# What is demanded of a chapter; CONTRIBUTING, *Add a chapter*, lists it.
BONES = ("evidence", "leaves out", "check yourself", "key terms", "further reading")
LEAST_WORDS, LEAST_WELCOME = 1200, 600
MOST_LINES, LEAST_ALT, LEAST_SOURCES, LEAST_TERMS = 15, 8, 8, 5

LAB = re.compile(r"\b(?:SynapseLab|DrugLab)\(")


def read(page: str) -> nbformat.NotebookNode:
    return nbformat.read(source_of(page), as_version=4)


def cells(page: str, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(page).cells if cell.cell_type == kind]


def prose(page: str) -> str:
    return "\n\n".join(cell.source for cell in cells(page, "markdown"))


def headings(page: str) -> list[str]:
    return [title.strip() for title in re.findall(r"^#{1,4}\s+(.+)$", prose(page), flags=re.M)]


def test_there_are_chapters():
    assert len(CHAPTERS) >= 4, CHAPTERS
    named = {"welcome", "synapse", "models", "serotonin", "dopamine", "norepinephrine", "gaba", "imbalance"}
    named |= {"dose-to-occupancy", "ssri", "snri", "tca", "maoi", "atypical"}
    assert named <= {page.rsplit("/", 1)[-1] for page in CHAPTERS}
    on_disk = {
        str(path.relative_to(ROOT).with_suffix(""))
        for path in ROOT.glob("chapters/**/*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    }
    assert on_disk == set(CHAPTERS), "a notebook outside _toc.yml is read by nobody"


def test_what_is_demanded_stands_in_contributing():
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    numbers = {8: "eight", 5: "five"}
    for words in (
        f"at most {MOST_LINES} lines", f"alt text of {numbers[LEAST_ALT]} words", f"{LEAST_WORDS:,} words or more",
        f"welcome: {LEAST_WELCOME:,}", f"{numbers[LEAST_SOURCES]} different ones",
        f"{numbers[LEAST_TERMS]} `{{term}}` links", ", ".join(f'"{bone}"' for bone in BONES),
    ):  # fmt: skip
        assert words in text, f"CONTRIBUTING does not say {words!r}"


# Running them.


def compared(page: str) -> list[int]:
    """Code cells whose stored text nbval compares with what the kernel prints."""
    return [
        number
        for number, cell in enumerate(cells(page, "code"))
        if cell.outputs
        and cell.execution_count is not None
        and not {"nbval-ignore-output", "nbval-skip"} & set(cell.metadata.get("tags", []))
    ]


def test_every_cell_runs_and_prints_what_is_stored():
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "chapters/", "-q", "-p", "no:cacheprovider", "--no-header"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stdout[-8000:]
    passed = int(re.search(r"(\d+) passed", ran.stdout)[1])
    code = sum(len(cells(page, "code")) for page in CHAPTERS)
    assert passed == code, f"{passed} cells ran of {code} in the chapters"
    assert not re.search(r"\d+ (skipped|xfailed|xpassed|failed|error)", ran.stdout), ran.stdout[-2000:]
    total = sum(len(compared(page)) for page in CHAPTERS)
    assert total >= 3 * len(CHAPTERS), f"only {total} cells hold text that is compared"


# How they are stored.


@pytest.mark.parametrize("page", CHAPTERS)
def test_is_stored_clean(page):
    notebook = read(page)
    assert "widgets" not in notebook.metadata, "saved widget state: it grows stale; the build makes it anew"
    assert notebook.metadata.kernelspec.name == "python3"
    for number, cell in enumerate(cells(page, "code")):
        where = f"code cell {number}: {cell.source[:60]!r}"
        assert cell.source.strip(), f"{where} is empty"
        assert cell.execution_count is not None, f"{where} was never run, so nbval would not compare it"
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= MOST_LINES, f"{where} has {len(lines)} lines: chapters tell the story, widgets/ works"
        tags = set(cell.metadata.get("tags", []))
        assert not tags & {"nbval-skip", "nbval-raises-exception", "raises-exception"}, f"{where}: {tags}"
        for output in cell.outputs:
            assert output.output_type != "error", f"{where}: a stored traceback"
            assert output.get("name") != "stderr", f"{where}: a stored warning: {output.get('text', '')[:200]}"
            pictures = [mime for mime in output.get("data", {}) if not mime.startswith("text/")]
            assert not pictures, f"{where}: stored {pictures}"
            text = str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
            assert not re.search(r"0x[0-9a-f]{6,}|/home/|/work/|/root/|/tmp/", text), f"{where}: {text[:200]}"


@pytest.mark.parametrize("page", CHAPTERS)
def test_figures_have_words(page):
    figures = 0
    for cell in cells(page, "code"):
        # A picture itself is not stored, only that there was one; diagrams are SVG of their own.
        shown = [str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs]
        draws = any(each.startswith(("<Figure", "<IPython.core.display.SVG")) for each in shown)
        tagged = "nbval-ignore-output" in cell.metadata.get("tags", [])
        if draws or tagged:
            figures += 1
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= LEAST_ALT, f"{cell.source[:60]!r}: alt text {alt!r} does not say what is shown"
    assert figures or page not in FULL_CHAPTERS, "a full chapter has at least one still figure"


# The bones (one order for every chapter, so that a reader knows where things are).


@pytest.mark.parametrize("page", FULL_CHAPTERS)
def test_has_the_bones_in_order(page):
    markdown = [cell.source for cell in cells(page, "markdown")]
    opening = " ".join(markdown[:2])
    assert "?" in opening, "the chapter opens with a question a reader has"
    code = "\n".join(cell.source for cell in cells(page, "code"))
    assert LAB.search(code) and "Predict(" in code, "no lab with a prediction"
    assert "CheckYourself(" in code

    upto_lab = []
    for cell in read(page).cells:
        if cell.cell_type == "code" and LAB.search(cell.source):
            break
        if cell.cell_type == "markdown":
            upto_lab.append(cell.source)
    before = "\n".join(upto_lab)
    assert re.search(r"you will be able to|learning outcomes|you will|you can", before, re.I), "no learning outcomes"
    outcomes = re.findall(r"^\s*(?:[-*]|\d\.)\s+\S", before, flags=re.M)
    assert len(outcomes) >= 3, f"{len(outcomes)} learning outcomes before the first lab, three are wanted"

    titles = [title.lower() for title in headings(page)]
    places = []
    for bone in BONES:
        found = [i for i, title in enumerate(titles) if bone in title]
        assert found, f"no heading with {bone!r} among {titles}"
        places.append(found[0])
    assert places == sorted(places), f"the bones stand in another order: {titles}"
    assert prose(page).count("{term}`") >= LEAST_TERMS, "key terms link to the glossary with {term}"


@pytest.mark.parametrize("page", CHAPTERS)
def test_it_is_no_stub(page):
    """Length follows the argument, and has no upper limit: what was cut to one lost its joints."""
    reading, least = read_prose(source_of(page)), LEAST_WORDS if page in FULL_CHAPTERS else LEAST_WELCOME
    count = reading.main + reading.folded
    assert count >= least, f"{count} words, {least} at least are wanted"


def bibliography() -> set[str]:
    keys = re.findall(r"^@\w+\{([^,\s]+)\s*,", (ROOT / "references.bib").read_text(encoding="utf-8"), flags=re.M)
    twins = {key for key in keys if keys.count(key) > 1}
    assert not twins, f"references.bib has two entries {twins}"
    return set(keys)


@pytest.mark.parametrize("page", CHAPTERS)
def test_claims_have_sources(page):
    cited = [key.strip() for group in CITATION.findall(prose(page)) for key in group.split(",")]
    unknown = set(cited) - bibliography()
    assert not unknown, f"not in references.bib: {sorted(unknown)}"
    if page in FULL_CHAPTERS:
        assert len(set(cited)) >= LEAST_SOURCES, f"{len(set(cited))} sources, at least {LEAST_SOURCES} are wanted"


@pytest.mark.parametrize("page", CHAPTERS)
def test_voice(page):
    text = prose(page)
    assert not re.search(r"\b(TODO|FIXME|XXX|lorem ipsum|TBD)\b", text, re.I)
    american = re.findall(r"\b(?:behavior|color|center|modeling|modeled|leveled|tumor|fiber|gray|analyze[ds]?)\b", text)
    assert not american, f"British spelling: {american}"
    medicines = page.split("/")[1][:1] in "45"
    if medicines or page.endswith("welcome"):
        assert re.search(r"advice", text, re.I), "this page carries one line that it is no advice"


# The bones of a chapter that is told in two layers.

RETOLD = [page for page in FULL_CHAPTERS if "```{epigraph}" in prose(page)]
"""Chapters that begin with a person who asks."""


def test_chapters_are_being_retold():
    names = {page.rsplit("/", 1)[-1] for page in RETOLD}
    assert {"ssri", "imbalance", "dopamine"} <= names, names


@pytest.mark.parametrize("page", RETOLD)
def test_is_told_in_two_layers(page):
    text = prose(page)
    assert text.count("> **In one line:**") >= 1, "no sentence to keep"
    boxes = re.findall(r"```\{admonition\} How sure are we\?\n:class: evidence\n(.*?)```", text, re.S)
    assert len(boxes) >= 2 and all("**" in box for box in boxes), "main claims lack a box that says how sure we are"
    folds = re.findall(r"^(`{3,})\{dropdown\} ([^\n]+)\n(.*?)^\1\s*$", text, re.S | re.M)
    assert len(folds) >= 3, "the sceptic's layer is missing"
    names = [re.search(r"^:name: (sceptic-[\w-]+)$", inner, re.M) for _, _, inner in folds]
    assert all(names), "a fold needs a :name: that begins with sceptic-"
    assert sum("|---" in inner for _, _, inner in folds) >= 2, "the sceptic's layer is tables of studies"
    assert "|---" not in re.sub(r"^(`{3,})\{dropdown\}.*?^\1\s*$", "", text, flags=re.S | re.M) or "4-medicines" in page


@pytest.mark.parametrize("page", RETOLD)
def test_every_lab_asks_first_and_answers_each_choice(page):
    code = [cell.source for cell in cells(page, "code")]
    labs = [source for source in code if LAB.search(source)]
    assert labs and all("predict=" in source for source in labs), "a lab without a prediction"
    for source in code:
        if "Measured(" not in source:
            continue
        for key in re.findall(r"source=\"(\w+)\"", source):
            assert re.search(rf"\{{cite(?::\w+)?\}}`[^`]*\b{key}\b", prose(page)), (
                f"{key} decides a prediction: cite it"
            )


@pytest.mark.parametrize("page", [page for page in RETOLD if "4-medicines" in page])
def test_a_medicines_chapter_says_how_to_live_with_it(page):
    wanted = ["first weeks", "what it does for people", "help now", "mania", "test", "pregnancy", "alcohol", "mixtures",
              "stopping"]  # fmt: skip
    titles = [title.lower() for title in headings(page)]
    begin = next((i for i, title in enumerate(titles) if title == "living with it"), None)
    assert begin is not None, "no section 'Living with it'"
    places = [next((i for i, title in enumerate(titles) if i > begin and word in title), -1) for word in wanted]
    assert -1 not in places, f"'Living with it' lacks {wanted[places.index(-1)]!r}"
    assert places == sorted(places), "the parts of 'Living with it' stand in another order"
    assert "findahelpline.com" in prose(page) and "iasp.info" in prose(page), "where to find help"
