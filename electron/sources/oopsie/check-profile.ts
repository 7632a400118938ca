import { isRecord, type Json } from '../common/json-file.ts';
import type { RobotProfile } from './profile.ts';
import { type Findings, listed } from './rule.ts';
import { ACTION_KEYS, ARM_ACTIONS, BASE_ACTIONS, GRIPPER_ACTIONS, ORIENTATIONS, STATE_KEYS } from './vocabulary.ts';

const TEXTS = ['policy_name', 'robot_name', 'gripper_name'];
const SWITCHES = ['is_biarm', 'uses_mobile_base'];
const LISTS = ['camera_names', 'robot_state_keys', 'action_space'];
const SENSOR_KEY = /^[A-Za-z0-9_-]+$/;
const SENSOR_FIELDS = ['sensor', 'sensor_info', 'format'];
const SENSOR_FORMATS = ['array', 'video'];

/** The profile by itself: fields and what follows from them. */
export function checkProfile(findings: Findings): void {
  const { profile } = findings.read.found;
  if (!profile) return;
  const { tree, stateKeys, actionSpace } = profile;
  const tell = (message: string) => findings.error('profile', `in the robot profile, ${message}.`);
  const isMissing = (name: string, isRight: (value: Json | undefined) => boolean) => !isRight(tree[name]);
  const missing = [
    ...TEXTS.filter((name) => isMissing(name, (value) => typeof value === 'string' && value.trim() !== '')),
    ...SWITCHES.filter((name) => isMissing(name, (value) => typeof value === 'boolean')),
    ...LISTS.filter((name) =>
      isMissing(name, (value) => Array.isArray(value) && value.every((each) => typeof each === 'string')),
    ),
  ];
  if (missing.length > 0)
    tell(`${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} missing or of the wrong kind`);
  const strange = stateKeys.filter((key) => !(STATE_KEYS as readonly string[]).includes(key));
  if (strange.length > 0) tell(`robot_state_keys names ${listed(strange)}, which the format does not know`);
  if (!stateKeys.includes('gripper_position'))
    tell('robot_state_keys lacks gripper_position, which every recording has');
  checkActionSpace(profile, tell);
  checkNames(profile, tell);
  checkOrientation(profile, tell);
  if (actionSpace.some((key) => key.startsWith('joint_')) && !stateKeys.includes('joint_position')) {
    tell('joint actions are declared without joint_position among the states');
  }
  if (actionSpace.some((key) => key.startsWith('cartesian_')) && !stateKeys.includes('cartesian_position')) {
    tell('cartesian actions are declared without cartesian_position among the states');
  }
  checkSensors(profile, tell);
}

type Tell = (message: string) => void;

function checkActionSpace({ actionSpace, usesMobileBase }: RobotProfile, tell: Tell): void {
  const of = (keys: readonly string[]) => actionSpace.filter((key) => keys.includes(key));
  const strange = actionSpace.filter((key) => !ACTION_KEYS.includes(key));
  if (strange.length > 0) tell(`action_space names ${listed(strange)}, which the format does not know`);
  if (of(ARM_ACTIONS).length === 0) tell(`action_space has none of the arm actions (${listed(ARM_ACTIONS)})`);
  if (of(GRIPPER_ACTIONS).length === 0)
    tell(`action_space has none of the gripper actions (${listed(GRIPPER_ACTIONS)})`);
  const base = of(BASE_ACTIONS);
  if (base.length > 1) tell('action_space has two base actions where one is allowed');
  if (usesMobileBase && base.length === 0) tell('uses_mobile_base is set, but action_space has no base action');
}

function checkNames({ tree, stateKeys, actionSpace }: RobotProfile, tell: Tell): void {
  const required: [field: string, isNeeded: boolean, because: string][] = [
    ['robot_state_joint_names', stateKeys.includes('joint_position'), 'joint_position is a state'],
    ['action_joint_names', actionSpace.some((key) => key.startsWith('joint_')), 'there are joint actions'],
  ];
  for (const [field, isNeeded, because] of required) {
    const names = tree[field];
    const isThere = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
    if (isNeeded && !isThere) tell(`${field} is missing although ${because}`);
  }
}

