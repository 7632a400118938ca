import { fromOopsie } from '../../../shared/review/oopsie/from-oopsie.ts';
import { type Publication, takeOverOf } from '../../../shared/review/oopsie/publication.ts';
import { planPublishing, publishFault, saysAnything } from '../../../shared/review/oopsie/publish-plan.ts';
import { ANNOTATIONS, annotatorGroup, type OopsieFound, plainText } from '../../../shared/review/oopsie/words.ts';
import type { Layer, Review } from '../../../shared/review/review.ts';
import type { Taxonomy } from '../../../shared/review/taxonomy.ts';
import type { FileEdit } from '../../hdf5/edit-plan.ts';
import type { Hdf5Reader, Hdf5Tree, OpenedEpisode } from '../../sources/source.ts';

export interface PublicationParts {
  /** Absolute real path of the recording. */
  file: string;
  opened: OpenedEpisode;
  review: Review;
  taxonomy: Taxonomy;
  hdf5: Pick<Hdf5Reader, 'inspect'>;
  /** Whose review, under whose name; default: the person at this install. */
  annotator?: string | undefined;
  /** Nobody of the project may see a review before their own is submitted, and in the file everybody does. */
  isBlind: boolean;
  /** What the instruction shall be; left out, it stays. */
  instruction?: string | undefined;
}

/** What publishing would write into a recording, and what stands against it. `edit` is there where it is ready. */
export async function publicationOf(parts: PublicationParts): Promise<Publication & { edit: FileEdit | null }> {
  const { file, opened, review, taxonomy } = parts;
  const { episode } = opened;
  const annotator = parts.annotator ?? review.annotator;
  const blank = { annotator, instruction: episode.instruction ?? '', changes: [], notes: [], takeOver: [], edit: null };
  const refused = (reason: string) => ({ ...blank, state: 'refused' as const, reason });
  if (episode.format !== 'oopsie')
    return refused('it is no Oopsie recording: only those hold what people said of them.');
  if (episode.properties.schema === 'legacy')
    return refused('it is of the older layout, which has no place for it: migrate it with the tools of the format.');
  const named = annotatorGroup(annotator);
  if ('fault' in named) return refused(named.fault);
  const instruction = parts.instruction === undefined ? null : plainText(parts.instruction).trim();
  if (instruction === '') return refused('an instruction cannot be empty: say what the robot was asked to do.');
  const said = layerOf(review, annotator);
  const layer = said && saysAnything(said) ? said : null;
  if (layer && parts.isBlind && layer.submission === null)
    return refused('the project keeps reviews apart until they are submitted: submit this one first.');
  const tree = await parts.hdf5.inspect(file);
  const group = groupIn(tree, named.name);
  const found = foundIn(tree, group, opened);
  const timesNs = opened.clocks.get(episode.masterClock) ?? new Float64Array();
  const context = { taxonomy, timesNs };
  const takeOver = said ? takeOverOf(said, fromOopsie(found, context)) : [];
  const request = { group, layer, found, instruction };
  const reason = publishFault(request, context);
  if (reason !== null && (layer !== null || instruction !== null)) return { ...refused(reason), takeOver };
  const { attributes, removed, changes, notes } = planPublishing(request, context);
  const state = changes.length > 0 ? 'ready' : layer === null && instruction === null ? 'nothing' : 'unchanged';
  const about = { annotator: group, instruction: found.instruction, changes, notes, takeOver };
  return { ...about, state, reason: null, edit: state === 'ready' ? { attributes, removed } : null };
}

function layerOf({ own, others }: Review, annotator: string): Layer | undefined {
  return [own, ...others].find((layer) => layer.annotator === annotator);
}

/** The group that bears the name already, whichever way its letters are put together; else the name. */
function groupIn({ groups, datasets }: Hdf5Tree, name: string): string {
  const above = `${ANNOTATIONS}/`;
  const names = [...Object.keys(groups), ...Object.keys(datasets)].flatMap((path) =>
    path.startsWith(above) ? [path.slice(above.length).split('/')[0] as string] : [],
  );
  return names.find((each) => each.normalize('NFC') === name) ?? name;
}

function foundIn({ groups }: Hdf5Tree, group: string, { episode }: OpenedEpisode): OopsieFound {
  const own = `${ANNOTATIONS}/${group}`;
  const below = `${own}/segments/`;
  const children = Object.entries(groups).flatMap(([path, { attributes }]) => {
    const child = path.startsWith(below) ? path.slice(below.length) : '';
    return child === '' || child.includes('/') ? [] : [[child, attributes] as const];
  });
  return {
    group: groups[own]?.attributes ?? null,
    segments: groups[`${own}/segments`]?.attributes ?? null,
    children: Object.fromEntries(children),
    recorded: episode.annotations.find((annotation) => annotation.annotator === group) ?? null,
    instruction: episode.instruction ?? '',
  };
}
