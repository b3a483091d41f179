/**
 * LabView's ES module: one lab, from its traits to its picture.
 *
 * The same module runs in the published page and in JupyterLab. It uses only the widget model's get/set/on/save_changes
 * and the DOM; no kernel is asked for anything.
 */
import { createScene, type Scene } from "../scene/index";
import { Claims, news } from "./claims";
import { ClaimsList } from "./claims-list";
import { ScanChart, SmallChart, TimeChart, type ScanData, type TimeAxis } from "./chart";
import { Experiment, type Outcome } from "./experiment";
import { findings } from "./findings";
import { Gate } from "./gate";
import { loadModel } from "./model-module";
import { PeopleChart, peopleWords } from "./people";
import { InSlices, Population, summary } from "./population";
import { keepKeys, Sliders } from "./sliders";
import { SolverError } from "./solver";
import { timeStep } from "./scale";
import { button, csv, download, fillTable, forget, permalink, readPermalink, share, type Numbers } from "./tools";
import { readSpec, type LabSpec, type WidgetModel } from "./types";
import { atRest, capital, clean, grouped, percentOf, round, sentence, SETTLED, shownValue, timeWords, type Findings } from "./words";

const WIDE = 640;
/** From here on three sliders stand in a row. */
const ROOMY = 820;
const GLIDE_MS = 900;
const SENTENCE_MS = 200;
/** Of each frame, what claims may take while a slider moves. */
const CLAIMS_MS = 2.5;
let labsMade = 0;

interface RenderProps {
  model: WidgetModel;
  el: HTMLElement;
}

async function render({ model, el }: RenderProps): Promise<() => void> {
  el.classList.add("lab-root");
  const spec = readSpec(model);
  const lab = new Lab(model, spec, el);
  // The box that holds the sliders takes this view in a moment after it was made.
  const gone = new AbortController();
  void lab.start(gone.signal);
  return () => {
    gone.abort();
    lab.destroy();
  };
}

