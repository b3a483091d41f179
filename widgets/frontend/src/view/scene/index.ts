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
import { WIDEST } from "./layout-frame";
import { createMotion } from "./motion";
import { anatomy, type Facts, finite, read, type Reading, type Values } from "./quantities";
import { add, set } from "./svg";
import { describe, labelsFor } from "./words";

export interface SceneState {
  /** Values at baseline and now; keys are species, assignments and reactions by name. Missing keys are not drawn. */
  baseline: Values;
  now: Values;
  /** Slider values by parameter name. */
  controls: Values;
  /** True while the reader has not yet predicted: the drawing stands still. */
  locked: boolean;
  /** Whether the drawing may move (never under prefers-reduced-motion). */
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
  destroy(): void;
}

/** Adds the drawing to `container`. Throws if the hue's name could not be a palette name. */
export function createScene(container: HTMLElement, spec: SceneSpec): Scene {
  if (!/^[a-z][a-z0-9_-]*$/.test(spec.transmitter)) {
    throw new Error(
      `createScene: transmitter is "${spec.transmitter}"; it must be a hue's name from the palette, such as "serotonin"`,
    );
  }
  const labels = labelsFor(spec, spec.labels ?? {});
  const svg = add(container, "svg", { role: "img", class: "scene" });
  svg.style.setProperty("--scene-hue", `var(--lab-hue, var(--ls-${spec.transmitter.replaceAll("_", "-")}))`);
  Object.assign(svg.style, { display: "block", width: "100%", height: "auto", maxWidth: `${WIDEST}px`, margin: "0 auto" });
  // Percentages must not jitter while a slider moves.
  svg.style.fontVariantNumeric = "tabular-nums";

  let baseline: Values = {};
  let now: Values = {};
  let controls: Values = {};
  const facts: Facts = { constant: new Set(spec.constant), autoreceptorSignal: spec.autoreceptorSignal ?? false };
  let reading: Reading = read(baseline, now, controls, facts);
  let parts = "";
  let width = 0;
  let drawing: Drawing | null = null;
  let destroyed = false;

  const motion = createMotion(
    svg,
    (seconds) => drawing?.step(seconds),
    () => drawing?.still(),
  );

  const redraw = () => {
    const layout = layoutFor(width || 560);
    svg.replaceChildren();
    set(svg, "viewBox", `0 0 ${layout.width} ${layout.height}`);
    drawing = draw(svg, layout, labels, reading);
    parts = anatomy(reading);
  };
  const show = () => {
    if (!drawing || anatomy(reading) !== parts) redraw();
    drawing?.update(reading);
    if (!motion.moving) drawing?.still();
    set(svg, "aria-label", describe(reading, labels));
  };

  const resize = new ResizeObserver((entries) => {
    const measured = Math.round(entries[entries.length - 1].contentRect.width);
    if (measured <= 0 || measured === width) return;
    width = measured;
    drawing = null;
    show();
  });
  width = Math.round(container.clientWidth);
  resize.observe(container);
  show();

  return {
    update(state) {
      if (destroyed) return;
      baseline = finite(state.baseline, baseline);
      now = finite(state.now, now);
      controls = finite(state.controls, controls);
      reading = read(baseline, now, controls, facts);
      set(svg, "data-locked", state.locked ? "yes" : "no");
      motion.hold();
      show();
      motion.want(state.animate && !state.locked);
    },
    destroy() {
      destroyed = true;
      motion.destroy();
      resize.disconnect();
      svg.remove();
      drawing = null;
    },
  };
}
