/** Storage as a browser that blocks it has it: reading the property throws. */
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    get() {
      throw new DOMException("Storage is blocked.", "SecurityError");
    },
  });
}
