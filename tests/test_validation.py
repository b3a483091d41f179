"""What was published beside what the models say, and what survives a doubtful constant: measures on models whose answer
is known in closed form, faulty files refused by name, and the book's own two files."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.engine.model import Model, available, load_model
from widgets.evidence.anchors import ROLES, Anchor, anchors, beside_a_constant, read_anchors
from widgets.evidence.conclusions import Conclusion, conclusions
from widgets.evidence.measures import MEASURES, Experiment
from widgets.evidence.sensitivity import DOUBTED, RESTS, doubtful, sensitivity, with_rest
from widgets.figures import models as figure
from widgets.figures.evidence_tables import validation_table
from widgets.reading import DataError

ROOT = Path(__file__).resolve().parents[1]
KEYS = set(re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))

# A tank that fills and drains: at rest it holds fill/drain = 8, and after a change everything is an exponential. And
# one that takes in more the fuller it is: it settles at (1 - sqrt(1 - 4 blow fill))/(2 blow) or, with drain halved,
# nowhere.
OWN = {
    "tank": """model tank
  unit hour = 3600 second; unit time_unit = hour
  a = 1              // what is in the tank
  fill = 8           // inflow | assumed | a guess | 0..20
  drain = 1          // outflow | calibrated | fitted to a bucket
  tint = 0.8         // colour | assumed | a guess | 0..1
  full = 1           // how full | assumed | a guess | 0..1
  rule = 1           // a rule | assumed | mathematics: one
  known = 1          // a measured one | published | one2001paper
  nothing = 0        // nothing | assumed | a guess
  slider = 1         // a slider | control | 0..2
  negative := -a     // as a current that flows in
  coloured := slider*a*(1 + tint*full*rule*known) + nothing*a // what is seen
  filling: -> a; fill // in
  draining: a -> ; drain*a // out
end""",
    "runaway": """model runaway
  unit hour = 3600 second; unit time_unit = hour
  a = 1       // what is in it
  fill = 1    // inflow | assumed | a guess
  drain = 1   // outflow | assumed | a guess
  blow = 0.1  // more for more | assumed | a guess
  filling: -> a; fill + blow*a^2 // in
  draining: a -> ; drain*a // out
end""",
}


@lru_cache
def load_any(name: str) -> Model:
    return Model.from_antimony(OWN[name], strict=False) if name in OWN else load_model(name)


@pytest.fixture
def own(monkeypatch):
    """`load_model`, as the evidence sees it, knows the two models above."""
    for module in ("measures", "anchors", "conclusions", "sensitivity"):
        monkeypatch.setattr(f"widgets.evidence.{module}.load_model", load_any)


@pytest.fixture
def folder(tmp_path, monkeypatch, own):
    """Where the two files are read from instead of the book's data."""
    monkeypatch.setattr("widgets.evidence.anchors.DATA", tmp_path)
    monkeypatch.setattr("widgets.evidence.conclusions.DATA", tmp_path)
    return tmp_path


def tried(name: str, statuses: tuple[str, ...] = DOUBTED) -> pd.DataFrame:
    """`sensitivity` of the book's models, computed once for all tests."""
    return _tried(name, statuses)


_tried = lru_cache(maxsize=64)(sensitivity)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return anchors()


# -- measures on models whose answer is known ---------------------------------------------------------------

EMPTYING = {"fill": 0.0}  # a = 8 exp(-t)
FILLING = {"fill": 16.0}  # a = 16 - 8 exp(-t)
SLOWLY = {"fill": 0.0, "drain": 0.25}  # a = 8 exp(-t/4)
E = math.exp

