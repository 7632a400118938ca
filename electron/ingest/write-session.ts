import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { sha256OfFile } from '../file-digest.ts';
import { createFileReader } from '../library/file-reader.ts';
import { parquetTable } from '../sources/common/parquet-table.ts';
import { source } from '../sources/session/index.ts';
import { SESSION_COLUMN } from '../sources/session/joints.ts';
import { MANIFEST_FILE, SESSION_FILE, SESSION_SCHEMA } from '../sources/session/names.ts';
import type { Manifest, Session, SessionStream } from '../sources/session/schema.ts';
import { manifestOf, mappedStream, prettyJson } from '../sources/session/write.ts';
import type { Hdf5Reader } from '../sources/source.ts';
import type { TiedClock } from './clock-ties.ts';
import { type IngestPlan, type IngestSummary, JOINTS, keptName } from './plan.ts';
import { Staging } from './staging.ts';

const JOINTS_FILE = 'joints.parquet';
/** Seconds of the joints' own clock, whatever the dump called them. */
const OWN_COLUMN = 'own_time_s';
const GROUP_ROWS = 100_000;
/** What of the finished session's own check must not be: the rest is told. */
const GRAVE = new Set([
  'missing-file',
  'hash-mismatch',
  'count-mismatch',
  'map-mismatch',
  'no-overlap',
  'bad-manifest',
  'manifest-mismatch',
]);

