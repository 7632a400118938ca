import type { FindingDraft } from './findings.ts';
import type { IntensitySpikes } from './intensity-spikes.ts';
import { freezeEvidence, type PoseFreeze } from './pose-freezes.ts';
import type { PoseTeleport } from './pose-teleports.ts';
import type { PoseFreezeSettings, PoseTeleportSettings } from './settings.ts';
import type { EpisodeSignals, Side } from './signals.ts';

/** Findings of 5A to 5C in words. */

const number = (value: number, digits = 1) => value.toFixed(digits);
export const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

export function spikeDrafts(
  { side, stream, found }: { side: Side; stream: string; found: IntensitySpikes },
  { contacts }: Pick<EpisodeSignals, 'contacts'>,
): FindingDraft[] {
  const intensity = contacts.find((contact) => contact.stream === stream)?.intensity ?? new Float32Array(0);
  const { spikes, buffered, base, threshold } = found;
  return buffered.map((ticks) => {
    const own = spikes.filter(([a, b]) => a >= ticks[0] && b <= ticks[1]);
    let highest = 0;
    let count = 0;
    for (const [a, b] of own) {
      count += b - a + 1;
      for (let tick = a; tick <= b; tick++) highest = Math.max(highest, (intensity[tick] as number) - base);
    }
    return {
      detector: 'intensity-spike',
      class: 'led_flicker',
      of: side,
      side,
      streams: [stream],
      ticks,
      signals: { intensity_above_base: highest, base, spike_ticks: count },
      thresholds: { intensity_above_base: threshold },
      margin: highest / threshold - 1,
      text: `The ${side} gel flickers for ${counted(count, 'tick')}: its intensity stands ${number(highest)} above the base of ${number(base)} (limit ${number(threshold, 0)}).`,
    };
  });
}

export function teleportDraft(
  { ticks, cause, jumpTicks, speedMps, angularRadPerS }: PoseTeleport,
  { track, side }: { track: string; side: Side | null },
  settings: PoseTeleportSettings,
): FindingDraft {
  const speed = `moves at ${number(speedMps)} m/s (limit ${settings.speedMps})`;
  const turn = `turns at ${number(angularRadPerS)} rad/s (limit ${settings.angularRadPerS})`;
  const how = cause === 'both' ? `${speed} and ${turn}` : cause === 'translation' ? speed : turn;
  return {
    ...{ detector: 'pose-teleport', class: 'pose_teleport', cause, of: side ?? track, side, tracks: [track], ticks },
    signals: { speed_mps: speedMps, angular_rad_s: angularRadPerS, jump_ticks: jumpTicks },
    thresholds: { speed_mps: settings.speedMps, angular_rad_s: settings.angularRadPerS },
    margin: Math.max(speedMps / settings.speedMps, angularRadPerS / settings.angularRadPerS) - 1,
    text: `${track} ${how} between two ticks, which is impossible: markers were swapped or the solver slipped.`,
  };
}

export function freezeDraft(
  { ticks, signals, verdict }: PoseFreeze,
  { track, side }: { track: string; side: Side | null },
  about: { signals: EpisodeSignals; periodSeconds: number; settings: PoseFreezeSettings },
): FindingDraft {
  const { settings, periodSeconds } = about;
  const { timesNs, images } = about.signals;
  const seconds = ((timesNs[ticks[1]] as number) - (timesNs[ticks[0]] as number)) / 1e9;
  const ratio = (ticks[1] - ticks[0] + 1) / Math.max(1, settings.minSeconds / periodSeconds);
  const evidence = freezeEvidence(signals, verdict, settings);
  const cameras = images.filter(({ kind }) => kind === 'color').map(({ stream }) => stream);
  return {
    ...{ detector: 'pose-freeze', class: verdict, of: side ?? track, side, tracks: [track], ticks },
    streams: verdict === 'pipeline_stall' ? cameras : [],
    signals: { length_s: seconds, ...signals },
    thresholds: {
      length_s: settings.minSeconds,
      trans_vel_near_mps: settings.speedMps,
      ang_vel_near_rad_s: settings.angularRadPerS,
      opt_gap_s: settings.gapSeconds,
      ...{ cam0_dup: settings.duplicateFraction, cam1_dup: settings.duplicateFraction },
      ...{ cam2_dup: settings.duplicateFraction, view_motion: settings.viewStill },
      ...{ cam0_motion: settings.viewStill, cam1_motion: settings.viewStill, tac_motion: settings.tactileStill },
    },
    margin: Math.min(ratio - 1, evidence),
    text: `${track} repeats one pose for ${number(seconds, 2)} s: ${reasonOf({ ticks, signals, verdict }, settings)}.`,
  };
}

function reasonOf({ signals, verdict }: PoseFreeze, settings: PoseFreezeSettings): string {
  if (verdict === 'pipeline_stall') return 'all cameras repeat their pictures too, so the recorder itself stood still';
  if (verdict === 'real_still') return 'nothing moves in the pictures either, so the hand was really held still';
  const { opt_gap_s: gap, trans_vel_near_mps: speed, ang_vel_near_rad_s: turn } = signals;
  const reasons = [
    gap >= settings.gapSeconds && `no sample came for ${number(gap, 2)} s`,
    speed >= settings.speedMps && `it jumps at ${number(speed)} m/s nearby`,
    turn >= settings.angularRadPerS && `it turns over at ${number(turn)} rad/s nearby`,
  ].filter(Boolean);
  if (reasons.length > 0) return `the motion capture lost it (${reasons.join(', ')})`;
  return verdict === 'ambiguous'
    ? 'nothing tells why'
    : 'the pictures go on, so the motion capture is taken to have lost it';
}
