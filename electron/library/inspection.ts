import { setImmediate } from 'node:timers/promises';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { type ListedRecording, type Source, SourceFault } from '../sources/source.ts';
import { type Anchor, type Anchors, MADE_AT_ONCE } from './anchors.ts';
import { canBeTried, failedEntry, inspectedEntry, listedEntry, pendingEntry } from './entries.ts';
import type { EntryTable } from './entry-table.ts';
import type { RecordingReader } from './recording-reader.ts';
import type { SampleTrials } from './sample-trials.ts';
import type { ScanProgress } from './scan-progress.ts';

export interface InspectionOptions {
  rootId: string;
  sources: readonly Source[];
  reader: RecordingReader;
  anchors: Anchors;
  entries: EntryTable;
  trials: SampleTrials;
  progress: ScanProgress;
}

/** Looks into one file, or one recording of a file, for the list. Never rejects: what cannot be read is an entry that says so. */
export class Inspection {
  constructor(private readonly options: InspectionOptions) {}

  /** Finds out what a file is and what it holds. */
  async look(below: string, anchor: Anchor): Promise<void> {
    const { rootId, reader, anchors, trials } = this.options;
    const pending = pendingEntry(rootId, below, anchor.facts, anchor.source);
    try {
      const looked = await reader.lookQuietly(anchors.fileOf(below, '', anchor));
      if (anchors.get(below) !== anchor) return;
      anchor.format = looked?.source ?? null;
      anchor.marks = looked?.marks ?? [];
      if (!looked) await anchors.setEntries(below, anchor, []);
      else if (looked.recordings) await this.setListed(below, anchor, looked.source, looked.recordings);
      else if (looked.episode) {
        await anchors.setEntries(below, anchor, [inspectedEntry(pending, looked.episode)]);
        if (canBeTried(looked.episode)) trials.add(below, anchors.trialOf(below, anchor));
      }
    } catch (error) {
      if (anchors.get(below) !== anchor) return;
      anchor.format = anchor.source.id;
      await anchors.setEntries(below, anchor, [failedEntry({ ...pending, format: anchor.format }, error)]);
    }
    this.tellFailure(anchor.paths.length === 1 ? anchor.paths[0] : undefined);
  }

  /** One of several recordings of a file, which its list did not tell enough of. */
  async describe(below: string): Promise<void> {
    const { reader, anchors, entries, trials } = this.options;
    const { file, inner, anchor } = anchors.ofEntry(below);
    const entry = entries.get(below);
    if (!anchor?.format || !entry) return;
    let next: LibraryEntry;
    try {
      const { episode, marks } = await reader.describeQuietly(anchor.format, anchors.fileOf(file, inner, anchor));
      next = inspectedEntry(entry, episode);
      if (entries.get(below) === entry) {
        anchors.addMarks(anchor, marks);
        if (canBeTried(episode)) trials.add(below, anchors.trialOf(below, anchor));
      }
    } catch (error) {
      next = failedEntry(entry, error);
    }
    if (entries.get(below) !== entry) return;
    entries.put(next);
    this.tellFailure(below);
  }

  private async setListed(
    below: string,
    anchor: Anchor,
    format: string,
    recordings: readonly ListedRecording[],
  ): Promise<void> {
    const { rootId, sources, anchors } = this.options;
    const source = sources.find(({ id }) => id === format) ?? anchor.source;
    const entries: LibraryEntry[] = [];
    for (const listed of recordings) {
      entries.push(listedEntry(rootId, below, anchor.facts, source, listed));
      if (entries.length % MADE_AT_ONCE === 0) await setImmediate();
    }
    if (entries.length === 0) {
      const empty = { ...pendingEntry(rootId, below, anchor.facts, source), format };
      const message = `${anchor.facts.name} lists no recording: look whether it was copied whole.`;
      entries.push(failedEntry(empty, new SourceFault('empty', message)));
    }
    await anchors.setEntries(below, anchor, entries);
  }

  private tellFailure(below: string | undefined): void {
    const entry = this.options.entries.get(below ?? '');
    const fault = entry?.status === 'error' && entry.problems.find(({ severity }) => severity === 'error');
    if (entry && fault) this.options.progress.failed(entry.path, fault.message);
  }
}
