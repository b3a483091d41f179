"""The lab's browser modules without a browser: the solver against known answers and SciPy, and the lab's words.

The TypeScript is bundled as the labs bundle it and run by Node; each script returns what it found as JSON.
"""

from __future__ import annotations

import json
import re
import subprocess

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import hatch_build
from widgets import SynapseLab
from widgets.labs import view as views
from widgets.labs.controls import CONTROLS

# Written into each model's text: a parameter as Model.to_javascript() writes it.
PARAMETER = """
const PARAMETER = (name, value, max) =>
  ({ name, value, unit: "", meaning: name, status: "assumed", source: "test", min: 0, max });
"""
EXPORTS = """
export { Solver, SolverError, DEFAULT_TOLERANCES } from "./src/model/solver";
export { loadModel } from "./src/model/module";
export { Experiment } from "./src/model/experiment";
export * as words from "./src/words/words";
export { findings } from "./src/words/findings";
export { csv, forget, permalink, readPermalink } from "./src/view/tools";
export { SteadyTop, ladder, timeStep } from "./src/view/charts/scale";
"""
BUNDLE = f"""
import {{ build }} from "esbuild";
const made = await build({{
  stdin: {{ contents: {json.dumps(EXPORTS)}, resolveDir: process.cwd(), loader: "ts" }},
  bundle: true, format: "esm", write: false, logLevel: "error",
}});
process.stdout.write(made.outputFiles[0].text);
"""

# Robertson's reaction: three rates nine orders of magnitude apart, and a conserved total.
ROBERTSON = """
export const name = "robertson"; export const timeUnit = "hour";
export const species = ["a", "b", "c"]; export const assignments = ["total"]; export const reactions = ["first"];
export const parameters = [
  PARAMETER("k1", 0.04, 1),
  PARAMETER("k2", 3e7, null),
  PARAMETER("k3", 1e4, null),
];
export const baseline = [1, 0, 0];
export const amounts = [true, true, true];
export function rhs(t, y, p, dy) {
  const one = p[0] * y[0], two = p[1] * y[1] * y[1], three = p[2] * y[1] * y[2];
  dy[0] = -one + three; dy[1] = one - three - two; dy[2] = two;
}
export function jacobian(t, y, p, J) {
  J[0] = -p[0]; J[1] = p[2] * y[2]; J[2] = p[2] * y[1];
  J[3] = p[0]; J[4] = -p[2] * y[2] - 2 * p[1] * y[1]; J[5] = -p[2] * y[1];
  J[6] = 0; J[7] = 2 * p[1] * y[1]; J[8] = 0;
}
export function observe(t, y, p, out) { out[0] = y[0] + y[1] + y[2]; out[1] = p[0] * y[0]; }
"""

# A source, a saturable pump and a leak into a store that gives back: settles where made = pumped.
PUMP = """
export const name = "pump"; export const timeUnit = "hour";
export const species = ["gap", "store"]; export const assignments = ["ratio"];
export const reactions = ["made", "pumped"];
export const parameters = [
  PARAMETER("make", 2, 10),
  PARAMETER("vmax", 300, null),
  PARAMETER("km", 0.1, null),
  PARAMETER("blocked", 0, 1),
];
const V = (p) => p[1] * (1 - p[3]);
export const baseline = [2 * 0.1 / (300 - 2), 2 * (2 * 0.1 / (300 - 2))];
export const amounts = [true, true];
export function rhs(t, y, p, dy) {
  dy[0] = p[0] - V(p) * y[0] / (p[2] + y[0]) - y[0] + 0.5 * y[1]; dy[1] = y[0] - 0.5 * y[1];
}
export function jacobian(t, y, p, J) {
  J[0] = -V(p) * p[2] / (p[2] + y[0]) ** 2 - 1; J[1] = 0.5; J[2] = 1; J[3] = -0.5;
}
export function observe(t, y, p, out) {
  out[0] = y[1] / y[0]; out[1] = p[0]; out[2] = V(p) * y[0] / (p[2] + y[0]);
}
"""

