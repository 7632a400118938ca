import { blankEpisode, type Episode, type Stream } from '../../shared/episode/episode.ts';
import type { Review } from '../../shared/review/review.ts';
import type { OpenedEpisode } from '../sources/source.ts';
import { type OpenReviewsOptions, openReviews, type ReviewService, type ToldReview } from './reviews.ts';

/** A service whose steps are answered with the whole review as it is then. */
export type WholeReviews = Omit<ReviewService, 'gesture' | 'undo' | 'redo'> & {
  [Step in 'gesture' | 'undo' | 'redo']: (...asked: Parameters<ReviewService[Step]>) => Promise<Review>;
};

export function openWholeReviews(options: OpenReviewsOptions): WholeReviews {
  const service = openReviews(options);
  const whole = (told: ToldReview) => told.review();
  const steps: Pick<WholeReviews, 'gesture' | 'undo' | 'redo'> = {
    gesture: (...asked) => service.gesture(...asked).then(whole),
    undo: (...asked) => service.undo(...asked).then(whole),
    redo: (...asked) => service.redo(...asked).then(whole),
  };
  return Object.assign(Object.create(service) as WholeReviews, steps);
}

/** An opened episode for the tests of this folder: a master clock with these times, and these streams on it. */
export function openedWith(options: {
  times: number[];
  streams?: Stream[];
  path?: string;
  createdAt?: string;
}): OpenedEpisode {
  const { times, streams = [], path = 'episode_000.h5', createdAt = '2026-05-11T10:00:00' } = options;
  const episode: Episode = {
    ...blankEpisode(),
    id: `0123456789abcdef/${path}`,
    root: '0123456789abcdef',
    path,
    format: 'react',
    name: path,
    task: '',
    date: '',
    sizeBytes: 1,
    modifiedMs: 1,
    createdAt,
    startUnixSeconds: 1.7e9,
    masterClock: 'timestamps',
    clocks: [],
    streams,
  };
  return {
    episode,
    clocks: new Map([['timestamps', Float64Array.from(times)]]),
    poses: new Map(),
    values: new Map(),
    locations: new Map(streams.map(({ id }) => [id, { kind: 'hdf5', file: path, dataset: id }])),
  };
}

export function streamWith(more: Partial<Stream> & { id: string }): Stream {
  return {
    ...{ name: more.id, kind: 'color', position: null, shape: [more.count ?? 1, 1, 1, 3], dtype: 'uint8' },
    ...{ width: 1, height: 1, channels: 3, encoding: 'pixels', order: 'bgr', count: 1, clock: 'timestamps' },
    ...{ rule: 'latest', chunk: null, filter: 'none', filters: [], serial: null, fault: null, video: null },
    ...more,
  } as Stream;
}
