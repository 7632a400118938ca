import { CircleCheck, Info, OctagonX, X } from 'lucide-react';
import { Button, IconButton } from './Button.tsx';
import styles from './Notices.module.css';

export interface NoticeShown {
  id: number;
  tone: 'info' | 'good' | 'bad';
  text: string;
  action?: { label: string; run(): void } | undefined;
}

const ICONS = { info: Info, good: CircleCheck, bad: OctagonX } as const;

/** The stack of short messages at the lower right, newest last. They are spoken through the live region, not from here. */
export function Notices({ notices, onDismiss }: { notices: readonly NoticeShown[]; onDismiss(id: number): void }) {
  return (
    <section aria-label="Notices">
      <ol className={styles.stack}>
        {notices.map((notice) => {
          const Icon = ICONS[notice.tone];
          return (
            <li key={notice.id} className={styles.notice} data-tone={notice.tone}>
              <Icon size={15} aria-hidden />
              <span className={styles.text} data-selectable>
                {notice.text}
              </span>
              {notice.action ? (
                <Button
                  size="s"
                  onClick={() => {
                    notice.action?.run();
                    onDismiss(notice.id);
                  }}
                >
                  {notice.action.label}
                </Button>
              ) : null}
              <IconButton
                label="Dismiss"
                size="s"
                icon={<X size={13} />}
                tooltipSide="left"
                onClick={() => onDismiss(notice.id)}
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
