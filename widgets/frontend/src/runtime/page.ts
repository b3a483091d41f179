/** What every page runs, with or without widgets: contents on phones, glossary, scrollable regions, the atlas's filter. */
import { filterAtlas } from "./atlas";
import { followGlossary } from "./glossary";

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
    for (const region of regions) {
      const scrolls = region.scrollWidth > region.clientWidth + 1;
      if (scrolls === region.hasAttribute("tabindex")) continue;
      if (scrolls) {
        region.tabIndex = 0;
        region.setAttribute("role", "group");
        region.setAttribute("aria-label", "Wide content, scrolls sideways");
      } else for (const name of ["tabindex", "role", "aria-label"]) region.removeAttribute(name);
    }
  };
  check();
  new ResizeObserver(check).observe(document.documentElement);
}

/** The theme button says which of its three states holds. */
function sayTheme(): void {
  const names: Record<string, string> = { auto: "automatic", light: "light", dark: "dark" };
  const say = () => {
    for (const button of document.querySelectorAll(".book-theme"))
      button.setAttribute("aria-label", `Colour theme: ${names[document.body.dataset.theme ?? "auto"]}. Change it`);
  };
  say();
  new MutationObserver(say).observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
}

foldContents();
reachScrollables();
sayTheme();
followGlossary();
filterAtlas();
