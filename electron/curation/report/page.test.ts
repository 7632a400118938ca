import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../shared/detect/findings.ts';
import type { QueueEvent } from '../../../shared/review/queue.ts';
import { GifFile } from '../gif/gif-file.ts';
import { countersOf } from './counters.ts';
import type { RecordingReport, ReportEvent } from './gather.ts';
import { FileContent, html } from './html.ts';
import { pageOf } from './page.ts';
import { stillOf } from './still-gif.ts';

const HOSTILE = `"><script>alert('x')</script>&\u202eevil\u0007`;
const SAFE = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\ufffdevil\ufffd';

describe('text in a page', () => {
  it('is escaped wherever it came from, and what was made here is not', () => {
    const inner = html`<b>${HOSTILE}</b>`;
    expect(html`<i title="${HOSTILE}">${[inner, null, 3]}</i>`.pieces.join('')).toBe(
      `<i title="${SAFE}"><b>${SAFE}</b>3</i>`,
    );
  });
});

const timesNs = Float64Array.from({ length: 100 }, (_, tick) => tick * 5e7);
type Value = 'keep' | 'cut' | null;

function eventOf(of: 'ot_loss' | 'led_flicker', ticks: readonly [number, number], value: Value): ReportEvent {
  const detector = of === 'ot_loss' ? 'pose-freeze' : 'intensity-spike';
  const finding = findingOf(
    {
      ...{ detector, class: of, of: 'left', side: 'left', ticks, margin: 1, text: HOSTILE },
      ...{ signals: { opt_gap_s: 0.25, cam0_dup: null }, thresholds: { opt_gap_s: 0.1 } },
    },
    { timesNs },
  );
  const verdict = { value: value ?? ('keep' as const), of: { detector, class: of, side: null, ticks }, note: HOSTILE };
  const decision: QueueEvent['decision'] =
    value === null
      ? null
      : {
          id: finding.id,
          annotator: HOSTILE,
          at: '2026-07-02T10:00:00.000Z',
          movedFrom: null,
          verdict: verdict as never,
        };
  return {
    ...{ id: finding.id, class: of, side: 'left', ticks, text: HOSTILE, finding, hand: null, decision },
    ...{ key: finding.id, recording: { episode: 'a', path: HOSTILE, task: HOSTILE, date: HOSTILE }, detector },
    ...{ maker: null, origin: finding, severity: finding.severity, margin: 1, own: [], isLeftOver: false },
    ...{ fromNs: finding.startNs, toNs: finding.endNs, address: 'episode=a%2Fb.h5&t=1..2', clips: [] },
  };
}

function recordingOf(events: ReportEvent[] | null, more: Partial<RecordingReport> = {}): RecordingReport {
  return {
    ...{ path: HOSTILE, name: HOSTILE, format: 'react', ticks: 100, isClosed: false, durationNs: 5e9, address: 'a' },
    check: {
      ...{ status: 'error', notes: [HOSTILE], take: [{ what: 'cameras', isFine: false, text: HOSTILE }] as never },
      problems: [{ severity: 'error', code: 'gap', message: HOSTILE }],
    },
    detected: { at: '2026-07-02T09:00:00.000Z', first: 3, last: 99, reason: HOSTILE, activeSides: ['left'] },
    ...{ events, unmatched: [], reviewProblems: [HOSTILE], preview: { absent: 'There is no GIF.' } },
    said: [
      {
        annotator: HOSTILE,
        outcome: { value: 'failure', reason: HOSTILE },
        notes: [{ text: HOSTILE }],
        flags: [{ kind: 'exposure', ticks: [1, 2], text: HOSTILE }],
      },
    ],
    ...more,
  };
}

function pageWith(recordings: RecordingReport[]): string {
  const box = { box: HOSTILE, isTicked: false, evidence: HOSTILE, missing: [HOSTILE], command: HOSTILE };
  const report = {
    ...{ title: HOSTILE, root: HOSTILE, link: 'http://127.0.0.1:4321/', version: '1', preflight: [box], recordings },
    counters: countersOf(recordings),
  };
  const { pieces } = pageOf(report, new Date('2026-07-02T12:34:00Z'));
  return pieces.map((piece) => (piece instanceof FileContent ? `data:${piece.kind}` : piece)).join('');
}

