import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addNote, clearOutcome, setOutcome } from './gestures.ts';
import { type NamedGesture, Outbox } from './outbox.ts';

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
    isRefused: () => false,
    onRefused: () => undefined,
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

  it('tells of a gesture that waits behind another at once: the next is made from what is shown', async () => {
    const { outbox, world } = box();
    let open = () => {};
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = outbox.push(setOutcome('failure'));
    const told = world.states.length;
    const second = outbox.push(clearOutcome());
    expect(world.states.length).toBe(told + 1);
    expect(outbox.unsent.map(({ name }) => name)).toEqual(['Set outcome to failure', 'Clear the outcome']);
    open();
    await Promise.all([first, second]);
    expect(world.sent).toHaveLength(2);
  });

  it('answers each once it is kept itself, in their order, also those that waited behind others', async () => {
    const { outbox } = box();
    const told: string[] = [];
    const push = (name: string) =>
      outbox.push({ ...clearOutcome(), name }).then((fate) => told.push(`${name} ${fate}`));
    await Promise.all(['first', 'second', 'third'].map(push));
    expect(told).toEqual(['first kept', 'second kept', 'third kept']);
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

  it('rests once all that is on its way is kept, what came behind it too', async () => {
    const { outbox, world } = box();
    let open = () => {};
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    void outbox.push(setOutcome('success'));
    void outbox.push(setOutcome('failure'));
    const rested = outbox.rest().then(() => outbox.unsent.length);
    open();
    expect(await rested).toBe(0);
    expect(outbox.takeBack()).toBeUndefined();
    expect(world.sent).toEqual(['Set outcome to success', 'Set outcome to failure']);
  });

  it('sends what got no answer again under the same id, and does not take it back as if it had not arrived', async () => {
    const { outbox, world } = box();
    world.fail = true;
    await outbox.push(setOutcome('success'));
    const [first] = outbox.unsent;
    expect(outbox.takeBack()).toBeUndefined();
    expect(box(world.kept).outbox.takeBack()).toBeUndefined();
    expect(box(world.kept).outbox.unsent).toEqual([first]);
    expect(first?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  /** A workstation that keeps what it gets once; what happens to the answers is drawn from `answers`. */
  function workstation(answers: ('given' | 'lost' | 'never' | 'refused')[], patienceMs?: number) {
    const journal: NamedGesture[] = [];
    const told: string[] = [];
    const outbox = new Outbox({
      ...{ kept: '', keep: () => undefined, onChange: () => undefined, patienceMs: patienceMs ?? 1000 },
      isRefused: (error) => (error as Error).message === 'refused',
      onRefused: (gesture, sentence) => told.push(`${gesture.name}: ${sentence}`),
      sentenceOf: (error) => (error as Error).message,
      send: async (gesture) => {
        const answer = answers.shift() ?? 'given';
        if (answer === 'refused') throw new Error('refused');
        if (!journal.some(({ id }) => id === gesture.id)) journal.push(gesture);
        if (answer === 'lost') throw new Error('lost');
        if (answer === 'never') await new Promise(() => undefined);
      },
    });
    return { outbox, told, names: () => journal.map(({ name }) => name) };
  }

  it('goes on behind a gesture whose answer was lost, which is kept once', async () => {
    const { outbox, names } = workstation(['lost', 'lost']);
    expect(await outbox.push(setOutcome('success'))).toBe('waiting');
    expect(await outbox.push(addNote('n', { text: 'x' }))).toBe('waiting');
    expect(outbox.state).toEqual({ fault: 'lost' });
    expect(await outbox.push(clearOutcome())).toBe('kept');
    expect(names()).toEqual(['Set outcome to success', 'Add a note', 'Clear the outcome']);
    expect([outbox.unsent, outbox.state]).toEqual([[], 'idle']);
  });

  it('goes on behind a gesture that can never be kept, and names it', async () => {
    const { outbox, names, told } = workstation(['refused']);
    const first = outbox.push(setOutcome('success'));
    const second = outbox.push(addNote('n', { text: 'x' }));
    expect(await first).toBe('refused');
    await second;
    expect(told).toEqual(['Set outcome to success: refused']);
    expect(names()).toEqual(['Add a note']);
    expect(outbox.unsent).toEqual([]);
    expect(outbox.state).toBe('idle');
  });

  it('does not wait for ever for an answer that never comes', async () => {
    const { outbox, names } = workstation(['never'], 20);
    expect(await outbox.push(setOutcome('success'))).toBe('waiting');
    expect(outbox.state).toMatchObject({ fault: expect.stringContaining('has not answered') });
    expect(await outbox.push(addNote('n', { text: 'x' }))).toBe('kept');
    expect(names()).toEqual(['Set outcome to success', 'Add a note']);
  });

  it('names what an older version kept without an id, for good', () => {
    const old = box(JSON.stringify([clearOutcome()]));
    const id = old.outbox.unsent[0]?.id;
    expect(id).toBeTruthy();
    expect(box(old.world.kept).outbox.unsent[0]?.id).toBe(id);
  });

  /** What may happen to one try: kept and answered, kept with the answer lost, lost on the way, closed in between. */
  const tries = fc.array(fc.constantFrom('answered', 'answer lost', 'lost', 'page closed'), { maxLength: 30 });

  it('has every gesture kept once and in order, whatever gets lost, but those that are refused, which it names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), tries, async (isFine, drawn) => {
        const happenings = [...drawn];
        const journal: NamedGesture[] = [];
        const told: string[] = [];
        let stored = '';
        let isHealthy = false;
        const open = () =>
          new Outbox({
            kept: stored,
            keep: (text) => {
              stored = text;
            },
            isRefused: (error) => (error as Error).message === 'refused',
            onRefused: (gesture) => told.push(gesture.name),
            sentenceOf: String,
            onChange: () => undefined,
            send: async (gesture) => {
              await Promise.resolve();
              const happening = isHealthy ? 'answered' : (happenings.shift() ?? 'answered');
              if (happening === 'lost') throw new Error('network');
              if (!isFine[Number(gesture.name)]) throw new Error(happening === 'answered' ? 'refused' : 'network');
              if (!journal.some(({ id }) => id === gesture.id)) journal.push(gesture);
              if (happening !== 'answered') throw new Error(happening);
            },
          });
        let outbox = open();
        for (const name of isFine.keys()) {
          await outbox.push({ ...clearOutcome(), name: `${name}` });
          if (happenings[0] === 'page closed') outbox = open();
        }
        isHealthy = true;
        await outbox.flush();
        expect(outbox.unsent).toEqual([]);
        expect(stored).toBe('');
        const names = [...isFine.keys()].map(String);
        expect(journal.map(({ name }) => name)).toEqual(names.filter((name) => isFine[Number(name)]));
        expect(told).toEqual(names.filter((name) => !isFine[Number(name)]));
      }),
    );
  });

  it('says what became of a gesture', async () => {
    const { outbox, world } = box();
    expect(await outbox.push(setOutcome('success'))).toBe('kept');
    world.fail = true;
    expect(await outbox.push(setOutcome('failure'))).toBe('waiting');
    expect(await outbox.settle()).toBe('waiting');
    world.fail = false;
    expect(await outbox.settle()).toBe('kept');
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
