import { Braces, Copy, FilePlus, Save, Trash2 } from 'lucide-react';
import { copyText } from '../app/copy-text.ts';
import { Button, IconButton, ScrollArea, Select, TextField } from '../design/index.ts';
import type { Draft } from './draft.ts';
import styles from './ExportDialog.module.css';
import { beginRecipe, changeDraft, chooseRecipe, deleteChosen, saveDraft, usableFirst } from './export-actions.ts';
import { useExport } from './export-state.ts';

const NEW = '';

/** Which recipe is in hand, and the ways to keep it. */
export function RecipeBar({ draft, faults }: { draft: Draft; faults: ReadonlyMap<string, string> }) {
  const { recipes, chosen, isChanged, fault, isJsonShown } = useExport();
  const broken = recipes.filter((one) => one.fault !== null);
  const options = [
    { value: NEW, label: chosen === null ? 'New recipe' : 'New recipe…' },
    ...usableFirst(recipes)
      .filter((one) => one.fault === null)
      .map(({ name }) => ({ value: name, label: name === chosen && isChanged ? `${name} (changed)` : name })),
  ];
  return (
    <div className={styles.bar}>
      <div className={styles.barLine}>
        <Select
          label="Recipe"
          value={chosen ?? NEW}
          options={options}
          isFocused
          onChange={(value) => void (value === NEW ? beginRecipe() : chooseRecipe(value))}
        />
        <IconButton label="New recipe" icon={<FilePlus size={15} />} onClick={() => void beginRecipe()} />
        <IconButton
          label={chosen !== null && chosen === draft.name ? 'Save the recipe' : 'Save as a new recipe'}
          icon={<Save size={15} />}
          disabled={faults.size > 0 || (chosen === draft.name && !isChanged)}
          onClick={() => void saveDraft()}
        />
        <IconButton
          label="Delete the recipe"
          icon={<Trash2 size={15} />}
          disabled={chosen === null}
          onClick={() => void deleteChosen()}
        />
        <IconButton
          label="Show the recipe as JSON"
          icon={<Braces size={15} />}
          aria-pressed={isJsonShown}
          onClick={() => useExport.setState({ isJsonShown: !isJsonShown })}
        />
      </div>
      <TextField
        label="Name"
        value={draft.name}
        maxLength={100}
        fault={faults.get('name') ?? null}
        onChange={(event) => changeDraft({ name: event.target.value })}
      />
      {fault === null ? null : (
        <p className={styles.bad} role="alert">
          {fault}
        </p>
      )}
      {broken.map((one) => (
        <p key={one.name} className={styles.note}>
          {one.fault}
        </p>
      ))}
      {isJsonShown ? <Json draft={draft} /> : null}
    </div>
  );
}

function Json({ draft }: { draft: Draft }) {
  const text = JSON.stringify(draft, null, 2);
  return (
    <div className={styles.json}>
      <Button
        size="s"
        icon={<Copy size={13} aria-hidden />}
        onClick={() => void copyText(text, 'The recipe is copied.')}
      >
        Copy
      </Button>
      <ScrollArea label="The recipe as JSON" className={styles.jsonText}>
        <pre data-selectable>{text}</pre>
      </ScrollArea>
    </div>
  );
}
