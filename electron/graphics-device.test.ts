import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { graphicsDevices } from './graphics-device.ts';

it('names the devices that can draw, by driver, and knows none from nothing being told', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-drm-'));
  try {
    const drm = path.join(folder, 'drm');
    expect(graphicsDevices(drm)).toEqual([]);
    mkdirSync(path.join(drm, 'card0', 'device'), { recursive: true });
    mkdirSync(path.join(drm, 'renderD129', 'device'), { recursive: true });
    mkdirSync(path.join(drm, 'renderD128', 'device'), { recursive: true });
    writeFileSync(path.join(drm, 'renderD128', 'device', 'uevent'), 'MAJOR=226\nDRIVER=i915\nPCI_ID=8086:9A49\n');
    expect(graphicsDevices(drm)).toEqual(['i915 (renderD128)', 'unknown driver (renderD129)']);
    expect(graphicsDevices(path.join(folder, 'not', 'there'))).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
