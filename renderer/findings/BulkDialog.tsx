import { useState } from 'react';
import { Button, Dialog, TextField } from '../design/index.ts';
import { bulkName } from './bulk.ts';
import { decideBulk, useBulk } from './bulk-actions.ts';

/** Says how many a verdict falls on before it is given. */
export function BulkDialog() {
  const { asked, isSaving } = useBulk();
  return asked ? <Asked key={asked.value} asked={asked} isSaving={isSaving} /> : null;
}

function Asked({
  asked,
  isSaving,
}: {
  asked: NonNullable<ReturnType<typeof useBulk.getState>['asked']>;
  isSaving: boolean;
}) {
  const [note, setNote] = useState('');
  const { target, value } = asked;
  const close = () => useBulk.setState({ asked: null });
  const decided =
    target.decided === 0
      ? ''
      : ` ${target.decided === 1 ? 'One that is decided stays as it is.' : `${target.decided} that are decided stay as they are.`}`;
  const count = target.events.length.toLocaleString('en-US');
  return (
    <Dialog
      open
      size="s"
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title={`${bulkName(target, value)}?`}
      description={`All of these are undecided.${decided} One undo takes all of it back.`}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button tone="primary" type="submit" form="bulk-verdict" disabled={isSaving}>
            {isSaving ? 'Saving…' : `${value === 'keep' ? 'Keep' : 'Cut'} ${count}`}
          </Button>
        </>
      }
    >
      <form
        id="bulk-verdict"
        onSubmit={(event) => {
          event.preventDefault();
          void decideBulk(note);
        }}
      >
        <TextField
          label="Note on each (may stay empty)"
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
