/**
 * ffmpeg's expression that is not 0 for these frames alone, as a tree that is halved at every step: a plain sum of more than
 * a hundred terms is refused by ffmpeg, whose parser nests it as deep. `n` counts presented frames from 0.
 *
 * @param frames ascending
 * @param comma as the place of the expression wants one written: `\\,` among filters
 */
export function frameExpression(frames: readonly number[], comma: ',' | '\\,'): string {
  const runs: [first: number, last: number][] = [];
  for (const frame of frames) {
    const run = runs.at(-1);
    if (run && run[1] === frame - 1) run[1] = frame;
    else runs.push([frame, frame]);
  }
  const call = (name: string, ...values: (string | number)[]) => `${name}(${values.join(comma)})`;
  const tree = (from: number, to: number): string => {
    if (to - from <= 1) {
      const [first, last] = runs[from] ?? [-1, -1];
      return first === last ? call('eq', 'n', first) : call('between', 'n', first, last);
    }
    const middle = (from + to) >> 1;
    return call('if', call('lt', 'n', (runs[middle] as [number, number])[0]), tree(from, middle), tree(middle, to));
  };
  return tree(0, runs.length);
}
