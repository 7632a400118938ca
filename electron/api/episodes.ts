import { Fault } from '../fault.ts';
import { copyAsPython } from '../review/index.ts';
import { procedures } from './implementer.ts';

export const episodeProcedures = {
  open: procedures.episodes.open.handler(async ({ context, input }) => {
    const open = await context.episodes.open(input.episode);
    const { fingerprint, revision } = open;
    return { episode: await context.shown.episode(open), fingerprint, revision };
  }),
  calibrations: procedures.episodes.calibrations.handler(async ({ context, input }) => {
    const episode = await context.episodes.open(input.episode);
    return episode.calibrations();
  }),
  python: procedures.episodes.python.handler(async ({ context, input }) => {
    const episode = await context.episodes.open(input.episode);
    const { streams } = episode.opened.episode;
    const unknown = input.streams.find((id) => !streams.some((stream) => stream.id === id));
    if (unknown !== undefined) throw new Fault('NOT_FOUND', `${input.episode} has no stream "${unknown}".`);
    if (input.to < input.from) throw new Fault('REFUSED', 'The range ends before it begins.');
    return { code: copyAsPython(episode, { from: input.from, to: input.to, streams: input.streams }) };
  }),
  seen: procedures.episodes.seen.handler(async ({ context, input }) => {
    const episode = await context.episodes.open(input.episode);
    const isOfAnother = input.revision !== undefined && input.revision !== episode.revision;
    const ranges = await context.reviews.seen(episode, isOfAnother ? [] : input.add);
    return { ranges: ranges.map(([from, to]): [number, number] => [from, to]) };
  }),
};
