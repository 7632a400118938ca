import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDecodePool } from '../../electron/frames/decode-pool.ts';
import { createVideoProbe } from '../../electron/media/probe.ts';
import { ffmpeg, hasEncoder } from '../../electron/media/testing.ts';
import { source } from '../../electron/sources/oopsie/index.ts';
import type { CheckFindings, OpenedEpisode, StatedFacts } from '../../electron/sources/source.ts';
import { builtWorkerDir, pluginDir } from './built-worker.ts';
import { pythonWithHdf5, runPython } from './python.ts';
import { openFileOf, portsFor } from './source-ports.ts';

/** For tests: what recordings of others need to be made here. */
export const CAN_WRITE = pythonWithHdf5() !== null && hasEncoder('libx264');
export const NEEDS = 'needs a python3 with h5py and an ffmpeg with libx264';

export interface Bench {
  root: string;
  at(...parts: string[]): string;
  /** Opens and checks a recording below the root; `below` names the folder that is the root then. */
  open(folder: string, name: string, stated?: StatedFacts): Promise<OpenedEpisode & { found: CheckFindings }>;
  recognizes(folder: string, name: string): Promise<boolean>;
  close(): Promise<void>;
}

export async function createBench(): Promise<Bench> {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-oopsie-')));
  const pool = createDecodePool({ workerDir: await builtWorkerDir(), pluginDir });
  const probe = createVideoProbe();
  return {
    root,
    at: (...parts) => path.join(root, ...parts),
    open: async (folder, name, stated = {}) => {
      const file = openFileOf(path.join(root, folder), name, '', stated);
      const ports = portsFor(file.root, pool, probe);
      const opened = await source.open(file, ports);
      const found = await source.check?.(file, opened, ports);
      if (!found) throw new Error('the format has a check');
      return { ...opened, found };
    },
    recognizes: (folder, name) => {
      const file = openFileOf(path.join(root, folder), name);
      return source.recognizes(file, portsFor(file.root, pool, probe));
    },
    close: async () => {
      await pool.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function writeVideo(
  file: string,
  options: { frames?: number; rateHz?: number; size?: string; crf?: number } = {},
): void {
  const { frames = 20, rateHz = 10, size = '320x240', crf = 19 } = options;
  const input = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rateHz}`, '-frames:v', String(frames)];
  ffmpeg(...input, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', String(crf), '-pix_fmt', 'yuv420p', file);
}

/** Copies the two videos of a base recording beside each of these recordings. */
export function spreadVideos(bench: Bench, base: string, folders: readonly string[]): void {
  const videos = readdirSync(bench.at(base)).filter((name) => name.endsWith('.mp4'));
  for (const folder of folders) for (const name of videos) cpSync(bench.at(base, name), bench.at(folder, name));
}

/**
 * Python that defines `write(folder, name='ep.h5', profile=…, edit=…, annotate=…)`: a recording of 20 steps at 10 Hz with
 * two cameras, as the recorder of the format writes it with h5py. Each argument changes what it names.
 */
const WRITER = `
import json, os, sys, numpy as np, h5py
root = sys.argv[1]
T = 20
t = np.arange(T) / 10
ACTIONS = ['joint_position', 'joint_velocity', 'cartesian_position', 'cartesian_velocity', 'base_position', 'base_velocity', 'gripper_position', 'gripper_velocity', 'gripper_binary']
JOINTS = [f'panda_joint{i}' for i in range(7)]
def base_profile():
  return dict(policy_name='pi0.5', robot_name='franka', gripper_name='robotiq', is_biarm=False, uses_mobile_base=False, control_freq=10,
    camera_names=['front', 'wrist'], robot_state_keys=['joint_position', 'cartesian_position', 'gripper_position'],
    action_space=['joint_velocity', 'cartesian_position', 'gripper_binary'], robot_state_joint_names=JOINTS, action_joint_names=JOINTS,
    orientation_representation='quat', robot_state_orientation_representation='euler_xyz',
    additional_data=dict(force=dict(sensor='ati', format='array')))
def pose():
  half = t / 4
  return np.c_[0.4 + 0 * t, t / 10, 0.3 + 0 * t, np.sin(half), 0 * t, 0 * t, np.cos(half)]
def annotation(f, name, taxonomy=dict(outcome='failure', failure_category=['grasp'], severity='low'), **attrs):
  g = f.require_group(f'episode_annotations/{name}')
  base = dict(schema='oopsie_failure_taxonomy_v2', taxonomy_schema='oopsiedata_taxonomy_schema_v2', source='human', timestamp='2026-07-10T10:00:00+00:00', success=np.float64(0), episode_description=f'{name} saw it slip.', additional_notes='')
  for k, v in (base | attrs).items():
    if v is not None: g.attrs[k] = v
  if taxonomy is not None: g.attrs['taxonomy'] = taxonomy if isinstance(taxonomy, str) else json.dumps(taxonomy)
  return g
def write(folder, name='ep.h5', profile=None, edit=None, annotate=True):
  os.makedirs(f'{root}/{folder}', exist_ok=True)
  p = base_profile()
  if profile: p = profile(p) or p
  with h5py.File(f'{root}/{folder}/{name}', 'w') as f:
    f.attrs.update(dict(schema='oopsiedata_format_v1', episode_id='ep', language_instruction='put it in', lab_id='lab7', operator_name='ada', timestamp=np.float64(1783678500.5)))
    f.attrs['robot_profile'] = p if isinstance(p, str) else json.dumps(p)
    s = f.create_group('observations/robot_states')
    s['joint_position'] = np.c_[[t + i for i in range(7)]].T
    s['cartesian_position'] = pose()
    s['gripper_position'] = (t[:, None] % 1)
    for camera in ['front', 'wrist']: f[f'observations/video_paths/{camera}'] = f'ep_{camera}.mp4'
    a = f.create_group('actions')
    for key in ACTIONS: a[key] = h5py.Empty('f8')
    for key, data in dict(joint_velocity=np.ones((T, 7)), cartesian_position=pose(), gripper_binary=(t > 1).astype(float)).items():
      del a[key]; a[key] = data
    f['additional_data/force'] = np.full((T, 3), 2, np.float32)
    if annotate: annotation(f, 'mara')
    if edit: edit(f)
def put(path, data):
  def edit(f):
    if path in f: del f[path]
    f[path] = data
  return edit
`;

export function writeRecordings({ root }: Pick<Bench, 'root'>, script: string): string {
  return runPython(`${WRITER}\n${script}`, root);
}
