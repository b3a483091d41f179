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
import { button, make, unbroken, write } from "./dom";
import { Gate } from "./gate";
import { Hold } from "./hold";
import { letters } from "./letters";
import { forget, permalink, readPermalink, share } from "./links";
import { drawerOf, keep, recall, type Drawer, type Drawers } from "./memory";
import { Notice } from "./notice";
import type { Panel, PanelKind, Room, Slot, Surroundings } from "./panel";
import { keepKeys } from "./sliders";
import { followFingers } from "./touch";

const WIDE = 640;
/** From here on three sliders stand in a row. */
const ROOMY = 820;
const REST_MS = 200;
/** What answers a press of something that does nothing yet. */
const LOCKED = "Choose an answer first; then the sliders unlock.";
let labsMade = 0;

export class Lab implements Surroundings {
  readonly id: string;
  readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly alert = make("div", "lab-alert");
  session!: Session;

  private readonly notice: Notice;
  private readonly hold: Hold;
  private readonly drawer: Drawer | null;
  private readonly tools = make("div", "lab-tools");
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
  /** The reader has done something that is not kept yet. */
  private unkept = false;
  private sized: ResizeObserver | null = null;
  private readonly gone = new AbortController();

  constructor(
    private readonly model: WidgetModel,
    readonly spec: LabSpec,
    private readonly kinds: readonly PanelKind[],
    private readonly root: HTMLElement,
    private readonly box: HTMLElement,
    drawers?: Drawers,
  ) {
    labsMade += 1;
    this.id = `lab-${spec.name.replace(/[^\w-]+/g, "-")}-${labsMade}`;
    this.alert.setAttribute("role", "alert");
    this.notice = new Notice(box);
    this.hold = new Hold(box, this.gone.signal);
    this.drawer = drawerOf(drawers, spec);
    this.gate = spec.prediction
      ? new Gate(spec.prediction, this.id, { choose: (index) => this.choose(index), reveal: () => this.showAnswer() })
      : null;
  }

  async start(gone: AbortSignal): Promise<void> {
    try {
      const kept = recall(this.drawer, this.spec);
      this.open(kept?.guess ?? -1);
      if (kept) this.controls?.apply(kept.settings);
      this.unkept = false;
      this.session = await Session.open(this.spec);
      if (gone.aborted) return;
      if (kept?.revealed) this.fixGuess(false);
      this.furnish();
      this.followLink(true);
      // The first picture is drawn now, whatever was asked for while the models came.
      this.update();
      this.rest();
    } catch (error) {
      this.refuse(error);
    }
  }

  destroy(): void {
    cancelAnimationFrame(this.pictures);
    clearTimeout(this.restTimer);
    this.keep();
    this.gone.abort();
    this.notice.destroy();
    this.sized?.disconnect();
    this.controls?.destroy();
    for (const { panel } of this.panels) panel.destroy?.();
    this.tail.remove();
    this.root.replaceChildren();
  }

  frame(): Frame | null {
    return this.present;
  }

  repaint(): void {
    if (this.present && !this.refused) this.paint(this.present);
  }

  set(control: string, value: number | Schedule): void {
    if (!this.locked) this.controls?.move(control, value);
  }

  // -- building ---------------------------------------------------------------------------------------------------

  /** What stands before the models are there: head, gate, presets, the dressed controls. */
  private open(guess: number): void {
    const { box, model, spec } = this;
    this.colour();
    const title = make("div", "lab-title", ...unbroken(spec.title));
    title.id = `${this.id}-title`;
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", title.id);
    const reset = button("Reset", () => this.reset(), "Back to the settings this lab opened with");
    const link = button("Link", () => void this.share(link), "Copy a link that restores these settings");
    reset.classList.add("lab-reset");
    this.tools.append(
      reset,
      link,
    );
    this.charts.append(this.alert);
    this.root.replaceChildren(this.notice.element, make("div", "lab-head", title, this.tools), ...(this.gate ? [this.gate.element] : []), this.charts, ...this.presets());
    // What stands below the sliders also comes after them for the keyboard and for a screen reader.
    box.append(this.tail);

    const reason = this.gate?.reasonId ?? title.id;
    if (guess >= 0) this.choose(guess);
    this.controls = new Controls(model, spec, box, this.id, reason, this.calm, (name) => this.onMove(name));
    this.controls.listen("change:locked", () => {
      this.lock();
      if (!this.locked && this.guess < 0) this.gate?.skip();
      if (this.session) this.redraw();
      this.rest();
    });
    this.lock();
    if (this.gate && this.guess >= 0) this.gate.restore(this.guess);
    this.attend();
  }

