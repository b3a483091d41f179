"""The drug atlas: all of the data on one page, each fact with its source; its fingerprints, its filter."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from html import unescape
from xml.etree import ElementTree

import pandas as pd
import pytest

from tests.scripts import ask
from widgets.book import atlas
from widgets.book.figures import foreign_colours, inline_svg
from widgets.book.places import PALETTE
from widgets.figures import fingerprint
from widgets.medicines import tables
from widgets.medicines.schema import CLASSES, NO_VALUE, TABLES, TARGETS
from widgets.medicines.tables import affinities, curves, drugs, exposures, occupancies
from widgets.reading import DataError

DRUGS = drugs()["name"].tolist()


@pytest.fixture(scope="module")
def page() -> str:
    return atlas.page()


@pytest.fixture(scope="module")
def sections(page) -> dict[str, str]:
    """Each medicine's part of the page, by its name."""
    parts = re.split(r"^\(drug-([a-z0-9-]+)\)=$", page, flags=re.MULTILINE)
    return {name: re.split(r"^\(class-|^## ", text, flags=re.MULTILINE)[0]
            for name, text in zip(parts[1::2], parts[2::2], strict=True)}  # fmt: skip


def _rows(section: str, kind: str) -> list[list[str]]:
    """The cells of one table of a section, as Markdown."""
    found = re.search(rf":class: model-table atlas {kind} headed\n\n(.*?)\n:::", section, flags=re.DOTALL)
    lines = found[1].splitlines()[2:] if found else []
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def _facts(section: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Z][A-Za-z -]+(?:, as context)?)\n: (.*)$", section, flags=re.MULTILINE))


def _plain(markdown: str) -> str:
    """What a reader sees of a cell."""
    shown = re.sub(
        r"\[([^\]]*)\](?:\{[^}]*\}|\([^)]*\))", r"\1", markdown.replace("\\[", "\x01").replace("\\]", "\x02")
    )
    shown = re.sub(r"\\(.)", r"\1", shown.replace("\x01", "[").replace("\x02", "]"))
    return shown.replace("\N{NO-BREAK SPACE}", " ").strip()


def _said(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:.10g}"


def _with_citations(note: str) -> str:
    note = re.sub(r"\(([a-z]+\d{4}[a-z0-9]+)\)", r"{cite}`\1`", note)
    return re.sub(r"(?<!`)\b([a-z]+\d{4}[a-z0-9]+)\b", r"{cite:t}`\1`", note)


def _cell(value, unit: str = "") -> str:
    return NO_VALUE if pd.isna(value) else f"{_said(value)} {unit}".strip()


# -- every row, every value ------------------------------------------------------------------------------------------


def test_every_medicine_has_one_section_under_its_class(page, sections):
    assert len(DRUGS) >= 60
    assert sorted(sections) == sorted(name.replace(" ", "-") for name in DRUGS)
    heads = [(kind, name) for kind, name in re.findall(r"^\((class|drug)-([a-z0-9-]+)\)=$", page, flags=re.MULTILINE)]
    table, group, order = drugs().set_index("name"), "", []
    for kind, name in heads:
        if kind == "class":
            group = name
            order.append(name)
        else:
            assert atlas.class_anchor(
                table.at[name.replace("-", " ") if name not in table.index else name, "class"]
            ) == (f"class-{group}")
    assert order == [c.lower().replace(" ", "-") for c in CLASSES if c in set(table["class"])]
    assert set(atlas.CLASS_TITLES) == set(CLASSES)


