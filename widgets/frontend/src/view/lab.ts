/**
 * One lab on the page: a session and the panels that draw its frames, with the controls, the prediction and the tools
 * around them. A move is one frame, and one drawing of each panel:
 *
 *   a control moves -> Controls -> Session.frame(settings) -> panel.draw(frame) ... at rest -> panel.rest, panel.say
 */
import type { Settings } from "../model/drives";
import type { Schedule } from "../model/experiment";
import { SolverError } from "../model/solver";
import { answerOf } from "../session/answer";
import type { Frame } from "../session/frame";
import { Session } from "../session/session";
import type { LabSpec } from "../spec/generated";
import { SpecError } from "../spec/read";
import { Controls, type WidgetModel } from "./controls";
import { button, keepInView, make, unbroken, write } from "./dom";
import { Gate } from "./gate";
import { forget, permalink, readPermalink, share } from "./links";
import type { Panel, PanelKind, Room, Slot, Surroundings } from "./panel";
import { keepKeys } from "./sliders";

const WIDE = 640;
/** From here on three sliders stand in a row. */
const ROOMY = 820;
const REST_MS = 200;
const NOTICE_MS = 4000;
let labsMade = 0;

export class Lab implements Surroundings {
  readonly id: string;
  readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly alert = make("div", "lab-alert");
  session!: Session;

