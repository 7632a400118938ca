import { Fault } from '../../fault.ts';

/** Newest layout of tasks.json that is known here; files say theirs in `schema_version`, if at all. */
const KNOWN_VERSION = 1;

/** Rejects a tasks.json of a newer layout: what it says of hands and dates may mean something else. */
export function refuseNewerTasks(file: string, said: unknown): void {
  if (said === undefined || said === null) return;
  const version = Number(String(said).replace(/^\D+/, ''));
  if (!(version <= KNOWN_VERSION))
    throw new Fault('REFUSED', `${file} is of a newer layout (${said}) and was left alone: update Regrasp.`);
}