CLOSED_FORM = [
    ("settled", dict(), 8),
    ("settled", dict(change={"fill": 3.0, "drain": 0.5}), 6),
    ("ratio", dict(change=FILLING), 2),
    ("ratio", dict(change={"fill": 2.0}, against={"fill": 5.0, "drain": 2.0}), 0.8),
    ("at", dict(change=EMPTYING, time=1.7, span=5), 8 * E(-1.7)),
    ("at", dict(change=EMPTYING, time=0, span=5), 8),
    ("at", dict(change=EMPTYING, time=5, span=5), 8 * E(-5)),
    ("at ratio", dict(change=EMPTYING, against=FILLING, time=1, span=3), E(-1) / (2 - E(-1))),
    ("largest", dict(change=FILLING, span=2), 16 - 8 * E(-2)),
    ("largest", dict(change=EMPTYING, span=2), 8),
    ("largest ratio", dict(change=FILLING, span=2), 2 - E(-2)),
    ("smallest", dict(change=EMPTYING, span=2), 8 * E(-2)),
    ("end", dict(change=FILLING, span=3), 16 - 8 * E(-3)),
    ("end ratio", dict(change=EMPTYING, against=SLOWLY, span=4), E(-4) / E(-1)),
    ("area", dict(change=EMPTYING, span=3), 8 * (1 - E(-3))),
    ("area ratio", dict(change=EMPTYING, span=3), (1 - E(-3)) / 3),
    ("growth", dict(change=FILLING, time=1, span=4), (2 - E(-4)) / (2 - E(-1))),
    ("gain by", dict(change=FILLING, time=1, span=4), (1 - E(-1)) / (1 - E(-4))),
    ("gain by", dict(change=EMPTYING, time=1, span=4), (1 - E(-1)) / (1 - E(-4))),
    ("decay", dict(change=EMPTYING, time=0, span=5), 1),
    ("decay", dict(change=EMPTYING, time=2.3, span=5), 1),
    ("decay", dict(change=SLOWLY, time=0.5, span=10), 4),
    ("decay ratio", dict(change=SLOWLY, against=EMPTYING, time=0.5, span=10), 4),
    ("time to", dict(change=EMPTYING, level=4.0, span=5), math.log(2)),
    ("time to", dict(change=FILLING, level=12.0, span=5), math.log(2)),
    ("time to", dict(change=FILLING, level=12.0, time=0.5, span=5), math.log(2)),
]


@pytest.mark.parametrize(("measure", "how", "expected"), CLOSED_FORM)
def test_a_measure_is_what_the_exponential_gives(own, measure, how, expected):
    assert Experiment("tank", measure, "a", **how).take() == pytest.approx(expected, rel=1e-5)


def test_every_measure_has_a_closed_form_here():
    assert {measure for measure, _, _ in CLOSED_FORM} == set(MEASURES)


def test_a_decay_is_towards_zero_from_either_side(own):
    for output in ("a", "negative"):
        how = dict(change=EMPTYING, time=0.4, span=5)
        assert Experiment("tank", "decay", output, **how).take() == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize(
    ("measure", "how"),
    [
        ("ratio", dict(against=EMPTYING)),  # to nothing
        ("decay", dict(change=FILLING, time=0, span=5)),  # of what rises
        ("decay", dict(change=EMPTYING, time=0, span=0.9)),  # not yet
        ("time to", dict(change=FILLING, level=20.0, span=5)),  # never
        ("gain by", dict(time=1, span=5)),  # of nothing
    ],
)
def test_what_is_not_defined_is_no_finite_number(own, measure, how):
    assert not math.isfinite(Experiment("tank", measure, "a", **how).take())


def test_constants_are_changed_on_both_sides_and_settings_come_first(own):
    assert Experiment("tank", "ratio", "a", FILLING).take(drain=0.1) == pytest.approx(2)
    assert Experiment("tank", "settled", "a", FILLING).take(drain=2.0) == pytest.approx(8)
    assert Experiment("tank", "settled", "a", FILLING).take(fill=1.0) == pytest.approx(16)
    # The course starts where the model rests, with whatever was changed acting from time 0.
    at = Experiment("tank", "at", "a", EMPTYING, time=1, span=2).take(drain=0.5)
    assert at == pytest.approx(8 * E(-0.5), rel=1e-6)


@given(st.floats(0.1, 20), st.floats(0.05, 5), st.floats(0.1, 3))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_areas_and_decays_of_any_tank(fill, drain, time):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("widgets.evidence.measures.load_model", load_any)
        end, gap = fill / drain, 8 - fill / drain
        how = dict(change={"fill": fill, "drain": drain}, span=time)
        area = end * time + gap * (1 - E(-drain * time)) / drain
        assert Experiment("tank", "area", "a", **how).take() == pytest.approx(area, rel=1e-5)
        assert Experiment("tank", "end", "a", **how).take() == pytest.approx(end + gap * E(-drain * time), rel=1e-6)
        empty = dict(change={"fill": 0.0, "drain": drain}, time=time, span=time + 2 / drain)
        assert Experiment("tank", "decay", "a", **empty).take() == pytest.approx(1 / drain, rel=1e-4)


