/** One lab, from its traits to its picture. It uses only the widget model's get/set/on/save_changes and the DOM. */
import { createScene, type Scene } from "./scene/index";
import { Bars } from "./charts/bars";
import { Claims, news } from "../model/claims";
import { ClaimsList } from "./claims-list";
import { extent, ScanChart, SmallChart, TimeChart, type CurveStyle, type ScanData, type TimeAxis } from "./charts/chart";
import { Experiment, type Outcome } from "../model/experiment";
import { findings, furthest } from "../words/findings";
import { Gate } from "./gate";
import { loadModel } from "../model/module";
import { PeopleChart, peopleWords } from "./charts/people";
import { InSlices, Population, summary } from "../model/population";
import { keepKeys, Sliders } from "./sliders";
import { SolverError } from "../model/solver";
import { tableTimes } from "./charts/scale";
import { moments, RasterChart, TraceChart } from "./charts/traces";
import { button, csv, download, fillTable, forget, permalink, readPermalink, share, type Numbers } from "./tools";
import { type LabSpec, type OutputSpec, type PointSpec, type PredictionSpec, type WidgetModel } from "./types";
import { atRest, capital, clean, grouped, percentOf, round, sentence, SETTLED, shownValue, signed, THIN, timeWords, unbroken, type Findings } from "../words/words";

/** Lines of several cases of one model, told apart without a colour. */
const DASHES = [undefined, "9 5", "2 4.5", "12 4 2 4"];
const WIDE = 640;
/** From here on three sliders stand in a row. */
const ROOMY = 820;
const GLIDE_MS = 900;
const SENTENCE_MS = 200;
/** Of each frame, what claims may take while a slider moves. */
const CLAIMS_MS = 2.5;
const FILE_ROWS = 241;
let labsMade = 0;

export class Lab {
  protected readonly id: string;
  protected readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  protected readonly part: ReturnType<typeof makeParts>;
  protected readonly gate: Gate | null;
  protected box: HTMLElement | null = null;
  protected sliders: Sliders | null = null;
  protected experiments: Experiment[] = [];
  protected main: TimeChart | null = null;
  protected small: { output: string; chart: SmallChart; holder: HTMLElement; values: Float64Array }[] = [];
  protected traces: { output: string; chart: TraceChart; holder: HTMLElement; values: Float64Array }[] = [];
  protected raster: { chart: RasterChart; values: Float64Array; now: number; before: number } | null = null;
  protected bars: { table: Bars; before: number[] } | null = null;
  /** For outputs drawn in their own unit: the furthest value of the run the lab opened with. */
  protected mainBefore: number | null = null;
  protected scan: ScanChart | null = null;
  protected scanAtRest: ScanData | null = null;
  protected scanNow: ScanData | null = null;
  protected scanKey = "";
  protected claims: { judge: Claims; list: ClaimsList } | null = null;
  /** For which settings the number of claims that hold was last said, and in which words if it had changed. */
  protected claimsSaid = { key: "", held: "", words: "" };
  protected people: { crowd: Population; chart: PeopleChart } | null = null;
  protected peopleKey = "";
  protected readonly slices = new InSlices();
  protected scene: Scene | null = null;
  protected series: Float64Array[] = [];
  protected outcomes: Outcome[] = [];
  protected moved: string | null = null;
  protected applying = false;
  protected frame = 0;
  protected glide = 0;
  protected sentenceTimer = 0;
  protected noticeTimer = 0;
  protected stale = false;
  protected sized: ResizeObserver | null = null;
  protected readonly undo: (() => void)[] = [];

  constructor(
    protected readonly model: WidgetModel,
    protected readonly spec: LabSpec,
    protected readonly root: HTMLElement,
  ) {
    labsMade += 1;
    this.id = `lab-${spec.name.replace(/[^\w-]+/g, "-")}-${labsMade}`;
    this.part = makeParts(this.id, spec);
    this.gate = spec.prediction
      ? new Gate(spec.prediction, this.id, {
          choose: (index) => this.choose(index),
          reveal: () => this.showAnswer(),
        })
      : null;
  }

  async start(gone: AbortSignal): Promise<void> {
    try {
      const box = await this.findBox(gone);
      if (!box) return;
      this.open(box);
      await this.loadModels();
      if (gone.aborted) return;
      this.drawOnce();
      this.followLink(true);
      this.redraw();
      this.say();
    } catch (error) {
      this.refuse(error);
    }
  }

