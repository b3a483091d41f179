"""The drug data: what they say, how a broken file is refused, and the laws of occupancy."""

from __future__ import annotations

import csv
import io
import itertools
import math
import os
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import widgets
from widgets import reading
from widgets.figures.tables import drug_facts
from widgets.medicines import binding, dosing, schema, tables
from widgets.medicines.binding import affinity, competitive_occupancy, fingerprint, occupancy, selectivity
from widgets.medicines.dosing import dose_occupancy
from widgets.medicines.schema import TABLES, TARGETS
from widgets.medicines.tables import DATA, affinities, curves, drug, drugs, occupancies, problems
from widgets.reading import DataError

READERS = {"drugs.csv": drugs, "affinities.csv": affinities, "occupancy.csv": occupancies, "curves.csv": curves}
FORMS = {table.file: table for table in TABLES.values()}

# Made up, and small enough to check by eye: drugs that there are not, with keys of a bibliography beside them.
GOOD = {
    "references.bib": "@book{six2006paper,}\n"
    "@article{one2001paper,\n  title = {One}\n}\n\n@misc{two2002paper,\n  title = {Two}\n}\n",
    "drugs.csv": """\
name,class,pharmacology,mode_of_action,half_life_h,half_life_low_h,half_life_high_h,active_metabolite,metabolite_half_life_h,dose_low_mg,dose_high_mg,dose_note,source_class,source_half_life,source_metabolite,source_dose,note
alphaxine,SSRI,serotonin,reuptake inhibitor (SERT),36,24,48,noralphaxine,240,20,40,,one2001paper,one2001paper,two2002paper,two2002paper,"a note, with a comma"
betamine,TCA,"serotonin, norepinephrine","reuptake inhibitor (SERT, NET)",,,,,,,,by patch,one2001paper,,,,
gammalol,anxiolytic,GABA,positive allosteric modulator,2.5,,,,,10,10,,one2001paper,one2001paper,,one2001paper,
""",  # noqa: E501
    "affinities.csv": """\
drug,target,kind,relation,value_nM,species,assay,source,column,note
alphaxine,D2,Ki,>,10000,human,cloned,one2001paper,no,
alphaxine,NET,Kd,=,200,human,cloned,one2001paper,yes,
alphaxine,SERT,Kd,=,2,human,cloned,one2001paper,yes,
alphaxine,SERT,Ki,=,6.1,human,cloned,two2002paper,no,another laboratory
alphaxine,SERT,IC50,=,100,rat,uptake,two2002paper,no,
betamine,H1,Ki,=,0.5,guinea pig,brain,two2002paper,no,
betamine,M1,Ki,=,50,guinea pig,brain,two2002paper,no,
betamine,MAO-A,,,,,,,no,irreversible: no constant describes it
betamine,NET,IC50,=,30,rat,uptake,two2002paper,no,
betamine,SERT,Kd,>,100000,human,cloned,one2001paper,yes,
betamine,alpha1,Ki,=,5,rat,brain,two2002paper,no,
""",
    "occupancy.csv": """\
drug,target,dose_mg,dose_note,occupancy_percent,low_percent,high_percent,interval,n,hours_after_dose,method,region,species,source,note
alphaxine,SERT,20,daily,80,75,85,SD,5,6,"PET, [11C]DASB",striatum,human,one2001paper,
alphaxine,SERT,20,daily,70,,,,5,24,"PET, [11C]DASB",striatum,human,one2001paper,
betamine,NET,,usual doses,,10,30,range,,,"PET, another",,human,two2002paper,
gammalol,GABA-A,10,,0,,,,,0,"PET, [11C]flumazenil",cortex,human,two2002paper,
""",
    "curves.csv": """\
drug,target,maximum_percent,half_dose_mg,half_concentration_ng_ml,n,method,source,note
alphaxine,SERT,90,5,3.7,12,"PET, [11C]DASB",one2001paper,
betamine,NET,100,50,,6,"PET, another",one2001paper,
betamine,NET,95,40,,,"PET, another",two2002paper,
gammalol,GABA-A,,,,7,"PET, [11C]flumazenil",one2001paper,half of the sites at 0.1 mg/kg; no dose in mg given
""",
}


