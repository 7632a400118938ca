import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny';
import { createFileReader } from '../../electron/library/file-reader.ts';
import { openMediaFile } from '../../electron/media/media-file.ts';
import { writableOf } from '../../electron/media/packet-copy.ts';
import { openParquet } from '../../electron/sources/common/parquet.ts';
import { parquetTable, type TableColumn } from '../../electron/sources/common/parquet-table.ts';

/** JSON of any shape, to be changed at will. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a file holds is changed in place
export type Loose = any;

/**
 * A bundle that somebody changes: names of another's files until they are changed, and sums made anew as one would who
 * covers it up.
 */
export class TamperedBundle {
  constructor(readonly folder: string) {}

  /** Of a whole bundle, under a new name. */
  static copyOf(bundle: string, to: string): TamperedBundle {
    for (const file of filesBelow(bundle)) {
      mkdirSync(path.join(to, path.dirname(file)), { recursive: true });
      linkSync(path.join(bundle, file), path.join(to, file));
    }
    return new TamperedBundle(to);
  }

  /** What an export of that target alone makes, out of a bundle of several. */
  static ofTarget(bundle: string, target: string, to: string): TamperedBundle {
    for (const file of filesBelow(path.join(bundle, target))) {
      mkdirSync(path.join(to, path.dirname(file)), { recursive: true });
      linkSync(path.join(bundle, target, file), path.join(to, file));
    }
    const manifest = JSON.parse(readFileSync(path.join(bundle, 'bundle.json'), 'utf8'));
    manifest.targets = [target];
    manifest.recipe.targets = [target];
    if (target !== 'regrasp') for (const unit of manifest.units) unit.folder = null;
    writeFileSync(path.join(to, 'bundle.json'), JSON.stringify(manifest));
    writeFileSync(path.join(to, 'recipe.json'), JSON.stringify(manifest.recipe));
    const made = new TamperedBundle(to);
    made.cover(true);
    return made;
  }

  at(below: string): string {
    return path.join(this.folder, below);
  }

  write(below: string, content: string | Uint8Array): void {
    mkdirSync(path.dirname(this.at(below)), { recursive: true });
    rmSync(this.at(below), { force: true });
    writeFileSync(this.at(below), content);
  }

  remove(below: string): void {
    rmSync(this.at(below));
  }

  /** Of a folder whose only entry is meant: a unit's. */
  only(below: string): string {
    const [first] = readdirSync(this.at(below));
    return `${below}/${first}`;
  }

  text(below: string, change: (text: string) => string): void {
    const before = readFileSync(this.at(below), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${below} was not changed.`);
    this.write(below, after);
  }

  json(below: string, change: (value: Loose) => void): void {
    this.text(below, (text) => {
      const value = JSON.parse(text);
      change(value);
      return JSON.stringify(value);
    });
  }

  /** One line of JSON lines. */
  line(below: string, at: number, change: (value: Loose) => void): void {
    this.text(below, (text) => {
      const lines = text.split('\n');
      const value = JSON.parse(lines[at] as string);
      change(value);
      lines[at] = JSON.stringify(value);
      return lines.join('\n');
    });
  }

  /** A table of parquet, by columns; answers those that are to be written. */
  async table(
    below: string,
    change: (columns: Map<string, TableColumn & { cells: unknown[] }>) => void,
    keyValues?: Record<string, string>,
  ): Promise<void> {
    const file = await openParquet(createFileReader(this.folder), this.at(below));
    const columns = new Map<string, TableColumn & { cells: unknown[] }>();
    for (const { name, dtype, listDepth } of file.columns)
      columns.set(name, {
        name,
        type: dtype as TableColumn['type'],
        listDepth,
        cells: Array.from(await file.values(name)),
      });
    change(columns);
    const pandas = file.keyValue('pandas');
    const kept = keyValues ?? (pandas === undefined ? {} : { pandas });
    this.write(below, parquetTable([...columns.values()], { keyValues: kept }));
  }

  /** The same packets in another order, fewer of them, or at another rate; nothing is encoded. */
  async video(below: string, choose: (frames: number) => number[], rateHz = 30): Promise<void> {
    const made = `${this.at(below)}.new`;
    const media = await openMediaFile(this.at(below));
    const handle = await open(made, 'w');
    try {
      const packets = [];
      for await (const packet of media.packets.packets()) packets.push(packet);
      const source = new EncodedVideoPacketSource('avc');
      const output = new Output({
        format: new Mp4OutputFormat({ fastStart: false }),
        target: new StreamTarget(writableOf(handle)),
      });
      output.addVideoTrack(source, { frameRate: rateHz });
      await output.start();
      const decoderConfig = await media.track.getDecoderConfig();
      for (const [at, from] of choose(packets.length).entries()) {
        const packet = packets[from];
        if (!packet || !decoderConfig) throw new Error(`${below} has no packet ${from}.`);
        await source.add(packet.clone({ timestamp: at / rateHz, duration: 1 / rateHz }), { decoderConfig });
      }
      await output.finalize();
    } finally {
      await handle.close();
      await media.close();
    }
    renameSync(made, this.at(below));
  }

  /** Turns one bit of a byte in the middle of a file. */
  flip(below: string): void {
    const bytes = readFileSync(this.at(below));
    const at = bytes.length >> 1;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    this.write(below, bytes);
  }

  /** Makes every sum and count anew: of units' own manifests, of bundle.json, of SHA256SUMS, as of the files that are there. `listed`: of files too that were not among them. */
  cover(listed = false): void {
    const before = filesBelow(this.folder);
    for (const file of before) if (file.endsWith('session_manifest.json')) this.coverUnit(file, new Set(before));
    const manifest = JSON.parse(readFileSync(this.at('bundle.json'), 'utf8'));
    const there = filesBelow(this.folder).filter((file) => file !== 'bundle.json' && file !== 'SHA256SUMS');
    const known = new Set(manifest.files.map((file: { path: string }) => file.path));
    const names = listed ? there : there.filter((file) => known.has(file));
    manifest.files = names.map((name: string) => this.summed(name));
    manifest.totals.files = manifest.files.length;
    manifest.totals.bytes = manifest.files.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0);
    this.write('bundle.json', JSON.stringify(manifest));
    const sums = filesBelow(this.folder).filter((file) => file !== 'SHA256SUMS');
    this.write('SHA256SUMS', sums.map((file) => `${this.summed(file).sha256}  ${file}\n`).join(''));
  }

  private coverUnit(file: string, there: ReadonlySet<string>): void {
    const manifest = JSON.parse(readFileSync(this.at(file), 'utf8'));
    for (const listed of manifest.files) {
      const below = `${path.posix.dirname(file)}/${listed.path}`;
      if (there.has(below)) Object.assign(listed, { ...this.summed(below), path: listed.path });
    }
    this.write(file, JSON.stringify(manifest));
  }

  private summed(below: string): { path: string; bytes: number; sha256: string } {
    const { ino, size, mtimeNs } = statSync(this.at(below), { bigint: true });
    const key = `${ino} ${size} ${mtimeNs}`;
    const sha256 =
      SUMS.get(key) ??
      createHash('sha256')
        .update(readFileSync(this.at(below)))
        .digest('hex');
    SUMS.set(key, sha256);
    return { path: below, bytes: Number(size), sha256 };
  }
}

/** Of files as they are: the same files bear many names here, and what is changed is written anew. */
const SUMS = new Map<string, string>();

/** In order of path, with slashes. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