/** Writes a planned session into a staging folder, reads it back, and gives the folder its name. */
export async function writeSession(plan: IngestPlan, out: string): Promise<IngestSummary> {
  const { options, notices } = plan;
  const staging = await Staging.begin(out);
  if (staging.swept > 0)
    notices.push(
      'An earlier ingest of this folder was broken off; what it left was removed and the ingest begun anew.',
    );
  try {
    const files = await keepRaw(plan, staging);
    if (plan.joints) files.push(await writeJoints(plan, staging));
    const session = sessionOf(plan);
    await staging.write(SESSION_FILE, prettyJson(session));
    files.unshift(await described(staging, SESSION_FILE, 'session'));
    const maps = plan.cameras.map(
      (camera) => [cameraFile(camera), mappedStream(plan.times.get(camera.name) as Float64Array)] as const,
    );
    const joints = plan.joints
      ? [[JOINTS_FILE, mappedStream(plan.times.get(JOINTS) as Float64Array, SESSION_COLUMN)] as const]
      : [];
    const manifest = manifestOf(session, Object.fromEntries([...maps, ...joints]), files, options.madeBy);
    await staging.write(MANIFEST_FILE, prettyJson(manifest));
    options.onProgress?.('Reading the session back');
    notices.push(...(await readBack(staging, plan)));
    await refuseChanged(plan);
    options.signal?.throwIfAborted();
    await staging.finish();
    return {
      ...{ out, ingested: true, markers: session.markers.length, files: files.length },
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      streams: session.streams.map(({ file, kind, name }) =>
        summaryOf(plan, file, kind === 'joints' ? JOINTS : (name as string)),
      ),
      notices,
    };
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

function summaryOf({ tied, times }: IngestPlan, file: string, name: string): IngestSummary['streams'][number] {
  const { line, by, residual } = tied.get(name) as TiedClock;
  return { file, samples: times.get(name)?.length ?? 0, tiedBy: by, driftPpm: line.drift * 1e6, residual };
}

/** Videos under the session's names, everything else below `raw/`; each is hashed where it then lies. */
async function keepRaw({ raw, cameras, options, hashes }: IngestPlan, staging: Staging): Promise<Manifest['files']> {
  const byFile = new Map(cameras.map((camera) => [camera.file, camera]));
  const files: Manifest['files'] = [];
  let copied = 0;
  for (const [i, file] of raw.files.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.(`Keeping ${file.below} (${i + 1} of ${raw.files.length})`);
    const camera = byFile.get(file);
    const kept = camera ? cameraFile(camera) : keptName(file);
    if ((await staging.keep(file.path, kept, options.copies ?? false)) === 'copied') copied++;
    const entry = await described(staging, kept, camera ? 'stream' : 'raw', options.signal);
    if (entry.sha256 !== hashes.get(file.below)) throw changed(file.below);
    files.push({ ...entry, ...(camera ? { count: camera.facts.frameCount } : {}), source: file.below });
  }
  if (copied > 0) options.onProgress?.(`${copied} files were copied`);
  return files.sort((a, b) => Number(a.role === 'raw') - Number(b.role === 'raw'));
}

async function writeJoints({ joints, times }: IngestPlan, staging: Staging): Promise<Manifest['files'][number]> {
  if (!joints) throw new Error('There are no joints to write.');
  const own = new Set([SESSION_COLUMN, OWN_COLUMN]);
  const placed = Array.from(times.get(JOINTS) as Float64Array);
  const columns = joints.columns.filter(({ name }) => !own.has(name));
  const table = parquetTable(
    [
      { name: SESSION_COLUMN, type: 'int64', cells: placed },
      { name: OWN_COLUMN, type: 'float64', cells: Array.from(joints.own) },
      ...columns,
    ],
    { groupRows: [GROUP_ROWS] },
  );
  await staging.write(JOINTS_FILE, table);
  return { ...(await described(staging, JOINTS_FILE, 'stream')), count: joints.rows };
}

function sessionOf(plan: IngestPlan): Session {
  const { options, cameras, joints, tied, session, markers, startUnixSeconds } = plan;
  const streams = cameras.map((camera): SessionStream => {
    const { stamps, stampFile, name } = camera;
    const from =
      stamps && stampFile
        ? { from: 'stamps' as const, file: keptName(stampFile), column: stamps.column, unit: stamps.unit }
        : { from: 'video' as const };
    return {
      file: cameraFile(camera),
      kind: 'cam',
      name,
      clock: { ...from, ...lineOf(tied.get(name) as TiedClock, plan.zeroSeconds) },
    };
  });
  if (joints) {
    const from =
      options.jointsRateHz === undefined
        ? { from: 'stamps' as const, column: OWN_COLUMN, unit: 's' as const }
        : { from: 'rate' as const, rate_hz: options.jointsRateHz };
    streams.push({
      file: JOINTS_FILE,
      kind: 'joints',
      clock: { ...from, ...lineOf(tied.get(JOINTS) as TiedClock, plan.zeroSeconds) },
    });
  }
  return {
    schema: SESSION_SCHEMA,
    ...options.facts,
    session,
    start_unix_s: startUnixSeconds,
    markers,
    notes: (options.notes ?? []).map((text) => ({
      text,
      ...(options.facts.operator ? { by: options.facts.operator } : {}),
    })),
    streams,
    joints: joints?.described ?? [],
  };
}

/** The line from the stream's own seconds to those of the session. */
function lineOf({ line, by, residual }: TiedClock, zeroSeconds: number) {
  const isStill = line.drift === 0;
  return {
    // Without drift any origin does: the stream's own time at the session's zero is what people look for.
    origin_s: isStill ? line.originSeconds + (zeroSeconds - line.offsetSeconds) : line.originSeconds,
    offset_s: isStill ? 0 : line.offsetSeconds - zeroSeconds,
    drift_ppm: line.drift * 1e6,
    tied_by: by,
    residual: residual ? { pairs: residual.pairs, rms_s: residual.rmsSeconds, max_s: residual.maxSeconds } : null,
  };
}

function cameraFile({ name, file }: IngestPlan['cameras'][number]): string {
  return `cam_${name}${path.posix.extname(file.below).toLowerCase()}`;
}

async function described(
  staging: Staging,
  below: string,
  role: Manifest['files'][number]['role'],
  signal?: AbortSignal,
): Promise<Manifest['files'][number]> {
  const { size } = await stat(staging.at(below));
  return { path: below, role, bytes: size, sha256: await sha256OfFile(staging.at(below), signal) };
}

/** Opens the session as a person will, and lets its own check judge it: every hash, count and clock. */
async function readBack(staging: Staging, { cameras }: IngestPlan): Promise<string[]> {
  const file = staging.at(SESSION_FILE);
  const { size, mtimeMs } = await stat(file);
  const root = { root: staging.folder, rootId: '', pathBelowRoot: SESSION_FILE, inner: '', stated: {} };
  const open = { path: file, name: SESSION_FILE, sizeBytes: size, modifiedMs: mtimeMs, ...root };
  const files = createFileReader(staging.folder);
  // The videos are byte for byte those that were looked into: a long one is not walked twice.
  const facts = new Map(cameras.map((camera) => [cameraFile(camera), camera.facts]));
  const probe = async (place: string) =>
    facts.get(path.basename(place)) ?? Promise.reject(new Error(`${place} is new.`));
  const ports = { files, hdf5: NO_HDF5, video: { probe } };
  const opened = await source.open(open, ports);
  const checked = await source.check?.(open, opened, ports);
  const problems = [...opened.episode.problems, ...(checked?.problems ?? [])];
  const grave = problems.find(({ severity, code }) => severity === 'error' && GRAVE.has(code));
  if (grave) throw new Fault('UNUSABLE', `The session was not made, as it would not be right: ${grave.message}`);
  return problems.map(({ message }) => message);
}

const NO_HDF5: Hdf5Reader = {
  inspect: () => Promise.reject(new Error('A session holds no HDF5.')),
  numbers: () => Promise.reject(new Error('A session holds no HDF5.')),
  strings: () => Promise.reject(new Error('A session holds no HDF5.')),
};

async function refuseChanged({ raw, hashes, options }: IngestPlan): Promise<void> {
  for (const file of raw.files) {
    if ((await sha256OfFile(file.path, options.signal)) !== hashes.get(file.below)) throw changed(file.below);
  }
}

function changed(below: string): Fault {
  return new Fault(
    'UNUSABLE',
    `${below} was written to while it was ingested: wait until the recorder is done and ingest again.`,
  );
}
