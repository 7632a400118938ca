import { useEffect, useRef } from 'react';
import type { PlannedUnitRow } from '../../shared/api/bundles.ts';
import styles from './ExportDialog.module.css';
import { wantThumbnail } from './unit-thumbnails.ts';

/** The first picture of a unit; an empty stage until it is there, and where there is none. */
export function UnitPicture({ unit }: { unit: PlannedUnitRow }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(
    () =>
      wantThumbnail(unit, (picture) => {
        const element = canvas.current;
        if (!element) return;
        Object.assign(element, { width: picture.width, height: picture.height });
        element.getContext('2d')?.drawImage(picture, 0, 0);
      }),
    [unit],
  );
  return <canvas ref={canvas} className={styles.picture} width={54} height={40} aria-hidden />;
}
