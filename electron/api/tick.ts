import { encodeEnvelopeHead } from '../../shared/api/envelope.ts';
import { decodeTickRequest } from '../../shared/api/tick.ts';
import { binaryResponse, textResponse } from './binary.ts';
import type { Services } from './services.ts';

const encoder = new TextEncoder();
const PADDING = new Uint8Array(8);

/** More streams than any recording has: a longer list is a mistake or worse. */
const STREAM_LIMIT = 64;

/** GET /api/tick: see shared/api/tick.ts. 204 when a newer request of the view superseded this one. */
export async function answerTick(services: Services, query: string): Promise<Response> {
  const request = decodeTickRequest(query);
  if (!request || request.streams.length > STREAM_LIMIT) {
    return textResponse(
      400,
      'This is no tick request: episode, tick, view, sequence, direction and stream are needed.',
    );
  }
  services.reader.noteWanted();
  const episode = await services.episodes.open(request.episode);
  const answer = await services.ticks.tick(episode, request);
  if (!answer) return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
  const head = encodeEnvelopeHead(answer.header, (text) => encoder.encode(text));
  return binaryResponse([head, ...padded(answer.bodies)], {}, answer.release);
}

/** Bodies with what pads each to 8 bytes. */
export function padded(bodies: readonly Uint8Array[]): Uint8Array[] {
  return bodies.flatMap((body) => {
    const missing = -body.byteLength & 7;
    return missing === 0 ? [body] : [body, PADDING.subarray(0, missing)];
  });
}