describe('the page', () => {
  const events = [eventOf('ot_loss', [10, 19], 'cut'), eventOf('led_flicker', [40, 42], null)];

  it('takes nothing from names and notes but their letters, loads nothing and runs nothing', () => {
    const page = pageWith([recordingOf(events)]);
    expect(page).toContain(SAFE);
    expect(page).not.toMatch(/<script|\u202e|alert\('x'\)/);
    expect(page).not.toMatch(/\b(src|srcset)="(?!data:)|\bhref="(?!#|http:\/\/127\.0\.0\.1:4321\/#)|url\(|@import/);
    expect(page).toContain('default-src &#39;none&#39;');
    // Every element that is opened is closed, so that no name broke out of its place.
    const names = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, name]) => name).sort();
    const unclosed = new Set(['meta', 'br', 'img', 'source']);
    expect(names(/<([a-z0-9]+)[\s>]/g).filter((name) => !unclosed.has(name as string))).toEqual(
      names(/<\/([a-z0-9]+)>/g),
    );
  });

  it('says of a finding what spoke for it with its limits, how long it was, and who decided what', () => {
    const page = pageWith([recordingOf(events)]).replaceAll(SAFE, 'X');
    expect(page).toContain('opt_gap_s 0.25 <span class="quiet">(limit 0.1)</span>');
    expect(page).toContain('cam0_dup –');
    expect(page).toMatch(/10 ticks<br>0\.45 s/);
    expect(page).toMatch(
      /<span class="word cut">cut<\/span> by X<br><time [^>]*>2026-07-02 10:00 UTC<\/time><p>X<\/p>/,
    );
    expect(page).toContain('<span class="word open">undecided</span>');
    expect(page).toContain('<code class="address">episode=a%2Fb.h5&amp;t=1..2</code>');
    expect(page).toContain('<a href="http://127.0.0.1:4321/#episode=a%2Fb.h5&amp;t=1..2">');
  });

  it('tells what was not looked at from what is without fault, and why a GIF is not there', () => {
    expect(pageWith([recordingOf([])])).toContain('Nothing was found.');
    const unseen = pageWith([recordingOf(null, { detected: null })]);
    expect(unseen).toContain('In 1 of 1 recordings nothing was looked for yet');
    expect(unseen).toContain('There is no GIF.');
    const shown = pageWith([recordingOf([], { preview: { file: '/a.gif', sha256: '' } })]);
    expect(shown).toMatch(
      /<source media="\(prefers-reduced-motion: reduce\), print" srcset="data:still"><img alt="[^"]+" src="data:whole">/,
    );
  });
});

describe('the counters', () => {
  it('count a frame once a failure mode, by what was decided of it', () => {
    const counters = countersOf([
      recordingOf([
        eventOf('ot_loss', [0, 9], 'cut'),
        eventOf('ot_loss', [5, 14], 'cut'),
        eventOf('ot_loss', [30, 30], 'keep'),
        eventOf('led_flicker', [8, 20], 'cut'),
        eventOf('led_flicker', [50, 51], null),
      ]),
      recordingOf(null),
    ]);
    expect(counters).toMatchObject({ recordings: 2, notDetected: 1, frames: 200, undecided: 1, cutFrames: 21 });
    expect(counters.modes).toEqual([
      {
        class: 'ot_loss',
        events: { all: 3, undecided: 0, keep: 1, cut: 2 },
        frames: { all: 16, undecided: 0, keep: 1, cut: 15 },
      },
      {
        class: 'led_flicker',
        events: { all: 2, undecided: 1, keep: 0, cut: 1 },
        frames: { all: 15, undecided: 2, keep: 0, cut: 13 },
      },
    ]);
  });
});

describe('the still of a GIF', () => {
  it('is its first picture to the byte, and a whole GIF', () => {
    const gifOf = (values: readonly number[]) => {
      const file = new GifFile({ width: 2, height: 1, palette: Uint8Array.of(0, 0, 0, 255, 255, 255) });
      for (const value of values) file.add(Uint8Array.of(value, 1), 10);
      return file.finish();
    };
    const still = stillOf(gifOf([0, 1, 0])) as Uint8Array;
    expect([...still]).toEqual([...gifOf([0])]);
    expect(stillOf(Uint8Array.of(1, 2, 3))).toBeUndefined();
    expect(stillOf(gifOf([0, 1]).subarray(0, 40))).toBeUndefined();
  });
});
