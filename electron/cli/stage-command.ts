import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Stage } from '../curation/stage.ts';
import { sentenceOf as faultSentence, systemCodeOf } from '../fault.ts';
import type { Workstation } from '../workstation-types.ts';
import type { CliContext } from './context.ts';
import { withWorkstation } from './episode-command.ts';
import { openNamed } from './named-recording.ts';
import { CliFault, EXIT, printJson, sentenceOf } from './output.ts';
import { progressLine } from './progress-line.ts';

export interface StageCommandOptions {
  task?: string;
  onlyDate?: string;
  out?: string;
  json?: boolean;
  [own: string]: unknown;
}

/**
 * Runs one stage of the curation pipeline over every dataset that was named. Lines and results go to stdout, progress and
 * sentences about single recordings to stderr. JSON: `datasets`, each with its `root`, `message`, `failures` and the
 * stage's own result.
 */
export async function runStageCommand(
  context: CliContext,
  stage: Stage<never>,
  named: string,
  { task, onlyDate, out, json, ...options }: StageCommandOptions,
): Promise<number> {
  for (const name of stage.jsonFiles ?? []) {
    if (typeof options[name] === 'string') options[name] = await readJson(options[name]);
  }
  return withWorkstation(context, async (workstation) => {
    const line = progressLine(context.output);
    const datasets: Record<string, unknown>[] = [];
    let isFine = true;
    for (const { id, path: root, only } of await rootsOf(workstation, named)) {
      const failures: { item: string; message: string }[] = [];
      let done = 0;
      let total: number | null = null;
      let step = '';
      const request = { root: id, only, task, date: onlyDate, out: out ? path.resolve(out) : null, options };
      const end = await workstation.runStage(stage.id, request, {
        signal: context.signal,
        progress(news) {
          done = news.done ?? done;
          total = news.total === undefined ? total : news.total;
          step = news.message ?? step;
          line.show([total === null ? `${done}` : `${done} of ${total}`, step].filter(Boolean).join(': '));
        },
        fail(item, message) {
          failures.push({ item, message });
          line.end();
          context.output.err(`${item}: ${message}\n`);
        },
        log(text) {
          line.end();
          context.output.err(`${text}\n`);
        },
      });
      line.end();
      isFine &&= failures.length === 0 && end.foundProblems !== true;
      datasets.push({ root, message: end.message, failures, ...end.result });
      if (json) continue;
      for (const text of end.lines ?? []) await context.output.out(`${text}\n`);
      await context.output.out(`${end.message}\n`);
    }
    if (json) await printJson(context.output, { datasets });
    return isFine ? EXIT.fine : EXIT.problems;
  });
}

async function readJson(named: string): Promise<unknown> {
  const file = path.resolve(named);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') throw new CliFault(`There is nothing at ${file}: check the path.`);
    throw new CliFault(faultSentence(error, file));
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new CliFault(`${file} is no JSON: correct it, or leave it out.`);
  }
}

/** Datasets that were named, and of each the only recording wanted, if one was. */
async function rootsOf(workstation: Workstation, named: string) {
  const first = await openNamed(workstation, named).catch((error: unknown) => {
    // A file of several recordings is taken whole.
    if (named.includes('::')) throw new Error(sentenceOf(error));
    return undefined;
  });
  if (first?.episode) return [{ id: first.root.id, path: first.root.path, only: first.episode }];
  const roots = await workstation.openRoots(await workstation.grant(path.resolve(named)));
  return roots.map(({ id, path: where }) => ({ id, path: where, only: null }));
}
