import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EngineDescription, MediaEngine } from './engine.ts';
import { createNativeEngine } from './native-engine.ts';
import { createWasmEngine, type WasmEngineOptions } from './wasm-engine.ts';

export interface FoundEngine {
  engine: MediaEngine;
  description: EngineDescription;
  /** Why it is not what was asked for or hoped for; one sentence. */
  note: string | null;
}

/** Names the program (an absolute path), or "embedded" for the one that is built in. */
export const FFMPEG_VARIABLE = 'REGRASP_FFMPEG';
/** Without this encoder an ffmpeg is of no use here. */
const NEEDED = 'libx264';

/** The machine's ffmpeg where there is one that can write H.264, else the embedded engine. Rejects only when that is broken too. */
export async function findEngine(
  embedded: WasmEngineOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<FoundEngine> {
  const named = environment[FFMPEG_VARIABLE];
  let note: string | null = null;
  if (named !== 'embedded') {
    const program = named ? await programAt(named) : await programOnPath(environment);
    if (program) {
      const engine = createNativeEngine(program);
      const description = await engine.describe().catch(() => undefined);
      if (description?.encoders.has(NEEDED)) return { engine, description, note: null };
      note = description
        ? `${program} cannot write H.264 (it was built without ${NEEDED}), so the embedded encoder is used.`
        : `${program} could not be run, so the embedded encoder is used.`;
    } else {
      note = named
        ? `${FFMPEG_VARIABLE} names ${named}, which is no program at an absolute path, so the embedded encoder is used.`
        : 'There is no ffmpeg on the PATH, so the embedded encoder is used, which is several times slower and has no AV1 and no VP9 encoder.';
    }
  }
  const engine = createWasmEngine(embedded);
  return { engine, description: await engine.describe(), note };
}

async function programAt(place: string): Promise<string | undefined> {
  if (!path.isAbsolute(place)) return undefined;
  const real = await realpath(place).catch(() => undefined);
  if (!real || !(await stat(real)).isFile()) return undefined;
  return access(real, constants.X_OK).then(
    // Called by the name it was found under: some systems give one program many names.
    () => place,
    () => undefined,
  );
}

/** Looked for by hand: a relative entry of the PATH, or the folder one stands in, must never decide what is run. */
async function programOnPath(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const file = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  for (const folder of (environment.PATH ?? environment.Path ?? '').split(path.delimiter)) {
    const program = path.isAbsolute(folder) ? await programAt(path.join(folder, file)) : undefined;
    if (program) return program;
  }
  return undefined;
}
