import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import styles from './Overlay.module.css';

export interface SelectOption {
  value: string;
  label: string;
}

export interface SelectProps {
  /** Accessible name. */
  label: string;
  value: string;
  options: readonly SelectOption[];
  onChange(value: string): void;
  size?: 's' | 'm';
  disabled?: boolean;
}

export function Select({ label, value, options, onChange, size = 'm', disabled }: SelectProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange} disabled={disabled}>
      <Radix.Trigger aria-label={label} className={styles.select} data-size={size}>
        <Radix.Value />
        <Radix.Icon className={styles.selectIcon}>
          <ChevronDown size={13} />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content position="popper" sideOffset={4} collisionPadding={8} className={styles.menu}>
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} className={styles.menuItem}>
                <span className={styles.menuIcon}>
                  <Radix.ItemIndicator>
                    <Check size={13} />
                  </Radix.ItemIndicator>
                </span>
                <Radix.ItemText>{option.label}</Radix.ItemText>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
