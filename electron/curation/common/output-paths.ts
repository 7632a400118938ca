import path from 'node:path';
import type { StageEpisode } from '../stage.ts';

/** Where a stage puts its files: below the root by the pipeline's standard paths, or below a folder a person named. */
export interface OutputPlace {
  root: { path: string };
  /** Absolute. Task and date stay folders below it; what is one file of a whole dataset lies right in it. */
  out: string | null;
}

type Placed = Pick<StageEpisode, 'path' | 'task' | 'date' | 'stem'>;

/** Folder of what no output may leave: the root, or the folder a person named. */
export function outputBase({ root, out }: OutputPlace): string {
  return out ?? root.path;
}

/** figures/dataset_figures/<name>: one file of the whole dataset, or a folder of clips. */
export function datasetFigure(place: OutputPlace, ...name: string[]): string {
  return path.join(place.out ?? path.join(place.root.path, 'figures', 'dataset_figures'), ...name);
}

/** figures/episode_previews/<task>/<date>/<stem>.gif */
export function galleryFile(place: OutputPlace, episode: Placed): string {
  return ofEpisode(place, ['figures', 'episode_previews'], episode, '.gif');
}

/** processed/mode1_v1/<task>/<date>/<stem><ending>, e.g. ".pt", ".contact.json", ".gs_ref_left.png". */
export function contactFile(place: OutputPlace, episode: Placed, ending: string): string {
  return ofEpisode(place, ['processed', 'mode1_v1'], episode, ending);
}

/** <stem>.mp4 beside the recording. */
export function previewFile(place: OutputPlace, episode: Placed): string {
  if (place.out !== null) return ofEpisode(place, [], episode, '.mp4');
  return path.join(place.root.path, path.dirname(episode.path), `${episode.stem}.mp4`);
}

/** Beside a recording of the rig. Other formats have an order of their own that a video of ours has no place in. */
export function videoFile({ root, out }: OutputPlace, episode: Placed & Pick<StageEpisode, 'format'>): string {
  const elsewhere = path.join(root.path, 'figures', 'qa_previews');
  return previewFile({ root, out: out ?? (episode.format === 'react' ? null : elsewhere) }, episode);
}

/** Outside the layout a recording has no task or no date: those folders are left out. */
function ofEpisode({ root, out }: OutputPlace, standard: string[], { task, date, stem }: Placed, ending: string) {
  const base = out ?? path.join(root.path, ...standard);
  return path.join(base, ...[task, date].filter((part) => part !== ''), `${stem}${ending}`);
}