def test_the_facts_are_those_of_the_table(sections):
    for _, row in drugs().iterrows():
        section = sections[row["name"]]
        facts = _facts(section)
        said = {term: _plain(words) for term, words in facts.items()}
        assert f"### {row['name'][:1].upper()}{row['name'][1:]}\n" in section
        assert said["Acts on"] == row["pharmacology"]
        assert said["Mode of action"].startswith(row["mode_of_action"])
        assert said.get("Note", "") == row["note"] or "(" in row["note"]
        half_life, metabolite, dose = (said[t] for t in ("Half-life", "Active metabolite", "Usual dose, as context"))
        if pd.notna(row["half_life_h"]):
            assert half_life.startswith(f"{_said(row['half_life_h'])} h")
        elif pd.isna(row["half_life_low_h"]):
            assert half_life == NO_VALUE
        if pd.notna(row["half_life_low_h"]):
            assert f"{_said(row['half_life_low_h'])} to {_said(row['half_life_high_h'])} h" in half_life
        if row["active_metabolite"]:
            assert metabolite.startswith(f"{row['active_metabolite']}, half-life ")
            assert _cell(row["metabolite_half_life_h"], "h") in metabolite
        else:
            assert metabolite == NO_VALUE
        if pd.notna(row["dose_low_mg"]):
            ends = dict.fromkeys((_said(row["dose_low_mg"]), _said(row["dose_high_mg"])))
            assert dose.startswith(f"{' to '.join(ends)} mg")
            assert ("by mouth" in dose) == (not row["dose_note"] or "by mouth" in row["dose_note"])
        assert row["dose_note"] in dose
        if pd.isna(row["dose_low_mg"]) and not row["dose_note"]:
            assert dose == NO_VALUE
        for column, term in (("class", "Mode of action"), ("half_life", "Half-life"),
                             ("metabolite", "Active metabolite"), ("dose", "Usual dose, as context")):  # fmt: skip
            key = row[f"source_{column}"]
            assert (f"{{cite}}`{key}`" in facts[term]) if key else "{cite}" not in facts[term]


def test_every_affinity_stands_with_its_kind_species_assay_and_source(sections):
    seen = 0
    for name in DRUGS:
        wanted = affinities(name)
        shown = Counter()
        for target, value, how, source in _rows(sections[name], "affinities"):
            assert target in TARGETS
            shown[target, _plain(value), _plain(how), source] += 1
        expected = Counter()
        for r in wanted.itertuples(index=False):
            value = NO_VALUE
            if pd.notna(r.value_nM):
                form = ("●" if r.column else "○") if r.kind in ("Ki", "Kd") else ("■" if r.column else "□")
                sign = "" if r.relation == "=" else f"{r.relation} "
                value = f"{form} {r.kind} {sign}{_said(r.value_nM)} nM{' conflict' if r.conflict else ''}"
            species = "species unknown" if r.species == "unknown" else r.species
            how = ", ".join(filter(None, [species, r.assay]))
            how = "; ".join(filter(None, [how, _with_citations(r.note)]))
            expected[r.target, value, how, f"{{cite:t}}`{r.source}`" if r.source else ""] += 1
        assert shown == expected, name
        seen += sum(shown.values())
        if wanted.empty:
            assert f"Affinities: [{NO_VALUE}]" in sections[name]
    assert seen == len(affinities()) > 400


def test_every_occupancy_stands_with_its_dose_and_interval(sections):
    seen = 0
    for name in DRUGS:
        wanted = occupancies(name)
        rows = [[_plain(cell) for cell in row] for row in _rows(sections[name], "occupancies")]
        if wanted.empty:
            assert f"Occupancy measured in living brains: [{NO_VALUE}]" in sections[name] and not rows
        for r in wanted.itertuples(index=False):
            dose = ", ".join(filter(None, [f"{_said(r.dose_mg)} mg" if pd.notna(r.dose_mg) else "", r.dose_note]))
            how = "; ".join(filter(None, [", ".join(filter(None, [r.method, r.region])), r.note]))
            people = _cell(r.n) + (f" ({r.species})" if r.species != "human" else "")
            fits = [
                row for row in rows
                if row[0] == r.target and row[1] == dose and row[3] == people and row[4] == _cell(r.hours_after_dose)
                and row[5] == how and row[6] == f"{{cite:t}}`{r.source}`"
                and (pd.isna(r.occupancy_percent) or row[2].startswith(f"{_said(r.occupancy_percent)} %"))
                and (pd.isna(r.low_percent) or f"{_said(r.low_percent)} to {_said(r.high_percent)} % (" in row[2])
            ]  # fmt: skip
            assert fits, (name, r)
        assert len(rows) == len(wanted)
        seen += len(rows)
    assert seen == len(occupancies()) > 90


