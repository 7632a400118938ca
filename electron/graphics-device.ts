import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Graphics devices that programs on this machine can draw with, by their kernel drivers ("i915 (renderD128)"), as Linux
 * tells them below `drm`; undefined where it tells nothing (other systems).
 */
export function graphicsDevices(drm = '/sys/class/drm'): string[] | undefined {
  if (!existsSync(path.dirname(drm))) return undefined;
  const names = existsSync(drm) ? readdirSync(drm).filter((name) => name.startsWith('renderD')) : [];
  return names.sort().map((name) => `${driverOf(path.join(drm, name, 'device', 'uevent'))} (${name})`);
}

function driverOf(uevent: string): string {
  try {
    return /^DRIVER=(.+)$/m.exec(readFileSync(uevent, 'utf8'))?.[1] ?? 'unknown driver';
  } catch {
    return 'unknown driver';
  }
}
