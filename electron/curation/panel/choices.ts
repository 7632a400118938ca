import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { digestOf } from '../common/made.ts';

/** What an episode's outputs follow from besides its pixels: what a person chose for it, and what it is drawn with. */
export function digestOfChoices(episode: OpenWorkstationEpisode, calibration: unknown): string {
  const { streams, tracks } = episode.opened.episode;
  return digestOf({
    orders: streams.map((stream) => [stream.id, episode.orderOf(stream)]),
    tactileOffset: episode.tactileOffset(),
    holdPeriods: episode.holdPeriods(),
    tracks: tracks.map(({ id, upAxis, projected }) => [id, upAxis, projected]),
    calibration: calibration ?? null,
  });
}