# Prey and predator: smooth, never settles, and has no stiffness to lean on.
CHASE = """
export const name = "chase"; export const timeUnit = "hour";
export const species = ["prey", "predator"]; export const assignments = []; export const reactions = ["eaten"];
export const parameters = [PARAMETER("k", 1, null)];
export const baseline = [1.5, 0.5];
export const amounts = [true, true];
export function rhs(t, y, p, dy) { dy[0] = y[0] - p[0] * y[0] * y[1]; dy[1] = p[0] * y[0] * y[1] - y[1]; }
export function jacobian(t, y, p, J) {
  J[0] = 1 - p[0] * y[1]; J[1] = -p[0] * y[0]; J[2] = p[0] * y[1]; J[3] = p[0] * y[0] - 1;
}
export function observe(t, y, p, out) { out[0] = p[0] * y[0] * y[1]; }
"""

# Decays towards a level that swings with time: the one case with a time derivative.
SWING = """
export const name = "swing"; export const timeUnit = "hour";
export const species = ["x"]; export const assignments = []; export const reactions = ["in"];
export const parameters = [PARAMETER("k", 50, null)];
export const baseline = [1];
export const amounts = [true];
export function rhs(t, y, p, dy) { dy[0] = -p[0] * (y[0] - 2 - Math.cos(t)); }
export function jacobian(t, y, p, J) { J[0] = -p[0]; }
export function observe(t, y, p, out) { out[0] = 0; }
"""


@pytest.fixture(scope="module")
def in_node(root, tmp_path_factory):
    """in_node(script) -> what the script's `answer` holds; `lab` and the model texts are in its scope."""
    node, _ = hatch_build.find_node()
    frontend = root / "widgets/frontend"
    if not (frontend / "node_modules").exists():
        hatch_build.run_node(root, "--version")
    run = {"capture_output": True, "text": True, "encoding": "utf-8", "timeout": 120}
    bundled = subprocess.run([node, "--input-type=module", "-e", BUNDLE], cwd=frontend, **run)
    assert bundled.returncode == 0, bundled.stderr
    folder = tmp_path_factory.mktemp("lab")
    (folder / "lab.mjs").write_text(bundled.stdout, encoding="utf-8")
    texts = {"robertson": ROBERTSON, "pump": PUMP, "chase": CHASE, "swing": SWING}
    texts = json.dumps({name: PARAMETER + text for name, text in texts.items()})

    def run_(script: str):
        (folder / "script.mjs").write_text(
            f'import * as lab from "./lab.mjs"; const texts = {texts}; let answer;\n'
            f"{script}\nprocess.stdout.write(JSON.stringify(answer));",
            encoding="utf-8",
        )
        done = subprocess.run([node, str(folder / "script.mjs")], cwd=folder, **run)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run_


def run_text(model: str, times: list[float], relative: float | None = None, p: str = "") -> str:
    tolerances = f"{{...lab.DEFAULT_TOLERANCES, relative: {relative}}}" if relative else "undefined"
    return f"""
      const model = await lab.loadModel(texts.{model});
      const solver = new lab.Solver(model, {tolerances});
      const times = Float64Array.from({json.dumps(times)}), out = new Float64Array(times.length * model.species.length);
      const p = Float64Array.from(model.parameters, (each) => each.value); {p}
      const report = solver.run(p, model.baseline, times, out);
      answer = {{ report, out: [...out] }};
    """


