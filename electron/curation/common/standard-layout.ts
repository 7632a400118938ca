import { Fault } from '../../fault.ts';
import type { StageEpisode } from '../stage.ts';

/** Recordings of the rig in a folder per task and date, which is how the pipeline's own files name them; and the others. */
export function byLayout<Episode extends Pick<StageEpisode, 'format' | 'task' | 'date'>>(
  episodes: readonly Episode[],
): { standard: Episode[]; others: Episode[] } {
  const isStandard = ({ format, task, date }: Episode) => format === 'react' && task !== '' && date !== '';
  return { standard: episodes.filter(isStandard), others: episodes.filter((each) => !isStandard(each)) };
}

/** That no recording lies in the standard layout: what does, and what to do about it. `what` is what cannot be done then. */
export function noStandardLayout(root: string, others: readonly StageEpisode[], what: string): Fault {
  const misplaced = others.find(({ format }) => format === 'react');
  const remedy = misplaced
    ? `move them there (${misplaced.path} to data/<task>/<date>/${misplaced.path.split('/').at(-1)})`
    : 'detect, preview, gallery, clips and report work on recordings of other formats as well';
  return new Fault('NOT_FOUND', `${root} holds no recording in data/<task>/<date>, so ${what}: ${remedy}.`);
}

/** What is passed over in a root that has both; null where nothing is. */
export function passedOver(others: readonly StageEpisode[]): string | null {
  const misplaced = others.filter(({ format }) => format === 'react');
  if (misplaced.length === 0) return null;
  const [first] = misplaced as [StageEpisode];
  const many = misplaced.length === 1 ? `${first.path} is` : `${misplaced.length} recordings (first ${first.path}) are`;
  return `${many} passed over, lying in no data/<task>/<date>: move what is to count there.`;
}