# -- refusals -----------------------------------------------------------------------------------------------

ANCHOR = {
    "finding": "A full tank",
    "model": "tank",
    "measure": "settled",
    "output": "a",
    "published": 8,
    "tolerance": 0.1,
    "role": "calibrated",
    "source": "one2001paper",
}
CONCLUSION = {
    "text": "It fills",
    "model": "tank",
    "measure": "ratio",
    "output": "a",
    "change": {"fill": 16},
    "low": 1.5,
}


def _toml(value) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def write(folder: Path, table: str, *entries: dict) -> Path:
    """A file of entries of one kind, where validation looks for it; fields that are None are left out."""
    path = folder / {"anchor": "validation.toml", "conclusion": "conclusions.toml"}[table]
    blocks = [[f"[[{table}]]", *(f"{k} = {_toml(v)}" for k, v in e.items() if v is not None)] for e in entries]
    path.write_text("\n\n".join("\n".join(block) for block in blocks) + "\n", encoding="utf-8")
    return path


def assert_line(error: DataError, table: str) -> None:
    """The line is that of the faulty key, or of its entry's head, in the last entry of the file just written."""
    assert str(error).endswith(f"(line {error.line})")
    folder = Path(error.__traceback__.tb_frame.f_locals["folder"])
    lines = (folder / error.file).read_text(encoding="utf-8").splitlines()
    last = max(i for i, line in enumerate(lines, 1) if line == f"[[{table}]]")
    assert error.line >= last and (error.line == last or lines[error.line - 1].startswith(f"{error.column} = "))


