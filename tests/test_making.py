"""What `make book` does about what is gone, cut short, garbled, refused or wrong: a small book, made for real."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from sphinx.errors import ExtensionError

from widgets.book import cache, check, made, make, progress
from widgets.book.cache import LEDGER
from widgets.book.places import PACKAGE

ROOT = PACKAGE.parent
TOC = """format: jb-book
root: chapters/welcome
chapters: [{file: chapters/one}, {file: chapters/two}, {file: chapters/prose}]
"""


WELCOME = "# The Living Synapse\n\nHello {cite:p}`a2020b`.\n\n```{bibliography}\n```\n"


def _project(folder: Path) -> Path:
    shutil.copy(ROOT / "_config.yml", folder)
    (folder / "_toc.yml").write_text(TOC)
    (folder / "references.bib").write_text("@book{a2020b, author={A, B}, title={T}, publisher={P}, year={2020}}\n")
    (folder / "chapters").mkdir()
    (folder / "chapters/welcome.md").write_text(
        "# The Living Synapse\n\nHello {cite:p}`a2020b`.\n\n```{bibliography}\n```\n"
    )
    (folder / "chapters/prose.md").write_text("# Prose\n\nWords.\n")
    for name in ("one", "two"):
        cells = [nbformat.v4.new_markdown_cell(f"# Chapter {name}"), nbformat.v4.new_code_cell(f"print('{name}' * 3)")]
        cells[0]["id"], cells[1]["id"] = "a", "b"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / f"chapters/{name}.ipynb")
    return folder


def _make(project: Path) -> tuple[int, str]:
    code = "import sys; from pathlib import Path; from widgets.book import make; sys.exit(make.main(Path(sys.argv[1])))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    environment.pop("GITHUB_REPOSITORY", None)
    done = subprocess.run(
        [sys.executable, "-c", code, str(project)], env=environment, capture_output=True, encoding="utf-8"
    )
    return done.returncode, done.stdout + done.stderr


def _published(project: Path) -> dict[str, str]:
    """Every file of the site, and a hash of it.

    Of a style sheet that myst-nb lays itself the very first page has no ?v=, which tells browsers of another version.
    """
    html = project / "_build/html"
    return {
        path.relative_to(html).as_posix(): hashlib.sha256(re.sub(rb"\?v=\w+", b"", path.read_bytes())).hexdigest()
        for path in html.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A book of four pages, made once; the tests below spoil it in turn, and it is whole again after each."""
    folder = _project(tmp_path_factory.mktemp("making"))
    status, said = _make(folder)
    assert status == 0, said
    (folder / "first.txt").write_text(said)
    return folder


def test_each_stage_and_chapter_is_said_in_a_line(project):
    said = (project / "first.txt").read_text().splitlines()
    assert "\x1b" not in "".join(said) and "\r" not in "".join(said)
    for begins in (
        "Checking tables, models, questions and sources: ", "Executing 2 chapters, ", "  executed one (",
        "Reading 4 pages ...", "  reading chapters/one (", "Writing 4 pages ...", "  writing chapters/welcome (",
        "The book is built: ",
    ):  # fmt: skip
        assert [line for line in said if line.startswith(begins)], f"{begins!r} is not among {said}"
    assert [line for line in said if " (4 of 4): " in line and line.endswith(" s")], said
    assert (project / "_build/html/index.html").read_text().count("chapters/welcome.html") >= 2


def test_with_nothing_to_do_nothing_begins(project):
    before = {path: path.stat().st_mtime_ns for path in (project / "_build").rglob("*")}
    assert _make(project) == (0, "")
    assert {path: path.stat().st_mtime_ns for path in (project / "_build").rglob("*")} == before


@pytest.mark.slow
def test_two_builds_in_one_folder_wait_for_each_other(project):
    """As the workers of a test run start them: the second finds all done."""
    page = project / "chapters/prose.md"
    before = page.read_text()
    page.write_text("# Prose\n\nOther words.\n")
    with ThreadPoolExecutor() as pool:
        (first, said), (second, also) = pool.map(_make, [project, project])
    assert first == second == 0, said + also
    assert (said + also).count("The book is built: ") == 1 and (said + also).count("Another build is at work") == 1
    page.write_text(before)
    assert _make(project)[0] == 0 and _make(project) == (0, "")


