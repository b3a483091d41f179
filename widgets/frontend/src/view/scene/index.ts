/**
 * The drawn synapse: a sending terminal, the gap and a receiving cell whose every dot, plug and arrow is a number.
 *
 * createScene() owns one <svg>. It reads each state (quantities.ts), lays the drawing out for the container's width
 * (layout.ts), has it drawn (drawing.ts) and lets it move when motion is welcome (motion.ts).
 *
 * For a screen reader the drawing is one image with a sentence (role="img"): the lab's own live sentence tells what
 * changed and why, this one tells what stands in the picture, and neither interrupts the other because an image's
 * name is read only when the reader comes to it.
 */
import { draw, type Drawing } from "./drawing";
import { layoutFor } from "./layout";
import { NARROWEST, WIDEST } from "./layout-frame";
import { letters, spaced } from "../letters";
import { createMotion, type Motion } from "./motion";
import { anatomy, type Facts, finite, read, type Reading, type Values } from "./quantities";
import { add, set } from "./svg";
import { describe, type Labels, labelsFor } from "./words";

export interface SceneState {
  /** Values at baseline and now; keys are species, assignments and reactions by name. Missing keys are not drawn. */
  baseline: Values;
  now: Values;
  /** Slider values by parameter name. */
  controls: Values;
  /** True while the reader has not yet predicted: the drawing stands still. */
  locked: boolean;
  /** Whether the drawing may move; it stands still all the same while it is paused, as it starts under prefers-reduced-motion. */
  animate: boolean;
}

export interface SceneSpec {
  /** Hue name in the palette: "serotonin", "dopamine", ... */
  transmitter: string;
  /** "5-HT" */
  symbol: string;
  /** Words that replace the defaults; keys as in Labels (words.ts), such as precursor, metabolite, receptors. */
  labels: Record<string, string>;
  /** "SERT" */
  transporter: string;
  /** "MAO" */
  enzyme: string;
  /** Quantities that the model holds at one value whatever happens; a brake among them is none and is not drawn. */
  constant?: readonly string[];
  /** True: autoreceptor_occupancy is the size of the autoreceptors' effect, not the part of them that is occupied. */
  autoreceptorSignal?: boolean;
}

export interface Scene {
  update(state: SceneState): void;
  /** The reader's letters may be of another size. */
  resize(): void;
  destroy(): void;
}

/** Adds the drawing to `container`. Throws if the hue's name could not be a palette name. */
export function createScene(container: HTMLElement, spec: SceneSpec): Scene {
  if (!/^[a-z][a-z0-9_-]*$/.test(spec.transmitter)) {
    throw new Error(
      `createScene: transmitter is "${spec.transmitter}"; it must be a hue's name from the palette, such as "serotonin"`,
    );
  }
  return new DrawnScene(container, spec);
}

/** An empty drawing in the transmitter's hue, as wide as its container allows. */
function addImage(container: HTMLElement, transmitter: string): SVGSVGElement {
  const svg = add(container, "svg", { role: "img", class: "scene" });
  svg.style.setProperty("--scene-hue", `var(--lab-hue, var(--ls-${transmitter.replaceAll("_", "-")}))`);
  Object.assign(svg.style, { display: "block", width: "100%", height: "auto", margin: "0 auto" });
  // Percentages must not jitter while a slider moves.
  svg.style.fontVariantNumeric = "tabular-nums";
  return svg;
}

/** The drawing and what it shows: drawn anew for another width or other parts, else only brought up to date. */
class DrawnScene implements Scene {
  private readonly labels: Labels;
  private readonly svg: SVGSVGElement;
  private readonly facts: Facts;
  private readonly motion: Motion;
  private readonly sized: ResizeObserver;
  private baseline: Values = {};
  private now: Values = {};
  private controls: Values = {};
  private reading: Reading;
  /** The anatomy that the drawing was made for. */
  private parts = "";
  private width: number;
  private letters = letters();
  private spaced = false;
  private drawing: Drawing | null = null;
  private destroyed = false;

  constructor(private readonly container: HTMLElement, spec: SceneSpec) {
    this.labels = labelsFor(spec, spec.labels ?? {});
    this.svg = addImage(container, spec.transmitter);
    this.facts = { constant: new Set(spec.constant), autoreceptorSignal: spec.autoreceptorSignal ?? false };
    this.reading = this.read();
    this.motion = createMotion(
      this.svg,
      (seconds) => this.drawing?.step(seconds),
      () => this.drawing?.still(),
    );
    this.sized = new ResizeObserver((entries) => this.fit(entries[entries.length - 1].contentRect.width));
    this.width = Math.round(container.clientWidth);
    this.sized.observe(container);
    this.show();
  }

  update(state: SceneState): void {
    if (this.destroyed) return;
    this.baseline = finite(state.baseline, this.baseline);
    this.now = finite(state.now, this.now);
    this.controls = finite(state.controls, this.controls);
    this.reading = this.read();
    set(this.svg, "data-locked", state.locked ? "yes" : "no");
    this.motion.hold();
    this.show();
    this.motion.want(state.animate && !state.locked);
  }

  destroy(): void {
    this.destroyed = true;
    this.motion.destroy();
    this.sized.disconnect();
    this.svg.remove();
    this.drawing = null;
  }

  private read(): Reading {
    return read(this.baseline, this.now, this.controls, this.facts);
  }

  resize(): void {
    // At once, not with the next frame: what stands below it must not move once a lab says that it is drawn.
    this.fit(this.container.clientWidth);
    const size = letters();
    const apart = spaced(this.svg);
    if (size === this.letters && apart === this.spaced) return;
    this.letters = size;
    this.spaced = apart;
    this.drawing = null;
    this.show();
  }

  /** Draws anew for another width; a container that is not shown has none. */
  private fit(containerWidth: number): void {
    const measured = Math.round(containerWidth);
    if (measured <= 0 || measured === this.width) return;
    this.width = measured;
    this.drawing = null;
    this.show();
  }

  private show(): void {
    if (!this.drawing || anatomy(this.reading) !== this.parts) this.redraw();
    this.drawing?.update(this.reading);
    if (!this.motion.moving) this.drawing?.still();
    set(this.svg, "aria-label", describe(this.reading, this.labels));
  }

  private redraw(): void {
    const width = this.width || 560;
    const by = this.letters;
    const layout = layoutFor(width / by, this.spaced);
    this.svg.style.maxWidth = `${WIDEST * by}px`;
    // Words never shrink below the reader's letters: the drawing then goes beyond its room, which scrolls.
    this.svg.style.minWidth = by > 1 ? `${NARROWEST * by}px` : "";
    const wider = by > 1 && width < NARROWEST * by;
    for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": "Drawing" })) {
      if (wider) this.container.setAttribute(name, value);
      else this.container.removeAttribute(name);
    }
    this.svg.replaceChildren();
    set(this.svg, "viewBox", `0 0 ${layout.width} ${layout.height}`);
    this.drawing = draw(this.svg, layout, this.labels, this.reading);
    this.parts = anatomy(this.reading);
  }
}
