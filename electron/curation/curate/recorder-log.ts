import { access } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import { textOf } from '../metadata/tasks-file.ts';
import type { StageEpisode } from '../stage.ts';

interface LogRow {
  task?: string;
  date?: string;
  /** "ep_003". */
  episode?: string;
  frames?: string;
}

/**
 * What the recorder's log (data/dataset_log.csv) says otherwise than the recordings, one sentence each; null where there
 * is no log. Episodes in quarantine are expected to be missing; of one that was recorded again the last row counts.
 */
export async function compareWithLog(root: string, episodes: readonly StageEpisode[]): Promise<string[] | null> {
  const text = await textOf(path.join(root, 'data', 'dataset_log.csv'));
  if (text === null) return null;
  const { data } = Papa.parse<LogRow>(text.trim(), { header: true, delimiter: ',' });
  const sentences: string[] = [];
  const sessions = new Map(episodes.map(({ task, date }) => [`${task}/${date}`, { task, date }]));
  for (const { task, date } of sessions.values()) {
    const rows = data.filter((row) => row.task === task && row.date === date && row.episode);
    const logged = new Map(rows.map((row) => [String(row.episode).replace(/^ep_/, 'episode_'), Number(row.frames)]));
    for (const [stem, frames] of logged) {
      const name = `${task}/${date}/${stem}`;
      const found = episodes.find((each) => each.task === task && each.date === date && each.stem === stem);
      if (!found) {
        const aside = path.join(root, 'data', task, date, `${stem}.h5.corrupt`);
        const isQuarantined = await access(aside).then(
          () => true,
          () => false,
        );
        if (!isQuarantined) sentences.push(`${name} is in the recorder's log and not there`);
      } else if (Number.isFinite(frames) && found.ticks !== null && found.ticks !== frames) {
        sentences.push(`${name} has ${found.ticks} ticks, and ${frames} by the recorder's log`);
      }
    }
  }
  return sentences;
}
