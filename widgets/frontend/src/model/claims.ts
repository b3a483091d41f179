/** Claims: conclusions that are tested again at every setting. A claim is the ratio of two settled levels. */
import type { LoadedModel } from "./module";
import type { ClaimSpec } from "../spec/generated";
import { Settling } from "./settling";

export interface Standing {
  /** NaN where it cannot be told: a level that does not settle, or none to compare with. */
  ratio: number;
  /** null where it cannot be told. */
  holds: boolean | null;
}

/** Rounding cannot overturn a claim (as in widgets/evidence/claims.py). */
const ROUNDING = 1e-6;
/** A level below this share of the resting level is none to compare with (as in widgets/evidence/claims.py). */
const NOTHING = 1e-9;
/** A side that took longer to settle (it took a whole run, or never settles) waits until nothing is being moved, ms. */
const SLOW = 2;

/** One side of a claim, shared by all claims with that side. */
interface Side {
  settings: [at: number, value: number][];
  /** The constants it was last settled for. */
  p: Float64Array;
  state: Float64Array;
  settled: boolean;
  known: boolean;
  /** Found by following a run, not from the last state alone. */
  sure: boolean;
  slow: boolean;
}

export class Claims {
  readonly standings: Standing[];

  private readonly settling: Settling;
  private readonly sides: Side[] = [];
  private readonly pairs: { claim: ClaimSpec; change: Side; against: Side }[];
  private readonly rest = new Map<string, number>();
  private readonly wanted: Float64Array;
  private readonly present: Float64Array;
  /** The side to begin with, so that none is passed over for long. */
  private first = 0;

  constructor(
    model: LoadedModel,
    claims: readonly ClaimSpec[],
    horizon: number,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.settling = new Settling(model, horizon);
    this.wanted = this.settling.defaults();
    this.present = this.settling.defaults();
    const found = new Map<string, Side>();
    const side = (settings: Record<string, number>): Side => {
      const pairs = Object.entries(settings).map(([name, value]): [number, number] => [this.settling.indexOf(name), value]);
      const key = JSON.stringify(pairs.sort(([a], [b]) => a - b));
      let made = found.get(key);
      if (!made) {
        made = {
          settings: pairs,
          p: new Float64Array(this.wanted.length),
          state: model.baseline.slice(),
          settled: false,
          known: false,
          sure: false,
          slow: false,
        };
        found.set(key, made);
        this.sides.push(made);
      }
      return made;
    };
    this.pairs = claims.map((claim) => ({ claim, change: side(claim.change), against: side(claim.against) }));
    for (const { output } of claims) this.rest.set(output, this.settling.value(output, model.baseline, this.wanted));
    this.standings = claims.map(() => ({ ratio: NaN, holds: null }));
  }

  /**
   * Judge every claim for the constants `present`; a side none of whose constants changed is left alone. While something
   * is being moved each side starts from where it last settled and at most `budget` ms are spent; what is then left
   * keeps its old standing until the next call. Without a budget every side is settled as surely as the curve is.
   * Returns whether everything was judged.
   */
  update(present: Float64Array, budget = Infinity): boolean {
    this.present.set(present);
    const until = this.clock() + budget;
    let complete = true;
    const { first, sides } = this;
    for (let k = 0; k < sides.length; k++) {
      const at = (first + k) % sides.length;
      const side = sides[at];
      const stale = this.isStale(side);
      if (budget === Infinity) {
        if (stale || !side.sure) this.settle(side, true);
        continue;
      }
      if (!stale) continue;
      if (!side.slow && this.clock() < until) {
        this.settle(side, false);
      } else {
        if (complete) this.first = at;
        complete = false;
      }
    }
    this.pairs.forEach(({ claim, change, against }, i) => {
      if (this.isStale(change) || this.isStale(against)) return;
      this.standings[i] = this.judge(claim, change, against);
    });
    return complete;
  }

  /** The constants of a side, into `wanted`; whether they differ from those it was last settled for. */
  private isStale(side: Side): boolean {
    const { wanted, present } = this;
    wanted.set(present);
    for (const [at, value] of side.settings) wanted[at] = value;
    if (!side.known) return true;
    for (let i = 0; i < wanted.length; i++) if (wanted[i] !== side.p[i]) return true;
    return false;
  }

  private settle(side: Side, surely: boolean): void {
    const begun = this.clock();
    const { settling } = this;
    const { baseline } = settling.model;
    side.p.set(this.wanted);
    side.settled = surely
      ? settling.settle(side.p, baseline, side.state)
      : settling.resettle(side.p, side.settled ? side.state.slice() : baseline, side.state);
    side.known = true;
    side.sure = surely;
    // What takes a run anyway is no measure of how long a stride from nearby takes.
    if (!surely) side.slow = this.clock() - begun > SLOW;
  }

  private judge(claim: ClaimSpec, change: Side, against: Side): Standing {
    if (!change.settled || !against.settled) return { ratio: NaN, holds: null };
    const above = this.settling.value(claim.output, change.state, change.p);
    const below = this.settling.value(claim.output, against.state, against.p);
    const ratio = above / below;
    const compares = Math.abs(below) > NOTHING * Math.abs(this.rest.get(claim.output)!);
    return compares && Number.isFinite(ratio) ? { ratio, holds: bears(claim, ratio) } : { ratio: NaN, holds: null };
  }
}

export function bears({ low, high }: ClaimSpec, ratio: number): boolean {
  return (low === null || ratio >= low * (1 - ROUNDING)) && (high === null || ratio <= high * (1 + ROUNDING));
}
