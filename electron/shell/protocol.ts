import { protocol } from 'electron';
import { isAppAddress, SCHEME } from './scheme.ts';

/** Must run once, before the app is ready. `stream` is what lets <video> and long answers be read piece by piece. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
        corsEnabled: true,
      },
    },
  ]);
}

/** Hands every request of the window to the workstation, which serves the static files and the API alike. */
export function serveScheme(fetch: (request: Request) => Promise<Response>): void {
  protocol.handle(SCHEME, async (request) => {
    if (!isAppAddress(request.url)) return new Response('Not found', { status: 404 });
    try {
      return await fetch(request);
    } catch (error) {
      // The caller went away: nobody reads this answer. Anything else is a fault of ours, and says so.
      if (request.signal.aborted) return new Response(null, { status: 499 });
      console.error(error);
      return new Response('The workstation failed to answer this request; its log says why.', { status: 500 });
    }
  });
}
