import styles from './Select.module.css';

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
  /** Takes the focus when it comes: the first field of a form. */
  isFocused?: boolean;
}

/** The platform's own list box in our clothes: keys, type-ahead and screen readers work as everywhere. */
export function Select({ label, value, options, onChange, size = 'm', disabled, isFocused }: SelectProps) {
  return (
    <select
      aria-label={label}
      className={styles.select}
      data-size={size}
      value={value}
      disabled={disabled}
      // biome-ignore lint/a11y/noAutofocus: a person has just asked for the form
      autoFocus={isFocused}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
