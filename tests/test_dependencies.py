"""What executes a chapter again: all that its numbers depend on, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_cache.base import CacheBundleIn

from widgets.book import cache, fingerprints
from widgets.book.cache import LEDGER, chapter_fingerprint, opened
from widgets.book.dependencies import READ_BY, Dependencies
from widgets.book.places import PACKAGE

ROOT = PACKAGE.parent
CHAPTERS = sorted((ROOT / "chapters").rglob("*.ipynb"))
NAMES = {path.stem for path in CHAPTERS}


def _cells(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


# -- the book's own chapters ------------------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path) -> Path:
    """The package in a folder of its own, without what is built or installed."""
    unwanted = shutil.ignore_patterns("node_modules", "static", "__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "widgets", ignore=unwanted)
    return tmp_path / "widgets"


def _fingerprints(package: Path) -> dict[str, str]:
    depends = Dependencies(package)
    return {path.stem: chapter_fingerprint(path, depends) for path in CHAPTERS}


def _executed_after(package: Path, *changed: str) -> set[str]:
    """The chapters that a word more at the end of some files executes again."""
    before = _fingerprints(package)
    for name in changed:
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        sign = "//" if path.suffix == ".ant" else "#"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{sign} one word more\n")
    after = _fingerprints(package)
    return {name for name in before if after[name] != before[name]}


def test_pages_and_their_looks_execute_nothing(copied):
    pages = ("book/atlas.py", "book/extension.py", "book/cache.py", "book/theme/templates/page.html")
    styles = ("frontend/src/view/lab.css", "frontend/src/runtime/book.css", "frontend/build.mjs", "static/lab.js")
    assert _executed_after(copied, *pages, *styles) == set()


@pytest.mark.parametrize("name", ["ssri", "models"])
def test_a_set_of_questions_executes_the_chapter_that_asks_it(copied, name):
    assert _executed_after(copied, f"questions/sets/{name}.toml") == {name}


def test_a_figures_module_executes_its_chapter(copied):
    assert _executed_after(copied, "figures/gaba.py") == {"gaba"}


def test_a_models_text_executes_the_chapters_with_models_and_labs(copied):
    assert _executed_after(copied, "models/serotonin.ant") == NAMES


def test_a_medicines_table_executes_the_chapters_that_read_it(copied):
    executed = _executed_after(copied, "medicines/data/affinities.csv")
    assert {"ssri", "tca", "snri", "atypical", "dose-to-occupancy"} <= executed
    assert not {"welcome", "gaba", "dopamine", "maoi"} & executed


@pytest.mark.parametrize(
    "name", ["engine/simulation.py", "labs/spec.py", "labs/panels/bars.py", "__init__.py", "new_data.toml"]
)
def test_what_every_lab_is_made_of_executes_them_all(copied, name):
    """So does a file of which nobody knows who reads it."""
    assert _executed_after(copied, name) == NAMES


def test_colours_execute_every_chapter(copied):
    # Labs' hues are held against the palette too, and every chapter has a lab.
    assert _executed_after(copied, "palette.json") == NAMES


def test_the_libraries_versions_count(copied, monkeypatch):
    before = _fingerprints(copied)
    monkeypatch.setattr(fingerprints, "versions", lambda: (("numpy", "99"),))
    after = _fingerprints(copied)
    assert all(after[name] != before[name] for name in NAMES)


OPENED = """
import json, sys
package, cells = sys.argv[1], json.load(sys.stdin)
opened = set()
sys.addaudithook(lambda event, given: event == "open" and isinstance(given[0], str) and opened.add(given[0]))
import matplotlib; matplotlib.use("agg")
# An interactive session, as a notebook's is: what a cell shows is shown.
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in cells:
    shell.run_cell(cell, silent=False).raise_error()
