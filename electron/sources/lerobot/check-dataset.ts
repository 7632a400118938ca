import type { Problem } from '../../../shared/episode/episode.ts';
import { type EpisodeRow, type EpisodeTable, inOrder, outcomeOf } from './episodes.ts';
import { BOOKKEEPING, type DatasetInfo } from './info.ts';
import { counted, fault, namesOf, rowsOf, warning } from './problems.ts';
import type { Tasks } from './tasks.ts';

/** Rules that need the tables in meta/ alone. */
export function datasetProblems(info: DatasetInfo, table: EpisodeTable, tasks: Tasks): Problem[] {
  const rows = inOrder(table.rows);
  return [
    ...featureProblems(info),
    ...totalProblems(info, rows, tasks),
    ...indexProblems(rows),
    ...rangeProblems(rows, table),
    ...columnProblems(rows, table),
    ...taskProblems(rows, tasks),
    ...splitProblems(info, rows),
  ];
}

export function datasetNotes(info: DatasetInfo, table: EpisodeTable): string[] {
  const rows = inOrder(table.rows);
  const frames = rows.reduce((sum, { length }) => sum + (length ?? 0), 0);
  const cameras = info.features.filter(({ dtype }) => dtype === 'video' || dtype === 'image').length;
  const said = [
    `${info.version || 'no version'}`,
    counted(rows.length, 'episode'),
    counted(frames, 'frame'),
    info.fps === null ? 'no rate' : `${info.fps} a second`,
    counted(cameras, 'camera'),
  ];
  return [`Dataset: ${said.join(', ')}.`];
}

export function datasetJudgements(table: EpisodeTable): string[] {
  const labelled = table.rows.map(outcomeOf).filter((outcome) => outcome !== null);
  const succeeded = labelled.filter((outcome) => outcome === 'success').length;
  return labelled.length > 0 ? [`Success: ${succeeded}/${labelled.length} of the episodes that say so.`] : [];
}

function featureProblems({ features }: DatasetInfo): Problem[] {
  const problems: Problem[] = [];
  const missing = BOOKKEEPING.filter((key) => !features.some((feature) => feature.key === key));
  if (features.length > 0 && missing.length > 0) {
    const message = `meta/info.json does not declare ${missing.join(', ')}, which every LeRobot dataset has: add them.`;
    problems.push(fault('bookkeeping', message));
  }
  const slashed = features.filter(({ key }) => key.includes('/')).map(({ key }) => key);
  if (slashed.length > 0) {
    const message = `meta/info.json declares ${namesOf(slashed)}; LeRobot refuses a "/" in a feature's name when it writes: rename.`;
    problems.push(warning('feature-name', message));
  }
  return problems;
}

function totalProblems({ totals, features }: DatasetInfo, rows: readonly EpisodeRow[], tasks: Tasks): Problem[] {
  const frames = rows.reduce((sum, { length }) => sum + (length ?? 0), 0);
  const cameras = features.filter(({ dtype }) => dtype === 'video').length;
  const held: [string, number | null, number][] = [
    ['total_episodes', totals.episodes, rows.length],
    ['total_frames', totals.frames, frames],
    ['total_tasks', totals.tasks, tasks.texts.size],
    ['total_videos', totals.videos, rows.length * cameras],
  ];
  return held.flatMap(([name, said, counted]) => {
    // v3.0 has no total_videos any more; the other three must be there.
    if (said === null && name === 'total_videos') return [];
    if (said === counted || (name === 'total_tasks' && tasks.file === undefined)) return [];
    const message =
      said === null
        ? `meta/info.json gives no usable ${name}: write ${counted}.`
        : `meta/info.json says ${name} is ${said}, but meta/ lists ${counted}; LeRobot fails or fetches what is not there: correct it.`;
    return [fault('totals', message)];
  });
}

function indexProblems(rows: readonly EpisodeRow[]): Problem[] {
  const missing: number[] = [];
  let expected = 0;
  for (const { index } of rows) {
    if (index > expected) missing.push(expected);
    expected = index + 1;
  }
  if (missing.length === 0) return [];
  const message = `meta/ has a gap in episode_index before ${rowsOf(missing, 'episode')}; LeRobot counts episodes from 0 without a gap: number them anew.`;
  return [fault('episode-gap', message)];
}

/** Rows of one episode begin where those of the one before end. */
function rangeProblems(rows: readonly EpisodeRow[], { layout }: EpisodeTable): Problem[] {
  if (layout !== 'shared') return [];
  const problems: Problem[] = [];
  const unsaid = rows.filter(({ from, to }) => from === null || to === null).map(({ index }) => index);
  if (unsaid.length > 0) {
    const message = `meta/episodes does not say which rows are those of ${rowsOf(unsaid, 'episode')} (dataset_from_index, dataset_to_index): write them anew.`;
    problems.push(fault('no-range', message));
  }
  const broken = rows.filter(({ from }, at) => {
    const before = at === 0 ? 0 : (rows[at - 1] as EpisodeRow).to;
    return from !== null && before !== null && from !== before;
  });
  if (broken.length > 0) {
    const message = `meta/episodes lets ${rowsOf(
      broken.map(({ index }) => index),
      'episode',
    )} start at another row than the one before ends: write dataset_from_index and dataset_to_index anew.`;
    problems.push(fault('range-gap', message));
  }
  return problems;
}

function columnProblems(rows: readonly EpisodeRow[], { layout }: EpisodeTable): Problem[] {
  const where = layout === 'shared' ? 'meta/episodes' : 'meta/episodes.jsonl';
  const lacking: [string, (row: EpisodeRow) => boolean][] = [
    ['length', ({ length }) => length === null],
    ['tasks', ({ tasks }) => tasks.length === 0],
    ...(layout === 'shared'
      ? [
          ['data/chunk_index and data/file_index', ({ data }) => data === null] as [
            string,
            (row: EpisodeRow) => boolean,
          ],
        ]
      : []),
  ];
  return lacking.flatMap(([name, lacks]) => {
    const without = rows.filter(lacks).map(({ index }) => index);
    if (without.length === 0) return [];
    return [fault('missing-column', `${where} lacks ${name} for ${rowsOf(without, 'episode')}: write it anew.`)];
  });
}

function taskProblems(rows: readonly EpisodeRow[], tasks: Tasks): Problem[] {
  if (tasks.texts.size === 0) return [];
  const known = new Set(tasks.texts.values());
  const strange = new Set(rows.flatMap((row) => row.tasks).filter((text) => !known.has(text)));
  if (strange.size === 0) return [];
  const [first] = strange;
  const message = `meta/ names ${counted(strange.size, 'task')} of episodes that the table of tasks does not hold, the first is “${first?.slice(0, 80)}”: add them.`;
  return [fault('unknown-task', message)];
}

function splitProblems({ splits }: DatasetInfo, rows: readonly EpisodeRow[]): Problem[] {
  const highest = (rows.at(-1)?.index ?? -1) + 1;
  const beyond = Object.entries(splits).filter(([, range]) => {
    const [, from, to] = /^(\d+):(\d+)$/.exec(range) ?? [];
    return from === undefined || Number(to) > highest || Number(from) > Number(to);
  });
  return beyond.map(([name, range]) =>
    warning(
      'splits',
      `meta/info.json gives the split ${name} the episodes ${range}, but there are ${highest}: correct it.`,
    ),
  );
}
