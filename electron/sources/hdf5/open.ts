import { unreadableEpisode } from '../common/identity.ts';
import { type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { placeOf } from './place.ts';

const NAMED_THINGS = 4;

/** Shows nothing and says why: the file is damaged, or what it holds is of no layout that is known. */
export async function openUnknown(file: OpenFile, { hdf5 }: SourcePorts): Promise<OpenedEpisode> {
  const place = placeOf(file.pathBelowRoot);
  const of = (code: string, message: string) =>
    unreadableEpisode(file, 'hdf5', place, [{ severity: 'error', code, message }]);
  try {
    const { groups, datasets } = await hdf5.inspect(file.path);
    const names = [...Object.keys(groups), ...Object.keys(datasets)].filter((name) => name && !name.includes('/'));
    const more = names.length > NAMED_THINGS ? ` and ${names.length - NAMED_THINGS} more` : '';
    const holds = names.length > 0 ? `it holds ${names.slice(0, NAMED_THINGS).join(', ')}${more}` : 'it is empty';
    return of(
      'unknown-layout',
      `${file.name} is an HDF5 file of a layout that Regrasp does not know (${holds}): docs/formats tells of those it reads.`,
    );
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return of(error.code, error.message);
  }
}
