import { useEffect, useState } from 'react';
import { keepText, keptText } from './review-actions.ts';

/**
 * Text being written, in the browser's storage at every keystroke: what is typed outlives the page and another episode.
 * Null where nothing is being written.
 */
export function useKeptDraft(key: string): [draft: string | null, write: (text: string | null) => void] {
  const [draft, setDraft] = useState(() => keptText(key) || null);
  useEffect(() => setDraft(keptText(key) || null), [key]);
  const write = (text: string | null) => {
    keepText(key, text ?? '');
    setDraft(text);
  };
  return [draft, write];
}
