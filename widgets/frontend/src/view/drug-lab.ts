/**
 * A lab of medicines: a dose, the concentration it leads to, what it occupies, and what follows at each terminal, for
 * one medicine or two side by side. Everything comes from traits that Python fills (widgets/drug_lab.py); what a dose
 * occupies is one hyperbola a target, the rest is the book's models.
 */
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { Bars, type BarValue } from "./charts/bars";
import { extent, LEFT, levelAxis, put, runPath, size, svgIn, timeAxis, write, type CurveStyle, type Group, type Svg, type TimeAxis } from "./charts/chart";
import { Experiment, type Outcome } from "../model/experiment";
import { Lab } from "./lab";
import { loadModel } from "../model/module";
import { SteadyTop } from "./charts/scale";
import type { Numbers } from "./tools";
import type { MedicineSpec, PredictionSpec } from "./types";
import { capital, clean, grouped, list, percentOf, round, THIN, times, unbroken } from "../words/words";

/** One side of the comparison: which medicine, how much of it, and what came of it. */
interface Side {
  letter: string;
  drug: "drug" | "other_drug";
  dose: "dose" | "other_dose";
}

const AIMED_AT = "Where the intended effect is thought to start";
const ELSEWHERE = "Other targets, where side effects come from";
const ALWAYS_AIMS = ["SERT", "NET", "DAT", "MAO-A", "MAO-B"];
/** A target of which less is ever occupied is named, not drawn. */
const LITTLE = 0.01;
/** Wide enough for axes, px. */
const ROOM_FOR_AXES = 190;

/** Two curves in one small chart: a solid one and a dashed one, the numbers at their ends above them. */
class PairChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly yAxis: Group;
  private readonly axisWords: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly ghost: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly curves: Selection<SVGPathElement, unknown, null, undefined>[];
  private readonly labels: Selection<SVGTextElement, unknown, null, undefined>[];
  private readonly top: SteadyTop;
  private readonly x = scaleLinear();
  private readonly y = scaleLinear();
  private width = 0;
  private height = 0;
  private drawn = 0;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    private readonly time: TimeAxis,
    styles: CurveStyle[],
    /** Whether the values are % of rest. */
    private readonly relative: boolean,
  ) {
    this.svg = svgIn(parent, labelledBy);
    this.top = new SteadyTop(relative ? 150 : 0);
    this.yAxis = this.svg.append("g").attr("class", "axis y");
    this.xAxis = this.svg.append("g").attr("class", "axis x");
    this.axisWords = this.svg.append("text").attr("class", "axis-words").attr("text-anchor", "end").text(time.words);
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.curves = styles.map((style) =>
      this.svg.append("path").attr("class", "curve small").style("stroke", style.colour).attr("stroke-dasharray", style.dash ?? null),
    );
    this.labels = styles.map((style) =>
      this.svg.append("text").attr("class", relative ? "curve-label pair" : "pair").style("fill", style.textColour),
    );
  }

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.drawn = 0;
    const axes = width >= ROOM_FOR_AXES;
    size(this.svg, width, height);
    this.x.domain([-this.time.lead, this.time.span]).range([axes ? LEFT : 1, width - 6]);
    // Room for the numbers: one line where they stand side by side, two where they do not.
    this.y.range([height - (axes ? 42 : 4), axes || this.labels.length < 2 ? 30 : 48]);
    put(this.xAxis, { visibility: axes ? null : "hidden", transform: `translate(0,${height - 42})` });
    put(this.yAxis, { visibility: axes ? null : "hidden" });
    put(this.axisWords, { visibility: axes ? null : "hidden", x: width - 6, y: height - 5 });
    if (axes) timeAxis(this.xAxis, this.x, this.time, width < 300 ? 3 : 5);
    this.labels.forEach((label, k) => put(label, { x: axes ? LEFT + (k * (width - LEFT)) / 2 : 1, y: axes ? 18 : 17 + 19 * k }));
  }

  update(runs: readonly Float64Array[], words: readonly string[], still: boolean): void {
    if (!this.width) return;
    const [, highest] = extent(runs);
    const top = this.top.fit(Math.max(highest, this.relative ? 100 : 1e-9), still);
    const [left, right] = this.x.range();
    if (top !== this.drawn) {
      this.drawn = top;
      this.y.domain([0, top]);
      levelAxis(this.yAxis, this.x, this.y, 3);
      put(this.ghost, { d: this.relative ? `M${left},${this.y(100)}H${right}` : null });
    }
    const rest = this.relative ? 100 : 0;
    this.curves.forEach((curve, k) => {
      put(curve, { d: runPath(this.x, this.y, this.time, runs[k], rest) });
      write(this.labels[k], words[k]);
    });
  }
}

