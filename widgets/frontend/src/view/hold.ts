/**
 * Holds the control that is being moved still under the hand, whatever grows or shrinks above it. Browsers that anchor
 * the page's scrolling anchor it to something in view, which may be something else; WebKit does not at all.
 */

const CONTROLS = ".noUi-target, button, select, summary, input, label";
/** One hand, one control on the page. */
let holding: Hold | null = null;

export class Hold {
  private held: Element | null = null;
  private scroller: HTMLElement = document.documentElement;
  /** Where the control stands in the window, px, and how far the page is scrolled. */
  private top = 0;
  private scrolled = 0;
  private readonly sizes = new ResizeObserver(() => this.keep());

  constructor(private readonly box: HTMLElement, gone: AbortSignal) {
    const options = { capture: true, passive: true, signal: gone };
    const take = (event: Event) => {
      const control = (event.target as Element).closest(CONTROLS);
      // Under a mouse's click all may have slipped already; without a mouse it is the first that is heard of a press.
      if (!control || (event instanceof MouseEvent && event.type === "click" && event.detail)) return;
      if (event instanceof KeyboardEvent && moves(event)) show(event.target as Element);
      this.take(control);
    };
    for (const kind of ["pointerdown", "keydown", "click", "change"]) box.addEventListener(kind, take, options);
    document.addEventListener("scroll", () => this.follow(), options);
    window.addEventListener("resize", () => this.take(null), options);
    gone.addEventListener("abort", () => {
      this.take(null);
      this.sizes.disconnect();
    });
    this.watch(box);
    this.watch(document.body);
  }

  /** A change of this element's size may move the control. */
  watch(element: Element): void {
    this.sizes.observe(element);
  }

  /** From now on this element keeps its place in the window; null: none does. */
  take(element: Element | null): void {
    if (element && holding !== this) {
      holding?.take(null);
      holding = this;
      this.scroller = scrollerOf(this.box);
      // Two who scroll back would scroll twice.
      this.scroller.style.overflowAnchor = "none";
    } else if (!element && holding === this) {
      holding = null;
      this.scroller.style.overflowAnchor = "";
    }
    this.held = element;
    if (!element) return;
    this.top = element.getBoundingClientRect().top;
    this.scrolled = this.scroller.scrollTop;
  }

  /** Change what stands above the control and grows lower by it. What the page cannot scroll back stays as room below it. */
  lower(element: HTMLElement, change: () => void): void {
    const before = element.offsetHeight;
    change();
    const after = element.offsetHeight;
    const missing = before - after - this.scroller.scrollTop;
    if (this.held && missing > 0) element.style.minHeight = `${after + missing}px`;
  }

  /** Where the reader scrolls, the control goes. */
  private follow(): void {
    if (!this.held) return;
    this.top -= this.scroller.scrollTop - this.scrolled;
    this.scrolled = this.scroller.scrollTop;
    if (!this.inView) this.take(null);
  }

  /** Sizes have changed and nothing is painted yet: scroll back what the control has slipped. */
  private keep(): void {
    if (!this.held?.isConnected || !this.inView) return;
    const slip = this.held.getBoundingClientRect().top - this.top;
    if (Math.abs(slip) < 1) return;
    this.scroller.scrollBy({ top: slip, behavior: "instant" });
    this.scrolled = this.scroller.scrollTop;
  }

  private get inView(): boolean {
    return this.top >= 0 && this.top <= innerHeight;
  }
}

/** Whether a key moves or presses what has the focus; others may be meant for the page, wherever that is. */
function moves({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return /^(Arrow|Page|Home$|End$|Enter$| $)/.test(key) && !altKey && !ctrlKey && !metaKey;
}

/**
 * Keys may come while the browser still glides to what has the focus, and what they change above it would leave the
 * glide's end wrong. So it ends at once, clear of the chart that stays in view (scroll-margin in styles/narrow.css).
 */
function show(focused: Element): void {
  focused.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
}

/** What scrolls an element: in a notebook a part of the page. */
function scrollerOf(element: Element): HTMLElement {
  for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
    if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.documentElement;
}
