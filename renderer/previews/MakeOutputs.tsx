import { Clapperboard, X } from 'lucide-react';
import type { OutputKind } from '../../shared/api/outputs.ts';
import { formatCount } from '../app/format.ts';
import { Button, IconButton } from '../design/index.ts';
import styles from './MakeOutputs.module.css';
import { makeAll, stopMaking, useMaking } from './making.ts';
import { useOutputs } from './outputs-state.ts';
import { wanting } from './playlist.ts';

const WORDS: Readonly<Record<OutputKind, readonly [string, string]>> = {
  preview: ['preview', 'previews'],
  gallery: ['GIF', 'GIFs'],
};

/** Offers to make what a date lacks, and shows how far that is. Nothing where all is there. */
export function MakeOutputs({ kind }: { kind: OutputKind }) {
  const scope = useOutputs((outputs) => outputs.scope);
  const count = useOutputs((outputs) => wanting(outputs.recordings, kind).length);
  const job = useMaking(kind);
  const [singular, plural] = WORDS[kind];
  if (job) {
    const { done, total } = job;
    return (
      <span className={styles.making}>
        <span className={styles.text} title={job.message}>
          {job.state === 'queued'
            ? `${plural} wait their turn`
            : `Making ${plural}: ${total === null ? done : `${done} of ${total}`}`}
        </span>
        <progress aria-label={`Making ${plural}`} {...(total ? { value: done, max: total } : {})} />
        <IconButton
          label={`Stop making ${plural}`}
          size="s"
          icon={<X size={13} />}
          onClick={() => void stopMaking(job)}
        />
      </span>
    );
  }
  if (!scope || count === 0) return null;
  return (
    <Button size="s" icon={<Clapperboard size={13} />} onClick={() => void makeAll(kind, scope)}>
      Make {formatCount(count, singular, plural)}
    </Button>
  );
}
