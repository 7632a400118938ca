import { EXIT } from './output.ts';
import type { CliContext } from './program.ts';
import { openForTerminal } from './terminal-workstation.ts';

/** Serves until interrupted. The address alone goes to stdout, so that a script can read it. */
export async function serve(
  context: CliContext,
  root: string,
  options: { host: string; port: number },
): Promise<number> {
  const workstation = await openForTerminal(context, 'browser');
  try {
    const { serveWorkstation } = await import('../serve.ts');
    const opened = await workstation.openRoot(await workstation.grant(root));
    const server = await serveWorkstation(workstation, options);
    context.output.err(`Serving ${opened.path}. Ctrl+C stops.\n`);
    await context.output.out(`${server.url}\n`);
    await new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await server.close();
    return EXIT.fine;
  } finally {
    await workstation.close();
  }
}
