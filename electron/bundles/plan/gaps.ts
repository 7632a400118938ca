import type { Gap } from '../../../shared/bundles/candidate.ts';
import { exportedSeries, exportedTracks } from '../../../shared/bundles/exported.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { missingNumbers, missingPictures, pictureIndices, poseRows, seriesRows } from '../unit-samples.ts';

/**
 * Where a recording has no picture or number to stand behind its ticks, of all that can be exported, by stream, series and
 * body. Looked at one after the other with others let in between: a long recording is many ticks.
 */
export async function gapsOf(episode: OpenWorkstationEpisode): Promise<Gap[]> {
  const { streams, series, tracks, masterClock } = episode.opened.episode;
  const ticks = Int32Array.from(episode.opened.clocks.get(masterClock) ?? [], (_, tick) => tick);
  const gaps: Gap[] = [];
  const note = async ({ id, name }: { id: string; name: string }, found: ReturnType<typeof missingPictures>) => {
    gaps.push(...found.map(({ firstTick, lastTick }): Gap => ({ id, name, ticks: [firstTick, lastTick] })));
    await new Promise((next) => setImmediate(next));
  };
  for (const stream of streams) {
    if (stream.fault !== null || stream.kind === 'depth') continue;
    await note(stream, missingPictures(stream.name, pictureIndices(episode, stream, ticks), ticks));
  }
  for (const one of exportedSeries(series))
    await note(one, missingNumbers(one.name, seriesRows(episode, one.id, { ticks }), ticks));
  for (const track of exportedTracks(tracks))
    await note(track, missingNumbers(track.name, poseRows(episode, track, { ticks }), ticks));
  return gaps;
}
