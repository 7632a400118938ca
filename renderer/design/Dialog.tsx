import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { Button } from './Button.tsx';
import styles from './Overlay.module.css';

export interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  /** One line under the title; leave out where the title says it all. */
  description?: ReactNode;
  /** xl: a screen of its own over the window; its content lays itself out and scrolls in its parts. */
  size?: 's' | 'm' | 'l' | 'xl';
  /** Buttons at the lower right. */
  footer?: ReactNode;
  /** No visible header; the title is still spoken. */
  bare?: boolean;
  children: ReactNode;
}

/** A modal dialog: focus is kept inside and given back on close, Escape closes, command keys are dead while it is open. */
export function Dialog({ open, onOpenChange, title, description, size = 'm', footer, bare, children }: DialogProps) {
  const body = useRef<HTMLDivElement>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content
          className={styles.dialog}
          data-size={size}
          data-bare={bare}
          onOpenAutoFocus={(event) => {
            // Its text or the first field of its form, not its close button: arrows scroll, and Space is not one key away
            // from closing what just opened.
            if (bare) return;
            event.preventDefault();
            (body.current?.querySelector<HTMLElement>('form input, form textarea') ?? body.current)?.focus();
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          {bare ? (
            <Radix.Title className={styles.spoken}>{title}</Radix.Title>
          ) : (
            <header className={styles.dialogHeader}>
              <Radix.Title className={styles.dialogTitle}>{title}</Radix.Title>
              <Radix.Close asChild>
                <Button tone="ghost" size="s" aria-label="Close" className={styles.close} icon={<X size={15} />} />
              </Radix.Close>
            </header>
          )}
          {description ? (
            <Radix.Description className={bare ? styles.spoken : styles.dialogDescription}>
              {description}
            </Radix.Description>
          ) : null}
          {bare ? (
            <div className={styles.dialogBody}>{children}</div>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
            <section ref={body} aria-label={title} tabIndex={0} className={styles.dialogBody}>
              {children}
            </section>
          )}
          {footer ? <footer className={styles.dialogFooter}>{footer}</footer> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
