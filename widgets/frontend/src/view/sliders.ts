/**
 * Dresses the ipywidgets sliders inside a lab: a name, the value in words, landmarks under the track.
 *
 * The sliders stay ipywidgets' own; what is added here is text around them and what assistive technology reads.
 */
import type { NumberControl } from "../spec/read";
import { shownValue, spokenValue } from "../words/settings";

const CLASS = "lab-param-";

/** Notebook 7 and JupyterLab take arrows and Enter for moving between cells, unless the focused element says no. */
export function keepKeys(elements: Iterable<Element>): void {
  for (const element of elements) element.setAttribute("data-lm-suppress-shortcuts", "true");
}

/** Characters of the longest words beside the label, so that a new value moves nothing else. */
function longest(control: NumberControl): number {
  const { minimum, maximum, step } = control;
  const values = [minimum, maximum, minimum + step, maximum - step, ...control.shown.map(([at]) => at)];
  return Math.max(...values.map((value) => shownValue(control, value).length)) + 1;
}

interface Dressed {
  control: NumberControl;
  root: HTMLElement;
  value: HTMLElement;
  /** Takes the width of its filled part; the smaller the tree under it, the less is styled anew at each step. */
  track: HTMLElement;
  handle: HTMLElement | null;
  watch: MutationObserver;
}

export class Sliders {
  private readonly dressed = new Map<string, Dressed>();
  private readonly arrivals: MutationObserver;

  constructor(
    private readonly lab: HTMLElement,
    /** The controls as they are now: a range may follow a choice. */
    private readonly controls: () => NumberControl[],
    private readonly id: string,
    private readonly read: (name: string) => number,
    private readonly lockReason: string,
  ) {
    this.dressAll();
    // The sliders' own views may arrive after the lab's.
    this.arrivals = new MutationObserver(() => this.dressAll());
    this.arrivals.observe(lab, { childList: true, subtree: true });
  }

  /** Bring a slider's words up to its value. */
  refresh(name: string): void {
    const found = this.dressed.get(name);
    if (!found) return;
    const value = this.read(name);
    const words = shownValue(found.control, value);
    if (found.value.textContent !== words) found.value.textContent = words;
    const { minimum, maximum } = found.control;
    found.track.style.setProperty("--fill", String((value - minimum) / (maximum - minimum)));
    this.speak(found);
  }

  /** A control's range and words have changed: dress its slider anew. */
  redress(name: string): void {
    const found = this.dressed.get(name);
    if (!found) return;
    found.watch.disconnect();
    this.dressed.delete(name);
    const control = this.controls().find((candidate) => candidate.name === name);
    if (control) this.dress(control, found.root);
  }

  /** Keep landmarks clear of the end words, whatever the width. */
  layout(): void {
    for (const { root } of this.dressed.values()) {
      const marks = root.querySelector<HTMLElement>(".lab-marks");
      const width = marks?.clientWidth ?? 0;
      if (!marks || !width) continue;
      const low = marks.querySelector<HTMLElement>(".low")!.offsetWidth;
      const high = marks.querySelector<HTMLElement>(".high")!.offsetWidth;
      let taken = 0;
      for (const mark of marks.querySelectorAll<HTMLElement>(".landmark")) {
        const half = mark.offsetWidth / 2;
        const at = Number(mark.style.getPropertyValue("--at")) * width;
        const least = low ? low + 10 + half : half;
        const most = high ? width - high - 10 - half : width - half;
        const left = Math.min(Math.max(at, least), Math.max(most, least));
        mark.style.left = `${left}px`;
        // Where two have no room, the first stands alone; the value beside the label says the rest.
        mark.style.visibility = taken && left - half < taken + 8 ? "hidden" : "";
        if (!mark.style.visibility) taken = left + half;
      }
    }
  }

