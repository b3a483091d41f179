/** Settles people and judges claims as the page does, while a slider moves and once it rests. */
import { Claims } from "../../widgets/frontend/src/model/claims";
import { loadModel } from "../../widgets/frontend/src/model/module";
import { Population, type PopulationSpec } from "../../widgets/frontend/src/model/population";
import { Settling } from "../../widgets/frontend/src/model/settling";
import type { ClaimSpec } from "../../widgets/frontend/src/spec/generated";
import { measured } from "../../widgets/frontend/src/words/claims";

type Settings = Record<string, number>;

interface Asked {
  /** The text of Model.to_javascript(). */
  model: string;
  horizon: number;
  people?: { spec: PopulationSpec; shared: string[]; output: string; settings: Settings[] };
  claims?: { specs: ClaimSpec[]; settings: Settings[] };
}

interface Told {
  ratio: number;
  holds: boolean | null;
  words: string;
}

interface Found {
  /** Of each person, in the model's order. */
  constants?: number[][];
  /** For each setting; null for one who does not settle. */
  people?: { rest: (number[] | null)[]; after: (number[] | null)[]; folds: number[] }[];
  /** For each setting, as while a slider moves. */
  claims?: Told[][];
  /** The same once it rests. */
  surely?: Told[][];
  /** The same, each from a fresh start. */
  cold?: Told[][];
}

export default async function answer(request: Record<string, Asked>): Promise<Record<string, Found>> {
  const all: Record<string, Found> = {};
  for (const [name, { model: text, horizon, people, claims }] of Object.entries(request)) {
    const model = await loadModel(text);
    const settling = new Settling(model, horizon);
    const constants = (settings: Settings) => {
      const p = settling.defaults();
      for (const [constant, value] of Object.entries(settings)) p[settling.indexOf(constant)] = value;
      return p;
    };
    const found: Found = (all[name] = {});
    if (people) {
      const { spec, shared, output, settings } = people;
      const crowd = new Population(model, spec, shared, output, horizon);
      const everyone = Array.from({ length: spec.n }, (_, i) => i);
      found.constants = everyone.map((person) => [...crowd.constants(person)]);
      found.people = settings.map((each) => {
        crowd.begin(constants(each));
        // In the order in which the page does it, a few at a time.
        while (!crowd.work(() => true));
        const folds = [...crowd.folds];
        const states = everyone.map((person) => crowd.states(person));
        return {
          folds,
          rest: states.map((state) => state && [...state.rest]),
          after: states.map((state) => state && [...state.after]),
        };
      });
    }
    if (claims) {
      const standings = (from: Claims, each: Settings, budget?: number): Told[] => {
        from.update(constants(each), budget);
        return from.standings.map((standing, i) => ({ ...standing, words: measured(claims.specs[i], standing) }));
      };
      const still = new Claims(model, claims.specs, horizon);
      // Time does not pass, so that nothing is put off.
      const moving = new Claims(model, claims.specs, horizon, () => 0);
      found.claims = claims.settings.map((each) => standings(moving, each, 1));
      found.surely = claims.settings.map((each) => standings(still, each));
      found.cold = claims.settings.map((each) => standings(new Claims(model, claims.specs, horizon), each));
    }
  }
  return all;
}
