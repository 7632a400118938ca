import path from 'node:path';
import { blankEpisode, type Clock, type Episode, type Problem, type Stream } from '../../../shared/episode/episode.ts';
import { describeClock } from '../common/clocks.ts';
import { sideOf } from '../common/hdf5-pictures.ts';
import { commonestRows, StepReader } from '../common/hdf5-steps.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import type { Json } from '../common/json-file.ts';
import { faultyVideo, placeVideo, probeVideo, type VideoAbout } from '../common/step-video.ts';
import {
  type Hdf5Tree,
  type OpenedEpisode,
  type OpenFile,
  type SampleLocation,
  SourceFault,
  type SourcePorts,
} from '../source.ts';
import { buildClocks, type DroidClocks, MASTER, stampedCameras } from './clocks.ts';
import { type Camera, type Companions, findCompanions } from './companions.ts';
import { outcomeOfFolders, placeOf } from './place.ts';
import { plottedDatasets, readSeries } from './series.ts';

const ROLE_NAMES = { wrist: 'Wrist camera', ext1: 'Exterior camera 1', ext2: 'Exterior camera 2' };
/** Metadata → property. Whose file it is, is no secret: names and ids stand in the public data set. */
const PROPERTIES = {
  lab: 'lab',
  user: 'user',
  building: 'building',
  scene_id: 'scene',
  current_task: 'current_task',
  robot_serial: 'robot',
  droid_version: 'droid_version',
};

/** Opens an episode by its trajectory. Never throws for a broken file: see `problems`. */
export async function openDroid(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.pathBelowRoot);
  let tree: Hdf5Tree;
  try {
    tree = await ports.hdf5.inspect(file.path);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadableEpisode(file, 'droid', place, [{ severity: 'error', code: error.code, message: error.message }]);
  }
  const plotted = plottedDatasets(Object.keys(tree.datasets));
  const steps = commonestRows(tree, plotted);
  const reader = new StepReader(file, ports.hdf5, tree, steps);
  const { series, tracks, values, poses } = await readSeries(reader, plotted, steps);
  const clocks = await buildClocks(file, tree, ports, steps);
  const companions = await findCompanions(file, ports, stampedCameras(tree));
  const shown = await showCameras(ports, companions.cameras, clocks, steps);
  const built = [...clocks.cameras.values()].map(({ clock, times }) => ({ clock, times }));
  const all = [clocks.master, ...built, ...shown.clocks];
  const metadata = companions.metadata?.values ?? {};
  const task = textOf(metadata.current_task);
  const problems: Problem[] = [
    ...(steps === 0 ? [emptyProblem(file)] : []),
    ...tree.problems,
    ...companions.problems,
    ...shown.problems,
    ...reader.problems,
    ...clocks.problems,
  ];
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'droid', { ...place, date: place.date || dateOf(metadata), task: task ?? '' }),
    createdAt: createdAt(metadata),
    startUnixSeconds: clocks.startSeconds,
    masterClock: MASTER,
    clocks: all.map(({ clock }) => clock),
    streams: shown.streams,
    series,
    tracks,
    metadata: metadataOf(tree, companions, clocks, reader.tooWide),
    instruction: task,
    outcome: outcomeOf(metadata, file),
    properties: propertiesOf(metadata),
    asks: clocks.master.clock.basis === 'nominal' ? ['rate'] : [],
    assumed: { rateHz: clocks.isAssumed ? clocks.rateHz : null, quaternionOrder: null },
    problems,
  };
  return {
    episode,
    clocks: new Map(all.map(({ clock, times }) => [clock.id, times])),
    poses,
    values,
    locations: shown.locations,
    files: [file.path, ...(companions.metadata ? [companions.metadata.path] : []), ...shown.files],
  };
}

interface Shown {
  streams: Stream[];
  clocks: { clock: Clock; times: Float64Array }[];
  locations: Map<string, SampleLocation>;
  files: string[];
  problems: Problem[];
}

