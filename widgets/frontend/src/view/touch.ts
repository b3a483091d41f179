/**
 * Fingers and pens on sliders: a swipe scrolls the page, a tap on the track sets the value when the finger lifts, and a
 * thumb follows the finger sideways. noUiSlider itself moves as soon as it is touched and lets nothing scroll; of it
 * only mouse and keyboard are left. What may scroll is said to the browser by `touch-action` (styles/sliders.css): it
 * takes a swipe over, and the pointer is cancelled.
 */

interface Target extends HTMLElement {
  noUiSlider?: { get(): number; set(value: number): void; options: { range: { min: number; max: number } } };
}

/** px a finger may wander and still mean the place where it came down. */
const TAP = 10;
/** px sideways before a thumb follows. */
const DRAG = 6;
/** ms in which a page that was gliding is stopped, not tapped. */
const GLIDING = 100;

interface Held {
  slider: NonNullable<Target["noUiSlider"]>;
  track: DOMRect;
  thumb: boolean;
  id: number;
  x: number;
  y: number;
  value: number;
  dragged: boolean;
}

/** Listen to the fingers on the sliders in a box; `gone` ends it. */
export function followFingers(box: HTMLElement, gone: AbortSignal): void {
  let held: Held | null = null;
  let pointer = "mouse";
  let scrolled = -Infinity;
  const on = <K extends keyof HTMLElementEventMap>(kind: K, action: (event: HTMLElementEventMap[K]) => void) =>
    box.addEventListener(kind, action, { capture: true, passive: true, signal: gone });
  const sliderAt = (event: Event) => (event.target as Element).closest<Target>(".noUi-target");
  const set = ({ slider, track }: Held, from: number, px: number) => {
    const { min, max } = slider.options.range;
    slider.set(from + (px / track.width) * (max - min));
  };

  document.addEventListener("scroll", () => (scrolled = performance.now()), { capture: true, passive: true, signal: gone });
  on("touchstart", (event) => {
    if (sliderAt(event)) event.stopPropagation();
  });
  // Browsers follow a tap with the events of a mouse.
  on("mousedown", (event) => {
    if (pointer !== "mouse" && sliderAt(event)) event.stopPropagation();
  });
  on("pointerdown", (event) => {
    pointer = event.pointerType;
    const target = sliderAt(event);
    const slider = target?.noUiSlider;
    held = null;
    if (pointer === "mouse" || !event.isPrimary || !slider || target.hasAttribute("disabled")) return;
    const thumb = Boolean((event.target as Element).closest(".noUi-handle"));
    if (!thumb && performance.now() - scrolled < GLIDING) return;
    const track = target.getBoundingClientRect();
    held = { slider, track, thumb, id: event.pointerId, x: event.clientX, y: event.clientY, value: Number(slider.get()), dragged: false };
  });
  on("pointermove", (event) => {
    if (!held?.thumb || event.pointerId !== held.id) return;
    const across = event.clientX - held.x;
    held.dragged ||= Math.abs(across) > Math.max(DRAG, Math.abs(event.clientY - held.y));
    if (held.dragged) set(held, held.value, across);
  });
  on("pointerup", (event) => {
    if (held && !held.thumb && event.pointerId === held.id && Math.hypot(event.clientX - held.x, event.clientY - held.y) <= TAP) {
      set(held, held.slider.options.range.min, held.x - held.track.left);
    }
    held = null;
  });
  on("pointercancel", () => {
    // The browser scrolls or zooms instead: nothing was meant for the slider.
    if (held?.dragged) held.slider.set(held.value);
    held = null;
  });
}