export class DrugLab extends Lab {
  private readonly sides: Side[] = [
    { letter: "A", drug: "drug", dose: "dose" },
    ...(this.spec.comparing ? [{ letter: "B", drug: "other_drug", dose: "other_dose" } as const] : []),
  ];
  private fingerprint: Bars | null = null;
  private terminals: { chart: PairChart; holder: HTMLElement; runs: Float64Array[]; outcomes: Outcome[] }[] = [];
  private blood: { chart: PairChart; holder: HTMLElement; title: HTMLElement; experiment: Experiment; runs: Float64Array[]; key: string } | null = null;
  /** Targets that are hardly touched, or of which nothing is known, in one line. */
  private readonly little = document.createElement("p");
  private facts: HTMLElement[] = [];
  private legends: HTMLElement[] = [];

  protected override async loadModels(): Promise<void> {
    await super.loadModels();
    const { spec, part } = this;
    const oral = new Experiment(await loadModel(spec.kinetics), 24 * spec.days);
    oral.set("doses", spec.days + 1);
    const runs = this.sides.map(() => new Float64Array(oral.times.length));
    const time = { times: oral.times, lead: 0, span: oral.span, factor: 1 / 24, unit: "day", words: "days of tablets" };
    const blood = figure(`${this.id}-blood`, "");
    part.charts.prepend(blood.element);
    blood.element.classList.add("lab-blood");
    this.blood = {
      ...blood,
      experiment: oral,
      runs,
      key: "",
      chart: new PairChart(blood.holder, `${this.id}-blood`, time, this.styles("ink", "ink"), false),
    };
  }

  /** Called once the models are there: the fingerprint, the concentration, the facts and the terminals. */
  protected override drawOnce(): void {
    const { spec, part, experiments } = this;
    for (const [k, side] of this.sides.entries()) {
      this.follow(side, false);
      this.listen(`change:${side.drug}`, () => this.onChoice(side));
      const legend = document.createElement("span");
      legend.className = "lab-legend";
      legend.dataset.side = String(k);
      this.legends.push(legend);
    }
    const title = "How much of each target is occupied, on average over the day";
    this.fingerprint = new Bars(title, spec.rows, this.sides.length, [AIMED_AT, ELSEWHERE]);
    this.little.className = "lab-scan-words";
    const print = document.createElement("div");
    print.className = "lab-fingerprint";
    print.append(this.fingerprint.element, this.little, note());
    (this.gate?.element ?? part.head).after(print);

    const facts = document.createElement("div");
    facts.className = "lab-facts";
    for (const _ of this.sides) {
      const section = document.createElement("div");
      facts.append(section);
      this.facts.push(section);
    }
    part.charts.append(facts);

    const row = document.createElement("div");
    row.className = "lab-terminals";
    experiments.forEach((experiment, k) => {
      const given = spec.models[k];
      const made = figure(`${this.id}-terminal-${k}`, `${capital(given.transmitter)}, % of rest`);
      row.append(made.element);
      const time = { times: experiment.times, lead: spec.span / 12, span: spec.span, factor: 1, unit: "hour", words: "hours" };
      this.terminals.push({
        ...made,
        runs: this.sides.map(() => new Float64Array(experiment.times.length)),
        outcomes: [],
        chart: new PairChart(made.holder, `${this.id}-terminal-${k}`, time, this.styles(given.hue, `${given.hue}-text`), true),
      });
    });
    part.main.classList.add("lab-follows");
    const key = document.createElement("div");
    key.className = "lab-legends";
    key.append(...this.legends);
    part.mainTitle.textContent = spec.mainTitle;
    part.mainHolder.replaceWith(row);
    part.mainTitle.after(key);
    for (const rest of [part.small, part.scan, part.traces, part.raster, part.bars, part.claims, part.people]) rest.remove();
    // It spans the card below the fingerprint and the concentration.
    part.charts.after(part.main);
    this.resize();
  }

