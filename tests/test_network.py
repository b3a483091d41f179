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
from widgets.figures.style import COLOURS

MODELS = available()


@pytest.fixture(scope="module")
def pictures():
    return {name: network.layout(name) for name in MODELS}


@pytest.fixture(scope="module")
def drawings(pictures):
    return {name: network.draw(picture) for name, picture in pictures.items()}


def _apart(a: tuple, b: tuple, room: float = 0.0) -> bool:
    return a[2] + room <= b[0] or b[2] + room <= a[0] or a[3] + room <= b[1] or b[3] + room <= a[1]


def _points(piece: tuple) -> list[tuple[float, float]]:
    """Along a piece of a line, which is an upright or a curve that begins and ends upright."""
    x1, y1, x2, y2 = piece
    middle = (y1 + y2) / 2
    points = []
    for step in range(41):
        t = step / 40
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        points.append((x1 * (a + b) + x2 * (c + d), y1 * a + middle * (b + c) + y2 * d))
    return points


@pytest.mark.parametrize("name", MODELS)
def test_every_level_and_every_reaction_is_drawn_once(name, drawings):
    model, svg = load_model(name), drawings[name]
    assert Counter(re.findall(r'data-level="(\w+)"', svg)) == Counter(model.species)
    assert Counter(re.findall(r'data-reaction="(\w+)"', svg)) == Counter(model.reactions)
    assert sorted(re.findall(r'data-event="(\w+)"', svg)) == sorted(e for e, _ in network.additions(model))


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
    solid = [node for node in picture.nodes.values() if node.kind != "bend"]
    for a, b in combinations(solid, 2):
        assert _apart(a.box, b.box, room=4), f"{a.name} and {b.name}"
    for node in solid:
        left, top, right, bottom = node.box
        assert left >= 0 and top >= 0 and right <= picture.width and bottom <= picture.height, node.name


@pytest.mark.parametrize("name", MODELS)
def test_no_line_runs_through_a_box_or_a_name(name, pictures):
    picture = pictures[name]
    solid = [node for node in picture.nodes.values() if node.kind != "bend"]
    for line in picture.lines:
        for piece in network._course(picture, line):
            x1, y1, x2, y2 = piece
            hull = (min(x1, x2), y1, max(x1, x2), y2)
            for node in solid:
                left, top, right, bottom = node.box
                inner = (left + 1, top + 1, right - 1, bottom - 1)
                inside = not _apart(hull, inner) and any(not _apart((x, y, x, y), inner) for x, y in _points(piece))
                assert not inside, f"{line.tail} to {line.head} through {node.name}"


@pytest.mark.parametrize("name", MODELS)
def test_a_line_begins_and_ends_at_what_it_joins(name, pictures):
    picture = pictures[name]
    for line in picture.lines:
        course = network._course(picture, line)
        ends = {line.way[0]: course[0][:2], line.way[-1]: course[-1][2:]}
        for node, (x, y) in ends.items():
            left, top, right, bottom = picture.nodes[node].box
            assert left < x < right and min(abs(y - top), abs(y - bottom)) <= 3, f"{line.tail} to {line.head}"
        for before, after in zip(course, course[1:], strict=False):
            assert before[2:] == after[:2], f"{line.tail} to {line.head} is broken"


@pytest.mark.parametrize("name", MODELS)
def test_the_alternative_names_everything(name, drawings):
    model = load_model(name)
    root = ElementTree.fromstring(drawings[name])
    assert root.get("role") == "img"
    words = root.get("aria-label")
    for level in model.species:
        wanted = model.meanings[level] if level in model.switches else network.short_name(model, level)
        assert wanted in words, level
    for reaction in model.reactions:
        assert f"{network._readable(reaction)}, from " in words, reaction
    for influence in network.shown_influences(model):
        assert f"{network.short_name(model, influence.level)} {influence.effect} " in words


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
        return {(i.level, i.target): i.effect for i in network.influences(load_model(name))}

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
    assert network.short_name(serotonin, "five_htp") == "5-HTP"
    assert network.short_name(serotonin, "metabolite") == "5-HIAA"
    assert network.short_name(dopamine, "vesicular") == "dopamine in vesicles"


def test_names_break_where_they_read_well():
    assert network._wrapped("breakdown MAO-A", 12) == ["breakdown", "MAO-A"]
    assert network._wrapped("G inactivation", 12) == ["G inactivation"]
    assert network._wrapped("release", 12) == ["release"]


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
