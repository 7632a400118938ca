import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const windowStateSchema = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  widthPx: z.int().min(200).max(20_000),
  heightPx: z.int().min(200).max(20_000),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** A rectangle on the desktop, in device-independent pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

const FIRST: WindowState = { widthPx: 1440, heightPx: 900, maximized: false };
/** Enough of the title bar to grab the window by. */
const GRAB_PX = 120;

/** Where the window was last; the first-start size where nothing (readable) was kept. Never throws. */
export function readWindowState(folder: string): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(path.join(folder, 'window.json'), 'utf8')));
  } catch {
    return FIRST;
  }
}

/** Where a window stood is a comfort: a failed write is reported to `onFault`, never thrown. */
export function writeWindowState(folder: string, state: WindowState, onFault: (error: unknown) => void): void {
  try {
    mkdirSync(folder, { recursive: true });
    const place = path.join(folder, 'window.json');
    writeFileSync(`${place}.${process.pid}.tmp`, JSON.stringify(state));
    renameSync(`${place}.${process.pid}.tmp`, place);
  } catch (error) {
    onFault(error);
  }
}

/** The remembered state on the screens there are now: no larger than a screen, and placed only where it can be grabbed. */
export function fitToScreens(state: WindowState, workAreas: readonly Area[]): WindowState {
  const widest = Math.max(...workAreas.map((area) => area.width), 0);
  const highest = Math.max(...workAreas.map((area) => area.height), 0);
  if (widest === 0 || highest === 0) return state;
  const { x, y, ...rest } = state;
  const fitted: WindowState = {
    ...rest,
    widthPx: Math.min(state.widthPx, widest),
    heightPx: Math.min(state.heightPx, highest),
  };
  if (x === undefined || y === undefined) return fitted;
  const reachable = workAreas.some(
    (area) =>
      x + fitted.widthPx >= area.x + GRAB_PX &&
      x <= area.x + area.width - GRAB_PX &&
      y >= area.y &&
      y <= area.y + area.height - GRAB_PX / 2,
  );
  return reachable ? { ...fitted, x, y } : fitted;
}
