import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { VisuallyHidden } from './Feedback.tsx';
import styles from './TextField.module.css';

export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'size'> {
  label: string;
  /** The label is spoken only. */
  hideLabel?: boolean;
  hint?: ReactNode;
  /** One sentence; marks the field invalid. */
  fault?: string | null;
  icon?: ReactNode;
  trailing?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({ label, hideLabel, hint, fault, icon, trailing, className, id, ...rest }: TextFieldProps) {
  const made = useId();
  const inputId = id ?? made;
  const note = fault ?? hint;
  return (
    <div className={className ? `${styles.field} ${className}` : styles.field}>
      <label htmlFor={inputId} className={hideLabel ? undefined : styles.label}>
        {hideLabel ? <VisuallyHidden>{label}</VisuallyHidden> : label}
      </label>
      <div className={styles.box} data-fault={fault ? true : undefined}>
        {icon ? <span className={styles.icon}>{icon}</span> : null}
        <input
          type="text"
          spellCheck={false}
          autoComplete="off"
          {...rest}
          id={inputId}
          className={styles.input}
          aria-invalid={fault ? true : undefined}
          aria-describedby={note ? `${inputId}-note` : undefined}
        />
        {trailing}
      </div>
      {note ? (
        <div id={`${inputId}-note`} className={styles.note} data-fault={fault ? true : undefined}>
          {note}
        </div>
      ) : null}
    </div>
  );
}
