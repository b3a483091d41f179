/** Axis ends that do not jump under the hand: they grow at once and shrink when the slider has come to rest. */

import { scaleLinear } from "d3-scale";
import { ladder } from "../../model/ladder";

export class SteadyTop {
  private top = 0;

  /** `least`: the end never lies below this. */
  constructor(private readonly least: number) {}

  /** The axis end for curves that reach `highest`; `still`: nothing is being moved, so the axis may shrink. */
  fit(highest: number, still: boolean): number {
    const wanted = Math.max(this.least, ladder(highest * 1.04));
    if (still || wanted > this.top) this.top = wanted;
    return this.top;
  }

  /** Whether the axis would shrink for the same curves now that nothing is being moved. */
  isLoose(highest: number): boolean {
    return this.top > Math.max(this.least, ladder(highest * 1.04));
  }
}

/** The same for values that may lie on both sides of zero, or far from it, such as a voltage: familiar ends around them. */
export class SteadyRange {
  private low = 0;
  private high = 0;

  fit(lowest: number, highest: number, still: boolean): [number, number] {
    const [low, high] = this.wanted(lowest, highest);
    if (lowest >= 0 && this.low >= 0) {
      if (still || high > this.high) this.high = high;
      this.low = 0;
      return [0, this.high];
    }
    if (still || low < this.low || this.low === this.high) this.low = low;
    if (still || high > this.high || this.low === this.high) this.high = high;
    return [this.low, this.high];
  }

  /** Whether the axis would shrink for the same curves now that nothing is being moved. */
  isLoose(lowest: number, highest: number): boolean {
    const [low, high] = this.wanted(lowest, highest);
    return this.low < low || this.high > high;
  }

  private wanted(lowest: number, highest: number): [number, number] {
    if (lowest >= 0 && this.low >= 0) return [0, ladder(highest * 1.04)];
    // Room for half a millivolt at least: a flat line is drawn in the middle of its chart.
    const room = Math.max((highest - lowest) * 0.04, Math.abs(highest) * 0.004, 1e-9);
    const [low, high] = scaleLinear().domain([lowest - room, highest + room]).nice(4).domain();
    return [low, high];
  }
}
