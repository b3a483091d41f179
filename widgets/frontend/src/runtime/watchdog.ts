/** Notices, from outside runtime.js, that it never ran: a file that is missing, or refused by a policy. */
import { message, PLACES, tell } from "./places";

export function watchRuntime(): void {
  // Deferred scripts have run, or never will, when the page has loaded: no time needs to be guessed.
  const look = () => {
    if (document.documentElement.dataset.widgets) return;
    for (const place of document.querySelectorAll(PLACES)) {
      tell(place, message("The script that brings this picture to life (runtime.js) is missing here or was refused."));
    }
  };
  if (document.readyState === "complete") look();
  else window.addEventListener("load", look);
}
