/** How curves of one chart are told apart along their length: for test_curves.py. */

export interface Told {
  dash: string;
  /** The shape that repeats along the curve, without its places; "" where there is none. */
  shape: string;
  /** Where shapes or letters stand, px along the chart, and how far from their own curve at most. */
  at: number[];
  off: number;
  letter: string;
}

/** The height of a curve at a place, from its path. */
function height(path: SVGPathElement, x: number): number {
  let [from, to] = [0, path.getTotalLength()];
  for (let i = 0; i < 40; i++) {
    const middle = (from + to) / 2;
    if (path.getPointAtLength(middle).x < x) from = middle;
    else to = middle;
  }
  return path.getPointAtLength(from).y;
}

/** Each curve of a chart; the mark beside its number is not along it. */
export function told(svg: SVGSVGElement): Told[] {
  const curves = [...svg.querySelectorAll<SVGPathElement>("path.curve")];
  const shapes = [...svg.querySelectorAll<SVGPathElement>("path.shape")];
  const letters = [...svg.querySelectorAll<SVGTextElement>(".curve-letter")];
  return curves.map((curve, k) => {
    const marks = [...(shapes[k]?.getAttribute("d") ?? "").matchAll(/M([\d.-]+),([\d.-]+)(m[^M]+)/g)];
    const places = marks.slice(0, -1).map(([, x, y]) => [Number(x), Number(y)]);
    const letter = letters[k];
    if (letter) places.push([Number(letter.getAttribute("x")), Number(letter.getAttribute("y")) - 4.5]);
    return {
      dash: curve.getAttribute("stroke-dasharray") ?? "",
      shape: marks[0]?.[3] ?? "",
      at: places.map(([x]) => x),
      off: Math.max(...places.map(([x, y]) => Math.abs(height(curve, x) - y))),
      letter: letter?.textContent ?? "",
    };
  });
}
