import { app } from 'electron';
import { type OpenRequest, openRequestSchema } from './opening.ts';

/**
 * Answers whether this process is the one that shows the window. Where another already does, it gets `request`, and this
 * process is to quit. The request travels as data: Chromium reorders the command line it hands on.
 */
export function claimSingleInstance(request: OpenRequest): boolean {
  return app.requestSingleInstanceLock({ request });
}

export function onSecondInstance(open: (request: OpenRequest) => void): void {
  app.on('second-instance', (_event, _words, _folder, data) => {
    const parsed = openRequestSchema.safeParse((data as { request?: unknown } | undefined)?.request);
    open(parsed.success ? parsed.data : { path: null, at: null });
  });
}
