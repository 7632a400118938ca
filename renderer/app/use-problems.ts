import { useMemo } from 'react';
import type { Episode, Problem } from '../../shared/episode/episode.ts';
import { useSession } from './session.ts';

/** What is wrong with an episode: what opening it told, and what the library found since by trying its frames. */
export function useProblems(episode: Episode | undefined): readonly Problem[] {
  const listed = useSession((session) => (episode ? session.entries.get(episode.id)?.problems : undefined));
  return useMemo(() => {
    const told = episode?.problems ?? [];
    const messages = new Set(told.map(({ message }) => message));
    return [...told, ...(listed ?? []).filter(({ message }) => !messages.has(message))];
  }, [episode, listed]);
}
