import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../../shared/episode/episode.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { createVideoProbe, probeWithin } from '../media/probe.ts';
import type { OpenedEpisode, OpenFile, Source, SourcePorts } from '../sources/source.ts';
import { createFileReader } from './file-reader.ts';
import { trySamples } from './sample-trial.ts';

/** A window that asked for a tick this recently is being scrubbed or played: background reads step back. */
const BUSY_MS = 400;
/** … but not for ever: the list must fill while a person watches something. */
const LONGEST_WAIT_MS = 1500;

/** Reads recordings with the decode pool: at once for a person, in the pauses for the list. */
export class RecordingReader {
  private lastWantedAt = 0;
  private readonly video = createVideoProbe();

  constructor(
    private readonly decode: DecodePool,
    private readonly isOpen: (realPath: string) => boolean,
  ) {}

  portsOf(file: OpenFile): SourcePorts {
    const files = createFileReader(file.root);
    return { hdf5: this.decode, files, video: probeWithin(files, this.video) };
  }

  /** A person is waiting for pixels now. */
  noteWanted(): void {
    this.lastWantedAt = Date.now();
  }

  open(source: Source, file: OpenFile): Promise<OpenedEpisode> {
    return source.open(file, this.portsOf(file));
  }

  /** Opens a recording for the list only, and lets go of the file afterwards. */
  inspectQuietly(source: Source, file: OpenFile): Promise<OpenedEpisode> {
    return this.quietly(file, () => source.open(file, this.portsOf(file)));
  }

  /** Problems of samples that cannot be decoded; undefined when that could not be found out now. */
  trySamplesQuietly(source: Source, file: OpenFile, isWanted: () => boolean): Promise<Problem[] | undefined> {
    return this.quietly(file, async () =>
      trySamples(await source.open(file, this.portsOf(file)), this.decode, isWanted),
    );
  }

  private async quietly<T>(file: OpenFile, read: () => Promise<T>): Promise<T> {
    const giveUpAt = Date.now() + LONGEST_WAIT_MS;
    while (Date.now() - this.lastWantedAt < BUSY_MS && Date.now() < giveUpAt) await wait(50);
    try {
      return await read();
    } finally {
      if (!this.isOpen(file.path)) await this.decode.release(file.path);
    }
  }
}
