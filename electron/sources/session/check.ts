import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { countingResidual } from '../../../shared/time/alignment.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { describeClock } from '../common/clocks.ts';
import {
  type CheckFindings,
  type FileReader,
  type OpenedEpisode,
  type OpenFile,
  SourceFault,
  type SourcePorts,
} from '../source.ts';
import { jointSeconds } from './joints.ts';
import { type LoadedSession, type LoadedStream, loadSession } from './load.ts';
import { MANIFEST_FILE } from './names.ts';
import { MAX_RESIDUAL_SECONDS } from './schema.ts';
import { ownSeconds, sessionSeconds } from './stream-times.ts';

const EXPECTED = ['task', 'site', 'shift', 'operator', 'robot', 'checkpoint', 'software_version'] as const;
/** Streams of one session begin and end together within this. */
const SPAN_SLACK_SECONDS = 1;
/** A gap of samples: this many usual periods, and no less than this. */
const GAP_PERIODS = 3;
const GAP_SECONDS = 0.1;
/** Map and clock are written from the same numbers: they part by rounding alone. */
const MAP_SLACK_SECONDS = 1e-5;
const HASHED_BYTES = 2 ** 20;

/** That everything is there, whole, complete and on one clock; with the figures as lines for people. */
export async function checkSession(file: OpenFile, opened: OpenedEpisode, ports: SourcePorts): Promise<CheckFindings> {
  let loaded: LoadedSession;
  try {
    loaded = await loadSession(file, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    // Opening has said why.
    return { problems: [] };
  }
  const told = new Set(opened.episode.problems.map(({ message }) => message));
  const problems = [
    ...fieldProblems(loaded),
    ...(await manifestProblems(loaded, ports.files)),
    ...(await clockProblems(loaded, ports.files)),
    ...spanProblems(loaded),
    ...markerProblems(loaded),
  ];
  return { problems: problems.filter(({ message }) => !told.has(message)), notes: notesOf(loaded) };
}

function problem(severity: Problem['severity'], code: string, message: string, stream?: string): Problem {
  return { severity, code, message, ...(stream === undefined ? {} : { stream }) };
}

function fieldProblems({ session, streams }: LoadedSession): Problem[] {
  const problems: Problem[] = [];
  const missing = EXPECTED.filter((field) => !session[field]);
  if (missing.length > 0) {
    const message = `session.json names no ${missing.join(', ')}: fill them in, so that sessions can be told apart by them.`;
    problems.push(problem('warning', 'missing-field', message));
  }
  if (session.start_unix_s == null) {
    const message = 'session.json names no start_unix_s: when the session took place is not known.';
    problems.push(problem('warning', 'missing-field', message));
  }
  for (const [kind, what] of [
    ['cam', 'camera'],
    ['joints', 'table of joints'],
  ] as const) {
    if (streams.some(({ stream }) => stream.kind === kind)) continue;
    problems.push(
      problem(
        'error',
        'missing-stream',
        `The session has no ${what}: put its files beside session.json and name them in "streams".`,
      ),
    );
  }
  return problems;
}

async function manifestProblems(
  { manifest, session, folder, streams }: LoadedSession,
  files: FileReader,
): Promise<Problem[]> {
  if (!manifest) {
    const isThere = await files.facts(path.join(folder, MANIFEST_FILE)).catch(() => undefined);
    const message = `Beside session.json is no ${MANIFEST_FILE}: whether files are whole cannot be told; make sessions with "regrasp ingest".`;
    return isThere ? [] : [problem('warning', 'no-manifest', message)];
  }
  const problems: Problem[] = [];
  for (const field of ['session', 'task', 'site', 'shift', 'operator'] as const) {
    if (manifest[field] === undefined || manifest[field] === (session[field] ?? '')) continue;
    const message = `${MANIFEST_FILE} gives the ${field} as "${manifest[field]}", session.json as "${session[field] ?? ''}": correct one of the two.`;
    problems.push(problem('error', 'manifest-mismatch', message));
  }
  const counts = new Map(streams.map((each) => [each.stream.file, each.video?.facts.frameCount ?? each.joints?.rows]));
  for (const listed of manifest.files) {
    try {
      const facts = await files.facts(path.join(folder, listed.path));
      if (!facts) {
        problems.push(
          problem('error', 'missing-file', `${listed.path} is in the manifest and not there: restore it from a copy.`),
        );
        continue;
      }
      if (facts.sizeBytes !== listed.bytes || (await sha256Of(files, facts.path, facts.sizeBytes)) !== listed.sha256) {
        const message = `${listed.path} is not what was ingested (its ${facts.sizeBytes === listed.bytes ? 'SHA-256' : 'size'} differs): restore it, or ingest the raw files again.`;
        problems.push(problem(listed.role === 'session' ? 'warning' : 'error', 'hash-mismatch', message));
      }
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push(problem('error', error.code, `${MANIFEST_FILE}: ${error.message}`));
      continue;
    }
    const count = counts.get(listed.path);
    if (listed.count === undefined || count === undefined || count === listed.count) continue;
    const message = `${listed.path} holds ${count} samples where the manifest counted ${listed.count}: restore it from a copy.`;
    problems.push(problem('error', 'count-mismatch', message, listed.path));
  }
  const known = new Set(manifest.files.map((listed) => listed.path));
  for (const { stream } of streams) {
    if (known.has(stream.file)) continue;
    problems.push(
      problem(
        'warning',
        'not-in-manifest',
        `${stream.file} is not in the manifest: whether it is whole cannot be told.`,
        stream.file,
      ),
    );
  }
  return problems;
}

async function clockProblems({ streams, manifest, folder }: LoadedSession, files: FileReader): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const each of streams) {
    const { stream, times } = each;
    const { file, clock } = stream;
    const { residual } = clock;
    const left = residual
      ? countingResidual({ pairs: residual.pairs, rmsSeconds: residual.rms_s, maxSeconds: residual.max_s })
      : 0;
    if (left > MAX_RESIDUAL_SECONDS) {
      const message = `${file} was aligned with ${milliseconds(left)} left over, more than ${milliseconds(MAX_RESIDUAL_SECONDS)}: ingest it again with better pairs.`;
      problems.push(problem('error', 'residual', message, file));
    }
    if (clock.tied_by === 'assumed' && each.declared) {
      const message = `${file} stands where it does by assumption alone: ingest it again with sync events or frame timestamps.`;
      problems.push(problem('warning', 'clock-assumed', message, file));
    }
    if (!times || times.times.length === 0) continue;
    problems.push(...gapProblems(file, times.times));
    const mapped = manifest?.timestamp_map.streams[file];
    if (!mapped) continue;
    const farthest = await mapDifference(each, folder, files);
    if (farthest > MAP_SLACK_SECONDS) {
      const message = `The manifest's times of ${file} lie up to ${milliseconds(farthest)} from its clock in session.json: one of the two was edited; ingest it again.`;
      problems.push(problem('error', 'map-mismatch', message, file));
    }
  }
  return problems;
}

