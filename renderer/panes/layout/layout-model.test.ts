import { describe, expect, it } from 'vitest';
import type { Episode } from '../../../shared/episode/episode.ts';
import {
  addPane,
  addRow,
  changeView,
  closePane,
  defaultLayout,
  type PaneLayout,
  type PaneView,
  panesOf,
  parseLayout,
  resizePanes,
  resizeRows,
  suits,
} from './layout-model.ts';

const stream = (id: string, kind: string, position: string | null) => ({ id, kind, position });
const episode = {
  streams: [
    stream('cam0', 'color', 'right'),
    stream('cam1', 'color', 'left'),
    stream('cam2', 'color', 'middle'),
    stream('cam0/depth', 'depth', 'right'),
    stream('gs/right', 'tactile', 'right'),
    stream('gs/left', 'tactile', 'left'),
  ],
  tracks: [{ id: 'sensor_left' }],
  series: [],
} as unknown as Episode;

const shown = (layout: PaneLayout) => layout.rows.map((row) => row.panes.map(({ view }) => titleOf(view)).join(', '));
const titleOf = (view: PaneView) => {
  if (view.kind === 'image') return `${view.stream} ${view.mode}`;
  return view.kind === 'series' ? view.groups.join(' + ') : view.kind;
};
const series = (group: string, role: string, components: string[] = ['0']) => ({ id: group, group, role, components });
const total = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0);

function expectWhole(layout: PaneLayout): void {
  expect(total(layout.rows.map(({ height }) => height))).toBeCloseTo(100);
  for (const row of layout.rows) expect(total(row.panes.map(({ width }) => width))).toBeCloseTo(100);
  const ids = [...layout.rows.map(({ id }) => id), ...panesOf(layout).map(({ id }) => id)];
  expect(new Set(ids).size).toBe(ids.length);
}

describe('the default layout', () => {
  it('has cameras left to right, tactile raw and difference, scene and plots', () => {
    const layout = defaultLayout(episode);
    expect(shown(layout)).toEqual([
      'cam1 picture, cam2 picture, cam0 picture',
      'gs/left picture, gs/left difference, gs/right picture, gs/right difference, scene',
      'plot, plot',
    ]);
    expectWhole(layout);
  });

  it('keeps left, middle and right of one set together, wrists after them, and leaves none alone in a row', () => {
    const place = (group: string) => (position: string) => stream(`${group}/${position}`, 'color', position);
    const wrists = ['left', 'right'].map(place('arducam'));
    const rig = ['right', 'middle', 'left'].map(place('realsense'));
    const five = { streams: [...wrists, ...rig], tracks: [], series: [] } as unknown as Episode;
    expect(shown(defaultLayout(five))).toEqual([
      'realsense/left picture, realsense/middle picture, realsense/right picture',
      'arducam/left picture, arducam/right picture',
    ]);
    expectWhole(defaultLayout(five));
  });

  it('leaves out rows that the episode has nothing for', () => {
    const bare = { streams: [stream('depth', 'depth', null)], tracks: [], series: [] } as unknown as Episode;
    expect(shown(defaultLayout(bare))).toEqual(['depth picture']);
  });

  it('has joints, timings, grippers and commands before the rest, counters and poses last, in one row', () => {
    const groups = [
      series('Step', 'other'),
      series('Reward', 'other'),
      series('Tool position', 'state', ['x', 'y', 'z']),
      series('Tool rotation', 'state', ['qx', 'qy', 'qz', 'qw']),
      series('Gripper', 'state'),
      series('Loop timing', 'timing'),
      series('Action', 'action'),
      series('Joints', 'state', ['a', 'b', 'c']),
    ];
    const robot = { streams: [stream('front', 'color', null)], tracks: [], series: groups } as unknown as Episode;
    const layout = defaultLayout(robot);
    expect(shown(layout), 'a camera alone shares its row').toEqual([
      'front picture, Joints',
      'Loop timing, Gripper, Action',
    ]);
    expectWhole(layout);
    const without = { ...robot, series: groups.filter(({ role }) => role === 'other') } as unknown as Episode;
    expect(shown(defaultLayout(without))).toEqual(['front picture, Reward', 'Step']);
    const posed = { ...robot, tracks: episode.tracks };
    expect(shown(defaultLayout(posed))).toEqual(['front picture, scene', 'Joints, Loop timing, Gripper']);
    const many = { ...posed, streams: episode.streams.filter(({ kind }) => kind === 'color') };
    expect(shown(defaultLayout(many))[1]).toBe('scene, Joints, Loop timing');
    expect(shown(defaultLayout({ ...posed, streams: [] }))).toEqual(['scene, Joints', 'Loop timing, Gripper, Action']);
  });

  it('has both arms of a robot that writes them apart, before what they were told', () => {
    const arm = (group: string, role: string, unit: string) => ({ ...series(group, role, ['a', 'b']), unit });
    const groups = [
      arm('Left arm', 'state', 'rad'),
      arm('Left velocities', 'state', 'rad/s'),
      arm('Right arm', 'state', 'rad'),
      arm('Left command', 'action', 'rad'),
      series('Grippers', 'state', ['left', 'right']),
    ];
    const streams = [stream('front', 'color', null), stream('wrist', 'color', null)];
    const robot = { streams, tracks: [], series: groups } as unknown as Episode;
    expect(shown(defaultLayout(robot))[1]).toBe('Left arm, Right arm, Grippers');
  });

  it('has where the joints are before how they move, be that of more', () => {
    const groups = [
      series('Joint efforts', 'state', ['a', 'b', 'c', 'left gripper']),
      series('Joint velocities', 'state', ['a', 'b', 'c']),
      series('Joint positions', 'state', ['a', 'b', 'c']),
      series('Grippers', 'state', ['left', 'right']),
      series('Action', 'action', ['a', 'b', 'c']),
    ];
    const streams = [stream('front', 'color', null), stream('wrist', 'color', null)];
    const robot = { streams, tracks: [], series: groups } as unknown as Episode;
    expect(shown(defaultLayout(robot))[1]).toBe('Joint positions, Grippers, Action');
  });

  it('is shown instead of one that has nothing of the recording', () => {
    const bare = { streams: [stream('front', 'color', null)], tracks: [], series: [series('Joints', 'state')] };
    expect(suits(defaultLayout(episode), bare as unknown as Episode)).toBe(false);
    expect(suits(defaultLayout(bare as unknown as Episode), bare as unknown as Episode)).toBe(true);
  });

  it('remembers what is hidden of a plot, and nothing it does not understand', () => {
    const robot = { streams: [], tracks: [], series: [series('Joints', 'state')] } as unknown as Episode;
    const layout = defaultLayout(robot);
    const [pane] = panesOf(layout);
    const hidden = changeView(layout, pane?.id ?? '', { kind: 'series', groups: ['Joints'], hidden: ['Joints:0'] });
    expect(parseLayout(JSON.parse(JSON.stringify(hidden)))).toEqual(hidden);
    const broken = JSON.parse(JSON.stringify(hidden).replace('["Joints:0"]', '7'));
    expect(parseLayout(broken)).toBeUndefined();
  });
});

