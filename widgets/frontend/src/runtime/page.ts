/** What every page runs, with or without widgets: contents on phones, glossary, scrollable regions, the atlas's filter. */
import { filterAtlas } from "./atlas";
import { keepFocusInView } from "./focus";
import { openWhatIsSought } from "./folds";
import { offerForgetting } from "./foot";
import { followGlossary } from "./glossary";
import { followPrinter } from "./paper";
import { fillAddresses } from "./use";
import { watchRuntime } from "./watchdog";

/** On narrow pages the contents fold away behind a button. */
function foldContents(): void {
  const button = document.querySelector<HTMLButtonElement>(".book-menu-button");
  const header = button?.closest(".book-header");
  if (!button || !header) return;
  const open = (wanted: boolean) => {
    button.setAttribute("aria-expanded", String(wanted));
    header.classList.toggle("open", wanted);
  };
  button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
  header.addEventListener("click", (event) => {
    if ((event.target as Element).closest(".toc-tree a")) open(false); // a section of this page: show it
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      open(false);
      button.focus();
    }
  });
  // The contents are longer than the window: bring the current page into view without moving the page itself.
  const current = header.querySelector<HTMLElement>('[aria-current="page"]');
  const menu = header.querySelector<HTMLElement>(".book-menu");
  if (current && menu) menu.scrollTop = current.offsetTop - menu.clientHeight / 3;
}

/** Whoever scrolls with the keyboard must be able to reach what scrolls: wide equations, tables, code and figures. */
function reachScrollables(): void {
  const regions = document.querySelectorAll<HTMLElement>(
    "article .math-wrapper, article .table-wrapper, article .figure-scroll, article pre, article .output.text_html",
  );
  const check = () => {
    // All is measured before anything is changed: else each change would have the whole page laid out again.
    const wide = [...regions].map((region) => region.scrollWidth > region.clientWidth + 1);
    for (const [index, region] of regions.entries()) {
      const scrolls = wide[index];
      if (scrolls === region.hasAttribute("tabindex")) continue;
      if (scrolls) {
        region.tabIndex = 0;
        region.setAttribute("role", "group");
        region.setAttribute("aria-label", "Wide content, scrolls sideways");
      } else for (const name of ["tabindex", "role", "aria-label"]) region.removeAttribute(name);
    }
  };
  new ResizeObserver(check).observe(document.documentElement); // once at the beginning, too
}

/** The theme button says which of its three states holds. */
function sayTheme(): void {
  // Where the page's own lines of script are refused, nobody has said so yet.
  document.body.dataset.theme ??= "auto";
  const names: Record<string, string> = { auto: "automatic", light: "light", dark: "dark" };
  const say = () => {
    for (const button of document.querySelectorAll(".book-theme"))
      button.setAttribute("aria-label", `Colour theme: ${names[document.body.dataset.theme ?? "auto"]}. Change it`);
  };
  say();
  new MutationObserver(say).observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
}

watchRuntime();
foldContents();
document.documentElement.dataset.page = "ready"; // the contents can be unfolded (see head.ts)
reachScrollables();
sayTheme();
openWhatIsSought();
followGlossary();
filterAtlas();
fillAddresses();
keepFocusInView();
offerForgetting();
followPrinter();
