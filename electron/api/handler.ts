import { RPCHandler } from '@orpc/server/fetch';
import { SIGNALS_ROUTE } from '../../shared/api/findings.ts';
import { OUTPUT_ROUTE } from '../../shared/api/outputs.ts';
import { Fault, sentenceOf } from '../fault.ts';
import { answerArrays } from './arrays.ts';
import { textResponse } from './binary.ts';
import { answerOutput } from './outputs.ts';
import { router } from './router.ts';
import type { Services } from './services.ts';
import { answerSignals } from './signals.ts';
import { answerStatic } from './static-files.ts';
import { answerTick } from './tick.ts';
import { answerVideo } from './video.ts';

const STATUS = { NOT_FOUND: 404, REFUSED: 403, UNUSABLE: 422 } as const;

/** The whole workstation as one function of a request. It never throws: what nobody foresaw is a 500 and a notice. */
export function createHandler(
  services: Services,
  rendererDir: string | undefined,
  onNotice: (sentence: string) => void,
): (request: Request) => Promise<Response> {
  const rpc = new RPCHandler(router);

  async function route(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith('/api/rpc/')) {
      const { matched, response } = await rpc.handle(request, { prefix: '/api/rpc', context: services });
      if (!matched) return textResponse(404, 'There is no such call.');
      response.headers.set('cache-control', 'no-store');
      return response;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return textResponse(405, 'Only GET is answered here.', { allow: 'GET, HEAD' });
    }
    if (pathname === '/api/tick') return answerTick(services, search);
    if (pathname === '/api/video') return answerVideo(services, request, search);
    if (pathname === OUTPUT_ROUTE) return answerOutput(services, request, search);
    if (pathname === SIGNALS_ROUTE) return answerSignals(services, search);
    if (pathname === '/api/arrays') return answerArrays(services, search);
    if (pathname.startsWith('/api/')) return textResponse(404, 'There is no such address.');
    services.reader.noteWanted();
    return answerStatic(rendererDir, pathname);
  }

  return async (request) => {
    try {
      return await route(request);
    } catch (error) {
      if (error instanceof Fault) return textResponse(STATUS[error.code], error.message);
      onNotice(`An answer failed (${new URL(request.url).pathname}): ${sentenceOf(error)}`);
      return textResponse(500, 'The workstation could not answer: see its log.');
    }
  };
}
