/** What a lab on a page of its own does besides: it tells the page around it how tall it is. */

const TYPE = "living-synapse:height";

/** Whoever frames the lab may give the frame this height (px); without a listener nothing happens. */
function tellHeight(): void {
  if (window.parent === window) return;
  let told = 0;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    // The host is whoever frames this page, and a height is no secret.
    window.parent.postMessage({ type: TYPE, height, lab: location.pathname.replace(/^.*\/|\.html$/g, "") }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
}

document.documentElement.toggleAttribute("data-framed", window.parent !== window);
const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") document.body.dataset.theme = theme;
tellHeight();