print("\\n" + json.dumps(sorted(path for path in opened if path.startswith(package))))
"""


# One of each part of the book, so that every room is entered.
@pytest.mark.parametrize("name", ["welcome", "models", "gaba", "dose-to-occupancy", "atypical"])
def test_what_a_chapter_opens_while_it_runs_is_in_its_fingerprint(name):
    """Static reading against the real thing: no file of the package is opened that was not counted."""
    path = next(path for path in CHAPTERS if path.stem == name)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OPENED, str(PACKAGE)], input=json.dumps(_cells(path)), cwd=path.parent,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    opened = {Path(name) for name in json.loads(run.stdout.strip().splitlines()[-1])}
    counted = Dependencies(PACKAGE).of_cells(_cells(path))
    read = {
        each for each in opened if "__pycache__" not in each.parts and each.relative_to(PACKAGE).parts[0] != "static"
    }
    # Python reads a module from its cache; its name says which it was.
    read |= {each.parents[1] / f"{each.name.split('.')[0]}.py" for each in opened if each.suffix == ".pyc"}
    assert len(read) > 5
    assert {each.relative_to(PACKAGE).as_posix() for each in read - counted} == set()


# -- what a text says of its imports ----------------------------------------------------------------------------------

TEXTS = {
    "__init__.py": "_HOME = {'run': 'widgets.engine.run', 'show': 'widgets.figures.show'}\n"
    "def __getattr__(name):\n    return __import__(_HOME[name])\n",
    "engine/__init__.py": "plain = 1", "engine/run.py": "from . import steps", "engine/steps.py": "import numpy",
    "engine/text.ant": "a", "engine/late.py": "def f():\n    from widgets.figures import show\n",
    "engine/any.py": "from importlib import import_module\nimport_module(chosen)",
    "engine/named.py": "import importlib\nimportlib.import_module('widgets.figures.show')",
    "figures/__init__.py": "", "figures/show.py": "import widgets.figures.style as style", "figures/style.py": "",
    "figures/hues.json": "{}", "figures/other.py": "", "palette.json": "{}",
    "questions/__init__.py": "", "questions/widget.py": "", "questions/sets/a.toml": "", "questions/sets/b.toml": "",
    "plugs/__init__.py": "from importlib import import_module\nimport_module(f'{__name__}.{name}')",
    "plugs/dial.py": "from widgets.engine import run", "plugs/more/__init__.py": "", "plugs/more/gauge.py": "",
    "book/__init__.py": "", "book/page.py": "from widgets.engine import run", "book/mark.svg": "",
}  # fmt: skip


@pytest.fixture
def small(tmp_path) -> Path:
    for name, text in TEXTS.items():
        path = tmp_path / "widgets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "widgets"


ENGINE = {"__init__.py", "engine/__init__.py", "engine/run.py", "engine/steps.py", "engine/text.ant"}
SHOWING = {"__init__.py", "figures/__init__.py", "figures/show.py", "figures/style.py", "figures/hues.json",
           "palette.json"}  # fmt: skip
EVERYTHING = {name for name in TEXTS if not name.startswith("book")}


@pytest.mark.parametrize(
    ("cell", "files"),
    [
        ("import numpy", set()),
        ("from widgets import run", ENGINE),
        ("from widgets.engine.run import anything", ENGINE),
        ("from widgets.engine import run as walk", ENGINE),
        ("if True:\n    from widgets import show", SHOWING),
        ("import widgets.figures.show as s", SHOWING),
        ("import widgets", ENGINE | SHOWING),
        ("import widgets as w", ENGINE | SHOWING),
        ("import widgets.engine\nwidgets.show()", ENGINE | SHOWING),
        ("from widgets import *", ENGINE | SHOWING),
        ("from widgets.engine import plain", {"__init__.py", "engine/__init__.py", "engine/text.ant"}),
        ("from widgets.engine import late", {"__init__.py", "engine/__init__.py", "engine/late.py", "engine/text.ant"}
         | SHOWING),
        ("from widgets.engine import named", {"__init__.py", "engine/__init__.py", "engine/named.py",
         "engine/text.ant"} | SHOWING),
        ("from widgets.plugs import found", {"__init__.py", "plugs/__init__.py", "plugs/dial.py",
         "plugs/more/__init__.py", "plugs/more/gauge.py"} | ENGINE),
        ("from widgets.book import page", ENGINE | {"book/__init__.py", "book/page.py"}),
        # What cannot be told.
        ("from widgets.engine import any", EVERYTHING),
        ("from widgets import unheard_of", EVERYTHING),
        ("%matplotlib inline\nimport numpy", EVERYTHING),
        ("import importlib\nimportlib.import_module(name)", EVERYTHING),
    ],
)  # fmt: skip
def test_a_cell_depends_on_what_it_imports(small, cell, files):
    assert {path.relative_to(small).as_posix() for path in Dependencies(small).of_cells([cell])} == files


@pytest.mark.parametrize(
    ("cell", "sets"),
    [
        ("CheckYourself('a')", {"a"}),
        ("CheckYourself('b'), CheckYourself('a')", {"a", "b"}),
        ("CheckYourself(name)", {"a", "b"}),
        ("ask = CheckYourself\nask('a')", {"a", "b"}),
        ("import widgets.questions.widget as q\nq.CheckYourself('a')", {"a", "b"}),
        ("from widgets.questions.widget import CheckYourself as Ask\nAsk('a')", {"a", "b"}),
        ("print()", {"a", "b"}),
    ],
)
def test_a_set_counts_where_it_is_named_and_all_where_none_is(small, cell, sets):
    files = Dependencies(small).of_cells(["from widgets.questions.widget import CheckYourself", cell])
    assert {path.stem for path in files if path.suffix == ".toml"} == sets


def test_data_whose_reader_is_gone_are_read_by_all(small):
    (small / "figures" / "style.py").unlink()
    assert small / "palette.json" in Dependencies(small).of_cells(["from widgets import run"])


def test_the_table_of_readers_is_true():
    for data, modules in READ_BY.items():
        for module in modules if (PACKAGE / data).exists() else ():
            place = PACKAGE.joinpath(*module.split("."))
            assert place.with_suffix(".py").is_file() or (place / "__init__.py").is_file(), module


# -- the ledger -------------------------------------------------------------------------------------------------------


@pytest.fixture
def book(small, tmp_path, monkeypatch) -> SimpleNamespace:
    """A book of two chapters, one with figures and one without; `execute` stands for a kernel."""
    monkeypatch.setattr(cache, "PACKAGE", small)
    folder = tmp_path / "chapters"
    folder.mkdir()
    for name, cell in {"engine": "from widgets import run", "figure": "from widgets import show"}.items():
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)]), folder / f"{name}.ipynb")
    config = SimpleNamespace(nb_execution_mode="cache", nb_execution_cache_path=str(tmp_path / "cache"))
    env = SimpleNamespace(found_docs={"engine", "figure", "prose"}, doc2path=lambda name: str(
        folder / (f"{name}.md" if name == "prose" else f"{name}.ipynb")))  # fmt: skip

    def execute() -> set[str]:
        executed = set()
        with opened(config.nb_execution_cache_path) as kept:
            for path in folder.glob("*.ipynb"):
                notebook = nbformat.read(path, as_version=4)
                try:
                    kept.match_cache_notebook(notebook)
                except KeyError:
                    kept.cache_notebook_bundle(CacheBundleIn(notebook, str(path)), check_validity=False)
                    executed.add(path.stem)
        return executed

    def build(cut_short: bool = False) -> set[str]:
        app = SimpleNamespace(config=config)
        stale = cache.forget_stale(app, env, set(), set(), set())
        executed = execute()
        assert set(stale) <= executed
        if not cut_short:
            cache.vouch(app)
        return executed

    return SimpleNamespace(build=build, package=small, root=Path(config.nb_execution_cache_path), folder=folder)


def test_only_a_chapter_whose_fingerprint_changed_is_executed(book):
    assert book.build() == {"engine", "figure"}
    assert book.build() == set()
    (book.package / "figures" / "style.py").write_text("another = 1")
    assert book.build() == {"figure"}
    (book.package / "engine" / "steps.py").write_text("another = 1")
    assert book.build() == {"engine"}
    (book.package / "book" / "page.py").write_text("another = 1")
    assert book.build() == set()
    (book.folder / "beside.py").write_text("what a chapter may import from its own folder")
    assert book.build() == {"engine", "figure"}


def test_an_execution_for_which_nobody_vouches_is_made_again(book):
    book.build()
    (book.root / LEDGER).write_text("{ not JSON")
    assert book.build() == {"engine", "figure"}


def test_a_build_that_was_cut_short_leaves_no_false_word(book):
    """What was executed under a change must not pass for what was there before, once the change is taken back."""
    book.build()
    style = book.package / "figures" / "style.py"
    style.write_text("half = 1")
    assert book.build(cut_short=True) == {"figure"}
    style.write_text("")
    assert book.build() == {"figure"}


def test_a_text_that_comes_back_finds_its_execution(book):
    book.build()
    path = book.folder / "figure.ipynb"
    before = path.read_text()
    path.write_text(before.replace("import show", "import show, run"))
    assert book.build() == {"figure"}
    path.write_text(before)
    assert book.build() == set()
    # But not one from before a change.
    path.write_text(before.replace("import show", "import show, run"))
    (book.package / "figures" / "style.py").write_text("another = 1")
    assert book.build() == {"figure"}


def test_the_caches_database_is_closed_behind_each_use(tmp_path):
    """Python 3.13 warns of one that is left open, wherever it is found."""
    with opened(tmp_path / "cache") as kept:
        assert kept.list_cache_records() == []
        assert kept.db.pool.checkedin() == 1
    assert kept.db.pool.checkedin() == 0
