import type { Series, Track } from '../../../shared/episode/episode.ts';
import { posesOf, type StepRows } from '../common/step-rows.ts';
import type { RolloutArrays } from './arrays.ts';
import { compareTimings, isTiming, LOOP_TOTAL } from './timing.ts';

export const STEPS = 'steps';
export type QuaternionOrder = 'wxyz' | 'xyzw';

interface Found {
  series: Series[];
  tracks: Track[];
  values: Map<string, Float64Array>;
  poses: Map<string, Float64Array>;
}

/**
 * Everything a trajectory holds by step, by the ends of the names: `*_pos` with `*_quat` are poses, `*_ms` timings.
 * `periodMs`: what a loop may take; null where that is a guess.
 */
export function findSeries(
  { steps, byStep }: RolloutArrays,
  { order, periodMs }: { order: QuaternionOrder; periodMs: number | null },
): Found {
  const found: Found = { series: [], tracks: [], values: new Map(), poses: new Map() };
  const timings = [...byStep.keys()].filter((name) => isTiming(name) && byStep.get(name)?.columns === 1);
  const add = (name: string, about: Pick<Series, 'name' | 'group' | 'role'> & Partial<Series>, rows: StepRows) => {
    const plain = { unit: '', limits: null, display: 'lines' as const, count: steps, clock: STEPS };
    const components = about.components ?? numbered(rows.columns);
    found.series.push({ id: name, ...plain, ...about, components });
    found.values.set(name, rows.values);
  };
  for (const name of timings.sort(compareTimings)) {
    const isTotal = name === LOOP_TOTAL;
    const about = {
      name: inWords(name.replace(/_ms$/, '')),
      group: 'Loop timing',
      role: 'timing' as const,
      unit: 'ms',
    };
    // The parts add up to the total, so that the total lies around them and not on top of them.
    const limits = isTotal && periodMs !== null ? [{ min: 0, max: periodMs }] : null;
    const display = isTotal ? ('total' as const) : ('stacked' as const);
    add(name, { ...about, display, limits, components: [about.name] }, rowsOf(name));
  }
  for (const [name, rows] of byStep) {
    if (timings.includes(name)) continue;
    const body = bodyOf(name);
    if (body && rows.columns === 3) {
      const group = `${inWords(body)} position`;
      add(name, { name: group, group, role: 'state', unit: 'm', components: ['x', 'y', 'z'] }, rows);
    } else if (body && rows.columns === 4) {
      const group = `${inWords(body)} rotation`;
      add(name, { name: group, group, role: 'state', components: [...order] }, rows);
    } else if (/action/.test(name)) {
      add(name, { name: inWords(name), group: inWords(name), role: 'action' }, rows);
    } else add(name, { name: inWords(name), group: inWords(name), role: 'other' }, rows);
  }
  for (const [name, position] of byStep) {
    const body = name.endsWith('_pos') ? name.slice(0, -'_pos'.length) : null;
    const rotation = body === null ? undefined : byStep.get(`${body}_quat`);
    if (body === null || position.columns !== 3 || rotation?.columns !== 4) continue;
    found.tracks.push(trackOf(body, steps));
    found.poses.set(body, posesOf(steps, { ...position, at: 0 }, { ...rotation, at: 0 }, order));
  }
  return found;

  function rowsOf(name: string): StepRows {
    return byStep.get(name) as StepRows;
  }

  /** The body of a `*_pos` or `*_quat` that comes with its other half. */
  function bodyOf(name: string): string | null {
    const [, body, what] = /^(.+)_(pos|quat)$/.exec(name) ?? [];
    return body && byStep.has(`${body}_${what === 'pos' ? 'quat' : 'pos'}`) ? body : null;
  }
}

function trackOf(body: string, count: number): Track {
  const side: Track['side'] = /(^|_)left(_|$)/.test(body) ? 'left' : /(^|_)right(_|$)/.test(body) ? 'right' : null;
  const base = { id: body, name: inWords(body), side, count, clock: STEPS };
  // Simulations of the producer's kind have Z up.
  return { ...base, rule: 'nearest', quaternionOrder: 'xyzw', upAxis: 'z', projected: false };
}

function numbered(columns: number): string[] {
  return Array.from({ length: columns }, (_, i) => String(i));
}

/** "executed_left_link7" as "Executed left link7". */
function inWords(name: string): string {
  return name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
}
