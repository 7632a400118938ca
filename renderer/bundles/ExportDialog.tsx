import { PackageCheck } from 'lucide-react';
import { useEffect } from 'react';
import { useSession } from '../app/session.ts';
import { showDialog, useView } from '../app/view-state.ts';
import { Button, Dialog, Spinner } from '../design/index.ts';
import { Destination } from './Destination.tsx';
import { faultsOf } from './draft.ts';
import styles from './ExportDialog.module.css';
import { ExportRun } from './ExportRun.tsx';
import { startExport } from './export-actions.ts';
import { useExport } from './export-state.ts';
import { PlanView } from './PlanView.tsx';
import { RecipeBar } from './RecipeBar.tsx';
import { RecipeForm } from './RecipeForm.tsx';
import { forgetThumbnails } from './unit-thumbnails.ts';

/** File > Export bundle…: a recipe, what it takes before anything is written, where it goes, and how it went. */
export function ExportDialog() {
  const isOpen = useView((view) => view.dialog === 'export');
  const { root, draft, plan, planFault, isPlanning, job, fault, places, place, folder, folderFault } = useExport();
  useEffect(() => forgetThumbnails, []);
  const name = useSession((session) => session.roots.find(({ id }) => id === root)?.name);
  if (!isOpen) return null;
  const faults = draft ? faultsOf(draft) : new Map<string, string>();
  const canExport =
    plan !== null &&
    !isPlanning &&
    planFault === null &&
    faults.size === 0 &&
    plan.units.length > 0 &&
    plan.refusals.length === 0 &&
    folderFault === null &&
    folder !== '' &&
    places.some(({ id, fault }) => id === place && fault === null);
  const close = () => showDialog(null);
  return (
    <Dialog
      open
      size="xl"
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title="Export bundle"
      description={`Of ${name ?? 'the dataset'}. Nothing is written before you say so; the recordings stay as they are.`}
      footer={
        job === null ? (
          <>
            <Destination />
            <Button onClick={close}>Close</Button>
            <Button
              tone="primary"
              icon={<PackageCheck size={14} aria-hidden />}
              disabled={!canExport}
              onClick={() => void startExport()}
            >
              Export
            </Button>
          </>
        ) : (
          <Button onClick={close}>Close</Button>
        )
      }
    >
      {draft === null ? (
        <div className={styles.waiting}>
          {fault === null ? <Spinner label="Reading recipes" /> : <p className={styles.bad}>{fault}</p>}
        </div>
      ) : job !== null ? (
        <ExportRun job={job} />
      ) : (
        <div className={styles.columns}>
          <div className={styles.recipe}>
            <RecipeBar draft={draft} faults={faults} />
            <RecipeForm draft={draft} faults={faults} />
          </div>
          <PlanView draft={draft} />
        </div>
      )}
    </Dialog>
  );
}
