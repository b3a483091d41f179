/** When the window changes (a phone is turned, a page is enlarged), what has the focus stays in view. */

/** ms in which a page settles after the window has changed. */
const SETTLED = 300;

export function keepFocusInView(): void {
  let seen = false;
  let wanted: Element | null = null;
  let timer = 0;
  const watch = new IntersectionObserver((entries) => (seen = entries[entries.length - 1].isIntersecting));
  document.addEventListener("focusin", ({ target }) => {
    watch.disconnect();
    seen = true;
    watch.observe(target as Element);
  });
  const show = () => {
    if (wanted && wanted === document.activeElement) wanted.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  };
  window.addEventListener("resize", () => {
    // As it was before the window changed: whoever has read on is not called back.
    if (seen) wanted ??= document.activeElement;
    requestAnimationFrame(() => requestAnimationFrame(show));
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      show();
      wanted = null;
    }, SETTLED);
  });
}
