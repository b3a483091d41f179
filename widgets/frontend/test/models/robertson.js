// Robertson's reaction: three rates nine orders of magnitude apart, and a conserved total.
// The form is that of Model.to_javascript(), with the types that the loader expects.
/** @type {(name: string, value: number, max: number | null) => object} */
const parameter = (name, value, max) => ({ name, value, unit: "", meaning: name, status: "assumed", source: "test", min: 0, max });
export const name = "robertson";
export const timeUnit = "hour";
export const species = ["a", "b", "c"];
export const assignments = ["total"];
export const reactions = ["first"];
export const parameters = [parameter("k1", 0.04, 1), parameter("k2", 3e7, null), parameter("k3", 1e4, null)];
export const baseline = [1, 0, 0];
export const amounts = [true, true, true];
/** @type {(t: number, y: Float64Array, p: Float64Array, dy: Float64Array) => void} */
export function rhs(_t, y, p, dy) {
  const one = p[0] * y[0];
  const two = p[1] * y[1] * y[1];
  const three = p[2] * y[1] * y[2];
  dy[0] = -one + three;
  dy[1] = one - three - two;
  dy[2] = two;
}
/** @type {(t: number, y: Float64Array, p: Float64Array, J: Float64Array) => void} */
export function jacobian(_t, y, p, J) {
  J[0] = -p[0];
  J[1] = p[2] * y[2];
  J[2] = p[2] * y[1];
  J[3] = p[0];
  J[4] = -p[2] * y[2] - 2 * p[1] * y[1];
  J[5] = -p[2] * y[1];
  J[6] = 0;
  J[7] = 2 * p[1] * y[1];
  J[8] = 0;
}
/** @type {(t: number, y: Float64Array, p: Float64Array, out: Float64Array) => void} */
export function observe(_t, y, p, out) {
  out[0] = y[0] + y[1] + y[2];
  out[1] = p[0] * y[0];
}