WRONG = {
    "an unknown field": ({"colour": "red"}, "has colour, which no anchor has; it may have against, change"),
    "no finding": ({"finding": None}, "(without a finding) has no finding"),
    "no source": ({"source": ""}, "has no source"),
    "no role": ({"role": None}, "has no role"),
    "no model": ({"model": None}, "has no model"),
    "no measure": ({"measure": None}, "has no measure"),
    "no output": ({"output": None}, "has no output"),
    "an unknown role": (
        {"role": "guessed"},
        "has the role 'guessed'; use one of reproduced, calibrated, implied, pred",
    ),
    "no tolerance": ({"tolerance": None}, "has no interval: say which tolerance still agrees"),
    "a tolerance of nothing": ({"tolerance": 0}, "has no interval: say which tolerance still agrees"),
    "nothing published": ({"published": None}, "neither a published value nor an interval; give published, low or"),
    "nothing found, and no limit": ({"published": 0}, "found to be 0, of which no tolerance is a share; give high"),
    "words for a number": ({"published": "eight"}, "has 'eight' as published; write a finite number"),
    "an endless limit": ({"high": True}, "has True as high; write a finite number"),
    "limits exchanged": ({"low": 9, "high": 7}, "has low 9 above high 7; exchange them"),
    "a prediction without a name": ({"role": "predicted"}, "is a prediction; give it a short name for the figure"),
    "an unknown measure": ({"measure": "settle"}, "has the measure 'settle'; use one of settled, ratio, at"),
    "no span": ({"measure": "at", "time": 3}, "takes the measure 'at', which needs span"),
    "no level": ({"measure": "time to"}, "takes the measure 'time to', which needs span, level"),
    "a time after the end": (
        {"measure": "at", "time": 3, "span": 2},
        "looks at time 3; it runs from 0 to 2: make span",
    ),
    "an unknown model": ({"model": "bucket"}, "Unknown model 'bucket'"),
    "an unknown output": ({"output": "b"}, "Model 'tank' has no output 'b'; it has a, negative, coloured"),
    "an unknown constant": ({"change": {"fil": 2}}, "has no parameter 'fil'. Did you mean 'fill'?"),
    "a constant out of range": ({"against": {"fill": 21}}, "fill (inflow) must be between 0 and 20"),
    "settings that are none": ({"change": 3}, "has 3 as change; write { constant = value }"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_faulty_anchor_is_refused_by_file_entry_and_fix(folder, case):
    change, words = WRONG[case]
    write(folder, "anchor", ANCHOR, {**ANCHOR, **change})
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        anchors()
    assert str(caught.value).startswith("validation.toml, anchor 2")
    if "finding" not in change and "colour" not in change:
        assert "(A full tank)" in str(caught.value)
    assert_line(caught.value, "anchor")


WRONG_CONCLUSION = {
    "an unknown field": ({"published": 2}, "has published, which no conclusion has; it may have against"),
    "no text": ({"text": None}, "needs a text and a low or a high limit"),
    "no limit": ({"low": None}, "needs a text and a low or a high limit"),
    "limits exchanged": ({"low": 3, "high": 2}, "has low 3 above high 2"),
    "no model": ({"model": None}, "(It fills) has no model"),
    "an unknown measure": ({"measure": "ration"}, "has the measure 'ration'; use one of"),
    "no span": ({"measure": "area"}, "needs span"),
    "an unknown output": ({"output": "b"}, "has no output 'b'"),
    "a constant out of range": ({"change": {"tint": 2}}, "must be between 0 and 1"),
}


@pytest.mark.parametrize("case", WRONG_CONCLUSION)
def test_a_faulty_conclusion_is_refused_by_file_entry_and_fix(folder, case):
    change, words = WRONG_CONCLUSION[case]
    write(folder, "conclusion", CONCLUSION, CONCLUSION, {**CONCLUSION, **change})
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        conclusions()
    assert str(caught.value).startswith("conclusions.toml, conclusion 3")
    assert_line(caught.value, "conclusion")


def test_a_mended_file_is_read_again(folder):
    write(folder, "anchor", {**ANCHOR, "role": "guessed"})
    with pytest.raises(ValueError):
        read_anchors()
    path = write(folder, "anchor", ANCHOR)
    assert [a.finding for a in read_anchors()] == [a.finding for a in read_anchors(path)] == ["A full tank"]
    path.write_text(path.read_text(encoding="utf-8").replace("A full tank", "A tank that is full"), encoding="utf-8")
    assert read_anchors()[0].finding == "A tank that is full"


def test_what_there_is_not_is_refused():
    for ask in (anchors, conclusions, sensitivity):
        with pytest.raises(ValueError, match="Unknown model 'serotonine'.*serotonin"):
            ask("serotonine")
    for statuses in ("assumed", ("guessed",), ("assumed", "control")):
        with pytest.raises(ValueError, match="statuses must be some of"):
            sensitivity("serotonin", statuses)
        with pytest.raises(ValueError, match="statuses must be some of"):
            doubtful(load_model("serotonin"), statuses)


def test_a_model_without_conclusions_has_no_sensitivity(folder):
    write(folder, "conclusion", CONCLUSION)
    with pytest.raises(ValueError, match=r"evidence/conclusions\.toml has no conclusion about model 'runaway'"):
        sensitivity("runaway")


# -- verdicts -----------------------------------------------------------------------------------------------


def anchor(**changes) -> Anchor:
    rest = dict(published=None, low=None, high=None, tolerance=0.0, unit="", factor=1.0, note="", short="", spread="")
    experiment = Experiment("tank", "settled", "a")
    return Anchor(**{**rest, "finding": "f", "source": "s", "role": "implied", "experiment": experiment, **changes})


@pytest.mark.parametrize(
    ("given_", "agree", "differ"),
    [
        (dict(low=1, high=2), [1, 1.5, 2], [0.999, 2.001, -1]),
        (dict(published=1.9, low=1, high=2, tolerance=9), [1, 2], [0.999, 2.001]),  # an interval rules
        (dict(low=1), [1, 1e9], [0.999, 0, -1]),
        (dict(high=1), [1, 0, -5], [1.001]),
        (dict(low=-2, high=-1), [-2, -1], [-2.001, -0.999]),
        (dict(low=0, high=0), [0], [1e-9, -1e-9]),
        (dict(published=2, tolerance=0.25), [1.5, 2, 2.5], [1.499, 2.501, -2]),
        (dict(published=1, tolerance=0.1), [0.9, 1.1], [0.899, 1.101]),  # 1.1 - 1 is more than 0.1 in binary
        (dict(published=-70, tolerance=0.1), [-63, -77], [-62.9, -77.1, 70]),
    ],
)
def test_a_verdict_at_the_edge_of_its_interval(given_, agree, differ):
    a = anchor(**given_)
    assert [v for v in agree if not a.agrees(v)] == []
    assert [v for v in [*differ, math.nan, math.inf, -math.inf] if a.agrees(v)] == []


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (dict(published=1.75, tolerance=0.25), "1.75 (± 25\N{NO-BREAK SPACE}%)"),
        (dict(published=1.63, low=1.49, high=1.77, spread="SD"), "1.63 (1.49 to 1.77, SD)"),
        (dict(low=0.2, high=0.4), "0.2 to 0.4"),
        (dict(low=2), "at least 2"),
        (dict(high=1.1), "at most 1.1"),
        (dict(published=12500, tolerance=0.02), "12,500 (± 2\N{NO-BREAK SPACE}%)"),
        (dict(published=0, high=0.1), "0 (at most 0.1)"),
        (dict(low=0, high=0.1), "0 to 0.1"),
    ],
)
def test_what_was_published_in_words(given_, words):
    assert anchor(**given_).interval == words


