import type { Problem, Stream } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { holdsPictures } from '../common/hdf5-pictures.ts';
import { isRecord, type Json, parseJson } from '../common/json-file.ts';
import { type Hdf5Tree, type ListedRecording, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { demosOf } from './place.ts';

export const USUAL_HZ = 20;
const MAX_HZ = 100_000;
/** More than a day at 100 Hz is no demonstration: opening the file tells what it holds. */
const MAX_SAMPLES = 10_000_000;

/** A file before one of its demonstrations is opened. */
export interface DemoFile {
  /** Groups down to the demonstrations, with their attributes, and the masks. */
  tree: Hdf5Tree;
  /** demo_10 after demo_9. */
  demos: string[];
  environment: Environment;
  rate: Rate;
  /** Filter key → names of demonstrations, as they stand there. */
  masks: ReadonlyMap<string, string[]>;
  problems: Problem[];
}

export interface Environment {
  name: string | null;
  /** `env_args` as JSON; null where there is none, or none that can be read. */
  args: Record<string, Json> | null;
  controlHz: number | null;
}

export interface Rate {
  hz: number;
  where: string;
  isAssumed: boolean;
}

/** Rejects with SourceFault where the file itself cannot be opened. */
export async function readDemoFile(file: OpenFile, { hdf5 }: SourcePorts): Promise<DemoFile> {
  const tree = await hdf5.inspect(file.path, { group: '', depth: 1 });
  const problems: Problem[] = [...tree.problems];
  const environment = environmentOf(file, tree, problems);
  const masks = new Map<string, string[]>();
  for (const dataset of Object.keys(tree.datasets).filter((name) => name.startsWith('mask/'))) {
    try {
      const names = await hdf5.strings(file.path, dataset);
      masks.set(
        dataset.slice('mask/'.length),
        names.map((name) => name.replace(/\0+$/, '')),
      );
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'warning', code: error.code, message: error.message, stream: dataset });
    }
  }
  return { tree, demos: demosOf(tree), environment, rate: rateOf(file, environment), masks, problems };
}

/** Every demonstration, from attributes alone where they tell how long it is; cameras are those of the first. */
export async function listDemos(file: OpenFile, ports: SourcePorts): Promise<ListedRecording[]> {
  const found = await readDemoFile(file, ports);
  const [first] = found.demos;
  if (first === undefined) {
    throw new SourceFault(
      'empty',
      `${file.name} holds no demonstration below data: record one, or leave the file out.`,
    );
  }
  const tree = await ports.hdf5.inspect(file.path, { group: `data/${first}` });
  const streams = picturesOf(tree, first).length;
  return found.demos.map((inner) => {
    const samples = samplesOf(found.tree, inner);
    const known = {
      ...{ inner, name: inner, ...taskOf(found.environment), properties: propertiesOf(found, inner) },
      ...(found.problems.length > 0 ? { problems: found.problems } : {}),
    };
    if (samples === null || samples > MAX_SAMPLES) return known;
    const durationNs = Math.round((Math.max(0, samples - 1) * NS_PER_SECOND) / found.rate.hz);
    return { ...known, ticks: samples, durationNs, streams, complete: true };
  });
}

export function taskOf({ name }: Environment): { task?: string } {
  return name === null ? {} : { task: name };
}

/** `num_samples`; null where it is no count. */
export function samplesOf(tree: Hdf5Tree, demo: string): number | null {
  const stated = tree.groups[`data/${demo}`]?.attributes.num_samples;
  return typeof stated === 'number' && Number.isSafeInteger(stated) && stated >= 0 ? stated : null;
}

export function propertiesOf({ environment, masks }: DemoFile, demo: string): Record<string, string> {
  const mine = [...masks].filter(([, demos]) => demos.includes(demo)).map(([key]) => key);
  return {
    ...(environment.name === null ? {} : { environment: environment.name }),
    ...(mine.length > 0 ? { mask: mine.join(', ') } : {}),
  };
}

/** Datasets of a demonstration that hold pictures. */
export function picturesOf(tree: Hdf5Tree, demo: string): Stream['id'][] {
  const isObservation = (name: string) => name.startsWith(`data/${demo}/obs/`);
  return Object.entries(tree.datasets).flatMap(([name, about]) =>
    isObservation(name) && holdsPictures(about) ? [name] : [],
  );
}

function environmentOf(file: OpenFile, tree: Hdf5Tree, problems: Problem[]): Environment {
  const text = tree.groups.data?.attributes.env_args;
  const unknown = { name: null, args: null, controlHz: null };
  if (typeof text !== 'string') return unknown;
  try {
    const args = parseJson(text, `${file.name}: env_args of data`);
    if (!isRecord(args)) return unknown;
    const settings = isRecord(args.env_kwargs) ? args.env_kwargs : {};
    const hz = Number(settings.control_freq ?? Number.NaN);
    const name = typeof args.env_name === 'string' && args.env_name !== '' ? args.env_name : null;
    return { name, args, controlHz: hz > 0 && hz <= MAX_HZ ? hz : null };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    problems.push({ severity: 'warning', code: error.code, message: error.message });
    return unknown;
  }
}

function rateOf(file: OpenFile, { controlHz }: Environment): Rate {
  const { rateHz } = file.stated;
  if (rateHz !== undefined) return { hz: rateHz, where: 'stated for this folder', isAssumed: false };
  if (controlHz !== null) return { hz: controlHz, where: 'control_freq of env_args', isAssumed: false };
  return { hz: USUAL_HZ, where: 'assumed: the file does not say', isAssumed: true };
}
