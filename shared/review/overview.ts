import { z } from 'zod';
import {
  type Description,
  descriptionSchema,
  type Layer,
  type Outcome,
  outcomeSchema,
  propertySchema,
} from './review.ts';

/**
 * What was said in a root so far, over all of its recordings: how many failures and recoveries, the words that were used
 * before, and what was said last. For counters and for not having to say things twice.
 */
const text = z.string();

export const lastSaidSchema = z.object({
  recording: z.string(),
  at: z.string(),
  outcome: outcomeSchema.nullable(),
  description: descriptionSchema.nullable(),
  properties: z.record(z.string(), propertySchema),
});
export type LastSaid = z.infer<typeof lastSaidSchema>;

export const reviewOverviewSchema = z.object({
  /** Recordings with an outcome, and the failures and recoveries marked in all: one person's of each, see `overviewOf`. */
  counts: z.object({ reviewed: z.int(), failures: z.int(), recoveries: z.int() }),
  /** The person's own, newest first, each once. */
  texts: z.object({
    notes: z.array(text),
    descriptions: z.array(text),
    whatHappened: z.array(text),
    howRecovered: z.array(text),
  }),
  /** Keys and values that were given, by anyone whose review may be seen; the most used first. */
  properties: z.array(z.object({ key: z.string(), values: z.array(propertySchema) })),
  /** What this person said of recordings last, newest first. */
  last: z.array(lastSaidSchema),
});
export type ReviewOverview = z.infer<typeof reviewOverviewSchema>;

/** With the bundles that were made of the root's recordings. */
export const rootOverviewSchema = reviewOverviewSchema.extend({ exports: z.int().nonnegative() });
export type RootOverview = z.infer<typeof rootOverviewSchema>;

export type TextKind = keyof ReviewOverview['texts'];

/** What the overview needs of one person's review of one recording. */
export interface LayerDigest {
  readonly annotator: string;
  readonly lastAt: string | null;
  readonly isSubmitted: boolean;
  readonly outcome: Outcome | null;
  readonly description: Description | null;
  readonly properties: Layer['properties'];
  readonly failures: number;
  readonly recoveries: number;
  readonly texts: Readonly<Record<TextKind, readonly string[]>>;
}

export interface RecordingDigest {
  readonly recording: string;
  /** The person's own, if there is one, and those of others that they may see. */
  readonly own: LayerDigest | null;
  readonly others: readonly LayerDigest[];
}

const MOST_TEXTS = 15;
const MOST_KEYS = 60;
const MOST_VALUES = 20;
const MOST_LAST = 5;

export function digestOf(layer: Layer): LayerDigest {
  const { annotator, lastAt, outcome, description, properties } = layer;
  const [failures, recoveries] = [Object.values(layer.failures), Object.values(layer.recoveries)];
  return {
    ...{ annotator, lastAt, isSubmitted: layer.submission !== null, outcome, description, properties },
    ...{ failures: failures.length, recoveries: recoveries.length },
    texts: {
      notes: Object.values(layer.notes).map((note) => note.text),
      descriptions: description ? [description.text] : [],
      whatHappened: failures.map((failure) => failure.whatHappened),
      howRecovered: recoveries.map((recovery) => recovery.howRecovered),
    },
  };
}

/**
 * Of each recording one person's review counts, so that nothing is counted twice: the own, and where one said nothing
 * of it, that of the person who spoke last.
 */
export function overviewOf(recordings: readonly RecordingDigest[]): ReviewOverview {
  const counts = { reviewed: 0, failures: 0, recoveries: 0 };
  for (const { own, others } of recordings) {
    const counted = own && saysAnything(own) ? own : newestFirst(others).find(saysAnything);
    if (!counted) continue;
    counts.reviewed += counted.outcome ? 1 : 0;
    counts.failures += counted.failures;
    counts.recoveries += counted.recoveries;
  }
  const mine = recordings.flatMap(({ recording, own }) => (own?.lastAt ? [{ recording, ...own, at: own.lastAt }] : []));
  mine.sort((a, b) => (a.at < b.at ? 1 : -1));
  const textsOf = (kind: TextKind) => distinct(mine.flatMap(({ texts }) => texts[kind]));
  return {
    counts,
    texts: {
      notes: textsOf('notes'),
      descriptions: textsOf('descriptions'),
      whatHappened: textsOf('whatHappened'),
      howRecovered: textsOf('howRecovered'),
    },
    properties: usedProperties(recordings),
    last: mine
      .filter((each) => each.outcome || each.description || Object.keys(each.properties).length > 0)
      .slice(0, MOST_LAST)
      .map(({ recording, at, outcome, description, properties }) => ({
        ...{ recording, at, outcome, description, properties },
      })),
  };
}

function usedProperties(recordings: readonly RecordingDigest[]): ReviewOverview['properties'] {
  const uses = new Map<string, Map<string | number | boolean, number>>();
  for (const { own, others } of recordings)
    for (const layer of own ? [own, ...others] : others)
      for (const [key, value] of Object.entries(layer.properties)) {
        const values = uses.get(key) ?? new Map<string | number | boolean, number>();
        values.set(value, (values.get(value) ?? 0) + 1);
        uses.set(key, values);
      }
  const total = (values: ReadonlyMap<unknown, number>) => [...values.values()].reduce((sum, count) => sum + count, 0);
  return [...uses]
    .sort(([a, left], [b, right]) => total(right) - total(left) || (a < b ? -1 : 1))
    .slice(0, MOST_KEYS)
    .map(([key, values]) => ({
      key,
      values: [...values]
        .sort(([, left], [, right]) => right - left)
        .slice(0, MOST_VALUES)
        .map(([value]) => value),
    }));
}

function saysAnything(layer: LayerDigest): boolean {
  return layer.outcome !== null || layer.failures > 0 || layer.recoveries > 0;
}

function newestFirst(layers: readonly LayerDigest[]): LayerDigest[] {
  return [...layers].sort((a, b) => ((a.lastAt ?? '') < (b.lastAt ?? '') ? 1 : -1));
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts.map((each) => each.trim()).filter((each) => each !== ''))].slice(0, MOST_TEXTS);
}
