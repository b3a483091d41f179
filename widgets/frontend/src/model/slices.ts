/** Long work in a page that must stay answering. */

/** The longest slice of idle time, and of time that is taken although the page is busy. */
const IDLE_MS = 14;
const BUSY_MS = 6;

/** Long work in short slices while the page is idle, so that nothing freezes; a new start ends the old one. */
export class InSlices {
  private handle = 0;
  private running = false;

  /** `work(late)` goes on where it stopped, until `late()`, and returns whether it is done. */
  start(work: (late: () => boolean) => boolean, done: () => void): void {
    this.cancel();
    this.running = true;
    const slice = (deadline?: IdleDeadline) => {
      // A page that is never idle gives a slice all the same, now and then.
      const idle = deadline && !deadline.didTimeout;
      const length = idle ? Math.min(IDLE_MS, Math.max(2, deadline.timeRemaining())) : BUSY_MS;
      const until = performance.now() + length;
      if (!work(() => performance.now() >= until)) {
        this.handle = later(slice);
        return;
      }
      this.running = false;
      done();
    };
    this.handle = later(slice);
  }

  get isRunning(): boolean {
    return this.running;
  }

  cancel(): void {
    this.running = false;
    if (typeof cancelIdleCallback === "function") cancelIdleCallback(this.handle);
    else clearTimeout(this.handle);
  }
}

/** Not every browser says when it is idle. */
function later(slice: (deadline?: IdleDeadline) => void): number {
  if (typeof requestIdleCallback === "function") return requestIdleCallback(slice, { timeout: 30 });
  return setTimeout(slice, 0) as unknown as number;
}
