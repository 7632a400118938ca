import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { type FileReader, type OpenFile, SourceFault } from '../source.ts';

/** What a recording says of one video, before it is looked for. */
export interface VideoEntry {
  /** Dataset that holds the path, and the stream's id. */
  id: string;
  /** Camera or sensor. */
  key: string;
  isCamera: boolean;
  /** Path as stored; null where there is no usable entry. */
  stored: string | null;
}

export interface FoundVideo {
  /** Null where no step found one. */
  path: string | null;
  /** Which of the four steps: stored path, its name beside the file, its name in the root, inferred from the file's name. */
  step: 1 | 2 | 3 | 4 | null;
  problems: Problem[];
}

const STEPS = {
  2: 'by its name beside the recording',
  3: 'by its name in the root folder',
  4: 'by the name such a video usually has',
} as const;

/** Looks for a video in the order the lab's own tool does. Nothing outside the root is ever a find. */
export async function findVideo(
  file: OpenFile,
  files: FileReader,
  { key, id, stored }: VideoEntry,
): Promise<FoundVideo> {
  const folder = path.dirname(file.path);
  const problems: Problem[] = [];
  const tell = (severity: Problem['severity'], code: string, message: string) =>
    problems.push({ severity, code, message: `${file.name}: ${message}`, stream: id });
  /** Undefined where nothing is; a link or path that leads outside is told once. */
  const look = async (place: string, said: string): Promise<string | undefined> => {
    try {
      return (await files.facts(place))?.path;
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      const told = problems.some(({ code }) => code === error.code);
      const isOutside = error.code === 'outside';
      const message = isOutside
        ? `the video of ${key} (${said}) lies outside of the opened folder, so it was not read: copy it beside the recording and store its plain name`
        : error.message.replace(/\.$/, '');
      if (!told) tell('error', error.code, `${message}.`);
      return undefined;
    }
  };
  if (stored === null) {
    const usual = `${file.name.replace(/\.[^.]*$/, '')}_${key}.mp4`;
    const found = isPlainName(usual) ? await look(path.join(folder, usual), usual) : undefined;
    if (found) {
      tell(
        'warning',
        'video-elsewhere',
        `no video path is stored for ${key}; ${usual} was found ${STEPS[4]} (step 4 of 4).`,
      );
      return { path: found, step: 4, problems };
    }
    tell(
      'error',
      'missing-video',
      `no video path is stored for ${key}, and ${usual} is not beside it: put the video there.`,
    );
    return { path: null, step: null, problems };
  }
  const plain = stored.replaceAll('\\', '/');
  const isAbsolute = plain.startsWith('/') || /^[A-Za-z]:/.test(plain);
  if (!isAbsolute) {
    const found = await look(path.join(folder, plain), stored);
    if (found) return { path: found, step: 1, problems };
  }
  const name = plain.split('/').at(-1) ?? '';
  const places = isPlainName(name)
    ? ([
        [2, folder],
        [3, file.root],
      ] as const)
    : [];
  for (const [step, place] of places) {
    const found = await look(path.join(place, name), name);
    if (!found) continue;
    tell(
      'warning',
      'video-elsewhere',
      `the video of ${key} is not at ${stored}; it was found ${STEPS[step]} (step ${step} of 4).`,
    );
    return { path: found, step, problems };
  }
  if (problems.length === 0) {
    tell(
      'error',
      'missing-video',
      `the video of ${key} (${stored}) is neither there, nor beside the recording, nor in the root: put it back.`,
    );
  }
  return { path: null, step: null, problems };
}

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}
