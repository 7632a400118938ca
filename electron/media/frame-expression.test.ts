import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frameExpression } from './frame-expression.ts';

it('lets through the frames that are named and no other, however many there are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(400), { maxLength: 300 }), (some) => {
      const frames = some.toSorted((a, b) => a - b);
      const lets = evaluatorOf(frameExpression(frames, ','));
      const through = Array.from({ length: 402 }, (_, n) => n).filter((n) => lets(n) !== 0);
      expect(through).toEqual(frames);
    }),
  );
});

it('nests no deeper than a few calls', () => {
  const expression = frameExpression(
    Array.from({ length: 5000 }, (_, at) => at * 2),
    '\\,',
  );
  let [depth, deepest] = [0, 0];
  for (const letter of expression) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    deepest = Math.max(deepest, depth);
  }
  expect(depth).toBe(0);
  expect(deepest).toBeLessThan(20);
  expect(expression.replaceAll('\\,', '')).not.toContain(',');
});

/** The four functions of ffmpeg's that are used. */
function evaluatorOf(expression: string): (n: number) => number {
  const functions = {
    eq: (a: number, b: number) => Number(a === b),
    lt: (a: number, b: number) => Number(a < b),
    between: (a: number, low: number, high: number) => Number(a >= low && a <= high),
    when: (condition: number, yes: number, no: number) => (condition === 0 ? no : yes),
  };
  const body = `const { eq, lt, between, when } = functions; return ${expression.replaceAll('if(', 'when(')};`;
  const run = new Function('functions', 'n', body);
  return (n) => run(functions, n) as number;
}