def test_robertsons_stiff_reaction(in_node):
    """Reference values: Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.10, and SciPy."""
    times = [0, 0.4, 40.0, 4e3, 4e5]
    found = in_node(run_text("robertson", times))
    levels = np.reshape(found["out"], (-1, 3))

    def rhs(_, y):
        one, two, three = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
        return [-one + three, one - three - two, two]

    expected = solve_ivp(rhs, (0, 4e5), [1, 0, 0], "Radau", times, rtol=1e-10, atol=1e-14).y.T
    np.testing.assert_allclose(levels, expected, rtol=1e-3, atol=1e-12)
    np.testing.assert_allclose(levels[1], [0.98517, 3.3864e-5, 1.4794e-2], rtol=1e-3)
    np.testing.assert_allclose(levels.sum(axis=1), 1, rtol=1e-9)
    assert found["report"]["steps"] < 200


def test_order_four(in_node):
    """Ten thousand times less error costs about ten times the steps, as an error of order 4 promises; order 2: 100."""
    steps = [in_node(run_text("chase", [0, 20], relative))["report"]["steps"] for relative in (1e-4, 1e-8)]
    assert 5 < steps[1] / steps[0] < 15, steps


def test_agrees_with_scipy_where_nothing_is_stiff(in_node):
    times = np.linspace(0, 20, 41)
    found = np.reshape(in_node(run_text("chase", times.tolist()))["out"], (-1, 2))
    chase = lambda _, y: [y[0] - y[0] * y[1], y[0] * y[1] - y[1]]  # noqa: E731
    expected = solve_ivp(chase, (0, 20), [1.5, 0.5], "DOP853", times, rtol=1e-12, atol=1e-14).y.T
    np.testing.assert_allclose(found, expected, rtol=1e-3)


def test_dense_output_and_explicit_time(in_node):
    times = np.linspace(0, 5, 301)
    found = np.array(in_node(run_text("swing", times.tolist(), 1e-6))["out"])
    k = 50
    # x' = -k (x - 2 - cos t), x(0) = 1
    driven = 2 + (k * k * np.cos(times) + k * np.sin(times)) / (k * k + 1)
    exact = driven + (1 - driven[0]) * np.exp(-k * times)
    np.testing.assert_allclose(found, exact, rtol=3e-4)


def test_amounts_never_fall_below_zero(in_node):
    found = in_node(run_text("pump", np.linspace(0, 24, 400).tolist(), p="p[0] = 0;"))
    assert min(found["out"]) >= 0


def test_steady_state_by_newton_keeps_what_is_conserved(in_node):
    found = in_node("""
      const model = await lab.loadModel(texts.robertson);
      const solver = new lab.Solver(model);
      const p = Float64Array.from([0.04, 3e7, 1e4]), out = new Float64Array(3);
      const settled = solver.steadyState(p, [0.5, 1e-5, 0.5], out, 24);
      const pump = await lab.loadModel(texts.pump), second = new lab.Solver(pump), end = new Float64Array(2);
      const all = [];
      for (const blocked of [0, 0.5, 0.9, 0.99]) {
        const q = Float64Array.from([2, 300, 0.1, blocked]);
        all.push([blocked, second.steadyState(q, pump.baseline, end, 24), ...end]);
      }
      const grows = second.steadyState(Float64Array.from([2, 300, 0.1, 1]), pump.baseline, end, 24);
      answer = { settled, total: out[0] + out[1] + out[2], all, grows };
    """)
    if found["settled"]:
        assert found["total"] == pytest.approx(1.00001, rel=1e-6)
    for blocked, settled, gap, store in found["all"]:
        v = 300 * (1 - blocked)
        assert settled
        assert gap == pytest.approx(2 * 0.1 / (v - 2), rel=1e-6)
        assert store == pytest.approx(2 * gap, rel=1e-6)
    assert found["grows"] is False, "a level that grows for ever has no steady state"


