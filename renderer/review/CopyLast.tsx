import { CopyPlus } from 'lucide-react';
import { Button, Menu, type MenuEntry } from '../design/index.ts';
import { copyLast, type LastPart, outcomeWord } from './gestures.ts';
import { useOverview } from './overview-state.ts';
import { perform } from './review-actions.ts';

/** What one said of the episode before this one, to be said of this one too: parts of it or all. One's own only. */
export function CopyLast({ recording }: { recording: string }) {
  const last = useOverview()?.last.find((each) => each.recording !== recording);
  if (!last) return null;
  const { outcome, description, properties } = last;
  const count = Object.keys(properties).length;
  const parts: [part: LastPart, label: string][] = [
    ...(count > 0 ? [['properties', count === 1 ? 'The property' : `The ${count} properties`] as const] : []),
    ...(outcome ? [['outcome', `The outcome: ${outcomeWord(outcome.value)}`] as const] : []),
    ...(description ? [['description', `The description: ${description.text.slice(0, 60)}`] as const] : []),
  ].map(([part, label]) => [part, label]);
  const copy = (wanted: readonly LastPart[]) => () => void perform(copyLast(last, wanted));
  const entries: MenuEntry[] = [
    {
      heading: `From what you said ${new Date(last.at).toLocaleString('sv-SE', { timeStyle: 'short', dateStyle: 'short' })}`,
    },
    ...parts.map(([part, label]) => ({ label, onSelect: copy([part]) })),
    ...(parts.length > 1 ? [{ label: 'All of it', onSelect: copy(parts.map(([part]) => part)) }] : []),
  ];
  return (
    <Menu align="end" entries={entries}>
      <Button size="s" tone="ghost" icon={<CopyPlus size={13} />}>
        Copy from the last
      </Button>
    </Menu>
  );
}
