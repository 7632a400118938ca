import { FolderOpen } from 'lucide-react';
import { useEffect } from 'react';
import { bridge } from '../app/bridge.ts';
import { formatBytes } from '../app/format.ts';
import { Button, Select, TextField } from '../design/index.ts';
import styles from './ExportDialog.module.css';
import { choosePlace, followDestination } from './export-actions.ts';
import { useExport } from './export-state.ts';

/** Where the bundle goes: a folder a person chose, the name of the new one in it, and whether there is room. */
export function Destination() {
  const { places, place, folder, folderFault, plan } = useExport();
  useEffect(() => followDestination(place, folder), [place, folder]);
  const chosen = places.find(({ id }) => id === place);
  const isTight = chosen?.freeBytes != null && plan !== null && plan.totals.bytes > chosen.freeBytes;
  return (
    <div className={styles.destination}>
      <Select
        label="Folder for bundles"
        value={place}
        options={places.map(({ id, path, fault }) => ({
          value: id,
          label: fault === null ? path : `${path} (not there)`,
        }))}
        onChange={(id) => useExport.setState({ place: id })}
      />
      {bridge.door === 'desktop' ? (
        <Button icon={<FolderOpen size={14} aria-hidden />} onClick={() => void choosePlace()}>
          Choose…
        </Button>
      ) : null}
      <TextField
        label="Name of the new folder"
        hideLabel
        value={folder}
        className={styles.folder}
        aria-invalid={folderFault !== null}
        maxLength={100}
        onChange={(event) => useExport.setState({ folder: event.target.value, isFolderOwn: true })}
      />
      <span
        className={styles.room}
        data-tight={isTight || folderFault !== null}
        role={folderFault === null ? undefined : 'alert'}
      >
        {chosen?.fault ??
          folderFault ??
          (chosen?.freeBytes == null
            ? ''
            : `${isTight ? 'Too little room: ' : ''}${formatBytes(chosen.freeBytes)} free`)}
      </span>
    </div>
  );
}
