/** What d3-scale asks of `d3-interpolate`, for numbers alone, which is all that the labs' axes are made of. */
export const interpolateNumber = (from: number, to: number) => (share: number) => from * (1 - share) + to * share;
export const interpolateRound = (from: number, to: number) => (share: number) => Math.round(from * (1 - share) + to * share);
export { interpolateNumber as interpolate };
/** Of scales of colours, which no lab has. */
export const piecewise = (): never => {
  throw new Error("the page's runtime carries no interpolation but of numbers");
};
