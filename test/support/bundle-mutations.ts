import { copyFileSync, linkSync, rmSync } from 'node:fs';
import type { Loose, TamperedBundle } from './tampered-bundle.ts';

/** One thing that is changed in a bundle, with all sums made anew, and the line that has to tell it. */
export interface Mutation {
  readonly what: string;
  readonly change: (bundle: TamperedBundle) => void | Promise<void>;
  readonly line: RegExp;
  /** Nothing in the bundle contradicts it: it takes the recordings and what was said of them, or their pictures too. */
  readonly needs?: 'source' | 'frames';
}

type Cells = Parameters<Parameters<TamperedBundle['table']>[1]>[0];
const cells = (columns: Cells, name: string): Loose[] => {
  const column = columns.get(name);
  if (!column) throw new Error(`There is no column ${name}.`);
  return column.cells;
};
const swap = (list: Loose[], a: number, b: number) => {
  [list[a], list[b]] = [list[b], list[a]];
};
const dropRow = (columns: Cells, row: number) => {
  for (const column of columns.values()) column.cells.splice(row, 1);
};

const unit = (bundle: TamperedBundle, of: string) => bundle.only(of);
const rollout = (bundle: TamperedBundle) => unit(bundle, 'rollouts');
const recovery = (bundle: TamperedBundle) => unit(bundle, 'recoveries');
const failure = (bundle: TamperedBundle) => unit(bundle, 'failures');

