import path from 'node:path';
import { rememberedPorts, rememberPort } from '../serve-ports.ts';
import { userDataDir } from '../user-data.ts';
import type { Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './output.ts';
import { openForTerminal } from './terminal-workstation.ts';

/** Serves a dataset until interrupted. The address alone goes to stdout, so that a script can read it. */
export async function serve(
  context: CliContext,
  root: string,
  options: { host: string; port?: number; bundles?: string },
): Promise<number> {
  const { bundles } = options;
  const workstation = await openForTerminal(
    context,
    'browser',
    bundles === undefined ? {} : { bundlesDir: path.resolve(bundles) },
  );
  try {
    const opened = await workstation.openRoot(await workstation.grant(path.resolve(root)));
    return await serveUntilInterrupted(context, workstation, options, {
      heading: `Serving ${opened.path}. Ctrl+C stops.`,
    });
  } finally {
    await workstation.close();
  }
}

/** Without a port, at the one that was had last time where it is free. `address` comes behind "#" in what is printed, `heading` before it. */
export async function serveUntilInterrupted(
  context: CliContext,
  workstation: Workstation,
  options: { host?: string; port?: number },
  { heading, address = '' }: { heading: string; address?: string },
): Promise<number> {
  const { serveWorkstation } = await import('../serve.ts');
  const userFolder = userDataDir();
  const preferredPorts = options.port === undefined ? await rememberedPorts(userFolder) : [];
  const server = await serveWorkstation(workstation, { ...options, preferredPorts });
  if (options.port === undefined) await rememberPort(userFolder, server.port);
  context.output.err(`${heading}\n`);
  if (server.urlsForOthers.length > 0) {
    const [first] = server.urlsForOthers;
    context.output.err(
      `Others can reach this workstation, at ${first}: whoever has its address sees this dataset, and it travels unencrypted.\n`,
    );
  }
  await context.output.out(`${server.url}${address === '' ? '' : `#${address}`}\n`);
  if (!context.signal.aborted) {
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
  }
  await server.close();
  return EXIT.fine;
}
