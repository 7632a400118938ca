// Loaded before the program (node --import): ends it by SIGKILL in the middle of a write, or right before a file gets its
// final name. REGRASP_KILL_AT is a pattern of what is done, "write <path>", "sync <path>" or "rename <from> <to>".
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const pattern = process.env.REGRASP_KILL_AT;
if (pattern && isMainThread) {
  const when = new RegExp(pattern);
  const end = () => {
    process.kill(process.pid, 'SIGKILL');
    for (;;);
  };
  const handle = await open(process.execPath, 'r');
  const methods = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of ['write', 'writeFile', 'sync']) {
    const real = methods[name];
    methods[name] = function (...args) {
      if (when.test(`${name === 'sync' ? 'sync' : 'write'} ${fs.readlinkSync(`/proc/self/fd/${this.fd}`)}`)) {
        const [data, , , position] = args;
        if (name !== 'sync') {
          const bytes = typeof data === 'string' ? Buffer.from(data) : data;
          fs.writeSync(this.fd, bytes, 0, bytes.length >> 1, name === 'write' ? (position ?? null) : null);
        }
        end();
      }
      return real.apply(this, args);
    };
  }
  const rename = fs.promises.rename;
  fs.promises.rename = (from, to) => {
    if (when.test(`rename ${from} ${to}`)) end();
    return rename(from, to);
  };
  syncBuiltinESMExports();
}
