import { useEffect, useState } from 'react';
import type { Publication } from '../../shared/review/oopsie/publication.ts';
import { useSession } from '../app/session.ts';
import { showDialog, useView } from '../app/view-state.ts';
import { Button, Dialog, Spinner, TextField } from '../design/index.ts';
import { announce } from '../design/live-region.ts';
import { useReviewState } from '../review/review-actions.ts';
import { ChangeList } from './ChangeList.tsx';
import styles from './PublishDialog.module.css';
import {
  askedInstruction,
  faultOfJob,
  readPublication,
  showPublished,
  startPublishing,
  takeOver,
} from './publish-actions.ts';

const FORM = 'publish-review';
/** A person has stopped typing. */
const TYPED_MS = 300;

/** Says what publishing the own review would write into the recording, and does it. */
export function PublishDialog() {
  const isOpen = useView((view) => view.dialog === 'publish');
  const episode = useSession((session) => session.open?.episode);
  if (!isOpen || !episode) return null;
  return <Asked key={episode.id} episode={episode.id} path={episode.path} ofFile={episode.instruction ?? ''} />;
}

function Asked({ episode, path, ofFile }: { episode: string; path: string; ofFile: string }) {
  const [instruction, setInstruction] = useState(ofFile);
  const { publication, fault } = usePublication(episode, instruction, ofFile);
  const [started, setStarted] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const job = useSession(({ jobs }) => jobs.find(({ id }) => id === started));
  const isUnderWay = started !== null;
  const close = () => showDialog(null);
  useEffect(() => {
    if (!job || job.state === 'queued' || job.state === 'running') return;
    setStarted(null);
    const reason = faultOfJob(job);
    if (reason === null) {
      showDialog(null);
      showPublished(episode, publication?.annotator ?? '');
      return;
    }
    setFailed(reason);
    announce(reason, 'assertive');
  }, [job, episode, publication]);

  const publish = async () => {
    if (publication?.state !== 'ready' || isUnderWay) return;
    setFailed(null);
    const answer = await startPublishing(episode, askedInstruction(instruction, ofFile));
    if ('job' in answer) setStarted(answer.job);
    else setFailed(answer.fault);
  };
  const isReady = publication?.state === 'ready' && !isUnderWay;
  return (
    <Dialog
      open
      size="m"
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title="Publish review into the recording"
      description={`Into ${path}${publication ? `, as ${publication.annotator}` : ''}. The new file is compared with the old one value by value before it takes its place.`}
      footer={
        <>
          <Button onClick={close}>{isUnderWay ? 'Close' : 'Cancel'}</Button>
          <Button tone="primary" type="submit" form={FORM} disabled={!isReady}>
            {isUnderWay ? 'Publishing…' : 'Publish'}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <TextField
          label="What the robot was asked to do"
          value={instruction}
          maxLength={20_000}
          disabled={isUnderWay}
          onChange={(event) => setInstruction(event.target.value)}
        />
        {failed ? (
          <p className={styles.fault} role="alert">
            {failed}
          </p>
        ) : null}
        <Told publication={publication} fault={fault} isUnderWay={isUnderWay} />
      </form>
    </Dialog>
  );
}

function Told({
  publication,
  fault,
  isUnderWay,
}: {
  publication: Publication | null;
  fault: string | null;
  isUnderWay: boolean;
}) {
  if (fault !== null) return <p className={styles.fault}>{fault}</p>;
  if (publication === null) return <Spinner label="Reading the recording" />;
  const { state, reason, changes, notes, takeOver: patch } = publication;
  return (
    <>
      {state === 'refused' ? <p className={styles.fault}>It cannot be published: {reason}</p> : null}
      {state === 'unchanged' ? <p>The recording says all of it already.</p> : null}
      {state === 'nothing' ? <p>You have said nothing of this recording that it has a place for.</p> : null}
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
      {changes.length > 0 ? <ChangeList changes={changes} /> : null}
      {patch.length > 0 ? (
        <div className={styles.takeOver}>
          <p>
            The recording says things under your name that your review does not, or says otherwise ({patch.length}).
          </p>
          <Button size="s" disabled={isUnderWay} onClick={() => takeOver(publication)}>
            Take over into the review
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** Read anew when the review or the instruction is another; while something is not saved yet there is none. */
function usePublication(episode: string, instruction: string, ofFile: string) {
  const review = useSession((session) => session.review);
  const isSaved = useReviewState(({ unsent }) => unsent.length === 0);
  const [answer, setAnswer] = useState<{ publication: Publication | null; fault: string | null }>({
    ...{ publication: null, fault: null },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the workstation has the review; here it only says that it changed
  useEffect(() => {
    if (!isSaved) {
      setAnswer({ publication: null, fault: null });
      return;
    }
    let isOver = false;
    const timer = setTimeout(
      async () => {
        const told = await readPublication(episode, askedInstruction(instruction, ofFile));
        if (isOver) return;
        setAnswer(typeof told === 'string' ? { publication: null, fault: told } : { publication: told, fault: null });
      },
      instruction === ofFile ? 0 : TYPED_MS,
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [episode, instruction, ofFile, isSaved, review]);
  return answer;
}
