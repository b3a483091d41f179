/**
 * Counts what a page computes and paints for each key press, for tests/bench/compare.py: of any build of the book, since it
 * looks at the models' texts and at the drawing, not at how the labs are written. Runs before the page's own scripts.
 */
interface Counts {
  /** Runs of a model over its span: the right-hand side is asked for a time after 0, and was last asked for time 0. */
  integrations: number;
  /** Times that the equations of any model were evaluated. */
  evaluations: number;
  /** Turns of the page (an event, a frame, a timer) in which a curve was drawn anew. */
  paints: number;
  /** Attributes and texts written in a lab's drawings. */
  writes: number;
}

const counts: Counts = { integrations: 0, evaluations: 0, paints: 0, writes: 0 };

const RHS = /export function rhs\((\w+)([^)]*)\) *\{/;
const COUNTER = "ls_last";

/** A model's text that counts how often it is asked. */
function counted(text: string): string {
  if (!RHS.test(text)) return text;
  const inner = (_: string, t: string, others: string) =>
    `export function rhs(${t}${others}) { globalThis.ls_counts.evaluations++;` +
    ` if (${t} > 0 && ${COUNTER} === 0) globalThis.ls_counts.integrations++; ${COUNTER} = ${t};`;
  return `let ${COUNTER} = 0;\n${text.replace(RHS, inner)}`;
}

Object.assign(globalThis, { ls_counts: counts });
const OwnBlob = globalThis.Blob;
globalThis.Blob = class extends OwnBlob {
  constructor(parts?: BlobPart[], options?: BlobPropertyBag) {
    super(parts?.map((part) => (typeof part === "string" ? counted(part) : part)), options);
  }
};

/** Begin to watch the labs; the models are counted from the start. */
export function watch(): void {
  new MutationObserver((records) => {
    const drawn = records.filter(({ target }) => {
      const element = target instanceof Element ? target : target.parentElement;
      return element?.closest(".synapse-lab svg");
    });
    counts.writes += drawn.length;
    if (drawn.some(({ target, attributeName }) => attributeName === "d" && (target as Element).matches("path.curve"))) counts.paints++;
  }).observe(document.body, { subtree: true, attributes: true, childList: true, characterData: true });
}

export function read(): Counts {
  return { ...counts };
}