def _cut(path: Path) -> None:
    """Half of a file, as old as the whole one."""
    stat = path.stat()
    path.write_bytes(path.read_bytes()[: stat.st_size // 2])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _garble(path: Path) -> None:
    path.write_bytes(b"\x00garbage" * 50)


def _page_and_script(build: Path) -> str:
    (build / "html/chapters/one.html").unlink()
    _cut(build / "html/chapters/two.html")
    _cut(build / "html/_static/runtime.js")
    return "not as an earlier build made it: html/_static/runtime.js, html/chapters/one.html, html/chapters/two.html"


def _static_alone(build: Path) -> str:
    (build / "html/_static/book.css").unlink()
    _cut(build / "html/index.html")
    return "html/_static/book.css, html/index.html"


def _search(build: Path) -> str:
    _cut(build / "html/searchindex.js")
    return "html/searchindex.js"


def _sphinx_keeps(build: Path) -> str:
    _garble(build / ".doctrees/environment.pickle")
    _garble(build / ".doctrees/chapters/one.doctree")
    return ".doctrees/chapters/one.doctree"


def _cache_index(build: Path) -> str:
    _garble(build / ".jupyter_cache/global.db")
    _cut(build / "html/chapters/two.html")
    return "cache of executed chapters"


def _executed(build: Path) -> str:
    for path in (build / ".jupyter_cache/executed").rglob("base.ipynb"):
        _cut(path)
    _garble(build / ".jupyter_cache" / LEDGER)
    _cut(build / "html/chapters/two.html")
    return f"{LEDGER} cannot be read"


def _record(build: Path) -> str:
    _garble(build / made.RECORD)
    _garble(build / ".doctrees/chapters/one.doctree")
    (build / "html/chapters/one.html").unlink()
    return "no record of what an earlier build made"


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil", [_page_and_script, _static_alone, _search, _sphinx_keeps, _cache_index, _executed, _record]
)
def test_what_is_spoilt_is_noticed_and_made_again(project, spoil: Callable[[Path], str]):
    whole = _published(project)
    assert len(whole) > 20 and {"chapters/one.html", "_static/runtime.js", "searchindex.js"} <= set(whole)
    notice = spoil(project / "_build")
    status, said = _make(project)
    assert status == 0 and "Traceback" not in said, said
    assert notice in said
    now = _published(project)
    # Where only some pages are read anew, the search's index has the same words in another order.
    assert {path for path in whole if now.get(path) != whole[path]} - {"searchindex.js"} == set()
    assert (project / "_build/html/searchindex.js").read_text(encoding="utf-8").endswith("})")
    assert _make(project) == (0, "")


@pytest.mark.slow
def test_a_page_that_warns_fails_every_time(project):
    """Pages are written in spite of a warning: the next build must not take them for good."""
    page = project / "chapters/prose.md"
    before = page.read_text()
    page.write_text("# Prose\n\n{doc}`nowhere`\n")
    for _ in range(2):
        status, said = _make(project)
        assert status == 1 and "unknown document: 'nowhere'" in said.replace('"', "'"), said
    page.write_text(before)
    assert _make(project)[0] == 0


def test_a_fault_in_a_list_is_told_before_anything_is_executed(project):
    path = project / "references.bib"
    before = path.read_text()
    path.write_text(before + before)
    notebook = project / "chapters/one.ipynb"
    text = notebook.read_text()
    notebook.write_text(text.replace("* 3", "* 4"))
    status, said = _make(project)
    path.write_text(before)
    notebook.write_text(text)
    assert status == 1 and "references.bib, line 2: 'a2020b' stands already on line 1" in said
    assert "Nothing was executed or built" in said and "Executing" not in said and "Reading" not in said
    assert _make(project)[0] == 0


@pytest.mark.parametrize("place", ["html", ".doctrees", ".jupyter_cache"])
def test_a_file_in_the_way_of_a_folder_is_one_line(tmp_path, place):
    project = _project(tmp_path)
    (project / "_build").mkdir()
    (project / "_build" / place).write_text("in the way")
    status, said = _make(project)
    assert status == 1
    assert said.count("\n") == 1 and str(project / "_build" / place) in said and "delete it" in said, said


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "/book/page.html"),
            "/book/page.html: No space left.*make room",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "/book/x"), "/book/x: Permission denied; make it writable"),
        (OSError(errno.EROFS, "Read-only file system", "/book/y"), "/book/y: Read-only.*a folder that can be written"),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "in a handler"])
def test_what_a_machine_refuses_is_one_line(monkeypatch, capsys, tmp_path, error, says, wrapped):
    def fails(root: Path) -> int:
        raise ExtensionError("Handler threw an exception", error) if wrapped else error

    monkeypatch.setattr(make, "_sphinx", fails)
    monkeypatch.setattr(progress, "_printed", [])
    assert make.sphinx(tmp_path) == 1
    said = capsys.readouterr()
    lines = (said.out + said.err).strip().splitlines()
    assert len(lines) == 1
    assert re.search(says, lines[0]), lines


