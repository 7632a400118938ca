import { useEffect, useState } from 'react';
import type { Job } from '../../shared/api/jobs.ts';
import { api } from '../app/api.ts';
import { bridge } from '../app/bridge.ts';
import { attempt, notify, sentenceOf } from '../app/notices.ts';
import { Button, Dialog, ScrollArea, Spinner } from '../design/index.ts';
import styles from './JobsPanel.module.css';

const READ_EVERY_MS = 1500;

/** What a job wrote down, for a person; read again while it runs. */
export function JobLog({ job, onClose }: { job: Job | null; onClose(): void }) {
  const [text, setText] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const id = job?.id;
  useEffect(() => {
    setText(null);
    setFault(null);
    if (id === undefined) return;
    let isWanted = true;
    const read = async () => {
      try {
        const answer = await api.jobs.log({ job: id });
        if (isWanted) setText(answer.text);
      } catch (error) {
        if (isWanted) setFault(sentenceOf(error));
      }
    };
    void read();
    const timer = window.setInterval(() => void read(), READ_EVERY_MS);
    return () => {
      isWanted = false;
      window.clearInterval(timer);
    };
  }, [id]);
  const copy = () =>
    attempt(async () => {
      await bridge.copyText(text ?? '');
      notify('good', 'The log is copied.');
    });
  return (
    <Dialog
      open={job !== null}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={job ? `Log of ${job.title}` : 'Log'}
      size="l"
      footer={
        <Button disabled={!text} onClick={() => void copy()}>
          Copy
        </Button>
      }
    >
      {fault ? (
        <p>{fault}</p>
      ) : text === null ? (
        <Spinner label="Reading the log" />
      ) : (
        <ScrollArea label="Log" className={styles.log}>
          <pre data-selectable>{text === '' ? 'Nothing was written down.' : text}</pre>
        </ScrollArea>
      )}
    </Dialog>
  );
}
