import type { Episode } from '../../shared/episode/episode.ts';
import { Tooltip } from '../design/index.ts';
import { useSettingsSection } from '../settings/section.ts';

import styles from './Stated.module.css';
import { useSession } from './session.ts';
import { offsetToTell } from './tactile-offset.ts';
import { showDialog } from './view-state.ts';

/** The tactile offset of the open episode where it is not what the recorder meant, or should not be; leads to where it is set. */
export function TactileOffsetChip({ episode }: { episode: Episode }) {
  const { suggestedTactileOffset: suggestion } = episode;
  const offset = useSession((session) => session.datasetSettings?.tactileOffsets[episode.path] ?? 0);
  const text = offsetToTell(offset, suggestion);
  if (text === null) return null;
  const change = () => {
    useSettingsSection.setState({ section: 'dataset' });
    showDialog('settings');
  };
  return (
    <Tooltip content={suggestion?.reason ?? 'A camera tick i is paired with tactile sample i + offset.'} side="top">
      <button
        type="button"
        className={styles.chip}
        data-assumed={suggestion && suggestion.ticks !== offset ? true : undefined}
        onClick={change}
      >
        {text} · <span className={styles.change}>change</span>
      </button>
    </Tooltip>
  );
}
