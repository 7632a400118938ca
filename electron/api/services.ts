import type { ExportPlan } from '../../shared/api/bundles.ts';
import type { DoctorCheck } from '../../shared/api/contract.ts';
import type { Publication } from '../../shared/review/oopsie/publication.ts';
import type { RootTaxonomy } from '../../shared/review/taxonomy.ts';
import type { BundlePlaces } from '../bundles/plan/places.ts';
import type { TickService } from '../frames/frame-source.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { OpenEpisode, OpenEpisodes } from '../library/open-episodes.ts';
import type { RecordingReader } from '../library/recording-reader.ts';
import type { Roots } from '../library/roots.ts';
import type { Media } from '../media/index.ts';
import type { VideoProxies } from '../media/proxies.ts';
import type { ReviewService, ShownEpisodes } from '../review/index.ts';
import type { Settings } from '../settings/settings.ts';
import type { WindowMemory } from '../settings/window-memory.ts';
import type { EventHub } from './event-hub.ts';

/** What the api layer is handed by the composition root: every service once. */
export interface Services {
  version: string;
  door: 'desktop' | 'browser' | 'none';
  /** Names of the formats by their ids. */
  formats: Readonly<Record<string, string>>;
  hub: EventHub;
  roots: Roots;
  episodes: OpenEpisodes;
  reader: RecordingReader;
  ticks: TickService;
  media: Media;
  proxies: VideoProxies;
  reviews: ReviewService;
  shown: ShownEpisodes<OpenEpisode>;
  settings: Settings;
  memory: WindowMemory;
  jobs: JobQueue;
  doctor(): Promise<DoctorCheck[]>;
  /** What failures of an open root are named by. */
  taxonomy(root: string): Promise<RootTaxonomy>;
  /** What publishing the person's review into a recording would write. */
  publication(episode: string, asked: { instruction?: string | undefined }): Promise<Publication>;
  bundlePlaces: BundlePlaces;
  /** The plan of an export; a newer one of the same view ends it. */
  planExport(asked: { root: string; recipe?: unknown; view: string }, signal?: AbortSignal): Promise<ExportPlan>;
  /** Of the plan of that view that is being made; null where there is none. */
  planLooked(view: string): { done: number; total: number } | null;
  closeRoot(root: string): Promise<void>;
  /** A change of what was stated makes recordings be read again. */
  patchDatasetSettings(root: string, patch: Record<string, unknown>): ReturnType<Settings['patchDataset']>;
  patchUserSettings(patch: Record<string, unknown>): ReturnType<Settings['patchUser']>;
}
