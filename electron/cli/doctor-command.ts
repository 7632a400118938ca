import type { CliContext } from './context.ts';
import { withWorkstation } from './episode-command.ts';
import { EXIT, printJson } from './output.ts';

const MARKS = { good: '✓', warning: '!', bad: '✗' } as const;

/** What works on this machine. Exit code 1 when something does not. */
export async function doctor(context: CliContext, options: { json?: boolean }): Promise<number> {
  return withWorkstation(context, async (workstation) => {
    const checks = await workstation.doctor();
    if (options.json) await printJson(context.output, checks);
    else {
      const width = Math.max(...checks.map(({ name }) => name.length));
      for (const { state, name, detail, remedy } of checks) {
        await context.output.out(`${MARKS[state]} ${name.padEnd(width)}  ${detail}\n`);
        if (remedy && state !== 'good') await context.output.out(`  ${' '.repeat(width)}  → ${remedy}\n`);
      }
    }
    return checks.some(({ state }) => state === 'bad') ? EXIT.problems : EXIT.fine;
  });
}
