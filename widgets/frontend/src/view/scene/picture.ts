/**
 * A drawing that fits its room: laid out anew for another width, other letters or other parts, else only brought up to
 * date, and moving while motion is welcome (motion.ts). The drawn synapse is one, the drawn channel another.
 */
import { letters, spaced } from "../letters";
import { NARROWEST, WIDEST } from "./layout-frame";
import { createMotion, type Motion } from "./motion";
import { add, set } from "./svg";

export interface Drawing<Reading> {
  update(reading: Reading): void;
  step(seconds: number): void;
  still(): void;
}

/** What is drawn, and how. */
export interface Art<Reading> {
  /** The image's class. */
  className: string;
  /** A palette's name, such as "serotonin". */
  hue: string;
  /** Which parts a reading has: the drawing is made anew only when this changes. */
  parts(reading: Reading): string;
  /** Draws into an empty image, for a width in CSS px, and sets its viewBox. */
  draw(svg: SVGSVGElement, reading: Reading, width: number, spaced: boolean): Drawing<Reading>;
  /** The sentence that stands for the image. */
  describe(reading: Reading): string;
}

/** An empty drawing in the transmitter's hue, as wide as its container allows. */
function addImage(container: HTMLElement, { className, hue }: Pick<Art<never>, "className" | "hue">): SVGSVGElement {
  const svg = add(container, "svg", { role: "img", class: className });
  svg.style.setProperty("--scene-hue", `var(--lab-hue, var(--ls-${hue.replaceAll("_", "-")}))`);
  Object.assign(svg.style, { display: "block", width: "100%", height: "auto", margin: "0 auto" });
  // Percentages must not jitter while a slider moves.
  svg.style.fontVariantNumeric = "tabular-nums";
  return svg;
}

export class Picture<Reading> {
  private readonly svg: SVGSVGElement;
  private readonly motion: Motion;
  private readonly sized: ResizeObserver;
  /** The parts that the drawing was made for. */
  private parts = "";
  private width: number;
  private letters = letters();
  private spaced = false;
  private drawing: Drawing<Reading> | null = null;
  private destroyed = false;

  constructor(
    private readonly container: HTMLElement,
    private readonly art: Art<Reading>,
    private reading: Reading,
  ) {
    this.svg = addImage(container, art);
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

  /** Shows a new reading. `locked`: the reader has not yet predicted, and the drawing stands still. */
  update(reading: Reading, { locked, animate }: { locked: boolean; animate: boolean }): void {
    if (this.destroyed) return;
    this.reading = reading;
    set(this.svg, "data-locked", locked ? "yes" : "no");
    this.motion.hold();
    this.show();
    this.motion.want(animate && !locked);
  }

  destroy(): void {
    this.destroyed = true;
    this.motion.destroy();
    this.sized.disconnect();
    this.svg.remove();
    this.drawing = null;
  }

  /** The reader's letters may be of another size. */
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
    if (!this.drawing || this.art.parts(this.reading) !== this.parts) this.redraw();
    this.drawing?.update(this.reading);
    if (!this.motion.moving) this.drawing?.still();
    set(this.svg, "aria-label", this.art.describe(this.reading));
  }

  private redraw(): void {
    const width = this.width || 560;
    const by = this.letters;
    this.svg.style.maxWidth = `${WIDEST * by}px`;
    // Words never shrink below the reader's letters: the drawing then goes beyond its room, which scrolls.
    this.svg.style.minWidth = by > 1 ? `${NARROWEST * by}px` : "";
    const wider = by > 1 && width < NARROWEST * by;
    for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": "Drawing" })) {
      if (wider) this.container.setAttribute(name, value);
      else this.container.removeAttribute(name);
    }
    this.svg.replaceChildren();
    this.drawing = this.art.draw(this.svg, this.reading, width / by, this.spaced);
    this.parts = this.art.parts(this.reading);
  }
}
