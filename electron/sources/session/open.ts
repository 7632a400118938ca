import {
  blankEpisode,
  type Clock,
  type Episode,
  type RecordedMark,
  type Series,
  type Stream,
} from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND, secondsToNs } from '../../../shared/time/nanoseconds.ts';
import { describeClock } from '../common/clocks.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import { faultyVideo, placeVideo } from '../common/step-video.ts';
import { type OpenedEpisode, type OpenFile, type SampleLocation, SourceFault, type SourcePorts } from '../source.ts';
import { type LoadedSession, type LoadedStream, loadSession } from './load.ts';
import { placeOf } from './place.ts';
import type { Session } from './schema.ts';
import { cameraName, positionOf } from './streams.ts';

const FACTS = ['session', 'site', 'shift', 'operator', 'robot', 'checkpoint', 'software_version'] as const;
/** Named in other places of an episode. */
const TOLD_ELSEWHERE: readonly string[] = [
  ...['markers', 'streams', 'joints', 'task', 'instruction', 'outcome', 'environment'],
  ...FACTS,
];
const NO_CLOCK = 'session';

/** Opens a session. Never throws for a broken file: see `problems`. */
export async function openSession(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.pathBelowRoot);
  try {
    return episodeOf(file, await loadSession(file, ports));
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadableEpisode(file, 'session', place, [{ severity: 'error', code: error.code, message: error.message }]);
  }
}

function episodeOf(file: OpenFile, loaded: LoadedSession): OpenedEpisode {
  const { session, problems } = loaded;
  const place = placeOf(file.pathBelowRoot);
  // An episode starts with its first sample: what a session places before its own zero moves all of it.
  const shiftNs = Math.max(0, ...loaded.streams.map(({ times }) => -(times?.times[0] ?? 0)));
  const clocks = new Map<string, Float64Array>();
  const described: Clock[] = [];
  for (const { stream, times } of loaded.streams) {
    if (!times) continue;
    const placed = shiftNs === 0 ? times.times : times.times.map((ns) => ns + shiftNs);
    clocks.set(stream.file, placed);
    described.push(describeClock(stream.file, clockName(stream), placed, times.basis, times.ascending));
  }
  if (described.length === 0) {
    clocks.set(NO_CLOCK, new Float64Array(0));
    described.push(describeClock(NO_CLOCK, 'Session', new Float64Array(0), 'nominal', true));
  }
  const cameras = loaded.streams.filter(({ stream }) => stream.kind === 'cam');
  const master = [...cameras, ...loaded.streams].find(({ times }) => (times?.times.length ?? 0) > 0);
  const masterClock = master?.stream.file ?? (described[0] as Clock).id;
  if (!master) {
    const message = `${file.name}: no camera and no joints of the session can be read: put the files back beside it.`;
    problems.push({ severity: 'error', code: 'empty', message });
  }
  const locations = new Map<string, SampleLocation>();
  const streams = cameras.map((camera) => streamOf(camera, masterClock, locations));
  const series: Series[] = [];
  const values = new Map<string, Float64Array>();
  for (const { joints } of loaded.streams) {
    series.push(...(joints?.series ?? []));
    for (const [id, data] of joints?.values ?? []) values.set(id, data);
  }
  const startUnixSeconds = session.start_unix_s == null ? null : session.start_unix_s - shiftNs / NS_PER_SECOND;
  const startedAt = startUnixSeconds === null ? null : new Date(startUnixSeconds * 1000).toISOString();
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'session', {
      name: session.session || place.name,
      task: session.task ?? place.task,
      date: place.date || (startedAt?.slice(0, 10) ?? ''),
    }),
    createdAt: startedAt,
    startUnixSeconds,
    masterClock,
    clocks: described,
    streams,
    series,
    metadata: metadataOf(loaded),
    instruction: session.instruction ?? null,
    outcome: session.outcome ?? null,
    properties: propertiesOf(session),
    marks: marksOf(loaded, shiftNs),
    problems,
  };
  return { episode, clocks, poses: new Map(), values, locations, files: loaded.files };
}

