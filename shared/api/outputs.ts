import { z } from 'zod';
import { reviewSchema } from '../review/review.ts';
import { firstOf, formatQuery, parseQuery } from './query.ts';

/** What stages make of every recording, for people to look at: the preview of stage 3, the GIF of stage 6. */
export const OUTPUT_KINDS = ['preview', 'gallery'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

/** Titles of the stages that make them: their jobs' titles begin so, by which a window finds the one under way. */
export const OUTPUT_TITLES: Readonly<Record<OutputKind, string>> = {
  preview: 'Make preview videos',
  gallery: 'Make gallery pictures',
};

/**
 * "fresh": made of this recording as it is. "stale": made of another content of it, or of other choices. "foreign": a
 * file is there that Regrasp did not make (or somebody changed). "missing": none is there.
 */
export const outputSchema = z.object({
  state: z.enum(['fresh', 'stale', 'foreign', 'missing']),
  /** One sentence on why it is stale or foreign; null otherwise. */
  reason: z.string().nullable(),
  /** Part of the file's address, another one for another content; null where there is no file. */
  tag: z.string().nullable(),
  sizeBytes: z.number().nullable(),
});
export type Output = z.infer<typeof outputSchema>;

/** A recording with what was made of it, told without opening it. */
export const recordingOutputsSchema = z.object({
  /** Id to open it by. */
  episode: z.string(),
  name: z.string(),
  task: z.string(),
  date: z.string(),
  ticks: z.int().nullable(),
  durationNs: z.number().nullable(),
  /** As the recording says it; what people said is in the review. */
  outcome: z.string().nullable(),
  /** One sentence why it cannot be opened; null where it can. */
  fault: z.string().nullable(),
  preview: outputSchema,
  gallery: outputSchema,
  /** Null where nothing was looked for yet. */
  findings: z.object({ total: z.int(), undecided: z.int() }).nullable(),
  /** Null while it is not known which recording this is: nobody opened it on this install, and nothing was made of it. */
  review: reviewSchema.nullable(),
});
export type RecordingOutputs = z.infer<typeof recordingOutputsSchema>;

/** Which gels touched something: the share of ticks with contact, null where there is no such gel. */
export const sideGuessSchema = z.object({
  left: z.number().nullable(),
  right: z.number().nullable(),
  /** What is proposed to a person; null where neither gel touched anything. */
  side: z.enum(['left', 'right', 'both']).nullable(),
});

/** The same with the recording opened: whether outputs are fresh is then told by every choice they follow from. */
export const openedOutputsSchema = recordingOutputsSchema.extend({
  fingerprint: z.string().nullable(),
  /** Null where no signals are stored: the contact and detect stages store them. */
  guess: sideGuessSchema.nullable(),
});
export type OpenedOutputs = z.infer<typeof openedOutputsSchema>;

/**
 * GET /api/output: the file of an output, with Range. By the recording's id, never by a path; `tag` is that of the list: a
 * file that was replaced since is not mixed with what is playing (404).
 */
export const OUTPUT_ROUTE = '/api/output';

export interface OutputRequest {
  episode: string;
  kind: OutputKind;
  tag: string;
}

export function outputAddress({ episode, kind, tag }: OutputRequest): string {
  return `${OUTPUT_ROUTE}?${formatQuery([
    ['episode', episode],
    ['kind', kind],
    ['tag', tag],
  ])}`;
}

/** Undefined when a part is missing or malformed. */
export function decodeOutputRequest(query: string): OutputRequest | undefined {
  const pairs = parseQuery(query);
  if (!pairs) return undefined;
  const [episode, tag] = [firstOf(pairs, 'episode'), firstOf(pairs, 'tag')];
  const kind = OUTPUT_KINDS.find((known) => known === firstOf(pairs, 'kind'));
  return episode && tag && kind ? { episode, kind, tag } : undefined;
}
