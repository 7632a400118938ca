import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import type { Json } from '../common/json-file.ts';
import { type ProbedVideo, probeVideo } from '../common/step-video.ts';
import { type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { type JointTable, readJoints } from './joints.ts';
import { MANIFEST_FILE } from './names.ts';
import { readManifest, readSession } from './read-session.ts';
import type { Manifest, Session, SessionStream } from './schema.ts';
import { mappedTimes, ownSeconds, type StreamTimes, sessionSeconds, settleTimes } from './stream-times.ts';
import { streamsOf } from './streams.ts';

/** A session as its files hold it, before it becomes an episode. Times are of the session as written. */
export interface LoadedSession {
  folder: string;
  session: Session;
  raw: Record<string, Json>;
  manifest: Manifest | null;
  streams: LoadedStream[];
  problems: Problem[];
  /** Real paths of what was read. */
  files: string[];
}

export interface LoadedStream {
  stream: SessionStream;
  /** Whether `session.json` names it. */
  declared: boolean;
  video: ProbedVideo | null;
  joints: JointTable | null;
  /** Samples that have a time. */
  times: StreamTimes | null;
  /** Why nothing of it can be shown. */
  fault: string | null;
}

/** Rejects with SourceFault where `session.json` cannot be read; what is wrong with a stream is its own fault. */
export async function loadSession(file: OpenFile, ports: SourcePorts): Promise<LoadedSession> {
  const folder = path.dirname(file.path);
  const { session, raw, problems } = await readSession(ports.files, file.path);
  const { manifest, problems: ofManifest } = await readManifest(ports.files, folder);
  problems.push(...ofManifest);
  const loaded: LoadedSession = { folder, session, raw, manifest, streams: [], problems, files: [file.path] };
  if (manifest) loaded.files.push(path.join(folder, MANIFEST_FILE));
  for (const { stream, declared } of await streamsOf(ports.files, folder, session)) {
    if (loaded.streams.some((known) => known.stream.file === stream.file)) {
      problems.push(problem('twice', `session.json names ${stream.file} twice: take one of the two out.`, stream));
      continue;
    }
    loaded.streams.push(await loadStream(loaded, stream, declared, ports));
  }
  return loaded;
}

async function loadStream(
  { folder, session, manifest, problems, files }: LoadedSession,
  stream: SessionStream,
  declared: boolean,
  ports: SourcePorts,
): Promise<LoadedStream> {
  const loaded: LoadedStream = { stream, declared, video: null, joints: null, times: null, fault: null };
  const mapped = manifest?.timestamp_map.streams[stream.file];
  if (!declared) {
    const message = `${stream.file} is not named by session.json, so it stands at its own times from the session's start: add it to "streams" with its clock.`;
    problems.push({ ...problem('undeclared', message, stream), severity: 'warning' });
  }
  try {
    const facts = await ports.files.facts(path.join(folder, stream.file));
    if (facts) files.push(facts.path);
    if (stream.kind === 'joints') {
      loaded.joints = await readJoints(ports.files, folder, stream, session, mapped);
      loaded.times = loaded.joints.times;
      problems.push(...loaded.joints.problems);
      return loaded;
    }
    const probed = await probeVideo(ports, path.join(folder, stream.file), stream.file);
    if (!('facts' in probed)) throw new SourceFault(probed.code, probed.message);
    loaded.video = probed;
    const { frameCount, timesNs } = probed.facts;
    const told = mappedTimes(stream.file, mapped, frameCount);
    if (told instanceof Float64Array) {
      loaded.times = { times: told, basis: basisOf(stream), ascending: isAscending(told), problems: [] };
      return loaded;
    }
    if (told) problems.push(told);
    const own = await ownSeconds(ports.files, folder, stream, frameCount, timesNs);
    const count = Math.min(own.length, frameCount);
    if (own.length !== frameCount) {
      const message = `${stream.file} has ${frameCount} frames and ${own.length} stamps in ${stream.clock.file}: frames are shown by position as far as both go; look which were lost.`;
      problems.push(problem('count-mismatch', message, stream));
    }
    loaded.times = settleTimes(stream.file, sessionSeconds(own.subarray(0, count), stream.clock), basisOf(stream));
    problems.push(...loaded.times.problems);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    loaded.fault = error.message;
    problems.push(problem(error.code, error.message, stream));
  }
  return loaded;
}

function basisOf({ clock }: SessionStream): StreamTimes['basis'] {
  return clock.from === 'stamps' ? 'recorded' : 'nominal';
}

function isAscending(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if ((times[i] as number) <= (times[i - 1] as number)) return false;
  return true;
}

function problem(code: string, message: string, { file }: SessionStream): Problem {
  return { severity: 'error', code, message, stream: file };
}
