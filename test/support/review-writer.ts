// Says one thing after another of a recording that has no file, as a person does who is in a hurry, and prints a line for
// each once it is on disk. Ended from outside. Arguments: the root's storage folder, the user's folder, a seed, how many.
import { openedWith, openWholeReviews } from '../../electron/review/testing.ts';
import { gestureFor, MOST, TICKS } from '../../shared/review/testing.ts';
import { seededRandom } from '../bench/statistics.ts';

const [storageDir, userDataDir, seed, count] = process.argv.slice(2) as [string, string, string, string];
const random = seededRandom(Number(seed));
const upTo = (most: number) => Math.floor(random() * (most + 1));
const reviews = openWholeReviews({
  ...{ userDataDir, annotator: () => 'Ann', onReview: () => undefined, pollMs: 1e6 },
  decode: { frame: () => Promise.reject(new Error('There is no stream, so there is no frame.')) },
});
const episode = {
  opened: openedWith({ times: Array.from({ length: TICKS }, (_, tick) => tick * 33_333_333) }),
  storageDir,
};
let review = await reviews.get(episode);
process.stdout.write('ready\n');
for (let said = 0; said < Number(count); ) {
  const choice = random();
  const startedMs = performance.now();
  try {
    if (choice < 0.12) review = await reviews.undo(episode);
    else if (choice < 0.18) review = await reviews.redo(episode);
    else {
      const id = crypto.randomUUID();
      const move = { kind: upTo(MOST.kind), pick: upTo(MOST.pick), other: upTo(MOST.other), tick: upTo(MOST.tick) };
      const gesture = gestureFor(review.own, move, id);
      if (!gesture) continue;
      review = await reviews.gesture(episode, gesture.name, gesture.patch, { id });
    }
  } catch (error) {
    // Nothing to undo, or a gesture that changes nothing: nothing was said.
    if ((error as { code?: unknown }).code === 'REFUSED') continue;
    throw error;
  }
  said += 1;
  process.stdout.write(`kept ${(performance.now() - startedMs).toFixed(3)}\n`);
}
await reviews.close();
process.stdout.write('done\n');