def test_a_fault_of_the_books_own_is_not_hidden(monkeypatch, tmp_path):
    def fails(root: Path) -> int:
        raise KeyError("a slip")

    monkeypatch.setattr(make, "_sphinx", fails)
    monkeypatch.setattr(progress, "_printed", [])
    with pytest.raises(KeyError, match="a slip"):
        make.sphinx(tmp_path)


# -- what makes what again --------------------------------------------------------------------------------------------

OUTPUTS = (
    "html/index.html", "html/search.html", "html/searchindex.js", "html/chapters/one.html", "html/chapters/two.html",
    "html/_sources/chapters/one.ipynb", "html/_sources/chapters/two.md", "html/_static/book.css",
    "html/_static/models/a.ant", "html/_static/models/.package", "html/_static/data/drugs.csv", "html/_images/a.png",
    ".doctrees/environment.pickle", ".doctrees/chapters/one.doctree", "jupyter_execute/one.svg",
)  # fmt: skip
ONE, TWO, ALL = "html/chapters/one.html", "html/chapters/two.html", ".doctrees/environment.pickle"


@pytest.mark.parametrize(
    ("wrong", "also"),
    [
        (ONE, set()),
        ("html/_sources/chapters/two.md", {TWO}),
        ("html/_static/book.css", {ONE}),
        ("html/index.html", {ONE}),
        ("html/_static/models/a.ant", {"html/_static/models/.package", ONE}),
        ("html/_static/data/drugs.csv", {"html/_static/models/.package", ONE}),
        ("html/searchindex.js", {ONE, TWO}),
        ("html/_images/a.png", {ONE, TWO}),
        (".doctrees/chapters/one.doctree", set()),
        (ALL, set()),
        ("jupyter_execute/one.svg", {ALL}),
    ],
)
def test_what_is_spoilt_takes_with_it_what_makes_it_again(tmp_path, wrong, also):
    for name in OUTPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    made.clear_away(tmp_path, "html", ".doctrees", [wrong], OUTPUTS)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert set(OUTPUTS) - left == {wrong} | also


def test_a_record_vouches_for_the_same_inputs_and_outputs_alone(tmp_path):
    (tmp_path / "html").mkdir()
    page = tmp_path / "html/page.html"
    page.write_text("whole")
    assert not made.as_it_was_made(tmp_path, "one")
    made.write(tmp_path, made.hashes(tmp_path, ["html"]))
    assert not made.as_it_was_made(tmp_path, ""), "a build that was not finished names no inputs"
    made.vouch(tmp_path, "one")
    assert made.as_it_was_made(tmp_path, "one") and not made.as_it_was_made(tmp_path, "two")
    page.write_text("cut")
    assert made.spoilt(tmp_path, made.read(tmp_path)["outputs"], ["html"]) == ["html/page.html"]
    assert not made.as_it_was_made(tmp_path, "one")
    for garbage in ("", "[]", '{"outputs": 3}', '{"outputs": {}}'):
        (tmp_path / made.RECORD).write_text(garbage)
        assert made.read(tmp_path) is None


@pytest.mark.parametrize("changed", ["chapters/prose.md", "_toc.yml", "references.bib", "chapters/one.ipynb"])
def test_what_a_book_is_made_from_is_told_by_contents(tmp_path, changed):
    project = _project(tmp_path)
    before = made.inputs_hash(project)
    os.utime(project / changed)
    assert made.inputs_hash(project) == before
    (project / changed).write_text((project / changed).read_text() + "\n")
    assert made.inputs_hash(project) != before


def test_a_repository_counts_among_what_a_book_is_made_from(tmp_path, monkeypatch):
    project = _project(tmp_path)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    before = made.inputs_hash(project)
    monkeypatch.setenv("GITHUB_REPOSITORY", "me/book")
    assert made.inputs_hash(project) != before


def test_a_cache_that_can_be_read_is_left_alone(tmp_path, capsys):
    cache.make_sound(tmp_path)
    (tmp_path / "executed").mkdir(exist_ok=True)
    (tmp_path / "executed/kept.txt").write_text("kept")
    cache.make_sound(tmp_path)
    assert (tmp_path / "executed/kept.txt").is_file()


# -- what is checked before anything is built -------------------------------------------------------------------------