def test_every_published_curve_stands(sections):
    for name in DRUGS:
        rows = [[_plain(cell) for cell in row] for row in _rows(sections[name], "curves")]
        wanted = [
            [r.target, _cell(r.maximum_percent, "%"), _cell(r.half_dose_mg, "mg"),
             _cell(r.half_concentration_ng_ml, "ng/ml"), _cell(r.n), "; ".join(filter(None, [r.method, r.note])),
             f"{{cite:t}}`{r.source}`"]
            for r in curves(name).itertuples(index=False)
        ]  # fmt: skip
        assert sorted(rows) == sorted(wanted), name


def test_every_concentration_stands_with_its_dose_and_sources(sections):
    seen = 0
    for name in DRUGS:
        wanted = exposures(name)
        rows = [[_plain(cell) for cell in row] for row in _rows(sections[name], "exposures")]
        if wanted.empty:
            assert f"Concentration in blood at a steady daily dose: [{NO_VALUE}]" in sections[name] and not rows
        assert len(rows) == len(wanted)
        for shown, r in zip(rows, wanted.itertuples(index=False), strict=True):
            assert shown[0] == r.compound and shown[1] == f"{_said(r.dose_mg)} mg"
            ends = "" if pd.isna(r.low_ng_ml) else f"; {_said(r.low_ng_ml)} to {_said(r.high_ng_ml)} ng/ml ("
            assert shown[2].startswith(f"{_said(r.concentration_ng_ml)} ng/ml{ends}")
            assert shown[3:6] == [_cell(r.unbound_percent, "%"), _cell(r.molar_mass, "g/mol"), _cell(r.n)]
            assert shown[6] == _with_citations(r.note)
            keys = filter(None, dict.fromkeys([r.source_concentration, r.source_unbound]))
            assert shown[7] == ", ".join(f"{{cite:t}}`{key}`" for key in keys)
            seen += 1
    assert seen == len(exposures()) >= 30


def test_conflicts_are_flagged_and_counted(sections):
    flagged = 0
    for name in DRUGS:
        apart = int(affinities(name)["conflict"].sum())
        assert sections[name].count("[conflict]{.atlas-conflict}") == apart
        assert (f", {apart} in conflict</summary>" in sections[name]) == (apart > 0)
        flagged += apart
    assert flagged == affinities()["conflict"].sum() > 50