/** How far the manifest's times lie from the stream's own clock; 0 where that cannot be told. */
async function mapDifference(
  { stream, video, joints, times }: LoadedStream,
  folder: string,
  files: FileReader,
): Promise<number> {
  try {
    const own = joints
      ? await jointSeconds(files, folder, stream, joints.file)
      : await ownSeconds(files, folder, stream, video?.facts.frameCount ?? 0, video?.facts.timesNs ?? null);
    const bySession = sessionSeconds(own, stream.clock);
    let farthest = 0;
    times?.times.forEach((ns, i) => {
      const difference = Math.abs(ns / NS_PER_SECOND - (bySession[i] as number));
      if (difference > farthest) farthest = difference;
    });
    // Rows without a stamp of their own stand between others: those are told by opening.
    return times?.problems.length === 0 ? farthest : 0;
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return 0;
  }
}

function gapProblems(file: string, times: Float64Array): Problem[] {
  const { medianPeriodNs } = describeClock(file, file, times, 'recorded', true);
  if (medianPeriodNs === null) return [];
  const limit = Math.max(GAP_PERIODS * medianPeriodNs, GAP_SECONDS * NS_PER_SECOND);
  let count = 0;
  let widest = 0;
  let widestAt = 0;
  for (let i = 1; i < times.length; i++) {
    const gap = (times[i] as number) - (times[i - 1] as number);
    if (gap <= limit) continue;
    count++;
    if (gap > widest) [widest, widestAt] = [gap, times[i - 1] as number];
  }
  if (count === 0) return [];
  const gaps = count === 1 ? 'a gap' : `${count} gaps, the widest`;
  const message = `${file} has ${gaps} of ${(widest / NS_PER_SECOND).toFixed(2)} s at ${(widestAt / NS_PER_SECOND).toFixed(2)} s: samples were lost there.`;
  return [problem('warning', 'gap', message, file)];
}

