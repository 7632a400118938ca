import type { DetectInput } from '../../shared/detect/input.ts';
import type { DetectSettings } from '../../shared/detect/settings.ts';
import type { Finding } from '../../shared/review/finding.ts';
import type { FromDesk, ToDesk } from './desk.ts';

/** What a Worker is to us. */
export interface DeskThread {
  postMessage(message: ToDesk, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromDesk>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface Desk {
  /** Judges by these; while it is busy only the newest settings wait. */
  judge(settings: DetectSettings): void;
  close(): void;
}

export interface DeskListener {
  onJudged(findings: Finding[], settings: DetectSettings): void;
  onFault(sentence: string): void;
}

/** Lays a recording out in a thread. The packed signals are handed over: they are empty here afterwards. */
export function openDesk(
  packedSignals: Uint8Array<ArrayBuffer>,
  about: Omit<DetectInput, 'signals'>,
  listener: DeskListener,
  thread: DeskThread = newThread(),
): Desk {
  let judging: DetectSettings | undefined;
  let waiting: DetectSettings | undefined;
  const start = (settings: DetectSettings) => {
    judging = settings;
    thread.postMessage({ kind: 'judge', settings }, []);
  };
  thread.onmessage = ({ data }) => {
    const done = judging;
    judging = undefined;
    if (waiting) start(waiting);
    waiting = undefined;
    if (data.kind === 'fault') listener.onFault(data.sentence);
    else if (done) listener.onJudged(data.findings, done);
  };
  thread.onerror = ({ message }) => listener.onFault(`Judging anew has failed: ${message || 'its thread ended'}.`);
  thread.postMessage({ kind: 'lay', packedSignals, about }, [packedSignals.buffer]);
  return {
    judge(settings) {
      if (judging) waiting = settings;
      else start(settings);
    },
    close: () => thread.terminate(),
  };
}

function newThread(): DeskThread {
  return new Worker(new URL('./desk-worker.ts', import.meta.url), { type: 'module', name: 'judge' }) as DeskThread;
}
