import { MessageSquareText } from 'lucide-react';
import type { TextKind } from '../../shared/review/overview.ts';
import { useSession } from '../app/session.ts';
import { patchDatasetSettings } from '../app/settings.ts';
import { IconButton, Menu, type MenuEntry } from '../design/index.ts';
import { useOverview } from './overview-state.ts';

/** Letters of a text that stand in a menu. */
const SHOWN = 60;

/**
 * Texts that were said before, to be said again: the project's templates and one's own recent ones of this kind.
 * `text` is what stands in the field now, which can become a template and stop being one.
 */
export function TextsMenu({ kind, text, onTake }: { kind: TextKind; text: string; onTake(text: string): void }) {
  const recent = useOverview()?.texts[kind] ?? [];
  const templates = useSession((session) => session.datasetSettings?.textTemplates ?? NONE);
  const now = text.trim();
  const take = (each: string) => ({ id: each, label: short(each), onSelect: () => onTake(each) });
  const others = recent.filter((each) => each !== now && !templates.includes(each));
  const isTemplate = templates.includes(now);
  const entries: MenuEntry[] = [
    ...(templates.length > 0 ? [{ heading: 'Templates of the dataset' }, ...templates.map(take)] : []),
    ...(others.length > 0 ? [{ heading: 'Said before' }, ...others.map(take)] : []),
    ...(templates.length + others.length > 0 ? (['separator'] as const) : []),
    {
      label: isTemplate ? 'Remove this text from the templates' : 'Keep this text as a template',
      disabled: now === '' || now.length > 2000,
      onSelect: () =>
        void patchDatasetSettings({
          textTemplates: isTemplate ? templates.filter((each) => each !== now) : [...templates, now],
        }),
    },
  ];
  return (
    <Menu align="end" entries={entries}>
      <IconButton size="s" label="Templates and recent texts" icon={<MessageSquareText size={13} />} />
    </Menu>
  );
}

const NONE: readonly string[] = [];

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
}
