"""The model reference: a page written by the models names all of them and all that is in them, as Markdown that says
what was meant, and changes when they do."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import libsbml
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import widgets.engine.model
from tests.test_validation import KEYS, tried
from widgets.book import maths, reference
from widgets.engine.model import MODELS, Model, available, load_model
from widgets.evidence import anchors, conclusions
from widgets.evidence.laws import LAWS
from widgets.figures import evidence_tables
from widgets.figures.evidence_tables import show_laws, show_sensitivity, show_validation
from widgets.figures.markdown import CITATION_KEY, deviation_words, model_said, model_title, number, table, text

NAMES = available()
BASED = {"dopamine_prefrontal": "dopamine", "adaptation": "serotonin"}
MATHS = re.compile(r"\$\$\n(.*?)\n\$\$", re.DOTALL)
CITED = re.compile(r"\{cite(?::t)?\}`([^`]+)`")


@pytest.fixture(scope="module")
def page() -> str:
    with pytest.MonkeyPatch.context() as patch:
        # The same runs as in tests/test_validation.py, once for both.
        patch.setattr(evidence_tables, "sensitivity", tried)
        return reference.page()


@pytest.fixture(scope="module")
def sections(page) -> dict[str, str]:
    """Model name -> its part of the page."""
    pieces = re.split(r"^\(model-([a-z-]+)\)=$", page, flags=re.MULTILINE)
    return {name.replace("-", "_"): words for name, words in zip(pieces[1::2], pieces[2::2], strict=True)}


def rows(words: str, kind: str) -> list[list[str]]:
    """Cells of the tables of one class, without their heads."""
    head = rf":::\{{table\}} [^\n]+\n:class: model-table {kind}(?: headed)?\n\n"
    tables = re.findall(rf"{head}(.*?)\n:::", words, re.DOTALL)
    lines = [line for each in tables for line in each.splitlines()[2:]]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


# -- completeness -------------------------------------------------------------------------------------------


def test_every_model_has_its_section_in_the_order_of_the_book(page, sections):
    assert sorted(sections) == sorted(NAMES) and list(sections) == reference.models()
    assert reference.models().index("dopamine_prefrontal") == reference.models().index("dopamine") + 1
    overview = page[: page.index("(model-")]
    for name in NAMES:
        assert f"](#model-{name.replace('_', '-')}) |" in overview
    assert "Each of the  constants" not in page and "{{" not in page


@pytest.mark.parametrize("name", NAMES)
def test_a_section_names_every_level_constant_and_control(sections, name):
    model, words = load_model(name), sections[name]
    facts = model.parameters.set_index("name")
    levels = [n for n in model.species if n not in model.switches]
    assert [row[0] for row in rows(words, "levels")] == [f"`{n}`" for n in levels]
    assert [row[0] for row in rows(words, "controls")] == [f"`{n}`" for n in model.controls]
    constants = [n for n in facts.index if not facts.at[n, "control"]]
    if name in BASED:
        there = load_model(BASED[name]).parameters.set_index("name")
        same = [
            n
            for n in constants
            if n in there.index and tuple(facts.loc[n, ["value", "source"]]) == tuple(there.loc[n, ["value", "source"]])
        ]
        assert f"{len(same)} constants are the same there" in words and len(same) >= 25
        constants = [n for n in constants if n not in same]
    shown = rows(words, "constants")
    assert [row[0] for row in shown] == [f"`{n}`" for n in constants]
    for (_, value, meaning, source), n in zip(shown, constants, strict=True):
        fact = facts.loc[n]
        assert value.startswith(number(fact["value"])) and f"*{fact['status']}*: " in source
        assert meaning == text(fact["meaning"])
        if fact["status"] == "published":
            assert f"{{cite:t}}`{fact['source']}`" in source
    for n in (*model.switches, *(e.name for e in model.events)):
        assert f"`{n}`" in words


@pytest.mark.parametrize("name", NAMES)
def test_values_stand_as_the_model_has_them(sections, name):
    model = load_model(name)
    for row, n in zip(
        rows(sections[name], "levels"), [n for n in model.species if n not in model.switches], strict=True
    ):
        shown = float(row[1].split("\N{NO-BREAK SPACE}")[0].replace(",", ""))
        assert shown == pytest.approx(model.baseline[n], rel=1e-3, abs=1e-12)
    facts = model.parameters.set_index("name")
    for row in rows(sections[name], "controls"):
        low, high = (float(part.replace(",", "")) for part in row[2].split(" to "))
        fact = facts.loc[row[0].strip("`")]
        assert (low, high) == pytest.approx((fact["minimum"], fact["maximum"]))


@pytest.mark.parametrize("name", NAMES)
def test_both_downloads_are_offered(sections, name):
    links = re.findall(r'<a href="([^"]+)" download>', sections[name])
    assert links == [f"../../_static/models/{name}.{ending}" for ending in ("ant", "xml")]
    assert {Path(link).name for link in links} <= set(reference.downloads())


@pytest.mark.parametrize("name", NAMES)
def test_every_equation_is_there_and_can_be_set(sections, name):
    model, words = load_model(name), sections[name]
    equations = MATHS.findall(words)
    moving = [
        n
        for n, row in zip(model.species, model.system.stoichiometry, strict=True)
        if n not in model.switches and (row.any() or n in model.system.rate_rules)
    ]
    assert len(equations) == len(moving) + len(model.reactions) + len(model.assignments)
    assert f"Show the equations of {model_said(name)} ({len(equations)})</summary>" in words
    for equation in equations:
        root = ElementTree.fromstring(maths.mathml(equation, display=True))
        assert root.get("display") == "block" and "=" in "".join(root.itertext()), equation


def test_a_variant_lists_only_its_own_constants_and_says_on_what_it_builds(sections):
    for name, base in BASED.items():
        words = sections[name]
        assert f"built on [{model_title(base)}](#model-{base})" in words
        own = {row[0] for row in rows(words, "constants")}
        base_text = (MODELS / f"{name}.ant").read_text(encoding="utf-8")
        assert own and all(re.search(rf"^\s*{n.strip('`')}\s*=", base_text, re.MULTILINE) for n in own)
    assert not any("This model is built on" in sections[n] for n in NAMES if n not in BASED)


def test_every_published_result_and_every_conclusion_is_on_the_page(page, sections):
    for name in NAMES:
        results = [a for a in anchors.read_anchors() if a.experiment.model == name]
        shown = rows(sections[name], "validation")
        assert len(shown) == len(results)
        for a, row in zip(results, shown, strict=True):
            assert row[0].startswith(text(a.finding))
        differ = sum("**differs**" in row for row in shown)
        assert differ == sum(not a.agrees(a.factor * a.experiment.take()) for a in results)
        survival = rows(sections[name], "survival")
        doubted = tried(name)
        if doubted.empty:
            assert "None of its constants is doubted" in sections[name] and not survival
            continue
        assert len(survival) == len(conclusions.conclusions(name))
        for c, (words, holds, broken_by) in zip(conclusions.conclusions(name), survival, strict=True):
            bad = int((~doubted[c.text].map(c.holds)).sum())
            assert words.startswith(text(c.text)) and holds == f"{len(doubted) - bad} of {len(doubted)}"
            assert (broken_by == "none") == (bad == 0) and len(re.findall(r"(?:lowered|raised) \(", broken_by)) == bad
    assert page.count("**differs**") >= 1


def test_the_shortcuts_of_the_weeks_are_there(sections):
    assert len(rows(sections["adaptation"], "shortcuts")) == 6
    assert not any(rows(sections[n], "shortcuts") for n in NAMES if n != "adaptation")


# -- Markdown -----------------------------------------------------------------------------------------------


def test_every_key_became_a_citation_and_is_known(page):
    cited = [key for group in CITED.findall(page) for key in group.split(",")]
    assert len(cited) > 200 and set(cited) <= KEYS
    left = re.sub(r"<[^>]*>", "", CITED.sub("", page))
    assert re.findall(rf"\b{CITATION_KEY}\b", left) == []
    assert not re.search(r"\{cite(?!(?::t)?\}`[a-z0-9,]+`)", page)


def test_headings_and_anchors_are_unique_and_links_lead_somewhere(page):
    anchors = re.findall(r"^\(([\w-]+)\)=$", page, re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    for found in (anchors, headings):
        assert [name for name, count in Counter(found).items() if count > 1] == []
    assert set(re.findall(r"\]\(#([\w-]+)\)", page)) <= set(anchors)
    assert page.count("<details") == page.count("</details>") == len(NAMES)


def test_every_table_has_as_many_cells_in_each_row(page):
    tables = re.findall(r":::\{table\} [^\n]+\n:class: model-table[ a-z]*\n\n(.*?)\n:::\n", page, re.DOTALL)
    assert len(tables) > 4 * len(NAMES)
    for lines in map(str.splitlines, tables):
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in lines}
        assert len(lines) >= 3 and len(widths) == 1, lines[0]


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        ("k_leak * 2", r"k\_leak \* 2"),
        ("a | b [c] <d> {e} $f$ #g ~h & \\", r"a \| b \[c\] \<d\> \{e\} \$f\$ \#g \~h \& " + "\\\\"),
        ("the `reuptake_inhibition` of it", "the `reuptake_inhibition` of it"),
        ("`a|b` alone", r"\`a\|b\` alone"),
        ("as best2009homeostatic says", "as {cite:t}`best2009homeostatic` says"),
        ("found (best2009homeostatic)", "found {cite}`best2009homeostatic`"),
        ("found (best2009homeostatic, best2020autoreceptor)", "found {cite}`best2009homeostatic,best2020autoreceptor`"),
        ("(see best2009homeostatic)", "(see {cite:t}`best2009homeostatic`)"),
        ("5-HT1A in c57bl6 mice, doi 10.1007/BF00500007", "5-HT1A in c57bl6 mice, doi 10.1007/BF00500007"),
        ("", ""),
    ],
)  # fmt: skip
def test_plain_words_become_markdown(words, markdown):
    assert text(words) == markdown


@given(st.text(st.sampled_from("ab1 .,-+=:;!?()'\"/\\*_{}<>|$#[]~&^%@é×−\N{NO-BREAK SPACE}"), max_size=40))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_cell_reads_as_the_words_it_was_made_from(words):
    words = words.strip()
    markdown = table("Cells", ["a", "b"], [[text(words), text(f"x {words} y")]])
    inside = "\n".join(markdown.splitlines()[3:-1])
    html = MarkdownIt("commonmark").enable("table").render(inside)
    cells = [unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", html, re.DOTALL)]
    assert cells == [words, f"x {words} y"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"), (-0.0, "0"), (1e-15, "0"), (7082, "7,082"), (12000.0, "12,000"), (1e6, "1,000,000"), (-70, "-70"),
        (0.00202, "0.00202"), (0.06004321, "0.06004"), (0.000011, "0.000011"), (2.5e-7, "0.00000025"),
        (3e-9, "3e-09"), (96485.33, "9.649e+04"), (1.0, "1"), (float("inf"), "none"), (float("nan"), "none"),
    ],
)  # fmt: skip
def test_numbers_are_printed_to_be_read(value, words):
    assert number(value) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(1, "0 %"), (0.9999, "0 %"), (1.0004, "0 %"), (1.007, "+0.7 %"), (0.85, "−15 %"), (2.9, "+190 %"),
     (72.3, "72 times")],
)  # fmt: skip
def test_deviations_are_printed_to_be_read(ratio, words):
    assert deviation_words(ratio) == f" ({words.replace(' %', chr(160) + '%')})"
    assert deviation_words(float("nan")) == deviation_words(float("inf")) == ""


# -- it cannot drift ----------------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path, monkeypatch) -> Path:
    """The models in a folder of their own, from which the reference is now written."""
    folder = tmp_path / "models"
    shutil.copytree(MODELS, folder)
    monkeypatch.setattr(widgets.engine.model, "MODELS", folder)
    monkeypatch.setattr(reference, "MODELS", folder)
    monkeypatch.setattr(evidence_tables, "sensitivity", tried)
    return folder


def _change(path: Path, before: str, after: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert words.count(before) == 1, before
    path.write_text(words.replace(before, after), encoding="utf-8")


def test_a_changed_model_changes_its_section_and_its_downloads(copied, sections):
    assert reference.section("serotonin").strip() == sections_of("serotonin", sections)
    before = reference.downloads()
    source = copied / "serotonin.ant"
    line = next(
        line for line in source.read_text(encoding="utf-8").splitlines() if re.match(r"\s*K_receptor\s*=", line)
    )
    _change(source, line, "  K_receptor = 0.731 uM // a new meaning | assumed | a new reason, from best2009homeostatic")
    _change(source, "// What is left out\n", "// What is left out\n//   A_new_thing.\n")
    words = reference.section("serotonin")
    assert [row for row in rows(words, "constants") if row[0] == "`K_receptor`"] == [
        ["`K_receptor`", "0.731\N{NO-BREAK SPACE}µM", "a new meaning",
         "*assumed*: a new reason, from {cite:t}`best2009homeostatic`"]
    ]  # fmt: skip
    assert r"A\_new\_thing." in words
    after = reference.downloads()
    changed = {name for name in before if after[name] != before[name]}
    # The model built on it changes with it.
    assert changed == {f"{name}.{ending}" for name in ("serotonin", "adaptation") for ending in ("ant", "xml")}
    assert "0.731" in after["serotonin.xml"] and "0.731" in after["serotonin.ant"]


def sections_of(name: str, sections: dict[str, str]) -> str:
    return f"(model-{name})={sections[name]}".strip()


def test_a_new_model_joins_the_page_at_its_end_and_a_variant_beside_its_model(copied):
    text_ = (copied / "dopamine_prefrontal.ant").read_text(encoding="utf-8")
    (copied / "dopamine_elsewhere.ant").write_text(
        text_.replace("model dopamine_prefrontal", "model dopamine_elsewhere")
    )
    (copied / "zinc.ant").write_text(
        (copied / "gaba.ant").read_text(encoding="utf-8").replace("model gaba", "model zinc")
    )
    names = reference.models()
    assert names[1:4] == ["dopamine", "dopamine_elsewhere", "dopamine_prefrontal"] and names[-1] == "zinc"
    overview, files = reference._overview(), reference.downloads()
    assert "[Zinc](#model-zinc)" in overview and "[Dopamine elsewhere](#model-dopamine-elsewhere)" in overview
    assert {"zinc.ant", "zinc.xml", "dopamine_elsewhere.ant"} <= set(files)


# -- downloads ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return reference.downloads()


def test_there_is_a_text_and_an_sbml_file_for_each_model(files):
    assert set(files) == {f"{name}.{ending}" for name in NAMES for ending in ("ant", "xml")}


@pytest.mark.parametrize("name", NAMES)
def test_a_downloaded_text_is_whole_and_gives_the_same_rest(files, name, tmp_path):
    path = tmp_path / f"{name}.ant"
    path.write_text(files[f"{name}.ant"], encoding="utf-8")
    again, model = load_model(path), load_model(name)
    assert "Based on:" not in files[path.name]
    pd.testing.assert_frame_equal(again.parameters, model.parameters)
    np.testing.assert_allclose(again.baseline, model.baseline, rtol=1e-9, atol=1e-12)
    assert Model.from_antimony(files[path.name]).reactions == model.reactions


@pytest.mark.parametrize("name", NAMES)
def test_a_downloaded_sbml_file_is_consistent(files, name):
    document = libsbml.readSBMLFromString(files[f"{name}.xml"])
    document.checkConsistency()
    assert [document.getError(i).getMessage() for i in range(document.getNumErrors())] == []
    assert document.getModel().getNumReactions() == len(load_model(name).reactions)


# -- tables for a chapter -----------------------------------------------------------------------------------


def test_results_of_one_role_are_shown_without_the_role():
    shown = show_validation("oral_dose", "predicted")
    facts = anchors.anchors("oral_dose").query("role == 'predicted'")
    markdown = shown._repr_markdown_()
    assert "| Finding | Published | Model | Verdict |\n" in markdown and "| predicted |" not in markdown
    assert len(rows(markdown, "validation")) == len(facts)
    assert repr(shown) == f"{(facts['verdict'] == 'agrees').sum()} of {len(facts)} published results agree"
    assert len(shown.frame()) == len(facts)
    with pytest.raises(ValueError, match="no role 'guessed'; use one of reproduced"):
        show_validation(role="guessed")


def test_what_survives_is_shown_for_a_chapter(monkeypatch):
    monkeypatch.setattr(evidence_tables, "sensitivity", tried)
    shown = show_sensitivity("dopamine", ("assumed",))
    assert repr(shown) == f"{len(tried('dopamine', ('assumed',)))} changes tried"
    assert len(rows(shown._repr_markdown_(), "survival")) == len(conclusions.conclusions("dopamine"))
    assert "No constant of this kind" in show_sensitivity("oral_dose", ("calibrated",))._repr_markdown_()


def test_the_laws_are_shown_with_their_models():
    shown = show_laws()
    assert len(rows(shown._repr_markdown_(), "laws")) == len(LAWS)
    assert repr(shown) == f"{len(LAWS)} laws" and len(shown.frame()) == len(LAWS)
