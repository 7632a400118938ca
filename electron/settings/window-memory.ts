import path from 'node:path';
import { z } from 'zod';
import { type ExportChoice, exportChoiceSchema } from '../../shared/api/bundles.ts';
import {
  type LibraryFilters,
  libraryFiltersSchema,
  type ViewMemory,
  viewMemorySchema,
} from '../../shared/api/settings.ts';
import { JsonStore } from './json-store.ts';

const MOST_PLACES = 500;
const MOST_LISTS = 200;
const MOST_BUNDLE_PLACES = 6;

const memorySchema = z.object({
  /** Episode id and tick, left last first. */
  places: z.array(z.tuple([z.string(), z.int().nonnegative()])).default([]),
  view: viewMemorySchema.default({}),
  /** Dataset and how its list is filtered and sorted, changed last first. */
  filters: z.array(z.tuple([z.string(), libraryFiltersSchema])).default([]),
  /** Dataset and what was chosen for its last export, chosen last first. */
  exports: z.array(z.tuple([z.string(), exportChoiceSchema])).default([]),
});

/**
 * What windows remember of a person on this install: where one was in the 500 episodes left last, how the window was
 * arranged, how the list of each dataset was filtered and
 * sorted, and what its last export was. Apart from the settings, which people edit and windows follow. Writing rejects with Fault where it cannot.
 */
export class WindowMemory {
  private readonly store: JsonStore<typeof memorySchema>;

  constructor(userDataDir: string, onNotice: (sentence: string) => void) {
    this.store = new JsonStore(path.join(userDataDir, 'windows.json'), memorySchema, onNotice);
  }

  async place(episode: string): Promise<number | null> {
    const { places } = await this.store.get();
    return places.find(([id]) => id === episode)?.[1] ?? null;
  }

  async rememberPlace(episode: string, tick: number): Promise<void> {
    await this.store.update((raw) => {
      const places = memorySchema.shape.places.parse(raw.places);
      const others = places.filter(([id]) => id !== episode);
      return { ...raw, places: [[episode, tick], ...others].slice(0, MOST_PLACES) };
    });
  }

  async view(): Promise<ViewMemory> {
    return (await this.store.get()).view;
  }

  /** Resolves when everything that was to be remembered is on disk. */
  settled(): Promise<void> {
    return this.store.settled();
  }

  async rememberView(view: ViewMemory): Promise<void> {
    await this.store.update((raw) => ({ ...raw, view }));
  }

  async filters(root: string): Promise<LibraryFilters | null> {
    const { filters } = await this.store.get();
    return filters.find(([id]) => id === root)?.[1] ?? null;
  }

  async rememberFilters(root: string, filters: LibraryFilters): Promise<void> {
    await this.store.update((raw) => {
      const others = memorySchema.shape.filters.parse(raw.filters).filter(([id]) => id !== root);
      return { ...raw, filters: [[root, filters], ...others].slice(0, MOST_LISTS) };
    });
  }

  /** What was chosen for the last export of a dataset, and the places of the last exports of any. */
  async exports(root: string): Promise<{ choice: ExportChoice | null; places: string[] }> {
    const { exports } = await this.store.get();
    const places = [...new Set(exports.map(([, { place }]) => place))].slice(0, MOST_BUNDLE_PLACES);
    return { choice: exports.find(([id]) => id === root)?.[1] ?? null, places };
  }

  async rememberExport(root: string, choice: ExportChoice): Promise<void> {
    await this.store.update((raw) => {
      const others = memorySchema.shape.exports.parse(raw.exports).filter(([id]) => id !== root);
      return { ...raw, exports: [[root, choice], ...others].slice(0, MOST_LISTS) };
    });
  }
}
