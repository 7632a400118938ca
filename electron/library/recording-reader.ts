import type { Problem } from '../../shared/episode/episode.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import type { FileFacts, ListedRecording, OpenedEpisode, OpenFile } from '../sources/source.ts';
import type { PersonFirst } from './person-first.ts';
import { trySamples } from './sample-trial.ts';
import type { Checked, Described, Looked, Opened, Reading } from './source-reading.ts';

export interface RecordingReaderOptions {
  /** What a person waits for. */
  atOnce: Reading;
  /** What the list waits for: in another thread, so that no file there holds up a person. */
  inBackground: Reading;
  decode: DecodePool;
  isOpen(realPath: string): boolean;
  personFirst: PersonFirst;
}

/** Reads recordings: at once for a person, in the pauses for the list. */
export class RecordingReader {
  constructor(private readonly options: RecordingReaderOptions) {}

  /** A person is waiting for pixels, or for the page, now. */
  noteWanted(): void {
    this.options.personFirst.noteWanted();
  }

  /** A person waits until this is done: the list steps back meanwhile. */
  forPerson<T>(work: () => Promise<T>): Promise<T> {
    return this.options.personFirst.during(work);
  }

  recognize(file: FileFacts, root: string): Promise<string | undefined> {
    return this.options.atOnce.recognize(file, root);
  }

  recordings(source: string, file: OpenFile): Promise<ListedRecording[] | null> {
    return this.options.atOnce.recordings(source, file);
  }

  /** Recognised first where the format is not known yet. To be let go of by `release`. */
  open(source: string | undefined, file: OpenFile): Promise<Opened> {
    return this.options.atOnce.open(source, file);
  }

  release(opened: OpenedEpisode): void {
    this.options.atOnce.release(opened);
  }

  lookQuietly(file: OpenFile): Promise<Looked | undefined> {
    return this.quietly(file, () => this.options.inBackground.look(file));
  }

  /** One of several recordings of a file, for the list. */
  describeQuietly(source: string, file: OpenFile): Promise<Described> {
    return this.quietly(file, () => this.options.inBackground.describe(source, file));
  }

  check(source: string, file: OpenFile): Promise<Checked> {
    return this.quietly(file, () => this.options.inBackground.check(source, file));
  }

  /** Problems of samples that cannot be decoded; undefined when that could not be found out now. */
  trySamplesQuietly(source: string, file: OpenFile, isWanted: () => boolean): Promise<Problem[] | undefined> {
    const { inBackground, decode, personFirst } = this.options;
    return this.quietly(file, async () => {
      const { opened } = await inBackground.open(source, file);
      try {
        return await trySamples(opened, decode, isWanted, () => personFirst.pause('sample'));
      } finally {
        inBackground.release(opened);
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.options.atOnce.close(), this.options.inBackground.close()]);
  }

  private async quietly<T>(file: OpenFile, read: () => Promise<T>): Promise<T> {
    await this.options.personFirst.pause('file');
    try {
      return await read();
    } finally {
      if (!this.options.isOpen(file.path)) await this.options.decode.release(file.path);
    }
  }
}
