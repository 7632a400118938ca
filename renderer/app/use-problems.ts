import { useMemo } from 'react';
import type { Episode, Problem } from '../../shared/episode/episode.ts';
import { KEPT_BACK } from '../../shared/review/blind.ts';
import { useSession } from './session.ts';

/** What is wrong with an episode: what opening it told, and what the library found since by trying its frames. */
export function useProblems(episode: Episode | undefined): readonly Problem[] {
  const listed = useSession((session) => (episode ? session.entries.get(episode.id)?.problems : undefined));
  return useMemo(() => {
    const told = episode?.problems ?? [];
    const messages = new Set(told.map(({ message }) => message));
    // The list keeps back what opening it tells.
    const isNews = ({ message, code }: Problem) =>
      !messages.has(message) && (code !== KEPT_BACK || (episode?.keepsBack ?? false));
    return [...told, ...(listed ?? []).filter(isNews)];
  }, [episode, listed]);
}
