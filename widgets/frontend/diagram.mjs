// Lays out the diagrams of models when the book is built: graphs as JSON in, positions as JSON out.
//   python hatch_build.py diagram.mjs < graphs.json
// What goes in and what comes out is described in widgets/figures/network/elk.py, which calls it.
import ELK from "elkjs/lib/elk.bundled.js";

// A line never touches a box's rounded corner or the first letter of a name: ELK sees both narrower than they are drawn.
const INSET = { level: 12, reaction: 6, event: 6, nothing: 0 };
// A page's column, in px; a picture that is wider has to be scrolled on a desk too.
const WIDEST = 900;
const STEP = 3; // px aside
// ELK breaks ties by chance: the best of a few draws, each repeatable.
const SEEDS = [1, 2, 3, 4];
// Boxes may widen so that the lines that reach them stay upright, or keep their width and their lines in the middle.
const BOXES = ["NODE_SIZE", "NONE"];
const MARGIN = 6 + INSET.level;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.padding": `[left=${MARGIN}, top=6, right=${MARGIN}, bottom=6]`,
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "12",
  "elk.spacing.portPort": "16",
  "elk.spacing.componentComponent": "44",
  "elk.layered.spacing.nodeNodeBetweenLayers": "20",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
  "elk.layered.thoroughness": "60",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
};
const FLEXIBILITY = "elk.layered.nodePlacement.networkSimplex.nodeFlexibility";
// Two boxes stand further apart than two names.
const SPACING = { level: "elk.spacing.nodeNode:40" };
const STRAIGHT = { "elk.layered.priority.straightness": "10" };

const elk = new ELK();

async function placed({ nodes, ways }) {
  let best;
  for (const seed of SEEDS) {
    // Without a crossing there is little more to be won.
    if (best?.crossings === 0 && best.width <= WIDEST) return best;
    for (const way of ways) {
      for (const boxes of BOXES) {
        const found = await laidOut(nodes, way, seed, boxes);
        if (!best || found.cost < best.cost) best = found;
      }
    }
  }
  return best;
}

async function laidOut(nodes, way, seed, boxes) {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  // Names have rows of their own between those of levels: what leads from one level to another passes such a row too.
  const passing = new Set(way.flatMap(({ source, target }, number) =>
    kinds.get(source) === "level" && kinds.get(target) === "level" ? [number] : []));
  const edge = (id, source, target, kind) => ({
    id, sources: [source], targets: [target], layoutOptions: kind === "influence" ? {} : STRAIGHT,
  });
  const { children, edges, width, height } = await elk.layout({
    id: "model",
    layoutOptions: { ...OPTIONS, "elk.randomSeed": String(seed) },
    children: [
      ...nodes.map(({ id, kind, width, height }) => ({
        id, height, width: width - 2 * INSET[kind],
        layoutOptions: {
          [FLEXIBILITY]: kind === "level" ? boxes : "NONE",
          ...(kind in SPACING && { "elk.spacing.individual": SPACING[kind] }),
        },
      })),
      ...[...passing].map((number) => ({ id: `past ${number}`, width: 1, height: 1 })),
    ],
    edges: way.flatMap(({ source, target, kind }, number) =>
      passing.has(number)
        ? [edge(`${number}`, source, `past ${number}`, kind), edge(`${number} on`, `past ${number}`, target, kind)]
        : [edge(`${number}`, source, target, kind)]),
  });
  const places = children.filter(({ id }) => kinds.has(id)).map(({ id, x, y, width }) => {
    const inset = INSET[kinds.get(id)];
    return [id, { x: x - inset, y, width: width + 2 * inset }];
  });
  const courses = new Map(edges.map(({ id, sections: [section] }) => [
    id, [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(({ x, y }) => [x, y]),
  ]));
  const lines = way.map((_, number) => {
    const course = courses.get(`${number}`);
    return plain(even(passing.has(number) ? [...course, ...courses.get(`${number} on`)] : course));
  });
  const crossings = crossed(lines);
  const bends = lines.reduce((sum, line) => sum + line.length - 2, 0);
  const cost = 1000 * crossings + 25 * bends + width + height + aside(way, lines, new Map(places)) + 1e6 * (width > WIDEST);
  return { nodes: Object.fromEntries(places), lines, width, height, crossings, cost };
}

/** How far the only line at the upper or lower edge of something stands from its middle, summed over them all. */
function aside(way, lines, places) {
  const ends = new Map();
  way.forEach(({ source, target }, number) => {
    for (const [key, id, point] of [
      [`below ${source}`, source, lines[number][0]], [`above ${target}`, target, lines[number].at(-1)],
    ]) ends.set(key, [...(ends.get(key) ?? []), Math.abs(point[0] - places.get(id).x - places.get(id).width / 2)]);
  });
  return [...ends.values()].reduce((sum, off) => sum + (off.length === 1 ? off[0] : 0), 0);
}

/** A course without steps aside that are too small to mean anything. */
function even(points) {
  const course = points.map((point) => [...point]);
  for (let place = 1; place < course.length - 1; place++) {
    const [before, here, after] = course.slice(place - 1, place + 2);
    if (Math.abs(before[0] - here[0]) <= STEP && before[1] === here[1] && here[0] === after[0]) here[0] = after[0] = before[0];
  }
  return course;
}

/** A course without the points at which it goes straight on. */
function plain(points) {
  return points.filter((point, place) => {
    const [before, after] = [points[place - 1], points[place + 1]];
    return !before || !after || ![0, 1].some((axis) => before[axis] === point[axis] && point[axis] === after[axis]);
  });
}

/** How often lines cross one another; where they only meet they do not. */
function crossed(lines) {
  let number = 0;
  lines.forEach((one, place) => {
    for (const other of lines.slice(0, place)) {
      for (let a = 1; a < one.length; a++) {
        for (let b = 1; b < other.length; b++) {
          number += apart(one[a - 1], one[a], other[b - 1], other[b]) && apart(other[b - 1], other[b], one[a - 1], one[a]);
        }
      }
    }
  });
  return number;
}

/** Whether two points lie on different sides of the line through `start` and `stop`. */
function apart(start, stop, ...points) {
  const [left, right] = points.map(
    ([x, y]) => (stop[0] - start[0]) * (y - start[1]) - (stop[1] - start[1]) * (x - start[0]),
  );
  return left * right < -1e-9;
}

let given = "";
for await (const part of process.stdin) given += part;
const answers = [];
for (const graph of JSON.parse(given)) answers.push(await placed(graph));
process.stdout.write(`${JSON.stringify(answers)}\n`);
