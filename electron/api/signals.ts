import { firstOf, parseQuery } from '../../shared/api/query.ts';
import { packSignals } from '../../shared/detect/pack-signals.ts';
import { detectSettingsSchema } from '../../shared/detect/settings.ts';
import { storedSignalsOf } from '../curation/signals/signals-of.ts';
import { binaryResponse, textResponse } from './binary.ts';
import type { Services } from './services.ts';

/** GET /api/signals: see shared/api/findings.ts. */
export async function answerSignals(services: Services, query: string): Promise<Response> {
  const pairs = parseQuery(query);
  const episodeId = pairs && firstOf(pairs, 'episode');
  const named = detectSettingsSchema.shape.reference.safeParse((pairs && firstOf(pairs, 'reference')) || undefined);
  const tracks = (pairs && firstOf(pairs, 'tracks')) || 'all';
  if (!episodeId || !named.success || (tracks !== 'all' && tracks !== 'none'))
    return textResponse(
      400,
      'This is no request for signals: an episode is needed, a reference only of known kinds, and tracks=none alone leaves something out.',
    );
  const episode = await services.episodes.open(episodeId);
  const signals = await storedSignalsOf({ root: { storageDir: episode.storageDir } }, episode, {
    reference: named.data,
    hasTracks: tracks === 'all',
  });
  if (!signals)
    return textResponse(
      404,
      `Nothing was looked for in ${episode.file.pathBelowRoot} yet: run the detect stage on it.`,
    );
  const encoder = new TextEncoder();
  return binaryResponse([packSignals(signals, (text) => encoder.encode(text))]);
}