  protected async loadModels(): Promise<void> {
    const { models, span, cases } = this.spec;
    const loaded = await Promise.all(models.map((given) => loadModel(given.javascript)));
    this.experiments = cases.length
      ? cases.map(({ settings }) => new Experiment(loaded[0], span, settings))
      : loaded.map((each) => new Experiment(each, span));
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.glide);
    clearTimeout(this.sentenceTimer);
    clearTimeout(this.noticeTimer);
    this.slices.cancel();
    this.undo.forEach((action) => action());
    this.sized?.disconnect();
    this.sliders?.destroy();
    this.scene?.destroy();
    this.part.tail.remove();
    this.root.replaceChildren();
  }

  // -- building ---------------------------------------------------------------------------------------------------

  /** The VBox around this view and its sliders; a LabView shown on its own is its own box. */
  protected async findBox(gone: AbortSignal): Promise<HTMLElement | null> {
    for (let tries = 0; tries < 300 && !gone.aborted; tries++) {
      const box = this.root.closest<HTMLElement>(".synapse-lab");
      if (box) return box;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (gone.aborted) return null;
    this.root.classList.add("synapse-lab");
    return this.root;
  }

  protected open(box: HTMLElement): void {
    const { spec, part } = this;
    this.box = box;
    // Several messengers share their sliders: those take no one's hue.
    const hue = spec.models.length > 1 ? "ink-soft" : spec.models[0].hue;
    box.style.setProperty("--lab-hue", `var(--ls-${hue})`);
    box.style.setProperty("--lab-hue-text", `var(--ls-${spec.models.length > 1 ? "ink" : `${hue}-text`})`);
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", `${this.id}-title`);
    box.toggleAttribute("data-scene", spec.scene);
    this.root.replaceChildren(...part.front(this.gate?.element));
    // What stands below the sliders also comes after them for the keyboard and for a screen reader.
    box.append(part.tail);

    const presets = Object.entries(spec.presets);
    const lead = document.createElement("span");
    lead.className = "lab-hint";
    lead.textContent = "Try";
    part.presets.append(lead);
    for (const [words, values] of presets) part.presets.append(button(words, () => this.applyPreset(values)));
    if (!presets.length) part.presets.remove();

    part.tools.append(
      button("Reset", () => this.reset(), "Back to the settings this lab opened with"),
      button("Link", () => void this.share(), "Copy a link that restores these settings"),
      button("CSV", () => this.saveCsv(), "Save the numbers of this run as a file"),
    );
    part.table.addEventListener("toggle", () => this.fillTable());

    for (const element of [this.root, part.tail]) keepKeys(element.querySelectorAll("button, input, summary, [tabindex]"));

    const read = (name: string) => Number(this.model.get(name));
    this.sliders = new Sliders(box, spec.controls, this.id, read, this.gate?.reasonId ?? `${this.id}-title`);

    for (const control of spec.controls) this.listen(`change:${control.name}`, () => this.onMove(control.name));
    this.listen("change:locked", () => {
      this.sliders?.setLocked(Boolean(this.model.get("locked")));
      this.say();
    });
    this.sliders.setLocked(Boolean(this.model.get("locked")));
    const guess = Number(this.model.get("guess"));
    if (this.gate && guess >= 0) this.gate.restore(guess);

    const onHash = () => this.followLink(false);
    window.addEventListener("hashchange", onHash);
    this.undo.push(() => window.removeEventListener("hashchange", onHash));
    const onMotion = () => this.updateScene();
    this.calm.addEventListener("change", onMotion);
    this.undo.push(() => this.calm.removeEventListener("change", onMotion));

    this.sized = new ResizeObserver(() => this.resize());
    this.sized.observe(box);
    this.sized.observe(part.scene);
    this.resize();
  }

  protected listen(event: string, callback: () => void): void {
    this.model.on(event, callback);
    this.undo.push(() => this.model.off(event, callback));
  }

  /** Everything that is made once the models are there. */
  protected drawOnce(): void {
    const { spec, part, experiments } = this;
    const [first] = experiments;
    for (const experiment of experiments) {
      for (const output of this.drawnOutputs()) {
        if (!experiment.has(output)) throw new SolverError(`The model "${experiment.model.name}" has no "${output}" to draw.`);
      }
    }
    part.mainTitle.textContent += this.isRelative(0, spec.main) ? ", % of baseline" : comma(unitShown(spec.outputs[0][spec.main]));
    const time: TimeAxis = {
      times: first.times,
      lead: spec.span / 12,
      span: spec.span,
      factor: spec.timeFactor,
      unit: spec.timeUnit,
      words: `${spec.timeUnit}s after the change`,
    };
    const style = (hue: string, name: string) => ({ colour: `var(--ls-${hue})`, textColour: `var(--ls-${hue}-text)`, name });
    const own = style(spec.models[0].hue, "");
    this.main = new TimeChart(
      part.mainHolder,
      `${this.id}-main`,
      time,
      spec.cases.length
        ? spec.cases.map(({ name }, k) => ({ ...own, name, dash: DASHES[k % DASHES.length] }))
        : spec.models.map((given) => style(given.hue, capital(given.transmitter))),
      this.isRelative(0, spec.main),
    );
    this.series = experiments.map(({ times }) => new Float64Array(times.length));
    this.compareWithStart(time, own);
    for (const [i, output] of spec.small.entries()) {
      const holder = document.createElement("figure");
      const caption = document.createElement("figcaption");
      caption.id = `${this.id}-small-${i}`;
      caption.textContent = spec.outputs[0][output].short;
      const plot = document.createElement("div");
      holder.append(caption, plot);
      part.small.append(holder);
      const enzyme = output === "metabolite";
      const look = enzyme
        ? { colour: "var(--ls-enzyme)", textColour: "var(--ls-enzyme)", name: "" }
        : style(spec.models[0].hue, "");
      this.small.push({
        output,
        holder: plot,
        chart: new SmallChart(plot, caption.id, time, look),
        values: new Float64Array(first.times.length),
      });
    }
    if (!spec.small.length) part.small.remove();

    const scanned = spec.controls.find((control) => control.name === spec.scan);
    if (scanned) {
      const words = spec.outputs[0][spec.scanOutput];
      const kind = this.isRelative(0, spec.scanOutput) ? "relative" : words.unit === "percent" ? "percent" : "own";
      part.scanTitle.textContent =
        spec.scanOutput === spec.main
          ? `Where it settles, ${kind === "relative" ? "% of baseline" : unitShown(words)}`
          : `${words.title}${kind === "relative" ? ", % of baseline" : comma(unitShown(words))}`;
      if (spec.scanPoints.length) part.scan.append(pointWords(spec.scanPoints));
      this.scan = new ScanChart(
        part.scanHolder,
        `${this.id}-scan`,
        scanned.minimum,
        scanned.maximum,
        (value) => (scanned.unit === "percent" ? `${round(100 * value, 3)}` : String(clean(value * (scanned.scale ?? 1)))),
        [scanned.label, { percent: "%", times: "times normal" }[scanned.unit] ?? scanned.unit].filter(Boolean).join(", "),
        own,
        kind,
        spec.scanPoints,
      );
      this.scanAtRest = this.makeScan(first);
    } else {
      part.scan.remove();
    }

    if (spec.claims.length) {
      const list = new ClaimsList(this.id, spec.claims);
      part.claims.replaceWith(list.element);
      this.claims = { judge: new Claims(first.model, spec.claims, spec.span), list };
    } else {
      part.claims.remove();
    }

    if (spec.population) {
      const names = spec.controls.map((control) => control.name);
      this.people = {
        crowd: new Population(first.model, spec.population, names, spec.main, spec.span),
        chart: new PeopleChart(part.peopleHolder, part.peopleTitle.id, part.peopleWords.id, style(spec.models[0].hue, "")),
      };
      part.peopleTitle.textContent = `The same change in ${grouped(spec.population.n)} people`;
      part.peopleWords.textContent = "Settling everyone …";
    } else {
      part.people.remove();
    }

    if (spec.scene) {
      const given = spec.models[0];
      try {
        this.scene = createScene(part.scene, {
          transmitter: given.hue,
          symbol: given.symbol,
          labels: { transmitter: given.transmitter, precursor: given.precursor, metabolite: given.metabolite },
          transporter: given.transporter,
          enzyme: given.enzyme,
          constant: given.constant,
          autoreceptorSignal: given.autoreceptor_signal,
        });
      } catch (error) {
        // Without its drawing the lab still answers.
        console.error("The synapse could not be drawn.", error);
        this.box?.removeAttribute("data-scene");
        part.scene.remove();
      }
    }
    this.resize();
  }

  protected resize(): void {
    const { box } = this;
    if (!box) return;
    const width = box.clientWidth;
    if (!width) return;
    const wide = width >= WIDE;
    box.dataset.size = wide ? "wide" : "narrow";
    box.toggleAttribute("data-roomy", width >= ROOMY);
    this.resizeCharts(!wide);
    this.sliders?.layout();
    if (this.outcomes.length && !box.hasAttribute("data-refused")) this.paint(true);
  }

  protected resizeCharts(phone: boolean): void {
    const { part } = this;
    const chartWidth = part.mainHolder.clientWidth;
    for (const { chart, holder } of [...this.small, ...this.traces]) if (holder.clientWidth) chart.resize(holder.clientWidth);
    if (this.raster && part.rasterHolder.clientWidth) this.raster.chart.resize(part.rasterHolder.clientWidth);
    if (this.scan && part.scanHolder.clientWidth) this.scan.resize(part.scanHolder.clientWidth, phone ? 180 : 166);
    if (this.people && part.peopleHolder.clientWidth) this.people.chart.resize(part.peopleHolder.clientWidth);
    if (this.main && chartWidth) this.main.resize(chartWidth, this.mainHeight(phone, chartWidth));
  }

  /** Beside the drawing the large chart takes what is left of its height, so that both columns end together. */
  protected mainHeight(phone: boolean, chartWidth: number): number {
    // Of four curves the names and numbers at the right need more.
    if (phone) return window.innerHeight < 520 ? 140 : Math.max(184, 60 + 40 * this.labelled());
    const usual = this.scan || this.traces.length || this.raster ? 236 : Math.min(350, Math.max(250, 0.74 * chartWidth));
    const scene = this.scene ? this.part.scene.clientHeight : 0;
    if (!scene) return usual;
    const others = this.part.charts.clientHeight - this.part.mainHolder.clientHeight;
    return Math.round(Math.min(480, Math.max(this.scan ? 200 : 250, scene - others)));
  }

  /** How many curves of the main chart have a number at their end. */
  private labelled(): number {
    return this.spec.cases.length || this.experiments.length;
  }

  // -- the reader acts ----------------------------------------------------------------------------------------------

  protected onMove(name: string): void {
    if (!this.applying) {
      cancelAnimationFrame(this.glide);
      this.moved = name;
      this.fixGuess(false);
    }
    this.sliders?.refresh(name);
    if (!this.applying) this.redraw();
  }

  /** Answer the first change of a frame at once, and all that follow it in the same frame with one more picture. */
  protected redraw(): void {
    if (this.frame) {
      this.stale = true;
      return;
    }
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.stale) this.redraw();
    });
    this.stale = false;
    this.update();
  }

  protected choose(index: number): void {
    this.model.set("guess", index);
    this.model.set("locked", false);
    this.model.save_changes();
  }

  protected showAnswer(): void {
    const { prediction } = this.spec;
    if (!prediction) return;
    const target = this.asked();
    this.moved = null;
    this.fixGuess(true);
    this.glideTo(target);
  }

  /** From now on the guess stands; its verdict is computed for the question's own scenario. */
  protected fixGuess(moveFocus: boolean): void {
    const { prediction } = this.spec;
    const guess = Number(this.model.get("guess"));
    if (!prediction || !this.gate || this.gate.isRevealed || guess < 0 || !this.experiments.length) return;
    try {
      const { shown, when, amount } = this.answer(prediction);
      const reveal = () => this.gate?.reveal(guess, shown, when, moveFocus, amount);
      // The card grows shorter above the slider that is being moved; the slider stays in sight.
      if (moveFocus) reveal();
      else keepInView(document.activeElement, reveal);
    } catch (error) {
      this.refuse(error);
    }
  }

  /** What the model says to the prediction: as the choices count it, when, and in words where it has a unit. */
  protected answer(prediction: PredictionSpec): { shown: number; when: string; amount?: string } {
    const [experiment] = this.experiments;
    const { end, settled } = experiment.endUnder(prediction.scenario, prediction.output);
    const words = this.spec.outputs[0][prediction.output];
    const shown = prediction.absolute ? end * factorOf(words) : end / experiment.baseline[prediction.output];
    // The verdict gives the number the curve ends on.
    const settles = end === settled || Math.abs(settled / end - 1) < SETTLED;
    const when = settles && !prediction.absolute ? "" : ` after ${timeWords(this.shownSpan(), this.spec.timeUnit)}`;
    return { shown, when, amount: prediction.absolute ? inOwnUnit(words, shown) : undefined };
  }

  protected applyPreset(values: Record<string, number>): void {
    if (this.model.get("locked")) return;
    this.moved = null;
    this.fixGuess(false);
    this.glideTo({ ...this.restValues(), ...values });
  }

  protected reset(): void {
    if (this.model.get("locked")) return;
    cancelAnimationFrame(this.glide);
    this.moved = null;
    forget(this.spec.name);
    this.apply(this.spec.start);
  }

  /** The settings the prediction is about; what it leaves out is at rest. */
  protected asked(): Record<string, number> {
    return { ...this.restValues(), ...this.spec.prediction?.scenario };
  }

  protected restValues(): Record<string, number> {
    return Object.fromEntries(this.spec.controls.map((control) => [control.name, control.rest]));
  }

  protected values(): Record<string, number> {
    // A slider of ten may say 10.000000000000002, which is one pulse more.
    return Object.fromEntries(this.spec.controls.map((control) => [control.name, clean(Number(this.model.get(control.name)))]));
  }

  /** Set several sliders at once; they follow through their links. */
  protected apply(values: Record<string, number>): void {
    this.applying = true;
    try {
      for (const control of this.spec.controls) {
        const value = values[control.name];
        if (value === undefined || !Number.isFinite(value)) continue;
        this.model.set(control.name, Math.min(control.maximum, Math.max(control.minimum, clean(value))));
      }
      this.model.save_changes();
    } finally {
      this.applying = false;
    }
    this.redraw();
  }

  protected glideTo(target: Record<string, number>): void {
    cancelAnimationFrame(this.glide);
    if (this.calm.matches) {
      this.apply(target);
      return;
    }
    const from = this.values();
    const begun = performance.now();
    const frame = (now: number) => {
      const share = Math.min(1, Math.max(0, (now - begun) / GLIDE_MS));
      const eased = share * share * (3 - 2 * share);
      const step: Record<string, number> = {};
      for (const name of Object.keys(from)) {
        step[name] = share === 1 ? target[name] : from[name] + (target[name] - from[name]) * eased;
      }
      this.apply(step);
      if (share < 1) this.glide = requestAnimationFrame(frame);
    };
    this.glide = requestAnimationFrame(frame);
  }

  protected followLink(first: boolean): void {
    const values = readPermalink(location.hash, this.spec.name);
    if (!values) return;
    if (this.model.get("locked")) {
      this.model.set("locked", false);
      this.gate?.skip();
    }
    this.moved = null;
    this.apply(values);
    if (first) this.box?.scrollIntoView({ block: "start" });
  }

  protected async share(): Promise<void> {
    const words = await share(permalink(this.spec.name, this.values()));
    this.part.notice.textContent = words;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = window.setTimeout(() => (this.part.notice.textContent = ""), 4000);
  }

  // -- computing and drawing ---------------------------------------------------------------------------------------

  protected isRelative(index: number, output: string): boolean {
    const own = this.spec.absolute.includes(output) || this.words(index, output)?.unit === "percent";
    return !own && this.experiments[index].baseline[output] > 1e-12;
  }

  protected drawnOutputs(): string[] {
    const { main, small, traces, raster, bars } = this.spec;
    return [main, ...small, ...traces, ...(raster ? [raster] : []), ...bars.map(([output]) => output)];
  }

  /** Words of an output of the curve `k`: several models have their own, several cases of one share them. */
  protected words(k: number, output: string): OutputSpec {
    return this.spec.outputs[this.spec.cases.length ? 0 : k][output];
  }

  protected shownSpan(): number {
    return this.spec.span * this.spec.timeFactor;
  }

  /** Traces, raster and bars, each with the run the lab opens with as its ghost. */
  protected compareWithStart(time: TimeAxis, own: CurveStyle): void {
    const { spec, part } = this;
    const [first] = this.experiments;
    for (const control of spec.controls) first.set(control.name, spec.start[control.name]);
    const opened = first.run();
    const series = (output: string) => first.series(output, new Float64Array(first.times.length));
    if (!this.isRelative(0, spec.main) && this.experiments.length === 1) {
      const before = new Float64Array(first.times.length);
      this.fill(0, first, spec.main, before);
      this.main?.compareWith(before);
      this.mainBefore = before[furthest(before)];
    }
    spec.traces.forEach((output, i) => {
      const holder = document.createElement("figure");
      const caption = document.createElement("figcaption");
      const words = spec.outputs[0][output];
      caption.id = `${this.id}-trace-${i}`;
      caption.textContent = `${words.title}${comma(unitShown(words))}`;
      const plot = document.createElement("div");
      holder.append(caption, plot);
      part.traces.append(holder);
      const before = series(output).map((value) => value * factorOf(words));
      const chart = new TraceChart(plot, caption.id, time, own, before);
      this.traces.push({ output, holder: plot, chart, values: new Float64Array(first.times.length) });
    });
    if (!spec.traces.length) part.traces.remove();
    if (spec.raster) {
      part.rasterTitle.textContent = spec.outputs[0][spec.raster].title;
      const before = moments(first.times, series(spec.raster));
      const chart = new RasterChart(part.rasterHolder, `${this.id}-raster`, time, own, before);
      this.raster = { chart, values: new Float64Array(first.times.length), now: before.length, before: before.length };
    } else {
      part.raster.remove();
    }
    if (spec.bars.length) {
      const table = new Bars(spec.barsTitle, spec.bars.map(([, label]) => ({ label })), 1);
      part.bars.append(table.element);
      this.bars = { table, before: spec.bars.map(([output]) => opened.end[output]) };
    } else {
      part.bars.remove();
    }
  }

  protected update(): void {
    if (!this.experiments.length || !this.box) return;
    try {
      this.compute();
      this.judge(CLAIMS_MS);
      this.interrupt();
      this.accept();
      this.paint(false);
    } catch (error) {
      this.refuse(error);
      return;
    }
    clearTimeout(this.sentenceTimer);
    this.sentenceTimer = window.setTimeout(() => this.say(), SENTENCE_MS);
  }

  /** Run what the settings ask for. */
  protected compute(): void {
    this.experiments.forEach((experiment) => {
      for (const [name, value] of Object.entries(this.values())) experiment.set(name, value);
    });
    this.outcomes = this.experiments.map((experiment) => experiment.run());
    this.experiments.forEach((experiment, k) => this.fill(k, experiment, this.spec.main, this.series[k]));
    for (const { output, values } of [...this.small, ...this.traces]) this.fill(0, this.experiments[0], output, values);
    if (this.raster && this.spec.raster) this.experiments[0].series(this.spec.raster, this.raster.values);
    if (this.scan) {
      const others = this.spec.controls.filter((control) => control.name !== this.spec.scan);
      const key = others.map((control) => this.model.get(control.name)).join();
      if (key !== this.scanKey) {
        this.scanKey = key;
        this.scanNow = this.makeScan(this.experiments[0]);
      }
    }
  }

  protected settingsKey(): string {
    return this.spec.controls.map((control) => Number(this.model.get(control.name))).join();
  }

  /** Judge the claims within `budget` ms; what is left over is judged when the sliders rest. */
  protected judge(budget: number): void {
    if (!this.claims) return;
    const { judge, list } = this.claims;
    judge.update(this.experiments[0].parameters, budget);
    list.update(judge.standings, Boolean(this.model.get("locked")));
  }

  /** How many claims hold, if that changed with the present settings; nothing otherwise, and nothing the first time. */
  protected claimsNews(): string {
    if (!this.claims) return "";
    this.judge(Infinity);
    const { standings } = this.claims.judge;
    const locked = Boolean(this.model.get("locked"));
    const key = `${this.settingsKey()} ${locked}`;
    const held = locked ? "" : standings.map(({ holds }) => holds).sort().join();
    const said = this.claimsSaid;
    if (key !== said.key) {
      const changed = said.held !== "" && held !== "" && held !== said.held;
      this.claimsSaid = { key, held, words: changed ? news(standings) : "" };
    }
    return this.claimsSaid.words;
  }

  /** Something moves: the people drawn are those of other settings. */
  protected interrupt(): void {
    if (!this.people || this.settingsKey() === this.peopleKey) return;
    this.slices.cancel();
    this.part.people.toggleAttribute("data-stale", true);
    this.peopleKey = "";
  }

  /** The sliders rest: let everybody settle, in the page's idle time. */
  protected settlePeople(): void {
    const { people, part, spec } = this;
    const key = this.settingsKey();
    if (!people || !spec.population || key === this.peopleKey) return;
    this.peopleKey = key;
    const { crowd, chart } = people;
    crowd.begin(this.experiments[0].parameters);
    this.slices.start(
      (late) => crowd.work(late),
      () => {
        const found = summary(crowd.folds);
        if (found) chart.update(found);
        const words = peopleWords(found, spec.population!, spec.outputs[0][spec.main].noun);
        if (part.peopleWords.textContent !== words) part.peopleWords.textContent = words;
        part.people.removeAttribute("data-stale");
      },
    );
  }

  /** One output's run as it is shown: in % of baseline where there is one, otherwise in its unit. */
  protected fill(k: number, experiment: Experiment, output: string, into: Float64Array): void {
    experiment.series(output, into);
    const factor = this.isRelative(k, output) ? 100 / experiment.baseline[output] : factorOf(this.words(k, output));
    for (let i = 0; i < into.length; i++) {
      into[i] *= factor;
      if (!Number.isFinite(into[i])) {
        throw new SolverError(`"${output}" cannot be calculated with these settings. Move a slider back, or press Reset.`);
      }
    }
  }

  protected makeScan(experiment: Experiment): ScanData {
    const control = this.spec.controls.find((candidate) => candidate.name === this.spec.scan)!;
    const { scanOutput, scanAtOnce } = this.spec;
    const data = experiment.scan(control.name, control.minimum, control.maximum, scanOutput, scanAtOnce);
    const factor = this.scanFactor();
    return { settings: data.settings, values: data.values.map((value) => factor * value) };
  }

  protected scanFactor(): number {
    const { scanOutput, outputs } = this.spec;
    return this.isRelative(0, scanOutput) ? 100 / this.experiments[0].baseline[scanOutput] : factorOf(outputs[0][scanOutput]);
  }

  /** `still`: nothing is being moved. The picture at rest then depends on the settings alone, not on the way there. */
  protected paint(still: boolean): void {
    const { spec } = this;
    const guess = this.shownGuess();
    this.main?.update(
      this.series.map((values, k) => ({ values, times: this.experiments[k].times, label: this.endLabel(k, spec.main, values) })),
      this.marker(),
      guess,
      still,
    );
    for (const { output, chart, values } of this.small) {
      chart.update({ values, label: this.endLabel(0, output, values) }, this.isRelative(0, output), still);
    }
    if (this.scan && this.scanAtRest && this.scanNow) {
      const [outcome] = this.outcomes;
      const value = spec.scanAtOnce ? this.experiments[0].atOnce(spec.scanOutput) : outcome.settles ? outcome.settled[spec.scanOutput] : NaN;
      const level = value * this.scanFactor();
      const words = this.isRelative(0, spec.scanOutput) ? percentOf(level / 100) : inOwnUnit(spec.outputs[0][spec.scanOutput], level);
      this.scan.update(this.scanAtRest, this.scanNow, Number(this.model.get(spec.scan!)), level, words, still);
    }
    for (const { output, chart, values } of this.traces) {
      const far = values[furthest(values)];
      chart.update(values, far, inOwnUnit(spec.outputs[0][output], far), still);
    }
    if (this.raster) {
      const found = moments(this.experiments[0].times, this.raster.values);
      this.raster.now = found.length;
      this.raster.chart.update(found);
    }
    const { end } = this.outcomes[0];
    this.bars?.table.update([spec.bars.map(([output], i) => ({ value: end[output], ghost: this.bars!.before[i] }))]);
    this.updateScene();
  }

  protected updateScene(): void {
    if (!this.scene || !this.outcomes.length) return;
    this.scene.update({
      baseline: this.experiments[0].baseline,
      now: this.outcomes[0].end,
      controls: this.values(),
      locked: Boolean(this.model.get("locked")),
      animate: !this.calm.matches,
    });
  }

  protected endLabel(k: number, output: string, values: Float64Array): string {
    const last = values[values.length - 1];
    if (this.isRelative(k, output)) return percentOf(last / 100);
    // What is left of a current long after its pulse is nothing.
    const nothing = Math.abs(last) < 0.005 * Math.max(...extent([values]).map(Math.abs));
    return inOwnUnit(this.words(k, output), nothing ? 0 : last);
  }

  /** The guess stands in the chart while the sliders show its own scenario. */
  protected shownGuess(): number | null {
    const { prediction } = this.spec;
    const guess = Number(this.model.get("guess"));
    if (!prediction || guess < 0 || prediction.output !== this.spec.main || !this.gate?.isRevealed) {
      return null;
    }
    const wanted = this.asked();
    const there = this.spec.controls.every((control) =>
      atRest({ ...control, rest: wanted[control.name] }, Number(this.model.get(control.name))),
    );
    return there ? (prediction.absolute ? 1 : 100) * prediction.choices[guess].value : null;
  }

  protected marker(): string {
    const changed = this.spec.controls.filter((control) => !atRest(control, Number(this.model.get(control.name))));
    const words = new Set(changed.map((control) => control.marker));
    if (words.size === 1) return [...words][0];
    return "change begins";
  }

  protected accept(): void {
    this.box?.removeAttribute("data-refused");
    if (this.part.alert.textContent) this.part.alert.textContent = "";
  }

  /** Say what is wrong in place of the curve; a picture of nonsense is never drawn. */
  protected refuse(error: unknown): void {
    if (!(error instanceof SolverError)) console.error(error);
    const words = error instanceof SolverError ? error.message : `This lab could not be drawn: ${String((error as Error)?.message ?? error)}`;
    this.box?.toggleAttribute("data-refused", true);
    this.part.alert.textContent = words;
    clearTimeout(this.sentenceTimer);
    this.part.sentence.textContent = "";
  }

  // -- words and numbers --------------------------------------------------------------------------------------------

  protected say(): void {
    if (!this.outcomes.length || this.box?.hasAttribute("data-refused")) return;
    this.paint(true);
    const all = [this.sentence(), this.claimsNews()].filter(Boolean).join(" ");
    if (this.part.sentence.textContent !== all) this.part.sentence.textContent = all;
    this.fillTable();
    this.settlePeople();
  }

  protected sentence(): string {
    return sentence({
      moved: this.spec.controls.find((control) => control.name === this.moved) ?? null,
      controls: this.spec.controls,
      values: this.values(),
      span: this.shownSpan(),
      timeUnit: this.spec.timeUnit,
      locked: Boolean(this.model.get("locked")),
      findings: this.experiments.map((_, k) => this.findings(k)),
      cases: this.spec.cases.length
        ? { noun: this.words(0, this.spec.main).noun, names: this.spec.cases.map(({ name }) => name) }
        : undefined,
      counted: this.raster ?? undefined,
    });
  }

  protected findings(k: number): Findings {
    const { main, small, absolute, outputs, cases, timeFactor } = this.spec;
    const amount = this.endLabel(k, main, this.series[k]);
    const found = findings(this.experiments[k], this.outcomes[k], main, small, outputs[cases.length ? 0 : k], amount, absolute);
    found.peakTime *= timeFactor;
    if (found.end === null) {
      const unit = this.words(k, main);
      const far = inOwnUnit(unit, this.series[k][furthest(this.series[k])]);
      const before = this.mainBefore === null ? null : inOwnUnit(unit, this.mainBefore);
      if (far !== amount) found.furthest = { amount: far, before };
    }
    return found;
  }

  /** The run at these times (of the model); for a file with more digits, and the settings in columns of their own. */
  protected numbers(times: Float64Array, forFile: boolean): Numbers {
    const { spec } = this;
    const values = this.values();
    const columns: Numbers["columns"] = [{ title: capital(`${spec.timeUnit}s after the change`), unit: "" }];
    const given: Float64Array[] = [];
    this.experiments.forEach((experiment, k) => {
      const outputs = [...new Set([spec.main, ...(k === 0 ? this.drawnOutputs() : [])])];
      const table = experiment.tabulate(outputs, times);
      outputs.forEach((output, i) => {
        const words = this.words(k, output);
        const title = spec.cases.length ? `${words.title} (${spec.cases[k].name})` : words.title;
        // First what the chart shows.
        if (this.isRelative(k, output)) {
          columns.push({ title, unit: "% of baseline" });
          given.push(table[i].map((value) => (100 * value) / experiment.baseline[output]));
        }
        columns.push({ title, unit: unitShown(words) });
        given.push(table[i].map((value) => value * factorOf(words)));
      });
    });
    if (forFile) for (const control of spec.controls) columns.push({ title: control.label, unit: unitWords(control.unit) });
    const lines = Array.from(times, (time, row) => [
      round(time * spec.timeFactor, 4),
      ...given.map((column) => (forFile ? round(column[row], 6) : evenly(column, row))),
      ...(forFile ? spec.controls.map((control) => String(clean(values[control.name]))) : []),
    ]);
    const at = spec.controls.map((control) => `${control.label}: ${shownValue(control, values[control.name])}`);
    return { caption: `The numbers of this run. ${at.join("; ")}.`, columns, rows: lines };
  }

  protected fillTable(): void {
    if (!this.part.table.open || !this.outcomes.length) return;
    const shown = tableTimes(this.shownSpan(), this.spec.timeUnit);
    const times = Float64Array.from(shown, (time) => time / this.spec.timeFactor);
    fillTable(this.part.tableBody, this.numbers(times, false));
  }

  /** Evenly spaced times of the model over the run. */
  private fileTimes(): Float64Array {
    const span = this.shownSpan() / this.spec.timeFactor;
    return Float64Array.from({ length: FILE_ROWS }, (_, i) => (span * i) / (FILE_ROWS - 1));
  }

  protected saveCsv(): void {
    try {
      download(`${this.spec.name}.csv`, csv(this.numbers(this.fileTimes(), true)));
    } catch (error) {
      this.refuse(error);
    }
  }
}

