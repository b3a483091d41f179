"""A chapter's results as a table: what a page, a notebook and nbval see of it."""

from __future__ import annotations

import pytest

from widgets.figures.results import shown

ROWS = [["50 %", 1.8], ["80 %", "3.0 (bosker2001acute)"]]


def test_a_table_of_results_is_markdown_with_a_caption_and_html():
    made = shown("What came of it", ["Blocked", "Level"], ROWS)
    markdown = made._repr_markdown_()
    assert markdown.startswith(":::{table} What came of it\n:class: model-table results heads-in-cells\n")
    assert "| 50 % | 1.8 |" in markdown and "{cite}`bosker2001acute`" in markdown
    assert "<td>1.8</td>" in made._repr_html_() and "(Bosker, 2001)" in made._repr_html_()
    assert repr(made) == "What came of it: 2 rows"
    assert list(made.frame()["Level"]) == ["1.8", "3.0 (bosker2001acute)"]


@pytest.mark.parametrize(
    ("rows", "message"), [([], "has no rows"), ([["1"]], r"has 2 columns \(Blocked, Level\), and a row of 1")]
)
def test_rows_that_do_not_fit_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        shown("What came of it", ["Blocked", "Level"], rows)