def test_every_key_is_in_the_bibliography_and_every_source_is_cited(page, root):
    known = set(re.findall(r"^@\w+\{([^,]+),", (root / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    cited = {key for keys in re.findall(r"\{cite(?::t)?\}`([^`]+)`", page) for key in keys.split(",")}
    assert cited <= known
    sources = set()
    for form in TABLES.values():
        with (tables.DATA / form.file).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                sources |= {value for column, value in row.items() if column.startswith("source") and value}
    assert sources <= cited and len(sources) > 100


# -- the page as a page ----------------------------------------------------------------------------------------------


def test_anchors_are_unique_and_every_link_within_the_page_arrives(page, root):
    source = (root / "chapters/back-matter/drug-atlas.md").read_text(encoding="utf-8")
    whole = source.replace("{{ drug finder }}", atlas.finder()).replace("{{ drug atlas }}", page)
    assert "{{" not in whole
    anchors = re.findall(r"^\(([^)\n]+)\)=$", whole, flags=re.MULTILINE)
    headings = [h.lower() for h in re.findall(r"^#{1,3} (.+)$", whole, flags=re.MULTILINE)]
    ids = re.findall(r'\bid="([^"]+)"', whole)
    for names in (anchors, headings, ids):
        assert len(set(names)) == len(names)
    links = re.findall(r'href="#([^"]+)"', whole) + re.findall(r"\]\(#([^)]+)\)", whole)
    assert set(links) <= set(anchors) and {atlas.anchor(name) for name in DRUGS} <= set(links)
    assert set(re.findall(r' for="([^"]+)"', whole)) <= set(ids)
    assert re.search(r'aria-describedby="([^"]+)"', whole)[1] in ids
    # Out of use until the page's script serves it, and in its place: nothing below moves when it does.
    assert 'aria-live="polite">66 medicines</p>' in whole and not re.search(r"<form [^>]*\bhidden", whole)
    assert re.search(r"<input [^>]*\bdisabled\b", whole) and re.search(r"<select [^>]*\bdisabled\b", whole)


def test_the_page_says_that_it_is_no_advice_and_what_may_not_be_compared(root):
    source = " ".join((root / "chapters/back-matter/drug-atlas.md").read_text(encoding="utf-8").split())
    for words in ("never advice", "Affinity is not occupancy", "not comparable", "Conflicts are kept", "No reliable"):
        assert words in source


def test_the_class_choice_counts(page):
    finder = atlas.finder()
    options = {unescape(v): int(n) for v, n in re.findall(r'<option value="([^"]*)">[^<]*\((\d+)\)</option>', finder)}
    assert options.pop("") == len(DRUGS)
    assert options == drugs()["class"].value_counts().to_dict()
    assert set(re.findall(r'data-class="([^"]+)"', page)) == set(options)


def test_the_tables_lie_beside_the_page_as_they_are(page):
    files = atlas.downloads()
    names = ["affinities.csv", "curves.csv", "drugs.csv", "exposures.csv", "occupancy.csv"]
    assert sorted(files) == sorted([*names, "datapackage.json"])
    assert '<a href="../../_static/data/datapackage.json" download>' in page
    assert json.loads(files["datapackage.json"])["resources"]
    for name in names:
        content = files[name]
        assert content == (tables.DATA / name).read_bytes()
        assert f'href="../../_static/data/{name}" download' in page
    assert "CC BY 4.0" in page


@pytest.fixture
def own(tmp_path):
    """Five tables of one invented medicine, whose words are full of what Markdown and HTML take for their own."""
    odd = "*a* _b_ `c` <script>x</script> | d [e](f) $g$ {h} # ~i~ & \\j"
    drug = {"name": "testamine", "class": "other", "pharmacology": odd, "mode_of_action": odd, "dose_note": odd,
            "source_class": "stahl2024prescriber", "note": odd}  # fmt: skip
    one = {"drug": "testamine", "target": "SERT", "kind": "Ki", "relation": "=", "value_nM": "0.5", "species": "rat",
           "assay": odd, "source": "stahl2024prescriber", "column": "yes", "note": odd}  # fmt: skip
    bound = {**one, "target": "NET", "relation": ">", "value_nM": "10000", "column": "no"}
    two = {**one, "value_nM": "1.6", "column": "no"}
    measured = {"drug": "testamine", "target": "SERT", "dose_note": odd, "occupancy_percent": "50", "method": odd,
                "region": odd, "species": "monkey", "source": "stahl2024prescriber", "note": odd}  # fmt: skip
    curve = {"drug": "testamine", "target": "SERT", "method": odd, "source": "stahl2024prescriber", "note": odd}
    blood = {"drug": "testamine", "compound": "testamine", "dose_mg": "20", "concentration_ng_ml": "50",
             "molar_mass": "300", "source_concentration": "stahl2024prescriber", "note": odd}  # fmt: skip
    rows = {"drugs": [drug], "affinities": [one, two, bound], "occupancies": [measured], "curves": [curve],
            "exposures": [blood]}  # fmt: skip
    for kind, form in TABLES.items():
        with (tmp_path / form.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, form.header, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows[kind])
    return tmp_path, odd


def test_words_of_the_data_are_words_on_the_page(own):
    """Through the real Markdown parser: no markup, script or column comes out of a cell."""
    from markdown_it import MarkdownIt

    folder, odd = own
    page = atlas.page(folder)
    assert not re.search(r"(?<!\\)<script", page)
    lines = [line for line in page.splitlines() if line.startswith("|") and "---" not in line]
    assert len(lines) == 10
    rendered = []
    for line in lines:
        cells = re.split(r"(?<!\\)\|", line)[1:-1]
        assert len(cells) in (4, 7, 8), line
        rendered += [MarkdownIt("commonmark").renderInline(cell.strip()) for cell in cells]
    said = [unescape(words) for words in rendered]
    assert not any(re.search("<(?!/?code>(?:stahl|$))", words) for words in rendered)
    # Note and assay of each affinity and so on: the words come back letter by letter.
    assert sum(words.count(odd) for words in said) == 3 * 2 + 1 * 4 + 1 * 2 + 1
    facts = [MarkdownIt("commonmark").renderInline(words) for words in _facts(page).values()]
    assert sum(unescape(words).count(odd) for words in facts) == 4


def test_empty_cells_say_so(own):
    folder, _ = own
    page = atlas.page(folder)
    facts = _facts(page)
    assert facts["Half-life"] == facts["Active metabolite"] == f"[{NO_VALUE}]{{.atlas-none}}"
    [curve] = _rows(page, "curves")
    assert [_plain(cell) for cell in curve[1:5]] == [NO_VALUE] * 4
    [blood] = _rows(page, "exposures")
    assert [_plain(cell) for cell in blood[3:6:2]] == [NO_VALUE] * 2 and _plain(blood[2]) == "50 ng/ml"
    [measured] = _rows(page, "occupancies")
    assert _plain(measured[3]) == f"{NO_VALUE} (monkey)" and _plain(measured[4]) == NO_VALUE


def test_a_bad_table_is_refused(own):
    folder, _ = own
    path = folder / "affinities.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",SERT,", ",SIRT,"), encoding="utf-8")
    with pytest.raises(DataError, match="affinities.csv, line 2, column target"):
        atlas.page(folder)


# -- fingerprints ----------------------------------------------------------------------------------------------------

BOUND = sorted(set(affinities()["drug"]))


def _texts(svg: str) -> list[str]:
    return [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("name", BOUND)
def test_a_fingerprint_is_complete(name, sections):
    svg = fingerprint.fingerprint_svg(name)
    assert svg == fingerprint.fingerprint_svg(name) and svg in sections[name]
    rows = affinities(name)
    known = rows[rows["value_nM"].notna()]
    texts = _texts(svg)
    assert [text for text in texts if text in TARGETS] == [t for t in TARGETS if t in set(rows["target"])]
    binding = known["kind"].isin(["Ki", "Kd"])
    assert svg.count("<circle") == binding.sum()
    assert svg.count("h6.6v6.6") == (~binding).sum()
    # An open mark shows the page through it; a filled one has no edge.
    assert svg.count("fill:var(--ls-paper") == (~known["column"]).sum()
    assert svg.count("h-12") == (known["relation"] != "=").sum()
    assert sum(fingerprint.CONFLICT in text for text in texts) == known.loc[known["conflict"], "target"].nunique()
    assert svg.count("stroke-dasharray") == known.loc[known["conflict"], "target"].nunique()
    assert texts.count(NO_VALUE) == len(set(rows["target"]) - set(known["target"]))
    label = ElementTree.fromstring(svg).get("aria-label")
    assert name in label and all(f"{target} " in label for target in set(rows["target"]))
    assert label.count("in conflict") == known.loc[known["conflict"], "target"].nunique()


def test_a_fingerprint_keeps_to_its_frame_and_its_palette():
    for name in BOUND:
        svg = fingerprint.fingerprint_svg(name)
        root = ElementTree.fromstring(svg)
        for place in re.findall(r"translate\(([\d.]+) 0\)", svg):
            assert fingerprint.LEFT <= float(place) <= fingerprint.RIGHT
        # Half an em a figure: what stands at the right ends within the frame.
        widest = max(len(text) for text in _texts(svg) if text[:1].isdigit() or text[:1] in "<>")
        assert fingerprint.RIGHT + 12 + 6.2 * widest <= fingerprint.WIDTH
        assert not foreign_colours(svg)
        for variable, colour in re.findall(r"var\(--ls-([a-z-]+),(#[0-9a-f]{6})\)", svg):
            assert PALETTE[variable.replace("-", "_")][0] == colour
        assert float(root.get("height")) == float(root.get("viewBox").split()[3])


def test_tighter_lies_to_the_right():
    places = [fingerprint._place(10.0**power) for power in range(6, -3, -1)]
    assert places == sorted(places) and len(set(places)) == 9
    assert (places[0], places[-1]) == (fingerprint.LEFT, fingerprint.RIGHT)
    assert fingerprint._place(1e9) == fingerprint.LEFT and fingerprint._place(1e-6) == fingerprint.RIGHT
    values = affinities()["value_nM"]
    assert fingerprint.SCALE[1] <= values.min() and values.max() <= fingerprint.SCALE[0]


def test_a_fingerprint_of_chosen_targets_has_these_rows():
    wanted = ["DAT", "SERT", "MT1"]
    svg = fingerprint.fingerprint_svg("sertraline", wanted)
    texts = _texts(svg)
    assert [text for text in texts if text in TARGETS] == wanted and texts.count(NO_VALUE) == 1
    heights = {ElementTree.fromstring(fingerprint.fingerprint_svg(name, wanted)).get("height") for name in DRUGS}
    assert len(heights) == 1
    # As a chapter's figure it goes through the book's own path for drawings.
    assert "var(--ls-serotonin" in inline_svg(svg, "Three targets of sertraline.", "fig0-")


def test_a_fingerprint_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="no drug named 'sertralin'.*did you mean 'sertraline'"):
        fingerprint.fingerprint_svg("sertralin")
    with pytest.raises(ValueError, match="no target named 'SIRT'.*did you mean 'SERT'"):
        fingerprint.fingerprint_svg("sertraline", ["SIRT"])
    with pytest.raises(ValueError, match="no target to draw for lithium"):
        fingerprint.fingerprint_svg("lithium")


# -- the filter ------------------------------------------------------------------------------------------------------


def test_the_filter_finds_what_a_reader_types():
    table = drugs().set_index("name")
    words = {name: atlas.search_words(table.loc[name].copy().pipe(_named, name), affinities(name)) for name in DRUGS}
    for text in words.values():
        assert text == text.lower() and not re.search(r"[<>&\"']", text)
    queries = ["", "  ", "sertr", "SERTRALINE", "5-HT2A", "5ht2a", "ht2a", "5\u2011HT2A", "α2A", "histamine", "MAO-B",
               "maob irrevers", "snri", "norflu", "no such word", "serotonin 5-HT1A partial", "(SERT)",
               "."]  # fmt: skip
    asked = [[words[name], query] for query in queries for name in DRUGS]
    counts = [[66, 66], [7, 66], [0, 66]]
    answered = ask("filter", {"asked": asked, "counts": counts})
    answers, said = answered["found"], answered["told"]
    found = {
        query: {name for i, name in enumerate(DRUGS) if answers[q * len(DRUGS) + i]} for q, query in enumerate(queries)
    }
    assert found[""] == found["  "] == found["."] == set(DRUGS)
    assert found["sertr"] == found["SERTRALINE"] == {"sertraline"}
    at = affinities(target="5-HT2A")["drug"]
    assert set(at) <= found["5-HT2A"] == found["5ht2a"] == found["ht2a"] == found["5\u2011HT2A"] < set(DRUGS)
    assert set(affinities(target="alpha2A")["drug"]) <= found["α2A"] < set(DRUGS)
    assert set(affinities(target="H1")["drug"]) <= found["histamine"] < set(DRUGS)
    assert {"phenelzine", "tranylcypromine", "isocarboxazid", "selegiline"} == found["maob irrevers"] < found["MAO-B"]
    assert found["snri"] == set(table[table["class"] == "SNRI"].index)
    assert found["norflu"] == {"fluoxetine"}
    assert found["no such word"] == set()
    assert "buspirone" in found["serotonin 5-HT1A partial"] and "lithium" not in found["serotonin 5-HT1A partial"]
    assert "sertraline" in found["(SERT)"]
    assert said[:2] == ["66 medicines", "7 of 66 medicines"] and "None of the 66" in said[2]


def _named(row: pd.Series, name: str) -> pd.Series:
    row["name"] = name
    return row
