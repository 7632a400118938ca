import type { Layer } from '../../shared/review/review.ts';
import { inWords } from '../app/format.ts';
import { outcomeWord, wordOf } from './gestures.ts';

/** One thing that people said, a cell a person: a line each that was said of it, none where one said nothing. */
export interface LayerRow {
  name: string;
  cells: readonly (readonly string[])[];
  /** Two who said something of it did not say the same. */
  differs: boolean;
}

/** What several people said of one recording, side by side; things nobody said are left out. */
export function layerRows(layers: readonly Layer[], times: Float64Array): LayerRow[] {
  const keys = [...new Set(layers.flatMap(({ properties }) => Object.keys(properties)))].sort();
  const moment = (tick: number) => `${((times[Math.min(tick, times.length - 1)] ?? 0) / 1e9).toFixed(1)} s`;
  const rows: [name: string, said: (layer: Layer) => string[]][] = [
    ['Outcome', ({ outcome }) => (outcome ? [outcomeWord(outcome.value)] : [])],
    ['Description', ({ description }) => (description ? [description.text] : [])],
    [
      'Failures',
      ({ failures }) =>
        Object.values(failures)
          .sort((a, b) => a.event - b.event)
          .map(({ event, code }) => `${moment(event)} ${code ?? 'no code'}`),
    ],
    [
      'Severity',
      ({ failures }) => [...new Set(Object.values(failures).flatMap(({ severity }) => severity ?? []))].sort(),
    ],
    [
      'Recoveries',
      ({ recoveries }) =>
        Object.values(recoveries)
          .sort((a, b) => a.ticks[0] - b.ticks[0])
          .map(({ ticks }) => `${moment(ticks[0])} to ${moment(ticks[1])}`),
    ],
    ...keys.map((key): [string, (layer: Layer) => string[]] => [
      inWords(key),
      ({ properties }) => (Object.hasOwn(properties, key) ? [wordOf(properties[key] as string)] : []),
    ]),
  ];
  return rows
    .map(([name, said]) => {
      const cells = layers.map(said);
      return {
        name,
        cells,
        differs: new Set(cells.filter((cell) => cell.length > 0).map((cell) => cell.join('\n'))).size > 1,
      };
    })
    .filter(({ cells }) => cells.some((cell) => cell.length > 0));
}
