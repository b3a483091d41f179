/**
 * Names and words for stock ipywidgets controls, which have neither.
 *
 * The labs word their own sliders; whatever stands inside `.synapse-lab` is left to them.
 */

const OWN_WORDS = ".synapse-lab";

function described(control: Element): string {
  return control.querySelector(".widget-label")?.textContent?.trim() ?? "";
}

/** The value as the reader sees it beside the slider, or the bare number where there is no readout. */
function spoken(control: Element, handle: Element): string {
  const shown = control.querySelector(".widget-readout")?.textContent?.trim();
  return shown || String(Number(handle.getAttribute("aria-valuenow")));
}

function nameSlider(control: Element): void {
  const name = described(control);
  const handles = [...control.querySelectorAll<HTMLElement>("[role=slider]")];
  handles.forEach((handle, index) => {
    const end = handles.length === 2 ? [" from", " to"][index] : "";
    handle.setAttribute("aria-label", (name || "Value") + end);
    const say = () => {
      const words = handles.length === 2 ? String(Number(handle.getAttribute("aria-valuenow"))) : spoken(control, handle);
      if (handle.getAttribute("aria-valuetext") !== words) handle.setAttribute("aria-valuetext", words);
    };
    say();
    // The slider library writes its own aria-valuetext after every move: have the last word.
    new MutationObserver(say).observe(handle, { attributes: true, attributeFilter: ["aria-valuenow", "aria-valuetext"] });
  });
}

/** Toggle buttons are a group with one pressed member; the stock markup says neither. */
function nameToggles(control: Element): void {
  control.setAttribute("role", "group");
  control.setAttribute("aria-label", described(control) || "Choices");
  for (const button of control.querySelectorAll("button")) {
    const say = () => button.setAttribute("aria-pressed", String(button.classList.contains("mod-active")));
    say();
    new MutationObserver(say).observe(button, { attributes: true, attributeFilter: ["class"] });
  }
}

/** Give a stock slider or group of toggle buttons, just put in the page, its name and words. */
export function nameControl(control: Element): void {
  if (control.closest(OWN_WORDS)) return;
  // An absent tooltip arrives as the word "null".
  for (const label of control.querySelectorAll('[title="null"]')) label.removeAttribute("title");
  if (control.matches(".widget-slider")) nameSlider(control);
  else if (control.matches(".widget-toggle-buttons")) nameToggles(control);
}
