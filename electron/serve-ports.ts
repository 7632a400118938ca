import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { writeAtomically } from './settings/atomic-write.ts';

/** As many as may serve side by side and still find their own port again. */
const MOST = 8;
const fileSchema = z.object({ ports: z.array(z.int().min(1024).max(65_535)).max(MOST) });

/**
 * Ports the browser door had before, the first one first. A browser keeps what it keeps for a page by its address, port
 * included: at the port of last time it finds unsaved changes and unfinished notes again. None when nothing can be read.
 */
export async function rememberedPorts(userDataDir: string): Promise<number[]> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(await readFile(fileOf(userDataDir), 'utf8')));
    return parsed.success ? [...new Set(parsed.data.ports)] : [];
  } catch {
    return [];
  }
}

/**
 * Remembers a port behind those that were known: a second server beside the first must not take its place. A user folder
 * that cannot be written costs this memory and nothing else.
 */
export async function rememberPort(userDataDir: string, port: number): Promise<void> {
  const known = await rememberedPorts(userDataDir);
  if (known.includes(port) || port < 1024) return;
  const ports = [...known.slice(0, MOST - 1), port];
  await writeAtomically(fileOf(userDataDir), `${JSON.stringify({ ports })}\n`).catch(() => undefined);
}

/**
 * The port at which the browser door answers the next time, for addresses that are written down before it is opened: the
 * first one that is remembered, else one that is free now and remembered from here on.
 */
export async function portToServeAt(userDataDir: string): Promise<number> {
  const [known] = await rememberedPorts(userDataDir);
  if (known !== undefined) return known;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await rememberPort(userDataDir, port);
  return port;
}

function fileOf(userDataDir: string): string {
  return path.join(userDataDir, 'serve.json');
}