REFUSALS = {
    "not a number": ("p[0] = NaN;", "make"),
    "infinite": ("p[1] = Infinity;", "vmax"),
    "a division by nothing": ("p[2] = -model.baseline[0]; ", "gap"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_nonsense_is_refused_in_words(in_node, case):
    change, named = REFUSALS[case]
    found = in_node(f"""
      const model = await lab.loadModel(texts.pump), solver = new lab.Solver(model);
      const p = Float64Array.from([2, 300, 0.1, 0]); {change}
      try {{ solver.run(p, model.baseline, Float64Array.from([0, 24]), new Float64Array(4)); answer = null; }}
      catch (error) {{ answer = [error.name, error.message]; }}
    """)
    assert found is not None, "the solver drew nonsense"
    kind, message = found
    assert kind == "SolverError"
    assert named in message and "Reset" in message and message.endswith(".")


def test_too_many_steps_is_refused(in_node):
    found = in_node("""
      const model = await lab.loadModel(texts.swing);
      const solver = new lab.Solver(model, { ...lab.DEFAULT_TOLERANCES, maximumSteps: 5 });
      try { solver.run(Float64Array.from([50]), [1], Float64Array.from([0, 1000]), new Float64Array(2)); }
      catch (error) { answer = error.message; }
    """)
    assert re.search(r"more than 5 steps", found)


def test_an_incomplete_model_is_refused_and_a_good_one_is_loaded_once(in_node):
    found = in_node("""
      const first = lab.loadModel(texts.pump), again = lab.loadModel(texts.pump);
      let refused;
      try { await lab.loadModel("export const name = 'x';"); } catch (error) { refused = error.message; }
      answer = { same: first === again && (await first) === (await again), refused };
    """)
    assert found["same"]
    assert "lacks timeUnit, species" in found["refused"]


def test_an_experiment_runs_settles_scans_and_tabulates(in_node):
    found = in_node("""
      const e = new lab.Experiment(await lab.loadModel(texts.pump), 24);
      e.set("blocked", 0.8);
      const outcome = e.run(), scan = e.scan("blocked", 0, 1, "gap");
      const times = Float64Array.from({ length: 25 }, (_, i) => i), table = e.tabulate(["gap", "ratio"], times);
      const under = e.endUnder({ blocked: 0.5 }, "gap");
      let unknown; try { e.set("blockd", 1); } catch (error) { unknown = error.message; }
      answer = { rest: e.baseline, end: outcome.end, settled: outcome.settled, settles: outcome.settles, unknown,
        scan: [[...scan.settings], [...scan.values]], under,
        table: table.map((c) => [...c]),
        after: e.get("blocked"), series: [...e.series("ratio", new Float64Array(e.times.length))] };
    """)
    assert found["settles"] and found["after"] == 0.8
    assert found["rest"]["pumped"] == pytest.approx(2)
    assert found["settled"]["gap"] == pytest.approx(0.2 / 58, rel=1e-6)
    assert found["under"]["settled"] == pytest.approx(0.2 / 148, rel=1e-6)
    settings, values = found["scan"]
    assert len(settings) == 25 and values[-1] is None, "fully blocked, nothing settles: a gap, not a guess"
    for setting, value in zip(settings[:-1], values[:-1], strict=True):
        assert value == pytest.approx(0.2 / (300 * (1 - setting) - 2), rel=1e-6)
    gap, ratio = found["table"]
    assert gap[-1] == pytest.approx(found["end"]["gap"], rel=1e-3)
    assert ratio[0] == pytest.approx(2) and found["series"][0] == pytest.approx(2)
    assert "blockd" in found["unknown"]


# -- words -------------------------------------------------------------------------------------------------

CONTROL = {
    "name": "reuptake_inhibition", "label": "Reuptake blocked", "minimum": 0, "maximum": 1, "step": 0.05, "rest": 0,
    "unit": "percent", "low": "none", "high": "all", "landmarks": [[0.8, "usual dose"]], "shown": [],
    "phrase": "{value} of the pumps blocked", "said": [[0, "none of the pumps blocked"]], "marker": "block begins",
}  # fmt: skip
FIRING = {
    **CONTROL, "name": "firing_rate", "label": "Firing", "maximum": 3, "step": 0.1, "rest": 1, "unit": "times",
    "landmarks": [], "phrase": "firing at {value} the resting rate", "said": [[1, "firing at rest"]],
}  # fmt: skip
BRAKE = {**CONTROL, "name": "autoreceptor_gain", "label": "Brake", "rest": 1, "landmarks": [], "said": [],
         "shown": [[1, "normal"], [0, "off"]], "phrase": "the brake at {value}"}  # fmt: skip
DOSE = {**CONTROL, "name": "dose", "unit": "mg", "maximum": 100, "step": 2.5, "landmarks": [], "said": [],
        "phrase": "a dose of {value}"}  # fmt: skip
LOSS = {**DOSE, "name": "k_loss", "unit": "1/h", "phrase": "a loss of {value}"}
AFFINITY = {**DOSE, "name": "k_hold", "unit": "1/(µM h)", "step": 0.05, "phrase": "a hold of {value}"}


def test_values_in_words_for_eye_and_ear(in_node):
    cases = [
        (CONTROL, 0.8, "80 %", "80 percent of the pumps blocked, usual dose"),
        (CONTROL, 0.30000000000000004, "30 %", "30 percent of the pumps blocked"),
        (CONTROL, 0, "0 %", "none of the pumps blocked"),
        (FIRING, 1, "1.0 ×", "firing at rest"),
        (FIRING, 1.5, "1.5 ×", "firing at 1.5 times the resting rate"),
        (BRAKE, 1, "normal", "the brake at 100 percent"),
        (BRAKE, 0.35, "35 %", "the brake at 35 percent"),
        (DOSE, 12.5, "12.5 mg", "a dose of 12.5 mg"),
        (LOSS, 3, "3 per hour", "a loss of 3 per hour"),
        (AFFINITY, 0.4, "0.4 per µM h", "a hold of 0.4 per µM h"),
    ]
    found = in_node(f"""
      answer = {json.dumps([[c, v] for c, v, *_ in cases])}
        .map(([control, value]) => [lab.words.shownValue(control, value), lab.words.spokenValue(control, value)]);
    """)
    told = [(shown.replace("\u202f", " "), spoken) for shown, spoken in found]
    assert told == [(shown, spoken) for _, _, shown, spoken in cases]
    assert len(told) == 10


FINDINGS = {
    "noun": "serotonin between the neurons", "end": 2.7, "settled": 2.7, "settles": True, "peak": 2.7, "peakTime": 24,
    "amount": "", "rates": {}, "others": [],
}  # fmt: skip


def speak(in_node, values: dict, moved: dict | None, findings: list[dict], locked: bool = False) -> str:
    now = {
        "moved": moved, "controls": [CONTROL, BRAKE, FIRING], "span": 24, "timeUnit": "hour", "findings": findings,
        "values": {"reuptake_inhibition": 0, "autoreceptor_gain": 1, "firing_rate": 1, **values}, "locked": locked,
    }  # fmt: skip
    return in_node(f"answer = lab.words.sentence({json.dumps(now)});").replace("\u202f", " ")


def test_the_sentence_says_the_setting_the_level_and_the_cause(in_node):
    blocked = {"reuptake_inhibition": 0.65}
    overshoot = {**FINDINGS, "peak": 3.2, "peakTime": 2, "brakeAtPeak": 0.9, "brake": 0.6, "stores": 0.9,
                 "storesAtPeak": 1}  # fmt: skip
    assert speak(in_node, blocked, CONTROL, [overshoot]) == (
        "With 65 % of the pumps blocked, serotonin between the neurons settles at 2.7 times baseline. "
        "It rose further at first, to 3.2 times after 2 hours; then the autoreceptor braked release by 40 %."
    )
    # Where most was held back before the peak, that speaks: four pumps in five blocked would make it five times.
    earlier = speak(in_node, {"reuptake_inhibition": 0.8}, CONTROL, [overshoot])
    assert earlier.endswith(" The autoreceptor feels it and brakes release by 40 %.")
    drained = {**overshoot, "brake": 0.9, "stores": 0.5}
    assert speak(in_node, blocked, CONTROL, [drained]).endswith("then the vesicle stores ran down to 50 %.")
    drifting = {**FINDINGS, "settled": 2.0}
    assert "is at 2.7 times baseline after 24 hours, still falling towards 2 times" in speak(
        in_node, blocked, CONTROL, [drifting]
    )
    same = {**FINDINGS, "end": 1, "settled": 1, "peak": 1}
    assert speak(in_node, {}, None, [same]).startswith("Everything is at rest")
    at_rest = speak(in_node, {"autoreceptor_gain": 0.5}, BRAKE, [same])
    assert at_rest.startswith("With the brake at 50 %, serotonin between the neurons stays at baseline.")
    assert "nothing to correct" in at_rest
    two = speak(in_node, {"firing_rate": 2}, FIRING, [FINDINGS, {**same, "noun": "dopamine"}])
    assert two == (
        "With firing at 2 times the resting rate, serotonin between the neurons settles at 2.7 times baseline, "
        "while dopamine stays at baseline."
    )
    several = speak(in_node, {**blocked, "autoreceptor_gain": 0.5}, BRAKE, [FINDINGS])
    # The control just moved comes first.
    assert several.startswith("With the brake at 50 % and 65 % of the pumps blocked, ")


def test_a_sentence_keeps_to_one_unit_and_to_what_can_be_read(in_node):
    blocked = {"reuptake_inhibition": 0.8}
    same_to_the_eye = {**FINDINGS, "end": 1.72, "settled": 1.66, "peak": 1.72}
    assert "still falling towards 1.66 times" in speak(in_node, blocked, CONTROL, [same_to_the_eye])
    far = {**FINDINGS, "end": 14.4, "settled": 13.6, "peak": 14.4}
    assert "still" not in speak(in_node, blocked, CONTROL, [far]), "14 times is not on its way to 14 times"
    up = {**FINDINGS, "end": 1.16, "settled": 1.16, "peak": 1.3, "peakTime": 0.0005, "stores": 0.8, "storesAtPeak": 1}
    little = {"reuptake_inhibition": 0.1}
    said = speak(in_node, little, CONTROL, [up])
    assert "settles at 1.16 times baseline" in said and "to 1.3 times within seconds;" in said
    assert said.count("%") == 2, "the setting and the stores; the level is in times both times"
    down = {**up, "end": 0.8, "settled": 0.8}
    said = speak(in_node, little, CONTROL, [down])
    assert "settles at 80 % of baseline" in said and "to 130 % within seconds;" in said and "times" not in said
    sinking = {**FINDINGS, "end": 0.2, "settled": 0.2, "settles": False, "peak": 1}
    said = speak(in_node, little, CONTROL, [sinking])
    assert "is at 20 % of baseline after 24 hours and has not settled" in said and "settles" not in said
    gone = {**FINDINGS, "end": 0.005, "settled": 0.006, "peak": 1}
    said = speak(in_node, {"firing_rate": 0}, FIRING, [gone])
    assert "serotonin between the neurons falls to almost nothing." in said
    assert "rising" not in said and "0.5" not in said
    shown = in_node("answer = [1.44, 1.9, 2.72, 16.02, 1602, 1.016].map((x) => "
                    "[lab.words.times(x), lab.words.percentOf(x)]);")  # fmt: skip
    assert [[t, p.replace("\u202f", " ")] for t, p in shown] == [
        ["1.44 times", "144 %"], ["1.9 times", "190 %"], ["2.7 times", "272 %"], ["16 times", "1,602 %"],
        ["1,602 times", "160,200 %"], ["1.016 times", "101.6 %"],
    ]  # fmt: skip
    when = in_node("answer = [[2 / 3600, 'hour'], [0.1, 'hour'], [3, 'hour'], [0.002, 'millisecond']]"
                   ".map(([value, unit]) => lab.words.afterTime(value, unit));")  # fmt: skip
    assert when == ["within seconds", "after 6 minutes", "after 3 hours", "after 0 milliseconds"]


def test_a_locked_lab_says_how_to_unlock_it(in_node):
    same = {**FINDINGS, "end": 1, "settled": 1, "peak": 1}
    for values, findings in (({}, same), ({"reuptake_inhibition": 0.8}, FINDINGS)):
        said = speak(in_node, values, None, [findings], locked=True)
        assert said.endswith("Choose an answer above to unlock the sliders.")
        assert "Move a slider" not in said
        assert "unlock" not in speak(in_node, values, None, [findings])


def test_what_is_at_rest_is_named_only_when_it_was_just_put_there(in_node):
    said = speak(in_node, {"firing_rate": 0}, FIRING, [FINDINGS])
    assert said.startswith("With firing at 0 times the resting rate, ")
    said = speak(in_node, {"firing_rate": 0}, CONTROL, [FINDINGS])
    assert said.startswith("With firing at 0 times the resting rate and none of the pumps blocked, ")


# What each of the book's two models does, and what the sentence may and may not give as the cause:
# (model, settings, last moved, needed, forbidden).
CAUSES = {
    "pumps without a brake do what one expects": (
        "dopamine", {"reuptake_inhibition": 0.5, "autoreceptor_gain": 0.0}, "reuptake_inhibition",
        r"settles at 1\.97 times baseline\.$", r"stores|Synthesis|MAO",
    ),
    "the autoreceptor cuts synthesis": (
        "dopamine", {"reuptake_inhibition": 0.5}, "reuptake_inhibition",
        r"autoreceptor cuts? synthesis to \d+ %.*vesicle stores", r"MAO",
    ),
    "a blocked enzyme fills the vesicles": (
        "dopamine", {"mao_a_inhibition": 1.0}, "mao_a_inhibition",
        r"Less is broken down, so the vesicles fill to \d+ %", r"Breakdown by MAO",
    ),
    "a silent neuron": (
        "dopamine", {"firing_rate": 0.0}, "firing_rate",
        r"falls to almost nothing\. Nothing is released, while synthesis rises to 3\d\d %", r"Release falls",
    ),
    "a silent serotonin neuron": (
        "serotonin", {"firing_rate": 0.0}, "firing_rate", r"Nothing is released, while", r"Release falls",
    ),
    "the autoreceptor brakes release": (
        "serotonin", {"reuptake_inhibition": 0.8}, "reuptake_inhibition", r"autoreceptor.*brake[sd]? release by \d+ %",
        r"MAO",
    ),
    "no supply": (
        "serotonin", {"precursor_supply": 0.0}, "precursor_supply",
        r"Synthesis falls to .*, so the vesicle stores fall", r"MAO|autoreceptor cuts",
    ),
    "all pumps blocked": (
        "dopamine", {"reuptake_inhibition": 1.0}, "reuptake_inhibition",
        r"Only the other ways out, diffusion", r"MAO|stores",
    ),
}  # fmt: skip


def tell(in_node, monkeypatch, tmp_path, model: str, values: dict, moved: str | None, hours: float = 24) -> str:
    """The sentence the lab itself would show."""
    for name in ("lab.js", "lab.css"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(views, "STATIC", tmp_path)
    lab = SynapseLab(model, controls=list(CONTROLS), hours=hours)
    lab.set(**values)
    given = lab.view.spec
    spec = {"controls": given["controls"], "values": lab.values, "span": lab.span, "timeUnit": "hour"}
    said = in_node(f"""
      const spec = {json.dumps(spec)}, outputs = {json.dumps(given["outputs"][0])};
      const e = new lab.Experiment(await lab.loadModel({json.dumps(given["models"][0]["javascript"])}), spec.span);
      for (const [name, value] of Object.entries(spec.values)) e.set(name, value);
      const found = lab.findings(e, e.run(), "extracellular", ["vesicular", "metabolite"], outputs, "");
      const moved = spec.controls.find((control) => control.name === {json.dumps(moved)}) ?? null;
      answer = lab.words.sentence({{ ...spec, moved, findings: [found] }});
    """)
    return said.replace("\u202f", " ")


@pytest.mark.parametrize("case", CAUSES)
def test_the_cause_is_the_largest_that_explains_the_level(in_node, monkeypatch, tmp_path, case):
    model, values, moved, needed, forbidden = CAUSES[case]
    said = tell(in_node, monkeypatch, tmp_path, model, values, moved)
    assert re.search(needed, said), said
    assert not re.search(forbidden, said), said


def test_verdict_compares_with_the_nearest_choice(in_node):
    choices = [{"text": "The same", "value": 1}, {"text": "It doubles", "value": 2}, {"text": "Five times", "value": 5}]
    found = in_node(f"""
      const choices = {json.dumps(choices)};
      answer = [[2, "", 2.7], [1, " once settled", 2.7], [0, "", 1.16]]
        .map(([i, when, fold]) => lab.words.verdict(choices[i], choices, fold, when));
    """)
    assert found[0][0] == "You predicted “Five times”."
    assert found[0][1].startswith("The model says 2.7 times baseline. The closest was “It doubles”.")
    assert found[1][1] == "The model says 2.7 times baseline once settled. Yours was the closest."
    assert found[2][1].startswith("The model says 1.16 times baseline."), "in the unit of the sentence"


def test_reset_forgets_its_own_link_only(in_node):
    found = in_node("""
      const open = (hash) => {
        globalThis.location = { hash, href: "http://book/page.html?a=1" + hash };
        let now = null;
        globalThis.history = { state: 7, replaceState: (state, _, href) => (now = [state, href]) };
        lab.forget("ssri");
        return now;
      };
      answer = ["#lab=ssri&firing_rate=2", "#lab=maoi&firing_rate=2", "#the-evidence", ""].map(open);
    """)
    assert found == [[7, "http://book/page.html?a=1"], None, None, None]


def test_links_files_and_axes(in_node):
    found = in_node("""
      const hash = lab.permalink("ssri", { reuptake_inhibition: 0.8, firing_rate: 1.1 });
      const top = new lab.SteadyTop(150);
      answer = {
        hash, back: lab.readPermalink(hash, "ssri"), other: lab.readPermalink(hash, "maoi"),
        nonsense: lab.readPermalink("#lab=ssri&firing_rate=abc&x=NaN&%E0%A4%A=1&y=2", "ssri"),
        none: lab.readPermalink("", "ssri"),
        file: lab.csv({
          caption: "", rows: [["0", "1"]],
          columns: [{ title: "Hours", unit: "" }, { title: "Level, free", unit: "uM" }],
        }),
        tops: [[100], [160], [140], [140, true], [430]].map(([v, still]) => top.fit(v, Boolean(still))),
        ladder: [0.9, 1, 11, 130, 700].map(lab.ladder), steps: [24, 12, 48, 100].map((span) => lab.timeStep(span, 5)),
      };
    """)
    assert found["hash"] == "#lab=ssri&reuptake_inhibition=0.8&firing_rate=1.1"
    assert found["back"] == {"reuptake_inhibition": 0.8, "firing_rate": 1.1}
    assert found["other"] is None and found["none"] is None
    assert found["nonsense"]["y"] == 2 and "firing_rate" not in found["nonsense"] and "x" not in found["nonsense"]
    assert found["file"] == 'Hours,"Level, free (uM)"\r\n0,1\r\n'
    assert found["tops"] == [150, 200, 200, 150, 500], "grows at once, shrinks only at rest"
    assert found["ladder"] == pytest.approx([1, 1, 12, 150, 800])
    assert found["steps"] == [6, 3, 12, 24]
