/** Links that restore a lab's settings. */
import type { Settings } from "../model/drives";
import type { Schedule } from "../model/experiment";

/** "#lab=ssri&reuptake_inhibition=0.8": which lab, and where its sliders stand. */
export function permalink(name: string, settings: Settings): string {
  const parts = Object.entries(settings).map(([key, value]) => `${encodeURIComponent(key)}=${written(value)}`);
  return `#${[`lab=${encodeURIComponent(name)}`, ...parts].join("&")}`;
}

/** 0.8, or 0:20;24:20 for a schedule. */
function written(value: number | Schedule): string {
  if (typeof value === "number") return String(Number(value.toFixed(6)));
  if (!value.length) return "none";
  return value.map(([time, amount]) => `${Number(time.toFixed(6))}:${Number(amount.toFixed(6))}`).join(";");
}

function parsed(text: string): number | Schedule | null {
  if (text === "none") return [];
  if (/^-?[\d.]+:/.test(text)) {
    const pairs = text.split(";").map((pair) => pair.split(":").map(Number));
    return pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) ? pairs.map(([time, amount]) => [time, amount] as const) : null;
  }
  const number = text === "" ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The settings a link asks of the lab called `name`; null if the link is not for it. Nonsense in it is left out. */
export function readPermalink(hash: string, name: string): Settings | null {
  const parts = hash.replace(/^#/, "").split("&").map((part) => part.split("="));
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  if (parts[0]?.[0] !== "lab" || decode(parts[0][1] ?? "") !== name) return null;
  const values: Record<string, number | Schedule> = {};
  for (const [key, value] of parts.slice(1)) {
    const found = value === undefined ? null : parsed(decode(value));
    if (found !== null) values[decode(key)] = found;
  }
  return values;
}

/** Put the link in the address bar and on the clipboard; returns what to tell the reader. */
export async function share(hash: string): Promise<string> {
  history.replaceState(history.state, "", hash);
  try {
    await navigator.clipboard.writeText(location.href);
    return "Link copied";
  } catch {
    return "Link is in the address bar";
  }
}

/** Take the link of the lab called `name` out of the address bar, so that the page opens afresh. */
export function forget(name: string): void {
  if (readPermalink(location.hash, name)) history.replaceState(history.state, "", location.href.split("#")[0]);
}
