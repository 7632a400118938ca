import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from '../fault.ts';

/** Reasons why a file system makes no second name for a file. */
const NO_LINKS = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EACCES', 'EINVAL']);

/** A folder that gets its name once everything in it is whole. */
export class Staging {
  private constructor(
    readonly folder: string,
    private readonly final: string,
    /** Folders that earlier, broken-off runs left. */
    readonly swept: number,
  ) {}

  static async begin(final: string): Promise<Staging> {
    const parent = path.dirname(final);
    await mkdir(parent, { recursive: true });
    const stem = `.${path.basename(final)}.ingest-`;
    let swept = 0;
    for (const name of await readdir(parent)) {
      const pid = name.startsWith(stem) ? Number(name.slice(stem.length)) : Number.NaN;
      if (!Number.isInteger(pid) || pid <= 0 || isRunning(pid)) continue;
      await rm(path.join(parent, name), { recursive: true, force: true });
      swept++;
    }
    const folder = path.join(parent, `${stem}${process.pid}`);
    await mkdir(folder);
    return new Staging(folder, final, swept);
  }

  at(below: string): string {
    return path.join(this.folder, below);
  }

  /** The same bytes under another name: a hard link where the disk can, else a copy. Answers which. */
  async keep(source: string, below: string, copies: boolean): Promise<'linked' | 'copied'> {
    const target = this.at(below);
    await mkdir(path.dirname(target), { recursive: true });
    if (!copies) {
      try {
        await link(source, target);
        return 'linked';
      } catch (error) {
        if (!NO_LINKS.has(systemCodeOf(error))) throw error;
      }
    }
    await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return 'copied';
  }

  async write(below: string, content: string | Uint8Array): Promise<void> {
    await writeFile(this.at(below), content, { flag: 'wx', flush: true });
  }

  async finish(): Promise<void> {
    await rename(this.folder, this.final);
  }

  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}