WRONG = {
    "medicines/data/affinities.csv": lambda text: text + "sertraline,SERT,Ki,=,lots,human,cloned,x2000y,yes,\n",
    "medicines/data/occupancy.csv": lambda text: text.replace(",SERT,", ",SURT,", 1),
    "evidence/validation.toml": lambda text: text.replace('output = "extracellular"', 'output = "extracelular"', 1),
    "evidence/conclusions.toml": lambda text: text.replace("low = 2.0", 'low = "two"', 1),
    "questions/sets/gaba.toml": lambda text: text.replace("feedback = ", "feedbak = ", 1),
    "models/gaba.ant": lambda text: text.replace("destexhe1995application", "destexhe1995aplication"),
    "models/serotonin.ant": lambda text: text.replace("K_SERT = 0.463 uM", "K_SERT = 0.463 mM", 1),
}
SAYS = (
    r"affinities\.csv, line \d+, column value_nM: 'lots' is not a number",
    r"affinities\.csv, line \d+, column source: 'x2000y' is no key of references\.bib",
    r"occupancy\.csv, line \d+, column target: 'SURT' is not allowed",
    r"validation\.toml, anchor 1 .*'extracelular'.*\(line \d+\)",
    r"conclusions\.toml, conclusion 1 .*'two' as low.*\(line \d+\)",
    r"gaba\.toml, question 1.*feedbak.*\(line \d+\)",
    r"gaba\.ant, line \d+, column \d+: 'destexhe1995aplication' is no key.*did you mean 'destexhe1995application'",
    r"serotonin\.ant, line \d+: .*'K_SERT' \(mM\)",
    r"references\.bib, line \d+: 'best2009homeostatic' stands already on line \d+",
    r"chapters/welcome\.ipynb, cell \d+, line \d+, column \d+: 'nobody2000nothing' is no key",
    r"chapters/welcome\.ipynb, cell \d+, line 2, column 25: 'nobody2001word' is no key",
    r"_toc\.yml, line \d+: there is no chapters/nowhere\.ipynb or \.md",
)


def _checked(root: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "widgets.book.check"], cwd=root, capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert (done.returncode == 0) == ("is in order" in done.stdout)
    return done.stdout.splitlines()


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The book's package, chapters and lists in a folder of their own."""
    unwanted = shutil.ignore_patterns("node_modules", "static", "__pycache__", ".ipynb_checkpoints")
    for name in ("widgets", "chapters"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
    for name in ("references.bib", "_toc.yml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_every_kind_of_fault_is_told_at_once_with_file_and_line(checkout):
    for name, spoil in WRONG.items():
        path = checkout / "widgets" / name
        before = path.read_text(encoding="utf-8")
        assert spoil(before) != before, name
        path.write_text(spoil(before), encoding="utf-8")
    with (checkout / "references.bib").open("a", encoding="utf-8") as file:
        file.write("\n@article{best2009homeostatic, title={Again}}\n")
    notebook = json.loads((checkout / "chapters/welcome.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][1]["source"] = ["Words.\n", "A claim {cite:p}`nobody2000nothing`."]
    notebook["cells"][1]["cell_type"] = "markdown"
    notebook["cells"].append(
        {"cell_type": "code", "source": ["import re\n", "Measured(1, 'x', source='nobody2001word')"]}
    )
    (checkout / "chapters/welcome.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with (checkout / "_toc.yml").open("a", encoding="utf-8") as file:
        file.write("      - file: chapters/nowhere\n")
    said = _checked(checkout)
    missing = [words for words in SAYS if not any(re.search(words, line) for line in said)]
    assert missing == [], "\n".join(said)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("messengers.toml", 'hue = "gaba"', 'hue = "gabba"', "messengers.toml, messenger 4 (gaba): the hue 'gabba'"),
        ("palette.json", "{", "{,", "palette.json: not readable as JSON: "),
    ],
)
def test_what_everything_reads_is_told_once_and_not_as_a_traceback(checkout, name, old, new, says):
    path = checkout / "widgets" / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert sum(says in line for line in _checked(checkout)) == 1


def test_the_book_is_in_order_and_an_installed_package_has_no_bibliography(tmp_path):
    assert check.faults() == []
    assert check.keys_of(ROOT) and len(check.keys_of(ROOT)) > 300
    assert check.keys_of(tmp_path) is None and list(check._keys(tmp_path)) == []


def test_what_was_in_order_is_not_asked_again(tmp_path, monkeypatch):
    asked: list[str] = []
    project = _project(tmp_path)

    def looked(name: str):
        def look(root: Path):
            asked.append(name)
            return iter(())

        look.__name__ = name
        return look

    monkeypatch.setattr(check, "CHECKS", {looked("bib"): ("references.bib",), looked("text"): ("chapters",)})
    assert check.faults_once(tmp_path / "_build", project) == [] and asked == ["bib", "text"]
    assert check.faults_once(tmp_path / "_build", project) == [] and asked == ["bib", "text"]
    (project / "chapters/prose.md").write_text("# Other")
    assert check.faults_once(tmp_path / "_build", project) == [] and asked == ["bib", "text", "text"]


def test_every_place_that_a_check_looks_at_is_there():
    for each, places in check.CHECKS.items():
        for place in places:
            assert (ROOT / place).exists(), f"{each.__name__}: {place}"
