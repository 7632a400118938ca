import { createHash, randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { systemCodeOf } from '../fault.ts';

/** Sixteen bits of the machine's name: a network folder is written to from several. */
const MACHINE = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 4);
const TEMPORARY = /\.([0-9a-f]{4})([0-9a-f]{8})[0-9a-f]{8}\.tmp$/;

/** A hidden name beside `file` that no other run has, and that tells which process writes it. */
export function temporaryBeside(file: string): string {
  const writer = MACHINE + process.pid.toString(16).padStart(8, '0');
  return path.join(path.dirname(file), `.${path.basename(file)}.${writer}${randomBytes(4).toString('hex')}.tmp`);
}

/** Whether a file of such a name was left by a process of this machine that is no more. */
export function isLeftBehind(name: string): boolean {
  const [, machine, writer] = TEMPORARY.exec(name) ?? [];
  return machine === MACHINE && writer !== undefined && !isRunning(Number.parseInt(writer, 16));
}

export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}
