import { angleBetween, distanceBetween } from '../../../shared/detect/pose-steps.ts';
import type { DetectSettings } from '../../../shared/detect/settings.ts';
import type { ImageSignals } from '../../../shared/detect/signals.ts';
import { type Episode, masterClockOf } from '../../../shared/episode/episode.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { nearest } from '../../../shared/time/sampling.ts';
import type { EpisodeArrays } from '../../app/session.ts';
import type { PictureSignals } from '../../signals/signals-state.ts';
import type { TimeWindow } from '../../timeline/zoom.ts';
import type { QueueEvent } from '../queue.ts';
import { sampleAges, seriesColumn, sliceOf, stepsOf, tickSpeeds, trackSpeeds } from './evidence-lines.ts';

/** The numbers behind an event as they are drawn: over its window, each quantity a plot of its own, with its limits. */
export interface Evidence {
  window: TimeWindow;
  event: TimeWindow;
  plots: EvidencePlot[];
  /** Something of it was seen in pictures, and is not here (yet). */
  lacksSignals: boolean;
}

export interface EvidencePlot {
  title: string;
  unit: string;
  lines: EvidenceLine[];
  limits: { value: number; label: string }[];
  /** Moments at which a picture repeated the one before: rows of marks at the foot. */
  repeats: { label: string; hue: Hue; times: Float64Array }[];
  /** Values grow from zero (and may go far beyond a limit), or lie anywhere. */
  isFromZero: boolean;
}

/** Which colour: of a side, or one of the series' by number. */
export type Hue = 'left' | 'right' | number;

export interface EvidenceLine {
  label: string;
  hue: Hue;
  /** Nanoseconds, ascending; NaN values are holes. */
  times: Float64Array;
  values: Float64Array;
}

/** What of an event its numbers are found by. */
export type JudgedEvent = Pick<QueueEvent, 'id' | 'class' | 'side' | 'ticks' | 'text' | 'finding' | 'hand'>;

export interface EvidenceSources {
  episode: Episode;
  arrays: ReadonlyMap<string, EpisodeArrays>;
  /** Null while they are not here. */
  signals: PictureSignals | null;
  settings: DetectSettings;
}

interface About extends EvidenceSources {
  finding: Finding;
  window: TimeWindow;
  ticks: Float64Array;
}

const LEAD_IN_NS = 1_000_000_000;
const AFTER_NS = 500_000_000;
/** One period on each side at least, of events without length. */
const EDGE_NS = 1;

/** What there is to draw of an event; no plots for one that no number speaks for. */
export function evidenceOf(event: JudgedEvent, sources: EvidenceSources): Evidence {
  const ticks = sources.arrays.get(`clock:${masterClockOf(sources.episode).id}`)?.times ?? new Float64Array(0);
  const startNs = ticks[event.ticks[0]] ?? 0;
  const endNs = ticks[event.ticks[1]] ?? startNs;
  const window = {
    startNs: Math.max(ticks[0] ?? 0, startNs - LEAD_IN_NS),
    endNs: Math.max(startNs + EDGE_NS, Math.min(ticks.at(-1) ?? 0, endNs + AFTER_NS)),
  };
  const finding = event.finding ?? asFinding(event, startNs, endNs);
  const plots = plotsOf({ ...sources, finding, window, ticks });
  return {
    ...{ window, event: { startNs, endNs } },
    plots: plots.filter(({ lines }) => lines.some(({ times }) => times.length > 0)),
    lacksSignals: sources.signals === null && needsSignals(finding),
  };
}

/** An event of a person's: what is known of its streams and its side is drawn, without limits. */
function asFinding({ hand, ticks, side, ...event }: JudgedEvent, startNs: number, endNs: number): Finding {
  return {
    ...{
      id: event.id,
      detector: 'hand',
      class: event.class,
      side,
      ticks: [...ticks],
      startNs,
      endNs,
      text: event.text,
    },
    ...{ streams: [...(hand?.streams ?? [])], tracks: [], series: [], signals: {}, thresholds: {} },
    ...{ margin: 0, severity: 0 },
  };
}

const FROM_PICTURES = ['intensity-spike', 'contact-drift', 'frozen-video', 'pose-freeze'];

function needsSignals({ detector, streams }: Finding): boolean {
  return FROM_PICTURES.includes(detector) || (detector === 'hand' && streams.length > 0);
}

