// The workstation as `regrasp serve` runs it, plus a line protocol: prints its address, then answers "delay" with the
// event-loop delay since the last question, in milliseconds.
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { builtPaths } from '../../electron/paths.ts';
import { serveWorkstation } from '../../electron/serve.ts';
import { openWorkstation } from '../../electron/workstation.ts';

const [dataset, userDataDir, mainDir] = process.argv.slice(2) as [string, string, string];
const workstation = await openWorkstation({
  door: 'browser',
  version: 'bench',
  userDataDir,
  ...builtPaths(path.resolve(mainDir)),
});
await workstation.openRoot(await workstation.grant(dataset));
const server = await serveWorkstation(workstation);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'delay') continue;
  const ms = (ns: number) => ns / 1e6;
  const answer = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
  delay.reset();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await server.close();
await workstation.close();