  setLocked(locked: boolean): void {
    this.lab.toggleAttribute("data-locked", locked);
    for (const { handle } of this.dressed.values()) {
      if (!handle) continue;
      if (locked) {
        handle.setAttribute("aria-disabled", "true");
        handle.setAttribute("aria-describedby", this.lockReason);
      } else {
        handle.removeAttribute("aria-disabled");
        handle.removeAttribute("aria-describedby");
      }
    }
  }

  destroy(): void {
    this.arrivals.disconnect();
    for (const { watch } of this.dressed.values()) watch.disconnect();
    this.dressed.clear();
  }

  private dressAll(): void {
    for (const control of this.controls()) {
      const root = this.lab.querySelector<HTMLElement>(`.${CLASS}${CSS.escape(control.name)}`);
      if (!root || this.dressed.get(control.name)?.root === root) continue;
      this.dressed.get(control.name)?.watch.disconnect();
      this.dress(control, root);
    }
  }

  private dress(control: NumberControl, root: HTMLElement): void {
    for (const old of root.querySelectorAll(":scope > .lab-value, :scope > .lab-marks")) old.remove();
    root.classList.add("lab-slider");
    const label = root.querySelector<HTMLElement>("label, .widget-label");
    const value = document.createElement("span");
    const room = document.createElement("span");
    room.className = "lab-value";
    // As wide as its longest words, in whatever spacing the reader has set.
    room.dataset.longest = "0".repeat(longest(control));
    room.append(value);
    // The handle's aria-valuetext says the same in full words.
    room.setAttribute("aria-hidden", "true");
    if (label) {
      label.id = `${this.id}-${control.name}`;
      label.title = "";
      label.after(room);
    } else {
      root.prepend(room);
    }
    root.append(this.marks(control));

    const handle = root.querySelector<HTMLElement>("[role=slider]");
    const track = root.querySelector<HTMLElement>(".noUi-connects") ?? root;
    // The words stand for ipywidgets' own readout. It is hidden, but editable, and writing into it while it is in the
    // page costs a layout at each step.
    root.querySelector(".widget-readout")?.remove();
    const found: Dressed = { control, root, value, track, handle, watch: new MutationObserver(() => this.speak(found)) };
    if (handle) {
      keepKeys([handle]);
      if (label) handle.setAttribute("aria-labelledby", label.id);
      else handle.setAttribute("aria-label", control.label);
      // noUiSlider writes a bare number after each move: have the last word.
      found.watch.observe(handle, { attributes: true, attributeFilter: ["aria-valuetext", "aria-valuenow"] });
    }
    this.dressed.set(control.name, found);
    this.refresh(control.name);
    this.setLocked(this.lab.hasAttribute("data-locked"));
  }

  private speak({ control, handle }: Dressed): void {
    if (!handle) return;
    const value = this.read(control.name);
    // noUiSlider rounds to one decimal, which would say 0.1 for 0.05 and hide a step.
    const number = String(Number(value.toFixed(6)));
    if (handle.getAttribute("aria-valuenow") !== number) handle.setAttribute("aria-valuenow", number);
    const words = spokenValue(control, value);
    if (handle.getAttribute("aria-valuetext") !== words) handle.setAttribute("aria-valuetext", words);
  }

  /** End words and landmarks; not read out, because the value's words say where it is. */
  private marks(control: NumberControl): HTMLElement {
    const marks = document.createElement("div");
    marks.className = "lab-marks";
    marks.setAttribute("aria-hidden", "true");
    const add = (at: number, words: string, kind: string) => {
      const mark = document.createElement("span");
      mark.className = `lab-mark ${kind}`;
      mark.style.setProperty("--at", String((at - control.minimum) / (control.maximum - control.minimum)));
      mark.textContent = words;
      marks.append(mark);
    };
    add(control.minimum, control.low, "low");
    for (const [at, words] of control.landmarks) add(at, words, "landmark");
    add(control.maximum, control.high, "high");
    return marks;
  }
}
