// A source, a saturable pump and a leak into a store that gives back: settles where made = pumped.
/** @type {(name: string, value: number, max: number | null) => object} */
const parameter = (name, value, max) => ({ name, value, unit: "", meaning: name, status: "assumed", source: "test", min: 0, max });
/** @type {(p: Float64Array) => number} */
const V = (p) => p[1] * (1 - p[3]);
export const name = "pump";
export const timeUnit = "hour";
export const species = ["gap", "store"];
export const assignments = ["ratio"];
export const reactions = ["made", "pumped"];
export const parameters = [
  parameter("make", 2, 10),
  parameter("vmax", 300, null),
  parameter("km", 0.1, null),
  parameter("blocked", 0, 1),
];
export const baseline = [(2 * 0.1) / (300 - 2), 2 * ((2 * 0.1) / (300 - 2))];
export const amounts = [true, true];
/** @type {(t: number, y: Float64Array, p: Float64Array, dy: Float64Array) => void} */
export function rhs(_t, y, p, dy) {
  dy[0] = p[0] - (V(p) * y[0]) / (p[2] + y[0]) - y[0] + 0.5 * y[1];
  dy[1] = y[0] - 0.5 * y[1];
}
/** @type {(t: number, y: Float64Array, p: Float64Array, J: Float64Array) => void} */
export function jacobian(_t, y, p, J) {
  J[0] = (-V(p) * p[2]) / (p[2] + y[0]) ** 2 - 1;
  J[1] = 0.5;
  J[2] = 1;
  J[3] = -0.5;
}
/** @type {(t: number, y: Float64Array, p: Float64Array, out: Float64Array) => void} */
export function observe(_t, y, p, out) {
  out[0] = y[1] / y[0];
  out[1] = p[0];
  out[2] = (V(p) * y[0]) / (p[2] + y[0]);
}
