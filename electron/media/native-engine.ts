import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import {
  argumentsOf,
  codecNames,
  type EngineDescription,
  EngineFault,
  type EngineInput,
  EngineLog,
  type EngineRun,
  type MediaEngine,
  versionIn,
} from './engine.ts';

const execute = promisify(execFile);
const ASK_MS = 10_000;

/** The machine's ffmpeg at an absolute path, one process a run. */
export function createNativeEngine(program: string): MediaEngine {
  const running = new Set<() => Promise<void>>();
  let described: Promise<EngineDescription> | undefined;
  return {
    describe: () => {
      described ??= describe(program);
      return described;
    },
    async run(run) {
      run.signal?.throwIfAborted();
      const work = start(program, run);
      running.add(work.stop);
      try {
        await work.ended;
      } finally {
        running.delete(work.stop);
      }
    },
    async close() {
      await Promise.all([...running].map((stop) => stop()));
    },
  };
}

/** ffmpeg obeys some variables (a log file's name, presets): it is given none of ours but what a program needs to start. */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

async function describe(program: string): Promise<EngineDescription> {
  const ask = async (question: string): Promise<string> => {
    const options = { timeout: ASK_MS, windowsHide: true, maxBuffer: 8e6, env: environment() };
    return (await execute(program, ['-hide_banner', '-nostdin', question], options)).stdout;
  };
  const [version, encoders, decoders] = await Promise.all([ask('-version'), ask('-encoders'), ask('-decoders')]);
  return {
    engine: 'ffmpeg',
    version: versionIn(version) ?? 'unknown',
    path: program,
    encoders: codecNames(encoders),
    decoders: codecNames(decoders),
  };
}

function start(program: string, run: EngineRun): { ended: Promise<void>; stop(): Promise<void> } {
  const { input, output, signal } = run;
  // "file:" keeps a colon in a name from being taken for a protocol.
  const names = {
    input: input.kind === 'file' ? `file:${input.path}` : 'pipe:0',
    output: output.kind === 'file' ? `file:${output.path}` : 'pipe:1',
    progress: 'pipe:2',
  };
  const child = spawn(program, argumentsOf(run, names), {
    stdio: [input.kind === 'frames' ? 'pipe' : 'ignore', output.kind === 'bytes' ? 'pipe' : 'ignore', 'pipe'],
    windowsHide: true,
    env: environment(),
  });
  const log = new EngineLog(run.onFrames);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.add(text));
  const closed = new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(`it could not be started (${error.message})`));
    child.on('close', (code, killedBy) =>
      resolve(
        code === 0 && !log.isUnfinished
          ? undefined
          : log.reason(killedBy ? `it was ended by ${killedBy}` : `it ended with code ${code}`),
      ),
    );
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });

  /** Whatever our own side throws (a source of frames, a taker of bytes) ends ffmpeg and is what the caller hears. */
  const guarded = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      kill();
      throw error;
    }
  };
  async function whole(): Promise<void> {
    try {
      const work = [
        ...(input.kind === 'frames' && child.stdin ? [guarded(feed(input, child.stdin, closed))] : []),
        ...(output.kind === 'bytes' && child.stdout ? [guarded(drain(child.stdout, output.take))] : []),
      ];
      const results = await Promise.allSettled(work);
      const failure = await closed;
      signal?.throwIfAborted();
      for (const result of results) if (result.status === 'rejected') throw result.reason;
      if (failure !== undefined) throw new EngineFault(failure);
    } finally {
      signal?.removeEventListener('abort', kill);
    }
  }
  return {
    ended: whole(),
    stop: async () => {
      kill();
      await closed;
    },
  };
}

async function feed(
  { frames, onTaken }: Extract<EngineInput, { kind: 'frames' }>,
  pipe: Writable,
  closed: Promise<unknown>,
): Promise<void> {
  let gone = false;
  // A program that ends early closes its end: why, its exit says.
  pipe.on('error', () => {
    gone = true;
  });
  void closed.then(() => {
    gone = true;
  });
  for await (const frame of frames) {
    if (gone) return;
    const isRoom = pipe.write(frame, (error) => {
      if (!error) onTaken?.(frame);
    });
    if (!isRoom) await Promise.race([once(pipe, 'drain').catch(() => undefined), closed]);
  }
  pipe.end();
}

async function drain(pipe: Readable, take: (piece: Uint8Array) => void | Promise<void>): Promise<void> {
  for await (const piece of pipe) await take(piece as Uint8Array);
}