/** A number with as many decimals as give the column's largest one four digits, so that the points stand in line. */
function evenly(column: Float64Array, row: number): string {
  let largest = 0;
  for (const value of column) largest = Math.max(largest, Math.abs(value));
  const decimals = largest > 0 ? Math.max(0, Math.min(8, 3 - Math.floor(Math.log10(largest)))) : 0;
  return column[row].toFixed(decimals);
}

/** An output's values as shown over the model's own: a fraction is shown in percent. */
function factorOf({ unit }: OutputSpec): number {
  return unit === "percent" ? 100 : 1;
}

function unitShown({ unit }: OutputSpec): string {
  return unit === "percent" ? "%" : unit;
}

/** ", pA", or nothing for a pure number. */
function comma(unit: string): string {
  return unit && `, ${unit}`;
}

/** A value as shown, with its unit. */
function inOwnUnit(words: OutputSpec, value: number): string {
  if (words.unit === "percent") return percentOf(value / 100);
  return `${signed(round(value, 3))} ${words.unit}`.trim();
}

/** What the open circles are: each place once, with all that was found there. */
function pointWords(points: readonly PointSpec[]): HTMLElement {
  const element = document.createElement("p");
  element.className = "lab-scan-words";
  const words = [...new Set(points.map((point) => `${point.words}: ${round(point.y, 3)}${THIN}%`))];
  element.textContent = `Open circles, published: ${words.join("; ")}.`;
  return element;
}

