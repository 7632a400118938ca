import { describe, expect, it } from 'vitest';
import { emptyHistory, layerOf } from '../../shared/review/fold.ts';
import type { Failure, Recovery } from '../../shared/review/markers.ts';
import type { Layer } from '../../shared/review/review.ts';
import { artifactsOf, type StageSources, stagesOf } from './stages.ts';

const times = Float64Array.from({ length: 511 }, (_, tick) => tick * 1e8);
const stream = (name: string, more: Partial<StageSources['episode']['streams'][number]> = {}) =>
  ({ name, kind: 'color', encoding: 'video', fault: null, ...more }) as StageSources['episode']['streams'][number];
const joints = { id: 'joints', role: 'state', display: 'lines', components: ['a'] };
const episode: StageSources['episode'] = {
  streams: [stream('front'), stream('wrist camera')],
  series: [joints as unknown as StageSources['episode']['series'][number]],
  ...{ tracks: [], problems: [] },
};
const failure: Failure = {
  ...{ event: 240, window: [160, 292], code: 'GRASP_SLIP', severity: 'low', resetability: 'minor_reset' },
  ...{ whatHappened: '', handOff: 270 },
};
const recovery: Recovery = {
  ...{ failure: 'f', ticks: [300, 382], controlMode: 'teleoperation', howRecovered: '', outcome: 'recovered' },
};
const layer = (said: Partial<Layer> = {}): Layer => ({ ...layerOf(emptyHistory('me')), ...said });
const stages = (own: Layer | null, more: Partial<StageSources> = {}) =>
  Object.fromEntries(stagesOf({ episode, times, own, seenPercent: 94, ...more }).map((stage) => [stage.id, stage]));

describe('the stages of a session', () => {
  it('tell a rollout of 51 seconds with its failure, recovery and what a bundle of it would hold', () => {
    const said = layer({
      outcome: { value: 'failure' },
      description: { text: 'It slipped.' },
      failures: { f: failure },
      recoveries: { r: recovery },
    });
    const { capture, failure: slice, recovery: cut, export: out } = stages(said);
    expect(capture).toMatchObject({ state: 'done', figure: '51.0 s', detail: '94 % seen' });
    expect(slice).toMatchObject({ state: 'done', figure: '13.2 s', detail: 'GRASP_SLIP' });
    expect(slice?.sentence).toBe('13.2 s, −8.0 to +5.2 s around GRASP_SLIP.');
    expect(cut).toMatchObject({ state: 'done', figure: '8.2 s', detail: 'teleoperation' });
    expect(out).toMatchObject({ state: 'done', figure: '20 files', detail: 'ready' });
    expect(out?.sentence).toContain('A bundle of this episode would hold 20 files. Rollout: session_manifest.json, ');
    expect(out?.sentence).toContain('; recovery: session_manifest.json, session.json, recovery_clip_front.mp4, ');
  });

  it('ask for nothing where nothing failed, and for a failure where the outcome says one', () => {
    expect(stages(layer({ outcome: { value: 'success' } }))).toMatchObject({
      failure: { state: 'none' },
      recovery: { state: 'none' },
      export: { state: 'done', detail: 'ready' },
    });
    const failed = stages(layer({ outcome: { value: 'failure' } }));
    expect(failed).toMatchObject({ failure: { state: 'open', figure: 'to mark' }, export: { detail: '2 to say' } });
    expect(stages(layer()).export).toMatchObject({ state: 'open', detail: 'no outcome' });
    expect(stages(null).export).toMatchObject({ state: 'open' });
  });

  it('tell what is still to be said of a mark from what is wrong with it', () => {
    const open = stages(layer({ failures: { f: { ...failure, code: null } } }));
    expect(open.failure).toMatchObject({ state: 'open', detail: 'no code' });
    expect(open.failure?.sentence).toContain('The failure has no code yet.');
    // An unknown code is the lab's own until the panel says otherwise.
    expect(stages(layer({ failures: { f: { ...failure, code: 'OURS' } } })).failure?.state).toBe('done');
    const early = { ...recovery, ticks: [200, 230] as [number, number] };
    const bad = stages(layer({ failures: { f: failure }, recoveries: { r: early } }));
    expect(bad).toMatchObject({ recovery: { state: 'bad' }, export: { state: 'bad', detail: '1 fault' } });
  });

  it('add up several, with the files of each', () => {
    const later = { ...failure, event: 400, window: [390, 410] as [number, number], code: 'MANIP_DROP' };
    const two = layer({ failures: { f: failure, g: later } });
    expect(stages(two).failure).toMatchObject({ figure: '2 · 15.2 s', detail: '2 codes' });
    const rollout = ['session_manifest.json', 'session.json', 'cam_front.mp4', 'cam_wrist_camera.mp4', 'frames.csv'];
    expect(artifactsOf(episode, two)).toEqual([
      { kind: 'rollout', count: 1, files: [...rollout, 'joints.parquet'] },
      { kind: 'failure', count: 2, files: [...rollout, 'joints.parquet', 'failure_state.json'] },
    ]);
    expect(stages(two).export).toMatchObject({
      figure: '20 files',
      sentence: expect.stringContaining('; 2 failures, each: '),
    });
    const broken = { ...episode, streams: [stream('front', { fault: 'It is truncated.' })], series: [] };
    expect(artifactsOf(broken, null)[0]?.files).toEqual(['session_manifest.json', 'session.json', 'frames.csv']);
    const depth = { ...episode, streams: [stream('front', { kind: 'depth' }), stream('gel', { kind: 'tactile' })] };
    expect(artifactsOf(depth, null)[0]?.files).toEqual([
      ...['session_manifest.json', 'session.json', 'cam_gel.mp4', 'frames.csv', 'joints.parquet', 'tactile.parquet'],
    ]);
  });
});