function plotsOf(about: About): EvidencePlot[] {
  const { finding } = about;
  switch (finding.detector) {
    case 'intensity-spike':
      return intensity(about);
    case 'contact-drift':
      return drift(about);
    case 'pose-teleport':
      return steps(about);
    case 'pose-freeze':
      return [...velocities(about), ...pictures(about, [...cameraIds(about), ...gelIds(about)])];
    case 'frozen-video':
      return pictures(about, finding.streams);
    case 'clock-gap':
      return intervals(about);
    case 'late-start':
      return ages(about);
    case 'missing-values':
      return finding.tracks.length > 0 ? ages(about) : components(about);
    case 'jump':
      return [...components(about), ...jumps(about)];
    case 'action-state-divergence':
      return [...components(about), ...errors(about)];
    case 'hand':
      return finding.streams.length > 0 ? pictures(about, finding.streams) : velocities(about);
    default:
      return components(about);
  }
}

const plot = (title: string, unit: string, more: Partial<EvidencePlot>): EvidencePlot => ({
  ...{ title, unit, lines: [], limits: [], repeats: [], isFromZero: true },
  ...more,
});

/** A limit of the finding by its name there; none where it was not judged by it. */
function limit({ finding }: About, name: string, label = 'limit'): EvidencePlot['limits'] {
  const value = finding.thresholds[name];
  return value === undefined ? [] : [{ value, label: `${label} ${short(value)}` }];
}

function intensity(about: About): EvidencePlot[] {
  const { finding, signals, window, ticks } = about;
  const contact = signals?.contacts.find(({ stream }) => finding.streams.includes(stream));
  if (!contact) return [];
  const base = finding.signals.base ?? 0;
  const above = finding.thresholds.intensity_above_base ?? 0;
  const limits = [{ value: base + above, label: `limit ${short(base + above)}` }];
  if (base > 0) limits.push({ value: base, label: `base ${short(base)}` });
  const line = { label: 'Intensity', hue: contact.side, ...sliceOf(ticks, contact.intensity, window) };
  return [plot(`Intensity of the ${contact.side} gel`, 'of 255', { lines: [line], limits })];
}

function drift(about: About): EvidencePlot[] {
  const { finding, signals, window, ticks } = about;
  const contact = signals?.contacts.find(({ stream }) => finding.streams.includes(stream));
  if (!contact) return [];
  const line = { label: 'Distance', hue: contact.side, ...sliceOf(ticks, contact.intensityFromFirst, window) };
  const title = `Distance of the ${contact.side} gel from its first picture`;
  return [plot(title, 'of 255', { lines: [line], limits: limit(about, 'drift') })];
}

/** From tick to tick, as the detector has them. */
function steps(about: About): EvidencePlot[] {
  const { finding, window, ticks, settings } = about;
  const isNominal = settings.poseTeleports.rule === 'both_at_30hz';
  return tracksOf(about).flatMap(({ track, times, poses, hue }) => {
    const of = (between: typeof distanceBetween) =>
      tickSpeeds({ ticks, times, poses, rule: track.rule, window, isNominal, between });
    return [
      plot(`Speed of ${track.name}`, 'm/s', {
        lines: [{ label: 'Speed', hue, ...of(distanceBetween) }],
        limits: limit(about, 'speed_mps'),
      }),
      plot(`Turning of ${track.name}`, 'rad/s', {
        lines: [{ label: 'Turning', hue, ...of(angleBetween) }],
        limits: limit(about, 'angular_rad_s'),
      }),
    ].filter(({ title }) => finding.cause !== 'translation' || !title.startsWith('Turning'));
  });
}

/** Between samples as they were recorded. */
function velocities(about: About): EvidencePlot[] {
  const { window, settings, finding } = about;
  const { shortestStepSeconds, angularRadPerS } = settings.poseFreezes;
  return tracksOf(about).flatMap(({ track, times, poses, hue }) => {
    const of = (between: typeof distanceBetween) => trackSpeeds(times, poses, window, shortestStepSeconds, between);
    const speed = plot(`Speed of ${track.name}`, 'm/s', {
      lines: [{ label: 'Speed', hue, ...of(distanceBetween) }],
      limits: limit(about, 'trans_vel_near_mps'),
    });
    // Turning takes room, and says something only where it went beyond its limit.
    if (!((finding.signals.ang_vel_near_rad_s ?? 0) >= angularRadPerS)) return [speed];
    const turn = plot(`Turning of ${track.name}`, 'rad/s', {
      lines: [{ label: 'Turning', hue, ...of(angleBetween) }],
      limits: limit(about, 'ang_vel_near_rad_s'),
    });
    return [speed, turn];
  });
}