function unitWords(unit: string): string {
  return unit === "percent" ? "fraction" : unit === "times" ? "multiple" : unit;
}

/** The lab's skeleton; every part is a cell of the box's grid. */
function makeParts(id: string, spec: LabSpec) {
  const make = <K extends keyof HTMLElementTagNameMap>(tag: K, className: string, ...children: (Node | string)[]) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...children);
    return element;
  };
  const title = make("div", "lab-title", ...unbroken(spec.title));
  title.id = `${id}-title`;
  const notice = make("span", "lab-notice");
  notice.setAttribute("aria-live", "polite");
  const tools = make("div", "lab-tools", notice);
  const head = make("div", "lab-head", title, tools);

  const scene = make("div", "lab-scene");
  const mainTitle = make("div", "lab-chart-title", spec.mainTitle);
  mainTitle.id = `${id}-main`;
  const alert = make("div", "lab-alert");
  alert.setAttribute("role", "alert");
  const mainHolder = make("div", "lab-plot");
  const main = make("div", "lab-main", mainTitle, alert, mainHolder);
  const small = make("div", "lab-small");
  const traces = make("div", "lab-traces");
  const rasterTitle = make("div", "lab-chart-title");
  rasterTitle.id = `${id}-raster`;
  const rasterHolder = make("div", "lab-plot");
  const raster = make("div", "lab-raster", rasterTitle, rasterHolder);
  const bars = make("div", "lab-bars-holder");
  const scanTitle = make("div", "lab-chart-title");
  scanTitle.id = `${id}-scan`;
  const scanHolder = make("div", "lab-plot");
  const scan = make("div", "lab-scan", scanTitle, scanHolder);
  const charts = make("div", "lab-charts", main, traces, raster, bars, small, scan);
  // Its place; the list itself is made once the models are there.
  const claims = make("div", "lab-claims");
  const presets = make("div", "lab-presets");
  presets.setAttribute("role", "group");
  presets.setAttribute("aria-label", "Ready-made settings");
  const sentenceLine = make("p", "lab-sentence");
  sentenceLine.setAttribute("role", "status");
  const summary = make("summary", "lab-button", "Table");
  const tableBody = make("table", "lab-table");
  const scroller = make("div", "lab-table-scroll", tableBody);
  const table = make("details", "lab-details", summary, scroller);
  // It scrolls sideways where the page is narrow, which the keyboard must be able to do too.
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "group");
  scroller.setAttribute("aria-label", "Table of this run");
  const numbers = make("div", "lab-numbers", table);
  const peopleTitle = make("figcaption", "lab-chart-title");
  peopleTitle.id = `${id}-people`;
  const peopleHolder = make("div", "lab-plot");
  const peopleWords = make("p", "lab-people-words");
  peopleWords.id = `${id}-people-words`;
  const people = make("figure", "lab-people", peopleTitle, peopleHolder, peopleWords);
  const tail = make("div", "lab-tail", sentenceLine, people, numbers);
  return {
    head, tools, notice, scene, charts, main, mainTitle, mainHolder, alert, small, scan, scanTitle, scanHolder, presets,
    claims, traces, raster, rasterTitle, rasterHolder, bars, sentence: sentenceLine, people, peopleTitle, peopleHolder, peopleWords, table, tableBody, numbers,
    tail,
    front(gate: HTMLElement | undefined): HTMLElement[] {
      return [head, ...(gate ? [gate] : []), ...(spec.scene ? [scene] : []), charts, claims, presets];
    },
  };
}

/** Make a change above an element without losing the element: it ends clear of the sticky curve and of the edges. */
function keepInView(element: Element | null, change: () => void): void {
  change();
  if (!element || element === document.body) return;
  const show = () => element.scrollIntoView({ block: "nearest", behavior: "instant" });
  show();
  // Browsers that anchor the scroll position by themselves do so with the next frame.
  requestAnimationFrame(() => requestAnimationFrame(show));
}
