import { Check } from 'lucide-react';
import { ContextMenu as RadixContext, DropdownMenu as RadixMenu } from 'radix-ui';
import type { MouseEvent, ReactElement, ReactNode } from 'react';
import { Keys } from './Feedback.tsx';
import styles from './Overlay.module.css';

/**
 * One entry of a menu. `checked` makes it a tick-box item; "separator" and headings only stand there. An `id` keeps an
 * entry the same one (and the focus on it) where entries come and go while the menu is open.
 */
export type MenuEntry =
  | 'separator'
  | { heading: string; id?: string }
  | {
      label: string;
      onSelect(): void;
      id?: string;
      /** More can be chosen before the menu is closed. */
      staysOpen?: boolean;
      keyLabel?: string;
      /** How many there are of it. */
      count?: number;
      detail?: string;
      icon?: ReactNode;
      disabled?: boolean;
      checked?: boolean;
    };

export interface MenuProps {
  entries: readonly MenuEntry[];
  /** The trigger: one element that takes a ref. */
  children: ReactElement;
}

export function Menu({
  entries,
  children,
  align = 'start',
  onOpenChange,
}: MenuProps & { align?: 'start' | 'end'; onOpenChange?(isOpen: boolean): void }) {
  return (
    <RadixMenu.Root modal={false} {...(onOpenChange ? { onOpenChange } : {})}>
      <RadixMenu.Trigger asChild>{children}</RadixMenu.Trigger>
      <RadixMenu.Portal>
        <RadixMenu.Content align={align} sideOffset={4} collisionPadding={8} className={styles.menu}>
          <Entries entries={entries} parts={RadixMenu} />
        </RadixMenu.Content>
      </RadixMenu.Portal>
    </RadixMenu.Root>
  );
}

/** The same entries on a secondary click or the menu key. `onContextMenu` comes first, and may prevent it. */
export function ContextMenu({
  entries,
  children,
  onContextMenu,
}: MenuProps & { onContextMenu?(event: MouseEvent<HTMLElement>): void }) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild {...(onContextMenu ? { onContextMenu } : {})}>
        {children}
      </RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content collisionPadding={8} className={styles.menu}>
          <Entries entries={entries} parts={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

/** Letters from which on a label may be cut, so that it is told whole by a tooltip. */
const LONG_LABEL = 36;

type Parts = Pick<typeof RadixMenu, 'Item' | 'CheckboxItem' | 'Separator' | 'Label' | 'ItemIndicator'>;

function Entries({ entries, parts }: { entries: readonly MenuEntry[]; parts: Parts | typeof RadixContext }) {
  const { Item, CheckboxItem, Separator, Label, ItemIndicator } = parts as Parts;
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const name =
      entry === 'separator' ? '-' : 'heading' in entry ? `# ${entry.id ?? entry.heading}` : (entry.id ?? entry.label);
    const repeat = seen.get(name) ?? 0;
    seen.set(name, repeat + 1);
    const key = `${name} ${repeat}`;
    if (entry === 'separator') return <Separator key={key} className={styles.menuSeparator} />;
    if ('heading' in entry) {
      return (
        <Label key={key} className={styles.menuHeading}>
          {entry.heading}
        </Label>
      );
    }
    const content = (
      <>
        <span className={styles.menuIcon}>
          {entry.checked === undefined ? (
            entry.icon
          ) : (
            <ItemIndicator>
              <Check size={13} />
            </ItemIndicator>
          )}
        </span>
        <span className={styles.menuLabel} title={entry.label.length > LONG_LABEL ? entry.label : undefined}>
          {entry.label}
          {entry.detail ? <span className={styles.menuDetail}>{entry.detail}</span> : null}
        </span>
        {entry.count === undefined ? null : (
          <span className={styles.menuCount}>{entry.count.toLocaleString('en-US')}</span>
        )}
        {entry.keyLabel ? <Keys label={entry.keyLabel} /> : null}
      </>
    );
    const onSelect = (event: Event) => {
      if (entry.staysOpen) event.preventDefault();
      entry.onSelect();
    };
    const common = { className: styles.menuItem, disabled: entry.disabled, onSelect };
    return entry.checked === undefined ? (
      <Item key={key} {...common}>
        {content}
      </Item>
    ) : (
      <CheckboxItem key={key} {...common} checked={entry.checked}>
        {content}
      </CheckboxItem>
    );
  });
}