  protected override resizeCharts(phone: boolean): void {
    // On a phone the three stand side by side in small, so that they stay in view over the sliders.
    for (const { chart, holder } of this.terminals) {
      const width = holder.clientWidth;
      if (width) chart.resize(width, width < ROOM_FOR_AXES ? 108 : 176);
    }
    if (this.blood?.holder.clientWidth) this.blood.chart.resize(this.blood.holder.clientWidth, phone ? 150 : 190);
  }

  // -- choosing -----------------------------------------------------------------------------------------------------

  private medicine(side: Side): MedicineSpec {
    const { medicines } = this.spec;
    return medicines[Math.min(medicines.length - 1, Math.max(0, Math.round(Number(this.model.get(side.drug)))))];
  }

  /** Give a side's slider the range and the words of its medicine; `dosed`: and its lowest usual dose. */
  private follow(side: Side, dosed: boolean): void {
    const medicine = this.medicine(side);
    const control = this.spec.controls.find(({ name }) => name === side.dose);
    if (!control) return;
    control.maximum = medicine.high;
    control.step = medicine.step;
    control.high = `${grouped(medicine.high)} mg`;
    control.landmarks = medicine.low < 0.8 * medicine.high ? [[medicine.low, "lowest usual dose"]] : [];
    control.label = this.spec.comparing ? `Dose of ${side.letter}, ${medicine.name}` : `Dose of ${medicine.name}`;
    control.phrase = `{value} of ${medicine.name}`;
    control.said = [[0, `no ${medicine.name}`]];
    const label = this.box?.querySelector(`.lab-param-${side.dose} .widget-label`);
    if (label) label.textContent = control.label;
    if (!dosed) {
      this.sliders?.redress(side.dose);
      return;
    }
    const dose = Math.min(Number(this.model.get(side.dose)), medicine.high);
    this.model.set(side.dose, dose);
    this.model.set(`${side.dose}_max`, medicine.high);
    this.model.set(`${side.dose}_step`, medicine.step);
    this.model.set(side.dose, medicine.low);
    this.model.save_changes();
    this.sliders?.redress(side.dose);
  }

  private onChoice(side: Side): void {
    if (this.applying) return;
    cancelAnimationFrame(this.glide);
    this.moved = null;
    this.applying = true;
    try {
      this.follow(side, true);
    } finally {
      this.applying = false;
    }
    this.fixGuess(false);
    this.redraw();
  }

  protected override values(): Record<string, number> {
    const found: Record<string, number> = {};
    for (const side of this.sides) {
      found[side.drug] = Number(this.model.get(side.drug));
      found[side.dose] = Number(this.model.get(side.dose));
    }
    return found;
  }

  protected override restValues(): Record<string, number> {
    return { ...this.spec.start };
  }

  protected override apply(values: Record<string, number>): void {
    this.applying = true;
    try {
      for (const side of this.sides) {
        const chosen = values[side.drug];
        if (Number.isInteger(chosen) && chosen >= 0 && chosen < this.spec.medicines.length && chosen !== Number(this.model.get(side.drug))) {
          this.model.set(side.drug, chosen);
          this.model.save_changes();
          this.follow(side, true);
        }
      }
    } finally {
      this.applying = false;
    }
    super.apply(values);
  }

