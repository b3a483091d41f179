/** From what the reader has set to the constants of each run. */
import type { LabSpec, Medicine, RunSpec } from "../spec/generated";
import type { Control, MedicineDrive } from "../spec/read";
import type { Changes, Schedule } from "./experiment";

/** A value for each control: a number (of a choice its place, of a switch 0 or 1), or a schedule. */
export type Settings = Readonly<Record<string, number | Schedule>>;

export interface Drive {
  /** What the settings make of a run's constants. */
  changes(run: RunSpec, settings: Settings): Changes;
}

export function driveOf(spec: LabSpec): Drive {
  const { drive } = spec;
  return drive.kind === "medicines" ? new Medicines(drive) : new Direct(spec.controls);
}

/** A setting that is a number. */
export function numberOf(settings: Settings, name: string): number {
  const value = settings[name];
  return typeof value === "number" ? value : NaN;
}

/** Every control is a constant, or a schedule, of the same name. */
class Direct implements Drive {
  constructor(private readonly controls: readonly Control[]) {}

  changes(_: RunSpec, settings: Settings): Changes {
    const changes: Record<string, number | Schedule> = {};
    for (const control of this.controls) {
      const value = settings[control.name];
      if (value === undefined) continue;
      changes[control.name] = control.kind === "choice" && typeof value === "number" ? (control.values[value] ?? value) : value;
    }
    return changes;
  }
}

/** How much of a target a daily dose occupies, 0..1; null: not known. */
export function occupancy(medicine: Medicine, target: string, dose: number): number | null {
  const found = medicine.targets[target];
  return found ? (found.maximum * dose) / (dose + found.half) : null;
}

/** Where nothing is known of how long a medicine stays, hours. */
const HALF_LIFE = 24;

/** Each side's medicine and dose occupy targets, and these set constants of the side's runs. */
export class Medicines implements Drive {
  constructor(readonly spec: MedicineDrive) {}

  medicine(side: number, settings: Settings): Medicine {
    const { medicines, sides } = this.spec;
    const place = Math.round(numberOf(settings, sides[side].drug));
    return medicines[Math.min(medicines.length - 1, Math.max(0, place || 0))];
  }

  dose(side: number, settings: Settings): number {
    return numberOf(settings, this.spec.sides[side].dose);
  }

  changes(run: RunSpec, settings: Settings): Changes {
    const medicine = this.medicine(run.side, settings);
    if (run.model === this.spec.kinetics) return { half_life: medicine.halfLife ?? HALF_LIFE };
    const dose = this.dose(run.side, settings);
    const changes: Record<string, number> = {};
    for (const [parameter, target] of Object.entries(this.spec.effects[run.model])) {
      const left = target.startsWith("-");
      const held = occupancy(medicine, left ? target.slice(1) : target, dose) ?? 0;
      changes[parameter] = left ? 1 - held : held;
    }
    return changes;
  }
}
