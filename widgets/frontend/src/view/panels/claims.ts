/** Conclusions, each tested again at every setting. */
import { Claims } from "../../model/claims";
import { InSlices } from "../../model/population";
import type { Frame } from "../../session/frame";
import { news } from "../../words/claims";
import { ClaimsList } from "../claims-list";
import { panelKind } from "../panel";

/** Of each picture, what claims may take while a slider moves. */
const BUDGET_MS = 2.5;
/** Moves that follow one another faster than this are one movement: claims keep pace with it as well as they can. */
const MOVEMENT_MS = 150;

export default panelKind("claims", "below", (spec, lab) => {
  const judge = new Claims(lab.session.experiments[0].model, spec.claims, lab.spec.clock.span);
  const list = new ClaimsList(lab.id, spec.claims);
  const slices = new InSlices();
  let moved = -Infinity;
  let judged = "";
  /** How the claims stood when they were last told of, for which settings, and what was said of them then. */
  let told = { held: "", of: "", words: "" };

  const show = (frame: Frame) => list.update(judge.standings, frame.locked);
  const surely = (frame: Frame) => {
    slices.cancel();
    const { key, values } = frame.runs[0].parameters;
    if (judged !== key) judge.update(values);
    judged = key;
    show(frame);
  };
  return {
    element: list.element,
    draw(frame) {
      slices.cancel();
      const { key, values } = frame.runs[0].parameters;
      const continues = performance.now() - moved < MOVEMENT_MS;
      moved = performance.now();
      if (judged === key) return show(frame);
      if (continues || frame.locked) {
        // A movement: each claim is sought from where it last stood, as far as the time of one picture goes.
        judge.update(values, BUDGET_MS);
        return show(frame);
      }
      // A single move: once, surely, when the picture stands.
      slices.start(
        () => true,
        () => surely(frame),
      );
    },
    rest(frame, said) {
      surely(frame);
      const of = `${judged} ${frame.locked}`;
      if (of !== told.of) {
        const held = frame.locked ? "" : judge.standings.map(({ holds }) => holds).sort().join();
        const changed = told.held !== "" && held !== "" && held !== told.held;
        told = { held, of, words: changed ? news(judge.standings) : "" };
      }
      if (told.words) said.push(told.words);
    },
    destroy: () => slices.cancel(),
  };
});