def test_anchors_are_in_their_own_unit_and_beside_their_own_value(folder):
    write(
        folder, "anchor", ANCHOR,
        {**ANCHOR, "published": 4000, "factor": 1000, "unit": "ml"},
        {**ANCHOR, "published": None, "tolerance": None, "high": 9},
        {**ANCHOR, "published": 0, "tolerance": None, "high": 9},
        {**ANCHOR, "measure": "ratio", "against": EMPTYING, "published": 1, "tolerance": 9},
    )  # fmt: skip
    table = anchors()
    assert list(table["value"])[:4] == pytest.approx([8, 8000, 8, 8]) and math.isinf(table["value"].iloc[4])
    assert list(table["deviation"])[:2] == pytest.approx([0, 1], abs=1e-9) and table["deviation"][2:4].isna().all()
    assert list(table["verdict"]) == ["agrees", "differs", "agrees", "agrees", "differs"]
    assert anchors("serotonin").empty and list(anchors("serotonin").columns) == list(table.columns)


# -- the published results of the book ----------------------------------------------------------------------

# A model without a result to stand beside it, and why.
WITHOUT_ANCHOR: dict[str, str] = {}


def test_there_are_enough_results_and_their_sources_are_known(found):
    assert len(found) == len(read_anchors()) >= 25
    assert set(found["source"]) <= KEYS
    assert {c.source for c in conclusions()} - {""} <= KEYS
    assert set(found["role"]) <= set(ROLES) and np.isfinite(found["value"]).all()
    assert not found.duplicated(["model", "finding"]).any()


def test_every_model_stands_beside_something_measured(found):
    assert set(found["model"]) | set(WITHOUT_ANCHOR) == set(available())
    assert not set(found["model"]) & set(WITHOUT_ANCHOR) and all(WITHOUT_ANCHOR.values())


def test_predictions_are_many_and_the_failures_are_shown_as_failures(found):
    predicted = found[found["role"] == "predicted"]
    failed = predicted[predicted["verdict"] == "differs"]
    assert len(predicted) >= 15 and 1 <= len(failed) < len(predicted)
    shorts = [a.short for a in read_anchors() if a.role == "predicted"]
    assert len(set(shorts)) == len(shorts) and max(map(len, shorts)) <= 38
    rows = [row for row in validation_table(found, "Results").splitlines() if row.startswith("|")][2:]
    assert len(rows) == len(found)
    for row, fact in zip(rows, found.itertuples(), strict=True):
        assert f"| {'**differs**' if fact.verdict == 'differs' else 'agrees'} |" in row
        assert f"{{cite}}`{fact.source}`" in row


def test_verdicts_follow_from_the_numbers(found):
    for a, row in zip(read_anchors(), found.itertuples(), strict=True):
        assert row.verdict == ("agrees" if a.agrees(row.value) else "differs")
        assert row.published == a.interval
        if a.published:
            assert row.deviation == pytest.approx(row.value / a.published - 1)


def test_what_was_put_in_comes_out(found):
    # A failure of these would be a slip of the pen, unless its note says what is wrong with the source.
    put_in = found[(found["role"] == "reproduced") & (found["verdict"] == "differs")]
    assert len(put_in) <= 1 and (put_in["note"] != "").all()


def test_one_models_results_are_its_part_of_all(found):
    part = found[found["model"] == "oral_dose"].reset_index(drop=True)
    pd.testing.assert_frame_equal(anchors("oral_dose"), part)


# -- the figure ---------------------------------------------------------------------------------------------


