import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { recipeSchema } from '../bundles/recipe.ts';
import { episodeSchema } from '../episode/episode.ts';
import { calibrationSchema } from '../geometry/calibration.ts';
import { publicationSchema } from '../review/oopsie/publication.ts';
import { rootOverviewSchema } from '../review/overview.ts';
import { changeSchema, reviewSchema } from '../review/review.ts';
import { reviewStepSchema } from '../review/step.ts';
import { rootTaxonomySchema } from '../review/taxonomy.ts';
import { bundlePlaceSchema, exportChoiceSchema, exportPlanSchema, listedRecipeSchema } from './bundles.ts';
import { judgedRecordingSchema, storedFindingsSchema } from './findings.ts';
import { jobSchema } from './jobs.ts';
import { libraryEntrySchema, libraryPageSchema, rootSchema } from './library.ts';
import { openedOutputsSchema, recordingOutputsSchema } from './outputs.ts';
import { datasetSettingsSchema, libraryFiltersSchema, userSettingsSchema, viewMemorySchema } from './settings.ts';

/**
 * The contract: every call's input, output and errors. Implemented once under electron/api, called by the renderer
 * through the same fetch in every door, and tested by one suite. Paths never come from the renderer: only ids and grants.
 */

const errors = {
  /** Nothing by that id: gone, never there, or outside what was granted. */
  NOT_FOUND: { status: 404, message: 'Not found' },
  /** Refused by a rule (grants, read-only …): the message is the sentence for the person. */
  REFUSED: { status: 403, message: 'Refused' },
  /** The recording or a file of ours cannot be used: the message names file, fault and remedy. */
  UNUSABLE: { status: 422, message: 'Unusable' },
} as const;

const base = oc.errors(errors);

const episodeInput = z.object({ episode: z.string().max(4096) });

/** A portion of a root's recordings, of a task's or of a date's: from the beginning, or from the `next` of the one before. */
const portionInput = z.object({
  root: z.string(),
  task: z.string().optional(),
  date: z.string().optional(),
  from: z.int().nonnegative().default(0),
});

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

/** In how many recordings a step was kept or taken back, and why not in others. */
const togetherEndSchema = z.object({
  kept: z.int(),
  faults: z.array(z.object({ recording: z.string(), message: z.string() })),
});

/**
 * What a person changes is said of the recording on screen, named by its fingerprint: its file may have been replaced
 * since, and then the change still goes to that recording's review. Left out, whatever is in the file now is meant.
 */
const reviewInput = episodeInput.extend({
  recording: fingerprint.optional(),
});

/** What the one event stream of a window carries. `hello` comes first and says what was current when it began. */
export const workstationEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    jobs: z.array(jobSchema),
    roots: z.array(rootSchema),
    /** What people call the formats, by their ids. */
    formats: z.record(z.string(), z.string()).default({}),
  }),
  z.object({ type: z.literal('job'), job: jobSchema }),
  /** It was dismissed, or what it showed is over. */
  z.object({ type: z.literal('job-gone'), job: z.string() }),
  z.object({ type: z.literal('root'), root: rootSchema }),
  z.object({
    type: z.literal('entries'),
    root: z.string(),
    entries: z.array(libraryEntrySchema),
    removed: z.array(z.string()),
  }),
  /** The file under an open episode was replaced or grew: open it again. */
  z.object({ type: z.literal('episode-changed'), episode: z.string(), revision: z.string(), message: z.string() }),
  /** A review changed, by a step of this person's or because others said something: see reviewStepSchema. */
  z.object({ type: z.literal('review'), episode: z.string(), step: reviewStepSchema }),
  /** A step went through the reviews of several recordings of a root, or was taken back: read anew what is shown of them. */
  z.object({ type: z.literal('reviews-changed'), root: z.string() }),
  z.object({ type: z.literal('dataset-settings'), root: z.string(), settings: datasetSettingsSchema }),
  z.object({ type: z.literal('user-settings'), settings: userSettingsSchema }),
  /** One sentence for the person that no call asked for: a damaged settings file, a folder that cannot be read. */
  z.object({ type: z.literal('notice'), text: z.string() }),
]);
export type WorkstationEvent = z.infer<typeof workstationEventSchema>;

