import { describe, expect, it } from 'vitest';
import { allOffers, offersOfMenu, registerOffers } from './offers.ts';

describe('what is offered beside the commands', () => {
  it('are the entries of a menu under their headings, with what is chosen and what cannot be done', () => {
    const done: string[] = [];
    const entry = (label: string, more = {}) => ({ label, onSelect: () => void done.push(label), ...more });
    const offers = offersOfMenu({ id: 'pane/1', group: 'View', detail: 'Left camera' }, [
      { heading: 'Show here' },
      entry('3D scene', { checked: true }),
      'separator',
      entry('Close this pane', { disabled: true }),
    ]);
    expect(offers).toMatchObject([
      { id: 'pane/1/Show here: 3D scene', title: 'Show here: 3D scene', isChecked: true, detail: 'Left camera' },
      { title: 'Close this pane', isEnabled: false },
    ]);
    offers[0]?.run();
    expect(done).toEqual(['3D scene']);
  });

  it('is there as long as it is registered', () => {
    const stop = registerOffers(() => [{ id: 'a', title: 'A', group: 'File', run: () => undefined }]);
    expect(allOffers().map(({ id }) => id)).toEqual(['a']);
    stop();
    expect(allOffers()).toEqual([]);
  });
});
