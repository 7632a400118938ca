import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { Button, Keys, Select } from '../design/index.ts';
import { chooseScope, useOutputs } from './outputs-state.ts';
import { isSameScope, type Scope, scopeChoices, scopeWords } from './playlist.ts';
import styles from './ScopeBar.module.css';

/** Head of a screen about one date: the way back, which date, and what is said of it. */
export function ScopeBar({ title, children }: { title: string; children: ReactNode }) {
  const root = useSession((session) => session.root);
  const entries = useSession((session) => session.entries);
  const scope = useOutputs((outputs) => outputs.scope);
  const choices = useMemo(() => (root ? scopeChoices(root, entries.values()) : []), [root, entries]);
  const chosen = choices.find((choice) => isSameScope(choice, scope));
  const options = choices.map((choice) => ({
    value: valueFor(choice),
    label: `${scopeWords(choice)} (${choice.recordings})`,
  }));
  return (
    <header className={styles.bar}>
      <Button
        size="s"
        tone="ghost"
        icon={<ArrowLeft size={14} />}
        onClick={() => useView.setState({ screen: 'episode' })}
      >
        <span className={styles.back}>
          Episode <Keys label="Esc" />
        </span>
      </Button>
      <h2 className={styles.title}>{title}</h2>
      {scope && options.length > 0 ? (
        <Select
          size="s"
          label="Date"
          value={valueFor(scope)}
          options={chosen ? options : [{ value: valueFor(scope), label: scopeWords(scope) }, ...options]}
          onChange={(value) => {
            const [task, date] = JSON.parse(value) as [string | null, string | null];
            chooseScope({ root: scope.root, task, date });
            // Its keys are meant next, and they are dead in a list box.
            document.getElementById('workspace-main')?.focus({ preventScroll: true });
          }}
        />
      ) : null}
      {children}
    </header>
  );
}

function valueFor({ task, date }: Scope): string {
  return JSON.stringify([task, date]);
}