describe('changing a layout', () => {
  const layout = defaultLayout(episode);

  it('closes panes and rows and shares the space out', () => {
    const ids = layout.rows[2]!.panes.map(({ id }) => id);
    const fewer = closePane(layout, ids[0] as string);
    expect(shown(fewer)[2]).toBe('plot');
    expectWhole(fewer);
    const gone = ids.reduce(closePane, layout);
    expect(gone.rows.length).toBe(2);
    expectWhole(gone);
  });

  it('keeps the last pane', () => {
    const one = panesOf(layout)
      .slice(1)
      .reduce((rest, { id }) => closePane(rest, id), layout);
    expect(panesOf(one).length).toBe(1);
    expect(closePane(one, panesOf(one)[0]!.id)).toEqual(one);
  });

  it('adds beside and below with ids of their own', () => {
    const wider = addPane(layout, 'pane-1', { kind: 'scene' });
    expect(shown(wider)[0]).toBe('cam1 picture, scene, cam2 picture, cam0 picture');
    expectWhole(wider);
    const taller = addRow(wider, { kind: 'plot', quantity: 'speed' });
    expect(taller.rows.length).toBe(4);
    expectWhole(taller);
  });

  it('changes what a pane shows and its size', () => {
    expect(shown(changeView(layout, 'pane-2', { kind: 'scene' }))[0]).toBe('cam1 picture, scene, cam0 picture');
    expect(resizeRows(layout, { 'row-1': 50 }).rows[0]?.height).toBe(50);
    expect(resizePanes(layout, { 'pane-1': 60 }).rows[0]?.panes[0]?.width).toBe(60);
  });
});

describe('sizes that follow the window', () => {
  const layout = defaultLayout(episode);

  it('stay so while only views change, also when saved', () => {
    const changed = addRow(addPane(changeView(layout, 'pane-2', { kind: 'scene' }), 'pane-1', { kind: 'scene' }), {
      kind: 'scene',
    });
    expect(changed.isFitted).toBe(true);
    expect(closePane(changed, 'pane-1').isFitted).toBe(true);
    expect(parseLayout(JSON.parse(JSON.stringify(changed)))?.isFitted).toBe(true);
  });

  it("are a person's once one of them was taken hold of", () => {
    expect(resizeRows(layout, { 'row-1': 50 }).isFitted).toBeUndefined();
    expect(resizePanes(layout, { 'pane-1': 60 }).isFitted).toBeUndefined();
  });
});

describe('a saved layout', () => {
  it('comes back as it was', () => {
    const layout = defaultLayout(episode);
    expect(parseLayout(JSON.parse(JSON.stringify(layout)))).toEqual(layout);
  });

  it('is refused whole when it is not understood', () => {
    const layout = defaultLayout(episode);
    const broken: unknown[] = [
      undefined,
      null,
      'x',
      { version: 2, rows: layout.rows },
      { version: 1, rows: [] },
      { version: 1, rows: [{ id: 'a', height: 100, panes: [] }] },
      { version: 1, rows: [{ id: 'a', height: 0, panes: layout.rows[0]?.panes }] },
      { version: 1, rows: [layout.rows[0], layout.rows[0]] },
      { version: 1, rows: [{ id: 'a', height: 100, panes: [{ id: 'p', width: 100, view: { kind: 'video' } }] }] },
    ];
    for (const saved of broken) expect(parseLayout(saved)).toBeUndefined();
  });
});
