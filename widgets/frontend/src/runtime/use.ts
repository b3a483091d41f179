/** Under each lab: the lines that frame it, with the address where this page really stands. */

export function fillAddresses(): void {
  if (!/^https?:$/.test(location.protocol)) return;
  for (const use of document.querySelectorAll(".lab-use")) {
    const address = use.querySelector("a")?.href;
    const code = use.querySelector("code");
    if (address && code) code.textContent = (code.textContent ?? "").replace(/src="(?!https?:)[^"]*"/, `src="${address}"`);
  }
}