export const doctorCheckSchema = z.object({
  name: z.string(),
  state: z.enum(['good', 'warning', 'bad']),
  detail: z.string(),
  remedy: z.string().nullable(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

export const contract = {
  roots: {
    list: base.output(z.array(rootSchema)),
    /** Opens what a grant stands for. Grants are made by the doors (dialog, drop, command line), never by the renderer. */
    open: base.input(z.object({ grant: z.string().max(200) })).output(rootSchema),
    close: base.input(z.object({ root: z.string() })).output(z.object({})),
  },
  library: {
    /** A portion of the list, from its beginning or from the `next` of the portion before. */
    get: base.input(z.object({ root: z.string(), from: z.int().nonnegative().default(0) })).output(libraryPageSchema),
    rescan: base.input(z.object({ root: z.string() })).output(z.object({})),
  },
  episodes: {
    open: base
      .input(episodeInput)
      .output(z.object({ episode: episodeSchema, fingerprint: z.string().nullable(), revision: z.string() })),
    calibrations: base.input(episodeInput).output(z.array(calibrationSchema)),
    /** Python lines (h5py, NumPy) that load exactly this range of this stream with its order and offset. */
    python: base
      .input(
        episodeInput.extend({
          from: z.int().nonnegative(),
          to: z.int().nonnegative(),
          streams: z.array(z.string()),
        }),
      )
      .output(z.object({ code: z.string() })),
    /**
     * Ticks that were really painted, as inclusive ranges. `add` joins them to what was known, unless `revision` names a
     * file that is not there any more: ticks of what was replaced say nothing of what replaced it.
     */
    seen: base
      .input(
        episodeInput.extend({
          add: z.array(z.tuple([z.int(), z.int()])).max(10_000),
          revision: z.string().optional(),
        }),
      )
      .output(z.object({ ranges: z.array(z.tuple([z.int(), z.int()])) })),
  },
  review: {
    get: base.input(episodeInput).output(reviewSchema),
    /** What was said in a root so far: counters, and words and properties to be said again; and the bundles made of it. */
    overview: base.input(z.object({ root: z.string() })).output(rootOverviewSchema),
    /**
     * Appends one gesture; answered once it is on disk. With an id it can be sent again where no answer came: one that is
     * in the journal already is answered with the review as it is. REFUSED means that it can never be kept (it changes
     * nothing, or does not fit); after NOT_FOUND and UNUSABLE it may be kept later.
     */
    gesture: base
      .input(
        reviewInput.extend({
          id: z.uuid().optional(),
          name: z.string().min(1).max(200),
          patch: z.array(changeSchema).min(1).max(10_000),
        }),
      )
      .output(reviewStepSchema),
    /**
     * One step over several recordings of a root (those of its list in which something was looked for, or that are named
     * by their id and known by `recordings`), open or not: a
     * gesture in the journal of each. Kept one by one, so that some may stand where others fail; sent again with the same
     * ids, nothing is kept twice. `undo` and `redo` of one of them go through all.
     */
    together: base
      .input(
        z.object({
          root: z.string(),
          group: z.uuid(),
          name: z.string().min(1).max(200),
          parts: z
            .array(
              z.object({
                recording: fingerprint,
                episode: z.string().max(4096).optional(),
                id: z.uuid(),
                patch: z.array(changeSchema).min(1).max(10_000),
              }),
            )
            .min(1)
            .max(10_000),
        }),
      )
      .output(togetherEndSchema),
    /**
     * Which recordings lie in files of a root's list: those not met before are opened, so ask for a few at once. Null with a
     * sentence where it cannot be told.
     */
    recordings: base
      .input(z.object({ root: z.string(), episodes: z.array(z.string().max(4096)).min(1).max(50) }))
      .output(
        z.array(z.object({ episode: z.string(), recording: fingerprint.nullable(), fault: z.string().nullable() })),
      ),
    /** Takes such a step back in every recording where it is in effect, also where other steps came after it. */
    undoTogether: base.input(z.object({ root: z.string(), group: z.uuid() })).output(togetherEndSchema),
    /**
     * What publishing the own review into an Oopsie recording would write, and why it cannot be; nothing is written. The
     * stage "publish" as a job does it.
     */
    publication: base
      .input(episodeInput.extend({ instruction: z.string().max(20_000).optional() }))
      .output(publicationSchema),
    undo: base.input(reviewInput).output(reviewStepSchema),
    redo: base.input(reviewInput).output(reviewStepSchema),
  },
  taxonomy: {
    /** What failures of this dataset are named by, read anew at every call: a lab edits its file by hand. */
    get: base.input(z.object({ root: z.string() })).output(rootTaxonomySchema),
  },
  findings: {
    /** What was detected in a recording last; null where nothing was, or in another version of its file. */
    get: base.input(episodeInput).output(z.object({ detected: storedFindingsSchema.nullable() })),
    /**
     * Recordings of a root (of a task, of a date) in which something was looked for, in order of path, with what people
     * said of them: the queue of a date without a file being opened. A portion from the beginning or from `next` on.
     */
    list: base
      .input(portionInput)
      .output(z.object({ recordings: z.array(judgedRecordingSchema), next: z.int().nullable() })),
  },
  outputs: {
    /**
     * Recordings of a root (of a task, of a date) in order of path, with what stages made of them, what was found and what
     * people said: a date at a glance, no recording opened. A portion from the beginning or from `next` on.
     */
    list: base
      .input(portionInput)
      .output(z.object({ recordings: z.array(recordingOutputsSchema), next: z.int().nullable() })),
    /** One of them, opened. */
    get: base.input(episodeInput).output(openedOutputsSchema),
  },
  bundles: {
    /** Recipes that lie in the dataset, by name. */
    recipes: base.input(z.object({ root: z.string() })).output(z.object({ recipes: z.array(listedRecipeSchema) })),
    recipe: base
      .input(z.object({ root: z.string(), name: z.string().max(200) }))
      .output(z.object({ recipe: recipeSchema })),
    /** Under its own name; one that is there is written over only with `replace`, one that cannot be read never. */
    saveRecipe: base
      .input(z.object({ root: z.string(), recipe: recipeSchema, replace: z.boolean() }))
      .output(z.object({ recipes: z.array(listedRecipeSchema) })),
    deleteRecipe: base
      .input(z.object({ root: z.string(), name: z.string().max(200) }))
      .output(z.object({ recipes: z.array(listedRecipeSchema) })),
    /**
     * What a recipe takes of the dataset as it is now; nothing is written. A window has one plan in the making: a newer call
     * with the same `view` ends the one before, which is refused then.
     */
    plan: base
      .input(z.object({ root: z.string(), recipe: z.unknown(), view: z.string().min(1).max(100) }))
      .output(exportPlanSchema),
    /** How many recordings the plan in the making has looked at; null while there is none, or nothing is known of it yet. */
    planning: base
      .input(z.object({ view: z.string().min(1).max(100) }))
      .output(z.object({ looked: z.object({ done: z.int(), total: z.int() }).nullable() })),
    /** Where bundles can go: with a grant, that folder first; then those of before, and the workstation's own. */
    places: base
      .input(z.object({ root: z.string(), grant: z.string().max(200).optional() }))
      .output(z.object({ places: z.array(bundlePlaceSchema), choice: exportChoiceSchema.nullable() })),
    /** The path a bundle of that name would have in a place, and one sentence where it cannot go there. */
    destination: base
      .input(z.object({ place: z.string().max(200), folder: z.string().max(1000) }))
      .output(z.object({ path: z.string(), fault: z.string().nullable() })),
    /** What was chosen last for this dataset, and the place for all. */
    remember: base.input(z.object({ root: z.string().max(100), choice: exportChoiceSchema })).output(z.object({})),
  },
  /** What windows remember of a person on this install, whatever address they are served at. */
  memory: {
    /** The tick where one was in an episode, null for none. With a tick, that one is remembered first. */
    place: base
      .input(episodeInput.extend({ tick: z.int().nonnegative().optional() }))
      .output(z.object({ tick: z.int().nullable() })),
    /** How the window was arranged, as it was given: the workstation only keeps it. With a view, that one is kept first. */
    view: base.input(z.object({ view: viewMemorySchema.optional() })).output(viewMemorySchema),
    /** How a dataset's list was filtered and sorted, null for never. With filters, those are remembered first. */
    filters: base
      .input(z.object({ root: z.string().max(100), filters: libraryFiltersSchema.optional() }))
      .output(z.object({ filters: libraryFiltersSchema.nullable() })),
  },
  settings: {
    user: base.output(userSettingsSchema),
    /** Replaces the named top-level keys. */
    patchUser: base.input(z.record(z.string(), z.unknown())).output(userSettingsSchema),
    dataset: base.input(z.object({ root: z.string() })).output(datasetSettingsSchema),
    /** Merges one level deep: { orders: { id: "rgb" } } changes that one order; null removes a key. */
    patchDataset: base
      .input(z.object({ root: z.string(), patch: z.record(z.string(), z.unknown()) }))
      .output(datasetSettingsSchema),
  },
  jobs: {
    list: base.output(z.array(jobSchema)),
    /** Starts a job of a kind the workstation knows, e.g. { kind: "sample", options: { seed: 7 } }. */
    start: base
      .input(z.object({ kind: z.string().max(100), options: z.record(z.string(), z.unknown()) }))
      .output(jobSchema),
    cancel: base.input(z.object({ job: z.string() })).output(z.object({})),
    resume: base.input(z.object({ job: z.string() })).output(jobSchema),
    dismiss: base.input(z.object({ job: z.string() })).output(z.object({})),
    log: base.input(z.object({ job: z.string() })).output(z.object({ text: z.string() })),
  },
  workstation: {
    about: base.output(
      z.object({
        version: z.string(),
        door: z.enum(['desktop', 'browser', 'none']),
        platform: z.string(),
        node: z.string(),
        processMemoryBytes: z.number(),
      }),
    ),
    doctor: base.output(z.array(doctorCheckSchema)),
  },
  events: base.output(eventIterator(workstationEventSchema)),
};