  /** Medicines change at once, doses glide. */
  protected override glideTo(target: Record<string, number>): void {
    const chosen: Record<string, number> = {};
    for (const { drug } of this.sides) if (target[drug] !== undefined) chosen[drug] = target[drug];
    this.apply(chosen);
    super.glideTo(target);
  }

  // -- computing ----------------------------------------------------------------------------------------------------

  private occupancy(medicine: MedicineSpec, target: string, dose: number): number | null {
    const found = medicine.targets[target];
    return found ? (found.maximum * dose) / (dose + found.half) : null;
  }

  /** Set what a dose does at terminal `k`. */
  private dosed(k: number, medicine: MedicineSpec, dose: number): Record<string, number> {
    const settings: Record<string, number> = {};
    for (const [parameter, target] of Object.entries(this.spec.effects[k])) {
      const left = target.startsWith("-");
      const held = this.occupancy(medicine, left ? target.slice(1) : target, dose) ?? 0;
      settings[parameter] = left ? 1 - held : held;
    }
    return settings;
  }

  protected override compute(): void {
    this.sides.forEach((side, s) => {
      const medicine = this.medicine(side);
      const dose = Number(this.model.get(side.dose));
      this.terminals.forEach(({ runs, outcomes }, k) => {
        const experiment = this.experiments[k];
        for (const [parameter, value] of Object.entries(this.dosed(k, medicine, dose))) experiment.set(parameter, value);
        outcomes[s] = experiment.run();
        this.fill(k, experiment, "extracellular", runs[s]);
      });
    });
    this.outcomes = this.terminals.map(({ outcomes }) => outcomes[0]);
    this.inBlood();
  }

  /** The first days of daily tablets, scaled so that the mean of the steady state is the one measured. */
  private inBlood(): void {
    const { blood } = this;
    if (!blood) return;
    const key = JSON.stringify(this.values());
    if (key === blood.key) return;
    blood.key = key;
    this.sides.forEach((side, s) => {
      const medicine = this.medicine(side);
      const { experiment } = blood;
      const half = medicine.half_life ?? 24;
      experiment.set("half_life", half);
      experiment.set("dose", 1);
      experiment.run();
      experiment.series("concentration", blood.runs[s]);
      const mean = experiment.atOnce("steady_mean");
      const dose = Number(this.model.get(side.dose));
      const level = this.absolute() ? (medicine.concentration ?? 0) * dose : dose > 0 ? 100 : 0;
      for (let i = 0; i < blood.runs[s].length; i++) blood.runs[s][i] *= level / mean;
    });
  }

  /** Whether concentrations are known for all that is shown; otherwise each is given in % of its own steady mean. */
  private absolute(): boolean {
    return this.sides.every((side) => this.medicine(side).concentration !== null);
  }

  protected override answer(prediction: PredictionSpec): { shown: number; when: string; amount?: string } {
    const medicine = this.spec.medicines[prediction.scenario.drug];
    const { dose } = prediction.scenario;
    if (prediction.absolute) {
      const held = this.occupancy(medicine, prediction.output, dose) ?? 0;
      return { shown: 100 * held, when: "", amount: `${percentOf(held)} of ${prediction.output}` };
    }
    const k = this.spec.models.findIndex(({ name }) => name === prediction.output);
    const experiment = this.experiments[k];
    const { end } = experiment.endUnder(this.dosed(k, medicine, dose), "extracellular");
    return { shown: end / experiment.baseline.extracellular, when: "" };
  }

  // -- showing ------------------------------------------------------------------------------------------------------

