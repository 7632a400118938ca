import { expect, it } from 'vitest';
import { packSignals } from '../../shared/detect/pack-signals.ts';
import { DEFAULT_DETECT_SETTINGS, type DetectSettings } from '../../shared/detect/settings.ts';
import { inputWith, steadyTimes, trackWith, wandering } from '../../shared/detect/testing.ts';
import type { Finding } from '../../shared/review/finding.ts';
import { createDesk, type FromDesk, type ToDesk } from './desk.ts';
import { type DeskThread, openDesk } from './desk-client.ts';

const TICKS = 120;
const { signals, ...about } = inputWith({
  ticks: TICKS,
  tracks: [
    trackWith('left', steadyTimes(TICKS), (tick) => (tick < 60 ? wandering(tick) : [1, ...wandering(tick).slice(1)])),
  ],
});
const packed = () => packSignals(signals, (text) => new TextEncoder().encode(text));
const faster = (speedMps: number): DetectSettings => ({
  ...DEFAULT_DETECT_SETTINGS,
  poseTeleports: { ...DEFAULT_DETECT_SETTINGS.poseTeleports, speedMps },
});

/** A thread that works when it is told to. */
function slowThread() {
  const answer = createDesk();
  const inbox: ToDesk[] = [];
  const thread: DeskThread & { isEnded: boolean } = {
    postMessage: (message) => inbox.push(message),
    terminate: () => {
      thread.isEnded = true;
    },
    onmessage: null,
    onerror: null,
    isEnded: false,
  };
  const work = () => {
    const message = inbox.shift();
    const reply = message && answer(message);
    if (reply) thread.onmessage?.({ data: reply } as MessageEvent<FromDesk>);
    return message?.kind;
  };
  return { thread, inbox, work };
}

it('judges a recording again and again, the newest settings next and none twice', () => {
  const { thread, inbox, work } = slowThread();
  const judged: [number, Finding[]][] = [];
  const desk = openDesk(
    packed(),
    about,
    {
      onJudged: (findings, { poseTeleports }) => judged.push([poseTeleports.speedMps, findings]),
      onFault: (sentence) => expect.unreachable(sentence),
    },
    thread,
  );
  expect(work()).toBe('lay');
  for (const speed of [5, 10, 15, 1000]) desk.judge(faster(speed));
  expect(inbox).toHaveLength(1);
  while (inbox.length > 0) work();
  expect(judged.map(([speed]) => speed)).toEqual([5, 1000]);
  expect(judged[0]?.[1].map(({ class: of }) => of)).toEqual(['pose_teleport']);
  expect(judged[1]?.[1]).toEqual([]);
  desk.close();
  expect(thread.isEnded).toBe(true);
});

it('says with the first judgement that what was laid out cannot be read', () => {
  const answer = createDesk();
  expect(answer({ kind: 'judge', settings: DEFAULT_DETECT_SETTINGS })?.kind).toBe('fault');
  expect(answer({ kind: 'lay', packedSignals: packed().subarray(0, 900), about })).toBeUndefined();
  expect(answer({ kind: 'judge', settings: DEFAULT_DETECT_SETTINGS })).toEqual({
    kind: 'fault',
    sentence: 'It is cut short.',
  });
});
