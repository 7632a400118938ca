/** A promise, and what resolves it: for a test that keeps something back, or waits until it is asked for. */
export function held(): { until: Promise<void>; letGo: () => void } {
  let letGo = () => {};
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { until, letGo };
}
