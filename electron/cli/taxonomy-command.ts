import path from 'node:path';
import type { CliContext } from './context.ts';
import { withWorkstation } from './episode-command.ts';
import { EXIT, formatTable, printJson } from './output.ts';

/** What failures of a dataset are named by. Exit code 1 when something of the lab's own file could not be taken. */
export async function taxonomy(context: CliContext, folder: string, options: { json?: boolean }): Promise<number> {
  return withWorkstation(context, async (workstation) => {
    const { id } = await workstation.openRoot(await workstation.grant(path.resolve(folder)));
    const answer = await workstation.taxonomy(id);
    if (options.json) await printJson(context.output, answer);
    else {
      const { codes, severities, resetabilities } = answer.taxonomy;
      const rows = codes.map(({ category, code, title, definition, isDeprecated }) => [
        category,
        code,
        isDeprecated ? `${title} (not used any more)` : title,
        definition,
      ]);
      await context.output.out(formatTable(['category', 'code', 'title', 'definition'], rows));
      for (const [name, terms] of [['severity', severities] as const, ['resetability', resetabilities] as const])
        await context.output.out(`\n${name}: ${terms.map(({ slug }) => slug).join(', ')}\n`);
    }
    for (const problem of answer.problems) context.output.err(`${problem}\n`);
    return answer.problems.length > 0 ? EXIT.problems : EXIT.fine;
  });
}