  protected override paint(still: boolean): void {
    const { spec, blood } = this;
    const held = this.sides.map((side): BarValue[] => {
      const medicine = this.medicine(side);
      const dose = Number(this.model.get(side.dose));
      return spec.rows.map(({ target }) => {
        const found = medicine.targets[target];
        return { value: this.occupancy(medicine, target, dose), basis: found?.basis, bound: found?.bound };
      });
    });
    this.arrange();
    this.fingerprint?.update(held);
    this.sides.forEach((side, s) => {
      const medicine = this.medicine(side);
      const dose = Number(this.model.get(side.dose));
      const taken = dose > 0 ? `${grouped(clean(dose))}\u00a0mg` : "none";
      const words = `${capital(medicine.name)}, ${taken}`;
      const named = spec.comparing ? `${side.letter}: ${words}` : words;
      if (spec.comparing) this.fingerprint?.name(s, side.letter, capital(medicine.name), taken);
      if (this.legends[s].textContent !== named) this.legends[s].textContent = named;
      this.writeFacts(s, medicine);
    });
    for (const { chart, runs } of this.terminals) {
      chart.update(runs, runs.map((values, s) => this.lettered(s, percentOf(values[values.length - 1] / 100))), still);
    }
    if (!blood) return;
    const unit = this.absolute() ? "ng/ml" : "% of its own steady mean";
    const title = `In the blood, one tablet a day, ${unit}`;
    if (blood.title.textContent !== title) blood.title.textContent = title;
    const last = (values: Float64Array) => {
      const mean = this.absolute() ? meanOfLastDay(values, spec.days) : values[values.length - 1];
      return this.absolute() ? `mean ${round(mean, 3)}` : `${round(mean, 3)}${THIN}%`;
    };
    blood.chart.update(blood.runs, blood.runs.map((values, s) => this.lettered(s, last(values))), still);
  }

  /** What the medicines shown are named for first, then the rest; what is hardly touched in one line. */
  private arrange(): void {
    const { rows } = this.spec;
    const shown = this.sides.map((side) => this.medicine(side));
    // By what the highest usual dose does, so that a row does not come and go under the hand.
    const most = (target: string) => Math.max(...shown.map((medicine) => this.occupancy(medicine, target, medicine.high) ?? -1));
    const small = rows.filter(({ target }) => most(target) >= 0 && most(target) < LITTLE);
    this.fingerprint?.arrange(
      rows.map(({ target }) => {
        if (most(target) < LITTLE) return null;
        return ALWAYS_AIMS.includes(target) || shown.some(({ aims }) => aims.includes(target)) ? 0 : 1;
      }),
    );
    const words = small.length ? `Below 1 % even at the highest usual dose: ${small.map(({ label }) => label).join(", ")}.` : "";
    if (this.little.textContent !== words) this.little.textContent = words;
    this.little.hidden = !words;
  }

  private lettered(side: number, words: string): string {
    return this.spec.comparing ? `${this.sides[side].letter} ${words}` : words;
  }

  private writeFacts(side: number, medicine: MedicineSpec): void {
    const section = this.facts[side];
    if (section.dataset.drug === medicine.name) return;
    section.dataset.drug = medicine.name;
    const title = document.createElement("div");
    title.className = "lab-facts-name";
    title.textContent = this.spec.comparing ? `${this.sides[side].letter}: ${capital(medicine.name)}` : capital(medicine.name);
    const facts = document.createElement("dl");
    for (const [term, words] of medicine.facts) {
      const pair = document.createElement("div");
      const dt = document.createElement("dt");
      const dd = document.createElement("dd");
      dt.textContent = term;
      dd.append(...unbroken(words));
      pair.append(dt, dd);
      facts.append(pair);
    }
    section.replaceChildren(title, facts);
  }

