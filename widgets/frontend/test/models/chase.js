// Prey and predator: smooth, never settles, and has no stiffness to lean on.
/** @type {(name: string, value: number, max: number | null) => object} */
const parameter = (name, value, max) => ({ name, value, unit: "", meaning: name, status: "assumed", source: "test", min: 0, max });
export const name = "chase";
export const timeUnit = "hour";
export const species = ["prey", "predator"];
/** @type {string[]} */
export const assignments = [];
export const reactions = ["eaten"];
export const parameters = [parameter("k", 1, null)];
export const baseline = [1.5, 0.5];
export const amounts = [true, true];
/** @type {(t: number, y: Float64Array, p: Float64Array, dy: Float64Array) => void} */
export function rhs(_t, y, p, dy) {
  dy[0] = y[0] - p[0] * y[0] * y[1];
  dy[1] = p[0] * y[0] * y[1] - y[1];
}
/** @type {(t: number, y: Float64Array, p: Float64Array, J: Float64Array) => void} */
export function jacobian(_t, y, p, J) {
  J[0] = 1 - p[0] * y[1];
  J[1] = -p[0] * y[0];
  J[2] = p[0] * y[1];
  J[3] = p[0] * y[0] - 1;
}
/** @type {(t: number, y: Float64Array, p: Float64Array, out: Float64Array) => void} */
export function observe(_t, y, p, out) {
  out[0] = p[0] * y[0] * y[1];
}
