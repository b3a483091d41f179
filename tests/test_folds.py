"""Folded parts: a directive, a `details` with an address, tables that say on a phone what their columns are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx

from widgets.book import folds
from widgets.book.markup import mended

TEXT = """# A chapter

Before.

```{dropdown} For the sceptical: two studies of *it*
:name: sceptic-it

| Study | Who, n | Result |
|---|---|---|
| One | rats, 9 | **more** |
| Two | mice, 12 | less |

A dispute follows. The numbers behind it:

| What | How much |
|---|---|
| This | 7 |
```

```{dropdown} Without a name
Only words.
```
"""


def built(tmp_path: Path, text: str) -> tuple[BeautifulSoup, str]:
    """The page of a text, and what Sphinx complained of."""
    source, said = tmp_path / "source", io.StringIO()
    source.mkdir()
    (source / "index.md").write_text(text, encoding="utf-8")
    (source / "conf.py").write_text(
        "extensions = ['myst_parser', 'folded']\n"
        "import sys, types\nfrom widgets.book import folds, tables\n"
        "folded = types.ModuleType('folded')\n"
        "def setup_folds(app):\n    folds.register(app)\n    app.add_transform(tables.CaptionTables)\n"
        "folded.setup = setup_folds\nsys.modules['folded'] = folded\n",
        encoding="utf-8",
    )
    app = Sphinx(source, source, tmp_path / "html", tmp_path / "trees", "html", status=None, warning=said)
    app.build()
    return BeautifulSoup((tmp_path / "html/index.html").read_text(encoding="utf-8"), "html.parser"), said.getvalue()


def test_a_fold_is_closed_has_an_address_and_its_title_opens_it(tmp_path):
    page, said = built(tmp_path, TEXT)
    assert said == ""
    first, second = page.select("details.fold")
    assert first["id"] == "sceptic-it" and second["id"] == "without-a-name"
    assert not first.has_attr("open")
    title = first.find("summary", recursive=False)
    assert title.get_text() == "For the sceptical: two studies of it" and title.em.get_text() == "it"
    assert first.select_one(".fold-body > .fold-link a")["href"] == "#sceptic-it"
    assert "Only words." in second.get_text()


def test_its_tables_are_captioned_and_each_cell_bears_the_head_of_its_column(tmp_path):
    page, _ = built(tmp_path, TEXT)
    studies, numbers = page.select("details.fold table")
    assert studies.caption.get_text(strip=True).startswith("For the sceptical: two studies of it")
    assert numbers.caption.get_text(strip=True).startswith("The numbers behind it")
    (dressed, _) = BeautifulSoup(mended(str(page)), "html.parser").select("details.fold table")
    rows = [[cell["data-head"] for cell in row.select("td")] for row in dressed.select("tbody tr")]
    assert rows == [["Study", "Who, n", "Result"]] * 2
    assert not dressed.select("th[data-head]")


def test_the_head_of_a_column_cannot_break_out_of_its_cell():
    table = '<table class="heads-in-cells"><tr><th><p>Said "so"</p></th></tr><tr><td>1</td></tr></table>'
    assert mended(table).endswith('<td data-head="Said &quot;so&quot;">1</td></tr></table>')
    other = table.replace("heads-in-cells", "model-table")
    assert "data-head" not in mended(other) and "data-head" in mended(table.replace("heads", "results heads"))


@pytest.mark.parametrize("text", ["```{dropdown} Nothing\n```\n", "```{dropdown} Nothing\n:name: x\n```\n"])
def test_an_empty_fold_is_told_of(tmp_path, text):
    _, said = built(tmp_path, "# A\n\n" + text)
    assert "The fold 'Nothing' is empty" in said


def test_two_folds_of_one_name_are_told_of(tmp_path):
    one = "```{dropdown} One\n:name: same\nWords.\n```\n\n"
    _, said = built(tmp_path, "# A\n\n" + one + one.replace("One", "Two"))
    assert 'Duplicate explicit target name: "same"' in said


def test_the_extension_registers_it():
    assert folds.Dropdown.has_content and folds.register.__module__ == "widgets.book.folds"
