/**
 * The drawn synapse: a sending terminal, the gap and a receiving cell whose every dot, plug and arrow is a number.
 *
 * createScene() owns one <svg>. It reads each state (quantities.ts), lays the drawing out for the container's width
 * (layout.ts, picture.ts), has it drawn (drawing.ts) and lets it move when motion is welcome (motion.ts).
 *
 * For a screen reader the drawing is one image with a sentence (role="img"): the lab's own live sentence tells what
 * changed and why, this one tells what stands in the picture, and neither interrupts the other because an image's
 * name is read only when the reader comes to it.
 */
import { draw } from "./drawing";
import { layoutFor } from "./layout";
import { Picture } from "./picture";
import { anatomy, type Facts, finite, read, type Reading, type Values } from "./quantities";
import { set } from "./svg";
import { describe, labelsFor } from "./words";

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

/** The numbers that the drawing was last given, and the picture of them. */
class DrawnScene implements Scene {
  private readonly facts: Facts;
  private readonly picture: Picture<Reading>;
  private baseline: Values = {};
  private now: Values = {};
  private controls: Values = {};

  constructor(container: HTMLElement, spec: SceneSpec) {
    const labels = labelsFor(spec, spec.labels ?? {});
    this.facts = { constant: new Set(spec.constant), autoreceptorSignal: spec.autoreceptorSignal ?? false };
    const art = {
      className: "scene",
      hue: spec.transmitter,
      parts: anatomy,
      draw(svg: SVGSVGElement, reading: Reading, width: number, spaced: boolean) {
        const layout = layoutFor(width, spaced);
        set(svg, "viewBox", `0 0 ${layout.width} ${layout.height}`);
        return draw(svg, layout, labels, reading);
      },
      describe: (reading: Reading) => describe(reading, labels),
    };
    this.picture = new Picture(container, art, this.read());
  }

  update(state: SceneState): void {
    this.baseline = finite(state.baseline, this.baseline);
    this.now = finite(state.now, this.now);
    this.controls = finite(state.controls, this.controls);
    this.picture.update(this.read(), state);
  }

  resize(): void {
    this.picture.resize();
  }

  destroy(): void {
    this.picture.destroy();
  }

  private read(): Reading {
    return read(this.baseline, this.now, this.controls, this.facts);
  }
}
