import { beforeEach, expect, it, vi } from 'vitest';
import type { LibraryEntry, LibraryPage } from '../../shared/api/library.ts';
import { applyEntries, loadEntries } from './entry-list.ts';
import { useSession } from './session.ts';

const workstation = vi.hoisted(() => ({ get: vi.fn() }));
vi.mock('./api.ts', () => ({ api: { library: { get: workstation.get } } }));

const entry = (name: string, status: LibraryEntry['status'] = 'pending', root = 'here') =>
  ({ id: `${root}/${name}`, root, name, status }) as LibraryEntry;
const page = (entries: LibraryEntry[]) => ({ root: { id: 'here' }, entries, version: 1, next: null }) as unknown;
const known = () => [...useSession.getState().entries.values()].map(({ id, status }) => `${id} ${status}`).sort();

beforeEach(() => {
  vi.clearAllMocks();
  useSession.setState({ entries: new Map([['there/x', entry('x', 'good', 'there')]]) });
});

it('keeps what was told while an older list was on its way', async () => {
  let answer: (list: LibraryPage) => void = () => {};
  const waiting = new Promise<LibraryPage>((resolve) => {
    answer = resolve;
  });
  workstation.get.mockReturnValue(waiting);
  const loading = loadEntries('here');
  applyEntries({ entries: [entry('a', 'good'), entry('new')], removed: ['here/gone'] });
  applyEntries({ entries: [entry('x', 'warning', 'there')], removed: [] });
  answer(page([entry('a'), entry('b'), entry('gone')]) as LibraryPage);
  await loading;
  expect(known()).toEqual(['here/a good', 'here/b pending', 'here/new pending', 'there/x warning']);
});

it('is the list alone once nothing is on its way', async () => {
  applyEntries({ entries: [entry('before', 'good')], removed: [] });
  workstation.get.mockResolvedValue(page([entry('a')]));
  await loadEntries('here');
  expect(known()).toEqual(['here/a pending', 'there/x good']);
  applyEntries({ entries: [entry('a', 'good')], removed: ['there/x'] });
  expect(known()).toEqual(['here/a good']);
});
