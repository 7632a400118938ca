import type { Problem } from '../../../shared/episode/episode.ts';
import { badValuesText, fitRows, type StepRows } from '../common/step-rows.ts';
import { frameSlack, type ProbedVideo, probeVideo } from '../common/step-video.ts';
import { type Hdf5Dataset, type Hdf5Tree, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { ANNOTATIONS, readAnnotations, type StoredAnnotation } from './annotations.ts';
import { type FoundProfile, findProfile } from './find-profile.ts';
import { variantOf } from './place.ts';
import { isRate } from './profile.ts';
import { type FoundVideo, findVideo, type VideoEntry } from './videos.ts';

/** An Oopsie file as it stands, with all that lies beside it, before it becomes an episode. */
export interface OopsieFile {
  variant: 'current' | 'legacy';
  tree: Hdf5Tree;
  attributes: Record<string, unknown>;
  found: FoundProfile;
  arrays: OopsieArray[];
  /** Actions that were declared and not recorded, by dataset path: a null dataspace is no fault. */
  notRecorded: string[];
  steps: number;
  rate: Rate;
  videos: OopsieVideo[];
  annotations: StoredAnnotation[];
  instruction: string;
  problems: Problem[];
}

export interface OopsieArray {
  path: string;
  role: 'state' | 'action' | 'additional';
  key: string;
  dataset: Hdf5Dataset;
  /** Fitted to the steps; null where the values cannot be read. */
  rows: StepRows | null;
}

export interface OopsieVideo {
  entry: VideoEntry;
  found: FoundVideo;
  probed: ProbedVideo | null;
}

export interface Rate {
  hz: number;
  where: string;
  /** False where the file says nothing: the rate is then asked for. */
  isRecorded: boolean;
  isStated: boolean;
}

const ASSUMED_HZ = 10;
const MAX_VIDEOS = 64;
const STATES = 'observations/robot_states/';
const VIDEO_PATHS = 'observations/video_paths/';
const ADDITIONAL = 'additional_data/';

/** Rejects with SourceFault where the file cannot be opened as HDF5 at all. */
export async function readOopsie(file: OpenFile, ports: SourcePorts): Promise<OopsieFile> {
  const tree = await ports.hdf5.inspect(file.path);
  const variant = variantOf(tree) ?? 'current';
  const attributes = tree.groups['']?.attributes ?? {};
  const found = await findProfile(file, tree, ports);
  const problems: Problem[] = [...tree.problems, ...found.problems];
  const listed = listArrays(tree);
  const steps = stepsOf(listed);
  const arrays: OopsieArray[] = [];
  for (const array of listed) arrays.push({ ...array, rows: await readRows(array) });
  const annotations = await readAnnotations(file.path, tree, ports.hdf5);
  const videos: OopsieVideo[] = [];
  for (const entry of (await listVideos()).slice(0, MAX_VIDEOS)) videos.push(await openVideo(entry));
  const rate = findRate();
  const counts = videos.flatMap(({ probed }) => (probed ? [probed.facts.frameCount] : []));
  return {
    ...{ variant, tree, attributes, found, arrays, rate, videos, annotations, problems },
    // Without a single readable number the videos still have their frames.
    steps: steps > 0 ? steps : Math.max(0, ...counts),
    instruction: await readInstruction(),
    notRecorded: Object.keys(tree.datasets).filter((path) => tree.datasets[path]?.isNull && roleOf(path)),
  };

  async function readRows({ path, dataset }: Omit<OopsieArray, 'rows'>): Promise<StepRows | null> {
    if (dataset.fault) return null;
    try {
      const { shape, data } = await ports.hdf5.numbers(file.path, path);
      const rows = fitRows(shape, data, steps);
      const where = `${file.name}: ${path}`;
      if (rows.rows !== steps) {
        const then = rows.rows > steps ? 'the surplus is left out' : 'the rest is empty';
        const message = `${where} has ${rows.rows} rows where the recording has ${steps} steps; ${then}.`;
        problems.push({ severity: 'error', code: 'count-mismatch', message, stream: path });
      }
      // In extra sensors "no number" is allowed.
      const told = path.startsWith(ADDITIONAL) ? { ...rows, nan: { count: 0, first: -1 } } : rows;
      const bad = badValuesText(told);
      if (bad) {
        const message = `${where} holds ${bad}: nothing is drawn there; every value has to be finite.`;
        problems.push({ severity: 'error', code: 'not-finite', message, stream: path });
      }
      return rows;
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'error', code: error.code, message: error.message, stream: path });
      return null;
    }
  }

  async function text(path: string): Promise<string | null> {
    try {
      const [first = ''] = await ports.hdf5.strings(file.path, path);
      return first.trim() === '' ? null : first.trim();
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      return null;
    }
  }

  async function listVideos(): Promise<VideoEntry[]> {
    const prefix = variant === 'current' ? VIDEO_PATHS : 'image_observations/';
    const entries: VideoEntry[] = [];
    for (const [path, dataset] of Object.entries(tree.datasets)) {
      const isCamera = path.startsWith(prefix);
      const key = path.slice(isCamera ? prefix.length : ADDITIONAL.length);
      const isSensor = path.startsWith(ADDITIONAL) && dataset.dtype === 'string';
      if (isCamera || isSensor) entries.push({ id: path, key, isCamera, stored: await text(path) });
    }
    const known = new Set(entries.map(({ key }) => key));
    for (const key of found.profile?.cameras ?? []) {
      if (!known.has(key)) entries.push({ id: `${prefix}${key}`, key, isCamera: true, stored: null });
    }
    // Cameras in the profile's own order, then what the file has beside them, then other sensors.
    const order = found.profile?.cameras ?? [];
    const rank = ({ key, isCamera }: VideoEntry) =>
      isCamera ? (order.indexOf(key) + order.length + 1) % (order.length + 1) : 1e6;
    return entries.sort((a, b) => rank(a) - rank(b));
  }

  async function openVideo(entry: VideoEntry): Promise<OopsieVideo> {
    const video = await findVideo(file, ports.files, entry);
    problems.push(...video.problems);
    if (!video.path) return { entry, found: video, probed: null };
    const probed = await probeVideo(ports, video.path, video.path.split(/[\\/]/).at(-1) as string);
    if ('facts' in probed) return { entry, found: video, probed };
    problems.push({ ...probed, stream: entry.id });
    return { entry, found: { ...video, problems: [...video.problems, probed] }, probed: null };
  }

  function findRate(): Rate {
    const profile = found.profile;
    if (profile?.controlFreq) {
      return { hz: profile.controlFreq, where: 'control_freq', isRecorded: true, isStated: false };
    }
    const older = [attributes.control_freq, ...annotations.map((each) => each.attributes.control_freq)].find(isRate);
    if (older !== undefined) return { hz: older, where: 'control_freq', isRecorded: true, isStated: false };
    if (profile && profile.tree.control_freq !== undefined) {
      const message = `${file.name}: control_freq is ${JSON.stringify(profile.tree.control_freq)}, which is no rate between 0 and 10,000 Hz: correct the robot profile, or state the rate.`;
      problems.push({ severity: 'error', code: 'control-freq', message });
    }
    const { rateHz } = file.stated;
    if (rateHz !== undefined) return { hz: rateHz, where: 'stated for this folder', isRecorded: false, isStated: true };
    // The recorder writes a frame a step, at the rate of control.
    const video = videos.find(({ probed }) => {
      const facts = probed?.facts;
      return facts && facts.rateHz > 0 && Math.abs(facts.frameCount - steps) <= frameSlack(steps);
    });
    const hz = video?.probed?.facts.rateHz;
    if (hz) return { hz, where: `the frames of ${video.probed?.name}`, isRecorded: false, isStated: false };
    return { hz: ASSUMED_HZ, where: 'nothing in the file', isRecorded: false, isStated: false };
  }

  async function readInstruction(): Promise<string> {
    const { language_instruction } = attributes;
    if (typeof language_instruction === 'string') return language_instruction;
    return tree.datasets.language_instruction ? ((await text('language_instruction')) ?? '') : '';
  }
}

