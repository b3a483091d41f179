/** When a counting output rose, from the samples of its run. */
export function moments(times: Float64Array, counts: Float64Array): number[] {
  const found: number[] = [];
  for (let i = 1; i < counts.length; i++) {
    const more = Math.round(counts[i]) - Math.round(counts[i - 1]);
    for (let k = 1; k <= more; k++) found.push(times[i - 1] + ((times[i] - times[i - 1]) * k) / (more + 1));
  }
  return found;
}
