import { statSync } from 'node:fs';
import path from 'node:path';
import { createFileReader } from '../../electron/library/file-reader.ts';
import { createVideoProbe } from '../../electron/media/probe.ts';
import { probeWithin } from '../../electron/media/probe-within.ts';
import type {
  FileReader,
  Hdf5Reader,
  OpenFile,
  SourcePorts,
  StatedFacts,
  VideoProbe,
} from '../../electron/sources/source.ts';

/** Real ports over a folder; HDF5 through the given pool, video through the given probe or the real one. */
export function portsFor(root: string, hdf5: Hdf5Reader, video: VideoProbe = createVideoProbe()): SourcePorts {
  const files: FileReader = createFileReader(root);
  return { hdf5, files, video: probeWithin(files, video) };
}

/** A file of a dataset as a source is handed it. */
export function openFileOf(root: string, pathBelowRoot: string, inner = '', stated: StatedFacts = {}): OpenFile {
  const file = path.join(root, pathBelowRoot);
  const { size, mtimeMs } = statSync(file);
  const facts = { path: file, name: path.basename(file), sizeBytes: size, modifiedMs: mtimeMs };
  return { ...facts, root, rootId: 'r1', pathBelowRoot, inner, stated };
}
