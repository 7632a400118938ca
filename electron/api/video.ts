import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { decodeVideoRequest } from '../../shared/api/video.ts';
import { Fault, reasonOf } from '../fault.ts';
import type { OpenEpisode } from '../library/open-episodes.ts';
import { textResponse } from './binary.ts';
import { answerPart } from './file-part.ts';
import type { Services } from './services.ts';

const TYPES: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  ts: 'video/mp2t',
};

/** Which state of a file was served for an opened episode: once another one lies there, the two must not be mixed. */
const served = new WeakMap<OpenEpisode, Map<string, string>>();

/** GET /api/video: see shared/api/video.ts. One range at most (206, 416); read from disk as it is taken. */
export async function answerVideo(services: Services, request: Request, query: string): Promise<Response> {
  const wanted = decodeVideoRequest(query);
  if (!wanted) return textResponse(400, 'This is no video request: episode, stream and revision are needed.');
  services.reader.noteWanted();
  const episode = await services.episodes.open(wanted.episode);
  const { opened, file, revision } = episode;
  if (revision !== wanted.revision) {
    throw new Fault('NOT_FOUND', `${file.pathBelowRoot} was replaced since: open it again.`);
  }
  const location = opened.locations.get(wanted.stream);
  if (location?.kind !== 'video') {
    throw new Fault('NOT_FOUND', `${file.pathBelowRoot} has no video stream "${wanted.stream}".`);
  }
  const place = wanted.form === 'proxy' ? await services.proxies.find(location.file) : location.file;
  // No browser logs it as an error; the window asks for the copy before there is one.
  if (place === undefined) return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
  const handle = await openPlain(place, wanted.stream);
  try {
    const { size, mtimeNs, ino } = await handle.stat({ bigint: true });
    const tag = `"${ino.toString(36)}-${size.toString(36)}-${mtimeNs.toString(36)}"`;
    refuseAnother(episode, place, tag, wanted.stream);
    return await answerPart(request, handle, Number(size), tag, typeOf(place));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Links were followed when the recording was opened: one that stands there now would lead elsewhere. */
async function openPlain(place: string, stream: string): Promise<FileHandle> {
  const real = await realpath(place).catch(() => undefined);
  if (real !== place) throw new Fault('NOT_FOUND', `The video of ${stream} is not there any more: rescan the folder.`);
  const handle = await open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    throw new Fault('UNUSABLE', `The video of ${stream} cannot be read: ${reasonOf(error) ?? 'the system refused'}.`);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Fault('UNUSABLE', `The video of ${stream} is no plain file.`);
}

function refuseAnother(episode: OpenEpisode, place: string, tag: string, stream: string): void {
  const known = served.get(episode) ?? new Map<string, string>();
  served.set(episode, known);
  const first = known.get(place);
  if (first === undefined) known.set(place, tag);
  else if (first !== tag)
    throw new Fault('NOT_FOUND', `The video of ${stream} was replaced since: open the recording again.`);
}

function typeOf(place: string): string {
  return TYPES[place.slice(place.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