export const REGRASP_MUTATIONS: readonly Mutation[] = [
  {
    what: 'a row of the clock that is gone',
    change: (b) => b.text(`${rollout(b)}/frames.csv`, (text) => text.replace('\n7,7,', '\n')),
    line: /frames\.csv: .*(does not follow|rows of)/,
  },
  {
    what: 'two ticks of the clock that changed places',
    change: (b) =>
      b.text(`${rollout(b)}/frames.csv`, (text) => text.replace('\n7,7,', '\n7,8,').replace('\n8,8,', '\n8,7,')),
    line: /frames\.csv: its row 8 is "8,7,.*does not follow in ticks 0–89/,
  },
  {
    what: 'a row of numbers that is gone',
    change: (b) => b.table(`${rollout(b)}/joints.parquet`, (columns) => dropRow(columns, 40)),
    line: /joints\.parquet: it holds 89 rows, and frames\.csv 90/,
  },
  {
    what: 'a row of numbers at another time',
    change: (b) => b.table(`${rollout(b)}/joints.parquet`, (columns) => cells(columns, 'session_ns')[5]++),
    line: /joints\.parquet: its session_ns of row 5 is \d+, and frames\.csv says \d+/,
  },
  {
    what: 'a row of numbers at another tick',
    change: (b) => b.table(`${rollout(b)}/joints.parquet`, (columns) => cells(columns, 'source_tick')[5]++),
    line: /joints\.parquet: its source_tick of row 5 is 6, and frames\.csv says 5/,
  },
  {
    what: 'a number that is none',
    change: (b) =>
      b.table(`${rollout(b)}/joints.parquet`, (columns) => (cells(columns, 'observation.state')[5][0] = Number.NaN)),
    line: /joints\.parquet: .* is NaN in row 5, and no loader takes that/,
  },
  {
    what: 'a column that is gone',
    change: (b) => b.table(`${rollout(b)}/joints.parquet`, (columns) => columns.delete('intervention')),
    line: /joints\.parquet: it has no column intervention/,
  },
  {
    what: 'a number',
    change: (b) =>
      b.table(`${rollout(b)}/joints.parquet`, (columns) => (cells(columns, 'observation.state')[40][3] += 1e-7)),
    line: /joints\.parquet: .* in row 40, and its recording says .* at tick 40/,
    needs: 'source',
  },
  {
    what: 'who steered at a frame',
    change: (b) => b.table(`${rollout(b)}/joints.parquet`, (columns) => (cells(columns, 'intervention')[49] = true)),
    line: /joints\.parquet: its intervention of row 49 is true, and by the journals it is false/,
    needs: 'source',
  },
  {
    what: 'a pose',
    change: (b) =>
      b.table(`${rollout(b)}/poses.parquet`, (columns) =>
        cells(columns, [...columns.keys()].at(-1) ?? '')[12].reverse(),
      ),
    line: /poses\.parquet: .* in row 12, and its recording says .* at tick 12/,
    needs: 'source',
  },
  {
    what: 'poses that are gone',
    change: (b) => b.remove(`${rollout(b)}/poses.parquet`),
    line: /poses\.parquet/,
  },
  {
    what: 'the outcome',
    change: (b) => b.json(`${failure(b)}/session.json`, (session) => (session.outcome = 'success')),
    line: /failures.*session\.json: its outcome is success, and bundle\.json says failure/,
  },
  {
    what: 'who marked a failure',
    change: (b) =>
      b.json(
        `${failure(b)}/session.json`,
        ({ markers }) => (markers.find((one: Loose) => one.kind === 'failure').by = 'a detector'),
      ),
    line: /failures.*session\.json: the failure "GRASP_SLIP" is by a detector, who is not the annotator/,
  },
  {
    what: 'a mark that nobody made',
    change: (b) =>
      b.json(`${rollout(b)}/session.json`, ({ markers }) =>
        markers.push({ ...markers[0], kind: 'failure', name: 'failure', start_s: 0, end_s: 0.1 }),
      ),
    line: /rollouts.*session\.json: it marks a failure .*, which no journal of its recording says/,
    needs: 'source',
  },
  {
    what: 'a mark that is gone',
    change: (b) =>
      b.json(
        `${rollout(b)}/session.json`,
        (session) => (session.markers = session.markers.filter((one: Loose) => one.kind !== 'handoff')),
      ),
    line: /rollouts.*session\.json: it does not mark the handoff at /,
    needs: 'source',
  },
  {
    what: 'the code of a mark',
    change: (b) =>
      b.text(`${rollout(b)}/session.json`, (text) => text.replaceAll('"code": "GRASP_SLIP"', '"code": "MANIP_DROP"')),
    line: /rollouts.*session\.json: it marks a failure MANIP_DROP at .*, which no journal/,
    needs: 'source',
  },
  {
    what: 'when it was recorded',
    change: (b) => b.json(`${rollout(b)}/session.json`, (session) => (session.start_unix_s += 3600)),
    line: /rollouts.*session\.json: it began at \d+.*, and its recording says \d+/,
    needs: 'source',
  },
  {
    what: 'the recording it says it is of',
    change: (b) => b.json(`${rollout(b)}/session.json`, (session) => (session.environment.source = 'data/other.h5')),
    line: /rollouts.*session\.json: it says it was cut out of data\/other\.h5/,
  },
  {
    what: 'a failure without its state',
    change: (b) => b.remove(`${failure(b)}/failure_state.json`),
    line: /failures.*failure_state\.json: it is not there, and its unit is a failure/,
  },
  {
    what: 'who said what failed',
    change: (b) => b.json(`${recovery(b)}/failure_state.json`, (state) => (state.annotator = 'somebody')),
    line: /recoveries.*failure_state\.json: its annotator is "somebody", and should be /,
  },
  {
    what: 'the taxonomy a code is of',
    change: (b) => b.json(`${recovery(b)}/failure_state.json`, (state) => (state.taxonomy_version = 9)),
    line: /recoveries.*failure_state\.json: its taxonomy_version is 9, and should be 1/,
  },
  {
    what: 'the rollout a failure is of',
    change: (b) => b.json(`${recovery(b)}/failure_state.json`, (state) => (state.rollout.folder = 'rollouts/another')),
    line: /recoveries.*failure_state\.json: its rollout is /,
  },
  ...(
    [
      ['code', 'MANIP_DROP'],
      ['event_tick', 41],
      ['window_ticks', [20, 61]],
      ['hand_off_s', 9],
      ['pre_failure_buffer_s', 8],
      ['what_happened', 'It did not.'],
    ] as const
  ).map(
    ([key, value]): Mutation => ({
      what: `the ${key} of a failure`,
      change: (b) => b.json(`${failure(b)}/failure_state.json`, (state) => (state[key] = value)),
      line: new RegExp(`failures.*failure_state\\.json: its ${key} is `),
      needs: 'source',
    }),
  ),
  {
    what: 'a file of a unit that its manifest does not list',
    change: (b) => b.json(`${rollout(b)}/session_manifest.json`, (manifest) => manifest.files.pop()),
    line: /rollouts.*: session_manifest\.json does not list it/,
  },
  {
    what: 'a video that ends early',
    change: (b) => b.video(`${rollout(b)}/cam_Right_camera.mp4`, (frames) => [...Array(frames - 2).keys()]),
    line: /rollouts.*cam_Right_camera\.mp4.* 88 /,
  },
  {
    what: 'a video of another rate',
    change: (b) => b.video(`${rollout(b)}/cam_Right_camera.mp4`, (frames) => [...Array(frames).keys()], 29),
    line: /cam_Right_camera\.mp4: frame \d+ is shown at [\d.]+ s, and its rate says/,
  },
  {
    what: 'frames in another order',
    change: (b) =>
      b.video(`${recovery(b)}/recovery_clip_Right_camera.mp4`, (frames) =>
        Array.from({ length: frames }, (_, at) => frames - 2 - 2 * (at >> 1) + (at & 1)),
      ),
    line: /recovery_clip_Right_camera\.mp4: .*frame 0 should show sample 50 of the recording and shows/,
    needs: 'frames',
  },
  {
    what: 'a unit that was moved by a tick',
    change: (b) =>
      b.json(
        'bundle.json',
        ({ units }) => (units.find(({ kind }: Loose) => kind === 'recovery').source.ticks = [51, 76]),
      ),
    line: /recoveries.*: it is cut out at ticks 51–76, and the journals mark the recovery at 50–75/,
    needs: 'source',
  },
  {
    what: 'a verdict, a tactile offset and a hold that nobody chose',
    change: (b) =>
      b.json('bundle.json', (bundle) => {
        bundle.hold_periods = 9;
        bundle.units[0].verdict = 'keep';
        bundle.units[0].source.tactile_offset_ticks = 2;
      }),
    line: /verdict keep, and by the journals it is none[\s\S]*stand for 9 periods at most, and by the settings of today for 3\.[\s\S]*2 ticks later/,
    needs: 'source',
  },
  {
    what: 'marks and conditions that are told otherwise than they were said',
    change: (b) =>
      b.json('bundle.json', ({ units: [{ marks, source }] }) => {
        marks.failures[0].event_tick++;
        marks.recoveries[0].outcome = null;
        source.properties.lighting = 'bright';
      }),
    line: /the event_tick of its failure f1 is 41, and the journals 40\.[\s\S]*the outcome of its recovery r1 is null, and the journals "recovered"[\s\S]*its properties is .*"bright".*, and its recording .*"dim"/,
    needs: 'source',
  },
  {
    what: 'a failure of which nothing is told',
    change: (b) =>
      b.json('bundle.json', ({ units }) => {
        for (const { marks } of units) marks.failures = [];
      }),
    line: /is cut out for the failure f1, of which it says nothing/,
  },
  {
    what: 'labels that nobody gave',
    change: (b) => {
      b.text('bundle.json', (text) => text.replaceAll('"outcome":"failure"', '"outcome":"success"'));
      for (const of of ['rollouts', 'failures', 'recoveries'])
        b.text(`${unit(b, of)}/session.json`, (text) => text.replace('"outcome": "failure"', '"outcome": "success"'));
    },
    line: /bundle\.json says .* called its outcome success, and the journals say failure/,
    needs: 'source',
  },
  {
    what: 'an annotator who said nothing',
    change: (b) => b.json('bundle.json', ({ units }) => (units[0].labels.annotator = 'ghost')),
    line: /its labels are by ghost, of whom the journals of its recording hold nothing/,
    needs: 'source',
  },
  {
    what: 'a time of a unit',
    change: (b) => b.json('bundle.json', ({ units }) => (units[0].source.start_s += 0.001)),
    line: /bundle\.json says its start_s is /,
    needs: 'source',
  },
  {
    what: 'a recipe that takes something else',
    change: (b) => {
      for (const file of ['bundle.json', 'recipe.json'])
        b.text(file, (text) =>
          text.replace(
            '"kinds":["rollout","failure","recovery"]',
            '"kinds":["rollout","failure","recovery","segment"]',
          ),
        );
    },
    line: /bundle\.json: its recipe takes segment .* today, which is not in it/,
    needs: 'source',
  },
  {
    what: 'a recipe beside that is another',
    change: (b) => b.text('recipe.json', (text) => text.replace('"crf":18', '"crf":30')),
    line: /recipe\.json: it is not the recipe that bundle\.json holds/,
  },
  {
    what: 'units in another order',
    change: (b) => b.json('bundle.json', ({ units }) => swap(units, 0, 1)),
    line: /bundle\.json: its units are in another order than its recipe gives them/,
    needs: 'source',
  },
  {
    what: 'a unit that is listed twice',
    change: (b) => b.json('bundle.json', ({ units }) => units.push(units[0])),
    line: /bundle\.json: it lists the unit 0001-.* twice/,
  },
  {
    what: 'a unit that is gone from the list',
    change: (b) => b.json('bundle.json', ({ units }) => units.pop()),
    line: /recoveries.*session\.json: bundle\.json knows nothing of it/,
  },
  {
    what: 'counts',
    change: (b) => b.json('bundle.json', ({ totals }) => totals.frames++),
    line: /bundle\.json: it counts 158 frames where there are 157/,
  },
];

