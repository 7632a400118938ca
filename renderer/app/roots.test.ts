import { ORPCError } from '@orpc/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LibraryEntry, Root } from '../../shared/api/library.ts';
import { openEpisode } from './episodes.ts';
import { openAddress } from './roots.ts';
import { type OpenEpisode, useSession } from './session.ts';

const workstation = vi.hoisted(() => ({ open: vi.fn() }));
vi.mock('./api.ts', () => ({ api: { episodes: { open: workstation.open } } }));
vi.mock('./episodes.ts', () => ({ openEpisode: vi.fn(async () => true), closeEpisode: vi.fn() }));
vi.mock('../design/live-region.ts', () => ({ announce: vi.fn() }));
vi.stubGlobal('window', globalThis);

const ROOT = '0123456789abcdef';
const root = (id: string, scanning: boolean) => ({ id, scanning, name: id, path: `/${id}` }) as Root;
const onScreen = { episode: { id: `${ROOT}/on-screen.h5`, root: ROOT } } as OpenEpisode;
const fault = (code: string, message: string) => new ORPCError(code, { defined: true, message });
const sentences = () => useSession.getState().notices.map(({ text }) => text);

beforeEach(() => {
  vi.clearAllMocks();
  workstation.open.mockResolvedValue({});
  useSession.setState({
    ...{ roots: [root(ROOT, true)], root: ROOT, entries: new Map(), notices: [] },
    ...{ open: onScreen, opening: null, openFault: null },
  });
});

describe('an address', () => {
  it('of a listed episode is gone to at once', async () => {
    useSession.setState({ entries: new Map([[`${ROOT}/a.h5`, {} as LibraryEntry]]) });
    expect(await openAddress('#episode=a.h5&t=3')).toBe(true);
    expect(openEpisode).toHaveBeenCalledWith(`${ROOT}/a.h5`, { tick: 3 });
    expect(workstation.open).not.toHaveBeenCalled();
  });

  it.each([
    ['NOT_FOUND', 'a.h5 is not there any more.'],
    ['REFUSED', 'a.h5 lies outside what was opened.'],
  ])('that leads nowhere (%s) while a scan runs costs a sentence, not the episode on screen', async (code, message) => {
    workstation.open.mockRejectedValue(fault(code, message));
    expect(await openAddress('#episode=a.h5&t=3')).toBe(false);
    expect(openEpisode).not.toHaveBeenCalled();
    expect(useSession.getState()).toMatchObject({ open: onScreen, opening: null, openFault: null });
    expect(sentences()).toEqual(['No open dataset holds a.h5: open the folder it lies in.']);
  });

  it('is found on disk before the scan has come to it, in whichever dataset it lies', async () => {
    const other = 'fedcba9876543210';
    useSession.setState({ roots: [root(ROOT, true), root(other, true)] });
    workstation.open.mockImplementation(async ({ episode }: { episode: string }) => {
      if (!episode.startsWith(other)) throw fault('NOT_FOUND', 'It is not there.');
    });
    expect(await openAddress('#episode=a.h5&t=2..5')).toBe(true);
    expect(openEpisode).toHaveBeenCalledExactlyOnceWith(`${other}/a.h5`, { from: 2, to: 5 });
  });

  it('is not looked for where the list is complete', async () => {
    const entries = new Map([[`${ROOT}/b.h5`, { root: ROOT } as LibraryEntry]]);
    useSession.setState({ roots: [root(ROOT, false)], entries });
    expect(await openAddress('#episode=a.h5')).toBe(false);
    expect(workstation.open).not.toHaveBeenCalled();
    expect(sentences()).toHaveLength(1);
  });

  it('is found before the list of a whole scan has come here', async () => {
    useSession.setState({ roots: [root(ROOT, false)] });
    expect(await openAddress('#episode=a.h5')).toBe(true);
    expect(sentences()).toEqual([]);
  });

  it('of a damaged file lets that file say what is wrong with it', async () => {
    workstation.open.mockRejectedValue(fault('UNUSABLE', 'a.h5 is cut off.'));
    expect(await openAddress('#episode=a.h5')).toBe(true);
    expect(openEpisode).toHaveBeenCalledWith(`${ROOT}/a.h5`, null);
  });

  it('gives way to what a person opened while it was looked for', async () => {
    workstation.open.mockImplementation(async () => useSession.setState({ opening: `${ROOT}/b.h5` }));
    expect(await openAddress('#episode=a.h5')).toBe(false);
    expect(openEpisode).not.toHaveBeenCalled();
    expect(sentences()).toEqual([]);
  });

  it('says so when the workstation does not answer', async () => {
    workstation.open.mockRejectedValue(new TypeError('Failed to fetch'));
    expect(await openAddress('#episode=a.h5')).toBe(false);
    expect(sentences()).toEqual([expect.stringContaining('does not answer')]);
    expect(useSession.getState().open).toBe(onScreen);
  });
});
