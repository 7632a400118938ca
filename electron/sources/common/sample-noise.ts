/** Numbers 0…1 that look random, the same for the same seed: what makes a sample's figures look recorded. */
export function sampleNoise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of such a sequence repeat early.
    return (state >>> 8) / 2 ** 24;
  };
}