class Lab {
  private readonly id: string;
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly part: ReturnType<typeof makeParts>;
  private readonly gate: Gate | null;
  private box: HTMLElement | null = null;
  private sliders: Sliders | null = null;
  private experiments: Experiment[] = [];
  private main: TimeChart | null = null;
  private small: { output: string; chart: SmallChart; holder: HTMLElement; values: Float64Array }[] = [];
  private scan: ScanChart | null = null;
  private scanAtRest: ScanData | null = null;
  private scanNow: ScanData | null = null;
  private scanKey = "";
  private claims: { judge: Claims; list: ClaimsList } | null = null;
  /** For which settings the number of claims that hold was last said, and in which words if it had changed. */
  private claimsSaid = { key: "", held: "", words: "" };
  private people: { crowd: Population; chart: PeopleChart } | null = null;
  private peopleKey = "";
  private readonly slices = new InSlices();
  private scene: Scene | null = null;
  private series: Float64Array[] = [];
  private outcomes: Outcome[] = [];
  private moved: string | null = null;
  private applying = false;
  private frame = 0;
  private glide = 0;
  private sentenceTimer = 0;
  private noticeTimer = 0;
  private stale = false;
  private sized: ResizeObserver | null = null;
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly model: WidgetModel,
    private readonly spec: LabSpec,
    private readonly root: HTMLElement,
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
      const models = await Promise.all(this.spec.models.map((given) => loadModel(given.javascript)));
      if (gone.aborted) return;
      this.experiments = models.map((loaded) => new Experiment(loaded, this.spec.span));
      this.drawOnce();
      this.followLink(true);
      this.redraw();
      this.say();
    } catch (error) {
      this.refuse(error);
    }
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
  private async findBox(gone: AbortSignal): Promise<HTMLElement | null> {
    for (let tries = 0; tries < 300 && !gone.aborted; tries++) {
      const box = this.root.closest<HTMLElement>(".synapse-lab");
      if (box) return box;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (gone.aborted) return null;
    this.root.classList.add("synapse-lab");
    return this.root;
  }

  private open(box: HTMLElement): void {
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

  private listen(event: string, callback: () => void): void {
    this.model.on(event, callback);
    this.undo.push(() => this.model.off(event, callback));
  }

  /** Everything that is made once the models are there. */
  private drawOnce(): void {
    const { spec, part, experiments } = this;
    const [first] = experiments;
    for (const experiment of experiments) {
      for (const output of [spec.main, ...spec.small]) {
        if (!experiment.has(output)) throw new SolverError(`The model "${experiment.model.name}" has no "${output}" to draw.`);
      }
    }
    const unit = spec.outputs[0][spec.main].unit;
    part.mainTitle.textContent += this.isRelative(0, spec.main) ? ", % of baseline" : unit && `, ${unit}`;
    const time: TimeAxis = {
      times: first.times,
      lead: spec.span / 12,
      span: spec.span,
      words: `${spec.timeUnit}s after the change`,
    };
    const style = (hue: string, name: string) => ({ colour: `var(--ls-${hue})`, textColour: `var(--ls-${hue}-text)`, name });
    this.main = new TimeChart(
      part.mainHolder,
      `${this.id}-main`,
      time,
      spec.models.map((given) => style(given.hue, capital(given.transmitter))),
      this.isRelative(0, spec.main),
    );
    this.series = experiments.map(() => new Float64Array(first.times.length));
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
      part.scanTitle.textContent = "Where it settles, % of baseline";
      this.scan = new ScanChart(
        part.scanHolder,
        `${this.id}-scan`,
        scanned.minimum,
        scanned.maximum,
        (value) => (scanned.unit === "percent" ? `${round(100 * value, 3)}` : String(clean(value))),
        [scanned.label, { percent: "%", times: "times normal" }[scanned.unit] ?? scanned.unit].filter(Boolean).join(", "),
        style(spec.models[0].hue, ""),
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

  private resize(): void {
    const { box, part } = this;
    if (!box) return;
    const width = box.clientWidth;
    if (!width) return;
    const wide = width >= WIDE;
    box.dataset.size = wide ? "wide" : "narrow";
    box.toggleAttribute("data-roomy", width >= ROOMY);
    const phone = !wide;
    const chartWidth = part.mainHolder.clientWidth;
    for (const { chart, holder } of this.small) if (holder.clientWidth) chart.resize(holder.clientWidth);
    if (this.scan && part.scanHolder.clientWidth) this.scan.resize(part.scanHolder.clientWidth, phone ? 180 : 166);
    if (this.people && part.peopleHolder.clientWidth) this.people.chart.resize(part.peopleHolder.clientWidth);
    if (this.main && chartWidth) this.main.resize(chartWidth, this.mainHeight(phone, chartWidth));
    this.sliders?.layout();
    if (this.outcomes.length && !box.hasAttribute("data-refused")) this.paint(true);
  }

  /** Beside the drawing the large chart takes what is left of its height, so that both columns end together. */
  private mainHeight(phone: boolean, chartWidth: number): number {
    if (phone) return window.innerHeight < 520 ? 140 : 184;
    const usual = this.scan ? 236 : Math.min(350, Math.max(250, 0.74 * chartWidth));
    const scene = this.scene ? this.part.scene.clientHeight : 0;
    if (!scene) return usual;
    const others = this.part.charts.clientHeight - this.part.mainHolder.clientHeight;
    return Math.round(Math.min(480, Math.max(this.scan ? 200 : 250, scene - others)));
  }

  // -- the reader acts ----------------------------------------------------------------------------------------------

  private onMove(name: string): void {
    if (!this.applying) {
      cancelAnimationFrame(this.glide);
      this.moved = name;
      this.fixGuess(false);
    }
    this.sliders?.refresh(name);
    if (!this.applying) this.redraw();
  }

  /** Answer the first change of a frame at once, and all that follow it in the same frame with one more picture. */
  private redraw(): void {
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

  private choose(index: number): void {
    this.model.set("guess", index);
    this.model.set("locked", false);
    this.model.save_changes();
  }

  private showAnswer(): void {
    const { prediction } = this.spec;
    if (!prediction) return;
    const target = { ...this.restValues(), ...prediction.scenario };
    this.moved = null;
    this.fixGuess(true);
    this.glideTo(target);
  }

  /** From now on the guess stands; its verdict is computed for the question's own scenario. */
  private fixGuess(moveFocus: boolean): void {
    const { prediction } = this.spec;
    const guess = Number(this.model.get("guess"));
    if (!prediction || !this.gate || this.gate.isRevealed || guess < 0 || !this.experiments.length) return;
    const [experiment] = this.experiments;
    try {
      const { end, settled } = experiment.endUnder(prediction.scenario, prediction.output);
      // The verdict gives the number the curve ends on.
      const when = Math.abs(settled / end - 1) < SETTLED ? "" : ` after ${timeWords(this.spec.span, this.spec.timeUnit)}`;
      const reveal = () => this.gate?.reveal(guess, end / experiment.baseline[prediction.output], when, moveFocus);
      // The card grows shorter above the slider that is being moved; the slider stays in sight.
      if (moveFocus) reveal();
      else keepInView(document.activeElement, reveal);
    } catch (error) {
      this.refuse(error);
    }
  }

  private applyPreset(values: Record<string, number>): void {
    if (this.model.get("locked")) return;
    this.moved = null;
    this.fixGuess(false);
    this.glideTo({ ...this.restValues(), ...values });
  }

  private reset(): void {
    if (this.model.get("locked")) return;
    cancelAnimationFrame(this.glide);
    this.moved = null;
    forget(this.spec.name);
    this.apply(this.spec.start);
  }

  private restValues(): Record<string, number> {
    return Object.fromEntries(this.spec.controls.map((control) => [control.name, control.rest]));
  }

  private values(): Record<string, number> {
    return Object.fromEntries(this.spec.controls.map((control) => [control.name, Number(this.model.get(control.name))]));
  }

  /** Set several sliders at once; they follow through their links. */
  private apply(values: Record<string, number>): void {
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

  private glideTo(target: Record<string, number>): void {
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

  private followLink(first: boolean): void {
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

  private async share(): Promise<void> {
    const words = await share(permalink(this.spec.name, this.values()));
    this.part.notice.textContent = words;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = window.setTimeout(() => (this.part.notice.textContent = ""), 4000);
  }

  // -- computing and drawing ---------------------------------------------------------------------------------------

  private isRelative(index: number, output: string): boolean {
    return Math.abs(this.experiments[index].baseline[output]) > 1e-12;
  }

  private update(): void {
    if (!this.experiments.length || !this.box) return;
    try {
      this.experiments.forEach((experiment) => {
        for (const control of this.spec.controls) experiment.set(control.name, Number(this.model.get(control.name)));
      });
      this.outcomes = this.experiments.map((experiment) => experiment.run());
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

  private compute(): void {
    this.experiments.forEach((experiment, k) => this.fill(experiment, this.spec.main, this.series[k]));
    for (const { output, values } of this.small) this.fill(this.experiments[0], output, values);
    if (this.scan) {
      const others = this.spec.controls.filter((control) => control.name !== this.spec.scan);
      const key = others.map((control) => this.model.get(control.name)).join();
      if (key !== this.scanKey) {
        this.scanKey = key;
        this.scanNow = this.makeScan(this.experiments[0]);
      }
    }
  }

  private settingsKey(): string {
    return this.spec.controls.map((control) => Number(this.model.get(control.name))).join();
  }

  /** Judge the claims within `budget` ms; what is left over is judged when the sliders rest. */
  private judge(budget: number): void {
    if (!this.claims) return;
    const { judge, list } = this.claims;
    judge.update(this.experiments[0].parameters, budget);
    list.update(judge.standings, Boolean(this.model.get("locked")));
  }

  /** How many claims hold, if that changed with the present settings; nothing otherwise, and nothing the first time. */
  private claimsNews(): string {
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
  private interrupt(): void {
    if (!this.people || this.settingsKey() === this.peopleKey) return;
    this.slices.cancel();
    this.part.people.toggleAttribute("data-stale", true);
    this.peopleKey = "";
  }

  /** The sliders rest: let everybody settle, in the page's idle time. */
  private settlePeople(): void {
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

  /** One output's run, in % of baseline where there is one. */
  private fill(experiment: Experiment, output: string, into: Float64Array): void {
    experiment.series(output, into);
    const rest = experiment.baseline[output];
    const factor = Math.abs(rest) > 1e-12 ? 100 / rest : 1;
    for (let i = 0; i < into.length; i++) {
      into[i] *= factor;
      if (!Number.isFinite(into[i])) {
        throw new SolverError(`"${output}" cannot be calculated with these settings. Move a slider back, or press Reset.`);
      }
    }
  }

  private makeScan(experiment: Experiment): ScanData {
    const control = this.spec.controls.find((candidate) => candidate.name === this.spec.scan)!;
    const data = experiment.scan(control.name, control.minimum, control.maximum, this.spec.main);
    const rest = experiment.baseline[this.spec.main];
    return { settings: data.settings, values: data.values.map((value) => (100 * value) / rest) };
  }

  /** `still`: nothing is being moved. The picture at rest then depends on the settings alone, not on the way there. */
  private paint(still: boolean): void {
    const { spec } = this;
    const guess = this.shownGuess();
    this.main?.update(
      this.series.map((values, k) => ({ values, label: this.endLabel(k, spec.main, values) })),
      this.marker(),
      guess,
      still,
    );
    for (const { output, chart, values } of this.small) {
      chart.update({ values, label: this.endLabel(0, output, values) }, this.isRelative(0, output), still);
    }
    if (this.scan && this.scanAtRest && this.scanNow) {
      const rest = this.experiments[0].baseline[spec.main];
      const [outcome] = this.outcomes;
      const level = outcome.settles ? (100 * outcome.settled[spec.main]) / rest : NaN;
      this.scan.update(this.scanAtRest, this.scanNow, Number(this.model.get(spec.scan!)), level, still);
    }
    this.updateScene();
  }

  private updateScene(): void {
    if (!this.scene || !this.outcomes.length) return;
    this.scene.update({
      baseline: this.experiments[0].baseline,
      now: this.outcomes[0].end,
      controls: this.values(),
      locked: Boolean(this.model.get("locked")),
      animate: !this.calm.matches,
    });
  }

  private endLabel(k: number, output: string, values: Float64Array): string {
    const last = values[values.length - 1];
    if (this.isRelative(k, output)) return percentOf(last / 100);
    return `${round(last, 3)} ${this.spec.outputs[k][output].unit}`.trim();
  }

  /** The guess stands in the chart while the sliders show its own scenario. */
  private shownGuess(): number | null {
    const { prediction } = this.spec;
    const guess = Number(this.model.get("guess"));
    if (!prediction || guess < 0 || prediction.output !== this.spec.main || !this.gate?.isRevealed) {
      return null;
    }
    const wanted = { ...this.restValues(), ...prediction.scenario };
    const there = this.spec.controls.every((control) =>
      atRest({ ...control, rest: wanted[control.name] }, Number(this.model.get(control.name))),
    );
    return there ? 100 * prediction.choices[guess].value : null;
  }

  private marker(): string {
    const changed = this.spec.controls.filter((control) => !atRest(control, Number(this.model.get(control.name))));
    const words = new Set(changed.map((control) => control.marker));
    if (words.size === 1) return [...words][0];
    return "change begins";
  }

  private accept(): void {
    this.box?.removeAttribute("data-refused");
    if (this.part.alert.textContent) this.part.alert.textContent = "";
  }

  /** Say what is wrong in place of the curve; a picture of nonsense is never drawn. */
  private refuse(error: unknown): void {
    if (!(error instanceof SolverError)) console.error(error);
    const words = error instanceof SolverError ? error.message : `This lab could not be drawn: ${String((error as Error)?.message ?? error)}`;
    this.box?.toggleAttribute("data-refused", true);
    this.part.alert.textContent = words;
    clearTimeout(this.sentenceTimer);
    this.part.sentence.textContent = "";
  }

  // -- words and numbers --------------------------------------------------------------------------------------------

  private say(): void {
    if (!this.outcomes.length || this.box?.hasAttribute("data-refused")) return;
    this.paint(true);
    const words = sentence({
      moved: this.spec.controls.find((control) => control.name === this.moved) ?? null,
      controls: this.spec.controls,
      values: this.values(),
      span: this.spec.span,
      timeUnit: this.spec.timeUnit,
      locked: Boolean(this.model.get("locked")),
      findings: this.experiments.map((_, k) => this.findings(k)),
    });
    const all = [words, this.claimsNews()].filter(Boolean).join(" ");
    if (this.part.sentence.textContent !== all) this.part.sentence.textContent = all;
    this.fillTable();
    this.settlePeople();
  }

  private findings(k: number): Findings {
    const { main, small, outputs } = this.spec;
    return findings(this.experiments[k], this.outcomes[k], main, small, outputs[k], this.endLabel(k, main, this.series[k]));
  }

  /** The run at evenly spaced times; for a file with more digits, and with the settings in columns of their own. */
  private numbers(rows: number, forFile: boolean): Numbers {
    const { spec } = this;
    const values = this.values();
    const columns: Numbers["columns"] = [{ title: capital(`${spec.timeUnit}s after the change`), unit: "" }];
    const given: Float64Array[] = [];
    let times = new Float64Array(0);
    this.experiments.forEach((experiment, k) => {
      const outputs = [spec.main, ...(k === 0 ? spec.small : [])];
      const table = experiment.tabulate(outputs, rows);
      times = table.times as Float64Array<ArrayBuffer>;
      outputs.forEach((output, i) => {
        const { title, unit } = spec.outputs[k][output];
        // First what the chart shows.
        if (this.isRelative(k, output)) {
          columns.push({ title, unit: "% of baseline" });
          given.push(table.columns[i].map((value) => (100 * value) / experiment.baseline[output]));
        }
        columns.push({ title, unit });
        given.push(table.columns[i]);
      });
    });
    if (forFile) for (const control of spec.controls) columns.push({ title: control.label, unit: unitWords(control.unit) });
    const lines = Array.from(times, (time, row) => [
      round(time, 4),
      ...given.map((column) => (forFile ? round(column[row], 6) : evenly(column, row))),
      ...(forFile ? spec.controls.map((control) => String(clean(values[control.name]))) : []),
    ]);
    const at = spec.controls.map((control) => `${control.label}: ${shownValue(control, values[control.name])}`);
    return { caption: `The numbers of this run. ${at.join("; ")}.`, columns, rows: lines };
  }

  private fillTable(): void {
    if (!this.part.table.open || !this.outcomes.length) return;
    const step = timeStep(this.spec.span, 8);
    fillTable(this.part.tableBody, this.numbers(Math.round(this.spec.span / step) + 1, false));
  }

  private saveCsv(): void {
    try {
      download(`${this.spec.name}.csv`, csv(this.numbers(241, true)));
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
  const title = make("div", "lab-title", spec.title);
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
  const scanTitle = make("div", "lab-chart-title");
  scanTitle.id = `${id}-scan`;
  const scanHolder = make("div", "lab-plot");
  const scan = make("div", "lab-scan", scanTitle, scanHolder);
  const charts = make("div", "lab-charts", main, small, scan);
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
    claims, sentence: sentenceLine, people, peopleTitle, peopleHolder, peopleWords, table, tableBody, numbers,
    tail,
    front(gate: HTMLElement | undefined): HTMLElement[] {
      return [head, ...(gate ? [gate] : []), ...(spec.scene ? [scene] : []), charts, claims, presets];
    },
  };
}

export default { render };

/** Make a change above an element without losing the element: it ends clear of the sticky curve and of the edges. */
function keepInView(element: Element | null, change: () => void): void {
  change();
  if (!element || element === document.body) return;
  const show = () => element.scrollIntoView({ block: "nearest", behavior: "instant" });
  show();
  // Browsers that anchor the scroll position by themselves do so with the next frame.
  requestAnimationFrame(() => requestAnimationFrame(show));
}
