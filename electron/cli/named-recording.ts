import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Root } from '../../shared/api/library.ts';
import { INNER } from '../../shared/episode/name-within.ts';
import { splitInner } from '../library/paths.ts';
import type { Workstation } from '../workstation-types.ts';
import { CliFault } from './output.ts';

/**
 * Opens what a person named: a folder, a file, or one recording of those that lie in it, "demos.h5::demo_3". Answers the
 * id of the recording, null for a folder. Rejects with a sentence.
 */
export async function openNamed(
  workstation: Workstation,
  named: string,
): Promise<{ root: Root; episode: string | null }> {
  const split = existsSync(path.resolve(named)) ? undefined : splitInner(named);
  const root = await workstation.openRoot(await workstation.grant(path.resolve(split?.anchor ?? named)));
  if (!split) return { root, episode: await onlyOne(workstation, root, named) };
  // Of a file the focus is its first recording: the others bear the same name before the "::".
  if (root.focus !== null) {
    if (!splitInner(root.focus)) {
      throw new CliFault(
        `${split.anchor} is one recording and holds none by name: leave out "${INNER}${split.inner}".`,
      );
    }
    const file = splitInner(root.focus)?.anchor ?? root.focus;
    return { root, episode: `${file}${INNER}${split.inner}` };
  }
  const { entries } = await workstation.settled(root.id);
  const found = entries.filter(({ path: below }) => below.endsWith(`${INNER}${split.inner}`));
  const [only] = found;
  if (only && found.length === 1) return { root, episode: only.id };
  const how = found.length === 0 ? 'holds none' : `holds ${found.length} of them: name the file as well`;
  throw new CliFault(`${split.anchor} is a folder, and you named a recording "${split.inner}" in it; it ${how}.`);
}

/** The recording of a file that was named, as long as it holds no other. */
async function onlyOne(workstation: Workstation, root: Root, named: string): Promise<string | null> {
  const inner = root.focus === null ? undefined : splitInner(root.focus);
  if (!inner || path.basename(named) === path.posix.basename(root.focus ?? '')) return root.focus;
  const { entries } = await workstation.settled(root.id);
  if (entries.length <= 1) return root.focus;
  throw new CliFault(
    `${named} holds ${entries.length} recordings: name one of them, as ${named}${INNER}${inner.inner}.`,
  );
}
