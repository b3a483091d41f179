/**
 * The browser's storage where it keeps what it is given, and a stand-in where it does not.
 *
 * With site data blocked, in a sandboxed frame or where a host has taken it away, storage is null or throws on any
 * access. The book works the same without it: what it would have remembered lasts as long as the page.
 */

export type Kind = "localStorage" | "sessionStorage";

const PROBE = "living-synapse:probe";

/** Keeps for as long as the page is open. */
class PageMemory implements Storage {
  private readonly kept = new Map<string, string>();

  get length(): number {
    return this.kept.size;
  }
  key(index: number): string | null {
    return [...this.kept.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.kept.get(String(key)) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(String(key), String(value));
  }
  removeItem(key: string): void {
    this.kept.delete(String(key));
  }
  clear(): void {
    this.kept.clear();
  }
}

const standIns = new Map<Kind, Storage>();

/** Storage that never throws on access: the browser's own if it works, else one that lasts as long as the page. */
export function storage(kind: Kind): Storage {
  try {
    const found = globalThis[kind];
    found.setItem(PROBE, "1");
    const works = found.getItem(PROBE) === "1";
    found.removeItem(PROBE);
    if (works) return found;
  } catch {
    // Null, refused, or full: all the same to who wants to read and write.
  }
  let standIn = standIns.get(kind);
  if (!standIn) standIns.set(kind, (standIn = new PageMemory()));
  return standIn;
}

/** Put the stand-in where scripts of others look for storage, if the browser's does not work. */
export function mendStorage(kind: Kind): void {
  const working = storage(kind);
  if (working !== standIns.get(kind)) return;
  try {
    Object.defineProperty(globalThis, kind, { value: working, configurable: true });
  } catch {
    // A host that locks the name has its reasons; our own scripts ask storage() all the same.
  }
}
