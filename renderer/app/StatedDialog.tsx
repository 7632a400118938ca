import { useState } from 'react';
import type { Episode } from '../../shared/episode/episode.ts';
import { Button, Dialog, Select, TextField, Tooltip } from '../design/index.ts';
import styles from './Stated.module.css';
import { useSession } from './session.ts';
import { patchDatasetSettings } from './settings.ts';
import { factsInUse, foldersOf, formatHz, parseRate, type Stated, statedFor } from './stated.ts';
import { showDialog } from './view-state.ts';

/** What stands in for facts the files lack, always in sight: "50 Hz assumed · change". Nothing where nothing is asked. */
export function StatedChip({ episode }: { episode: Episode }) {
  const stated = useSession((session) => statedFor(session.datasetSettings?.stated, episode.path)?.facts);
  const facts = factsInUse(episode, stated);
  if (facts.length === 0) return null;
  const text = facts.map((fact) => fact.text).join(', ');
  return (
    <Tooltip content="The files do not say it: everything timed or turned here rests on it." side="top">
      <button
        type="button"
        className={styles.chip}
        data-assumed={/assumed|unknown/.test(text) || undefined}
        onClick={() => showDialog('stated')}
      >
        {text} · <span className={styles.change}>change</span>
      </button>
    </Tooltip>
  );
}

const ORDERS = [
  { value: '', label: 'Not stated' },
  { value: 'wxyz', label: 'w x y z (scalar first)' },
  { value: 'xyzw', label: 'x y z w (scalar last)' },
];

/** A small form for what the recorder knew and did not write down; kept with the dataset, by folder. */
export function StatedDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const episode = useSession((session) => session.open?.episode);
  return (
    <Dialog
      open={open && episode !== undefined && episode.asks.length > 0}
      onOpenChange={onOpenChange}
      title="What the files do not say"
      description="Remembered for the folder and shared with everyone who opens the dataset. The files stay as they are."
      size="s"
    >
      {episode ? <StatedForm episode={episode} onDone={() => onOpenChange(false)} /> : null}
    </Dialog>
  );
}

function StatedForm({ episode, onDone }: { episode: Episode; onDone(): void }) {
  const all = useSession((session) => session.datasetSettings?.stated);
  const inUse = statedFor(all, episode.path);
  const folders = foldersOf(episode.path);
  const [folder, setFolder] = useState(inUse?.folder ?? folders[0] ?? '');
  const [rate, setRate] = useState(inUse?.facts.rateHz === undefined ? '' : formatHz(inUse.facts.rateHz));
  const [order, setOrder] = useState<string>(inUse?.facts.quaternionOrder ?? '');
  const [fault, setFault] = useState<string | null>(null);

  const asksRate = episode.asks.includes('rate');
  const save = async () => {
    const rateHz = rate.trim() === '' ? undefined : parseRate(rate);
    if (asksRate && rate.trim() !== '' && rateHz === undefined) {
      setFault('A number of samples a second, above zero.');
      return;
    }
    const facts: Stated = {
      ...(rateHz === undefined ? {} : { rateHz }),
      ...(order === 'wxyz' || order === 'xyzw' ? { quaternionOrder: order } : {}),
    };
    onDone();
    await patchDatasetSettings({ stated: { [folder]: Object.keys(facts).length === 0 ? null : facts } });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {asksRate ? (
        <TextField
          label="Samples a second"
          inputMode="decimal"
          placeholder={episode.assumed.rateHz === null ? '' : `${formatHz(episode.assumed.rateHz)} is in use now`}
          value={rate}
          fault={fault}
          hint="Leave it empty to go by what the files suggest."
          onChange={(event) => {
            setFault(null);
            setRate(event.target.value);
          }}
        />
      ) : null}
      {episode.asks.includes('quaternion-order') ? (
        <div className={styles.field}>
          <span>Order of stored quaternions</span>
          <Select label="Order of stored quaternions" value={order} options={ORDERS} onChange={setOrder} />
        </div>
      ) : null}
      <div className={styles.field}>
        <span>For the recordings in</span>
        <Select
          label="For the recordings in"
          value={folder}
          options={folders.map((value) => ({ value, label: value === '' ? 'the whole dataset' : value }))}
          onChange={setFolder}
        />
      </div>
      <div className={styles.buttons}>
        <Button onClick={onDone}>Cancel</Button>
        <Button tone="primary" type="submit">
          Save
        </Button>
      </div>
    </form>
  );
}
