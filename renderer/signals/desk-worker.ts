import { createDesk, type ToDesk } from './desk.ts';

/** The thread behind desk-client.ts. */
const answer = createDesk();
addEventListener('message', ({ data }: MessageEvent<ToDesk>) => {
  const reply = answer(data);
  if (reply) postMessage(reply);
});
