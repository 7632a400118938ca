import type { Finding } from '../review/finding.ts';
import type { TickRange } from '../time/ranges.ts';
import { type FindingDraft, findingOf, inOrder } from './findings.ts';
import { activeTracks, type DetectInput, medianPeriodSeconds, type Trim, trimOf } from './input.ts';
import { detectIntensitySpikes, type IntensitySpikes } from './intensity-spikes.ts';
import { motionDrafts } from './motion-findings.ts';
import { detectPoseFreezes, type FreezeSurroundings, type PoseFreeze } from './pose-freezes.ts';
import { detectPoseTeleports, type PoseTeleport } from './pose-teleports.ts';
import { recordingDrafts } from './recording-findings.ts';
import { freezeDraft, spikeDrafts, teleportDraft } from './sensor-findings.ts';
import type { DetectSettings } from './settings.ts';
import type { EpisodeSignals, ImageSignals, Side, TrackSignals } from './signals.ts';
import { drained, flatSteps, type Steps } from './steps.ts';

export interface OfTrack<Event> {
  track: string;
  side: Side | null;
  events: Event[];
}

/** All that was detected in a recording. Ticks are its own, inclusive, whatever was trimmed. */
export interface Detection {
  settings: DetectSettings;
  trim: Trim;
  periodSeconds: number;
  spikes: { side: Side; stream: string; found: IntensitySpikes }[];
  teleports: OfTrack<PoseTeleport>[];
  freezes: OfTrack<PoseFreeze>[];
  /** For people, in order of time. */
  findings: Finding[];
}

/** Runs every detector that applies. A pure function of numbers: quick enough to run while a threshold moves. */
export function detectEpisode(input: DetectInput, settings: DetectSettings): Detection {
  return drained(detectInSteps(input, settings));
}

/** The same for a thread that others wait for. */
export function* detectInSteps(input: DetectInput, settings: DetectSettings): Steps<Detection> {
  const { signals, profile, activeSides } = input;
  const periodSeconds = medianPeriodSeconds(signals);
  const isReact = profile === 'react';
  const trim = trimOf(input, isReact ? settings.trim : 'none');
  const tracks = isReact ? activeTracks(input) : signals.tracks.filter(({ sampleNs }) => sampleNs.length > 0);
  const gels = signals.contacts.filter(({ side }) => activeSides.includes(side));

  const spikes = yield* flatSteps(settings.intensitySpikes.enabled ? gels : [], ({ side, stream, intensity }) => [
    { side, stream, found: detectIntensitySpikes(intensity, trim, settings.intensitySpikes) },
  ]);
  const teleports = yield* flatSteps(settings.poseTeleports.enabled ? tracks : [], ({ track, side, aligned }) => [
    { track, side, events: detectPoseTeleports(aligned, signals.timesNs, trim, settings.poseTeleports) },
  ]);
  const freezes = yield* flatSteps(isReact && settings.poseFreezes.enabled ? tracks : [], (track) => {
    const around = surroundingsOf(signals, track, trim, periodSeconds);
    return [{ track: track.track, side: track.side, events: detectPoseFreezes(track, around, settings.poseFreezes) }];
  });
  const about = { input, trim, periodSeconds, settings: settings.recording, stalls: stallsOf(freezes) };
  const drafts: FindingDraft[] = [
    ...spikes.flatMap((each) => spikeDrafts(each, signals)),
    ...teleports.flatMap(({ events, ...of }) =>
      events.map((event) => teleportDraft(event, of, settings.poseTeleports)),
    ),
    ...freezes.flatMap(({ events, ...of }) =>
      events.map((event) => freezeDraft(event, of, { signals, periodSeconds, settings: settings.poseFreezes })),
    ),
    ...(settings.recording.enabled ? yield* recordingDrafts(about) : []),
    ...(settings.motion.enabled ? yield* motionDrafts(input, settings.motion) : []),
  ];
  return {
    ...{ settings, trim, periodSeconds, spikes, teleports, freezes },
    findings: distinct(drafts.map((draft) => findingOf(draft, signals))).sort(inOrder),
  };
}

/** Two events between the same ticks (numbers come faster than ticks) are one to people: the worse of them. */
function distinct(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of findings) {
    const known = byId.get(finding.id);
    if (!known || known.severity < finding.severity) byId.set(finding.id, finding);
  }
  return [...byId.values()];
}

function stallsOf(freezes: readonly OfTrack<PoseFreeze>[]): TickRange[] {
  return freezes.flatMap(({ events }) =>
    events.filter(({ verdict }) => verdict === 'pipeline_stall').map(({ ticks }) => ticks),
  );
}

function surroundingsOf(
  { images, timesNs }: EpisodeSignals,
  { side }: TrackSignals,
  span: Trim,
  periodSeconds: number,
): FreezeSurroundings {
  return {
    ...{ timesNs, span, periodSeconds },
    cameras: [cameraNumbered(images, 0), cameraNumbered(images, 1), cameraNumbered(images, 2)],
    tactile: images.find((image) => image.kind === 'tactile' && image.position === side) ?? null,
  };
}

/** By the number in its name, as the recorder numbers them; else by where it stands (right, left, middle). */
function cameraNumbered(images: readonly ImageSignals[], number: 0 | 1 | 2): ImageSignals | null {
  const cameras = images.filter(({ kind }) => kind === 'color');
  const named = cameras.find(({ stream }) => new RegExp(`(^|/)cam${number}(/|$)`).test(stream));
  const position = (['right', 'left', 'middle'] as const)[number];
  const isNamed = cameras.some(({ stream }) => /(^|\/)cam\d(\/|$)/.test(stream));
  return named ?? (isNamed ? null : (cameras.find((camera) => camera.position === position) ?? null));
}
