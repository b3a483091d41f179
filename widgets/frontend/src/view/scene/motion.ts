/** When the drawing may move: only while it is wanted, on screen, in a visible tab, and motion is welcome. */

export interface Motion {
  /** Whether the lab wants motion now. */
  want(animate: boolean): void;
  /** The numbers just changed: the answer goes first, the drift waits until nothing has changed for a while. */
  hold(): void;
  /** Whether frames are being drawn, or would be but for hold(). */
  readonly moving: boolean;
  destroy(): void;
}

/** At most about 30 frames a second: the drift is too slow for more to be seen. */
const SHORTEST_STEP = 0.03;
/** How long the drift waits after a change, ms: while a slider moves, every frame belongs to the answer. */
const HOLD = 250;
/** After a pause the picture goes on from where it was, instead of leaping. */
const LONGEST_STEP = 0.1;

/** Calls `step(seconds)` while motion is allowed, and `settle()` each time it stops. */
export function createMotion(element: Element, step: (seconds: number) => void, settle: () => void): Motion {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  let wanted = false;
  let onScreen = typeof IntersectionObserver === "undefined";
  let frame = 0;
  let last = 0;
  let held = 0;

  const tick = (now: number) => {
    frame = requestAnimationFrame(tick);
    const seconds = (now - last) / 1000;
    if (last && seconds < SHORTEST_STEP) return;
    last = now;
    step(Math.min(LONGEST_STEP, Math.max(0, seconds)));
  };
  const decide = () => {
    const allowed = wanted && onScreen && !document.hidden && !reduced.matches;
    if (held && allowed) {
      cancelAnimationFrame(frame);
      frame = 0;
    } else if (allowed && !frame) {
      last = performance.now();
      frame = requestAnimationFrame(tick);
    } else if (!allowed && (frame || held)) {
      cancelAnimationFrame(frame);
      clearTimeout(held);
      frame = held = 0;
      settle();
    }
  };
  const observer =
    typeof IntersectionObserver === "undefined"
      ? null
      : new IntersectionObserver((entries) => {
          onScreen = entries[entries.length - 1].isIntersecting;
          decide();
        });
  observer?.observe(element);
  document.addEventListener("visibilitychange", decide);
  reduced.addEventListener("change", decide);

  return {
    want(animate) {
      wanted = animate;
      decide();
    },
    hold() {
      if (!frame && !held) return;
      clearTimeout(held);
      held = window.setTimeout(() => {
        held = 0;
        decide();
      }, HOLD);
      decide();
    },
    get moving() {
      return frame !== 0 || held !== 0;
    },
    destroy() {
      wanted = false;
      clearTimeout(held);
      held = 0;
      if (frame) cancelAnimationFrame(frame);
      frame = 0;
      observer?.disconnect();
      document.removeEventListener("visibilitychange", decide);
      reduced.removeEventListener("change", decide);
    },
  };
}
