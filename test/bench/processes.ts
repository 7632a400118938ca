import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The process and all that descend from it, by /proc. */
export function processTree(rootPid: number): number[] {
  const parents = new Map<number, number>();
  for (const pid of allPids()) {
    const stat = readOf(pid, 'stat');
    if (stat !== undefined) parents.set(pid, Number(fieldsOf(stat)[1]));
  }
  const tree = [rootPid];
  for (let at = 0; at < tree.length; at += 1) {
    for (const [pid, parent] of parents) if (parent === tree[at]) tree.push(pid);
  }
  return tree;
}

export interface MemoryUse {
  /** Proportional set size, bytes. */
  pss: number;
  /** Of that what is no file: all that can grow without end, and nothing that a stranger's browser has a share in. */
  own: number;
}

/** Memory of these processes together. Linux only. */
export function memoryOf(pids: readonly number[]): MemoryUse {
  const use = { pss: 0, own: 0 };
  for (const pid of pids) {
    const rollup = readOf(pid, 'smaps_rollup');
    if (rollup === undefined) continue;
    const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) * 1024;
    use.pss += bytes('Pss');
    use.own += bytes('Pss_Anon') + bytes('Pss_Shmem');
  }
  return use;
}

/** What a process of a Chromium is for, by its command line; undefined for what has nothing to do with any page. */
export function browserPart(pid: number): 'page' | 'network' | 'browser' | undefined {
  const line = (readOf(pid, 'cmdline') ?? '').replaceAll('\0', ' ');
  // Three minutes after its start every Chromium asks this service how fast the machine is, on a blank page too, and
  // keeps it: 57 MB that come in the middle of a soak and that a blank browser measured after its start does not have.
  if (line.includes('--utility-sub-type=on_device_model.')) return undefined;
  if (line.includes('--type=renderer')) return 'page';
  return line.includes('--utility-sub-type=network.') ? 'network' : 'browser';
}

/** Whether another Chromium runs from the same file: it shares the pages of that file, so that PSS is less for each. */
export function isProgramShared(pid: number): boolean {
  const program = programOf(pid);
  const own = new Set(processTree(pid));
  return program !== undefined && allPids().some((other) => !own.has(other) && programOf(other) === program);
}

/** User and system time of these processes together. Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readOf(pid, 'stat');
    if (stat === undefined) continue;
    const fields = fieldsOf(stat);
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / CLOCK_TICKS_A_SECOND;
}

/** User and system time of this process's children that have ended, and of theirs. Linux only. */
export function childSeconds(): number {
  const fields = fieldsOf(readOf(process.pid, 'stat') ?? '');
  return (Number(fields[13]) + Number(fields[14])) / CLOCK_TICKS_A_SECOND;
}

/** What Linux reports in, on every machine that matters. */
const CLOCK_TICKS_A_SECOND = 100;

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Undefined when the process ended while we looked. */
function readOf(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

function programOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

/** What follows the name, which may hold anything. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