def test_ratios_are_taken_to_the_middle_of_what_was_published(folder):
    write(
        folder, "anchor", {**ANCHOR, "published": 16},
        {**ANCHOR, "published": None, "low": 2, "high": 8},
        {**ANCHOR, "published": None, "low": 2},
        {**ANCHOR, "published": None, "high": 2},
        {**ANCHOR, "published": None, "low": 0, "high": 2},
        {**ANCHOR, "published": 0, "high": 2},
        {**ANCHOR, "output": "negative"},
        {**ANCHOR, "change": EMPTYING},
    )  # fmt: skip
    assert [r["ratio"] for r in figure.ratios()] == pytest.approx([0.5, 2, 4])
    assert [r["agrees"] for r in figure.ratios()] == [False, True, True]


def drawn(rows: list[dict], monkeypatch):
    """The axes of the figure with these ratios."""
    monkeypatch.setattr(figure, "ratios", lambda: rows)
    figure.beside_what_was_measured()
    axes = plt.gcf().axes[0]
    plt.close("all")
    return axes, [line for line in axes.lines if line.get_linestyle() == "None"]


def test_every_result_is_in_the_figure_and_in_sight(monkeypatch):
    rows = figure.ratios()
    axes, dots = drawn(rows, monkeypatch)
    assert len(dots) == len(rows) >= len(read_anchors()) - 15
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for dot in dots:
        (x,), (y,) = dot.get_data()
        assert left < x < right and bottom < y < top
    hollow = [dot for dot in dots if dot.get_marker() == "D"]
    assert len(hollow) == sum(not r["agrees"] for r in rows) and all(d.get_markerfacecolor() == "none" for d in hollow)
    words = [label.get_text() for label in axes.get_yticklabels()]
    assert {r["short"] for r in rows if r["role"] == "predicted"} < set(words)
    assert len(axes.texts) == sum(not 1 / figure.EDGE <= r["ratio"] <= figure.EDGE for r in rows)


def test_a_result_beyond_the_scale_is_drawn_at_its_edge_with_the_factor(monkeypatch):
    base = dict(role="predicted", agrees=False)
    axes, dots = drawn([dict(base, short=f"r{r}", ratio=r) for r in (0.15, 1.0, 75.0)], monkeypatch)
    assert sorted(dot.get_xdata()[0] for dot in dots) == pytest.approx([1 / figure.EDGE, 1, figure.EDGE])
    assert {text.get_text() for text in axes.texts} == {"← 0.15 ×", "75 × →"}


@given(st.lists(st.floats(-1, 1), max_size=30))
def test_dots_that_would_cover_each_other_are_stacked(positions):
    heights = figure._stacked(positions)
    for i, (x, height) in enumerate(zip(positions, heights, strict=True)):
        near = [h for other, h in zip(positions[:i], heights[:i], strict=True) if abs(other - x) < 0.055]
        assert height not in near and (height == 0 or set(range(int(height))) <= set(near))


# -- conclusions --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def today() -> dict[str, float]:
    return {c.text: c.experiment.take() for c in conclusions()}


def test_the_book_concludes_enough_and_all_of_it_holds(today):
    assert len(conclusions()) == len(today) >= 20, "a text stands twice"
    assert [c.text for c in conclusions() if not c.holds(today[c.text])] == []


def test_every_model_with_assumed_constants_has_a_conclusion_to_doubt():
    assumed = {n for n in available() if len(doubtful(load_model(n), ("assumed",)))}
    assert assumed and assumed <= {c.experiment.model for c in conclusions()}
    for name in available():
        assert conclusions(name) == tuple(c for c in conclusions() if c.experiment.model == name)


RATIOS = [c for c in conclusions() if c.experiment.measure == "ratio"]


@pytest.mark.parametrize("conclusion", RATIOS, ids=lambda c: c.text)
def test_a_claim_gives_the_verdict_of_the_kernel(conclusion, today):
    claim, value = conclusion.as_claim(), today[conclusion.text]
    model = load_model(conclusion.experiment.model)
    after, before = (model.steady_state(**(side or {}))[claim.output] for side in (claim.change, claim.against))
    assert after / before == pytest.approx(value, rel=1e-9)
    assert claim.text == conclusion.text and claim.limits == (conclusion.low, conclusion.high)
    edges = [limit for limit in claim.limits if limit is not None]
    for ratio in (value, value / 3, 3 * value, *edges, *(e * f for e in edges for f in (0.999, 1.001, 1 + 1e-7))):
        assert claim.holds(ratio) == conclusion.holds(ratio), ratio


def test_a_lab_can_test_only_ratios_of_settled_levels():
    other = next(c for c in conclusions() if c.experiment.measure != "ratio")
    with pytest.raises(ValueError, match=re.escape(repr(other.text)) + ".*no ratio of settled levels"):
        other.as_claim()
    assert len(RATIOS) >= 10


