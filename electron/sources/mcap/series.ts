import type { Series, Track } from '../../../shared/episode/episode.ts';
import type { Poses, Table } from './collect.ts';

/** Series of a topic, a column for every name that any of its messages has: NaN where one does not tell it. */
export function seriesOf({ topic, kind, rows }: Table): { series: Series; values: Float64Array }[] {
  const groups = new Map<string, Set<string>>();
  for (const row of rows) {
    for (const [group, columns] of row) {
      const names = groups.get(group) ?? new Set<string>();
      for (const name of columns.keys()) names.add(name);
      groups.set(group, names);
    }
  }
  return [...groups].map(([group, names]) => {
    const components = [...names];
    const values = new Float64Array(rows.length * components.length).fill(Number.NaN);
    rows.forEach((row, at) => {
      const columns = row.get(group);
      components.forEach((name, column) => {
        values[at * components.length + column] = columns?.get(name) ?? Number.NaN;
      });
    });
    const id = group === '' ? topic : `${topic}.${group}`;
    const isAction = /action|command|cmd|target|desired/i.test(topic);
    const series: Series = {
      id,
      name: group === '' ? topic : `${topic} ${group}`,
      group: group === '' ? topic : `${topic}: ${group}`,
      role: isAction ? 'action' : kind === 'joints' ? 'state' : 'other',
      unit: '',
      components,
      limits: null,
      display: 'lines',
      count: rows.length,
      clock: topic,
    };
    return { series, values };
  });
}

/** The path of a pose, or of a frame within the one it is told in. */
export function trackOf(id: string, { topic, child, parent, rows }: Poses): { track: Track; values: Float64Array } {
  const what = child === '' ? topic : child;
  const words = what.toLowerCase().split(/[^a-z0-9]+/);
  const track: Track = {
    id,
    name: parent === '' ? what : `${what} in ${parent}`,
    side: words.includes('left') ? 'left' : words.includes('right') ? 'right' : null,
    count: rows.length,
    clock: id,
    rule: 'nearest',
    quaternionOrder: 'xyzw',
    // ROS and Foxglove have Z up.
    upAxis: 'z',
    projected: false,
  };
  return { track, values: Float64Array.from(rows.flat()) };
}