/** Motion of cameras and of gels, each with its limit, and where their pictures repeat. */
function pictures(about: About, streams: readonly string[]): EvidencePlot[] {
  const { signals } = about;
  const of = (kind: ImageSignals['kind']) =>
    signals?.images.filter((image) => image.kind === kind && streams.includes(image.stream)) ?? [];
  const [cameras, gels] = [of('color'), of('tactile')];
  const motion = (images: ImageSignals[], title: string, limits: EvidencePlot['limits']) =>
    images.length === 0 ? [] : [plot(title, 'of 255', { ...linesOf(images, about), limits })];
  return [
    ...motion(cameras, 'Motion in the cameras', limit(about, 'view_motion', 'still below')),
    ...motion(gels, 'Motion in the gel', limit(about, 'tac_motion', 'still below')),
  ];
}

function linesOf(images: readonly ImageSignals[], { window, ticks, episode }: About) {
  const named = images.map((image, at) => ({
    image,
    label: episode.streams.find(({ id }) => id === image.stream)?.name ?? image.stream,
    hue: image.kind === 'tactile' && image.position !== 'middle' && image.position !== null ? image.position : at,
  }));
  return {
    lines: named.map(({ image, label, hue }) => ({ label, hue, ...sliceOf(ticks, image.motion, window) })),
    repeats: named.map(({ image, label, hue }) => {
      const { times, values } = sliceOf(ticks, image.duplicate, window);
      return { label, hue, times: times.filter((_, at) => values[at] === 1) };
    }),
  };
}

function cameraIds({ signals }: About): string[] {
  return signals?.images.filter(({ kind }) => kind === 'color').map(({ stream }) => stream) ?? [];
}

/** The gel of the same hand. */
function gelIds({ signals, finding }: About): string[] {
  const own = signals?.images.filter(({ kind, position }) => kind === 'tactile' && position === finding.side);
  return own?.map(({ stream }) => stream) ?? [];
}

function intervals(about: About): EvidencePlot[] {
  const line = { label: 'Step', hue: 0, ...stepsOf(about.ticks, about.window) };
  return [plot('Time since the tick before', 's', { lines: [line], limits: limit(about, 'gap_s') })];
}

function ages(about: About): EvidencePlot[] {
  const { ticks, window } = about;
  return tracksOf(about).map(({ track, times, poses, hue }) =>
    plot(`Time to the nearest sample of ${track.name}`, 's', {
      lines: [{ label: 'Time', hue, ...sampleAges(ticks, times, poses, window) }],
      limits: limit(about, 'first_sample_s'),
    }),
  );
}

/** The component it was seen in, of the state and of its command. */
function components(about: About): EvidencePlot[] {
  const lines = columnsOf(about).map(({ label, times, values }, hue) => ({ label, hue, times, values }));
  const unit = about.episode.series.find(({ id }) => id === about.finding.series[0])?.unit ?? '';
  const limits = [...limit(about, 'min', 'limit'), ...limit(about, 'max', 'limit')];
  return [plot(about.finding.cause ?? 'Value', unit, { lines, limits, isFromZero: false })];
}

function jumps(about: About): EvidencePlot[] {
  const [column] = columnsOf(about);
  if (!column) return [];
  const { times, values, periodNs } = column;
  // As the detector has them: a step over a hole counts for the time that it took.
  const sizes = values.map((value, at) => {
    const tookNs = (times[at] as number) - (times[at - 1] as number);
    return at === 0 ? Number.NaN : Math.abs(value - (values[at - 1] as number)) / Math.max(1, tookNs / periodNs);
  });
  const line = { label: 'Step', hue: 2, times, values: sizes };
  return [plot('Step', '', { lines: [line], limits: limit(about, 'step') })];
}

function errors(about: About): EvidencePlot[] {
  const [command, state] = columnsOf(about);
  if (!command || !state) return [];
  const off = command.values.map((value, at) => {
    const row = nearest(state.times, command.times[at] as number);
    return Math.abs(value - (state.values[row] ?? Number.NaN));
  });
  const line = { label: 'Error', hue: 2, times: command.times, values: off };
  return [plot('Off its command', '', { lines: [line], limits: limit(about, 'error') })];
}

function columnsOf({ finding, episode, arrays, window }: About) {
  return finding.series.flatMap((id) => {
    const series = episode.series.find((candidate) => candidate.id === id);
    const numbers = arrays.get(`series:${id}`);
    const column = series && numbers && seriesColumn(series, numbers, finding, episode, window);
    return column ? [column] : [];
  });
}

function tracksOf({ finding, episode, arrays }: About) {
  const isOf = (track: Episode['tracks'][number]) =>
    finding.detector === 'hand'
      ? finding.side !== null && track.side === finding.side
      : finding.tracks.includes(track.id);
  return episode.tracks.filter(isOf).flatMap((track) => {
    const numbers = arrays.get(`track:${track.id}`);
    const hue: Hue = track.side ?? 0;
    return numbers ? [{ track, hue, times: numbers.times, poses: numbers.values }] : [];
  });
}

/** Three figures: for a label. */
export function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
