/** A drawn lab turned into what stands in its place before it comes: nothing to press, small, every height kept. */

/** Drawings that are shown; in the place of every other its height is kept. */
export function keptSvgs(box: Element): SVGSVGElement[] {
  const main = [...box.querySelectorAll<SVGSVGElement>(".lab-scene-room > svg, .lab-main svg")];
  return main.length ? main : [...box.querySelectorAll<SVGSVGElement>("svg[role=img]")].slice(0, 1);
}

/** What a drawing is called. */
export function spoken(svg: Element, box: Element): string {
  const label = svg.getAttribute("aria-label");
  if (label) return label;
  const by = svg.getAttribute("aria-labelledby");
  return (by && box.querySelector(`#${by}`)?.textContent) || "";
}

const INSTEAD: Record<string, string> = { BUTTON: "span", SUMMARY: "span", DETAILS: "div", INPUT: "i", SELECT: "span" };
const KEPT = new Set(["class", "style", "colspan", "scope", "data-scene", "data-columns", "data-column", "data-side", "data-basis", "data-standing", "data-taken", "data-longest", "data-room", "hidden"]);

export function plain(box: HTMLElement, heights: Map<Element, [number, number]>): string {
  const kept = new Set<Element>(keptSvgs(box));
  for (const [svg, [narrow, wide]] of heights) {
    const room = document.createElement("div");
    room.className = "still-room";
    room.setAttribute("style", narrow === wide ? `--n:${narrow}px` : `--n:${narrow}px;--w:${wide}px`);
    if (!kept.has(svg)) {
      svg.replaceWith(room);
      continue;
    }
    const words = spoken(svg, box);
    const parent = svg.parentElement!;
    parent.insertBefore(room, svg);
    room.append(svg);
    slim(svg);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", words);
    for (const name of ["width", "height", "aria-labelledby", "aria-describedby"]) svg.removeAttribute(name);
    const hue = (svg as SVGSVGElement).style.getPropertyValue("--scene-hue");
    if (hue) svg.setAttribute("style", `--scene-hue:${hue}`);
  }
  for (const gone of box.querySelectorAll(".lab-alert, .lab-pause, .lab-notice, .lab-verdict, .lab-table-scroll, [hidden]")) gone.remove();
  // A mark of a few px in a line of text leaves its place in the line.
  for (const mark of box.querySelectorAll("svg:not([role])")) mark.replaceWith(document.createElement("span"));
  for (const marks of box.querySelectorAll(".lab-marks")) marks.replaceChildren();
  // Where nothing will come no room is kept for these (runtime/styles/places.css).
  for (const part of box.querySelectorAll(":is(.lab-charts, .lab-tail) > *")) {
    if (part.querySelector(".still-room:empty") && !part.querySelector("svg")) part.classList.add("still-bare");
  }
  return `<figure class="${box.className} lab-still"${attributes(box, true)}>${inside(box)}</figure>`;
}

function attributes(element: Element, noClass = false): string {
  return [...element.attributes]
    .filter(({ name, value }) => KEPT.has(name) && !(noClass && name === "class") && !(name === "style" && !value))
    .map(({ name, value }) => ` ${name}="${escaped(value.trim())}"`)
    .join("");
}

function inside(element: Element): string {
  return [...element.childNodes].map((node) => (node.nodeType === 3 ? escaped(node.textContent ?? "") : node.nodeType === 1 ? written(node as Element) : "")).join("");
}

function written(element: Element): string {
  if (element.namespaceURI === "http://www.w3.org/2000/svg") return xml(element);
  const tag = INSTEAD[element.tagName] ?? element.tagName.toLowerCase();
  const own = element.tagName === "SELECT" ? ' class="still-menu"' : attributes(element);
  const content = element.tagName === "SELECT" ? escaped(element.querySelector("option")?.textContent ?? "") : inside(element);
  return `<${tag}${own}>${content}</${tag}>`;
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** An SVG element as XML: no namespace but the one it stands in, no empty attribute. */
export function xml(element: Element): string {
  const own = [...element.attributes]
    .filter(({ name, value }) => value !== "" && !/^(xmlns|id$|data-|tabindex$)/.test(name))
    .map(({ name, value }) => ` ${name}="${escaped(value.trim())}"`)
    .join("");
  const content = [...element.childNodes].map((node) => (node.nodeType === 3 ? escaped(node.textContent ?? "") : xml(node as Element))).join("");
  const tag = element.tagName.toLowerCase() === "clippath" ? "clipPath" : element.tagName;
  return content ? `<${tag}${own}>${content}</${tag}>` : `<${tag}${own}/>`;
}

/** Fewer points and digits, and nothing that is not seen. */
export function slim(svg: Element): void {
  for (const element of [...svg.querySelectorAll("*")]) {
    if (element.tagName === "title") element.remove();
    else if (element.getAttribute("visibility") === "hidden" || element.getAttribute("display") === "none") element.remove();
    else if (element.tagName === "text" && !element.textContent) element.remove();
    else if (element.tagName === "path" && !element.getAttribute("d")) element.remove();
  }
  for (const element of svg.querySelectorAll("*")) {
    for (const name of ["fill-opacity", "opacity"]) if (element.getAttribute(name) === "1") element.removeAttribute(name);
    for (const { name, value } of [...element.attributes]) {
      if (name === "class" && value.startsWith("scene-")) element.removeAttribute(name);
      else if (name === "text-anchor" && value === "start") element.removeAttribute(name);
      else if (name === "d") element.setAttribute(name, thinned(value));
      else if (/^(x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|width|height|transform)$/.test(name)) element.setAttribute(name, rounded(value));
      else if (/^(fill|stroke)$/.test(name) && value === "currentColor" && element.closest(".axis")) element.removeAttribute(name);
      else if (/^font-(family|size)$/.test(name) && element.classList.contains("axis")) element.removeAttribute(name);
    }
  }
}

function rounded(text: string): string {
  return text.replace(/-?\d+\.\d+/g, (number) => String(Math.round(10 * Number(number)) / 10));
}

/** Path data to one decimal; of a run's straight pieces, the points that carry its shape to a third of a px. */
function thinned(d: string): string {
  const points = /^M[-\d.,LM]+$/.test(d) && !d.includes("M", 1) ? d.slice(1).split("L").map((pair) => pair.split(",").map(Number)) : [];
  if (points.length < 4) return rounded(d);
  return `M${kept(points, 0.3).map(([x, y]) => `${Math.round(10 * x) / 10},${Math.round(10 * y) / 10}`).join("L")}`;
}

/** Douglas and Peucker: what lies nearer than `most` to the line between two kept points is left out. */
function kept(points: number[][], most: number): number[][] {
  const [first, last] = [points[0], points[points.length - 1]];
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(dx, dy) || 1;
  let far = 0;
  let at = 0;
  for (let i = 1; i < points.length - 1; i++) {
    const off = Math.abs(dx * (points[i][1] - first[1]) - dy * (points[i][0] - first[0])) / length;
    if (off > far) [far, at] = [off, i];
  }
  if (far <= most) return [first, last];
  return [...kept(points.slice(0, at + 1), most).slice(0, -1), ...kept(points.slice(at), most)];
}