/** What a dataset is by where it lies; undefined for what is no array of the format. */
export function roleOf(path: string): OopsieArray['role'] | undefined {
  if (path.startsWith(STATES) || path.startsWith('observation/')) return 'state';
  if (path.startsWith('actions/') || path.startsWith('action_dict/')) return 'action';
  return path.startsWith(ADDITIONAL) ? 'additional' : undefined;
}

/** Datasets by step, whatever is wrong with them; texts and null dataspaces are none. */
function listArrays(tree: Hdf5Tree): Omit<OopsieArray, 'rows'>[] {
  return Object.entries(tree.datasets).flatMap(([path, dataset]) => {
    const role = roleOf(path);
    if (!role || dataset.isNull || path.startsWith(ANNOTATIONS)) return [];
    if (role === 'additional' && dataset.dtype === 'string') return [];
    const key = path
      .split('/')
      .slice(role === 'state' && path.startsWith(STATES) ? 2 : 1)
      .join('/');
    return [{ path, role, key, dataset }];
  });
}

/** The rows that most arrays have, those of states and actions first. */
function stepsOf(arrays: readonly Omit<OopsieArray, 'rows'>[]): number {
  const votes = new Map<number, number>();
  for (const { role, dataset } of arrays) {
    const rows = dataset.shape[0];
    if (rows !== undefined) votes.set(rows, (votes.get(rows) ?? 0) + (role === 'additional' ? 1 : 10));
  }
  return [...votes].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
