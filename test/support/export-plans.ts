import { readFileSync } from 'node:fs';
import type { Candidate } from '../../shared/bundles/candidate.ts';
import { RECIPE_SCHEMA, type Recipe, readRecipe } from '../../shared/bundles/recipe.ts';
import type { Stream } from '../../shared/episode/episode.ts';
import type { Finding } from '../../shared/review/finding.ts';
import { emptyHistory, layerOf } from '../../shared/review/fold.ts';
import type { Failure } from '../../shared/review/markers.ts';
import type { Layer } from '../../shared/review/review.ts';
import { taxonomySchema } from '../../shared/review/taxonomy.ts';

// A recording of thirty seconds as an export knows it, with what people and detectors may have said of it.

export const taxonomy = taxonomySchema.parse(
  JSON.parse(readFileSync(new URL('../../resources/taxonomy/v1.json', import.meta.url), 'utf8')),
);
export const TICKS = 900;
export const PERIOD = 1e9 / 30;
export const times = Float64Array.from({ length: TICKS }, (_, tick) => Math.round(tick * PERIOD));

export const finding = (first: number, last: number, more: Partial<Finding> = {}): Finding => ({
  ...{ id: `pose-freeze:left:${first}-${last}`, detector: 'pose-freeze', class: 'ot_loss', side: 'left' },
  ...{ streams: [], tracks: [], series: [], ticks: [first, last], startNs: 0, endNs: 0, signals: {}, thresholds: {} },
  ...{ margin: 1, severity: 0.5, text: `Still from ${first} to ${last}.`, ...more },
});
export const verdictOn = (one: Finding, value: 'keep' | 'cut') => ({
  [one.id]: { value, of: { detector: one.detector, class: one.class, side: one.side, ticks: one.ticks } },
});
export const failure = (event: number, more: Partial<Failure> = {}): Failure => ({
  ...{ event, window: [Math.max(0, event - 240), Math.min(TICKS - 1, event + 156)], code: 'GRASP_SLIP' },
  ...{ severity: 'low', resetability: 'immediate', whatHappened: '', handOff: null, ...more },
});
export const layer = (annotator: string, more: Partial<Layer> = {}): Layer => ({
  ...layerOf(emptyHistory(annotator)),
  ...more,
});
export const camera: Stream = {
  ...{ id: 'cam0', name: 'Camera', kind: 'color', position: null, shape: [TICKS, 48, 64, 3], width: 64, height: 48 },
  ...{ channels: 3, dtype: 'uint8', encoding: 'pixels', video: null, order: 'rgb', count: TICKS, clock: 'ticks' },
  ...{ rule: 'latest', chunk: null, filter: 'none', filters: [], serial: null, fault: null },
};
export const candidate = (own: Partial<Layer> = {}, more: Partial<Candidate> = {}): Candidate => ({
  ...{ episode: 'root/a.h5', path: 'a.h5', task: 'insert', date: '2026-05-11', fingerprint: 'a'.repeat(64), times },
  ...{
    medianPeriodNs: PERIOD,
    review: { own: layer('ana', own), others: [], hidden: 0 },
    findings: [],
    holds: { path: 'a.h5', streams: [], series: [], tracks: [] },
    gaps: [],
    seen: new Map(),
    properties: {},
  },
  ...more,
});
export function recipe(more: Record<string, unknown> = {}): Recipe {
  const read = readRecipe(
    { schema: RECIPE_SCHEMA, name: 'all', targets: ['regrasp'], taxonomyVersion: 1, ...more },
    'all.json',
  );
  if (typeof read === 'string') throw new Error(read);
  return read;
}
export const everything = {
  units: { kinds: ['rollout', 'failure', 'recovery', 'segment'], segmentAtLeastSeconds: 0.5 },
};
