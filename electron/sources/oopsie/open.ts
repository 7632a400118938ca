import type { Episode, Problem, Stream } from '../../../shared/episode/episode.ts';
import { blankEpisode } from '../../../shared/episode/episode.ts';
import { type BuiltClock, nominalClock } from '../common/clocks.ts';
import { identityOf, unreadableEpisode } from '../common/identity.ts';
import { faultyVideo, placeVideo, type VideoAbout } from '../common/step-video.ts';
import { type OpenedEpisode, type OpenFile, type SampleLocation, SourceFault, type SourcePorts } from '../source.ts';
import { isByPerson, outcomeOf } from './annotations.ts';
import { placeOf } from './place.ts';
import { type OopsieFile, type OopsieVideo, readOopsie } from './read.ts';
import { readSegments } from './segments.ts';
import { findSeries, STEPS } from './series.ts';
import { SEVERITY_SLUGS } from './vocabulary.ts';

/** Attributes that must not reach a screen, should a lab ever have put one into a recording. */
const SECRET = /token|secret|passw|api_?key|credential/i;

/** Opens an Oopsie recording. Never throws for a broken file: see `problems`. */
export async function openOopsie(file: OpenFile, ports: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.pathBelowRoot);
  let read: OopsieFile;
  try {
    read = await readOopsie(file, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unreadableEpisode(file, 'oopsie', place, [{ severity: 'error', code: error.code, message: error.message }]);
  }
  const { attributes, steps, rate, found, annotations } = read;
  const clock = nominalClock(STEPS, `Steps at ${Number(rate.hz.toFixed(3))} Hz (${rate.where})`, steps, rate.hz);
  const { series, tracks, values, poses, notDrawn } = findSeries(read);
  const { marks, problems: segmentProblems } = readSegments(read.tree, clock.times, rate.hz, file.name);
  const shown = read.videos.map((video) => showVideo(video, steps, rate.hz));
  const clocks = [clock, ...shown.flatMap((each) => (each.clock ? [each.clock] : []))];
  const started = typeof attributes.timestamp === 'number' ? attributes.timestamp : null;
  const startedAt = started !== null && Math.abs(started) < 8.64e12 ? new Date(started * 1000).toISOString() : null;
  const recorded = annotations.map(({ annotation }) => annotation);
  const { outcome, disagree } = outcomeOf(recorded);
  const episode: Episode = {
    ...blankEpisode(),
    ...identityOf(file, 'oopsie', { ...place, date: place.date || (startedAt?.slice(0, 10) ?? '') }),
    createdAt: startedAt,
    startUnixSeconds: started,
    masterClock: STEPS,
    clocks: clocks.map((each) => each.clock),
    streams: shown.map(({ stream }) => stream),
    series,
    tracks,
    metadata: metadataOf(read, notDrawn),
    instruction: read.instruction || null,
    outcome,
    properties: { ...propertiesOf(read), ...(disagree ? { annotators_disagree: true } : {}) },
    marks,
    annotations: recorded,
    asks: rate.isRecorded ? [] : ['rate'],
    assumed: { rateHz: rate.isRecorded || rate.isStated ? null : rate.hz, quaternionOrder: null },
    problems: [
      ...(steps === 0 ? [emptyProblem(file)] : []),
      ...read.problems,
      ...shown.flatMap(({ problem }) => (problem ? [problem] : [])),
      ...segmentProblems,
    ],
  };
  const locations = shown.flatMap(({ stream, location }) => (location ? [[stream.id, location] as const] : []));
  const companions = read.videos.flatMap((video) => (video.found.path ? [video.found.path] : []));
  return {
    episode,
    clocks: new Map(clocks.map((each) => [each.clock.id, each.times])),
    poses,
    values,
    locations: new Map(locations),
    files: [file.path, ...companions, ...(found.file ? [found.file] : [])],
  };
}

interface Shown {
  stream: Stream;
  location: SampleLocation | null;
  clock: BuiltClock | null;
  problem: Problem | null;
}

function showVideo({ entry, found, probed }: OopsieVideo, steps: number, rateHz: number): Shown {
  const { id, key, isCamera } = entry;
  const words = key.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
  const about: VideoAbout = {
    id,
    name: isCamera && !/cam/i.test(key) ? `${words} camera` : words,
    kind: !isCamera && /gel|tactile|digit/i.test(key) ? 'tactile' : 'color',
    position: /left/i.test(key) ? 'left' : /right/i.test(key) ? 'right' : null,
    ...{ stepClock: STEPS, steps, rateHz },
  };
  if (probed) return placeVideo(probed, about);
  const fault = found.problems.at(-1)?.message ?? `${key}: its video cannot be shown.`;
  return { stream: faultyVideo(about, fault), location: null, clock: null, problem: null };
}

function emptyProblem(file: OpenFile): Problem {
  const message = `${file.name} holds neither a step of states or actions nor a video: the recorder was stopped before it saved; record it again.`;
  return { severity: 'error', code: 'empty', message };
}

function propertiesOf({ attributes, found: { profile }, annotations, variant }: OopsieFile): Episode['properties'] {
  const older: Record<string, unknown> = Object.assign({}, ...annotations.map((each) => each.attributes));
  const first = (...values: unknown[]) =>
    values.find((value): value is string => typeof value === 'string' && value !== '')?.slice(0, 200);
  const facts = {
    lab: first(attributes.lab_id, older.lab_id),
    operator: first(attributes.operator_name, older.operator_name),
    robot: first(profile?.robotName, attributes.robot_id, older.robot_id),
    policy: first(profile?.policyName, attributes.policy_id, older.policy_id),
    gripper: first(profile?.gripperName),
    controller: first(profile?.tree.controller),
  };
  const people = annotations.map(({ annotation }) => annotation).filter(isByPerson);
  const categories = [...new Set(people.flatMap((annotation) => annotation.categories ?? []))];
  const severities = people.flatMap((annotation) => annotation.severity || []);
  const severity = SEVERITY_SLUGS.findLast((slug) => severities.includes(slug)) ?? severities[0];
  return {
    ...(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Record<string, string>),
    ...(variant === 'legacy' ? { schema: 'legacy' } : {}),
    annotators: people.length,
    ...(categories.length > 0 ? { failure_category: categories.join(', ') } : {}),
    ...(severity ? { severity } : {}),
  };
}

/** Root attributes as recorded, the profile as what it says; what could be a secret is not shown. */
function metadataOf(read: OopsieFile, notDrawn: Record<string, string>): Record<string, unknown> {
  const { attributes, found, rate, notRecorded } = read;
  const shown = Object.entries(attributes).map(([name, value]) => {
    if (SECRET.test(name)) return [name, '(not shown)'];
    return [name, name === 'robot_profile' ? withoutSecrets(found.profile?.tree ?? '(not used)') : value];
  });
  return {
    ...Object.fromEntries(shown),
    ...(found.profile && found.file ? { [`robot_profile (${found.from})`]: withoutSecrets(found.profile.tree) } : {}),
    rate: `${rate.hz} Hz from ${rate.where}: index / rate, no stamps were recorded`,
    ...(notRecorded.length > 0 ? { not_recorded: notRecorded } : {}),
    ...notDrawn,
  };
}

function withoutSecrets(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (SECRET.test(key) ? '(not shown)' : value)));
}
