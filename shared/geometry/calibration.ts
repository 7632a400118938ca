import { z } from 'zod';

/** A pinhole camera without distortion, and where the motion-capture frame lies in it. Millimetres, row-major 4×4. */
export const cameraCalibrationSchema = z.object({
  position: z.enum(['left', 'middle', 'right']),
  serial: z.string(),
  /** Stream of this camera, by its serial or, where the recording names none that matches, by position; null for none. */
  stream: z.string().nullable(),
  /** Whether the recording names this camera's serial; where not, `stream` is only the camera in the same place. */
  serialMatches: z.boolean().optional(),
  mocapToCamera: z.array(z.number()).length(16),
  fx: z.number(),
  fy: z.number(),
  ppx: z.number(),
  ppy: z.number(),
  width: z.int(),
  height: z.int(),
  upAxis: z.enum(['y', 'z']),
  rmse: z.object({ value: z.number(), unit: z.enum(['mm', 'px']) }).nullable(),
  createdAt: z.string().nullable(),
});
export type CameraCalibration = z.infer<typeof cameraCalibrationSchema>;

/** The sensor offset: where the gel centre sits in the tracked rigid body, millimetres. */
export const sensorOffsetSchema = z.object({
  side: z.enum(['left', 'right']),
  /** Track the offset belongs to, e.g. "sensor_left". */
  track: z.string(),
  gelCenterMm: z.array(z.number()).length(3),
});
export type SensorOffset = z.infer<typeof sensorOffsetSchema>;

export const calibrationSchema = z.object({
  /** Path of the folder below the root, with slashes. */
  id: z.string(),
  name: z.string(),
  cameras: z.array(cameraCalibrationSchema),
  sensors: z.array(sensorOffsetSchema),
  problems: z.array(z.string()),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** Whether it is known that this very camera recorded the stream. */
export function isSameCamera({ stream, serialMatches }: CameraCalibration): boolean {
  return stream !== null && serialMatches !== false;
}

/** Under which key of the dataset settings the choice for a recording is kept: one per task and date. */
export function calibrationKey({ task, date }: { task: string; date: string }): string {
  return `${task}/${date}`;
}

/** The folder in use: the one chosen for the task and date ("" means none), else the best match; undefined for none. */
export function chosenCalibration(found: readonly Calibration[], chosen: string | undefined): Calibration | undefined {
  if (chosen === '') return undefined;
  return found.find(({ id }) => id === chosen) ?? found[0];
}
