"""The models' diagrams: complete, without overlaps, readable, and drawn from the models as they are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from xml.etree import ElementTree

import pytest

from widgets import load_model
from widgets.engine.model import Model, available
from widgets.figures import network
from widgets.figures.network import elk, graph, words
from widgets.figures.style import COLOURS

MODELS = available()


@pytest.fixture(scope="module")
def pictures():
    return dict(zip(MODELS, network.layouts(MODELS), strict=True))


@pytest.fixture(scope="module")
def drawings(pictures):
    return {name: network.draw(picture) for name, picture in pictures.items()}


def _apart(a: tuple, b: tuple, room: float = 0.0) -> bool:
    return a[2] + room <= b[0] or b[2] + room <= a[0] or a[3] + room <= b[1] or b[3] + room <= a[1]


def _pieces(line) -> list[tuple[float, float, float, float]]:
    return [(*one, *other) for one, other in zip(line.points, line.points[1:], strict=False)]


def _cross(one: tuple, other: tuple) -> bool:
    """Whether two pieces of lines cross; where they only meet they do not."""

    def side(piece: tuple, x: float, y: float) -> float:
        x1, y1, x2, y2 = piece
        return (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)

    return all(side(a, *b[:2]) * side(a, *b[2:]) < -1e-9 for a, b in ((one, other), (other, one)))


@pytest.mark.parametrize("name", MODELS)
def test_every_level_and_every_reaction_is_drawn_once(name, drawings):
    model, svg = load_model(name), drawings[name]
    assert Counter(re.findall(r'data-level="(\w+)"', svg)) == Counter(model.species)
    assert Counter(re.findall(r'data-reaction="(\w+)"', svg)) == Counter(model.reactions)
    assert sorted(re.findall(r'data-event="(\w+)"', svg)) == sorted(e for e, _ in graph.additions(model))


@pytest.mark.parametrize("name", MODELS)
def test_every_line_is_one_of_the_models(name, pictures):
    picture = pictures[name]
    model = picture.model
    drawn = Counter((line.tail, line.head) for line in picture.lines if line.kind == "flow" and " > " not in line.tail)
    written = Counter()
    for number, reaction in enumerate(model.reactions):
        for level, amount in zip(model.species, model.system.stoichiometry[:, number], strict=True):
            if amount:
                written[(level, reaction) if amount < 0 else (reaction, level)] += 1
    assert drawn == written
    # An arrowhead on what is made, none where a reaction takes from.
    assert all((line.end == "arrow") == (line.head in model.species) for line in picture.lines if line.kind == "flow")


@pytest.mark.parametrize("name", MODELS)
def test_nothing_overlaps(name, pictures):
    picture = pictures[name]
    solid = [node for node in picture.nodes.values() if node.kind != "nothing"]
    for a, b in combinations(solid, 2):
        assert _apart(a.box, b.box, room=4), f"{a.name} and {b.name}"
    for node in solid:
        left, top, right, bottom = node.box
        assert left >= 0 and top >= 0 and right <= picture.width and bottom <= picture.height, node.name


@pytest.mark.parametrize("name", MODELS)
def test_no_line_runs_through_a_box_or_a_name(name, pictures):
    picture = pictures[name]
    solid = [node for node in picture.nodes.values() if node.kind != "nothing"]
    for line in picture.lines:
        for x1, y1, x2, y2 in _pieces(line):
            hull = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            for node in solid:
                left, top, right, bottom = node.box
                inner = (left + 1, top + 1, right - 1, bottom - 1)
                assert _apart(hull, inner), f"{line.tail} to {line.head} through {node.name}"


@pytest.mark.parametrize("name", MODELS)
def test_a_line_begins_and_ends_at_what_it_joins(name, pictures):
    picture = pictures[name]
    for line in picture.lines:
        for name, (x, y) in ((line.tail, line.points[0]), (line.head, line.points[-1])):
            node = picture.nodes[name]
            if node.kind == "nothing":
                continue
            left, top, right, bottom = node.box
            assert left < x < right and min(abs(y - top), abs(y - bottom)) <= 3, f"{line.tail} to {line.head}"
        pieces = _pieces(line)
        assert all(x1 == x2 or y1 == y2 for x1, y1, x2, y2 in pieces), f"{line.tail} to {line.head} leans"
        # An arrowhead looks where it goes, and has room.
        x1, y1, x2, y2 = pieces[-1]
        assert x1 == x2 and abs(y1 - y2) >= 9, f"{line.tail} to {line.head}"


CROSSINGS = {"adaptation": 1, "mao_turnover": 1, "norepinephrine": 1, "serotonin": 1}
"""The most that each model's picture may have: no more than our own layout had before ELK's (serotonin had 2)."""


@pytest.mark.parametrize("name", MODELS)
def test_lines_hardly_cross(name, pictures):
    lines = [_pieces(line) for line in pictures[name].lines]
    number = sum(_cross(a, b) for one, other in combinations(lines, 2) for a in one for b in other)
    assert number <= CROSSINGS.get(name, 0)


@pytest.mark.parametrize("name", MODELS)
def test_lines_do_not_run_in_one_another(name, pictures):
    lines = [(line, _pieces(line)) for line in pictures[name].lines]
    for (one, pieces), (other, others) in combinations(lines, 2):
        for a in pieces:
            for b in others:
                for axis in (0, 1):
                    along = a[axis] == a[axis + 2] and b[axis] == b[axis + 2] and abs(a[axis] - b[axis]) < 3
                    if along:
                        (a1, a2), (b1, b2) = (sorted((p[1 - axis], p[3 - axis])) for p in (a, b))
                        assert min(a2, b2) - max(a1, b1) < 3, f"{one.tail} to {one.head}, {other.tail} to {other.head}"


@pytest.mark.parametrize("name", MODELS)
def test_the_alternative_names_everything(name, drawings):
    model = load_model(name)
    root = ElementTree.fromstring(drawings[name])
    assert root.get("role") == "img"
    said = root.get("aria-label")
    for level in model.species:
        wanted = model.meanings[level] if level in model.switches else words.short_name(model, level)
        assert wanted in said, level
    for reaction in model.reactions:
        assert f"{words.readable(reaction)}, from " in said, reaction
    for influence in graph.shown_influences(model):
        assert f"{words.short_name(model, influence.level)} {influence.effect} " in said


@pytest.mark.parametrize("name", MODELS)
def test_the_picture_reads_in_both_themes_and_on_a_phone(name, drawings):
    svg = drawings[name]
    shades = dict(re.findall(r"var\(--ls-([a-z-]+),(#[0-9a-f]{6})\)", svg))
    assert shades and all(COLOURS[name.replace("-", "_")] == shade for name, shade in shades.items())
    assert not re.search(r"#[0-9a-f]{6}", re.sub(r"var\([^)]*\)", "", svg)), "a colour that follows no theme"
    width = float(re.search(r'viewBox="0 0 (\d+) ', svg).group(1))
    least = float(re.search(r"min-width:(\d+)px", svg).group(1)) / width
    sizes = [float(size) for size in re.findall(r"font(?:-size)?:([\d.]+)px", svg)]
    assert least * min(sizes) >= 11
    assert width <= 58 * 16, "wider than the page's column on a desk"
    # Raw HTML in Markdown ends at an empty line.
    assert "\n\n" not in svg and max(map(len, svg.split("\n"))) < 10_000


def test_the_same_model_gives_the_same_picture(drawings):
    code = "from widgets.figures.network import network_svg; print(network_svg('mao_turnover'))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        # Another seed than this process has: no order may hang on a set's.
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONUTF8": "1"},
    )
    assert run.stdout.strip() == drawings["mao_turnover"]


@pytest.mark.parametrize("name", ["serotonin", "dopamine", "norepinephrine"])
def test_a_monoamine_reads_from_top_to_bottom(name, pictures):
    nodes = pictures[name].nodes
    precursor = "tryptophan" if name == "serotonin" else "tyrosine"
    way = [precursor, "hydroxylation", "cytosolic", "packaging", "vesicular", "release", "extracellular"]
    heights = [nodes[n].y for n in way]
    assert heights == sorted(heights) and len(set(heights)) == len(heights)
    # The transmitter goes back up.
    assert nodes["extracellular"].y > nodes["reuptake"].y > nodes["cytosolic"].y
    assert nodes["metabolite"].y < nodes["metabolite_loss"].y


def test_where_too_much_acts_on_too_much_levels_stand_in_a_group(pictures):
    assert [i for i in pictures["glutamate"].lines if i.kind == "influence"] == []
    assert [words for _, _, words in pictures["glutamate"].headings] == [
        "follow their own equation",
        "changed only by events",
    ]
    assert len([i for i in pictures["mao_turnover"].lines if i.kind == "influence"]) == 5


def test_what_acts_on_what():
    def found(name):
        return {(i.level, i.target): i.effect for i in graph.influences(load_model(name))}

    assert found("serotonin") == {
        ("autoreceptor_g", "hydroxylation"): "holds back",
        ("autoreceptor_g", "release"): "holds back",
        ("extracellular", "g_activation"): "speeds up",
        ("autoreceptor_rgs", "g_inactivation"): "speeds up",
        ("autoreceptor_g", "rgs_activation"): "speeds up",
    }
    # The brake on its own release: a product that acts through an assignment.
    assert found("norepinephrine")[("extracellular", "release")] == "holds back"
    # In the prefrontal cortex the autoreceptor does not reach synthesis.
    assert ("extracellular", "hydroxylation") in found("dopamine")
    assert ("extracellular", "hydroxylation") not in found("dopamine_prefrontal")
    enzymes = found("mao_turnover")
    assert enzymes[("phenelzine", "mao_a")] == "holds back"
    # Moclobemide keeps the others from destroying the enzyme.
    assert enzymes[("moclobemide", "mao_a")] == "speeds up"


def test_short_names():
    serotonin, dopamine = load_model("serotonin"), load_model("dopamine")
    assert words.short_name(serotonin, "five_htp") == "5-HTP"
    assert words.short_name(serotonin, "metabolite") == "5-HIAA"
    assert words.short_name(dopamine, "vesicular") == "dopamine in vesicles"


def test_names_break_where_they_read_well():
    assert words.wrapped("breakdown MAO-A", 12) == ["breakdown", "MAO-A"]
    assert words.wrapped("G inactivation", 12) == ["G inactivation"]
    assert words.wrapped("release", 12) == ["release"]


def test_a_change_in_the_text_changes_the_picture():
    text = load_model("oral_dose").to_antimony()
    new = "  vomiting: gut -> ; k_absorption*gut // medicine is lost from the stomach\nend"
    changed = Model.from_antimony(re.sub(r"\nend\s*$", f"\n{new}\n", text))
    svg = network.network_svg(changed)
    assert 'data-reaction="vomiting"' in svg and "vomiting, from medicine not yet absorbed to nothing" in svg


def test_a_small_foreign_model_can_be_drawn():
    text = "model two\n  species a, b\n  a = 1\n  b = 0\n  k = 1\n  R: a -> b; k*a\nend"
    model = Model.from_antimony(text, strict=False)
    svg = network.network_svg(model)
    assert 'data-reaction="R"' in svg and ElementTree.fromstring(svg) is not None


# -- where it cannot be laid out ---------------------------------------------------------------------------


def test_without_the_build_tools_a_kernel_imports_and_a_picture_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(elk, "RUN_NODE", tmp_path / "hatch_build.py")
    with pytest.raises(RuntimeError, match=r"laid out by elkjs when the book is built.*make setup"):
        network.network_svg("oral_dose")
    code = "import subprocess; subprocess.run = None; import widgets.figures.network, widgets.figures.evidence_tables"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_node_says_is_passed_on(monkeypatch, tmp_path):
    broken = tmp_path / "hatch_build.py"
    broken.write_text("import sys; sys.exit('Node 20 or newer is needed')")
    monkeypatch.setattr(elk, "RUN_NODE", broken)
    with pytest.raises(RuntimeError, match="Node 20 or newer is needed"):
        network.network_svg("oral_dose")
