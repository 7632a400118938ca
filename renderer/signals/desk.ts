import { detectEpisode } from '../../shared/detect/detect.ts';
import type { DetectInput } from '../../shared/detect/input.ts';
import { unpackSignals } from '../../shared/detect/pack-signals.ts';
import type { DetectSettings } from '../../shared/detect/settings.ts';
import type { Finding } from '../../shared/review/finding.ts';

/** Judging a recording anew in a thread of its own: its numbers are laid out once, then judged by one settings after another. */
export type ToDesk =
  | { kind: 'lay'; packedSignals: Uint8Array; about: Omit<DetectInput, 'signals'> }
  | { kind: 'judge'; settings: DetectSettings };
export type FromDesk = { kind: 'judged'; findings: Finding[] } | { kind: 'fault'; sentence: string };

/** Answers every "judge", and nothing else: what went wrong with the laying out is said then. */
export function createDesk(): (message: ToDesk) => FromDesk | undefined {
  let input: DetectInput | undefined;
  let fault = 'There is nothing to judge yet.';
  const decoder = new TextDecoder();
  return (message) => {
    try {
      if (message.kind === 'judge') {
        if (!input) return { kind: 'fault', sentence: fault };
        return { kind: 'judged', findings: detectEpisode(input, message.settings).findings };
      }
      const signals = unpackSignals(message.packedSignals, (bytes) => decoder.decode(bytes));
      input = { ...message.about, signals };
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
      if (message.kind === 'judge') return { kind: 'fault', sentence: fault };
    }
    return undefined;
  };
}