function checkOrientation({ tree, stateKeys, actionSpace }: RobotProfile, tell: Tell): void {
  const required: [field: string, isNeeded: boolean][] = [
    ['robot_state_orientation_representation', stateKeys.includes('cartesian_position')],
    [
      'orientation_representation',
      actionSpace.includes('cartesian_position') || actionSpace.includes('cartesian_velocity'),
    ],
  ];
  for (const [field, isNeeded] of required) {
    const word = tree[field];
    if (isNeeded && (word === undefined || word === null || word === ''))
      tell(`${field} is missing although poses are recorded`);
    else if (typeof word === 'string' && word !== '' && !ORIENTATIONS.includes(word)) {
      tell(`${field} is "${word}", which is none of ${ORIENTATIONS.join(', ')}`);
    }
  }
}

function checkSensors({ tree, cameras }: RobotProfile, tell: Tell): void {
  const { additional_data: sensors } = tree;
  if (sensors === undefined || sensors === null) return;
  if (!isRecord(sensors)) {
    tell('additional_data is no table of sensors');
    return;
  }
  const taken = new Map(cameras.map((camera) => [camera.toLowerCase(), camera]));
  for (const [key, entry] of Object.entries(sensors)) {
    if (!SENSOR_KEY.test(key)) tell(`additional_data names "${key}", but keys are letters, digits, _ and - alone`);
    const other = taken.get(key.toLowerCase());
    if (other !== undefined)
      tell(`the additional_data key ${key} collides with ${other}: file names do not tell capitals apart`);
    taken.set(key.toLowerCase(), key);
    if (!isRecord(entry)) {
      tell(`additional_data.${key} is no table of fields`);
      continue;
    }
    const strange = Object.keys(entry).filter((field) => !SENSOR_FIELDS.includes(field));
    if (strange.length > 0) tell(`additional_data.${key} has unknown fields (${listed(strange)})`);
    if (typeof entry.sensor !== 'string' || entry.sensor === '')
      tell(`additional_data.${key} does not name its sensor`);
    if (typeof entry.format !== 'string' || !SENSOR_FORMATS.includes(entry.format)) {
      tell(
        `additional_data.${key} has the format ${JSON.stringify(entry.format ?? null)} where array or video is expected`,
      );
    }
  }
}

/** The profile against what is recorded, in both directions. */
export function checkDeclared(findings: Findings): void {
  const { tree, found, videos, variant } = findings.read;
  const { profile } = found;
  if (!profile || variant === 'legacy') return;
  const there = (prefix: string) =>
    Object.keys(tree.datasets)
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length));
  const both = (what: string, declared: readonly string[], recorded: readonly string[]) => {
    for (const key of declared.filter((each) => !recorded.includes(each))) {
      findings.error('not-in-file', `the profile declares the ${what} ${key}, but it is not recorded.`, key);
    }
    for (const key of recorded.filter((each) => !declared.includes(each))) {
      findings.error('not-in-profile', `the ${what} ${key} is recorded, but the profile does not declare it.`, key);
    }
  };
  const states = 'observations/robot_states/';
  const isRecorded = (path: string) => !tree.datasets[path]?.isNull;
  both(
    'state',
    profile.stateKeys,
    there(states).filter((key) => isRecorded(`${states}${key}`)),
  );
  both(
    'action',
    profile.actionSpace,
    there('actions/').filter((key) => isRecorded(`actions/${key}`)),
  );
  both('camera', profile.cameras, there('observations/video_paths/'));
  both('additional data', Object.keys(profile.additional), there('additional_data/'));
  for (const { entry } of videos) {
    const format = profile.additional[entry.key]?.format;
    if (!entry.isCamera && format === 'array') {
      findings.error('sensor-format', `${entry.key} is declared an array, but a video is recorded.`, entry.id);
    }
  }
  for (const { role, key, path } of findings.read.arrays) {
    if (role === 'additional' && profile.additional[key]?.format === 'video') {
      findings.error('sensor-format', `${key} is declared a video, but an array is recorded.`, path);
    }
  }
}
