import type { Problem } from '../../../shared/episode/episode.ts';
import { gapWarning } from '../common/recorded-clock.ts';
import { worstQuaternion } from '../common/step-rows.ts';
import type { CheckFindings, OpenedEpisode, OpenFile } from '../source.ts';

const UNIT_TOLERANCE = 1e-2;

/**
 * Beyond what opening told (chunks and messages that cannot be read, stamps that go back, schemas that are missing):
 * gaps, topics without a message, quaternions that are no rotation. Notes say which topics are not read.
 */
export async function checkMcap(file: OpenFile, { episode, clocks, poses }: OpenedEpisode): Promise<CheckFindings> {
  const problems: Problem[] = [];
  for (const clock of episode.clocks) {
    const times = clocks.get(clock.id);
    const gap = times && gapWarning({ clock, times, problems: [] }, `${file.name}: ${clock.id}`);
    if (gap) problems.push({ ...gap, stream: clock.id });
  }
  for (const { id } of episode.tracks) {
    const values = poses.get(id);
    if (!values) continue;
    const { count, length, step } = worstQuaternion({ values, columns: 7, at: 3 }, UNIT_TOLERANCE);
    if (count === 0) continue;
    const message = `${file.name}: ${count} rotation${count === 1 ? '' : 's'} of ${id} ${count === 1 ? 'is' : 'are'} no unit quaternion (length ${length.toFixed(3)} at message ${step}): correct what publishes them.`;
    problems.push({ severity: 'warning', code: 'not-unit', message, stream: id });
  }
  const notes = Object.entries((episode.metadata.topics_not_read ?? {}) as Record<string, string>);
  for (const [topic, why] of notes) {
    if (!why.endsWith(': no messages')) continue;
    const message = `${file.name}: ${topic} has no message: look whether its publisher ran.`;
    problems.push({ severity: 'warning', code: 'empty-topic', message, stream: topic });
  }
  return { problems, notes: notes.map(([topic, why]) => `${topic} is not read (${why})`) };
}