/** Left eyes first, by role; then the views of both eyes. */
async function showCameras(
  ports: SourcePorts,
  cameras: readonly Camera[],
  clocks: DroidClocks,
  steps: number,
): Promise<Shown> {
  const shown: Shown = { streams: [], clocks: [], locations: new Map(), files: [], problems: [] };
  const eyes = cameras.map((camera) => ({ camera, file: camera.video, isStereo: false }));
  const both = cameras.flatMap((camera) => (camera.stereo ? [{ camera, file: camera.stereo, isStereo: true }] : []));
  for (const { camera, file, isStereo } of [...eyes, ...both]) {
    const { serial, role } = camera;
    const clock = clocks.cameras.get(serial);
    const words = role ? ROLE_NAMES[role] : `Camera ${serial}`;
    const id = `recordings/MP4/${serial}${isStereo ? '-stereo' : ''}.mp4`;
    const period = clock?.clock.medianPeriodNs;
    const about: VideoAbout = {
      ...{ id, name: isStereo ? `${words}, both eyes` : words, kind: 'color', position: sideOf(words) },
      stepClock: clock?.clock.id ?? MASTER,
      steps,
      rateHz: period ? 1e9 / period : clocks.rateHz,
    };
    const probed = file ? await probeVideo(ports, file, path.basename(file)) : missing(camera);
    if (!('facts' in probed)) {
      // A camera whose both eyes are there needs no other file.
      if (!file && camera.stereo) continue;
      shown.streams.push({ ...faultyVideo(about, probed.message), serial });
      shown.problems.push({ ...probed, stream: id });
      continue;
    }
    const placed = placeVideo(probed, about);
    shown.streams.push({ ...placed.stream, serial });
    shown.locations.set(id, placed.location);
    shown.files.push(probed.realPath);
    if (placed.problem) shown.problems.push(placed.problem);
    if (placed.clock) shown.clocks.push(startingAt(placed.clock, clock?.times[0] ?? 0));
  }
  return shown;
}

/** A video's own times, from when its camera was first read. */
function startingAt({ clock, times }: { clock: Clock; times: Float64Array }, startNs: number) {
  const shifted = times.map((ns) => ns + startNs);
  return { clock: describeClock(clock.id, clock.name, shifted, clock.basis, true), times: shifted };
}

function missing({ serial, hasSvo }: Camera): Problem {
  const name = `recordings/MP4/${serial}.mp4`;
  const what = hasSvo
    ? `${name} is not there, and ${serial}.svo is of a kind that only the camera maker's tools read: convert it to MP4.`
    : `${name} is not there: put it back, or take the camera out of the metadata.`;
  return { severity: 'error', code: 'missing-video', message: what };
}

function emptyProblem(file: OpenFile): Problem {
  const message = `${file.name} holds no step below action and observation: the recorder was stopped before the first one.`;
  return { severity: 'error', code: 'empty', message };
}

export function outcomeOf(metadata: Record<string, Json>, file: OpenFile): string | null {
  const { success } = metadata;
  if (typeof success === 'boolean') return success ? 'success' : 'failure';
  return outcomeOfFolders(file.pathBelowRoot);
}

function propertiesOf(metadata: Record<string, Json>): Episode['properties'] {
  const found: Episode['properties'] = {};
  for (const [key, name] of Object.entries(PROPERTIES)) {
    const value = metadata[key];
    const fact = typeof value === 'number' || typeof value === 'boolean' ? value : textOf(value);
    if (fact !== null) found[name] = fact;
  }
  return found;
}

function metadataOf(tree: Hdf5Tree, companions: Companions, clocks: DroidClocks, tooWide: string[]) {
  const ahead = clocks.robotAheadSeconds;
  return {
    ...companions.metadata?.values,
    ...(ahead === null ? {} : { robot_clock_ahead_seconds: Number(ahead.toFixed(4)) }),
    ...(companions.unread.length > 0 ? { not_read: companions.unread } : {}),
    ...(tooWide.length > 0 ? { not_plotted: tooWide } : {}),
    trajectory: tree.groups['']?.attributes ?? {},
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 1000) : null;
}

/** "2023-07-07-09h-42m-23s" as the local time it is. */
function createdAt({ timestamp }: Record<string, Json>): string | null {
  const [, day, hour, minute, second] = /^(\d{4}-\d{2}-\d{2})-(\d{2})h-(\d{2})m-(\d{2})s/.exec(String(timestamp)) ?? [];
  return day ? `${day}T${hour}:${minute}:${second}` : null;
}

function dateOf({ date }: Record<string, Json>): string {
  return /\d{4}-\d{2}-\d{2}/.exec(String(date ?? ''))?.[0] ?? '';
}
