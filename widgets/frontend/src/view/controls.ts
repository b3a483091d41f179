/**
 * A lab's controls: where they stand, and how they are moved. The widgets are ipywidgets' own and follow the traits of
 * the lab's model through their links; nothing here draws a picture.
 */
import { numberOf, type Settings } from "../model/drives";
import type { Schedule } from "../model/experiment";
import type { LabSpec } from "../spec/generated";
import type { NumberControl } from "../spec/read";
import { clean } from "../words/numbers";
import { asChosen } from "../words/settings";
import { Sliders } from "./sliders";

/** The part of anywidget's model that a lab uses; it works the same with and without a kernel. */
export interface WidgetModel {
  get(key: string): any;
  set(key: string, value: unknown): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
  save_changes(): void;
}

const GLIDE_MS = 900;

export class Controls {
  private readonly sliders: Sliders;
  private readonly undo: (() => void)[] = [];
  private applying = false;
  private glide = 0;

  /** `moved`: a control was moved by the reader, or null: several were set at once. */
  constructor(
    private readonly model: WidgetModel,
    private readonly spec: LabSpec,
    private readonly box: HTMLElement,
    id: string,
    lockReason: string,
    private readonly calm: MediaQueryList,
    private readonly moved: (name: string | null) => void,
  ) {
    this.sliders = new Sliders(box, () => this.numbers(), id, (name) => Number(this.model.get(name)), lockReason);
    for (const control of spec.controls) this.listen(`change:${control.name}`, () => this.onMove(control.name));
    for (const { name, follows } of this.numberControls()) if (follows) this.relabel(name);
    this.sliders.setLocked(this.locked);
  }

  get locked(): boolean {
    return Boolean(this.model.get("locked"));
  }

  /** Where the controls stand. */
  settings(): Settings {
    const read = ({ name, kind }: LabSpec["controls"][number]): number | Schedule => {
      const value = this.model.get(name);
      if (kind === "schedule") return value as Schedule;
      // A slider of ten may say 10.000000000000002, which is one pulse more.
      return clean(Number(value));
    };
    return Object.fromEntries(this.spec.controls.map((control) => [control.name, read(control)]));
  }

  /** Move one control, as the reader's hand does. */
  move(name: string, value: number | Schedule): void {
    this.model.set(name, value);
    this.model.save_changes();
  }

  /** Set several controls at once; the widgets follow through their links. What does not fit is brought into range. */
  apply(values: Settings): void {
    this.stop();
    this.set(values);
    this.moved(null);
  }

  /** The same, numbers on their way there where motion is welcome; choices, switches and schedules change at once. */
  glideTo(target: Settings): void {
    this.stop();
    if (this.calm.matches) {
      this.set(target);
      this.moved(null);
      return;
    }
    const names = new Set(this.numberControls().map(({ name }) => name));
    this.set(Object.fromEntries(Object.entries(target).filter(([name]) => !names.has(name))));
    const from = this.settings();
    const begun = performance.now();
    const frame = (now: number) => {
      const share = Math.min(1, Math.max(0, (now - begun) / GLIDE_MS));
      const eased = share * share * (3 - 2 * share);
      const step: Record<string, number> = {};
      for (const name of names) {
        const [start, end] = [numberOf(from, name), numberOf(target, name)];
        step[name] = share === 1 ? end : start + (end - start) * eased;
      }
      this.set(step);
      this.moved(null);
      if (share < 1) this.glide = requestAnimationFrame(frame);
    };
    this.glide = requestAnimationFrame(frame);
  }

  /** End a glide. */
  stop(): void {
    cancelAnimationFrame(this.glide);
  }

  setLocked(locked: boolean): void {
    this.sliders.setLocked(locked);
  }

  layout(): void {
    this.sliders.layout();
  }

  destroy(): void {
    this.stop();
    this.undo.forEach((action) => action());
    this.sliders.destroy();
  }

  listen(event: string, callback: () => void): void {
    this.model.on(event, callback);
    this.undo.push(() => this.model.off(event, callback));
  }

  private numberControls(): NumberControl[] {
    return this.spec.controls.filter((control): control is NumberControl => control.kind === "number");
  }

  /** The sliders as they are for what is chosen. */
  private numbers(): NumberControl[] {
    const settings = this.settings();
    return this.numberControls().map((control) => asChosen(control, settings));
  }

  private onMove(name: string): void {
    if (this.applying) {
      this.sliders.refresh(name);
      return;
    }
    this.stop();
    const choice = this.spec.controls.find((control) => control.name === name && control.kind === "choice");
    if (choice) this.applied(() => this.follow(name));
    this.sliders.refresh(name);
    this.moved(choice ? null : name);
  }

  private set(values: Settings): void {
    this.applied(() => {
      for (const control of this.spec.controls) {
        const value = values[control.name];
        if (value === undefined) continue;
        if (control.kind === "schedule") {
          if (typeof value !== "number") this.model.set(control.name, value);
        } else if (control.kind === "choice") {
          this.choose(control.name, Number(value), control.options.length);
        } else if (control.kind === "switch") {
          this.model.set(control.name, Boolean(value));
        } else if (Number.isFinite(value)) {
          const { minimum, maximum } = asChosen(control, this.settings());
          this.model.set(control.name, Math.min(maximum, Math.max(minimum, clean(Number(value)))));
        }
      }
      this.model.save_changes();
    });
  }

  private choose(name: string, value: number, options: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= options || value === Number(this.model.get(name))) return;
    this.model.set(name, value);
    this.model.save_changes();
    this.follow(name);
  }

  /** Give the sliders that follow a choice their range, their words and the value at which they open. */
  private follow(choice: string): void {
    for (const control of this.numberControls()) {
      if (control.follows?.control !== choice) continue;
      const { name, follows } = control;
      const { maximum, step } = asChosen(control, this.settings());
      this.model.set(name, Math.min(Number(this.model.get(name)), maximum));
      this.model.set(`${name}_max`, maximum);
      this.model.set(`${name}_step`, step);
      this.model.set(name, follows.ranges[Number(this.model.get(choice))].opens);
      this.model.save_changes();
      this.relabel(name);
    }
  }

  private relabel(name: string): void {
    const label = this.box.querySelector(`.lab-param-${CSS.escape(name)} .widget-label`);
    const words = this.numbers().find((control) => control.name === name)?.label ?? "";
    if (label && label.textContent !== words) label.textContent = words;
    this.sliders.redress(name);
  }

  private applied(action: () => void): void {
    const before = this.applying;
    this.applying = true;
    try {
      action();
    } finally {
      this.applying = before;
    }
  }
}
