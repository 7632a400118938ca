import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type CliOutput, EXIT, sentenceOf, terminalOutput } from './output.ts';

/** What every command is handed. */
export interface CliContext {
  output: CliOutput;
  /** Folder of the built main files; the renderer lies beside it. */
  builtDir: string;
  /** Aborted by Ctrl+C; a second Ctrl+C ends the process at once. */
  signal: AbortSignal;
}

/** Runs one command line and answers its exit code. Commands load when they are called, so `--help` stays instant. */
export async function runCli(argv: readonly string[], builtDir: string, output = terminalOutput): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  };
  // A reader that went away (`regrasp list | head`) is no fault: there is nobody left to tell.
  const onBrokenPipe = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.fine);
    throw error;
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  process.stdout.on('error', onBrokenPipe);
  const context: CliContext = { output, builtDir, signal: interrupt.signal };
  try {
    let exitCode: number = EXIT.fine;
    await createProgram(context, (code) => {
      exitCode = code;
    }).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.couldNotRun;
    if (interrupt.signal.aborted) {
      output.err('Stopped.\n');
      return EXIT.interrupted;
    }
    output.err(`regrasp: ${sentenceOf(error)}\n`);
    return EXIT.couldNotRun;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    process.stdout.off('error', onBrokenPipe);
  }
}

function createProgram(context: CliContext, end: (exitCode: number) => void): Command {
  const program = new Command('regrasp')
    .description('QA workstation for robot rollouts. Every command reads; none alters a recording.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: context.output.err })
    .showHelpAfterError('Try: regrasp --help');

  const add = (usage: string, description: string, example: string) =>
    program
      .command(usage)
      .description(description)
      .exitOverride()
      .addHelpText('after', `\nExample:\n  ${example}\n\nExit codes: 0 fine, 1 found problems, 2 could not run.`);

  add('serve <root>', 'Serve the workstation to a browser on this machine.', 'regrasp serve ~/recordings --port 8080')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 picks a free one', wholeNumber, 0)
    .action(async (root: string, options) => {
      const { serve } = await import('./serve-command.ts');
      end(await serve(context, root, options));
    });

  return program;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0.');
  return Number(text);
}