@pytest.mark.parametrize(("low", "high", "relation"), [(1, 2, "between"), (1, None, "at least"), (None, 2, "at most")])
def test_limits_become_a_relation(low, high, relation):
    experiment = Experiment("serotonin", "ratio", "extracellular", {"reuptake_inhibition": 0.5})
    claim = Conclusion("t", experiment, low, high, "s").as_claim()
    assert (claim.relation, claim.limits, claim.against, claim.source) == (relation, (low, high), None, "s")
    assert not Conclusion("t", experiment, low, high).holds(math.nan)


# -- sensitivity --------------------------------------------------------------------------------------------


def test_each_doubtful_constant_is_halved_and_doubled_within_its_range(folder):
    write(
        folder, "conclusion", CONCLUSION,
        {**CONCLUSION, "text": "It shows", "output": "coloured", "measure": "settled", "change": {}, "low": None,
         "high": 14.5},
    )  # fmt: skip
    table = sensitivity("tank").set_index(["constant", "value"])
    # Doubled, fill would be 16 (within 0..20), tint 1.6 (held at 1) and full 2: at its end already, and not tried. Not
    # doubted at all are what is published, mathematics, zero and what a slider sets.
    expected = [("fill", 4), ("fill", 16), ("drain", 0.5), ("drain", 2), ("tint", 0.4), ("tint", 1), ("full", 0.5)]
    assert list(table.index) == expected
    assert list(table["factor"]) == pytest.approx([0.5, 2, 0.5, 2, 0.5, 1.25, 0.5])
    assert table.loc[("drain", 2), "status"] == "calibrated" and table.loc[("tint", 1), "meaning"] == "colour"
    # fill = 16 is what the first conclusion sets: it cannot be doubted there.
    assert list(table["It fills"]) == pytest.approx([4, 1, 2, 2, 2, 2, 2])
    assert list(table["It shows"]) == pytest.approx([7.2, 28.8, 28.8, 7.2, 11.2, 16, 11.2])
    assert list(table["broken"]) == [0, 2, 1, 0, 0, 1, 0]
    assert set(sensitivity("tank", ("calibrated",))["constant"]) == {"drain"}
    assert set(sensitivity("tank", ("published",))["constant"]) == {"known"}
    assert list(sensitivity("tank", ())["broken"]) == []


@pytest.mark.parametrize(
    "how",
    [
        {"measure": "ratio", "change": {"fill": 0.9}},
        {"measure": "settled"},
        {"measure": "at", "time": 400, "span": 500},
        {"measure": "end ratio", "change": {"fill": 0.9}, "span": 500},
    ],
    ids=lambda how: how["measure"],
)
def test_a_constant_that_makes_the_model_impossible_to_run_breaks_the_conclusion(folder, how):
    write(folder, "conclusion", {**CONCLUSION, "model": "runaway", "change": {}, "low": 0, **how})
    table = sensitivity("runaway").set_index(["constant", "factor"])
    lost = table["It fills"].isna()
    assert list(table.index[lost]) == [("drain", 0.5)], table
    assert list(table["broken"]) == list(lost.astype(int))


NAMES = sorted({c.experiment.model for c in conclusions()})


@pytest.mark.parametrize("name", NAMES)
def test_the_books_constants_are_doubted_as_it_says(name):
    model, table = load_model(name), tried(name)
    facts = model.parameters.set_index("name")
    assert list(table.columns[-1:]) == ["broken"]
    assert list(table.columns[5:-1]) == [c.text for c in conclusions(name)]
    doubted = facts[~facts["control"] & facts["status"].isin(DOUBTED) & (facts["value"] != 0)]
    spared = set(doubted.index) - set(table["constant"])
    for n in spared - set(RESTS.get(name, {})):
        assert re.match("mathematics|units|chemistry|definition", doubted.at[n, "source"]), n
    assert not set(table["constant"]) & set(RESTS.get(name, {})) and set(table["constant"]) <= set(doubted.index)
    tries = Counter(table["constant"])
    for row in table.itertuples():
        fact = facts.loc[row.constant]
        assert fact["minimum"] <= row.value <= fact["maximum"] and row.value != fact["value"]
        assert row.value == pytest.approx(row.factor * fact["value"]) and 0.5 <= row.factor <= 2
        whole = all(fact["minimum"] <= f * fact["value"] <= fact["maximum"] for f in (0.5, 2))
        assert not whole or (row.factor in (0.5, 2) and tries[row.constant] == 2)
    broken = sum((~table[c.text].map(c.holds)).astype(int) for c in conclusions(name))
    assert (table["broken"] == broken).all()


