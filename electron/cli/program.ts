import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { stages } from '../curation/index.ts';
import type { CliContext } from './context.ts';
import { CliFault, EXIT, sentenceOf, terminalOutput } from './output.ts';
import { versionOf } from './terminal-workstation.ts';

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
    // Others reach the write that failed, which ends the command with a sentence.
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  process.stdout.on('error', onBrokenPipe);
  const context: CliContext = { output, builtDir, signal: interrupt.signal };
  // Help and version: written one after the other, and through before the pipe is no longer watched.
  let told = Promise.resolve();
  const tell = (text: string) => {
    told = told.then(() => output.out(text));
    // It is waited for below; until then nobody else looks at it.
    told.catch(() => undefined);
  };
  try {
    let exitCode: number = EXIT.fine;
    try {
      await createProgram(context, tell, (code) => {
        exitCode = code;
      }).parseAsync([...argv], { from: 'user' });
    } finally {
      await told;
    }
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

function createProgram(context: CliContext, tell: (text: string) => void, end: (exitCode: number) => void): Command {
  const program = new Command('regrasp')
    .description('QA workstation for robot rollouts. Commands read; those that alter a recording say so.')
    .version(versionOf(context.builtDir), '--version', 'print the version')
    .exitOverride()
    .configureOutput({ writeOut: tell, writeErr: context.output.err })
    .showHelpAfterError('Try: regrasp --help')
    .hook('preAction', (_, command) => refuseEmpty(command));

  const add = (usage: string, description: string, example: string) =>
    program
      .command(usage)
      .description(description)
      .exitOverride()
      .addHelpText(
        'after',
        `\nExample:\n  ${example}\n\nExit codes: 0 fine (warnings included), 1 found problems, 2 could not run.`,
      );

  add(
    'sample <dir>',
    'Record a synthetic rig: a dataset to try things on.',
    'regrasp sample ~/regrasp-sample --seconds 20',
  )
    .option('--format <id>', "a small dataset of another format than the rig's own; a wrong one lists them")
    .option('--faults', 'with --format: a fault of each kind is planted, and told in truth.json')
    .option('--seed <number>', 'the same seed records the same dataset; default 7', wholeNumber)
    .option('--seconds <number>', 'length of each episode, 2 to 600; default 20, of other formats 6', positiveNumber)
    .addOption(
      new Option('--filter <name>', 'how images are compressed; default blosc').choices([
        'blosc',
        'blosc-bitshuffle',
        'gzip',
        'none',
      ]),
    )
    .action(async (folder: string, options) => {
      const { sample } = await import('./sample-command.ts');
      end(await sample(context, folder, options));
    });

  add('list <root>', 'List the recordings of a dataset, a folder or a date.', 'regrasp list ~/recordings --json')
    .option('--json', 'print JSON')
    .action(async (folder: string, options) => {
      const { list } = await import('./list-command.ts');
      end(await list(context, folder, options));
    });

  add(
    'ingest <raw>',
    'Make a deployment session of a dump: videos and joints laid over one clock, in a new folder; the raw files stay as they are.',
    'regrasp ingest ~/dump --site oakland-2 --operator j.lee --task pick_place --sync-video 1.2,8.4,15.9 --sync-joints 813.61,820.81,828.31',
  )
    .requiredOption('--site <name>', 'where it was recorded')
    .requiredOption('--operator <name>', 'who was there')
    .requiredOption('--task <slug>', 'what was done')
    .option('--shift <name>', 'which shift')
    .option('--robot <name>', 'which robot')
    .option('--checkpoint <name>', 'what the policy was')
    .option('--software <version>', 'what software it ran')
    .option('--environment <key=value>', 'lighting, table, object …; may be repeated', collected)
    .option('--instruction <words>', 'the task in words')
    .option('--outcome <slug>', 'success, failure or a finer slug')
    .option('--session <id>', "the session's id; default: the folder's name")
    .option('--note <words>', 'a note of the operator; may be repeated', collected)
    .option('--out <folder>', 'the new folder; default: <raw>-session')
    .option('--joints <file>', 'the table of joints (parquet, CSV), where there are several')
    .option('--time-column <name>', "column of the robot's clock, where its name does not tell")
    .option('--wall-column <name>', "column of the wall's clock beside it: the two are fitted with drift")
    .addOption(new Option('--time-unit <unit>', "of the robot's clock").choices(TIME_UNITS))
    .addOption(new Option('--stamp-unit <unit>', 'of frame stamps').choices(TIME_UNITS))
    .option('--rate <hertz>', 'of joints without a clock', positiveNumber)
    .option(
      '--offset <seconds>',
      "robot's clock + offset = the cameras' (or the wall's); <camera>=<seconds> for a camera; may be repeated",
      collected,
    )
    .option('--sync-video <moments>', 'seconds of events in the first video, or <camera>:a,b,…')
    .option('--sync-joints <moments>', "seconds of the same events by the robot's clock")
    .option('--pairs <file>', 'moments that several clocks stamped: columns wall, joints and cameras')
    .option('--together', 'cameras without stamps started at the same moment')
    .option('--no-drift', 'fit an offset alone')
    .option('--max-residual <seconds>', 'most that may be left over; default 0.03', positiveNumber)
    .option('--markers <file>', 'task markers (CSV, JSON), where the name does not tell')
    .option('--markers-clock <name>', "clock of their times: joints (default), wall or a camera's name")
    .option('--started-at <time>', 'when it began, where no stream knows the time of day')
    .option('--copy', 'copy files even where links would do')
    .option('--json', 'print JSON')
    .action(async (raw: string, options) => {
      const { ingest } = await import('./ingest-command.ts');
      end(await ingest(context, raw, options));
    });

  for (const stage of stages) {
    const command = add(`${stage.id} <root>`, stage.description, stage.example);
    for (const [usage, description] of stage.flags) command.option(usage, description);
    command
      .option('--task <slug>', 'only recordings of this task')
      .option('--only-date <date>', 'only recordings of this date, YYYY-MM-DD')
      .option('--out <folder>', "folder for what is made; default: the pipeline's standard places below the dataset")
      .option('--json', 'print JSON')
      .action(async (root: string, options) => {
        const { runStageCommand } = await import('./stage-command.ts');
        end(await runStageCommand(context, stage, root, options));
      });
  }

  add(
    'inspect <episode>',
    'Show what a recording holds: streams, series, clocks, poses, marks, metadata, problems. One of several in a file is named file::recording.',
    'regrasp inspect ~/recordings/data/pushT/2026-06-18/episode_000.h5',
  )
    .option('--json', 'print JSON')
    .action(async (file: string, options) => {
      const { inspect } = await import('./inspect-command.ts');
      end(await inspect(context, file, options));
    });

  add(
    'frame <episode>',
    'Write one stored sample as a PNG: colours in their right order, depth as 16-bit grey.',
    'regrasp frame episode_000.h5 --stream realsense/cam2/color --index 372 --out frame.png',
  )
    .requiredOption('--stream <id>', 'stream, as "regrasp inspect" names it')
    .requiredOption('--index <number>', 'sample of the stream, counted from 0', wholeNumber)
    .requiredOption('--out <file>', 'PNG file to write; only a PNG is ever replaced')
    .action(async (file: string, options) => {
      const { frame } = await import('./frame-command.ts');
      end(await frame(context, file, options));
    });

  add(
    'project <episode>',
    'Show where the tracked sensors fall in each camera at a tick.',
    'regrasp project episode_000.h5 --index 372 --calibration calibration/epoch_2026-05-12 --json',
  )
    .requiredOption('--index <number>', 'tick of the master clock, counted from 0', wholeNumber)
    .option('--calibration <dir>', 'calibration folder; default: the one that fits best')
    .option('--json', 'print JSON')
    .action(async (file: string, options) => {
      const { project } = await import('./project-command.ts');
      end(await project(context, file, options));
    });

  add(
    'taxonomy <root>',
    "Show the codes failures of a dataset are named by, the lab's own (.regrasp/taxonomy.json) after those that stand.",
    'regrasp taxonomy ~/recordings --json',
  )
    .option('--json', 'print JSON')
    .action(async (root: string, options) => {
      const { taxonomy } = await import('./taxonomy-command.ts');
      end(await taxonomy(context, root, options));
    });

  add(
    'verify <bundle>',
    'Read an exported bundle again: every sum, rule, row and label; with the recordings at hand numbers, cuts, labels and frames by what was recorded and said.',
    'regrasp verify ~/bundles/insert-v3 --source ~/recordings',
  )
    .option('--source <root>', 'the recordings it was made of, to compare it with')
    .option('--no-frames', 'compare no pictures: everything else takes moments')
    .option('--json', 'print JSON')
    .action(async (folder: string, options) => {
      const { verify } = await import('./verify-command.ts');
      end(await verify(context, folder, options));
    });

  add(
    'diff <bundle> <bundle>',
    'Say what changed from one exported bundle to another, unit by unit and why.',
    'regrasp diff ~/bundles/insert-v2 ~/bundles/insert-v3',
  )
    .option('--json', 'print JSON')
    .action(async (before: string, after: string, { json }) => {
      const { diff } = await import('./diff-command.ts');
      end(await diff(context, before, after, json));
    });

  add('serve <root>', 'Serve the workstation to a browser on this machine.', 'regrasp serve ~/recordings --port 8080')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 picks a free one; default: the one of last time', portNumber)
    .option('--bundles <folder>', 'where exports go; default: `bundles` in your user folder')
    .action(async (root: string, options) => {
      const { serve } = await import('./serve-command.ts');
      end(await serve(context, root, options));
    });

  add(
    'open [root]',
    'Open a dataset (default: the sample), or one moment of it, in the desktop window; without one, in a browser.',
    'regrasp open episode_000.h5 --at 300..400',
  )
    .option('--at <moment>', 'tick "372", time "12.4s", range "300..400", or a whole address')
    .option('--browser', 'serve to a browser even where the desktop window is there')
    .action(async (root: string | undefined, options) => {
      const { open } = await import('./open-command.ts');
      end(await open(context, root, options));
    });

  add('doctor', 'Check this machine: versions, image filters, video encoder, graphics, write access.', 'regrasp doctor')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { doctor } = await import('./doctor-command.ts');
      end(await doctor(context, options));
    });

  return program;
}

/** An unset variable of a script gives an empty word, which must not stand for this folder, or for no limit at all. */
function refuseEmpty(command: Command): void {
  const [empty] = [
    ...command.registeredArguments.filter((_, at) => command.args[at] === '').map((argument) => `<${argument.name()}>`),
    ...command.options
      .filter((option) => command.getOptionValue(option.attributeName()) === '')
      .map(({ long }) => long),
  ];
  if (empty) throw new CliFault(`${empty} was given as an empty word: say what it is.`);
}

const TIME_UNITS = ['s', 'ms', 'us', 'ns'];

function collected(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0.');
  return Number(text);
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return port;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('Give a number above 0.');
  return value;
}