function streamOf(
  { stream, video, times, fault }: LoadedStream,
  master: string,
  locations: Map<string, SampleLocation>,
): Stream {
  const name = cameraName(stream);
  const kind = /tactile|gelsight|digit\b/i.test(name) ? ('tactile' as const) : ('color' as const);
  const about = { id: stream.file, name, kind, position: positionOf(name), stepClock: stream.file };
  if (!video || !times)
    return {
      ...faultyVideo({ ...about, steps: 0, rateHz: 1 }, fault ?? `${stream.file} cannot be read.`),
      clock: master,
    };
  const count = times.times.length;
  const placed = placeVideo(video, { ...about, steps: video.facts.frameCount, rateHz: video.facts.rateHz || 1 });
  locations.set(stream.file, placed.location);
  return { ...placed.stream, count, shape: [count, ...placed.stream.shape.slice(1)] };
}

function clockName({ file, clock }: LoadedStream['stream']): string {
  const by =
    clock.from === 'stamps'
      ? 'recorded stamps'
      : clock.from === 'rate'
        ? `${clock.rate_hz} Hz`
        : "the video's own times";
  return `${file}: ${by}`;
}

function propertiesOf(session: Session): Episode['properties'] {
  const properties: Episode['properties'] = {};
  for (const fact of FACTS) {
    const value = session[fact];
    if (value) properties[fact] = value;
  }
  const { environment } = session;
  if (typeof environment === 'string') properties.environment = environment;
  else
    for (const [key, value] of Object.entries(environment ?? {})) {
      if (value !== null) properties[`environment.${key}`] = value;
    }
  return properties;
}

function marksOf({ session, streams }: LoadedSession, shiftNs: number): RecordedMark[] {
  const ns = (seconds: number) => secondsToNs(seconds) + shiftNs;
  const marks = session.markers.map(({ name, kind, start_s, end_s, by, text, code }, i): RecordedMark => {
    const startNs = ns(start_s);
    const words = [code, text].filter(Boolean).join(': ');
    return {
      id: `marker-${i}`,
      kind,
      name,
      by: by ?? 'recorder',
      startNs,
      endNs: Math.max(startNs, ns(end_s ?? start_s)),
      text: words,
    };
  });
  session.notes.forEach(({ text, by, at_s }, i) => {
    if (at_s == null) return;
    const startNs = ns(at_s);
    marks.push({
      id: `note-${i}`,
      kind: 'other',
      name: 'Note',
      by: by ?? session.operator ?? 'operator',
      startNs,
      endNs: startNs,
      text,
    });
  });
  for (const { joints } of streams) {
    for (const mark of joints?.marks ?? []) {
      marks.push({ ...mark, startNs: mark.startNs + shiftNs, endNs: mark.endNs + shiftNs });
    }
  }
  return marks.sort((a, b) => a.startNs - b.startNs);
}

function metadataOf({ raw, session, streams, manifest }: LoadedSession): Record<string, unknown> {
  const plain = Object.entries(raw).filter(([key]) => !TOLD_ELSEWHERE.includes(key));
  const clocks = streams.map(({ stream: { file, clock } }) => {
    const { residual, offset_s, origin_s, drift_ppm, tied_by } = clock;
    const off = residual
      ? `, residual ${(residual.rms_s * 1000).toFixed(2)} ms rms, ${(residual.max_s * 1000).toFixed(2)} ms at most over ${residual.pairs} pairs`
      : '';
    return [
      file,
      `${tied_by ?? 'by session.json'}: offset ${Number((offset_s - origin_s).toFixed(6))} s, drift ${Number(drift_ppm.toFixed(3))} ppm${off}`,
    ];
  });
  return {
    ...Object.fromEntries(plain),
    ...(session.notes.length > 0 ? { notes: session.notes.map(({ text }) => text) } : {}),
    clocks: Object.fromEntries(clocks),
    manifest: manifest
      ? `${manifest.files.length} files with SHA-256${manifest.made_by ? `, made by ${manifest.made_by}` : ''}`
      : 'none',
  };
}
