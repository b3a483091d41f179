/** The sentence about levels: the setting, what it does, and why, all from the numbers just computed. */
import type { Control } from "../spec/read";
import { SAME, SETTLED, type Findings, type Situation } from "./findings";
import { afterTime, capital, grouped, list, NOTHING, place, THIN, timeWords, unitFor } from "./numbers";
import { atRest, phraseOf } from "./settings";


/** The sentence under the picture: the setting, what it does, and why, all from the numbers just computed. */
export function sentence(now: Situation): string {
  const changed = now.controls.filter((control) => !atRest(control, now.values[control.name]));
  const moved = now.moved ?? (changed.length === 1 ? changed[0] : null);
  const unlock = "Choose an answer above to unlock the sliders.";
  if (now.cases) return `${casesSentence(now, changed)}${now.locked ? ` ${unlock}` : ""}`;
  if (!moved && changed.length === 0) {
    const [first] = now.findings;
    // A lab of tablets or pulses is not at rest where its sliders are.
    if (first.end === null && first.furthest) {
      return [`${capital(level(first, now))}.`, counts(now), now.locked ? unlock : "Move a slider to change something."]
        .filter(Boolean)
        .join(" ");
    }
    return `Everything is at rest: ${now.findings.map((f) => f.noun).join(" and ")} ${
      now.findings.length > 1 ? "stay" : "stays"
    } at ${first.end === null ? first.amount : "baseline"}. ${now.locked ? unlock : "Move a slider to change something."}`;
  }
  // What is at rest goes without saying, except what the hand has just put there.
  const others = changed.filter((control) => control.name !== moved?.name);
  const named = !moved ? others : atRest(moved, now.values[moved.name]) ? [...others, moved] : [moved, ...others];
  const settings = named.map((control) => phraseOf(control, now.values[control.name]));
  const start = `With ${list(settings.length > 3 ? [...settings.slice(0, 2), `${settings.length - 2} other settings changed`] : settings)}, `;
  if (now.findings.length > 1) {
    const levels = now.findings.map((f) => level(f, now));
    return `${start}${levels.join(levels.length === 2 ? ", while " : "; ")}.${now.locked ? ` ${unlock}` : ""}`;
  }
  const [f] = now.findings;
  const told = [`${start}${level(f, now)}.`, counts(now), now.locked ? unlock : now.explain(f, moved, changed, now)];
  return told.filter(Boolean).join(" ");
}

/** One model several times: what the sliders do in each case. */
function casesSentence(now: Situation, changed: Control[]): string {
  const { noun, names } = now.cases!;
  const settings = changed.map((control) => phraseOf(control, now.values[control.name]));
  const lead = settings.length ? `With ${list(settings)}` : "With nothing done about it";
  const levels = now.findings.map((f, k) => level({ ...f, noun: `“${names[k]}”` }, now));
  return `${lead}, ${noun}: ${levels.join("; ")}.`;
}

/** "The cell fires 3 times, against 7 before." */
function counts({ counted }: Situation): string {
  if (!counted) return "";
  const often = (count: number) => (count === 0 ? "not at all" : count === 1 ? "once" : count === 2 ? "twice" : `${grouped(count)} times`);
  const same = counted.now === counted.before;
  return counted.now === 0
    ? `The cell does not fire${same ? "" : `; before, it fired ${often(counted.before)}`}.`
    : `The cell fires ${often(counted.now)}${same ? ", as before" : counted.before === 0 ? "; before, it did not" : `, against ${often(counted.before)} before`}.`;
}

/** "serotonin between the neurons settles at 2.7 times baseline" */
function level(f: Findings, now: Situation): string {
  if (f.end === null) {
    const last = `is ${f.amount} after ${timeWords(now.span, now.timeUnit)}`;
    if (!f.furthest) return `${f.noun} ${last}`;
    const { amount, before } = f.furthest;
    const against = before === null || before === amount ? "" : ` (${before} before)`;
    return `${f.noun} reaches ${amount}${against} ${afterTime(f.peakTime, now.timeUnit)} and ${last}`;
  }
  const end = f.end;
  if (f.lowest !== undefined && (f.peak > 1 + SAME || f.lowest < 1 - SAME)) {
    const ways = [
      f.peak > 1 + SAME ? `goes up to ${place(f.peak)}` : "",
      f.lowest < 1 - SAME ? `${f.peak > 1 + SAME ? "" : "goes "}down to ${place(f.lowest)}` : "",
    ];
    const after = `after ${timeWords(now.span, now.timeUnit)}`;
    return `${f.noun} ${list(ways.filter(Boolean))} and is ${Math.abs(end - 1) < SAME ? "back at baseline" : `at ${place(end)}`} ${after}`;
  }
  const drift = f.settles ? f.settled / Math.max(end, 1e-12) - 1 : 0;
  if (Math.abs(end - 1) < SAME && Math.abs(drift) < SETTLED) {
    const { begins = 1 } = f;
    if (Math.abs(begins - 1) >= SAME) return `${f.noun} ${begins < 1 ? "rises" : "falls"} to baseline`;
    const exact = Math.abs(end - 1) < 5e-5;
    return `${f.noun} ${exact ? "stays at baseline" : `hardly changes (${signedPercent(end - 1)})`}`;
  }
  if (!f.settles && end >= NOTHING) {
    return `${f.noun} is at ${place(end)} after ${timeWords(now.span, now.timeUnit)} and has not settled`;
  }
  if (Math.abs(drift) < SETTLED || Math.max(end, f.settled) < NOTHING) {
    return end < NOTHING ? `${f.noun} falls to almost nothing` : `${f.noun} settles at ${place(end)}`;
  }
  const write = unitFor(end);
  const on = write(f.settled);
  if (on === write(end)) return `${f.noun} is at ${place(end)} after ${timeWords(now.span, now.timeUnit)}`;
  return `${f.noun} is at ${place(end)} after ${timeWords(now.span, now.timeUnit)}, still ${drift > 0 ? "rising" : "falling"} towards ${on}`;
}

function signedPercent(share: number): string {
  const percent = 100 * share;
  const digits = Math.abs(percent) < 0.095 ? 2 : 1;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(digits)}${THIN}%`;
}
