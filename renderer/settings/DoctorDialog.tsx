import { CircleCheck, OctagonX, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DoctorCheck } from '../../shared/api/contract.ts';
import { api } from '../app/api.ts';
import { sentenceOf } from '../app/notices.ts';
import { Dialog, Spinner } from '../design/index.ts';
import styles from './Settings.module.css';
import { checkWindow } from './window-checks.ts';

const ICONS = { good: CircleCheck, warning: TriangleAlert, bad: OctagonX } as const;
const WORDS = { good: 'Good', warning: 'Warning', bad: 'Bad' } as const;

/** What this machine can do, tried and not just listed: the workstation's side and this window's. */
export function DoctorDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="This machine" size="l">
      <Checks />
    </Dialog>
  );
}

function Checks() {
  const [checks, setChecks] = useState<DoctorCheck[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    Promise.all([api.workstation.doctor(), checkWindow()]).then(
      ([workstation, here]) => {
        // What only the window can tell replaces what the workstation said of it.
        const elsewhere = workstation.filter((check) => here.every(({ name }) => name !== check.name));
        if (isWanted) setChecks([...here, ...elsewhere]);
      },
      (error) => {
        if (isWanted) setFault(sentenceOf(error));
      },
    );
    return () => {
      isWanted = false;
    };
  }, []);
  if (fault) return <p className={styles.bad}>{fault}</p>;
  if (!checks) {
    return (
      <p className={styles.checking}>
        <Spinner label="Checking" /> Trying filters, encoders and folders…
      </p>
    );
  }
  return (
    <ul className={styles.checks}>
      {checks.map((check) => {
        const Icon = ICONS[check.state];
        return (
          <li key={check.name} className={styles.check} data-state={check.state}>
            <Icon size={15} role="img" aria-label={WORDS[check.state]} />
            <div className={styles.checkName}>{check.name}</div>
            <div data-selectable>
              {check.detail}
              {check.remedy ? <div className={styles.detail}>{check.remedy}</div> : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
