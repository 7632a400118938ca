import path from 'node:path';
import { parse } from 'yaml';
import type { Problem } from '../../../shared/episode/episode.ts';
import { isRecord, type Json, parseJson } from '../common/json-file.ts';
import { type Hdf5Tree, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { absurdity, profileOf, type RobotProfile } from './profile.ts';

export interface FoundProfile {
  profile: RobotProfile | null;
  /** "the recording itself", or the file's name; "" where there is none. */
  from: string;
  /** Path of the file it was read from, where it was not in the recording. */
  file: string | null;
  problems: Problem[];
}

const MAX_BYTES = 256 * 1024;
/** Only files that say what they are: a lab's other YAML files hold secrets that must not even be opened. */
const PROFILE_NAME = /^(?!contributor).*profile.*\.(ya?ml|json)$/i;
const FOLDERS = ['', 'robot_profiles', 'configs/robot_profiles'];

/** The profile inside the recording, else the only profile file beside it or in the root's usual folders. */
export async function findProfile(file: OpenFile, tree: Hdf5Tree, ports: SourcePorts): Promise<FoundProfile> {
  const inside = tree.groups['']?.attributes.robot_profile;
  if (typeof inside === 'string' && inside.trim() !== '') {
    return readProfile(inside, 'the recording itself', null, `${file.name}: its robot_profile`, (text, where) =>
      parseJson(text, where),
    );
  }
  const places = [path.dirname(file.path), file.root];
  const folders = [...new Set(places.flatMap((place) => FOLDERS.map((folder) => path.join(place, folder))))];
  for (const folder of folders) {
    const names = await ports.files.list(folder, PROFILE_NAME);
    const [name] = names;
    // Of several nobody knows which robot this was.
    if (name === undefined || names.length > 1) continue;
    const place = path.join(folder, name);
    try {
      const text = new TextDecoder().decode(await ports.files.read(place, MAX_BYTES));
      return readProfile(text, name, place, name, /\.json$/i.test(name) ? parseJson : parseYaml);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      return { ...NONE, problems: [{ severity: 'error', code: 'profile', message: error.message }] };
    }
  }
  const message = `${file.name} has no robot profile, inside or beside it: rate, names of joints and robot are unknown; put its robot_profile.yaml beside the file.`;
  return { ...NONE, problems: [{ severity: 'warning', code: 'no-profile', message }] };
}

const NONE: FoundProfile = { profile: null, from: '', file: null, problems: [] };

function readProfile(
  text: string,
  from: string,
  file: string | null,
  where: string,
  read: (text: string, where: string) => Json,
): FoundProfile {
  try {
    if (text.length > MAX_BYTES) throw refused(where, `it is ${text.length} characters long`);
    const tree = read(text, where);
    if (!isRecord(tree)) throw refused(where, 'it is no table of fields');
    const reason = absurdity(tree);
    if (reason) throw refused(where, reason);
    return { profile: profileOf(tree), from, file, problems: [] };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return { ...NONE, file, problems: [{ severity: 'error', code: error.code, message: error.message }] };
  }
}

function refused(where: string, reason: string): SourceFault {
  return new SourceFault(
    'absurd-profile',
    `${where} cannot be a robot's profile (${reason}), so it was not used: correct it.`,
  );
}

function parseYaml(text: string, where: string): Json {
  try {
    // Anchors could make a small file huge.
    return parse(text, { maxAliasCount: 20, logLevel: 'silent' }) as Json;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 120) : String(error);
    throw new SourceFault('not-yaml', `${where} is no readable YAML (${reason}): correct it.`);
  }
}
