"""Other names of medicines: each of a known medicine, once, with a source that is in the bibliography."""

from __future__ import annotations

import re

import pytest

from widgets.book import check, searching
from widgets.medicines import names
from widgets.medicines.tables import drugs
from widgets.reading import DataError


def test_most_medicines_have_other_names_and_each_has_its_source(root):
    known = set(re.findall(r"^@\w+\{([^,]+),", (root / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    assert 55 <= len(names.NAMES) <= len(drugs())
    for row in names.NAMES.values():
        assert row.sold_as or row.also, row.drug
        assert set(row.sources) <= known, row.drug


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('drug = "fluoxetin"\nsources = ["a2020b"]', r"medicine 1 \(fluoxetin\).*did you mean 'fluoxetine'.*line 2"),
        ('drug = "fluoxetine"\nsold_as = ["Prozac"]', "sources is missing"),
        ('drug = "fluoxetine"\nsold_as = ["Prozac XR"]\nsources = ["a2020b"]', "Prozac XR"),
        ('drug = "fluoxetine"\nsold_as = ["Prozac", "prozac"]\nsources = ["a2020b"]', "'prozac' stands twice"),
    ],
)
def test_a_bad_row_is_refused_by_file_and_line(tmp_path, text, complaint):
    path = tmp_path / "names.toml"
    path.write_text(f"[[medicine]]\n{text}\n", encoding="utf-8")
    with pytest.raises(DataError, match=f"names.toml.*{complaint}"):
        names.read(path)


def test_a_source_that_is_nowhere_is_found_before_anything_is_built(tmp_path):
    (tmp_path / "references.bib").write_text("@misc{best2009homeostatic,\n title={T}}\n", encoding="utf-8")
    path = tmp_path / "widgets" / "medicines" / "names.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[[medicine]]\ndrug = "fluoxetine"\nsources = ["best2009homeostatik"]\n', encoding="utf-8")
    [said] = check.faults(tmp_path, ["_keys"])
    assert said.startswith("names.toml, line 3, column 13: 'best2009homeostatik' is no key of references.bib")


def test_the_search_learns_from_the_tables():
    words = searching.words()
    wanted = {"Prozac": ["fluoxetine"], "Seroxat": ["paroxetine"], "5HT": ["5-HT"], "5HT2A": ["5-HT2A"],
              "α2A": ["alpha2A"], "noradrenaline": ["norepinephrine"], "amfetamine": ["amphetamine"]}  # fmt: skip
    assert wanted.items() <= words.items()
    assert all(re.fullmatch(r"\w+", typed) for typed in words), "a search looks words up, one by one"
    assert len({typed.lower() for typed in words}) == len(words)
