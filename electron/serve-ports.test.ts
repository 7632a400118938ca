import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveWorkstation } from './serve.ts';
import { portToServeAt, rememberedPorts, rememberPort } from './serve-ports.ts';

describe('the port of the browser door', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'regrasp-ports-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const workstation = { fetch: async () => new Response('inside') };
  async function serve() {
    const served = await serveWorkstation(workstation, { preferredPorts: await rememberedPorts(folder) });
    await rememberPort(folder, served.port);
    return served;
  }

  it('is the same at the next start, also for a second server beside the first', async () => {
    const first = await serve();
    const second = await serve();
    expect(second.port).not.toBe(first.port);
    await Promise.all([first.close(), second.close()]);
    const again = await serve();
    const beside = await serve();
    expect([again.port, beside.port]).toEqual([first.port, second.port]);
    await again.close();
    const third = await serve();
    expect(third.port).toBe(first.port);
    await Promise.all([third.close(), beside.close()]);
  });

  it('can be told before anything is served', async () => {
    const port = await portToServeAt(folder);
    expect(await portToServeAt(folder)).toBe(port);
    const served = await serve();
    expect(served.port).toBe(port);
    await served.close();
  });

  it('is any free one where nothing usable is remembered', async () => {
    expect(await rememberedPorts(path.join(folder, 'nowhere'))).toEqual([]);
    for (const text of ['{', '[]', '{"ports":[80]}', '{"ports":["8080"]}', '{"ports":[70000]}']) {
      await writeFile(path.join(folder, 'serve.json'), text);
      expect(await rememberedPorts(folder), text).toEqual([]);
    }
    const served = await serve();
    expect(await rememberedPorts(folder)).toEqual([served.port]);
    await served.close();
  });

  it('forgets none that is in use, however many come', async () => {
    for (let port = 2000; port < 2020; port++) await rememberPort(folder, port);
    const ports = await rememberedPorts(folder);
    expect(ports).toHaveLength(8);
    expect(ports.slice(0, 2)).toEqual([2000, 2001]);
    expect(ports.at(-1)).toBe(2019);
  });

  it('may be had although the folder cannot be written', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await expect(rememberPort(path.join(folder, 'file'), 4000)).resolves.toBeUndefined();
  });
});
