/** When the drawing may move: only while it is wanted, on screen, in a visible tab, and not paused. */
import { paused, watchPause } from "./pause";

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
  let wanted = false;
  /** The timer of hold(); 0 when nothing is held. */
  let held = 0;
  const frames = createFrames(step);
  const letGo = () => {
    clearTimeout(held);
    held = 0;
  };
  const decide = () => {
    const allowed = wanted && welcome.now();
    if (held && allowed) {
      frames.stop();
    } else if (allowed && !frames.running) {
      frames.start();
    } else if (!allowed && (frames.running || held)) {
      frames.stop();
      letGo();
      settle();
    }
  };
  const welcome = watchWelcome(element, decide);

  return {
    want(animate) {
      wanted = animate;
      decide();
    },
    hold() {
      if (!frames.running && !held) return;
      clearTimeout(held);
      held = window.setTimeout(() => {
        held = 0;
        decide();
      }, HOLD);
      decide();
    },
    get moving() {
      return frames.running || held !== 0;
    },
    destroy() {
      wanted = false;
      letGo();
      if (frames.running) frames.stop();
      welcome.destroy();
    },
  };
}

interface Frames {
  readonly running: boolean;
  start(): void;
  stop(): void;
}

/** The animation frames: how much time has passed from one step to the next. */
function createFrames(step: (seconds: number) => void): Frames {
  let frame = 0;
  let last = 0;
  const tick = (now: number) => {
    frame = requestAnimationFrame(tick);
    const seconds = (now - last) / 1000;
    if (last && seconds < SHORTEST_STEP) return;
    last = now;
    step(Math.min(LONGEST_STEP, Math.max(0, seconds)));
  };
  return {
    get running() {
      return frame !== 0;
    },
    start() {
      last = performance.now();
      frame = requestAnimationFrame(tick);
    },
    stop() {
      cancelAnimationFrame(frame);
      frame = 0;
    },
  };
}

interface Welcome {
  now(): boolean;
  destroy(): void;
}

/** Whether the reader could see motion and has not paused it; calls `changed()` when that may have changed. */
function watchWelcome(element: Element, changed: () => void): Welcome {
  let onScreen = typeof IntersectionObserver === "undefined";
  const observer =
    typeof IntersectionObserver === "undefined"
      ? null
      : new IntersectionObserver((entries) => {
          onScreen = entries[entries.length - 1].isIntersecting;
          changed();
        });
  observer?.observe(element);
  document.addEventListener("visibilitychange", changed);
  const end = watchPause(changed);
  return {
    now: () => onScreen && !document.hidden && !paused(),
    destroy() {
      observer?.disconnect();
      document.removeEventListener("visibilitychange", changed);
      end();
    },
  };
}
