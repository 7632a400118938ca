import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Hdf5Surgery } from './hdf5-surgery.ts';
import { Hdf5Writer, loadWriter } from './hdf5-writer.ts';
import { PictureMaker } from './pictures.ts';
import { type EpisodePlan, type PlanOptions, planEpisode } from './plan.ts';
import { writeNumbers } from './record-episode.ts';
import { CAMERAS, type Shrink, SIDES } from './rig.ts';

export interface BrokenOptions {
  /** Existing folder; the files go right into it. */
  folder: string;
  pluginDir: string;
  task: string;
  plan: PlanOptions;
  /** How many times smaller pictures are in each direction. Default 1. */
  shrink?: Shrink;
}

const STREAMS = [
  ...CAMERAS.flatMap((_, i) => [`realsense/cam${i}/color`, `realsense/cam${i}/depth`]),
  ...SIDES.map((side) => `gelsight/${side}/frames`),
];
const DAMAGED = 'realsense/cam2/color';
const CORRUPT_TICK = 3;
const SECONDS = 0.16;
/** A filter with a registered number that this workstation has no plugin for. */
const UNKNOWN_FILTER = { id: 32014, name: 'fpzip' };

interface Damage {
  what: string;
  omit?: string[];
  counts?: Record<string, number>;
  noBodies?: boolean;
  /** Written in place of `omit`ted streams, before the file is closed. */
  before?: (writer: Hdf5Writer) => void;
  /** Done to the closed file; `header` is where the damaged stream is described. */
  after?: (file: string, header: bigint) => Promise<void>;
}

/**
 * One short file for each thing that can be wrong, each the only fault of its file. Answers what was done, by file name.
 * Runs in a worker thread.
 */
export async function writeBrokenFiles({ folder, pluginDir, task, plan: options, shrink }: BrokenOptions) {
  const library = await loadWriter(pluginDir);
  const plan = planEpisode({ ...options, name: 'broken', faults: false, seconds: SECONDS });
  const maker = new PictureMaker(shrink);
  const made: Record<string, string> = {};
  for (const [name, damage] of Object.entries(damages([plan.tickSeconds.length, ...maker.colorShape]))) {
    const file = path.join(folder, `episode_${name}.h5`);
    const writer = new Hdf5Writer(library, file);
    writeNumbers(writer, damage.noBodies ? withoutPoses(plan) : plan, task);
    writePictures(writer, maker, plan, damage);
    damage.before?.(writer);
    const header = damage.after ? writer.addressOf(DAMAGED) : 0n;
    writer.close();
    await damage.after?.(file, header);
    made[path.basename(file)] = damage.what;
  }
  const text = 'This is a note that somebody saved under the name of a recording.\n';
  await writeFile(path.join(folder, 'episode_not-hdf5.h5'), text);
  made['episode_not-hdf5.h5'] = 'A text file under the name of a recording.';
  return made;
}

/** By the shape of a stream of pictures. */
function damages(shape: readonly number[]): Record<string, Damage> {
  const [ticks = 0] = shape;
  const placeholder = (writer: Hdf5Writer) => writer.numbers(DAMAGED, new Float64Array(1), [1]);
  const bytes = shape.reduce((a, b) => a * b, 1);
  return {
    truncated: {
      what: 'Cut off at 60 % of its length, as when the recorder is killed.',
      after: async (file) => truncate(file, Math.floor((await readFile(file)).length * 0.6)),
    },
    'missing-stream': { what: 'realsense/cam1/color was never written.', omit: ['realsense/cam1/color'] },
    'count-mismatch': {
      what: `gelsight/left/frames holds ${ticks - 2} frames for ${ticks} ticks.`,
      counts: { 'gelsight/left/frames': ticks - 2 },
    },
    'corrupt-chunk': {
      what: `${DAMAGED}: the stored bytes of frame ${CORRUPT_TICK} are damaged; the other frames are whole.`,
      after: (file, header) =>
        operate(file, (surgery) => {
          const { at, size } = surgery.chunk(header, CORRUPT_TICK);
          surgery.bytes.fill(0xff, at, at + Math.min(512, size));
        }),
    },
    'unknown-filter': {
      what: `${DAMAGED} names a filter (${UNKNOWN_FILTER.name}, ${UNKNOWN_FILTER.id}) that has no plugin here.`,
      after: (file, header) =>
        operate(file, (surgery) => surgery.renameFilter(header, UNKNOWN_FILTER.id, UNKNOWN_FILTER.name)),
    },
    'zero-length-bodies': { what: 'The three tracked bodies hold no sample.', noBodies: true },
    'external-storage': {
      what: `${DAMAGED} keeps its pixels in another file by external storage.`,
      omit: [DAMAGED],
      before: placeholder,
      after: (file, header) =>
        operate(file, (surgery) =>
          surgery.replaceByOutside(header, shape, { kind: 'external', file: 'elsewhere.raw', bytes }),
        ),
    },
    'external-link': {
      what: `${DAMAGED} is a link into another file.`,
      omit: [DAMAGED],
      before: (writer) => writer.linkOut(DAMAGED, 'elsewhere.h5', `/${DAMAGED}`),
    },
    'virtual-dataset': {
      what: `${DAMAGED} is a virtual dataset over another file.`,
      omit: [DAMAGED],
      before: placeholder,
      after: (file, header) =>
        operate(file, (surgery) =>
          surgery.replaceByOutside(header, shape, { kind: 'virtual', file: 'elsewhere.h5', dataset: `/${DAMAGED}` }),
        ),
    },
  };
}

function writePictures(writer: Hdf5Writer, maker: PictureMaker, plan: EpisodePlan, damage: Damage): void {
  const ticks = plan.tickSeconds.length;
  const countOf = (stream: string) => damage.counts?.[stream] ?? ticks;
  const kept = STREAMS.filter((stream) => !damage.omit?.includes(stream));
  for (const stream of kept) {
    const depth = stream.endsWith('depth');
    writer.frames(stream, countOf(stream), depth ? maker.depthShape : maker.colorShape, depth ? 2 : 1, 'blosc');
  }
  for (let tick = 0; tick < ticks; tick++) {
    for (const { stream, shape, bytes } of maker.draw(plan, tick)) {
      if (kept.includes(stream) && tick < countOf(stream)) writer.frame(stream, tick, bytes, shape);
    }
  }
}

function withoutPoses(plan: EpisodePlan): EpisodePlan {
  const none = new Float64Array(0);
  return { ...plan, tracks: plan.tracks.map(({ body }) => ({ body, seconds: none, poses: none })) };
}

async function operate(file: string, change: (surgery: Hdf5Surgery) => void): Promise<void> {
  const surgery = new Hdf5Surgery(await readFile(file));
  change(surgery);
  await writeFile(file, surgery.bytes);
}
