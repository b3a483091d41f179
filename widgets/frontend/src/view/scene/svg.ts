/** Making SVG elements: one small typed helper, so that every part of the drawing is written the same way. */

const NAMESPACE = "http://www.w3.org/2000/svg";

export type Attributes = Record<string, string | number | undefined>;

/** Appends `<name ...attributes>` to `parent` and returns it. Colours may be CSS variables. */
export function add<K extends keyof SVGElementTagNameMap>(
  parent: Element,
  name: K,
  attributes: Attributes = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, typeof value === "number" ? number(value) : value);
  }
  parent.append(element);
  return element;
}

/** Sets an attribute only when it changes: an unchanged attribute must not cost a style recalculation. */
export function set(element: Element, key: string, value: string | number): void {
  const text = typeof value === "number" ? number(value) : value;
  if (element.getAttribute(key) !== text) element.setAttribute(key, text);
}

/** Shows or hides an element without taking it out of the drawing. */
export function show(element: Element, visible: boolean): void {
  if (visible) element.removeAttribute("display");
  else set(element, "display", "none");
}

/** Replaces the text of an element, if it differs. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A coordinate with at most two decimals: a hundredth of a pixel cannot be seen, and markup stays small. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** The anchor of a label relative to its point. */
export type Anchor = "start" | "middle" | "end";

export interface Point {
  x: number;
  y: number;
}

/** A text label. Size in px of the drawing's own units, which are CSS px (the drawing is laid out, not scaled). */
export function label(
  parent: Element,
  at: Point,
  text: string,
  options: { size: number; anchor?: Anchor; colour?: string; weight?: number; className?: string },
): SVGTextElement {
  const element = add(parent, "text", {
    x: at.x,
    y: at.y,
    "font-size": options.size,
    "text-anchor": options.anchor ?? "start",
    fill: options.colour ?? "var(--ls-ink-soft)",
    "font-weight": options.weight,
    class: options.className,
  });
  element.textContent = text;
  return element;
}

/** A pie sector from twelve o'clock, clockwise, as path data; the whole disc when `part` is 1. */
export function sector(at: Point, radius: number, part: number): string {
  if (part <= 0) return "";
  const { x, y } = at;
  const r = number(radius);
  if (part >= 0.999) {
    return `M${number(x)},${number(y - radius)}a${r},${r} 0 1 1 -0.01,0Z`;
  }
  const angle = 2 * Math.PI * part;
  const endX = number(x + radius * Math.sin(angle));
  const endY = number(y - radius * Math.cos(angle));
  return `M${number(x)},${number(y)}V${number(y - radius)}A${r},${r} 0 ${part > 0.5 ? 1 : 0} 1 ${endX},${endY}Z`;
}