  private readonly notice = make("span", "lab-notice");
  private readonly tools = make("div", "lab-tools", this.notice);
  private readonly charts = make("div", "lab-charts");
  private readonly tail = make("div", "lab-tail");
  private readonly gate: Gate | null;
  private controls: Controls | null = null;
  private panels: { panel: Panel; slot: Slot }[] = [];
  private present: Frame | null = null;
  private moved: string | null = null;
  private pictures = 0;
  private stale = false;
  private restTimer = 0;
  private noticeTimer = 0;
  private sized: ResizeObserver | null = null;
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly model: WidgetModel,
    readonly spec: LabSpec,
    private readonly kinds: readonly PanelKind[],
    private readonly root: HTMLElement,
    private readonly box: HTMLElement,
  ) {
    labsMade += 1;
    this.id = `lab-${spec.name.replace(/[^\w-]+/g, "-")}-${labsMade}`;
    this.alert.setAttribute("role", "alert");
    this.notice.setAttribute("aria-live", "polite");
    this.gate = spec.prediction
      ? new Gate(spec.prediction, this.id, { choose: (index) => this.choose(index), reveal: () => this.showAnswer() })
      : null;
  }

  async start(gone: AbortSignal): Promise<void> {
    try {
      this.open();
      this.session = await Session.open(this.spec);
      if (gone.aborted) return;
      this.furnish();
      this.followLink(true);
      this.redraw();
      this.rest();
    } catch (error) {
      this.refuse(error);
    }
  }

  destroy(): void {
    cancelAnimationFrame(this.pictures);
    clearTimeout(this.restTimer);
    clearTimeout(this.noticeTimer);
    this.undo.forEach((action) => action());
    this.sized?.disconnect();
    this.controls?.destroy();
    for (const { panel } of this.panels) panel.destroy?.();
    this.tail.remove();
    this.root.replaceChildren();
  }

  frame(): Frame | null {
    return this.present;
  }

  set(control: string, value: number | Schedule): void {
    if (!this.locked) this.controls?.move(control, value);
  }

  // -- building ---------------------------------------------------------------------------------------------------

  /** What stands before the models are there: head, gate, presets, the dressed controls. */
  private open(): void {
    const { box, spec } = this;
    this.colour();
    const title = make("div", "lab-title", ...unbroken(spec.title));
    title.id = `${this.id}-title`;
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", title.id);
    this.tools.append(
      button("Reset", () => this.reset(), "Back to the settings this lab opened with"),
      button("Link", () => void this.share(), "Copy a link that restores these settings"),
    );
    this.charts.append(this.alert);
    this.root.replaceChildren(make("div", "lab-head", title, this.tools), ...(this.gate ? [this.gate.element] : []), this.charts, ...this.presets());
    // What stands below the sliders also comes after them for the keyboard and for a screen reader.
    box.append(this.tail);

    const reason = this.gate?.reasonId ?? title.id;
    this.controls = new Controls(this.model, spec, box, this.id, reason, this.calm, (name) => this.onMove(name));
    this.controls.listen("change:locked", () => {
      this.controls?.setLocked(this.locked);
      if (this.session) this.redraw();
      this.rest();
    });
    if (this.gate && this.guess >= 0) this.gate.restore(this.guess);
    const onHash = () => this.followLink(false);
    window.addEventListener("hashchange", onHash);
    this.undo.push(() => window.removeEventListener("hashchange", onHash));
  }

  private colour(): void {
    const { box, spec } = this;
    const hues = new Set(spec.runs.map(({ model }) => spec.models[model].messenger.hue));
    // Several messengers share their sliders: those take no one's hue.
    const hue = hues.size > 1 ? null : spec.models[0].messenger.hue;
    box.style.setProperty("--lab-hue", `var(--ls-${hue ?? "ink-soft"})`);
    box.style.setProperty("--lab-hue-text", `var(--ls-${hue ? `${hue}-text` : "ink"})`);
    box.toggleAttribute("data-scene", spec.panels.some(({ kind }) => kind === "scene"));
  }

  private presets(): HTMLElement[] {
    const presets = Object.entries(this.spec.presets);
    if (!presets.length) return [];
    const element = make("div", "lab-presets", make("span", "lab-hint", "Try"));
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "Ready-made settings");
    for (const [words, values] of presets) element.append(button(words, () => this.applyPreset(values)));
    return [element];
  }

  /** The panels, each in its place, once the session is there. */
  private furnish(): void {
    const { box, charts, spec, tail, tools } = this;
    const stand: Record<Slot, (element: HTMLElement) => void> = {
      above: (element) => charts.before(element),
      charts: (element) => charts.append(element),
      below: (element) => this.below().before(element),
      tools: (element) => tools.append(element),
      tail: (element) => tail.append(element),
    };
    this.alert.remove();
    for (const each of spec.panels) {
      const { make: makePanel, slot } = this.kinds.find(({ kind }) => kind === each.kind)!;
      const panel = makePanel(each, this);
      stand[slot](panel.element);
      this.panels.push({ panel, slot });
    }
    if (!this.alert.isConnected) charts.prepend(this.alert);
    for (const element of [this.root, tail]) keepKeys(element.querySelectorAll("button, input, summary, [tabindex]"));
    this.sized = new ResizeObserver(() => this.resize());
    this.sized.observe(box);
    for (const { panel, slot } of this.panels) if (slot === "above") this.sized.observe(panel.element);
    this.resize();
  }

  /** Before which element panels under the charts stand. */
  private below(): HTMLElement {
    const presets = this.root.querySelector<HTMLElement>(":scope > .lab-presets");
    if (presets) return presets;
    const end = make("span", "");
    end.hidden = true;
    this.root.append(end);
    return end;
  }

  private resize(): void {
    const { box } = this;
    const width = box.clientWidth;
    if (!width) return;
    const wide = width >= WIDE;
    box.dataset.size = wide ? "wide" : "narrow";
    box.toggleAttribute("data-roomy", width >= ROOMY);
    const room: Room = { phone: !wide, left: (holder) => this.left(holder) };
    // What takes the height that is left comes last: the main chart, which stands first.
    for (const { panel } of [...this.panels].reverse()) panel.resize?.(room);
    this.controls?.layout();
    if (this.present && !this.refused) {
      this.paint(this.present);
      this.settle(this.present);
    }
  }

  private left(holder: HTMLElement): number | null {
    const scene = this.root.querySelector<HTMLElement>(":scope > .lab-scene")?.clientHeight ?? 0;
    return scene ? scene - (this.charts.clientHeight - holder.clientHeight) : null;
  }

  // -- the reader acts ----------------------------------------------------------------------------------------------

  private get locked(): boolean {
    return Boolean(this.model.get("locked"));
  }

  private get guess(): number {
    return Number(this.model.get("guess"));
  }

  private onMove(name: string | null): void {
    this.moved = name;
    if (name !== null) this.fixGuess(false);
    this.redraw();
  }

  private choose(index: number): void {
    this.model.set("guess", index);
    this.model.set("locked", false);
    this.model.save_changes();
  }

  private showAnswer(): void {
    this.fixGuess(true);
    this.controls?.glideTo(this.session.asked);
  }

  /** From now on the guess stands; its verdict is computed for the question's own scenario. */
  private fixGuess(moveFocus: boolean): void {
    const { prediction } = this.spec;
    if (!prediction || !this.gate || this.gate.isRevealed || this.guess < 0 || !this.session) return;
    try {
      const { shown, when, amount } = answerOf(this.session, prediction);
      const reveal = () => this.gate?.reveal(this.guess, shown, when, moveFocus, amount);
      // The card grows shorter above the slider that is being moved; the slider stays in sight.
      if (moveFocus) reveal();
      else keepInView(document.activeElement, reveal);
    } catch (error) {
      this.refuse(error);
    }
  }

  private applyPreset(values: Settings): void {
    if (this.locked) return;
    this.fixGuess(false);
    this.controls?.glideTo({ ...this.session.rest, ...values });
  }

  private reset(): void {
    if (this.locked) return;
    forget(this.spec.name);
    this.controls?.apply(this.spec.start);
  }

  private followLink(first: boolean): void {
    const values = readPermalink(location.hash, this.spec.name);
    if (!values) return;
    if (this.locked) {
      this.model.set("locked", false);
      this.gate?.skip();
    }
    this.controls?.apply(values);
    if (first) this.box.scrollIntoView({ block: "start" });
  }

  private async share(): Promise<void> {
    if (!this.controls) return;
    this.notice.textContent = await share(permalink(this.spec.name, this.controls.settings()));
    clearTimeout(this.noticeTimer);
    this.noticeTimer = window.setTimeout(() => (this.notice.textContent = ""), NOTICE_MS);
  }

  // -- frames -------------------------------------------------------------------------------------------------------

  /** Answer the first change of a picture at once, and all that follow it in the same picture with one more. */
  private redraw(): void {
    if (this.pictures) {
      this.stale = true;
      return;
    }
    this.pictures = requestAnimationFrame(() => {
      this.pictures = 0;
      if (this.stale) this.redraw();
    });
    this.stale = false;
    this.update();
  }

  private update(): void {
    if (!this.controls || !this.session) return;
    try {
      const circumstances = { moved: this.moved, locked: this.locked, guess: this.guess, revealed: this.gate?.isRevealed ?? false };
      this.present = this.session.frame(this.controls.settings(), circumstances);
      this.accept();
      this.paint(this.present);
    } catch (error) {
      this.refuse(error);
      return;
    }
    clearTimeout(this.restTimer);
    this.restTimer = window.setTimeout(() => this.rest(), REST_MS);
  }

  private paint(frame: Frame): void {
    for (const { panel } of this.panels) panel.draw(frame);
  }

  /** Nothing is being moved: axes may shrink, and what came of it is said. */
  private rest(): void {
    if (!this.present || this.refused) return;
    try {
      this.settle(this.present);
    } catch (error) {
      this.refuse(error);
    }
  }

  private settle(frame: Frame): void {
    const said: string[] = [];
    for (const { panel } of this.panels) panel.rest?.(frame, said);
    for (const { panel } of this.panels) panel.say?.(frame, said);
  }

  private get refused(): boolean {
    return this.box.hasAttribute("data-refused");
  }

  private accept(): void {
    this.box.removeAttribute("data-refused");
    if (this.alert.textContent) this.alert.textContent = "";
  }

  /** Say what is wrong in place of the curve; a picture of nonsense is never drawn. */
  refuse(error: unknown): void {
    const known = error instanceof SolverError || error instanceof SpecError;
    if (!known) console.error(error);
    const words = known ? error.message : `This lab could not be drawn: ${String((error as Error)?.message ?? error)}`;
    this.box.toggleAttribute("data-refused", true);
    this.alert.textContent = words;
    clearTimeout(this.restTimer);
    const sentence = this.tail.querySelector<HTMLElement>(".lab-sentence");
    if (sentence) write(sentence, "");
  }
}
