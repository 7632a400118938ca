import { useEffect, useState } from 'react';
import { api } from '../app/api.ts';
import { formatBytes } from '../app/format.ts';
import { Facts } from '../app/inspector/Facts.tsx';
import { sentenceOf } from '../app/notices.ts';
import { Dialog } from '../design/index.ts';
import styles from './Settings.module.css';

const DOORS = { desktop: 'Desktop window', browser: 'Browser on loopback', none: 'Terminal' } as const;

export function AboutDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Regrasp"
      description="Scrub every stream on one clock, decide, mark, export."
    >
      <About />
    </Dialog>
  );
}

function About() {
  const [facts, setFacts] = useState<[string, string][] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    api.workstation.about().then(
      (about) =>
        setFacts([
          ['Version', about.version],
          ['Opened as', DOORS[about.door]],
          ['Browser engine', /Chrom\w*\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent],
          ['Node', about.node],
          ['Platform', about.platform],
          ['Memory of the workstation', formatBytes(about.processMemoryBytes)],
        ]),
      (error) => setFault(sentenceOf(error)),
    );
  }, []);
  return (
    <div className={styles.about}>
      {fault ? <p className={styles.bad}>{fault}</p> : null}
      {facts ? <Facts facts={facts} /> : null}
      <p className={styles.detail}>
        Regrasp's own code is under the Apache License 2.0. What it is bundled with keeps its own licence: see LICENSE
        and the third-party notices that come with it.
      </p>
    </div>
  );
}
