import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createFileReader } from '../../electron/library/file-reader.ts';
import { createVideoProbe } from '../../electron/media/probe.ts';
import { openParquet } from '../../electron/sources/common/parquet.ts';
import { parquetTable, type TableColumn } from '../../electron/sources/common/parquet-table.ts';
import type { Hdf5Reader, OpenFile, SourcePorts, StatedFacts } from '../../electron/sources/source.ts';
import { openFileOf, portsFor } from './source-ports.ts';

const NO_HDF5: Hdf5Reader = {
  inspect: () => Promise.reject(new Error('No HDF5 here.')),
  numbers: () => Promise.reject(new Error('No HDF5 here.')),
  strings: () => Promise.reject(new Error('No HDF5 here.')),
};
const probe = createVideoProbe();

export function temporaryRoot(): { root: string; at(below: string): string; remove(): void } {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-lerobot-')));
  return {
    root,
    at: (below) => path.join(root, below),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A dataset to read, or to damage. */
export class TestDataset {
  readonly ports: SourcePorts;

  constructor(readonly folder: string) {
    this.ports = portsFor(folder, NO_HDF5, probe);
  }

  /** A copy to damage, below the same root's parent. */
  copy(name: string): TestDataset {
    const folder = path.join(path.dirname(this.folder), name);
    rmSync(folder, { recursive: true, force: true });
    cpSync(this.folder, folder, { recursive: true });
    return new TestDataset(folder);
  }

  at(below: string): string {
    return path.join(this.folder, below);
  }

  file(inner = '', stated: StatedFacts = {}): OpenFile {
    return openFileOf(this.folder, 'meta/info.json', inner, stated);
  }

  json(below: string): Record<string, unknown> {
    return JSON.parse(readFileSync(this.at(below), 'utf8')) as Record<string, unknown>;
  }

  /** Changes meta/info.json, or another JSON file. */
  change(change: (info: Record<string, unknown>) => void, below = 'meta/info.json'): this {
    const info = this.json(below);
    change(info);
    writeFileSync(this.at(below), JSON.stringify(info));
    return this;
  }

  /** Writes a parquet file anew after its columns were changed; cells are as decoded. */
  async rewrite(
    below: string,
    change: (columns: Map<string, { type: TableColumn['type']; listDepth: number; cells: unknown[] }>) => void,
    keyValues: Record<string, string> = {},
  ): Promise<this> {
    const file = await openParquet(createFileReader(this.folder), this.at(below));
    const columns = new Map<string, { type: TableColumn['type']; listDepth: number; cells: unknown[] }>();
    for (const { name, dtype, listDepth } of file.columns) {
      const type = dtype as TableColumn['type'];
      columns.set(name, { type, listDepth, cells: Array.from(await file.values(name)) });
    }
    change(columns);
    const table = [...columns].map(([name, column]) => ({ name, ...column }));
    writeFileSync(this.at(below), parquetTable(table, { keyValues }));
    return this;
  }
}
