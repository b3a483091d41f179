/** A lab as it opens, drawn by the lab's own code in a document without a browser. */
import kinds from "found:panels";
import { Lab } from "../view/lab";
import { readSpec } from "../spec/read";
import type { LabSpec } from "../spec/generated";
import { lay, NARROW, PICTURE, WIDE, type Layout } from "./room";
import { keptSvgs, plain, spoken } from "./plain";
import { composed } from "./picture";

/** A control as it was saved: what kind of widget, its classes and its description. */
export interface ControlGiven {
  kind: "slider" | "menu" | "switch";
  classes: string[];
  label: string;
  /** What a menu shows. */
  options: string[];
}

export interface LabGiven {
  kind: "lab";
  spec: LabSpec;
  /** The traits of the view: where the controls stand, the lock, the guess. */
  values: Record<string, unknown>;
  classes: string[];
  controls: ControlGiven[];
}

export interface Drawn {
  name: string;
  title: string;
  /** The main chart, standing for itself: well-formed XML. */
  svg: string;
  /** What is to be seen in it, in words. */
  alt: string;
  /** As the live lab says it. */
  sentence: string;
  /** The same without what only a live lab can be asked to do. */
  said: string;
  question: string;
  choices: string[];
  /** What stands in the widget's place in a page: HTML, every id left out. */
  place: string;
}

export async function labStill(given: LabGiven): Promise<Drawn> {
  const spec = readSpec(given.spec, kinds.map(({ kind }) => kind));
  if (!spec.models.length) throw new Error("the lab has no model");
  const heights: number[][] = [];
  let wideSvg = "";
  for (const layout of [NARROW, WIDE]) {
    const { box, lab } = await opened(given, spec, layout);
    if (layout === WIDE && box.querySelector(".lab-terminals")) wideSvg = composed(keptSvgs(box), box);
    heights.push([...box.querySelectorAll("svg[role=img]")].map(heightOf));
    lab.destroy();
  }
  const { box, lab } = await opened(given, spec, PICTURE);
  const svgs = [...box.querySelectorAll("svg[role=img]")];
  const title = box.querySelector(".lab-title")?.textContent ?? spec.title;
  const [said, live] = sentenceOf(box);
  const kept = keptSvgs(box);
  const drawn: Drawn = {
    name: spec.name,
    title,
    svg: wideSvg || composed(kept.filter((svg) => !svg.closest(".lab-scene")), box),
    alt: [title, ...kept.map((svg) => spoken(svg, box))].filter(Boolean).join(". "),
    sentence: [said, live].filter(Boolean).join(" "),
    said,
    question: spec.prediction?.question ?? "",
    choices: spec.prediction?.choices.map(({ text }) => text) ?? [],
    place: plain(box, new Map(svgs.map((svg, i) => [svg, [heights[0][i], heights[1][i]]]))),
  };
  lab.destroy();
  return drawn;
}

/** What the sentence says, and what it asks the reader to do, which is put into an element of its own. */
function sentenceOf(box: HTMLElement): [said: string, live: string] {
  const element = box.querySelector(".lab-sentence");
  const [, said, live] = /^(.*?)\s*((?:Choose an answer above|Move a slider)[^.]*\.)?$/s.exec(element?.textContent ?? "")!;
  if (element && live) {
    const asked = document.createElement("span");
    asked.className = "still-live";
    asked.textContent = ` ${live}`;
    element.replaceChildren(said, asked);
  }
  return [said, live ?? ""];
}

function heightOf(svg: Element): number {
  return Number(svg.getAttribute("height") ?? svg.getAttribute("viewBox")?.split(" ")[3]) || 0;
}

async function opened(given: LabGiven, spec: LabSpec, layout: Layout): Promise<{ box: HTMLElement; lab: Lab }> {
  lay(layout);
  const box = document.createElement("div");
  box.className = given.classes.join(" ");
  const root = document.createElement("div");
  root.className = "lab-root";
  const controls = document.createElement("div");
  controls.className = `lab-controls lab-controls-${given.controls.length}`;
  controls.append(...given.controls.map(control));
  box.append(root, controls);
  document.body.replaceChildren(box);
  const model = {
    get: (key: string) => given.values[key],
    set: () => undefined,
    on: () => undefined,
    off: () => undefined,
    save_changes: () => undefined,
  };
  const lab = new Lab(model, spec, kinds, root, box);
  const complaints: unknown[] = [];
  const { error } = console;
  // A part that could not be drawn is left out of a live lab, and of no still.
  console.error = (...words: unknown[]) => complaints.push(...words);
  await lab.start(new AbortController().signal);
  console.error = error;
  if (complaints.length) throw new Error(complaints.map((each) => (each as Error)?.message ?? String(each)).join(" "));
  if (box.hasAttribute("data-refused")) throw new Error(lab.alert.textContent || "the lab was refused");
  return { box, lab };
}

/** The parts of an ipywidgets control that take room. */
function control({ kind, classes, label, options }: ControlGiven): HTMLElement {
  const made = document.createElement("div");
  const family = { slider: "widget-slider widget-hslider", menu: "widget-dropdown", switch: "widget-checkbox" }[kind];
  made.className = ["jupyter-widgets", "widget-inline-hbox", family, ...classes].join(" ");
  const words = document.createElement("label");
  words.className = "widget-label";
  words.textContent = label;
  const body = document.createElement(kind === "menu" ? "select" : "div");
  if (kind === "slider") body.className = "slider-container";
  if (kind === "menu") body.append(...options.map((text) => Object.assign(document.createElement("option"), { textContent: text })));
  made.append(words, body);
  return made;
}