@pytest.fixture
def folder(tmp_path):
    """A folder of good files."""
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def cells_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def text_of(rows: list[list[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def break_cell(text: str, line: int, column: str, cell: str) -> str:
    """A file's text with one cell changed."""
    rows = cells_of(text)
    place = rows[0].index(column)
    assert rows[line - 1][place] != cell, "this would break nothing"
    rows[line - 1][place] = cell
    return text_of(rows)


def refusal(path) -> DataError:
    """The error with which a file is refused; the reader and `problems` agree on it."""
    with pytest.raises(DataError) as caught:
        READERS[path.name](path=path)
    assert str(problems(path)[0]) == str(caught.value)
    return caught.value


def assert_refused(path, line: int, column: str | None, *words: str) -> None:
    error = refusal(path)
    assert (error.file, error.line, error.column) == (path.name, line, column), error
    assert str(error).startswith(f"{path.name}, line {line}{f', column {column}' if column else ''}: ")
    for word in words:
        assert word in str(error), error


# -- good files --------------------------------------------------------------------------------------------


def test_good_files_are_read_with_types_and_units(folder):
    for name, read in READERS.items():
        assert problems(folder / name) == []
        table = read(path=folder / name)
        rows = cells_of(GOOD[name])
        assert len(table) == len(rows) - 1
        assert list(table.columns)[: len(rows[0])] == rows[0] == FORMS[name].header
        for column in FORMS[name].columns:
            kind = {"number": "float64", "whole": "Int64", "flag": "bool"}.get(column.form)
            assert kind is None or table[column.name].dtype == kind
            assert kind or all(isinstance(value, str) for value in table[column.name])
            assert table.attrs["units"].get(column.name, "") == column.unit
    found = drugs(path=folder / "drugs.csv")
    assert found["half_life_h"].tolist()[::2] == [36, 2.5] and math.isnan(found["half_life_h"][1])
    assert found["note"].tolist() == ["a note, with a comma", "", ""]
    assert affinities(path=folder / "affinities.csv")["column"].sum() == 3
    assert occupancies(path=folder / "occupancy.csv")["n"].isna().sum() == 2


@pytest.mark.parametrize("name", list(READERS))
def test_a_header_alone_a_byte_order_mark_and_windows_line_ends_are_read(folder, name):
    path = folder / name
    whole = READERS[name](path=path)
    path.write_bytes(b"\xef\xbb\xbf" + GOOD[name].replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(READERS[name](path=path), whole)
    path.write_text(GOOD[name].splitlines()[0], encoding="utf-8")
    empty = READERS[name](path=str(path))
    assert empty.empty and list(empty.columns) == list(whole.columns)


def test_rows_of_one_drug_and_one_target(folder):
    for name in ("affinities.csv", "occupancy.csv", "curves.csv"):
        path, read = folder / name, READERS[name]
        assert set(read("betamine", path=path)["drug"]) == {"betamine"}
        assert set(read(target="SERT", path=path)["target"]) == {"SERT"}
        both = read("alphaxine", "SERT", path=path)
        assert len(both) and list(both.index) == list(range(len(both)))
        assert read("gammalol", "SERT", path=path).empty
        with pytest.raises(ValueError, match="no drug named 'alfaxine' .did you mean 'alphaxine'..; drugs.. lists the"):
            read("alfaxine", path=path)
        with pytest.raises(
            ValueError, match="no target named 'sert' .did you mean 'SERT'..; the targets are SERT, NET"
        ):
            read("alphaxine", "sert", path=path)


def test_conflicting_values_are_kept_and_flagged(folder):
    path = folder / "affinities.csv"
    table = affinities(path=path).set_index(["drug", "target", "kind"])["conflict"]
    assert table.dtype == bool
    # Kd 2 and Ki 6.1 are more than three-fold apart; the IC50 of 100 is another kind of number.
    assert [key for key, flagged in table.items() if flagged] == [
        ("alphaxine", "SERT", "Kd"),
        ("alphaxine", "SERT", "Ki"),
    ]
    assert affinities("alphaxine", path=path)["conflict"].sum() == 2, "a part of the table knows of the whole"
    path.write_text(GOOD["affinities.csv"].replace("6.1", "6"), encoding="utf-8")
    assert not affinities(path=path)["conflict"].any(), "three-fold is not more than three-fold"
    path.write_text(GOOD["affinities.csv"].replace("Ki,=,6.1", "Ki,>,900"), encoding="utf-8")
    assert not affinities(path=path)["conflict"].any(), "a bound contradicts nothing by itself"


def test_files_are_read_again_only_when_they_change(folder, monkeypatch):
    path = folder / "affinities.csv"
    first = affinities(path=path)
    first.loc[:, "value_nM"] = 7.0
    first.attrs["units"]["value_nM"] = "kg"
    second = affinities(path=path)
    assert second["value_nM"].tolist()[0] == 10000 and second.attrs["units"] == {"value_nM": "nM"}

    examined = []
    real = tables._examine
    monkeypatch.setattr(tables, "_examine", lambda *a: examined.append(a) or real(*a))
    affinities("betamine", path=path)
    assert not examined
    path.write_text(GOOD["affinities.csv"].replace("6.1", "7.1"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert affinities(path=path)["value_nM"][3] == 7.1
    assert len(examined) == 1
    # A file depends on the drugs and sources beside it, too.
    (folder / "drugs.csv").write_text(GOOD["drugs.csv"].replace("betamine", "deltamine"), encoding="utf-8")
    assert refusal(path).line == 7


def test_without_the_books_bibliography_keys_are_checked_for_their_form(folder, monkeypatch):
    path = folder / "affinities.csv"
    path.write_text(GOOD["affinities.csv"].replace("two2002paper", "three2003paper"), encoding="utf-8")
    assert_refused(path, 5, "source", "'three2003paper' is no key of references.bib")
    monkeypatch.setattr(tables, "BIBLIOGRAPHY", folder / "none.bib")
    assert len(affinities(path=path)) == 11
    path.write_text(GOOD["affinities.csv"].replace("two2002paper", "Smith and Jones"), encoding="utf-8")
    assert_refused(path, 5, "source", "'Smith and Jones' is not a key such as tatsumi1997pharmacological")


def test_a_file_without_drugs_beside_it_is_about_the_books(folder):
    (folder / "drugs.csv").unlink()
    assert_refused(folder / "curves.csv", 2, "drug", "'alphaxine' is not in drugs.csv")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="no data file .*none.csv: give the path of a csv file"):
        curves(path=tmp_path / "none.csv")
    with pytest.raises(ValueError, match="'none.csv' is none of drugs.csv, affinities.csv, occupancy.csv, curves.csv"):
        problems(tmp_path / "none.csv")


# -- broken files ------------------------------------------------------------------------------------------

ONE_CELL = [
    # the cell's form
    ("drugs.csv", 2, "name", "", "the cell is empty; write the drug's international name"),
    ("drugs.csv", 2, "name", "Alphaxine", "'Alphaxine' is not a drug's name in lower case"),
    ("drugs.csv", 2, "class", "SSRIs", "'SSRIs' is not allowed (did you mean 'SSRI'?); write one of SSRI, SNRI"),
    ("drugs.csv", 3, "class", "", "the cell is empty; write one of SSRI"),
    ("drugs.csv", 2, "pharmacology", "", "write what it acts on, such as serotonin"),
    ("drugs.csv", 2, "mode_of_action", "", "write how it acts"),
    (
        "drugs.csv",
        2,
        "half_life_h",
        "long",
        "'long' is not a number; write a positive number in h such as 36, or leave",
    ),
    ("drugs.csv", 2, "half_life_h", "36 h", "'36 h' is not a number"),
    ("drugs.csv", 2, "half_life_h", "0", "'0' is not greater than 0 and at most 5000 h"),
    ("drugs.csv", 2, "half_life_high_h", "5001", "at most 5000 h"),
    ("drugs.csv", 2, "metabolite_half_life_h", "-1", "'-1' is not greater than 0"),
    ("drugs.csv", 2, "dose_high_mg", "6000", "at most 5000 mg; write a positive number in mg such as 20"),
    ("drugs.csv", 2, "dose_low_mg", "nan", "'nan' is not a finite number"),
    ("drugs.csv", 2, "note", "a note ", "'a note ' begins or ends with a space; write 'a note'"),
    ("drugs.csv", 2, "note", "a\tnote", "holds a character that does not print"),
    ("drugs.csv", 2, "source_class", "", "the cell is empty; write the source's key in references.bib"),
    ("drugs.csv", 2, "source_class", "one2001papers", "(did you mean 'one2001paper'?); add the source there"),
    ("affinities.csv", 3, "drug", "alphaxin", "'alphaxin' is not in drugs.csv (did you mean 'alphaxine'?)"),
    ("affinities.csv", 3, "drug", "", "the cell is empty; write its name as in drugs.csv"),
    ("affinities.csv", 3, "target", "SET", "'SET' is not allowed (did you mean 'SERT'?)"),
    ("affinities.csv", 3, "kind", "pKi", "'pKi' is not allowed (did you mean 'Ki'?); write one of Ki, Kd, IC50, EC50"),
    ("affinities.csv", 3, "relation", "~", "'~' is not allowed; write one of =, >, <"),
    ("affinities.csv", 3, "value_nM", "abc", "'abc' is not a number; write a positive number in nM such as 4.3, or "),
    ("affinities.csv", 3, "value_nM", "4,3", "'4,3' is not a number"),
    ("affinities.csv", 3, "value_nM", "1_000", "'1_000' is not a number"),
    ("affinities.csv", 3, "value_nM", ">1000", "is not a number; the sign belongs in the column relation"),
    ("affinities.csv", 3, "value_nM", "-4", "'-4' is not between 0.001 and 1e+08 nM"),
    ("affinities.csv", 3, "value_nM", "0", "'0' is not between"),
    ("affinities.csv", 3, "value_nM", "0.0009", "'0.0009' is not between"),
    ("affinities.csv", 3, "value_nM", "1.1e8", "'1.1e8' is not between"),
    ("affinities.csv", 3, "value_nM", "inf", "'inf' is not a finite number"),
    ("affinities.csv", 3, "species", "mice", "write one of human, rat, mouse"),
    ("affinities.csv", 3, "column", "Yes", "'Yes' is not allowed (did you mean 'yes'?); write one of yes, no"),
    ("affinities.csv", 3, "column", "", "the cell is empty; write one of yes, no"),
    ("affinities.csv", 3, "source", "five2005paper", "'five2005paper' is no key of references.bib"),
    ("occupancy.csv", 2, "occupancy_percent", "101", "'101' is not between 0 and 100 %"),
    ("occupancy.csv", 2, "low_percent", "-1", "'-1' is not between 0 and 100 %"),
    ("occupancy.csv", 2, "interval", "sd", "(did you mean 'SD'?); write one of SD, SE, CI95, range, or leave the cell"),
    ("occupancy.csv", 2, "n", "5.5", "'5.5' is not a whole number; write a whole number such as 12, or leave the cell"),
    ("occupancy.csv", 2, "n", "0", "'0' is not between 1 and"),
    ("occupancy.csv", 2, "hours_after_dose", "9999", "'9999' is not between 0 and 5000 h"),
    ("occupancy.csv", 2, "dose_mg", "0", "greater than 0 and at most 5000 mg"),
    ("occupancy.csv", 2, "method", "", "the cell is empty; write how it was measured"),
    ("occupancy.csv", 2, "species", "", "the cell is empty; write one of human"),
    ("occupancy.csv", 2, "source", "", "the cell is empty; write the source's key"),
    ("curves.csv", 2, "target", "Sert", "'Sert' is not allowed (did you mean 'SERT'?)"),
    ("curves.csv", 2, "maximum_percent", "120", "'120' is not between 0 and 100 %"),
    ("curves.csv", 2, "half_dose_mg", "five", "'five' is not a number"),
    ("curves.csv", 2, "half_concentration_ng_ml", "0", "greater than 0"),
    ("curves.csv", 2, "source", "Takano", "'Takano' is not a key such as"),
    # the row as a whole
    ("drugs.csv", 2, "half_life_low_h", "40", "40 is greater than half_life_h, 36; write low <= value <= high"),
    ("drugs.csv", 2, "half_life_high_h", "30", "36 is greater than half_life_high_h, 30"),
    ("drugs.csv", 2, "dose_low_mg", "50", "50 is greater than dose_high_mg, 40"),
    ("drugs.csv", 2, "dose_low_mg", "", "dose_high_mg is given and this end of the range is not"),
    ("drugs.csv", 2, "active_metabolite", "", "its half-life is given and its name is not"),
    ("drugs.csv", 2, "source_half_life", "", "half_life_h has a value but no source"),
    ("drugs.csv", 2, "source_metabolite", "", "active_metabolite has a value but no source"),
    ("drugs.csv", 2, "source_dose", "", "dose_low_mg has a value but no source"),
    ("affinities.csv", 3, "kind", "", "value_nM is given and its kind is not"),
    ("affinities.csv", 3, "relation", "", "value_nM is given and its relation is not"),
    ("affinities.csv", 3, "species", "", "value_nM is given and its species is not"),
    ("affinities.csv", 3, "source", "", "value_nM has a value but no source; write its key in references.bib"),
    ("affinities.csv", 2, "value_nM", "", "relation is '>' and the bound is missing"),
    ("affinities.csv", 9, "note", "", "neither a value nor a note"),
    ("affinities.csv", 9, "column", "yes", "'yes' for a row without a value"),
    ("occupancy.csv", 4, "dose_note", "", "neither a dose nor a dose_note"),
    ("occupancy.csv", 3, "occupancy_percent", "", "neither a value nor both ends of an interval"),
    ("occupancy.csv", 2, "low_percent", "81", "81 is greater than occupancy_percent, 80"),
    ("occupancy.csv", 2, "high_percent", "79", "80 is greater than high_percent, 79"),
    ("occupancy.csv", 2, "high_percent", "", "interval is SD and this end is missing"),
    ("occupancy.csv", 2, "interval", "", "low_percent is given and its kind is not"),
    ("curves.csv", 2, "maximum_percent", "", "half_dose_mg is given and the maximum is not"),
    ("curves.csv", 5, "note", "", "neither a half dose, a half concentration nor a note"),
    # one row against another
    ("drugs.csv", 4, "name", "alphaxine", "'alphaxine' stands already on line 2 with the same name; delete one"),
    ("affinities.csv", 8, "target", "H1", ""),
    ("occupancy.csv", 3, "hours_after_dose", "6", "stands already on line 2 with the same drug, target, dose_mg"),
    ("curves.csv", 4, "source", "one2001paper", "stands already on line 3 with the same drug, target, method and"),
    (
        "affinities.csv",
        5,
        "column",
        "yes",
        "line 4 is the column's value of alphaxine at SERT already; write no on one",
    ),
    ("affinities.csv", 11, "source", "two2002paper", "line 3 takes the transporters from one2001paper"),
]
# Where the column named is another than the broken one.
BLAMED = {
    ("drugs.csv", "half_life_high_h", "30"): "half_life_h",
    ("occupancy.csv", "high_percent", "79"): "occupancy_percent",
    ("affinities.csv", "note", ""): "note",
    ("curves.csv", "note", ""): "half_dose_mg",
    ("occupancy.csv", "dose_note", ""): "dose_mg",
    ("occupancy.csv", "hours_after_dose", "6"): "drug",
    ("curves.csv", "source", "one2001paper"): "drug",
    ("affinities.csv", "source", "two2002paper"): "column",
}


@pytest.mark.parametrize(("name", "line", "column", "cell", "says"), ONE_CELL)
def test_one_broken_cell_is_refused_by_file_line_and_column(folder, name, line, column, cell, says):
    path = folder / name
    text = break_cell(GOOD[name], line, column, cell)
    path.write_text(text, encoding="utf-8")
    if not says:
        # Two measurements of one pair are no mistake as long as their values differ.
        assert not problems(path)
        path.write_text(break_cell(text, line, "value_nM", "0.50"), encoding="utf-8")
        line, column, says = line, "drug", f"line {line - 1} with the same drug, target, kind, species, assay, source"
    assert_refused(path, line, BLAMED.get((name, column, cell), column), says)
    assert len(problems(path)) == 1


def test_antipsychotics_receptors_have_a_source_of_their_own(folder):
    path = folder / "affinities.csv"
    named = GOOD["drugs.csv"].replace("gammalol,anxiolytic", "gammalol,antipsychotic")
    (folder / "drugs.csv").write_text(named, encoding="utf-8")
    rows = [
        "alphaxine,H1,Ki,=,5,human,cloned,one2001paper,yes,",
        "gammalol,D2,Ki,=,5,human,cloned,two2002paper,yes,",
        "gammalol,H1,Ki,=,5,human,cloned,two2002paper,yes,",
    ]
    path.write_text(GOOD["affinities.csv"] + "\n".join(rows), encoding="utf-8")
    assert not problems(path)
    rows[2] = rows[2].replace("two2002paper", "six2006paper")
    path.write_text(GOOD["affinities.csv"] + "\n".join(rows), encoding="utf-8")
    assert_refused(path, 15, "column", "'yes' for six2006paper, but line 14 takes the receptors from two2002paper")
    # Transporters have one source for all.
    rows[1:] = ["gammalol,SERT,Ki,=,5,human,cloned,two2002paper,yes,"]
    path.write_text(GOOD["affinities.csv"] + "\n".join(rows), encoding="utf-8")
    assert_refused(path, 14, "column", "'yes' for two2002paper, but line 3 takes the transporters from one2001paper")


@pytest.mark.parametrize("name", list(READERS))
def test_every_required_cell_is_required(folder, name):
    path = folder / name
    required = [column.name for column in FORMS[name].columns if column.required]
    assert len(required) >= 3
    for column in required:
        path.write_text(break_cell(GOOD[name], 2, column, ""), encoding="utf-8")
        assert_refused(path, 2, column, "the cell is empty; write")


def test_the_header_is_exact(folder):
    path = folder / "affinities.csv"
    header, rest = GOOD["affinities.csv"].split("\n", 1)
    names = header.split(",")
    for broken, column, says in [
        (
            header.replace("value_nM", "value_nm"),
            "value_nm",
            "is no column of this file (did you mean 'value_nM'?); the",
        ),
        (header.replace(",species", ""), "species", "the column is missing; the header is drug,target,kind"),
        (header + ",page", "page", "'page' is no column of this file; the header is drug,"),
        (header + ",note", "note", "the column stands 2 times"),
        (",".join([names[1], names[0], *names[2:]]), "target", "the columns stand in another order"),
        (header.replace(",", ";"), header.replace(",", ";"), "separate cells by commas"),
    ]:
        path.write_text(f"{broken}\n{rest}", encoding="utf-8")
        assert_refused(path, 1, column, says)


@pytest.mark.parametrize(
    ("line", "broken", "column", "says"),
    [
        (
            4,
            'alphaxine,SERT,Kd,=,2,human,"cloned\nhuman",one2001paper,yes,',
            None,
            "in quotation marks must end on its",
        ),
        (4, 'alphaxine,SERT,Kd,=,2,human,clo"ned" x"y,one2001paper,yes,"a"b', None, "not readable as comma separated"),
        (4, "alphaxine,SERT,Kd,=,2,human,cloned, brain,one2001paper,yes,", None, "11 cells where the header has 10"),
        (4, "alphaxine,SERT,Kd,=,2,human,cloned", None, "7 cells where the header has 10"),
        (4, "", None, "an empty line; delete it"),
        (4, "alphaxine;SERT;Kd;=;2;human;cloned;one2001paper;yes;", None, "1 cells where the header has 10"),
    ],
)
def test_a_line_that_is_no_row_is_refused(folder, line, broken, column, says):
    path = folder / "affinities.csv"
    lines = GOOD["affinities.csv"].split("\n")
    lines[line - 1] = broken
    path.write_text("\n".join(lines), encoding="utf-8")
    assert_refused(path, line, column, says)


def test_what_is_no_text_is_refused(folder):
    path = folder / "affinities.csv"
    path.write_bytes(GOOD["affinities.csv"].replace("another laboratory", "Universität").encode("latin-1"))
    assert_refused(path, 5, None, "a byte that is not UTF-8; save the file as UTF-8")
    path.write_text("\n", encoding="utf-8")
    assert_refused(path, 1, None, "the file is empty; begin it with the header")
    path.write_text("\n" + GOOD["affinities.csv"], encoding="utf-8")
    assert_refused(path, 1, None, "an empty line")


def test_the_line_is_the_files_line_whatever_stands_before(folder):
    """Errors of several lines: the first is raised, `problems` has all of them in order."""
    path = folder / "affinities.csv"
    text = break_cell(GOOD["affinities.csv"], 12, "value_nM", "abc")
    text = break_cell(text, 6, "species", "cat")
    text = break_cell(text, 6, "kind", "Kx")
    lines = text.split("\n")
    lines.insert(2, "")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(e.line, e.column) for e in problems(path)] == [(3, None), (7, "kind"), (7, "species"), (13, "value_nM")]
    assert_refused(path, 3, None)


def test_the_error_is_typed_and_survives_pickling(folder):
    path = folder / "affinities.csv"
    path.write_text(break_cell(GOOD["affinities.csv"], 3, "value_nM", "abc"), encoding="utf-8")
    error = pickle.loads(pickle.dumps(refusal(path)))
    assert isinstance(error, ValueError)
    assert (error.file, error.line, error.column) == ("affinities.csv", 3, "value_nM")
    assert str(error) == (
        "affinities.csv, line 3, column value_nM: 'abc' is not a number; "
        "write a positive number in nM such as 4.3, or leave the cell empty"
    )


# -- one drug, one pair ------------------------------------------------------------------------------------


@pytest.fixture
def small(folder, monkeypatch):
    """The book's data are the small good files."""
    monkeypatch.setattr(tables, "DATA", folder)


def test_one_drug(small):
    row = drug("alphaxine")
    assert row["class"] == "SSRI" and row["half_life_h"] == 36 and row.attrs["units"]["half_life_h"] == "h"
    with pytest.raises(ValueError, match="no drug named 'Alphaxin' .did you mean 'alphaxine'..; drugs.. lists the 3"):
        drug("Alphaxin")
    with pytest.raises(ValueError, match="no drug named 'xyz'; drugs"):
        drug("xyz")


def test_an_affinity_is_the_columns_or_none(small):
    assert affinity("alphaxine", "SERT") == 2
    assert math.isnan(affinity("alphaxine", "D2")), "a value outside the column is not the column's"
    assert math.isnan(affinity("betamine", "SERT")), "a bound is no value"
    assert math.isnan(affinity("gammalol", "SERT"))
    with pytest.raises(ValueError, match="no target named '5HT2A' .did you mean '5-HT2A'"):
        affinity("alphaxine", "5HT2A")
    with pytest.raises(ValueError, match="no drug named 'alphaxene' .did you mean 'alphaxine'"):
        affinity("alphaxene", "SERT")


def test_a_fingerprint_shows_bounds_and_gaps(small):
    print_ = fingerprint("betamine", ["NET", "SERT"])
    assert print_.index.tolist() == ["NET", "SERT"]
    assert math.isnan(print_["value_nM"]["NET"]) and print_["value_nM"]["SERT"] == 100000
    assert print_["relation"].tolist() == ["", ">"] and print_["source"].tolist() == ["", "one2001paper"]
    assert fingerprint("gammalol").index.tolist() == list(TARGETS)
    assert fingerprint("alphaxine", "SERT")["value_nM"].tolist() == [2]
    with pytest.raises(ValueError, match="targets names 'SERT' twice"):
        fingerprint("alphaxine", ["SERT", "NET", "SERT"])


def test_selectivity_is_a_ratio_within_one_source(small, folder):
    assert selectivity("alphaxine", "SERT", "NET") == 100
    assert selectivity("alphaxine", "NET", "SERT") == 0.01
    assert selectivity("alphaxine", "SERT", "SERT") == 1
    # No column value at either, but one paper that measured both.
    assert selectivity("betamine", "H1", "M1") == 100
    for a, b, said in [
        ("SERT", "D2", "SERT Kd = 2 nM, human (one2001paper)"),
        ("SERT", "D2", "D2 Ki > 10000 nM, human (one2001paper)"),
    ]:
        with pytest.raises(ValueError, match="no single source gives an exact value") as caught:
            selectivity("alphaxine", a, b)
        assert said in str(caught.value)
    for drug_, a, b in [
        ("betamine", "H1", "NET"),  # a Ki and an IC50
        ("betamine", "H1", "alpha1"),  # guinea pig and rat
        ("betamine", "SERT", "NET"),  # a bound
        ("betamine", "SERT", "SERT"),
    ]:
        with pytest.raises(ValueError, match="no single source gives .* nM, [a-z ]+ .(one2001|two2002)paper"):
            selectivity(drug_, a, b)
    with pytest.raises(ValueError, match="there is no reliable value at either"):
        selectivity("gammalol", "SERT", "NET")
    with pytest.raises(
        ValueError, match="'two2002papers' gives neither .did you mean 'two2002paper'..; there are SERT"
    ):
        selectivity("alphaxine", "SERT", "NET", source="two2002papers")

    # A value that the column leaves out counts only where it is asked for.
    path = folder / "affinities.csv"
    path.write_text(GOOD["affinities.csv"] + "alphaxine,DAT,Kd,=,50,human,cloned,one2001paper,no,doubtful\n", "utf-8")
    with pytest.raises(ValueError, match="no single source gives"):
        selectivity("alphaxine", "SERT", "DAT")
    assert selectivity("alphaxine", "SERT", "DAT", source="one2001paper") == 25

    # Binding before inhibition, where a paper measured both.
    uptake = "".join(f"betamine,{t},IC50,=,{x},guinea pig,tissue,two2002paper,no,\n" for t, x in [("H1", 1), ("M1", 3)])
    path.write_text(GOOD["affinities.csv"] + uptake, encoding="utf-8")
    assert selectivity("betamine", "H1", "M1") == 100

    # A database is no laboratory.
    path.write_text(GOOD["affinities.csv"].replace("two2002paper", "harding2022iuphar"), encoding="utf-8")
    with pytest.raises(ValueError, match="no single source gives .* H1 Ki = 0.5 nM, guinea pig .harding2022iuphar"):
        selectivity("betamine", "H1", "M1")
    with pytest.raises(ValueError, match="harding2022iuphar is a database of many laboratories' values; there are H1"):
        selectivity("betamine", "H1", "M1", source="harding2022iuphar")

    # Several papers with both: the reader chooses. Several values in one: the reader looks.
    more = "betamine,H1,Ki,=,2,human,cloned,six2006paper,no,\nbetamine,M1,Ki,=,20,human,cloned,six2006paper,no,\n"
    path.write_text(GOOD["affinities.csv"] + more, encoding="utf-8")
    with pytest.raises(ValueError, match="six2006paper and two2002paper give both; choose one with source="):
        selectivity("betamine", "H1", "M1")
    assert selectivity("betamine", "H1", "M1", source="six2006paper") == 10
    path.write_text(GOOD["affinities.csv"] + more.replace("six2006paper", "two2002paper"), encoding="utf-8")
    with pytest.raises(ValueError, match="two2002paper gives several values, whose ratios go from 10 to 100"):
        selectivity("betamine", "H1", "M1")


def test_occupancy_of_a_dose_follows_the_published_curve(small):
    assert dose_occupancy("alphaxine", "SERT", 5) == pytest.approx(0.45)
    np.testing.assert_allclose(dose_occupancy("alphaxine", "SERT", [0, 5, 20]), [0, 0.45, 0.72])
    with pytest.raises(ValueError, match="no published curve .* for alphaxine at NET; .* there is SERT .one2001paper"):
        dose_occupancy("alphaxine", "NET", 5)
    with pytest.raises(ValueError, match="no published curve .* for gammalol at GABA-A; for gammalol there is none"):
        dose_occupancy("gammalol", "GABA-A", 5)
    with pytest.raises(ValueError, match="2 curves for betamine at NET, by one2001paper .PET, another. and two2002pap"):
        dose_occupancy("betamine", "NET", 50)
    assert dose_occupancy("betamine", "NET", 50, source="one2001paper") == 0.5
    with pytest.raises(ValueError, match="no published curve .* at NET by three2003paper"):
        dose_occupancy("betamine", "NET", 50, source="three2003paper")
    with pytest.raises(ValueError, match="dose_mg must be between 0 and 5000 mg; got -1. Use 0"):
        dose_occupancy("alphaxine", "SERT", -1)


def test_facts_are_printed_narrow_with_gaps_named(small):
    text = drug_facts("alphaxine", ["SERT", "NET", "D2"])
    assert max(map(len, text.splitlines())) <= 38
    assert "  half-life: 36 h (24 to 48 h)\n" in text
    words = " ".join(text.split())
    assert "noralphaxine, half-life 240 h " in words and "usual dose: 20 to 40 mg a day by mouth " in words
    assert "  SERT       2\n" in text and "  D2         no reliable value\n" in text
    assert text.endswith("sources\none2001paper\ntwo2002paper")
    text = drug_facts("betamine", ["SERT", "NET"])
    words = " ".join(text.split())
    assert "half-life: no reliable value" in words and "active metabolite: no reliable value" in words
    assert "usual dose: by patch" in text and "  SERT       > 100000\n" in text
    assert "usual dose: 10 mg a day by mouth" in drug_facts("gammalol")
    with pytest.raises(ValueError, match="no drug named 'gamalol'"):
        drug_facts("gamalol")


def test_the_package_offers_the_names():
    homes = {
        tables: ("drugs", "affinities", "occupancies", "curves", "exposures", "measured", "drug"),
        binding: ("affinity", "fingerprint", "selectivity", "occupancy", "competitive_occupancy"),
        dosing: ("dose_occupancy", "dose_response"),
        reading: ("DataError",),
    }
    for home, names in homes.items():
        for name in names:
            assert getattr(widgets, name) is getattr(home, name) and name in widgets.__all__


# -- laws --------------------------------------------------------------------------------------------------

LAWS = settings(max_examples=500, derandomize=True, deadline=None)
CONCENTRATIONS = st.floats(0, 1e12)
AFFINITIES = st.floats(1e-6, 1e12)
LIGANDS = st.lists(st.tuples(CONCENTRATIONS, AFFINITIES), min_size=1, max_size=12)


@LAWS
@given(CONCENTRATIONS, CONCENTRATIONS, AFFINITIES)
def test_occupancy_lies_between_none_and_all_and_never_falls_with_concentration(one, other, affinity_nM):
    low, high = sorted((one, other))
    fractions = occupancy([low, high], affinity_nM)
    assert 0 <= fractions[0] <= fractions[1] <= 1
    assert fractions[0] == occupancy(low, affinity_nM), "one number and many are the same law"
    assert (fractions[1] > 0) == (high > 0) or high < 1e-290


@LAWS
@given(st.floats(1e-6, 1e12), AFFINITIES, AFFINITIES)
def test_occupancy_never_rises_with_the_affinity_constant(concentration, one, other):
    tight, loose = sorted((one, other))
    assert occupancy(concentration, tight) >= occupancy(concentration, loose)
    assert occupancy(tight, tight) == 0.5
    assert occupancy(concentration, tight) == pytest.approx(concentration / (concentration + tight), rel=1e-12)


@LAWS
@given(LIGANDS)
def test_competing_ligands_share_what_there_is(ligands):
    concentrations, constants = np.array(ligands).T
    fractions = competitive_occupancy(concentrations, constants)
    assert fractions.shape == (len(ligands),)
    assert (fractions >= 0).all() and (fractions <= 1).all()
    assert fractions.sum() <= 1 + 1e-12
    alone = [occupancy(c, k) for c, k in ligands]
    assert (fractions <= np.array(alone) * (1 + 1e-12) + 1e-290).all()
    if len(ligands) == 1:
        assert fractions[0] == pytest.approx(alone[0], rel=1e-12, abs=1e-290)


@LAWS
@given(LIGANDS, CONCENTRATIONS, AFFINITIES)
def test_a_competitor_never_raises_the_others(ligands, concentration, constant):
    concentrations, constants = np.array(ligands).T
    before = competitive_occupancy(concentrations, constants)
    after = competitive_occupancy([*concentrations, concentration], [*constants, constant])
    assert (after[:-1] <= before).all()


@LAWS
@given(LIGANDS, st.integers(0, 11), st.floats(1, 1e6))
def test_more_of_one_ligand_never_lowers_its_own_share(ligands, which, factor):
    concentrations, constants = np.array(ligands).T
    which %= len(ligands)
    before = competitive_occupancy(concentrations, constants)
    concentrations[which] = min(concentrations[which] * factor, 1e12)
    after = competitive_occupancy(concentrations, constants)
    assert after[which] >= before[which] * (1 - 1e-12)
    others = np.arange(len(ligands)) != which
    assert (after[others] <= before[others]).all()


@LAWS
@given(st.integers(0, 1000), st.floats(0, 5000), st.floats(0, 5000))
def test_a_doses_occupancy_lies_between_none_and_the_maximum_and_never_falls(which, one, other):
    """On the book's published curves, each in turn."""
    table = curves().dropna(subset=["maximum_percent", "half_dose_mg"])
    assert len(table) >= 5
    row = table.iloc[which % len(table)]
    less, more = dose_occupancy(row["drug"], row["target"], sorted((one, other)), source=row["source"])
    assert 0 <= less <= more <= row["maximum_percent"] / 100


def test_a_time_course_of_competing_ligands():
    course = np.array([[0.0, 1, 10], [5, 5, 5]])
    fractions = competitive_occupancy(course, [1.0, 5])
    np.testing.assert_allclose(fractions, [[0, 1 / 3, 10 / 12], [0.5, 1 / 3, 1 / 12]])
    np.testing.assert_allclose(competitive_occupancy(course[:, 1], [1.0, 5]), [1 / 3, 1 / 3])
    assert occupancy(np.ones((2, 1)), np.ones(3)).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: occupancy(-1, 5), "concentration_nM must be between 0 and 1e.12 nM; got -1. Use 0 or"),
        (lambda: occupancy([1, math.inf], 5), "got inf. Use 1e.12"),
        (lambda: occupancy(1, 0), "affinity_nM must be between 1e-06 and 1e.12 nM; got 0. Use 1e-06"),
        (lambda: occupancy(1, math.nan), "affinity_nM must be .* got NaN: no reliable value"),
        (lambda: occupancy("much", 5), "got 'much', which is not a number"),
        (lambda: occupancy(True, 5), "got True, which is not a number"),
        (lambda: occupancy([1, None], 5), "got None, which is not a number"),
        (lambda: occupancy([[1, 2], [3]], 5), "got lists of different lengths"),
        (lambda: occupancy([1, 2, 3], [1, 2]), r"has shape \(3,\) and affinity_nM \(2,\), which do not go together"),
        (lambda: competitive_occupancy([1, 2], [5]), "give one affinity for each ligand"),
        (lambda: competitive_occupancy([], []), "give one affinity for each ligand"),
        (lambda: competitive_occupancy(1, 5), "give one affinity for each ligand"),
        (lambda: competitive_occupancy([1, -2], [5, 5]), "concentrations must be between 0 and .* got -2"),
    ],
)
def test_the_laws_refuse_what_is_no_concentration(call, says):
    with pytest.raises(ValueError, match=says):
        call()


# -- the book's own data -----------------------------------------------------------------------------------


def test_the_books_files_are_good():
    found = {name: [str(problem) for problem in problems(DATA / name)] for name in READERS}
    assert not any(found.values()), found
    counts = {name: len(read()) for name, read in READERS.items()}
    assert counts["drugs.csv"] >= 40 and counts["affinities.csv"] >= 150, counts
    assert counts["occupancy.csv"] >= 30 and counts["curves.csv"] >= 5, counts


def test_every_cell_of_the_books_files_is_watched(tmp_path):
    """One row of each file, its every filled cell broken in turn: the refusal names the row and, mostly, the cell."""
    broken = 0
    for name, form in FORMS.items():
        rows = cells_of((DATA / name).read_text(encoding="utf-8"))
        for column in form.columns:
            place = form.header.index(column.name)
            filled = [i for i, row in enumerate(rows[1:], 1) if row[place]]
            if not filled:
                continue
            at = filled[len(column.name) * 7919 % len(filled)]
            wrong = {"number": ["abc", "-1", "1e99", "nan"], "whole": ["abc", "-1", "2.5"]}.get(
                column.form, ["Rubbish1"] if column.form != "text" else [" with a space before"]
            )
            for cell in wrong:
                changed = [list(row) for row in rows]
                changed[at][place] = cell
                (tmp_path / name).write_text(text_of(changed), encoding="utf-8")
                first = problems(tmp_path / name)[0]
                assert (first.file, first.line, first.column) == (name, at + 1, column.name), str(first)
                assert repr(cell) in str(first)
                broken += 1
        (tmp_path / name).unlink()
    assert broken >= 80


def test_a_row_of_the_book_that_stands_twice_is_found(tmp_path):
    for name in FORMS:
        lines = (DATA / name).read_text(encoding="utf-8").splitlines()
        (tmp_path / name).write_text("\n".join([*lines, lines[len(lines) // 2]]), encoding="utf-8")
        first = problems(tmp_path / name)[0]
        assert first.line == len(lines) + 1 and f"stands already on line {len(lines) // 2 + 1}" in str(first)
        (tmp_path / name).unlink()


def test_compared_columns_come_from_one_source():
    table = affinities()
    assert set(schema.DATABASES) <= set(table["source"])
    chosen = table[table["column"]]
    assert len(chosen) >= 50
    assert not chosen.duplicated(["drug", "target"]).any()
    assert chosen.loc[chosen["target"].isin(["SERT", "NET", "DAT"]), "source"].nunique() == 1
    family = chosen["drug"].map(drugs().set_index("name")["class"]).eq("antipsychotic")
    assert chosen.groupby([family, "target"])["source"].nunique().max() == 1
    assert chosen[family]["target"].nunique() >= 7 and chosen[~family]["target"].nunique() >= 9
    for row in chosen[chosen["relation"] == "="].itertuples():
        assert affinity(row.drug, row.target) == row.value_nM
    assert table["conflict"].any()
    # A database may fill a fingerprint; a ratio of two of its values is refused all the same.
    assert affinity("doxepin", "H1") < 1
    with pytest.raises(ValueError, match="nor are those that a database quotes"):
        selectivity("doxepin", "H1", "M1")
    pairs = 0
    for name, rows in chosen[chosen["relation"] == "="].groupby("drug"):
        for a, b in itertools.combinations(rows[rows["target"].isin(["SERT", "NET", "DAT"])].itertuples(), 2):
            assert selectivity(name, a.target, b.target) == b.value_nM / a.value_nM
            pairs += 1
    assert pairs >= 50


def test_every_drug_prints_its_facts():
    for name in drugs()["name"]:
        text = drug_facts(name, ["SERT", "NET", "DAT", "D2"])
        assert "sources" in text and "nan" not in text.split("sources")[0].replace(name, "")
        assert max(map(len, text.splitlines())) <= 38
