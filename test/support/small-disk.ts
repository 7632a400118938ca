import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { said } from './terminal.ts';

const ENTRY = ['--user', '--mount', '--preserve-credentials'] as const;
const BLOCK_BYTES = 64 * 1024;
/** Of the file system in memory: what is left free is a multiple of it. */
const PAGE_BYTES = 4096;

let isMountable: boolean | undefined;

/** Whether this machine lets a test have a disk of its own; containers often forbid it. Root or not does not matter. */
export function smallDisksWork(): boolean {
  isMountable ??=
    process.platform === 'linux' &&
    spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status ===
      0 &&
    spawnSync('nsenter', ['--version']).status === 0;
  return isMountable;
}
export const NO_SMALL_DISK = 'needs Linux with user namespaces (unshare and nsenter) that may mount a tmpfs';

/**
 * A disk of a few megabytes that can be filled to the last byte or made read-only, for root too, and that nobody else
 * sees: it is mounted in a namespace of its own, which ends with the process that holds it.
 */
export class SmallDisk {
  readonly #holder: ChildProcess;

  private constructor(
    /** Where processes started by `within` find it. Here it is an empty folder: see `seen`. */
    readonly folder: string,
    holder: ChildProcess,
  ) {
    this.#holder = holder;
  }

  /** Mounts it at `folder`, which is made. */
  static async mount(folder: string, sizeBytes: number): Promise<SmallDisk> {
    mkdirSync(folder, { recursive: true });
    const script = `mount -t tmpfs -o size=${sizeBytes},mode=777 tmpfs "$0" && echo mounted && exec cat`;
    const args = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, folder];
    const holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await said(holder, 'stdout', /mounted/);
    return new SmallDisk(folder, holder);
  }

  /** A path below the disk as this process reaches it. Its real path leads elsewhere: not for code that asks for that. */
  seen(...below: string[]): string {
    return path.join(`/proc/${this.#holder.pid}/root`, this.folder, ...below);
  }

  /** The command line that runs another where the disk is mounted. */
  within(command: string, args: readonly string[]): [string, string[]] {
    return ['nsenter', ['--target', `${this.#holder.pid}`, ...ENTRY, '--', command, ...args]];
  }

  /** Takes all space but so many bytes (rounded down to whole pages), until `free`. */
  fill(leftBytes = 0): void {
    this.free();
    const ballast = openSync(this.seen(BALLAST), 'w');
    const block = Buffer.alloc(BLOCK_BYTES);
    let length = 0;
    try {
      for (;;) length += writeSync(ballast, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(ballast);
    }
    if (length < leftBytes) throw new Error(`The disk has only ${length} bytes left.`);
    truncateSync(this.seen(BALLAST), Math.ceil((length - leftBytes) / PAGE_BYTES) * PAGE_BYTES);
  }

  free(): void {
    rmSync(this.seen(BALLAST), { force: true });
  }

  setReadOnly(isReadOnly: boolean): void {
    const [command, args] = this.within('mount', ['-o', `remount,bind,${isReadOnly ? 'ro' : 'rw'}`, this.folder]);
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }

  async close(): Promise<void> {
    if (this.#holder.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#holder.once('close', resolve));
    this.#holder.stdin?.end();
    await gone;
  }
}

/** The file that takes the space; lists of what lies on the disk leave it out. */
export const BALLAST = '.ballast';
