import { COMMANDS, type CommandGroup } from '../../shared/commands/table.ts';
import { useSession } from '../app/session.ts';
import { Dialog, Keys } from '../design/index.ts';
import styles from './KeySheet.module.css';
import { currentKeymap, labelOfChord } from './keys.ts';

const GROUPS: readonly CommandGroup[] = ['Playback', 'Review', 'View', 'Edit', 'File', 'Help'];

/** Every key there is, made from the table and this person's choices. */
export function KeySheet({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  useSession((session) => session.userSettings.keys);
  const keymap = currentKeymap();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys"
      description="They stand for places on the keyboard and can be changed in the settings. They rest while you type."
      size="l"
    >
      <div className={styles.columns}>
        {GROUPS.map((group) => {
          const withKeys = COMMANDS.filter(
            (command) => command.group === group && keymap.chordsOf(command.id).length > 0,
          );
          return withKeys.length === 0 ? null : (
            <section key={group} className={styles.group}>
              <h3>{group}</h3>
              <dl>
                {withKeys.map((command) => (
                  <div key={command.id} className={styles.row}>
                    <dt>{command.title}</dt>
                    <dd>
                      {keymap.chordsOf(command.id).map((chord) => (
                        <Keys key={chord} label={labelOfChord(chord)} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
