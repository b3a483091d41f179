/** A lab's charts as one SVG that stands for itself: in a notebook, in an EPUB, on paper. */
import { escaped, slim, xml } from "./plain";

/** What the style sheets say of a chart's parts, as attributes; [class, attributes]. */
const LOOKS: [string, string][] = [
  ["curve", "fill:none;stroke-width:3;stroke-linejoin:round;stroke-linecap:round"],
  ["ghost", "fill:none;stroke:var(--ls-control);stroke-width:1.75;stroke-dasharray:6 5"],
  ["zero", "fill:none;stroke:var(--ls-control)"],
  ["marker", "stroke:var(--ls-control);stroke-width:1.5;stroke-dasharray:1.5 4"],
  ["curve-label", "font-size:21px;font-weight:680"],
  ["curve-name", "font-weight:600"],
  ["small-label", "font-size:16px;font-weight:650"],
  ["pair", "font-size:15px;font-weight:650"],
];
const CAPTION = 22;

/** Light colours of the palette, which still.mjs lays by. */
declare const LIGHT: Record<string, string>;

/** `var(--ls-ink)` with the light page's colour for wherever there is no style sheet. */
function withFallbacks(text: string): string {
  return text.replace(/var\(--ls-([\w-]+)\)/g, (whole, name: string) => (LIGHT[name] ? `var(--ls-${name},${LIGHT[name]})` : whole));
}

function dressed(svg: Element): void {
  for (const text of svg.querySelectorAll("text")) look(text, "fill:var(--ls-ink-soft)");
  for (const line of svg.querySelectorAll(".axis line")) look(line, "stroke:var(--ls-line)");
  for (const [name, words] of LOOKS) for (const element of svg.querySelectorAll(`.${name}`)) look(element, words);
  for (const element of svg.querySelectorAll("[class]")) element.removeAttribute("class");
}

/** What an element says of itself comes last. */
function look(element: Element, words: string): void {
  const own = element.getAttribute("style") ?? "";
  element.setAttribute("style", [words, own].filter(Boolean).join(";"));
}

/** The charts side by side, each under its caption. */
export function composed(charts: readonly SVGSVGElement[], box: Element): string {
  const gap = 24;
  let x = 0;
  let bottom = 0;
  let content = "";
  for (const chart of charts) {
    const [, , width, height] = (chart.getAttribute("viewBox") ?? "").split(" ").map(Number);
    const copy = chart.cloneNode(true) as SVGSVGElement;
    slim(copy);
    dressed(copy);
    const words = box.querySelector(`#${chart.getAttribute("aria-labelledby") ?? "none"}`)?.textContent ?? "";
    const top = words ? CAPTION : 0;
    if (words) content += `<text x="${x}" y="15" style="fill:var(--ls-ink-soft)">${escaped(words)}</text>`;
    content += `<g transform="translate(${x} ${top})">${[...copy.children].map(xml).join("")}</g>`;
    x += width + gap;
    bottom = Math.max(bottom, height + top);
  }
  if (!content) return "";
  const size = `viewBox="0 0 ${x - gap} ${bottom}" width="${x - gap}" height="${bottom}"`;
  const font = 'font-family="Inter, system-ui, sans-serif" font-size="13"';
  return withFallbacks(`<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" ${font}>${content}</svg>`);
}
