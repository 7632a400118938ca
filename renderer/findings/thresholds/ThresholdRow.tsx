import { RotateCcw } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { IconButton, Select } from '../../design/index.ts';
import styles from './Thresholds.module.css';
import type { NumberRow, SettingValue, ThresholdRow } from './threshold-table.ts';

export interface RowProps<Of extends ThresholdRow = ThresholdRow> {
  row: Of;
  /** Said before the label to who hears and does not see. */
  group: string;
  value: SettingValue;
  /** The default. */
  usual: SettingValue;
  /** Answers one sentence where it cannot be that. */
  onChange(value: SettingValue): string | null;
}

/** One setting: its value, its unit, what it is by default, and the way back there. */
export function Row(props: RowProps) {
  const { row, group, value, usual, onChange } = props;
  const isMoved = value !== usual;
  return (
    <div className={styles.row} data-moved={isMoved} title={row.help}>
      {row.kind === 'number' ? <NumberField {...props} row={row} /> : null}
      {row.kind === 'choice' ? (
        <>
          <span className={styles.label}>{row.label}</span>
          <Select
            size="s"
            label={`${group}: ${row.label}`}
            value={String(value)}
            options={row.options}
            onChange={onChange}
          />
        </>
      ) : null}
      {row.kind === 'switch' ? (
        <label className={styles.switch}>
          <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />
          {row.label}
        </label>
      ) : null}
      {isMoved ? (
        <span className={styles.reset}>
          <IconButton
            size="s"
            label={`${row.label}: back to ${wordOf(row, usual)}`}
            icon={<RotateCcw size={11} />}
            onClick={() => onChange(usual)}
          />
        </span>
      ) : null}
    </div>
  );
}

function NumberField({ row, group, value, usual, onChange }: RowProps<NumberRow>) {
  const { label, unit, min, max, step, help } = row;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  // What is typed gives way to a value that came from elsewhere: the slider, a reset.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the value is the reason
  useEffect(() => {
    setTyped(null);
    setFault(null);
  }, [value]);
  const change = (text: string) => {
    setTyped(text);
    const number = text.trim() === '' ? Number.NaN : Number(text);
    setFault(onChange(number));
  };
  return (
    <>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <span className={styles.number}>
        <input
          id={id}
          type="number"
          inputMode="decimal"
          step={step}
          value={typed ?? String(value)}
          aria-label={`${group}: ${label}, ${unit}`}
          aria-invalid={fault ? true : undefined}
          aria-describedby={`${id}-about`}
          onChange={(event) => change(event.target.value)}
          onBlur={() => {
            setTyped(null);
            setFault(null);
          }}
        />
        <span className={styles.unit}>{unit}</span>
      </span>
      <input
        type="range"
        className={styles.slider}
        {...{ min, max, step }}
        value={Math.min(max, Math.max(min, Number(value)))}
        aria-label={`${group}: ${label}, slider`}
        onChange={(event) => setFault(onChange(Number(event.target.value)))}
      />
      <span className={styles.default}>default {String(usual)}</span>
      <span id={`${id}-about`} className={fault ? styles.fault : styles.help}>
        {fault ?? help}
      </span>
    </>
  );
}

function wordOf(row: ThresholdRow, value: SettingValue): string {
  if (row.kind === 'choice') return row.options.find((option) => option.value === value)?.label ?? String(value);
  if (row.kind === 'switch') return value ? 'on' : 'off';
  return `${value} ${row.unit}`;
}
