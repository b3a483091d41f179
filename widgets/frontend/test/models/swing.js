// Decays towards a level that swings with time: the one case with a time derivative.
/** @type {(name: string, value: number, max: number | null) => object} */
const parameter = (name, value, max) => ({ name, value, unit: "", meaning: name, status: "assumed", source: "test", min: 0, max });
export const name = "swing";
export const timeUnit = "hour";
export const species = ["x"];
/** @type {string[]} */
export const assignments = [];
export const reactions = ["in"];
export const parameters = [parameter("k", 50, null)];
export const baseline = [1];
export const amounts = [true];
/** @type {(t: number, y: Float64Array, p: Float64Array, dy: Float64Array) => void} */
export function rhs(t, y, p, dy) {
  dy[0] = -p[0] * (y[0] - 2 - Math.cos(t));
}
/** @type {(t: number, y: Float64Array, p: Float64Array, J: Float64Array) => void} */
export function jacobian(_t, _y, p, J) {
  J[0] = -p[0];
}
/** @type {(t: number, y: Float64Array, p: Float64Array, out: Float64Array) => void} */
export function observe(_t, _y, _p, out) {
  out[0] = 0;
}