  /** What the lab listens to besides its controls. */
  private attend(): void {
    const { signal } = this.gone;
    followFingers(this.box, signal);
    const explain = ({ target }: Event) => this.explain(target as Element);
    this.box.addEventListener("click", explain, { capture: true, signal });
    this.box.addEventListener("keydown", (event) => /^(Arrow|Page|Home|End)/.test(event.key) && explain(event), { signal });
    window.addEventListener("hashchange", () => this.followLink(false), { signal });
    window.addEventListener("pagehide", () => this.keep(), { signal });
  }

  private colour(): void {
    const { box, spec } = this;
    const hues = new Set(spec.runs.map(({ model }) => spec.models[model].messenger.hue));
    // Several messengers share their sliders: those take no one's hue.
    const hue = hues.size > 1 ? null : spec.models[0].messenger.hue;
    box.style.setProperty("--lab-hue", `var(--ls-${hue ?? "ink-soft"})`);
    box.style.setProperty("--lab-hue-text", `var(--ls-${hue ? `${hue}-text` : "ink"})`);
    box.toggleAttribute("data-scene", spec.panels.some(({ kind }) => kind === "scene" || kind === "channel"));
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
      this.hold.watch(panel.element);
    }
    if (!this.alert.isConnected) charts.prepend(this.alert);
    // A title is read out as its picture's name, not a second time before it.
    for (const svg of box.querySelectorAll("svg[aria-labelledby]")) {
      const title = box.querySelector(`#${CSS.escape(svg.getAttribute("aria-labelledby")!)}`);
      title?.setAttribute("aria-hidden", "true");
    }
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
    const em = letters();
    const wide = width >= WIDE * em;
    box.dataset.size = wide ? "wide" : "narrow";
    box.toggleAttribute("data-roomy", width >= ROOMY * em);
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
    const scene = this.root.querySelector<HTMLElement>(":scope > .lab-scene");
    // Only beside the drawing is there a height to fill; on a page of its own a lab has the drawing below.
    if (!scene?.clientHeight || this.charts.offsetLeft < scene.offsetLeft + scene.offsetWidth) return null;
    return scene.clientHeight - (this.charts.clientHeight - holder.clientHeight);
  }

  // -- the reader acts ----------------------------------------------------------------------------------------------

  private get locked(): boolean {
    return Boolean(this.model.get("locked"));
  }

  private get guess(): number {
    return Number(this.model.get("guess"));
  }

  /** Locked buttons can be reached, and say why they do nothing. */
  private lock(): void {
    const { locked } = this;
    this.controls?.setLocked(locked);
    for (const each of this.root.querySelectorAll(".lab-presets button, .lab-reset")) {
      if (locked) each.setAttribute("aria-disabled", "true");
      else each.removeAttribute("aria-disabled");
    }
  }

  private explain(pressed: Element): void {
    const control = this.locked && pressed.closest("[aria-disabled=true], .lab-controls > *");
    if (control) this.say(LOCKED, control);
  }

  say(words: string, beside: Element): void {
    this.notice.say(words, beside);
  }

  private onMove(name: string | null): void {
    this.moved = name;
    this.unkept = true;
    if (name !== null) this.fixGuess(false);
    this.redraw();
  }

  private choose(index: number): void {
    this.unkept = true;
    this.model.set("guess", index);
    this.model.set("locked", false);
    this.model.save_changes();
  }

  private showAnswer(): void {
    this.hold.take(null);
    this.fixGuess(true);
    this.controls?.glideTo(this.session.asked);
  }

  /** From now on the guess stands; its verdict is computed for the question's own scenario. */
  private fixGuess(moveFocus: boolean): void {
    const { prediction } = this.spec;
    if (!prediction || !this.gate || this.gate.isRevealed || this.guess < 0 || !this.session) return;
    try {
      const { shown, when, amount } = answerOf(this.session, prediction);
      const { gate } = this;
      this.hold.lower(gate.element, () => gate.reveal(this.guess, shown, when, moveFocus, amount));
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
    this.drawer?.write(null);
    this.unkept = false;
  }

  /** Keep what the reader did for the next visit. */
  private keep(): void {
    if (!this.unkept || !this.controls) return;
    this.unkept = false;
    keep(this.drawer, this.spec, { guess: this.guess, revealed: this.gate?.isRevealed ?? false, settings: this.controls.settings() });
  }

  private followLink(first: boolean): void {
    const asked = readPermalink(location.hash, this.spec);
    if (!asked) return;
    if (asked.missing) {
      this.notice.say(`The link asks for what this lab does not have (${asked.missing}). It is as it would be without the link.`, this.tools, Infinity);
    } else {
      if (this.locked) {
        this.model.set("locked", false);
        this.gate?.skip("by the link you followed");
      }
      this.controls?.apply(asked.settings);
      // What somebody else asked for is not what the reader left here.
      this.unkept = false;
    }
    if (first) this.box.scrollIntoView({ block: "start" });
  }

  private async share(button: Element): Promise<void> {
    if (this.controls) this.say(await share(permalink(this.spec, this.controls.settings())), button);
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
    this.keep();
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
