import type { Finding } from '../../../shared/review/finding.ts';
import { ALARM } from '../panel/compose.ts';
import type { PanelEvent } from '../panel/panel-source.ts';

/** What a clip says of a tick. */
export interface ClipPlace {
  /** Position in the clip, from 1, and how many there are. */
  at: number;
  of: number;
  label: string;
  /** Ticks of the trimmed episode, as the published files name the event. */
  published: readonly [number, number];
}

const QUIET = [150, 150, 150] as const;
const PLAIN = [225, 225, 225] as const;

/** Rings the sensor concerned, or frames the streams, while the event lasts; says where one is all the time. */
export function clipEvent(finding: Finding, tick: number, timeNs: number, place: ClipPlace): PanelEvent {
  const [first, last] = finding.ticks;
  const isOn = tick >= first && tick <= last;
  const word = wordOf(finding);
  const { side, startNs, endNs, streams } = finding;
  const seconds = (timeNs - startNs) / 1e9;
  const [a, b] = place.published;
  return {
    // In a clip nothing but its event is ringed.
    ringed: { sides: isOn && side ? [side] : [], word },
    ...(isOn && streams.length > 0 ? { framed: { streams, word } } : {}),
    notes: [
      { text: `${finding.class.replaceAll('_', ' ')} [${a}, ${b}]${side ? `  ${side}` : ''}`, color: PLAIN },
      {
        text: `${last - first + 1} ${last === first ? 'tick' : 'ticks'}, ${((endNs - startNs) / 1e9).toFixed(2)} s`,
        color: QUIET,
      },
      {
        text: `${seconds < 0 ? '' : '+'}${seconds.toFixed(2)} s  ${place.label} ${place.at} / ${place.of}`,
        color: QUIET,
      },
      isOn ? { text: word, color: ALARM } : { text: seconds < 0 ? 'before' : 'after', color: QUIET },
    ],
  };
}

function wordOf({ detector, class: of }: Finding): string {
  if (detector === 'intensity-spike') return 'FLICKER';
  if (detector === 'pose-teleport' || detector === 'jump') return 'JUMP';
  if (of === 'pipeline_stall') return 'STALL';
  if (of === 'real_still') return 'STILL';
  return detector === 'pose-freeze' || detector === 'frozen-video' ? 'FROZEN' : of.replaceAll('_', ' ').toUpperCase();
}
