import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './Button.module.css';
import { Tooltip } from './Tooltip.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** "primary" once a view at most; "ghost" has no edge until pointed at. */
  tone?: 'primary' | 'normal' | 'ghost' | 'danger';
  size?: 's' | 'm';
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ tone = 'normal', size = 'm', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      data-tone={tone}
      data-size={size}
      className={className ? `${styles.button} ${className}` : styles.button}
    >
      {icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children' | 'aria-label'> {
  /** Accessible name and tooltip. */
  label: string;
  /** Shown in the tooltip, e.g. "Ctrl+K". */
  keyLabel?: string;
  icon: ReactNode;
  tooltipSide?: 'top' | 'bottom' | 'left' | 'right';
}

/** A button that shows only a picture: always named, with a tooltip that also says its key. */
export function IconButton({
  label,
  keyLabel,
  icon,
  tooltipSide,
  tone = 'ghost',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} keyLabel={keyLabel} side={tooltipSide}>
      <Button
        {...rest}
        tone={tone}
        aria-label={label}
        className={className ? `${styles.square} ${className}` : styles.square}
      >
        {icon}
      </Button>
    </Tooltip>
  );
}
