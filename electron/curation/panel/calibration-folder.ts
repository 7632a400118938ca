import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../../fault.ts';

/** The folder of --calibration as PanelOptions want it; nothing where none was named. Rejects with Fault where there is none. */
export async function calibrationFolder(named: string | undefined): Promise<{ calibration?: string }> {
  if (named === undefined) return {};
  const calibration = await realpath(path.resolve(named)).catch(() => undefined);
  if (calibration === undefined || !(await stat(calibration)).isDirectory())
    throw new Fault('REFUSED', `${named} is no folder of calibrations: name the one that holds T_mocap_to_cam_*.json.`);
  return { calibration };
}
