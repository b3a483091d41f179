/** The GABA-A receptor from the side: two of its five subunits with the pore between, and the sites on them. */
import { addPlug } from "../scene/plug";
import { add, label, number, sector, set, show, write, type Point } from "../scene/svg";
import type { Layout } from "./layout";
import { poreHalf, type Reading } from "./quantities";
import { poreWords, siteWords } from "./words";

type Update = (reading: Reading) => void;

/** Site centres from the axis and the surface, in the receptor's own size. */
const GABA_SITE = { x: 52, y: -76 };
const BENZODIAZEPINE_SITE = { x: 49, y: -38 };
const BARBITURATE_SITE = { x: -21, y: 15 };

/** The subunit on the right: a lobe in the gap, a leg through the membrane; the pore's wall is `half` from the axis. */
export function subunit(half: number): string {
  const h = number;
  return (
    "M15,-86C16,-104 50,-104 53,-80C55,-62 52,-40 43,-22Q38,-12 37,0L35,32Q34,42 23,42" +
    `Q${h(half + 1)},42 ${h(half)},32V8C${h(half)},-8 17,-16 18,-40Z`
  );
}

export function addReceptor(svg: Element, layout: Layout, opener: boolean): Update {
  const { axis, scale, surface } = layout;
  const group = add(svg, "g", { class: "channel-receptor" });
  const at = (point: Point): Point => ({ x: axis + scale * point.x, y: surface + scale * point.y });
  const body = add(group, "g", { transform: `translate(${number(axis)} ${number(surface)}) scale(${number(scale)})` });
  const halves = [1, -1].map((side) =>
    add(body, "path", {
      transform: side < 0 ? "scale(-1 1)" : undefined,
      class: "channel-subunit",
      fill: "var(--scene-hue)",
      "fill-opacity": 0.2,
      stroke: "var(--scene-hue)",
      "stroke-width": 1.75,
      "stroke-linejoin": "round",
    }),
  );
  // The helices that cross the membrane.
  add(body, "path", {
    d: "M-29,5V30M-17,5V30M17,5V30M29,5V30",
    stroke: "var(--scene-hue)",
    "stroke-width": 7,
    "stroke-linecap": "round",
    opacity: 0.35,
  });
  const updates = [
    addGabaSites(group, layout, at),
    addBenzodiazepineSite(group, layout, at(BENZODIAZEPINE_SITE)),
    addPore(group, layout, at),
    ...(opener ? [addBarbiturateSite(group, layout, at(BARBITURATE_SITE))] : []),
  ];
  return (reading) => {
    // A channel that is blocked is plugged, and need not be shut as well.
    const half = poreHalf(reading.open);
    for (const path of halves) set(path, "d", subunit(half));
    set(group, "data-open", reading.open);
    for (const update of updates) update(reading);
  };
}

/** A thin line from words to what they name. */
export function leader(parent: Element, from: Point, to: Point): void {
  const n = number;
  add(parent, "path", { d: `M${n(from.x)},${n(from.y)}L${n(to.x)},${n(to.y)}`, fill: "none", stroke: "var(--ls-control)", class: "channel-leader" });
}

function words(parent: Element, { text }: Layout, at: Point, said = "", anchor: "start" | "middle" | "end" = "start"): SVGTextElement {
  return label(parent, at, said, { size: text, anchor, className: "scene-label" });
}

function addGabaSites(group: Element, layout: Layout, at: (point: Point) => Point): Update {
  const { gabaWords: named, scale, text } = layout;
  const left = at({ x: -GABA_SITE.x, y: GABA_SITE.y });
  leader(group, { x: named.x + 5.2 * text, y: named.y - 4 }, { x: left.x - 7 * scale, y: left.y });
  words(group, layout, named, "GABA site");
  const fillings = [left, at(GABA_SITE)].map(({ x, y }) => {
    const site = add(group, "g", { class: "channel-gaba-site" });
    add(site, "circle", { cx: x, cy: y, r: 6.5 * scale, fill: "var(--ls-card)", stroke: "var(--ls-ink)", "stroke-width": 1.5 });
    return { site, dot: add(site, "circle", { cx: x, cy: y, r: 4 * scale, fill: "var(--scene-hue)" }) };
  });
  return ({ gap }) => {
    for (const { site, dot } of fillings) {
      show(dot, gap > 0);
      set(site, "data-filled", gap > 0 ? "yes" : "no");
    }
  };
}

/** A pocket with six corners, as no other part has; a pie says how many of all receptors' sites are filled. */
function addPocket(group: Element, { x, y }: Point, radius: number, name: string): (part: number) => void {
  const site = add(group, "g", { class: name });
  const corners = [0, 1, 2, 3, 4, 5].map((i) => {
    const angle = (Math.PI / 3) * i;
    return `${number(x + radius * Math.cos(angle))},${number(y + radius * Math.sin(angle))}`;
  });
  add(site, "path", { d: `M${corners.join("L")}Z`, fill: "var(--ls-card)", stroke: "var(--ls-ink)", "stroke-width": 1.5, "stroke-linejoin": "round" });
  const pie = add(site, "path", { fill: "var(--ls-ink)" });
  return (part) => {
    set(pie, "d", sector({ x, y }, radius * 0.62, part));
    set(site, "data-part", part);
  };
}

function addBenzodiazepineSite(group: Element, layout: Layout, at: Point): Update {
  const { siteWords: named, lineHeight, scale, text } = layout;
  leader(group, { x: at.x + 8 * scale, y: at.y }, { x: named.x - 3, y: named.y - 0.35 * text });
  words(group, layout, named, "benzodiazepine");
  const state = words(group, layout, { x: named.x, y: named.y + lineHeight });
  const fill = addPocket(group, at, 8 * scale, "channel-benzodiazepine");
  return ({ benzodiazepine }) => {
    fill(benzodiazepine);
    write(state, siteWords(benzodiazepine));
  };
}

/** In the leg, where barbiturates bind; drawn in labs that have one. */
function addBarbiturateSite(group: Element, layout: Layout, at: Point): Update {
  const { barbiturateWords: named, scale, text } = layout;
  leader(group, { x: at.x - 4 * scale, y: at.y + 5 * scale }, { x: named.x + 3.6 * text, y: named.y - text });
  words(group, layout, named, "barbiturate");
  const fill = addPocket(group, at, 6.5 * scale, "channel-barbiturate");
  return ({ barbiturate }) => fill(barbiturate);
}

/** The words for the channel, and a plug in it where it is blocked. */
function addPore(group: Element, layout: Layout, at: (point: Point) => Point): Update {
  const { poreWords: named, lineHeight, text } = layout;
  leader(group, at({ x: 1, y: 36 }), { x: named.x - 4, y: named.y - 0.35 * text });
  words(group, layout, named, "GABA-A channels");
  const state = words(group, layout, { x: named.x, y: named.y + lineHeight });
  const plug = addPlug(group, at({ x: 0, y: -16 }), 9);
  return (reading) => {
    write(state, poreWords(reading));
    plug.draw(reading.closed);
  };
}