function spanProblems({ streams }: LoadedSession): Problem[] {
  const spans = streams.flatMap(({ stream, times }) => {
    const list = times?.times;
    return list && list.length > 0
      ? [
          {
            file: stream.file,
            kind: stream.kind,
            from: (list[0] as number) / NS_PER_SECOND,
            to: (list.at(-1) as number) / NS_PER_SECOND,
          },
        ]
      : [];
  });
  const base = spans.find(({ kind }) => kind === 'joints') ?? spans[0];
  const problems: Problem[] = [];
  for (const { file, from, to } of spans) {
    if (!base || file === base.file) continue;
    if (from > base.to || to < base.from) {
      const message = `${file} (${from.toFixed(2)} to ${to.toFixed(2)} s) and ${base.file} (${base.from.toFixed(2)} to ${base.to.toFixed(2)} s) share no moment: their clocks are aligned wrongly, or the files are of different sessions.`;
      problems.push(problem('error', 'no-overlap', message, file));
      continue;
    }
    const ends = [
      ['begins', from - base.from],
      ['ends', to - base.to],
    ] as const;
    for (const [what, difference] of ends) {
      if (Math.abs(difference) <= SPAN_SLACK_SECONDS) continue;
      const message = `${file} ${what} ${Math.abs(difference).toFixed(2)} s ${difference > 0 ? 'after' : 'before'} ${base.file}: look whether a part is missing.`;
      problems.push(problem('warning', 'span-mismatch', message, file));
    }
  }
  return problems;
}

function markerProblems({ session, streams }: LoadedSession): Problem[] {
  const ends = streams.flatMap(({ times }) =>
    times?.times.length ? [times.times[0] as number, times.times.at(-1) as number] : [],
  );
  const [from, to] = [Math.min(...ends) / NS_PER_SECOND, Math.max(...ends) / NS_PER_SECOND];
  return session.markers.flatMap(({ name, start_s, end_s }) => {
    if (end_s !== undefined && end_s < start_s) {
      return [
        problem(
          'error',
          'bad-marker',
          `session.json: the marker "${name}" ends at ${end_s} s, before it starts at ${start_s} s: correct it.`,
        ),
      ];
    }
    if (ends.length === 0 || (start_s <= to + SPAN_SLACK_SECONDS && (end_s ?? start_s) >= from - SPAN_SLACK_SECONDS))
      return [];
    return [
      problem(
        'warning',
        'marker-outside',
        `session.json: the marker "${name}" at ${start_s} s lies outside of what was recorded (${from.toFixed(2)} to ${to.toFixed(2)} s): correct its time or its clock.`,
      ),
    ];
  });
}

function notesOf({ session, streams, manifest }: LoadedSession): string[] {
  const notes = [
    `Session ${session.session}: ${[session.task, session.site, session.shift, session.operator].filter(Boolean).join(', ')}`,
    `${session.markers.length} markers, ${session.notes.length} notes, ${manifest ? `${manifest.files.length} files in the manifest` : 'no manifest'}`,
  ];
  for (const { stream, times, video, joints } of streams) {
    if (!times) continue;
    const { medianPeriodNs, firstNs, lastNs } = describeClock(stream.file, '', times.times, times.basis, true);
    const rate = medianPeriodNs ? ` at ${(NS_PER_SECOND / medianPeriodNs).toFixed(2)} Hz` : '';
    const what = video ? `${video.facts.frameCount} frames` : `${joints?.rows ?? 0} rows`;
    const { residual, tied_by, drift_ppm } = stream.clock;
    const left = residual
      ? `${milliseconds(residual.rms_s)} rms, ${milliseconds(residual.max_s)} at most over ${residual.pairs} pairs`
      : 'not measured';
    notes.push(
      `${stream.file}: ${what}${rate}, ${((firstNs ?? 0) / NS_PER_SECOND).toFixed(3)} to ${((lastNs ?? 0) / NS_PER_SECOND).toFixed(3)} s; tied by ${tied_by ?? 'session.json'}, drift ${drift_ppm.toFixed(1)} ppm, residual ${left}`,
    );
  }
  return notes;
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(2)} ms`;
}

async function sha256Of(files: FileReader, file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; at += HASHED_BYTES) hash.update(await files.readRange(file, at, HASHED_BYTES));
  return hash.digest('hex');
}