def test_doubt_is_not_idle():
    # Some conclusions do not survive some constants, and the book must show it; most do.
    broken = pd.concat([tried(name)["broken"] for name in NAMES])
    assert 0 < (broken > 0).mean() < 0.25


@pytest.mark.parametrize("name", sorted({c.experiment.model for c in RATIOS}))
def test_ratios_of_all_changes_at_once_are_those_one_by_one(name):
    model, table = load_model(name), tried(name)
    for row in table.iloc[::2].itertuples():
        change = with_rest(model, {row.constant: row.value})
        for c in conclusions(name):
            if c.experiment.measure == "ratio":
                at_once = table.at[row.Index, c.text]
                assert c.experiment.take(**change) == pytest.approx(at_once, rel=1e-6), (row.constant, row.factor)


@pytest.mark.parametrize("name", RESTS)
def test_a_brake_stays_1_at_rest_whatever_constant_is_changed(name):
    model = load_model(name)
    assert set(RESTS[name]) <= set(model.parameters["name"])
    brakes = [n for n in ("release_brake", "synthesis_brake", "raphe_brake") if n in model.assignments]
    for row in tried(name).iloc[::3].itertuples():
        change = with_rest(model, {row.constant: row.value})
        settled = model.steady_state(**change)
        for constant, level in RESTS[name].items():
            assert settled[level] == pytest.approx(change[constant], rel=1e-6), (row.constant, row.factor)
        assert settled[brakes].to_numpy() == pytest.approx(1, rel=1e-6), (row.constant, row.factor)


def test_a_change_that_finds_no_rest_is_left_as_it_is(monkeypatch):
    model = load_model("serotonin")
    monkeypatch.setattr(type(model), "steady_state", lambda *_, **__: (_ for _ in ()).throw(ValueError("never")))
    assert with_rest(model, {"V_TPH": 1.0}) == {"V_TPH": 1.0}


# -- a model without content ---------------------------------------------------------------------------------------


def test_a_constant_is_put_beside_the_predictions_of_blocked_pumps():
    table = beside_a_constant()
    assert len(table) >= 16 and set(table["source"]) > {"mathews2004gene", "ceglia2004effects", "beyer2002comparison"}
    predicted = {a.finding: a for a in read_anchors() if a.role == "predicted"}
    for row in table.itertuples():
        anchor = predicted[row.finding]
        assert set(anchor.experiment.change) <= {"reuptake_inhibition", "net_inhibition"}
        assert (row.model, row.constant) == (anchor.agrees(row.value), anchor.agrees(3.0))
    assert not beside_a_constant(1000.0)["constant"].any()


def test_the_chapter_counts_them_right():
    table = beside_a_constant()
    medicines = table[~table["finding"].str.startswith("Mice with")]
    # As the chapter writes them.
    words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
             "thirteen", "fourteen", "fifteen", "sixteen"]  # fmt: skip
    some, all_ = (
        [words[int(number)] for number in (len(rows), rows["constant"].sum(), rows["model"].sum())]
        for rows in (medicines, table)
    )
    said = (
        f"Of the {some[0]} predictions of what a medicine that blocks a pump does to the level, it gets {some[1]} "
        f"right and our models {some[2]}; with the knock-out mice counted in, {all_[1]} of {all_[0]} against {all_[2]}."
    )
    notebook = nbformat.read(ROOT / "chapters/1-synapse/models.ipynb", as_version=4)
    text = " ".join(" ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown").split())
    assert said in text


def test_a_rate_can_be_measured_where_it_settles():
    model = load_model("dopamine")
    made = Experiment("dopamine", "ratio", "hydroxylation", {"reuptake_inhibition": 1}).take()
    assert made == pytest.approx(model.fluxes(reuptake_inhibition=1)["hydroxylation"] / model.fluxes()["hydroxylation"])
    assert Experiment("dopamine", "settled", "release").take() == pytest.approx(model.fluxes()["release"])
    with pytest.raises(ValueError, match="has no output 'hydroxylation'"):
        Experiment("dopamine", "at", "hydroxylation", time=1, span=2).take()