const DATA = 'data/chunk-000/file-000.parquet';
const EPISODES = 'meta/episodes/chunk-000/file-000.parquet';
const VIDEO = 'videos/observation.images.Right_camera/chunk-000/file-000.mp4';
const info = (what: string, change: (value: Loose) => void, line: RegExp): Mutation => ({
  ...{ what, line },
  change: (b) => b.json('meta/info.json', change),
});
const rows = (what: string, change: (columns: Cells) => void, line: RegExp, needs?: 'source'): Mutation => ({
  ...{ what, line, ...(needs ? { needs } : {}) },
  change: (b) => b.table(DATA, change),
});
const episodes = (what: string, change: (columns: Cells) => void, line: RegExp, needs?: 'source'): Mutation => ({
  ...{ what, line, ...(needs ? { needs } : {}) },
  change: (b) => b.table(EPISODES, change),
});

export const SHARED_MUTATIONS: readonly Mutation[] = [
  {
    what: 'tasks without the note by which pandas finds them',
    change: (b) => b.table('meta/tasks.parquet', () => {}, {}),
    line: /meta\/tasks\.parquet: it lacks the note by which pandas finds the texts/,
  },
  {
    what: 'the text of a task',
    change: (b) => b.table('meta/tasks.parquet', (columns) => (cells(columns, 'task')[0] = 'something else')),
    line: /file-000\.parquet: episode 0 has the task .*, which is none of the table of tasks/,
  },
  {
    what: 'tasks that are counted from one',
    change: (b) => b.table('meta/tasks.parquet', (columns) => (cells(columns, 'task_index')[0] = 1)),
    line: /meta\/tasks\.parquet: its row 0 is task 1/,
  },
  rows(
    'an episode that does not begin at 0',
    (columns) => {
      for (let row = 0; row < 90; row++) cells(columns, 'timestamp')[row] += 1 / 30;
    },
    /file-000\.parquet: episode 0: its timestamp of row 0 is 0\.0333\d*, and should be 0/,
  ),
  rows(
    'a stamp that is off by a little',
    (columns) => (cells(columns, 'timestamp')[95] += 5e-5),
    /episode 1: its timestamp of row 5 is /,
  ),
  rows(
    'a column that is gone',
    (columns) => columns.delete('observation.state'),
    /it has no column observation\.state, which meta\/info\.json declares/,
  ),
  rows(
    'a column that nothing declares',
    (columns) => columns.set('extra', { name: 'extra', type: 'int64', cells: cells(columns, 'index') }),
    /it has a column extra, which meta\/info\.json does not declare/,
  ),
  rows(
    'an empty cell',
    (columns) => (cells(columns, 'observation.state')[100][2] = null),
    /episode 1: .* is null in row 10/,
  ),
  rows('an empty row', (columns) => (cells(columns, 'intervention')[3] = null), /intervention/),
  rows(
    'a list that is too short',
    (columns) => cells(columns, 'observation.state')[3].pop(),
    /observation\.state has \d+ numbers in row 3, and \d+ names/,
  ),
  rows(
    'the place of a row',
    (columns) => (cells(columns, 'index')[7] = 9),
    /episode 0: its index of row 7 is 9, and should be 7/,
  ),
  rows(
    'the frame of a row',
    (columns) => (cells(columns, 'frame_index')[7] = 9),
    /episode 0: its frame_index of row 7 is 9, and should be 7/,
  ),
  rows(
    'the episode of a row',
    (columns) => (cells(columns, 'episode_index')[89] = 1),
    /episode 0: its episode_index of row 89 is 1, and should be 0/,
  ),
  rows(
    'the task of a row',
    (columns) => (cells(columns, 'task_index')[7] = 1),
    /episode 0: its task_index of row 7 is 1, and should be 0/,
  ),
  rows(
    'two rows that changed places',
    (columns) => swap(cells(columns, 'observation.state'), 10, 70),
    /in row 10, and its recording says/,
    'source',
  ),
  rows(
    'a row that is gone',
    (columns) => dropRow(columns, 156),
    /file-000\.parquet: .*its rows end at 156, and should at 157/,
  ),
  rows(
    'a row too many',
    (columns) => {
      for (const column of columns.values()) column.cells.push(column.cells.at(-1));
    },
    /file-000\.parquet: it holds 158 rows, and its episodes have 157/,
  ),
  rows(
    'a number',
    (columns) => (cells(columns, 'observation.state')[40][0] += 1e-4),
    /episode 0: .* in row 40, and its recording says/,
    'source',
  ),
  rows(
    'who steered',
    (columns) => (cells(columns, 'intervention')[76] = true),
    /episode 0: its intervention of row 76 is true, and should be false/,
    'source',
  ),
  episodes(
    'episodes in another order',
    (columns) => {
      for (const column of columns.values()) swap(column.cells, 0, 1);
    },
    /file-000\.parquet: episode 0 stands in the row of episode 1/,
  ),
  episodes(
    'the length of an episode',
    (columns) => cells(columns, 'length')[0]--,
    /episode 0 has 89 frames by it, and its unit 90/,
  ),
  episodes('lengths that are gone', (columns) => columns.delete('length'), /episode 0 has NaN frames by it/),
  episodes('tasks that are gone', (columns) => columns.delete('tasks'), /episode 0 has the task .*, which is none/),
  episodes(
    'the place of rows',
    (columns) => cells(columns, 'dataset_from_index')[1]++,
    /episode 1 is said to be rows 91 to 131, and is 90 to 131/,
  ),
  episodes('files that are not named', (columns) => columns.delete('data/chunk_index'), /data\/chunk-NaN/),
  episodes(
    'the place in a video',
    (columns) => (cells(columns, 'videos/observation.images.Right_camera/from_timestamp')[1] += 1 / 30),
    /episode 1 is said to be 3\.03\d* to .*, and the one before it ends at 3 s/,
  ),
  episodes(
    'an episode that became one of success',
    (columns) => (cells(columns, 'success')[0] = true),
    /episode 0 has the success true, and bundle\.json says false/,
  ),
  episodes(
    'a verdict',
    (columns) => (cells(columns, 'verdict')[2] = 'keep'),
    /episode 2 has the verdict "keep", and bundle\.json says null/,
  ),
  episodes(
    'an outcome',
    (columns) => (cells(columns, 'outcome')[2] = 'success'),
    /episode 2 has the outcome "success", and bundle\.json says "failure"/,
  ),
  episodes(
    'where an episode comes from',
    (columns) => cells(columns, 'source_first_tick')[2]++,
    /episode 2 has the source_first_tick 51, and bundle\.json says 50/,
  ),
  episodes(
    'the part of the split',
    (columns) => (cells(columns, 'split')[2] = 'test'),
    /episode 2 has the split "test", and bundle\.json says "train"/,
  ),
  episodes(
    'what an episode is',
    (columns) => (cells(columns, 'segment_role')[2] = 'rollout'),
    /episode 2 has the segment_role "rollout"/,
  ),
  episodes(
    'codes',
    (columns) => (cells(columns, 'failure_codes')[0] = ['MANIP_DROP']),
    /its failure_codes are \["MANIP_DROP"\], and the journals say \["GRASP_SLIP"\]/,
    'source',
  ),
  episodes(
    'a condition',
    (columns) => {
      const [name] = [...columns.keys()].filter((key) => key.startsWith('property.'));
      cells(columns, name as string)[0] = 'elsewhere';
    },
    /episode 0: its property\.\w+ is "elsewhere", and should be /,
    'source',
  ),
  episodes(
    'statistics of an episode',
    (columns) => (cells(columns, 'stats/observation.state/mean')[0][0] += 0.01),
    /episode 0: the mean of observation\.state is .*, and should be/,
  ),
  episodes(
    'a quantile of an episode',
    (columns) => (cells(columns, 'stats/observation.state/q10')[0][0] += 100),
    /episode 0: the q10 of observation\.state is .*, and should be from/,
  ),
  episodes(
    'statistics of pictures',
    (columns) => (cells(columns, 'stats/observation.images.Right_camera/max')[1][0][0][0] = 2),
    /episode 1: the statistics of observation\.images\.Right_camera in channel 0 are none of pictures/,
  ),
  {
    what: 'statistics of the whole',
    change: (b) => b.json('meta/stats.json', (stats) => (stats['observation.state'].std[1] *= 1.01)),
    line: /meta\/stats\.json: its std of observation\.state is .*, and its episodes' make/,
  },
  {
    what: 'statistics of pictures of the whole',
    change: (b) =>
      b.json('meta/stats.json', (stats) => (stats['observation.images.Right_camera'].mean[2][0][0] += 0.001)),
    line: /meta\/stats\.json: its mean of observation\.images\.Right_camera is/,
  },
  {
    what: 'statistics of before a cut',
    change: (b) => b.json('meta/stats.json', (stats) => (stats.timestamp.count = [200])),
    line: /meta\/stats\.json: it counts 200 frames of timestamp where there are 157/,
  },
  { what: 'no statistics', change: (b) => b.remove('meta/stats.json'), line: /stats\.json/ },
  {
    what: 'statistics that lack a feature',
    change: (b) => b.json('meta/stats.json', (stats) => delete stats.intervention),
    line: /meta\/stats\.json: it says nothing of intervention/,
  },
  info(
    'a version that there is not',
    (value) => (value.codebase_version = 'v3.1'),
    /info\.json: its codebase_version is "v3\.1", and should be "v3\.0"/,
  ),
  info('a rate', (value) => (value.fps = 15), /info\.json: its fps is 15, and should be 30/),
  info('a count of frames', (value) => value.total_frames++, /info\.json: its total_frames is 158, and should be 157/),
  info(
    'a count of episodes',
    (value) => value.total_episodes++,
    /info\.json: its total_episodes is 4, and should be 3/,
  ),
  info(
    'a split',
    (value) => (value.splits = { train: '0:2' }),
    /info\.json: its splits is .*, and should be \{"train":"0:3"\}/,
  ),
  info(
    'where rows lie',
    (value) => (value.data_path = 'rows/{episode_index}.parquet'),
    /info\.json: its data_path is /,
  ),
  info(
    'a key that LeRobot does not know',
    (value) => (value.quality = 'fine'),
    /info\.json: it holds quality, which LeRobot does not know/,
  ),
  info(
    'the shape of pictures',
    (value) => (value.features['observation.images.Right_camera'].shape = [10, 10, 3]),
    /file-000\.mp4: it is h264 of \d+×\d+, and meta\/info\.json declares "h264" of \[10,10,3\]/,
  ),
  info(
    'how pictures were encoded',
    (value) => (value.features['observation.images.Right_camera'].info['video.crf'] = 30),
    /info\.json: its video\.crf of observation\.images\.Right_camera is 30, and should be 18/,
  ),
  info(
    'the type of a column',
    (value) => (value.features.timestamp.dtype = 'float64'),
    /info\.json: it declares timestamp as \["float64",\[1\]\]/,
  ),
  info(
    'the names of components',
    (value) => value.features['observation.state'].names.pop(),
    /info\.json: it names \d+ components of observation\.state/,
  ),
  {
    what: 'a video that ends early',
    change: (b) => b.video(VIDEO, (frames) => [...Array(frames - 2).keys()]),
    line: /file-000\.mp4: frame 24 of episode 2 is beyond its end/,
  },
  {
    what: 'a video with more frames than its episodes',
    change: (b) => b.video(VIDEO, (frames) => [...Array(frames).keys(), frames - 2, frames - 1]),
    line: /file-000\.mp4: it holds 159 frames, of which its episodes have 157/,
  },
  {
    what: 'a video of another rate',
    change: (b) => b.video(VIDEO, (frames) => [...Array(frames).keys()], 29),
    line: /file-000\.mp4: frame 1 of episode 0 is 0\.0344\d s, and loaders ask for it at 0\.0333\d s/,
  },
  {
    what: 'episodes whose pictures changed places',
    change: (b) =>
      b.video(VIDEO, (frames) => [
        ...Array.from({ length: 26 }, (_, at) => frames - 26 + at),
        ...Array(frames - 26).keys(),
      ]),
    line: /file-000\.mp4: episode 0: .*frame 0 should show sample 0 of the recording and shows/,
    needs: 'frames',
  },
  {
    what: 'a video that belongs to nothing',
    change: (b) => {
      copyFileSync(b.at(VIDEO), b.at(VIDEO.replace('file-000', 'file-001')));
      b.cover(true);
    },
    line: /file-001\.mp4: no episode lies in it/,
  },
  {
    what: 'a video that is gone',
    change: (b) => {
      b.remove(VIDEO);
      b.cover(true);
    },
    line: /file-000\.mp4/,
  },
];

