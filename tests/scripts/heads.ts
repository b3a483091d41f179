/** What a page's head promises, watched from before its first script: no violation of its policy, storage that is refused. */

export interface Violation {
  rule: string;
  what: string;
}

const violations: Violation[] = [];
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push({ rule: event.effectiveDirective, what: `${event.blockedURI} ${event.sample}` });
});

export const refused = () => violations;

export type Storage = "throws" | "null" | "useless";

/** Storage as some browsers and hosts have it; `useless` is there and throws at every call. */
export function refuseStorage(how: Storage): void {
  for (const name of ["localStorage", "sessionStorage"]) {
    const fail = (): never => {
      throw new DOMException(`${name} is refused`, "SecurityError");
    };
    const useless = new Proxy({}, { get: () => fail });
    const get = how === "throws" ? fail : () => (how === "null" ? null : useless);
    Object.defineProperty(window, name, { get, configurable: true });
  }
}

/** An inline script as an injection would bring it: into the page, and as a handler. True if any of it ran. */
export async function inject(): Promise<boolean> {
  const script = document.createElement("script");
  script.textContent = "window.injected = 1";
  document.body.append(script);
  const holder = document.createElement("div");
  holder.innerHTML = '<img src="data:," onerror="window.injected = 1"><a href="javascript:window.injected = 1">a</a>';
  document.body.append(holder);
  holder.querySelector("a")?.click();
  const gone = new Promise((failed) => holder.querySelector("img")?.addEventListener("error", failed));
  await gone;
  return "injected" in window;
}
