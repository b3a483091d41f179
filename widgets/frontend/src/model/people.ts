/** Who the people of a population are: the same as in the kernel (widgets/engine/population.py describes how). */
import { SolverError } from "./equations";
import type { LoadedModel } from "./module";

/** As `Population` in widgets/labs, with the constants that differ written out. */
export interface PopulationSpec {
  n: number;
  seed: number;
  /** Standard deviation of the natural logarithm of a constant over people. */
  spread: number;
  constants: string[];
  /** Spreads of single constants, where they are not all the same. */
  spreads?: Record<string, number>;
}

/** MurmurHash3's finaliser: a one-to-one scrambling of 32 bits. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function absorb(h: number, word: number): number {
  return mix(((h ^ word) + 0x9e3779b9) | 0);
}

/** FNV-1a, 32 bits, of a name in letters, digits and underscores. */
export function nameHash(name: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** The standard normal number that one constant of one person gets; `constant` is the hash of its name. */
export function normalNumber(seed: number, person: number, constant: number): number {
  const crowd = absorb(absorb(0, seed % 2 ** 32), Math.floor(seed / 2 ** 32));
  const own = absorb(absorb(crowd, person), constant);
  const first = (absorb(own, 1) + 0.5) / 2 ** 32;
  const second = (absorb(own, 2) + 0.5) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
}

/** Several of whom each has constants of their own. */
export interface Crowd {
  readonly n: number;
  /** Write the constants of one of them, around those in `middle` (all of the model's, in its order), into `p`. */
  constants(person: number, middle: Float64Array, p: Float64Array): void;
}

/** Makes everybody's constants. */
export class People implements Crowd {
  readonly n: number;
  private readonly varied: { at: number; hash: number; low: number; high: number; spread: number }[];

  constructor(
    model: LoadedModel,
    private readonly spec: PopulationSpec,
  ) {
    this.n = spec.n;
    this.varied = spec.constants.map((name) => {
      const at = model.parameterNames.indexOf(name);
      if (at < 0) throw new SolverError(`This model has no "${name}".`);
      const { min, max } = model.parameters[at];
      const spread = spec.spreads?.[name] ?? spec.spread;
      return { at, hash: nameHash(name), low: min ?? -Infinity, high: max ?? Infinity, spread };
    });
  }

  constants(person: number, middle: Float64Array, p: Float64Array): void {
    p.set(middle);
    for (const { at, hash, low, high, spread } of this.varied) {
      const value = middle[at] * Math.exp(spread * normalNumber(this.spec.seed, person, hash));
      p[at] = Math.min(high, Math.max(low, value));
    }
  }
}
