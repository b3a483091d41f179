/** One drawn synapse on an empty page, and what a test does to it: for test_scene.py. */
import { createScene, type Scene, type SceneSpec, type SceneState } from "../../widgets/frontend/src/view/scene/index";

let drawn: Scene | null = null;
const box = () => document.querySelector<HTMLElement>("#box")!;

/** Draw a scene, in place of the one there was. */
export function show(spec: SceneSpec): void {
  drawn?.destroy();
  drawn = createScene(box(), spec);
}

/** JSON has no NaN and no Infinity: they travel as words. */
export function update(text: string): void {
  const read = (_: string, value: unknown) => (/^(-?Infinity|NaN)$/.test(String(value)) ? Number(value) : value);
  drawn!.update(JSON.parse(text, read) as SceneState);
}

export function destroy(): void {
  drawn!.destroy();
}

/** What is said of a spec that cannot be drawn; undefined if it can. */
export function refusal(spec: SceneSpec): string | undefined {
  try {
    createScene(document.body, spec);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Words in the drawing: where they stand, and how large their letters are on the screen. */
export function boxes(): { text: string; left: number; right: number; top: number; bottom: number; size: number }[] {
  return [...document.querySelectorAll<SVGTextElement>("svg text")]
    .filter((text) => text.textContent && text.getBBox().width)
    .map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM()!.a;
      return { text: text.textContent ?? "", left, right, top, bottom, size };
    });
}

/** Median time in ms of an update, and of drawing the scene anew, each over 150 of 200 tries. */
export function cost([states, spec]: [SceneState[], SceneSpec]): [update: number, anew: number] {
  const middle = (work: (state: SceneState) => void) => {
    const times = Array.from({ length: 200 }, (_, i) => {
      const before = performance.now();
      work(states[i % states.length]);
      return performance.now() - before;
    });
    return times.slice(50).sort((a, b) => a - b)[75];
  };
  const cheap = middle((state) => drawn!.update(state));
  const dear = middle((state) => {
    show(spec);
    drawn!.update(state);
  });
  return [cheap, dear];
}

/** Count in `window.frames_` how often an animation frame is asked for. */
export function countFrames(): void {
  const counted = window as unknown as { frames_: number };
  counted.frames_ = 0;
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (call) => {
    counted.frames_++;
    return request(call);
  };
}
