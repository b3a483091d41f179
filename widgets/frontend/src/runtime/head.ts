/**
 * What must be done before anything is shown, written into the head of every page: no request, no waiting.
 *
 * Storage first, because the theme's and Sphinx's scripts read it without asking whether they may.
 */
import { mendStorage, storage } from "../session/storage";

mendStorage("localStorage");
mendStorage("sessionStorage");

// What is no theme would leave a light page on a dark system.
const kept = storage("localStorage").getItem("theme");
if (kept !== null && !["auto", "light", "dark"].includes(kept)) storage("localStorage").removeItem("theme");

// The theme removes it when all is loaded: until then a phone would show the unfolded contents, and then let all jump.
const page = document.documentElement;
page.classList.remove("no-js");
// What folds the contents may not have come: then they stay unfolded.
addEventListener("load", () => page.classList.toggle("no-js", page.dataset.page !== "ready"));
