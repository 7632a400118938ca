import { describe, expect, it } from 'vitest';
import { createLatestSaver } from './latest-saver.ts';

function sender() {
  const sent: string[] = [];
  const ends: (() => void)[] = [];
  const saver = createLatestSaver<string>((value) => {
    sent.push(value);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  const end = async () => {
    ends.shift()?.();
    await new Promise((done) => setTimeout(done));
  };
  return { sent, saver, end };
}

describe('a saver of the latest', () => {
  it('sends at once, and of what comes while that is on its way the last alone', async () => {
    const { sent, saver, end } = sender();
    saver.save('a');
    expect(sent).toEqual(['a']);
    saver.save('b');
    saver.save('c');
    expect(sent).toEqual(['a']);
    await end();
    expect(sent).toEqual(['a', 'c']);
    await end();
    saver.save('d');
    expect(sent).toEqual(['a', 'c', 'd']);
  });

  it('does not let what waits be lost with the page', async () => {
    const { sent, saver, end } = sender();
    saver.save('a');
    saver.save('b');
    saver.flush();
    saver.flush();
    expect(sent).toEqual(['a', 'b']);
    saver.save('c');
    await end();
    // The second is still on its way: nothing may overtake it.
    expect(sent).toEqual(['a', 'b']);
    await end();
    expect(sent).toEqual(['a', 'b', 'c']);
  });
});
