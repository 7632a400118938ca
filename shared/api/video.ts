import { firstOf, formatQuery, parseQuery } from './query.ts';

/**
 * GET /api/video: the file behind a video stream, with Range; the window decodes it by presented frame.
 * `revision` is that of the tick header: a file that was replaced since is not mixed with what is open (404).
 * "recorded" is the file as it lies there. "proxy" is the H.264 copy made of one that browsers cannot play, with the same
 * presented frames in the same order: 204, which no browser logs as an error, until a job of kind `PROXY_JOB` has made it.
 */
export interface VideoRequest {
  episode: string;
  stream: string;
  revision: string;
  form: VideoForm;
}

export type VideoForm = 'recorded' | 'proxy';

/** jobs.start({ kind: PROXY_JOB, options: { episode, stream } }); started again while it runs, it answers the same job. */
export const PROXY_JOB = 'video-proxy';

export function videoAddress({ episode, stream, revision, form }: VideoRequest): string {
  const query = formatQuery([
    ['episode', episode],
    ['stream', stream],
    ['revision', revision],
    ...(form === 'proxy' ? [['form', 'proxy'] as const] : []),
  ]);
  return `/api/video?${query}`;
}

/** Undefined when a part is missing or malformed. */
export function decodeVideoRequest(query: string): VideoRequest | undefined {
  const pairs = parseQuery(query);
  if (!pairs) return undefined;
  const [episode, stream, revision] = ['episode', 'stream', 'revision'].map((name) => firstOf(pairs, name));
  const form = firstOf(pairs, 'form') ?? 'recorded';
  if (!episode || !stream || revision === undefined || (form !== 'recorded' && form !== 'proxy')) return undefined;
  return { episode, stream, revision, form };
}
