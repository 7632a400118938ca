import type { CliOutput } from './output.ts';

/** What every command is handed. */
export interface CliContext {
  output: CliOutput;
  /** Folder of the built main files; the renderer lies beside it. */
  builtDir: string;
  /** Aborted by Ctrl+C; a second Ctrl+C ends the process at once. */
  signal: AbortSignal;
}
