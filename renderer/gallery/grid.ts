import type { RecordingOutputs } from '../../shared/api/outputs.ts';
import { flagCount, recordingFlags } from '../previews/playlist.ts';

/** Cards in rows, moved over by keys. Pure; sizes in CSS pixels. */
export const CARD_PX = { least: 300, most: 380, gap: 12, text: 64 } as const;

export interface GridLayout {
  readonly columns: number;
  readonly cardWidthPx: number;
  readonly rowHeightPx: number;
}

/** Columns of cards that grow with the window: some on a small one, four on a large one. Pictures are 1280 × 480. */
export function layOut(widthPx: number): GridLayout {
  const inner = Math.max(0, widthPx - 2 * CARD_PX.gap);
  const wantedPx = Math.min(CARD_PX.most, Math.max(CARD_PX.least, widthPx / 4.5));
  const columns = Math.max(1, Math.floor((inner + CARD_PX.gap) / (wantedPx + CARD_PX.gap)));
  const cardWidthPx = Math.floor((inner - (columns - 1) * CARD_PX.gap) / columns);
  return { columns, cardWidthPx, rowHeightPx: Math.round((cardWidthPx * 480) / 1280) + CARD_PX.text + CARD_PX.gap };
}

/** Where a key leads from a place; undefined for keys that move nothing. Ends are ends. */
export function moveInGrid(
  key: string,
  at: number,
  count: number,
  columns: number,
  pageRows: number,
): number | undefined {
  if (count === 0) return undefined;
  const last = count - 1;
  const clamp = (to: number) => Math.min(last, Math.max(0, to));
  // A row that is not there is not gone to: the column stays.
  const byRows = (rows: number) => {
    const to = at + rows * columns;
    if (to >= 0 && to <= last) return to;
    if (rows < 0) return at % columns;
    return Math.floor(at / columns) === Math.floor(last / columns) ? at : last;
  };
  switch (key) {
    case 'ArrowRight':
      return clamp(at + 1);
    case 'ArrowLeft':
      return clamp(at - 1);
    case 'ArrowDown':
      return byRows(1);
    case 'ArrowUp':
      return byRows(-1);
    case 'PageDown':
      return clamp(at + Math.max(1, pageRows) * columns);
    case 'PageUp':
      return clamp(at - Math.max(1, pageRows) * columns);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

export interface GalleryFilter {
  readonly found: boolean;
  readonly undecided: boolean;
  readonly flagged: boolean;
}

/** What is to be looked at: every filter that is on has to hold. */
export function filterCards(recordings: readonly RecordingOutputs[], { found, undecided, flagged }: GalleryFilter) {
  return recordings.filter(
    (recording) =>
      (!found || hasFindings(recording)) &&
      (!undecided || hasUndecided(recording)) &&
      (!flagged || hasFlags(recording)),
  );
}

export function hasFindings({ findings }: Pick<RecordingOutputs, 'findings'>): boolean {
  return (findings?.total ?? 0) > 0;
}

export function hasUndecided({ findings }: Pick<RecordingOutputs, 'findings'>): boolean {
  return (findings?.undecided ?? 0) > 0;
}

export function hasFlags(recording: Pick<RecordingOutputs, 'review'>): boolean {
  return flagCount(recordingFlags(recording)) > 0;
}

/** What was found and is still to be decided, in words. */
export function findingsText({ findings, review }: Pick<RecordingOutputs, 'findings' | 'review'>): string {
  if (!findings) return review === null ? 'findings told once it is opened here' : 'not looked for findings';
  if (findings.total === 0) return 'no findings';
  const all = `${findings.total} ${findings.total === 1 ? 'finding' : 'findings'}`;
  return findings.undecided === 0 ? `${all}, all decided` : `${all}, ${findings.undecided} undecided`;
}

/** What people said of how it went, the own word first; else what the recording says. */
export function outcomeOf({ review, outcome }: Pick<RecordingOutputs, 'review' | 'outcome'>): string | null {
  const said = [review?.own, ...(review?.others ?? [])].find((layer) => layer?.outcome);
  return said?.outcome?.value ?? outcome;
}
