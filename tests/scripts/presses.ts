/**
 * Times what a key press does to a page, for tests/bench.
 *
 * Two times for each key. `seen`: from the key event to the end of the frame that shows the new picture (a task posted in
 * an animation frame runs after its paint), which includes waiting for the screen: 0 to 16.7 ms at 60 Hz, whatever the
 * page does. `work`: the same without that wait: the event's handlers, then the frame from its start to its end.
 */
export interface Press {
  work: number;
  seen: number;
}

/** After the present frame's paint. */
function afterPaint(call: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = call;
  port2.postMessage(0);
}

/** Times so many keys; the picture is the attribute of the first element that the selector finds. */
export function time([presses, selector, attribute]: [number, string, string]): Promise<Press[]> {
  const drawn = () => document.querySelector(selector)?.getAttribute(attribute);
  return new Promise((resolve) => {
    const times: Press[] = [];
    const onKey = (event: KeyboardEvent) => {
      const before = drawn();
      let work = 0;
      // The last listener of the event: all others have done their work.
      addEventListener("keydown", () => void (work += performance.now() - event.timeStamp), { once: true });
      const look = () =>
        requestAnimationFrame(() => {
          const start = performance.now();
          afterPaint(() => {
            const now = drawn();
            work += performance.now() - start;
            if (!now || now === before) return look();
            times.push({ work, seen: performance.now() - event.timeStamp });
            if (times.length < presses) return;
            removeEventListener("keydown", onKey, { capture: true });
            resolve(times);
          });
        });
      look();
    };
    addEventListener("keydown", onKey, { capture: true });
  });
}
