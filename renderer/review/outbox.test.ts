import { describe, expect, it } from 'vitest';
import { addNote, clearOutcome, setOutcome } from './gestures.ts';
import { Outbox } from './outbox.ts';

function box(kept = '') {
  const world = { kept, sent: [] as string[], fail: false, states: [] as unknown[], gate: Promise.resolve() };
  const outbox: Outbox = new Outbox({
    send: async (gesture) => {
      await world.gate;
      if (world.fail) throw new Error('Disk full.');
      world.sent.push(gesture.name);
    },
    keep: (text) => {
      world.kept = text;
    },
    kept,
    sentenceOf: (error) => (error as Error).message,
    onChange: () => world.states.push(outbox.state),
  });
  return { outbox, world };
}

describe('the outbox', () => {
  it('sends in order and is empty then', async () => {
    const { outbox, world } = box();
    await Promise.all([outbox.push(setOutcome('failure')), outbox.push(clearOutcome())]);
    await outbox.flush();
    expect(world.sent).toEqual(['Set outcome to failure', 'Clear the outcome']);
    expect(world.kept).toBe('');
    expect(world.states[0]).toBe('saving');
    expect(outbox.state).toBe('idle');
  });

  it('keeps what failed, says why, and sends it on the next try before anything newer', async () => {
    const { outbox, world } = box();
    world.fail = true;
    await outbox.push(addNote('n', { text: 'an hour of thought' }));
    expect(outbox.state).toEqual({ fault: 'Disk full.' });
    expect(outbox.unsent).toHaveLength(1);
    expect(world.kept).toContain('an hour of thought');
    world.fail = false;
    await outbox.push(setOutcome('success'));
    expect(world.sent).toEqual(['Add a note', 'Set outcome to success']);
    expect(outbox.unsent).toEqual([]);
  });

  it('survives a reload, and asks before it sends what lay there', async () => {
    const before = box();
    before.world.fail = true;
    await before.outbox.push(addNote('n', { text: 'kept' }));
    const { outbox, world } = box(before.world.kept);
    expect(outbox.unsent).toEqual(before.outbox.unsent);
    expect(outbox.state).toMatchObject({ fault: expect.stringContaining('One change') });
    expect(world.sent).toEqual([]);
    await outbox.flush();
    expect(world.sent).toEqual(['Add a note']);
    expect(world.kept).toBe('');
  });

  it('gives the last unsent gesture back, but not the one on its way', async () => {
    const { outbox, world } = box();
    let open = () => {};
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    const sending = outbox.push(setOutcome('success'));
    void outbox.push(setOutcome('failure'));
    expect(outbox.takeBack()?.name).toBe('Set outcome to failure');
    expect(outbox.takeBack()).toBeUndefined();
    open();
    await sending;
    expect(world.sent).toEqual(['Set outcome to success']);
  });

  it('starts empty over what it cannot read', () => {
    expect(box('{"broken').outbox.unsent).toEqual([]);
    expect(box('[{"name":1}]').outbox.unsent).toEqual([]);
  });

  it('discards only when told', async () => {
    const { outbox, world } = box();
    world.fail = true;
    await outbox.push(clearOutcome());
    outbox.discard();
    expect(outbox.unsent).toEqual([]);
    expect(world.kept).toBe('');
    expect(outbox.state).toBe('idle');
  });
});