  protected override sentence(): string {
    const told = this.sides.map((side, s) => {
      const medicine = this.medicine(side);
      const dose = Number(this.model.get(side.dose));
      if (dose === 0) return `No ${medicine.name}: nothing is occupied, and the terminals stay at rest.`;
      const held = this.spec.rows
        .map(({ label, target }) => ({ label, value: this.occupancy(medicine, target, dose) ?? 0 }))
        .filter(({ value }) => value >= 0.05)
        .sort((a, b) => b.value - a.value)
        .slice(0, 4)
        .map(({ label, value }) => `${percentOf(value)} of ${label}`);
      const start = `At ${grouped(clean(dose))}${THIN}mg a day, ${medicine.name} occupies ${held.length ? list(held) : "less than 5 % of any target"}`;
      const follows = this.terminals.map(({ runs }, k) => {
        const fold = runs[s][runs[s].length - 1] / 100;
        return { name: this.spec.models[k].transmitter, fold };
      });
      const moved = follows.filter(({ fold }) => Math.abs(fold - 1) >= 0.02);
      const effect = moved.length
        ? list(moved.map(({ name, fold }) => `${name} goes to ${fold >= 1 ? times(fold) : percentOf(fold)} rest`.replace("% rest", "% of rest")))
        : "no terminal moves by 2 %";
      return `${start}; ${effect}.`;
    });
    const locked = Boolean(this.model.get("locked"));
    return [...told, locked ? "Choose an answer above to unlock the lab." : ""].filter(Boolean).join(" ");
  }

  protected override numbers(times: Float64Array, forFile: boolean): Numbers {
    const { spec } = this;
    const columns: Numbers["columns"] = [{ title: "Hours after the change", unit: "" }];
    const given: Float64Array[] = [];
    this.experiments.forEach((experiment, k) => {
      this.sides.forEach((side, s) => {
        const medicine = this.medicine(side);
        const settings = this.dosed(k, medicine, Number(this.model.get(side.dose)));
        for (const [parameter, value] of Object.entries(settings)) experiment.set(parameter, value);
        const [level] = experiment.tabulate(["extracellular"], times);
        const title = `${capital(spec.models[k].transmitter)}, ${this.lettered(s, medicine.name)}`;
        columns.push({ title, unit: "% of rest" });
        given.push(level.map((value) => (100 * value) / experiment.baseline.extracellular));
      });
    });
    const held = this.sides.map((side) => ({ side, medicine: this.medicine(side), dose: Number(this.model.get(side.dose)) }));
    if (forFile) for (const { medicine } of held) columns.push({ title: `Dose of ${medicine.name}`, unit: "mg a day" });
    const lines = Array.from(times, (time, row) => [
      round(time, 4),
      ...given.map((column) => (forFile ? round(column[row], 6) : column[row].toFixed(1))),
      ...(forFile ? held.map(({ dose }) => String(clean(dose))) : []),
    ]);
    const at = held.map(({ medicine, dose }) => `${capital(medicine.name)}: ${grouped(clean(dose))} mg a day`);
    return { caption: `The numbers of this run. ${at.join("; ")}.`, columns, rows: lines };
  }

  private styles(hue: string, text: string): CurveStyle[] {
    const style = { colour: `var(--ls-${hue})`, textColour: `var(--ls-${text})`, name: "" };
    return this.sides.map((_, s) => (s ? { ...style, dash: "5 4" } : style));
  }
}

function meanOfLastDay(values: Float64Array, days: number): number {
  const from = Math.floor((values.length - 1) * (1 - 1 / days));
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += values[i];
  return sum / (values.length - from);
}

function figure(id: string, words: string) {
  const element = document.createElement("figure");
  const title = document.createElement("figcaption");
  title.id = id;
  title.textContent = words;
  const holder = document.createElement("div");
  holder.className = "lab-plot";
  element.append(title, holder);
  return { element, title, holder };
}

/** How to read the bars. */
function note(): HTMLElement {
  const element = document.createElement("p");
  element.className = "lab-scan-words";
  element.textContent =
    "Filled: measured in people. Hatched: reckoned from affinity in the test tube and the unbound concentration in blood; it can be far off.";
  return element;
}
