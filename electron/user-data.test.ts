import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { userDataDir } from './user-data.ts';

describe('userDataDir', () => {
  it('follows each platform', () => {
    expect(userDataDir({}, 'linux', '/home/ann')).toBe('/home/ann/.local/share/regrasp');
    expect(userDataDir({ XDG_DATA_HOME: '/data' }, 'linux', '/home/ann')).toBe('/data/regrasp');
    expect(userDataDir({ XDG_DATA_HOME: 'data' }, 'linux', '/home/ann')).toBe('/home/ann/.local/share/regrasp');
    expect(userDataDir({}, 'darwin', '/Users/ann')).toBe('/Users/ann/Library/Application Support/Regrasp');
    expect(userDataDir({ APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' }, 'win32', 'C:\\Users\\ann')).toBe(
      'C:\\Users\\ann\\AppData\\Roaming\\Regrasp',
    );
    expect(userDataDir({}, 'win32', 'C:\\Users\\ann')).toBe('C:\\Users\\ann\\AppData\\Roaming\\Regrasp');
  });

  it('lets the environment choose', () => {
    expect(userDataDir({ REGRASP_USER_DATA: 'mine' }, 'linux', '/home/ann')).toBe(path.resolve('mine'));
  });

  it('is no folder of where one works when HOME is empty', () => {
    vi.stubEnv('HOME', '');
    expect(path.isAbsolute(userDataDir({}))).toBe(true);
    vi.unstubAllEnvs();
  });
});
