/** Takes the place of AbortSignal.timeout in the page's runtime (see build.mjs): no time runs out. */
export function neverAborted(_milliseconds: number): AbortSignal {
  return new AbortController().signal;
}
