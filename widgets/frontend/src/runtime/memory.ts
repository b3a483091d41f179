/**
 * What the reader's browser keeps of a page: guesses, answers, settings. It is sent nowhere, and the page works the same
 * without it: storage that is blocked, full or holds nonsense keeps nothing.
 */

/** Starts every key; a host may hold more than this book. */
const PREFIX = "living-synapse:";
/** Characters; more was not written here. */
const LONGEST = 20_000;

/** The browser's storage, asked for anew each time: where it is blocked, asking throws. */
function tried<T>(action: (storage: Storage) => T): T | null {
  try {
    return action(window.localStorage);
  } catch {
    return null;
  }
}

/** A number for a text (FNV-1a), by which a later visit sees that the text has changed. */
function hash(text: string): number {
  let found = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) found = Math.imul(found ^ text.charCodeAt(i), 0x01000193);
  return found >>> 0;
}

/** Where one thing of this page is kept. What was put there under another `stamp` is no longer found. */
export function drawer(name: string, stamp: string) {
  const key = `${PREFIX}${location.pathname}#${name}`;
  return {
    read: (): unknown =>
      tried((storage) => {
        const text = storage.getItem(key) ?? "";
        const found = text && text.length <= LONGEST ? JSON.parse(text) : null;
        return found && found.stamp === hash(stamp) ? found.value : null;
      }),
    write(value: unknown): void {
      tried((storage) => (value === null ? storage.removeItem(key) : storage.setItem(key, JSON.stringify({ stamp: hash(stamp), value }))));
    },
  };
}

/** Whether this browser keeps anything at all. */
export function keeps(): boolean {
  return tried((storage) => {
    storage.setItem(PREFIX, "");
    storage.removeItem(PREFIX);
    return true;
  }) ?? false;
}

/** Forget all that was kept of any page of the book. */
export function forgetAll(): void {
  tried((storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX)).forEach((key) => storage.removeItem(key)));
}
