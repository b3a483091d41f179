/**
 * Links that restore a lab's settings. A link names things, never places in a menu: a menu that is made longer or put
 * in another order leaves it right.
 */
import { numberOf, type Settings } from "../model/drives";
import type { Schedule } from "../model/experiment";
import type { ChoiceControl, Control, ScheduleControl } from "../spec/read";
import { asChosen } from "../words/settings";

/** What of a lab's spec a link is about. */
export interface Linked {
  readonly name: string;
  readonly controls: readonly Control[];
}

/** What a link asks of a lab. */
export interface Asked {
  settings: Settings;
  /** An option that the lab does not have, in words for the reader; "" if it has all. */
  missing: string;
}

/** Of a schedule: more than any calendar of the book has. */
const MOST_TIMES = 1000;

/** "#lab=medicines&drug=fluoxetine&dose=20": which lab, and where its controls stand. */
export function permalink({ name, controls }: Linked, settings: Settings): string {
  const parts = controls.map((control) => `${encodeURIComponent(control.name)}=${written(control, settings[control.name])}`);
  return `#${[`lab=${encodeURIComponent(name)}`, ...parts].join("&")}`;
}

/** 0.8, fluoxetine, or 0:20;24:20 for a schedule. */
function written(control: Control, value: number | Schedule): string {
  if (control.kind === "choice") return encodeURIComponent(namesOf(control)[Number(value)] ?? "");
  if (typeof value === "number") return String(Number(value.toFixed(6)));
  if (!value.length) return "none";
  return value.map(([time, amount]) => `${Number(time.toFixed(6))}:${Number(amount.toFixed(6))}`).join(";");
}

function namesOf({ names, options }: ChoiceControl): readonly string[] {
  return names?.length ? names : options;
}

/** The parts of an address's fragment, by name; null if it is not for the lab called `name`. */
function partsOf(hash: string, name: string): Map<string, string> | null {
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const parts = hash.replace(/^#/, "").split("&").map((part) => {
    const [key, ...value] = part.split("=");
    return [decode(key), decode(value.join("="))] as const;
  });
  return parts[0][0] === "lab" && parts[0][1] === name ? new Map(parts.slice(1)) : null;
}

/** The settings a link asks of a lab; null if the link is not for it. Nonsense in it is left out. */
export function readPermalink(hash: string, lab: Linked): Asked | null {
  const parts = partsOf(hash, lab.name);
  if (!parts) return null;
  const settings: Record<string, number | Schedule> = {};
  for (const control of lab.controls) {
    const text = parts.get(control.name);
    if (text === undefined) continue;
    const found = control.kind === "choice" ? placeOf(control, text) : control.kind === "schedule" ? timesOf(control, text) : numberIn(text);
    // A dose is of its medicine: where one is not here, nothing of the link means what it meant.
    if (found === null && control.kind === "choice") return { settings: {}, missing: `${control.label}: ${quoted(text)}` };
    if (found !== null) settings[control.name] = found;
  }
  return { settings, missing: "" };
}

/** The place of an option that a link names. Links of earlier versions of the book hold the place itself. */
function placeOf(control: ChoiceControl, text: string): number | null {
  const names = namesOf(control);
  const plain = text.trim().toLowerCase();
  const place = names.includes(text) ? names.indexOf(text) : names.findIndex((name) => name.toLowerCase() === plain);
  if (place >= 0) return place;
  return /^\d{1,4}$/.test(text) && Number(text) < names.length ? Number(text) : null;
}

function numberIn(text: string): number | null {
  const number = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

function timesOf({ minimum, maximum }: ScheduleControl, text: string): Schedule | null {
  if (text === "none") return [];
  const pairs = text.split(";", MOST_TIMES + 1).map((pair) => pair.split(":").map((part) => numberIn(part) ?? NaN));
  const fits = ([time, amount]: number[]) => time >= 0 && (amount === 0 || (amount >= minimum && amount <= (maximum ?? Infinity)));
  if (pairs.length > MOST_TIMES || !pairs.every((pair) => pair.length === 2 && fits(pair))) return null;
  return pairs.map(([time, amount]) => [time, amount] as const).sort((one, other) => one[0] - other[0]);
}

function quoted(text: string): string {
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
}

/** Those of some settings that a lab still has room for, now that it may have changed. */
export function fitting({ controls }: Linked, settings: Settings): Settings {
  const fits = (control: Control): boolean => {
    const value = numberOf(settings, control.name);
    if (control.kind === "number") {
      const { minimum, maximum } = asChosen(control, settings);
      return value >= minimum && value <= maximum;
    }
    return control.kind === "switch" ? value === 0 || value === 1 : settings[control.name] !== undefined;
  };
  return Object.fromEntries(controls.filter(fits).map(({ name }) => [name, settings[name]]));
}

/** Put the link in the address bar and on the clipboard; returns what to tell the reader. */
export async function share(hash: string): Promise<string> {
  const address = location.href.split("#")[0] + hash;
  let shown = window.top === window.self;
  try {
    history.replaceState(history.state, "", hash);
  } catch {
    shown = false;
  }
  try {
    await navigator.clipboard.writeText(address);
    return "Link copied";
  } catch {
    // In a frame the address bar is another page's.
    return shown ? "Link is in the address bar" : `This page may not copy. The link is ${address}`;
  }
}

/** Take the link of the lab called `name` out of the address bar, so that the page opens afresh. */
export function forget(name: string): void {
  if (!partsOf(location.hash, name)) return;
  try {
    history.replaceState(history.state, "", location.href.split("#")[0]);
  } catch {
    // A page in a sandbox may not; it has no address of its own either.
  }
}