const OWN_VIDEO = (episode: number) => `videos/chunk-000/observation.images.Right_camera/episode_00000${episode}.mp4`;

export const OWN_MUTATIONS: readonly Mutation[] = [
  {
    what: 'an outcome',
    change: (b) => b.line('meta/episodes.jsonl', 0, (episode) => (episode.outcome = 'success')),
    line: /meta\/episodes\.jsonl: episode 0 has the outcome "success", and bundle\.json says "failure"/,
  },
  {
    what: 'the task of an episode',
    change: (b) => b.line('meta/episodes.jsonl', 1, (episode) => (episode.tasks = ['another'])),
    line: /meta\/episodes\.jsonl: episode 1 has the task \["another"\], which is none/,
  },
  {
    what: 'the text of a task',
    change: (b) => b.line('meta/tasks.jsonl', 0, (task) => (task.task = 7)),
    line: /meta\/tasks\.jsonl: its row 0 is task 0, 7/,
  },
  {
    what: 'statistics',
    change: (b) => b.line('meta/episodes_stats.jsonl', 2, ({ stats }) => (stats['observation.state'].max[0] += 1)),
    line: /meta\/episodes_stats\.jsonl: episode 2: the max of observation\.state is/,
  },
  {
    what: 'statistics that are gone',
    change: (b) => b.text('meta/episodes_stats.jsonl', (text) => text.slice(text.indexOf('\n') + 1)),
    line: /meta\/episodes_stats\.jsonl: episode 0: no statistics of /,
  },
  {
    what: 'a number',
    change: (b) =>
      b.table(
        'data/chunk-000/episode_000001.parquet',
        (columns) => (cells(columns, 'observation.state')[4][1] += 1e-4),
      ),
    line: /episode_000001\.parquet: episode 1: .* in row 4, and its recording says .* at tick 24/,
    needs: 'source',
  },
  {
    what: 'a row that is gone',
    change: (b) => b.table('data/chunk-000/episode_000001.parquet', (columns) => dropRow(columns, 40)),
    line: /episode_000001\.parquet: episode 1: its rows end at 40, and should at 41/,
  },
  {
    what: 'videos that changed places',
    change: (b) => {
      linkSync(b.at(OWN_VIDEO(1)), b.at('swap'));
      rmSync(b.at(OWN_VIDEO(1)));
      linkSync(b.at(OWN_VIDEO(2)), b.at(OWN_VIDEO(1)));
      rmSync(b.at(OWN_VIDEO(2)));
      linkSync(b.at('swap'), b.at(OWN_VIDEO(2)));
      rmSync(b.at('swap'));
    },
    line: /episode_000001\.mp4: frame 26 of episode 1 is beyond its end/,
  },
  {
    what: 'frames of another moment',
    change: (b) => b.video(OWN_VIDEO(1), (frames) => [...Array(frames).keys()].map((at) => (at + 20) % frames)),
    line: /episode_000001\.mp4: episode 1: .*should show sample/,
    needs: 'frames',
  },
  info('a count of videos', (value) => value.total_videos++, /info\.json: its total_videos is 4, and should be 3/),
];
