import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { safe } from '@orpc/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ArraysHeader } from '../../shared/api/arrays.ts';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import { formatQuery } from '../../shared/api/query.ts';
import { encodeTickRequest, type TickHeader, type TickRequest } from '../../shared/api/tick.ts';
import type { Door, DoorKind } from './doors.ts';
import {
  depthPixels,
  type Fixture,
  framePixels,
  HEIGHT,
  makeFixture,
  POSES,
  STREAM_SEEDS,
  TICK_SECONDS,
  TICKS,
  WIDTH,
  writeRecording,
} from './fixture.ts';
import { bytesOf, collect, envelopeOf, expectFault } from './helpers.ts';

/** What every door must do: the same sentences, bytes and refusals, however the request came in. */
export function describeContract(kind: DoorKind): void {
  describe(`the contract, through ${kind.name}`, () => {
    let fixture: Fixture;
    let door: Door;
    let root: string;
    let sequence = 0;
    let hashAtStart: string;

    beforeAll(async () => {
      fixture = await makeFixture();
      hashAtStart = hashOf(fixture.good);
      door = await kind.open(fixture);
      root = (await door.client.roots.open({ grant: await door.grant(fixture.dataset) })).id;
    });
    afterAll(async () => {
      await door?.close();
      fixture?.remove();
    });

    function hashOf(below: string): string {
      return createHash('sha256')
        .update(readFileSync(path.join(fixture.dataset, below)))
        .digest('hex');
    }

    const good = (): string => `${root}/${fixture.good}`;

    function tickPath(more: Partial<TickRequest> = {}): string {
      const request = { episode: good(), tick: 0, streams: [{ stream: 'realsense/cam0/color' }], view: 'suite' };
      return `/api/tick?${encodeTickRequest({ ...request, sequence: ++sequence, direction: 0, ...more })}`;
    }

    async function tick(more: Partial<TickRequest> = {}): Promise<{ header: TickHeader; body: Uint8Array }> {
      const response = await door.fetch(tickPath(more));
      expect(response.status, await response.clone().text()).toBe(200);
      return envelopeOf<TickHeader>(response);
    }

    async function listed(): Promise<Record<string, string>> {
      const { entries } = await door.client.library.get({ root });
      return Object.fromEntries(entries.map((entry) => [entry.path, entry.status]));
    }

    describe('pages', () => {
      it('serves the page closed in by its headers', async () => {
        const response = await door.fetch('/');
        expect(await response.text()).toContain('<title>Regrasp</title>');
        expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
        const policy = response.headers.get('content-security-policy') ?? '';
        expect(policy.split('; ')).toEqual(
          expect.arrayContaining([
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "frame-ancestors 'none'",
          ]),
        );
        expect(policy).not.toContain("'unsafe-eval'");
        expect(Object.fromEntries(response.headers)).toMatchObject({
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-embedder-policy': 'require-corp',
          'cross-origin-resource-policy': 'same-origin',
          'referrer-policy': 'no-referrer',
        });
      });

      it('keeps hashed files for good, asks again for the rest and names wasm', async () => {
        const script = await door.fetch('/assets/index-C0ffee12.js');
        expect(script.headers.get('cache-control')).toContain('immutable');
        expect(script.headers.get('content-type')).toContain('text/javascript');
        const wasm = await door.fetch('/assets/decoder.wasm');
        expect(wasm.headers.get('content-type')).toBe('application/wasm');
        expect(wasm.headers.get('cache-control')).toBe('no-cache');
        expect(new Uint8Array(await wasm.arrayBuffer())).toEqual(new Uint8Array([0, 0x61, 0x73, 0x6d]));
      });

      it.each([
        ['/..%2fsecret.txt'],
        ['/assets/..%2f..%2fsecret.txt'],
        ['/%2e%2e%2fsecret.txt'],
        ['/..%5csecret.txt'],
        ['/assets/link.txt'],
        ['/index.html%00.js'],
        ['/%'],
        ['/assets'],
        ['/nothing.js'],
        ['/api/nothing'],
      ])('answers 404 to %s', async (hostile) => {
        const response = await door.fetch(hostile);
        expect(response.status).toBe(404);
        expect(await response.text()).not.toContain('nobody may read this');
      });

      it('takes no other method', async () => {
        expect((await door.fetch('/', { method: 'DELETE' })).status).toBe(405);
        expect((await door.fetch('/api/tick', { method: 'POST', body: '{}' })).status).toBe(405);
      });
    });

    describe('roots and the library', () => {
      it('lists what was opened, until it is closed', async () => {
        const { client } = door;
        expect(await client.roots.list()).toEqual([expect.objectContaining({ id: root, path: fixture.dataset })]);
        await expectFault(client.roots.open({ grant: 'made-up' }), 'REFUSED');
        await expectFault(client.library.get({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
        await expectFault(client.library.rescan({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
        await expectFault(client.roots.close({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
      });

      it('finds recordings, tells the broken from the good, and follows no link', async () => {
        await vi.waitFor(async () => expect(Object.values(await listed())).not.toContain('pending'), {
          timeout: 20_000,
        });
        expect(await listed()).toEqual({
          [fixture.good]: expect.stringMatching(/good|warning/),
          [fixture.otherDate]: expect.stringMatching(/good|warning/),
          [fixture.notHdf5]: 'error',
          [fixture.linked]: 'error',
        });
        const { entries } = await door.client.library.get({ root });
        const broken = entries.find((entry) => entry.path === fixture.notHdf5);
        expect(broken?.problems[0]?.message).toMatch(/episode_001/);
        const linked = entries.find((entry) => entry.path === fixture.linked);
        expect(linked?.problems[0]?.message).toMatch(/is a link to .*outside\.h5, which was not opened/);
        const whole = entries.find((entry) => entry.path === fixture.good);
        expect(whole).toMatchObject({ ticks: TICKS, task: 'push', date: '2026-05-10' });
        expect(whole?.durationNs).toBeCloseTo((TICK_SECONDS.at(-1) ?? 0) * 1e9, -4);
      });

      it('refuses to grant what is not there or is no recording', async () => {
        await expect(door.grant(path.join(fixture.base, 'nowhere'))).rejects.toThrow();
        await expect(door.grant(path.join(fixture.base, 'secret.txt'))).rejects.toThrow();
      });
    });

    describe('episodes', () => {
      it('opens one with its model, fingerprint and revision', async () => {
        const opened = await door.client.episodes.open({ episode: good() });
        expect(opened.episode.streams.map((stream) => stream.id)).toEqual(
          expect.arrayContaining(Object.keys(STREAM_SEEDS)),
        );
        expect(opened.fingerprint).toMatch(/^[0-9a-f]{64}$/);
        expect(opened.revision).not.toBe('');
        const other = await door.client.episodes.open({ episode: `${root}/${fixture.notHdf5}` });
        expect(other.episode.problems[0]?.severity).toBe('error');
      });

      it.each([
        ['a link that leaves', (f: Fixture) => f.linked],
        ['a way up', () => 'data/../../outside.h5'],
        ['a way up and back', () => 'data/push/2026-05-10/../2026-05-10/episode_000.h5'],
        ['an absolute path', (f: Fixture) => path.join(f.base, 'outside.h5')],
        ['a NUL', (f: Fixture) => `${f.good}\0`],
        ['an empty part', () => 'data//push/2026-05-10/episode_000.h5'],
        ['nothing', () => ''],
      ])('refuses %s', async (_what, below) => {
        const episode = `${root}/${below(fixture)}`;
        await expectFault(door.client.episodes.open({ episode }), 'REFUSED');
        await expectFault(door.client.review.get({ episode }), 'REFUSED');
        expect((await door.fetch(tickPath({ episode }))).status).toBe(403);
        const query = formatQuery(Object.entries({ episode, kind: 'clock', id: 'timestamps' }));
        expect((await door.fetch(`/api/arrays?${query}`)).status).toBe(403);
      });

      it.each([['%2e%2e/outside.h5'], ['data/push/2026-05-10/%2e%2e/x.h5'], ['.regrasp/settings.json']])(
        'does not find %s',
        async (below) => {
          await expectFault(door.client.episodes.open({ episode: `${root}/${below}` }), 'NOT_FOUND');
        },
      );

      it('knows no other root', async () => {
        await expectFault(door.client.episodes.open({ episode: `0123456789abcdef/${fixture.good}` }), 'NOT_FOUND');
        await expectFault(door.client.episodes.open({ episode: fixture.good }), 'REFUSED');
      });

      it('answers calibrations, Python and seen ticks', async () => {
        const { client } = door;
        expect(await client.episodes.calibrations({ episode: good() })).toEqual([]);
        const range = { episode: good(), from: 1, to: 3 };
        const { code } = await client.episodes.python({ ...range, streams: ['realsense/cam0/color'] });
        expect(code).toContain('realsense/cam0/color');
        await expectFault(client.episodes.python({ ...range, streams: ['../other'] }), 'NOT_FOUND');
        await client.episodes.seen({ episode: good(), add: [[0, 1]] });
        const seen = await client.episodes.seen({ episode: good(), add: [[2, 4]] });
        expect(seen.ranges).toEqual([[0, 4]]);
        // Ticks painted of a file that was replaced since are not ticks of this one.
        const late = await client.episodes.seen({ episode: good(), add: [[5, 6]], revision: 'of another file' });
        expect(late.ranges).toEqual([[0, 4]]);
        const { revision } = await client.episodes.open({ episode: good() });
        const again = await client.episodes.seen({ episode: good(), add: [[5, 6]], revision });
        expect(again.ranges).toEqual([[0, 6]]);
      });
    });

    describe('ticks', () => {
      const all = Object.keys(STREAM_SEEDS).map((stream) => ({ stream }));

      it.each([[0], [3], [TICKS - 1]])('carries the stored bytes of tick %i of every stream', async (at) => {
        const { header, body } = await tick({ tick: at, streams: [...all, { stream: 'realsense/cam1/depth' }] });
        expect(header).toMatchObject({ episode: good(), tick: at, view: 'suite', sequence });
        expect(header.timeNs).toBeCloseTo((TICK_SECONDS[at] as number) * 1e9, -4);
        expect(header.samples).toHaveLength(6);
        for (const sample of header.samples) {
          expect(sample, sample.stream).toMatchObject({ state: 'shown', index: at, width: WIDTH, height: HEIGHT });
          const seed = STREAM_SEEDS[sample.stream];
          const stored = seed === undefined ? bytesOf(depthPixels(at)) : framePixels(seed, at);
          expect(sample.offset % 8).toBe(0);
          expect(sample.bytes).toBe(stored.length);
          expect(
            Buffer.compare(body.subarray(sample.offset, sample.offset + sample.bytes), stored),
            sample.stream,
          ).toBe(0);
        }
      });

      it('names the channel order in use, and follows the person’s choice', async () => {
        const orderNow = async () => (await tick()).header.samples[0]?.order;
        expect(await orderNow()).toBe('bgr');
        await door.client.settings.patchDataset({ root, patch: { orders: { 'realsense/cam0/color': 'rgb' } } });
        expect(await orderNow()).toBe('rgb');
        await door.client.settings.patchDataset({ root, patch: { orders: { 'realsense/cam0/color': null } } });
        expect(await orderNow()).toBe('bgr');
      });

      it('pairs tactile streams by the offset a person set', async () => {
        const streams = [{ stream: 'gelsight/left/frames' }, { stream: 'realsense/cam0/color' }];
        const patch = (ticks: number | null) => ({ root, patch: { tactileOffsets: { [fixture.good]: ticks } } });
        await door.client.settings.patchDataset(patch(2));
        expect((await tick({ tick: 3, streams })).header.samples.map((sample) => sample.index)).toEqual([5, 3]);
        await door.client.settings.patchDataset(patch(null));
        expect((await tick({ tick: 3, streams })).header.samples.map((sample) => sample.index)).toEqual([3, 3]);
      });

      it('averages down to the size that was asked for', async () => {
        const streams = [{ stream: 'realsense/cam0/color', maxWidth: WIDTH / 2, maxHeight: HEIGHT / 2 }];
        const { header, body } = await tick({ streams });
        const [sample] = header.samples;
        expect(sample).toMatchObject({
          width: WIDTH / 2,
          height: HEIGHT / 2,
          storedWidth: WIDTH,
          storedHeight: HEIGHT,
        });
        const stored = framePixels(1, 0);
        const corner = [0, 3, WIDTH * 3, WIDTH * 3 + 3].reduce((sum, at) => sum + (stored[at] as number), 0) / 4;
        expect(Math.abs((body[sample?.offset ?? 0] as number) - corner)).toBeLessThanOrEqual(1);
      });

      it('is superseded by a newer request of its view, and of no other', async () => {
        const old = tickPath();
        await tick();
        const late = await door.fetch(old);
        expect(late.status).toBe(204);
        expect((await late.arrayBuffer()).byteLength).toBe(0);
        expect((await door.fetch(tickPath({ view: 'another', sequence: 1 }))).status).toBe(200);
      });

      it('ends with the newest of many that were sent at once', async () => {
        const responses = await Promise.all(
          Array.from({ length: 12 }, (_, at) => door.fetch(tickPath({ tick: at % TICKS, streams: all }))),
        );
        expect(responses.at(-1)?.status).toBe(200);
        for (const response of responses) {
          expect([200, 204]).toContain(response.status);
          await response.arrayBuffer();
        }
      });

      it('says what is wrong with a stream and shows the others', async () => {
        const { header } = await tick({
          streams: [{ stream: 'realsense/cam9/color' }, { stream: 'realsense/cam0/color' }],
        });
        expect(header.samples[0]).toMatchObject({ state: 'fault', message: expect.stringContaining('cam9') });
        expect(header.samples[1]?.state).toBe('shown');
      });

      it('does not go into a cache, and says how long it is', async () => {
        const response = await door.fetch(tickPath());
        expect(response.headers.get('cache-control')).toBe('no-store');
        const bytes = (await response.arrayBuffer()).byteLength;
        expect(Number(response.headers.get('content-length'))).toBe(bytes);
      });

      it.each([
        [''],
        ['?episode=x'],
        ['?tick=-1'],
        ['?%E0%A4%A'],
        ['?episode=a&view=v&tick=1e9&sequence=0&direction=0&stream=s'],
      ])('answers 400 to %j', async (query) => {
        expect((await door.fetch(`/api/tick${query}`)).status).toBe(400);
      });

      it('answers a tick beyond the end without failing', async () => {
        const response = await door.fetch(tickPath({ tick: 10_000 }));
        expect(response.status).toBeLessThan(500);
        await response.arrayBuffer();
      });
    });

    describe('numbers', () => {
      const numbers = (kind: string, id: string) =>
        door.fetch(`/api/arrays?${formatQuery(Object.entries({ episode: good(), kind, id }))}`);

      it('carries clocks and poses as they were recorded', async () => {
        const { episode } = await door.client.episodes.open({ episode: good() });
        const clock = await envelopeOf<ArraysHeader>(await numbers('clock', episode.masterClock));
        expect(clock.header.arrays).toEqual([{ name: 'times', shape: [TICKS], offset: 0, bytes: TICKS * 8 }]);
        const times = new Float64Array(clock.body.slice().buffer);
        TICK_SECONDS.forEach((seconds, at) => {
          expect(times[at]).toBeCloseTo(seconds * 1e9, -4);
        });
        const track = await envelopeOf<ArraysHeader>(await numbers('track', 'sensor_left'));
        const poses = track.header.arrays.find((array) => array.name === 'poses');
        expect(poses?.shape).toEqual([20, 7]);
        const from = poses?.offset ?? 0;
        expect(new Float64Array(track.body.slice(from, from + (poses?.bytes ?? 0)).buffer)).toEqual(POSES);
      });

      it('refuses what is not there or makes no sense', async () => {
        expect((await numbers('clock', 'sundial')).status).toBe(404);
        expect((await numbers('track', 'nobody')).status).toBe(404);
        expect((await numbers('series', '__proto__')).status).toBe(404);
        expect((await numbers('opinion', 'x')).status).toBe(400);
        expect((await door.fetch('/api/arrays')).status).toBe(400);
      });
    });

    describe('reviews', () => {
      it('keeps a gesture on disk, takes it back and does it again', async () => {
        const { client } = door;
        const episode = good();
        const patch = [{ map: 'outcome' as const, id: 'episode', value: { value: 'success' } }];
        const after = await client.review.gesture({ episode, name: 'Set outcome to success', patch });
        expect(after.own.outcome).toEqual({ value: 'success' });
        expect(after.undo).toEqual({ count: 1, name: 'Set outcome to success' });
        expect((await client.review.undo({ episode })).own.outcome).toBeNull();
        expect((await client.review.redo({ episode })).own.outcome).toEqual({ value: 'success' });
        expect(await client.review.get({ episode })).toMatchObject({ own: { outcome: { value: 'success' } } });
      });

      it('keeps a gesture that is sent twice once, and refuses for good only what can never be kept', async () => {
        const { client } = door;
        const id = randomUUID();
        const gesture = {
          ...{ episode: good(), id, name: 'Set outcome to recovered' },
          patch: [{ map: 'outcome' as const, id: 'episode', value: { value: 'recovered' } }],
        };
        const first = await client.review.gesture(gesture);
        expect(await client.review.gesture(gesture)).toEqual(first);
        await expectFault(client.review.gesture({ ...gesture, id: randomUUID() }), 'REFUSED');
        expect((await client.review.undo({ episode: good() })).own.outcome).toEqual({ value: 'success' });
        // Taken back is not unsaid: the same gesture coming late does not do it again.
        expect((await client.review.gesture(gesture)).own.outcome).toEqual({ value: 'success' });
        const badId = await safe(client.review.gesture({ ...gesture, id: '__proto__' }));
        expect(badId.error).toMatchObject({ code: 'BAD_REQUEST' });
        // Out of reach is no refusal: a window keeps such a gesture.
        await expectFault(client.review.gesture({ ...gesture, episode: `${root}/${fixture.linked}` }), 'UNUSABLE');
      });

      it('refuses a gesture that is none', async () => {
        const patch = [{ map: 'outcome' as const, id: 'episode', value: { value: 'splendid' } }];
        const { error } = await safe(door.client.review.gesture({ episode: good(), name: 'x', patch }));
        expect(error).toBeTruthy();
        const nothing = await safe(door.client.review.gesture({ episode: good(), name: 'x', patch: [] }));
        expect(nothing.error).toMatchObject({ code: 'BAD_REQUEST' });
      });
    });

    describe('memory', () => {
      it('keeps where one was and how the window was arranged', async () => {
        const { memory } = door.client;
        expect(await memory.place({ episode: good() })).toEqual({ tick: null });
        expect(await memory.place({ episode: good(), tick: 5 })).toEqual({ tick: 5 });
        expect(await memory.place({ episode: good() })).toEqual({ tick: 5 });
        expect(await memory.view({})).toEqual({});
        await memory.view({ view: { isInspectorShown: true, libraryWidthPx: 300 } });
        expect(await memory.view({})).toEqual({ isInspectorShown: true, libraryWidthPx: 300 });
        const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`key${index}`, index]));
        const wrong: Record<string, string | number>[] = [
          many,
          { nested: {} as unknown as string },
          { long: 'x'.repeat(201) },
        ];
        for (const view of wrong) {
          expect((await safe(memory.view({ view }))).error).toMatchObject({ code: 'BAD_REQUEST' });
        }
        expect((await safe(memory.place({ episode: good(), tick: -1 }))).error).toMatchObject({ code: 'BAD_REQUEST' });
        expect(Object.keys(await memory.view({}))).toHaveLength(2);
      });
    });

    describe('settings', () => {
      it('changes a person’s settings and refuses invalid ones', async () => {
        const { client } = door;
        expect((await client.settings.patchUser({ theme: 'dark' })).theme).toBe('dark');
        expect((await client.settings.user()).theme).toBe('dark');
        await expectFault(client.settings.patchUser({ cacheBytes: 1 }), 'REFUSED');
        await expectFault(client.settings.patchUser({ recent: [] }), 'REFUSED');
        expect((await client.settings.user()).recent[0]?.path).toBe(fixture.dataset);
      });

      it('keeps a dataset’s settings beside it', async () => {
        const { client } = door;
        await client.settings.patchDataset({ root, patch: { layouts: { default: { panes: [1] } }, holdPeriods: 4 } });
        const file = path.join(fixture.dataset, '.regrasp', 'settings.json');
        expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ layouts: { default: { panes: [1] } } });
        expect((await client.settings.dataset({ root })).holdPeriods).toBe(4);
        await client.settings.patchDataset({ root, patch: { holdPeriods: null } });
        await expectFault(client.settings.patchDataset({ root, patch: { orders: { a: 'grb' } } }), 'REFUSED');
        await expectFault(client.settings.dataset({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
      });
    });

    describe('jobs', () => {
      it('refuses unknown kinds, options and jobs', async () => {
        const { client } = door;
        await expectFault(client.jobs.start({ kind: 'brew', options: {} }), 'REFUSED');
        await expectFault(client.jobs.start({ kind: 'sample', options: { seed: 'x' } }), 'REFUSED');
        for (const call of [client.jobs.cancel, client.jobs.resume, client.jobs.dismiss, client.jobs.log]) {
          await expectFault(call({ job: 'none' }) as Promise<unknown>, 'NOT_FOUND');
        }
        expect(await client.jobs.list()).toEqual([]);
      });

      it('starts one, tells of it, cancels it, logs it and takes it off the list', async () => {
        const { client } = door;
        const told = collect(door);
        const job = await client.jobs.start({ kind: 'sample', options: { seed: 3, seconds: 20 } });
        expect(job).toMatchObject({ kind: 'sample', state: expect.stringMatching(/queued|running/) });
        await client.jobs.cancel({ job: job.id });
        expect((await client.jobs.list())[0]).toMatchObject({ id: job.id, state: 'cancelled', resumable: true });
        expect((await client.jobs.log({ job: job.id })).text).toContain('cancelled');
        await client.jobs.dismiss({ job: job.id });
        expect(await client.jobs.list()).toEqual([]);
        const events = await told.stop((event) => event.type === 'job' && event.job.state === 'cancelled');
        expect(events.some((event) => event.type === 'job' && event.job.state === 'queued')).toBe(true);
      });
    });

    describe('the workstation', () => {
      it('says what it is', async () => {
        const about = await door.client.workstation.about();
        expect(about).toMatchObject({ version: '0.0.0-test', node: process.versions.node });
        expect(about.processMemoryBytes).toBeGreaterThan(1e6);
      });

      it('examines itself', async () => {
        const checks = await door.client.workstation.doctor();
        const names = checks.map((check) => check.name);
        expect(names).toEqual(
          expect.arrayContaining(['Regrasp', 'Node', 'ffmpeg', 'User folder', 'Dataset lab', 'Memory']),
        );
        expect(checks.find((check) => /blosc/i.test(check.name))).toMatchObject({ state: 'good' });
      });

      it('refuses calls that are none', async () => {
        expect((await door.fetch('/api/rpc/roots/everything', { method: 'POST', body: '{}' })).status).toBe(404);
        const malformed = await door.fetch('/api/rpc/library/get', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"json":{"root":5}}',
        });
        expect(malformed.status).toBe(400);
        const broken = await door.fetch('/api/rpc/library/get', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"json":',
        });
        expect(broken.status).toBe(400);
      });
    });

    describe('events', () => {
      it('begin with hello and then tell changes as they happen', async () => {
        const told = collect(door);
        await told.until((event) => event.type === 'hello');
        expect(told.events[0]).toMatchObject({ type: 'hello', roots: [{ id: root }] });
        await door.client.settings.patchUser({ performanceReadout: true });
        const isSettings = (event: WorkstationEvent) =>
          event.type === 'user-settings' && event.settings.performanceReadout;
        await told.until(isSettings);
        const episode = good();
        await door.client.review.gesture({
          ...{ episode, name: 'Note' },
          patch: [{ map: 'notes', id: 'n1', value: { text: 'The gel is torn.' } }],
        });
        await told.stop((event) => event.type === 'review' && event.episode === episode);
      });

      it('carry what no call asked for: a damaged settings file', async () => {
        const file = path.join(fixture.dataset, '.regrasp', 'settings.json');
        const told = collect(door);
        await told.until((event) => event.type === 'hello');
        writeFileSync(file, '{"orders": ');
        expect((await door.client.settings.dataset({ root })).orders).toEqual({});
        await told.stop((event) => event.type === 'notice' && event.text.includes(`${file}.bad`));
        expect(readFileSync(`${file}.bad`, 'utf8')).toBe('{"orders": ');
      });

      it('tell of recordings that come and go', async () => {
        const told = collect(door);
        await told.until((event) => event.type === 'hello');
        const below = 'data/push/2026-05-11/episode_009.h5';
        await writeRecording(path.join(fixture.dataset, below), 2);
        const isListed = (event: WorkstationEvent) =>
          event.type === 'entries' && event.entries.some((entry) => entry.path === below && entry.ticks === 2);
        await told.stop(isListed, 20_000);
      });

      it('tell when the file under an open episode changed, and the next tick is of the new one', async () => {
        const episode = `${root}/${fixture.otherDate}`;
        const before = await door.client.episodes.open({ episode });
        const told = collect(door);
        await told.until((event) => event.type === 'hello');
        await writeRecording(path.join(fixture.dataset, fixture.otherDate), 3);
        await told.stop((event) => event.type === 'episode-changed' && event.episode === episode, 20_000);
        const { header } = await tick({ episode, tick: 2 });
        expect(header.revision).not.toBe(before.revision);
        expect((await door.client.episodes.open({ episode })).episode.clocks[0]?.count).toBe(3);
        // A window that has not heard of it yet speaks of the recording it shows.
        const patch = [{ map: 'notes' as const, id: 'late', value: { text: 'The left arm let go.' } }];
        const recording = before.fingerprint ?? '';
        const kept = await door.client.review.gesture({ episode, recording, name: 'Add a note', patch });
        expect(kept).toMatchObject({ fingerprint: recording, own: { notes: { late: {} } } });
        const now = await door.client.review.get({ episode });
        expect(now).toMatchObject({ own: { outcome: null, notes: {} }, undo: { count: 0 } });
        expect(now.fingerprint).not.toBe(recording);
        const nameless = await safe(door.client.review.undo({ episode, recording: '../up' }));
        expect(nameless.error).toMatchObject({ code: 'BAD_REQUEST' });
      });

      it('go on for others when one reader leaves', async () => {
        const leaving = collect(door);
        const staying = collect(door);
        await Promise.all([leaving, staying].map((told) => told.until((event) => event.type === 'hello')));
        await leaving.stop(() => true);
        await door.client.settings.patchUser({ performanceReadout: false });
        await staying.stop((event) => event.type === 'user-settings' && !event.settings.performanceReadout);
      });
    });

    describe('a part that was granted', () => {
      it('is all that is listed and opened', async () => {
        await door.client.roots.close({ root });
        expect(await door.client.roots.list()).toEqual([]);
        await expectFault(door.client.episodes.open({ episode: good() }), 'NOT_FOUND');
        const part = path.join(fixture.dataset, path.dirname(fixture.otherDate));
        const opened = await door.client.roots.open({ grant: await door.grant(part) });
        expect(opened).toMatchObject({ id: root, prefix: 'data/push/2026-05-11' });
        await vi.waitFor(async () => expect(Object.keys(await listed())).toContain(fixture.otherDate), {
          timeout: 10_000,
        });
        expect(Object.keys(await listed())).not.toContain(fixture.good);
        await expectFault(door.client.episodes.open({ episode: good() }), 'REFUSED');
        expect((await door.fetch(tickPath())).status).toBe(403);
        await door.client.episodes.open({ episode: `${root}/${fixture.otherDate}` });
      });

      it('may be one file, which is shown first', async () => {
        await door.client.roots.close({ root });
        const file = path.join(fixture.dataset, fixture.good);
        const opened = await door.client.roots.open({ grant: await door.grant(file) });
        expect(opened).toMatchObject({ id: root, focus: good() });
        await expectFault(door.client.episodes.open({ episode: `${root}/${fixture.otherDate}` }), 'REFUSED');
        expect(await door.client.review.get({ episode: good() })).toMatchObject({
          own: { outcome: { value: 'success' } },
        });
      });
    });

    it('left the recordings as they were', () => {
      expect(hashOf(fixture.good)).toBe(hashAtStart);
      expect(readdirSync(path.join(fixture.dataset, path.dirname(fixture.good))).sort()).toEqual(
        [fixture.good, fixture.notHdf5, fixture.linked].map((below) => path.basename(below)).sort(),
      );
    });
  });
}
